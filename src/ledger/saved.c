#include "ledger/saved.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/buf.h"
#include "store/scan.h"
#include "store/txn.h"

#define FORMAT_VERSION 1u
#define PAGE_KEY_BYTES 8

struct dbk_saved {
	struct dbk_store *store;
	struct dbk_table pages; /* table, page big-endian -> rows */
	struct dbk_table state; /* "point", "meta" */
	struct dbk_txn *txn;	/* of the save that runs */
};

enum dbk_err
dbk_saved_open(const char *dir, struct dbk_saved **out, struct dbk_error *error)
{
	struct dbk_store_options options = { .format = "books",
					     .format_version = FORMAT_VERSION };
	struct dbk_saved *saved = calloc(1, sizeof *saved);
	enum dbk_err err;

	if (saved == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "saved books");
	err = dbk_store_open(dir, &options, &saved->store, error);
	if (err == DBK_OK)
		err = dbk_store_table(saved->store, "pages", &saved->pages, error);
	if (err == DBK_OK)
		err = dbk_store_table(saved->store, "state", &saved->state, error);
	if (err != DBK_OK) {
		dbk_saved_close(saved);
		return err;
	}
	*out = saved;
	return DBK_OK;
}

void
dbk_saved_close(struct dbk_saved *saved)
{
	if (saved == NULL)
		return;
	dbk_saved_abort(saved);
	dbk_store_close(saved->store);
	free(saved);
}

static void
page_key(uint32_t table, uint32_t page, unsigned char out[PAGE_KEY_BYTES])
{
	for (unsigned i = 0; i < 4; i++) {
		out[i] = (unsigned char)(table >> (24 - 8 * i));
		out[4 + i] = (unsigned char)(page >> (24 - 8 * i));
	}
}

static uint32_t
big_endian(const char *bytes)
{
	const unsigned char *p = (const unsigned char *)bytes;

	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static enum dbk_err
load_pages(struct dbk_saved *saved, struct dbk_txn *txn, struct dbk_books *books)
{
	struct dbk_str key, rows;
	struct dbk_scan *scan;
	enum dbk_err err = dbk_scan_open(txn, saved->pages, &scan);

	if (err != DBK_OK)
		return err;
	for (err = dbk_scan_first(scan, &key, &rows); err == DBK_OK;
	     err = dbk_scan_next(scan, &key, &rows)) {
		err = key.size != PAGE_KEY_BYTES
			      ? DBK_FAILED_INPUT
			      : dbk_books_load_page(books, big_endian(key.bytes),
						    big_endian(key.bytes + 4), rows);
		if (err != DBK_OK)
			break;
	}
	dbk_scan_close(scan);
	return err == DBK_FAILED_NOT_FOUND ? DBK_OK : err;
}

static enum dbk_err
load(struct dbk_saved *saved, struct dbk_txn *txn, uint64_t size_max,
     struct dbk_books **out, struct dbk_saved_point *out_point)
{
	unsigned char key[DBK_HASH_KEY_BYTES];
	struct dbk_books *books = NULL;
	struct dbk_saved_point point;
	struct dbk_str meta, where;
	struct dbk_cursor cursor;
	enum dbk_err err;

	err = dbk_txn_get(txn, saved->state, dbk_str_of("point"), &where);
	if (err == DBK_OK)
		err = dbk_txn_get(txn, saved->state, dbk_str_of("meta"), &meta);
	if (err != DBK_OK)
		return err;
	cursor = dbk_cursor_make(where.bytes, where.size);
	point.size = dbk_cursor_u64(&cursor);
	point.groups = dbk_cursor_u64(&cursor);
	if (cursor.failed)
		return DBK_FAILED_DAMAGED;
	if (point.size > size_max || dbk_books_load_key(meta, key) != DBK_OK)
		return DBK_FAILED_NOT_FOUND;
	err = dbk_books_open(key, &books);
	if (err == DBK_OK)
		err = dbk_books_load_begin(books, meta);
	if (err == DBK_OK)
		err = load_pages(saved, txn, books);
	if (err == DBK_OK && dbk_books_size(books) != point.size)
		err = DBK_FAILED_DAMAGED;
	if (err != DBK_OK) {
		dbk_books_close(books);
		return err;
	}
	*out = books;
	*out_point = point;
	return DBK_OK;
}

enum dbk_err
dbk_saved_load(struct dbk_saved *saved, uint64_t size_max_records, struct dbk_books **out,
	       struct dbk_saved_point *out_point, struct dbk_error *error)
{
	struct dbk_txn *txn;
	enum dbk_err err = dbk_txn_begin_read(saved->store, &txn, error);

	if (err != DBK_OK)
		return err;
	err = load(saved, txn, size_max_records, out, out_point);
	dbk_txn_abort(txn);
	/* Another layout is not damage: the log has everything. */
	if (err == DBK_FAILED_INPUT)
		err = DBK_FAILED_NOT_FOUND;
	if (err != DBK_OK && err != DBK_FAILED_NOT_FOUND)
		return dbk_error_set(error, err, "saved books: %s", dbk_err_text(err));
	return err;
}

enum dbk_err
dbk_saved_begin(struct dbk_saved *saved, bool whole, struct dbk_error *error)
{
	enum dbk_err err;

	dbk_assert(saved->txn == NULL);
	err = dbk_txn_begin_write(saved->store, 0, &saved->txn, error);
	if (err == DBK_OK && whole)
		dbk_txn_clear(saved->txn, saved->pages);
	return err;
}

void
dbk_saved_put(struct dbk_saved *saved, const struct dbk_books_page *page)
{
	unsigned char key[PAGE_KEY_BYTES];

	page_key(page->table, page->page, key);
	dbk_txn_put(saved->txn, saved->pages, dbk_str_make(key, sizeof key),
		    dbk_str_make(page->rows, page->size));
}

enum dbk_err
dbk_saved_commit(struct dbk_saved *saved, struct dbk_saved_point point,
		 struct dbk_str meta, struct dbk_error *error)
{
	struct dbk_txn *txn = saved->txn;
	struct dbk_buf where;
	enum dbk_err err;

	dbk_buf_init(&where);
	dbk_buf_put_u64(&where, point.size);
	dbk_buf_put_u64(&where, point.groups);
	saved->txn = NULL;
	if (dbk_buf_failed(&where)) {
		dbk_txn_abort(txn);
		return dbk_error_set(error, DBK_FAILED_MEMORY, "saved books");
	}
	dbk_txn_put(txn, saved->state, dbk_str_of("point"),
		    dbk_str_make(where.bytes, where.size));
	dbk_txn_put(txn, saved->state, dbk_str_of("meta"), meta);
	err = dbk_txn_commit(txn, error);
	dbk_buf_fini(&where);
	return err;
}

void
dbk_saved_abort(struct dbk_saved *saved)
{
	if (saved->txn != NULL)
		dbk_txn_abort(saved->txn);
	saved->txn = NULL;
}

uint64_t
dbk_saved_bytes(struct dbk_saved *saved)
{
	struct dbk_store_stats stats;

	if (dbk_store_stats(saved->store, &stats, NULL) != DBK_OK)
		return 0;
	return stats.used_bytes;
}
