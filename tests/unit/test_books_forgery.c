/*
 * test_books_forgery.c -- what speaks against an order, and when it is too much.
 */

#include <stdio.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;
static struct money_trade trade;

/* Every weight has a digit of its own, so that a score says what it is made of. */
static void
publish(const char *mode, int64_t limit)
{
	money_book_choose(&book, "fake_order", mode);
	money_book_set(&book, "fake_limit", limit);
	money_book_set(&book, "fake_related", 1);
	money_book_set(&book, "fake_shared_hash", 10);
	money_book_set(&book, "fake_repeat", 100);
	money_book_set(&book, "fake_cycle", 1000);
	money_book_set(&book, "fake_contest", 500);
	money_book_set(&book, "fake_unscanned", 20);
	money_book_set(&book, "fake_quick_refund", 2);
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
}

/* AGENT, who is also the consumer PERSON. */
static void
enrol(const char *agent, const char *sponsor, const char *person)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_AGENT_ENROLLED);

	event.u.agent_enrolled.agent = dbk_str_of(agent);
	event.u.agent_enrolled.sponsor = dbk_str_of(sponsor);
	event.u.agent_enrolled.customer = dbk_str_of(person);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
begin(const char *mode, int64_t limit)
{
	money_book_open(&book);
	if (mode != NULL)
		publish(mode, limit);
	enrol("a1", "", "p1");
	enrol("a2", "", "p2");
}

static void
end(void)
{
	money_book_close(&book);
}

static enum dbk_rule
sell(const char *order, const char *seller, const char *buyer)
{
	money_trade_begin(&trade, &book, order, seller)->buyer = dbk_str_of(buyer);
	(void)money_trade_line(&trade, 1000);
	return money_trade_sell(&trade, &book);
}

static bool
scored(const char *order, int64_t score)
{
	return CHECK_INT(money_trade_order_row(&book, order)->score, score);
}

static bool
is_flagged(const char *order)
{
	return money_trade_order_row(&book, order)->flags & DBK_ORDER_FLAGGED;
}

static bool
found(const char *order, uint32_t count, int64_t measured, int64_t limit)
{
	return goods_book_found(&book, DBK_RULE_FAKE_ORDER, DBK_SUBJECT_ORDER, order,
				count, measured, limit);
}

static void
refund(const char *order, int64_t amount)
{
	CHECK_INT(money_trade_refund(&book, order, 1, amount), DBK_RULE_NONE);
}

/* --------------------------------------------------------------------------- signs */

/* b0 sponsors b1 sponsors b2 ... */
static void
test_related(void)
{
	char name[16], sponsor[16] = "", person[16];

	begin("FLAG", 10000);
	for (unsigned i = 0; i <= 17; i++) {
		(void)snprintf(name, sizeof name, "b%u", i);
		(void)snprintf(person, sizeof person, "q%u", i);
		enrol(name, sponsor, person);
		memcpy(sponsor, name, sizeof sponsor);
	}
	CHECK_INT(sell("o1", "b0", "q16"), DBK_RULE_NONE);
	CHECK(scored("o1", 1));
	CHECK_INT(sell("o2", "b0", "q17"), DBK_RULE_NONE);
	CHECK(scored("o2", 0));
	CHECK_INT(sell("o3", "b17", "q16"), DBK_RULE_NONE);
	CHECK(scored("o3", 1));
	CHECK_INT(sell("o4", "b3", "q3"), DBK_RULE_NONE);
	CHECK(scored("o4", 0));
	CHECK_INT(sell("o5", "a1", "p2"), DBK_RULE_NONE);
	CHECK(scored("o5", 0));
	CHECK_INT(sell("o6", "b3", "stranger"), DBK_RULE_NONE);
	CHECK(scored("o6", 0));
	end();
}

static void
test_shared_hash(void)
{
	begin("FLAG", 10000);
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
	money_trade_begin(&trade, &book, "o1", "a1")->buyer = dbk_str_of("c1");
	trade.event.u.sale.buyer_payee_hash = dbk_str_of("payee");
	(void)money_trade_line(&trade, 1000);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	CHECK(scored("o1", 10));
	CHECK(money_trade_order_row(&book, "o1")->flags & DBK_ORDER_LINKED);
	money_trade_begin(&trade, &book, "o2", "a1")->buyer = dbk_str_of("c1");
	trade.event.u.sale.buyer_payee_hash = dbk_str_of("other");
	(void)money_trade_line(&trade, 1000);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	CHECK(scored("o2", 0));
	end();
}

static struct dbk_row_customer
customer(const char *name)
{
	return *DBK_ROW(
	    book.books, customers, customer,
	    dbk_look_find(book.books, DBK_SPACE_CUSTOMER, dbk_str_of(name)));
}

static void
repeat(const char *name, const char *seller, int64_t score)
{
	CHECK_INT(sell(name, seller, "c1"), DBK_RULE_NONE);
	CHECK(scored(name, score));
}

static void
test_repeat(void)
{
	begin("FLAG", 10000);
	repeat("o1", "a1", 0);
	repeat("o2", "a1", 0);
	repeat("o3", "a1", 0);
	repeat("o4", "a1", 0);
	CHECK_INT(customer("c1").row_orders, 4);
	money_book_wait_days(&book, 7);
	repeat("o5", "", 0); /* nobody's */
	repeat("o6", "a1", 100);
	money_book_wait_days(&book, 1);
	repeat("o7", "a1", 0);
	CHECK_INT(customer("c1").row_orders, 1);
	repeat("o8", "a2", 0);
	repeat("o9", "a1", 0);
	CHECK_INT(customer("c1").row_orders, 1);
	end();
}

/* Counted without a guard; a row that is told late begins on its own day. */
static void
test_repeat_off(void)
{
	begin(NULL, 0);
	money_book_wait_days(&book, 9);
	book.now_us -= 9 * MONEY_BOOK_DAY_US;
	repeat("o1", "a1", 0);
	repeat("o2", "a1", 0);
	CHECK_INT(customer("c1").row_orders, 1);
	book.now_us += 2 * MONEY_BOOK_DAY_US;
	repeat("o3", "a1", 0);
	repeat("o4", "a1", 0);
	CHECK_INT(customer("c1").row_orders, 2);
	CHECK_INT(customer("c1").row_day, dbk_local_day(book.books, book.now_us) + 1);
	end();
}

static void
test_cycle(void)
{
	begin("FLAG", 10000);
	enrol("a3", "", "p3");
	CHECK_INT(sell("o1", "a2", "p1"), DBK_RULE_NONE); /* a1 pays a2 */
	CHECK_INT(sell("o2", "a3", "p2"), DBK_RULE_NONE); /* a2 pays a3 */
	CHECK(scored("o2", 0));
	CHECK_INT(sell("o3", "a1", "p3"), DBK_RULE_NONE); /* a3 pays a1 */
	CHECK(scored("o3", 1000));
	CHECK_INT(book.books->edges.count - 1, 3);
	money_book_wait_days(&book, 90);
	CHECK_INT(sell("o4", "a1", "p3"), DBK_RULE_NONE);
	CHECK(scored("o4", 0));
	CHECK_INT(sell("o5", "a1", "p1"), DBK_RULE_NONE); /* from oneself */
	CHECK_INT(book.books->edges.count - 1, 3);
	end();
}

static void
open_contest(const char *name, int64_t to)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_CONTEST_OPENED);

	event.u.contest_opened.contest = dbk_str_of(name);
	event.u.contest_opened.metric = dbk_str_of("MATURED_RETAIL");
	event.u.contest_opened.from = book.now_us;
	event.u.contest_opened.to = to;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
test_contest(void)
{
	begin("FLAG", 10000);
	open_contest("x1", book.now_us + 3 * MONEY_BOOK_DAY_US + 1);
	CHECK_INT(sell("o1", "a1", "c1"), DBK_RULE_NONE);
	CHECK(scored("o1", 0));
	money_book_wait_us(&book, 1);
	CHECK_INT(sell("o2", "a1", "c1"), DBK_RULE_NONE);
	CHECK(scored("o2", 500));
	end();
}

/* A sign that comes later counts once, whatever the event says. */
static void
test_unscanned(void)
{
	begin("REFUSE", 20);
	money_trade_begin(&trade, &book, "o1", "a1")->buyer = dbk_str_of("c1");
	(void)money_trade_line(&trade, 500);
	(void)money_trade_line(&trade, 500);
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(money_trade_receive(&book, "o1", 1), DBK_RULE_NONE);
	CHECK(scored("o1", 20));
	CHECK(is_flagged("o1"));
	CHECK(found("o1", 1, 20, 20));
	CHECK_INT(money_trade_receive(&book, "o1", 2), DBK_RULE_NONE);
	CHECK(scored("o1", 20));
	CHECK(found("o1", 1, 20, 20));
	money_trade_begin(&trade, &book, "o2", "a1")->buyer = dbk_str_of("c1");
	trade.event.u.sale.fulfilment = DBK_STORE_PICKUP;
	(void)money_trade_line(&trade, 500);
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(money_trade_receive(&book, "o2", 1), DBK_RULE_NONE);
	CHECK(scored("o2", 0));
	end();
}

static void
test_quick_refund(void)
{
	begin("FLAG", 10000);
	CHECK_INT(sell("o1", "a1", "c1"), DBK_RULE_NONE);
	CHECK_INT(sell("o2", "a1", "c1"), DBK_RULE_NONE);
	money_book_wait_days(&book, 1);
	refund("o1", 10);
	refund("o1", 10);
	CHECK(scored("o1", 2));
	money_book_wait_us(&book, 1);
	refund("o2", 10);
	CHECK(scored("o2", 0));
	end();
}

/* --------------------------------------------------------------------------- limits */

static void
test_refused(void)
{
	begin("REFUSE", 500);
	open_contest("x1", book.now_us + 1);
	CHECK_INT(sell("o1", "a1", "c1"), DBK_RULE_FAKE_ORDER);
	CHECK(money_book_measured(&book, 500, 500));
	CHECK(strcmp(book.verdict.refusal.field.name, "paid") == 0);
	CHECK_INT(customer("c1").row_orders, 0);
	money_trade_begin(&trade, &book, "o2", "a1")->buyer = dbk_str_of("c1");
	(void)money_trade_line(&trade, 1000);
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(money_trade_pay(&book, "o2", 999, 0), DBK_RULE_NONE);
	CHECK_INT(money_trade_pay(&book, "o2", 1, 0), DBK_RULE_FAKE_ORDER);
	CHECK(strcmp(book.verdict.refusal.field.name, "amount") == 0);
	CHECK_INT(book.books->findings.count - 1, 0);
	publish("REFUSE", 501);
	CHECK_INT(money_trade_pay(&book, "o2", 1, 0), DBK_RULE_NONE);
	CHECK(scored("o2", 500));
	end();
}

static void
test_flagged(void)
{
	begin("FLAG", 500);
	open_contest("x1", book.now_us + 1);
	CHECK_INT(sell("o1", "a1", "c1"), DBK_RULE_NONE);
	CHECK(is_flagged("o1"));
	CHECK_INT(money_trade_order_row(&book, "o1")->holds, 1);
	CHECK(found("o1", 1, 500, 500));
	CHECK_INT(
	    goods_book_finding(&book, DBK_RULE_FAKE_ORDER, DBK_SUBJECT_ORDER, "o1").red,
	    1);
	end();
}

static struct dbk_event
flag(enum dbk_event_type type)
{
	struct dbk_event event = money_book_event(&book, type);

	event.u.order_flag.order = dbk_str_of("o1");
	event.u.order_flag.rule = dbk_str_of("FAKE_ORDER");
	event.u.order_flag.revision = 1;
	event.u.order_flag.approver = dbk_str_of("p");
	event.u.order_flag.reason = dbk_str_of("was looked into");
	return event;
}

/* The flag is one, and stays away once somebody has cleared it. */
static void
test_flag_once(void)
{
	struct dbk_event event;

	begin("FLAG", 500);
	open_contest("x1", book.now_us + 1);
	CHECK_INT(sell("o1", "a1", "c1"), DBK_RULE_NONE);
	event = flag(DBK_EVENT_ORDER_FLAGGED);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(money_trade_order_row(&book, "o1")->holds, 1);
	event = flag(DBK_EVENT_ORDER_CLEARED);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK(!is_flagged("o1"));
	refund("o1", 10);
	CHECK(scored("o1", 502));
	CHECK(!is_flagged("o1"));
	CHECK(found("o1", 2, 502, 500));
	end();
}

static void
test_off(void)
{
	begin(NULL, 0);
	CHECK_INT(sell("o1", "a2", "p1"), DBK_RULE_NONE);
	CHECK_INT(sell("o2", "a1", "p2"), DBK_RULE_NONE);
	refund("o2", 10);
	CHECK(scored("o2", 0));
	CHECK_INT(book.books->edges.count - 1, 2);
	publish("REFUSE", 1);
	CHECK_INT(sell("o3", "a1", "p2"), DBK_RULE_FAKE_ORDER);
	CHECK(money_book_measured(&book, 1000, 1));
	end();
}

/* Nobody pays by the platform, nobody sells, nobody buys: nothing is looked at. */
static void
test_others(void)
{
	begin("REFUSE", 1);
	open_contest("x1", book.now_us + 1);
	CHECK_INT(sell("o1", "", "c1"), DBK_RULE_NONE);
	CHECK_INT(sell("o2", "a1", ""), DBK_RULE_NONE);
	money_trade_begin(&trade, &book, "o3", "")->buyer = dbk_str_of("a1");
	trade.event.u.sale.kind = DBK_ORDER_SELF;
	(void)money_trade_line(&trade, 1000);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	money_trade_begin(&trade, &book, "o4", "a1")->buyer = dbk_str_of("c1");
	(void)money_trade_line(&trade, 1000);
	trade.event.type = DBK_EVENT_SALE_RECORDED;
	trade.event.u.sale.paid = 1000;
	CHECK_INT(money_book_send(&book, &trade.event), DBK_RULE_NONE);
	CHECK_INT(money_trade_receive(&book, "o4", 1), DBK_RULE_NONE);
	CHECK(scored("o4", 0));
	end();
}

int
main(void)
{
	check_run("buyer and seller are near within 16 sponsors", test_related);
	check_run("buyer and seller share a hash", test_shared_hash);
	check_run("many orders with one seller are in a row", test_repeat);
	check_run("rows are counted without a guard, late ones by their day",
		  test_repeat_off);
	check_run("money goes round", test_cycle);
	check_run("a contest ends soon", test_contest);
	check_run("goods arrive that nobody sent, once", test_unscanned);
	check_run("a refund is quick, once", test_quick_refund);
	check_run("a payment at the limit is refused", test_refused);
	check_run("a payment at the limit is flagged", test_flagged);
	check_run("an order is flagged once", test_flag_once);
	check_run("without a guard only edges are made", test_off);
	check_run("orders of others are not looked at", test_others);
	return check_end();
}
