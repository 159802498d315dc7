/*
 * Goods of agents: what came in, what went out and what stayed, by hand and at random
 * against loops over single units.
 */

#include "../tests/lib/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "books/effects.h"
#include "metrics/holdings.h"
#include "metrics/metric.h"
#include "metrics/sample.h"

#define DAY_US 86400000000
#define SOAP 77u

static struct dbk_study *study;
static uint64_t position;

static int32_t
day(int year, unsigned month, unsigned of_month)
{
	return (int32_t)dbk_time_days_of_civil(year, month, of_month);
}

static void
open_window(int32_t from, int32_t to)
{
	struct dbk_study_options options = { .from_day = from, .to_day = to };

	position = 0;
	check_must(dbk_study_open(&options, &study), NULL, "a study");
}

static void
open_all(void)
{
	open_window(INT32_MIN, INT32_MAX);
}

static void
tell(struct dbk_fact fact, int32_t on)
{
	fact.position = position++;
	fact.at = on * DAY_US;
	check_must(dbk_study_add(study, &fact), NULL, "a fact");
}

static void
move_from(uint32_t agent, uint32_t other, enum dbk_movement how, int64_t units,
	  int64_t amount, int32_t on)
{
	tell((struct dbk_fact){ .kind = DBK_FACT_GOODS,
				.agent = agent,
				.other = other,
				.code = how,
				.qty = units,
				.amount = amount,
				.hash = SOAP,
				.tier = other == 0 ? 1 : 2 },
	     on);
}

static void
move(uint32_t agent, enum dbk_movement how, int64_t units, int32_t on)
{
	move_from(agent, 0, how, units, 0, on);
}

static void
sell_in(uint32_t agent, int64_t amount, int32_t on)
{
	tell((struct dbk_fact){ .kind = DBK_FACT_BOUGHT,
				.agent = agent,
				.code = DBK_PURCHASE_STOCK,
				.amount = amount,
				.qty = 1 },
	     on);
}

static void
sell_out(uint32_t agent, int64_t amount, int32_t on)
{
	tell((struct dbk_fact){ .kind = DBK_FACT_SOLD,
				.agent = agent,
				.amount = amount,
				.qty = 1,
				.is_own_goods = true },
	     on);
}

static void
end(void)
{
	check_must(dbk_study_end(study), NULL, "the end");
}

static struct dbk_value
measure_with(const char *name, int64_t first, int64_t second)
{
	const struct dbk_metric *metric = dbk_metric_find(dbk_str_of(name));
	struct dbk_metric_question question = dbk_metric_question(study, metric);
	struct dbk_value value;

	if (first >= 0)
		question.parameters[0] = first;
	if (second >= 0)
		question.parameters[1] = second;
	dbk_metric_measure(study, metric, &question, &value);
	return value;
}

static struct dbk_value
measure(const char *name)
{
	return measure_with(name, -1, -1);
}

static void
check_ratio(struct dbk_ratio got, int64_t numerator, int64_t denominator)
{
	CHECK_INT(got.numerator, numerator);
	CHECK_INT(got.denominator, denominator);
}

static void
test_nothing(void)
{
	static const char *const names[] = { "sell_through", "loaded_share",
					     "aged_share", "bunching", "stuffing" };

	open_all();
	end();
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct dbk_value value = measure(names[i]);

		CHECK(value.strict_state == DBK_VALUE_EMPTY);
		CHECK(value.lenient_state == DBK_VALUE_EMPTY);
		CHECK_INT(value.population, 0);
		CHECK_INT(value.evidence.count, 0);
	}
	CHECK_INT(dbk_holdings_tiers(dbk_study_holdings(study)), 0);
	CHECK_INT(dbk_holdings_on_hand(dbk_study_holdings(study), 5), 0);
	dbk_study_close(study);
}

static void
settle(void)
{
	check_must(dbk_study_settle(study), NULL, "facts that wait");
}

/* Out of two deliveries of different prices, the first leaves first. */
static void
test_first_in_first_out(void)
{
	const struct dbk_holdings *holdings;

	open_all();
	move_from(1, 0, DBK_MOVE_RECEIVED, 3, 100, day(2026, 1, 1));
	move_from(1, 0, DBK_MOVE_RECEIVED, 4, 400, day(2026, 2, 1));
	move(1, DBK_MOVE_SELF_USED, 2, day(2026, 2, 2)); /* 66 of 100 */
	move(1, DBK_MOVE_SELF_USED, 2, day(2026, 2, 3)); /* 34, and 100 */
	holdings = dbk_study_holdings(study);
	settle();
	CHECK_INT(dbk_holdings_self_used(holdings, 1), 200);
	move(1, DBK_MOVE_COUNTED, 2, day(2026, 2, 4));
	move(1, DBK_MOVE_SELF_USED, 5, day(2026, 2, 5)); /* 300, and two for nothing */
	settle();
	CHECK_INT(dbk_holdings_self_used(holdings, 1), 500);
	CHECK_INT(dbk_holdings_on_hand(holdings, 1), 0);
	move(1, DBK_MOVE_LOST, 5, day(2026, 2, 5)); /* more than there is */
	settle();
	CHECK_INT(dbk_holdings_on_hand(holdings, 1), 0);
	move(1, DBK_MOVE_TAKEN_BACK, 1, day(2026, 2, 6));
	settle();
	CHECK_INT(dbk_holdings_on_hand(holdings, 1), 1);
	end();
	dbk_study_close(study);
}

static void
test_aged(void)
{
	open_window(INT32_MIN, day(2026, 6, 30));
	move(1, DBK_MOVE_RECEIVED, 10, day(2026, 4, 1)); /* 90 days before the cut */
	move(1, DBK_MOVE_RECEIVED, 5, day(2026, 6, 1));
	move(2, DBK_MOVE_RECEIVED, 4, day(2026, 3, 31)); /* 91 days */
	move(2, DBK_MOVE_SOLD, 1, day(2026, 6, 1));
	move(2, DBK_MOVE_SOLD, 3, day(2026, 6, 30)); /* behind the window */
	end();
	check_ratio(measure("aged_share").strict, 3, 18);
	CHECK_INT(measure("aged_share").population, 2);
	CHECK_INT(measure("aged_share").evidence.count, 1);
	CHECK_INT(measure("aged_share").evidence.positions[0], 2);
	check_ratio(measure_with("aged_share", 91, -1).strict, 0, 18);
	check_ratio(measure_with("aged_share", 89, -1).strict, 13, 18);
	check_ratio(measure_with("aged_share", 0, -1).strict, 18, 18);
	CHECK_INT(dbk_holdings_aged(dbk_study_holdings(study), 1, 89), 10);
	CHECK_INT(dbk_holdings_aged(dbk_study_holdings(study), 1, 90), 0);
	dbk_study_close(study);
}

static void
test_sell_through(void)
{
	open_window(INT32_MIN, day(2026, 6, 15));
	move(1, DBK_MOVE_RECEIVED, 100, day(2026, 3, 31)); /* before the three months */
	move(1, DBK_MOVE_RECEIVED, 50, day(2026, 4, 1));
	move_from(2, 1, DBK_MOVE_RECEIVED, 30, 0,
		  day(2026, 4, 2)); /* not of the brand */
	move(1, DBK_MOVE_RETURNED, 10, day(2026, 4, 3));
	move(1, DBK_MOVE_SOLD, 12, day(2026, 5, 1));
	move(1, DBK_MOVE_TAKEN_BACK, 2, day(2026, 5, 2));
	move(1, DBK_MOVE_SELF_USED, 5, day(2026, 6, 14));
	move(1, DBK_MOVE_SOLD, 9, day(2026, 6, 15)); /* behind the window */
	end();
	check_ratio(measure("sell_through").strict, 10, 40);
	check_ratio(measure("sell_through").lenient, 15, 40);
	CHECK_INT(measure("sell_through").population, 1);
	CHECK_INT(measure("sell_through").evidence.count, 1);
	check_ratio(measure_with("sell_through", 4, -1).strict, 10, 140);
	CHECK(measure_with("sell_through", 1, -1).strict_state == DBK_VALUE_EMPTY);
	dbk_study_close(study);
}

/* 91 days of April to June; 50 units on hand of which 51 went: 89 days of stock. */
static void
test_loaded(void)
{
	open_window(INT32_MIN, day(2026, 7, 1));
	move(1, DBK_MOVE_RECEIVED, 101, day(2026, 4, 1));
	move(1, DBK_MOVE_SOLD, 51, day(2026, 4, 2));
	move(2, DBK_MOVE_RECEIVED, 10, day(2026, 4, 1)); /* nothing sold: for ever */
	move(3, DBK_MOVE_RECEIVED, 10,
	     day(2026, 4, 1)); /* all gone, none to consumers */
	move(3, DBK_MOVE_SELF_USED, 10, day(2026, 4, 1));
	move(4, DBK_MOVE_RECEIVED, 10, day(2026, 3, 31)); /* not lately */
	end();
	check_ratio(measure("loaded_share").strict, 2, 3);
	check_ratio(measure("loaded_share").lenient, 1, 3);
	CHECK_INT(measure("loaded_share").population, 3);
	CHECK_INT(measure("loaded_share").evidence.count, 2);
	/* 50 * 91 = 4550 against 51 * days. */
	check_ratio(measure_with("loaded_share", 89, -1).strict, 3, 3);
	/* Sell-through of the first is 51 / 101 = 504950 ppm, rounded down. */
	check_ratio(measure_with("loaded_share", -1, 504950).strict, 2, 3);
	check_ratio(measure_with("loaded_share", -1, 504951).strict, 3, 3);
	check_ratio(measure_with("loaded_share", 89, 504951).lenient, 2, 3);
	check_ratio(measure_with("loaded_share", -1, 0).strict, 1, 3);
	dbk_study_close(study);
}

static void
test_stock_lasts_exactly(void)
{
	open_window(INT32_MIN, day(2026, 7, 1));
	move(1, DBK_MOVE_RECEIVED, 181, day(2026, 4, 1));
	move(1, DBK_MOVE_SOLD, 91, day(2026, 4, 2)); /* one a day: 90 days are left */
	end();
	check_ratio(measure("loaded_share").strict, 0, 1);
	check_ratio(measure_with("loaded_share", 89, -1).strict, 1, 1);
	dbk_study_close(study);
}

static void
test_bunching(void)
{
	struct dbk_value value;

	open_window(day(2026, 1, 2), day(2026, 4, 15));
	sell_in(1, 100, day(2026, 1, 31)); /* January is not whole */
	sell_in(1, 10, day(2026, 2, 1));
	sell_in(1, 20, day(2026, 2, 26));
	sell_in(1, 40, day(2026, 2, 28));
	sell_in(1, 80, day(2026, 3, 28));
	sell_in(1, 160, day(2026, 3, 29));
	sell_in(1, 320, day(2026, 4, 14)); /* nor is April */
	end();
	value = measure("bunching");
	check_ratio(value.strict, 60 * 28 + 160 * 31, 3 * (70 + 240));
	CHECK_INT(value.population, 5);
	CHECK_INT(value.evidence.count, 3);
	CHECK_INT(value.evidence.positions[0], 2);
	check_ratio(measure_with("bunching", 1, -1).strict, 40 * 28, 70 + 240);
	/* A month has no more days than it has. */
	check_ratio(measure_with("bunching", 31, -1).strict, 70 * 28 + 240 * 31,
		    31 * (70 + 240));
	dbk_study_close(study);
}

static void
test_stuffing(void)
{
	struct dbk_value value;

	open_window(INT32_MIN, day(2026, 7, 1));
	sell_in(1, 7, day(2025, 12, 31));
	sell_in(1, 100, day(2026, 1, 1));
	sell_out(1, 50, day(2026, 3, 31));
	sell_in(1, 300, day(2026, 4, 1));
	sell_out(1, 60, day(2026, 6, 30));
	end();
	value = measure("stuffing");
	check_ratio(value.strict, 300 * 50, 100 * 60);
	CHECK_INT(value.population, 1);
	dbk_study_close(study);
	open_all();
	sell_in(1, INT64_MAX, day(2026, 1, 1));
	sell_out(1, INT64_MAX, day(2026, 1, 1));
	sell_in(1, INT64_MAX / 2, day(2026, 4, 1));
	sell_out(1, INT64_MAX, day(2026, 6, 30));
	end();
	value = measure("stuffing");
	CHECK_INT(dbk_ratio_ppm(value.strict), 499999);
	dbk_study_close(study);
}

static void
test_tiers(void)
{
	const struct dbk_tier_flow *tier;

	open_window(day(2026, 1, 1), INT32_MAX);
	move_from(1, 0, DBK_MOVE_RECEIVED, 5, 50, day(2025, 12, 31)); /* stays only */
	move_from(1, 0, DBK_MOVE_RECEIVED, 100, 1000, day(2026, 1, 1));
	move_from(1, 2, DBK_MOVE_PASSED_DOWN, 40, 600, day(2026, 1, 2));
	tell((struct dbk_fact){ .kind = DBK_FACT_GOODS,
				.agent = 2,
				.other = 1,
				.code = DBK_MOVE_RECEIVED,
				.qty = 40,
				.amount = 600,
				.hash = SOAP,
				.tier = 2 },
	     day(2026, 1, 2));
	move_from(1, 0, DBK_MOVE_SOLD, 20, 400, day(2026, 1, 3));
	move_from(1, 0, DBK_MOVE_TAKEN_BACK, 1, 20, day(2026, 1, 4));
	move(1, DBK_MOVE_SELF_USED, 2, day(2026, 1, 4));
	move(1, DBK_MOVE_SAMPLED, 3, day(2026, 1, 4));
	move(1, DBK_MOVE_LOST, 4, day(2026, 1, 4));
	move(1, DBK_MOVE_COUNTED, -5, day(2026, 1, 4));
	move(1, DBK_MOVE_COUNTED, 1, day(2026, 1, 4));
	move(1, DBK_MOVE_RETURNED, 6, day(2026, 1, 4));
	tell((struct dbk_fact){ .kind = DBK_FACT_SOLD, .qty = 9 }, day(2026, 1, 5));
	tell((struct dbk_fact){ .kind = DBK_FACT_SOLD_BACK, .qty = 2 },
	     day(2026, 1, 6));
	end();
	CHECK_INT(dbk_holdings_tiers(dbk_study_holdings(study)), 3);
	tier = dbk_holdings_tier(dbk_study_holdings(study), 1);
	CHECK_INT(tier->holders, 1);
	CHECK_INT(tier->from_brand, 100);
	CHECK_INT(tier->from_above, 0);
	CHECK_INT(tier->passed_down, 0);
	CHECK_INT(tier->to_consumers, 19);
	CHECK_INT(tier->used, 5);
	CHECK_INT(tier->lost, 8);
	CHECK_INT(tier->given_back, 6);
	CHECK_INT(tier->bought_value, 1000);
	CHECK_INT(tier->sold_value, 380);
	tier = dbk_holdings_tier(dbk_study_holdings(study), 2);
	CHECK_INT(tier->passed_down, 40); /* as its tier was told above */
	CHECK_INT(tier->from_above, 40);
	CHECK_INT(tier->stayed, 0);
	CHECK(dbk_holdings_tier(dbk_study_holdings(study), DBK_HOLDINGS_TIERS) == NULL);
	CHECK_INT(dbk_holdings_brand_to_consumers(dbk_study_holdings(study)), 7);
	dbk_study_close(study);
}

static void
test_many_tiers(void)
{
	open_all();
	for (uint32_t i = 0; i < 2; i++)
		tell((struct dbk_fact){ .kind = DBK_FACT_GOODS,
					.agent = 1,
					.code = DBK_MOVE_RECEIVED,
					.qty = 1,
					.tier = (uint8_t)(63 + i * 192) },
		     day(2026, 1, 1));
	end();
	CHECK_INT(dbk_holdings_tiers(dbk_study_holdings(study)), DBK_HOLDINGS_TIERS);
	CHECK_INT(dbk_holdings_tier(dbk_study_holdings(study), 63)->from_brand, 2);
	CHECK_INT(dbk_holdings_tier(dbk_study_holdings(study), 63)->holders, 1);
	dbk_study_close(study);
}

/* ------------------------------------------------------------------------ at random */

#define AGENTS 7
#define SKUS 3
#define STEPS 3000
#define UNITS_MAX 4000

/* Single units, oldest first. */
struct heap {
	int32_t days[UNITS_MAX];
	uint32_t n;
};

static uint32_t
next(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % below;
}

static void
test_random(void)
{
	static struct heap heaps[AGENTS][SKUS];
	static const enum dbk_movement outs[] = { DBK_MOVE_SOLD, DBK_MOVE_PASSED_DOWN,
						  DBK_MOVE_SAMPLED, DBK_MOVE_RETURNED };
	int32_t first = day(2026, 1, 1), cut = first + STEPS / 10;
	uint32_t seed = 6;
	int64_t aged = 0, all = 0;

	memset(heaps, 0, sizeof heaps);
	open_window(INT32_MIN, cut);
	for (uint32_t i = 0; i < STEPS; i++) {
		uint32_t agent = next(&seed, AGENTS), sku = next(&seed, SKUS);
		struct heap *heap = &heaps[agent][sku];
		uint32_t units = 1 + next(&seed, 5);
		int32_t on = first + (int32_t)(i / 10);
		bool is_in = heap->n < units || next(&seed, 2) == 0;

		tell((struct dbk_fact){ .kind = DBK_FACT_GOODS,
					.agent = agent + 1,
					.code = is_in ? DBK_MOVE_RECEIVED
						      : outs[next(&seed, 4)],
					.qty = units,
					.hash = 1000 + sku },
		     on);
		if (is_in) {
			for (uint32_t u = 0; u < units; u++)
				heap->days[heap->n++] = on;
			continue;
		}
		heap->n -= units;
		memmove(heap->days, heap->days + units, heap->n * sizeof heap->days[0]);
	}
	end();
	for (uint32_t i = 0; i < AGENTS * SKUS; i++) {
		const struct heap *heap = &heaps[i / SKUS][i % SKUS];

		all += heap->n;
		for (uint32_t u = 0; u < heap->n; u++)
			aged += cut - heap->days[u] > 5;
	}
	check_ratio(measure_with("aged_share", 5, -1).strict, aged, all);
	CHECK(aged > 0 && aged < all);
	dbk_study_close(study);
}

static void
test_sample(void)
{
	static uint64_t order[1000];
	uint32_t seed = 9;

	for (uint32_t n = 1; n <= 1000; n += n < 210 ? 1 : 100) {
		struct dbk_evidence_list list = { .n = 0 };
		bool right = true;

		for (uint32_t i = 0; i < n; i++)
			order[i] = i;
		for (uint32_t i = n - 1; i > 0; i--) {
			uint32_t with = next(&seed, i + 1);
			uint64_t kept = order[i];

			order[i] = order[with];
			order[with] = kept;
		}
		for (uint32_t i = 0; i < n; i++)
			dbk_sample_add(&list, order[i]);
		CHECK_INT(list.count, n);
		CHECK_INT(list.n, n < 200 ? n : 200);
		for (uint32_t i = 0; i < list.n; i++)
			right &= list.positions[i] ==
				 (i < 100 || n <= 200 ? i : n - 200 + i);
		CHECK(right);
	}
}

int
main(void)
{
	check_run("nothing is no share of anything", test_nothing);
	check_run("what came first leaves first, at its price",
		  test_first_in_first_out);
	check_run("stock is aged one day after its days", test_aged);
	check_run("sell-through is of the last months and of the brand's goods",
		  test_sell_through);
	check_run("agents who sit on stock, by one test or both", test_loaded);
	check_run("stock that lasts exactly its days is not too much",
		  test_stock_lasts_exactly);
	check_run("sell-in at the end of months that are whole", test_bunching);
	check_run("sell-in grows faster than sell-through", test_stuffing);
	check_run("goods by the hands they went through", test_tiers);
	check_run("tiers beyond the last row stand in it", test_many_tiers);
	check_run("units at random, one by one", test_random);
	check_run("the least and the greatest of positions in any order", test_sample);
	return check_end();
}
