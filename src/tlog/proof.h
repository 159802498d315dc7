#ifndef DBK_TLOG_PROOF_H
#define DBK_TLOG_PROOF_H

/*
 * proof.h -- C2SP tlog-proof@v1: one leaf's proof as a text.
 *
 * Pure functions; any thread.
 */

#include "base/buf.h"
#include "tlog/tree.h"

struct dbk_proof {
	bool has_extra;
	struct dbk_str extra; /* opened; when parsed, in the caller's buffer */
	uint64_t index;
	struct dbk_tree_proof inclusion;
	struct dbk_str note; /* the checkpoint, whole */
};

void dbk_proof_put(const struct dbk_proof *proof, struct dbk_buf *out);

/* The proof at the beginning of TEXT; *OUT_SIZE bytes of it, behind which another may
 * begin.  What EXTRA holds is appended to EXTRA_BYTES, and borrowed until that changes.
 * INPUT names the line; MEMORY.  What the note says, and whether it is one, is left to
 * dbk_note_parse(). */
DBK_MUST_CHECK enum dbk_err dbk_proof_parse(struct dbk_str text,
					    struct dbk_buf *extra_bytes,
					    struct dbk_proof *out, size_t *out_size,
					    struct dbk_error *error);

#endif
