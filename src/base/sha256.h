#ifndef DBK_BASE_SHA256_H
#define DBK_BASE_SHA256_H

/*
 * sha256.h -- SHA-256 (FIPS 180-4) with the processor's instructions, by libcrypto.
 *
 * README.md has what was measured; tests compare it with libsodium's portable one.
 *
 * Pure functions of their arguments; any thread.
 */

#include <stddef.h>
#include <stdint.h>

#define DBK_SHA256_BYTES 32

void dbk_sha256(const void *bytes, size_t size, unsigned char out[DBK_SHA256_BYTES]);

/* A running hash; caller's memory, nothing to free. */
struct dbk_sha256 {
	_Alignas(16) unsigned char opaque[128];
};

void dbk_sha256_init(struct dbk_sha256 *hash);
void dbk_sha256_update(struct dbk_sha256 *hash, const void *bytes, size_t size);
void dbk_sha256_final(struct dbk_sha256 *hash, unsigned char out[DBK_SHA256_BYTES]);

#endif
