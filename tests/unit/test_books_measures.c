/*
 * test_books_measures.c -- what an agent has of a sku, against what it sold.
 */

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"

static struct money_book book;

static void
begin(void)
{
	money_book_open(&book);
	money_book_enrol(&book, "a1", "");
}

static void
end(void)
{
	money_book_close(&book);
}

static uint32_t
holder(void)
{
	return DBK_ROW(book.books, agents, agent, 1)->holder;
}

static struct dbk_measures
measure(uint32_t days)
{
	struct dbk_measures out;

	dbk_measure(book.books, holder(), 1, days, &out);
	return out;
}

static int64_t
aged(uint32_t days)
{
	return dbk_measure_aged(book.books, holder(), 1, days);
}

static void
test_nothing(void)
{
	struct dbk_measures m;

	begin();
	m = measure(30);
	CHECK_INT(m.stock, 0);
	CHECK_INT(m.open, 0);
	CHECK_INT(m.sell_through_ppm, -1);
	CHECK_INT(m.cover_days, 0);
	CHECK_INT(m.purchase_to_sales_ppm, 0);
	CHECK_INT(aged(30), 0);
	end();
}

static void
test_nothing_sold(void)
{
	struct dbk_measures m;

	begin();
	goods_book_issue(&book, "a1", "soap", 40);
	m = measure(30);
	CHECK_INT(m.sell_through_ppm, 0);
	CHECK_INT(m.cover_days, INT64_MAX);
	CHECK_INT(m.purchase_to_sales_ppm, INT64_MAX);
	money_book_wait_days(&book, 30);
	m = measure(30);
	CHECK_INT(m.open, 40);
	CHECK_INT(m.received, 0);
	CHECK_INT(m.purchase_to_sales_ppm, 0);
	end();
}

/* Open 34, received 30, sold 24: stock 40. */
static void
test_example(void)
{
	struct dbk_measures m;

	begin();
	goods_book_issue(&book, "a1", "soap", 34);
	money_book_wait_days(&book, 30);
	goods_book_issue(&book, "a1", "soap", 30);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 24), DBK_RULE_NONE);
	m = measure(30);
	CHECK_INT(m.stock, 40);
	CHECK_INT(m.open, 34);
	CHECK_INT(m.received, 30);
	CHECK_INT(m.sold, 24);
	CHECK_INT(m.sell_through_ppm, 375000);
	CHECK_INT(m.cover_days, 50);
	CHECK_INT(m.purchase_to_sales_ppm, 1250000);
	/* Of the 40 there are, 30 came lately. */
	CHECK_INT(aged(30), 10);
	CHECK_INT(aged(31), 0);
	/* Of a window that ended before, nothing is left. */
	money_book_wait_days(&book, 30);
	m = measure(30);
	CHECK_INT(m.open, 40);
	CHECK_INT(m.received + m.sold, 0);
	CHECK_INT(m.sell_through_ppm, 0);
	CHECK_INT(aged(30), 40);
	end();
}

static void
test_places_together(void)
{
	struct dbk_measures m;

	begin();
	goods_book_issue(&book, "a1", "soap", 50);
	money_book_wait_days(&book, 10);
	goods_book_issue(&book, "a1", "soap", 5);
	CHECK_INT(goods_book_relocate(&book, "a1", DBK_PLACE_PHYSICAL, DBK_PLACE_CLOUD,
				      "soap", 20),
		  DBK_RULE_NONE);
	m = measure(10);
	CHECK_INT(m.stock, 55);
	CHECK_INT(m.open, 50);
	CHECK_INT(m.received, 5);
	CHECK_INT(aged(10), 50);
	CHECK_INT(aged(11), 0);
	/* All of it in the cloud. */
	CHECK_INT(goods_book_relocate(&book, "a1", DBK_PLACE_PHYSICAL, DBK_PLACE_CLOUD,
				      "soap", 35),
		  DBK_RULE_NONE);
	CHECK_INT(aged(10), 50);
	end();
}

static void
test_more_returned_than_received(void)
{
	struct dbk_stock_line line;
	struct dbk_event event;
	struct dbk_measures m;

	begin();
	goods_book_issue(&book, "a1", "soap", 50);
	money_book_wait_days(&book, 10);
	event = goods_book_transferred(&book, &line, "soap", 20);
	event.u.stock_transferred.from = goods_book_agent("a1");
	event.u.stock_transferred.to = goods_book_location("store");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 3), DBK_RULE_NONE);
	m = measure(10);
	CHECK_INT(m.received, -20);
	CHECK_INT(m.open, 50);
	CHECK_INT(m.sell_through_ppm, 100000);
	/* floor(-20 * 1,000,000 / 3) */
	CHECK_INT(m.purchase_to_sales_ppm, -6666667);
	CHECK_INT(aged(10), 27);
	end();
}

static void
test_other_skus(void)
{
	struct dbk_event event;

	begin();
	event = money_book_event(&book, DBK_EVENT_SKU_DEFINED);
	event.u.sku_defined.sku = dbk_str_of("oil");
	event.u.sku_defined.revision = 1;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	goods_book_issue(&book, "a1", "oil", 70);
	goods_book_issue(&book, "a1", "soap", 7);
	CHECK_INT(measure(30).stock, 7);
	CHECK_INT(measure(30).received, 7);
	money_book_wait_days(&book, 1);
	CHECK_INT(aged(1), 7);
	end();
}

/* As a rule of an event would. */
static void
look_at_window(struct dbk_books *books, uint32_t sku, uint32_t days,
	       struct dbk_network_sums *out)
{
	struct dbk_decision d = { .books = books,
				  .position = (uint32_t)dbk_books_size(books) };

	dbk_network_window(&d, sku, days, out);
}

static void
test_network(void)
{
	struct dbk_network_sums sums;

	begin();
	money_book_enrol(&book, "a2", "");
	goods_book_issue(&book, "a1", "soap", 100);
	money_book_wait_days(&book, 1);
	goods_book_issue(&book, "a2", "soap", 10);
	goods_book_pass(&book, "a1", "a2", "soap", 5);
	CHECK_INT(goods_book_sell(&book, "a2", "c1", "soap", 4), DBK_RULE_NONE);
	money_book_wait_days(&book, 1);
	look_at_window(book.books, 1, 1, &sums);
	CHECK_INT(sums.issued + sums.passed + sums.sold + sums.retail, 0);
	look_at_window(book.books, 1, 2, &sums);
	CHECK_INT(sums.issued, 10);
	CHECK_INT(sums.passed, 5);
	CHECK_INT(sums.sold, 4);
	CHECK_INT(sums.retail, 4);
	look_at_window(book.books, 1, 366, &sums);
	CHECK_INT(sums.issued, 110);
	end();
}

int
main(void)
{
	check_run("who has nothing has nothing to sell", test_nothing);
	check_run("goods that nobody buys last for ever", test_nothing_sold);
	check_run("24 of 64 is 375,000 ppm", test_example);
	check_run("both places of an agent are one stock", test_places_together);
	check_run("goods returned make no others older",
		  test_more_returned_than_received);
	check_run("other skus are other stocks", test_other_skus);
	check_run("a window of the network ends today", test_network);
	return check_end();
}
