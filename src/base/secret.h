#ifndef DBK_BASE_SECRET_H
#define DBK_BASE_SECRET_H

/*
 * secret.h -- memory that holds secrets, chance, and boxes that only a key opens; by
 * libsodium.
 *
 * Any thread.
 */

#include <stdbool.h>
#include <stddef.h>

#include <daybook/error.h>

#include "base/buf.h"
#include "base/str.h"

#define DBK_SECRET_KEY_BYTES 32
#define DBK_SECRET_NONCE_BYTES 24
#define DBK_SECRET_TAG_BYTES 16

/* Version, nonce and tag: what a box is longer than its text. */
#define DBK_SECRET_BOX_OVERHEAD (1 + DBK_SECRET_NONCE_BYTES + DBK_SECRET_TAG_BYTES)

/* Once, before threads: picks the fastest code; false if there is no source of chance. */
bool dbk_secret_start(void);

/* SIZE zeroed bytes, aligned for anything, locked into memory where the system lets us,
 * kept out of core files, between guard pages; NULL without memory. */
void *dbk_secret_take(size_t size);

/* Wiped first.  NULL is nothing. */
void dbk_secret_give(void *secret);

void dbk_secret_wipe(void *bytes, size_t size);

/* The same time whatever they are. */
bool dbk_secret_equal(const void *a, const void *b, size_t size);

/* From the kernel. */
void dbk_secret_random(void *out, size_t size);

/* BLAKE2b-256 of BYTES under KEY of DBK_SECRET_KEY_BYTES (NULL: none). */
void dbk_secret_hash(const unsigned char *key, const void *bytes, size_t size,
		     unsigned char out[32]);

/* Argon2id, with libsodium's MODERATE costs: about a second and 256 MiB. */
#define DBK_SECRET_SALT_BYTES 16
DBK_MUST_CHECK enum dbk_err
dbk_secret_from_passphrase(struct dbk_str passphrase,
			   const unsigned char salt[DBK_SECRET_SALT_BYTES],
			   unsigned char out[DBK_SECRET_KEY_BYTES]);

/* Append a box of TEXT: version 1, a NONCE (NULL: a random one), XChaCha20-Poly1305. ABOUT
 * is what the box is bound to (additional data). */
void dbk_secret_seal(const unsigned char key[DBK_SECRET_KEY_BYTES],
		     const unsigned char *nonce, struct dbk_str about,
		     struct dbk_str text, struct dbk_buf *out);

/* Open BOX into OUT, which has room for BOX.size - DBK_SECRET_BOX_OVERHEAD bytes; false
 * if it is no box, or of another key or another ABOUT. */
bool dbk_secret_open(const unsigned char key[DBK_SECRET_KEY_BYTES], struct dbk_str about,
		     struct dbk_str box, unsigned char *out);

#endif
