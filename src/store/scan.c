#include "store/scan.h"

#include <errno.h>
#include <stdlib.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "store/store_private.h"

struct dbk_scan {
	MDB_cursor *cursor;
	struct dbk_txn *txn;
};

enum dbk_err
dbk_scan_open(struct dbk_txn *txn, struct dbk_table table, struct dbk_scan **out_scan)
{
	struct dbk_scan *scan;
	int code;

	if (txn->error.code != DBK_OK)
		return txn->error.code;
	scan = malloc(sizeof *scan);
	if (scan == NULL)
		return dbk_txn_fail(txn, ENOMEM, "open a scan");
	code = mdb_cursor_open(txn->mdb, table.handle, &scan->cursor);
	if (code != 0) {
		free(scan);
		return dbk_txn_fail(txn, code, "open a scan");
	}
	scan->txn = txn;
	*out_scan = scan;
	return DBK_OK;
}

void
dbk_scan_close(struct dbk_scan *scan)
{
	if (scan == NULL)
		return;
	mdb_cursor_close(scan->cursor);
	free(scan);
}

enum dbk_err
dbk_scan_renew(struct dbk_scan *scan)
{
	int code = mdb_cursor_renew(scan->txn->mdb, scan->cursor);

	return code == 0 ? DBK_OK : dbk_txn_fail(scan->txn, code, "go on with a scan");
}

static enum dbk_err
move(struct dbk_scan *scan, MDB_cursor_op op, struct dbk_str seek,
     struct dbk_str *out_key, struct dbk_str *out_value)
{
	MDB_val k = { seek.size, (void *)(uintptr_t)seek.bytes }, v;
	int code;

	if (scan->txn->error.code != DBK_OK)
		return scan->txn->error.code;
	code = mdb_cursor_get(scan->cursor, &k, &v, op);
	if (code != 0)
		return dbk_txn_fail(scan->txn, code, "scan");
	if (out_key != NULL)
		*out_key = dbk_str_make(k.mv_data, k.mv_size);
	if (out_value != NULL)
		*out_value = dbk_str_make(v.mv_data, v.mv_size);
	return DBK_OK;
}

static const struct dbk_str no_key = { NULL, 0 };

enum dbk_err
dbk_scan_first(struct dbk_scan *scan, struct dbk_str *out_key,
	       struct dbk_str *out_value)
{
	return move(scan, MDB_FIRST, no_key, out_key, out_value);
}

enum dbk_err
dbk_scan_last(struct dbk_scan *scan, struct dbk_str *out_key, struct dbk_str *out_value)
{
	return move(scan, MDB_LAST, no_key, out_key, out_value);
}

enum dbk_err
dbk_scan_seek(struct dbk_scan *scan, struct dbk_str key, struct dbk_str *out_key,
	      struct dbk_str *out_value)
{
	dbk_assert(key.size > 0 && key.size <= DBK_STORE_KEY_BYTES_MAX);
	return move(scan, MDB_SET_RANGE, key, out_key, out_value);
}

enum dbk_err
dbk_scan_seek_below(struct dbk_scan *scan, struct dbk_str key, struct dbk_str *out_key,
		    struct dbk_str *out_value)
{
	enum dbk_err err = dbk_scan_seek(scan, key, NULL, NULL);

	if (err == DBK_OK)
		return dbk_scan_prev(scan, out_key, out_value);
	if (err == DBK_FAILED_NOT_FOUND)
		return dbk_scan_last(scan, out_key, out_value);
	return err;
}

enum dbk_err
dbk_scan_next(struct dbk_scan *scan, struct dbk_str *out_key, struct dbk_str *out_value)
{
	return move(scan, MDB_NEXT, no_key, out_key, out_value);
}

enum dbk_err
dbk_scan_prev(struct dbk_scan *scan, struct dbk_str *out_key, struct dbk_str *out_value)
{
	return move(scan, MDB_PREV, no_key, out_key, out_value);
}
