#include "bench/raw.h"

#include <lmdb.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "../tests/lib/tmpdir.h"
#include "log/log.h"

#define MAP_BYTES ((size_t)1 << 36)
#define EVENTS_MAX 10000u

/* The bytes of some sales, again and again. */
struct supply {
	struct dbk_buf bytes;
	struct dbk_str events[EVENTS_MAX];
};

static struct supply supply;

static void
fill_supply(const struct sales *sales)
{
	struct dbk_cursor at;

	if (supply.bytes.size > 0)
		return;
	sales_put_many(sales, sales_opening_size(sales), EVENTS_MAX, &supply.bytes);
	at = dbk_cursor_make(supply.bytes.bytes, supply.bytes.size);
	for (uint32_t i = 0; i < EVENTS_MAX; i++) {
		uint64_t size;

		(void)dbk_cursor_varint(&at);
		size = dbk_cursor_varint(&at);
		supply.events[i] = dbk_str_make(dbk_cursor_take(&at, size), size);
	}
}

static void
must_lmdb(int code)
{
	if (code != 0)
		bench_die("raw LMDB: %s", mdb_strerror(code));
}

static void
commit(MDB_env *env, MDB_dbi dbi, uint64_t first, uint32_t n)
{
	MDB_txn *txn;

	must_lmdb(mdb_txn_begin(env, NULL, 0, &txn));
	for (uint32_t i = 0; i < n; i++) {
		uint64_t number = __builtin_bswap64(first + i);
		struct dbk_str event = supply.events[(first + i) % EVENTS_MAX];
		MDB_val key = { sizeof number, &number };
		MDB_val value = { event.size, (void *)(uintptr_t)event.bytes };

		must_lmdb(mdb_put(txn, dbi, &key, &value, MDB_APPEND));
	}
	must_lmdb(mdb_txn_commit(txn));
}

double
raw_events_per_second(struct bench *bench, uint32_t commit_events, double seconds)
{
	char dir[BENCH_PATH_BYTES + 8];
	double begin, now;
	uint64_t n = 0;
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi dbi;

	fill_supply(&bench->sales);
	(void)snprintf(dir, sizeof dir, "%s/raw", bench->dir);
	(void)mkdir(dir, 0700);
	must_lmdb(mdb_env_create(&env));
	must_lmdb(mdb_env_set_mapsize(env, MAP_BYTES));
	must_lmdb(mdb_env_open(env, dir, 0, 0600));
	must_lmdb(mdb_txn_begin(env, NULL, 0, &txn));
	must_lmdb(mdb_dbi_open(txn, NULL, 0, &dbi));
	must_lmdb(mdb_txn_commit(txn));
	begin = now = bench_now();
	while (now - begin < seconds) {
		commit(env, dbi, n, commit_events);
		n += commit_events;
		now = bench_now();
	}
	mdb_env_close(env);
	tmpdir_remove(dir);
	return (double)n / (now - begin);
}

static double
log_events_per_second(struct bench *bench, uint32_t commit_events, double seconds)
{
	struct dbk_log_options options = { 0 };
	struct dbk_log_group group = { 0 };
	struct dbk_error error = { 0 };
	char dir[BENCH_PATH_BYTES + 8];
	struct dbk_log *log;
	double begin, now;
	uint64_t n = 0;

	fill_supply(&bench->sales);
	(void)snprintf(dir, sizeof dir, "%s/raw", bench->dir);
	bench_must(dbk_log_open(dir, &options, &log, &error), &error, "log");
	begin = now = bench_now();
	for (int64_t turn = 1; now - begin < seconds; turn++) {
		dbk_log_group_reset(&group, turn);
		for (uint32_t i = 0; i < commit_events; i++, n++)
			dbk_log_group_add_record(&group, supply.events[n % EVENTS_MAX]);
		bench_must(dbk_log_append(log, &group, &error), &error, "log");
		now = bench_now();
	}
	dbk_log_close(log);
	dbk_log_group_fini(&group);
	tmpdir_remove(dir);
	return (double)n / (now - begin);
}

void
raw_table(struct bench *bench)
{
	static const uint32_t commits[] = { 1, 64, 1000, 10000 };
	double raw[3], log[3];
	char name[64];

	bench_table(bench, "floor: sales a second, every commit synced");
	for (unsigned i = 0; i < sizeof commits / sizeof commits[0]; i++) {
		struct bench_scale scale = { 0 };

		for (unsigned turn = 0; turn < 3; turn++) {
			raw[turn] = raw_events_per_second(bench, commits[i], 0.5);
			log[turn] = log_events_per_second(bench, commits[i], 0.5);
		}
		scale.floor = bench_median(raw);
		(void)snprintf(name, sizeof name, "raw LMDB, %u a commit", commits[i]);
		bench_row(bench, name, scale.floor, "events/s", NULL);
		(void)snprintf(name, sizeof name, "the log, %u a group", commits[i]);
		bench_row(bench, name, bench_median(log), "events/s", &scale);
	}
}
