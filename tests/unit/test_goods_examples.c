/*
 * test_goods_examples.c -- the story of an agent's goods, posting by posting and figure
 * by figure: 34 pieces are there, 30 come, 24 go to consumers, and no more may be had;
 * thirty are bought back at nine tenths of 80.00, and more may be had again.  Then the
 * brand promises more than it has, and the network buys more than it sells.
 *
 * All figures can be worked out by hand; none comes out of a run.
 */

#include "../tests/lib/check.h"
#include "../tests/lib/gate_book.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;

static void
accepted(enum dbk_rule rule, const char *posted)
{
	CHECK_INT(rule, DBK_RULE_NONE);
	CHECK(money_book_posted(&book, posted));
}

/* AGENT buys QTY at 80.00. */
static enum dbk_rule
buy(const char *agent, int64_t qty)
{
	struct dbk_stock_line line;
	struct dbk_event event = goods_book_issued(&book, &line, "soap", qty);

	line.unit_price = 8000;
	event.u.stock_issued.to = goods_book_agent(agent);
	event.u.stock_issued.paid = 8000 * qty;
	event.u.stock_issued.psp = dbk_str_of("psp");
	event.u.stock_issued.psp_txn = event.u.stock_issued.transfer;
	return money_book_send(&book, &event);
}

/* QTY of a1 are bought back at PPM of 80.00, less DEDUCTIONS. */
static enum dbk_rule
buy_back(const char *document, int64_t qty, uint32_t ppm, int64_t deductions,
	 int64_t amount)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_BUYBACK_SETTLED);

	event.u.buyback_settled =
	    (struct dbk_buyback_settled){ .document = dbk_str_of(document),
					  .agent = dbk_str_of("a1"),
					  .sku = dbk_str_of("soap"),
					  .qty = qty,
					  .unit_price_paid = 8000,
					  .price_ppm = ppm,
					  .deductions = deductions,
					  .amount = amount };
	return money_book_send(&book, &event);
}

static enum dbk_rule
promise(const char *agent, int64_t qty)
{
	struct dbk_stock_line line;
	struct dbk_event event = goods_book_issued(&book, &line, "soap", qty);

	event.u.stock_issued.to = goods_book_agent(agent);
	event.u.stock_issued.place = DBK_PLACE_CLOUD;
	return money_book_send(&book, &event);
}

static struct dbk_measures
measures(void)
{
	struct dbk_measures out;

	dbk_measure(book.books, DBK_ROW(book.books, agents, agent, 1)->holder, 1, 30,
		    &out);
	return out;
}

/* 34 are there, 30 come, 24 go: 40 are left. */
static void
trade(void)
{
	gate_book_open(&book);
	accepted(buy("a1", 34), "1020 psp 272000 event\n4020 a1 -272000 event\n");
	money_book_wait_days(&book, 40);
	accepted(buy("a1", 30), "1020 psp 240000 event\n4020 a1 -240000 event\n");
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 24), DBK_RULE_NONE);
}

static void
guard(const char *first, const char *second)
{
	money_book_choose(&book, first, "REFUSE");
	if (second != NULL)
		money_book_choose(&book, second, "REFUSE");
	gate_book_publish(&book);
}

static void
test_gate(void)
{
	struct dbk_measures m;

	trade();
	m = measures();
	CHECK_INT(m.open, 34);
	CHECK_INT(m.received, 30);
	CHECK_INT(m.sold, 24);
	CHECK_INT(m.stock, 40);
	CHECK_INT(m.sell_through_ppm, 375000);
	CHECK_INT(m.cover_days, 50);
	guard("sell_through", "cover");
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_RESTOCK_SELL_THROUGH);
	gate_book_refused(&book, "qty", 375000, 600000);
	CHECK_INT(gate_book_would_pass(&book), 0);
	/* 45 days of 24 in 30 are 36, and there are 40. */
	guard("cover", NULL);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_RESTOCK_COVER);
	gate_book_refused(&book, "qty", 51, 45);
	CHECK_INT(gate_book_would_pass(&book), 0);
	money_book_close(&book);
}

static void
test_buyback(void)
{
	struct dbk_measures m;

	trade();
	guard("buyback", NULL);
	CHECK_INT(buy_back("b1", 30, 899999, 0, 215999), DBK_RULE_BUYBACK_PRICE);
	CHECK(money_book_measured(&book, 899999, 900000));
	CHECK_INT(buy_back("b1", 30, 900000, 0, 216001), DBK_RULE_AMOUNT_MISMATCH);
	CHECK(money_book_measured(&book, 216001, 216000));
	accepted(buy_back("b1", 30, 900000, 0, 216000),
		 "4095 a1 240000 event\n2190 a1 -216000 event\n4030 a1 -24000 event\n");
	/* Six tenths had to be sold: 24 of 34 are more. */
	m = measures();
	CHECK_INT(m.stock, 10);
	CHECK_INT(m.open, 34);
	CHECK_INT(m.received, 0);
	CHECK_INT(m.sell_through_ppm, 705882);
	guard("sell_through", "cover");
	CHECK_INT(gate_book_ask(&book, 27), DBK_RULE_RESTOCK_COVER);
	gate_book_refused(&book, "qty", 46, 45);
	CHECK_INT(gate_book_would_pass(&book), 26);
	CHECK_INT(gate_book_ask(&book, 26), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book, "sell_through refuse 705882 600000\n"
				       "cover refuse 45 45\n"));
	money_book_close(&book);
}

/* What the agent earned by that purchase is taken off, and nothing is lost on the way.
 */
static void
test_buyback_less_what_was_earned(void)
{
	trade();
	accepted(buy_back("b1", 30, 900000, 6000, 210000),
		 "4095 a1 240000 event\n2190 a1 -210000 event\n4030 a1 -30000 event\n");
	accepted(buy_back("b2", 1, 1000000, 0, 8000),
		 "4095 a1 8000 event\n2190 a1 -8000 event\n");
	accepted(buy_back("b3", 1, 1, 0, 0),
		 "4095 a1 8000 event\n4030 a1 -8000 event\n");
	CHECK_INT(money_book_balance(&book, 4095, "a1"), 256000);
	CHECK_INT(money_book_credit(&book, 2190, "a1"), 218000);
	money_book_close(&book);
}

/* 8,000 pieces, and claims for 9,500. */
static void
test_coverage(void)
{
	gate_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a2", "a1"), DBK_RULE_NONE);
	CHECK_INT(goods_book_stock(&book, "depot", "soap", 8000), DBK_RULE_NONE);
	CHECK_INT(promise("a1", 8000), DBK_RULE_NONE);
	guard("cloud", NULL);
	CHECK_INT(promise("a2", 1500), DBK_RULE_CLOUD_COVERAGE);
	CHECK(money_book_measured(&book, 842105, 1000000));
	/* Claims are stock of whoever has them. */
	CHECK_INT(measures().stock, 8000);
	money_book_close(&book);
}

/* 500 were bought: 100 sold are the 200,000 ppm at which the alarm goes, one fewer is
 * less. */
static void
test_network(void)
{
	for (int64_t sold = 99; sold <= 100; sold++) {
		gate_book_open(&book);
		CHECK_INT(goods_book_issue(&book, "a1", "soap", 400), DBK_RULE_NONE);
		CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", sold),
			  DBK_RULE_NONE);
		money_book_choose(&book, "network", "FLAG");
		gate_book_publish(&book);
		CHECK_INT(goods_book_issue(&book, "a1", "soap", 100), DBK_RULE_NONE);
		CHECK(goods_book_found(
		    &book, DBK_RULE_NETWORK_SELL_THROUGH, DBK_SUBJECT_SKU, "soap",
		    sold == 99, sold == 99 ? 198000 : 0, sold == 99 ? 200000 : 0));
		money_book_close(&book);
	}
}

/* 1,000.00 that consumers wait for and 20.00 owed, against a deposit of 300.00. */
static void
test_exposure(void)
{
	struct money_trade order;
	struct dbk_event event;
	struct dbk_sale *sale;

	gate_book_open(&book);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 10), DBK_RULE_NONE);
	event = money_book_event(&book, DBK_EVENT_DEPOSIT_RECEIVED);
	event.u.agent_money.ref = dbk_str_of("d1");
	event.u.agent_money.agent = dbk_str_of("a1");
	event.u.agent_money.amount = 30000;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	event = money_book_event(&book, DBK_EVENT_MANUAL_ADJUSTMENT);
	event.u.manual_adjustment.adjustment = dbk_str_of("m1");
	event.u.manual_adjustment.agent = dbk_str_of("a1");
	event.u.manual_adjustment.deduct = true;
	event.u.manual_adjustment.amount = 2000;
	event.u.manual_adjustment.reason = dbk_str_of("twice");
	event.u.manual_adjustment.approver1 = dbk_str_of("x");
	event.u.manual_adjustment.approver2 = dbk_str_of("y");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(money_book_balance(&book, 1110, "a1"), 2000);
	money_book_choose(&book, "exposure", "FLAG");
	money_book_set(&book, "max_exposure", 71999);
	gate_book_publish(&book);
	sale = money_trade_begin(&order, &book, "o1", "a1");
	sale->fulfilment = DBK_HOLDER_SHIP;
	(void)money_trade_line(&order, 100000);
	CHECK_INT(money_trade_sell(&order, &book), DBK_RULE_NONE);
	gate_book_found(&book, DBK_RULE_EXPOSURE, 1, 72000, 71999);
	money_book_close(&book);
}

int
main(void)
{
	check_run("24 of 64 are too few, and nothing would pass", test_gate);
	check_run("30 at 80.00 come back for 2,160.00, and more may be had",
		  test_buyback);
	check_run("what was earned is taken off a buy-back",
		  test_buyback_less_what_was_earned);
	check_run("8,000 of 9,500 are 842,105 ppm", test_coverage);
	check_run("a network that sells less than a fifth is found", test_network);
	check_run("exposure is what is open and owed, less what is held",
		  test_exposure);
	return check_end();
}
