#include "store/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store_private.h"

enum dbk_err
dbk_store_translate(int code)
{
	switch (code) {
	case MDB_SUCCESS:
		return DBK_OK;
	case MDB_NOTFOUND:
	case ENOENT:
		return DBK_FAILED_NOT_FOUND;
	case MDB_MAP_FULL:
		return DBK_FAILED_MAP_FULL;
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
	case MDB_INVALID:
	case MDB_CURSOR_FULL:
	case MDB_PAGE_FULL:
		return DBK_FAILED_DAMAGED;
	case MDB_VERSION_MISMATCH:
		return DBK_FAILED_VERSION;
	case MDB_DBS_FULL:
	case MDB_READERS_FULL:
	case MDB_TXN_FULL:
	case MDB_BAD_VALSIZE:
		return DBK_FAILED_LIMIT;
	case MDB_KEYEXIST:
	case MDB_PANIC:
	case MDB_MAP_RESIZED:
	case EROFS:
		return DBK_FAILED_STATE;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return DBK_FAILED_DISK_FULL;
	case ENOMEM:
		return DBK_FAILED_MEMORY;
	case EAGAIN:
	case EBUSY:
		return DBK_FAILED_LOCKED;
	default: /* LMDB's numbers and errno: an open set */
		return DBK_FAILED_IO;
	}
}

/* LMDB's own words where they say what to do, better ones where they do not. */
static const char *
words(int code)
{
	switch (code) {
	case MDB_PANIC:
		return "an earlier commit failed half-way; close and open again";
	case MDB_KEYEXIST:
		return "the key is not above the last one";
	case MDB_MAP_RESIZED:
		return "another process reserved more space; close and open again";
	default: /* as above */
		return mdb_strerror(code);
	}
}

enum dbk_err
dbk_store_fail(const struct dbk_store *store, int code, const char *what,
	       struct dbk_error *error)
{
	return dbk_error_set(error, dbk_store_translate(code), "%s: cannot %s: %s",
			     store->dir, what, words(code));
}

enum dbk_err
dbk_store_path(const char *dir, const char *name, char out[PATH_MAX],
	       struct dbk_error *error)
{
	int size = snprintf(out, PATH_MAX, "%s/%s", dir, name);

	if (size > 0 && size < PATH_MAX)
		return DBK_OK;
	return dbk_error_set(error, DBK_FAILED_LIMIT,
			     "the directory's name is longer than %d bytes", PATH_MAX);
}

enum dbk_err
dbk_store_file_bytes(const struct dbk_store *store, uint64_t *out_bytes,
		     struct dbk_error *error)
{
	struct stat st;
	mdb_filehandle_t fd;
	int code = mdb_env_get_fd(store->env, &fd);

	if (code == 0 && fstat(fd, &st) != 0)
		code = errno;
	if (code != 0)
		return dbk_store_fail(store, code, "look at the file", error);
	*out_bytes = (uint64_t)st.st_size;
	return DBK_OK;
}

void
dbk_store_close(struct dbk_store *store)
{
	if (store == NULL)
		return;
	if (store->env != NULL)
		mdb_env_close(store->env);
	dbk_lock_release(store->lock);
	free(store);
}

/* Open NAME inside a transaction of FLAGS; the handle outlives it if it commits. */
static int
open_table(struct dbk_store *store, const char *name, unsigned txn_flags,
	   unsigned table_flags, MDB_dbi *out_handle)
{
	MDB_txn *mdb;
	int code = mdb_txn_begin(store->env, NULL, txn_flags, &mdb);

	if (code != 0)
		return code;
	code = mdb_dbi_open(mdb, name, table_flags, out_handle);
	if (code == 0)
		return mdb_txn_commit(mdb);
	mdb_txn_abort(mdb);
	return code;
}

enum dbk_err
dbk_store_table(struct dbk_store *store, const char *name, struct dbk_table *out_table,
		struct dbk_error *error)
{
	MDB_dbi handle;
	int code = open_table(store, name, MDB_RDONLY, 0, &handle);

	if (code == MDB_NOTFOUND && !store->read_only)
		code = open_table(store, name, 0, MDB_CREATE, &handle);
	if (code != 0) {
		enum dbk_err err = dbk_store_fail(store, code, "open", error);

		dbk_error_prepend(error, "table \"%s\"", name);
		return err;
	}
	out_table->handle = handle;
	return DBK_OK;
}

enum dbk_err
dbk_store_sync(struct dbk_store *store, struct dbk_error *error)
{
	int code = mdb_env_sync(store->env, 1);

	return code == 0 ? DBK_OK : dbk_store_fail(store, code, "sync", error);
}

void
dbk_store_set_max_bytes(struct dbk_store *store, uint64_t max_bytes)
{
	atomic_store(&store->max_bytes, max_bytes);
}

/* LMDB keeps what each commit freed as a list headed by its length, in table 0. */
static int
sum_free_pages(MDB_txn *mdb, uint64_t *out_pages)
{
	const MDB_dbi free_table = 0;
	MDB_cursor *cursor;
	MDB_val key, value;
	uint64_t pages = 0;
	int code = mdb_cursor_open(mdb, free_table, &cursor);

	if (code != 0)
		return code;
	while ((code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
		size_t count;

		memcpy(&count, value.mv_data, sizeof count);
		pages += count;
	}
	mdb_cursor_close(cursor);
	if (code != MDB_NOTFOUND)
		return code;
	*out_pages = pages;
	return 0;
}

enum dbk_err
dbk_store_count_free(const struct dbk_store *store, uint64_t *out_bytes,
		     uint64_t *out_number, struct dbk_error *error)
{
	uint64_t pages = 0;
	MDB_txn *mdb;
	int code = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &mdb);

	if (code == 0) {
		*out_number = mdb_txn_id(mdb);
		code = sum_free_pages(mdb, &pages);
		mdb_txn_abort(mdb);
	}
	if (code != 0)
		return dbk_store_fail(store, code, "count free pages", error);
	*out_bytes = pages * store->page_bytes;
	return DBK_OK;
}

struct reader_list {
	uint64_t oldest;
	unsigned alive;
};

/* LMDB tells of its readers by text only: process, thread, commit or "-". */
static int
note_reader(const char *line, void *context)
{
	struct reader_list *list = context;
	uint64_t commit;
	int pid;

	if (sscanf(line, "%d %*x %" SCNu64, &pid, &commit) != 2)
		return 0;
	list->alive++;
	if (commit < list->oldest)
		list->oldest = commit;
	return 0;
}

enum dbk_err
dbk_store_stats(struct dbk_store *store, struct dbk_store_stats *out_stats,
		struct dbk_error *error)
{
	struct reader_list list = { UINT64_MAX, 0 };
	struct dbk_store_stats stats = { 0 };
	MDB_envinfo info;
	enum dbk_err err = dbk_store_file_bytes(store, &stats.file_bytes, error);

	if (err != DBK_OK)
		return err;
	(void)mdb_reader_list(store->env, note_reader, &list);
	err = dbk_store_count_free(store, &stats.free_bytes, &stats.last_txn, error);
	if (err != DBK_OK)
		return err;
	(void)mdb_env_info(store->env, &info);
	stats.used_bytes = (info.me_last_pgno + 1) * store->page_bytes;
	stats.reserved_bytes = store->reserved_bytes;
	stats.max_bytes = atomic_load(&store->max_bytes);
	if (stats.max_bytes == 0 || stats.max_bytes > store->reserved_bytes)
		stats.max_bytes = store->reserved_bytes;
	stats.readers = list.alive;
	stats.reader_lag = list.alive > 0 && list.oldest < stats.last_txn
			       ? stats.last_txn - list.oldest
			       : 0;
	*out_stats = stats;
	return DBK_OK;
}

const char *
dbk_store_dir(const struct dbk_store *store)
{
	return store->dir;
}

enum dbk_err
dbk_store_remove(const char *dir, struct dbk_error *error)
{
	static const char *const names[] = { "data.mdb", "lock.mdb", DBK_STORE_MARKER,
					     "LOCK" };
	char path[PATH_MAX];
	struct dbk_lock *lock = NULL;
	enum dbk_err err;

	if (access(dir, F_OK) != 0 && errno == ENOENT)
		return DBK_OK;
	err = dbk_lock_take(dir, &lock, error);
	for (size_t i = 0; err == DBK_OK && i < sizeof names / sizeof *names; i++) {
		err = dbk_store_path(dir, names[i], path, error);
		if (err == DBK_OK && unlink(path) != 0 && errno != ENOENT)
			err =
			    dbk_error_set(error, DBK_FAILED_IO, "cannot delete %s: %s",
					  path, strerror(errno));
	}
	dbk_lock_release(lock);
	if (err != DBK_OK)
		return err;
	if (rmdir(dir) != 0 && errno != ENOTEMPTY && errno != EEXIST)
		return dbk_error_set(error, DBK_FAILED_IO, "cannot delete %s: %s", dir,
				     strerror(errno));
	return DBK_OK;
}
