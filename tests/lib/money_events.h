#ifndef DAYBOOK_TESTS_MONEY_EVENTS_H
#define DAYBOOK_TESTS_MONEY_EVENTS_H

/*
 * money_events.h -- agents' money from the plan to the bank and back, as the bytes of
 * event batches.
 *
 * Event NUMBER follows from its number alone, as those of sales.h do.  Behind the
 * opening (book, sku, plan, agents, payees) come rounds of MONEY_EVENTS_ROUND: sales,
 * receipts, payouts with every end, refunds before and after the money was drawn,
 * holds, disputes, bonuses and corrections.  Sent in order nearly all are accepted;
 * whatever the order, the rest is refused and nothing is invalid.
 *
 * Earnings mature a day after receipt, which is MONEY_EVENTS_WINDOW events later.
 */

#include <stdint.h>

#include "base/buf.h"

#define MONEY_EVENTS_ROUND 16u
#define MONEY_EVENTS_WINDOW 200u

uint64_t money_events_opening_size(void);

/* The effective_at of event NUMBER; the first is of 2024-06-01. */
int64_t money_events_time_us(uint64_t number);

/* Append N events from FIRST on: OUT is an EventBatch. */
void money_events_put_many(uint64_t first, uint32_t n, struct dbk_buf *out);

#endif
