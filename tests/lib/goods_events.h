#ifndef DAYBOOK_TESTS_GOODS_EVENTS_H
#define DAYBOOK_TESTS_GOODS_EVENTS_H

/*
 * goods_events.h -- goods on their way from the brand to consumers and back, under
 * guards, as the bytes of event batches.
 *
 * Event NUMBER follows from its number alone, as those of money_events.h do.  Behind
 * the opening (book, sku, lot, band, territory, agents) come rounds of
 * GOODS_EVENTS_ROUND: restocks that are asked for, allowed and refused, issues,
 * transfers, orders that hang, counts, scans, prices, bindings, buy-backs, overrides,
 * findings that are acknowledged and resolved, guard sets.  Whatever the order, nothing
 * is invalid.
 */

#include <stdint.h>

#include "base/buf.h"

#define GOODS_EVENTS_ROUND 32u

uint64_t goods_events_opening_size(void);

/* Append N events from FIRST on: OUT is an EventBatch. */
void goods_events_put_many(uint64_t first, uint32_t n, struct dbk_buf *out);

#endif
