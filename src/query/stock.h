#ifndef DBK_QUERY_STOCK_H
#define DBK_QUERY_STOCK_H

/*
 * stock.h -- where goods are: positions of holder, sku, lot and place with their sums.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/arena.h"
#include "base/str.h"
#include "query/as_of.h"
#include "query/page.h"
#include "views/figures.h"
#include "views/view.h"

struct dbk_stock_query {
	struct dbk_str holder; /* name; empty: all.  An agent and a location of one name
				* are both found */
	struct dbk_str sku;    /* empty: all */
	struct dbk_str lot;    /* empty: all; quick where its sku is named, too */
	bool by_holder;	       /* one line a holder: skus, lots and places summed */
	bool largest_first;    /* by on_hand; one page, no token to or from */
	bool agents_only;
	struct dbk_page page;
	struct dbk_as_of as_of;
};

struct dbk_stock_position {
	uint32_t position;     /* dense id; 0 by_holder */
	struct dbk_str holder; /* names in the arena */
	uint8_t holder_kind;   /* enum dbk_holder_kind */
	struct dbk_str sku;    /* by_holder: the sku asked for or empty */
	struct dbk_str lot;    /* empty: none; by_holder: the lot asked for or empty */
	uint8_t place;	       /* enum dbk_place; 0 by_holder */
	struct dbk_stock_figures figures;
	int64_t sell_through_ppm; /* (sold - taken_back) per (received - returned);
				   * -1 where that is not above 0 */
	uint64_t moves;
};

struct dbk_stock {
	uint64_t size;
	struct dbk_stock_position *rows;
	uint32_t n;
	struct dbk_next next;
};

/*
 * The positions (or holders) with at least one movement as of the question, in order
 * of appearance, or the largest first (equal ones in that order).  A holder, sku or lot
 * that the book does not know has no rows.
 *
 * INPUT, STATE, LIMIT, MEMORY, IO, DAMAGED as in balances.h.
 */
DBK_MUST_CHECK enum dbk_err
dbk_stock_list(struct dbk_view *view, const struct dbk_stock_query *query,
	       struct dbk_arena *arena, struct dbk_stock *out, struct dbk_error *error);

#endif
