#ifndef DBK_VIEWS_CHAIN_H
#define DBK_VIEWS_CHAIN_H

/*
 * chain.h -- the resident end of a chain of entries: where its last ones stand, so that
 * the next one can point back to them.
 *
 * A chain shorter than 1,024 entries needs what is in the struct; a longer one also
 * remembers its last 1,024th, 32,768th, ... entry in a row of the table of long chains.
 * So appending never reads the history.
 *
 * Thread: as the rows that hold the chains.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/rows.h"
#include "views/chunk.h"

/* Part of the rows that are saved.  Locs, 0 for none. */
struct dbk_chain {
	uint64_t last;
	uint64_t mark; /* the last 32nd entry */
	uint64_t late; /* the last entry that is behind its clock */
	uint32_t n;    /* entries */
	uint32_t long_row;
};

struct dbk_chain_long {
	uint64_t levels[DBK_CHUNK_LEVELS_MAX - 1]; /* the last 1,024th, 32,768th, ... */
};

/* How many levels of marks the Nth entry is on. */
static inline unsigned
dbk_chain_levels(uint32_t n)
{
	return (unsigned)__builtin_ctz(n) / DBK_CHUNK_MARK_SHIFT;
}

/* What link and advance do for a mark; not called by others. */
void dbk_chain_link_mark(const struct dbk_chain *chain, const struct dbk_rows *longs,
			 struct dbk_chunk_entry *entry);
void dbk_chain_advance_mark(struct dbk_chain *chain, struct dbk_rows *longs,
			    uint64_t loc);

/* Fill in what the next entry, behind its clock or not, shall point to. */
static inline void
dbk_chain_link(const struct dbk_chain *chain, const struct dbk_rows *longs,
	       struct dbk_chunk_entry *entry, bool behind)
{
	dbk_assert(chain->n != UINT32_MAX);
	entry->prev = chain->last;
	entry->late = chain->late;
	entry->is_behind = behind;
	entry->n_levels = (uint8_t)dbk_chain_levels(chain->n + 1);
	entry->is_mark = entry->n_levels > 0;
	if (entry->is_mark)
		dbk_chain_link_mark(chain, longs, entry);
}

/* The entry stands at LOC now. */
static inline void
dbk_chain_advance(struct dbk_chain *chain, struct dbk_rows *longs, uint64_t loc,
		  bool behind)
{
	chain->last = loc;
	chain->n++;
	if (behind)
		chain->late = loc;
	if (dbk_chain_levels(chain->n) > 0)
		dbk_chain_advance_mark(chain, longs, loc);
}

#endif
