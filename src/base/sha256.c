/*
 * These functions are the ones that OpenSSL 3 calls deprecated.  What it offers instead
 * keeps its state on its own heap, so every hash would be something to free and
 * something that can fail, and for a node of a tree it takes two thirds longer
 * (README.md).  They stay in libcrypto as long as its version 3 does.
 */
#define OPENSSL_API_COMPAT 0x10100000L

#include "base/sha256.h"

#include <openssl/sha.h>

_Static_assert(sizeof(SHA256_CTX) <= sizeof(struct dbk_sha256),
	       "libcrypto's state fits");
_Static_assert(SHA256_DIGEST_LENGTH == DBK_SHA256_BYTES, "one hash");

static inline SHA256_CTX *
state_of(struct dbk_sha256 *hash)
{
	return (SHA256_CTX *)(void *)hash->opaque;
}

void
dbk_sha256_init(struct dbk_sha256 *hash)
{
	(void)SHA256_Init(state_of(hash));
}

void
dbk_sha256_update(struct dbk_sha256 *hash, const void *bytes, size_t size)
{
	if (size > 0)
		(void)SHA256_Update(state_of(hash), bytes, size);
}

void
dbk_sha256_final(struct dbk_sha256 *hash, unsigned char out[DBK_SHA256_BYTES])
{
	(void)SHA256_Final(out, state_of(hash));
}

/* Not SHA256(), which since OpenSSL 3 fetches the algorithm by its name each time. */
void
dbk_sha256(const void *bytes, size_t size, unsigned char out[DBK_SHA256_BYTES])
{
	struct dbk_sha256 hash;

	dbk_sha256_init(&hash);
	dbk_sha256_update(&hash, bytes, size);
	dbk_sha256_final(&hash, out);
}
