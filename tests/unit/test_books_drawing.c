/*
 * test_books_drawing.c -- money taken out of what is available, and put back: which
 * earnings it is of.
 */

#include <stdio.h>
#include <string.h>

#include "books/core.h"

#include "../tests/lib/check.h"
#include "../tests/lib/money_book.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;

static struct dbk_row_earning
earning(uint32_t id)
{
	return dbk_look_earning(book.books, id);
}

/* a1 has a payee, and earns a tenth of what it sells. */
static void
begin(void)
{
	money_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
	money_book_set(&book, "rate_ppm", 100000)->level = 1;
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
}

static void
request(const char *payout, int64_t gross)
{
	CHECK_INT(money_book_request(&book, payout, "a1", gross), DBK_RULE_NONE);
}

static void
step(enum dbk_event_type type, const char *payout)
{
	struct dbk_event event = money_book_event(&book, type);
	char action[16];

	(void)snprintf(action, sizeof action, "a%u", ++book.serial);
	event.u.payout_step.payout = dbk_str_of(payout);
	event.u.payout_step.action = dbk_str_of(action);
	event.u.payout_step.final = true;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
cancel(const char *payout)
{
	step(DBK_EVENT_PAYOUT_CANCELLED, payout);
}

static void
approve(const char *payout)
{
	book.source = "bank";
	step(DBK_EVENT_PAYOUT_APPROVED, payout);
	book.source = "shop";
}

static void
send(const char *payout)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_PAYOUT_SENT);

	event.u.payout_sent =
	    (struct dbk_payout_sent){ .payout = dbk_str_of(payout),
				      .provider = dbk_str_of("pay"),
				      .request_no = dbk_str_of(payout) };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
hold(enum dbk_event_type type, const char *name, const char *agent, const char *order)
{
	struct dbk_event event = money_book_event(&book, type);

	if (type == DBK_EVENT_COMMISSION_HELD) {
		event.u.commission_held.hold = dbk_str_of(name);
		event.u.commission_held.agent = dbk_str_of(agent);
		event.u.commission_held.order = dbk_str_of(order);
	} else {
		event.u.hold_released.hold = dbk_str_of(name);
	}
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

/* The items of PAYOUT are EXPECTED: "1:500 2:20 ". */
static void
check_items(const char *payout, const char *expected)
{
	struct dbk_row_payout row =
	    dbk_look_payout(book.books, dbk_look_find(book.books, DBK_SPACE_PAYOUT,
						      dbk_str_of(payout)));
	char got[256] = "";
	int used = 0;

	for (uint32_t i = 0; i < row.n_items; i++) {
		struct dbk_row_payout_item item =
		    dbk_look_payout_item(book.books, row.first_item + i);

		used += snprintf(got + used, sizeof got - (size_t)used, "%u:%lld ",
				 item.earning, (long long)item.amount);
	}
	if (!CHECK(strcmp(got, expected) == 0))
		fprintf(stderr, "items are %s\n", got);
}

/* a1's chain, the newest first, is EXPECTED: "3:100 1:50 ". */
static void
check_chain(const char *expected)
{
	uint32_t at = dbk_look_agent(book.books, 1)->matured;
	char got[256] = "";
	int used = 0;

	for (; at != 0; at = earning(at).next)
		used += snprintf(got + used, sizeof got - (size_t)used, "%u:%lld ", at,
				 (long long)earning(at).open);
	if (!CHECK(strcmp(got, expected) == 0))
		fprintf(stderr, "the chain is %s\n", got);
}

/* Whatever was given, a1 has to pay back AMOUNT: it is owed. */
static void
owe(int64_t amount)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_MANUAL_ADJUSTMENT);

	event.u.manual_adjustment =
	    (struct dbk_manual_adjustment){ .adjustment = dbk_str_of("owe"),
					    .agent = dbk_str_of("a1"),
					    .deduct = true,
					    .amount = amount,
					    .reason = dbk_str_of("mistake"),
					    .approver1 = dbk_str_of("p"),
					    .approver2 = dbk_str_of("q") };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

/* ---------------------------------------------------------------------- taking */

static void
test_oldest(void)
{
	begin();
	money_book_give(&book, "a1", 100);
	money_book_give(&book, "a1", 200);
	money_book_give(&book, "a1", 300);
	check_chain("3:300 2:200 1:100 ");
	request("p1", 100);
	check_items("p1", "1:100 ");
	check_chain("3:300 2:200 ");
	request("p2", 1);
	check_items("p2", "2:1 ");
	request("p3", 201);
	check_items("p3", "2:199 3:2 ");
	check_chain("3:298 ");
	CHECK_INT(earning(2).state, DBK_EARNING_DRAWN);
	request("p4", 298);
	check_items("p4", "3:298 ");
	check_chain("");
	money_book_close(&book);
}

static void
test_newest(void)
{
	begin();
	money_book_give(&book, "a1", 100);
	money_book_give(&book, "a1", 200);
	money_book_give(&book, "a1", 300);
	owe(350);
	CHECK(money_book_posted(&book, "2120 a1 350 adjusted\n"
				       "5016 a1 -350 adjusted\n"));
	check_chain("2:150 1:100 ");
	money_book_close(&book);
}

/* Held earnings stay where they are, between those that are taken. */
static void
test_past_held(void)
{
	begin();
	money_book_give(&book, "a1", 100);
	CHECK_INT(money_book_sell(&book, "o1", "a1", 3000), DBK_RULE_NONE);
	money_book_wait_days(&book, 7);
	money_book_give(&book, "a1", 200);
	hold(DBK_EVENT_COMMISSION_HELD, "h1", "", "o1");
	check_chain("3:200 2:300 1:100 ");
	CHECK_INT(money_book_request(&book, "p1", "a1", 301),
		  DBK_RULE_AVAILABLE_INSUFFICIENT);
	request("p1", 300);
	check_items("p1", "1:100 3:200 ");
	check_chain("2:300 ");
	owe(50);
	CHECK_INT(money_book_balance(&book, 1110, "a1"), 50);
	check_chain("2:300 ");
	money_book_close(&book);
}

/* --------------------------------------------------------------- putting back */

static void
test_back(void)
{
	begin();
	money_book_give(&book, "a1", 100);
	money_book_give(&book, "a1", 200);
	money_book_give(&book, "a1", 300);
	request("p1", 350);
	check_chain("3:250 ");
	cancel("p1");
	CHECK(money_book_posted(&book, "2140 a1 350 given_back\n"
				       "2120 a1 -350 given_back\n"));
	check_chain("2:200 1:100 3:300 ");
	/* The items remain, for who asks what the payout was of. */
	check_items("p1", "1:100 2:200 3:50 ");
	request("p2", 400);
	check_items("p2", "3:300 1:100 ");
	money_book_close(&book);
}

static void
test_back_netted(void)
{
	begin();
	money_book_give(&book, "a1", 100);
	money_book_give(&book, "a1", 200);
	money_book_give(&book, "a1", 300);
	request("p1", 350);
	owe(500);
	CHECK_INT(money_book_balance(&book, 1110, "a1"), 250);
	check_chain("");
	cancel("p1");
	CHECK(money_book_posted(&book, "2140 a1 350 given_back\n"
				       "2120 a1 -350 given_back\n"
				       "2120 a1 250 netted\n1110 a1 -250 netted\n"));
	check_chain("3:50 2:50 ");
	CHECK_INT(earning(1).state, DBK_EARNING_DRAWN);
	CHECK(!(dbk_look_agent(book.books, 1)->flags & DBK_AGENT_OWES));
	money_book_close(&book);
}

/* One that still has something open pays with all that it has then. */
static void
test_back_netted_open(void)
{
	begin();
	(void)money_book_set(&book, "clawback_recovery_ppm", 500000);
	money_book_set(&book, "rate_ppm", 100000)->level = 1;
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	money_book_give(&book, "a1", 100);
	request("p1", 100);
	owe(60);
	money_book_give(&book, "a1", 100);
	CHECK_INT(money_book_balance(&book, 1110, "a1"), 10);
	check_chain("2:50 ");
	request("p2", 40);
	check_chain("2:10 ");
	cancel("p2");
	check_chain("2:40 ");
	CHECK_INT(money_book_balance(&book, 1110, "a1"), 0);
	money_book_close(&book);
}

/* Given back to an earning that is held meanwhile: held, and nothing of it is netted.
 */
static void
test_back_held(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a1", 3000), DBK_RULE_NONE);
	money_book_wait_days(&book, 7);
	money_book_give(&book, "a1", 100);
	request("p1", 350);
	check_items("p1", "1:300 2:50 ");
	owe(150);
	hold(DBK_EVENT_COMMISSION_HELD, "h1", "", "o1");
	cancel("p1");
	CHECK(money_book_posted(&book, "2140 a1 350 given_back\n"
				       "2120 a1 -350 given_back\n"
				       "2120 a1 300 held\n2130 a1 -300 held\n"
				       "2120 a1 50 netted\n1110 a1 -50 netted\n"));
	CHECK_INT(earning(1).state, DBK_EARNING_HELD);
	check_chain("1:300 ");
	hold(DBK_EVENT_HOLD_RELEASED, "h1", "", "");
	CHECK(money_book_posted(&book, "2130 a1 300 released\n2120 a1 -300 released\n"
				       "2120 a1 50 netted\n1110 a1 -50 netted\n"));
	check_chain("1:250 ");
	money_book_close(&book);
}

static void
test_back_agent_held(void)
{
	begin();
	money_book_give(&book, "a1", 100);
	money_book_give(&book, "a1", 100);
	request("p1", 150);
	hold(DBK_EVENT_COMMISSION_HELD, "h1", "a1", "");
	cancel("p1");
	CHECK(money_book_posted(&book, "2140 a1 150 given_back\n"
				       "2120 a1 -150 given_back\n"
				       "2120 a1 100 held\n2130 a1 -100 held\n"
				       "2120 a1 50 held\n2130 a1 -50 held\n"));
	check_chain("1:100 2:100 ");
	CHECK_INT(money_book_credit(&book, 2130, "a1"), 200);
	money_book_close(&book);
}

/* ------------------------------------------------------------ tax that comes back */

/* A fifth of what a month has above FREE_TO. */
static void
publish_tax(int64_t free_to)
{
	money_book_set(&book, "rate_ppm", 100000)->level = 1;
	(void)money_book_set(&book, "tax_flat_allowance", free_to);
	(void)money_book_set(&book, "tax_flat_allowance_up_to", 1000000);
	money_book_set(&book, "tax_bracket_rate_ppm", 200000)->level = 1;
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
}

/* Sent under one table and failed under another that takes less: more comes back than
 * the payout's items had, and that is an earning of its own. */
static void
test_tax_back(void)
{
	begin();
	publish_tax(0);
	money_book_give(&book, "a1", 1000);
	request("p1", 400);
	approve("p1");
	send("p1");
	request("p2", 500);
	approve("p2");
	send("p2");
	CHECK_INT(money_book_credit(&book, 2160, "2026-11"), 180);
	publish_tax(1000);
	step(DBK_EVENT_PAYOUT_FAILED, "p1");
	CHECK(money_book_posted(&book, "2150 a1 320 given_back\n"
				       "2120 a1 -320 given_back\n"
				       "2160 2026-11 180 tax_back\n"
				       "2120 a1 -180 tax_back\n"));
	CHECK_INT(earning(2).kind, DBK_EARNING_TAX_BACK);
	CHECK_INT(earning(2).accrued, 100);
	CHECK_INT(earning(2).basis, DBK_BASIS_OTHER);
	check_chain("2:100 1:500 ");
	money_book_close(&book);
}

static void
test_tax_back_held(void)
{
	begin();
	publish_tax(0);
	money_book_give(&book, "a1", 1000);
	request("p1", 400);
	approve("p1");
	send("p1");
	request("p2", 500);
	approve("p2");
	send("p2");
	publish_tax(1000);
	hold(DBK_EVENT_COMMISSION_HELD, "h1", "a1", "");
	step(DBK_EVENT_PAYOUT_FAILED, "p1");
	CHECK(money_book_posted(&book, "2150 a1 320 given_back\n"
				       "2120 a1 -320 given_back\n"
				       "2160 2026-11 180 tax_back\n"
				       "2120 a1 -180 tax_back\n"
				       "2120 a1 400 held\n2130 a1 -400 held\n"
				       "2120 a1 100 held\n2130 a1 -100 held\n"));
	CHECK_INT(earning(2).state, DBK_EARNING_HELD);
	money_book_close(&book);
}

static void
test_tax_back_netted(void)
{
	begin();
	publish_tax(0);
	money_book_give(&book, "a1", 900);
	request("p1", 400);
	approve("p1");
	send("p1");
	request("p2", 500);
	approve("p2");
	send("p2");
	publish_tax(1000);
	owe(450);
	step(DBK_EVENT_PAYOUT_FAILED, "p1");
	CHECK_INT(money_book_balance(&book, 1110, "a1"), 0);
	check_chain("2:50 ");
	CHECK_INT(earning(1).open, 0);
	money_book_close(&book);
}

/* ----------------------------------------------------------------------- limits */

/* N earnings of 1 each, by hand: events would take too long. */
static void
give_many(uint32_t n)
{
	struct dbk_refusal refusal = { .rule = DBK_RULE_NONE };
	struct dbk_event event = money_book_event(&book, DBK_EVENT_CLOCK_ADVANCED);
	struct dbk_decision d = { .books = book.books,
				  .event = &event,
				  .effects = &book.effects,
				  .refusal = &refusal };

	for (uint32_t i = 0; i < n; i++)
		if (!dbk_earning_credit(&d, 1, DBK_EARNING_BONUS, DBK_BASIS_OTHER, 1,
					DBK_CAUSE_BONUS))
			CHECK(!"a bonus is given");
	CHECK(dbk_post(&d, DBK_BONUS_EXPENSE, 1, n));
	dbk_books_commit(book.books);
}

static void
test_items(void)
{
	begin();
	give_many(65540);
	CHECK_INT(money_book_request(&book, "p1", "a1", 65537), DBK_RULE_PAYOUT_ITEMS);
	CHECK(money_book_measured(&book, 65537, 65536));
	request("p1", 65536);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 4);
	owe(65000);
	CHECK_INT(money_book_balance(&book, 1110, "a1"), 64996);
	cancel("p1");
	CHECK_INT(money_book_balance(&book, 1110, "a1"), 0);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 540);
	CHECK_INT(earning(64996).state, DBK_EARNING_DRAWN);
	CHECK_INT(earning(64997).state, DBK_EARNING_MATURED);
	money_book_close(&book);
}

int
main(void)
{
	check_run("a payout takes the oldest", test_oldest);
	check_run("what is taken away is the newest", test_newest);
	check_run("neither takes what is held", test_past_held);
	check_run("what comes back is open again, in front", test_back);
	check_run("and pays off what is owed, in one step", test_back_netted);
	check_run("with all that its earnings have", test_back_netted_open);
	check_run("what is held meanwhile comes back held", test_back_held);
	check_run("so it does for an agent who is held", test_back_agent_held);
	check_run("tax beyond the items is an earning", test_tax_back);
	check_run("it is held like the rest", test_tax_back_held);
	check_run("it is netted last", test_tax_back_netted);
	check_run("a payout has 65536 items at most, and gives all back", test_items);
	return check_end();
}
