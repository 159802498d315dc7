#ifndef DBK_METRICS_BUYERS_H
#define DBK_METRICS_BUYERS_H

/*
 * buyers.h -- everybody who ever bought anything, each with the days of it.
 *
 * Eight bytes for each buyer and day.
 *
 * Thread: one.
 */

#include <stdint.h>

#include <daybook/error.h>

#include "metrics/column.h"
#include "metrics/evidence.h"

struct dbk_buyers {
	struct dbk_column customers, agents, days;
	struct dbk_evidence named; /* the first purchase of each customer */
	struct dbk_evidence gone;  /* buying agents who left */
};

void dbk_buyers_init(struct dbk_buyers *buyers);
void dbk_buyers_fini(struct dbk_buyers *buyers);

/* A consumer who was never an agent as far as is known. */
DBK_MUST_CHECK enum dbk_err dbk_buyers_customer(struct dbk_buyers *buyers,
						uint32_t customer, int32_t day,
						uint64_t position);
/* An agent. */
DBK_MUST_CHECK enum dbk_err dbk_buyers_agent(struct dbk_buyers *buyers, uint32_t agent,
					     int32_t day);
/* Somebody who was the agent AGENT before. */
DBK_MUST_CHECK enum dbk_err dbk_buyers_former(struct dbk_buyers *buyers, uint32_t agent,
					      int32_t day);
/* AGENT is none any more. */
DBK_MUST_CHECK enum dbk_err dbk_buyers_left(struct dbk_buyers *buyers, uint32_t agent,
					    int32_t day, uint64_t position);

/* Ask memory for what they will need: the row itself in step 0, what hangs on it in the
 * next. */
void dbk_buyers_foresee_customer(const struct dbk_buyers *buyers, uint32_t customer,
				 unsigned step);
void dbk_buyers_foresee_agent(const struct dbk_buyers *buyers, uint32_t agent,
			      unsigned step);

/* Buyers of days [from, to), each once. */
struct dbk_buyers_heads {
	uint64_t all;
	uint64_t customers;    /* never agents */
	uint64_t gone;	       /* agents at some time, none at the cut */
	uint64_t reclassified; /* of those the ones who bought as agents */
};

struct dbk_buyers_heads dbk_buyers_heads(const struct dbk_buyers *buyers, int32_t from,
					 int32_t to);

#endif
