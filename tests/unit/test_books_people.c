/*
 * test_books_people.c -- who stands at which level of an order, and who gets nothing.
 */

#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;
static struct money_trade trade;

/* a1 <- a2 <- a3, and three levels at 10, 5 and 2 %. */
static void
start_with(const char *parameter, const char *choice)
{
	money_book_open(&book);
	money_book_set(&book, "pay_max_depth", 3);
	money_book_set(&book, "rate_ppm", 100000)->level = 1;
	money_book_set(&book, "rate_ppm", 50000)->level = 2;
	money_book_set(&book, "rate_ppm", 20000)->level = 3;
	if (parameter != NULL)
		(void)money_book_choose(&book, parameter, choice);
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	(void)money_book_enrol(&book, "a1", "");
	(void)money_book_enrol(&book, "a2", "a1");
	(void)money_book_enrol(&book, "a3", "a2");
}

static void
start(void)
{
	start_with(NULL, NULL);
}

/* SELLER sells for 100.00 to BUYER, and so much is earned. */
static void
sell(const char *order, const char *seller, const char *buyer, const char *earned)
{
	money_trade_begin(&trade, &book, order, seller)->buyer = dbk_str_of(buyer);
	(void)money_trade_line(&trade, 10000);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	money_trade_earned(&book, order, earned);
}

static const char up_from_three[] = "1 L1 +0 a3 100000 10000 1000 PENDING\n"
				    "1 L2 +1 a2 50000 10000 500 PENDING\n"
				    "1 L3 +2 a1 20000 10000 200 PENDING\n";
static const char up_from_two[] = "1 L1 +0 a2 100000 10000 1000 PENDING\n"
				  "1 L2 +1 a1 50000 10000 500 PENDING\n"
				  "1 L3 +2 - 20000 10000 200 UNASSIGNED NO_UPLINE\n";
static const char nobody[] = "1 L1 +0 - 100000 10000 1000 UNASSIGNED NO_SELLER\n"
			     "1 L2 +1 - 50000 10000 500 UNASSIGNED NO_UPLINE\n"
			     "1 L3 +2 - 20000 10000 200 UNASSIGNED NO_UPLINE\n";

static void
test_sponsors(void)
{
	start();
	sell("o1", "a3", "", up_from_three);
	sell("o2", "a2", "", up_from_two);
	sell("o3", "a1", "",
	     "1 L1 +0 a1 100000 10000 1000 PENDING\n"
	     "1 L2 +1 - 50000 10000 500 UNASSIGNED NO_UPLINE\n"
	     "1 L3 +2 - 20000 10000 200 UNASSIGNED NO_UPLINE\n");
	sell("o4", "", "c1", nobody);
	/* What nobody gets is not posted. */
	CHECK_INT(book.effects.n_postings, 2);
	money_book_close(&book);
}

static void
test_forest_moves_on(void)
{
	struct dbk_event event;

	start();
	sell("o1", "a3", "", up_from_three);
	event = money_book_event(&book, DBK_EVENT_SPONSOR_CHANGED);
	event.u.sponsor_changed =
	    (struct dbk_sponsor_changed){ .change = dbk_str_of("x"),
					  .agent = dbk_str_of("a3"),
					  .old_sponsor = dbk_str_of("a2"),
					  .new_sponsor = dbk_str_of("a1"),
					  .approver1 = dbk_str_of("p"),
					  .approver2 = dbk_str_of("q") };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	money_trade_earned(&book, "o1", up_from_three);
	sell("o2", "a3", "",
	     "1 L1 +0 a3 100000 10000 1000 PENDING\n"
	     "1 L2 +1 a1 50000 10000 500 PENDING\n"
	     "1 L3 +2 - 20000 10000 200 UNASSIGNED NO_UPLINE\n");
	money_book_close(&book);
}

static void
test_bound(void)
{
	int64_t end;

	start();
	end = book.now_us + 1000;
	CHECK_INT(money_trade_bind(&book, "c1", "a2", end), DBK_RULE_NONE);
	CHECK_INT(money_trade_bind(&book, "c2", "", DBK_TIME_ABSENT), DBK_RULE_NONE);
	sell("o1", "", "c1", up_from_two);
	sell("o2", "a3", "c1", up_from_three);
	sell("o3", "", "c2", nobody);
	book.now_us = end - 1;
	sell("o4", "", "c1", up_from_two);
	book.now_us = end;
	sell("o5", "", "c1", nobody);
	money_book_close(&book);
}

static void
test_bound_first(void)
{
	start_with("attribution", "BOUND_FIRST");
	CHECK_INT(money_trade_bind(&book, "c1", "a2", DBK_TIME_ABSENT), DBK_RULE_NONE);
	sell("o1", "a3", "c1", up_from_two);
	sell("o2", "a3", "c2", up_from_three);
	sell("o3", "a3", "", up_from_three);
	sell("o4", "", "c2", nobody);
	money_book_close(&book);
}

static void
test_not_active(void)
{
	start();
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a2"),
		  DBK_RULE_NONE);
	sell("o1", "a3", "",
	     "1 L1 +0 a3 100000 10000 1000 PENDING\n"
	     "1 L2 +1 a2 50000 10000 500 UNASSIGNED INELIGIBLE\n"
	     "1 L3 +2 a1 20000 10000 200 PENDING\n");
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_REINSTATED, "a2"),
		  DBK_RULE_NONE);
	sell("o2", "a3", "", up_from_three);
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_TERMINATED, "a2"),
		  DBK_RULE_NONE);
	sell("o3", "a3", "",
	     "1 L1 +0 a3 100000 10000 1000 PENDING\n"
	     "1 L2 +1 a2 50000 10000 500 UNASSIGNED INELIGIBLE\n"
	     "1 L3 +2 a1 20000 10000 200 PENDING\n");
	money_book_close(&book);
}

/* An order that a3 placed while active, and that is paid now. */
static void
pay_for_three(const char *order, const char *earned)
{
	CHECK_INT(money_trade_pay(&book, order, 10000, 0), DBK_RULE_NONE);
	money_trade_earned(&book, order, earned);
}

static void
test_compression(void)
{
	start_with("compression", "SKIP_INACTIVE");
	(void)money_trade_begin(&trade, &book, "o1", "a3");
	(void)money_trade_line(&trade, 10000);
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a2"),
		  DBK_RULE_NONE);
	sell("o2", "a3", "",
	     "1 L1 +0 a3 100000 10000 1000 PENDING\n"
	     "1 L2 +2 a1 50000 10000 500 PENDING\n"
	     "1 L3 +3 - 20000 10000 200 UNASSIGNED NO_UPLINE\n");
	/* Who sold is not skipped. */
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a3"),
		  DBK_RULE_NONE);
	pay_for_three("o1", "1 L1 +0 a3 100000 10000 1000 UNASSIGNED INELIGIBLE\n"
			    "1 L2 +2 a1 50000 10000 500 PENDING\n"
			    "1 L3 +3 - 20000 10000 200 UNASSIGNED NO_UPLINE\n");
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a1"),
		  DBK_RULE_NONE);
	(void)money_book_enrol(&book, "b", "");
	sell("o3", "b", "",
	     "1 L1 +0 b 100000 10000 1000 PENDING\n"
	     "1 L2 +1 - 50000 10000 500 UNASSIGNED NO_UPLINE\n"
	     "1 L3 +2 - 20000 10000 200 UNASSIGNED NO_UPLINE\n");
	money_book_close(&book);
	start_with("compression", "TO_PLATFORM");
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a2"),
		  DBK_RULE_NONE);
	sell("o1", "a3", "",
	     "1 L1 +0 a3 100000 10000 1000 PENDING\n"
	     "1 L2 +1 a2 50000 10000 500 UNASSIGNED INELIGIBLE\n"
	     "1 L3 +2 a1 20000 10000 200 PENDING\n");
	money_book_close(&book);
}

/* N agents below "a1", each below the one before, of whom only the last is active. */
static void
enrol_column(unsigned n)
{
	char above[16] = "a1", name[16];

	for (unsigned i = 0; i < n; i++) {
		(void)snprintf(name, sizeof name, "z%u", i);
		CHECK_INT(money_book_enrol(&book, name, above), DBK_RULE_NONE);
		if (i > 0)
			CHECK_INT(
			    money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, above),
			    DBK_RULE_NONE);
		memcpy(above, name, sizeof above);
	}
}

static void
test_far_away(void)
{
	/* z254 stands 255 steps below a1, z255 one more. */
	for (unsigned last = 254; last < 256; last++) {
		char name[16];

		start_with("compression", "SKIP_INACTIVE");
		enrol_column(last + 1);
		(void)snprintf(name, sizeof name, "z%u", last);
		(void)money_trade_begin(&trade, &book, "o1", name);
		(void)money_trade_line(&trade, 10000);
		CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
		CHECK_INT(dbk_look_earning(book.books, 2).distance, 255);
		CHECK_INT(dbk_look_earning(book.books, 2).agent, 1);
		CHECK_INT(dbk_look_earning(book.books, 3).distance, 255);
		CHECK_INT(dbk_look_earning(book.books, 3).agent, 0);
		money_book_close(&book);
	}
}

static void
test_own_purchase(void)
{
	struct dbk_event event;

	for (unsigned i = 0; i < 3; i++) {
		static const char *const choices[] = { "NONE", "DISCOUNT",
						       "COMMISSION" };

		start_with("self_purchase", choices[i]);
		event = money_book_event(&book, DBK_EVENT_AGENT_ENROLLED);
		event.u.agent_enrolled.agent = dbk_str_of("a4");
		event.u.agent_enrolled.sponsor = dbk_str_of("a3");
		event.u.agent_enrolled.customer = dbk_str_of("c4");
		CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
		/* The customer is a person already. */
		event.u.agent_enrolled.agent = dbk_str_of("a5");
		CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
		sell("o1", "a4", "c4",
		     i == 2 ? "1 L1 +0 a4 100000 10000 1000 PENDING\n"
			      "1 L2 +1 a3 50000 10000 500 PENDING\n"
			      "1 L3 +2 a2 20000 10000 200 PENDING\n"
			    : "1 L1 +0 a4 100000 10000 1000 UNASSIGNED SELF_PURCHASE\n"
			      "1 L2 +1 a3 50000 10000 500 UNASSIGNED SELF_PURCHASE\n"
			      "1 L3 +2 a2 20000 10000 200 UNASSIGNED SELF_PURCHASE\n");
		sell("o2", "a5", "c4",
		     "1 L1 +0 a5 100000 10000 1000 PENDING\n"
		     "1 L2 +1 a3 50000 10000 500 PENDING\n"
		     "1 L3 +2 a2 20000 10000 200 PENDING\n");
		money_book_close(&book);
	}
}

static void
test_attributions(void)
{
	start();
	money_trade_begin(&trade, &book, "o1", "a1")->buyer = dbk_str_of("c1");
	(void)money_trade_line(&trade, 10000);
	money_trade_part(&trade, "a3", 333333);
	money_trade_part(&trade, "a1", 333333);
	money_trade_part(&trade, "a2", 333334);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	money_trade_earned(&book, "o1",
			   "1 L1 +0 a3 100000 10000 333 PENDING\n"
			   "1 L1 +0 a1 100000 10000 333 PENDING\n"
			   "1 L1 +0 a2 100000 10000 334 PENDING\n"
			   "1 L2 +1 a2 50000 10000 500 PENDING\n"
			   "1 L3 +2 a1 20000 10000 200 PENDING\n");
	/* Each part is its own agent's, or nobody's. */
	(void)money_trade_begin(&trade, &book, "o2", "");
	(void)money_trade_line(&trade, 10000);
	money_trade_part(&trade, "a2", 999999);
	money_trade_part(&trade, "a3", 1);
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a2"),
		  DBK_RULE_NONE);
	pay_for_three("o2", "1 L1 +0 a2 100000 10000 1000 UNASSIGNED INELIGIBLE\n"
			    "1 L2 +1 a1 50000 10000 500 PENDING\n"
			    "1 L3 +2 - 20000 10000 200 UNASSIGNED NO_UPLINE\n");
	money_book_close(&book);
}

/* An order with these two parts is refused by RULE, at MEMBER INDEX. */
static void
refuse_parts(const char *first, uint32_t weight, const char *second, uint32_t other,
	     enum dbk_rule rule, uint32_t index)
{
	(void)money_trade_begin(&trade, &book, "o", "");
	(void)money_trade_line(&trade, 10000);
	money_trade_part(&trade, first, weight);
	money_trade_part(&trade, second, other);
	CHECK_INT(money_trade_place(&trade, &book), rule);
	CHECK(strcmp(book.verdict.refusal.field.name, "attributions") == 0);
	CHECK_INT(book.verdict.refusal.field.index, index);
}

static void
test_bad_attributions(void)
{
	start();
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a3"),
		  DBK_RULE_NONE);
	refuse_parts("a1", 500000, "who", 500000, DBK_RULE_AGENT_UNKNOWN, 1);
	refuse_parts("a3", 500000, "a1", 500000, DBK_RULE_AGENT_NOT_ACTIVE, 0);
	refuse_parts("a1", 500000, "a1", 500000, DBK_RULE_ATTRIBUTION_WEIGHTS, 1);
	refuse_parts("a1", 500000, "a2", 499999, DBK_RULE_ATTRIBUTION_WEIGHTS,
		     DBK_NO_INDEX);
	CHECK(money_book_measured(&book, 999999, 1000000));
	refuse_parts("a1", 500000, "a2", 500001, DBK_RULE_ATTRIBUTION_WEIGHTS,
		     DBK_NO_INDEX);
	CHECK(money_book_measured(&book, 1000001, 1000000));
	/* The lines come first. */
	money_trade_begin(&trade, &book, "o", "")->lines = trade.lines;
	money_trade_line(&trade, 10000)->sku = dbk_str_of("none");
	money_trade_part(&trade, "who", 1000000);
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_SKU_UNKNOWN);
	(void)money_trade_begin(&trade, &book, "o", "");
	(void)money_trade_line(&trade, 10000);
	money_trade_part(&trade, "a1", 1000000);
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	money_book_close(&book);
}

int
main(void)
{
	check_run("levels go up along the sponsors", test_sponsors);
	check_run("what has accrued stays when the forest changes",
		  test_forest_moves_on);
	check_run("without a seller the agent that the buyer is bound to sold",
		  test_bound);
	check_run("a plan may put the bound agent first", test_bound_first);
	check_run("who is not active gets nothing", test_not_active);
	check_run("a plan may skip who is not active", test_compression);
	check_run("distances are counted to 255", test_far_away);
	check_run("own purchases earn nothing unless the plan says so",
		  test_own_purchase);
	check_run("several agents share level 1 by weight", test_attributions);
	check_run("parts of a sale have to add up", test_bad_attributions);
	return check_end();
}
