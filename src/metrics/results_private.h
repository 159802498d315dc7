#ifndef DBK_METRICS_RESULTS_PRIVATE_H
#define DBK_METRICS_RESULTS_PRIVATE_H

/*
 * results_private.h -- what results.c gathers and losses.c measures.
 */

#include "metrics/column.h"
#include "metrics/results.h"
#include "metrics/study_private.h"

/* Of one agent, in the window. */
struct dbk_results_account {
	int64_t rewards, retail_rewards, recruit_rewards, purchase_rewards;
	int64_t fees, bought, bought_for_use, first_year;
	int64_t own_sales, other_sales, passed_down, from_above;
};

/* Of one participant, when no more facts come; by rising rewards. */
struct dbk_results_row {
	int64_t rewards, net_strict, net_lenient;
	uint32_t person;
};

/* By day: own goods to consumers, and all sell-in, for the margin of retail. */
enum dbk_results_flow {
	DBK_RESULTS_SALES = 0, /* value, of classes that strict readings take */
	DBK_RESULTS_SALES_ALL,
	DBK_RESULTS_UNITS,
	DBK_RESULTS_UNITS_ALL,
	DBK_RESULTS_COST, /* of BOUGHT STOCK */
	DBK_RESULTS_COST_UNITS,
	DBK_RESULTS_FLOWS
};

struct dbk_results {
	struct dbk_study *study;
	struct dbk_column accounts; /* struct dbk_results_account, by agent */
	struct dbk_results_row *rows;
	struct dbk_result_cohort *cohorts;
	uint32_t *first_accounts; /* by person */
	uint32_t *next_accounts;  /* of the same person, by agent */
	struct dbk_series flows[DBK_RESULTS_FLOWS];
	uint32_t n_rows, n_cohorts;
	int64_t bin_width;
};

#endif
