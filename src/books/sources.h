#ifndef DBK_BOOKS_SOURCES_H
#define DBK_BOOKS_SOURCES_H

/*
 * sources.h -- producers: the last batch of each, its counts, and where the replies to
 * its latest batches stand in the log.
 *
 * Delivery state, not business state: it is undone and saved with the books and comes
 * back from the log like them, but the digest does not cover it, because the same facts
 * may reach two books in other batches.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "books/books.h"
#include "books/rows.h"

/* A group of the log and a place among its batches. */
struct dbk_reply_place {
	uint64_t group;
	uint64_t first_position; /* of the group */
	uint32_t index;
};

/* The id of NAME, 0 if it has never sent anything nor had a key. */
uint32_t dbk_source_find(const struct dbk_books *books, struct dbk_str name);

/* The id of NAME, made if need be; 0 at DBK_SOURCES_MAX. */
uint32_t dbk_source_intern(struct dbk_books *books, struct dbk_str name);

const struct dbk_row_source *dbk_source_row(const struct dbk_books *books,
					    uint32_t source);

/* The outcomes of one batch. */
struct dbk_batch_counts {
	uint32_t accepted, duplicates, refused, invalid;
};

/*
 * A batch of SOURCE has been decided; BATCH_SEQ 0 is an unnumbered one, else it must be
 * the last one plus 1 (asserted).  Its reply stands at PLACE.
 */
void dbk_source_record(struct dbk_books *books, uint32_t source, uint64_t batch_seq,
		       const struct dbk_batch_counts *counts,
		       struct dbk_reply_place place);

/* Where the reply to an earlier batch stands; false if it is not kept any more. */
bool dbk_source_reply(const struct dbk_books *books, uint32_t source, uint64_t batch_seq,
		      struct dbk_reply_place *out_place);

#endif
