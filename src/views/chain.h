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

/* Fill in what the next entry, behind its clock or not, shall point to. */
void dbk_chain_link(const struct dbk_chain *chain, const struct dbk_rows *longs,
		    struct dbk_chunk_entry *entry, bool behind);

/* The entry stands at LOC now. */
void dbk_chain_advance(struct dbk_chain *chain, struct dbk_rows *longs, uint64_t loc,
		       bool behind);

#endif
