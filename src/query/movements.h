#ifndef DBK_QUERY_MOVEMENTS_H
#define DBK_QUERY_MOVEMENTS_H

/*
 * movements.h -- what went in and out of a holder's stock, newest first.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/arena.h"
#include "base/str.h"
#include "books/effects.h"
#include "event/event.h"
#include "query/as_of.h"
#include "query/page.h"
#include "views/reader.h"
#include "views/view.h"

struct dbk_movements_query {
	struct dbk_str holder; /* name, not empty */
	struct dbk_str sku;    /* empty: all */
	struct dbk_str lot;    /* empty: all */
	uint8_t place;	       /* enum dbk_place; 0: all */
	struct dbk_page page;
	struct dbk_as_of as_of;
	/* Only lines with from <= effective_at < to. DBK_TIME_ABSENT: no bound. */
	int64_t from, to;
};

struct dbk_movement_line {
	uint64_t position; /* of the record */
	int64_t effective_at;
	enum dbk_event_type type;
	uint32_t order;	    /* dense id, 0: none */
	struct dbk_str holder; /* names in the arena */
	struct dbk_str sku;
	struct dbk_str lot;
	uint8_t place;
	uint8_t holder_kind;	  /* enum dbk_holder_kind */
	enum dbk_movement reason; /* dbk_movement_name() of views/movement.h */
	int64_t qty;		  /* change of on_hand, into stock positive */
	int64_t units;		  /* concerned, also where on_hand does not change */
	int64_t balance;	  /* on_hand of this position after the line */
	bool late;
};

struct dbk_movements {
	uint64_t size;
	int64_t on_hand; /* of all matching positions as of the question */
	struct dbk_movement_line *lines;
	uint32_t n;
	struct dbk_next next;
};

/*
 * NOT_FOUND: no such holder, sku or lot.  LIMIT: the holder has more positions than
 * DBK_MERGE_POSITIONS_MAX; name a sku or lot.  INPUT, STATE, MEMORY, IO, DAMAGED.
 * OUT is untouched on failure; lines live in ARENA.
 */
DBK_MUST_CHECK enum dbk_err dbk_movements_list(struct dbk_view *view,
					       const struct dbk_movements_query *query,
					       struct dbk_arena *arena,
					       struct dbk_movements *out,
					       struct dbk_error *error);

/* For the questions themselves: the line of ENTRY, on the chain of a position, and its
 * EVENT; inside READER's gate.  MEMORY. */
DBK_MUST_CHECK enum dbk_err
dbk_movement_line_make(struct dbk_reader *reader, const struct dbk_chunk_entry *entry,
		       const struct dbk_chunk_event *event, struct dbk_arena *arena,
		       struct dbk_movement_line *out);

#endif
