/*
 * test_books_bands.c -- price bands: which one counts for a line, and what it does.
 */

#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;
static struct money_trade trade;

static void
begin(void)
{
	money_book_open(&book);
	(void)money_book_enrol(&book, "a1", "");
}

static void
end(void)
{
	money_book_close(&book);
}

/* Revision REVISION of NAME, from 50.00 to 80.00, refusing, of everything. */
static struct dbk_event
band(const char *name, uint32_t revision)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_PRICE_BAND_SET);

	event.u.price_band_set =
	    (struct dbk_price_band_set){ .band = dbk_str_of(name),
					 .revision = revision,
					 .min_price = 5000,
					 .max_price = 8000,
					 .mode = DBK_GUARD_REFUSE,
					 .valid_from = DBK_TIME_ABSENT };
	return event;
}

static enum dbk_rule
set(const char *name, uint32_t revision)
{
	struct dbk_event event = band(name, revision);

	return money_book_send(&book, &event);
}

static struct dbk_str
fresh_order(void)
{
	static char names[64][8];
	static unsigned n;
	char *name = names[n++ % 64];

	name[0] = 'o';
	for (unsigned i = 1, left = n; i < 6; i++, left /= 10)
		name[i] = (char)('0' + left % 10);
	return dbk_str_of(name);
}

/* A retail order of SELLER for one soap. */
static struct dbk_sale *
begin_order(const char *seller, int64_t price)
{
	struct dbk_sale *sale = money_trade_begin(&trade, &book, "", seller);

	sale->order = fresh_order();
	(void)money_trade_line(&trade, price);
	return sale;
}

static enum dbk_rule
place(int64_t price)
{
	(void)begin_order("a1", price);
	return money_trade_place(&trade, &book);
}

static bool
is_line(uint32_t i)
{
	const struct dbk_field *field = &book.verdict.refusal.field;

	return strcmp(field->name, "lines") == 0 && field->index == i &&
	       strcmp(field->member, "unit_price") == 0;
}

static void
test_revisions(void)
{
	struct dbk_event event;

	begin();
	CHECK_INT(set("b", 2), DBK_RULE_BAND_REVISION_GAP);
	CHECK(money_book_measured(&book, 2, 1));
	CHECK_INT(set("b", 1), DBK_RULE_NONE);
	CHECK_INT(set("c", 1), DBK_RULE_NONE);
	CHECK_INT(set("b", 3), DBK_RULE_BAND_REVISION_GAP);
	CHECK(money_book_measured(&book, 3, 2));
	CHECK_INT(set("b", 2), DBK_RULE_NONE);
	event = band("d", 1);
	event.u.price_band_set.sku = dbk_str_of("tea");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_SKU_UNKNOWN);
	CHECK(strcmp(book.verdict.refusal.field.name, "sku") == 0);
	end();
}

static void
test_bounds(void)
{
	begin();
	CHECK_INT(place(1), DBK_RULE_NONE);
	CHECK_INT(set("b", 1), DBK_RULE_NONE);
	CHECK_INT(place(4999), DBK_RULE_PRICE_BAND);
	CHECK(money_book_measured(&book, 4999, 5000) && is_line(0));
	CHECK_INT(place(5000), DBK_RULE_NONE);
	CHECK_INT(place(8000), DBK_RULE_NONE);
	CHECK_INT(place(8001), DBK_RULE_PRICE_BAND);
	CHECK(money_book_measured(&book, 8001, 8000));
	end();
}

static void
test_no_upper_bound(void)
{
	struct dbk_event event;

	begin();
	event = band("b", 1);
	event.u.price_band_set.max_price = 0;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(place(1000000), DBK_RULE_NONE);
	CHECK_INT(place(4999), DBK_RULE_PRICE_BAND);
	end();
}

static void
test_price_of_a_unit(void)
{
	struct dbk_sale *sale;

	begin();
	CHECK_INT(set("b", 1), DBK_RULE_NONE);
	/* 3 * 5001 - 4 = 14,999: a piece is 49.99; 14,999 + 1 is 50.00. */
	sale = begin_order("a1", 6000);
	sale->shipping = 1;
	(void)money_trade_line(&trade, 5001);
	sale->lines[1].qty = 3;
	sale->lines[1].discount = 4;
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_PRICE_BAND);
	CHECK(money_book_measured(&book, 4999, 5000) && is_line(1));
	sale->lines[1].discount = 3;
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	end();
}

static void
test_modes(void)
{
	struct dbk_event event;

	begin();
	event = band("b", 1);
	event.u.price_band_set.mode = DBK_GUARD_FLAG;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(place(5000), DBK_RULE_NONE);
	CHECK(goods_book_found(&book, DBK_RULE_PRICE_BAND, DBK_SUBJECT_AGENT, "a1", 0,
			       0, 0));
	CHECK_INT(place(4000), DBK_RULE_NONE);
	CHECK(goods_book_found(&book, DBK_RULE_PRICE_BAND, DBK_SUBJECT_AGENT, "a1", 1,
			       4000, 5000));
	(void)begin_order("", 9000);
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	CHECK(goods_book_found(&book, DBK_RULE_PRICE_BAND, DBK_SUBJECT_SKU, "soap", 1,
			       9000, 8000));
	event = band("b", 2);
	event.u.price_band_set.mode = DBK_GUARD_OFF;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(place(4000), DBK_RULE_NONE);
	CHECK(goods_book_found(&book, DBK_RULE_PRICE_BAND, DBK_SUBJECT_AGENT, "a1", 1,
			       4000, 5000));
	end();
}

static void
test_retail_only(void)
{
	struct dbk_sale *sale;

	begin();
	CHECK_INT(set("b", 1), DBK_RULE_NONE);
	sale = begin_order("", 100);
	sale->kind = DBK_ORDER_SELF;
	sale->buyer = dbk_str_of("a1");
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	(void)begin_order("a1", 100);
	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_PRICE_BAND);
	end();
}

/* --------------------------------------------------------------------- which counts */

/* A band NAME that refuses all but PRICE, where it says. */
static void
allow(const char *name, int64_t price, const char *sku, const char *rank,
      const char *region, const char *channel)
{
	struct dbk_event event = band(name, 1);
	struct dbk_price_band_set *e = &event.u.price_band_set;

	e->sku = dbk_str_of(sku);
	e->rank = dbk_str_of(rank);
	e->region = dbk_str_of(region);
	e->channel = dbk_str_of(channel);
	e->min_price = e->max_price = price;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static enum dbk_rule
place_where(int64_t price, const char *region, const char *channel)
{
	struct dbk_sale *sale = begin_order("a1", price);

	sale->region = dbk_str_of(region);
	sale->channel = dbk_str_of(channel);
	return money_trade_place(&trade, &book);
}

/* Is PRICE what the band of a soap asks for, sold by a1 in REGION by CHANNEL? */
static bool
is_price(int64_t price, const char *region, const char *channel)
{
	return place_where(price, region, channel) == DBK_RULE_NONE &&
	       place_where(price + 1, region, channel) == DBK_RULE_PRICE_BAND;
}

static void
test_most_specific(void)
{
	begin();
	CHECK_INT(money_trade_rank(&book, "a1", "", "gold"), DBK_RULE_NONE);
	allow("channel", 1, "", "", "", "web");
	CHECK(is_price(1, "north", "web"));
	CHECK_INT(place(1), DBK_RULE_NONE);
	allow("region", 2, "", "", "north", "");
	CHECK(is_price(2, "north", "web"));
	CHECK(is_price(1, "south", "web"));
	allow("both", 3, "", "", "north", "web");
	CHECK(is_price(3, "north", "web"));
	CHECK(is_price(2, "north", "till"));
	allow("rank", 4, "", "gold", "", "");
	CHECK(is_price(4, "north", "web"));
	allow("silver", 9, "", "silver", "north", "web");
	CHECK(is_price(4, "north", "web"));
	allow("sku", 5, "soap", "", "", "");
	CHECK(is_price(5, "north", "web"));
	CHECK(is_price(5, "south", "till"));
	allow("sku and channel", 6, "soap", "", "", "web");
	CHECK(is_price(6, "north", "web"));
	CHECK(is_price(5, "north", "till"));
	end();
}

static void
test_of_equals(void)
{
	struct dbk_event event;

	begin();
	allow("b", 1, "soap", "", "", "");
	allow("c", 2, "soap", "", "", "");
	CHECK(is_price(2, "", "web"));
	event = band("b", 2);
	event.u.price_band_set.sku = dbk_str_of("soap");
	event.u.price_band_set.min_price = event.u.price_band_set.max_price = 3;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK(is_price(3, "", "web"));
	/* It counts even if it is off: then there is none. */
	event.u.price_band_set.revision = 3;
	event.u.price_band_set.mode = DBK_GUARD_OFF;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(place(77), DBK_RULE_NONE);
	end();
}

/* A revision that asks for PRICE of SKU from DAY on. */
static void
revise(uint32_t revision, int64_t price, const char *sku, int64_t day)
{
	struct dbk_event event = band("b", revision);
	struct dbk_price_band_set *e = &event.u.price_band_set;

	e->sku = dbk_str_of(sku);
	e->min_price = e->max_price = price;
	e->valid_from = book.now_us + day * MONEY_BOOK_DAY_US;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static enum dbk_rule
place_on(int64_t price, int64_t day)
{
	(void)begin_order("a1", price);
	trade.event.effective_at += day * MONEY_BOOK_DAY_US;
	return money_trade_place(&trade, &book);
}

static void
test_times(void)
{
	begin();
	money_book_wait_days(&book, 40);
	revise(1, 100, "", -20);
	revise(2, 200, "", -5);
	revise(3, 300, "", -10);
	revise(4, 400, "", -10);
	revise(5, 500, "", 5);
	CHECK_INT(place_on(1, -21), DBK_RULE_NONE);
	CHECK_INT(place_on(100, -20), DBK_RULE_NONE);
	CHECK_INT(place_on(101, -11), DBK_RULE_PRICE_BAND);
	CHECK_INT(place_on(400, -10), DBK_RULE_NONE);
	CHECK_INT(place_on(300, -10), DBK_RULE_PRICE_BAND);
	CHECK_INT(place_on(200, -5), DBK_RULE_NONE);
	CHECK_INT(place_on(200, 0), DBK_RULE_NONE);
	CHECK_INT(place_on(500, 0), DBK_RULE_PRICE_BAND);
	CHECK_INT(place_on(500, 5), DBK_RULE_NONE);
	end();
}

static void
test_other_skus(void)
{
	struct dbk_event event;

	begin();
	event = money_book_event(&book, DBK_EVENT_SKU_DEFINED);
	event.u.sku_defined.sku = dbk_str_of("tea");
	event.u.sku_defined.revision = 1;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	money_book_wait_days(&book, 40);
	revise(1, 100, "soap", -20);
	revise(2, 200, "tea", -10);
	revise(3, 300, "", -5);
	revise(4, 400, "soap", -1);
	CHECK_INT(place_on(100, -11), DBK_RULE_NONE);
	CHECK_INT(place_on(99, -11), DBK_RULE_PRICE_BAND);
	CHECK_INT(place_on(99, -10), DBK_RULE_NONE);
	CHECK_INT(place_on(300, -5), DBK_RULE_NONE);
	CHECK_INT(place_on(99, -5), DBK_RULE_PRICE_BAND);
	CHECK_INT(place_on(400, 0), DBK_RULE_NONE);
	CHECK_INT(place_on(300, 0), DBK_RULE_PRICE_BAND);
	end();
}

static void
test_limit(void)
{
	char name[8] = "b0000";

	begin();
	for (unsigned i = 0; i <= DBK_BANDS_OF_SKU_MAX; i++) {
		for (unsigned at = 4, left = i; at > 0; at--, left /= 10)
			name[at] = (char)('0' + left % 10);
		CHECK_INT(set(name, 1), i < DBK_BANDS_OF_SKU_MAX
					    ? DBK_RULE_NONE
					    : DBK_RULE_LIMIT_REACHED);
	}
	CHECK(money_book_measured(&book, DBK_BANDS_OF_SKU_MAX, DBK_BANDS_OF_SKU_MAX));
	CHECK_INT(set("b0000", 2), DBK_RULE_NONE);
	end();
}

int
main(void)
{
	check_run("revisions of a band have no gap, and its sku is known",
		  test_revisions);
	check_run("a price stands within both bounds", test_bounds);
	check_run("a band may have no upper bound", test_no_upper_bound);
	check_run("the price is that of a unit after the discount",
		  test_price_of_a_unit);
	check_run("a band refuses, flags or is off by its own mode", test_modes);
	check_run("only retail has bands", test_retail_only);
	check_run("the most specific band counts", test_most_specific);
	check_run("of equals the one revised last counts, even if it is off",
		  test_of_equals);
	check_run("a revision counts from its own time on", test_times);
	check_run("a band may be of another sku from a revision on", test_other_skus);
	check_run("the bands of one sku have a limit", test_limit);
	return check_end();
}
