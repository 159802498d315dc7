#ifndef DBK_LEDGER_GAPS_H
#define DBK_LEDGER_GAPS_H

/*
 * gaps.h -- hashes of those events of a signed batch that the log has no record of:
 * duplicates and invalid ones.  They stand at the end of the stored reply of the batch
 * (reply.h), because without them nobody could rebuild what its source has signed;
 * src/proof/TRUST.md sections 4 and 6.
 *
 * Pure functions; any thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/sha256.h"
#include "base/str.h"
#include "ledger/reply_entry.h"

/* The gaps of one batch while they are gone through; borrowed from the stored reply. */
struct dbk_gaps {
	uint64_t position; /* of the batch's first record, which has the seal */
	uint32_t count;	   /* of hashes; 0: not signed, or nothing is missing */

	struct dbk_reply_walk walk;
	const unsigned char *hash; /* the next one */
};

/* Begin with those of STORED, the reply of a dbk_log_batch.  False if that is not
 * well-formed: then nothing of it may be believed. */
bool dbk_gaps_of_reply(struct dbk_str stored, struct dbk_gaps *out);

/* The next gap: the index of an event in its batch, and the SHA-256 of its bytes, of
 * DBK_SHA256_BYTES.  Indexes rise.  False behind the last. */
bool dbk_gaps_next(struct dbk_gaps *gaps, uint32_t *out_index,
		   const unsigned char **out_hash);

#endif
