/*
 * test_view_threads.c -- readers ask while the worker applies and flushes: every answer
 * foots, and no thread keeps another one out.  Of use with SAN=thread above all.
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/agent_statement.h"
#include "query/balances.h"
#include "query/journal.h"
#include "query/movements.h"
#include "query/order_history.h"
#include "query/statement.h"
#include "query/stock.h"
#include "query/trial_balance.h"
#include "views/gate.h"
#include "views/view.h"

#include "../tests/lib/check.h"
#include "../tests/lib/random_message.h"
#include "../tests/lib/sale_effects.h"
#include "../tests/lib/tmpdir.h"

#define READERS 3
#define GROUPS 120u
#define GROUP 200u

struct shared {
	struct dbk_view *view;
	_Atomic bool stop;
	_Atomic uint64_t answers;
	_Atomic uint64_t wrong;
};

/* A reader's own. */
struct asker {
	struct shared *shared;
	struct random_source source;
	struct dbk_arena arena;
	pthread_t thread;
};

static void
expect(struct asker *a, bool good)
{
	if (!good)
		a->shared->wrong++;
}

static struct dbk_as_of
some_as_of(struct asker *a)
{
	struct dbk_as_of as_of = { .kind = (enum dbk_as_of_kind)random_below(&a->source,
									     2) };

	as_of.size = random_below(&a->source, dbk_view_size(a->shared->view) + 1);
	return as_of;
}

static void
ask_trial(struct asker *a)
{
	struct dbk_as_of as_of = some_as_of(a);
	struct dbk_trial_balance out;

	expect(a,
	       dbk_trial_balance_get(a->shared->view, &as_of, &out, NULL) == DBK_OK &&
		   out.difference == 0);
}

/* All pages of all accounts; with escrow, which is empty after each sale, they are 0.
 */
static void
ask_balances(struct asker *a)
{
	struct dbk_balances_query q = { .page.rows_max = 70, .as_of = some_as_of(a) };
	char token[DBK_TOKEN_BYTES];
	struct dbk_balances out;
	int64_t sum = 0;

	do {
		dbk_arena_reset(&a->arena);
		if (dbk_balances_list(a->shared->view, &q, &a->arena, &out, NULL) !=
		    DBK_OK) {
			expect(a, false);
			return;
		}
		for (uint32_t i = 0; i < out.n; i++)
			sum += out.rows[i].balance;
		memcpy(token, out.next.token, sizeof token);
		q.page.token = dbk_str_of(token);
	} while (q.page.token.size > 0);
	expect(a, sum == 0);
}

static void
ask_statement(struct asker *a)
{
	struct dbk_statement_query q = { .code = DBK_PSP_CLEARING,
					 .owner = { "brand", 5 },
					 .as_of = some_as_of(a),
					 .from = DBK_TIME_ABSENT,
					 .to = DBK_TIME_ABSENT };
	struct dbk_statement out = { .n = 0 };

	if (random_below(&a->source, 2) == 0)
		q.owner.size = 0;
	expect(a, dbk_statement_get(a->shared->view, &q, &a->arena, &out, NULL) ==
			  DBK_OK &&
		      (out.n == 0 || out.lines[0].balance == out.balance));
	for (uint32_t i = 1; i < out.n; i++)
		expect(a, out.lines[i].balance + out.lines[i - 1].amount ==
			      out.lines[i - 1].balance);
}

static void
ask_goods(struct asker *a)
{
	struct dbk_movements_query m = { .holder = { "agent-00000001", 14 },
					 .as_of = some_as_of(a),
					 .from = DBK_TIME_ABSENT,
					 .to = DBK_TIME_ABSENT };
	struct dbk_stock_query q = { .holder = m.holder, .as_of = m.as_of };
	struct dbk_movements movements;
	struct dbk_stock stock;

	q.as_of.kind = DBK_AS_OF_SIZE;
	m.as_of = q.as_of;
	if (dbk_stock_list(a->shared->view, &q, &a->arena, &stock, NULL) != DBK_OK ||
	    dbk_movements_list(a->shared->view, &m, &a->arena, &movements, NULL) !=
		DBK_OK) {
		expect(a, false);
		return;
	}
	if (stock.n == 0) {
		expect(a, movements.n == 0);
		return;
	}
	expect(a, stock.rows[0].figures.on_hand == movements.on_hand &&
		      movements.lines[0].balance == movements.on_hand);
	expect(a, stock.rows[0].figures.on_hand + stock.rows[0].figures.sold ==
		      stock.rows[0].figures.received);
}

static void
ask_money(struct asker *a)
{
	struct dbk_agent_statement_query q = { .agent = { "agent-00000001", 14 },
					       .as_of = some_as_of(a),
					       .from = DBK_TIME_ABSENT,
					       .to = DBK_TIME_ABSENT };
	struct dbk_agent_statement out = { .n = 0 };
	int64_t sum = 0;

	expect(a, dbk_agent_statement_get(a->shared->view, &q, &a->arena, &out, NULL) ==
		      DBK_OK);
	for (uint32_t i = 0; i < out.n_sums; i++)
		sum += dbk_agent_statement_total(&out.sums[i].change);
	expect(a, sum == dbk_agent_statement_total(&out.closing));
}

/* From somewhere to where the book was: the postings of every event sum to 0. */
static void
ask_journal(struct asker *a)
{
	struct dbk_journal_query q = { .to_size = dbk_view_size(a->shared->view),
				       .postings_max = 1000 };
	struct dbk_journal_page out = { .at_end = false };

	q.from.position = random_below(&a->source, q.to_size + 1);
	while (!out.at_end) {
		int64_t sum = 0;

		dbk_arena_reset(&a->arena);
		if (dbk_journal_read(a->shared->view, &q, &a->arena, &out, NULL) !=
		    DBK_OK) {
			expect(a, false);
			return;
		}
		for (uint32_t i = 0; i < out.n_postings; i++)
			sum += out.postings[i].amount;
		expect(a, sum == 0);
		q.from = out.next;
	}
	expect(a, out.next.position == q.to_size);
}

static void *
ask(void *context)
{
	static void (*const questions[])(
	    struct asker *) = { ask_trial, ask_balances, ask_statement,
				ask_goods, ask_money,	 ask_journal };
	struct asker *a = context;
	struct dbk_view_stats stats;

	while (!a->shared->stop) {
		questions[random_below(&a->source, 6)](a);
		dbk_arena_reset(&a->arena);
		dbk_view_stats(a->shared->view, &stats);
		expect(a, stats.durable_size <= stats.size);
		a->shared->answers++;
	}
	return NULL;
}

static void
work(struct shared *shared, struct sale_effects *sales)
{
	struct dbk_error error = { 0 };
	struct dbk_effects group;

	dbk_effects_init(&group);
	for (unsigned i = 0; i < GROUPS; i++) {
		sale_effects_group(sales, dbk_view_size(shared->view), GROUP, &group);
		CHECK(dbk_view_apply(shared->view, &group, &error) == DBK_OK);
		if (i % 7 == 6)
			CHECK(dbk_view_flush(shared->view, i % 3 == 0, &error) ==
			      DBK_OK);
	}
	dbk_effects_fini(&group);
}

static void
test_readers_and_worker(void)
{
	struct sale_shape shape = { .agents = 200,
				    .commissions = true,
				    .maturing = true };
	struct dbk_view_options fast = { .no_sync = true };
	char dir[TMPDIR_BYTES], view_dir[TMPDIR_BYTES + 8];
	struct shared shared = { .stop = false };
	struct asker askers[READERS];
	struct dbk_error error = { 0 };
	struct sale_effects sales;
	struct dbk_effects group;

	tmpdir_make(dir);
	(void)snprintf(view_dir, sizeof view_dir, "%s/view", dir);
	sale_effects_init(&sales, &shape);
	dbk_effects_init(&group);
	CHECK(dbk_view_open(view_dir, &fast, &shared.view, &error) == DBK_OK);
	sale_effects_open(&sales, &group);
	CHECK(dbk_view_apply(shared.view, &group, &error) == DBK_OK);
	for (unsigned i = 0; i < READERS; i++) {
		askers[i].shared = &shared;
		random_start(&askers[i].source, "reader");
		dbk_arena_init(&askers[i].arena, (size_t)16 << 20);
		if (pthread_create(&askers[i].thread, NULL, ask, &askers[i]) != 0)
			abort();
	}
	work(&shared, &sales);
	shared.stop = true;
	for (unsigned i = 0; i < READERS; i++) {
		(void)pthread_join(askers[i].thread, NULL);
		dbk_arena_fini(&askers[i].arena);
	}
	CHECK_INT(shared.wrong, 0);
	CHECK(shared.answers > 0);
	CHECK_INT(dbk_view_size(shared.view), 200 + GROUPS * GROUP);
	dbk_view_close(shared.view);
	dbk_effects_fini(&group);
	sale_effects_fini(&sales);
	tmpdir_remove(dir);
}

/* ------------------------------------------------------------------------ the gate */

struct gated {
	struct dbk_gate gate;
	_Atomic bool stop;
	_Atomic unsigned inside; /* readers */
	_Atomic bool writing;
	_Atomic uint64_t reads;
	_Atomic uint64_t wrong;
};

static void *
read_on(void *context)
{
	struct gated *g = context;

	while (!g->stop) {
		dbk_gate_read_enter(&g->gate);
		g->inside++;
		g->wrong += g->writing;
		g->inside--;
		dbk_gate_read_leave(&g->gate);
		g->reads++;
	}
	return NULL;
}

/* Readers that never pause do not keep the writer out, nor a writer that never pauses
 * the readers. */
static void
test_gate_is_fair(void)
{
	pthread_t threads[READERS];
	struct gated g = { .stop = false };
	uint64_t seen;

	CHECK(dbk_gate_init(&g.gate) == DBK_OK);
	for (unsigned i = 0; i < READERS; i++)
		if (pthread_create(&threads[i], NULL, read_on, &g) != 0)
			abort();
	for (unsigned i = 0; i < 2000 || g.reads < 100; i++) {
		dbk_gate_write_enter(&g.gate);
		g.writing = true;
		g.wrong += g.inside > 0;
		g.writing = false;
		dbk_gate_write_leave(&g.gate);
	}
	seen = g.reads;
	g.stop = true;
	for (unsigned i = 0; i < READERS; i++)
		(void)pthread_join(threads[i], NULL);
	CHECK(seen > 0);
	CHECK_INT(g.wrong, 0);
	dbk_gate_fini(&g.gate);
}

int
main(void)
{
	check_run("the gate lets in many readers or one writer, in turns",
		  test_gate_is_fair);
	check_run("answers foot while the worker applies and flushes",
		  test_readers_and_worker);
	return check_end();
}
