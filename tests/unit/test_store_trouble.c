#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/small_store.h"
#include "../tests/lib/tmpdir.h"
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
	struct dbk_store_options options = small_store_options();
	struct dbk_store *store;
	struct dbk_table table;
	struct dbk_txn *txn;

	dbk_store_close(small_store_open(dir));
	options.fault.ask = fail_at;
	options.fault.context = &at;
	store = small_store_open_with(dir, options);
	table = small_store_table(store, "faults");
	CHECK_INT(small_store_put_alone(store, table, "k", "v", &error), DBK_FAILED_IO);
	at = DBK_STORE_STEP_PUT;
	CHECK_INT(small_store_put_alone(store, table, "k", "v", &error), DBK_FAILED_IO);
	at = DBK_STORE_STEP_BEGIN;
	CHECK_INT(small_store_put_alone(store, table, "k", "v", &error), DBK_FAILED_IO);
	CHECK(strstr(error.text, "fault") != NULL);
	at = DBK_STORE_STEP_DELETE;
	CHECK_INT(small_store_put_alone(store, table, "k", "v", &error), DBK_OK);
	txn = small_store_write(store);
	dbk_txn_delete(txn, table, dbk_str_of("k"));
	CHECK_INT(dbk_txn_commit(txn, &error), DBK_FAILED_IO);
	CHECK(small_store_has_alone(store, table, "k", "v"));
	dbk_store_close(store);
}

static void
test_lock(void)
{
	struct dbk_store *store = small_store_open(dir);
	char pid[32];

	(void)snprintf(pid, sizeof pid, "process %ld", (long)getpid());
	CHECK_INT(try_open(small_store_options()), DBK_FAILED_LOCKED);
	CHECK(strstr(error.text, pid) != NULL);
	CHECK_INT(dbk_store_remove(dir, &error), DBK_FAILED_LOCKED);
	if (fork() == 0)
		_exit(try_open(small_store_options()) == DBK_FAILED_LOCKED &&
			      strstr(error.text, pid) != NULL
			  ? 0
			  : 1);
	int status = 1;
	(void)wait(&status);
	CHECK_INT(status, 0);
	dbk_store_close(store);
	CHECK_INT(try_open(small_store_options()), DBK_OK);
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
		store = small_store_open(dir);
		(void)small_store_read(store);
		if (write(up[1], "x", 1) == 1)
			(void)pause();
		_exit(1);
	}
	CHECK_INT(read(up[0], &byte, 1), 1);
	(void)kill(child, SIGKILL);
	(void)waitpid(child, &status, 0);
	store = small_store_open(dir);
	CHECK_INT(dbk_store_stats(store, &stats, &error), DBK_OK);
	CHECK_INT(stats.readers, 0);
	dbk_store_close(store);
	(void)close(up[0]);
	(void)close(up[1]);
}

static void
test_formats(void)
{
	struct dbk_store_options options = small_store_options();

	dbk_store_close(small_store_open(dir));
	options.format_version = 2;
	CHECK_INT(try_open(options), DBK_FAILED_VERSION);
	CHECK(strstr(error.text, "version 3") != NULL);
	options.format_version = 4;
	CHECK_INT(try_open(options), DBK_OK);
	options.format_oldest = 3;
	CHECK_INT(try_open(options), DBK_OK);
	options.format_oldest = 4;
	CHECK_INT(try_open(options), DBK_FAILED_VERSION);
	CHECK(strstr(error.text, "none before 4") != NULL);
	options.format_oldest = 0;
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
	struct dbk_store *store = small_store_open(dir);
	struct dbk_table table = small_store_table(store, "a");

	for (int i = 0; i < 20; i++)
		CHECK_INT(small_store_put_alone(store, table, "k", "v", &error),
			  DBK_OK);
	dbk_store_close(store);
	path_of("data.mdb", path);
	CHECK_INT(stat(path, &st), 0);
	CHECK_INT(truncate(path, st.st_size - 4096), 0);
	CHECK_INT(try_open(small_store_options()), DBK_FAILED_DAMAGED);
	CHECK(strstr(error.text, "needs") != NULL);
	CHECK_INT(truncate(path, 100), 0);
	CHECK_INT(try_open(small_store_options()), DBK_FAILED_DAMAGED);
	file = fopen(path, "w");
	if (file != NULL) {
		for (int i = 0; i < 20000; i++)
			(void)fputc('x', file);
		(void)fclose(file);
	}
	CHECK_INT(try_open(small_store_options()), DBK_FAILED_DAMAGED);
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
		CHECK_INT(try_open(small_store_options()), DBK_FAILED_DAMAGED);
		fclose(fopen(marker, "w"));
		CHECK_INT(try_open(small_store_options()), DBK_OK);
		CHECK(access(marker, F_OK) != 0);
		CHECK_INT(unlink(data), 0);
	}
	store = small_store_open(dir);
	CHECK_INT(small_store_put_alone(store, small_store_table(store, "a"), "k", "v",
					&error),
		  DBK_OK);
	dbk_store_close(store);
	fclose(fopen(marker, "w"));
	store = small_store_open(dir);
	CHECK(small_store_has_alone(store, small_store_table(store, "a"), "k", "v"));
	dbk_store_close(store);
}

static void
test_no_directory(void)
{
	struct dbk_store_options options = small_store_options();
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
	struct dbk_store_options options = small_store_options();
	struct dbk_store *store = NULL;
	char name[8192];

	memset(name, 'd', sizeof name);
	name[sizeof name - 1] = '\0';
	CHECK_INT(dbk_store_open(name, &options, &store, &error), DBK_FAILED_LIMIT);
	name[4094] = '\0';
	CHECK_INT(dbk_store_open(name, &options, &store, &error), DBK_FAILED_IO);
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
	struct dbk_txn *txn = small_store_write(store);

	(void)snprintf(key, sizeof key, "%08u", number);
	dbk_txn_delete(txn, table, dbk_str_of(key));
	CHECK_INT(dbk_txn_commit(txn, &error), DBK_OK);
}

static void
test_soft_limit(void)
{
	struct dbk_store_options options = small_store_options();
	struct dbk_store *store;
	struct dbk_table table;
	struct dbk_store_stats stats;
	unsigned n = 0;
	enum dbk_err err;

	options.max_bytes = 8 * MIB;
	store = small_store_open_with(dir, options);
	table = small_store_table(store, "big");
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
	struct dbk_store_options options = small_store_options();
	struct dbk_store *store;
	struct dbk_table table;

	options.reserve_bytes = 4 * MIB;
	store = small_store_open_with(dir, options);
	table = small_store_table(store, "big");
	CHECK_INT(small_store_put_alone(store, table, "k", "v", &error), DBK_OK);
	CHECK_INT(put_big(store, table, 1, 8 * MIB, 0), DBK_FAILED_MAP_FULL);
	CHECK(small_store_has_alone(store, table, "k", "v"));
	CHECK_INT(put_big(store, table, 1, MIB, MIB), DBK_OK);
	dbk_store_close(store);
}

static void
test_disk_full(void)
{
	struct dbk_store *store;
	struct dbk_table table;
	struct dbk_store_options options = small_store_options();
	unsigned n = 0;
	enum dbk_err err;

	if (!tmpdir_mount(dir, 8 * MIB))
		return;
	options.no_sync = false;
	store = small_store_open_with(dir, options);
	table = small_store_table(store, "big");
	CHECK_INT(small_store_put_alone(store, table, "k", "v", &error), DBK_OK);
	while ((err = put_big(store, table, n, 300000, 300000)) == DBK_OK && n < 100)
		n++;
	CHECK_INT(err, DBK_FAILED_DISK_FULL);
	CHECK(n > 10 && n < 28);
	CHECK_INT(put_big(store, table, n, 300000, 300000), DBK_FAILED_DISK_FULL);
	CHECK(small_store_has_alone(store, table, "k", "v"));
	dbk_store_close(store);
	store = small_store_open_with(dir, options);
	table = small_store_table(store, "big");
	CHECK(small_store_has_alone(store, table, "k", "v"));
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
		store = small_store_open(dir);
		table = small_store_table(store, "a");
		if (small_store_put_alone(store, table, "k", "v", &error) == DBK_OK &&
		    dbk_store_stats(store, &stats, &error) == DBK_OK)
			_exit(stats.reserved_bytes == 1024 * MIB ? 0 : 1);
		_exit(1);
	}
	(void)wait(&status);
	CHECK_INT(status, 0);
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
	run("a fault at any step fails the transaction", test_faults);
	run("a second process is kept out and told by whom", test_lock);
	run("a killed process leaves neither lock nor reader", test_killed_process);
	run("a newer or too old version, or another format, is refused", test_formats);
	run("a damaged or cut file is refused", test_damaged_files);
	run("a file that was never finished is begun anew", test_unfinished);
	run("a directory that cannot be is an error", test_no_directory);
	run("a name too long is an error", test_long_name);
	run("the soft limit stops writers until it is raised", test_soft_limit);
	run("the end of the map stops a transaction only", test_hard_limit);
	run("a full disk stops writers until there is room", test_disk_full);
	run("little address space means a smaller reservation",
	    test_small_address_space);
	return check_end();
}
