/*
 * test_books_matching.c -- money, goods and information of one order, and timers.
 */

#include <stdio.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;
static struct money_trade trade;

static void
publish(const char *mode)
{
	money_book_choose(&book, "match", mode);
	money_book_set(&book, "ship_days", 5);
	money_book_set(&book, "pay_days", 3);
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
}

static void
begin(const char *mode)
{
	money_book_open(&book);
	if (mode != NULL)
		publish(mode);
}

static void
end(void)
{
	money_book_close(&book);
}

/* A retail order of two lines of QTY soap, 100 each. */
static struct dbk_sale *
order_begin(const char *order, int64_t qty)
{
	struct dbk_sale *sale = money_trade_begin(&trade, &book, order, "");

	money_trade_line(&trade, 100)->qty = qty;
	money_trade_line(&trade, 100)->qty = qty;
	return sale;
}

static void
place(const char *order, int64_t qty)
{
	(void)order_begin(order, qty);
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
}

static void
pay(const char *order, int64_t amount)
{
	CHECK_INT(money_trade_pay(&book, order, amount, 0), DBK_RULE_NONE);
}

static void
ship(const char *order, uint32_t line, int64_t qty)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_GOODS_SHIPPED);
	char name[16];

	(void)snprintf(name, sizeof name, "s%u", ++book.serial);
	event.u.goods_shipped.order = dbk_str_of(order);
	event.u.goods_shipped.shipment = dbk_str_of(name);
	event.u.goods_shipped.line = line;
	event.u.goods_shipped.qty = qty;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
refund(const char *order, uint32_t line, int64_t amount, int64_t qty)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_REFUND_APPROVED);
	char name[16];

	(void)snprintf(name, sizeof name, "r%u", ++book.serial);
	event.u.refund_step.refund = dbk_str_of(name);
	event.u.refund_step.order = dbk_str_of(order);
	event.u.refund_step.line = line;
	event.u.refund_step.amount = amount;
	event.u.refund_step.qty = qty;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
cancel(const char *order)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_ORDER_CANCELLED);

	event.u.order_cancelled.order = dbk_str_of(order);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static bool
found(enum dbk_rule rule, const char *order, uint32_t count, int64_t measured)
{
	return goods_book_found(&book, rule, DBK_SUBJECT_ORDER, order, count, measured,
				0);
}

static uint32_t
timers(void)
{
	return book.books->timers.count - 1;
}

static struct dbk_row_timer
timer(uint32_t number)
{
	return *DBK_ROW(book.books, timers, timer, number);
}

/* ------------------------------------------------------------------ paid, not shipped
 */

static void
test_paid_not_shipped(void)
{
	begin("REFUSE");
	place("o1", 4);
	pay("o1", 799);
	CHECK_INT(timers(), 0);
	pay("o1", 1);
	CHECK_INT(timers(), 1);
	CHECK_INT(timer(1).kind, DBK_TIMER_ORDER);
	CHECK_INT(timer(1).second, book.now_us / 1000000 + 5 * 86400);
	ship("o1", 1, 3);
	CHECK_INT(money_trade_receive(&book, "o1", 2), DBK_RULE_NONE);
	money_book_wait_us(&book, 5 * MONEY_BOOK_DAY_US - 1);
	CHECK_INT(timer(1).done, 0);
	CHECK(found(DBK_RULE_PAID_NOT_SHIPPED, "o1", 0, 0));
	money_book_wait_us(&book, 1);
	CHECK_INT(timer(1).done, 1);
	CHECK(found(DBK_RULE_PAID_NOT_SHIPPED, "o1", 1, 1));
	CHECK_INT(goods_book_finding(&book, DBK_RULE_PAID_NOT_SHIPPED,
				     DBK_SUBJECT_ORDER, "o1")
		      .red,
		  0);
	end();
}

static void
test_shipped_in_time(void)
{
	begin("FLAG");
	place("o1", 4);
	pay("o1", 800);
	ship("o1", 1, 4);
	refund("o1", 2, 400, 4);
	money_book_wait_days(&book, 6);
	CHECK_INT(timer(1).done, 1);
	CHECK(found(DBK_RULE_PAID_NOT_SHIPPED, "o1", 0, 0));
	end();
}

/* A sale told in one event has a timer only if its goods are not there. */
static void
test_sales(void)
{
	begin("FLAG");
	CHECK_INT(money_book_sell(&book, "o1", "", 100), DBK_RULE_NONE);
	CHECK_INT(timers(), 0);
	(void)order_begin("o2", 1);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(timers(), 1);
	money_book_wait_days(&book, 5);
	CHECK(found(DBK_RULE_PAID_NOT_SHIPPED, "o2", 1, 2));
	end();
}

/* What was begun under a guard is looked at whatever holds then, and the other way. */
static void
test_other_guards(void)
{
	begin("FLAG");
	place("o1", 1);
	pay("o1", 200);
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	place("o2", 1);
	pay("o2", 200);
	ship("o2", 1, 1);
	CHECK_INT(timers(), 1);
	money_book_wait_days(&book, 5);
	CHECK(found(DBK_RULE_PAID_NOT_SHIPPED, "o1", 1, 2));
	CHECK(found(DBK_RULE_PAID_NOT_SHIPPED, "o2", 0, 0));
	end();
}

/* A timer whose second has gone by when it is told comes before the next event. */
static void
test_late(void)
{
	begin("FLAG");
	place("o1", 1);
	money_book_wait_days(&book, 20);
	book.now_us -= 10 * MONEY_BOOK_DAY_US;
	pay("o1", 200);
	CHECK_INT(timer(1).done, 0);
	ship("o1", 1, 1);
	CHECK_INT(timer(1).done, 1);
	CHECK(found(DBK_RULE_PAID_NOT_SHIPPED, "o1", 1, 2));
	end();
}

/* ------------------------------------------------------------------ shipped, not paid
 */

static void
test_shipped_not_paid(void)
{
	begin("FLAG");
	place("o1", 4);
	pay("o1", 300);
	ship("o1", 1, 1);
	CHECK_INT(timer(1).second, book.now_us / 1000000 + 3 * 86400);
	money_book_wait_days(&book, 3);
	CHECK(found(DBK_RULE_SHIPPED_NOT_PAID, "o1", 1, 500));
	CHECK(found(DBK_RULE_PAID_NOT_SHIPPED, "o1", 0, 0));
	end();
}

static void
test_turned_back(void)
{
	begin("FLAG");
	place("o1", 4);
	ship("o1", 1, 1);
	place("o2", 4);
	ship("o2", 1, 1);
	CHECK_INT(timers(), 2);
	cancel("o1");
	refund("o2", 1, 0, 4);
	money_book_wait_days(&book, 3);
	CHECK(found(DBK_RULE_SHIPPED_NOT_PAID, "o1", 0, 0));
	CHECK(found(DBK_RULE_SHIPPED_NOT_PAID, "o2", 0, 0));
	end();
}

/* Each shipment has a timer of its own; what they find is one finding. */
static void
test_each_shipment(void)
{
	begin("FLAG");
	place("o1", 4);
	ship("o1", 1, 1);
	money_book_wait_days(&book, 1);
	ship("o1", 1, 1);
	CHECK_INT(timers(), 2);
	money_book_wait_days(&book, 2);
	CHECK(found(DBK_RULE_SHIPPED_NOT_PAID, "o1", 1, 800));
	money_book_wait_days(&book, 1);
	CHECK(found(DBK_RULE_SHIPPED_NOT_PAID, "o1", 2, 800));
	end();
}

/* ------------------------------------------------------------- received, and refunded
 */

static void
test_received_unshipped(void)
{
	begin("FLAG");
	place("o1", 4);
	pay("o1", 800);
	ship("o1", 1, 1);
	CHECK_INT(money_trade_receive(&book, "o1", 0), DBK_RULE_NONE);
	CHECK(found(DBK_RULE_RECEIVED_UNSHIPPED, "o1", 1, 7));
	place("o2", 1);
	ship("o2", 1, 1);
	ship("o2", 2, 1);
	CHECK_INT(money_trade_receive(&book, "o2", 0), DBK_RULE_NONE);
	CHECK(found(DBK_RULE_RECEIVED_UNSHIPPED, "o2", 0, 0));
	order_begin("o3", 1)->fulfilment = DBK_STORE_PICKUP;
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(money_trade_receive(&book, "o3", 0), DBK_RULE_NONE);
	CHECK(found(DBK_RULE_RECEIVED_UNSHIPPED, "o3", 0, 0));
	end();
}

static void
test_refunded_not_returned(void)
{
	begin("FLAG");
	place("o1", 4);
	pay("o1", 800);
	CHECK_INT(money_trade_receive(&book, "o1", 1), DBK_RULE_NONE);
	refund("o1", 1, 399, 3);
	CHECK(found(DBK_RULE_REFUNDED_NOT_RETURNED, "o1", 0, 0));
	refund("o1", 1, 1, 0);
	CHECK(found(DBK_RULE_REFUNDED_NOT_RETURNED, "o1", 1, 1));
	refund("o1", 1, 0, 1);
	CHECK(found(DBK_RULE_REFUNDED_NOT_RETURNED, "o1", 1, 1));
	/* Before its receipt nothing need come back. */
	refund("o1", 2, 400, 0);
	CHECK(found(DBK_RULE_REFUNDED_NOT_RETURNED, "o1", 1, 1));
	end();
}

static void
test_off(void)
{
	begin(NULL);
	place("o1", 1);
	ship("o1", 1, 1);
	pay("o1", 200);
	CHECK_INT(money_trade_receive(&book, "o1", 0), DBK_RULE_NONE);
	refund("o1", 1, 100, 0);
	CHECK_INT(timers(), 0);
	CHECK_INT(book.books->findings.count - 1, 0);
	end();
}

/* ------------------------------------------------------------------------ who leaves
 */

static void
leave(const char *agent, int64_t due)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_AGENT_TERMINATED);

	event.u.agent_step.agent = dbk_str_of(agent);
	event.u.agent_step.action = dbk_str_of(agent);
	event.u.agent_step.buyback_due = due;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static bool
overdue(const char *agent, uint32_t count, int64_t measured)
{
	return goods_book_found(&book, DBK_RULE_BUYBACK_OVERDUE, DBK_SUBJECT_AGENT,
				agent, count, measured, 0);
}

static void
test_leave(void)
{
	int64_t due;

	begin(NULL);
	money_book_choose(&book, "buyback_exit", "REFUSE");
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a2", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a3", ""), DBK_RULE_NONE);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 7), DBK_RULE_NONE);
	CHECK_INT(goods_book_issue(&book, "a3", "soap", 7), DBK_RULE_NONE);
	due = book.now_us + MONEY_BOOK_DAY_US - 999999;
	leave("a1", due);
	leave("a2", due);
	leave("a3", DBK_TIME_ABSENT);
	CHECK_INT(timers(), 2);
	CHECK_INT(timer(1).kind, DBK_TIMER_AGENT);
	money_book_wait_us(&book, MONEY_BOOK_DAY_US - 1);
	CHECK(overdue("a1", 0, 0));
	money_book_wait_us(&book, 1);
	CHECK(overdue("a1", 1, 7));
	CHECK(overdue("a2", 0, 0));
	CHECK(overdue("a3", 0, 0));
	end();
}

static void
test_leave_off(void)
{
	begin(NULL);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 7), DBK_RULE_NONE);
	leave("a1", book.now_us);
	money_book_wait_us(&book, 1);
	CHECK_INT(timer(1).done, 1);
	CHECK(overdue("a1", 0, 0));
	end();
}

int
main(void)
{
	check_run("paid and not shipped is found when its days are over",
		  test_paid_not_shipped);
	check_run("what was sent or returned in time is not", test_shipped_in_time);
	check_run("a sale whose goods are there has no timer", test_sales);
	check_run("a timer counts whatever guards hold when it comes",
		  test_other_guards);
	check_run("a timer that is told late comes at once", test_late);
	check_run("shipped and not paid is found", test_shipped_not_paid);
	check_run("what turned back was not shipped", test_turned_back);
	check_run("each shipment has a timer", test_each_shipment);
	check_run("received and never shipped is found", test_received_unshipped);
	check_run("refunded and not returned is found", test_refunded_not_returned);
	check_run("without a guard nothing is looked at", test_off);
	check_run("who leaves has goods to give back until they are due", test_leave);
	check_run("nobody looks without a guard", test_leave_off);
	return check_end();
}
