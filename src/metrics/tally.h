#ifndef DBK_METRICS_TALLY_H
#define DBK_METRICS_TALLY_H

/*
 * tally.h -- money of one kind: its sums by day, how many facts made them, and the
 * records behind.
 *
 * Thread: one.
 */

#include <stdint.h>

#include <daybook/error.h>

#include "metrics/evidence.h"
#include "metrics/series.h"

struct dbk_tally {
	struct dbk_series amounts, facts;
	struct dbk_evidence evidence;
};

void dbk_tally_init(struct dbk_tally *tally);
void dbk_tally_fini(struct dbk_tally *tally);

/* AMOUNT, negative for what is taken back, of a fact of POSITION; positions never fall.
 */
DBK_MUST_CHECK enum dbk_err dbk_tally_add(struct dbk_tally *tally, int32_t day,
					  int64_t amount, uint64_t position);

/* Of days [from, to). */
int64_t dbk_tally_sum(const struct dbk_tally *tally, int32_t from, int32_t to);
uint64_t dbk_tally_facts(const struct dbk_tally *tally, int32_t from, int32_t to);

#endif
