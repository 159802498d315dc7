#include "views/shelf.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/crc32c.h"
#include "base/hash.h"
#include "store/scan.h"
#include "store/store.h"
#include "store/txn.h"
#include "views/chunk.h"

#define FORMAT "daybook ledger view"
#define FORMAT_VERSION 4
#define SUM_BYTES 4
#define KEY_BYTES_MAX 5

struct dbk_shelf {
	struct dbk_store *store;
	struct dbk_table history, names, heads, notes;
};

static enum dbk_err
open_tables(struct dbk_shelf *shelf, struct dbk_error *error)
{
	struct {
		const char *name;
		struct dbk_table *table;
	} tables[] = { { "history", &shelf->history },
		       { "names", &shelf->names },
		       { "heads", &shelf->heads },
		       { "notes", &shelf->notes } };

	for (unsigned i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		enum dbk_err err = dbk_store_table(shelf->store, tables[i].name,
						   tables[i].table, error);

		if (err != DBK_OK)
			return err;
	}
	return DBK_OK;
}

enum dbk_err
dbk_shelf_open(const char *dir, uint64_t max_bytes, bool no_sync,
	       struct dbk_shelf **out_shelf, struct dbk_error *error)
{
	struct dbk_store_options options = { .format = FORMAT,
					     .format_version = FORMAT_VERSION,
					     .format_oldest = FORMAT_VERSION,
					     .max_bytes = max_bytes,
					     .no_sync = no_sync };
	struct dbk_shelf *shelf = calloc(1, sizeof *shelf);
	enum dbk_err err;

	if (shelf == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "%s: no memory", dir);
	err = dbk_store_open(dir, &options, &shelf->store, error);
	if (err == DBK_OK)
		err = open_tables(shelf, error);
	if (err != DBK_OK) {
		dbk_shelf_close(shelf);
		return err;
	}
	*out_shelf = shelf;
	return DBK_OK;
}

void
dbk_shelf_close(struct dbk_shelf *shelf)
{
	if (shelf == NULL)
		return;
	dbk_store_close(shelf->store);
	free(shelf);
}

enum dbk_err
dbk_shelf_remove(const char *dir, struct dbk_error *error)
{
	return dbk_store_remove(dir, error);
}

uint64_t
dbk_shelf_disk_bytes(struct dbk_shelf *shelf)
{
	struct dbk_store_stats stats;

	return dbk_store_stats(shelf->store, &stats, NULL) == DBK_OK ? stats.file_bytes
								     : 0;
}

/* Big-endian, so that the order of keys is the order of numbers. */
static void
put_number(unsigned char *at, uint32_t number)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (unsigned char)(number >> (24 - 8 * i));
}

static uint32_t
get_number(const char *at)
{
	const unsigned char *bytes = (const unsigned char *)at;

	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	       (uint32_t)bytes[2] << 8 | bytes[3];
}

/* ------------------------------------------------------------------ sealed values */

/* Rows are used as they were saved, so a changed bit must be found before.  The seal
 * stands behind the bytes; its key is no secret, it guards against accidents. */
static uint64_t
seal_of(const void *bytes, size_t size)
{
	static const unsigned char key[DBK_HASH_KEY_BYTES] = "daybook ledger";

	return dbk_hash_short(bytes, size, key);
}

static bool
open_seal(struct dbk_str *bytes)
{
	uint64_t seal;

	if (bytes->size < sizeof seal)
		return false;
	bytes->size -= (uint32_t)sizeof seal;
	memcpy(&seal, bytes->bytes + bytes->size, sizeof seal);
	return seal == seal_of(bytes->bytes, bytes->size);
}

static void
put_sealed(struct dbk_txn *txn, struct dbk_table table, struct dbk_str key,
	   struct dbk_str bytes)
{
	uint64_t seal = seal_of(bytes.bytes, bytes.size);
	unsigned char *at = dbk_txn_reserve(txn, table, key, bytes.size + sizeof seal);

	if (at == NULL)
		return;
	memcpy(at, bytes.bytes, bytes.size);
	memcpy(at + bytes.size, &seal, sizeof seal);
}

enum dbk_err
dbk_shelf_read_begin(struct dbk_shelf *shelf, struct dbk_txn **out_txn,
		     struct dbk_error *error)
{
	return dbk_txn_begin_read(shelf->store, out_txn, error);
}

void
dbk_shelf_end(struct dbk_txn *txn)
{
	dbk_txn_abort(txn);
}

enum dbk_err
dbk_shelf_chunk(const struct dbk_shelf *shelf, struct dbk_txn *txn, uint32_t number,
		struct dbk_str *out_bytes)
{
	unsigned char key[4];

	enum dbk_err err;

	put_number(key, number);
	err = dbk_txn_get(txn, shelf->history, dbk_str_make(key, sizeof key), out_bytes);
	if (err == DBK_OK && out_bytes->size < SUM_BYTES)
		return DBK_FAILED_DAMAGED;
	if (err == DBK_OK)
		out_bytes->size -= SUM_BYTES;
	return err;
}

enum dbk_err
dbk_shelf_note(const struct dbk_shelf *shelf, struct dbk_txn *txn,
	       enum dbk_shelf_note note, struct dbk_str *out_bytes)
{
	unsigned char key = (unsigned char)note;
	struct dbk_str bytes;
	enum dbk_err err =
	    dbk_txn_get(txn, shelf->notes, dbk_str_make(&key, 1), &bytes);

	if (err != DBK_OK)
		return err;
	if (!open_seal(&bytes))
		return DBK_FAILED_DAMAGED;
	*out_bytes = bytes;
	return DBK_OK;
}

/* Keys of PREFIX bytes and a number. */
static enum dbk_err
each(struct dbk_txn *txn, struct dbk_table table, unsigned prefix,
     dbk_shelf_take_fn *take, void *context)
{
	struct dbk_str key, value;
	struct dbk_scan *scan;
	enum dbk_err err = dbk_scan_open(txn, table, &scan);

	if (err != DBK_OK)
		return err;
	err = dbk_scan_first(scan, &key, &value);
	while (err == DBK_OK) {
		uint8_t first;

		if (key.size != prefix + 4 || !open_seal(&value)) {
			err = DBK_FAILED_DAMAGED;
			break;
		}
		first = prefix == 0 ? 0 : (uint8_t)key.bytes[0];
		err = take(context, first, get_number(key.bytes + prefix), value);
		if (err == DBK_OK)
			err = dbk_scan_next(scan, &key, &value);
	}
	dbk_scan_close(scan);
	return err == DBK_FAILED_NOT_FOUND ? DBK_OK : err;
}

enum dbk_err
dbk_shelf_each_names(const struct dbk_shelf *shelf, struct dbk_txn *txn,
		     dbk_shelf_take_fn *take, void *context)
{
	return each(txn, shelf->names, 0, take, context);
}

enum dbk_err
dbk_shelf_each_page(const struct dbk_shelf *shelf, struct dbk_txn *txn,
		    dbk_shelf_take_fn *take, void *context)
{
	return each(txn, shelf->heads, 1, take, context);
}

enum dbk_err
dbk_shelf_write_begin(struct dbk_shelf *shelf, uint64_t bytes_expected,
		      struct dbk_txn **out_txn, struct dbk_error *error)
{
	return dbk_txn_begin_write(shelf->store, bytes_expected, out_txn, error);
}

/* Behind a chunk stands its CRC-32C, little-endian. */
static void
put_sum(unsigned char *at, uint32_t sum)
{
	for (unsigned i = 0; i < SUM_BYTES; i++)
		at[i] = (unsigned char)(sum >> (8 * i));
}

static bool
open_sum(struct dbk_str *bytes)
{
	unsigned char sum[SUM_BYTES];

	if (bytes->size < SUM_BYTES)
		return false;
	bytes->size -= SUM_BYTES;
	put_sum(sum, dbk_crc32c_sum(bytes->bytes, bytes->size));
	return memcmp(sum, bytes->bytes + bytes->size, SUM_BYTES) == 0;
}

void
dbk_shelf_put_chunk(const struct dbk_shelf *shelf, struct dbk_txn *txn, uint32_t number,
		    struct dbk_str bytes, bool fresh)
{
	unsigned char key[4], value[DBK_CHUNK_BYTES + SUM_BYTES];
	struct dbk_str all = dbk_str_make(value, bytes.size + SUM_BYTES);

	dbk_assert(bytes.size <= DBK_CHUNK_BYTES);
	put_number(key, number);
	memcpy(value, bytes.bytes, bytes.size);
	put_sum(value + bytes.size, dbk_crc32c_sum(bytes.bytes, bytes.size));
	if (fresh)
		dbk_txn_append(txn, shelf->history, dbk_str_make(key, sizeof key), all);
	else
		dbk_txn_put(txn, shelf->history, dbk_str_make(key, sizeof key), all);
}

void
dbk_shelf_put_names(const struct dbk_shelf *shelf, struct dbk_txn *txn, uint32_t number,
		    struct dbk_str bytes)
{
	unsigned char key[4];

	put_number(key, number);
	put_sealed(txn, shelf->names, dbk_str_make(key, sizeof key), bytes);
}

void
dbk_shelf_put_page(const struct dbk_shelf *shelf, struct dbk_txn *txn, uint8_t table,
		   uint32_t page, struct dbk_str bytes)
{
	unsigned char key[KEY_BYTES_MAX];

	key[0] = table;
	put_number(key + 1, page);
	put_sealed(txn, shelf->heads, dbk_str_make(key, sizeof key), bytes);
}

void
dbk_shelf_put_note(const struct dbk_shelf *shelf, struct dbk_txn *txn,
		   enum dbk_shelf_note note, struct dbk_str bytes)
{
	unsigned char key = (unsigned char)note;

	put_sealed(txn, shelf->notes, dbk_str_make(&key, 1), bytes);
}

enum dbk_err
dbk_shelf_commit(struct dbk_txn *txn, struct dbk_error *error)
{
	return dbk_txn_commit(txn, error);
}

/* -------------------------------------------------------------------------- checking */

static enum dbk_err
check_table(struct dbk_txn *txn, struct dbk_table table, bool is_history,
	    uint64_t *values, struct dbk_error *error)
{
	struct dbk_str key, value;
	struct dbk_scan *scan;
	enum dbk_err err = dbk_scan_open(txn, table, &scan);

	if (err != DBK_OK)
		return err;
	err = dbk_scan_first(scan, &key, &value);
	for (; err == DBK_OK; err = dbk_scan_next(scan, &key, &value)) {
		if (!(is_history ? open_sum(&value) : open_seal(&value))) {
			err = dbk_error_set(error, DBK_FAILED_DAMAGED,
					    "value %llu is not as it was written",
					    (unsigned long long)*values);
			break;
		}
		++*values;
	}
	dbk_scan_close(scan);
	return err == DBK_FAILED_NOT_FOUND ? DBK_OK : err;
}

enum dbk_err
dbk_shelf_check(const char *dir, uint64_t *out_values, struct dbk_error *error)
{
	const struct dbk_store_options options = { .format = FORMAT,
						   .format_version = FORMAT_VERSION,
						   .format_oldest = FORMAT_VERSION,
						   .read_only = true };
	struct dbk_shelf shelf = { .store = NULL };
	struct dbk_txn *txn = NULL;
	enum dbk_err err = dbk_store_open(dir, &options, &shelf.store, error);

	*out_values = 0;
	if (err != DBK_OK)
		return err;
	err = open_tables(&shelf, error);
	if (err == DBK_OK)
		err = dbk_txn_begin_read(shelf.store, &txn, error);
	if (err == DBK_OK)
		err = check_table(txn, shelf.history, true, out_values, error);
	if (err == DBK_OK)
		err = check_table(txn, shelf.names, false, out_values, error);
	if (err == DBK_OK)
		err = check_table(txn, shelf.heads, false, out_values, error);
	if (err == DBK_OK)
		err = check_table(txn, shelf.notes, false, out_values, error);
	dbk_txn_abort(txn);
	dbk_store_close(shelf.store);
	return err;
}
