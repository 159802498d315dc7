#ifndef DBK_METRICS_RESULTS_H
#define DBK_METRICS_RESULTS_H

/*
 * results.h -- what taking part brought each account and each person; METRICS.md
 * section 6.
 *
 * All of it is of the whole window of the study.  Tables of persons know participants
 * alone (forest.h).
 *
 * Thread: one.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "metrics/study.h"

struct dbk_results;

/* Minor units, of the window. */
struct dbk_result {
	int64_t rewards;	 /* R: all of them, less what was taken back */
	int64_t retail_rewards;	 /* of which on sales to consumers, own and of others */
	int64_t recruit_rewards; /* for heads and fees */
	int64_t purchase_rewards;
	int64_t fees;
	int64_t bought;	     /* BOUGHT less BOUGHT_BACK */
	int64_t first_year;  /* of that within 365 days from joining */
	int64_t own_sales;   /* of own goods: VERIFIED, ANONYMOUS, FORMER */
	int64_t other_sales; /* of own goods: DIRECT and DOUBTED */
	int64_t passed_down; /* got for goods from agents below */
	int64_t from_above;  /* paid for goods to agents above */
	int64_t self_used;   /* price of what was used, or bought for use */
	int64_t net_strict, net_lenient;
};

void dbk_results_of_account(const struct dbk_results *results, uint32_t agent,
			    struct dbk_result *out);
void dbk_results_of_person(const struct dbk_results *results, uint32_t person,
			   struct dbk_result *out);

/* The accounts of a person; 0: no more. */
uint32_t dbk_results_first_account(const struct dbk_results *results, uint32_t person);
uint32_t dbk_results_next_account(const struct dbk_results *results, uint32_t agent);

/* Participants by rising rewards, of the same rewards by number of the person. */
uint32_t dbk_results_count(const struct dbk_results *results);
uint32_t dbk_results_person_by_rewards(const struct dbk_results *results,
				       uint32_t place);
int64_t dbk_results_rewards_at(const struct dbk_results *results, uint32_t place);

/* Net results in [from, to): ten bins below 0, one of 0 alone, ten above; the outermost
 * have no outer bound (INT64_MIN, INT64_MAX).  Strict and lenient have the same edges:
 * multiples of the least 1, 2 or 5 times a power of ten of which nine reach nine tenths
 * of the results that are not 0. */
#define DBK_RESULT_BINS 21

struct dbk_result_bin {
	int64_t from, to;
	uint64_t persons;
};

void dbk_results_bins(const struct dbk_results *results, bool is_lenient,
		      struct dbk_result_bin out[DBK_RESULT_BINS]);

/* Participants by the month in which their first account joined, in rising order. */
struct dbk_result_cohort {
	int32_t month; /* years since 1970 * 12 + month - 1 */
	uint64_t persons, lost_strict, lost_lenient, never_paid, left;
};

uint32_t dbk_results_cohorts(const struct dbk_results *results,
			     const struct dbk_result_cohort **out);

/* The least, the quartiles and the greatest of rewards by participant; false: there are
 * none. */
#define DBK_RESULT_QUANTILES 5
bool dbk_results_quantiles(const struct dbk_results *results,
			   int64_t out[DBK_RESULT_QUANTILES]);

#endif
