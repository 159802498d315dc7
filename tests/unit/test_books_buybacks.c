/*
 * test_books_buybacks.c -- goods that agents give back for money, and what goes back
 * with them.
 */

#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;

/* Agents a1 and a2, below it. */
static void
begin(void)
{
	money_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a2", "a1"), DBK_RULE_NONE);
}

static void
end(void)
{
	money_book_close(&book);
}

static void
guard(const char *mode, const char *number, int64_t value)
{
	money_book_choose(&book, "buyback", mode);
	if (number != NULL)
		money_book_set(&book, number, value);
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
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

static void
issue_lot(const char *agent, const char *lot, int64_t qty)
{
	struct dbk_stock_line line;
	struct dbk_event event = goods_book_issued(&book, &line, "soap", qty);

	line.lot = dbk_str_of(lot);
	event.u.stock_issued.to = goods_book_agent(agent);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static enum dbk_rule
ask_lot(const char *request, const char *agent, const char *sku, const char *lot,
	int64_t qty)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_BUYBACK_REQUESTED);

	event.u.buyback_requested =
	    (struct dbk_buyback_requested){ .request = dbk_str_of(request),
					    .agent = dbk_str_of(agent),
					    .sku = dbk_str_of(sku),
					    .lot = dbk_str_of(lot),
					    .qty = qty };
	return money_book_send(&book, &event);
}

static enum dbk_rule
ask(const char *request, const char *agent, int64_t qty)
{
	return ask_lot(request, agent, "soap", "", qty);
}

/* QTY of a2's soap, once bought at PRICE, for nine tenths of it. */
static struct dbk_event
settling(int64_t qty, int64_t price)
{
	static char names[4][16];
	char *name = names[++book.serial % 4];
	struct dbk_event event = money_book_event(&book, DBK_EVENT_BUYBACK_SETTLED);

	(void)snprintf(name, sizeof names[0], "s%u", book.serial);
	event.u.buyback_settled =
	    (struct dbk_buyback_settled){ .document = dbk_str_of(name),
					  .agent = dbk_str_of("a2"),
					  .sku = dbk_str_of("soap"),
					  .qty = qty,
					  .unit_price_paid = price,
					  .price_ppm = 900000,
					  .amount = qty * price * 9 / 10 };
	return event;
}

static enum dbk_rule
settle(const struct dbk_event *event)
{
	return money_book_send(&book, event);
}

static void
refused(const char *field, int64_t measured, int64_t limit)
{
	CHECK(strcmp(book.verdict.refusal.field.name, field) == 0);
	CHECK(money_book_measured(&book, measured, limit));
}

static int64_t
stock(const char *name)
{
	uint32_t id =
	    dbk_names_find(&book.books->names, DBK_SPACE_AGENT, dbk_str_of(name));
	uint32_t holder = DBK_ROW(book.books, agents, agent, id)->holder;

	return DBK_ROW(book.books, holders, holder, holder)->units;
}

/* ------------------------------------------------------------------------- requests */

static void
test_request_refused(void)
{
	begin();
	CHECK_INT(goods_book_issue(&book, "a2", "soap", 10), DBK_RULE_NONE);
	register_lot("l1", "soap", DBK_TIME_ABSENT);
	CHECK_INT(ask("b1", "nobody", 1), DBK_RULE_AGENT_UNKNOWN);
	CHECK_INT(ask_lot("b1", "a2", "tea", "", 1), DBK_RULE_SKU_UNKNOWN);
	CHECK_INT(ask_lot("b1", "a2", "soap", "l2", 1), DBK_RULE_LOT_UNKNOWN);
	CHECK_INT(ask_lot("b1", "a2", "soap", "l1", 1), DBK_RULE_STOCK_INSUFFICIENT);
	refused("qty", 1, 0);
	CHECK_INT(ask("b1", "a2", 11), DBK_RULE_STOCK_INSUFFICIENT);
	refused("qty", 11, 10);
	CHECK_INT(ask("b1", "a2", 6), DBK_RULE_NONE);
	CHECK_INT(ask("b2", "a2", 5), DBK_RULE_STOCK_INSUFFICIENT);
	refused("qty", 5, 4);
	CHECK_INT(ask("b2", "a2", 4), DBK_RULE_NONE);
	/* What was asked for has been given away. */
	CHECK_INT(goods_book_pass(&book, "a2", "a1", "soap", 3), DBK_RULE_NONE);
	CHECK_INT(ask("b3", "a2", 1), DBK_RULE_STOCK_INSUFFICIENT);
	refused("qty", 1, -3);
	end();
}

/* Goods in the cloud are none that could be given back. */
static void
test_request_place(void)
{
	struct dbk_stock_line line;
	struct dbk_event event;

	begin();
	event = goods_book_issued(&book, &line, "soap", 10);
	event.u.stock_issued.to = goods_book_agent("a2");
	event.u.stock_issued.place = DBK_PLACE_CLOUD;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(ask("b1", "a2", 1), DBK_RULE_STOCK_INSUFFICIENT);
	end();
}

static void
test_eligible_quantity(void)
{
	begin();
	CHECK_INT(goods_book_issue(&book, "a2", "soap", 10), DBK_RULE_NONE);
	guard("REFUSE", "buyback_days", 20);
	CHECK_INT(ask("b1", "a2", 3), DBK_RULE_NONE);
	money_book_wait_days(&book, 19);
	CHECK_INT(ask("b2", "a2", 2), DBK_RULE_NONE);
	CHECK_INT(goods_book_issue(&book, "a2", "soap", 5), DBK_RULE_NONE);
	money_book_wait_days(&book, 1);
	CHECK_INT(ask("b3", "a2", 1), DBK_RULE_BUYBACK_INELIGIBLE);
	refused("qty", 6, 5);
	guard("FLAG", "buyback_days", 20);
	CHECK_INT(ask("b3", "a2", 2), DBK_RULE_NONE);
	CHECK(goods_book_found(&book, DBK_RULE_BUYBACK_INELIGIBLE, DBK_SUBJECT_AGENT,
			       "a2", 1, 7, 5));
	guard("OFF", NULL, 0);
	CHECK_INT(ask("b4", "a2", 8), DBK_RULE_NONE);
	CHECK(goods_book_found(&book, DBK_RULE_BUYBACK_INELIGIBLE, DBK_SUBJECT_AGENT,
			       "a2", 1, 7, 5));
	end();
}

static void
test_eligible_lot(void)
{
	begin();
	register_lot("old", "soap", book.now_us + MONEY_BOOK_DAY_US);
	issue_lot("a2", "old", 10);
	issue_lot("a2", "", 10);
	guard("REFUSE", NULL, 0);
	CHECK_INT(ask_lot("b1", "a2", "soap", "old", 1), DBK_RULE_NONE);
	CHECK_INT(ask("b2", "a2", 1), DBK_RULE_NONE);
	money_book_wait_us(&book, MONEY_BOOK_DAY_US - 1);
	CHECK_INT(ask_lot("b3", "a2", "soap", "old", 1), DBK_RULE_NONE);
	money_book_wait_us(&book, 1);
	CHECK_INT(ask_lot("b4", "a2", "soap", "old", 1), DBK_RULE_BUYBACK_INELIGIBLE);
	refused("lot", 0, 0);
	guard("REFUSE", "buyback_lot", 1);
	CHECK_INT(ask("b4", "a2", 1), DBK_RULE_BUYBACK_INELIGIBLE);
	refused("lot", 0, 0);
	end();
}

/* ---------------------------------------------------------------------- settlements */

/* Thirty pieces, bought at 80.00, at nine tenths. */
static void
test_example(void)
{
	struct dbk_event event;

	begin();
	CHECK_INT(goods_book_issue(&book, "a2", "soap", 40), DBK_RULE_NONE);
	CHECK_INT(ask("b1", "a2", 30), DBK_RULE_NONE);
	guard("REFUSE", NULL, 0);
	event = settling(30, 8000);
	event.u.buyback_settled.request = dbk_str_of("b1");
	CHECK_INT(settle(&event), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "4095 a2 240000 event\n2190 a2 -216000 event\n"
				       "4030 a2 -24000 event\n"));
	CHECK_INT(stock("a2"), 10);
	CHECK_INT(DBK_ROW(book.books, buybacks, buyback, 1)->settled, 30);
	CHECK_INT(ask("b2", "a2", 10), DBK_RULE_NONE);
	end();
}

static void
test_settle_refused(void)
{
	struct dbk_event event;

	begin();
	CHECK_INT(goods_book_issue(&book, "a2", "soap", 10), DBK_RULE_NONE);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 10), DBK_RULE_NONE);
	CHECK_INT(ask("b1", "a2", 5), DBK_RULE_NONE);
	CHECK_INT(ask("b2", "a1", 5), DBK_RULE_NONE);
	event = settling(6, 100);
	event.u.buyback_settled.request = dbk_str_of("b3");
	CHECK_INT(settle(&event), DBK_RULE_BUYBACK_UNKNOWN);
	event.u.buyback_settled.request = dbk_str_of("b2");
	CHECK_INT(settle(&event), DBK_RULE_BUYBACK_STATE);
	refused("request", 0, 0);
	event.u.buyback_settled.request = dbk_str_of("b1");
	CHECK_INT(settle(&event), DBK_RULE_BUYBACK_STATE);
	refused("qty", 6, 5);
	event.u.buyback_settled.request = dbk_str_of("");
	event.u.buyback_settled.amount = 541;
	CHECK_INT(settle(&event), DBK_RULE_AMOUNT_MISMATCH);
	refused("amount", 541, 540);
	event.u.buyback_settled.deductions = 40;
	CHECK_INT(settle(&event), DBK_RULE_AMOUNT_MISMATCH);
	refused("amount", 541, 500);
	event = settling(11, 100);
	CHECK_INT(settle(&event), DBK_RULE_STOCK_INSUFFICIENT);
	refused("qty", 11, 10);
	event = settling(2000000, 1);
	event.u.buyback_settled.unit_price_paid = DBK_AMOUNT_MAX;
	CHECK_INT(settle(&event), DBK_RULE_AMOUNT_OVERFLOW);
	refused("unit_price_paid", DBK_AMOUNT_MAX, DBK_AMOUNT_MAX);
	end();
}

static void
test_price(void)
{
	struct dbk_event event;

	begin();
	CHECK_INT(goods_book_issue(&book, "a2", "soap", 10), DBK_RULE_NONE);
	guard("REFUSE", "buyback_ppm", 900001);
	event = settling(1, 100);
	CHECK_INT(settle(&event), DBK_RULE_BUYBACK_PRICE);
	refused("price_ppm", 900000, 900001);
	guard("FLAG", "buyback_ppm", 900001);
	CHECK_INT(settle(&event), DBK_RULE_NONE);
	CHECK(goods_book_found(&book, DBK_RULE_BUYBACK_PRICE, DBK_SUBJECT_AGENT, "a2",
			       1, 900000, 900001));
	guard("REFUSE", "buyback_ppm", 900000);
	event = settling(1, 100);
	CHECK_INT(settle(&event), DBK_RULE_NONE);
	end();
}

/* Nothing is posted where nothing was paid. */
static void
test_worthless(void)
{
	struct dbk_event event;

	begin();
	CHECK_INT(goods_book_issue(&book, "a2", "soap", 10), DBK_RULE_NONE);
	event = settling(4, 0);
	CHECK_INT(settle(&event), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, ""));
	event = settling(1, 7);
	event.u.buyback_settled.deductions = 6;
	event.u.buyback_settled.amount = 0;
	CHECK_INT(settle(&event), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "4095 a2 7 event\n4030 a2 -7 event\n"));
	event = settling(1, 7);
	event.u.buyback_settled.price_ppm = 1000000;
	event.u.buyback_settled.amount = 7;
	CHECK_INT(settle(&event), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "4095 a2 7 event\n2190 a2 -7 event\n"));
	CHECK_INT(stock("a2"), 4);
	end();
}

/* Whoever has left gives goods back, too. */
static void
test_terminated(void)
{
	struct dbk_event event;

	begin();
	CHECK_INT(goods_book_issue(&book, "a2", "soap", 10), DBK_RULE_NONE);
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_TERMINATED, "a2"),
		  DBK_RULE_NONE);
	CHECK_INT(ask("b1", "a2", 5), DBK_RULE_NONE);
	event = settling(5, 100);
	event.u.buyback_settled.request = dbk_str_of("b1");
	CHECK_INT(settle(&event), DBK_RULE_NONE);
	end();
}

/* --------------------------------------------------------------------------- orders */

/* a2 buys ten pieces by the order o1 for 100.00, of which its sponsor gets a tenth. */
static void
begin_order(void)
{
	struct money_trade trade;
	struct dbk_sale *sale;

	begin();
	(void)money_book_set(&book, "pay_max_depth", 2);
	(void)money_book_set(&book, "pays_on_sell_in", 1);
	(void)money_book_choose(&book, "acknowledge", "SELL_IN");
	money_book_set(&book, "rate_ppm", 100000)->level = 2;
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	sale = money_trade_begin(&trade, &book, "o1", "");
	sale->kind = DBK_ORDER_RESTOCK;
	sale->buyer = dbk_str_of("a2");
	sale->delivered_at = book.now_us;
	money_trade_line(&trade, 1000)->qty = 10;
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(money_book_credit(&book, 2110, "a1"), 1000);
	CHECK_INT(stock("a2"), 10);
}

static struct dbk_event
settling_order(int64_t qty, int64_t price)
{
	struct dbk_event event = settling(qty, price);

	event.u.buyback_settled.order = dbk_str_of("o1");
	event.u.buyback_settled.line = 1;
	return event;
}

static void
check_refunded(int64_t refunded)
{
	CHECK_INT(money_trade_order_row(&book, "o1")->refunded, refunded);
	CHECK_INT(money_trade_line_row(&book, "o1", 1)->refunded, refunded);
}

static void
test_order(void)
{
	struct dbk_event event;

	begin_order();
	event = settling_order(3, 1000);
	CHECK_INT(settle(&event), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "4095 a2 3000 event\n2190 a2 -2700 event\n"
				       "4030 a2 -300 event\n2110 a1 300 reversed\n"
				       "5010 plan -300 reversed\n"));
	check_refunded(3000);
	event = settling_order(3, 1000);
	CHECK_INT(settle(&event), DBK_RULE_NONE);
	check_refunded(6000);
	CHECK_INT(money_book_credit(&book, 2110, "a1"), 400);
	/* What was refunded with money is not taken off twice. */
	CHECK_INT(money_trade_refund(&book, "o1", 1, 3500), DBK_RULE_NONE);
	check_refunded(9500);
	event = settling_order(3, 1000);
	CHECK_INT(settle(&event), DBK_RULE_NONE);
	check_refunded(10000);
	CHECK_INT(money_book_credit(&book, 2110, "a1"), 0);
	event = settling_order(1, 1000);
	CHECK_INT(settle(&event), DBK_RULE_NONE);
	check_refunded(10000);
	end();
}

static void
test_order_refused(void)
{
	struct dbk_event event;

	begin_order();
	CHECK_INT(money_book_sell(&book, "o2", "a2", 100), DBK_RULE_NONE);
	event = settling_order(3, 1000);
	event.u.buyback_settled.order = dbk_str_of("o3");
	CHECK_INT(settle(&event), DBK_RULE_ORDER_UNKNOWN);
	event.u.buyback_settled.order = dbk_str_of("o2");
	CHECK_INT(settle(&event), DBK_RULE_ORDER_KIND_MISMATCH);
	event = settling_order(3, 1000);
	event.u.buyback_settled.line = 0;
	CHECK_INT(settle(&event), DBK_RULE_ORDER_LINE_UNKNOWN);
	event.u.buyback_settled.line = 2;
	CHECK_INT(settle(&event), DBK_RULE_ORDER_LINE_UNKNOWN);
	refused("line", 2, 0);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 10), DBK_RULE_NONE);
	event = settling_order(3, 1000);
	event.u.buyback_settled.agent = dbk_str_of("a1");
	CHECK_INT(settle(&event), DBK_RULE_ORDER_KIND_MISMATCH);
	check_refunded(0);
	end();
}

/* No more counts as refunded than was paid. */
static void
test_order_not_paid(void)
{
	struct money_trade trade;
	struct dbk_sale *sale;
	struct dbk_event event;

	begin();
	sale = money_trade_begin(&trade, &book, "o1", "");
	sale->kind = DBK_ORDER_RESTOCK;
	sale->buyer = dbk_str_of("a2");
	money_trade_line(&trade, 1000)->qty = 10;
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(money_trade_receive(&book, "o1", 0), DBK_RULE_NONE);
	event = settling_order(3, 1000);
	CHECK_INT(settle(&event), DBK_RULE_NONE);
	check_refunded(0);
	CHECK_INT(money_trade_pay(&book, "o1", 2000, 0), DBK_RULE_NONE);
	event = settling_order(3, 1000);
	CHECK_INT(settle(&event), DBK_RULE_NONE);
	check_refunded(2000);
	CHECK_INT(money_trade_pay(&book, "o1", 8000, 0), DBK_RULE_NONE);
	end();
}

int
main(void)
{
	check_run("no more is asked to be taken back than is there",
		  test_request_refused);
	check_run("what is in the cloud is not taken back", test_request_place);
	check_run("what came too long ago is not taken back", test_eligible_quantity);
	check_run("what is expired, or of no lot, is not taken back",
		  test_eligible_lot);
	check_run("thirty pieces come back at nine tenths", test_example);
	check_run("a settlement that does not add up is refused", test_settle_refused);
	check_run("the price is what the guard says", test_price);
	check_run("what costs nothing posts nothing", test_worthless);
	check_run("who has left gives goods back", test_terminated);
	check_run("what the order paid to others goes back", test_order);
	check_run("the order is a restock of that agent", test_order_refused);
	check_run("no more is refunded than was paid", test_order_not_paid);
	return check_end();
}
