#ifndef DBK_PLAN_SPLIT_H
#define DBK_PLAN_SPLIT_H

/*
 * split.h -- dividing money so that the parts add up, and taking it back so that the
 * order of refunds does not matter.
 */

#include <stdint.h>

/* One claim: RATE_PPM of BASE. */
struct dbk_claim {
	int64_t base;	   /* >= 0 */
	uint32_t rate_ppm; /* 0 to 1,000,000 */
};

/*
 * LR1, largest remainder: the pool is the sum of all claims rounded down, each claim
 * gets its own rounded down, and the units left go to the largest remainders, ties to
 * the earlier claim.  AMOUNTS has N places; their sum is the pool, which is returned
 * and which the caller knows to fit (asserted).  N <= DBK_SPLIT_MAX; 0: nothing.
 */
int64_t dbk_split_claims(const struct dbk_claim *claims, uint32_t n, int64_t *amounts);

/*
 * TOTAL (>= 0) divided by WEIGHTS (>= 0, not all 0), largest remainder, ties to the
 * earlier one; the parts add up to TOTAL.  N is not bounded: no memory beyond AMOUNTS
 * is used, and at most n log n comparisons.
 */
void dbk_split_weights(int64_t total, const int64_t *weights, uint32_t n,
		       int64_t *amounts);

/*
 * What is left of ACCRUED when REFUNDED of BASE has gone back: rounded down of
 * accrued * (base - refunded) / base.  0 <= refunded <= base, base > 0.  Never rises
 * with REFUNDED, is ACCRUED at 0 and 0 at BASE, and does not depend on the way there.
 */
int64_t dbk_split_retained(int64_t accrued, int64_t base, int64_t refunded);

#endif
