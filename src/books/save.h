#ifndef DBK_BOOKS_SAVE_H
#define DBK_BOOKS_SAVE_H

/*
 * save.h -- the books as pages, to be kept somewhere and brought back.
 *
 * A save is the books as they stood at dbk_books_save_begin(), handed out page by page
 * while events go on being decided: a page that is about to change is handed to SPILL
 * first (base/rows.h).  Only pages that changed since the last save began are handed
 * out; whoever keeps them keeps the older ones too.
 *
 * Rows are saved as they lie in memory; the layout's mark in META tells whether this
 * build can read them.  Books that cannot be loaded come back from the log.
 *
 * Thread: the one that owns the books.
 */

#include "base/buf.h"
#include "books/books.h"

struct dbk_books_page {
	uint32_t table;
	uint32_t page;
	const void *rows;
	size_t size;
};

typedef void dbk_books_spill_fn(void *context, const struct dbk_books_page *page);

/* Between groups only: nothing is pending to be undone (asserted).  META gets what
 * dbk_books_load_begin() needs. */
void dbk_books_save_begin(struct dbk_books *books, dbk_books_spill_fn *spill,
			  void *context, struct dbk_buf *meta);

/* The next page, borrowed until the books are touched; false when all are out. */
bool dbk_books_save_next(struct dbk_books *books, struct dbk_books_page *out);

/* What was handed out is lost; the next save hands out everything. */
void dbk_books_save_abandon(struct dbk_books *books);

/* The secret of the tables that META was saved with.  INPUT if META is of another
 * layout or not well-formed. */
DBK_MUST_CHECK enum dbk_err dbk_books_load_key(struct dbk_str meta,
					       unsigned char out[DBK_HASH_KEY_BYTES]);

/* Into empty books that were opened with that key: META, then every page. */
DBK_MUST_CHECK enum dbk_err dbk_books_load_begin(struct dbk_books *books,
						 struct dbk_str meta);
DBK_MUST_CHECK enum dbk_err dbk_books_load_page(struct dbk_books *books, uint32_t table,
						uint32_t page, struct dbk_str rows);

/* Bytes of rows in use. */
uint64_t dbk_books_bytes(const struct dbk_books *books);

#endif
