#ifndef DBK_METRICS_ENTRANCE_H
#define DBK_METRICS_ENTRANCE_H

/*
 * entrance.h -- what accounts paid in the first year after they joined, by the day of
 * it.
 *
 * Sixteen bytes for each account, and for each of its days with a payment.
 *
 * Thread: one.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "metrics/column.h"
#include "metrics/evidence.h"

#define DBK_ENTRANCE_DAYS 366

struct dbk_entrance {
	struct dbk_column accounts, payments;
};

void dbk_entrance_init(struct dbk_entrance *entrance);
void dbk_entrance_fini(struct dbk_entrance *entrance);

DBK_MUST_CHECK enum dbk_err dbk_entrance_joined(struct dbk_entrance *entrance,
						uint32_t agent, int32_t day,
						uint64_t position);

/* Of an agent who did not join within the window nothing is kept. */
DBK_MUST_CHECK enum dbk_err dbk_entrance_paid(struct dbk_entrance *entrance,
					      uint32_t agent, int32_t day,
					      int64_t amount, bool is_fee);

/* Ask memory for AGENT's row in step 0, for what hangs on it in the next. */
void dbk_entrance_foresee(const struct dbk_entrance *entrance, uint32_t agent,
			  unsigned step);

/* Of those who joined on days [from, to): how many paid more than AMOUNT in their first
 * DAYS, the day of joining included. */
struct dbk_entrance_count {
	uint64_t joined, above, above_by_fees;
};

struct dbk_entrance_count dbk_entrance_count(const struct dbk_entrance *entrance,
					     int32_t from, int32_t to, int64_t days,
					     int64_t amount,
					     struct dbk_evidence_list *above);

#endif
