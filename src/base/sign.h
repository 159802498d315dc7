#ifndef DBK_BASE_SIGN_H
#define DBK_BASE_SIGN_H

/*
 * sign.h -- Ed25519 (RFC 8032), by libsodium.
 *
 * Verification is strict: S below the order, R and the key canonical, no key or R of small
 * order, the equation without cofactor; what it takes every other verifier of RFC 8032
 * takes.
 *
 * Any thread.
 */

#include <stdbool.h>
#include <stddef.h>

#define DBK_SIGN_PUBLIC_BYTES 32
#define DBK_SIGN_SEED_BYTES 32
#define DBK_SIGNATURE_BYTES 64

/* The public key of a SEED, which is what is kept of a secret key. */
void dbk_sign_public(const unsigned char seed[DBK_SIGN_SEED_BYTES],
		     unsigned char out[DBK_SIGN_PUBLIC_BYTES]);

/* Sign SIZE bytes; what is derived from SEED meanwhile is wiped. */
void dbk_sign(const unsigned char seed[DBK_SIGN_SEED_BYTES], const void *bytes,
	      size_t size, unsigned char out[DBK_SIGNATURE_BYTES]);

bool dbk_sign_verify(const unsigned char key[DBK_SIGN_PUBLIC_BYTES], const void *bytes,
		     size_t size, const unsigned char signature[DBK_SIGNATURE_BYTES]);

/* False for bytes that are no point of the curve, or one that is not of the prime order:
 * of small order, or with a part of small order, about which verifiers differ. */
bool dbk_sign_is_usable(const unsigned char key[DBK_SIGN_PUBLIC_BYTES]);

#endif
