#ifndef DBK_VIEWS_SHELF_H
#define DBK_VIEWS_SHELF_H

/*
 * shelf.h -- where a view lies on disk: a store with four tables, and what their keys
 * and values are.  README.md has the table of them.
 *
 * Names, pages and notes carry a seal, so that a changed bit is found when the view is
 * opened.  Chunks carry a checksum that only dbk_shelf_check() looks at: they are read
 * a few bytes at a time, and decoding is safe on any bytes (chunk.h).
 *
 * Bytes that come out are borrowed until the transaction ends.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/str.h"

struct dbk_shelf;
struct dbk_txn;

/* Small values with a name. */
enum dbk_shelf_note {
	DBK_SHELF_HISTORY = 'h', /* how far the history goes; every flush */
	DBK_SHELF_HEADS = 'H'	 /* what full flushes leave beside the pages */
};

DBK_MUST_CHECK enum dbk_err dbk_shelf_open(const char *dir, uint64_t max_bytes,
					   bool no_sync, struct dbk_shelf **out_shelf,
					   struct dbk_error *error);
void dbk_shelf_close(struct dbk_shelf *shelf);
DBK_MUST_CHECK enum dbk_err dbk_shelf_remove(const char *dir, struct dbk_error *error);

uint64_t dbk_shelf_disk_bytes(struct dbk_shelf *shelf);

/* Walk all values of the shelf in DIR, read only: DAMAGED names the first that is not as
 * it was written.  *OUT_VALUES: how many are. */
DBK_MUST_CHECK enum dbk_err dbk_shelf_check(const char *dir, uint64_t *out_values,
					    struct dbk_error *error);

/* ----------------------------------------------------------------------- reading */

DBK_MUST_CHECK enum dbk_err dbk_shelf_read_begin(struct dbk_shelf *shelf,
						 struct dbk_txn **out_txn,
						 struct dbk_error *error);

/* End a transaction of either kind; what it wrote is forgotten. */
void dbk_shelf_end(struct dbk_txn *txn);

/* NOT_FOUND, IO, DAMAGED. */
DBK_MUST_CHECK enum dbk_err dbk_shelf_chunk(const struct dbk_shelf *shelf,
					    struct dbk_txn *txn, uint32_t number,
					    struct dbk_str *out_bytes);
DBK_MUST_CHECK enum dbk_err dbk_shelf_note(const struct dbk_shelf *shelf,
					   struct dbk_txn *txn,
					   enum dbk_shelf_note note,
					   struct dbk_str *out_bytes);

/* Call TAKE for every run of names, or every page of heads, in order; stops at its
 * first failure and returns it. */
typedef enum dbk_err dbk_shelf_take_fn(void *context, uint8_t table, uint32_t number,
				       struct dbk_str bytes);
DBK_MUST_CHECK enum dbk_err dbk_shelf_each_names(const struct dbk_shelf *shelf,
						 struct dbk_txn *txn,
						 dbk_shelf_take_fn *take,
						 void *context);
DBK_MUST_CHECK enum dbk_err dbk_shelf_each_page(const struct dbk_shelf *shelf,
						struct dbk_txn *txn,
						dbk_shelf_take_fn *take, void *context);

/* ----------------------------------------------------------------------- writing */

DBK_MUST_CHECK enum dbk_err dbk_shelf_write_begin(struct dbk_shelf *shelf,
						  uint64_t bytes_expected,
						  struct dbk_txn **out_txn,
						  struct dbk_error *error);

/* Failures stick in TXN.  FRESH: the number is above all that were written. */
void dbk_shelf_put_chunk(const struct dbk_shelf *shelf, struct dbk_txn *txn,
			 uint32_t number, struct dbk_str bytes, bool fresh);
void dbk_shelf_put_names(const struct dbk_shelf *shelf, struct dbk_txn *txn,
			 uint32_t number, struct dbk_str bytes);
void dbk_shelf_put_page(const struct dbk_shelf *shelf, struct dbk_txn *txn,
			uint8_t table, uint32_t page, struct dbk_str bytes);
void dbk_shelf_put_note(const struct dbk_shelf *shelf, struct dbk_txn *txn,
			enum dbk_shelf_note note, struct dbk_str bytes);

DBK_MUST_CHECK enum dbk_err dbk_shelf_commit(struct dbk_txn *txn,
					     struct dbk_error *error);

#endif
