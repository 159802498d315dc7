#ifndef DBK_METRICS_GROWTH_H
#define DBK_METRICS_GROWTH_H

/*
 * growth.h -- who joined and who left by month, beside the money of the month;
 * METRICS.md sections 2 and 6.
 *
 * Thread: one.
 */

#include <stdint.h>

#include "metrics/study.h"

struct dbk_growth;

/* Facts of the window. */
struct dbk_growth_month {
	int32_t month; /* years since 1970 * 12 + month - 1 */
	uint64_t joined, left;
	int64_t verified_retail; /* U_s */
	int64_t other_retail;	 /* all other sales to consumers, DOUBTED ones too */
	int64_t purchases;	 /* P */
	int64_t fees;		 /* F */
	int64_t rewards;	 /* R */
};

/* Each month from that of the first fact to that of the last; there when the study has
 * ended, and as long as it. */
uint32_t dbk_growth_months(const struct dbk_growth *growth,
			   const struct dbk_growth_month **out);

#endif
