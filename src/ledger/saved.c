#include "ledger/saved.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/buf.h"
#include "base/crc32c.h"
#include "base/rows.h"
#include "ledger/packed.h"
#include "store/scan.h"
#include "store/txn.h"

#define FORMAT_VERSION 3u
#define PAGE_KEY_BYTES 8
#define SUM_BYTES 4
#define VALUE_BYTES (DBK_ROWS_PAGE_BYTES + 4096)

struct dbk_saved {
	struct dbk_store *store;
	struct dbk_table pages;		  /* table, page big-endian -> packed rows */
	struct dbk_table state;		  /* "point", "meta"; both with a checksum */
	struct dbk_txn *txn;		  /* of the save that runs */
	unsigned char value[VALUE_BYTES]; /* a page, packed */
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

/* Rows are believed as they are, so every value ends in its CRC-32C, little-endian.
 * False if VALUE is not what was written; else *VALUE is cut to the content. */
static bool
take_sum(struct dbk_str *value)
{
	struct dbk_cursor at;

	if (value->size < SUM_BYTES)
		return false;
	value->size -= SUM_BYTES;
	at = dbk_cursor_make(value->bytes + value->size, SUM_BYTES);
	return dbk_crc32c_sum(value->bytes, value->size) == dbk_cursor_u32(&at);
}

static void
put_sum(unsigned char *value, size_t size)
{
	uint32_t sum = dbk_crc32c_sum(value, size);

	for (unsigned i = 0; i < SUM_BYTES; i++)
		value[size + i] = (unsigned char)(sum >> (8 * i));
}

/* What is done with ROWS of a page, whose checksum agrees; they are lent. */
typedef enum dbk_err page_fn(void *context, uint32_t table, uint32_t page,
			     struct dbk_str rows);

static enum dbk_err
open_page(struct dbk_str key, struct dbk_str value, page_fn *opened, void *context,
	  struct dbk_buf *scratch, struct dbk_error *error)
{
	uint32_t table, page;
	struct dbk_str rows;

	if (key.size != PAGE_KEY_BYTES)
		return dbk_error_set(error, DBK_FAILED_DAMAGED, "a key of %u bytes",
				     key.size);
	table = big_endian(key.bytes);
	page = big_endian(key.bytes + 4);
	if (!dbk_packed_open(value, scratch, &rows))
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "page %u of table %u: the checksum differs", page,
				     table);
	return opened(context, table, page, rows);
}

static enum dbk_err
open_pages(struct dbk_saved *saved, struct dbk_txn *txn, page_fn *opened, void *context,
	   struct dbk_error *error)
{
	struct dbk_str key, value;
	struct dbk_buf scratch;
	struct dbk_scan *scan;
	enum dbk_err err = dbk_scan_open(txn, saved->pages, &scan);

	if (err != DBK_OK)
		return err;
	dbk_buf_init(&scratch);
	err = dbk_scan_first(scan, &key, &value);
	while (err == DBK_OK) {
		err = open_page(key, value, opened, context, &scratch, error);
		if (err == DBK_OK)
			err = dbk_scan_next(scan, &key, &value);
	}
	dbk_scan_close(scan);
	dbk_buf_fini(&scratch);
	return err == DBK_FAILED_NOT_FOUND ? DBK_OK : err;
}

static enum dbk_err
load_page(void *context, uint32_t table, uint32_t page, struct dbk_str rows)
{
	struct dbk_books *books = context;

	return dbk_books_load_page(books, table, page, rows);
}

/* The value under NAME, checked. */
static enum dbk_err
get_state(struct dbk_saved *saved, struct dbk_txn *txn, const char *name,
	  struct dbk_str *out, struct dbk_error *error)
{
	enum dbk_err err = dbk_txn_get(txn, saved->state, dbk_str_of(name), out);

	if (err == DBK_OK && !take_sum(out))
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "%s: the checksum differs", name);
	return err;
}

/* The point and how many pages belong to it. */
static enum dbk_err
get_point(struct dbk_saved *saved, struct dbk_txn *txn, struct dbk_saved_point *out,
	  uint64_t *out_pages, struct dbk_error *error)
{
	struct dbk_str value;
	enum dbk_err err = get_state(saved, txn, "point", &value, error);
	struct dbk_cursor at;

	if (err != DBK_OK)
		return err;
	at = dbk_cursor_make(value.bytes, value.size);
	out->size = dbk_cursor_u64(&at);
	out->groups = dbk_cursor_u64(&at);
	*out_pages = dbk_cursor_u64(&at);
	return at.failed ? DBK_FAILED_DAMAGED : DBK_OK;
}

static enum dbk_err
load_books(struct dbk_saved *saved, struct dbk_txn *txn, struct dbk_str meta,
	   const unsigned char key[DBK_HASH_KEY_BYTES], struct dbk_books **out,
	   struct dbk_error *error)
{
	struct dbk_books *books;
	enum dbk_err err = dbk_books_open(key, &books);

	if (err != DBK_OK)
		return err;
	err = dbk_books_load_begin(books, meta);
	if (err == DBK_OK)
		err = open_pages(saved, txn, load_page, books, error);
	if (err != DBK_OK) {
		dbk_books_close(books);
		return err;
	}
	*out = books;
	return DBK_OK;
}

static enum dbk_err
load(struct dbk_saved *saved, struct dbk_txn *txn, uint64_t size_max,
     struct dbk_books **out, struct dbk_saved_point *out_point, struct dbk_error *error)
{
	unsigned char key[DBK_HASH_KEY_BYTES];
	struct dbk_saved_point point;
	struct dbk_str meta;
	uint64_t n_pages;
	enum dbk_err err = get_point(saved, txn, &point, &n_pages, error);

	if (err == DBK_OK)
		err = get_state(saved, txn, "meta", &meta, error);
	if (err != DBK_OK)
		return err;
	if (point.size > size_max)
		return DBK_FAILED_NOT_FOUND;
	if (dbk_txn_count(txn, saved->pages) != n_pages)
		return dbk_error_set(error, DBK_FAILED_DAMAGED, "pages are missing");
	err = dbk_books_load_key(meta, key);
	if (err == DBK_OK)
		err = load_books(saved, txn, meta, key, out, error);
	if (err != DBK_OK)
		return err;
	if (dbk_books_size(*out) != point.size) {
		dbk_books_close(*out);
		*out = NULL;
		return DBK_FAILED_DAMAGED;
	}
	*out_point = point;
	return DBK_OK;
}

enum dbk_err
dbk_saved_load(struct dbk_saved *saved, uint64_t size_max_records,
	       struct dbk_books **out, struct dbk_saved_point *out_point,
	       struct dbk_error *error)
{
	struct dbk_error why = { 0 };
	struct dbk_books *books = NULL;
	struct dbk_txn *txn;
	enum dbk_err err = dbk_txn_begin_read(saved->store, &txn, error);

	if (err != DBK_OK)
		return err;
	err = load(saved, txn, size_max_records, &books, out_point, &why);
	dbk_txn_abort(txn);
	if (err == DBK_OK) {
		*out = books;
		return DBK_OK;
	}
	/* Another layout is not damage: the log has everything. */
	if (err == DBK_FAILED_INPUT)
		return dbk_error_set(error, DBK_FAILED_NOT_FOUND,
				     "saved books: of another build's layout");
	if (err == DBK_FAILED_NOT_FOUND)
		return err;
	return dbk_error_set(error, err, "saved books: %s",
			     why.code == DBK_OK ? dbk_err_text(err) : why.text);
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
	unsigned char key[PAGE_KEY_BYTES], *value;
	size_t size;

	dbk_assert(dbk_packed_bound(page->size) <= VALUE_BYTES);
	size = dbk_packed_make(page->rows, page->size, saved->value);
	page_key(page->table, page->page, key);
	value = dbk_txn_reserve(saved->txn, saved->pages, dbk_str_make(key, sizeof key),
				size);
	if (value != NULL)
		memcpy(value, saved->value, size);
}

static void
put_state(struct dbk_saved *saved, struct dbk_txn *txn, const char *name,
	  struct dbk_str content)
{
	unsigned char *value = dbk_txn_reserve(txn, saved->state, dbk_str_of(name),
					       content.size + SUM_BYTES);

	if (value == NULL)
		return;
	memcpy(value, content.bytes, content.size);
	put_sum(value, content.size);
}

enum dbk_err
dbk_saved_commit(struct dbk_saved *saved, struct dbk_saved_point point,
		 struct dbk_str meta, struct dbk_error *error)
{
	struct dbk_txn *txn = saved->txn;
	unsigned char bytes[3 * sizeof(uint64_t)];
	struct dbk_buf where = { bytes, 0, sizeof bytes, false };

	dbk_buf_put_u64(&where, point.size);
	dbk_buf_put_u64(&where, point.groups);
	dbk_buf_put_u64(&where, dbk_txn_count(txn, saved->pages));
	put_state(saved, txn, "point", dbk_str_make(where.bytes, where.size));
	put_state(saved, txn, "meta", meta);
	saved->txn = NULL;
	return dbk_txn_commit(txn, error);
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

/* ------------------------------------------------------------------------- checking */

static enum dbk_err
count_page(void *context, uint32_t table, uint32_t page, struct dbk_str rows)
{
	uint64_t *values = context;

	(void)table, (void)page, (void)rows;
	++*values;
	return DBK_OK;
}

static enum dbk_err
check_all(struct dbk_saved *saved, struct dbk_txn *txn, uint64_t *values,
	  struct dbk_error *error)
{
	struct dbk_saved_point point;
	struct dbk_str meta;
	uint64_t n_pages;
	enum dbk_err err = get_point(saved, txn, &point, &n_pages, error);

	if (err == DBK_FAILED_NOT_FOUND && dbk_txn_count(txn, saved->pages) == 0)
		return DBK_OK;
	if (err == DBK_OK)
		err = get_state(saved, txn, "meta", &meta, error);
	if (err == DBK_OK)
		err = open_pages(saved, txn, count_page, values, error);
	if (err == DBK_OK && dbk_txn_count(txn, saved->pages) != n_pages)
		return dbk_error_set(error, DBK_FAILED_DAMAGED, "pages are missing");
	return err;
}

enum dbk_err
dbk_saved_check(const char *dir, uint64_t *out_values, struct dbk_error *error)
{
	const struct dbk_store_options options = { .format = "books",
						   .format_version = FORMAT_VERSION,
						   .read_only = true };
	struct dbk_saved saved = { .store = NULL };
	struct dbk_txn *txn = NULL;
	enum dbk_err err = dbk_store_open(dir, &options, &saved.store, error);

	*out_values = 0;
	if (err != DBK_OK)
		return err;
	err = dbk_store_table(saved.store, "pages", &saved.pages, error);
	if (err == DBK_OK)
		err = dbk_store_table(saved.store, "state", &saved.state, error);
	if (err == DBK_OK)
		err = dbk_txn_begin_read(saved.store, &txn, error);
	if (err == DBK_OK)
		err = check_all(&saved, txn, out_values, error);
	dbk_txn_abort(txn);
	dbk_store_close(saved.store);
	return err;
}
