#ifndef DBK_QUERY_ORDER_HISTORY_H
#define DBK_QUERY_ORDER_HISTORY_H

/*
 * order_history.h -- every record of one order: those whose effects name it.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/arena.h"
#include "event/event.h"
#include "event/verdict.h"
#include "views/view.h"

struct dbk_order_record {
	uint64_t position;
	int64_t effective_at;
	enum dbk_event_type type;
	enum dbk_rule rule; /* DBK_RULE_NONE: accepted; else refused by it */
	bool late;
};

struct dbk_order_history {
	uint64_t size;
	struct dbk_order_record *records; /* oldest first */
	uint32_t n;
	bool truncated; /* older ones than DBK_ORDER_RECORDS_MAX are left out */
};

/*
 * The records of the order with dense id ORDER; none if the view has not seen it.
 * MEMORY, IO, DAMAGED.  OUT is untouched on failure; records live in ARENA.
 */
DBK_MUST_CHECK enum dbk_err dbk_order_history_get(struct dbk_view *view, uint32_t order,
						  struct dbk_arena *arena,
						  struct dbk_order_history *out,
						  struct dbk_error *error);

#endif
