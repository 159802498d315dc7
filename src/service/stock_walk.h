#ifndef DBK_SERVICE_STOCK_WALK_H
#define DBK_SERVICE_STOCK_WALK_H

/*
 * stock_walk.h -- what agents hold, copied out of the books agent by agent, in steps
 * that the writer does not feel.  Not for use outside this folder.
 *
 * Agents with two positions and agents with a hundred thousand are walked alike: a step
 * ends anywhere, and what it has copied is used once an agent is complete.  A position
 * that comes into being while its agent is walked may be missed.
 */

#include <stdbool.h>
#include <stdint.h>

#include "books/look_goods.h"
#include "service/call.h"

/* A position, or units of a sku that are on their way (good 0). */
struct dbk_stock_item {
	uint32_t agent;
	struct dbk_look_stock stock;
	int64_t incoming;
	int64_t list_price;
};

struct dbk_stock_walk {
	struct dbk_call *call;
	uint32_t agent, last; /* to walk next, 0: no more; the last one */
	uint32_t sku;	      /* 0: all */
	uint32_t days;	      /* of the window */
	bool stock_only;      /* of figures only on_hand, nothing on its way */
	bool units_only; /* an agent is one item: on_hand of all it has, sku and good 0
			  */
	uint64_t rows;	 /* looked at so far */
	uint64_t size;	 /* records that the books held at the last step */

	/* Where the walk is. */
	bool inside; /* of AGENT: these positions and requests are to come */
	uint32_t position, request;
	int64_t budget;	      /* rows that this step may still look at */
	int64_t request_days; /* requests are good for */

	/* What was copied, agent by agent. */
	struct dbk_stock_item *items;
	uint32_t n, max;
};

/* Walk the agents FIRST to LAST. */
void dbk_stock_walk_begin(struct dbk_stock_walk *walk, struct dbk_call *call,
			  uint32_t first, uint32_t last);

/* One step more; false: the answer says why not. */
bool dbk_stock_walk_step(struct dbk_stock_walk *walk);

/* How many items, from the first on, are of the first agent, if it is complete; 0 if
 * another step is needed, or nothing follows. */
uint32_t dbk_stock_walk_ready(const struct dbk_stock_walk *walk, uint32_t first);

/* The items before FIRST have been used. */
void dbk_stock_walk_drop(struct dbk_stock_walk *walk, uint32_t first);

#endif
