/*
 * bench_ledger.c -- how fast one thread decides, logs, replays and opens sales.
 *
 *	bench_ledger [SALES [DIRECTORY]]	2,000,000 sales below $TMPDIR, else /tmp
 *
 * No sockets and no second thread: what the writer of a daemon could do at best.  The
 * sales are those of tests/lib/sales.h; making their bytes is not in the figures.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../tests/lib/sales.h"
#include "../tests/lib/tmpdir.h"
#include "books/foresee.h"
#include "event/decode.h"
#include "ledger/ledger.h"
#include "ledger/replay.h"
#include "ledger/saved.h"

#define BATCH_EVENTS 1000u
#define OPENING_BATCH_EVENTS 10000u

static struct sales sales;
static uint64_t n_sales = 2000000;
static const unsigned char key[DBK_HASH_KEY_BYTES] = "bench of ledger";

static double
seconds_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
must(enum dbk_err err, const struct dbk_error *error, const char *what)
{
	if (err == DBK_OK)
		return;
	fprintf(stderr, "bench_ledger: %s: %s: %s\n", what, dbk_err_text(err),
		error == NULL ? "" : error->text);
	exit(1);
}

static void
print_row(const char *what, uint64_t n, double seconds)
{
	printf("%-44s %12llu %9.2f s %12.0f/s %8.3f us\n", what, (unsigned long long)n,
	       seconds, (double)n / seconds, seconds / (double)n * 1e6);
	(void)fflush(stdout);
}

static uint64_t
resident_bytes(void)
{
	unsigned long long pages = 0, skipped = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f == NULL)
		return 0;
	if (fscanf(f, "%llu %llu", &skipped, &pages) != 2)
		pages = 0;
	(void)fclose(f);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* ------------------------------------------------------------- books in memory */

struct core {
	struct dbk_books *books;
	struct dbk_effects effects;
	struct dbk_arena arena, originals;
	struct dbk_buf past; /* the event looked back at */
};

/* The past is made again: every event was accepted, so its number is its position. */
static bool
look_back(void *context, uint64_t position, struct dbk_str *out)
{
	struct core *core = context;
	struct dbk_cursor at;

	dbk_buf_reset(&core->past);
	sales_put(&sales, position, &core->past);
	at = dbk_cursor_make(core->past.bytes, core->past.size);
	(void)dbk_cursor_varint(&at);
	(void)dbk_cursor_varint(&at);
	*out = dbk_str_make(at.at, dbk_cursor_left(&at));
	return true;
}

enum depth { DECODE, CHECK, DECIDE };

/* Events opened before their turn, as in src/ledger/admit.c. */
static struct dbk_event opened[DBK_FORESEE_EVENTS];
static struct dbk_foresight foresights[DBK_FORESEE_EVENTS];

static void
open_event(struct core *core, struct dbk_str bytes, enum depth depth,
	   struct dbk_event *out)
{
	struct dbk_event_fault fault;

	if (!dbk_event_decode(bytes, &core->arena, out, &fault) ||
	    (depth >= CHECK && !dbk_event_check(out, &fault)))
		must(DBK_FAILED_INPUT, NULL, "event");
}

static void
decide_events(struct core *core, uint32_t n)
{
	struct dbk_verdict verdict;

	for (unsigned step = 0; step < DBK_FORESEE_STEPS; step++)
		for (uint32_t i = 0; i < n; i++)
			dbk_books_foresee(core->books, &opened[i], step,
					  &foresights[i]);
	for (uint32_t i = 0; i < n; i++) {
		dbk_arena_reset(&core->originals);
		must(dbk_books_decide_foreseen(core->books, &opened[i], &foresights[i],
					       &core->effects, &core->originals,
					       &verdict),
		     NULL, "decide");
		if (verdict.outcome != DBK_ACCEPTED)
			must(DBK_FAILED_STATE, NULL,
			     dbk_rule_name(verdict.refusal.rule));
	}
}

static void
take_batch(struct core *core, const struct dbk_buf *batch, enum depth depth)
{
	struct dbk_cursor at = dbk_cursor_make(batch->bytes, batch->size);

	dbk_effects_reset(&core->effects, dbk_books_size(core->books));
	while (dbk_cursor_left(&at) > 0) {
		uint32_t n = 0;

		dbk_arena_reset(&core->arena);
		for (; n < DBK_FORESEE_EVENTS && dbk_cursor_left(&at) > 0; n++) {
			uint64_t size;

			(void)dbk_cursor_varint(&at);
			size = dbk_cursor_varint(&at);
			open_event(core, dbk_str_make(dbk_cursor_take(&at, size), size),
				   depth, &opened[n]);
		}
		if (depth == DECIDE)
			decide_events(core, n);
	}
	dbk_books_commit(core->books);
}

static double
take_range(struct core *core, uint64_t first, uint64_t n, enum depth depth)
{
	struct dbk_buf batch;
	double spent = 0;

	dbk_buf_init(&batch);
	for (uint64_t i = 0; i < n; i += BATCH_EVENTS) {
		uint64_t left = n - i;
		double start;

		dbk_buf_reset(&batch);
		sales_put_many(&sales, first + i,
			       left < BATCH_EVENTS ? (uint32_t)left : BATCH_EVENTS,
			       &batch);
		start = seconds_now();
		take_batch(core, &batch, depth);
		spent += seconds_now() - start;
	}
	dbk_buf_fini(&batch);
	return spent;
}

static void
bench_core(void)
{
	uint64_t opening = sales_opening_size(&sales), before, resident;
	struct core core = { 0 };

	must(dbk_books_open(key, &core.books), NULL, "books");
	dbk_books_set_history(core.books, look_back, &core);
	dbk_effects_init(&core.effects);
	dbk_arena_init(&core.arena, (size_t)1 << 26);
	dbk_arena_init(&core.originals, (size_t)1 << 26);
	print_row("opening: decode, check, decide", opening,
		  take_range(&core, 0, opening, DECIDE));
	print_row("sales: decode", n_sales,
		  take_range(&core, opening, n_sales, DECODE));
	print_row("sales: decode, check", n_sales,
		  take_range(&core, opening, n_sales, CHECK));
	before = dbk_books_bytes(core.books);
	resident = resident_bytes();
	print_row("sales: decode, check, decide", n_sales,
		  take_range(&core, opening, n_sales, DECIDE));
	printf("%-44s %12.1f bytes in rows, %.1f resident\n", "memory of a sale",
	       (double)(dbk_books_bytes(core.books) - before) / (double)n_sales,
	       (double)(resident_bytes() - resident) / (double)n_sales);
	dbk_books_close(core.books);
	dbk_effects_fini(&core.effects);
	dbk_arena_fini(&core.arena);
	dbk_arena_fini(&core.originals);
	dbk_buf_fini(&core.past);
}

/* -------------------------------------------------------------------- the ledger */

static struct dbk_ledger *
open_ledger(const char *dir, struct dbk_ledger_start *start)
{
	struct dbk_ledger_options options = { .dir = dir, .views_size = UINT64_MAX };
	struct dbk_ledger *ledger = NULL;
	struct dbk_error error = { 0 };

	memcpy(options.key, key, sizeof key);
	must(dbk_ledger_open(&options, &ledger, start, &error), &error, "open");
	return ledger;
}

/* Log N events from FIRST on, in groups of GROUP events made of batches; the seconds
 * without the making of the bytes. */
static double
log_range(struct dbk_ledger *ledger, uint64_t first, uint64_t n, uint32_t batch_events,
	  uint32_t group_events)
{
	struct dbk_error error = { 0 };
	struct dbk_buf batches, reply;
	double spent = 0;

	dbk_buf_init(&batches);
	dbk_buf_init(&reply);
	for (uint64_t done = 0; done < n;) {
		size_t begins[64] = { 0 };
		uint32_t n_batches = 0;
		uint64_t expected = 0, end = done + group_events;
		double start;

		dbk_buf_reset(&batches);
		for (end = end < n ? end : n; done < end && n_batches < 63;
		     n_batches++) {
			uint64_t left = end - done;
			uint32_t take =
			    left < batch_events ? (uint32_t)left : batch_events;

			sales_put_many(&sales, first + done, take, &batches);
			begins[n_batches + 1] = batches.size;
			done += take;
		}
		start = seconds_now();
		dbk_ledger_begin(ledger, sales_time_us(&sales, first + done));
		for (uint32_t i = 0; i < n_batches; i++) {
			struct dbk_ledger_batch batch = {
				.source = dbk_str_of("bench"),
				.events = dbk_str_make(batches.bytes + begins[i],
						       begins[i + 1] - begins[i])
			};

			dbk_buf_reset(&reply);
			if (dbk_ledger_admit(ledger, &batch, &reply, &expected,
					     &error) != DBK_ADMITTED)
				must(DBK_FAILED_STATE, &error, "admit");
		}
		must(dbk_ledger_commit(ledger, &error), &error, "commit");
		spent += seconds_now() - start;
	}
	dbk_buf_fini(&batches);
	dbk_buf_fini(&reply);
	return spent;
}

static double
save(struct dbk_ledger *ledger, const char *dir, uint64_t *out_bytes)
{
	struct dbk_saved_point point = { dbk_log_size(dbk_ledger_log(ledger)),
					 dbk_log_groups(dbk_ledger_log(ledger)) };
	struct dbk_books *books = dbk_ledger_books(ledger);
	struct dbk_saved *saved = NULL;
	struct dbk_error error = { 0 };
	struct dbk_books_page page;
	struct dbk_buf meta;
	double start = seconds_now();
	char path[4096];

	(void)snprintf(path, sizeof path, "%s/books", dir);
	dbk_buf_init(&meta);
	must(dbk_saved_open(path, &saved, &error), &error, "saved books");
	must(dbk_saved_begin(saved, true, &error), &error, "save");
	dbk_books_save_begin(books, NULL, NULL, &meta);
	while (dbk_books_save_next(books, &page))
		dbk_saved_put(saved, &page);
	must(
	    dbk_saved_commit(saved, point, dbk_str_make(meta.bytes, meta.size), &error),
	    &error, "save");
	*out_bytes = dbk_saved_bytes(saved);
	dbk_saved_close(saved);
	dbk_buf_fini(&meta);
	return seconds_now() - start;
}

static void
bench_replay(struct dbk_ledger *ledger)
{
	struct dbk_error error = { 0 };
	const struct dbk_effects *effects;
	struct dbk_replay *replay;
	struct dbk_books *books;
	double start = seconds_now();
	uint64_t before = 0, opening = sales_opening_size(&sales);
	double opened = start;
	enum dbk_err err;

	must(dbk_books_open(key, &books), NULL, "books");
	must(dbk_replay_open(dbk_ledger_log(ledger), books, 0, &replay, &error), &error,
	     "replay");
	while ((err = dbk_replay_next(replay, &effects, &error)) == DBK_OK)
		if (before == 0 && dbk_books_size(books) >= opening) {
			before = dbk_books_size(books);
			opened = seconds_now();
		}
	if (err != DBK_FAILED_NOT_FOUND)
		must(err, &error, "replay");
	print_row("replay: the opening", before, opened - start);
	print_row("replay: the sales", dbk_books_size(books) - before,
		  seconds_now() - opened);
	dbk_replay_close(replay);
	dbk_books_close(books);
}

static void
bench_open(const char *dir)
{
	struct dbk_ledger_start start;
	double begin = seconds_now();
	struct dbk_ledger *ledger = open_ledger(dir, &start);

	printf("%-44s %12llu %9.2f s (%llu replayed)\n", "open: from saved books",
	       (unsigned long long)start.loaded_size, seconds_now() - begin,
	       (unsigned long long)start.replayed_size);
	dbk_ledger_close(ledger);
}

static void
bench_ledger(const char *dir)
{
	uint64_t opening = sales_opening_size(&sales), half = n_sales / 2, bytes = 0;
	struct dbk_ledger_start start;
	struct dbk_ledger *ledger = open_ledger(dir, &start);
	struct dbk_store_stats stats;
	struct dbk_error error = { 0 };
	double seconds;

	print_row(
	    "log: opening", opening,
	    log_range(ledger, 0, opening, OPENING_BATCH_EVENTS, OPENING_BATCH_EVENTS));
	print_row("log: sales, 1,000 in a group", half,
		  log_range(ledger, opening, half, 1000, 1000));
	print_row("log: sales, 10,000 in a group", n_sales - half,
		  log_range(ledger, opening + half, n_sales - half, 1000, 10000));
	must(dbk_store_stats(dbk_log_store(dbk_ledger_log(ledger)), &stats, &error),
	     &error, "stats");
	printf("%-44s %12.1f bytes an event\n", "log: on disk",
	       (double)stats.used_bytes / (double)dbk_log_size(dbk_ledger_log(ledger)));
	bench_replay(ledger);
	seconds = save(ledger, dir, &bytes);
	printf("%-44s %12llu %9.2f s %12.0f MB\n", "save: all books",
	       (unsigned long long)dbk_log_size(dbk_ledger_log(ledger)), seconds,
	       (double)bytes / 1e6);
	dbk_ledger_close(ledger);
	bench_open(dir);
}

int
main(int argc, char **argv)
{
	char made[TMPDIR_BYTES];

	if (argc > 1)
		n_sales = strtoull(argv[1], NULL, 10);
	if (n_sales < 1000) {
		fprintf(stderr, "usage: bench_ledger [SALES [DIRECTORY]]\n");
		return 2;
	}
	sales = sales_default();
	printf("%llu sales, %u agents, %u skus, %u customers\n",
	       (unsigned long long)n_sales, sales.agents, sales.skus, sales.customers);
	bench_core();
	if (argc > 2) {
		bench_ledger(argv[2]);
		return 0;
	}
	tmpdir_make(made);
	bench_ledger(made);
	tmpdir_remove(made);
	return 0;
}
