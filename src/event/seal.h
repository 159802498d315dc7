#ifndef DBK_EVENT_SEAL_H
#define DBK_EVENT_SEAL_H

/*
 * seal.h -- what a source signs of a batch; src/proof/TRUST.md section 4.
 *
 * Pure functions; any thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sha256.h"
#include "base/sign.h"
#include "base/str.h"

/* The running digest of the events of a batch. */
struct dbk_seal_digest {
	struct dbk_sha256 hash;
};

void dbk_seal_digest_init(struct dbk_seal_digest *digest);
void dbk_seal_digest_event(struct dbk_seal_digest *digest, struct dbk_str event);
/* An event of which only the SHA-256 is known. */
void dbk_seal_digest_hash(struct dbk_seal_digest *digest,
			  const unsigned char hash[DBK_SHA256_BYTES]);
void dbk_seal_digest_final(struct dbk_seal_digest *digest,
			   unsigned char out[DBK_SHA256_BYTES]);

struct dbk_seal_text {
	struct dbk_str book;
	struct dbk_str source;
	uint64_t batch_seq;
	bool atomic;
	uint32_t events;
	unsigned char digest[DBK_SHA256_BYTES];
};

/* Append the seven lines. */
void dbk_seal_put_text(const struct dbk_seal_text *text, struct dbk_buf *out);

/* False also without memory. */
bool dbk_seal_verify(const struct dbk_seal_text *text,
		     const unsigned char key[DBK_SIGN_PUBLIC_BYTES],
		     const unsigned char signature[DBK_SIGNATURE_BYTES]);

#endif
