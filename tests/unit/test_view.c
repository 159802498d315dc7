/*
 * test_view.c -- the ledger view against a model in plain arrays: every question, as of
 * all sizes and times of small books and some of large ones, while the view is flushed,
 * closed without a flush, and opened again.  SEED= repeats a run.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/balances.h"
#include "query/movements.h"
#include "query/statement.h"
#include "query/stock.h"
#include "views/view.h"

#include "../tests/lib/check.h"
#include "../tests/lib/ledger_model.h"
#include "../tests/lib/tmpdir.h"
#include "../tests/lib/view_compare.h"

/* A model, a view that follows it, and where the view lies. */
struct bench {
	char dir[TMPDIR_BYTES];
	char view_dir[TMPDIR_BYTES + 8];
	struct model model;
	struct dbk_view *view;
	struct dbk_effects group;
	struct random_source source;
};

static const struct dbk_view_options fast = { .no_sync = true };

static void
open_view(struct bench *b)
{
	struct dbk_error error = { 0 };

	if (!CHECK(dbk_view_open(b->view_dir, &fast, &b->view, &error) == DBK_OK)) {
		fprintf(stderr, "%s\n", error.text);
		abort();
	}
}

static void
bench_start(struct bench *b, const struct model_shape *shape, const char *what)
{
	memset(b, 0, sizeof *b);
	random_start(&b->source, what);
	tmpdir_make(b->dir);
	(void)snprintf(b->view_dir, sizeof b->view_dir, "%s/view", b->dir);
	model_init(&b->model, shape, random_next(&b->source));
	dbk_effects_init(&b->group);
	open_view(b);
}

static void
bench_stop(struct bench *b)
{
	struct dbk_error error = { 0 };

	dbk_view_close(b->view);
	CHECK(dbk_view_remove(b->view_dir, &error) == DBK_OK);
	dbk_effects_fini(&b->group);
	model_fini(&b->model);
	tmpdir_remove(b->dir);
}

static void
flush(struct bench *b, bool full)
{
	struct dbk_error error = { 0 };

	CHECK(dbk_view_flush(b->view, full, &error) == DBK_OK);
	CHECK(dbk_view_durable_size(b->view) == dbk_view_size(b->view));
}

/* What the model has and the view has not, in groups of random size that overlap what
 * the view has already, as after a restart of the writer. */
static void
catch_up(struct bench *b, uint32_t group_max)
{
	struct dbk_error error = { 0 };
	uint32_t to = b->model.all.n_effects;

	while (dbk_view_size(b->view) < to) {
		uint32_t at = (uint32_t)dbk_view_size(b->view);
		uint32_t first =
		    at - (uint32_t)random_below(&b->source, at + 1 < 5 ? at + 1 : 5);
		uint32_t last = at + 1 + (uint32_t)random_below(&b->source, group_max);

		model_group(&b->model, first, last < to ? last : to, &b->group);
		CHECK(dbk_view_apply(b->view, &b->group, &error) == DBK_OK);
	}
}

static void
reopen(struct bench *b)
{
	uint64_t durable = dbk_view_durable_size(b->view);

	dbk_view_close(b->view);
	open_view(b);
	CHECK_INT(dbk_view_size(b->view), durable);
	CHECK_INT(dbk_view_durable_size(b->view), durable);
}

/* Grow by up to N events; flush, close and open at random moments on the way. */
static void
live(struct bench *b, uint32_t n, uint32_t step)
{
	for (uint32_t done = 0; done < n; done += step) {
		model_grow(&b->model, step);
		catch_up(b, step);
		switch (random_below(&b->source, 6)) {
		case 0:
			flush(b, true);
			break;
		case 1:
		case 2:
			flush(b, false);
			break;
		case 3:
			reopen(b);
			catch_up(b, step);
			break;
		default:
			break;
		}
	}
}

static bool
compare_at(struct bench *b, struct dbk_as_of as_of, uint32_t sample)
{
	struct compare compare = { .model = &b->model, .view = b->view };

	compare.source.state = random_next(&b->source);
	compare_all(&compare, &as_of, sample);
	return !compare.failed;
}

/* A time of the book, or one just beside it. */
static int64_t
some_time(struct bench *b)
{
	const struct dbk_effect *effect =
	    &b->model.all.effects[random_below(&b->source, b->model.all.n_effects)];
	int64_t time =
	    random_below(&b->source, 2) == 0 ? effect->effective_at : effect->clock;

	return time + (int64_t)random_below(&b->source, 3) - 1;
}

static void
compare_some(struct bench *b, uint32_t times, uint32_t sample)
{
	struct dbk_as_of as_of = { .kind = DBK_AS_OF_NOW };
	bool good = compare_at(b, as_of, sample);

	for (uint32_t i = 0; i < times && good; i++) {
		as_of.kind = DBK_AS_OF_SIZE;
		as_of.size = random_below(&b->source, dbk_view_size(b->view) + 1);
		good = compare_at(b, as_of, sample);
		as_of.kind = DBK_AS_OF_TIME;
		as_of.effective_at = some_time(b);
		good = good && compare_at(b, as_of, sample);
	}
}

/* ------------------------------------------------------------------------- tests */

static void
test_empty(void)
{
	struct model_shape shape = {
		.accounts = 5, .holders = 3, .skus = 3, .late_us = 1
	};
	struct dbk_as_of as_of = { .kind = DBK_AS_OF_TIME, .effective_at = 1 };
	struct bench b;

	bench_start(&b, &shape, "empty");
	compare_at(&b, as_of, 1);
	as_of.kind = DBK_AS_OF_SIZE;
	compare_at(&b, as_of, 1);
	as_of.kind = DBK_AS_OF_NOW;
	compare_at(&b, as_of, 1);
	flush(&b, false);
	flush(&b, true);
	reopen(&b);
	compare_at(&b, as_of, 1);
	bench_stop(&b);
}

static void
test_small_books(void)
{
	struct model_shape shape = { .accounts = 24,
				     .holders = 6,
				     .skus = 4,
				     .lots = 3,
				     .orders = 10,
				     .late_percent = 25,
				     .refused_percent = 10,
				     .big_percent = 2,
				     .late_us = 60000000 };

	for (unsigned round = 0; round < 4; round++) {
		struct dbk_as_of as_of = { .kind = DBK_AS_OF_SIZE };
		bool good = true;
		struct bench b;

		bench_start(&b, &shape, "small book");
		live(&b, 60, 1 + (uint32_t)random_below(&b.source, 20));
		for (; as_of.size <= dbk_view_size(b.view) && good; as_of.size++)
			good = compare_at(&b, as_of, 2);
		as_of.kind = DBK_AS_OF_TIME;
		for (uint32_t i = 0; i < b.model.all.n_effects && good; i++) {
			as_of.effective_at = b.model.all.effects[i].effective_at;
			good = compare_at(&b, as_of, 2);
		}
		compare_some(&b, 20, 3);
		bench_stop(&b);
	}
}

static void
test_large_book(void)
{
	struct model_shape shape = { .accounts = 60,
				     .holders = 20,
				     .skus = 8,
				     .lots = 4,
				     .orders = 500,
				     .late_percent = 15,
				     .refused_percent = 3,
				     .big_percent = 3,
				     .late_us = 600000000 };
	struct bench b;

	bench_start(&b, &shape, "large book");
	live(&b, 1500, 250);
	compare_some(&b, 4, 2);
	flush(&b, true);
	live(&b, 1000, 250);
	reopen(&b);
	catch_up(&b, 1000);
	compare_some(&b, 4, 2);
	bench_stop(&b);
}

/* Chains of tens of thousands: three levels of marks.  Hardly any event is late, so
 * that chunks are passed over. */
static void
test_long_chains(void)
{
	struct model_shape shape = { .accounts = 2,
				     .holders = 1,
				     .skus = 1,
				     .orders = 5,
				     .late_percent = 1,
				     .big_percent = 60,
				     .late_us = 3000000 };
	struct bench b;

	bench_start(&b, &shape, "long chains");
	live(&b, 1000, 250);
	CHECK(b.model.all.n_postings > 40000);
	compare_some(&b, 5, 2);
	bench_stop(&b);
}

static void
grow_between(void *context)
{
	struct bench *b = context;

	if (b->model.all.n_effects < 1500) {
		model_grow(&b->model, 1 + (uint32_t)random_below(&b->source, 3));
		catch_up(b, 3);
	}
	if (random_below(&b->source, 8) == 0)
		flush(b, random_below(&b->source, 3) == 0);
}

static void
test_pages_while_growing(void)
{
	struct model_shape shape = { .accounts = 30,
				     .holders = 8,
				     .skus = 4,
				     .lots = 2,
				     .orders = 40,
				     .late_percent = 20,
				     .refused_percent = 5,
				     .big_percent = 1,
				     .late_us = 60000000 };
	struct bench b;

	bench_start(&b, &shape, "pages while growing");
	live(&b, 400, 50);
	for (unsigned i = 0; i < 30; i++) {
		struct compare compare = { .model = &b.model,
					   .view = b.view,
					   .between = grow_between,
					   .context = &b };
		struct dbk_as_of as_of = { .kind = (enum dbk_as_of_kind)(i % 3) };

		as_of.size = random_below(&b.source, dbk_view_size(b.view) + 1);
		as_of.effective_at = some_time(&b);
		compare.source.state = random_next(&b.source);
		compare_all(&compare, &as_of, 3);
		if (compare.failed)
			break;
	}
	bench_stop(&b);
}

static void
test_two_views(void)
{
	struct model_shape shape = {
		.accounts = 10, .holders = 4, .skus = 3, .late_us = 1
	};
	struct dbk_as_of now = { .kind = DBK_AS_OF_NOW };
	struct bench a, b;

	bench_start(&a, &shape, "two views");
	bench_start(&b, &shape, "two views");
	live(&a, 100, 10);
	live(&b, 150, 10);
	compare_at(&a, now, 3);
	compare_at(&b, now, 3);
	bench_stop(&a);
	compare_at(&b, now, 3);
	bench_stop(&b);
}

static const struct model_shape tame = {
	.accounts = 30, .holders = 4, .skus = 3, .orders = 5, .late_us = 1
};

static void
test_wrong_tokens(void)
{
	static const char *const tokens[] = { "x",
					      "b",
					      "b.",
					      "b.1",
					      "b.1.",
					      "b..1",
					      "p.1.1",
					      "b.1.1.1",
					      "b.01.1",
					      "b.1.01",
					      "b.1.g",
					      "b.1.0",
					      "b.1.99999",
					      "b.A.1",
					      "b.-1.1",
					      "b.1.1 ",
					      "b.ffffffffffffffff.1",
					      "b.1.fffffffffffffffff" };
	struct dbk_balances_query q = { .nonzero = false };
	struct dbk_balances balances = { .n = 77 };
	struct dbk_error error = { 0 };
	struct dbk_arena arena;
	struct bench b;

	dbk_arena_init(&arena, 1 << 22);
	bench_start(&b, &tame, "wrong tokens");
	live(&b, 50, 10);
	for (unsigned i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
		q.page.token = dbk_str_of(tokens[i]);
		if (!CHECK(dbk_balances_list(b.view, &q, &arena, &balances, &error) ==
			   DBK_FAILED_INPUT))
			fprintf(stderr, "token %s\n", tokens[i]);
		CHECK(strncmp(error.text, "page_token:", 11) == 0);
	}
	q.page.token = dbk_str_of("b.99999.1");
	CHECK(dbk_balances_list(b.view, &q, &arena, &balances, &error) ==
	      DBK_FAILED_STATE);
	q.page.token = dbk_str_of("b.1.1");
	q.largest_first = true;
	CHECK(dbk_balances_list(b.view, &q, &arena, &balances, &error) ==
	      DBK_FAILED_INPUT);
	CHECK_INT(balances.n, 77);
	bench_stop(&b);
	dbk_arena_fini(&arena);
}

static void
test_wrong_balances(void)
{
	struct dbk_balances_query q = { .as_of.kind = DBK_AS_OF_SIZE };
	struct dbk_balances balances = { .n = 77 };
	struct dbk_error error = { 0 };
	struct dbk_arena arena;
	struct bench b;

	dbk_arena_init(&arena, 1 << 22);
	bench_start(&b, &tame, "wrong balances");
	live(&b, 50, 10);
	q.as_of.size = dbk_view_size(b.view) + 1;
	CHECK(dbk_balances_list(b.view, &q, &arena, &balances, &error) ==
	      DBK_FAILED_STATE);
	q.as_of.kind = DBK_AS_OF_NOW;
	q.code = DBK_ACCOUNT_CODES;
	CHECK(dbk_balances_list(b.view, &q, &arena, &balances, &error) ==
	      DBK_FAILED_INPUT);
	CHECK_INT(balances.n, 77);
	q.code = DBK_ACCOUNT_NONE;
	q.owner = dbk_str_of("nobody");
	CHECK(dbk_balances_list(b.view, &q, &arena, &balances, &error) == DBK_OK);
	CHECK_INT(balances.n, 0);
	bench_stop(&b);
	dbk_arena_fini(&arena);
}

static void
test_wrong_statements(void)
{
	struct dbk_statement_query s = { .code = DBK_PSP_CLEARING,
					 .owner = { "nobody", 6 },
					 .from = DBK_TIME_ABSENT,
					 .to = DBK_TIME_ABSENT };
	struct dbk_error error = { 0 };
	struct dbk_statement statement;
	struct dbk_arena arena;
	struct bench b;

	dbk_arena_init(&arena, 1 << 22);
	bench_start(&b, &tame, "wrong statements");
	live(&b, 50, 10);
	CHECK(dbk_statement_get(b.view, &s, &arena, &statement, &error) ==
	      DBK_FAILED_NOT_FOUND);
	s.owner.size = 0;
	s.order = 1;
	CHECK(dbk_statement_get(b.view, &s, &arena, &statement, &error) ==
	      DBK_FAILED_INPUT);
	s.code = DBK_ACCOUNT_NONE;
	CHECK(dbk_statement_get(b.view, &s, &arena, &statement, &error) ==
	      DBK_FAILED_INPUT);
	s.code = DBK_ESCROW;
	s.order = 4000000000u;
	CHECK(dbk_statement_get(b.view, &s, &arena, &statement, &error) == DBK_OK);
	CHECK_INT(statement.n, 0);
	bench_stop(&b);
	dbk_arena_fini(&arena);
}

static void
test_wrong_movements(void)
{
	struct dbk_movements_query m = { .holder = { "nobody", 6 },
					 .from = DBK_TIME_ABSENT,
					 .to = DBK_TIME_ABSENT };
	struct dbk_error error = { 0 };
	struct dbk_movements movements;
	struct dbk_arena arena;
	struct bench b;

	dbk_arena_init(&arena, 1 << 22);
	bench_start(&b, &tame, "wrong movements");
	live(&b, 50, 10);
	CHECK(dbk_movements_list(b.view, &m, &arena, &movements, &error) ==
	      DBK_FAILED_NOT_FOUND);
	m.holder = dbk_str_of("agent-0");
	m.sku = dbk_str_of("sku-77");
	CHECK(dbk_movements_list(b.view, &m, &arena, &movements, &error) ==
	      DBK_FAILED_NOT_FOUND);
	m.holder.size = 0;
	CHECK(dbk_movements_list(b.view, &m, &arena, &movements, &error) ==
	      DBK_FAILED_INPUT);
	bench_stop(&b);
	dbk_arena_fini(&arena);
}

int
main(void)
{
	check_run("an empty view answers everything with nothing", test_empty);
	check_run("small books agree with the model as of all sizes and times",
		  test_small_books);
	check_run("a large book agrees with the model", test_large_book);
	check_run("long chains agree with the model", test_long_chains);
	check_run("pages of one listing foot while the view grows",
		  test_pages_while_growing);
	check_run("two views live side by side", test_two_views);
	check_run("tokens that are none are refused", test_wrong_tokens);
	check_run("balances of the future or of no account are refused",
		  test_wrong_balances);
	check_run("statements of nobody and of no account are refused",
		  test_wrong_statements);
	check_run("movements of nobody and of nothing are refused",
		  test_wrong_movements);
	return check_end();
}
