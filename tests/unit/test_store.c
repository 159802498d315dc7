#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/tmpdir.h"
#include "store/scan.h"
#include "store/store.h"
#include "store/txn.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

#define MIB ((uint64_t)1024 * 1024)

static struct dbk_error error;
static char dir[TMPDIR_BYTES];

static struct dbk_store_options
plain(void)
{
	struct dbk_store_options options = { .format = "test",
					     .format_version = 3,
					     .no_sync = true };

	return options;
}

static struct dbk_store *
open_with(struct dbk_store_options options)
{
	struct dbk_store *store = NULL;

	memset(&error, 0, sizeof error);
	if (!CHECK_INT(dbk_store_open(dir, &options, &store, &error), DBK_OK)) {
		fprintf(stderr, "%s\n", error.text);
		exit(1);
	}
	return store;
}

static struct dbk_store *
open_plain(void)
{
	return open_with(plain());
}

static enum dbk_err
try_open(struct dbk_store_options options)
{
	struct dbk_store *store = NULL;
	enum dbk_err err;

	memset(&error, 0, sizeof error);
	err = dbk_store_open(dir, &options, &store, &error);
	dbk_store_close(store);
	return err;
}

static struct dbk_table
table_of(struct dbk_store *store, const char *name)
{
	struct dbk_table table = { 0 };

	CHECK_INT(dbk_store_table(store, name, &table, &error), DBK_OK);
	return table;
}

static struct dbk_txn *
begin_write(struct dbk_store *store)
{
	struct dbk_txn *txn = NULL;

	if (!CHECK_INT(dbk_txn_begin_write(store, 0, &txn, &error), DBK_OK))
		exit(1);
	return txn;
}

static struct dbk_txn *
begin_read(struct dbk_store *store)
{
	struct dbk_txn *txn = NULL;

	if (!CHECK_INT(dbk_txn_begin_read(store, &txn, &error), DBK_OK))
		exit(1);
	return txn;
}

static void
put(struct dbk_txn *txn, struct dbk_table table, const char *key, const char *value)
{
	dbk_txn_put(txn, table, dbk_str_of(key), dbk_str_of(value));
}

static bool
has(struct dbk_txn *txn, struct dbk_table table, const char *key, const char *value)
{
	struct dbk_str got;

	return dbk_txn_get(txn, table, dbk_str_of(key), &got) == DBK_OK &&
	       dbk_str_equal(got, dbk_str_of(value));
}

static enum dbk_err
put_alone(struct dbk_store *store, struct dbk_table table, const char *key,
	  const char *value)
{
	struct dbk_txn *txn;
	enum dbk_err err = dbk_txn_begin_write(store, 0, &txn, &error);

	if (err != DBK_OK)
		return err;
	put(txn, table, key, value);
	return dbk_txn_commit(txn, &error);
}

static bool
has_alone(struct dbk_store *store, struct dbk_table table, const char *key,
	  const char *value)
{
	struct dbk_txn *txn = begin_read(store);
	bool is = has(txn, table, key, value);

	dbk_txn_abort(txn);
	return is;
}

static void
test_keeps(void)
{
	struct dbk_store *store = open_plain();
	struct dbk_table table = table_of(store, "a");

	CHECK_INT(put_alone(store, table, "k", "v"), DBK_OK);
	CHECK_INT(dbk_store_sync(store, &error), DBK_OK);
	dbk_store_close(store);
	store = open_plain();
	table = table_of(store, "a");
	CHECK(has_alone(store, table, "k", "v"));
	CHECK(strcmp(dbk_store_dir(store), dir) == 0);
	dbk_store_close(store);
	dbk_store_close(NULL);
}

static void
test_abort(void)
{
	struct dbk_store *store = open_plain();
	struct dbk_table table = table_of(store, "a");
	struct dbk_txn *txn = begin_write(store);

	put(txn, table, "gone", "v");
	CHECK(has(txn, table, "gone", "v"));
	dbk_txn_abort(txn);
	dbk_txn_abort(NULL);
	CHECK(!has_alone(store, table, "gone", "v"));
	dbk_store_close(store);
}

static void
test_sticky(void)
{
	struct dbk_store *store = open_plain();
	struct dbk_table table = table_of(store, "sticky");
	struct dbk_txn *txn = begin_write(store);
	struct dbk_str value;

	dbk_txn_append(txn, table, dbk_str_of("b"), dbk_str_of("1"));
	CHECK_INT(dbk_txn_failed(txn), DBK_OK);
	dbk_txn_append(txn, table, dbk_str_of("a"), dbk_str_of("2"));
	CHECK_INT(dbk_txn_failed(txn), DBK_FAILED_STATE);
	put(txn, table, "c", "3");
	dbk_txn_delete(txn, table, dbk_str_of("b"));
	dbk_txn_clear(txn, table);
	CHECK(dbk_txn_reserve(txn, table, dbk_str_of("d"), 8) == NULL);
	CHECK_INT(dbk_txn_get(txn, table, dbk_str_of("b"), &value), DBK_FAILED_STATE);
	CHECK_INT(dbk_txn_count(txn, table), 0);
	CHECK_INT(dbk_txn_commit(txn, &error), DBK_FAILED_STATE);
	CHECK(strstr(error.text, "not above the last") != NULL);
	CHECK(strstr(error.text, dir) != NULL);
	txn = begin_read(store);
	CHECK_INT(dbk_txn_count(txn, table), 0);
	dbk_txn_abort(txn);
	CHECK_INT(put_alone(store, table, "b", "1"), DBK_OK);
	dbk_store_close(store);
}

static enum dbk_err
fail_at(void *context, enum dbk_store_step step)
{
	const enum dbk_store_step *at = context;

	return step == *at ? DBK_FAILED_IO : DBK_OK;
}

static void
test_faults(void)
{
	enum dbk_store_step at = DBK_STORE_STEP_COMMIT;
	struct dbk_store_options options = plain();
	struct dbk_store *store;
	struct dbk_table table;
	struct dbk_txn *txn;

	dbk_store_close(open_plain());
	options.fault.ask = fail_at;
	options.fault.context = &at;
	store = open_with(options);
	table = table_of(store, "faults");
	CHECK_INT(put_alone(store, table, "k", "v"), DBK_FAILED_IO);
	at = DBK_STORE_STEP_PUT;
	CHECK_INT(put_alone(store, table, "k", "v"), DBK_FAILED_IO);
	at = DBK_STORE_STEP_BEGIN;
	CHECK_INT(put_alone(store, table, "k", "v"), DBK_FAILED_IO);
	CHECK(strstr(error.text, "fault") != NULL);
	at = DBK_STORE_STEP_DELETE;
	CHECK_INT(put_alone(store, table, "k", "v"), DBK_OK);
	txn = begin_write(store);
	dbk_txn_delete(txn, table, dbk_str_of("k"));
	CHECK_INT(dbk_txn_commit(txn, &error), DBK_FAILED_IO);
	CHECK(has_alone(store, table, "k", "v"));
	dbk_store_close(store);
}

static void
test_values(void)
{
	struct dbk_store *store = open_plain();
	struct dbk_table table = table_of(store, "values");
	struct dbk_txn *txn = begin_write(store);
	struct dbk_str value;
	char key[DBK_STORE_KEY_BYTES_MAX];
	unsigned char *out;

	memset(key, 'k', sizeof key);
	dbk_txn_put(txn, table, dbk_str_make(key, sizeof key), dbk_str_of(""));
	put(txn, table, "a", "old");
	put(txn, table, "a", "new");
	put(txn, table, "z", "z");
	dbk_txn_delete(txn, table, dbk_str_of("z"));
	dbk_txn_delete(txn, table, dbk_str_of("never there"));
	out = dbk_txn_reserve(txn, table, dbk_str_of("r"), MIB);
	memset(out, 7, MIB);
	out = dbk_txn_append_reserve(txn, table, dbk_str_of("zz"), 3);
	memcpy(out, "end", 3);
	CHECK_INT(dbk_txn_commit(txn, &error), DBK_OK);

	txn = begin_read(store);
	CHECK_INT(dbk_txn_count(txn, table), 4);
	CHECK(has(txn, table, "a", "new"));
	CHECK(has(txn, table, "zz", "end"));
	CHECK_INT(dbk_txn_get(txn, table, dbk_str_of("z"), &value),
		  DBK_FAILED_NOT_FOUND);
	CHECK_INT(dbk_txn_failed(txn), DBK_OK);
	CHECK_INT(dbk_txn_get(txn, table, dbk_str_make(key, sizeof key), &value),
		  DBK_OK);
	CHECK_INT(value.size, 0);
	CHECK_INT(dbk_txn_get(txn, table, dbk_str_of("r"), &value), DBK_OK);
	CHECK_INT(value.size, MIB);
	CHECK_INT(value.bytes[MIB - 1], 7);
	dbk_txn_abort(txn);

	txn = begin_write(store);
	dbk_txn_clear(txn, table);
	CHECK_INT(dbk_txn_commit(txn, &error), DBK_OK);
	txn = begin_read(store);
	CHECK_INT(dbk_txn_count(txn, table), 0);
	dbk_txn_abort(txn);
	dbk_store_close(store);
}

static bool
at(enum dbk_err err, struct dbk_str key, const char *want)
{
	return err == DBK_OK && dbk_str_equal(key, dbk_str_of(want));
}

static void
check_moves(struct dbk_scan *s)
{
	struct dbk_str k = { NULL, 0 }, v;

	CHECK(at(dbk_scan_seek(s, dbk_str_of("c"), &k, &v), k, "d"));
	CHECK(at(dbk_scan_seek(s, dbk_str_of("d"), &k, &v), k, "d"));
	CHECK(at(dbk_scan_prev(s, &k, NULL), k, "b"));
	CHECK_INT(dbk_scan_prev(s, &k, &v), DBK_FAILED_NOT_FOUND);
	CHECK_INT(dbk_scan_seek(s, dbk_str_of("g"), &k, &v), DBK_FAILED_NOT_FOUND);
	CHECK(at(dbk_scan_first(s, &k, &v), k, "b"));
	CHECK(dbk_str_equal(v, dbk_str_of("1")));
	CHECK(at(dbk_scan_next(s, &k, &v), k, "d"));
	CHECK(at(dbk_scan_next(s, &k, &v), k, "f"));
	CHECK_INT(dbk_scan_next(s, NULL, NULL), DBK_FAILED_NOT_FOUND);
	CHECK(at(dbk_scan_last(s, &k, NULL), k, "f"));
	CHECK(at(dbk_scan_seek_below(s, dbk_str_of("d"), &k, &v), k, "b"));
	CHECK(at(dbk_scan_seek_below(s, dbk_str_of("e"), &k, &v), k, "d"));
	CHECK(at(dbk_scan_seek_below(s, dbk_str_of("x"), &k, &v), k, "f"));
	CHECK_INT(dbk_scan_seek_below(s, dbk_str_of("b"), &k, &v),
		  DBK_FAILED_NOT_FOUND);
	CHECK_INT(dbk_scan_seek_below(s, dbk_str_of("a"), &k, &v),
		  DBK_FAILED_NOT_FOUND);
}

static void
test_scan(void)
{
	struct dbk_store *store = open_plain();
	struct dbk_table table = table_of(store, "scan");
	struct dbk_txn *txn = begin_write(store);
	struct dbk_scan *scan = NULL;
	struct dbk_str key = { NULL, 0 };

	CHECK_INT(dbk_scan_open(txn, table, &scan), DBK_OK);
	CHECK_INT(dbk_scan_first(scan, NULL, NULL), DBK_FAILED_NOT_FOUND);
	CHECK_INT(dbk_scan_last(scan, NULL, NULL), DBK_FAILED_NOT_FOUND);
	CHECK_INT(dbk_scan_seek_below(scan, dbk_str_of("a"), NULL, NULL),
		  DBK_FAILED_NOT_FOUND);
	put(txn, table, "f", "3");
	put(txn, table, "b", "1");
	put(txn, table, "d", "2");
	check_moves(scan);
	dbk_scan_close(scan);
	dbk_scan_close(NULL);
	CHECK_INT(dbk_txn_commit(txn, &error), DBK_OK);

	txn = begin_read(store);
	CHECK_INT(dbk_scan_open(txn, table, &scan), DBK_OK);
	check_moves(scan);
	dbk_txn_rest(txn);
	CHECK_INT(put_alone(store, table, "g", "4"), DBK_OK);
	CHECK_INT(dbk_txn_renew(txn, &error), DBK_OK);
	CHECK_INT(dbk_scan_renew(scan), DBK_OK);
	CHECK(at(dbk_scan_last(scan, &key, NULL), key, "g"));
	dbk_scan_close(scan);
	dbk_txn_abort(txn);
	dbk_store_close(store);
}

static void
test_snapshot(void)
{
	struct dbk_store_options options = plain();
	struct dbk_store *store;
	struct dbk_store_stats stats;
	struct dbk_table table;
	struct dbk_txn *txn;

	options.readers_max = 10;
	store = open_with(options);
	table = table_of(store, "a");
	CHECK_INT(dbk_store_stats(store, &stats, &error), DBK_OK);
	CHECK_INT(stats.readers, 0);
	CHECK_INT(stats.reader_lag, 0);
	txn = begin_read(store);
	for (int i = 0; i < 5; i++)
		CHECK_INT(put_alone(store, table, "k", i % 2 == 0 ? "even" : "odd"),
			  DBK_OK);
	CHECK(!has(txn, table, "k", "even"));
	CHECK_INT(dbk_store_stats(store, &stats, &error), DBK_OK);
	CHECK_INT(stats.readers, 1);
	CHECK_INT(stats.reader_lag, 5);
	CHECK_INT(stats.last_txn, dbk_txn_number(txn) + 5);
	dbk_txn_rest(txn);
	CHECK_INT(dbk_store_stats(store, &stats, &error), DBK_OK);
	CHECK_INT(stats.readers, 0);
	CHECK_INT(dbk_txn_renew(txn, &error), DBK_OK);
	CHECK(has(txn, table, "k", "even"));
	dbk_txn_abort(txn);
	dbk_store_close(store);
}

/* The file of slots is a whole page, so there are a few more than were asked for. */
static void
test_reader_slots(void)
{
	struct dbk_store_options options = plain();
	struct dbk_store *store;
	struct dbk_txn *txns[300];
	size_t n = 0;

	options.readers_max = 2;
	store = open_with(options);
	while (n < 300 && dbk_txn_begin_read(store, &txns[n], &error) == DBK_OK)
		n++;
	CHECK(n >= 2 && n < 300);
	CHECK_INT(error.code, DBK_FAILED_LIMIT);
	dbk_txn_abort(txns[--n]);
	CHECK_INT(dbk_txn_begin_read(store, &txns[n++], &error), DBK_OK);
	while (n > 0)
		dbk_txn_abort(txns[--n]);
	dbk_store_close(store);
}

static void
test_lock(void)
{
	struct dbk_store *store = open_plain();
	char pid[32];

	(void)snprintf(pid, sizeof pid, "process %ld", (long)getpid());
	CHECK_INT(try_open(plain()), DBK_FAILED_LOCKED);
	CHECK(strstr(error.text, pid) != NULL);
	CHECK_INT(dbk_store_remove(dir, &error), DBK_FAILED_LOCKED);
	if (fork() == 0)
		_exit(try_open(plain()) == DBK_FAILED_LOCKED &&
			      strstr(error.text, pid) != NULL
			  ? 0
			  : 1);
	int status = 1;
	(void)wait(&status);
	CHECK_INT(status, 0);
	dbk_store_close(store);
	CHECK_INT(try_open(plain()), DBK_OK);
}

/* A child opens the store, reads, and is killed; its lock and its slot are free then.
 */
static void
test_killed_process(void)
{
	int up[2], status;
	struct dbk_store *store;
	struct dbk_store_stats stats;
	pid_t child;
	char byte = 0;

	CHECK_INT(pipe(up), 0);
	child = fork();
	if (child == 0) {
		store = open_plain();
		(void)begin_read(store);
		if (write(up[1], "x", 1) == 1)
			(void)pause();
		_exit(1);
	}
	CHECK_INT(read(up[0], &byte, 1), 1);
	(void)kill(child, SIGKILL);
	(void)waitpid(child, &status, 0);
	store = open_plain();
	CHECK_INT(dbk_store_stats(store, &stats, &error), DBK_OK);
	CHECK_INT(stats.readers, 0);
	dbk_store_close(store);
	(void)close(up[0]);
	(void)close(up[1]);
}

static void
test_formats(void)
{
	struct dbk_store_options options = plain();

	dbk_store_close(open_plain());
	options.format_version = 2;
	CHECK_INT(try_open(options), DBK_FAILED_VERSION);
	CHECK(strstr(error.text, "version 3") != NULL);
	options.format_version = 4;
	CHECK_INT(try_open(options), DBK_OK);
	options.format = "other";
	CHECK_INT(try_open(options), DBK_FAILED_STATE);
	CHECK(strstr(error.text, "\"test\", not \"other\"") != NULL);
	options.read_only = true;
	CHECK_INT(try_open(options), DBK_FAILED_STATE);
}

static void
path_of(const char *name, char out[512])
{
	(void)snprintf(out, 512, "%s/%s", dir, name);
}

static void
test_damaged_files(void)
{
	char path[512];
	struct stat st;
	FILE *file;
	struct dbk_store *store = open_plain();
	struct dbk_table table = table_of(store, "a");

	for (int i = 0; i < 20; i++)
		CHECK_INT(put_alone(store, table, "k", "v"), DBK_OK);
	dbk_store_close(store);
	path_of("data.mdb", path);
	CHECK_INT(stat(path, &st), 0);
	CHECK_INT(truncate(path, st.st_size - 4096), 0);
	CHECK_INT(try_open(plain()), DBK_FAILED_DAMAGED);
	CHECK(strstr(error.text, "needs") != NULL);
	CHECK_INT(truncate(path, 100), 0);
	CHECK_INT(try_open(plain()), DBK_FAILED_DAMAGED);
	file = fopen(path, "w");
	if (file != NULL) {
		for (int i = 0; i < 20000; i++)
			(void)fputc('x', file);
		(void)fclose(file);
	}
	CHECK_INT(try_open(plain()), DBK_FAILED_DAMAGED);
}

/* What a process leaves that is killed while it makes the file. */
static void
test_unfinished(void)
{
	char data[512], marker[512];
	struct dbk_store *store;

	path_of("data.mdb", data);
	path_of("UNFINISHED", marker);
	for (int size = 0; size <= 8192; size += 1024) {
		fclose(fopen(data, "w"));
		CHECK_INT(truncate(data, size), 0);
		CHECK_INT(try_open(plain()), DBK_FAILED_DAMAGED);
		fclose(fopen(marker, "w"));
		CHECK_INT(try_open(plain()), DBK_OK);
		CHECK(access(marker, F_OK) != 0);
		CHECK_INT(unlink(data), 0);
	}
	store = open_plain();
	CHECK_INT(put_alone(store, table_of(store, "a"), "k", "v"), DBK_OK);
	dbk_store_close(store);
	fclose(fopen(marker, "w"));
	store = open_plain();
	CHECK(has_alone(store, table_of(store, "a"), "k", "v"));
	dbk_store_close(store);
}

static void
test_no_directory(void)
{
	struct dbk_store_options options = plain();
	struct dbk_store *store = NULL;
	char path[512];

	path_of("a/b", path);
	CHECK_INT(dbk_store_open(path, &options, &store, &error), DBK_FAILED_NOT_FOUND);
	path_of("LOCK", path);
	options.read_only = true;
	CHECK_INT(try_open(options), DBK_FAILED_NOT_FOUND);
	CHECK(access(path, F_OK) != 0);
	path_of("file", path);
	fclose(fopen(path, "w"));
	options.read_only = false;
	CHECK(dbk_store_open(path, &options, &store, &error) != DBK_OK);
	CHECK(store == NULL);
}

static void
test_long_name(void)
{
	struct dbk_store_options options = plain();
	struct dbk_store *store = NULL;
	char name[8192];

	memset(name, 'd', sizeof name);
	name[sizeof name - 1] = '\0';
	CHECK_INT(dbk_store_open(name, &options, &store, &error), DBK_FAILED_LIMIT);
	name[4094] = '\0';
	CHECK_INT(dbk_store_open(name, &options, &store, &error), DBK_FAILED_IO);
}

/* Opened twice in one process a store loses LMDB's locks, so the reader is a child. */
static void
test_read_only(void)
{
	struct dbk_store *store = open_plain();
	struct dbk_table table = table_of(store, "a");
	int status = 1;

	CHECK_INT(put_alone(store, table, "k", "v"), DBK_OK);
	if (fork() == 0) {
		struct dbk_store_options options = plain();
		struct dbk_store *reader;
		struct dbk_table missing;
		struct dbk_txn *txn;
		bool ok;

		options.read_only = true;
		reader = open_with(options);
		ok = has_alone(reader, table_of(reader, "a"), "k", "v") &&
		     dbk_store_table(reader, "none", &missing, &error) ==
			 DBK_FAILED_NOT_FOUND &&
		     dbk_txn_begin_write(reader, 0, &txn, &error) == DBK_FAILED_STATE;
		_exit(ok ? 0 : 1);
	}
	(void)wait(&status);
	CHECK_INT(status, 0);
	dbk_store_close(store);
}

static enum dbk_err
put_big(struct dbk_store *store, struct dbk_table table, unsigned number, size_t size,
	uint64_t expected)
{
	char key[16];
	struct dbk_txn *txn;
	enum dbk_err err = dbk_txn_begin_write(store, expected, &txn, &error);
	unsigned char *out;

	if (err != DBK_OK)
		return err;
	(void)snprintf(key, sizeof key, "%08u", number);
	out = dbk_txn_reserve(txn, table, dbk_str_of(key), size);
	if (out != NULL)
		memset(out, (int)number, size);
	return dbk_txn_commit(txn, &error);
}

static void
delete_big(struct dbk_store *store, struct dbk_table table, unsigned number)
{
	char key[16];
	struct dbk_txn *txn = begin_write(store);

	(void)snprintf(key, sizeof key, "%08u", number);
	dbk_txn_delete(txn, table, dbk_str_of(key));
	CHECK_INT(dbk_txn_commit(txn, &error), DBK_OK);
}

static void
test_soft_limit(void)
{
	struct dbk_store_options options = plain();
	struct dbk_store *store;
	struct dbk_table table;
	struct dbk_store_stats stats;
	unsigned n = 0;
	enum dbk_err err;

	options.max_bytes = 8 * MIB;
	store = open_with(options);
	table = table_of(store, "big");
	while ((err = put_big(store, table, n, MIB, MIB)) == DBK_OK && n < 100)
		n++;
	CHECK_INT(err, DBK_FAILED_MAP_FULL);
	CHECK_INT(n, 7);
	if (!CHECK(strstr(error.text, "8388608") != NULL))
		fprintf(stderr, "%s\n", error.text);
	CHECK_INT(dbk_store_stats(store, &stats, &error), DBK_OK);
	CHECK_INT(stats.max_bytes, 8 * MIB);
	CHECK(stats.used_bytes <= 8 * MIB && stats.file_bytes >= stats.used_bytes);
	CHECK_INT(
	    dbk_txn_begin_write(store, UINT64_MAX, &(struct dbk_txn *){ NULL }, &error),
	    DBK_FAILED_MAP_FULL);

	delete_big(store, table, 2);
	(void)put_big(store, table, 50, 1, 1);
	CHECK_INT(dbk_store_stats(store, &stats, &error), DBK_OK);
	CHECK(stats.free_bytes >= MIB);
	CHECK_INT(put_big(store, table, 2, MIB / 2, MIB / 2), DBK_OK);

	dbk_store_set_max_bytes(store, 16 * MIB);
	CHECK_INT(put_big(store, table, n, MIB, MIB), DBK_OK);
	dbk_store_close(store);
}

/* A caller that announces too little meets LMDB's own end; the store survives that. */
static void
test_hard_limit(void)
{
	struct dbk_store_options options = plain();
	struct dbk_store *store;
	struct dbk_table table;

	options.reserve_bytes = 4 * MIB;
	store = open_with(options);
	table = table_of(store, "big");
	CHECK_INT(put_alone(store, table, "k", "v"), DBK_OK);
	CHECK_INT(put_big(store, table, 1, 8 * MIB, 0), DBK_FAILED_MAP_FULL);
	CHECK(has_alone(store, table, "k", "v"));
	CHECK_INT(put_big(store, table, 1, MIB, MIB), DBK_OK);
	dbk_store_close(store);
}

static void
test_disk_full(void)
{
	struct dbk_store *store;
	struct dbk_table table;
	struct dbk_store_options options = plain();
	unsigned n = 0;
	enum dbk_err err;

	if (!tmpdir_mount(dir, 8 * MIB))
		return;
	options.no_sync = false;
	store = open_with(options);
	table = table_of(store, "big");
	CHECK_INT(put_alone(store, table, "k", "v"), DBK_OK);
	while ((err = put_big(store, table, n, 300000, 300000)) == DBK_OK && n < 100)
		n++;
	CHECK_INT(err, DBK_FAILED_DISK_FULL);
	CHECK(n > 10 && n < 28);
	CHECK_INT(put_big(store, table, n, 300000, 300000), DBK_FAILED_DISK_FULL);
	CHECK(has_alone(store, table, "k", "v"));
	dbk_store_close(store);
	store = open_with(options);
	table = table_of(store, "big");
	CHECK(has_alone(store, table, "k", "v"));
	CHECK_INT(put_big(store, table, n, 300000, 300000), DBK_FAILED_DISK_FULL);
	CHECK(tmpdir_resize(dir, 16 * MIB));
	CHECK_INT(put_big(store, table, n, 300000, 300000), DBK_OK);
	dbk_store_close(store);
}

static void
test_small_address_space(void)
{
	int status = 1;

	if (SANITIZED)
		return;
	if (fork() == 0) {
		const struct rlimit limit = { 2048 * MIB, 2048 * MIB };
		struct dbk_store_stats stats = { 0 };
		struct dbk_store *store;
		struct dbk_table table;

		(void)setrlimit(RLIMIT_AS, &limit);
		store = open_plain();
		table = table_of(store, "a");
		if (put_alone(store, table, "k", "v") == DBK_OK &&
		    dbk_store_stats(store, &stats, &error) == DBK_OK)
			_exit(stats.reserved_bytes == 1024 * MIB ? 0 : 1);
		_exit(1);
	}
	(void)wait(&status);
	CHECK_INT(status, 0);
}

static void
test_remove(void)
{
	char other[512];

	dbk_store_close(open_plain());
	path_of("other", other);
	fclose(fopen(other, "w"));
	CHECK_INT(dbk_store_remove(dir, &error), DBK_OK);
	CHECK_INT(access(other, F_OK), 0);
	(void)unlink(other);
	dbk_store_close(open_plain());
	CHECK_INT(dbk_store_remove(dir, &error), DBK_OK);
	CHECK(access(dir, F_OK) != 0);
	CHECK_INT(dbk_store_remove(dir, &error), DBK_OK);
	CHECK_INT(mkdir(dir, 0700), 0);
}

struct race {
	struct dbk_store *store;
	struct dbk_table table;
	_Atomic bool stop;
	bool wrong;
};

/* Two keys are always written with the same value; a snapshot never sees them differ.
 */
static void *
read_pairs(void *context)
{
	struct race *race = context;
	struct dbk_error mine;
	struct dbk_txn *txn;

	if (dbk_txn_begin_read(race->store, &txn, &mine) != DBK_OK)
		return NULL;
	while (!race->stop) {
		struct dbk_str a, b;

		dbk_txn_rest(txn);
		if (dbk_txn_renew(txn, &mine) != DBK_OK ||
		    dbk_txn_get(txn, race->table, dbk_str_of("a"), &a) != DBK_OK ||
		    dbk_txn_get(txn, race->table, dbk_str_of("b"), &b) != DBK_OK ||
		    !dbk_str_equal(a, b))
			race->wrong = true;
	}
	dbk_txn_abort(txn);
	return NULL;
}

static void
test_readers_beside_writer(void)
{
	struct race race = { .store = open_plain() };
	pthread_t threads[2];
	char value[32];

	race.table = table_of(race.store, "race");
	for (int i = 0; i < 2000; i++) {
		struct dbk_txn *txn = begin_write(race.store);

		(void)snprintf(value, sizeof value, "%d", i);
		put(txn, race.table, "a", value);
		put(txn, race.table, "b", value);
		CHECK_INT(dbk_txn_commit(txn, &error), DBK_OK);
		if (i == 0)
			for (int t = 0; t < 2; t++)
				CHECK_INT(pthread_create(&threads[t], NULL, read_pairs,
							 &race),
					  0);
	}
	race.stop = true;
	for (int t = 0; t < 2; t++)
		CHECK_INT(pthread_join(threads[t], NULL), 0);
	CHECK(!race.wrong);
	dbk_store_close(race.store);
}

static void
run(const char *name, void (*test)(void))
{
	tmpdir_make(dir);
	check_run(name, test);
	tmpdir_remove(dir);
}

int
main(void)
{
	run("an aborted transaction leaves nothing", test_abort);
	run("the first failure of a transaction sticks", test_sticky);
	run("a fault at any step fails the transaction", test_faults);
	run("a second process is kept out and told by whom", test_lock);
	run("a killed process leaves neither lock nor reader", test_killed_process);
	run("a newer version or another format is refused", test_formats);
	run("a damaged or cut file is refused", test_damaged_files);
	run("a file that was never finished is begun anew", test_unfinished);
	run("a directory that cannot be is an error", test_no_directory);
	run("a name too long is an error", test_long_name);
	run("reader slots run out and come back", test_reader_slots);
	run("the soft limit stops writers until it is raised", test_soft_limit);
	run("the end of the map stops a transaction only", test_hard_limit);
	run("a full disk stops writers until there is room", test_disk_full);
	run("little address space means a smaller reservation",
	    test_small_address_space);
	run("a committed transaction is kept", test_keeps);
	run("values of all sizes come back", test_values);
	run("a scan moves in the order of keys", test_scan);
	run("a snapshot does not move until renewed", test_snapshot);
	run("a reader stands beside a writing process", test_read_only);
	run("removing deletes the store and nothing else", test_remove);
	run("readers see whole commits beside a writer", test_readers_beside_writer);
	return check_end();
}
