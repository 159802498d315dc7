#ifndef DAYBOOK_TESTS_SALE_EFFECTS_H
#define DAYBOOK_TESTS_SALE_EFFECTS_H

/*
 * sale_effects.h -- the effects of retail sales, as fast as they can be made up: what a
 * view is fed with when it is measured or used by several threads.
 *
 * A sale is of its own order, paid and received at once.  It posts clearing and escrow,
 * escrow and revenue (4 postings); with commissions also the deferred cost, the pending
 * claims of two agents, and the cost when it meets its revenue (9); and with maturing
 * the claims of a sale some time ago become available (13).  It takes units out of an
 * agent's stock.  Postings sum to 0.  Every seller is an agent with two accounts and
 * one position; the first group names them all and fills their stock.
 */

#include <stdbool.h>
#include <stdint.h>

#include "books/effects.h"

struct sale_shape {
	uint32_t agents; /* at least 2 */
	bool commissions;
	bool maturing;		 /* with commissions */
	uint32_t late_per_mille; /* sales that come an hour late */
};

/* The two commissions of a sale. */
struct sale_claim {
	uint32_t order, seller, sponsor;
	int64_t own, up;
};

struct sale_effects {
	struct sale_shape shape;
	uint64_t state;	  /* of the random numbers */
	int64_t *pending; /* by agent */
	int64_t *available;
	int64_t *stock;
	struct sale_claim *claims; /* a ring: of the sales that have not matured */
	int64_t clearing, revenue, cost;
	uint32_t orders;
	int64_t clock;
};

void sale_effects_init(struct sale_effects *sales, const struct sale_shape *shape);
void sale_effects_fini(struct sale_effects *sales);

/* The opening, from size 0: names, and an event for each agent that fills the stock. */
void sale_effects_open(struct sale_effects *sales, struct dbk_effects *out);

/* N sales behind SIZE records. */
void sale_effects_group(struct sale_effects *sales, uint64_t size, uint32_t n,
			struct dbk_effects *out);

#endif
