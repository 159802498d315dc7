/*
 * bench_view.c -- what the ledger view costs: applying, flushing, bytes, questions,
 * opening again.
 *
 *	bench_view [SALES [AGENTS [POSTINGS [LATE_PER_MILLE]]]]
 *
 * A sale has 4, 9 or 13 postings: see tests/lib/sale_effects.h.
 *
 * The view lies below $TMPDIR, with real syncs.
 */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "query/agent_statement.h"
#include "query/balances.h"
#include "query/journal.h"
#include "query/movements.h"
#include "query/order_history.h"
#include "query/statement.h"
#include "query/stock.h"
#include "query/trial_balance.h"
#include "views/view.h"

#include "../tests/lib/sale_effects.h"
#include "../tests/lib/tmpdir.h"

#define GROUP 1000u
#define GROUPS_PER_FLUSH 100u
#define ROUNDS 200

struct bench {
	struct dbk_view *view;
	struct dbk_arena arena;
	uint64_t size;
	int64_t first_clock, last_clock;
	uint64_t random;
};

static double
read_us(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double
now_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

/* Of this thread: what others take does not count. */
static double
cpu_us(void)
{
	return read_us(CLOCK_THREAD_CPUTIME_ID);
}

static void
must(enum dbk_err err, const struct dbk_error *error)
{
	if (err == DBK_OK)
		return;
	fprintf(stderr, "bench_view: %s: %s\n", dbk_err_text(err), error->text);
	exit(1);
}

static uint64_t
random_below(struct bench *b, uint64_t below)
{
	b->random = b->random * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (b->random >> 20) % below;
}

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void
fill(struct bench *b, struct sale_effects *sales, uint32_t n)
{
	double *groups = calloc(n / GROUP + 1, sizeof *groups);
	double apply = 0, flush = 0, start, cpu, worst = 0;
	struct dbk_error error = { 0 };
	struct dbk_view_stats before, after;
	struct dbk_effects group;

	dbk_effects_init(&group);
	sale_effects_open(sales, &group);
	start = now_us();
	must(dbk_view_apply(b->view, &group, &error), &error);
	printf("opening: %u agents in %.0f ms\n", sales->shape.agents,
	       (now_us() - start) / 1e3);
	must(dbk_view_flush(b->view, true, &error), &error);
	dbk_view_stats(b->view, &before);
	b->first_clock = sales->clock;
	for (uint32_t i = 0; i < n / GROUP; i++) {
		sale_effects_group(sales, dbk_view_size(b->view), GROUP, &group);
		start = cpu_us();
		must(dbk_view_apply(b->view, &group, &error), &error);
		groups[i] = cpu_us() - start;
		apply += groups[i];
		if (i % GROUPS_PER_FLUSH != GROUPS_PER_FLUSH - 1)
			continue;
		cpu = cpu_us();
		start = now_us();
		must(dbk_view_flush(b->view, false, &error), &error);
		start = now_us() - start;
		flush += cpu_us() - cpu;
		worst = start > worst ? start : worst;
	}
	b->last_clock = sales->clock;
	b->size = dbk_view_size(b->view);
	dbk_view_stats(b->view, &after);
	qsort(groups, n / GROUP, sizeof *groups, compare_doubles);
	printf("apply: %.0f ns of CPU a sale, median %.0f\n", apply * 1e3 / n,
	       groups[n / GROUP / 2] * 1e3 / GROUP);
	free(groups);
	printf("flush every %u: %.0f ns of CPU a sale, worst %.1f ms\n",
	       GROUP * GROUPS_PER_FLUSH, flush * 1e3 / n, worst / 1e3);
	printf("history: %.1f bytes a sale\n",
	       (double)(after.history_bytes - before.history_bytes) / n);
	must(dbk_view_flush(b->view, false, &error), &error);
	dbk_effects_fini(&group);
}

/* As after a crash just before the first full flush of the sales, then a full flush. */
static void
recover(struct bench *b, const char *dir)
{
	struct dbk_error error = { 0 };
	struct dbk_view_stats stats;
	double start;

	dbk_view_close(b->view);
	start = now_us();
	must(dbk_view_open(dir, NULL, &b->view, &error), &error);
	dbk_view_stats(b->view, &stats);
	printf("opened with %llu records to read again: %.0f ms\n",
	       (unsigned long long)(stats.size - stats.heads_size),
	       (now_us() - start) / 1e3);
	start = now_us();
	must(dbk_view_flush(b->view, true, &error), &error);
	printf("full flush: %.0f ms, resident %.0f MB, disk %.0f MB\n",
	       (now_us() - start) / 1e3, (double)stats.resident_bytes / 1e6,
	       (double)stats.disk_bytes / 1e6);
}

/* Some as-of of KIND. */
static struct dbk_as_of
some_as_of(struct bench *b, enum dbk_as_of_kind kind)
{
	struct dbk_as_of as_of = { .kind = kind };

	as_of.size = random_below(b, b->size);
	as_of.effective_at =
	    b->first_clock +
	    (int64_t)random_below(b, (uint64_t)(b->last_clock - b->first_clock));
	return as_of;
}

static void
ask_statement(struct bench *b, enum dbk_as_of_kind kind, struct dbk_error *error)
{
	struct dbk_statement_query q = { .code = DBK_PSP_CLEARING,
					 .owner = { "brand", 5 },
					 .from = DBK_TIME_ABSENT,
					 .to = DBK_TIME_ABSENT };
	struct dbk_statement out;

	q.as_of = some_as_of(b, kind);
	must(dbk_statement_get(b->view, &q, &b->arena, &out, error), error);
}

static void
ask_control(struct bench *b, enum dbk_as_of_kind kind, struct dbk_error *error)
{
	struct dbk_statement_query q = { .code = DBK_ESCROW,
					 .from = DBK_TIME_ABSENT,
					 .to = DBK_TIME_ABSENT };
	struct dbk_statement out;

	q.as_of = some_as_of(b, kind);
	must(dbk_statement_get(b->view, &q, &b->arena, &out, error), error);
}

static void
ask_trial(struct bench *b, enum dbk_as_of_kind kind, struct dbk_error *error)
{
	struct dbk_as_of as_of = some_as_of(b, kind);
	struct dbk_trial_balance out;

	must(dbk_trial_balance_get(b->view, &as_of, &out, error), error);
	if (out.difference != 0)
		abort();
}

static void
ask_balance(struct bench *b, enum dbk_as_of_kind kind, struct dbk_error *error)
{
	struct dbk_balances_query q = { .owner = { "brand", 5 } };
	struct dbk_balances out;

	q.as_of = some_as_of(b, kind);
	must(dbk_balances_list(b->view, &q, &b->arena, &out, error), error);
}

static void
ask_balances(struct bench *b, enum dbk_as_of_kind kind, struct dbk_error *error)
{
	struct dbk_balances_query q = { .code = DBK_COMMISSION_PENDING };
	struct dbk_balances out;

	q.as_of = some_as_of(b, kind);
	must(dbk_balances_list(b->view, &q, &b->arena, &out, error), error);
}

static void
ask_movements(struct bench *b, enum dbk_as_of_kind kind, struct dbk_error *error)
{
	struct dbk_movements_query q = { .holder = { "agent-00000001", 14 },
					 .from = DBK_TIME_ABSENT,
					 .to = DBK_TIME_ABSENT };
	struct dbk_movements out;

	q.as_of = some_as_of(b, kind);
	must(dbk_movements_list(b->view, &q, &b->arena, &out, error), error);
}

/* Agent 1 is the sponsor of ten sellers. */
static void
ask_agent(struct bench *b, enum dbk_as_of_kind kind, struct dbk_error *error)
{
	struct dbk_agent_statement_query q = { .agent = { "agent-00000001", 14 },
					       .to = DBK_TIME_ABSENT };
	struct dbk_agent_statement out;

	q.as_of = some_as_of(b, kind);
	q.from = b->first_clock + (b->last_clock - b->first_clock) / 4;
	must(dbk_agent_statement_get(b->view, &q, &b->arena, &out, error), error);
}

static void
ask_order(struct bench *b, enum dbk_as_of_kind kind, struct dbk_error *error)
{
	struct dbk_order_history out;

	(void)kind;
	must(dbk_order_history_get(b->view, 1 + (uint32_t)random_below(b, b->size / 2),
				   &b->arena, &out, error),
	     error);
}

static void
ask_largest(struct bench *b, enum dbk_as_of_kind kind, struct dbk_error *error)
{
	struct dbk_balances_query q = { .largest_first = true };
	struct dbk_balances out;

	q.as_of.kind = kind == DBK_AS_OF_NOW ? kind : DBK_AS_OF_NOW;
	must(dbk_balances_list(b->view, &q, &b->arena, &out, error), error);
}

static void
measure(struct bench *b, const char *what,
	void (*ask)(struct bench *, enum dbk_as_of_kind, struct dbk_error *))
{
	static const char *const kinds[] = { "now", "size", "time" };

	printf("%-28s", what);
	for (unsigned kind = 0; kind < 3; kind++) {
		struct dbk_error error = { 0 };
		double us[ROUNDS];

		for (unsigned i = 0; i < ROUNDS; i++) {
			double start = now_us();

			ask(b, (enum dbk_as_of_kind)kind, &error);
			us[i] = now_us() - start;
			dbk_arena_reset(&b->arena);
		}
		qsort(us, ROUNDS, sizeof us[0], compare_doubles);
		printf("  %s %.0f / %.0f us", kinds[kind], us[ROUNDS / 2],
		       us[ROUNDS - 2]);
	}
	printf("\n");
}

static void
ask_all(struct bench *b)
{
	printf("questions, p50 / p99:\n");
	measure(b, "statement page, hot account", ask_statement);
	measure(b, "statement page, control", ask_control);
	measure(b, "trial balance", ask_trial);
	measure(b, "balances of one owner", ask_balance);
	measure(b, "balances, page of 100", ask_balances);
	measure(b, "largest balances", ask_largest);
	measure(b, "movements of a holder", ask_movements);
	measure(b, "records of an order", ask_order);
	measure(b, "an agent's statement", ask_agent);
}

static void
read_journal(struct bench *b)
{
	struct dbk_journal_query q = { .to_size = 0 };
	struct dbk_journal_page page;
	struct dbk_error error = { 0 };
	uint64_t postings = 0;
	double start = now_us();

	do {
		must(dbk_journal_read(b->view, &q, &b->arena, &page, &error), &error);
		postings += page.n_postings;
		q.from = page.next;
		dbk_arena_reset(&b->arena);
	} while (!page.at_end);
	printf("journal: %.1f million postings, %.1f million/s\n",
	       (double)postings / 1e6, (double)postings / (now_us() - start));
}

int
main(int argc, char **argv)
{
	uint32_t n = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1000000;
	unsigned long postings = argc > 3 ? strtoul(argv[3], NULL, 10) : 13;
	struct sale_shape shape = { .agents = 100000,
				    .commissions = postings >= 9,
				    .maturing = postings >= 13 };
	struct bench b = { .random = 1 };
	char dir[TMPDIR_BYTES], view_dir[TMPDIR_BYTES + 8];
	struct dbk_error error = { 0 };
	struct sale_effects sales;
	double start;

	shape.agents = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : shape.agents;
	shape.late_per_mille = argc > 4 ? (uint32_t)strtoul(argv[4], NULL, 10) : 0;
	tmpdir_make(dir);
	(void)snprintf(view_dir, sizeof view_dir, "%s/view", dir);
	dbk_arena_init(&b.arena, (size_t)64 << 20);
	sale_effects_init(&sales, &shape);
	must(dbk_view_open(view_dir, NULL, &b.view, &error), &error);
	fill(&b, &sales, n);
	recover(&b, view_dir);
	ask_all(&b);
	read_journal(&b);
	dbk_view_close(b.view);
	start = now_us();
	must(dbk_view_open(view_dir, NULL, &b.view, &error), &error);
	printf("opened again: %.0f ms\n", (now_us() - start) / 1e3);
	dbk_view_close(b.view);
	sale_effects_fini(&sales);
	dbk_arena_fini(&b.arena);
	tmpdir_remove(dir);
	return 0;
}
