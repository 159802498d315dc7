#ifndef DBK_BASE_HASH_H
#define DBK_BASE_HASH_H

/*
 * hash.h -- the two hash functions below the log, and the only file of base that
 * includes libsodium.
 *
 *   dbk_hash_short   SipHash-1-3 under a secret key, for tables in memory: whoever
 * sends ids cannot make them collide (Aumasson and Bernstein, 2012; with fewer rounds,
 * as for a table whose hashes nobody sees). dbk_digest       BLAKE2b-256 (RFC 7693),
 * for the digest of the books.
 */

#include <stddef.h>
#include <stdint.h>

#define DBK_HASH_KEY_BYTES 16
#define DBK_DIGEST_BYTES 32

uint64_t dbk_hash_short(const void *bytes, size_t size,
			const unsigned char key[DBK_HASH_KEY_BYTES]);

/* dbk_hash_short() of SPACE and then BYTES, which need not be put together for it. */
uint64_t dbk_hash_in_space(unsigned char space, const void *bytes, size_t size,
			   const unsigned char key[DBK_HASH_KEY_BYTES]);

/* Opaque state of a running digest; caller's memory. */
struct dbk_digest {
	_Alignas(64) unsigned char opaque[384];
};

void dbk_digest_init(struct dbk_digest *digest);
void dbk_digest_update(struct dbk_digest *digest, const void *bytes, size_t size);
void dbk_digest_final(struct dbk_digest *digest, unsigned char out[DBK_DIGEST_BYTES]);

#endif
