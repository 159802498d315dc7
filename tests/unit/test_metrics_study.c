#include "metrics/study.h"

#include <string.h>

#include "base/money.h"
#include "metrics/evidence.h"
#include "metrics/metric.h"
#include "metrics/series.h"
#include "../tests/lib/check.h"
#include "../tests/lib/told_study.h"

#define ALL INT32_MIN, INT32_MAX
#define DAY_US INT64_C(86400000000)

static struct told_study told;

static void
add(struct dbk_series *series, int32_t day, int64_t amount)
{
	check_must(dbk_series_add(series, day, amount), NULL, "add to a series");
}

static void
test_series(void)
{
	struct dbk_series series;

	dbk_series_init(&series);
	CHECK_INT(dbk_series_sum(&series, ALL), 0);
	add(&series, 100, 5);
	add(&series, -3, 7);
	add(&series, 4000, 11);
	add(&series, 100, -1);
	CHECK_INT(dbk_series_sum(&series, ALL), 22);
	CHECK_INT(dbk_series_sum(&series, -3, 100), 7);
	CHECK_INT(dbk_series_sum(&series, -2, 101), 4);
	CHECK_INT(dbk_series_sum(&series, 101, 4000), 0);
	CHECK_INT(dbk_series_sum(&series, 4000, INT32_MAX), 11);
	CHECK_INT(dbk_series_sum(&series, 4000, 4000), 0);
	CHECK_INT(dbk_series_sum(&series, 5, -5), 0);
	dbk_series_fini(&series);
}

static void
test_series_bounds(void)
{
	struct dbk_series series;

	dbk_series_init(&series);
	add(&series, 0, INT64_MAX);
	add(&series, 0, 1);
	add(&series, 1, INT64_MAX);
	CHECK(dbk_series_sum(&series, 0, 2) == INT64_MAX);
	add(&series, 2, INT64_MIN);
	add(&series, 2, -1);
	CHECK(dbk_series_sum(&series, 2, 3) == INT64_MIN);
	dbk_series_fini(&series);
}

/* One deed in 1970, one in 9999, one far beyond: of thousands of series. */
static void
test_series_far(void)
{
	struct dbk_series series[500];

	for (uint32_t i = 0; i < 500; i++) {
		dbk_series_init(&series[i]);
		add(&series[i], 2932896, 4);
		add(&series[i], 0, 1);
		add(&series[i], INT32_MAX, 16);
		add(&series[i], INT32_MIN, 8);
	}
	for (uint32_t i = 0; i < 500; i++) {
		CHECK_INT(dbk_series_sum(&series[i], ALL), 13);
		CHECK_INT(dbk_series_sum(&series[i], 1, INT32_MAX), 4);
		CHECK_INT(dbk_series_sum(&series[i], -1, 2932896), 1);
		CHECK(series[i].capacity <= 4);
		dbk_series_fini(&series[i]);
	}
}

static void
test_series_random(void)
{
	struct dbk_series series;
	int64_t plain[200] = { 0 };
	uint64_t state = 7;

	dbk_series_init(&series);
	for (uint32_t i = 0; i < 2000; i++) {
		uint32_t day = told_random(&state, 200);

		plain[day] += i;
		add(&series, (int32_t)day - 100, i);
	}
	for (uint32_t i = 0; i < 300; i++) {
		uint32_t from = told_random(&state, 200), to = told_random(&state, 201);
		int64_t sum = 0;

		for (uint32_t day = from; day < to; day++)
			sum += plain[day];
		CHECK_INT(
		    dbk_series_sum(&series, (int32_t)from - 100, (int32_t)to - 100),
		    sum);
	}
	dbk_series_fini(&series);
}

static void
test_months(void)
{
	CHECK_INT(dbk_month_of_day(0), 0);
	CHECK_INT(dbk_month_of_day(30), 0);
	CHECK_INT(dbk_month_of_day(31), 1);
	CHECK_INT(dbk_month_of_day(-1), -1);
	CHECK_INT(dbk_month_of_day(-31), -1);
	CHECK_INT(dbk_month_of_day(-32), -2);
	CHECK_INT(dbk_month_first_day(0), 0);
	CHECK_INT(dbk_month_first_day(12), 365);
	CHECK_INT(dbk_month_first_day(-1), -31);
	/* 2024-02-29 and the day behind. */
	CHECK_INT(dbk_month_of_day(19782), 54 * 12 + 1);
	CHECK_INT(dbk_month_of_day(19783), 54 * 12 + 2);
	for (int32_t month = -30000; month < 30000; month++) {
		int32_t first = dbk_month_first_day(month);

		CHECK(dbk_month_of_day(first) == month &&
		      dbk_month_of_day(first - 1) == month - 1);
	}
	CHECK(dbk_month_of_day(INT32_MIN) < 0);
	CHECK(dbk_month_of_day(INT32_MAX) > 0);
}

static void
test_days(void)
{
	CHECK_INT(dbk_day_of_time(0, 0), 0);
	CHECK_INT(dbk_day_of_time(DAY_US - 1, 0), 0);
	CHECK_INT(dbk_day_of_time(DAY_US, 0), 1);
	CHECK_INT(dbk_day_of_time(-1, 0), -1);
	CHECK_INT(dbk_day_of_time(DAY_US - 1, 480), 1);
	CHECK_INT(dbk_day_of_time(0, -1), -1);
	CHECK_INT(dbk_day_of_time(16 * DAY_US / 24 - 1, 480), 0);
	CHECK_INT(dbk_day_of_time(16 * DAY_US / 24, 480), 1);
}

/* Positions 1 to N, each on the day of a tenth of it. */
static void
fill(struct dbk_evidence *evidence, uint64_t n)
{
	memset(evidence, 0, sizeof *evidence);
	for (uint64_t i = 1; i <= n; i++) {
		dbk_evidence_add(evidence, i, (int32_t)(i / 10));
		dbk_evidence_add(evidence, i, (int32_t)(i / 10));
	}
}

static void
check_list(const struct dbk_evidence_list *list, uint64_t count, uint32_t n,
	   uint64_t first, uint64_t last)
{
	CHECK_INT(list->count, count);
	if (!CHECK_INT(list->n, n) || n == 0)
		return;
	CHECK_INT(list->positions[0], first);
	CHECK_INT(list->positions[n - 1], last);
	for (uint32_t i = 1; i < n; i++)
		CHECK(list->positions[i - 1] < list->positions[i]);
}

static void
check_filled(uint64_t n, int32_t from, int32_t to, uint64_t count, uint32_t shown,
	     uint64_t first, uint64_t last)
{
	struct dbk_evidence_list list = { .count = 0 };
	struct dbk_evidence evidence;

	fill(&evidence, n);
	dbk_evidence_list(&evidence, from, to, &list);
	check_list(&list, count, shown, first, last);
	dbk_evidence_list(&evidence, from, to, &list);
	check_list(&list, count, shown, first, last);
}

static void
test_evidence(void)
{
	check_filled(0, ALL, 0, 0, 0, 0);
	check_filled(1, ALL, 1, 1, 1, 1);
	check_filled(100, ALL, 100, 100, 1, 100);
	check_filled(101, ALL, 101, 101, 1, 101);
	check_filled(200, ALL, 200, 200, 1, 200);
	check_filled(150, 2, 12, 100, 100, 20, 119);
}

static void
test_evidence_ends(void)
{
	struct dbk_evidence_list list = { .count = 0 };
	struct dbk_evidence evidence;

	fill(&evidence, 345);
	CHECK_INT(evidence.count, 345);
	dbk_evidence_list(&evidence, ALL, &list);
	check_list(&list, 345, 200, 1, 345);
	CHECK_INT(list.positions[99], 100);
	CHECK_INT(list.positions[100], 246);
	memset(&list, 0, sizeof list);
	dbk_evidence_list(&evidence, 1, 30, &list);
	/* 10 to 299: the hundred first and last of those that were kept. */
	check_list(&list, 290, 200, 10, 299);
}

static void
test_evidence_between(void)
{
	struct dbk_evidence_list list = { .count = 0 };
	struct dbk_evidence evidence;

	fill(&evidence, 1000000);
	dbk_evidence_list(&evidence, ALL, &list);
	check_list(&list, 1000000, 200, 1, 1000000);
	CHECK_INT(list.positions[99], 100);
	CHECK_INT(list.positions[100], 999901);
	for (int32_t from = 10; from < 90000; from += 4321) {
		uint32_t n;

		memset(&list, 0, sizeof list);
		dbk_evidence_list(&evidence, from, from + 10000, &list);
		CHECK(list.n > 10 && list.count > 80000 && list.count <= 100000);
		CHECK(list.positions[0] >= (uint64_t)from * 10);
		CHECK(list.positions[list.n - 1] < (uint64_t)(from + 10000) * 10);
		n = list.n;
		dbk_evidence_list(&evidence, from, from + 10000, &list);
		CHECK_INT(list.n, n);
	}
}

static void
test_evidence_merged(void)
{
	struct dbk_evidence_list list = { .count = 0 };
	struct dbk_evidence a, b;

	memset(&a, 0, sizeof a);
	memset(&b, 0, sizeof b);
	for (uint64_t i = 0; i < 150; i++) {
		dbk_evidence_add(&a, 2 * i, 0);
		dbk_evidence_add(&b, 3 * i, 0);
	}
	dbk_evidence_list(&a, ALL, &list);
	dbk_evidence_list(&b, ALL, &list);
	/* Every sixth below 300 is in both. */
	check_list(&list, 250, 200, 0, 447);
	CHECK_INT(list.positions[1], 2);
	CHECK_INT(list.positions[2], 3);
}

static struct dbk_ratio
ratio(int64_t numerator, int64_t denominator)
{
	return (struct dbk_ratio){ numerator, denominator };
}

static void
test_ratios(void)
{
	CHECK_INT(dbk_ratio_compare(ratio(1, 3), ratio(2, 6)), 0);
	CHECK_INT(dbk_ratio_compare(ratio(1, 3), ratio(333333, 1000000)), 1);
	CHECK_INT(dbk_ratio_compare(ratio(-1, 3), ratio(0, 6)), -1);
	CHECK_INT(dbk_ratio_compare(ratio(INT64_MAX, INT64_MAX - 1), ratio(1, 1)), 1);
	CHECK_INT(dbk_ratio_compare(ratio(INT64_MIN, 1), ratio(INT64_MIN, INT64_MAX)),
		  -1);
	CHECK_INT(dbk_ratio_ppm(ratio(1, 3)), 333333);
	CHECK_INT(dbk_ratio_ppm(ratio(-1, 3)), -333334);
	CHECK_INT(dbk_ratio_ppm(ratio(INT64_MAX, INT64_MAX)), 1000000);
	CHECK(dbk_ratio_ppm(ratio(INT64_MAX, 1)) == INT64_MAX);
}

static bool
has_both_words(const struct dbk_metric *metric)
{
	return metric->en != NULL && metric->en[0] != '\0' && metric->zh != NULL &&
	       metric->zh[0] != '\0' && metric->measure != NULL;
}

static void
test_metrics(void)
{
	struct dbk_value value;

	told_open(&told, ALL);
	told_end(&told);
	for (uint32_t i = 0; i < dbk_metrics_count(); i++) {
		const struct dbk_metric *metric = dbk_metric_at(i);
		struct dbk_metric_question question =
		    dbk_metric_question(told.study, metric);

		CHECK(dbk_metric_find(dbk_str_of(metric->name)) == metric);
		CHECK(has_both_words(metric));
		dbk_metric_measure(told.study, metric, &question, &value);
		CHECK(value.strict_state != DBK_VALUE_KNOWN ||
		      value.strict.denominator > 0);
		CHECK_INT(value.evidence.count, 0);
	}
	CHECK(dbk_metric_at(dbk_metrics_count()) == NULL);
	CHECK(dbk_metric_find(dbk_str_of("organiser")) == NULL);
	told_close(&told);
}

static void
test_parameters(void)
{
	const struct dbk_metric *metric = dbk_metric_find(dbk_str_of("organisers"));

	CHECK_INT(dbk_metric_parameter(metric, dbk_str_of("persons")), 0);
	CHECK_INT(dbk_metric_parameter(metric, dbk_str_of("levels")), 1);
	CHECK_INT(dbk_metric_parameter(metric, dbk_str_of("marked")), 2);
	CHECK_INT(dbk_metric_parameter(metric, dbk_str_of("mark")), -1);
	CHECK_INT(dbk_metric_parameter(metric, dbk_str_of("")), -1);
}

static void
test_extent(void)
{
	struct dbk_study_extent extent;

	told_open(&told, 10, 20);
	told_join(&told, 5, 1, 0);
	told_add(
	    &told, 25,
	    (struct dbk_fact){ .kind = DBK_FACT_MARKED, .code = DBK_MARK_LICENCE });
	told_join(&told, 20, 2, 0);
	extent = dbk_study_extent(told.study);
	CHECK_INT(extent.facts, 0);
	CHECK(!extent.has_licence);
	told_join(&told, 12, 3, 0);
	told_join(&told, 11, 4, 0);
	told_add(
	    &told, 2,
	    (struct dbk_fact){ .kind = DBK_FACT_MARKED, .code = DBK_MARK_LICENCE });
	told_add(&told, 19, (struct dbk_fact){ .kind = DBK_FACT_PLAN });
	told_end(&told);
	extent = dbk_study_extent(told.study);
	CHECK_INT(extent.facts, 2);
	CHECK_INT(extent.first_day, 11);
	CHECK_INT(extent.last_day, 12);
	CHECK(extent.has_licence);
	told_close(&told);
}

int
main(void)
{
	check_run("a series sums days", test_series);
	check_run("a series stays within its bounds", test_series_bounds);
	check_run("days far apart take little room", test_series_far);
	check_run("a series is what adding plainly gives", test_series_random);
	check_run("months of days, and their first days", test_months);
	check_run("local days of instants", test_days);
	check_run("evidence is each record once", test_evidence);
	check_run("of much evidence the ends are kept", test_evidence_ends);
	check_run("shorter intervals have evidence as well", test_evidence_between);
	check_run("evidence of several kinds is one list", test_evidence_merged);
	check_run("shares compare by their products", test_ratios);
	check_run("each metric has a name and words, and bears an empty study",
		  test_metrics);
	check_run("parameters by name", test_parameters);
	check_run("the extent of what counted", test_extent);
	return check_end();
}
