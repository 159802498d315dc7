#include "store/txn.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "store/store_private.h"

/* Pages of the tree and of LMDB's free list that a commit touches beside its values. */
#define COMMIT_SLACK_BYTES ((uint64_t)64 * 1024)

enum dbk_err
dbk_txn_fail(struct dbk_txn *txn, int code, const char *what)
{
	if (txn->error.code != DBK_OK)
		return txn->error.code;
	if (code == MDB_NOTFOUND)
		return DBK_FAILED_NOT_FOUND;
	return dbk_store_fail(txn->store, code, what, &txn->error);
}

/* True if the test that runs lets STEP go on. */
static bool
granted(struct dbk_txn *txn, enum dbk_store_step step)
{
	const struct dbk_store_fault *fault = &txn->store->fault;
	enum dbk_err err =
	    fault->ask == NULL ? DBK_OK : fault->ask(fault->context, step);

	if (err != DBK_OK)
		(void)dbk_error_set(&txn->error, err, "%s: fault asked for by a test",
				    txn->store->dir);
	return err == DBK_OK;
}

static enum dbk_err
check_room(const struct dbk_store *store, uint64_t bytes_expected,
	   struct dbk_error *error)
{
	uint64_t max = atomic_load(&store->max_bytes);
	uint64_t need, free_bytes, number;
	MDB_envinfo info;
	enum dbk_err err;

	if (max == 0 || max > store->reserved_bytes)
		max = store->reserved_bytes;
	if (bytes_expected > max)
		goto full;
	(void)mdb_env_info(store->env, &info);
	need = (info.me_last_pgno + 1) * store->page_bytes + bytes_expected +
	       COMMIT_SLACK_BYTES;
	if (need <= max)
		return DBK_OK;
	err = dbk_store_count_free(store, &free_bytes, &number, error);
	if (err != DBK_OK)
		return err;
	if (need - free_bytes <= max)
		return DBK_OK;
full:
	return dbk_error_set(error, DBK_FAILED_MAP_FULL,
			     "%s: the limit of %" PRIu64
			     " bytes has no room for %" PRIu64 " more",
			     store->dir, max, bytes_expected);
}

enum dbk_err
dbk_txn_begin_write(struct dbk_store *store, uint64_t bytes_expected,
		    struct dbk_txn **out_txn, struct dbk_error *error)
{
	struct dbk_txn *txn = &store->write;
	MDB_txn *mdb;
	enum dbk_err err;
	int code;

	if (store->read_only)
		return dbk_error_set(error, DBK_FAILED_STATE,
				     "%s is open for reading only", store->dir);
	code = mdb_txn_begin(store->env, NULL, 0, &mdb);
	if (code != 0)
		return dbk_store_fail(store, code, "begin to write", error);
	memset(txn, 0, sizeof *txn);
	txn->store = store;
	txn->writes = true;
	txn->bytes_expected = bytes_expected;
	err = check_room(store, bytes_expected, error);
	if (err == DBK_OK && !granted(txn, DBK_STORE_STEP_BEGIN))
		err = dbk_error_set(error, txn->error.code, "%s", txn->error.text);
	if (err != DBK_OK) {
		mdb_txn_abort(mdb);
		return err;
	}
	txn->mdb = mdb;
	*out_txn = txn;
	return DBK_OK;
}

enum dbk_err
dbk_txn_begin_read(struct dbk_store *store, struct dbk_txn **out_txn,
		   struct dbk_error *error)
{
	struct dbk_txn *txn = calloc(1, sizeof *txn);
	int code;

	if (txn == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY,
				     "%s: no memory to begin to read", store->dir);
	txn->store = store;
	code = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn->mdb);
	if (code != 0) {
		free(txn);
		return dbk_store_fail(store, code, "begin to read", error);
	}
	*out_txn = txn;
	return DBK_OK;
}

void
dbk_txn_rest(struct dbk_txn *txn)
{
	dbk_assert(!txn->writes);
	mdb_txn_reset(txn->mdb);
}

enum dbk_err
dbk_txn_renew(struct dbk_txn *txn, struct dbk_error *error)
{
	int code;

	dbk_assert(!txn->writes);
	code = mdb_txn_renew(txn->mdb);
	if (code != 0)
		return dbk_store_fail(txn->store, code, "go on reading", error);
	txn->error.code = DBK_OK;
	return DBK_OK;
}

/* A write cut short by a full disk comes out of LMDB as EIO. */
static int
tell_full_disk(const struct dbk_txn *txn, int code)
{
	struct statvfs fs;

	if (code != EIO || statvfs(txn->store->dir, &fs) != 0)
		return code;
	return (uint64_t)fs.f_bavail * fs.f_frsize <
		       txn->bytes_expected + COMMIT_SLACK_BYTES
		   ? ENOSPC
		   : code;
}

enum dbk_err
dbk_txn_commit(struct dbk_txn *txn, struct dbk_error *error)
{
	MDB_txn *mdb = txn->mdb;
	int code;

	dbk_assert(txn->writes);
	/* Whoever waits in begin may have the object as soon as LMDB's lock is free. */
	if (txn->error.code == DBK_OK && granted(txn, DBK_STORE_STEP_COMMIT)) {
		const struct dbk_txn mine = { .store = txn->store,
					      .bytes_expected = txn->bytes_expected };

		code = mdb_txn_commit(mdb);
		if (code == 0)
			return DBK_OK;
		return dbk_store_fail(mine.store, tell_full_disk(&mine, code), "commit",
				      error);
	}
	(void)dbk_error_set(error, txn->error.code, "%s", txn->error.text);
	code = txn->error.code;
	mdb_txn_abort(mdb);
	return (enum dbk_err)code;
}

void
dbk_txn_abort(struct dbk_txn *txn)
{
	bool writes;

	if (txn == NULL)
		return;
	writes = txn->writes;
	mdb_txn_abort(txn->mdb);
	if (!writes)
		free(txn);
}

enum dbk_err
dbk_txn_failed(const struct dbk_txn *txn)
{
	return txn->error.code;
}

uint64_t
dbk_txn_number(const struct dbk_txn *txn)
{
	return mdb_txn_id(txn->mdb);
}

static MDB_val
val_of(struct dbk_str s)
{
	MDB_val v = { s.size, (void *)(uintptr_t)s.bytes };

	return v;
}

static MDB_val
val_of_key(struct dbk_str key)
{
	dbk_assert(key.size > 0 && key.size <= DBK_STORE_KEY_BYTES_MAX);
	return val_of(key);
}

enum dbk_err
dbk_txn_get(struct dbk_txn *txn, struct dbk_table table, struct dbk_str key,
	    struct dbk_str *out_value)
{
	MDB_val k = val_of_key(key), v;
	int code;

	if (txn->error.code != DBK_OK)
		return txn->error.code;
	code = mdb_get(txn->mdb, table.handle, &k, &v);
	if (code != 0)
		return dbk_txn_fail(txn, code, "read");
	*out_value = dbk_str_make(v.mv_data, v.mv_size);
	return DBK_OK;
}

uint64_t
dbk_txn_count(struct dbk_txn *txn, struct dbk_table table)
{
	MDB_stat stat;
	int code;

	if (txn->error.code != DBK_OK)
		return 0;
	code = mdb_stat(txn->mdb, table.handle, &stat);
	if (code == 0)
		return stat.ms_entries;
	(void)dbk_txn_fail(txn, code, "count");
	return 0;
}

static void
put(struct dbk_txn *txn, struct dbk_table table, struct dbk_str key, MDB_val *value,
    unsigned flags)
{
	MDB_val k = val_of_key(key);
	int code;

	dbk_assert(txn->writes);
	if (txn->error.code != DBK_OK || !granted(txn, DBK_STORE_STEP_PUT))
		return;
	code = mdb_put(txn->mdb, table.handle, &k, value, flags);
	if (code != 0)
		(void)dbk_txn_fail(txn, code, "write");
}

static void *
reserve(struct dbk_txn *txn, struct dbk_table table, struct dbk_str key, size_t size,
	unsigned flags)
{
	MDB_val v = { size, NULL };

	put(txn, table, key, &v, flags | MDB_RESERVE);
	return txn->error.code == DBK_OK ? v.mv_data : NULL;
}

void
dbk_txn_put(struct dbk_txn *txn, struct dbk_table table, struct dbk_str key,
	    struct dbk_str value)
{
	MDB_val v = val_of(value);

	put(txn, table, key, &v, 0);
}

void
dbk_txn_append(struct dbk_txn *txn, struct dbk_table table, struct dbk_str key,
	       struct dbk_str value)
{
	MDB_val v = val_of(value);

	put(txn, table, key, &v, MDB_APPEND);
}

void *
dbk_txn_reserve(struct dbk_txn *txn, struct dbk_table table, struct dbk_str key,
		size_t size)
{
	return reserve(txn, table, key, size, 0);
}

void *
dbk_txn_append_reserve(struct dbk_txn *txn, struct dbk_table table, struct dbk_str key,
		       size_t size)
{
	return reserve(txn, table, key, size, MDB_APPEND);
}

void
dbk_txn_delete(struct dbk_txn *txn, struct dbk_table table, struct dbk_str key)
{
	MDB_val k = val_of_key(key);
	int code;

	dbk_assert(txn->writes);
	if (txn->error.code != DBK_OK || !granted(txn, DBK_STORE_STEP_DELETE))
		return;
	code = mdb_del(txn->mdb, table.handle, &k, NULL);
	if (code != 0)
		(void)dbk_txn_fail(txn, code, "delete");
}

void
dbk_txn_clear(struct dbk_txn *txn, struct dbk_table table)
{
	const int keep_table = 0;
	int code;

	dbk_assert(txn->writes);
	if (txn->error.code != DBK_OK || !granted(txn, DBK_STORE_STEP_DELETE))
		return;
	code = mdb_drop(txn->mdb, table.handle, keep_table);
	if (code != 0)
		(void)dbk_txn_fail(txn, code, "clear a table");
}
