/*
 * replay.c -- fresh books, and a fresh view, from the log on one core.
 */

#include "ledger/replay.h"

#include <stdio.h>
#include <sys/stat.h>

#include "../tests/lib/tmpdir.h"
#include "base/arena.h"
#include "bench/bench.h"
#include "event/decode.h"
#include "event/record.h"
#include "ledger/ledger.h"
#include "log/log_reader.h"
#include "views/view.h"

#define SALES 1000000u
#define GROUP_EVENTS 1000u
#define GOAL_EVENTS_PER_SECOND 1000000.0
#define ARENA_BYTES ((size_t)64 << 20)
#define FLUSH_BYTES ((uint64_t)16 << 20)

static struct dbk_ledger *
make_ledger(struct bench *bench, const char *dir)
{
	struct dbk_ledger_options options = { .dir = dir,
					      .log.no_sync = true,
					      .views_size = UINT64_MAX };
	uint64_t end = sales_opening_size(&bench->sales) + SALES, expected;
	struct dbk_ledger *ledger = NULL;
	struct dbk_ledger_start start;
	struct dbk_error error = { 0 };
	struct dbk_buf events, reply;

	dbk_buf_init(&events);
	dbk_buf_init(&reply);
	bench_must(dbk_ledger_open(&options, &ledger, &start, &error), &error,
		   "ledger");
	for (uint64_t next = 0; next < end; next += GROUP_EVENTS) {
		uint64_t n = end - next < GROUP_EVENTS ? end - next : GROUP_EVENTS;
		struct dbk_ledger_batch batch = { .source = dbk_str_of("bench") };

		dbk_buf_reset(&events);
		dbk_buf_reset(&reply);
		sales_put_many(&bench->sales, next, (uint32_t)n, &events);
		batch.events = dbk_str_make(events.bytes, events.size);
		dbk_ledger_begin(ledger, sales_time_us(&bench->sales, next + n));
		if (dbk_ledger_admit(ledger, &batch, &reply, &expected, &error) !=
		    DBK_ADMITTED)
			bench_die("a batch was not admitted: %s", error.text);
		bench_must(dbk_ledger_commit(ledger, &error), &error, "commit");
	}
	dbk_buf_fini(&events);
	dbk_buf_fini(&reply);
	return ledger;
}

/* Records a second, read, checked against their checksums and decoded. */
static double
read_rate(struct dbk_log *log)
{
	struct dbk_error error = { 0 };
	struct dbk_log_reader *reader;
	struct dbk_event_fault fault;
	struct dbk_log_slice slice;
	struct dbk_record record;
	struct dbk_arena arena;
	struct dbk_event event;
	double begin = bench_cpu();
	uint64_t n = 0;
	enum dbk_err err;

	dbk_arena_init(&arena, ARENA_BYTES);
	bench_must(dbk_log_reader_open(log, &reader, &error), &error, "log");
	while ((err = dbk_log_reader_next(reader, &slice, &error)) == DBK_OK)
		for (uint32_t i = 0; i < slice.n_records; i++, n++) {
			dbk_arena_reset(&arena);
			if (!dbk_record_decode(dbk_log_slice_record(&slice, i),
					       &record) ||
			    !dbk_event_decode(record.event, &arena, &event, &fault))
				bench_die("a record cannot be read");
		}
	if (err != DBK_FAILED_NOT_FOUND)
		bench_must(err, &error, "log");
	dbk_log_reader_close(reader);
	dbk_arena_fini(&arena);
	return (double)n / (bench_cpu() - begin);
}

static void
project(struct dbk_view *view, const struct dbk_effects *effects)
{
	struct dbk_view_stats stats;
	struct dbk_error error = { 0 };

	bench_must(dbk_view_apply(view, effects, &error), &error, "view");
	dbk_view_stats(view, &stats);
	if (stats.pending_bytes > FLUSH_BYTES)
		bench_must(dbk_view_flush(view, false, &error), &error, "view");
}

/* Sales a second through books of their own, the opening of the book aside; VIEW may be
 * NULL. */
static double
replay_rate(struct bench *bench, struct dbk_log *log, struct dbk_view *view)
{
	static const unsigned char key[DBK_HASH_KEY_BYTES] = "bench of replay";
	const struct dbk_effects *effects;
	struct dbk_error error = { 0 };
	struct dbk_replay *replay;
	struct dbk_books *books;
	uint64_t opening = sales_opening_size(&bench->sales), before = 0;
	double begin = 0, seconds;
	enum dbk_err err;

	bench_must(dbk_books_open(key, &books), NULL, "books");
	bench_must(dbk_replay_open(log, books, 0, &replay, &error), &error, "replay");
	while ((err = dbk_replay_next(replay, &effects, &error)) == DBK_OK) {
		if (view != NULL)
			project(view, effects);
		if (before == 0 && dbk_books_size(books) >= opening) {
			before = dbk_books_size(books);
			begin = bench_cpu();
		}
	}
	if (err != DBK_FAILED_NOT_FOUND)
		bench_must(err, &error, "replay");
	if (view != NULL)
		bench_must(dbk_view_flush(view, true, &error), &error, "view");
	seconds = bench_cpu() - begin;
	dbk_replay_close(replay);
	dbk_books_close(books);
	return (double)(dbk_log_size(log) - before) / seconds;
}

static double
rebuild_rate(struct bench *bench, struct dbk_log *log)
{
	char dir[BENCH_PATH_BYTES + 16];
	struct dbk_view_options options = { 0 };
	struct dbk_error error = { 0 };
	struct dbk_view *view;
	double rate;

	(void)snprintf(dir, sizeof dir, "%s/replay-view", bench->dir);
	bench_must(dbk_view_open(dir, &options, &view, &error), &error, "view");
	rate = replay_rate(bench, log, view);
	dbk_view_close(view);
	bench_must(dbk_view_remove(dir, &error), &error, "view");
	return rate;
}

void
bench_replay(struct bench *bench)
{
	struct bench_scale scale = { .goal = GOAL_EVENTS_PER_SECOND };
	char dir[BENCH_PATH_BYTES + 16];
	double reads[3], decides[3], views[3];
	struct dbk_ledger *ledger;

	bench_table(bench, "replay: everything from the log, one core");
	(void)snprintf(dir, sizeof dir, "%s/replay", bench->dir);
	(void)mkdir(dir, 0700);
	ledger = make_ledger(bench, dir);
	for (unsigned i = 0; i < 3; i++) {
		reads[i] = read_rate(dbk_ledger_log(ledger));
		decides[i] = replay_rate(bench, dbk_ledger_log(ledger), NULL);
		views[i] = rebuild_rate(bench, dbk_ledger_log(ledger));
	}
	scale.floor = bench_median(reads);
	bench_row(bench, "read, check, decode", scale.floor, "events/s", NULL);
	bench_row(bench, "the same and decide (\"replay\")", bench_median(decides),
		  "events/s", &scale);
	scale.goal = 0;
	bench_row(bench, "the same and derive the view", bench_median(views),
		  "events/s", &scale);
	dbk_ledger_close(ledger);
	tmpdir_remove(dir);
}
