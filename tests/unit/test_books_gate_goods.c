/*
 * test_books_gate_goods.c -- the gates of a restock that look at goods: what is in
 * stock and sold, how often, at what price.
 */

#include "../tests/lib/check.h"
#include "../tests/lib/gate_book.h"

static struct money_book book;

/* ----------------------------------------------------------- 4 to 6: how much stock */

/* a1 has got 100 and sold SOLD; an old agent. */
static void
sold(int64_t units)
{
	gate_book_open(&book);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 100), DBK_RULE_NONE);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", units), DBK_RULE_NONE);
}

static void
test_sell_through(void)
{
	sold(59);
	money_book_choose(&book, "sell_through", "REFUSE");
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_RESTOCK_SELL_THROUGH);
	gate_book_refused(&book, "qty", 590000, 600000);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 1), DBK_RULE_NONE);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book, "sell_through refuse 600000 600000\n"));
	money_book_close(&book);
	/* Few units in stock are free. */
	sold(59);
	money_book_choose(&book, "sell_through", "REFUSE");
	money_book_set(&book, "free_units", 41);
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 1000), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book, "sell_through refuse 590000 600000\n"));
	CHECK_INT(gate_book_would_pass(&book), DBK_QTY_MAX);
	money_book_close(&book);
	/* Too few to tell. */
	sold(59);
	money_book_choose(&book, "sell_through", "REFUSE");
	money_book_set(&book, "min_units", 101);
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book, "sell_through refuse 0 0\n"));
	money_book_close(&book);
}

static void
test_finding_has_window(void)
{
	sold(10);
	money_book_choose(&book, "sell_through", "FLAG");
	money_book_choose(&book, "frequency", "FLAG");
	money_book_set(&book, "max_restocks", 1);
	money_book_set(&book, "window_days", 17);
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_NONE);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_NONE);
	gate_book_found(&book, DBK_RULE_RESTOCK_SELL_THROUGH, 2, 100000, 600000);
	CHECK_INT(goods_book_finding(&book, DBK_RULE_RESTOCK_SELL_THROUGH,
				     DBK_SUBJECT_AGENT, "a1")
		      .window,
		  17);
	gate_book_found(&book, DBK_RULE_RESTOCK_FREQUENCY, 1, 1, 1);
	CHECK_INT(goods_book_finding(&book, DBK_RULE_RESTOCK_FREQUENCY,
				     DBK_SUBJECT_AGENT, "a1")
		      .window,
		  0);
	money_book_close(&book);
}

/* 60 sold in 30 days are 2 a day: 90 for 45 days, 40 of which are there. */
static void
test_cover(void)
{
	sold(60);
	money_book_choose(&book, "cover", "REFUSE");
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 51), DBK_RULE_RESTOCK_COVER);
	gate_book_refused(&book, "qty", 45, 45);
	CHECK_INT(gate_book_would_pass(&book), 50);
	CHECK_INT(gate_book_ask(&book, 20), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book, "cover refuse 30 45\n"));
	CHECK_INT(gate_book_ask(&book, 31), DBK_RULE_RESTOCK_COVER);
	CHECK_INT(gate_book_would_pass(&book), 30);
	CHECK_INT(gate_book_ask(&book, 30), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book, "cover refuse 45 45\n"));
	money_book_close(&book);
	/* Who sells nothing may have some all the same. */
	gate_book_open(&book);
	money_book_choose(&book, "cover", "REFUSE");
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 11), DBK_RULE_RESTOCK_COVER);
	gate_book_refused(&book, "qty", INT64_MAX, 45);
	CHECK_INT(gate_book_would_pass(&book), 10);
	CHECK_INT(gate_book_ask(&book, 10), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book, "cover refuse 9223372036854775807 45\n"));
	money_book_close(&book);
}

static void
test_holding(void)
{
	sold(60);
	money_book_choose(&book, "holding", "REFUSE");
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book, "holding refuse 0 0\n"));
	CHECK_INT(gate_book_would_pass(&book), DBK_QTY_MAX);
	/* 41 pieces of 100.00 are there or coming. */
	money_book_choose(&book, "holding", "REFUSE");
	money_book_set(&book, "max_value", 5000 * 100);
	money_book_set(&book, "max_units", 60);
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 10), DBK_RULE_RESTOCK_HOLDING);
	gate_book_refused(&book, "qty", 510000, 500000);
	CHECK_INT(gate_book_would_pass(&book), 9);
	CHECK_INT(gate_book_ask(&book, 20), DBK_RULE_RESTOCK_HOLDING);
	gate_book_refused(&book, "qty", 61, 60);
	CHECK_INT(gate_book_would_pass(&book), 9);
	CHECK_INT(gate_book_ask(&book, 9), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book, "holding refuse 500000 500000\n"));
	money_book_close(&book);
}

/* Goods without a price cost nothing, but who has too much of others gets none. */
static void
test_holding_without_price(void)
{
	struct dbk_event event;

	sold(60);
	event = money_book_event(&book, DBK_EVENT_SKU_DEFINED);
	event.u.sku_defined =
	    (struct dbk_sku_defined){ .sku = dbk_str_of("tea"), .revision = 1 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	money_book_choose(&book, "holding", "REFUSE");
	money_book_set(&book, "max_value", 400000);
	gate_book_publish(&book);
	event = gate_book_asking(&book, "a1", 7000, 0);
	event.u.restock_requested.sku = dbk_str_of("tea");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(gate_book_would_pass(&book), DBK_QTY_MAX);
	money_book_choose(&book, "holding", "REFUSE");
	money_book_set(&book, "max_value", 399999);
	gate_book_publish(&book);
	event = gate_book_asking(&book, "a1", 1, 0);
	event.u.restock_requested.sku = dbk_str_of("tea");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_RESTOCK_HOLDING);
	gate_book_refused(&book, "qty", 400000, 399999);
	CHECK_INT(gate_book_would_pass(&book), 0);
	money_book_close(&book);
}

/* The largest numbers that may be said do not run over. */
static void
test_bounds(void)
{
	gate_book_open(&book);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", DBK_QTY_MAX), DBK_RULE_NONE);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 1), DBK_RULE_NONE);
	for (unsigned i = 0; i < 4; i++)
		CHECK_INT(gate_book_ask(&book, DBK_QTY_MAX), DBK_RULE_NONE);
	money_book_choose(&book, "cover", "FLAG");
	money_book_choose(&book, "holding", "FLAG");
	money_book_choose(&book, "rank_buy", "FLAG");
	money_book_set(&book, "max_units", 0);
	money_book_set(&book, "max_value", 0);
	money_book_set(&book, "window_days", 366);
	money_book_set(&book, "rank_buy_factor_ppm", 1000000000);
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, DBK_QTY_MAX), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book,
				"cover flag 20203199999999634 45 fails\n"
				"holding flag 55199999999999 0 fails\n"
				"rank_buy flag 9200000000000 9200000000000000\n"));
	money_book_close(&book);
}

/* ----------------------------------------------------------- 7 to 11: what and when */

static void
test_frequency(void)
{
	gate_book_open(&book);
	money_book_choose(&book, "frequency", "REFUSE");
	money_book_set(&book, "max_restocks", 2);
	money_book_set(&book, "restock_period_days", 10);
	money_book_set(&book, "restock_interval_days", 3);
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book, "frequency refuse 0 2\n"));
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_RESTOCK_FREQUENCY);
	gate_book_refused(&book, "agent", 0, 3);
	money_book_wait_days(&book, 2);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_RESTOCK_FREQUENCY);
	gate_book_refused(&book, "agent", 2, 3);
	money_book_wait_days(&book, 1);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_NONE);
	money_book_wait_days(&book, 6);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_RESTOCK_FREQUENCY);
	gate_book_refused(&book, "agent", 2, 2);
	CHECK_INT(gate_book_would_pass(&book), 0);
	money_book_wait_days(&book, 1);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_NONE);
	money_book_close(&book);
}

/* Those of other skus do not count. */
static void
test_frequency_of_a_sku(void)
{
	struct dbk_event event;

	gate_book_open(&book);
	event = money_book_event(&book, DBK_EVENT_SKU_DEFINED);
	event.u.sku_defined =
	    (struct dbk_sku_defined){ .sku = dbk_str_of("tea"), .revision = 1 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	money_book_choose(&book, "frequency", "REFUSE");
	money_book_set(&book, "max_restocks", 1);
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_NONE);
	event = gate_book_asking(&book, "a1", 1, 0);
	event.u.restock_requested.sku = dbk_str_of("tea");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_RESTOCK_FREQUENCY);
	money_book_close(&book);
}

static void
test_goods_state(void)
{
	struct dbk_event event;

	gate_book_open(&book);
	money_book_choose(&book, "goods_state", "REFUSE");
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_NONE);
	event = money_book_event(&book, DBK_EVENT_SKU_DEFINED);
	event.u.sku_defined =
	    (struct dbk_sku_defined){ .sku = dbk_str_of("tea"), .revision = 1 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	event.u.sku_defined =
	    (struct dbk_sku_defined){ .sku = dbk_str_of("soap"),
				      .revision = 2,
				      .superseded_by = dbk_str_of("tea") };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_RESTOCK_GOODS_STATE);
	gate_book_refused(&book, "sku", 1, 0);
	CHECK_INT(gate_book_would_pass(&book), 0);
	money_book_close(&book);
}

/* What is old must be sold or offered back first. */
static void
test_aged(void)
{
	struct dbk_event event;

	gate_book_open(&book);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 5), DBK_RULE_NONE);
	money_book_choose(&book, "aged", "REFUSE");
	money_book_set(&book, "aged_days", 10);
	gate_book_publish(&book);
	money_book_wait_days(&book, 9);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book, "aged refuse 0 0\n"));
	money_book_wait_days(&book, 1);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_RESTOCK_AGED);
	gate_book_refused(&book, "sku", 5, 0);
	event = money_book_event(&book, DBK_EVENT_BUYBACK_REQUESTED);
	event.u.buyback_requested =
	    (struct dbk_buyback_requested){ .request = dbk_str_of("b1"),
					    .agent = dbk_str_of("a1"),
					    .sku = dbk_str_of("soap"),
					    .qty = 4 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_RESTOCK_AGED);
	gate_book_refused(&book, "sku", 1, 0);
	event.u.buyback_requested.request = dbk_str_of("b2");
	event.u.buyback_requested.qty = 1;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_NONE);
	money_book_close(&book);
}

static void
test_price(void)
{
	struct dbk_event event;

	gate_book_open(&book);
	event = money_book_event(&book, DBK_EVENT_PRICE_BAND_SET);
	event.u.price_band_set =
	    (struct dbk_price_band_set){ .band = dbk_str_of("b"),
					 .revision = 1,
					 .min_price = 90,
					 .max_price = 110,
					 .mode = DBK_GUARD_FLAG,
					 .valid_from = book.now_us };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	money_book_choose(&book, "restock_price", "REFUSE");
	gate_book_publish(&book);
	for (int64_t price = 89; price <= 111; price++) {
		bool inside = price >= 90 && price <= 110;

		event = gate_book_asking(&book, "a1", 1, price);
		CHECK_INT(money_book_send(&book, &event),
			  inside ? DBK_RULE_NONE : DBK_RULE_RESTOCK_PRICE);
		if (!inside)
			gate_book_refused(&book, "unit_price", price,
					  price < 90 ? 90 : 110);
		else
			CHECK_INT(book.effects.checks[0].measured, price);
	}
	money_book_close(&book);
}

static void
test_rank_buy(void)
{
	static const int64_t before[] = { 9, 4, 7, 5 };

	gate_book_open(&book);
	money_book_choose(&book, "rank_buy", "REFUSE");
	money_book_set(&book, "rank_buy_factor_ppm", 2500000);
	gate_book_publish(&book);
	for (unsigned i = 0; i < 2; i++)
		CHECK_INT(gate_book_ask(&book, before[i]), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book, "rank_buy refuse 0 0\n"));
	CHECK_INT(gate_book_would_pass(&book), DBK_QTY_MAX);
	CHECK_INT(gate_book_ask(&book, before[2]), DBK_RULE_NONE);
	/* Of 4, 7, 9 the middle one: 17. */
	CHECK_INT(gate_book_ask(&book, 18), DBK_RULE_RESTOCK_RANK_BUY);
	gate_book_refused(&book, "agent", 18, 17);
	CHECK_INT(gate_book_would_pass(&book), 17);
	CHECK_INT(gate_book_ask(&book, before[3]), DBK_RULE_NONE);
	/* Of 4, 5, 7, 9 the lower one: 12. */
	CHECK_INT(gate_book_ask(&book, 13), DBK_RULE_RESTOCK_RANK_BUY);
	gate_book_refused(&book, "agent", 13, 12);
	/* Eleven ones are all that is looked at. */
	for (unsigned i = 0; i < 11; i++)
		CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_NONE);
	CHECK_INT(gate_book_ask(&book, 3), DBK_RULE_RESTOCK_RANK_BUY);
	gate_book_refused(&book, "agent", 3, 2);
	money_book_close(&book);
}

int
main(void)
{
	check_run("sell_through: below the limit, above the free units",
		  test_sell_through);
	check_run("a finding says the window that was measured",
		  test_finding_has_window);
	check_run("cover: so many days of what is sold", test_cover);
	check_run("holding: units, and value at list prices", test_holding);
	check_run("holding: goods without a price", test_holding_without_price);
	check_run("the largest numbers do not run over", test_bounds);
	check_run("frequency: so many in a period, so far apart", test_frequency);
	check_run("frequency: each sku by itself", test_frequency_of_a_sku);
	check_run("goods_state: what is superseded is not restocked", test_goods_state);
	check_run("aged: what is old is sold or given back first", test_aged);
	check_run("restock_price: within the band", test_price);
	check_run("rank_buy: not many times what was bought before", test_rank_buy);
	return check_end();
}
