#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/money.h"
#include "metrics/forest.h"
#include "metrics/people.h"
#include "metrics/results_private.h"

/* Of ten bins on one side of 0 nine have two bounds. */
#define INNER_BINS 9

static void
add(int64_t *sum, int64_t amount)
{
	*sum = dbk_money_sum(*sum, amount);
}

static const struct dbk_forest *
forest_of(const struct dbk_results *results)
{
	return dbk_people_forest(results->study->people);
}

static int
compare_rows(const void *a, const void *b)
{
	const struct dbk_results_row *x = a, *y = b;

	if (x->rewards != y->rewards)
		return x->rewards < y->rewards ? -1 : 1;
	return x->person < y->person ? -1 : 1;
}

static enum dbk_err
chain_accounts(struct dbk_results *results)
{
	const struct dbk_people *people = results->study->people;
	uint32_t agents = dbk_people_agents(people);

	results->first_accounts =
	    calloc((size_t)dbk_people_persons(people) + 1, sizeof(uint32_t));
	results->next_accounts = calloc((size_t)agents + 1, sizeof(uint32_t));
	if (results->first_accounts == NULL || results->next_accounts == NULL)
		return DBK_FAILED_MEMORY;
	for (uint32_t agent = 1; agent < agents; agent++) {
		uint32_t person = dbk_people_person(people, agent);

		if (person == 0)
			continue;
		results->next_accounts[agent] = results->first_accounts[person];
		results->first_accounts[person] = agent;
	}
	return DBK_OK;
}

/* A row for each participant; ROWS by person until they are sorted. */
static enum dbk_err
make_rows(struct dbk_results *results)
{
	const struct dbk_forest *forest = forest_of(results);

	results->rows = calloc((size_t)forest->limit + 1, sizeof *results->rows);
	if (results->rows == NULL)
		return DBK_FAILED_MEMORY;
	for (uint32_t person = 1; person < forest->limit; person++) {
		struct dbk_results_row *row = &results->rows[results->n_rows];
		struct dbk_result result;

		if (!dbk_forest_is_participant(dbk_forest_row(forest, person)))
			continue;
		dbk_results_of_person(results, person, &result);
		*row = (struct dbk_results_row){ .rewards = result.rewards,
						 .net_strict = result.net_strict,
						 .net_lenient = result.net_lenient,
						 .person = person };
		results->n_rows++;
	}
	qsort(results->rows, results->n_rows, sizeof *results->rows, compare_rows);
	return DBK_OK;
}

static int
compare_sizes(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static uint64_t
size_of(int64_t amount)
{
	return amount < 0 ? -(uint64_t)amount : (uint64_t)amount;
}

/* The least 1, 2 or 5 times a power of ten that is at least WIDTH. */
static int64_t
round_width(uint64_t width)
{
	uint64_t power = 1;

	for (; power < UINT64_C(100000000000000000); power *= 10)
		for (uint64_t step = 1; step <= 5; step += step == 1 ? 1 : 3)
			if (power * step >= width)
				return (int64_t)(power * step);
	return (int64_t)power;
}

static enum dbk_err
choose_width(struct dbk_results *results)
{
	uint64_t *sizes = calloc((size_t)results->n_rows * 2 + 1, sizeof *sizes);
	uint32_t n = 0;

	if (sizes == NULL)
		return DBK_FAILED_MEMORY;
	for (uint32_t i = 0; i < results->n_rows; i++) {
		const struct dbk_results_row *row = &results->rows[i];

		if (row->net_strict != 0)
			sizes[n++] = size_of(row->net_strict);
		if (row->net_lenient != 0)
			sizes[n++] = size_of(row->net_lenient);
	}
	qsort(sizes, n, sizeof *sizes, compare_sizes);
	results->bin_width =
	    n == 0
		? 1
		: round_width((sizes[(size_t)(n - 1) * 9 / 10] - 1) / INNER_BINS + 1);
	free(sizes);
	return DBK_OK;
}

static int32_t
joined_day(const struct dbk_results *results, uint32_t place)
{
	uint32_t person = results->rows[place].person;
	uint32_t agent = dbk_forest_row(forest_of(results), person)->agent;

	return dbk_people_account(results->study->people, agent)->joined_day;
}

static enum dbk_err
make_cohorts(struct dbk_results *results)
{
	const struct dbk_forest *forest = forest_of(results);
	int32_t first = INT32_MAX, last = INT32_MIN;
	struct dbk_result_cohort *cohorts;
	uint32_t n = 0;

	for (uint32_t i = 0; i < results->n_rows; i++) {
		int32_t month = dbk_month_of_day(joined_day(results, i));

		first = month < first ? month : first;
		last = month > last ? month : last;
	}
	if (results->n_rows == 0)
		return DBK_OK;
	cohorts = calloc((size_t)(last - first) + 1, sizeof *cohorts);
	if (cohorts == NULL)
		return DBK_FAILED_MEMORY;
	for (uint32_t i = 0; i < results->n_rows; i++) {
		const struct dbk_results_row *row = &results->rows[i];
		struct dbk_result_cohort *cohort =
		    &cohorts[dbk_month_of_day(joined_day(results, i)) - first];

		cohort->persons++;
		cohort->lost_strict += row->net_strict < 0;
		cohort->lost_lenient += row->net_lenient < 0;
		cohort->never_paid += row->rewards <= 0;
		cohort->left += dbk_forest_row(forest, row->person)->has_left;
	}
	for (int32_t month = first; month <= last; month++) {
		cohorts[n] = cohorts[month - first];
		cohorts[n].month = month;
		n += cohorts[n].persons > 0;
	}
	results->cohorts = cohorts;
	results->n_cohorts = n;
	return DBK_OK;
}

enum dbk_err
dbk_results_end(struct dbk_results *results)
{
	enum dbk_err err = chain_accounts(results);

	if (err == DBK_OK)
		err = make_rows(results);
	if (err == DBK_OK)
		err = choose_width(results);
	if (err == DBK_OK)
		err = make_cohorts(results);
	return err;
}

void
dbk_results_of_person(const struct dbk_results *results, uint32_t person,
		      struct dbk_result *out)
{
	memset(out, 0, sizeof *out);
	for (uint32_t agent = results->first_accounts[person]; agent != 0;
	     agent = results->next_accounts[agent]) {
		struct dbk_result one;

		dbk_results_of_account(results, agent, &one);
		add(&out->rewards, one.rewards);
		add(&out->retail_rewards, one.retail_rewards);
		add(&out->recruit_rewards, one.recruit_rewards);
		add(&out->purchase_rewards, one.purchase_rewards);
		add(&out->fees, one.fees);
		add(&out->bought, one.bought);
		add(&out->first_year, one.first_year);
		add(&out->own_sales, one.own_sales);
		add(&out->other_sales, one.other_sales);
		add(&out->passed_down, one.passed_down);
		add(&out->from_above, one.from_above);
		add(&out->self_used, one.self_used);
		add(&out->net_strict, one.net_strict);
		add(&out->net_lenient, one.net_lenient);
	}
}

uint32_t
dbk_results_first_account(const struct dbk_results *results, uint32_t person)
{
	return results->first_accounts[person];
}

uint32_t
dbk_results_next_account(const struct dbk_results *results, uint32_t agent)
{
	return results->next_accounts[agent];
}

uint32_t
dbk_results_count(const struct dbk_results *results)
{
	return results->n_rows;
}

uint32_t
dbk_results_person_by_rewards(const struct dbk_results *results, uint32_t place)
{
	dbk_assert(place < results->n_rows);
	return results->rows[place].person;
}

int64_t
dbk_results_rewards_at(const struct dbk_results *results, uint32_t place)
{
	dbk_assert(place < results->n_rows);
	return results->rows[place].rewards;
}

/* The bin of NET: ten below 0, one of 0, ten above it. */
static uint32_t
bin_of(int64_t net, int64_t width)
{
	uint64_t step;

	if (net == 0)
		return INNER_BINS + 1;
	/* Below 0 edges belong to the bin above them, above 0 likewise. */
	step = net < 0 ? (size_of(net) - 1) / (uint64_t)width
		       : (uint64_t)net / (uint64_t)width;
	if (step > INNER_BINS)
		step = INNER_BINS;
	return net < 0 ? (uint32_t)(INNER_BINS - step)
		       : (uint32_t)(INNER_BINS + 2 + step);
}

void
dbk_results_bins(const struct dbk_results *results, bool is_lenient,
		 struct dbk_result_bin out[DBK_RESULT_BINS])
{
	int64_t width = results->bin_width > 0 ? results->bin_width : 1;

	memset(out, 0, DBK_RESULT_BINS * sizeof *out);
	for (int32_t i = 0; i <= INNER_BINS; i++) {
		out[INNER_BINS - i].from =
		    i == INNER_BINS ? INT64_MIN : -width * (i + 1);
		out[INNER_BINS - i].to = -width * i;
		out[INNER_BINS + 2 + i].from = i == 0 ? 1 : width * i;
		out[INNER_BINS + 2 + i].to =
		    i == INNER_BINS ? INT64_MAX : width * (i + 1);
	}
	out[INNER_BINS + 1].to = 1;
	for (uint32_t i = 0; i < results->n_rows; i++) {
		const struct dbk_results_row *row = &results->rows[i];

		out[bin_of(is_lenient ? row->net_lenient : row->net_strict, width)]
		    .persons++;
	}
}

uint32_t
dbk_results_cohorts(const struct dbk_results *results,
		    const struct dbk_result_cohort **out)
{
	*out = results->cohorts;
	return results->n_cohorts;
}

bool
dbk_results_quantiles(const struct dbk_results *results,
		      int64_t out[DBK_RESULT_QUANTILES])
{
	memset(out, 0, DBK_RESULT_QUANTILES * sizeof *out);
	if (results->n_rows == 0)
		return false;
	for (uint32_t i = 0; i < DBK_RESULT_QUANTILES; i++) {
		uint64_t place =
		    (uint64_t)(results->n_rows - 1) * i / (DBK_RESULT_QUANTILES - 1);

		out[i] = results->rows[place].rewards;
	}
	return true;
}
