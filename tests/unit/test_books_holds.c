/*
 * test_books_holds.c -- holds on agents, orders and single earnings, and flags.
 */

#include <stdio.h>

#include "books/core.h"

#include "../tests/lib/check.h"
#include "../tests/lib/money_book.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;

static enum dbk_earning_state
state(uint32_t earning)
{
	return dbk_look_earning(book.books, earning).state;
}

static enum dbk_rule
hold(const char *name, const char *agent, const char *order, uint32_t line,
     uint32_t level)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_COMMISSION_HELD);

	event.u.commission_held =
	    (struct dbk_commission_held){ .hold = dbk_str_of(name),
					  .agent = dbk_str_of(agent),
					  .order = dbk_str_of(order),
					  .line = line,
					  .level = level };
	return money_book_send(&book, &event);
}

static enum dbk_rule
release(const char *name)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_HOLD_RELEASED);

	event.u.hold_released.hold = dbk_str_of(name);
	return money_book_send(&book, &event);
}

static enum dbk_rule
flag(enum dbk_event_type type, const char *order, const char *rule, uint32_t revision)
{
	struct dbk_event event = money_book_event(&book, type);

	event.u.order_flag.order = dbk_str_of(order);
	event.u.order_flag.rule = dbk_str_of(rule);
	event.u.order_flag.revision = revision;
	return money_book_send(&book, &event);
}

/* a2 below a1; level 1 has a tenth, level 2 a hundredth. */
static void
begin(void)
{
	money_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a2", "a1"), DBK_RULE_NONE);
	(void)money_book_set(&book, "pay_max_depth", 2);
	money_book_set(&book, "rate_ppm", 100000)->level = 1;
	money_book_set(&book, "rate_ppm", 10000)->level = 2;
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
}

/* ---------------------------------------------------------------------- agents */

static void
test_agent(void)
{
	begin();
	money_book_give(&book, "a1", 100);
	money_book_give(&book, "a1", 200);
	CHECK_INT(hold("h1", "a1", "", 0, 0), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2120 a1 200 held\n2130 a1 -200 held\n"
				       "2120 a1 100 held\n2130 a1 -100 held\n"));
	CHECK_INT(state(1), DBK_EARNING_HELD);
	CHECK_INT(dbk_look_agent(book.books, 1)->holds, 1);
	/* What becomes the agent's now is held as well. */
	money_book_give(&book, "a1", 5);
	CHECK(money_book_posted(&book, "5016 a1 5 adjusted\n2130 a1 -5 adjusted\n"));
	CHECK_INT(hold("h2", "a1", "", 0, 0), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, ""));
	CHECK_INT(release("h1"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, ""));
	CHECK_INT(release("h2"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2130 a1 5 released\n2120 a1 -5 released\n"
				       "2130 a1 200 released\n2120 a1 -200 released\n"
				       "2130 a1 100 released\n"
				       "2120 a1 -100 released\n"));
	CHECK_INT(state(1), DBK_EARNING_MATURED);
	money_book_close(&book);
}

/* A hold on an agent is about what matures: pending money stays where it is. */
static void
test_agent_pending(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 10000), DBK_RULE_NONE);
	CHECK_INT(hold("h1", "a2", "", 0, 0), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, ""));
	money_book_wait_days(&book, 7);
	CHECK(money_book_posted(&book, "2110 a2 1000 matured\n2130 a2 -1000 matured\n"
				       "2110 a1 100 matured\n2120 a1 -100 matured\n"));
	CHECK_INT(state(1), DBK_EARNING_HELD);
	CHECK_INT(release("h1"), DBK_RULE_NONE);
	CHECK_INT(money_book_credit(&book, 2120, "a2"), 1000);
	money_book_close(&book);
}

/* What is released pays off what is owed; what that leaves nothing of is gone. */
static void
test_agent_owes(void)
{
	begin();
	CHECK_INT(money_book_verify(&book, "a2", "payee"), DBK_RULE_NONE);
	CHECK_INT(money_book_sell(&book, "o1", "a2", 10000), DBK_RULE_NONE);
	money_book_wait_days(&book, 7);
	CHECK_INT(money_book_request(&book, "p1", "a2", 1000), DBK_RULE_NONE);
	CHECK_INT(hold("h1", "a2", "", 0, 0), DBK_RULE_NONE);
	money_book_give(&book, "a2", 700);
	money_book_give(&book, "a2", 600);
	CHECK_INT(money_book_refund(&book, "o1", 10000), DBK_RULE_NONE);
	CHECK_INT(money_book_balance(&book, 1110, "a2"), 1000);
	CHECK_INT(release("h1"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2130 a2 600 released\n2120 a2 -600 released\n"
				       "2120 a2 600 netted\n1110 a2 -600 netted\n"
				       "2130 a2 700 released\n2120 a2 -700 released\n"
				       "2120 a2 400 netted\n1110 a2 -400 netted\n"));
	CHECK_INT(state(4), DBK_EARNING_DRAWN);
	CHECK_INT(dbk_look_earning(book.books, 3).open, 300);
	money_book_close(&book);
}

static void
test_agent_limit(void)
{
	struct dbk_refusal refusal = { .rule = DBK_RULE_NONE };
	struct dbk_event event;
	struct dbk_decision d;

	begin();
	event = money_book_event(&book, DBK_EVENT_COMMISSION_HELD);
	event.u.commission_held.hold = dbk_str_of("h1");
	event.u.commission_held.agent = dbk_str_of("a1");
	d = (struct dbk_decision){ .books = book.books,
				   .event = &event,
				   .effects = &book.effects,
				   .refusal = &refusal };
	DBK_TOUCH(book.books, agents, agent, 1)->holds = 65534;
	CHECK(dbk_decide_commission_held(&d));
	CHECK_INT(dbk_look_agent(book.books, 1)->holds, 65535);
	event.u.commission_held.hold = dbk_str_of("h2");
	CHECK(!dbk_decide_commission_held(&d));
	CHECK_INT(refusal.rule, DBK_RULE_LIMIT_REACHED);
	CHECK_INT(refusal.measured, 65536);
	CHECK_INT(refusal.limit, 65535);
	money_book_close(&book);
}

/* ---------------------------------------------------------------------- orders */

static void
test_order(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 10000), DBK_RULE_NONE);
	CHECK_INT(hold("h1", "", "o1", 0, 0), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2110 a2 1000 held\n2130 a2 -1000 held\n"
				       "2110 a1 100 held\n2130 a1 -100 held\n"));
	CHECK_INT(hold("h2", "", "o1", 0, 0), DBK_RULE_NONE);
	CHECK_INT(release("h1"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, ""));
	CHECK_INT(state(1), DBK_EARNING_HELD_PENDING);
	CHECK_INT(release("h2"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book,
				"2130 a2 1000 released\n2110 a2 -1000 released\n"
				"2130 a1 100 released\n2110 a1 -100 released\n"));
	CHECK_INT(state(1), DBK_EARNING_PENDING);
	money_book_close(&book);
}

/* Held over the end of its window: mature, and still held. */
static void
test_order_matures(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 10000), DBK_RULE_NONE);
	CHECK_INT(hold("h1", "", "o1", 0, 0), DBK_RULE_NONE);
	money_book_wait_days(&book, 7);
	CHECK(money_book_posted(&book, ""));
	CHECK_INT(state(1), DBK_EARNING_HELD);
	CHECK_INT(release("h1"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book,
				"2130 a2 1000 released\n2120 a2 -1000 released\n"
				"2130 a1 100 released\n2120 a1 -100 released\n"));
	CHECK_INT(state(1), DBK_EARNING_MATURED);
	CHECK_INT(hold("h2", "", "o1", 0, 0), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2120 a2 1000 held\n2130 a2 -1000 held\n"
				       "2120 a1 100 held\n2130 a1 -100 held\n"));
	money_book_close(&book);
}

/* A hold is on whatever the order earns, also later. */
static void
test_order_before(void)
{
	struct money_trade trade;

	begin();
	(void)money_trade_begin(&trade, &book, "o1", "a2");
	(void)money_trade_line(&trade, 10000);
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(hold("h1", "", "o1", 0, 0), DBK_RULE_NONE);
	CHECK_INT(money_trade_pay(&book, "o1", 10000, 0), DBK_RULE_NONE);
	CHECK_INT(state(1), DBK_EARNING_HELD_PENDING);
	CHECK_INT(money_book_credit(&book, 2130, "a2"), 1000);
	CHECK_INT(release("h1"), DBK_RULE_NONE);
	CHECK_INT(money_book_credit(&book, 2110, "a2"), 1000);
	money_book_close(&book);
}

/* An earning that several things hold waits for the last of them. */
static void
test_several(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 10000), DBK_RULE_NONE);
	money_book_wait_days(&book, 7);
	CHECK_INT(hold("h1", "", "o1", 1, 1), DBK_RULE_NONE);
	CHECK_INT(hold("h2", "", "o1", 0, 0), DBK_RULE_NONE);
	CHECK_INT(hold("h3", "a2", "", 0, 0), DBK_RULE_NONE);
	CHECK_INT(release("h2"), DBK_RULE_NONE);
	CHECK_INT(state(1), DBK_EARNING_HELD);
	CHECK_INT(state(2), DBK_EARNING_MATURED);
	CHECK_INT(release("h1"), DBK_RULE_NONE);
	CHECK_INT(state(1), DBK_EARNING_HELD);
	CHECK_INT(release("h3"), DBK_RULE_NONE);
	CHECK_INT(state(1), DBK_EARNING_MATURED);
	money_book_close(&book);
}

static void
test_order_limit(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 10000), DBK_RULE_NONE);
	for (uint32_t i = 1; i <= 255; i++)
		CHECK_INT(flag(DBK_EVENT_ORDER_FLAGGED, "o1", "r", i), DBK_RULE_NONE);
	CHECK_INT(flag(DBK_EVENT_ORDER_FLAGGED, "o1", "r", 256),
		  DBK_RULE_LIMIT_REACHED);
	CHECK(money_book_measured(&book, 256, 255));
	CHECK_INT(hold("h1", "", "o1", 0, 0), DBK_RULE_LIMIT_REACHED);
	CHECK_INT(flag(DBK_EVENT_ORDER_CLEARED, "o1", "r", 9), DBK_RULE_NONE);
	CHECK_INT(hold("h1", "", "o1", 0, 0), DBK_RULE_NONE);
	money_book_close(&book);
}

/* -------------------------------------------------------------------- earnings */

static void
test_earnings(void)
{
	struct money_trade trade;

	begin();
	(void)money_trade_begin(&trade, &book, "o1", "a2");
	(void)money_trade_line(&trade, 10000);
	(void)money_trade_line(&trade, 20000);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(hold("h1", "", "o1", 2, 0), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2110 a2 2000 held\n2130 a2 -2000 held\n"
				       "2110 a1 200 held\n2130 a1 -200 held\n"));
	CHECK_INT(hold("h2", "", "o1", 0, 2), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2110 a1 100 held\n2130 a1 -100 held\n"));
	CHECK_INT(hold("h3", "", "o1", 1, 1), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2110 a2 1000 held\n2130 a2 -1000 held\n"));
	CHECK_INT(dbk_look_earning(book.books, 4).holds, 2);
	CHECK_INT(release("h1"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2130 a2 2000 released\n"
				       "2110 a2 -2000 released\n"));
	CHECK_INT(release("h2"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2130 a1 100 released\n2110 a1 -100 released\n"
				       "2130 a1 200 released\n"
				       "2110 a1 -200 released\n"));
	money_book_close(&book);
}

static void
test_nothing_to_hold(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 10000), DBK_RULE_NONE);
	CHECK_INT(hold("h1", "a9", "", 0, 0), DBK_RULE_AGENT_UNKNOWN);
	CHECK_INT(hold("h1", "", "o9", 0, 0), DBK_RULE_ORDER_UNKNOWN);
	CHECK_INT(hold("h1", "", "o1", 2, 0), DBK_RULE_ORDER_LINE_UNKNOWN);
	CHECK_INT(hold("h1", "", "o1", 1, 3), DBK_RULE_EARNING_UNKNOWN);
	CHECK_INT(release("h1"), DBK_RULE_HOLD_UNKNOWN);
	/* Drawn, or nobody's. */
	CHECK_INT(money_book_verify(&book, "a2", "payee"), DBK_RULE_NONE);
	money_book_wait_days(&book, 7);
	CHECK_INT(money_book_request(&book, "p1", "a2", 1000), DBK_RULE_NONE);
	CHECK_INT(hold("h1", "", "o1", 1, 1), DBK_RULE_EARNING_UNKNOWN);
	CHECK_INT(money_book_sell(&book, "o2", "a1", 10000), DBK_RULE_NONE);
	CHECK_INT(hold("h1", "", "o2", 0, 2), DBK_RULE_EARNING_UNKNOWN);
	CHECK_INT(hold("h1", "", "o2", 1, 0), DBK_RULE_NONE);
	CHECK_INT(dbk_look_earning(book.books, 4).holds, DBK_UNASSIGNED_NO_UPLINE);
	CHECK_INT(release("h1"), DBK_RULE_NONE);
	CHECK_INT(dbk_look_earning(book.books, 4).holds, DBK_UNASSIGNED_NO_UPLINE);
	money_book_close(&book);
}

static void
test_earning_limit(void)
{
	char name[16];

	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 10000), DBK_RULE_NONE);
	for (unsigned i = 1; i <= 255; i++) {
		(void)snprintf(name, sizeof name, "h%u", i);
		CHECK_INT(hold(name, "", "o1", 1, 1), DBK_RULE_NONE);
	}
	CHECK_INT(hold("h256", "", "o1", 1, 0), DBK_RULE_LIMIT_REACHED);
	CHECK(money_book_measured(&book, 256, 255));
	CHECK_INT(hold("h256", "", "o1", 1, 2), DBK_RULE_NONE);
	money_book_close(&book);
}

/* Taken back whole while it was held: when the hold goes there is nothing to release.
 */
static void
test_reversed(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 10000), DBK_RULE_NONE);
	money_book_wait_days(&book, 7);
	CHECK_INT(hold("h1", "", "o1", 1, 1), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o1", 10000), DBK_RULE_NONE);
	CHECK(money_book_posted(&book,
				"4090 web 10000 event\n2015 -10000 event\n"
				"2130 a2 1000 reversed\n5010 plan -1000 reversed\n"
				"2120 a1 100 reversed\n5010 plan -100 reversed\n"));
	CHECK_INT(state(1), DBK_EARNING_DRAWN);
	CHECK_INT(dbk_look_earning(book.books, 1).holds, 1);
	CHECK_INT(release("h1"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, ""));
	CHECK_INT(dbk_look_earning(book.books, 1).holds, 0);
	money_book_close(&book);
}

/* ----------------------------------------------------------------------- flags */

static uint8_t
flags_of(const char *order)
{
	return money_trade_order_row(&book, order)->flags & DBK_ORDER_FLAGGED;
}

static void
test_flags(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 10000), DBK_RULE_NONE);
	CHECK_INT(flag(DBK_EVENT_ORDER_FLAGGED, "o9", "r", 1), DBK_RULE_ORDER_UNKNOWN);
	CHECK_INT(flag(DBK_EVENT_ORDER_CLEARED, "o9", "r", 1), DBK_RULE_ORDER_UNKNOWN);
	CHECK_INT(flag(DBK_EVENT_ORDER_CLEARED, "o1", "r", 1), DBK_RULE_FLAG_STATE);
	CHECK_INT(flag(DBK_EVENT_ORDER_FLAGGED, "o1", "r", 1), DBK_RULE_NONE);
	CHECK_INT(state(1), DBK_EARNING_HELD_PENDING);
	CHECK(flags_of("o1") != 0);
	CHECK_INT(flag(DBK_EVENT_ORDER_CLEARED, "o1", "r", 2), DBK_RULE_FLAG_STATE);
	CHECK_INT(flag(DBK_EVENT_ORDER_CLEARED, "o1", "s", 1), DBK_RULE_FLAG_STATE);
	CHECK_INT(flag(DBK_EVENT_ORDER_FLAGGED, "o1", "r", 2), DBK_RULE_NONE);
	CHECK_INT(flag(DBK_EVENT_ORDER_CLEARED, "o1", "r", 1), DBK_RULE_NONE);
	CHECK(flags_of("o1") != 0);
	CHECK_INT(state(1), DBK_EARNING_HELD_PENDING);
	CHECK_INT(flag(DBK_EVENT_ORDER_CLEARED, "o1", "r", 2), DBK_RULE_NONE);
	CHECK_INT(flags_of("o1"), 0);
	CHECK_INT(state(1), DBK_EARNING_PENDING);
	money_book_close(&book);
}

int
main(void)
{
	check_run("a hold on an agent is on all that has matured", test_agent);
	check_run("and on what matures later", test_agent_pending);
	check_run("what is released pays off what is owed", test_agent_owes);
	check_run("an agent has 65535 holds at most", test_agent_limit);
	check_run("a hold on an order is on all its earnings", test_order);
	check_run("what is held matures without being available", test_order_matures);
	check_run("an order may be held before it earns anything", test_order_before);
	check_run("who is held by many waits for the last", test_several);
	check_run("an order has 255 holds at most", test_order_limit);
	check_run("a hold may be on some earnings of an order", test_earnings);
	check_run("a hold is on something", test_nothing_to_hold);
	check_run("an earning has 255 holds at most", test_earning_limit);
	check_run("what was taken back is not released", test_reversed);
	check_run("a flag holds its order until it is cleared", test_flags);
	return check_end();
}
