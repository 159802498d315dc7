/*
 * test_books_earnings.c -- the life of a claim: how long its window is, what becomes of
 * it when that is over, and which order it is of.
 */

#include <stdio.h>

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

static void
define(const char *sku, uint32_t window_days, const char *category)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_SKU_DEFINED);

	event.u.sku_defined =
	    (struct dbk_sku_defined){ .sku = dbk_str_of(sku),
				      .revision = 1,
				      .return_window_days = window_days,
				      .category = dbk_str_of(category) };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

/* soap has 7 days of its own, tea none, cake 3 and a category. */
static void
begin(void)
{
	money_book_open(&book);
	define("tea", 0, "food");
	define("cake", 3, "food");
	define("rope", 0, "");
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	money_book_set(&book, "rate_ppm", 100000)->level = 1;
}

static void
sell(const char *order, const char *sku)
{
	struct money_trade trade;
	struct dbk_sale *sale = money_trade_begin(&trade, &book, order, "a1");

	sale->delivered_at = book.now_us;
	money_trade_line(&trade, 10000)->sku = dbk_str_of(sku);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
}

/* Days from receipt until what is sold of SKU now matures; -1: it will not. */
static int64_t
days_of(const char *sku)
{
	const struct dbk_row_line *line;
	char order[16];

	(void)snprintf(order, sizeof order, "w%u", ++book.serial);
	sell(order, sku);
	line = money_trade_line_row(&book, order, 1);
	if (!(line->flags & DBK_LINE_SCHEDULED))
		return -1;
	return (line->when - dbk_due_second(book.now_us)) / 86400;
}

/* -------------------------------------------------------------------- windows */

static void
test_no_plan(void)
{
	begin();
	CHECK_INT(days_of("soap"), -1);
	CHECK_INT(dbk_due_next(book.books), 0);
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(days_of("rope"), 7);
	money_book_close(&book);
}

static void
test_window(void)
{
	begin();
	(void)money_book_set(&book, "window_days", 4);
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(days_of("soap"), 7);
	CHECK_INT(days_of("tea"), 4);
	CHECK_INT(days_of("cake"), 3);

	money_book_set(&book, "rate_ppm", 100000)->level = 1;
	(void)money_book_set(&book, "window_days", 4);
	money_book_set(&book, "window_days", 5)->category = dbk_str_of("food");
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(days_of("tea"), 5);
	CHECK_INT(days_of("cake"), 3);
	CHECK_INT(days_of("rope"), 4);

	money_book_set(&book, "rate_ppm", 100000)->level = 1;
	(void)money_book_set(&book, "window_days", 4);
	money_book_set(&book, "window_days", 5)->category = dbk_str_of("food");
	money_book_set(&book, "window_days", 6)->sku = dbk_str_of("tea");
	money_book_set(&book, "window_days", 0)->sku = dbk_str_of("cake");
	money_book_set(&book, "window_days", 8)->sku = dbk_str_of("soap");
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(days_of("tea"), 6);
	CHECK_INT(days_of("cake"), 0);
	CHECK_INT(days_of("soap"), 8);
	CHECK_INT(days_of("rope"), 4);
	money_book_close(&book);
}

static void
test_hold_days(void)
{
	begin();
	(void)money_book_set(&book, "hold_extra_days", 1);
	money_book_set(&book, "hold_extra_days", 10)->rank = dbk_str_of("new");
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(days_of("soap"), 8);
	CHECK_INT(money_trade_rank(&book, "a1", "", "new"), DBK_RULE_NONE);
	CHECK_INT(days_of("soap"), 17);
	CHECK_INT(money_trade_rank(&book, "a1", "new", "old"), DBK_RULE_NONE);
	CHECK_INT(days_of("soap"), 8);
	money_book_close(&book);
}

/* Each line has its own receipt, and so its own window. */
static void
test_lines(void)
{
	struct money_trade trade;

	begin();
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	(void)money_trade_begin(&trade, &book, "o1", "a1");
	(void)money_trade_line(&trade, 10000);
	(void)money_trade_line(&trade, 5000);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(dbk_due_next(book.books), 0);
	CHECK_INT(money_trade_receive(&book, "o1", 2), DBK_RULE_NONE);
	money_book_wait_days(&book, 3);
	CHECK_INT(money_trade_receive(&book, "o1", 1), DBK_RULE_NONE);
	money_book_wait_days(&book, 4);
	CHECK(money_book_posted(&book, "2110 a1 500 matured\n2120 a1 -500 matured\n"));
	money_book_wait_days(&book, 3);
	CHECK(money_book_posted(&book, "2110 a1 1000 matured\n"
				       "2120 a1 -1000 matured\n"));
	money_book_close(&book);
}

/* ------------------------------------------------------------------- maturing */

/* Level 1 is a1's, level 2 nobody's: that share matures into nothing. */
static void
test_unassigned(void)
{
	begin();
	(void)money_book_set(&book, "pay_max_depth", 2);
	money_book_set(&book, "rate_ppm", 20000)->level = 2;
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	sell("o1", "soap");
	money_book_wait_days(&book, 7);
	CHECK_INT(earning(1).state, DBK_EARNING_MATURED);
	CHECK_INT(earning(2).state, DBK_EARNING_UNASSIGNED);
	CHECK_INT(earning(2).holds, DBK_UNASSIGNED_NO_UPLINE);
	CHECK_INT(earning(2).accrued, 200);
	CHECK_INT(earning(2).open, 0);
	CHECK(money_trade_line_row(&book, "o1", 1)->flags & DBK_LINE_MATURED);
	money_book_close(&book);
}

/* The platform's own engine pays: nothing is posted, so nothing matures. */
static void
test_expected(void)
{
	begin();
	(void)money_book_choose(&book, "engine", "PLATFORM");
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(days_of("soap"), -1);
	CHECK_INT(earning(1).state, DBK_EARNING_EXPECTED);
	money_book_close(&book);
}

static void
test_nothing_open(void)
{
	begin();
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	sell("o1", "soap");
	CHECK_INT(money_book_refund(&book, "o1", 10000), DBK_RULE_NONE);
	CHECK_INT(earning(1).state, DBK_EARNING_PENDING);
	money_book_wait_days(&book, 7);
	CHECK(money_book_posted(&book, ""));
	CHECK_INT(earning(1).state, DBK_EARNING_DRAWN);
	money_book_close(&book);
}

/* ------------------------------------------------------------------- crediting */

static void
test_credit(void)
{
	begin();
	CHECK_INT(money_trade_rank(&book, "a1", "", "gold"), DBK_RULE_NONE);
	money_book_give(&book, "a1", 500);
	CHECK(
	    money_book_posted(&book, "5016 a1 500 adjusted\n2120 a1 -500 adjusted\n"));
	CHECK_INT(earning(1).kind, DBK_EARNING_ADJUSTMENT);
	CHECK_INT(earning(1).state, DBK_EARNING_MATURED);
	CHECK_INT(earning(1).cause, book.verdict.position);
	CHECK_INT(earning(1).basis, DBK_BASIS_OTHER);
	CHECK_INT(earning(1).accrued, 500);
	CHECK_INT(earning(1).open, 500);
	CHECK(dbk_str_equal(dbk_look_name(book.books, DBK_SPACE_TAG, earning(1).rank),
			    dbk_str_of("gold")));
	CHECK_INT(dbk_earning_order(book.books, 1), 0);
	money_book_close(&book);
}

/* --------------------------------------------------------------------- netting */

/* a1 owes 1000, of which RECOVERY ppm of each credit is paid off. */
static void
begin_owing(uint32_t recovery)
{
	begin();
	(void)money_book_set(&book, "clawback_recovery_ppm", recovery);
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
	sell("o1", "soap");
	money_book_wait_days(&book, 7);
	CHECK_INT(money_book_request(&book, "p1", "a1", 1000), DBK_RULE_NONE);
	CHECK_INT(earning(1).state, DBK_EARNING_DRAWN);
	CHECK_INT(money_book_refund(&book, "o1", 10000), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "4090 web 10000 event\n"
				       "2015 -10000 event\n"
				       "1110 a1 1000 reversed\n"
				       "5010 plan -1000 reversed\n"));
	CHECK(dbk_look_agent(book.books, 1)->flags & DBK_AGENT_OWES);
}

static void
test_netted(void)
{
	begin_owing(1000000);
	sell("o2", "soap");
	money_book_wait_days(&book, 7);
	CHECK(money_book_posted(&book, "2110 a1 1000 matured\n"
				       "2120 a1 -1000 matured\n"
				       "2120 a1 1000 netted\n"
				       "1110 a1 -1000 netted\n"));
	CHECK_INT(earning(2).state, DBK_EARNING_DRAWN);
	CHECK(!(dbk_look_agent(book.books, 1)->flags & DBK_AGENT_OWES));
	money_book_give(&book, "a1", 5);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 5);
	money_book_close(&book);
}

static void
test_netted_more(void)
{
	begin_owing(1000000);
	money_book_give(&book, "a1", 999);
	CHECK_INT(money_book_balance(&book, 1110, "a1"), 1);
	CHECK_INT(earning(2).open, 0);
	money_book_give(&book, "a1", 500);
	CHECK_INT(money_book_balance(&book, 1110, "a1"), 0);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 499);
	CHECK_INT(earning(3).open, 499);
	CHECK_INT(earning(3).state, DBK_EARNING_MATURED);
	money_book_close(&book);
}

static void
test_netted_gently(void)
{
	begin_owing(300000);
	money_book_give(&book, "a1", 999);
	CHECK(money_book_posted(&book, "5016 a1 999 adjusted\n2120 a1 -999 adjusted\n"
				       "2120 a1 299 netted\n1110 a1 -299 netted\n"));
	money_book_give(&book, "a1", 3);
	CHECK(money_book_posted(&book, "5016 a1 3 adjusted\n2120 a1 -3 adjusted\n"));
	CHECK_INT(money_book_balance(&book, 1110, "a1"), 701);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 703);
	money_book_close(&book);
}

static void
test_not_netted(void)
{
	begin_owing(1);
	money_book_give(&book, "a1", 5000);
	CHECK_INT(money_book_balance(&book, 1110, "a1"), 1000);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 5000);
	money_book_close(&book);
}

/* ---------------------------------------------------------- which order a line has */

static uint32_t
random_below(uint32_t *state, uint32_t n)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 8) % n;
}

/* Orders with single lines, now and then one of a thousand, sometimes many of three. */
static uint32_t
random_lines(uint32_t *state, uint32_t order)
{
	if (random_below(state, 200) == 0)
		return 1000;
	return order / 700 % 2 == 1 ? 3 : 1;
}

#define ORDERS 5000

static void
test_line_order(void)
{
	uint32_t state = 11, wrong = 0;

	money_book_open(&book);
	for (uint32_t order = 1; order <= ORDERS; order++) {
		struct dbk_row_order *row;
		uint32_t n = random_lines(&state, order);

		CHECK_INT(dbk_rows_append(&book.books->orders, 1), order);
		row = DBK_TOUCH(book.books, orders, order, order);
		row->n_lines = (uint16_t)n;
		row->first_line = dbk_rows_append(&book.books->lines, n);
	}
	for (uint32_t order = 1; order <= ORDERS; order++) {
		const struct dbk_row_order *row =
		    DBK_ROW(book.books, orders, order, order);

		for (uint32_t i = 0; i < row->n_lines; i++)
			wrong +=
			    dbk_line_order(book.books, row->first_line + i) != order;
	}
	CHECK_INT(wrong, 0);
	money_book_close(&book);
}

int
main(void)
{
	check_run("without a plan nothing is earned, so nothing is awaited",
		  test_no_plan);
	check_run("a window is the sku's, then the category's, then the plan's",
		  test_window);
	check_run("a rank may have to wait longer", test_hold_days);
	check_run("each line matures by itself", test_lines);
	check_run("a share that is nobody's stays so", test_unassigned);
	check_run("what the platform pays is not awaited", test_expected);
	check_run("what was reversed whole matures into nothing", test_nothing_open);
	check_run("a credit is an earning at once", test_credit);
	check_run("what an agent owes is paid off first", test_netted);
	check_run("no more is netted than is owed", test_netted_more);
	check_run("a plan may leave a part of each credit", test_netted_gently);
	check_run("a part below one unit is nothing", test_not_netted);
	check_run("a line leads to its order, whatever the others are like",
		  test_line_order);
	return check_end();
}
