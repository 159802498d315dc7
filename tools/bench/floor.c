#include "bench/floor.h"

#include <lmdb.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "log/log.h"
#include "log/log_reader.h"
#include "store/store.h"

#define RECORD_BYTES 120
#define RECORDS_MAX 1000
#define VALUE_BYTES ((size_t)120 * 1024)
#define COMMITS_MAX 200000
#define FINDS 1000000
#define MAP_BYTES ((size_t)1 << 40)

/* What one row does again and again: one commit. */
struct subject {
	MDB_env *env;
	MDB_dbi dbi;
	struct dbk_log *log;
	struct dbk_log_group group;
	unsigned n_records;
	size_t value_bytes;
	uint64_t next;
	char dir[4096];
};

struct row {
	const char *name;
	bool (*open)(struct subject *);
	bool (*commit)(struct subject *);
	unsigned n_records;
	size_t value_bytes;
};

static unsigned char payload[1 << 20];

static double
now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool
complain(const char *what, const char *why)
{
	fprintf(stderr, "bench: %s: %s\n", what, why);
	return false;
}

static bool
open_raw(struct subject *subject, unsigned flags)
{
	MDB_txn *txn;
	int code = mkdir(subject->dir, 0700) == 0 ? 0 : -1;

	if (code == 0)
		code = mdb_env_create(&subject->env);
	if (code == 0)
		code = mdb_env_set_mapsize(subject->env, (flags & MDB_WRITEMAP) != 0
							     ? MAP_BYTES >> 6
							     : MAP_BYTES);
	if (code == 0)
		code = mdb_env_open(subject->env, subject->dir, flags, 0600);
	if (code == 0)
		code = mdb_txn_begin(subject->env, NULL, 0, &txn);
	if (code == 0)
		code = mdb_dbi_open(txn, NULL, 0, &subject->dbi);
	if (code == 0)
		code = mdb_txn_commit(txn);
	return code == 0 || complain(subject->dir, mdb_strerror(code));
}

static bool
open_plain(struct subject *subject)
{
	return open_raw(subject, 0);
}

static bool
open_write_map(struct subject *subject)
{
	return open_raw(subject, MDB_WRITEMAP);
}

static bool
commit_raw(struct subject *subject)
{
	MDB_txn *txn;
	int code = mdb_txn_begin(subject->env, NULL, 0, &txn);

	for (unsigned i = 0; code == 0 && i < subject->n_records; i++) {
		uint64_t key = __builtin_bswap64(subject->next++);
		MDB_val k = { sizeof key, &key };
		MDB_val v = { subject->value_bytes, payload };

		code = mdb_put(txn, subject->dbi, &k, &v, MDB_APPEND);
	}
	if (code == 0)
		code = mdb_txn_commit(txn);
	return code == 0 || complain("raw append", mdb_strerror(code));
}

static bool
open_log(struct subject *subject)
{
	struct dbk_log_options options = { 0 };
	struct dbk_error error;

	return dbk_log_open(subject->dir, &options, &subject->log, &error) == DBK_OK ||
	       complain("open", error.text);
}

static bool
commit_log(struct subject *subject)
{
	const struct dbk_log_batch batch = { .source = dbk_str_of("bench"),
					     .batch_seq = subject->next++,
					     .n_events = subject->n_records,
					     .reply = dbk_str_make(payload, 64) };
	const struct dbk_str record = dbk_str_make(payload, subject->value_bytes);
	struct dbk_error error;

	dbk_log_group_reset(&subject->group, (int64_t)subject->next);
	dbk_log_group_add_batch(&subject->group, &batch);
	for (unsigned i = 0; i < subject->n_records; i++)
		dbk_log_group_add_record(&subject->group, record);
	return dbk_log_append(subject->log, &subject->group, &error) == DBK_OK ||
	       complain("append", error.text);
}

static void
close_subject(struct subject *subject)
{
	char path[sizeof subject->dir + 16];
	struct dbk_error error;

	if (subject->env != NULL)
		mdb_env_close(subject->env);
	dbk_log_close(subject->log);
	dbk_log_group_fini(&subject->group);
	if (dbk_store_remove(subject->dir, &error) != DBK_OK)
		(void)complain(subject->dir, error.text);
	(void)snprintf(path, sizeof path, "%s/LOCK", subject->dir);
	(void)unlink(path);
	(void)rmdir(subject->dir);
}

static int
compare_times(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
print_row(const struct row *row, double *times, size_t n, double seconds, FILE *out)
{
	double per_s = (double)n / seconds;
	double bytes = (double)row->value_bytes * row->n_records;

	qsort(times, n, sizeof *times, compare_times);
	fprintf(out, "%-44s %10.0f %12.0f %8.1f %8.2f %8.2f\n", row->name, per_s,
		per_s * row->n_records, per_s * bytes / 1e6, times[n / 2] * 1e3,
		times[n - 1 - n / 100] * 1e3);
}

static bool
measure(const struct row *row, struct subject *subject, double seconds, double *times,
	FILE *out)
{
	double begin, last, at;
	size_t n = 0;

	for (unsigned warm = 0; warm < 20; warm++)
		if (!row->commit(subject))
			return false;
	begin = last = now_s();
	while (n < COMMITS_MAX && last - begin < seconds) {
		if (!row->commit(subject))
			return false;
		at = now_s();
		times[n++] = at - last;
		last = at;
	}
	print_row(row, times, n, last - begin, out);
	return true;
}

static bool
run_row(const struct row *row, const char *dir, double seconds, double *times,
	FILE *out)
{
	struct subject subject = { .n_records = row->n_records,
				   .value_bytes = row->value_bytes };
	bool ok;

	(void)snprintf(subject.dir, sizeof subject.dir, "%s/floor", dir);
	ok = row->open(&subject) && measure(row, &subject, seconds, times, out);
	close_subject(&subject);
	return ok;
}

static const struct row rows[] = {
	{ "raw LMDB, 1,000 values of 120 B a commit", open_plain, commit_raw, 1000,
	  RECORD_BYTES },
	{ "raw LMDB, one value of 120 KiB a commit", open_plain, commit_raw, 1,
	  VALUE_BYTES },
	{ "the same with MDB_WRITEMAP", open_write_map, commit_raw, 1, VALUE_BYTES },
	{ "raw LMDB, one value of 120 B a commit", open_plain, commit_raw, 1,
	  RECORD_BYTES },
	{ "log, 1,000 records of 120 B a group", open_log, commit_log, 1000,
	  RECORD_BYTES },
	{ "log, 64 records a group", open_log, commit_log, 64, RECORD_BYTES },
	{ "log, 16 records a group", open_log, commit_log, 16, RECORD_BYTES },
	{ "log, 4 records a group", open_log, commit_log, 4, RECORD_BYTES },
	{ "log, 1 record a group", open_log, commit_log, 1, RECORD_BYTES },
};

static bool
read_all(struct dbk_log_reader *reader, uint64_t *out_records, uint64_t *out_sum)
{
	struct dbk_log_slice slice;
	struct dbk_error error;
	enum dbk_err err;

	while ((err = dbk_log_reader_next(reader, &slice, &error)) == DBK_OK) {
		for (uint32_t i = 0; i < slice.n_records; i++) {
			struct dbk_str record = dbk_log_slice_record(&slice, i);

			*out_sum += (unsigned char)record.bytes[record.size - 1];
		}
		*out_records += slice.n_records;
	}
	return err == DBK_FAILED_NOT_FOUND || complain("read", error.text);
}

static bool
find_many(struct dbk_log_reader *reader, uint64_t size, uint64_t *out_sum)
{
	uint64_t seed = 88172645463325252u;
	struct dbk_str record;
	struct dbk_error error;

	for (unsigned i = 0; i < FINDS; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		if (dbk_log_reader_find(reader, seed % size, &record, &error) != DBK_OK)
			return complain("find", error.text);
		*out_sum += (unsigned char)record.bytes[0];
	}
	return true;
}

static bool
read_back(struct subject *subject, FILE *out)
{
	struct dbk_log_reader *reader;
	struct dbk_store_stats stats;
	struct dbk_error error;
	uint64_t records = 0, sum = 0, size = dbk_log_size(subject->log);
	double begin = now_s(), seconds;
	bool ok;

	if (dbk_log_reader_open(subject->log, &reader, &error) != DBK_OK)
		return complain("read", error.text);
	ok = read_all(reader, &records, &sum);
	seconds = now_s() - begin;
	if (ok)
		fprintf(out, "%-44s %23.0f\n", "log, replay with checksums, records/s",
			(double)records / seconds);
	begin = now_s();
	ok = ok && find_many(reader, size, &sum);
	seconds = now_s() - begin;
	if (ok)
		fprintf(out, "%-44s %23.2f\n", "log, find a record at random, us",
			seconds / FINDS * 1e6);
	dbk_log_reader_close(reader);
	if (ok &&
	    dbk_store_stats(dbk_log_store(subject->log), &stats, &error) == DBK_OK)
		fprintf(out, "%-44s %23.1f\n",
			"log, bytes in the file per 120-byte record",
			(double)stats.used_bytes / (double)size);
	return ok && sum > 0;
}

/* A log of GROUPS groups, written without syncs, then read from the page cache. */
static bool
run_reading(const char *dir, unsigned groups, FILE *out)
{
	struct subject subject = { .n_records = RECORDS_MAX,
				   .value_bytes = RECORD_BYTES };
	struct dbk_log_options options = { .no_sync = true };
	struct dbk_error error;
	bool ok;

	(void)snprintf(subject.dir, sizeof subject.dir, "%s/floor", dir);
	ok = dbk_log_open(subject.dir, &options, &subject.log, &error) == DBK_OK ||
	     complain("open", error.text);
	for (unsigned i = 0; ok && i < groups; i++)
		ok = commit_log(&subject);
	ok = ok && read_back(&subject, out);
	close_subject(&subject);
	return ok;
}

static void
run_checksum(FILE *out)
{
	const unsigned turns = 2000;
	uint32_t sum = 0;
	double begin = now_s(), seconds;

	for (unsigned i = 0; i < turns; i++) {
		payload[0] = (unsigned char)i;
		sum ^= dbk_crc32c_sum(payload, VALUE_BYTES);
	}
	seconds = now_s() - begin;
	fprintf(out, "%-44s %23.2f\n", "checksum of 120 KiB, GB/s",
		(double)turns * (double)VALUE_BYTES / seconds / 1e9 +
		    (sum == 0) * 1e-9);
}

int
bench_floor(const char *dir, double seconds, FILE *out)
{
	double *times = malloc(COMMITS_MAX * sizeof *times);
	bool ok = times != NULL || complain("floor", "no memory");

	for (size_t i = 0; i < sizeof payload; i++)
		payload[i] = (unsigned char)(1 + i * 131 % 251);
	fprintf(out, "%-44s %10s %12s %8s %8s %8s\n", "floor (every commit synced)",
		"commits/s", "records/s", "MB/s", "p50 ms", "p99 ms");
	for (size_t i = 0; ok && i < sizeof rows / sizeof *rows; i++)
		ok = run_row(&rows[i], dir, seconds, times, out);
	ok = ok && run_reading(dir, 2000, out);
	if (ok)
		run_checksum(out);
	free(times);
	return ok ? 0 : 1;
}
