#ifndef DBK_PROOF_KEPT_NOTE_H
#define DBK_PROOF_KEPT_NOTE_H

/*
 * kept_note.h -- signed checkpoints in DIR/tree; TRUST.md section 3.
 *
 * They are renamed into place, so a reader sees one whole note, and are not
 * synchronized: what must not be forgotten is in the seat.
 *
 * Thread: any reads; one writes.
 */

#include <stdint.h>

#include <daybook/error.h>

#include "base/buf.h"
#include "base/str.h"
#include "tlog/note.h"
#include "tlog/tree.h"

#define DBK_NOTE_PUBLISHED "checkpoint"
#define DBK_NOTE_SIGNED "signed"

struct dbk_kept_note {
	uint64_t size;
	struct dbk_tree_hash root;
	int64_t written_at_us; /* by the file system */
};

/* DIR/tree/NAME, whose signature by KEY is checked; NOTE is reset and gets the text.
 * NOT_FOUND: there is none; STATE: it is of another key, or forged; DAMAGED: it is no
 * checkpoint; IO, MEMORY. */
DBK_MUST_CHECK enum dbk_err dbk_kept_note_read(const char *dir, const char *name,
					       const struct dbk_note_key *key,
					       struct dbk_buf *note,
					       struct dbk_kept_note *out,
					       struct dbk_error *error);

/* The same of TEXT, which words call NAME; the time is not set. */
DBK_MUST_CHECK enum dbk_err dbk_kept_note_check(const char *name, struct dbk_str text,
						const struct dbk_note_key *key,
						struct dbk_kept_note *out,
						struct dbk_error *error);

/* NOTE becomes DIR/tree/NAME; the folder is made if it is missing. */
DBK_MUST_CHECK enum dbk_err dbk_kept_note_write(const char *dir, const char *name,
						struct dbk_str note,
						struct dbk_error *error);

/* It need not be there. */
void dbk_kept_note_remove(const char *dir, const char *name);

#endif
