#include "metrics/growth.h"

#include "metrics/bass.h"
#include "metrics/series.h"
#include "../tests/lib/check.h"
#include "../tests/lib/told_study.h"

#define ALL INT32_MIN, INT32_MAX
#define DAY_US INT64_C(86400000000)

static struct told_study told;
static uint32_t n_agents;

static void
open_window(int32_t from, int32_t to)
{
	told_open(&told, from, to);
	n_agents = 0;
}

static void
join(int32_t day, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		told_join(&told, day, ++n_agents, 0);
}

static void
tell(enum dbk_fact_kind kind, int32_t day, uint32_t agent, int64_t amount)
{
	told_add(&told, day,
		 (struct dbk_fact){
		     .kind = (uint8_t)kind,
		     .agent = agent,
		     .amount = amount,
		     .basis = kind == DBK_FACT_REWARD ? DBK_REWARD_DOWN_RETAIL : 0 });
}

static struct dbk_value
value_of(const char *name, int64_t parameter)
{
	return told_value(&told, name, ALL, parameter, 0);
}

/* ----------------------------------------------------------------------------- months
 */

static void
test_months(void)
{
	const struct dbk_growth_month *months;

	open_window(10, 70);
	join(9, 3);
	join(10, 2);
	join(31, 4);
	join(69, 1);
	join(70, 5);
	tell(DBK_FACT_LEFT, 9, 1, 0);
	tell(DBK_FACT_LEFT, 69, 2, 0);
	tell(DBK_FACT_SOLD, 30, 4, 100);
	told_add(&told, 30,
		 (struct dbk_fact){ .kind = DBK_FACT_SOLD,
				    .agent = 4,
				    .sale_class = DBK_SALE_DOUBTED,
				    .amount = 7 });
	tell(DBK_FACT_BOUGHT, 31, 4, 20);
	tell(DBK_FACT_FEE, 58, 4, 30);
	tell(DBK_FACT_REWARD, 59, 4, 40);
	told_end(&told);
	CHECK_INT(dbk_growth_months(dbk_study_growth(told.study), &months), 3);
	CHECK_INT(months[0].month, 0);
	CHECK_INT(months[0].joined, 2);
	CHECK_INT(months[0].left, 0);
	CHECK_INT(months[0].verified_retail, 100);
	CHECK_INT(months[0].other_retail, 7);
	CHECK_INT(months[1].joined, 4);
	CHECK_INT(months[1].purchases, 20);
	CHECK_INT(months[1].fees, 30);
	CHECK_INT(months[2].joined, 1);
	CHECK_INT(months[2].left, 1);
	CHECK_INT(months[2].rewards, 40);
	told_close(&told);
}

static void
test_nothing(void)
{
	const struct dbk_growth_month *months;

	open_window(ALL);
	told_end(&told);
	CHECK_INT(dbk_growth_months(dbk_study_growth(told.study), &months), 0);
	CHECK_INT(value_of("growth_months", 1000).strict_state, DBK_VALUE_EMPTY);
	CHECK_INT(value_of("bass_ratio", 0).strict_state, DBK_VALUE_EMPTY);
	CHECK_INT(value_of("churn_year", 0).strict_state, DBK_VALUE_EMPTY);
	CHECK_INT(value_of("stop_fall", 0).strict_state, DBK_VALUE_EMPTY);
	CHECK_INT(value_of("pay_follows_joins", 0).strict_state, DBK_VALUE_EMPTY);
	told_close(&told);
}

/* ------------------------------------------------------------------------- the market
 */

static void
test_growth_months(void)
{
	open_window(ALL);
	join(0, 10);
	join(31, 10);
	join(100, 10);
	told_end(&told);
	/* Of 30, 20 came in the months of days 31, 59 and 90: 10 joined before them, so
	 * each month adds 2 / 3: 30, 50, 83, 138. */
	CHECK_INT(value_of("growth_months", 0).strict_state, DBK_VALUE_EMPTY);
	CHECK_INT(value_of("growth_months", 30).strict.numerator, 0);
	CHECK_INT(value_of("growth_months", 31).strict.numerator, 1);
	CHECK_INT(value_of("growth_months", 50).strict.numerator, 1);
	CHECK_INT(value_of("growth_months", 51).strict.numerator, 2);
	CHECK_INT(value_of("growth_months", 83).strict.numerator, 2);
	CHECK_INT(value_of("growth_months", 84).strict.numerator, 3);
	CHECK_INT(value_of("growth_months", 30).evidence.count, 20);
	told_close(&told);
}

static void
test_slow_growth(void)
{
	open_window(ALL);
	join(0, 1000);
	join(100, 1);
	told_end(&told);
	CHECK_INT(value_of("growth_months", 1101).strict.numerator, 100);
	CHECK_INT(value_of("growth_months", 1000000).strict.numerator, 1200);
	told_close(&told);
	open_window(ALL);
	join(0, 10);
	tell(DBK_FACT_FEE, 100, 1, 1);
	told_end(&told);
	CHECK_INT(value_of("growth_months", 100).strict_state, DBK_VALUE_EMPTY);
	told_close(&told);
}

static void
test_bass_curve(void)
{
	int64_t before[20], joins[20];
	struct dbk_ratio ratio;

	for (int64_t i = 0; i < 20; i++) {
		before[i] = 40 * i;
		joins[i] = 300000 + 2700 * before[i] - 3 * before[i] * before[i];
	}
	CHECK(dbk_bass_fit(before, joins, 20, &ratio));
	CHECK_INT(ratio.numerator, 10000000);
	CHECK_INT(ratio.denominator, 1000000);
	for (int64_t i = 0; i < 20; i++)
		joins[i] = 100 + before[i];
	CHECK(!dbk_bass_fit(before, joins, 20, &ratio));
	for (int64_t i = 0; i < 20; i++)
		before[i] = 5;
	CHECK(!dbk_bass_fit(before, joins, 20, &ratio));
}

static void
test_bass_months(void)
{
	static const uint32_t JOINS[] = {
		30, 38, 47, 58, 69, 80, 88, 93, 92, 86, 75, 62
	};

	open_window(ALL);
	for (uint32_t i = 0; i < 11; i++)
		join(dbk_month_first_day((int32_t)i), JOINS[i]);
	told_end(&told);
	CHECK_INT(value_of("bass_ratio", 0).strict_state, DBK_VALUE_EMPTY);
	told_close(&told);
	open_window(ALL);
	for (uint32_t i = 0; i < 12; i++)
		join(dbk_month_first_day((int32_t)i), JOINS[i]);
	told_end(&told);
	CHECK_INT(value_of("bass_ratio", 0).strict_state, DBK_VALUE_KNOWN);
	/* Discretised p = 0.03, q = 0.3 and M = 1,000: about ten. */
	CHECK(value_of("bass_ratio", 0).strict.numerator > 9000000);
	CHECK(value_of("bass_ratio", 0).strict.numerator < 12000000);
	CHECK_INT(value_of("bass_ratio", 0).population, 818);
	told_close(&told);
}

/* ------------------------------------------------------------------------------ churn
 */

static void
test_churn(void)
{
	open_window(0, 1000);
	join(1, 8);
	join(634, 1);
	join(635, 1);
	tell(DBK_FACT_LEFT, 634, 1, 0);
	tell(DBK_FACT_LEFT, 635, 2, 0);
	tell(DBK_FACT_FEE, 634, 3, 0);
	tell(DBK_FACT_FEE, 635, 4, 0);
	tell(DBK_FACT_REWARD, 999, 5, 1);
	tell(DBK_FACT_SOLD, 999, 6, 1);
	tell(DBK_FACT_SOLD, 999, 2, 1);
	told_join(&told, 900, 20, 7);
	tell(DBK_FACT_FEE, 1000, 8, 0);
	told_end(&told);
	/* There: 2 to 9.  Gone: 2 left; 3, 5, 8 and 9 did nothing. */
	CHECK_INT(value_of("churn_year", 0).strict.numerator, 5);
	CHECK_INT(value_of("churn_year", 0).strict.denominator, 8);
	CHECK_INT(value_of("churn_year", 0).evidence.count, 5);
	told_close(&told);
}

/* ------------------------------------------------------------------------------ plans
 */

static void
plan(int32_t from, int32_t to)
{
	told_add(&told, from,
		 (struct dbk_fact){ .kind = DBK_FACT_PLAN,
				    .hash = (uint64_t)(to * DAY_US) });
}

/* Revenue of 100 on the day before 200, of 7 on the day itself. */
static struct dbk_value
stopped(int32_t from, int32_t to, int32_t next)
{
	struct dbk_value value;

	open_window(from, to);
	join(0, 1);
	plan(0, 200);
	if (next != 0)
		plan(next, 1000);
	tell(DBK_FACT_SOLD, 109, 1, 50000);
	tell(DBK_FACT_SOLD, 110, 1, 60);
	tell(DBK_FACT_SOLD, 199, 1, 40);
	tell(DBK_FACT_SOLD, 200, 1, 7);
	tell(DBK_FACT_SOLD, 290, 1, 90000);
	told_end(&told);
	value = value_of("stop_fall", 0);
	told_close(&told);
	return value;
}

static void
test_stop(void)
{
	struct dbk_value value = stopped(ALL, 0);

	CHECK_INT(value.strict.numerator, 93);
	CHECK_INT(value.strict.denominator, 100);
	CHECK_INT(value.evidence.positions[0], 2);
	CHECK_INT(stopped(110, 290, 0).strict.numerator, 93);
	CHECK_INT(stopped(111, 290, 0).strict_state, DBK_VALUE_EMPTY);
	CHECK_INT(stopped(110, 289, 0).strict_state, DBK_VALUE_EMPTY);
	CHECK_INT(stopped(ALL, 200).strict_state, DBK_VALUE_EMPTY);
	CHECK_INT(stopped(ALL, 150).strict_state, DBK_VALUE_EMPTY);
	CHECK_INT(stopped(ALL, 289).strict_state, DBK_VALUE_EMPTY);
	CHECK_INT(stopped(ALL, 290).strict.numerator, 93);
}

/* Joins, verified retail and rewards of five months. */
static void
test_pay_follows_joins(void)
{
	static const int64_t MONTHS[5][3] = {
		{ 1, 10, 10 }, { 2, 10, 11 }, { 3, 11, 12 }, { 3, 9, 13 }, { 9, 9, 13 }
	};
	struct dbk_value value;

	open_window(ALL);
	for (int32_t i = 0; i < 5; i++) {
		int32_t day = dbk_month_first_day(i);

		join(day, (uint32_t)MONTHS[i][0]);
		tell(DBK_FACT_SOLD, day, 1, MONTHS[i][1]);
		tell(DBK_FACT_REWARD, day, 1, MONTHS[i][2]);
	}
	told_end(&told);
	value = value_of("pay_follows_joins", 0);
	CHECK_INT(value.strict.numerator, 1);
	CHECK_INT(value.strict.denominator, 3);
	CHECK_INT(value.evidence.count, 1);
	value = told_value(&told, "pay_follows_joins", 1, INT32_MAX, 0, 0);
	CHECK_INT(value.strict.numerator, 0);
	CHECK_INT(value.strict.denominator, 2);
	value = told_value(&told, "pay_follows_joins", 0, 31, 0, 0);
	CHECK_INT(value.strict_state, DBK_VALUE_EMPTY);
	value = told_value(&told, "pay_follows_joins", 0, 32, 0, 0);
	CHECK_INT(value.strict.denominator, 1);
	told_close(&told);
}

int
main(void)
{
	check_run("without facts there is no growth", test_nothing);
	check_run("months have what happened in the window", test_months);
	check_run("months until everybody has joined", test_growth_months);
	check_run("slow growth ends at a bound, none has no end", test_slow_growth);
	check_run("the model of Bass is found again", test_bass_curve);
	check_run("twelve months make a curve, eleven do not", test_bass_months);
	check_run("who left and who fell silent within a year", test_churn);
	check_run("revenue falls when a plan ends", test_stop);
	check_run("pay that follows joiners", test_pay_follows_joins);
	return check_end();
}
