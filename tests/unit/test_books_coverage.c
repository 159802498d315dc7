/*
 * test_books_coverage.c -- guards of what stands against what: promises and stock,
 * price and cost, books and counts, fees and nothing.
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

static enum dbk_rule
define(const char *sku, uint32_t revision, int64_t list_price, int64_t factory_price,
       const char *superseded_by)
{
	return goods_book_define(&book, sku, revision, list_price, factory_price,
				 superseded_by);
}

/* ---------------------------------------------------------------------------- cloud */

static enum dbk_rule
promise(const char *agent, int64_t qty)
{
	struct dbk_stock_line line;
	struct dbk_event event = goods_book_issued(&book, &line, "soap", qty);

	event.u.stock_issued.to = goods_book_agent(agent);
	event.u.stock_issued.place = DBK_PLACE_CLOUD;
	return money_book_send(&book, &event);
}

static void
test_cloud_refused(void)
{
	begin("cloud", "REFUSE", NULL, 0);
	CHECK_INT(promise("a1", 1), DBK_RULE_CLOUD_COVERAGE);
	CHECK(money_book_measured(&book, 0, 1000000));
	CHECK(is_field("lines", "qty"));
	CHECK_INT(goods_book_stock(&book, "depot", "soap", 10), DBK_RULE_NONE);
	CHECK_INT(promise("a1", 10), DBK_RULE_NONE);
	CHECK_INT(promise("a2", 1), DBK_RULE_CLOUD_COVERAGE);
	CHECK(money_book_measured(&book, 909090, 1000000));
	CHECK_INT(goods_book_issue(&book, "a2", "soap", 1), DBK_RULE_NONE);
	CHECK_INT(goods_book_relocate(&book, "a2", DBK_PLACE_PHYSICAL, DBK_PLACE_CLOUD,
				      "soap", 1),
		  DBK_RULE_CLOUD_COVERAGE);
	CHECK_INT(goods_book_relocate(&book, "a1", DBK_PLACE_CLOUD, DBK_PLACE_PHYSICAL,
				      "soap", 1),
		  DBK_RULE_NONE);
	CHECK_INT(book.books->findings.count, 1);
	end();
}

/* What has left the depot has left it. */
static void
test_cloud_brand_falls(void)
{
	begin("cloud", "REFUSE", NULL, 0);
	CHECK_INT(goods_book_stock(&book, "depot", "soap", 10), DBK_RULE_NONE);
	CHECK_INT(promise("a1", 8), DBK_RULE_NONE);
	CHECK_INT(goods_book_deliver(&book, "depot", "a2", "soap", 2), DBK_RULE_NONE);
	CHECK(found_on_sku(DBK_RULE_CLOUD_COVERAGE, 0, 0, 0));
	CHECK_INT(goods_book_deliver(&book, "depot", "a2", "soap", 4), DBK_RULE_NONE);
	CHECK(found_on_sku(DBK_RULE_CLOUD_COVERAGE, 1, 500000, 1000000));
	end();
}

static void
promise_too_much(const char *mode)
{
	begin("cloud", mode, NULL, 0);
	CHECK_INT(goods_book_stock(&book, "depot", "soap", 8000), DBK_RULE_NONE);
	CHECK_INT(promise("a1", 8000), DBK_RULE_NONE);
	CHECK(found_on_sku(DBK_RULE_CLOUD_COVERAGE, 0, 0, 0));
	CHECK_INT(promise("a2", 1500), DBK_RULE_NONE);
}

/* 8,000 in stock and 9,500 claims. */
static void
test_cloud_flagged(void)
{
	promise_too_much("FLAG");
	CHECK(found_on_sku(DBK_RULE_CLOUD_COVERAGE, 1, 842105, 1000000));
	CHECK_INT(
	    goods_book_finding(&book, DBK_RULE_CLOUD_COVERAGE, DBK_SUBJECT_SKU, "soap")
		.red,
	    1);
	end();
	promise_too_much("OFF");
	CHECK_INT(book.books->findings.count, 1);
	end();
}

/* ----------------------------------------------------- profiteering, count, entry_fee
 */

static void
test_profiteering(void)
{
	begin("profiteering", "REFUSE", NULL, 0);
	CHECK_INT(define("tea", 1, 1000, 100, ""), DBK_RULE_NONE);
	CHECK_INT(define("tea", 2, 1001, 100, ""), DBK_RULE_PROFITEERING);
	CHECK(money_book_measured(&book, 10010000, 10000000));
	CHECK(is_field("list_price", NULL));
	CHECK_INT(define("tea", 2, 1001, 0, ""), DBK_RULE_NONE);
	CHECK_INT(define("gold", 1, DBK_AMOUNT_MAX, 1, ""), DBK_RULE_PROFITEERING);
	CHECK(money_book_measured(&book, DBK_AMOUNT_MAX * 1000000, 10000000));
	end();
	begin("profiteering", "FLAG", "max_markup_ppm", 2000000);
	CHECK_INT(define("soap", 2, 200, 100, ""), DBK_RULE_NONE);
	CHECK(found_on_sku(DBK_RULE_PROFITEERING, 0, 0, 0));
	CHECK_INT(define("soap", 3, 201, 100, ""), DBK_RULE_NONE);
	CHECK(found_on_sku(DBK_RULE_PROFITEERING, 1, 2010000, 2000000));
	end();
	begin("profiteering", "OFF", NULL, 0);
	CHECK_INT(define("soap", 2, 100000, 1, ""), DBK_RULE_NONE);
	CHECK_INT(book.books->findings.count, 1);
	end();
}

static enum dbk_rule
count(struct dbk_holder holder, int64_t counted)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_STOCK_COUNTED);

	event.u.stock_counted =
	    (struct dbk_stock_counted){ .count = dbk_str_of("count"),
					.line = ++book.serial,
					.holder = holder,
					.place = DBK_PLACE_PHYSICAL,
					.sku = dbk_str_of("soap"),
					.counted = counted };
	return money_book_send(&book, &event);
}

static void
count_goods(const char *mode)
{
	begin("count", mode, "count_tolerance", 2);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 10), DBK_RULE_NONE);
	CHECK_INT(goods_book_stock(&book, "depot", "soap", 10), DBK_RULE_NONE);
	CHECK_INT(count(goods_book_agent("a1"), 10), DBK_RULE_NONE);
	CHECK_INT(count(goods_book_agent("a1"), 8), DBK_RULE_NONE);
	CHECK_INT(count(goods_book_agent("a1"), 10), DBK_RULE_NONE);
	CHECK_INT(book.books->findings.count, 1);
	CHECK_INT(count(goods_book_agent("a1"), 7), DBK_RULE_NONE);
	CHECK_INT(count(goods_book_agent("a1"), 11), DBK_RULE_NONE);
	CHECK_INT(count(goods_book_location("depot"), 7), DBK_RULE_NONE);
}

static void
test_count(void)
{
	static const char *const modes[] = { "FLAG", "REFUSE" };

	for (unsigned i = 0; i < 2; i++) {
		count_goods(modes[i]);
		CHECK(goods_book_found(&book, DBK_RULE_COUNT_DIFFERENCE,
				       DBK_SUBJECT_AGENT, "a1", 2, 4, 2));
		CHECK(goods_book_found(&book, DBK_RULE_COUNT_DIFFERENCE,
				       DBK_SUBJECT_LOCATION, "depot", 1, 3, 2));
		end();
	}
	count_goods("OFF");
	CHECK_INT(book.books->findings.count, 1);
	end();
}

static enum dbk_rule
charge(enum dbk_fee_kind kind, int64_t amount, bool is_condition)
{
	static const char *const names[] = { "f0", "f1", "f2", "f3", "f4",
					     "f5", "f6", "f7", "f8", "f9" };
	struct dbk_event event = money_book_event(&book, DBK_EVENT_FEE_CHARGED);

	event.u.fee_charged =
	    (struct dbk_fee_charged){ .fee = dbk_str_of(names[book.serial++ % 10]),
				      .agent = dbk_str_of("a1"),
				      .kind = kind,
				      .amount = amount,
				      .is_condition = is_condition };
	return money_book_send(&book, &event);
}

static void
test_entry_fee(void)
{
	begin("entry_fee", "REFUSE", "entry_fee_limit", 100);
	CHECK_INT(charge(DBK_FEE_JOINING, 100, true), DBK_RULE_NONE);
	CHECK_INT(charge(DBK_FEE_JOINING, 101, true), DBK_RULE_ENTRY_FEE);
	CHECK(money_book_measured(&book, 101, 100));
	CHECK(is_field("amount", NULL));
	CHECK_INT(charge(DBK_FEE_KIT, 101, true), DBK_RULE_ENTRY_FEE);
	CHECK_INT(charge(DBK_FEE_JOINING, 101, false), DBK_RULE_NONE);
	CHECK_INT(charge(DBK_FEE_TRAINING, 101, true), DBK_RULE_NONE);
	CHECK_INT(charge(DBK_FEE_RENEWAL, 101, true), DBK_RULE_NONE);
	CHECK_INT(charge(DBK_FEE_UPGRADE, 101, true), DBK_RULE_NONE);
	CHECK_INT(book.books->findings.count, 1);
	end();
	begin("entry_fee", "FLAG", NULL, 0);
	CHECK_INT(charge(DBK_FEE_KIT, 1, true), DBK_RULE_NONE);
	CHECK(goods_book_found(&book, DBK_RULE_ENTRY_FEE, DBK_SUBJECT_AGENT, "a1", 1, 1,
			       0));
	end();
	begin("entry_fee", "OFF", NULL, 0);
	CHECK_INT(charge(DBK_FEE_KIT, 1, true), DBK_RULE_NONE);
	CHECK_INT(book.books->findings.count, 1);
	end();
}

int
main(void)
{
	check_run("no more is promised than there is", test_cloud_refused);
	check_run("goods that leave the brand are flagged only",
		  test_cloud_brand_falls);
	check_run("promises without goods are flagged", test_cloud_flagged);
	check_run("a price is a multiple of what the factory takes", test_profiteering);
	check_run("differences of counts are flagged", test_count);
	check_run("who joins pays no fee above the limit", test_entry_fee);
	return check_end();
}
