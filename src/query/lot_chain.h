#ifndef DBK_QUERY_LOT_CHAIN_H
#define DBK_QUERY_LOT_CHAIN_H

/*
 * lot_chain.h -- a lot's chain of custody: who has it, and every movement of it, oldest
 * first.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/arena.h"
#include "base/str.h"
#include "query/movements.h"
#include "query/page.h"
#include "views/figures.h"
#include "views/view.h"

struct dbk_lot_chain_query {
	struct dbk_str sku, lot; /* names; the lot is of that sku */
	struct dbk_page page;	 /* of the movements */
};

struct dbk_lot_holder {
	struct dbk_str holder; /* name in the arena */
	uint8_t holder_kind;   /* enum dbk_holder_kind */
	uint8_t place;	       /* enum dbk_place */
	struct dbk_stock_figures figures;
};

struct dbk_lot_chain {
	uint64_t size;
	/* A position each, the largest on_hand first, of equals the one that came
	 * first: at most DBK_PAGE_ROWS_MAX of them, and whether there are more. */
	struct dbk_lot_holder *holders;
	uint32_t n_holders;
	bool holders_truncated;
	struct dbk_movement_line *lines;
	uint32_t n;
	struct dbk_next next;
};

/*
 * A lot that has never moved, or that the view does not know, has no holders and no
 * lines.  LIMIT: it has more positions than DBK_MERGE_POSITIONS_MAX.  INPUT, STATE,
 * MEMORY, IO, DAMAGED.  OUT is untouched on failure; everything lives in ARENA.
 */
DBK_MUST_CHECK enum dbk_err dbk_lot_chain_list(struct dbk_view *view,
					       const struct dbk_lot_chain_query *query,
					       struct dbk_arena *arena,
					       struct dbk_lot_chain *out,
					       struct dbk_error *error);

#endif
