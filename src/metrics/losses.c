#include <stddef.h>

#include "base/money.h"
#include "metrics/flows.h"
#include "metrics/forest.h"
#include "metrics/metric.h"
#include "metrics/people.h"
#include "metrics/reading.h"
#include "metrics/results_private.h"
#include "metrics/rewards.h"
#include "metrics/sample.h"

#define PPM 1000000

/* The account of a participant that joined first. */
static const struct dbk_account *
account_of(const struct dbk_study *study, const struct dbk_results_row *row)
{
	const struct dbk_forest *forest = dbk_people_forest(study->people);

	return dbk_people_account(study->people,
				  dbk_forest_row(forest, row->person)->agent);
}

static void
set(struct dbk_value *out, struct dbk_ratio strict, struct dbk_ratio lenient)
{
	dbk_reading_strict(out, strict.numerator, strict.denominator);
	dbk_reading_lenient(out, lenient.numerator, lenient.denominator);
}

/* Day of its month, from 1. */
static int32_t
day_of_month(int32_t day)
{
	return day - dbk_month_first_day(dbk_month_of_day(day)) + 1;
}

static int32_t
whole_months(int32_t from, int32_t to)
{
	return dbk_month_of_day(to) - dbk_month_of_day(from) -
	       (day_of_month(to) < day_of_month(from));
}

static void
loss_share(const struct dbk_study *study, const struct dbk_metric_question *question,
	   struct dbk_value *out)
{
	const struct dbk_results *results = study->results;
	struct dbk_ratio strict = { 0, 0 }, lenient = { 0, 0 };

	for (uint32_t i = 0; i < results->n_rows; i++) {
		const struct dbk_results_row *row = &results->rows[i];
		const struct dbk_account *account = account_of(study, row);

		if (whole_months(account->joined_day, dbk_study_cut(study)) <
		    question->parameters[0])
			continue;
		strict.denominator++;
		lenient.denominator++;
		strict.numerator += row->net_strict < 0;
		lenient.numerator += row->net_lenient < 0;
		if (row->net_strict < 0)
			dbk_sample_add(&out->evidence, account->joined_position);
	}
	out->population = (uint64_t)strict.denominator;
	set(out, strict, lenient);
}

static void
never_paid_share(const struct dbk_study *study,
		 const struct dbk_metric_question *question, struct dbk_value *out)
{
	const struct dbk_results *results = study->results;
	struct dbk_ratio share = { 0, results->n_rows };

	(void)question;
	for (uint32_t i = 0; i < results->n_rows && results->rows[i].rewards <= 0;
	     i++) {
		share.numerator++;
		dbk_sample_add(&out->evidence,
			       account_of(study, &results->rows[i])->joined_position);
	}
	out->population = results->n_rows;
	set(out, share, share);
}

static int64_t
not_negative(int64_t amount)
{
	return amount < 0 ? 0 : amount;
}

/* Of the N best paid. */
static dbk_wide
sum_of_best(const struct dbk_results *results, uint32_t n)
{
	dbk_wide sum = 0;

	for (uint32_t i = results->n_rows - n; i < results->n_rows; i++)
		sum += not_negative(results->rows[i].rewards);
	return sum;
}

static void
gini(const struct dbk_study *study, const struct dbk_metric_question *question,
     struct dbk_value *out)
{
	const struct dbk_results *results = study->results;
	uint32_t n = results->n_rows, halvings = 0;
	dbk_wide sum = sum_of_best(results, n), weighted = 0;
	struct dbk_ratio ratio = { 0, 0 };

	(void)question;
	/* Sums of 2^95 times numbers below 2^32 would not fit: less of each is taken.
	 */
	while (sum >> halvings > (dbk_wide)1 << 70)
		halvings++;
	sum = 0;
	for (uint32_t i = 0; i < n; i++) {
		int64_t x = not_negative(results->rows[i].rewards) >> halvings;

		sum += x;
		weighted += (dbk_wide)x * (2 * (int64_t)(i + 1) - (int64_t)n - 1);
	}
	if (sum > 0)
		ratio =
		    (struct dbk_ratio){ (int64_t)(weighted * PPM / (sum * n)), PPM };
	out->population = n;
	set(out, ratio, ratio);
}

static void
top_share(const struct dbk_study *study, const struct dbk_metric_question *question,
	  struct dbk_value *out)
{
	const struct dbk_results *results = study->results;
	uint32_t n = results->n_rows;
	int64_t ppm = question->parameters[0] < 0     ? 0
		      : question->parameters[0] > PPM ? PPM
						      : question->parameters[0];
	uint32_t best = (uint32_t)((int64_t)n * ppm / PPM);
	struct dbk_ratio ratio;

	if (n > 0 && best == 0)
		best = 1;
	ratio = (struct dbk_ratio){ dbk_money_bound(sum_of_best(results, best)),
				    dbk_money_bound(sum_of_best(results, n)) };
	for (uint32_t i = n - best; i < n; i++)
		dbk_sample_add(&out->evidence,
			       account_of(study, &results->rows[i])->joined_position);
	out->population = n;
	set(out, ratio, ratio);
}

static void
recouped_share(const struct dbk_study *study,
	       const struct dbk_metric_question *question, struct dbk_value *out)
{
	const struct dbk_results *results = study->results;
	struct dbk_ratio share = { 0, 0 };

	(void)question;
	for (uint32_t i = 0; i < results->n_rows; i++) {
		struct dbk_result result;

		dbk_results_of_person(results, results->rows[i].person, &result);
		if (result.fees <= 0)
			continue;
		share.denominator++;
		if (result.rewards < result.fees)
			continue;
		share.numerator++;
		dbk_sample_add(&out->evidence,
			       account_of(study, &results->rows[i])->joined_position);
	}
	out->population = (uint64_t)share.denominator;
	set(out, share, share);
}

static int64_t
flow(const struct dbk_study *study, enum dbk_results_flow what,
     const struct dbk_metric_question *question)
{
	return dbk_series_sum(&study->results->flows[what], question->from_day,
			      question->to_day);
}

/* What own goods brought over what they cost, in ppm; 0 where they brought less. */
static int64_t
margin_ppm(const struct dbk_study *study, bool strict,
	   const struct dbk_metric_question *question)
{
	int64_t sales =
	    flow(study, strict ? DBK_RESULTS_SALES : DBK_RESULTS_SALES_ALL, question);
	int64_t units =
	    flow(study, strict ? DBK_RESULTS_UNITS : DBK_RESULTS_UNITS_ALL, question);
	int64_t bought = flow(study, DBK_RESULTS_COST, question);
	int64_t bought_units = flow(study, DBK_RESULTS_COST_UNITS, question);
	int64_t cost = 0;

	if (bought_units > 0 && units > 0)
		cost = dbk_money_ratio(units, bought, bought_units);
	if (cost <= 0 || sales <= cost)
		return 0;
	return dbk_money_ratio((dbk_wide)sales - cost, PPM, cost);
}

static struct dbk_ratio
split(int64_t retail, int64_t margin, int64_t paid, int64_t bought)
{
	dbk_wide value;

	if (paid <= 0 || bought <= 0)
		return (struct dbk_ratio){ 0, 0 };
	value = dbk_money_ratio(retail, margin, paid);
	value += dbk_money_ratio((dbk_wide)retail * 2, PPM, bought);
	return (struct dbk_ratio){ dbk_money_bound(value), PPM };
}

static void
retail_split(const struct dbk_study *study, const struct dbk_metric_question *question,
	     struct dbk_value *out)
{
	static const enum dbk_reward_basis bases[] = { DBK_REWARD_OWN_PURCHASE,
						       DBK_REWARD_DOWN_PURCHASE,
						       DBK_REWARD_DOWN_RETAIL };
	int32_t from = question->from_day, to = question->to_day;
	int64_t bought = dbk_flows_sum(study->flows, DBK_FLOW_STOCK, from, to);
	int64_t strict = dbk_flows_sum(study->flows, DBK_FLOW_VERIFIED, from, to);
	int64_t lenient =
	    dbk_money_sum(dbk_flows_retail_lenient(study->flows, from, to),
			  dbk_flows_self(study->flows, from, to));
	int64_t paid = 0;

	for (size_t i = 0; i < sizeof bases / sizeof bases[0]; i++)
		paid = dbk_money_sum(
		    paid, dbk_rewards_of_basis(study->rewards, bases[i], from, to));
	set(out, split(strict, margin_ppm(study, true, question), paid, bought),
	    split(lenient, margin_ppm(study, false, question), paid, bought));
	out->population = dbk_flows_facts(study->flows, DBK_FLOW_STOCK, from, to);
	dbk_evidence_list(dbk_flows_evidence(study->flows, DBK_FLOW_STOCK), from, to,
			  &out->evidence);
}

/* A over B times C over D, as one share. */
static struct dbk_ratio
quotient(int64_t a, int64_t b, int64_t c, int64_t d)
{
	dbk_wide numerator = (dbk_wide)a * c, denominator = (dbk_wide)b * d;

	if (denominator <= 0)
		return (struct dbk_ratio){ 0, 0 };
	while (numerator > INT64_MAX || numerator < INT64_MIN ||
	       denominator > INT64_MAX) {
		numerator /= 2;
		denominator /= 2;
	}
	return (struct dbk_ratio){ (int64_t)numerator, (int64_t)denominator };
}

static void
resale_ratio(const struct dbk_study *study, const struct dbk_metric_question *question,
	     struct dbk_value *out)
{
	int64_t bought = flow(study, DBK_RESULTS_COST, question);
	int64_t bought_units = flow(study, DBK_RESULTS_COST_UNITS, question);
	int64_t units = flow(study, DBK_RESULTS_UNITS, question);
	int64_t all_units = flow(study, DBK_RESULTS_UNITS_ALL, question);

	set(out,
	    quotient(flow(study, DBK_RESULTS_SALES, question), units, bought_units,
		     bought),
	    quotient(flow(study, DBK_RESULTS_SALES_ALL, question), all_units,
		     bought_units, bought));
	out->population = all_units < 0 ? 0 : (uint64_t)all_units;
}

const struct dbk_metric dbk_results_metrics[] = {
	{ .name = "loss_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Participants of a year or longer whose net result is a loss",
	  .zh = "加入满一年的参与者中净亏损者占比",
	  .parameters = { { "months", 12, false } },
	  .measure = loss_share },
	{ .name = "never_paid_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Participants who were never paid anything",
	  .zh = "从未获得任何报酬的参与者占比",
	  .measure = never_paid_share },
	{ .name = "gini",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Inequality of rewards among participants (Gini)",
	  .zh = "参与者报酬基尼系数",
	  .measure = gini },
	{ .name = "top_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Rewards of the best paid one percent of participants",
	  .zh = "报酬最高的 1% 参与者所得占比",
	  .parameters = { { "ppm", 10000, false } },
	  .measure = top_share },
	{ .name = "recouped_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Participants who earned back the fees they paid",
	  .zh = "报酬已收回所缴费用的参与者占比",
	  .measure = recouped_share },
	{ .name = "retail_split",
	  .unit = DBK_UNIT_RATIO,
	  .is_listed = true,
	  .en = "Retail earnings against earnings on what others buy (below 1: "
		"recruiting pays more)",
	  .zh = "零售收益与团队进货收益之比（低于 1 即以发展人员为主）",
	  .measure = retail_split },
	{ .name = "resale_ratio",
	  .unit = DBK_UNIT_RATIO,
	  .is_listed = true,
	  .en = "Price that consumers paid for a unit over what agents paid for it",
	  .zh = "消费者支付单价与代理进货单价之比",
	  .measure = resale_ratio },
	{ .name = NULL },
};
