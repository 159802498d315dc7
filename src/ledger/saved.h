#ifndef DBK_LEDGER_SAVED_H
#define DBK_LEDGER_SAVED_H

/*
 * saved.h -- the books on disk: pages of rows in a store of their own, so that a start
 * is bounded by the last save and not by history.
 *
 * A save is one transaction: all pages that changed since the save before, and where
 * the log stood.  The thread that writes it gets copies of the pages and never sees the
 * books.  Every page carries a checksum: rows are believed as they are.
 *
 * Thread: one at a time; load before any save.
 */

#include <stdint.h>

#include <daybook/error.h>

#include "books/books.h"
#include "books/save.h"
#include "store/store.h"

struct dbk_saved;

/* Where the log stood when the books were as saved. */
struct dbk_saved_point {
	uint64_t size; /* records */
	uint64_t groups;
};

DBK_MUST_CHECK enum dbk_err dbk_saved_open(const char *dir, struct dbk_saved **out,
					   struct dbk_error *error);
void dbk_saved_close(struct dbk_saved *saved);

/*
 * Make *OUT the saved books.  NOT_FOUND without a text if there are none at or below
 * SIZE_MAX_RECORDS, with one if there are some that this build cannot read: then start
 * from an empty book.  So may who gets DAMAGED, which names the page.
 */
DBK_MUST_CHECK enum dbk_err dbk_saved_load(struct dbk_saved *saved,
					   uint64_t size_max_records,
					   struct dbk_books **out,
					   struct dbk_saved_point *out_point,
					   struct dbk_error *error);

/* Begin a save; WHOLE forgets all older pages: the first save of books that were not
 * loaded from here. */
DBK_MUST_CHECK enum dbk_err dbk_saved_begin(struct dbk_saved *saved, bool whole,
					    struct dbk_error *error);
void dbk_saved_put(struct dbk_saved *saved, const struct dbk_books_page *page);
DBK_MUST_CHECK enum dbk_err dbk_saved_commit(struct dbk_saved *saved,
					     struct dbk_saved_point point,
					     struct dbk_str meta,
					     struct dbk_error *error);
void dbk_saved_abort(struct dbk_saved *saved);

/* Walk all values of the saved books in DIR, read only: DAMAGED names the first that is
 * not as it was written.  *OUT_VALUES: how many are. */
DBK_MUST_CHECK enum dbk_err dbk_saved_check(const char *dir, uint64_t *out_values,
					    struct dbk_error *error);

/* Bytes on disk. */
uint64_t dbk_saved_bytes(struct dbk_saved *saved);

#endif
