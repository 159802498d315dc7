#include "metrics/metric.h"

#include <string.h>

#include "base/money.h"
#include "metrics/study_private.h"

#define PPM 1000000

static const struct dbk_metric *const TABLES[] = {
	dbk_people_metrics,  dbk_flows_metrics,	  dbk_rewards_metrics,
	dbk_months_metrics,  dbk_results_metrics, dbk_holdings_metrics,
	dbk_circles_metrics, dbk_growth_metrics,  dbk_duties_metrics,
	dbk_findings_metrics,
};

#define N_TABLES (sizeof TABLES / sizeof TABLES[0])

static uint32_t
count_of(const struct dbk_metric *table)
{
	uint32_t n = 0;

	while (table[n].name != NULL)
		n++;
	return n;
}

uint32_t
dbk_metrics_count(void)
{
	uint32_t n = 0;

	for (size_t i = 0; i < N_TABLES; i++)
		n += count_of(TABLES[i]);
	return n;
}

const struct dbk_metric *
dbk_metric_at(uint32_t number)
{
	for (size_t i = 0; i < N_TABLES; i++) {
		uint32_t n = count_of(TABLES[i]);

		if (number < n)
			return &TABLES[i][number];
		number -= n;
	}
	return NULL;
}

const struct dbk_metric *
dbk_metric_find(struct dbk_str name)
{
	for (size_t i = 0; i < N_TABLES; i++)
		for (const struct dbk_metric *m = TABLES[i]; m->name != NULL; m++)
			if (dbk_str_equal(dbk_str_of(m->name), name))
				return m;
	return NULL;
}

int
dbk_metric_parameter(const struct dbk_metric *metric, struct dbk_str name)
{
	for (int i = 0; i < DBK_METRIC_PARAMETERS_MAX; i++) {
		const char *own = metric->parameters[i].name;

		if (own != NULL && dbk_str_equal(dbk_str_of(own), name))
			return i;
	}
	return -1;
}

struct dbk_metric_question
dbk_metric_question(const struct dbk_study *study, const struct dbk_metric *metric)
{
	struct dbk_metric_question question = { .from_day = study->options.from_day,
						.to_day = study->options.to_day };

	for (int i = 0; i < DBK_METRIC_PARAMETERS_MAX; i++)
		question.parameters[i] = metric->parameters[i].absent;
	return question;
}

void
dbk_metric_measure(const struct dbk_study *study, const struct dbk_metric *metric,
		   const struct dbk_metric_question *question, struct dbk_value *out)
{
	memset(out, 0, sizeof *out);
	out->strict.denominator = out->lenient.denominator = 1;
	metric->measure(study, question, out);
}

int
dbk_ratio_compare(struct dbk_ratio a, struct dbk_ratio b)
{
	dbk_wide left = (dbk_wide)a.numerator * b.denominator;
	dbk_wide right = (dbk_wide)b.numerator * a.denominator;

	return (left > right) - (left < right);
}

int64_t
dbk_ratio_ppm(struct dbk_ratio ratio)
{
	return dbk_money_ratio(ratio.numerator, PPM, ratio.denominator);
}
