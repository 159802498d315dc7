#ifndef DBK_VIEWS_NOTE_H
#define DBK_VIEWS_NOTE_H

/*
 * note.h -- the two small values that a flush writes beside chunks, names and pages.
 * Numbers are little-endian and of fixed width.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "views/heads.h"

/* Every flush: how far the history on disk goes. */
struct dbk_note_history {
	uint64_t size;	  /* records */
	uint64_t end;	  /* loc behind the last byte */
	uint32_t n_names; /* runs of names */
};

/* Full flushes: where the pages of heads stand, and what of the heads is in no page. */
struct dbk_note_heads {
	uint64_t size;
	uint64_t end;
	uint32_t counts[DBK_HEADS_TABLES]; /* rows of each table, row 0 included */
};

void dbk_note_put_history(struct dbk_buf *buf, const struct dbk_note_history *note);
bool dbk_note_get_history(struct dbk_str bytes, struct dbk_note_history *out);

/* Totals, refusals and clock are written from HEADS, and read into them. */
void dbk_note_put_heads(struct dbk_buf *buf, const struct dbk_note_heads *note,
			const struct dbk_heads *heads);
bool dbk_note_get_heads(struct dbk_str bytes, struct dbk_note_heads *out,
			struct dbk_heads *heads);

#endif
