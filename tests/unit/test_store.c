#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/small_store.h"
#include "../tests/lib/tmpdir.h"
#include "store/scan.h"
#include "store/store.h"
#include "store/txn.h"

#define MIB ((uint64_t)1024 * 1024)

static struct dbk_error error;
static char dir[TMPDIR_BYTES];

static void
test_keeps(void)
{
	struct dbk_store *store = small_store_open(dir);
	struct dbk_table table = small_store_table(store, "a");

	CHECK_INT(small_store_put_alone(store, table, "k", "v", &error), DBK_OK);
	CHECK_INT(dbk_store_sync(store, &error), DBK_OK);
	dbk_store_close(store);
	store = small_store_open(dir);
	table = small_store_table(store, "a");
	CHECK(small_store_has_alone(store, table, "k", "v"));
	CHECK(strcmp(dbk_store_dir(store), dir) == 0);
	dbk_store_close(store);
	dbk_store_close(NULL);
}

static void
test_abort(void)
{
	struct dbk_store *store = small_store_open(dir);
	struct dbk_table table = small_store_table(store, "a");
	struct dbk_txn *txn = small_store_write(store);

	small_store_put(txn, table, "gone", "v");
	CHECK(small_store_has(txn, table, "gone", "v"));
	dbk_txn_abort(txn);
	dbk_txn_abort(NULL);
	CHECK(!small_store_has_alone(store, table, "gone", "v"));
	dbk_store_close(store);
}

static void
test_sticky(void)
{
	struct dbk_store *store = small_store_open(dir);
	struct dbk_table table = small_store_table(store, "sticky");
	struct dbk_txn *txn = small_store_write(store);
	struct dbk_str value;

	dbk_txn_append(txn, table, dbk_str_of("b"), dbk_str_of("1"));
	CHECK_INT(dbk_txn_failed(txn), DBK_OK);
	dbk_txn_append(txn, table, dbk_str_of("a"), dbk_str_of("2"));
	CHECK_INT(dbk_txn_failed(txn), DBK_FAILED_STATE);
	small_store_put(txn, table, "c", "3");
	dbk_txn_delete(txn, table, dbk_str_of("b"));
	dbk_txn_clear(txn, table);
	CHECK(dbk_txn_reserve(txn, table, dbk_str_of("d"), 8) == NULL);
	CHECK_INT(dbk_txn_get(txn, table, dbk_str_of("b"), &value), DBK_FAILED_STATE);
	CHECK_INT(dbk_txn_count(txn, table), 0);
	CHECK_INT(dbk_txn_commit(txn, &error), DBK_FAILED_STATE);
	CHECK(strstr(error.text, "not above the last") != NULL);
	CHECK(strstr(error.text, dir) != NULL);
	txn = small_store_read(store);
	CHECK_INT(dbk_txn_count(txn, table), 0);
	dbk_txn_abort(txn);
	CHECK_INT(small_store_put_alone(store, table, "b", "1", &error), DBK_OK);
	dbk_store_close(store);
}

static void
test_values(void)
{
	struct dbk_store *store = small_store_open(dir);
	struct dbk_table table = small_store_table(store, "values");
	struct dbk_txn *txn = small_store_write(store);
	struct dbk_str value;
	char key[DBK_STORE_KEY_BYTES_MAX];
	unsigned char *out;

	memset(key, 'k', sizeof key);
	dbk_txn_put(txn, table, dbk_str_make(key, sizeof key), dbk_str_of(""));
	small_store_put(txn, table, "a", "old");
	small_store_put(txn, table, "a", "new");
	small_store_put(txn, table, "z", "z");
	dbk_txn_delete(txn, table, dbk_str_of("z"));
	dbk_txn_delete(txn, table, dbk_str_of("never there"));
	out = dbk_txn_reserve(txn, table, dbk_str_of("r"), MIB);
	memset(out, 7, MIB);
	out = dbk_txn_append_reserve(txn, table, dbk_str_of("zz"), 3);
	memcpy(out, "end", 3);
	CHECK_INT(dbk_txn_commit(txn, &error), DBK_OK);

	txn = small_store_read(store);
	CHECK_INT(dbk_txn_count(txn, table), 4);
	CHECK(small_store_has(txn, table, "a", "new"));
	CHECK(small_store_has(txn, table, "zz", "end"));
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

	txn = small_store_write(store);
	dbk_txn_clear(txn, table);
	CHECK_INT(dbk_txn_commit(txn, &error), DBK_OK);
	txn = small_store_read(store);
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
	struct dbk_store *store = small_store_open(dir);
	struct dbk_table table = small_store_table(store, "scan");
	struct dbk_txn *txn = small_store_write(store);
	struct dbk_scan *scan = NULL;
	struct dbk_str key = { NULL, 0 };

	CHECK_INT(dbk_scan_open(txn, table, &scan), DBK_OK);
	CHECK_INT(dbk_scan_first(scan, NULL, NULL), DBK_FAILED_NOT_FOUND);
	CHECK_INT(dbk_scan_last(scan, NULL, NULL), DBK_FAILED_NOT_FOUND);
	CHECK_INT(dbk_scan_seek_below(scan, dbk_str_of("a"), NULL, NULL),
		  DBK_FAILED_NOT_FOUND);
	small_store_put(txn, table, "f", "3");
	small_store_put(txn, table, "b", "1");
	small_store_put(txn, table, "d", "2");
	check_moves(scan);
	dbk_scan_close(scan);
	dbk_scan_close(NULL);
	CHECK_INT(dbk_txn_commit(txn, &error), DBK_OK);

	txn = small_store_read(store);
	CHECK_INT(dbk_scan_open(txn, table, &scan), DBK_OK);
	check_moves(scan);
	dbk_txn_rest(txn);
	CHECK_INT(small_store_put_alone(store, table, "g", "4", &error), DBK_OK);
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
	struct dbk_store_options options = small_store_options();
	struct dbk_store *store;
	struct dbk_store_stats stats;
	struct dbk_table table;
	struct dbk_txn *txn;

	options.readers_max = 10;
	store = small_store_open_with(dir, options);
	table = small_store_table(store, "a");
	CHECK_INT(dbk_store_stats(store, &stats, &error), DBK_OK);
	CHECK_INT(stats.readers, 0);
	CHECK_INT(stats.reader_lag, 0);
	txn = small_store_read(store);
	for (int i = 0; i < 5; i++)
		CHECK_INT(small_store_put_alone(store, table, "k",
						i % 2 == 0 ? "even" : "odd", &error),
			  DBK_OK);
	CHECK(!small_store_has(txn, table, "k", "even"));
	CHECK_INT(dbk_store_stats(store, &stats, &error), DBK_OK);
	CHECK_INT(stats.readers, 1);
	CHECK_INT(stats.reader_lag, 5);
	CHECK_INT(stats.last_txn, dbk_txn_number(txn) + 5);
	dbk_txn_rest(txn);
	CHECK_INT(dbk_store_stats(store, &stats, &error), DBK_OK);
	CHECK_INT(stats.readers, 0);
	CHECK_INT(dbk_txn_renew(txn, &error), DBK_OK);
	CHECK(small_store_has(txn, table, "k", "even"));
	dbk_txn_abort(txn);
	dbk_store_close(store);
}

/* The file of slots is a whole page, so there are a few more than were asked for. */
static void
test_reader_slots(void)
{
	struct dbk_store_options options = small_store_options();
	struct dbk_store *store;
	struct dbk_txn *txns[300];
	size_t n = 0;

	options.readers_max = 2;
	store = small_store_open_with(dir, options);
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

/* Opened twice in one process a store loses LMDB's locks, so the reader is a child. */
static void
test_read_only(void)
{
	struct dbk_store *store = small_store_open(dir);
	struct dbk_table table = small_store_table(store, "a");
	int status = 1;

	CHECK_INT(small_store_put_alone(store, table, "k", "v", &error), DBK_OK);
	if (fork() == 0) {
		struct dbk_store_options options = small_store_options();
		struct dbk_store *reader;
		struct dbk_table missing;
		struct dbk_txn *txn;
		bool ok;

		options.read_only = true;
		reader = small_store_open_with(dir, options);
		ok = small_store_has_alone(reader, small_store_table(reader, "a"), "k",
					   "v") &&
		     dbk_store_table(reader, "none", &missing, &error) ==
			 DBK_FAILED_NOT_FOUND &&
		     dbk_txn_begin_write(reader, 0, &txn, &error) == DBK_FAILED_STATE;
		_exit(ok ? 0 : 1);
	}
	(void)wait(&status);
	CHECK_INT(status, 0);
	dbk_store_close(store);
}

static void
test_remove(void)
{
	char other[512];

	dbk_store_close(small_store_open(dir));
	(void)snprintf(other, sizeof other, "%s/other", dir);
	fclose(fopen(other, "w"));
	CHECK_INT(dbk_store_remove(dir, &error), DBK_OK);
	CHECK_INT(access(other, F_OK), 0);
	(void)unlink(other);
	dbk_store_close(small_store_open(dir));
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
	struct race race = { .store = small_store_open(dir) };
	pthread_t threads[2];
	char value[32];

	race.table = small_store_table(race.store, "race");
	for (int i = 0; i < 2000; i++) {
		struct dbk_txn *txn = small_store_write(race.store);

		(void)snprintf(value, sizeof value, "%d", i);
		small_store_put(txn, race.table, "a", value);
		small_store_put(txn, race.table, "b", value);
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
	run("reader slots run out and come back", test_reader_slots);
	run("a committed transaction is kept", test_keeps);
	run("values of all sizes come back", test_values);
	run("a scan moves in the order of keys", test_scan);
	run("a snapshot does not move until renewed", test_snapshot);
	run("a reader stands beside a writing process", test_read_only);
	run("removing deletes the store and nothing else", test_remove);
	run("readers see whole commits beside a writer", test_readers_beside_writer);
	return check_end();
}
