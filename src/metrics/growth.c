#include "metrics/growth.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/money.h"
#include "metrics/bass.h"
#include "metrics/flows.h"
#include "metrics/metric.h"
#include "metrics/people.h"
#include "metrics/reading.h"
#include "metrics/rewards.h"
#include "metrics/study_private.h"

#define YEAR_DAYS 365
#define STOP_DAYS 90
#define BASS_MONTHS_MIN 12
#define BASS_SCALE 1000
#define GROWTH_MONTHS 3
#define GROWTH_MONTHS_MAX 1200
#define FIRST_ROOM 16u

/* A plan that paid, in microseconds [from, to). */
struct plan {
	int64_t from, to;
	uint64_t position;
};

struct dbk_growth {
	struct dbk_study *study;
	struct dbk_series joined;    /* before the window's end */
	struct dbk_series left;	     /* in the window */
	struct dbk_evidence joiners; /* in the window */
	struct plan *plans;
	uint32_t n_plans, plans_max;
	struct dbk_growth_month *months;
	uint32_t n_months;
};

enum dbk_err
dbk_growth_open(struct dbk_study *study, struct dbk_growth **out)
{
	struct dbk_growth *growth = calloc(1, sizeof *growth);

	if (growth == NULL)
		return DBK_FAILED_MEMORY;
	growth->study = study;
	dbk_series_init(&growth->joined);
	dbk_series_init(&growth->left);
	*out = growth;
	return DBK_OK;
}

void
dbk_growth_close(struct dbk_growth *growth)
{
	if (growth == NULL)
		return;
	dbk_series_fini(&growth->joined);
	dbk_series_fini(&growth->left);
	free(growth->plans);
	free(growth->months);
	free(growth);
}

static enum dbk_err
take_plan(struct dbk_growth *growth, const struct dbk_fact *fact)
{
	uint32_t max = growth->plans_max == 0 ? FIRST_ROOM : growth->plans_max * 2;
	int64_t to =
	    fact->hash == 0 || fact->hash > INT64_MAX ? INT64_MAX : (int64_t)fact->hash;
	struct plan *plans;

	if (growth->n_plans == growth->plans_max) {
		plans = realloc(growth->plans, max * sizeof *plans);
		if (plans == NULL)
			return DBK_FAILED_MEMORY;
		growth->plans = plans;
		growth->plans_max = max;
	}
	growth->plans[growth->n_plans++] =
	    (struct plan){ fact->at, to, fact->position };
	return DBK_OK;
}

enum dbk_err
dbk_growth_add(struct dbk_growth *growth, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;

	switch (fact->kind) {
	case DBK_FACT_JOINED:
		if (taken->counts)
			dbk_evidence_add(&growth->joiners, fact->position, taken->day);
		return taken->before_end && taken->in_part
			   ? dbk_series_add(&growth->joined, taken->day, 1)
			   : DBK_OK;
	case DBK_FACT_LEFT:
		return taken->counts ? dbk_series_add(&growth->left, taken->day, 1)
				     : DBK_OK;
	case DBK_FACT_PLAN:
		return take_plan(growth, fact);
	}
	return DBK_OK;
}

/* --------------------------------------------------------------------------- months */

/* The days of MONTH that are in the window. */
static void
days_of(const struct dbk_growth *growth, int32_t month, int32_t *from, int32_t *to)
{
	const struct dbk_study_options *options = &growth->study->options;

	*from = dbk_month_first_day(month);
	*to = dbk_month_first_day(month + 1);
	if (*from < options->from_day)
		*from = options->from_day;
	if (*to > options->to_day)
		*to = options->to_day;
}

static void
fill_month(const struct dbk_growth *growth, struct dbk_growth_month *row)
{
	const struct dbk_flows *flows = growth->study->flows;
	int32_t from, to;

	days_of(growth, row->month, &from, &to);
	row->joined = (uint64_t)dbk_series_sum(&growth->joined, from, to);
	row->left = (uint64_t)dbk_series_sum(&growth->left, from, to);
	row->verified_retail = dbk_flows_sum(flows, DBK_FLOW_VERIFIED, from, to);
	row->other_retail = dbk_money_bound(
	    (dbk_wide)dbk_flows_retail_all(flows, from, to) - row->verified_retail);
	row->purchases = dbk_flows_purchases(flows, from, to);
	row->fees = dbk_flows_sum(flows, DBK_FLOW_FEE, from, to);
	row->rewards = dbk_rewards_sum(growth->study->rewards, from, to);
}

enum dbk_err
dbk_growth_end(struct dbk_growth *growth)
{
	const struct dbk_study_extent *extent = &growth->study->extent;
	int32_t first = dbk_month_of_day(extent->first_day);
	uint32_t n;

	if (extent->facts == 0)
		return DBK_OK;
	n = (uint32_t)(dbk_month_of_day(extent->last_day) - first) + 1;
	growth->months = calloc(n, sizeof *growth->months);
	if (growth->months == NULL)
		return DBK_FAILED_MEMORY;
	growth->n_months = n;
	for (uint32_t i = 0; i < n; i++) {
		growth->months[i].month = first + (int32_t)i;
		fill_month(growth, &growth->months[i]);
	}
	return DBK_OK;
}

uint32_t
dbk_growth_months(const struct dbk_growth *growth, const struct dbk_growth_month **out)
{
	*out = growth->months;
	return growth->n_months;
}

/* -------------------------------------------------------------------------- measures
 */

static void
be_empty(struct dbk_value *out)
{
	out->strict_state = out->lenient_state = DBK_VALUE_EMPTY;
}

static int64_t
joined_before(const struct dbk_growth *growth, int32_t day)
{
	return dbk_series_sum(&growth->joined, INT32_MIN, day);
}

static void
measure_growth_months(const struct dbk_study *study,
		      const struct dbk_metric_question *question, struct dbk_value *out)
{
	const struct dbk_growth *growth = study->growth;
	int64_t market = question->parameters[0] != 0 ? question->parameters[0]
						      : study->options.market;
	int32_t cut = dbk_study_cut(study), from, months = 0;
	int64_t now, before;

	from = dbk_month_first_day(dbk_month_of_day(cut - 1) - (GROWTH_MONTHS - 1));
	now = joined_before(growth, cut);
	before = joined_before(growth, from);
	out->population = (uint64_t)now;
	if (market <= 0 || before == 0 || now == before) {
		be_empty(out);
		return;
	}
	for (int64_t n = now; n < market && months < GROWTH_MONTHS_MAX; months++) {
		int64_t more = dbk_money_ratio(n, now - before, GROWTH_MONTHS * before);

		n = dbk_money_sum(n, more > 0 ? more : 1);
	}
	dbk_reading_plain(out, months, months);
	dbk_evidence_list(&growth->joiners, from, cut, &out->evidence);
}

static void
measure_bass(const struct dbk_study *study, const struct dbk_metric_question *question,
	     struct dbk_value *out)
{
	const struct dbk_growth *growth = study->growth;
	int64_t before[GROWTH_MONTHS_MAX], joins[GROWTH_MONTHS_MAX], all, sum;
	uint32_t n = growth->n_months;
	struct dbk_ratio ratio;

	(void)question;
	be_empty(out);
	if (n < BASS_MONTHS_MIN || n > GROWTH_MONTHS_MAX)
		return;
	/* All before the window's first month, and what of the month is before it. */
	sum = joined_before(growth, study->options.from_day);
	all = sum;
	for (uint32_t i = 0; i < n; i++)
		all += (int64_t)growth->months[i].joined;
	for (uint32_t i = 0; i < n && all > 0; i++) {
		before[i] = dbk_money_ratio(BASS_SCALE, sum, all);
		joins[i] = (int64_t)growth->months[i].joined;
		sum += joins[i];
	}
	out->population = (uint64_t)all;
	if (all == 0 || !dbk_bass_fit(before, joins, n, &ratio))
		return;
	dbk_reading_strict(out, ratio.numerator, ratio.denominator);
	dbk_reading_lenient(out, ratio.numerator, ratio.denominator);
	dbk_evidence_list(&growth->joiners, INT32_MIN, INT32_MAX, &out->evidence);
}

static void
measure_churn(const struct dbk_study *study, const struct dbk_metric_question *question,
	      struct dbk_value *out)
{
	int32_t since = dbk_study_cut(study) - YEAR_DAYS;
	struct dbk_evidence evidence = { .count = 0 };
	int64_t gone = 0, there = 0;
	uint32_t agent;

	(void)question;
	for (uint32_t i = 0; (agent = dbk_people_joined(study->people, i)) != 0; i++) {
		const struct dbk_account *account =
		    dbk_people_account(study->people, agent);

		if (account->person == 0 || account->joined_day >= since ||
		    account->left_day < since)
			continue;
		there++;
		if (account->left_day == DBK_DAY_NEVER && account->active_day >= since)
			continue;
		gone++;
		dbk_evidence_add(&evidence, account->joined_position,
				 account->joined_day);
	}
	dbk_reading_strict(out, gone, there);
	dbk_reading_lenient(out, gone, there);
	out->population = (uint64_t)there;
	dbk_evidence_list(&evidence, INT32_MIN, INT32_MAX, &out->evidence);
}

/* ----------------------------------------------------------------------------- plans
 */

static int64_t
local_day_begins(const struct dbk_study *study, int32_t day)
{
	const int64_t minute = INT64_C(60000000), day_us = INT64_C(86400000000);

	return day * day_us - study->options.utc_offset_minutes * minute;
}

/* PLAN ended and none was in force in the 90 days behind. */
static bool
is_last(const struct dbk_growth *growth, const struct plan *plan, int64_t until)
{
	for (uint32_t i = 0; i < growth->n_plans; i++)
		if (growth->plans[i].to > plan->to && growth->plans[i].from < until)
			return false;
	return true;
}

static void
measure_stop_fall(const struct dbk_study *study,
		  const struct dbk_metric_question *question, struct dbk_value *out)
{
	const struct dbk_growth *growth = study->growth;
	const struct dbk_flows *flows = study->flows;
	int32_t cut = dbk_study_cut(study);

	be_empty(out);
	for (uint32_t i = 0; i < growth->n_plans; i++) {
		const struct plan *plan = &growth->plans[i];
		int32_t day =
		    dbk_day_of_time(plan->to, study->options.utc_offset_minutes);
		struct dbk_ratio fall;

		if (plan->to == INT64_MAX || day < question->from_day ||
		    day >= question->to_day || day + STOP_DAYS > cut ||
		    (int64_t)day - STOP_DAYS < study->options.from_day ||
		    !is_last(growth, plan, local_day_begins(study, day + STOP_DAYS)))
			continue;
		fall.denominator = dbk_flows_revenue(flows, day - STOP_DAYS, day);
		fall.numerator =
		    dbk_money_bound((dbk_wide)fall.denominator -
				    dbk_flows_revenue(flows, day, day + STOP_DAYS));
		if (fall.denominator <= 0 ||
		    (out->strict_state == DBK_VALUE_KNOWN &&
		     dbk_ratio_compare(fall, out->strict) <= 0))
			continue;
		dbk_reading_strict(out, fall.numerator, fall.denominator);
		dbk_reading_lenient(out, fall.numerator, fall.denominator);
		out->population = study->extent.facts;
		out->evidence.count = out->evidence.n = 1;
		out->evidence.positions[0] = plan->position;
	}
}

static void
measure_pay_follows_joins(const struct dbk_study *study,
			  const struct dbk_metric_question *question,
			  struct dbk_value *out)
{
	const struct dbk_growth *growth = study->growth;
	int64_t rose = 0, followed = 0;

	for (uint32_t i = 1; i < growth->n_months; i++) {
		const struct dbk_growth_month *month = &growth->months[i];
		const struct dbk_growth_month *last = month - 1;
		int32_t from, to;

		if (dbk_month_first_day(last->month) < question->from_day ||
		    dbk_month_first_day(month->month) >= question->to_day ||
		    month->rewards <= last->rewards)
			continue;
		rose++;
		if (month->joined <= last->joined ||
		    month->verified_retail > last->verified_retail)
			continue;
		followed++;
		days_of(growth, month->month, &from, &to);
		dbk_evidence_list(dbk_rewards_evidence(study->rewards), from, to,
				  &out->evidence);
	}
	dbk_reading_strict(out, followed, rose);
	dbk_reading_lenient(out, followed, rose);
	out->population = (uint64_t)rose;
}

const struct dbk_metric dbk_growth_metrics[] = {
	{ .name = "growth_months",
	  .unit = DBK_UNIT_MONTHS,
	  .is_listed = true,
	  .en = "Months until everybody would have joined",
	  .zh = "按现增速全部人口加入所需月数",
	  .parameters = { { "market", 0, false } },
	  .measure = measure_growth_months },
	{ .name = "bass_ratio",
	  .unit = DBK_UNIT_RATIO,
	  .is_listed = true,
	  .en = "Joining for others against joining on one's own (Bass q / p)",
	  .zh = "受他人影响加入与自发加入之比（Bass 模型 q/p）",
	  .measure = measure_bass },
	{ .name = "churn_year",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of accounts that left or fell silent within a year",
	  .zh = "一年内退出或停止活动的账户占比",
	  .measure = measure_churn },
	{ .name = "stop_fall",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Fall of revenue when the pay plan ended",
	  .zh = "奖金制度终止后收入降幅",
	  .measure = measure_stop_fall },
	{ .name = "pay_follows_joins",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Share of months in which pay rose with joiners, not with retail",
	  .zh = "奖金随加入人数而非零售上升的月份占比",
	  .measure = measure_pay_follows_joins },
	{ .name = NULL },
};
