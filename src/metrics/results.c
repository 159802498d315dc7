#include "metrics/results.h"

#include <stdlib.h>
#include <string.h>

#include "metrics/metric.h"
#include "metrics/study_private.h"

struct dbk_results {
	struct dbk_study *study;
};

enum dbk_err
dbk_results_open(struct dbk_study *study, struct dbk_results **out)
{
	struct dbk_results *results = calloc(1, sizeof *results);

	if (results == NULL)
		return DBK_FAILED_MEMORY;
	results->study = study;
	*out = results;
	return DBK_OK;
}

void
dbk_results_close(struct dbk_results *results)
{
	free(results);
}

enum dbk_err
dbk_results_add(struct dbk_results *results, const struct dbk_taken *taken)
{
	(void)results, (void)taken;
	return DBK_OK;
}

enum dbk_err
dbk_results_end(struct dbk_results *results)
{
	(void)results;
	return DBK_OK;
}

void
dbk_results_of_account(const struct dbk_results *results, uint32_t agent,
		       struct dbk_result *out)
{
	(void)results, (void)agent;
	memset(out, 0, sizeof *out);
}

void
dbk_results_of_person(const struct dbk_results *results, uint32_t person,
		      struct dbk_result *out)
{
	(void)results, (void)person;
	memset(out, 0, sizeof *out);
}

uint32_t
dbk_results_count(const struct dbk_results *results)
{
	(void)results;
	return 0;
}

uint32_t
dbk_results_person_by_rewards(const struct dbk_results *results, uint32_t place)
{
	(void)results, (void)place;
	return 0;
}

int64_t
dbk_results_rewards_at(const struct dbk_results *results, uint32_t place)
{
	(void)results, (void)place;
	return 0;
}

void
dbk_results_bins(const struct dbk_results *results, bool is_lenient,
		 struct dbk_result_bin out[DBK_RESULT_BINS])
{
	(void)results, (void)is_lenient;
	memset(out, 0, DBK_RESULT_BINS * sizeof *out);
}

uint32_t
dbk_results_cohorts(const struct dbk_results *results,
		    const struct dbk_result_cohort **out)
{
	(void)results;
	*out = NULL;
	return 0;
}

bool
dbk_results_quantiles(const struct dbk_results *results,
		      int64_t out[DBK_RESULT_QUANTILES])
{
	(void)results;
	memset(out, 0, DBK_RESULT_QUANTILES * sizeof *out);
	return false;
}

const struct dbk_metric dbk_results_metrics[] = { { .name = NULL } };
