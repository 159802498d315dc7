#ifndef DBK_QUERY_ORDERS_H
#define DBK_QUERY_ORDERS_H

/*
 * orders.h -- the events of one order, chunk by chunk, the newest chunk first.
 *
 * An order has a handful of events, mostly close together; so its chain links chunks,
 * and inside a chunk its events are found by looking at all.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "query/sweep.h"

/* No event of an order is shorter than 10 bytes. */
#define DBK_ORDERS_CHUNK_EVENTS_MAX (DBK_CHUNK_BYTES / 10)

struct dbk_orders_walk {
	struct dbk_reader *reader;
	uint32_t order;
	uint32_t next_chunk;	/* 0: none */
	struct dbk_sweep sweep; /* of the chunk that next went to; seek it to EVENTS */
	uint32_t n;
	uint16_t
	    events[DBK_ORDERS_CHUNK_EVENTS_MAX]; /* bytes where they stand, rising */
};

void dbk_orders_begin(struct dbk_orders_walk *walk, struct dbk_reader *reader,
		      uint32_t order);

/* The next older chunk with events of the order that stood there when the question
 * came; false at the end. */
DBK_MUST_CHECK enum dbk_err dbk_orders_next(struct dbk_orders_walk *walk,
					    bool *out_found);

/* Event number I of the chunk, from 0, into SWEEP->EVENT. */
DBK_MUST_CHECK enum dbk_err dbk_orders_event(struct dbk_orders_walk *walk, uint32_t i);

#endif
