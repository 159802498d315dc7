/*
 * test_books_shares.c -- how much the levels of an order get of its lines.
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

/* Soap has these prices from now on. */
static void
price(int64_t list, int64_t factory)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_SKU_DEFINED);

	event.u.sku_defined = (struct dbk_sku_defined){ .sku = dbk_str_of("soap"),
							.revision = 2,
							.list_price = list,
							.factory_price = factory };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

/* a2 sells one line: a unit for 100.00, less 10.00, of which 3.00 are tax. */
static struct dbk_order_line *
begin(const char *order)
{
	struct dbk_order_line *line;

	(void)money_trade_begin(&trade, &book, order, "a2");
	line = money_trade_line(&trade, 10000);
	line->discount = 1000;
	line->tax = 300;
	return line;
}

static void
sell(const char *order, const char *earned)
{
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	money_trade_earned(&book, order, earned);
}

/* The same line under a plan with this base and bearer. */
static void
check_base(const char *base, const char *bearer, const char *earned)
{
	start();
	(void)money_book_choose(&book, "base", base);
	(void)money_book_choose(&book, "discount_bearer", bearer);
	publish();
	price(12000, 6000);
	(void)begin("o1");
	sell("o1", earned);
	money_book_close(&book);
}

static void
test_bases(void)
{
	check_base("PAID", "PRORATA",
		   "1 L1 +0 a2 100000 9000 900 PENDING\n"
		   "1 L2 +1 a1 50000 9000 450 PENDING\n");
	check_base("PAID", "PLATFORM",
		   "1 L1 +0 a2 100000 10000 1000 PENDING\n"
		   "1 L2 +1 a1 50000 10000 500 PENDING\n");
	check_base("PAID", "SELLER",
		   "1 L1 +0 a2 100000 9000 900 PENDING\n"
		   "1 L2 +1 a1 50000 10000 500 PENDING\n");
	check_base("LIST", "PRORATA",
		   "1 L1 +0 a2 100000 12000 1200 PENDING\n"
		   "1 L2 +1 a1 50000 12000 600 PENDING\n");
	check_base("LIST", "PLATFORM",
		   "1 L1 +0 a2 100000 12000 1200 PENDING\n"
		   "1 L2 +1 a1 50000 12000 600 PENDING\n");
	check_base("LIST", "SELLER",
		   "1 L1 +0 a2 100000 12000 1200 PENDING\n"
		   "1 L2 +1 a1 50000 12000 600 PENDING\n");
	check_base("PAID_EX_TAX", "PRORATA",
		   "1 L1 +0 a2 100000 8700 870 PENDING\n"
		   "1 L2 +1 a1 50000 8700 435 PENDING\n");
	check_base("PAID_EX_TAX", "SELLER",
		   "1 L1 +0 a2 100000 8700 870 PENDING\n"
		   "1 L2 +1 a1 50000 9700 485 PENDING\n");
	check_base("MARGIN", "PRORATA",
		   "1 L1 +0 a2 100000 3000 300 PENDING\n"
		   "1 L2 +1 a1 50000 3000 150 PENDING\n");
	check_base("MARGIN", "PLATFORM",
		   "1 L1 +0 a2 100000 4000 400 PENDING\n"
		   "1 L2 +1 a1 50000 4000 200 PENDING\n");
}

static void
test_no_margin(void)
{
	start();
	(void)money_book_choose(&book, "base", "MARGIN");
	(void)money_book_choose(&book, "discount_bearer", "SELLER");
	publish();
	price(0, 9000);
	(void)begin("o1"); /* none, and 10.00 for whom the discount does not touch */
	sell("o1", "1 L2 +1 a1 50000 1000 50 PENDING\n");
	(void)money_trade_begin(&trade, &book, "o2", "a2");
	(void)money_trade_line(&trade, 8999);
	sell("o2", "");
	(void)money_trade_begin(&trade, &book, "o3", "a2");
	(void)money_trade_line(&trade, 9010);
	sell("o3", "1 L1 +0 a2 100000 10 1 PENDING\n");
	CHECK(money_trade_line_row(&book, "o2", 1)->flags & DBK_LINE_ACCRUED);
	money_book_close(&book);
}

/* Lines with and without extras, asked for in any order. */
static void
test_extras_are_found(void)
{
	start();
	(void)money_book_choose(&book, "base", "PAID_EX_TAX");
	publish();
	for (unsigned i = 0; i < 20; i++) {
		char order[8] = "o00";

		order[1] = (char)('0' + i / 10);
		order[2] = (char)('0' + i % 10);
		(void)money_trade_begin(&trade, &book, order, "a2");
		(void)money_trade_line(&trade, 10000);
		money_trade_line(&trade, 10000)->tax = 100 * i;
		(void)money_trade_line(&trade, 10000);
		CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	}
	for (unsigned i = 0; i < 20; i++) {
		unsigned k = i * 7 % 20;
		char order[8] = "o00";

		order[1] = (char)('0' + k / 10);
		order[2] = (char)('0' + k % 10);
		CHECK_INT(money_trade_pay(&book, order, 30000, 0), DBK_RULE_NONE);
		CHECK_INT(dbk_look_earning(book.books, 6 * i + 1).base, 10000);
		CHECK_INT(dbk_look_earning(book.books, 6 * i + 3).base,
			  10000 - 100 * k);
		CHECK_INT(dbk_look_earning(book.books, 6 * i + 5).base, 10000);
	}
	money_book_close(&book);
}

static void
test_balance(void)
{
	for (unsigned include = 0; include < 2; include++) {
		start();
		money_book_set(&book, "include_paid_by_balance", include);
		publish();
		money_trade_begin(&trade, &book, "o1", "a2")->shipping = 1000;
		(void)money_trade_line(&trade, 10000);
		trade.event.u.sale.paid_by_balance = 5501;
		/* 10,000 * 5,499 / 11,000 = 4,999.09 */
		sell("o1", include ? "1 L1 +0 a2 100000 10000 1000 PENDING\n"
				     "1 L2 +1 a1 50000 10000 500 PENDING\n"
				   : "1 L1 +0 a2 100000 4999 499 PENDING\n"
				     "1 L2 +1 a1 50000 4999 250 PENDING\n");
		(void)money_trade_begin(&trade, &book, "o2", "a2");
		(void)money_trade_line(&trade, 10000);
		CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
		CHECK_INT(money_trade_pay(&book, "o2", 4000, 4000), DBK_RULE_NONE);
		CHECK_INT(money_trade_pay(&book, "o2", 1000, 0), DBK_RULE_NONE);
		CHECK_INT(money_trade_pay(&book, "o2", 5000, 4000), DBK_RULE_NONE);
		money_trade_earned(&book, "o2",
				   include ? "1 L1 +0 a2 100000 10000 1000 PENDING\n"
					     "1 L2 +1 a1 50000 10000 500 PENDING\n"
					   : "1 L1 +0 a2 100000 2000 200 PENDING\n"
					     "1 L2 +1 a1 50000 2000 100 PENDING\n");
		/* All of it: nobody earns. */
		(void)money_trade_begin(&trade, &book, "o3", "a2");
		(void)money_trade_line(&trade, 10000);
		trade.event.u.sale.paid_by_balance = 10000;
		sell("o3", include ? "1 L1 +0 a2 100000 10000 1000 PENDING\n"
				     "1 L2 +1 a1 50000 10000 500 PENDING\n"
				   : "");
		money_book_close(&book);
	}
}

static void
test_largest_remainder(void)
{
	money_book_open(&book);
	money_book_set(&book, "pay_max_depth", 3);
	money_book_set(&book, "rate_ppm", 125000)->level = 1;
	money_book_set(&book, "fixed_amount", 150)->level = 2;
	money_book_set(&book, "rate_ppm", 25000)->level = 3;
	publish();
	(void)money_book_enrol(&book, "a1", "");
	(void)money_book_enrol(&book, "a2", "a1");
	(void)money_trade_begin(&trade, &book, "o1", "a2");
	(void)money_trade_line(&trade, 19900);
	/* Who is not there takes part all the same. */
	sell("o1", "1 L1 +0 a2 125000 19900 2488 PENDING\n"
		   "1 L2 +1 a1 0 1 150 PENDING\n"
		   "1 L3 +2 - 25000 19900 497 UNASSIGNED NO_UPLINE\n");
	(void)money_trade_begin(&trade, &book, "o2", "a2");
	money_trade_line(&trade, 7)->qty = 3;
	sell("o2", "1 L1 +0 a2 125000 21 3 PENDING\n"
		   "1 L2 +1 a1 0 3 450 PENDING\n");
	money_book_close(&book);
}

static void
test_pool_cap(void)
{
	static const struct {
		uint32_t cap;
		const char *earned;
	} cases[] = {
		/* The pool of 9,999 is 1,499, and so is this cap. */
		{ 150000, "1 L1 +0 a2 100000 9999 999 PENDING\n"
			  "1 L2 +1 a1 50000 9999 500 PENDING\n" },
		/* 1,498 of it: 998.33 and 499.67. */
		{ 149900, "1 L1 +0 a2 100000 9999 998 PENDING\n"
			  "1 L2 +1 a1 50000 9999 500 PENDING\n" },
		/* 999 of it: 665.78 and 333.22. */
		{ 100000, "1 L1 +0 a2 100000 9999 666 PENDING\n"
			  "1 L2 +1 a1 50000 9999 333 PENDING\n" },
		{ 101, "1 L1 +0 a2 100000 9999 1 PENDING\n" },
		{ 100, "" },
	};

	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		start();
		money_book_set(&book, "order_pool_cap_ppm", cases[i].cap);
		publish();
		(void)money_trade_begin(&trade, &book, "o1", "a2");
		(void)money_trade_line(&trade, 9999);
		sell("o1", cases[i].earned);
		money_book_close(&book);
	}
}

/* Ranks and who stands above whom, from the seller upwards. */
static void
start_ranks(const char *const *ranks, unsigned n)
{
	static const char *const names[] = { "s1", "s2", "s3", "s4", "s5", "s6", "s7" };

	money_book_open(&book);
	(void)money_book_choose(&book, "mode", "DIFFERENTIAL");
	money_book_set(&book, "pay_max_depth", 6);
	money_book_set(&book, "differential_rate_ppm", 150000)->rank =
	    dbk_str_of("gold");
	money_book_set(&book, "differential_rate_ppm", 100000)->rank =
	    dbk_str_of("silver");
	money_book_set(&book, "differential_rate_ppm", 50000)->rank =
	    dbk_str_of("bronze");
	money_book_set(&book, "peer_rate_ppm", 10000);
	money_book_set(&book, "peer_generations", 2);
	publish();
	for (unsigned i = n; i-- > 0;) {
		CHECK_INT(
		    money_book_enrol(&book, names[i], i + 1 < n ? names[i + 1] : ""),
		    DBK_RULE_NONE);
		CHECK_INT(money_trade_rank(&book, names[i], "", ranks[i]),
			  DBK_RULE_NONE);
	}
	(void)money_trade_begin(&trade, &book, "o1", "s1");
	(void)money_trade_line(&trade, 10000);
}

static void
test_differential(void)
{
	static const char *const rising[] = { "bronze", "silver", "silver", "gold",
					      "gold",	"gold",	  "gold" };
	static const char *const falling[] = { "gold",	 "silver", "gold",
					       "bronze", "gold",   "gold" };
	static const char *const none[] = { "new", "", "bronze", "new" };

	start_ranks(rising, 7);
	sell("o1", "1 L1 +0 s1 50000 10000 500 PENDING\n"
		   "1 L2 +1 s2 50000 10000 500 PENDING\n"
		   "1 L3 +2 s3 10000 10000 100 PENDING\n"
		   "1 L4 +3 s4 50000 10000 500 PENDING\n"
		   "1 L5 +4 s5 10000 10000 100 PENDING\n");
	money_book_close(&book);
	start_ranks(falling, 6);
	sell("o1", "1 L1 +0 s1 150000 10000 1500 PENDING\n"
		   "1 L3 +2 s3 10000 10000 100 PENDING\n"
		   "1 L5 +4 s5 10000 10000 100 PENDING\n");
	money_book_close(&book);
	start_ranks(none, 4);
	sell("o1", "1 L3 +2 s3 50000 10000 500 PENDING\n");
	money_book_close(&book);
}

static void
test_differential_not_active(void)
{
	static const char *const ranks[] = { "bronze", "silver", "silver", "gold" };

	start_ranks(ranks, 4);
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "s2"),
		  DBK_RULE_NONE);
	sell("o1", "1 L1 +0 s1 50000 10000 500 PENDING\n"
		   "1 L2 +1 s2 50000 10000 500 UNASSIGNED INELIGIBLE\n"
		   "1 L3 +2 s3 50000 10000 500 PENDING\n"
		   "1 L4 +3 s4 50000 10000 500 PENDING\n");
	money_book_close(&book);
}

static void
sell_to_customer(const char *order, int64_t at, const char *earned)
{
	money_trade_begin(&trade, &book, order, "a2")->buyer = dbk_str_of("c1");
	(void)money_trade_line(&trade, 10000);
	trade.event.effective_at = at;
	sell(order, earned);
}

static void
test_step_down(void)
{
	static const char first[] = "1 L1 +0 a2 100000 10000 1000 PENDING\n"
				    "1 L2 +1 a1 50000 10000 500 PENDING\n";
	static const char later[] = "1 L1 +0 a2 20000 10000 200 PENDING\n"
				    "1 L2 +1 a1 50000 10000 500 PENDING\n";
	int64_t day;

	start();
	money_book_set(&book, "later_rate_ppm", 20000)->level = 1;
	money_book_set(&book, "step_down_days", 30);
	publish();
	day = book.now_us; /* local midnight */
	sell_to_customer("o1", day + MONEY_BOOK_DAY_US - 1, first);
	sell_to_customer("o2", day + 31 * MONEY_BOOK_DAY_US - 1, first);
	sell_to_customer("o3", day + 31 * MONEY_BOOK_DAY_US, later);
	/* A late one is judged by its own day. */
	sell_to_customer("o4", day + 2 * MONEY_BOOK_DAY_US, first);
	/* Nobody is never an old customer. */
	(void)money_trade_begin(&trade, &book, "o5", "a2");
	(void)money_trade_line(&trade, 10000);
	trade.event.effective_at = day + 40 * MONEY_BOOK_DAY_US;
	sell("o5", first);
	money_book_close(&book);
}

static void
test_later_rates_narrowed(void)
{
	start();
	money_book_set(&book, "step_down_days", 1);
	money_book_set(&book, "later_rate_ppm", 0)->level = 1;
	money_book_set(&book, "later_rate_ppm", 7000)->level = 2;
	money_book_set(&book, "later_rate_ppm", 30000)->level = 1;
	book.parameters[book.n_parameters - 1].sku = dbk_str_of("soap");
	publish();
	CHECK_INT(money_trade_rank(&book, "a1", "", "gold"), DBK_RULE_NONE);
	sell_to_customer("o1", book.now_us,
			 "1 L1 +0 a2 100000 10000 1000 PENDING\n"
			 "1 L2 +1 a1 50000 10000 500 PENDING\n");
	sell_to_customer("o2", book.now_us + 2 * MONEY_BOOK_DAY_US,
			 "1 L1 +0 a2 30000 10000 300 PENDING\n"
			 "1 L2 +1 a1 7000 10000 70 PENDING\n");
	money_book_close(&book);
}

static void
test_overflow(void)
{
	start();
	(void)money_book_choose(&book, "base", "LIST");
	publish();
	price(DBK_AMOUNT_MAX, 0);
	(void)money_trade_begin(&trade, &book, "o1", "a2");
	money_trade_line(&trade, 1)->qty = 1002541;
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_AMOUNT_OVERFLOW);
	trade.lines[0].qty = 1002540;
	trade.event.u.sale.paid = 0;
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
	CHECK_INT(dbk_look_earning(book.books, 1).base, DBK_AMOUNT_MAX * 1002540);
	money_book_close(&book);

	start();
	money_book_set(&book, "fixed_amount", DBK_AMOUNT_MAX)->level = 1;
	book.parameters[1] = book.parameters[3];
	book.n_parameters = 3;
	publish();
	(void)money_trade_begin(&trade, &book, "o1", "a2");
	money_trade_line(&trade, 1)->qty = DBK_QTY_MAX;
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_AMOUNT_OVERFLOW);
	CHECK(strcmp(book.verdict.refusal.field.name, "amount") == 0);
	money_book_close(&book);
}

/* Where those on the way are not active, rates of ranks add up to more than the whole.
 */
static void
test_pool_overflow(void)
{
	for (unsigned n = 1; n <= 2; n++) {
		money_book_open(&book);
		(void)money_book_choose(&book, "mode", "DIFFERENTIAL");
		(void)money_book_choose(&book, "base", "LIST");
		money_book_set(&book, "pay_max_depth", 3);
		money_book_set(&book, "differential_rate_ppm", 1000000)->rank =
		    dbk_str_of("gold");
		publish();
		price(DBK_AMOUNT_MAX, 0);
		(void)money_book_enrol(&book, "a1", "");
		(void)money_book_enrol(&book, "a2", "a1");
		(void)money_book_enrol(&book, "a3", "a2");
		for (unsigned i = 0; i < n; i++) {
			static const char *const names[] = { "a1", "a2" };

			CHECK_INT(money_trade_rank(&book, names[i], "", "gold"),
				  DBK_RULE_NONE);
			CHECK_INT(
			    money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, names[i]),
			    DBK_RULE_NONE);
		}
		(void)money_trade_begin(&trade, &book, "o1", "a3");
		money_trade_line(&trade, 1)->qty = 1000000;
		CHECK_INT(money_trade_sell(&trade, &book),
			  n == 1 ? DBK_RULE_NONE : DBK_RULE_AMOUNT_OVERFLOW);
		money_book_close(&book);
	}
}

int
main(void)
{
	check_run("a rate is taken of what the plan says", test_bases);
	check_run("a base is never below 0", test_no_margin);
	check_run("tax and discount of every line are found", test_extras_are_found);
	check_run("what came from a balance counts only if the plan says so",
		  test_balance);
	check_run("shares add up to the pool, fixed amounts stand beside it",
		  test_largest_remainder);
	check_run("all levels together get no more than the cap", test_pool_cap);
	check_run("ranks get what those below them leave", test_differential);
	check_run("who is not active does not stand in the way of the next",
		  test_differential_not_active);
	check_run("later rates count after so many local days", test_step_down);
	check_run("later rates are narrowed like others", test_later_rates_narrowed);
	check_run("amounts that do not fit are refused", test_overflow);
	check_run("a pool that does not fit is refused", test_pool_overflow);
	return check_end();
}
