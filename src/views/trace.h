#ifndef DBK_VIEWS_TRACE_H
#define DBK_VIEWS_TRACE_H

/*
 * trace.h -- the way back along the chain of an account or a position.
 *
 * Finding the last entry before a loc takes about 30 entries per factor of 32 in the
 * length of the chain; the figures after any entry take at most 31 more.
 *
 * Thread: as its reader.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "views/chain.h"
#include "views/figures.h"
#include "views/reader.h"

/* Figures of either kind of chain; the other kind's stay 0. */
struct dbk_trace_figures {
	struct dbk_money_figures money;
	struct dbk_stock_figures stock;
	uint64_t n; /* entries that made them */
};

/* The chain as it was when the trace began. */
struct dbk_trace {
	struct dbk_reader *reader;
	uint32_t id;
	bool move; /* a position's chain, not an account's */
	struct dbk_chain chain;
	struct dbk_chain_long longs;
	struct dbk_trace_figures head; /* after the last entry */
};

/* A place on the chain.  Index 0: before the first entry. */
struct dbk_trace_spot {
	uint32_t index; /* from 1 */
	struct dbk_chunk_entry entry;
};

void dbk_trace_account(struct dbk_trace *trace, struct dbk_reader *reader,
		       uint32_t account);
void dbk_trace_position(struct dbk_trace *trace, struct dbk_reader *reader,
			uint32_t position);

/* The last entry before LOC. */
DBK_MUST_CHECK enum dbk_err dbk_trace_before(struct dbk_trace *trace, uint64_t loc,
					     struct dbk_trace_spot *out);

/* From a spot with an entry to the one before it. */
DBK_MUST_CHECK enum dbk_err dbk_trace_back(struct dbk_trace *trace,
					   struct dbk_trace_spot *spot);

/* The loc of the last entry before LOC that is behind its clock; 0: there is none. */
DBK_MUST_CHECK enum dbk_err dbk_trace_behind_before(struct dbk_trace *trace,
						    uint64_t loc, uint64_t *out_loc);

/* What ENTRY adds. */
void dbk_trace_add(const struct dbk_trace *trace, struct dbk_trace_figures *figures,
		   const struct dbk_chunk_entry *entry);

/* The figures after the spot's entry.  The spot is used up. */
DBK_MUST_CHECK enum dbk_err dbk_trace_figures(struct dbk_trace *trace,
					      struct dbk_trace_spot *spot,
					      struct dbk_trace_figures *out);

#endif
