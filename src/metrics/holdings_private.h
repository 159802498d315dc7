#ifndef DBK_METRICS_HOLDINGS_PRIVATE_H
#define DBK_METRICS_HOLDINGS_PRIVATE_H

/*
 * holdings_private.h -- what holdings.c gathers and turnover.c measures.
 */

#include "metrics/holdings.h"
#include "metrics/layers.h"
#include "metrics/study_private.h"

/* By day. */
enum dbk_turnover {
	DBK_TURNOVER_FROM_BRAND = 0, /* units received of the brand, less given back */
	DBK_TURNOVER_TO_CONSUMERS,   /* units */
	DBK_TURNOVER_USED,
	DBK_TURNOVER_RECEIPTS,	   /* facts of goods received of the brand */
	DBK_TURNOVER_SELL_IN,	   /* value */
	DBK_TURNOVER_PURCHASES,	   /* facts of that */
	DBK_TURNOVER_SELL_THROUGH, /* value */
	DBK_TURNOVERS
};

#define DBK_STOCKIST_MONTHS 3

struct dbk_stockist_month {
	int64_t received, sold, used; /* units */
};

/* An agent who ever had goods. */
struct dbk_stockist {
	uint32_t agent;
	int32_t month;	      /* of months[0], INT32_MIN: none yet */
	uint64_t tiers;	      /* on which it held something */
	uint64_t received_at; /* the record by which it last received some */
	int64_t self_used;
	struct dbk_stockist_month months[DBK_STOCKIST_MONTHS]; /* newest first */
};

struct dbk_holdings {
	struct dbk_study *study;
	struct dbk_layers layers;
	struct dbk_column holders; /* struct dbk_stockist, from 1 */
	struct dbk_column agents;  /* uint32_t: the holder of one, 0: none */
	struct dbk_series turnover[DBK_TURNOVERS];
	struct dbk_evidence sold, bought;
	struct dbk_tier_flow tiers[DBK_HOLDINGS_TIERS];
	int64_t brand_to_consumers;
};

#endif
