#include "base/sign.h"

#include <sodium.h>

_Static_assert(DBK_SIGN_PUBLIC_BYTES == crypto_sign_PUBLICKEYBYTES,
	       "as libsodium has it");
_Static_assert(DBK_SIGN_SEED_BYTES == crypto_sign_SEEDBYTES, "as libsodium has it");
_Static_assert(DBK_SIGNATURE_BYTES == crypto_sign_BYTES, "as libsodium has it");

void
dbk_sign_public(const unsigned char seed[DBK_SIGN_SEED_BYTES],
		unsigned char out[DBK_SIGN_PUBLIC_BYTES])
{
	unsigned char secret[crypto_sign_SECRETKEYBYTES];

	(void)crypto_sign_seed_keypair(out, secret, seed);
	sodium_memzero(secret, sizeof secret);
}

void
dbk_sign(const unsigned char seed[DBK_SIGN_SEED_BYTES], const void *bytes, size_t size,
	 unsigned char out[DBK_SIGNATURE_BYTES])
{
	unsigned char public[DBK_SIGN_PUBLIC_BYTES];
	unsigned char secret[crypto_sign_SECRETKEYBYTES];

	(void)crypto_sign_seed_keypair(public, secret, seed);
	(void)crypto_sign_detached(out, NULL, bytes, size, secret);
	sodium_memzero(secret, sizeof secret);
}

/* R needs no look of its own: libsodium compares its bytes with those of the point it
 * computed, which are canonical. */
bool
dbk_sign_verify(const unsigned char key[DBK_SIGN_PUBLIC_BYTES], const void *bytes,
		size_t size, const unsigned char signature[DBK_SIGNATURE_BYTES])
{
	return crypto_sign_verify_detached(signature, bytes, size, key) == 0;
}

bool
dbk_sign_is_usable(const unsigned char key[DBK_SIGN_PUBLIC_BYTES])
{
	return crypto_core_ed25519_is_valid_point(key) == 1;
}
