/*
 * test_books_reversals.c -- what a refund takes back, from wherever the money is.
 */

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

/* The plan of the worked example: 12.5 % and 2.5 %; a2 sells below a1. */
static void
begin_with(const char *parameter, int64_t value)
{
	money_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a2", "a1"), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "a2", "payee"), DBK_RULE_NONE);
	(void)money_book_set(&book, "pay_max_depth", 2);
	money_book_set(&book, "rate_ppm", 125000)->level = 1;
	money_book_set(&book, "rate_ppm", 25000)->level = 2;
	if (parameter != NULL)
		(void)money_book_set(&book, parameter, value);
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
}

static void
begin(void)
{
	begin_with(NULL, 0);
}

static void
place_and_pay(const char *order, int64_t amount)
{
	struct money_trade trade;

	(void)money_trade_begin(&trade, &book, order, "a2");
	(void)money_trade_line(&trade, amount);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
}

static enum dbk_rule
hold(const char *name, const char *order, const char *agent)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_COMMISSION_HELD);

	event.u.commission_held.hold = dbk_str_of(name);
	event.u.commission_held.order = dbk_str_of(order);
	event.u.commission_held.agent = dbk_str_of(agent);
	return money_book_send(&book, &event);
}

/* ----------------------------------------------------------- before it is mature */

static void
test_before_receipt(void)
{
	begin();
	place_and_pay("o1", 19900);
	CHECK_INT(money_book_refund(&book, "o1", 9950), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2010 9950 event\n2015 -9950 event\n"
				       "2110 a2 1244 reversed\n1140 -1244 event\n"
				       "2110 a1 249 reversed\n1140 -249 event\n"));
	CHECK_INT(dbk_look_control(book.books, DBK_COMMISSION_EXPENSE).debits, 0);
	/* The rest of the cost meets the rest of the revenue. */
	CHECK_INT(money_trade_receive(&book, "o1", 0), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2010 9950 event\n4010 web -9950 event\n"
				       "5010 plan 1492 recognised\n"
				       "1140 -1492 event\n"));
	money_book_close(&book);
}

static void
test_in_window(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 19900), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o1", 9950), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "4090 web 9950 event\n2015 -9950 event\n"
				       "2110 a2 1244 reversed\n"
				       "5010 plan -1244 reversed\n"
				       "2110 a1 249 reversed\n"
				       "5010 plan -249 reversed\n"));
	CHECK_INT(earning(1).reversed, 1244);
	CHECK_INT(earning(1).open, 1244);
	CHECK_INT(earning(2).open, 248);
	money_book_close(&book);
}

/* In two parts or in one: the same is kept. */
static void
test_parts(void)
{
	static const int64_t parts[] = { 1, 4974, 3333, 1642, 9950 };
	int64_t refunded = 0;

	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 19900), DBK_RULE_NONE);
	for (unsigned i = 0; i < 5; i++) {
		refunded += parts[i];
		CHECK_INT(money_book_refund(&book, "o1", parts[i]), DBK_RULE_NONE);
		CHECK_INT(earning(1).open, 2488 * (19900 - refunded) / 19900);
		CHECK_INT(earning(2).open, 497 * (19900 - refunded) / 19900);
		CHECK_INT(earning(1).open + earning(1).reversed, 2488);
	}
	CHECK_INT(earning(1).open, 0);
	money_book_close(&book);
}

/* Too little to take anything: the refund stands all the same. */
static void
test_nothing_to_take(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 30), DBK_RULE_NONE);
	CHECK_INT(earning(1).accrued, 4);
	CHECK_INT(money_book_refund(&book, "o1", 1), DBK_RULE_NONE);
	CHECK_INT(earning(1).reversed, 1);
	CHECK_INT(money_book_refund(&book, "o1", 1), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "4090 web 1 event\n2015 -1 event\n"));
	money_book_close(&book);
}

static void
test_held_pending(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 20000), DBK_RULE_NONE);
	CHECK_INT(hold("h1", "o1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o1", 10000), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "4090 web 10000 event\n2015 -10000 event\n"
				       "2130 a2 1250 reversed\n"
				       "5010 plan -1250 reversed\n"
				       "2130 a1 250 reversed\n"
				       "5010 plan -250 reversed\n"));
	CHECK_INT(earning(1).state, DBK_EARNING_HELD_PENDING);
	money_book_close(&book);
}

/* Refunded before it was paid whole: what accrues is what is left. */
static void
test_before_accrual(void)
{
	struct money_trade trade;

	begin();
	(void)money_trade_begin(&trade, &book, "o1", "a2");
	(void)money_trade_line(&trade, 20000);
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(money_trade_pay(&book, "o1", 10000, 0), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o1", 10000), DBK_RULE_NONE);
	CHECK_INT(money_trade_pay(&book, "o1", 10000, 0), DBK_RULE_NONE);
	CHECK_INT(earning(1).accrued, 2500);
	CHECK_INT(earning(1).open, 1250);
	CHECK_INT(money_trade_order_row(&book, "o1")->deferred, 1500);
	money_book_close(&book);
}

/* ------------------------------------------------------------------ mature */

static void
test_available(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 20000), DBK_RULE_NONE);
	money_book_wait_days(&book, 7);
	CHECK_INT(money_book_refund(&book, "o1", 10000), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "4090 web 10000 event\n2015 -10000 event\n"
				       "2120 a2 1250 reversed\n"
				       "5010 plan -1250 reversed\n"
				       "2120 a1 250 reversed\n"
				       "5010 plan -250 reversed\n"));
	CHECK_INT(earning(1).state, DBK_EARNING_MATURED);
	CHECK_INT(money_book_refund(&book, "o1", 10000), DBK_RULE_NONE);
	CHECK_INT(earning(1).state, DBK_EARNING_DRAWN);
	money_book_close(&book);
}

/* Its own first, then the newest of the agent's others, all in one posting. */
static void
test_from_others(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 20000), DBK_RULE_NONE);
	money_book_wait_days(&book, 7);
	CHECK_INT(money_book_request(&book, "p1", "a2", 2400), DBK_RULE_NONE);
	money_book_give(&book, "a2", 1000); /* 3 */
	money_book_give(&book, "a2", 800);  /* 4 */
	CHECK_INT(earning(1).open, 100);
	CHECK_INT(money_book_refund(&book, "o1", 10000), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "4090 web 10000 event\n2015 -10000 event\n"
				       "2120 a2 1250 reversed\n"
				       "5010 plan -1250 reversed\n"
				       "2120 a1 250 reversed\n"
				       "5010 plan -250 reversed\n"));
	CHECK_INT(earning(1).state, DBK_EARNING_DRAWN);
	CHECK_INT(earning(4).state, DBK_EARNING_DRAWN);
	CHECK_INT(earning(3).open, 650);
	/* Nothing of its own, and not enough of others: the rest is owed. */
	CHECK_INT(money_book_refund(&book, "o1", 10000), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "4090 web 10000 event\n2015 -10000 event\n"
				       "2120 a2 650 reversed\n"
				       "1110 a2 600 reversed\n"
				       "5010 plan -1250 reversed\n"
				       "2120 a1 250 reversed\n"
				       "5010 plan -250 reversed\n"));
	CHECK_INT(earning(1).reversed, 2500);
	money_book_close(&book);
}

/* An earning that is held pays for itself; what is short comes from what is free. */
static void
test_held(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 20000), DBK_RULE_NONE);
	money_book_wait_days(&book, 7);
	CHECK_INT(money_book_request(&book, "p1", "a2", 2000), DBK_RULE_NONE);
	CHECK_INT(hold("h1", "o1", ""), DBK_RULE_NONE);
	money_book_give(&book, "a2", 100);
	CHECK_INT(money_book_refund(&book, "o1", 10000), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "4090 web 10000 event\n2015 -10000 event\n"
				       "2130 a2 500 reversed\n"
				       "2120 a2 100 reversed\n"
				       "1110 a2 650 reversed\n"
				       "5010 plan -1250 reversed\n"
				       "2130 a1 250 reversed\n"
				       "5010 plan -250 reversed\n"));
	CHECK_INT(earning(1).state, DBK_EARNING_DRAWN);
	money_book_close(&book);
}

/* A claim on others' held money is not made: it is owed. */
static void
test_others_held(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 20000), DBK_RULE_NONE);
	CHECK_INT(money_book_sell(&book, "o2", "a2", 20000), DBK_RULE_NONE);
	money_book_wait_days(&book, 7);
	CHECK_INT(hold("h1", "o2", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p1", "a2", 2500), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o1", 20000), DBK_RULE_NONE);
	CHECK_INT(money_book_balance(&book, 1110, "a2"), 2500);
	CHECK_INT(money_book_credit(&book, 2130, "a2"), 2500);
	money_book_close(&book);
}

/* Payouts that have not been sent stay, unless the plan says otherwise. */
static void
test_payouts_stay(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 20000), DBK_RULE_NONE);
	money_book_wait_days(&book, 7);
	CHECK_INT(money_book_request(&book, "p1", "a2", 2500), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o1", 20000), DBK_RULE_NONE);
	CHECK_INT(money_book_balance(&book, 1110, "a2"), 2500);
	CHECK_INT(money_book_credit(&book, 2140, "a2"), 2500);
	money_book_close(&book);
}

/* What is left after the cancelled payouts is owed, and nothing of them was netted. */
static void
test_payouts_cancelled(void)
{
	begin_with("cancel_unsent_on_clawback", 1);
	CHECK_INT(money_book_sell(&book, "o1", "a2", 20000), DBK_RULE_NONE);
	CHECK_INT(money_book_sell(&book, "o2", "a2", 4000), DBK_RULE_NONE);
	money_book_wait_days(&book, 7);
	CHECK_INT(money_book_request(&book, "p1", "a2", 2800), DBK_RULE_NONE);
	CHECK_INT(hold("h1", "o2", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o1", 20000), DBK_RULE_NONE);
	/* p1 was 2500 of o1 and 300 of o2, and the latter is held now. */
	CHECK(money_book_posted(&book, "4090 web 20000 event\n2015 -20000 event\n"
				       "2140 a2 2800 given_back\n"
				       "2120 a2 -2800 given_back\n"
				       "2120 a2 300 held\n2130 a2 -300 held\n"
				       "2120 a2 2500 reversed\n"
				       "5010 plan -2500 reversed\n"
				       "2120 a1 500 reversed\n"
				       "5010 plan -500 reversed\n"));
	CHECK_INT(money_book_credit(&book, 2130, "a2"), 500);
	CHECK_INT(money_book_balance(&book, 1110, "a2"), 0);
	money_book_close(&book);
}

/* ----------------------------------------------------------- what is not posted */

static void
test_unassigned(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a1", 20000), DBK_RULE_NONE);
	CHECK_INT(earning(2).state, DBK_EARNING_UNASSIGNED);
	CHECK_INT(money_book_refund(&book, "o1", 10000), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "4090 web 10000 event\n2015 -10000 event\n"
				       "2110 a1 1250 reversed\n"
				       "5010 plan -1250 reversed\n"));
	CHECK_INT(earning(2).reversed, 250);
	CHECK_INT(earning(2).open, 0);
	money_book_close(&book);
}

static void
test_expected(void)
{
	money_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a2", ""), DBK_RULE_NONE);
	money_book_set(&book, "rate_ppm", 125000)->level = 1;
	(void)money_book_choose(&book, "engine", "PLATFORM");
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(money_book_sell(&book, "o1", "a2", 20000), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o1", 20000), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "4090 web 20000 event\n2015 -20000 event\n"));
	CHECK_INT(earning(1).reversed, 2500);
	money_book_close(&book);
}

static void
test_costs(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 20000), DBK_RULE_NONE);
	CHECK_INT(money_book_sell(&book, "o2", "a1", 20000), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o1", 10000), DBK_RULE_NONE);
	CHECK_INT(dbk_look_newest(book.books, DBK_LOOK_COSTS), 2);
	CHECK_INT(dbk_look_cost(book.books, 1).level, 1);
	CHECK_INT(dbk_look_cost(book.books, 1).accrued, 5000);
	CHECK_INT(dbk_look_cost(book.books, 1).reversed, 1250);
	CHECK_INT(dbk_look_cost(book.books, 2).accrued, 500);
	CHECK_INT(dbk_look_cost(book.books, 2).reversed, 250);
	money_book_close(&book);
}

/* A refund follows the plan of the sale: a new one changes nothing of it. */
static void
test_plan_of_then(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a2", 20000), DBK_RULE_NONE);
	money_book_wait_days(&book, 1);
	money_book_set(&book, "rate_ppm", 500000)->level = 1;
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(money_trade_rank(&book, "a2", "", "gold"), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o1", 20000), DBK_RULE_NONE);
	CHECK_INT(earning(1).reversed, 2500);
	CHECK_INT(money_book_balance(&book, 5010, "plan"), 0);
	money_book_close(&book);
}

/* -------------------------------------------------------------------- proceeds */

/* a2 has soap, and sells it; the platform keeps FEE ppm. */
static void
begin_holder(uint32_t fee)
{
	struct dbk_event event;
	struct dbk_stock_line line = { .line = 1,
				       .sku = dbk_str_of("soap"),
				       .qty = 100 };

	begin_with("platform_fee_ppm", fee);
	event = money_book_event(&book, DBK_EVENT_STOCK_ISSUED);
	event.u.stock_issued =
	    (struct dbk_stock_issued){ .transfer = dbk_str_of("t1"),
				       .to = { .kind = DBK_HOLDER_AGENT,
					       .agent = dbk_str_of("a2") },
				       .place = DBK_PLACE_PHYSICAL,
				       .lines = &line,
				       .n_lines = 1 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
sell_own(const char *order, int64_t amount, bool delivered)
{
	struct money_trade trade;
	struct dbk_sale *sale = money_trade_begin(&trade, &book, order, "a2");

	sale->fulfilment = DBK_HOLDER_SHIP;
	if (delivered)
		sale->delivered_at = book.now_us;
	(void)money_trade_line(&trade, amount);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
}

static void
test_proceeds(void)
{
	begin_holder(50000);
	sell_own("o1", 999, true);
	CHECK_INT(earning(1).accrued, 950);
	CHECK_INT(money_book_refund(&book, "o1", 500), DBK_RULE_NONE);
	/* 950 * 499 / 999 = 474. */
	CHECK(money_book_posted(&book, "2110 a2 476 reversed\n4050 plan 24 event\n"
				       "2015 -500 event\n"));
	money_book_wait_days(&book, 7);
	CHECK_INT(money_book_credit(&book, 2120, "a2"), 474);
	CHECK_INT(money_book_request(&book, "p1", "a2", 400), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o1", 499), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2120 a2 74 reversed\n1110 a2 400 reversed\n"
				       "4050 plan 25 event\n2015 -499 event\n"));
	CHECK_INT(money_book_balance(&book, 4050, "plan"), 0);
	money_book_close(&book);
}

/* Without a fee all of it is the seller's; with nothing but fee none of it. */
static void
test_proceeds_fees(void)
{
	begin_holder(0);
	sell_own("o1", 1000, true);
	CHECK_INT(money_book_refund(&book, "o1", 1000), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2110 a2 1000 reversed\n2015 -1000 event\n"));
	money_book_close(&book);
	begin_holder(1000000);
	sell_own("o1", 1000, true);
	CHECK_INT(money_book_refund(&book, "o1", 1000), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "4050 plan 1000 event\n2015 -1000 event\n"));
	money_book_close(&book);
}

static void
test_proceeds_before(void)
{
	begin_holder(50000);
	sell_own("o1", 1000, false);
	CHECK_INT(money_book_refund(&book, "o1", 500), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2010 500 event\n2015 -500 event\n"));
	CHECK_INT(money_trade_receive(&book, "o1", 0), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2010 500 event\n2110 a2 -475 proceeds\n"
				       "4050 plan -25 proceeds\n"));
	CHECK_INT(earning(1).reversed, 475);
	CHECK_INT(money_book_refund(&book, "o1", 500), DBK_RULE_NONE);
	CHECK_INT(earning(1).reversed, 950);
	CHECK_INT(money_book_balance(&book, 4050, "plan"), 0);
	money_book_close(&book);
}

int
main(void)
{
	check_run("before receipt a reversal saves deferred cost", test_before_receipt);
	check_run("in the window it comes out of pending", test_in_window);
	check_run("the order and size of refunds do not matter", test_parts);
	check_run("a refund of nearly nothing may take nothing", test_nothing_to_take);
	check_run("what is held before it matures is taken there", test_held_pending);
	check_run("what accrues late is less what was refunded", test_before_accrual);
	check_run("what has matured is taken from itself", test_available);
	check_run("then from the agent's others, then it is owed", test_from_others);
	check_run("held first, then available, then owed", test_held);
	check_run("others' held money is left alone", test_others_held);
	check_run("payouts stay", test_payouts_stay);
	check_run("or are cancelled, if the plan says so", test_payouts_cancelled);
	check_run("nobody's share is reversed in figures only", test_unassigned);
	check_run("so is what the platform pays", test_expected);
	check_run("what it cost is less by what came back", test_costs);
	check_run("a later plan takes nothing more", test_plan_of_then);
	check_run("the seller gives proceeds back, the platform its fee",
		  test_proceeds);
	check_run("with no fee, with nothing but fee", test_proceeds_fees);
	check_run("before receipt a seller has nothing to give", test_proceeds_before);
	return check_end();
}
