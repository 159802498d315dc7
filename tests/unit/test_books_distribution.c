/*
 * test_books_distribution.c -- guards of goods that go to agents and between them: too
 * many, too old
 */

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;

/* Agents a1 and a2; GUARD has MODE, and free units are none. */
static void
begin(const char *guard, const char *mode, const char *number, int64_t value)
{
	goods_book_begin(&book, guard, mode, number, value);
}

static void
end(void)
{
	money_book_close(&book);
}

static bool
found_on_sku(enum dbk_rule rule, uint32_t count, int64_t measured, int64_t limit)
{
	return goods_book_found(&book, rule, DBK_SUBJECT_SKU, "soap", count, measured,
				limit);
}

static bool
is_field(const char *name, const char *member)
{
	return goods_book_is_field(&book, name, member);
}

/* ------------------------------------------------------------------------ goods_out */

static enum dbk_rule
define(const char *sku, uint32_t revision, int64_t list_price, int64_t factory_price,
       const char *superseded_by)
{
	return goods_book_define(&book, sku, revision, list_price, factory_price,
				 superseded_by);
}

static void
register_lot(const char *lot, const char *sku, int64_t expires_on)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_LOT_REGISTERED);

	event.u.lot_registered.lot = dbk_str_of(lot);
	event.u.lot_registered.sku = dbk_str_of(sku);
	event.u.lot_registered.expires_on = expires_on;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static enum dbk_rule
issue_lot(const char *agent, const char *sku, const char *lot)
{
	struct dbk_stock_line line;
	struct dbk_event event = goods_book_issued(&book, &line, sku, 1);

	line.lot = dbk_str_of(lot);
	event.u.stock_issued.to = goods_book_agent(agent);
	return money_book_send(&book, &event);
}

static void
test_superseded(void)
{
	begin("goods_out", "REFUSE", NULL, 0);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 5), DBK_RULE_NONE);
	CHECK_INT(define("new soap", 1, 10000, 0, ""), DBK_RULE_NONE);
	CHECK_INT(define("soap", 2, 10000, 0, "new soap"), DBK_RULE_NONE);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 1), DBK_RULE_GOODS_STATE);
	CHECK(money_book_measured(&book, 1, 0));
	CHECK(is_field("lines", "qty"));
	CHECK_INT(goods_book_issue(&book, "a1", "new soap", 1), DBK_RULE_NONE);
	CHECK_INT(goods_book_stock(&book, "depot", "soap", 9), DBK_RULE_NONE);
	CHECK_INT(goods_book_deliver(&book, "depot", "a1", "soap", 1),
		  DBK_RULE_GOODS_STATE);
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 1), DBK_RULE_GOODS_STATE);
	CHECK_INT(goods_book_relocate(&book, "a1", DBK_PLACE_PHYSICAL, DBK_PLACE_CLOUD,
				      "soap", 1),
		  DBK_RULE_NONE);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 1), DBK_RULE_NONE);
	CHECK_INT(define("soap", 3, 10000, 0, ""), DBK_RULE_NONE);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 1), DBK_RULE_NONE);
	end();
}

static void
test_expired(void)
{
	begin("goods_out", "REFUSE", NULL, 0);
	register_lot("l0", "soap", book.now_us);
	register_lot("l1", "soap", book.now_us + 1);
	register_lot("l2", "soap", DBK_TIME_ABSENT);
	CHECK_INT(issue_lot("a1", "soap", "l0"), DBK_RULE_GOODS_STATE);
	CHECK(money_book_measured(&book, 2, 0));
	CHECK_INT(issue_lot("a1", "soap", "l1"), DBK_RULE_NONE);
	CHECK_INT(issue_lot("a1", "soap", "l2"), DBK_RULE_NONE);
	money_book_wait_us(&book, 1);
	CHECK_INT(issue_lot("a1", "soap", "l1"), DBK_RULE_GOODS_STATE);
	CHECK_INT(issue_lot("a1", "soap", "l2"), DBK_RULE_NONE);
	book.now_us -= 1;
	CHECK_INT(issue_lot("a1", "soap", "l1"), DBK_RULE_GOODS_STATE);
	end();
}

static void
test_goods_out_flagged(void)
{
	begin("goods_out", "FLAG", NULL, 0);
	CHECK_INT(define("old", 1, 10000, 0, "soap"), DBK_RULE_NONE);
	register_lot("l0", "old", book.now_us);
	CHECK_INT(issue_lot("a1", "old", "l0"), DBK_RULE_NONE);
	CHECK(goods_book_found(&book, DBK_RULE_GOODS_STATE, DBK_SUBJECT_AGENT, "a1", 1,
			       2, 0));
	CHECK_INT(goods_book_issue(&book, "a1", "old", 1), DBK_RULE_NONE);
	CHECK(goods_book_found(&book, DBK_RULE_GOODS_STATE, DBK_SUBJECT_AGENT, "a1", 2,
			       1, 0));
	end();
}

static void
test_goods_out_off(void)
{
	begin("goods_out", "OFF", NULL, 0);
	CHECK_INT(define("old", 1, 10000, 0, "soap"), DBK_RULE_NONE);
	register_lot("l0", "old", book.now_us);
	CHECK_INT(issue_lot("a1", "old", "l0"), DBK_RULE_NONE);
	CHECK_INT(book.books->findings.count, 1);
	end();
}

static enum dbk_rule
ship(const char *lot)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_GOODS_SHIPPED);

	event.u.goods_shipped.shipment = dbk_str_of(lot);
	event.u.goods_shipped.order = dbk_str_of("o1");
	event.u.goods_shipped.line = 1;
	event.u.goods_shipped.qty = 1;
	event.u.goods_shipped.lot = dbk_str_of(lot);
	return money_book_send(&book, &event);
}

static void
ship_both(const char *mode, enum dbk_rule expected)
{
	struct money_trade trade;

	begin("goods_out", mode, NULL, 0);
	register_lot("l0", "soap", book.now_us);
	register_lot("l1", "soap", book.now_us + 1);
	(void)money_trade_begin(&trade, &book, "o1", "a1");
	money_trade_line(&trade, 100)->qty = 2;
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(ship("l1"), DBK_RULE_NONE);
	CHECK_INT(ship("l0"), expected);
}

static void
test_shipped(void)
{
	ship_both("REFUSE", DBK_RULE_GOODS_STATE);
	CHECK(money_book_measured(&book, 2, 0));
	CHECK(is_field("lot", NULL));
	end();
	ship_both("FLAG", DBK_RULE_NONE);
	CHECK(goods_book_found(&book, DBK_RULE_GOODS_STATE, DBK_SUBJECT_LOT, "l0", 1, 2,
			       0));
	end();
}

/* ------------------------------------------------------------------------ push_down */

/* a1 has plenty, a2 has got 4 and sold 2. */
static void
begin_push_down(const char *mode)
{
	begin("push_down", mode, NULL, 0);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 100), DBK_RULE_NONE);
	CHECK_INT(goods_book_issue(&book, "a2", "soap", 4), DBK_RULE_NONE);
	CHECK_INT(goods_book_sell(&book, "a2", "c1", "soap", 2), DBK_RULE_NONE);
}

static bool
pushed(uint32_t count, int64_t measured)
{
	return goods_book_found(&book, DBK_RULE_PUSHED_DOWN, DBK_SUBJECT_AGENT, "a2",
				count, measured, count == 0 ? 0 : 3000000);
}

static void
test_push_down_refused(void)
{
	begin_push_down("REFUSE");
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 3), DBK_RULE_PUSHED_DOWN);
	CHECK(money_book_measured(&book, 3500000, 3000000));
	CHECK(is_field("lines", "qty"));
	CHECK_INT(goods_book_stock(&book, "depot", "soap", 9), DBK_RULE_NONE);
	CHECK_INT(goods_book_deliver(&book, "depot", "a2", "soap", 3),
		  DBK_RULE_PUSHED_DOWN);
	CHECK_INT(goods_book_relocate(&book, "a2", DBK_PLACE_PHYSICAL, DBK_PLACE_CLOUD,
				      "soap", 2),
		  DBK_RULE_NONE);
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 2), DBK_RULE_NONE);
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 1), DBK_RULE_PUSHED_DOWN);
	CHECK(money_book_measured(&book, 3500000, 3000000));
	CHECK_INT(book.books->findings.count, 1);
	end();
}

static void
test_push_down_flagged(void)
{
	begin_push_down("FLAG");
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 2), DBK_RULE_NONE);
	CHECK(pushed(0, 0));
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 1), DBK_RULE_NONE);
	CHECK(pushed(1, 3500000));
	CHECK_INT(
	    goods_book_finding(&book, DBK_RULE_PUSHED_DOWN, DBK_SUBJECT_AGENT, "a2")
		.window,
	    30);
	end();
}

static void
test_push_down_off(void)
{
	begin_push_down("OFF");
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 90), DBK_RULE_NONE);
	CHECK(pushed(0, 0));
	end();
}

static void
test_push_down_free_units(void)
{
	begin("push_down", "REFUSE", NULL, 0);
	money_book_choose(&book, "push_down", "REFUSE");
	money_book_set(&book, "free_units", 2);
	money_book_set(&book, "free_units", 5)->sku = dbk_str_of("soap");
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 100), DBK_RULE_NONE);
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 6), DBK_RULE_PUSHED_DOWN);
	CHECK(money_book_measured(&book, INT64_MAX, 3000000));
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 5), DBK_RULE_NONE);
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 1), DBK_RULE_PUSHED_DOWN);
	end();
}

static void
test_push_down_window(void)
{
	begin_push_down("REFUSE");
	money_book_wait_days(&book, 29);
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 2), DBK_RULE_NONE);
	money_book_wait_days(&book, 1);
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 1), DBK_RULE_PUSHED_DOWN);
	CHECK(money_book_measured(&book, INT64_MAX, 3000000));
	end();
}

static void
grant(const char *guard, const char *agent)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_OVERRIDE_GRANTED);

	event.u.override_granted =
	    (struct dbk_override_granted){ .override = dbk_str_of("once"),
					   .guard = dbk_str_of(guard),
					   .subject = dbk_str_of(agent),
					   .reason = dbk_str_of("a fair"),
					   .approver1 = dbk_str_of("p"),
					   .approver2 = dbk_str_of("q"),
					   .expires_at = book.now_us + 1 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
test_push_down_overridden(void)
{
	begin_push_down("REFUSE");
	grant("PUSHED_DOWN", "a2");
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 3), DBK_RULE_NONE);
	CHECK(pushed(0, 0));
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 3), DBK_RULE_PUSHED_DOWN);
	end();
}

/* -------------------------------------------------------------- network, multi_count
 */

static void
test_network_refused(void)
{
	begin("network", "REFUSE", "network_min_units", 10);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 9), DBK_RULE_NONE);
	CHECK_INT(goods_book_issue(&book, "a2", "soap", 1),
		  DBK_RULE_NETWORK_SELL_THROUGH);
	CHECK(money_book_measured(&book, 0, 200000));
	CHECK(is_field("lines", "qty"));
	CHECK_INT(goods_book_stock(&book, "depot", "soap", 99), DBK_RULE_NONE);
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 1), DBK_RULE_NONE);
	CHECK_INT(goods_book_sell(&book, "a2", "c1", "soap", 1), DBK_RULE_NONE);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 1), DBK_RULE_NONE);
	CHECK_INT(goods_book_issue(&book, "a2", "soap", 1), DBK_RULE_NONE);
	CHECK_INT(goods_book_issue(&book, "a2", "soap", 1),
		  DBK_RULE_NETWORK_SELL_THROUGH);
	CHECK(money_book_measured(&book, 181818, 200000));
	money_book_wait_days(&book, 30);
	CHECK_INT(goods_book_issue(&book, "a2", "soap", 9), DBK_RULE_NONE);
	end();
}

static void
test_network_flagged(void)
{
	struct dbk_row_finding row;

	begin("network", "FLAG", "network_min_units", 10);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 9), DBK_RULE_NONE);
	CHECK(found_on_sku(DBK_RULE_NETWORK_SELL_THROUGH, 0, 0, 0));
	CHECK_INT(goods_book_issue(&book, "a2", "soap", 1), DBK_RULE_NONE);
	CHECK(found_on_sku(DBK_RULE_NETWORK_SELL_THROUGH, 1, 0, 200000));
	row = goods_book_finding(&book, DBK_RULE_NETWORK_SELL_THROUGH, DBK_SUBJECT_SKU,
				 "soap");
	CHECK_INT(row.window, 30);
	CHECK_INT(row.red, 1);
	end();
}

static void
test_network_off(void)
{
	begin("network", "OFF", "network_min_units", 10);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 99), DBK_RULE_NONE);
	CHECK_INT(book.books->findings.count, 1);
	end();
}

/* Issued 5 and sold 2 to consumers: one unit may be passed on, the second is too many.
 */
static void
count_twice(const char *mode)
{
	begin("multi_count", mode, "network_min_units", 2);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 5), DBK_RULE_NONE);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 1), DBK_RULE_NONE);
	CHECK_INT(goods_book_relocate(&book, "a1", DBK_PLACE_PHYSICAL, DBK_PLACE_CLOUD,
				      "soap", 1),
		  DBK_RULE_NONE);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 1), DBK_RULE_NONE);
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 1), DBK_RULE_NONE);
	CHECK(found_on_sku(DBK_RULE_MULTI_COUNT, 0, 0, 0));
	CHECK_INT(goods_book_pass(&book, "a2", "a1", "soap", 1), DBK_RULE_NONE);
}

static enum dbk_rule
give_back(const char *agent, const char *location)
{
	struct dbk_stock_line line;
	struct dbk_event event = goods_book_transferred(&book, &line, "soap", 1);

	event.u.stock_transferred.from = goods_book_agent(agent);
	event.u.stock_transferred.to = goods_book_location(location);
	return money_book_send(&book, &event);
}

static void
test_multi_count(void)
{
	count_twice("FLAG");
	CHECK(found_on_sku(DBK_RULE_MULTI_COUNT, 1, 3500000, 3000000));
	CHECK_INT(give_back("a1", "depot"), DBK_RULE_NONE);
	CHECK(found_on_sku(DBK_RULE_MULTI_COUNT, 1, 3500000, 3000000));
	end();
	count_twice("REFUSE");
	CHECK(found_on_sku(DBK_RULE_MULTI_COUNT, 1, 3500000, 3000000));
	end();
	count_twice("OFF");
	CHECK_INT(book.books->findings.count, 1);
	end();
}

static void
test_multi_count_few(void)
{
	begin("multi_count", "FLAG", "network_min_units", 2);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 90), DBK_RULE_NONE);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 1), DBK_RULE_NONE);
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 50), DBK_RULE_NONE);
	CHECK(found_on_sku(DBK_RULE_MULTI_COUNT, 0, 0, 0));
	end();
}

int
main(void)
{
	check_run("goods that another sku replaces go to no agent", test_superseded);
	check_run("nor do those of a lot that has expired", test_expired);
	check_run("goods out are flagged, once a record", test_goods_out_flagged);
	check_run("no guard asks for the state of goods", test_goods_out_off);
	check_run("no order is shipped from an expired lot", test_shipped);
	check_run("an agent gets no more than thrice what it sells",
		  test_push_down_refused);
	check_run("what is pushed down is flagged", test_push_down_flagged);
	check_run("no guard asks what a receiver sells", test_push_down_off);
	check_run("free units may always be passed down", test_push_down_free_units);
	check_run("what was sold before the window does not count",
		  test_push_down_window);
	check_run("an override lets one transfer pass", test_push_down_overridden);
	check_run("no more is issued than the network sells", test_network_refused);
	check_run("a network that does not sell is flagged", test_network_flagged);
	check_run("no guard asks what the network sells", test_network_off);
	check_run("goods that are sold again and again are flagged", test_multi_count);
	check_run("few units say nothing", test_multi_count_few);
	return check_end();
}
