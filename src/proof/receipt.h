#ifndef DBK_PROOF_RECEIPT_H
#define DBK_PROOF_RECEIPT_H

/*
 * receipt.h -- a record with its proof, made and checked; TRUST.md section 7.
 *
 * Pure functions but for what READER reads; any thread.
 */

#include <daybook/error.h>

#include "base/buf.h"
#include "event/record.h"
#include "tlog/note.h"
#include "tlog/policy.h"
#include "tlog/proof.h"
#include "tlog/tree.h"

/* Append the receipt of RECORD at POSITION under the checkpoint NOTE of SIZE records. */
DBK_MUST_CHECK enum dbk_err dbk_receipt_put(const struct dbk_tree_reader *reader,
					    uint64_t position, uint64_t size,
					    struct dbk_str record, struct dbk_str note,
					    struct dbk_buf *out, struct dbk_error *error);

struct dbk_receipt {
	struct dbk_record record; /* borrowed from BYTES of dbk_receipt_check() */
	uint64_t size;		  /* of the tree */
};

/*
 * Check the first receipt of TEXT by KEY and, if given, POLICY (whose logs count as keys,
 * too).  BYTES is reset and holds the record.  *OUT_SIZE: bytes of TEXT that it takes.
 * INPUT: no receipt, with the line.  DAMAGED: one that does not prove what it says.
 */
DBK_MUST_CHECK enum dbk_err dbk_receipt_check(struct dbk_str text,
					      const struct dbk_note_key *key,
					      const struct dbk_policy *policy,
					      struct dbk_buf *bytes,
					      struct dbk_receipt *out, size_t *out_size,
					      struct dbk_error *error);

#endif
