#ifndef DBK_METRICS_HOLDINGS_H
#define DBK_METRICS_HOLDINGS_H

/*
 * holdings.h -- goods of agents: what came in, where it went, what stayed and how old
 * it is; METRICS.md section 6.
 *
 * Units go out first in first out, by agent and SKU.
 *
 * Thread: one.
 */

#include <stdint.h>

#include <daybook/error.h>

#include "metrics/study.h"

struct dbk_holdings;

/* Flows of the window in units; what stayed is of the cut.  By the hands that the goods
 * went through: 0 unknown, 1 bought from the brand; the last row has all above. */
#define DBK_HOLDINGS_TIERS 64

struct dbk_tier_flow {
	uint64_t holders; /* agents who ever held some before the cut */
	int64_t from_brand, from_above, passed_down, to_consumers, used;
	int64_t given_back, lost, stayed;
	int64_t bought_value, sold_value; /* minor units */
};

/* NULL: no such tier. */
const struct dbk_tier_flow *dbk_holdings_tier(const struct dbk_holdings *holdings,
					      uint32_t tier);

/* Tiers that have anything end before this. */
uint32_t dbk_holdings_tiers(const struct dbk_holdings *holdings);

/* Units that the brand sold to consumers itself, less those given back. */
int64_t dbk_holdings_brand_to_consumers(const struct dbk_holdings *holdings);

/* What AGENT paid for the goods that it used itself in the window; may be asked while
 * facts still come. */
int64_t dbk_holdings_self_used(const struct dbk_holdings *holdings, uint32_t agent);

/* On hand of AGENT at the cut, and of those the units that came in more than DAYS
 * before it. */
int64_t dbk_holdings_on_hand(const struct dbk_holdings *holdings, uint32_t agent);
int64_t dbk_holdings_aged(const struct dbk_holdings *holdings, uint32_t agent,
			  uint32_t days);

#endif
