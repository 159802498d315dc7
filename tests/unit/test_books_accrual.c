/*
 * test_books_accrual.c -- when commission comes into being, what it costs and where
 * that is posted; what was held or refunded before.
 */

#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;
static struct money_trade trade;

/* a1 <- a2, two levels at 10 and 5 %, and what a test sets before it publishes. */
static void
start(void)
{
	money_book_open(&book);
	money_book_set(&book, "pay_max_depth", 2);
	money_book_set(&book, "rate_ppm", 100000)->level = 1;
	money_book_set(&book, "rate_ppm", 50000)->level = 2;
	(void)money_book_enrol(&book, "a1", "");
	(void)money_book_enrol(&book, "a2", "a1");
}

static void
publish(void)
{
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
}

static void
start_published(void)
{
	start();
	publish();
}

/* An order of a2's, placed, with lines of these amounts; 0: no second line. */
static void
place(const char *order, int64_t first, int64_t second)
{
	(void)money_trade_begin(&trade, &book, order, "a2");
	(void)money_trade_line(&trade, first);
	if (second > 0)
		(void)money_trade_line(&trade, second);
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
}

static void
pay(const char *order, int64_t amount)
{
	CHECK_INT(money_trade_pay(&book, order, amount, 0), DBK_RULE_NONE);
}

static void
receive(const char *order, uint32_t line)
{
	CHECK_INT(money_trade_receive(&book, order, line), DBK_RULE_NONE);
}

static unsigned
flags_of(const char *order, uint32_t line)
{
	return money_trade_line_row(&book, order, line)->flags;
}

#define DONE                                                                           \
	(DBK_LINE_RECEIVED | DBK_LINE_RECOGNISED | DBK_LINE_ACCRUED |                  \
	 DBK_LINE_SCHEDULED)

static void
test_paid_whole(void)
{
	start_published();
	place("o1", 10000, 0);
	pay("o1", 4000);
	money_book_posted(&book, "1020 psp 4000 event\n2010 -4000 event\n");
	CHECK_INT(money_trade_order_row(&book, "o1")->plan, 0);
	pay("o1", 5999);
	money_book_posted(&book, "1020 psp 5999 event\n2010 -5999 event\n");
	money_trade_earned(&book, "o1", "");
	pay("o1", 1);
	money_book_posted(&book, "1020 psp 1 event\n2010 -1 event\n"
				 "1140 1500 event\n"
				 "2110 a2 -1000 accrued\n2110 a1 -500 accrued\n");
	CHECK_INT(money_trade_order_row(&book, "o1")->plan, 1);
	CHECK_INT(money_trade_order_row(&book, "o1")->deferred, 1500);
	CHECK(money_trade_order_row(&book, "o1")->flags & DBK_ORDER_ACCRUED);
	CHECK_INT(flags_of("o1", 1), DBK_LINE_ACCRUED);
	receive("o1", 1);
	money_book_posted(&book, "2010 10000 event\n4010 web -10000 event\n"
				 "5010 plan 1500 recognised\n1140 -1500 event\n");
	CHECK_INT(flags_of("o1", 1), DONE);
	CHECK_INT(money_trade_order_row(&book, "o1")->deferred, 0);
	money_book_close(&book);
}

static void
test_received_first(void)
{
	start_published();
	place("o1", 10000, 0);
	receive("o1", 1);
	CHECK_INT(book.effects.n_postings, 0);
	CHECK_INT(flags_of("o1", 1), DBK_LINE_RECEIVED);
	pay("o1", 10000);
	money_book_posted(&book, "1020 psp 10000 event\n2010 -10000 event\n"
				 "1140 1500 event\n"
				 "2110 a2 -1000 accrued\n2110 a1 -500 accrued\n"
				 "2010 10000 event\n4010 web -10000 event\n"
				 "5010 plan 1500 recognised\n1140 -1500 event\n");
	CHECK_INT(flags_of("o1", 1), DONE);
	money_book_close(&book);
}

static void
test_line_by_line(void)
{
	start_published();
	place("o1", 10001, 3333);
	pay("o1", 13334);
	/* 10,001: 1,000 and 500; 3,333: 333 and 166. */
	money_book_posted(&book, "1020 psp 13334 event\n2010 -13334 event\n"
				 "1140 1999 event\n"
				 "2110 a2 -1000 accrued\n2110 a1 -500 accrued\n"
				 "2110 a2 -333 accrued\n2110 a1 -166 accrued\n");
	receive("o1", 2);
	money_book_posted(&book, "2010 3333 event\n4010 web -3333 event\n"
				 "5010 plan 499 recognised\n1140 -499 event\n");
	CHECK_INT(flags_of("o1", 1), DBK_LINE_ACCRUED);
	receive("o1", 0);
	money_book_posted(&book, "2010 10001 event\n4010 web -10001 event\n"
				 "5010 plan 1500 recognised\n1140 -1500 event\n");
	money_book_close(&book);
}

static void
test_on_receipt(void)
{
	start();
	(void)money_book_choose(&book, "accrue_on", "RECEIVED");
	publish();
	place("o1", 10000, 2000);
	pay("o1", 12000);
	money_book_posted(&book, "1020 psp 12000 event\n2010 -12000 event\n");
	CHECK(money_trade_order_row(&book, "o1")->flags & DBK_ORDER_ACCRUED);
	/* The plan is settled by the payment, ranks and sponsors by the receipt. */
	money_book_set(&book, "rate_ppm", 1)->level = 1;
	publish();
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a1"),
		  DBK_RULE_NONE);
	receive("o1", 1);
	money_book_posted(&book, "2010 10000 event\n4010 web -10000 event\n"
				 "5010 plan 1000 accrued\n2110 a2 -1000 accrued\n");
	CHECK_INT(flags_of("o1", 1), DONE);
	CHECK_INT(flags_of("o1", 2), 0);
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_REINSTATED, "a1"),
		  DBK_RULE_NONE);
	receive("o1", 2);
	money_book_posted(&book, "2010 2000 event\n4010 web -2000 event\n"
				 "5010 plan 300 accrued\n"
				 "2110 a2 -200 accrued\n2110 a1 -100 accrued\n");
	money_book_close(&book);
}

static void
set_commissionable(const char *sku, uint32_t revision, bool commissionable)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_SKU_DEFINED);

	event.u.sku_defined =
	    (struct dbk_sku_defined){ .sku = dbk_str_of(sku),
				      .revision = revision,
				      .list_price = 1,
				      .not_commissionable = !commissionable };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
test_what_does_not_accrue(void)
{
	start_published();
	set_commissionable("salt", 1, false);
	money_trade_begin(&trade, &book, "o1", "a2")->shipping = 500;
	money_trade_line(&trade, 1000)->sku = dbk_str_of("salt");
	money_trade_line(&trade, 1000)->discount = 1000;
	(void)money_trade_line(&trade, 1000);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	money_trade_earned(&book, "o1",
			   "3 L1 +0 a2 100000 1000 100 PENDING\n"
			   "3 L2 +1 a1 50000 1000 50 PENDING\n");
	CHECK_INT(flags_of("o1", 0), 0);
	CHECK_INT(flags_of("o1", 1), 0);
	CHECK_INT(flags_of("o1", 2), DBK_LINE_EXTRA);
	/* A sample is no sale, and neither is an order that is not paid. */
	money_trade_begin(&trade, &book, "o2", "a2")->kind = DBK_ORDER_SAMPLE;
	(void)money_trade_line(&trade, 1000);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	money_trade_earned(&book, "o2", "");
	money_trade_begin(&trade, &book, "o3", "a2")->paid = 1000;
	(void)money_trade_line(&trade, 1000);
	trade.event.type = DBK_EVENT_SALE_RECORDED; /* no psp: direct */
	CHECK_INT(money_book_send(&book, &trade.event), DBK_RULE_NONE);
	money_trade_earned(&book, "o3", "");
	CHECK_INT(money_trade_order_row(&book, "o3")->plan, 0);
	CHECK(!(money_trade_order_row(&book, "o3")->flags & DBK_ORDER_ACCRUED));
	money_book_close(&book);
}

/* Agents who buy: nothing, unless the plan means it. */
static void
test_agents_buy(void)
{
	static const uint8_t kinds[] = { DBK_ORDER_SELF, DBK_ORDER_RESTOCK };
	static const char *const names[] = { "pays_on_self", "pays_on_sell_in" };

	for (unsigned i = 0; i < 4; i++) {
		start();
		if (i >= 2) {
			money_book_set(&book, names[i % 2], 1);
			(void)money_book_choose(&book, "acknowledge", "SELL_IN");
		}
		publish();
		money_trade_begin(&trade, &book, "o1", "")->kind = kinds[i % 2];
		trade.event.u.sale.buyer = dbk_str_of("a2");
		(void)money_trade_line(&trade, 1000);
		CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
		money_trade_earned(&book, "o1",
				   i < 2 ? ""
					 : "1 L1 +0 a2 100000 1000 100 PENDING\n"
					   "1 L2 +1 a1 50000 1000 50 PENDING\n");
		if (i >= 2)
			CHECK_INT(dbk_look_earning(book.books, 1).basis,
				  DBK_BASIS_SELL_IN);
		money_book_close(&book);
	}
	start_published();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 1000), DBK_RULE_NONE);
	CHECK_INT(dbk_look_earning(book.books, 1).basis, DBK_BASIS_RETAIL);
	money_book_close(&book);
}

static void
start_restock(const char *accrue_on)
{
	start();
	money_book_set(&book, "pays_on_sell_in", 1);
	(void)money_book_choose(&book, "acknowledge", "SELL_IN");
	(void)money_book_choose(&book, "accrue_on", accrue_on);
	publish();
	set_commissionable("salt", 1, false);
	money_trade_begin(&trade, &book, "o1", "")->kind = DBK_ORDER_RESTOCK;
	trade.event.u.sale.buyer = dbk_str_of("a2");
	money_trade_line(&trade, 1000)->sku = dbk_str_of("salt");
	(void)money_trade_line(&trade, 2000);
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
}

static void
test_restock(void)
{
	/* The sale is the payment: its cost is expense at once. */
	start_restock("PAID");
	pay("o1", 3000);
	money_book_posted(&book, "1020 psp 3000 event\n4020 a2 -3000 event\n"
				 "5010 plan 300 accrued\n"
				 "2110 a2 -200 accrued\n2110 a1 -100 accrued\n");
	CHECK_INT(flags_of("o1", 2), DBK_LINE_ACCRUED);
	receive("o1", 0);
	CHECK_INT(book.effects.n_postings, 0);
	CHECK_INT(flags_of("o1", 1), DBK_LINE_RECEIVED | DBK_LINE_COMPLETE);
	CHECK_INT(flags_of("o1", 2), DBK_LINE_RECEIVED | DBK_LINE_ACCRUED |
					 DBK_LINE_SCHEDULED | DBK_LINE_COMPLETE);
	money_book_close(&book);

	start_restock("RECEIVED");
	receive("o1", 2);
	pay("o1", 3000);
	money_book_posted(&book, "1020 psp 3000 event\n4020 a2 -3000 event\n"
				 "5010 plan 300 accrued\n"
				 "2110 a2 -200 accrued\n2110 a1 -100 accrued\n");
	CHECK_INT(flags_of("o1", 2), DBK_LINE_RECEIVED | DBK_LINE_ACCRUED |
					 DBK_LINE_SCHEDULED | DBK_LINE_COMPLETE);
	money_book_close(&book);

	/* A line is looked at once, when it is received. */
	start_restock("RECEIVED");
	pay("o1", 3000);
	money_book_posted(&book, "1020 psp 3000 event\n4020 a2 -3000 event\n");
	receive("o1", 1);
	CHECK_INT(book.effects.n_postings, 0);
	set_commissionable("salt", 2, true);
	receive("o1", 2);
	money_trade_earned(&book, "o1",
			   "2 L1 +0 a2 100000 2000 200 PENDING\n"
			   "2 L2 +1 a1 50000 2000 100 PENDING\n");
	money_book_close(&book);
}

static void
give_stock(const char *agent)
{
	struct dbk_stock_line line = { .line = 1,
				       .sku = dbk_str_of("soap"),
				       .qty = 99 };
	struct dbk_event event = money_book_event(&book, DBK_EVENT_STOCK_ISSUED);

	event.u.stock_issued = (struct dbk_stock_issued){
		.transfer = dbk_str_of("stock"),
		.to = { .kind = DBK_HOLDER_AGENT, .agent = dbk_str_of(agent) },
		.place = DBK_PLACE_PHYSICAL,
		.lines = &line,
		.n_lines = 1,
	};
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
test_own_goods(void)
{
	for (unsigned pays = 0; pays < 2; pays++) {
		start();
		money_book_set(&book, "holder_ship_commission", pays);
		publish();
		give_stock("a2");
		money_trade_begin(&trade, &book, "o1", "a2")->fulfilment =
		    DBK_HOLDER_SHIP;
		(void)money_trade_line(&trade, 1000);
		CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
		money_trade_earned(&book, "o1",
				   pays ? "1 L2 +1 a1 50000 1000 50 PENDING\n" : "");
		money_book_close(&book);
	}
}

static void
test_engine_of_the_platform(void)
{
	start();
	(void)money_book_choose(&book, "engine", "PLATFORM");
	publish();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 1000), DBK_RULE_NONE);
	money_book_posted(&book, "1020 psp 1000 event\n2010 -1000 event\n"
				 "2010 1000 event\n4010 web -1000 event\n");
	money_trade_earned(&book, "o1",
			   "1 L1 +0 a2 100000 1000 100 EXPECTED\n"
			   "1 L2 +1 a1 50000 1000 50 EXPECTED\n");
	CHECK_INT(dbk_look_earning(book.books, 1).open, 0);
	CHECK(!(flags_of("o1", 1) & DBK_LINE_SCHEDULED));
	CHECK_INT(dbk_look_newest(book.books, DBK_LOOK_COSTS), 0);
	CHECK_INT(money_book_refund(&book, "o1", 500), DBK_RULE_NONE);
	CHECK_INT(dbk_look_earning(book.books, 1).reversed, 50);
	money_book_close(&book);
}

static void
test_refunded_before(void)
{
	start_published();
	place("o1", 10000, 0);
	pay("o1", 9000);
	CHECK_INT(money_trade_refund(&book, "o1", 1, 2500), DBK_RULE_NONE);
	pay("o1", 1000);
	money_book_posted(&book, "1020 psp 1000 event\n2010 -1000 event\n"
				 "1140 1500 event\n"
				 "2110 a2 -1000 accrued\n2110 a1 -500 accrued\n"
				 "2110 a2 250 reversed\n1140 -250 event\n"
				 "2110 a1 125 reversed\n1140 -125 event\n");
	receive("o1", 1);
	money_book_posted(&book, "2010 7500 event\n4010 web -7500 event\n"
				 "5010 plan 1125 recognised\n1140 -1125 event\n");
	money_book_close(&book);
}

static void
test_held_before(void)
{
	struct dbk_event event;

	start_published();
	place("o1", 10000, 0);
	event = money_book_event(&book, DBK_EVENT_ORDER_FLAGGED);
	event.u.order_flag = (struct dbk_order_flag){ .order = dbk_str_of("o1"),
						      .rule = dbk_str_of("r"),
						      .revision = 1 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	pay("o1", 10000);
	money_book_posted(&book, "1020 psp 10000 event\n2010 -10000 event\n"
				 "1140 1500 event\n"
				 "2110 a2 -1000 accrued\n2110 a1 -500 accrued\n"
				 "2110 a2 1000 held\n2130 a2 -1000 held\n"
				 "2110 a1 500 held\n2130 a1 -500 held\n");
	money_trade_earned(&book, "o1",
			   "1 L1 +0 a2 100000 10000 1000 HELD_PENDING\n"
			   "1 L2 +1 a1 50000 10000 500 HELD_PENDING\n");
	money_book_close(&book);
}

static void
check_cost(uint32_t id, uint32_t level, uint32_t earnings, int64_t accrued,
	   int64_t reversed)
{
	struct dbk_row_cost row = dbk_look_cost(book.books, id);

	CHECK_INT(row.plan, 1);
	CHECK_INT(row.level, level);
	CHECK_INT(row.earnings, earnings);
	CHECK_INT(row.accrued, accrued);
	CHECK_INT(row.reversed, reversed);
}

static void
test_costs(void)
{
	start_published();
	place("o1", 10000, 2000);
	pay("o1", 12000);
	check_cost(1, 1, 2, 1200, 0);
	check_cost(2, 2, 2, 600, 0);
	CHECK_INT(money_trade_refund(&book, "o1", 2, 500), DBK_RULE_NONE);
	check_cost(1, 1, 2, 1200, 50);
	check_cost(2, 2, 2, 600, 25);
	money_trade_begin(&trade, &book, "o2", "a1")->channel = dbk_str_of("shop");
	(void)money_trade_line(&trade, 1000);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	/* A share of nobody costs nothing. */
	CHECK_INT(dbk_look_newest(book.books, DBK_LOOK_COSTS), 3);
	check_cost(3, 1, 1, 100, 0);
	money_book_close(&book);
}

static void
test_when_received(void)
{
	int64_t second;

	start_published();
	second = book.now_us / 1000000;
	money_trade_begin(&trade, &book, "o1", "a2")->shipping = 100;
	(void)money_trade_line(&trade, 1000);
	(void)money_trade_line(&trade, 1000);
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	book.now_us += 1;
	receive("o1", 2);
	CHECK_INT(money_trade_line_row(&book, "o1", 2)->when, second + 1);
	CHECK_INT(money_trade_line_row(&book, "o1", 1)->when, 0);
	CHECK_INT(money_trade_line_row(&book, "o1", 0)->when, 0);
	book.now_us += 1999999;
	receive("o1", 1);
	CHECK_INT(money_trade_line_row(&book, "o1", 1)->when, second + 2);
	CHECK_INT(money_trade_line_row(&book, "o1", 0)->when, second + 2);
	/* A sale says itself when it was delivered. */
	money_trade_begin(&trade, &book, "o2", "")->delivered_at =
	    book.now_us + 5000000;
	(void)money_trade_line(&trade, 1000);
	trade.event.u.sale.paid = 1000;
	trade.event.type = DBK_EVENT_SALE_RECORDED;
	CHECK_INT(money_book_send(&book, &trade.event), DBK_RULE_NONE);
	CHECK_INT(money_trade_line_row(&book, "o2", 1)->when, second + 7);
	money_book_close(&book);
}

int
main(void)
{
	check_run("commission accrues when an order is paid whole", test_paid_whole);
	check_run("payment and receipt come in any order", test_received_first);
	check_run("every line's cost meets its own revenue", test_line_by_line);
	check_run("a plan may have it accrue on receipt", test_on_receipt);
	check_run("not every line accrues", test_what_does_not_accrue);
	check_run("what agents buy earns nothing unless the plan means it",
		  test_agents_buy);
	check_run("commission on sell-in costs at once", test_restock);
	check_run("sponsors earn on an agent's own goods only by plan", test_own_goods);
	check_run("where the platform pays nothing is posted",
		  test_engine_of_the_platform);
	check_run("what was refunded before is taken back at once",
		  test_refunded_before);
	check_run("what was held before is held at once", test_held_before);
	check_run("cost is known by plan, level and channel", test_costs);
	check_run("a line knows when it was received", test_when_received);
	return check_end();
}
