#include "report/disclosure.h"

#include <stdlib.h>

#include "base/money.h"
#include "metrics/forest.h"
#include "metrics/months.h"
#include "metrics/people.h"
#include "metrics/results.h"
#include "metrics/rewards.h"
#include "metrics/series.h"
#include "report/tables.h"

#define YEAR_DAYS 365
#define YEAR_MONTHS 12
#define OF 10000u

/* A participant. */
struct entrant {
	int64_t income, paid_in, net, fees, purchases;
	uint32_t break_even; /* months, UINT32_MAX: not yet */
	uint32_t person;
};

struct disclosure {
	struct dbk_maker maker;
	const struct dbk_report_source *source;
	const struct dbk_study *study;
	Daybook__Report__V1__DisclosureReport *report;
	int32_t from_day, to_day; /* the year */
	int32_t from_month, to_month;
	struct entrant *entrants;
	uint32_t n;
	int64_t *column; /* room for a number of each */
};

/* ----------------------------------------------------------------------- participants
 */

/* What a person got and paid in one month of an account. */
struct step {
	int32_t month;
	int64_t more;
};

static int
compare_steps(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	return x->month < y->month ? -1 : x->month > y->month;
}

/* The months of all accounts of PERSON; how many there are where STEPS is NULL. */
static size_t
take_steps(const struct disclosure *d, uint32_t person, struct step *steps)
{
	const struct dbk_results *results = dbk_study_results(d->study);
	const struct dbk_months *months = dbk_study_months(d->study);
	size_t n = 0;

	for (uint32_t agent = dbk_results_first_account(results, person); agent != 0;
	     agent = dbk_results_next_account(results, agent)) {
		uint32_t number = agent < dbk_months_accounts(months)
				      ? dbk_months_latest(months, agent)
				      : 0;

		for (; number != 0; number = dbk_months_row(months, number)->next) {
			const struct dbk_month_row *row =
			    dbk_months_row(months, number);

			if (steps != NULL)
				steps[n] = (struct step){ row->month,
							  dbk_money_bound(
							      (dbk_wide)row->rewards -
							      row->paid) };
			n++;
		}
	}
	return n;
}

static int32_t
joined_day(const struct disclosure *d, uint32_t person)
{
	const struct dbk_people *people = dbk_study_people(d->study);
	uint32_t agent = dbk_forest_row(dbk_people_forest(people), person)->agent;

	return dbk_people_account(people, agent)->joined_day;
}

/* Months from joining until the sum of all steps is no longer below 0, and stays so for
 * the month: the steps of one month are taken together. */
static uint32_t
break_even(const struct disclosure *d, uint32_t person, struct step *steps, size_t n)
{
	int32_t first = dbk_month_of_day(joined_day(d, person));
	int64_t sum = 0;

	qsort(steps, n, sizeof *steps, compare_steps);
	for (size_t i = 0; i < n; i++) {
		sum = dbk_money_sum(sum, steps[i].more);
		if (i + 1 < n && steps[i + 1].month == steps[i].month)
			continue;
		if (sum >= 0)
			return steps[i].month <= first
				   ? 1
				   : (uint32_t)(steps[i].month - first) + 1;
	}
	return n == 0 ? 1 : UINT32_MAX;
}

static void
add_year(const struct disclosure *d, struct entrant *entrant)
{
	const struct dbk_results *results = dbk_study_results(d->study);
	const struct dbk_months *months = dbk_study_months(d->study);

	for (uint32_t agent = dbk_results_first_account(results, entrant->person);
	     agent != 0; agent = dbk_results_next_account(results, agent)) {
		uint32_t number = agent < dbk_months_accounts(months)
				      ? dbk_months_latest(months, agent)
				      : 0;

		for (; number != 0; number = dbk_months_row(months, number)->next) {
			const struct dbk_month_row *row =
			    dbk_months_row(months, number);

			if (row->month < d->from_month || row->month > d->to_month)
				continue;
			entrant->income = dbk_money_sum(entrant->income, row->rewards);
			entrant->paid_in = dbk_money_sum(entrant->paid_in, row->paid);
		}
	}
}

static bool
take_entrant(const struct disclosure *d, uint32_t person, struct entrant *out)
{
	struct dbk_result result;
	size_t n = take_steps(d, person, NULL);
	struct step *steps = calloc(n + 1, sizeof *steps);

	if (steps == NULL)
		return false;
	(void)take_steps(d, person, steps);
	dbk_results_of_person(dbk_study_results(d->study), person, &result);
	*out = (struct entrant){ .net = result.net_strict,
				 .fees = result.fees,
				 .purchases = result.first_year,
				 .break_even = break_even(d, person, steps, n),
				 .person = person };
	add_year(d, out);
	free(steps);
	return true;
}

static int
compare_entrants(const void *a, const void *b)
{
	const struct entrant *x = a, *y = b;

	if (x->income != y->income)
		return x->income < y->income ? -1 : 1;
	return x->person < y->person ? -1 : 1;
}

static bool
take_entrants(struct disclosure *d)
{
	const struct dbk_results *results = dbk_study_results(d->study);

	d->n = dbk_results_count(results);
	d->entrants = calloc((size_t)d->n + 1, sizeof *d->entrants);
	d->column = calloc((size_t)d->n + 1, sizeof *d->column);
	if (d->entrants == NULL || d->column == NULL)
		return false;
	for (uint32_t i = 0; i < d->n; i++)
		if (!take_entrant(d, dbk_results_person_by_rewards(results, i),
				  &d->entrants[i]))
			return false;
	qsort(d->entrants, d->n, sizeof *d->entrants, compare_entrants);
	return true;
}

/* ---------------------------------------------------------------------------- figures
 */

static int
compare_numbers(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* Of the first N numbers of the column, which it puts in order. */
static int64_t
median(struct disclosure *d, uint32_t n)
{
	if (n == 0)
		return 0;
	qsort(d->column, n, sizeof *d->column, compare_numbers);
	return d->column[(n - 1) / 2];
}

static int64_t
income_of(const struct entrant *entrant)
{
	return entrant->income;
}

static int64_t
paid_in_of(const struct entrant *entrant)
{
	return entrant->paid_in;
}

static int64_t
net_of(const struct entrant *entrant)
{
	return entrant->net;
}

static int64_t
fees_of(const struct entrant *entrant)
{
	return entrant->fees;
}

static int64_t
purchases_of(const struct entrant *entrant)
{
	return entrant->purchases;
}

static int64_t
break_even_of(const struct entrant *entrant)
{
	return entrant->break_even;
}

/* The median of what NUMBER says of entrants [from, to). */
static int64_t
median_of(struct disclosure *d, int64_t (*number)(const struct entrant *entrant),
	  uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++)
		d->column[i - from] = number(&d->entrants[i]);
	return median(d, to - from);
}

/* Rounded towards zero. */
static int64_t
mean_income(const struct disclosure *d, uint32_t from, uint32_t to)
{
	dbk_wide sum = 0;

	for (uint32_t i = from; i < to; i++)
		sum += d->entrants[i].income;
	return to == from ? 0 : dbk_money_bound(sum / (to - from));
}

/* All accounts of a person have left, the last within a year from joining. */
static bool
left_within_year(const struct disclosure *d, uint32_t person)
{
	const struct dbk_results *results = dbk_study_results(d->study);
	const struct dbk_people *people = dbk_study_people(d->study);

	for (uint32_t agent = dbk_results_first_account(results, person); agent != 0;
	     agent = dbk_results_next_account(results, agent)) {
		int32_t left = dbk_people_account(people, agent)->left_day;

		if (left == DBK_DAY_NEVER || left - joined_day(d, person) >= YEAR_DAYS)
			return false;
	}
	return true;
}

static bool
was_active(const struct disclosure *d, uint32_t person)
{
	const struct dbk_results *results = dbk_study_results(d->study);
	const struct dbk_people *people = dbk_study_people(d->study);
	bool active = false;

	for (uint32_t agent = dbk_results_first_account(results, person); agent != 0;
	     agent = dbk_results_next_account(results, agent))
		active |= dbk_people_account(people, agent)->active_day >= d->from_day;
	return active;
}

static void
count_people(struct disclosure *d)
{
	const struct dbk_results *results = dbk_study_results(d->study);
	struct dbk_result_bin bins[DBK_RESULT_BINS];

	for (uint32_t i = 0; i < d->n; i++) {
		const struct entrant *entrant = &d->entrants[i];

		d->report->active += was_active(d, entrant->person);
		d->report->paid_nothing += entrant->income <= 0;
		d->report->left_within_year += left_within_year(d, entrant->person);
		d->report->lost_strict += entrant->net < 0;
	}
	dbk_results_bins(results, true, bins);
	for (uint32_t i = 0; i < DBK_RESULT_BINS && bins[i].to <= 0; i++)
		d->report->lost_lenient += bins[i].persons;
	d->report->participants = d->n;
}

static void
put_medians(struct disclosure *d)
{
	int64_t months = median_of(d, break_even_of, 0, d->n);

	d->report->median_income = median_of(d, income_of, 0, d->n);
	d->report->mean_income = mean_income(d, 0, d->n);
	d->report->median_net = median_of(d, net_of, 0, d->n);
	d->report->median_fees = median_of(d, fees_of, 0, d->n);
	d->report->median_purchases = median_of(d, purchases_of, 0, d->n);
	d->report->months_to_break_even = months == UINT32_MAX ? 0 : (uint64_t)months;
}

static void
put_bands(struct disclosure *d)
{
	static const uint32_t edges[] = { 0, 5000, 7500, 9000, 9900, OF };
	const size_t n = sizeof edges / sizeof edges[0] - 1;

	d->report->bands = dbk_maker_list(
	    &d->maker, n, &daybook__report__v1__disclosure_band__descriptor);
	for (size_t i = 0; d->report->bands != NULL && i < n; i++) {
		Daybook__Report__V1__DisclosureBand *band = d->report->bands[i];
		uint32_t from = (uint32_t)((uint64_t)d->n * edges[i] / OF);
		uint32_t to = (uint32_t)((uint64_t)d->n * edges[i + 1] / OF);

		d->report->n_bands = i + 1;
		band->from = edges[i];
		band->to = edges[i + 1];
		band->persons = to - from;
		if (to == from)
			continue;
		band->least = d->entrants[from].income;
		band->most = d->entrants[to - 1].income;
		band->mean = mean_income(d, from, to);
		band->median = median_of(d, income_of, from, to);
		band->median_paid_in = median_of(d, paid_in_of, from, to);
	}
}

/* R of two bases over all of it, in the year. */
static Daybook__Report__V1__Figure *
share_of(struct disclosure *d, const char *name, const char *en, const char *zh,
	 enum dbk_reward_basis one, enum dbk_reward_basis other)
{
	const struct dbk_rewards *rewards = dbk_study_rewards(d->study);
	const struct dbk_metric metric = {
		.name = name, .unit = DBK_UNIT_SHARE, .en = en, .zh = zh
	};
	const struct dbk_metric_question question = { d->from_day, d->to_day, { 0 } };
	struct dbk_value value = { .population = d->n };
	int64_t all = dbk_rewards_sum(rewards, d->from_day, d->to_day);

	value.strict.numerator =
	    dbk_money_sum(dbk_rewards_of_basis(rewards, one, d->from_day, d->to_day),
			  dbk_rewards_of_basis(rewards, other, d->from_day, d->to_day));
	value.strict.denominator = all;
	if (all <= 0)
		value.strict_state = value.lenient_state = DBK_VALUE_EMPTY;
	value.lenient = value.strict;
	dbk_evidence_list(dbk_rewards_evidence(rewards), d->from_day, d->to_day,
			  &value.evidence);
	return dbk_maker_figure(&d->maker, &metric, &question, &value);
}

static void
put_shares(struct disclosure *d)
{
	d->report->from_retail = share_of(
	    d, "income_from_retail", "Income from sales to consumers",
	    "来自终端零售的收入占比", DBK_REWARD_OWN_RETAIL, DBK_REWARD_DOWN_RETAIL);
	d->report->from_recruiting = share_of(
	    d, "income_from_recruiting", "Income from recruiting",
	    "来自发展人员的收入占比", DBK_REWARD_HEADCOUNT, DBK_REWARD_JOIN_FEE);
	d->report->from_purchases =
	    share_of(d, "income_from_purchases", "Income from what agents buy",
		     "来自代理进货的收入占比", DBK_REWARD_OWN_PURCHASE,
		     DBK_REWARD_DOWN_PURCHASE);
}

static void
put_figures(struct disclosure *d)
{
	static const char *const names[] = {
		"loss_share",	"never_paid_share", "recouped_share",
		"gini",		"top_share",	    "churn_year",
		"retail_share", "external_ratio",   "untraced_share",
		"pay_gap_days", "buyback_honoured",
	};
	const size_t n = sizeof names / sizeof names[0];

	d->report->figures =
	    dbk_maker_list(&d->maker, n, &daybook__report__v1__figure__descriptor);
	for (size_t i = 0; d->report->figures != NULL && i < n; i++) {
		d->report->figures[i] =
		    dbk_maker_measured(&d->maker, d->study, names[i]);
		d->report->n_figures = d->report->figures[i] == NULL ? i : i + 1;
	}
}

/* The last twelve months of the window, as much of them as there is. */
static void
choose_year(struct disclosure *d)
{
	const struct dbk_study_options *options = &d->source->options;
	struct dbk_study_extent extent = dbk_study_extent(d->study);
	int32_t from =
	    options->from_day > extent.first_day ? options->from_day : extent.first_day;

	d->to_day =
	    options->to_day != INT32_MAX ? options->to_day : extent.last_day + 1;
	d->to_month = dbk_month_of_day(d->to_day - 1);
	d->from_month = d->to_month - YEAR_MONTHS + 1;
	d->from_day = dbk_month_first_day(d->from_month);
	if (d->from_day < from)
		d->from_day = from;
}

static void
fill(struct disclosure *d)
{
	choose_year(d);
	if (!take_entrants(d)) {
		d->maker.failed = true;
		return;
	}
	d->report->basis = dbk_basis_make(&d->maker, d->source);
	d->report->year_from = dbk_maker_day(&d->maker, d->from_day);
	d->report->year_to = dbk_maker_day(&d->maker, d->to_day);
	count_people(d);
	put_medians(d);
	put_bands(d);
	put_shares(d);
	put_figures(d);
	d->report->months =
	    dbk_tables_months(&d->maker, d->study, &d->report->n_months);
	d->report->evidence = d->maker.sets;
	d->report->n_evidence = d->maker.n_sets;
}

Daybook__Report__V1__DisclosureReport *
dbk_disclosure_make(const struct dbk_report_source *source, struct dbk_arena *arena)
{
	struct disclosure d = { .source = source, .study = source->study };

	dbk_maker_init(&d.maker, arena);
	d.report = dbk_maker_message(
	    &d.maker, &daybook__report__v1__disclosure_report__descriptor);
	if (d.report == NULL)
		return NULL;
	fill(&d);
	free(d.entrants);
	free(d.column);
	return d.maker.failed ? NULL : d.report;
}
