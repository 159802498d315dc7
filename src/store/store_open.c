#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
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

/* What LMDB writes when it makes a file, at its smallest page. */
#define HEADERS_BYTES ((off_t)2 * 4096)

_Static_assert(sizeof(size_t) == 8, "an environment is mapped as a whole");

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
	enum dbk_err err = dbk_store_path(store->dir, "lock.mdb", path, error);
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

static int
sync_dir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int code;

	if (fd < 0)
		return errno;
	code = fsync(fd) == 0 ? 0 : errno;
	(void)close(fd);
	return code;
}

/*
 * A process may end while it makes the file, and LMDB would call the rest invalid for
 * ever.  So the directory carries a marker until the first commit is durable: only a
 * marked file may be begun anew.  A file that is as short and has no marker once held
 * more, and the operator has to know.
 */
static enum dbk_err
begin_file(struct dbk_store *store, struct dbk_error *error)
{
	char path[PATH_MAX], marker[PATH_MAX];
	struct stat st = { 0 };
	enum dbk_err err = dbk_store_path(store->dir, "data.mdb", path, error);
	int fd;

	if (err == DBK_OK)
		err = dbk_store_path(store->dir, DBK_STORE_MARKER, marker, error);
	if (err != DBK_OK)
		return err;
	store->unfinished = access(marker, F_OK) == 0;
	if (stat(path, &st) != 0) {
		fd = open(marker, O_WRONLY | O_CREAT | O_CLOEXEC, FILE_MODE);
		if (fd < 0)
			return dbk_store_fail(store, errno, "begin a new file", error);
		(void)close(fd);
		store->unfinished = true;
		return DBK_OK;
	}
	if (st.st_size > HEADERS_BYTES)
		return DBK_OK;
	if (!store->unfinished)
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "%s: the file was cut to %lld bytes", store->dir,
				     (long long)st.st_size);
	if (truncate(path, 0) != 0)
		return dbk_store_fail(store, errno, "begin the file anew", error);
	return DBK_OK;
}

/*
 * Take the marker away, durably: once a commit has been acknowledged it must not come
 * back.  The entries that lead to the new file are synced with it.
 */
static enum dbk_err
finish_file(struct dbk_store *store, bool no_sync, struct dbk_error *error)
{
	char path[PATH_MAX];
	enum dbk_err err = dbk_store_path(store->dir, DBK_STORE_MARKER, path, error);
	int code;

	if (err != DBK_OK)
		return err;
	code = unlink(path) == 0 || errno == ENOENT ? 0 : errno;
	err = dbk_store_path(store->dir, "..", path, error);
	if (err != DBK_OK)
		return err;
	if (code == 0 && !no_sync)
		code = sync_dir(store->dir);
	if (code == 0 && !no_sync)
		code = sync_dir(path);
	return code == 0 ? DBK_OK
			 : dbk_store_fail(store, code, "finish the new file", error);
}

static enum dbk_err
prepare_dir(struct dbk_store *store, unsigned readers_max, struct dbk_error *error)
{
	enum dbk_err err;

	if (mkdir(store->dir, DIR_MODE) != 0 && errno != EEXIST)
		return dbk_store_fail(store, errno, "make the directory", error);
	err = dbk_lock_take(store->dir, &store->lock, error);
	if (err == DBK_OK)
		err = begin_file(store, error);
	if (err == DBK_OK)
		err = allocate_reader_table(store, readers_max, error);
	return err;
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

/* Reading a page that the file has lost would be a SIGBUS. */
static enum dbk_err
check_length(const struct dbk_store *store, struct dbk_error *error)
{
	MDB_envinfo info;
	uint64_t have, need;
	enum dbk_err err = dbk_store_file_bytes(store, &have, error);

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
	if (version < options->format_oldest)
		return dbk_error_set(
		    error, DBK_FAILED_VERSION,
		    "%s has version %" PRIu32 " of format \"%s\", this "
		    "program knows none before %" PRIu32,
		    store->dir, version, options->format, options->format_oldest);
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
	/* LMDB syncs what it commits, but not the headers of a new file. */
	err = options->no_sync ? DBK_OK : dbk_store_sync(store, error);
	if (err == DBK_OK)
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
	if (err == DBK_OK && store->unfinished)
		err = finish_file(store, options->no_sync, error);
	if (err != DBK_OK) {
		dbk_store_close(store);
		return err;
	}
	*out_store = store;
	return DBK_OK;
}
