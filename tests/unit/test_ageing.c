/*
 * test_ageing.c -- how old what agents owe is, at, below and above each boundary.
 * Random books are compared in test_view.c.
 */

#include <stdio.h>
#include <string.h>

#include "query/ageing.h"

#include "../tests/lib/check.h"
#include "../tests/lib/hand_ledger.h"

#define T0 1700000000000000LL

struct debts {
	struct hand_ledger hand;
	uint32_t bank;
};

static void
begin(struct debts *d)
{
	hand_open(&d->hand);
	d->bank = hand_account(&d->hand, DBK_BANK, "bank");
}

static uint32_t
debtor(struct debts *d, const char *name)
{
	return hand_account(&d->hand, DBK_CLAWBACK_RECEIVABLE, name);
}

/* AMOUNT is owed from AT on, or with a minus paid. */
static void
owe(struct debts *d, uint32_t account, int64_t at, int64_t amount)
{
	(void)hand_event(&d->hand, DBK_EVENT_REFUND_APPROVED, at);
	hand_post(&d->hand, account, DBK_CAUSE_REVERSED, 0, amount);
	hand_post(&d->hand, d->bank, DBK_CAUSE_REVERSED, 0, -amount);
}

/* Nothing but a clock. */
static void
wait_until(struct debts *d, int64_t at)
{
	(void)hand_event(&d->hand, DBK_EVENT_SKU_DEFINED, at);
	hand_apply(&d->hand);
}

static struct dbk_ageing
ask(struct debts *d, struct dbk_ageing_query q)
{
	struct dbk_ageing out = { .n = 0 };

	dbk_arena_reset(&d->hand.arena);
	if (!CHECK(dbk_ageing_list(d->hand.view, &q, &d->hand.arena, &out,
				   &d->hand.error) == DBK_OK))
		fprintf(stderr, "%s\n", d->hand.error.text);
	return out;
}

static void
check_buckets(const struct dbk_ageing_row *row, int64_t b0, int64_t b1, int64_t b2,
	      int64_t b3)
{
	CHECK_INT(row->buckets[0], b0);
	CHECK_INT(row->buckets[1], b1);
	CHECK_INT(row->buckets[2], b2);
	CHECK_INT(row->buckets[3], b3);
	CHECK_INT(row->owed, b0 + b1 + b2 + b3);
}

static void
test_boundaries(void)
{
	static const struct {
		int64_t age;
		unsigned bucket;
	} cases[] = {
		{ 0, 0 },
		{ 31 * HAND_DAY - 1, 0 },
		{ 31 * HAND_DAY, 1 },
		{ 61 * HAND_DAY - 1, 1 },
		{ 61 * HAND_DAY, 2 },
		{ 91 * HAND_DAY - 1, 2 },
		{ 91 * HAND_DAY, 3 },
		{ 4000 * HAND_DAY, 3 },
	};
	struct dbk_ageing_query q = { .n_days = 0 };

	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct dbk_ageing a;
		struct debts d;

		begin(&d);
		owe(&d, debtor(&d, "ann"), T0, 500);
		wait_until(&d, T0 + cases[i].age);
		a = ask(&d, q);
		CHECK_INT(a.at, T0 + cases[i].age);
		CHECK_INT(a.n, 1);
		CHECK(dbk_str_equal(a.rows[0].agent, dbk_str_of("ann")));
		CHECK_INT(a.rows[0].buckets[cases[i].bucket], 500);
		CHECK_INT(a.rows[0].owed, 500);
		CHECK_INT(a.rows[0].oldest, T0);
		CHECK_INT(a.rows[0].oldest_position, 0);
		hand_close(&d.hand);
	}
}

static void
test_oldest_is_paid_first(void)
{
	struct dbk_ageing_query q = { .n_days = 0 };
	struct dbk_ageing a;
	struct debts d;
	uint32_t ann;

	begin(&d);
	ann = debtor(&d, "ann");
	owe(&d, ann, T0, 100);
	owe(&d, ann, T0 + 40 * HAND_DAY, 70);
	owe(&d, ann, T0 + 80 * HAND_DAY, 30);
	owe(&d, ann, T0 + 100 * HAND_DAY, -120);
	wait_until(&d, T0 + 100 * HAND_DAY);
	a = ask(&d, q);
	check_buckets(&a.rows[0], 30, 50, 0, 0);
	CHECK_INT(a.rows[0].oldest, T0 + 40 * HAND_DAY);
	CHECK_INT(a.rows[0].oldest_position, 1);
	/* As of before the payment. */
	q.as_of = (struct dbk_as_of){ .kind = DBK_AS_OF_TIME,
				      .effective_at = T0 + 100 * HAND_DAY - 1 };
	a = ask(&d, q);
	check_buckets(&a.rows[0], 30, 70, 0, 100);
	q.as_of = (struct dbk_as_of){ .kind = DBK_AS_OF_SIZE, .size = 2 };
	a = ask(&d, q);
	CHECK_INT(a.at, T0 + 40 * HAND_DAY);
	check_buckets(&a.rows[0], 70, 100, 0, 0);
	hand_close(&d.hand);
}

static void
test_late_debit(void)
{
	struct dbk_ageing_query q = { .with_total = true };
	struct dbk_ageing a;
	struct debts d;
	uint32_t ann;

	begin(&d);
	ann = debtor(&d, "ann");
	owe(&d, ann, T0 + 50 * HAND_DAY, 10);
	owe(&d, ann, T0, 5); /* told late, so the newest in the books */
	wait_until(&d, T0 + 95 * HAND_DAY);
	a = ask(&d, q);
	check_buckets(&a.rows[0], 0, 10, 0, 5);
	CHECK_INT(a.rows[0].oldest, T0);
	CHECK_INT(a.rows[0].oldest_position, 1);
	CHECK_INT(a.total.oldest_position, 1);
	/* As it was in the world on day 1. */
	q.as_of =
	    (struct dbk_as_of){ .kind = DBK_AS_OF_TIME, .effective_at = T0 + HAND_DAY };
	a = ask(&d, q);
	check_buckets(&a.rows[0], 5, 0, 0, 0);
	hand_close(&d.hand);
}

/* Agents 0 to 8; every third has paid. */
static void
test_pages_and_total(void)
{
	struct dbk_ageing_query q = {
		.days = { 10, 20 }, .n_days = 2, .with_total = true, .page.rows_max = 2
	};
	char token[DBK_TOKEN_BYTES];
	unsigned rows = 0, pages = 0;
	struct dbk_ageing a;
	struct debts d;

	begin(&d);
	for (unsigned i = 0; i < 9; i++) {
		char name[16];
		uint32_t account;

		(void)snprintf(name, sizeof name, "agent-%u", i);
		account = debtor(&d, name);
		owe(&d, account, T0 + i * HAND_DAY, 100 + i);
		if (i % 3 == 2)
			owe(&d, account, T0 + i * HAND_DAY, -100 - (int64_t)i);
	}
	wait_until(&d, T0 + 15 * HAND_DAY);
	do {
		a = ask(&d, q);
		CHECK_INT(a.agents, 6);
		CHECK_INT(a.total.owed, 600 + 0 + 1 + 3 + 4 + 6 + 7);
		CHECK_INT(a.total.buckets[0], 106 + 107);
		CHECK_INT(a.total.buckets[1], 100 + 101 + 103 + 104);
		CHECK_INT(a.total.buckets[2], 0);
		CHECK_INT(a.total.oldest, T0);
		for (uint32_t i = 0; i < a.n; i++, rows++)
			CHECK_INT(a.rows[i].owed,
				  100 + (int)rows / 2 * 3 + (int)rows % 2);
		memcpy(token, a.next.token, sizeof token);
		q.page.token = dbk_str_of(token);
	} while (++pages < 9 && a.next.token[0] != '\0');
	CHECK_INT(rows, 6);
	CHECK_INT(pages, 4); /* the last agent has paid */
	hand_close(&d.hand);
}

static void
test_wrong_questions(void)
{
	static const struct dbk_ageing_query wrong[] = {
		{ .days = { 30, 30 }, .n_days = 2 },
		{ .days = { 30, 29 }, .n_days = 2 },
		{ .n_days = DBK_AGEING_DAYS_MAX + 1 },
		{ .page.token = { "b.1.1", 5 } },
		{ .page.token = { "c.1.0", 5 } },
		{ .page.token = { "c.1.1", 5 } }, /* the bank */
		{ .page.token = { "c.1.3", 5 } }, /* nobody */
	};
	struct dbk_ageing_query q = { .days = { 0, 1, 2, 3, 4, 5, 6, 7 },
				      .n_days = DBK_AGEING_DAYS_MAX };
	struct dbk_ageing out = { .n = 77 };
	struct debts d;

	begin(&d);
	CHECK_INT(ask(&d, q).n, 0);
	owe(&d, debtor(&d, "ann"), T0, 500);
	hand_apply(&d.hand);
	CHECK_INT(ask(&d, q).n, 1);
	for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		CHECK(dbk_ageing_list(d.hand.view, &wrong[i], &d.hand.arena, &out,
				      &d.hand.error) == DBK_FAILED_INPUT);
	q.as_of = (struct dbk_as_of){ .kind = DBK_AS_OF_SIZE, .size = 2 };
	CHECK(dbk_ageing_list(d.hand.view, &q, &d.hand.arena, &out, &d.hand.error) ==
	      DBK_FAILED_STATE);
	CHECK_INT(out.n, 77);
	hand_close(&d.hand);
}

static void
test_debt_of_too_many_entries(void)
{
	struct dbk_ageing_query q = { .n_days = 0 };
	struct dbk_ageing out = { .n = 77 };
	struct hand_ledger *h;
	struct debts d;
	uint32_t ann;

	begin(&d);
	h = &d.hand;
	ann = debtor(&d, "ann");
	for (uint32_t i = 0; i < DBK_STATEMENT_STEPS_MAX; i++) {
		(void)hand_event(h, DBK_EVENT_REFUND_APPROVED, T0);
		hand_post(h, ann, DBK_CAUSE_REVERSED, 0, 1);
	}
	hand_apply(h);
	out = ask(&d, q);
	CHECK_INT(out.rows[0].buckets[0], DBK_STATEMENT_STEPS_MAX);
	(void)hand_event(h, DBK_EVENT_REFUND_APPROVED, T0);
	hand_post(h, ann, DBK_CAUSE_REVERSED, 0, 1);
	hand_apply(h);
	CHECK(dbk_ageing_list(h->view, &q, &h->arena, &out, &h->error) ==
	      DBK_FAILED_LIMIT);
	hand_close(h);
}

int
main(void)
{
	check_run("a debt is in the bucket of its full days", test_boundaries);
	check_run("payments take the oldest debts first", test_oldest_is_paid_first);
	check_run("a debt told late is as old as it is", test_late_debit);
	check_run("pages list who owes; the total is of all", test_pages_and_total);
	check_run("days that do not rise and wrong tokens are refused",
		  test_wrong_questions);
	check_run("a debt of too many entries is refused",
		  test_debt_of_too_many_entries);
	return check_end();
}
