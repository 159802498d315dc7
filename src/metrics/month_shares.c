#include "base/money.h"
#include "metrics/months_private.h"
#include "metrics/reading.h"
#include "metrics/sample.h"
#include "metrics/study_private.h"

#define MILLION 1000000
#define WALKS 16

/* What a row is to a share. */
enum {
	STRICT_OF = 1, /* in the denominator */
	STRICT = 2,    /* in the numerator too */
	LENIENT_OF = 4,
	LENIENT = 8
};

typedef unsigned judge_fn(const struct dbk_month_row *row, const int64_t *parameters);

/* Bits for rows that are in both denominators. */
static unsigned
both(bool strict, bool lenient)
{
	return STRICT_OF | LENIENT_OF | (strict ? STRICT : 0u) |
	       (lenient ? LENIENT : 0u);
}

/* A record may have made several rows. */
static void
show(const struct dbk_month_row *row, struct dbk_evidence_list *out)
{
	if (row->position != 0 &&
	    (out->n == 0 || out->positions[out->n - 1] != row->position))
		dbk_sample_add(out, row->position);
}

static void
measure_share(const struct dbk_study *study, const struct dbk_metric_question *question,
	      judge_fn *judge, struct dbk_value *out)
{
	uint64_t strict_of = 0, strict = 0, lenient_of = 0, lenient = 0;
	uint32_t count = dbk_months_count(study->months);
	const struct dbk_month_row *row;
	int64_t from, to;
	unsigned bits;

	dbk_months_of_days(question->from_day, question->to_day, &from, &to);
	for (uint32_t i = 1; i <= count; i++) {
		row = dbk_months_row(study->months, i);
		if (!row->is_in_forest || row->month < from || row->month >= to)
			continue;
		bits = judge(row, question->parameters);
		strict_of += (bits & STRICT_OF) != 0;
		strict += (bits & STRICT) != 0;
		lenient_of += (bits & LENIENT_OF) != 0;
		lenient += (bits & LENIENT) != 0;
		if (bits & STRICT)
			show(row, &out->evidence);
	}
	dbk_reading_strict(out, strict, strict_of);
	dbk_reading_lenient(out, lenient, lenient_of);
	out->population = strict_of;
}

/* Whether UNITS are SHARE ppm of what was bought, or more. */
static bool
is_resold(const struct dbk_month_row *row, int64_t units, int64_t share)
{
	return (dbk_wide)units * MILLION >= (dbk_wide)share * row->bought;
}

static unsigned
judge_resale(const struct dbk_month_row *row, const int64_t *parameters)
{
	if (row->rewards <= 0 || row->bought <= 0)
		return 0;
	return both(is_resold(row, row->consumer, parameters[0]),
		    is_resold(row, row->resold, parameters[0]));
}

static unsigned
judge_customers(const struct dbk_month_row *row, const int64_t *parameters)
{
	bool has_ten = (int64_t)row->buyers >= parameters[0];

	return row->rewards > 0 ? both(has_ten, has_ten) : 0;
}

static unsigned
judge_enforcement(const struct dbk_month_row *row, const int64_t *parameters)
{
	bool is_unpaid = row->rewards <= 0;
	unsigned bits = 0;

	if (row->bought <= 0)
		return 0;
	if (!is_resold(row, row->consumer, parameters[0]) ||
	    (int64_t)row->buyers < parameters[1])
		bits |= STRICT_OF | (is_unpaid ? STRICT : 0u);
	if (!is_resold(row, row->resold, parameters[0]))
		bits |= LENIENT_OF | (is_unpaid ? LENIENT : 0u);
	return bits;
}

static unsigned
judge_outside_half(const struct dbk_month_row *row, const int64_t *parameters)
{
	(void)parameters;
	return row->rewards > 0 ? both(row->fails_strict, row->fails_lenient) : 0;
}

static unsigned
judge_sales_cap(const struct dbk_month_row *row, const int64_t *parameters)
{
	dbk_wide rewards = (dbk_wide)row->rewards * MILLION;

	if (row->rewards <= 0)
		return 0;
	return both(rewards > (dbk_wide)parameters[0] * row->verified,
		    rewards > (dbk_wide)parameters[0] * row->lenient);
}

static unsigned
judge_self_use(const struct dbk_month_row *row, const int64_t *parameters)
{
	bool is_over = row->self > parameters[0];

	return row->self > 0 ? both(is_over, is_over) : 0;
}

static void
measure_resale(const struct dbk_study *study,
	       const struct dbk_metric_question *question, struct dbk_value *out)
{
	measure_share(study, question, judge_resale, out);
}

static void
measure_customers(const struct dbk_study *study,
		  const struct dbk_metric_question *question, struct dbk_value *out)
{
	measure_share(study, question, judge_customers, out);
}

static void
measure_enforcement(const struct dbk_study *study,
		    const struct dbk_metric_question *question, struct dbk_value *out)
{
	measure_share(study, question, judge_enforcement, out);
}

static void
measure_outside_half(const struct dbk_study *study,
		     const struct dbk_metric_question *question, struct dbk_value *out)
{
	measure_share(study, question, judge_outside_half, out);
}

static void
measure_sales_cap(const struct dbk_study *study,
		  const struct dbk_metric_question *question, struct dbk_value *out)
{
	measure_share(study, question, judge_sales_cap, out);
}

static void
measure_self_use(const struct dbk_study *study,
		 const struct dbk_metric_question *question, struct dbk_value *out)
{
	measure_share(study, question, judge_self_use, out);
}

/* The longest wait for pay so far. */
struct wait {
	int64_t days;
	uint64_t months;
};

static void
wait_for(const struct dbk_month_row *row, int64_t paid_day, struct wait *longest,
	 struct dbk_value *out)
{
	int64_t last = (int64_t)dbk_month_first_day((int32_t)row->month + 1) - 1;
	int64_t days = paid_day > last ? paid_day - last : 0;

	longest->months++;
	if (days > longest->days) {
		longest->days = days;
		out->evidence.count = out->evidence.n = 0;
	}
	if (days == longest->days && row->position != 0)
		dbk_sample_add(&out->evidence, row->position);
}

/* The last day that the study is about: who was not paid until then waits. */
static int64_t
last_day_of(const struct dbk_study *study)
{
	return study->options.to_day != INT32_MAX ? (int64_t)study->options.to_day - 1
						  : (int64_t)study->extent.last_day;
}

/* From the latest month of an account to its earliest. */
struct walk {
	uint32_t at;	/* the row that comes next, 0: none */
	int64_t payday; /* the first behind its month */
};

/* With the next account that has rows; *NEXT: the one to begin with. */
static void
begin_walk(const struct dbk_study *study, uint32_t *next, struct walk *walk)
{
	uint32_t end = dbk_months_accounts(study->months);

	walk->payday = last_day_of(study);
	while (walk->at == 0 && *next < end)
		walk->at = dbk_months_latest(study->months, (*next)++);
	dbk_months_foresee_row(study->months, walk->at);
}

static void
step_back(const struct dbk_study *study, struct walk *walk,
	  const struct dbk_month_row *row)
{
	if (row->payday != 0)
		walk->payday =
		    (int64_t)dbk_month_first_day((int32_t)row->month) + row->payday - 1;
	walk->at = row->next;
	dbk_months_foresee_row(study->months, walk->at);
}

/* Many accounts are walked through at a time, a row of each in turn: each row tells
 * where the next one is, and one alone would wait for memory at every step. */
static void
measure_pay_gap(const struct dbk_study *study,
		const struct dbk_metric_question *question, struct dbk_value *out)
{
	uint32_t next = 1, end = dbk_months_accounts(study->months), busy;
	struct walk walks[WALKS] = { { 0, 0 } };
	struct wait longest = { -1, 0 };
	const struct dbk_month_row *row;
	int64_t from, to;

	dbk_months_of_days(question->from_day, question->to_day, &from, &to);
	do {
		busy = 0;
		for (struct walk *walk = walks; walk < walks + WALKS; walk++) {
			if (walk->at == 0) {
				begin_walk(study, &next, walk);
				busy += walk->at != 0;
				continue;
			}
			row = dbk_months_row(study->months, walk->at);
			if (row->is_in_forest && row->rewards > 0 &&
			    row->month >= from && row->month < to)
				wait_for(row, walk->payday, &longest, out);
			step_back(study, walk, row);
			busy++;
		}
	} while (busy > 0 || next < end);
	out->population = longest.months;
	if (longest.months == 0)
		out->strict_state = out->lenient_state = DBK_VALUE_EMPTY;
	else
		dbk_reading_plain(out, longest.days, longest.days);
}

const struct dbk_metric dbk_months_metrics[] = {
	{ .name = "resale_70_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Paid agent-months in which most goods bought were resold",
	  .zh = "获酬代理月中进货大部分已转售的占比",
	  .parameters = { { "share", 700000, false } },
	  .measure = measure_resale },
	{ .name = "ten_customers_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Paid agent-months with enough different retail customers",
	  .zh = "获酬代理月中零售客户数达标的占比",
	  .parameters = { { "buyers", 10, false } },
	  .measure = measure_customers },
	{ .name = "enforcement_share",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Agent-months below the resale rules in which pay was withheld",
	  .zh = "未达转售规则的代理月中停发报酬的占比",
	  .parameters = { { "share", 700000, false }, { "buyers", 10, false } },
	  .measure = measure_enforcement },
	{ .name = "outside_half_failed",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Paid agent-months with at most half of revenue from consumers",
	  .zh = "获酬代理月中消费者收入未过半的占比",
	  .measure = measure_outside_half },
	{ .name = "own_sales_cap_failed",
	  .unit = DBK_UNIT_SHARE,
	  .is_listed = true,
	  .en = "Paid agent-months with pay above the cap on own retail",
	  .zh = "获酬代理月中报酬超出本人零售上限的占比",
	  .parameters = { { "share", 300000, false } },
	  .measure = measure_sales_cap },
	{ .name = "self_use_over",
	  .unit = DBK_UNIT_SHARE,
	  .en = "Agent-months with self-use purchases above the limit",
	  .zh = "自用购货超限的代理月占比",
	  .parameters = { { "amount", 0, true } },
	  .measure = measure_self_use },
	{ .name = "pay_gap_days",
	  .unit = DBK_UNIT_DAYS,
	  .is_listed = true,
	  .en = "Longest wait for a payout after a month with rewards",
	  .zh = "报酬月份终了至发放的最长天数",
	  .measure = measure_pay_gap },
	{ .name = NULL },
};
