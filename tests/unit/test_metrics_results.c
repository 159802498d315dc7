/*
 * What taking part brought: net results by hand, and all figures at random against
 * loops that know nothing of the study.
 */

#include "../tests/lib/check.h"

#include <string.h>

#include "base/money.h"
#include "base/time.h"
#include "books/effects.h"
#include "metrics/metric.h"
#include "metrics/results.h"

#define DAY_US 86400000000

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
tell(struct dbk_fact fact, int32_t on)
{
	fact.position = position++;
	fact.at = on * DAY_US;
	check_must(dbk_study_add(study, &fact), NULL, "a fact");
}

static void
join(uint32_t agent, int32_t on)
{
	tell((struct dbk_fact){ .kind = DBK_FACT_JOINED, .agent = agent }, on);
}

static void
pay_fee(uint32_t agent, int64_t amount, int32_t on)
{
	tell(
	    (struct dbk_fact){ .kind = DBK_FACT_FEE, .agent = agent, .amount = amount },
	    on);
}

static void
reward(uint32_t agent, enum dbk_reward_basis basis, int64_t amount, int32_t on)
{
	tell((struct dbk_fact){ .kind =
				    amount < 0 ? DBK_FACT_REWARD_BACK : DBK_FACT_REWARD,
				.agent = agent,
				.basis = basis,
				.amount = amount < 0 ? -amount : amount },
	     on);
}

static void
buy(uint32_t agent, enum dbk_purchase how, int64_t amount, int64_t units, int32_t on)
{
	tell((struct dbk_fact){ .kind =
				    amount < 0 ? DBK_FACT_BOUGHT_BACK : DBK_FACT_BOUGHT,
				.agent = agent,
				.code = how,
				.amount = amount < 0 ? -amount : amount,
				.qty = units },
	     on);
}

static void
sell(enum dbk_fact_kind kind, uint32_t agent, enum dbk_sale_class sale_class,
     int64_t amount, int64_t units, int32_t on)
{
	tell((struct dbk_fact){ .kind = kind,
				.agent = agent,
				.sale_class = sale_class,
				.amount = amount,
				.qty = units,
				.is_own_goods = true },
	     on);
}

static void
move(uint32_t agent, uint32_t other, enum dbk_movement how, int64_t units,
     int64_t amount, int32_t on)
{
	tell((struct dbk_fact){ .kind = DBK_FACT_GOODS,
				.agent = agent,
				.other = other,
				.code = how,
				.qty = units,
				.amount = amount },
	     on);
}

static void
end(void)
{
	check_must(dbk_study_end(study), NULL, "the end");
}

static struct dbk_value
measure_with(const char *name, int64_t parameter)
{
	const struct dbk_metric *metric = dbk_metric_find(dbk_str_of(name));
	struct dbk_metric_question question = dbk_metric_question(study, metric);
	struct dbk_value value;

	if (parameter >= 0)
		question.parameters[0] = parameter;
	dbk_metric_measure(study, metric, &question, &value);
	return value;
}

static struct dbk_value
measure(const char *name)
{
	return measure_with(name, -1);
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
	static const char *const names[] = { "loss_share",     "never_paid_share",
					     "gini",	       "top_share",
					     "recouped_share", "retail_split" };
	const struct dbk_result_cohort *cohorts;
	struct dbk_result_bin bins[DBK_RESULT_BINS];
	int64_t quantiles[DBK_RESULT_QUANTILES];

	open_window(INT32_MIN, INT32_MAX);
	join(1, day(2026, 1, 1)); /* a free shopper is no participant */
	end();
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct dbk_value value = measure(names[i]);

		CHECK(value.strict_state == DBK_VALUE_EMPTY);
		CHECK(value.lenient_state == DBK_VALUE_EMPTY);
		CHECK_INT(value.population, 0);
	}
	CHECK_INT(dbk_results_count(dbk_study_results(study)), 0);
	CHECK_INT(dbk_results_cohorts(dbk_study_results(study), &cohorts), 0);
	CHECK(!dbk_results_quantiles(dbk_study_results(study), quantiles));
	dbk_results_bins(dbk_study_results(study), false, bins);
	CHECK_INT(bins[0].from == INT64_MIN && bins[20].to == INT64_MAX, 1);
	dbk_study_close(study);
}

static void
tell_everything(int32_t on)
{
	pay_fee(1, 1, on);
	buy(1, DBK_PURCHASE_STOCK, 20, 2, on);
	buy(1, DBK_PURCHASE_STOCK, -4, 1, on);
	buy(1, DBK_PURCHASE_SELF, 300, 1, on);
	buy(1, DBK_PURCHASE_AS_CUSTOMER, 700, 1, on);
	buy(1, DBK_PURCHASE_AS_CUSTOMER, -100, 1, on);
	reward(1, DBK_REWARD_OWN_RETAIL, 10000, on);
	reward(1, DBK_REWARD_DOWN_RETAIL, 20000, on);
	reward(1, DBK_REWARD_DOWN_RETAIL, -5000, on);
	reward(1, DBK_REWARD_OWN_PURCHASE, 100000, on);
	reward(1, DBK_REWARD_DOWN_PURCHASE, 200000, on);
	reward(1, DBK_REWARD_JOIN_FEE, 1000000, on);
	reward(1, DBK_REWARD_HEADCOUNT, 2000000, on);
	reward(1, DBK_REWARD_OTHER, 10000000, on);
	sell(DBK_FACT_SOLD, 1, DBK_SALE_VERIFIED, 1 << 24, 1, on);
	sell(DBK_FACT_SOLD, 1, DBK_SALE_DIRECT, 1 << 25, 1, on);
	sell(DBK_FACT_SOLD_BACK, 1, DBK_SALE_VERIFIED, 1 << 10, 1, on);
	move(1, 0, DBK_MOVE_RECEIVED, 10, 20, on);
	move(1, 3, DBK_MOVE_RECEIVED, 10, 1 << 26, on);
	move(1, 2, DBK_MOVE_PASSED_DOWN, 9, 1 << 27, on);
	move(1, 0, DBK_MOVE_SELF_USED, 1, 0, on);
}

static void
test_account(void)
{
	int64_t strict =
	    13325000 + (1 << 24) - (1 << 10) + (1 << 27) - 1 - 916 - (1 << 26);
	int64_t used = 900 + (1 << 26) - ((int64_t)1 << 26) * 9 / 10;
	struct dbk_result result;

	open_window(day(2026, 1, 1), day(2026, 2, 1));
	join(1, day(2025, 12, 31));
	tell_everything(day(2025, 12, 31)); /* outside: a participant, but no flow */
	tell_everything(day(2026, 1, 31));
	tell_everything(day(2026, 2, 1));
	end();
	dbk_results_of_account(dbk_study_results(study), 1, &result);
	CHECK_INT(result.rewards, 13325000);
	CHECK_INT(result.retail_rewards, 25000);
	CHECK_INT(result.purchase_rewards, 300000);
	CHECK_INT(result.recruit_rewards, 3000000);
	CHECK_INT(result.fees, 1);
	CHECK_INT(result.bought, 916);
	CHECK_INT(result.own_sales, (1 << 24) - (1 << 10));
	CHECK_INT(result.other_sales, 1 << 25);
	CHECK_INT(result.passed_down, 1 << 27);
	CHECK_INT(result.from_above, 1 << 26);
	/* Of the stock from before the window ten units were left, all of that upline's,
	 * of which nine were passed down. */
	CHECK_INT(result.self_used, used);
	CHECK_INT(result.net_strict, strict);
	CHECK_INT(result.net_lenient, strict + (1 << 25) + used);
	dbk_results_of_account(dbk_study_results(study), 99, &result);
	CHECK_INT(result.net_lenient, 0);
	dbk_study_close(study);
}

/* A sale that a flag makes doubted leaves the strict reading with what stands of it. */
static void
test_reclassed(void)
{
	struct dbk_result result;

	open_window(INT32_MIN, INT32_MAX);
	join(1, day(2026, 1, 1));
	pay_fee(1, 5, day(2026, 1, 1));
	sell(DBK_FACT_SOLD, 1, DBK_SALE_VERIFIED, 100, 2, day(2026, 1, 2));
	tell((struct dbk_fact){ .kind = DBK_FACT_RECLASSED,
				.agent = 1,
				.sale_class = DBK_SALE_DOUBTED,
				.hash = DBK_SALE_VERIFIED,
				.amount = 60,
				.qty = 1,
				.is_own_goods = true },
	     day(2026, 1, 3));
	end();
	dbk_results_of_account(dbk_study_results(study), 1, &result);
	CHECK_INT(result.own_sales, 40);
	CHECK_INT(result.other_sales, 60);
	CHECK_INT(result.net_strict, 35);
	CHECK_INT(result.net_lenient, 95);
	dbk_study_close(study);
}

/* Two accounts with one proof of identity are one person, who did not lose. */
static void
test_person(void)
{
	struct dbk_result result;

	open_window(INT32_MIN, day(2027, 1, 1));
	for (uint32_t agent = 1; agent <= 2; agent++) {
		join(agent, day(2026, 1, 1));
		tell((struct dbk_fact){ .kind = DBK_FACT_IDENTITY,
					.agent = agent,
					.hash = 5 },
		     day(2026, 1, 1));
	}
	pay_fee(1, 100, day(2026, 1, 2));
	reward(2, DBK_REWARD_OWN_RETAIL, 150, day(2026, 1, 3));
	end();
	CHECK_INT(dbk_results_count(dbk_study_results(study)), 1);
	dbk_results_of_person(dbk_study_results(study), 1, &result);
	CHECK_INT(result.net_strict, 50);
	CHECK_INT(result.fees, 100);
	check_ratio(measure("loss_share").strict, 0, 1);
	check_ratio(measure("recouped_share").strict, 1, 1);
	dbk_study_close(study);
}

static void
test_loss(void)
{
	struct dbk_value value;

	open_window(INT32_MIN, day(2027, 3, 15));
	join(1, day(2026, 3, 15)); /* twelve months */
	join(2, day(2026, 3, 16)); /* a day less */
	join(3, day(2026, 2, 1));
	join(4, day(2026, 2, 1));
	for (uint32_t agent = 1; agent <= 4; agent++)
		pay_fee(agent, 100, day(2026, 4, 1));
	reward(3, DBK_REWARD_OWN_RETAIL, 100, day(2026, 5, 1)); /* exactly nothing */
	sell(DBK_FACT_SOLD, 4, DBK_SALE_DIRECT, 100, 1, day(2026, 5, 1));
	end();
	value = measure("loss_share");
	check_ratio(value.strict, 2, 3);
	check_ratio(value.lenient, 1, 3);
	CHECK_INT(value.population, 3);
	CHECK_INT(value.evidence.count, 2);
	CHECK_INT(value.evidence.positions[0], 0);
	CHECK_INT(value.evidence.positions[1], 3);
	check_ratio(measure_with("loss_share", 11).strict, 3, 4);
	CHECK(measure_with("loss_share", 14).strict_state == DBK_VALUE_EMPTY);
	value = measure("never_paid_share");
	check_ratio(value.strict, 3, 4);
	CHECK_INT(value.evidence.count, 3);
	value = measure("recouped_share");
	check_ratio(value.strict, 1, 4);
	CHECK_INT(value.evidence.positions[0], 2);
	dbk_study_close(study);
}

/* A hundred and one participants: all but one get 1, that one 100. */
static void
test_spread(void)
{
	int64_t quantiles[DBK_RESULT_QUANTILES];

	open_window(INT32_MIN, INT32_MAX);
	for (uint32_t agent = 1; agent <= 101; agent++) {
		join(agent, day(2026, 1, 1));
		pay_fee(agent, 1, day(2026, 1, 1));
		reward(agent, DBK_REWARD_OTHER, agent == 7 ? 100 : 1, day(2026, 1, 2));
	}
	end();
	check_ratio(measure("top_share").strict, 100, 200);
	check_ratio(measure_with("top_share", 0).strict, 100, 200);
	check_ratio(measure_with("top_share", 19801).strict, 100, 200);
	check_ratio(measure_with("top_share", 19802).strict, 101, 200);
	check_ratio(measure_with("top_share", 1000000).strict, 200, 200);
	CHECK_INT(measure("top_share").evidence.positions[0], 18);
	/* sum of i x_i = 5050 + 10100; 2 * 15150 - 102 * 200 over 101 * 200. */
	check_ratio(measure("gini").strict, (int64_t)9900 * 1000000 / 20200, 1000000);
	CHECK(dbk_results_quantiles(dbk_study_results(study), quantiles));
	CHECK_INT(quantiles[0], 1);
	CHECK_INT(quantiles[3], 1);
	CHECK_INT(quantiles[4], 100);
	CHECK_INT(dbk_results_person_by_rewards(dbk_study_results(study), 100), 7);
	CHECK_INT(dbk_results_person_by_rewards(dbk_study_results(study), 0), 1);
	CHECK_INT(dbk_results_rewards_at(dbk_study_results(study), 100), 100);
	dbk_study_close(study);
}

static void
test_largest(void)
{
	open_window(INT32_MIN, INT32_MAX);
	for (uint32_t agent = 1; agent <= 3; agent++) {
		join(agent, day(2026, 1, 1));
		pay_fee(agent, 1, day(2026, 1, 1));
		reward(agent, DBK_REWARD_OTHER, INT64_MAX, day(2026, 1, 2));
	}
	end();
	check_ratio(measure("gini").strict, 0, 1000000);
	CHECK_INT(measure("top_share").strict.numerator, INT64_MAX);
	dbk_study_close(study);
}

static void
test_split(void)
{
	struct dbk_value value;

	open_window(INT32_MIN, INT32_MAX);
	join(1, day(2026, 1, 1));
	buy(1, DBK_PURCHASE_STOCK, 1000, 10, day(2026, 1, 1)); /* 100 each */
	sell(DBK_FACT_SOLD, 1, DBK_SALE_VERIFIED, 600, 4,
	     day(2026, 1, 2)); /* M = 0.5 */
	sell(DBK_FACT_SOLD, 1, DBK_SALE_DIRECT, 200, 2, day(2026, 1, 2));
	reward(1, DBK_REWARD_DOWN_PURCHASE, 100, day(2026, 1, 3));
	reward(1, DBK_REWARD_DOWN_RETAIL, 100, day(2026, 1, 3));
	reward(1, DBK_REWARD_OWN_RETAIL, 5000, day(2026, 1, 3));
	end();
	value = measure("retail_split");
	/* U = 600: 600 * 0.5 / 200 + 2 * 600 / 1000. */
	check_ratio(value.strict, 1500000 + 1200000, 1000000);
	/* 800 against a cost of 600: M = 0.333333; 800 * M / 200 + 2 * 800 / 1000. */
	check_ratio(value.lenient, 1333332 + 1600000, 1000000);
	dbk_study_close(study);
}

static void
test_bins(void)
{
	static const int64_t nets[] = { -901, -900, -801, -1,  0,   0,
					1,    99,   100,  899, 900, 5000 };
	static const uint32_t wanted[] = { 0, 1, 1, 9, 10, 10, 11, 11, 12, 19, 20, 20 };
	uint64_t persons[DBK_RESULT_BINS] = { 0 };
	struct dbk_result_bin bins[DBK_RESULT_BINS];

	open_window(INT32_MIN, INT32_MAX);
	for (uint32_t i = 0; i < sizeof nets / sizeof nets[0]; i++) {
		join(i + 1, day(2026, 1, 1));
		pay_fee(i + 1, 10000, day(2026, 1, 1));
		reward(i + 1, DBK_REWARD_OTHER, 10000 + nets[i], day(2026, 1, 1));
		persons[wanted[i]]++;
	}
	end();
	/* Of the ten sizes nine are at most 901: bins of 100.1, rounded up. */
	dbk_results_bins(dbk_study_results(study), false, bins);
	CHECK_INT(bins[11].to, 200);
	CHECK_INT(bins[1].from, -1800);
	dbk_study_close(study);
	open_window(INT32_MIN, INT32_MAX);
	for (uint32_t i = 0; i < sizeof nets / sizeof nets[0]; i++) {
		join(i + 1, day(2026, 1, 1));
		pay_fee(i + 1, 10000, day(2026, 1, 1));
		reward(i + 1, DBK_REWARD_OTHER, 10000 + nets[i], day(2026, 1, 1));
	}
	for (uint32_t i = 100; i < 200; i++) {
		join(i, day(2026, 1, 1));
		pay_fee(i, 900, day(2026, 1, 1));
	}
	persons[1] += 100;
	end();
	dbk_results_bins(dbk_study_results(study), true, bins);
	for (uint32_t i = 0; i < DBK_RESULT_BINS; i++) {
		CHECK_INT(bins[i].persons, persons[i]);
		CHECK(i == 0 || bins[i].from == bins[i - 1].to);
	}
	CHECK_INT(bins[0].to, -900);
	CHECK_INT(bins[9].from, -100);
	CHECK_INT(bins[10].from, 0);
	CHECK_INT(bins[11].from, 1);
	CHECK_INT(bins[20].from, 900);
	dbk_study_close(study);
}

static void
test_cohorts(void)
{
	const struct dbk_result_cohort *cohorts;

	open_window(INT32_MIN, INT32_MAX);
	join(1, day(2025, 12, 31));
	join(2, day(2026, 2, 1));
	join(3, day(2026, 2, 28));
	for (uint32_t agent = 1; agent <= 3; agent++)
		pay_fee(agent, 10, day(2026, 3, 1));
	reward(1, DBK_REWARD_OTHER, 10, day(2026, 3, 2));
	sell(DBK_FACT_SOLD, 2, DBK_SALE_DIRECT, 10, 1, day(2026, 3, 2));
	tell((struct dbk_fact){ .kind = DBK_FACT_LEFT, .agent = 3 }, day(2026, 3, 3));
	end();
	CHECK_INT(dbk_results_cohorts(dbk_study_results(study), &cohorts), 2);
	CHECK_INT(cohorts[0].month, 55 * 12 + 11);
	CHECK_INT(cohorts[0].persons, 1);
	CHECK_INT(cohorts[0].lost_strict + cohorts[0].never_paid + cohorts[0].left, 0);
	CHECK_INT(cohorts[1].month, 56 * 12 + 1);
	CHECK_INT(cohorts[1].persons, 2);
	CHECK_INT(cohorts[1].lost_strict, 2);
	CHECK_INT(cohorts[1].lost_lenient, 1);
	CHECK_INT(cohorts[1].never_paid, 2);
	CHECK_INT(cohorts[1].left, 1);
	dbk_study_close(study);
}

/* ------------------------------------------------------------------------ at random */

#define PEOPLE 60
#define STEPS 2000

static uint32_t
next(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % below;
}

struct naive {
	int64_t rewards, fees, others;
};

static int64_t
naive_gini(const struct naive *all)
{
	int64_t differences = 0, sum = 0;

	for (uint32_t i = 0; i < PEOPLE; i++) {
		int64_t a = all[i].rewards < 0 ? 0 : all[i].rewards;

		sum += a;
		for (uint32_t j = 0; j < PEOPLE; j++) {
			int64_t b = all[j].rewards < 0 ? 0 : all[j].rewards;

			differences += a > b ? a - b : b - a;
		}
	}
	return sum == 0 ? 0 : differences * 1000000 / (2 * PEOPLE * sum);
}

static void
check_random(const struct naive *all)
{
	int64_t lost = 0, never = 0, paid_fees = 0, recouped = 0;

	for (uint32_t i = 0; i < PEOPLE; i++) {
		lost += all[i].rewards - all[i].fees + all[i].others < 0;
		never += all[i].rewards <= 0;
		paid_fees += all[i].fees > 0;
		recouped += all[i].fees > 0 && all[i].rewards >= all[i].fees;
	}
	check_ratio(measure_with("loss_share", 0).strict, lost, PEOPLE);
	check_ratio(measure("never_paid_share").strict, never, PEOPLE);
	check_ratio(measure("recouped_share").strict, recouped, paid_fees);
	check_ratio(measure("gini").strict, naive_gini(all), 1000000);
}

static void
test_random(void)
{
	for (uint32_t seed = 1; seed <= 5; seed++) {
		struct naive all[PEOPLE] = { { 0, 0, 0 } };
		uint32_t state = seed;

		open_window(INT32_MIN, INT32_MAX);
		for (uint32_t agent = 1; agent <= PEOPLE; agent++) {
			join(agent, day(2026, 1, 1));
			buy(agent, DBK_PURCHASE_STOCK, 7, 1, day(2026, 1, 1));
			all[agent - 1].others = -7;
		}
		for (uint32_t i = 0; i < STEPS; i++) {
			uint32_t agent = next(&state, PEOPLE / (1 + next(&state, 9)));
			int64_t amount = (int64_t)next(&state, 500) - 100;
			int32_t on = day(2026, 1, 2) + (int32_t)(i / 50);

			if (next(&state, 3) == 0) {
				pay_fee(agent + 1, amount + 101, on);
				all[agent].fees += amount + 101;
			} else {
				reward(agent + 1, DBK_REWARD_OTHER, amount, on);
				all[agent].rewards += amount;
			}
		}
		end();
		check_random(all);
		dbk_study_close(study);
	}
}

int
main(void)
{
	check_run("without participants there are no results", test_nothing);
	check_run("what counts in the result of an account", test_account);
	check_run("a sale that becomes doubted", test_reclassed);
	check_run("two accounts of one person", test_person);
	check_run("who lost, was never paid, or got the fees back", test_loss);
	check_run("one gets half", test_spread);
	check_run("the largest amounts", test_largest);
	check_run("retail against recruiting", test_split);
	check_run("bins have 0 between them", test_bins);
	check_run("those who joined in one month", test_cohorts);
	check_run("at random, by other ways", test_random);
	return check_end();
}
