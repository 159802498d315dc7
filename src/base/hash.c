#include "base/hash.h"

#include <sodium.h>

_Static_assert(crypto_shorthash_KEYBYTES == DBK_HASH_KEY_BYTES, "SipHash key");
_Static_assert(crypto_shorthash_BYTES == sizeof(uint64_t), "SipHash output");
_Static_assert(sizeof(crypto_generichash_state) <= sizeof(struct dbk_digest),
	       "BLAKE2b state fits");

uint64_t
dbk_hash_short(const void *bytes, size_t size,
	       const unsigned char key[DBK_HASH_KEY_BYTES])
{
	uint64_t out;

	(void)crypto_shorthash((unsigned char *)&out, bytes, size, key);
	return out;
}

void
dbk_digest_init(struct dbk_digest *digest)
{
	(void)crypto_generichash_init((crypto_generichash_state *)digest->opaque, NULL,
				      0, DBK_DIGEST_BYTES);
}

void
dbk_digest_update(struct dbk_digest *digest, const void *bytes, size_t size)
{
	(void)crypto_generichash_update((crypto_generichash_state *)digest->opaque,
					bytes, size);
}

void
dbk_digest_final(struct dbk_digest *digest, unsigned char out[DBK_DIGEST_BYTES])
{
	(void)crypto_generichash_final((crypto_generichash_state *)digest->opaque, out,
				       DBK_DIGEST_BYTES);
}
