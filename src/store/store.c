#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "store/store_private.h"

#define FORMAT_TABLE "format"
#define FORMAT_NAME_BYTES_MAX 32
#define FILE_MODE 0600
#define DIR_MODE 0700

_Static_assert(sizeof(size_t) == 8, "an environment is mapped as a whole");

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

static enum dbk_err
make_path(const char *dir, const char *name, char out[PATH_MAX],
	  struct dbk_error *error)
{
	int size = snprintf(out, PATH_MAX, "%s/%s", dir, name);

	if (size > 0 && size < PATH_MAX)
		return DBK_OK;
	return dbk_error_set(error, DBK_FAILED_LIMIT,
			     "the directory's name is longer than %d bytes", PATH_MAX);
}

/*
 * LMDB maps its table of readers from a sparse file: on a full disk the first use of a
 * slot would be a SIGBUS, and a reader must not die of that.  So its blocks are had
 * before the environment is opened.  (Afterwards it would be too late: closing another
 * descriptor of that file drops LMDB's locks on it.)
 */
static enum dbk_err
allocate_reader_table(const struct dbk_store *store, unsigned readers_max,
		      struct dbk_error *error)
{
	const off_t slot_bytes = 64, header_slots = 4, page_bytes = 4096;
	off_t bytes = ((off_t)readers_max + header_slots) * slot_bytes;
	char path[PATH_MAX];
	enum dbk_err err = make_path(store->dir, "lock.mdb", path, error);
	int fd, code;

	if (err != DBK_OK)
		return err;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
	if (fd < 0)
		return dbk_store_fail(store, errno, "make the table of readers", error);
	code =
	    posix_fallocate(fd, 0, (bytes + page_bytes - 1) / page_bytes * page_bytes);
	(void)close(fd);
	if (code == EOPNOTSUPP || code == EINVAL)
		code = 0;
	return code == 0
		   ? DBK_OK
		   : dbk_store_fail(store, code, "make the table of readers", error);
}

static enum dbk_err
prepare_dir(struct dbk_store *store, unsigned readers_max, struct dbk_error *error)
{
	enum dbk_err err;

	if (mkdir(store->dir, DIR_MODE) != 0 && errno != EEXIST)
		return dbk_store_fail(store, errno, "make the directory", error);
	err = dbk_lock_take(store->dir, &store->lock, error);
	if (err != DBK_OK)
		return err;
	return allocate_reader_table(store, readers_max, error);
}

/* One attempt; a failed mdb_env_open leaves an environment only good for closing. */
static int
try_env(struct dbk_store *store, const struct dbk_store_options *options,
	uint64_t reserve_bytes)
{
	unsigned tables =
	    options->tables_max == 0 ? DBK_STORE_TABLES_DEFAULT : options->tables_max;
	unsigned readers = options->readers_max == 0 ? DBK_STORE_READERS_DEFAULT
						     : options->readers_max;
	unsigned flags = MDB_NOTLS | (options->read_only ? MDB_RDONLY : 0u) |
			 (options->no_sync ? MDB_NOSYNC : 0u);
	int code = mdb_env_create(&store->env);

	if (code != 0) {
		store->env = NULL;
		return code;
	}
	code = mdb_env_set_mapsize(store->env, (size_t)reserve_bytes);
	if (code == 0)
		code = mdb_env_set_maxdbs(store->env, tables + 1);
	if (code == 0)
		code = mdb_env_set_maxreaders(store->env, readers);
	if (code == 0)
		code = mdb_env_open(store->env, store->dir, flags, FILE_MODE);
	if (code == 0)
		return 0;
	mdb_env_close(store->env);
	store->env = NULL;
	return code;
}

static enum dbk_err
open_env(struct dbk_store *store, const struct dbk_store_options *options,
	 struct dbk_error *error)
{
	uint64_t bytes = options->reserve_bytes == 0 ? (uint64_t)DBK_STORE_RESERVE_BYTES
						     : options->reserve_bytes;
	int dead, code = try_env(store, options, bytes);
	MDB_envinfo info;
	MDB_stat stat;

	while (code == ENOMEM && bytes / 4 >= (uint64_t)DBK_STORE_RESERVE_BYTES_MIN) {
		bytes /= 4;
		code = try_env(store, options, bytes);
	}
	if (code == 0)
		code = mdb_reader_check(store->env, &dead);
	if (code == 0)
		code = mdb_env_info(store->env, &info);
	if (code == 0)
		code = mdb_env_stat(store->env, &stat);
	if (code != 0)
		return dbk_store_fail(store, code, "open the store", error);
	store->reserved_bytes = info.me_mapsize;
	store->page_bytes = stat.ms_psize;
	return DBK_OK;
}

static enum dbk_err
file_bytes(const struct dbk_store *store, uint64_t *out_bytes, struct dbk_error *error)
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

/* Reading a page that the file has lost would be a SIGBUS. */
static enum dbk_err
check_length(const struct dbk_store *store, struct dbk_error *error)
{
	MDB_envinfo info;
	uint64_t have, need;
	enum dbk_err err = file_bytes(store, &have, error);

	if (err != DBK_OK)
		return err;
	(void)mdb_env_info(store->env, &info);
	need = (info.me_last_pgno + 1) * store->page_bytes;
	if (have >= need)
		return DBK_OK;
	return dbk_error_set(error, DBK_FAILED_DAMAGED,
			     "%s: the file has %" PRIu64
			     " bytes, its newest commit needs %" PRIu64,
			     store->dir, have, need);
}

static enum dbk_err
compare_format(const struct dbk_store *store, const struct dbk_store_options *options,
	       struct dbk_str value, struct dbk_error *error)
{
	uint32_t version = 0;

	if (value.size < 4)
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "%s: the format entry has %u bytes", store->dir,
				     value.size);
	for (unsigned i = 0; i < 4; i++)
		version |= (uint32_t)(unsigned char)value.bytes[i] << (8 * i);
	if (!dbk_str_equal(dbk_str_make(value.bytes + 4, value.size - 4),
			   dbk_str_of(options->format)))
		return dbk_error_set(error, DBK_FAILED_STATE,
				     "%s holds \"%.*s\", not \"%s\"", store->dir,
				     (int)(value.size - 4), value.bytes + 4,
				     options->format);
	if (version > options->format_version)
		return dbk_error_set(
		    error, DBK_FAILED_VERSION,
		    "%s has version %" PRIu32 " of format \"%s\", this "
		    "program knows up to %" PRIu32,
		    store->dir, version, options->format, options->format_version);
	return DBK_OK;
}

static enum dbk_err
write_format(struct dbk_store *store, const struct dbk_store_options *options,
	     struct dbk_table table, struct dbk_error *error)
{
	unsigned char value[4 + FORMAT_NAME_BYTES_MAX];
	size_t size = strlen(options->format);
	struct dbk_txn *txn;
	enum dbk_err err;

	dbk_assert(size > 0 && size <= FORMAT_NAME_BYTES_MAX);
	for (unsigned i = 0; i < 4; i++)
		value[i] = (unsigned char)(options->format_version >> (8 * i));
	memcpy(value + 4, options->format, size);
	err = dbk_txn_begin_write(store, sizeof value, &txn, error);
	if (err != DBK_OK)
		return err;
	dbk_txn_put(txn, table, dbk_str_of(FORMAT_TABLE),
		    dbk_str_make(value, 4 + size));
	return dbk_txn_commit(txn, error);
}

static enum dbk_err
check_format(struct dbk_store *store, const struct dbk_store_options *options,
	     struct dbk_error *error)
{
	struct dbk_table table;
	struct dbk_txn *txn;
	struct dbk_str value;
	enum dbk_err err = dbk_store_table(store, FORMAT_TABLE, &table, error);

	if (err == DBK_FAILED_NOT_FOUND)
		return dbk_error_set(error, DBK_FAILED_STATE,
				     "%s was not made by daybook, or never finished",
				     store->dir);
	if (err != DBK_OK)
		return err;
	err = dbk_txn_begin_read(store, &txn, error);
	if (err != DBK_OK)
		return err;
	err = dbk_txn_get(txn, table, dbk_str_of(FORMAT_TABLE), &value);
	if (err == DBK_OK)
		err = compare_format(store, options, value, error);
	else if (err != DBK_FAILED_NOT_FOUND || store->read_only)
		(void)dbk_error_set(error, err, "%s: cannot read the format entry",
				    store->dir);
	dbk_txn_abort(txn);
	if (err == DBK_FAILED_NOT_FOUND && !store->read_only)
		err = write_format(store, options, table, error);
	return err;
}

enum dbk_err
dbk_store_open(const char *dir, const struct dbk_store_options *options,
	       struct dbk_store **out_store, struct dbk_error *error)
{
	unsigned readers = options->readers_max == 0 ? DBK_STORE_READERS_DEFAULT
						     : options->readers_max;
	struct dbk_store *store;
	enum dbk_err err;

	dbk_assert(options->format != NULL && options->format_version > 0);
	if (strlen(dir) >= sizeof store->dir)
		return dbk_error_set(error, DBK_FAILED_LIMIT,
				     "the directory's name is longer than %d bytes",
				     PATH_MAX);
	store = calloc(1, sizeof *store);
	if (store == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "no memory to open %s",
				     dir);
	memcpy(store->dir, dir, strlen(dir) + 1);
	store->read_only = options->read_only;
	store->fault = options->fault;
	atomic_init(&store->max_bytes, options->max_bytes);

	err = store->read_only ? DBK_OK : prepare_dir(store, readers, error);
	if (err == DBK_OK)
		err = open_env(store, options, error);
	if (err == DBK_OK)
		err = check_length(store, error);
	if (err == DBK_OK)
		err = check_format(store, options, error);
	if (err != DBK_OK) {
		dbk_store_close(store);
		return err;
	}
	*out_store = store;
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
	enum dbk_err err = file_bytes(store, &stats.file_bytes, error);

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
	static const char *const names[] = { "data.mdb", "lock.mdb", "LOCK" };
	char path[PATH_MAX];
	struct dbk_lock *lock = NULL;
	enum dbk_err err;

	if (access(dir, F_OK) != 0 && errno == ENOENT)
		return DBK_OK;
	err = dbk_lock_take(dir, &lock, error);
	for (size_t i = 0; err == DBK_OK && i < sizeof names / sizeof *names; i++) {
		err = make_path(dir, names[i], path, error);
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
