#ifndef DAYBOOK_TESTS_SALES_H
#define DAYBOOK_TESTS_SALES_H

/*
 * sales.h -- a book full of sales, as the bytes of event batches.
 *
 * Event NUMBER of a book follows from its number alone, so any producer can make any
 * part of it, make it again, and know what another one has sent.  All events are
 * accepted when they come in order; the sales, which stand behind the opening, also in
 * any other order.
 *
 *	0					BookOpened
 *	1, if there are paid levels		PlanPublished
 *	then, if there are guards		GuardSetPublished: every guard flags
 *	then one a sku				SkuDefined
 *	then one an agent			AgentEnrolled, eight under each sponsor
 *	then one an agent			StockIssued: some skus, plenty of each, paid
 *for from sales_opening_size() on		SaleRecorded: one line, paid, delivered
 *
 * Every order and every payment is of its own.  A sale is some 120 bytes; it makes four
 * postings (clearing, escrow, escrow, revenue) and takes units out of a stock.  With two
 * paid levels there are five more (deferred cost, two claims, cost, and deferred again),
 * or four where the seller's own goods bring proceeds; and four when both mature, which
 * happens a window later: sales from sales_opening_size() + sales_window_size() on each
 * find one that is due.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct sales {
	uint32_t agents;    /* at least 1, at most 99,999,999 */
	uint32_t skus;	    /* at least 4, at most 9,999 */
	uint32_t customers; /* who buy, at most 999,999,999; 0: nobody is named */
	uint32_t
	    holder_ship_percent; /* from the seller's stock; the rest from supply */
	int64_t first_us;	 /* effective_at of event 0 */
	uint32_t us_per_event;
	uint32_t levels;      /* paid, at most 4; 0: there is no plan */
	uint32_t window_days; /* of the plan */
	uint32_t skus_held;   /* by each agent, 4 to 100, at most skus */
	bool guards;
};

/* 100,000 agents, 100 skus, 1,000,000 customers, half HOLDER_SHIP, from 2025 on. */
struct sales sales_default(void);

/* The same with two paid levels, a window of one day, four events a second. */
struct sales sales_with_commission(void);

/* Sales that are made before the first one matures; 0 without a plan. */
uint64_t sales_window_size(const struct sales *sales);

/* Events before the first sale. */
uint64_t sales_opening_size(const struct sales *sales);

/* The effective_at of event NUMBER. */
int64_t sales_time_us(const struct sales *sales, uint64_t number);

/* Append event NUMBER to OUT as a member of an EventBatch. */
void sales_put(const struct sales *sales, uint64_t number, struct dbk_buf *out);

/* Append N events from FIRST on: OUT is an EventBatch. */
void sales_put_many(const struct sales *sales, uint64_t first, uint32_t n,
		    struct dbk_buf *out);

#endif
