/*
 * test_books_tax.c -- tax on payouts: by the month, by difference, and back again.
 */

#include <stdio.h>

#include "../tests/lib/check.h"
#include "../tests/lib/money_book.h"

static struct money_book book;
static unsigned n_steps;

/* China's table for service remuneration. */
static void
publish_table(void)
{
	static const int64_t up_to[] = { 2000000, 5000000, 0 };
	static const int64_t rate[] = { 200000, 300000, 400000 };
	static const int64_t deduction[] = { 0, 200000, 700000 };

	(void)money_book_set(&book, "approval_above", DBK_AMOUNT_MAX);
	(void)money_book_set(&book, "tax_flat_allowance", 80000);
	(void)money_book_set(&book, "tax_flat_allowance_up_to", 400000);
	(void)money_book_set(&book, "tax_share_allowance_ppm", 200000);
	for (uint32_t i = 0; i < 3; i++) {
		if (up_to[i] > 0)
			money_book_set(&book, "tax_bracket_up_to", up_to[i])->level =
			    i + 1;
		money_book_set(&book, "tax_bracket_rate_ppm", rate[i])->level = i + 1;
		if (deduction[i] > 0)
			money_book_set(&book, "tax_bracket_deduction", deduction[i])
			    ->level = i + 1;
	}
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
}

/* a1 has 1,000,000.00 and a payee; the table is in force. */
static void
begin(void)
{
	money_book_open(&book);
	publish_table();
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
	money_book_give(&book, "a1", 100000000);
}

static enum dbk_rule
send(const char *payout)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_PAYOUT_SENT);
	char number[16];

	(void)snprintf(number, sizeof number, "r%u", ++n_steps);
	event.u.payout_sent.payout = dbk_str_of(payout);
	event.u.payout_sent.provider = dbk_str_of("pay");
	event.u.payout_sent.request_no = dbk_str_of(number);
	return money_book_send(&book, &event);
}

static void
ask_and_send(const char *payout, int64_t gross)
{
	CHECK_INT(money_book_request(&book, payout, "a1", gross), DBK_RULE_NONE);
	CHECK_INT(send(payout), DBK_RULE_NONE);
}

static enum dbk_rule
fail(const char *payout)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_PAYOUT_FAILED);

	event.u.payout_step.payout = dbk_str_of(payout);
	event.u.payout_step.action = dbk_str_of("f");
	event.u.payout_step.final = true;
	return money_book_send(&book, &event);
}

static enum dbk_rule
answer(enum dbk_event_type type, const char *payout, int64_t amount)
{
	struct dbk_event event = money_book_event(&book, type);
	char ref[16];

	(void)snprintf(ref, sizeof ref, "a%u", ++n_steps);
	event.u.payout_answer = (struct dbk_payout_answer){
		.payout = dbk_str_of(payout),
		.provider = dbk_str_of("pay"),
		.provider_ref = dbk_str_of(ref),
		.amount = amount,
	};
	return money_book_send(&book, &event);
}

static enum dbk_rule
remit(const char *period, int64_t amount)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_TAX_REMITTED);
	char ref[16];

	(void)snprintf(ref, sizeof ref, "t%u", ++n_steps);
	event.u.tax_remitted = (struct dbk_tax_remitted){ .period = dbk_str_of(period),
							  .ref = dbk_str_of(ref),
							  .amount = amount };
	return money_book_send(&book, &event);
}

static int64_t
tax_of(const char *payout)
{
	uint32_t id = dbk_look_find(book.books, DBK_SPACE_PAYOUT, dbk_str_of(payout));

	return dbk_look_payout(book.books, id).tax;
}

static void
test_by_difference(void)
{
	begin();
	CHECK_INT(money_book_request(&book, "p1", "a1", 100000), DBK_RULE_NONE);
	CHECK_INT(send("p1"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2140 a1 4000 tax\n"
				       "2160 2026-11 -4000 tax\n"
				       "2140 a1 96000 sent\n"
				       "2150 a1 -96000 sent\n"));
	ask_and_send("p2", 400000);
	CHECK_INT(tax_of("p2"), 76000);
	CHECK_INT(money_book_credit(&book, 2160, "2026-11"), 80000);
	money_book_close(&book);
}

static void
test_allowance(void)
{
	begin();
	ask_and_send("p1", 80000);
	CHECK_INT(tax_of("p1"), 0);
	CHECK_INT(money_book_credit(&book, 2150, "a1"), 80000);
	/* What was free counts for what follows. */
	ask_and_send("p2", 5);
	CHECK_INT(tax_of("p2"), 1);
	money_book_close(&book);
}

static void
test_local_month(void)
{
	begin();
	ask_and_send("p1", 100000);
	money_book_wait_us(&book, 30 * MONEY_BOOK_DAY_US - 1);
	ask_and_send("p2", 1000);
	CHECK_INT(tax_of("p2"), 200);
	money_book_wait_us(&book, 1);
	ask_and_send("p3", 100000);
	CHECK_INT(tax_of("p3"), 4000);
	CHECK_INT(money_book_credit(&book, 2160, "2026-12"), 4000);
	/* The month is that of the sending, not of the request. */
	CHECK_INT(money_book_request(&book, "p4", "a1", 100000), DBK_RULE_NONE);
	money_book_wait_days(&book, 31);
	CHECK_INT(send("p4"), DBK_RULE_NONE);
	CHECK_INT(money_book_credit(&book, 2160, "2027-01"), 4000);
	money_book_close(&book);
}

static void
test_employee(void)
{
	struct dbk_event event;

	begin();
	event = money_book_event(&book, DBK_EVENT_AGENT_ENROLLED);
	event.u.agent_enrolled.agent = dbk_str_of("e1");
	event.u.agent_enrolled.employee = true;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "e1", "payee"), DBK_RULE_NONE);
	money_book_give(&book, "e1", 100000);
	CHECK_INT(money_book_request(&book, "p1", "e1", 100000), DBK_RULE_NONE);
	CHECK_INT(send("p1"), DBK_RULE_NONE);
	CHECK_INT(tax_of("p1"), 0);
	CHECK_INT(fail("p1"), DBK_RULE_NONE);
	CHECK_INT(money_book_credit(&book, 2120, "e1"), 100000);
	money_book_close(&book);
}

static void
test_failed(void)
{
	begin();
	ask_and_send("p1", 100000);
	CHECK_INT(fail("p1"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2150 a1 96000 given_back\n"
				       "2120 a1 -96000 given_back\n"
				       "2160 2026-11 4000 tax_back\n"
				       "2120 a1 -4000 tax_back\n"));
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 100000000);
	CHECK_INT(money_book_credit(&book, 2160, "2026-11"), 0);
	money_book_close(&book);
}

/* The first of two fails: the second alone owes 640.00, and 160.00 come back, more than
 * the first had withheld; 4,000.00 pay 640.00 as if the first had never been. */
static void
test_more_back_than_withheld(void)
{
	uint32_t newest;

	begin();
	ask_and_send("p1", 100000);
	ask_and_send("p2", 400000);
	CHECK_INT(fail("p1"), DBK_RULE_NONE);
	CHECK_INT(money_book_credit(&book, 2160, "2026-11"), 64000);
	CHECK_INT(money_book_credit(&book, 2120, "a1"),
		  100000000 - 500000 + 96000 + 16000);
	newest = dbk_look_newest(book.books, DBK_LOOK_EARNINGS);
	CHECK_INT(dbk_look_earning(book.books, newest).kind, DBK_EARNING_TAX_BACK);
	CHECK_INT(dbk_look_earning(book.books, newest).open, 12000);
	money_book_close(&book);
}

static void
test_returned(void)
{
	begin();
	ask_and_send("p1", 100000);
	CHECK_INT(answer(DBK_EVENT_PAYOUT_SETTLED, "p1", 0), DBK_RULE_NONE);
	CHECK_INT(answer(DBK_EVENT_PAYOUT_RETURNED, "p1", 95999), DBK_RULE_NONE);
	CHECK_INT(money_book_credit(&book, 2160, "2026-11"), 4000);
	ask_and_send("p2", 100000);
	CHECK_INT(answer(DBK_EVENT_PAYOUT_SETTLED, "p2", 0), DBK_RULE_NONE);
	CHECK_INT(answer(DBK_EVENT_PAYOUT_RETURNED, "p2", 100000 - tax_of("p2")),
		  DBK_RULE_NONE);
	CHECK_INT(money_book_credit(&book, 2160, "2026-11"), 4000);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 100000000 - 4001);
	money_book_close(&book);
}

static void
test_remitted(void)
{
	begin();
	CHECK_INT(remit("2026-11", 1), DBK_RULE_TAX_EXCEEDED);
	ask_and_send("p1", 100000);
	CHECK_INT(remit("2026-11", 4001), DBK_RULE_TAX_EXCEEDED);
	CHECK(money_book_measured(&book, 4001, 4000));
	CHECK_INT(remit("2026-11", 1000), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2160 2026-11 1000 event\n"
				       "1010 bank -1000 event\n"));
	CHECK_INT(fail("p1"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2150 a1 96000 given_back\n"
				       "2120 a1 -96000 given_back\n"));
	CHECK_INT(remit("2026-11", 3001), DBK_RULE_TAX_EXCEEDED);
	CHECK_INT(remit("2026-11", 3000), DBK_RULE_NONE);
	money_book_close(&book);
}

static void
test_batched(void)
{
	struct dbk_str payouts[] = { dbk_str_of("p1"), dbk_str_of("p2") };
	struct dbk_event event;

	begin();
	CHECK_INT(money_book_request(&book, "p1", "a1", 100000), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p2", "a1", 400000), DBK_RULE_NONE);
	event = money_book_event(&book, DBK_EVENT_PAYOUT_BATCHED);
	event.u.payout_batched = (struct dbk_payout_batched){ .batch = dbk_str_of("b"),
							      .payouts = payouts,
							      .n_payouts = 2,
							      .total = 500000 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_AMOUNT_MISMATCH);
	CHECK(money_book_measured(&book, 500000, 420000));
	event.u.payout_batched.total = 420000;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2140 a1 4000 tax\n"
				       "2160 2026-11 -4000 tax\n"
				       "2140 a1 76000 tax\n"
				       "2160 2026-11 -76000 tax\n"));
	CHECK_INT(send("p1"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2140 a1 96000 sent\n"
				       "2150 a1 -96000 sent\n"));
	money_book_close(&book);
}

/* A table that takes everything leaves nothing to send, and nothing is posted of it. */
static void
test_all_of_it(void)
{
	begin();
	(void)money_book_set(&book, "approval_above", DBK_AMOUNT_MAX);
	money_book_set(&book, "tax_bracket_rate_ppm", 1000000)->level = 1;
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	ask_and_send("p1", 100);
	CHECK(money_book_posted(&book, "2140 a1 100 tax\n"
				       "2160 2026-11 -100 tax\n"));
	CHECK_INT(answer(DBK_EVENT_PAYOUT_SETTLED, "p1", 0), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, ""));
	ask_and_send("p2", 100);
	CHECK_INT(fail("p2"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2160 2026-11 100 tax_back\n"
				       "2120 a1 -100 tax_back\n"));
	money_book_close(&book);
}

int
main(void)
{
	check_run("tax is that on the month so far, less what was withheld",
		  test_by_difference);
	check_run("a free amount counts for the month", test_allowance);
	check_run("a month is local and that of the sending", test_local_month);
	check_run("an employee is taxed elsewhere", test_employee);
	check_run("a payout that failed gives its tax back", test_failed);
	check_run("more may come back than was withheld", test_more_back_than_withheld);
	check_run("tax comes back with the whole of a payout", test_returned);
	check_run("tax that was remitted stays away", test_remitted);
	check_run("a batch withholds payout by payout", test_batched);
	check_run("tax may take all of it", test_all_of_it);
	return check_end();
}
