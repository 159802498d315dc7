#ifndef DBK_BASE_INDEX_H
#define DBK_BASE_INDEX_H

/*
 * index.h -- from a 64-bit hash to 32-bit values: an extendible hash table (Fagin,
 * Nievergelt, Pippenger, Strong 1979) over journaled rows.
 *
 * Grows by splitting one segment of 512 slots at a time, so no insert ever waits for a
 * rehash of everything.  A segment holds the hashes that share their lowest bits, as
 * many as its depth; a slot keeps the value and the next 31 bits of the hash, of which
 * every later split uses up the lowest.  So two hashes are taken for one with a chance
 * of about two in a million for each walk, however full the index is.
 *
 * The index does not know what a value stands for: the caller compares candidates and
 * may keep values of many name spaces in one index, as long as its comparison decides.
 * It relies on hashes that nobody can steer: some 350 values under hashes with the same
 * lowest 26 bits are a bug (asserted).
 *
 * Thread: as the journal's tables.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/rows.h"

struct dbk_index {
	struct dbk_rows slots;	   /* 8 bytes: bits of the hash and value */
	struct dbk_rows directory; /* 4 bytes: segment of the hashes' lowest bits */
	struct dbk_rows segments;  /* 4 bytes: depth and fill */
};

/* Room for about MAX_SEGMENTS * 250 values; at least 64 segments, below 2^23. */
DBK_MUST_CHECK enum dbk_err dbk_index_init(struct dbk_index *index,
					   struct dbk_journal *journal,
					   uint32_t max_segments);
void dbk_index_fini(struct dbk_index *index);

/* The walk over the values that may stand under a hash. */
struct dbk_index_walk {
	uint32_t segment, slot, left;
	uint32_t bits; /* of the hash, above the segment's depth */
};

struct dbk_index_walk dbk_index_seek(const struct dbk_index *index, uint64_t hash);

/* The next candidate, 0 when there is none left.  Values are never 0. */
uint32_t dbk_index_next(const struct dbk_index *index, struct dbk_index_walk *walk);

/* Ask memory for the slots where a walk under HASH begins. */
void dbk_index_prefetch(const struct dbk_index *index, uint64_t hash);

/* True if one more value has room whatever its hash. */
bool dbk_index_has_room(const struct dbk_index *index);

/* Add VALUE, not 0, under HASH; the caller has asked for room. */
void dbk_index_add(struct dbk_index *index, uint64_t hash, uint32_t value);

#endif
