/*
 * test_books_flows.c -- what moved of an agent's goods, day by day; of a sku on a day,
 * of a tier, of those who joined in one month.
 */

#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"

static struct money_book book;

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

static uint32_t
id_of(enum dbk_space space, const char *name)
{
	return dbk_names_find(&book.books->names, space, dbk_str_of(name));
}

static uint32_t
holder_of(const char *agent)
{
	uint32_t id = id_of(DBK_SPACE_AGENT, agent);

	return DBK_ROW(book.books, agents, agent, id)->holder;
}

/* Of soap without a lot. */
static uint32_t
position_of(const char *agent, uint32_t place)
{
	return dbk_position_known(book.books, holder_of(agent), 1, place);
}

static struct dbk_row_position
stock_of(const char *agent)
{
	return *DBK_ROW(book.books, positions, position,
			position_of(agent, DBK_PLACE_PHYSICAL));
}

static uint32_t
today(void)
{
	return dbk_today(book.books);
}

/* Sums of the agent's PHYSICAL soap over DAYS days that end with UNTIL. */
static struct dbk_flow_sums
sums_until(const char *agent, uint32_t until, uint32_t days)
{
	struct dbk_flow_sums sums = { 0, 0, 0, 0 };

	dbk_flow_sum(book.books, position_of(agent, DBK_PLACE_PHYSICAL),
		     until - days + 1, until, &sums);
	return sums;
}

static struct dbk_flow_sums
sums_of(const char *agent)
{
	return sums_until(agent, today(), DBK_FLOW_DAYS);
}

static struct dbk_row_sku_day
soap_on(uint32_t day)
{
	return *DBK_ROW(book.books, sku_days, sku_day,
			dbk_sku_day_find(book.books, 1, day));
}

static struct dbk_row_tier
tier(uint32_t number)
{
	for (uint32_t i = 1; i < book.books->tiers.count; i++)
		if (DBK_ROW(book.books, tiers, tier, i)->tier == number)
			return *DBK_ROW(book.books, tiers, tier, i);
	return *DBK_ROW(book.books, tiers, tier, 0);
}

static enum dbk_rule
issue_on(int days_ago, int64_t qty, int64_t unit_price, const char *agent)
{
	struct dbk_stock_line line;
	struct dbk_event event = goods_book_issued(&book, &line, "soap", qty);

	event.effective_at -= days_ago * MONEY_BOOK_DAY_US;
	event.u.stock_issued.to = goods_book_agent(agent);
	line.unit_price = unit_price;
	return money_book_send(&book, &event);
}

static enum dbk_rule
give_back(const char *agent, int64_t qty)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_STOCK_RETURNED);
	struct dbk_stock_line line = { .sku = dbk_str_of("soap"), .qty = qty };
	static char name[16];

	(void)snprintf(name, sizeof name, "r%u", ++book.serial);
	event.u.stock_returned.document = dbk_str_of(name);
	event.u.stock_returned.agent = dbk_str_of(agent);
	event.u.stock_returned.place = DBK_PLACE_PHYSICAL;
	event.u.stock_returned.lines = &line;
	event.u.stock_returned.n_lines = 1;
	return money_book_send(&book, &event);
}

static enum dbk_rule
count(struct dbk_holder holder, uint32_t place, int64_t counted)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_STOCK_COUNTED);
	static char name[16];

	(void)snprintf(name, sizeof name, "c%u", ++book.serial);
	event.u.stock_counted = (struct dbk_stock_counted){ .count = dbk_str_of(name),
							    .line = 1,
							    .holder = holder,
							    .place = place,
							    .sku = dbk_str_of("soap"),
							    .counted = counted };
	return money_book_send(&book, &event);
}

/* ---------------------------------------------------------------------- positions */

static void
test_received(void)
{
	begin();
	CHECK_INT(sums_of("a1").received, 0);
	goods_book_issue(&book, "a1", "soap", 40);
	CHECK_INT(sums_of("a1").received, 40);
	CHECK_INT(sums_of("a1").change, 40);
	CHECK_INT(sums_of("a1").passed, 0);
	CHECK_INT(give_back("a1", 15), DBK_RULE_NONE);
	CHECK_INT(sums_of("a1").received, 25);
	CHECK_INT(sums_of("a1").change, 25);
	end();
}

static void
test_passed(void)
{
	begin();
	goods_book_issue(&book, "a1", "soap", 40);
	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 6), DBK_RULE_NONE);
	CHECK_INT(sums_of("a1").received, 40);
	CHECK_INT(sums_of("a1").change, 34);
	CHECK_INT(sums_of("a1").passed, 6);
	CHECK_INT(sums_of("a2").received, 6);
	CHECK_INT(sums_of("a2").change, 6);
	CHECK_INT(soap_on(today()).passed, 6);
	CHECK_INT(soap_on(today()).issued, 40);
	end();
}

static void
test_to_a_location(void)
{
	struct dbk_stock_line line;
	struct dbk_event event;

	begin();
	goods_book_issue(&book, "a1", "soap", 40);
	event = goods_book_transferred(&book, &line, "soap", 10);
	event.u.stock_transferred.from = goods_book_agent("a1");
	event.u.stock_transferred.to = goods_book_location("store");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(sums_of("a1").received, 30);
	CHECK_INT(sums_of("a1").passed, 0);
	CHECK_INT(soap_on(today()).returned, 0);
	CHECK_INT(give_back("a1", 5), DBK_RULE_NONE);
	CHECK_INT(soap_on(today()).returned, 5);
	end();
}

static void
test_relocated(void)
{
	begin();
	goods_book_issue(&book, "a1", "soap", 40);
	CHECK_INT(goods_book_relocate(&book, "a1", DBK_PLACE_PHYSICAL, DBK_PLACE_CLOUD,
				      "soap", 10),
		  DBK_RULE_NONE);
	CHECK_INT(sums_of("a1").received, 40);
	CHECK_INT(sums_of("a1").change, 30);
	CHECK_INT(sums_of("a1").passed, 0);
	CHECK_INT(
	    DBK_ROW(book.books, positions, position, position_of("a1", DBK_PLACE_CLOUD))
		->tier,
	    1);
	CHECK_INT(tier(1).bought_units, 40);
	CHECK_INT(tier(1).passed_units, 0);
	end();
}

static void
test_counted(void)
{
	begin();
	goods_book_issue(&book, "a1", "soap", 40);
	CHECK_INT(count(goods_book_agent("a1"), DBK_PLACE_PHYSICAL, 33), DBK_RULE_NONE);
	CHECK_INT(sums_of("a1").received, 40);
	CHECK_INT(sums_of("a1").change, 33);
	CHECK_INT(DBK_ROW(book.books, holders, holder, holder_of("a1"))->units, 33);
	end();
}

/* --------------------------------------------------------------------------- days */

static void
test_late(void)
{
	begin();
	money_book_wait_days(&book, 100);
	CHECK_INT(issue_on(0, 1, 0, "a1"), DBK_RULE_NONE);
	CHECK_INT(issue_on(50, 10, 0, "a1"), DBK_RULE_NONE);
	CHECK_INT(issue_on(70, 100, 0, "a1"), DBK_RULE_NONE);
	CHECK_INT(issue_on(60, 1000, 0, "a1"), DBK_RULE_NONE);
	CHECK_INT(issue_on(60, 1000, 0, "a1"), DBK_RULE_NONE);
	CHECK_INT(issue_on(70, 100, 0, "a1"), DBK_RULE_NONE);
	CHECK_INT(issue_on(0, 1, 0, "a1"), DBK_RULE_NONE);
	CHECK_INT(sums_of("a1").received, 2212);
	CHECK_INT(sums_until("a1", today(), 1).received, 2);
	CHECK_INT(sums_until("a1", today(), 50).received, 2);
	CHECK_INT(sums_until("a1", today(), 51).received, 12);
	CHECK_INT(sums_until("a1", today(), 61).received, 2012);
	CHECK_INT(sums_until("a1", today() - 60, 1).received, 2000);
	CHECK_INT(sums_until("a1", today() - 60, 11).received, 2200);
	CHECK_INT(book.books->flows.count, 1 + 4);
	end();
}

static void
test_too_late(void)
{
	uint32_t day;

	begin();
	money_book_wait_days(&book, 400);
	day = today();
	CHECK_INT(issue_on(366, 7, 0, "a1"), DBK_RULE_NONE);
	CHECK_INT(book.books->flows.count, 1);
	CHECK_INT(stock_of("a1").in, 0);
	CHECK_INT(soap_on(day - 366).issued, 7);
	CHECK_INT(issue_on(365, 5, 0, "a1"), DBK_RULE_NONE);
	CHECK_INT(sums_of("a1").received, 5);
	CHECK_INT(stock_of("a1").on_hand, 12);
	CHECK_INT(soap_on(day - 365).issued, 5);
	end();
}

static void
test_a_year_is_kept(void)
{
	begin();
	for (int64_t i = 0; i < 400; i++) {
		CHECK_INT(issue_on(0, 1 + i, 0, "a1"), DBK_RULE_NONE);
		money_book_wait_days(&book, 1);
	}
	/* The last of 400 days was yesterday. */
	CHECK_INT(book.books->flows.count, 1 + 366);
	CHECK_INT(sums_of("a1").received, (400 + 36) * 365 / 2);
	CHECK_INT(sums_until("a1", today(), 2).received, 400);
	end();
}

static void
test_old_days_are_used_again(void)
{
	begin();
	for (int i = 0; i < 10; i++) {
		CHECK_INT(issue_on(0, 1, 0, "a1"), DBK_RULE_NONE);
		money_book_wait_days(&book, 1);
	}
	CHECK_INT(book.books->flows.count, 1 + 10);
	money_book_wait_days(&book, 500);
	CHECK_INT(sums_of("a1").received, 0);
	CHECK_INT(issue_on(0, 3, 0, "a1"), DBK_RULE_NONE);
	CHECK_INT(sums_of("a1").received, 3);
	for (int i = 1; i < 10; i++)
		CHECK_INT(issue_on(i, 3, 0, "a2"), DBK_RULE_NONE);
	CHECK_INT(book.books->flows.count, 1 + 10);
	CHECK_INT(sums_of("a2").received, 27);
	CHECK_INT(sums_of("a1").received, 3);
	end();
}

static void
test_any_order_of_days(void)
{
	int64_t by_day[30] = { 0 };
	uint32_t state = 1;

	begin();
	money_book_wait_days(&book, 60);
	for (int64_t i = 1; i <= 200; i++) {
		uint32_t ago = (state = state * 1103515245 + 12345) >> 16;

		ago %= 30;
		by_day[ago] += i;
		CHECK_INT(issue_on((int)ago, i, 0, "a1"), DBK_RULE_NONE);
	}
	for (uint32_t ago = 0; ago < 30; ago++)
		CHECK_INT(sums_until("a1", today() - ago, 1).received, by_day[ago]);
	CHECK_INT(sums_of("a1").received, 200 * 201 / 2);
	end();
}

/* -------------------------------------------------------------------------- tiers */

static void
test_tiers(void)
{
	begin();
	money_book_enrol(&book, "a3", "a2");
	CHECK_INT(issue_on(0, 40, 1000, "a1"), DBK_RULE_NONE);
	CHECK_INT(stock_of("a1").tier, 1);
	CHECK_INT(stock_of("a1").first_day, today() + 1);
	money_book_wait_days(&book, 1);
	goods_book_pass(&book, "a1", "a2", "soap", 10);
	goods_book_pass(&book, "a2", "a3", "soap", 4);
	CHECK_INT(stock_of("a2").tier, 2);
	CHECK_INT(stock_of("a3").tier, 3);
	CHECK_INT(stock_of("a3").first_day, today() + 1);
	CHECK_INT(tier(1).bought_units, 40);
	CHECK_INT(tier(1).bought_value, 40000);
	CHECK_INT(tier(1).passed_units, 10);
	CHECK_INT(tier(2).bought_units, 10);
	CHECK_INT(tier(2).passed_units, 4);
	CHECK_INT(tier(3).bought_units, 4);
	CHECK_INT(tier(3).passed_units, 0);
	/* The last one decides; the first day stays. */
	goods_book_issue(&book, "a3", "soap", 1);
	CHECK_INT(stock_of("a3").tier, 1);
	goods_book_pass(&book, "a2", "a3", "soap", 1);
	CHECK_INT(stock_of("a3").tier, 3);
	money_book_wait_days(&book, 1);
	goods_book_stock(&book, "store", "soap", 5);
	CHECK_INT(goods_book_deliver(&book, "store", "a3", "soap", 5), DBK_RULE_NONE);
	CHECK_INT(stock_of("a3").tier, 1);
	CHECK_INT(stock_of("a3").first_day, today());
	CHECK_INT(tier(1).bought_units, 46);
	end();
}

static void
test_tiers_end(void)
{
	char giver[16] = "a1", taker[16];

	begin();
	goods_book_issue(&book, "a1", "soap", 1);
	for (int i = 2; i <= 257; i++) {
		(void)snprintf(taker, sizeof taker, "t%d", i);
		money_book_enrol(&book, taker, "");
		CHECK_INT(goods_book_pass(&book, giver, taker, "soap", 1),
			  DBK_RULE_NONE);
		CHECK_INT(stock_of(taker).tier, i < 255 ? i : 255);
		memcpy(giver, taker, sizeof giver);
	}
	CHECK_INT(tier(255).bought_units, 3);
	CHECK_INT(tier(255).passed_units, 2);
	end();
}

/* ------------------------------------------------------------------------ cohorts */

static struct dbk_row_cohort
cohort(uint32_t number)
{
	return *DBK_ROW(book.books, cohorts, cohort, number);
}

static void
test_cohorts(void)
{
	begin(); /* in November */
	CHECK_INT(cohort(1).agents, 2);
	CHECK_INT(cohort(1).month, (2026 - 1970) * 12 + 10);
	goods_book_issue(&book, "a1", "soap", 40);
	goods_book_issue(&book, "a1", "soap", 1);
	CHECK_INT(cohort(1).bought[0], 41);
	CHECK_INT(cohort(1).active[0], 1);
	goods_book_pass(&book, "a1", "a2", "soap", 2);
	CHECK_INT(cohort(1).bought[0], 43);
	CHECK_INT(cohort(1).active[0], 2);
	CHECK_INT(give_back("a1", 5), DBK_RULE_NONE);
	CHECK_INT(cohort(1).bought[0], 43);
	money_book_wait_days(&book, 31);
	money_book_enrol(&book, "a3", "");
	goods_book_issue(&book, "a3", "soap", 100);
	CHECK_INT(cohort(2).agents, 1);
	CHECK_INT(cohort(2).bought[0], 100);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 4), DBK_RULE_NONE);
	CHECK_INT(cohort(1).sold[1], 4);
	CHECK_INT(cohort(1).active[1], 1);
	/* Late: of a month with something in it. */
	CHECK_INT(issue_on(31, 9, 0, "a1"), DBK_RULE_NONE);
	CHECK_INT(cohort(1).bought[0], 52);
	CHECK_INT(cohort(1).active[0], 2);
	/* Before it joined counts as when. */
	CHECK_INT(issue_on(31, 3, 0, "a3"), DBK_RULE_NONE);
	CHECK_INT(cohort(2).bought[0], 103);
	end();
}

static void
test_old_cohorts(void)
{
	begin();
	money_book_wait_days(&book, 365); /* November again */
	goods_book_issue(&book, "a1", "soap", 7);
	CHECK_INT(cohort(1).bought[12], 7);
	CHECK_INT(cohort(1).active[12], 1);
	money_book_wait_days(&book, 30);
	goods_book_issue(&book, "a1", "soap", 8);
	goods_book_issue(&book, "a2", "soap", 8);
	CHECK_INT(cohort(1).bought[12], 7);
	CHECK_INT(cohort(1).active[12], 1);
	CHECK_INT(DBK_ROW(book.books, holders, holder, holder_of("a2"))->active_month,
		  (2027 - 1970) * 12 + 12);
	end();
}

/* ----------------------------------------------------------------- units and lots */

static const struct dbk_row_sku *
soap(void)
{
	return DBK_ROW(book.books, skus, sku, 1);
}

static void
test_coverage(void)
{
	struct dbk_stock_line line;
	struct dbk_event event;

	begin();
	event = goods_book_issued(&book, &line, "soap", 30);
	event.u.stock_issued.to = goods_book_agent("a1");
	event.u.stock_issued.place = DBK_PLACE_CLOUD;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(soap()->cloud, 30);
	CHECK_INT(soap()->brand, 0);
	goods_book_stock(&book, "store", "soap", 50);
	CHECK_INT(soap()->brand, 50);
	goods_book_deliver(&book, "store", "a2", "soap", 8);
	CHECK_INT(soap()->brand, 42);
	CHECK_INT(soap()->cloud, 30);
	goods_book_relocate(&book, "a1", DBK_PLACE_CLOUD, DBK_PLACE_PHYSICAL, "soap",
			    12);
	CHECK_INT(soap()->cloud, 18);
	CHECK_INT(DBK_ROW(book.books, holders, holder, holder_of("a1"))->units, 30);
	CHECK_INT(count(goods_book_location("store"), DBK_PLACE_PHYSICAL, 40),
		  DBK_RULE_NONE);
	CHECK_INT(soap()->brand, 40);
	CHECK_INT(count(goods_book_location("store"), DBK_PLACE_CLOUD, 3),
		  DBK_RULE_NONE);
	CHECK_INT(soap()->brand, 40);
	CHECK_INT(soap()->cloud, 18);
	end();
}

static enum dbk_rule
issue_lot(int64_t qty)
{
	struct dbk_stock_line line;
	struct dbk_event event = goods_book_issued(&book, &line, "soap", qty);

	line.lot = dbk_str_of("l1");
	event.u.stock_issued.to = goods_book_agent("a1");
	return money_book_send(&book, &event);
}

static void
register_lot(int64_t qty)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_LOT_REGISTERED);

	event.u.lot_registered = (struct dbk_lot_registered){
		.lot = dbk_str_of("l1"),
		.sku = dbk_str_of("soap"),
		.qty = qty,
		.expires_on = DBK_TIME_ABSENT,
		.intended_region = dbk_str_of("GD"),
		.serial_from = dbk_str_of("N-1"),
		.serial_to = dbk_str_of("N-9"),
	};
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
test_lots(void)
{
	const struct dbk_row_lot *row;

	begin();
	register_lot(10);
	row = DBK_ROW(book.books, lots, lot, 1);
	CHECK_INT(row->intended_region, id_of(DBK_SPACE_TAG, "GD"));
	CHECK_INT(row->serial_from, id_of(DBK_SPACE_TAG, "N-1"));
	CHECK_INT(row->serial_to, id_of(DBK_SPACE_TAG, "N-9"));
	CHECK_INT(issue_lot(11), DBK_RULE_LOT_EXCEEDED);
	CHECK(money_book_measured(&book, 11, 10));
	CHECK_INT(issue_lot(4), DBK_RULE_NONE);
	CHECK_INT(issue_lot(7), DBK_RULE_LOT_EXCEEDED);
	CHECK(money_book_measured(&book, 11, 10));
	CHECK_INT(issue_lot(6), DBK_RULE_NONE);
	CHECK_INT(issue_lot(1), DBK_RULE_LOT_EXCEEDED);
	end();
}

static void
test_lots_without_a_size(void)
{
	begin();
	register_lot(0);
	CHECK_INT(issue_lot(1000), DBK_RULE_NONE);
	end();
}

int
main(void)
{
	check_run("goods received are counted, and goods returned taken off",
		  test_received);
	check_run("goods passed down count for both sides", test_passed);
	check_run("goods that a location takes were not passed down",
		  test_to_a_location);
	check_run("goods that change their place are only change", test_relocated);
	check_run("what a count finds is only change", test_counted);
	check_run("a day that is told late is put in its place", test_late);
	check_run("a day that no window reaches is not kept", test_too_late);
	check_run("a year of days is kept", test_a_year_is_kept);
	check_run("old days are used again", test_old_days_are_used_again);
	check_run("days come in any order", test_any_order_of_days);
	check_run("goods go down tier by tier", test_tiers);
	check_run("there are 255 tiers", test_tiers_end);
	check_run("those who joined in one month are counted by age", test_cohorts);
	check_run("a cohort above twelve months is not counted", test_old_cohorts);
	check_run("a sku knows what is promised and what is there", test_coverage);
	check_run("a lot never sends out more than it has", test_lots);
	check_run("a lot without a size sends anything", test_lots_without_a_size);
	return check_end();
}
