#ifndef DBK_QUERY_ORDER_POSITION_H
#define DBK_QUERY_ORDER_POSITION_H

/*
 * order_position.h -- where the log speaks of an order: a record for each of a few.
 */

#include <stdint.h>

#include <daybook/error.h>

#include "views/view.h"

/* No record of the order is known. */
#define DBK_POSITION_NONE UINT64_MAX

/*
 * For each of N ORDERS (dense ids) the position of the oldest record in the newest
 * chunk of the history that has one; most orders live in one chunk, and then it is the
 * record that placed it.  DBK_POSITION_NONE if the view has seen none.
 *
 * Sweeps part of a chunk for each order: 10 us in the median under full ingest, 65 us
 * where its bytes are far away.  IO, DAMAGED, MEMORY.
 */
DBK_MUST_CHECK enum dbk_err dbk_order_positions_get(struct dbk_view *view,
						    const uint32_t *orders, uint32_t n,
						    uint64_t *positions,
						    struct dbk_error *error);

#endif
