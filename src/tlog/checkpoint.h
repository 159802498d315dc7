#ifndef DBK_TLOG_CHECKPOINT_H
#define DBK_TLOG_CHECKPOINT_H

/*
 * checkpoint.h -- the three lines of C2SP tlog-checkpoint.
 *
 * Pure functions; any thread.
 */

#include "tlog/note.h"
#include "tlog/tree.h"

struct dbk_checkpoint {
	struct dbk_str origin; /* borrowed from the text */
	uint64_t size;
	struct dbk_tree_hash root;
	struct dbk_str extensions; /* further lines with newlines; mostly empty */
};

/* Append the text of a checkpoint without extensions. */
void dbk_checkpoint_put(struct dbk_str origin, uint64_t size,
			const struct dbk_tree_hash *root, struct dbk_buf *out);

/* The text of a note as a checkpoint; INPUT says why it is none. */
DBK_MUST_CHECK enum dbk_err dbk_checkpoint_parse(struct dbk_str text,
						 struct dbk_checkpoint *out,
						 struct dbk_error *error);

#endif
