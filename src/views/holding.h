#ifndef DBK_VIEWS_HOLDING_H
#define DBK_VIEWS_HOLDING_H

/*
 * holding.h -- what is resident of a stock position: its figures and the end of the
 * chain of its movements, whole or slim.
 *
 * Most positions receive goods and sell them, and do so less than a thousand times.
 * Their holding fits a slim row of 36 bytes.  One that was counted, sampled, relocated
 * or the like, or has outgrown a field, gets a row of its own that has everything, and
 * keeps it; the slim row then only names it.
 *
 * Thread: as the rows.
 */

#include <stdbool.h>
#include <stdint.h>

#include "views/chain.h"
#include "views/figures.h"

/* A row that is saved. */
struct dbk_holding {
	struct dbk_chain chain;
	struct dbk_stock_figures figures;
};

/*
 * A row that is saved.  What has no field is 0, but for what was sold: all that was
 * received and is neither on hand nor in transit.
 *
 * The words are the halves, low before high, of three of 64 bits:
 *
 *	last 44, mark's low 20 | mark's high 24, late's low 40 |
 *	late's high 4, n 10, "has a row of its own" 1, received_value 49
 *
 * Bit-fields would say the same, but are written one after the other in pieces that
 * wait for each other.
 */
struct dbk_slim_holding {
	uint32_t words[6];
	uint32_t on_hand; /* or the number of the own row, and all else is 0 */
	uint32_t in_transit;
	uint32_t received;
};

/* A loc: chunks are numbered below 2^28. */
#define DBK_HOLDING_LOC_BITS 44

#define DBK_HOLDING_OWN_BIT (1u << 14)

/* The number of the position's own row, 0: none. */
static inline uint32_t
dbk_holding_own_row(const struct dbk_slim_holding *slim)
{
	return (slim->words[4] & DBK_HOLDING_OWN_BIT) != 0 ? slim->on_hand : 0;
}

/* A slim row that names ROW. */
static inline struct dbk_slim_holding
dbk_holding_name(uint32_t row)
{
	return (struct dbk_slim_holding){ .words = { [4] = DBK_HOLDING_OWN_BIT },
					  .on_hand = row };
}

/* Into a slim row; false, and nothing done, if it does not fit. */
bool dbk_holding_slim(const struct dbk_holding *holding, struct dbk_slim_holding *out);

/* Out of a slim row that does not just name another, to where it is wanted. */
void dbk_holding_whole(const struct dbk_slim_holding *slim, struct dbk_chain *chain,
		       struct dbk_stock_figures *figures);

#endif
