#ifndef DBK_QUERY_TOP_H
#define DBK_QUERY_TOP_H

/*
 * top.h -- the largest few of many: a heap of bounded size.
 *
 * The caller keeps its rows in an array of that size and writes each row that is let in
 * to the slot it is told.
 */

#include <stdbool.h>
#include <stdint.h>

struct dbk_top_item {
	uint64_t key;
	uint32_t order; /* of equal keys the smallest goes first */
	uint32_t slot;
};

struct dbk_top {
	struct dbk_top_item *items; /* the caller's, MAX of them */
	uint32_t n, max;
};

/* True if it is among the largest so far; its row goes to *OUT_SLOT. */
bool dbk_top_offer(struct dbk_top *top, uint64_t key, uint32_t order,
		   uint32_t *out_slot);

/* Sort the items, the largest first.  No offer follows. */
void dbk_top_sort(struct dbk_top *top);

/* Signed numbers as keys in their order. */
static inline uint64_t
dbk_top_key(int64_t number)
{
	return (uint64_t)number ^ (uint64_t)1 << 63;
}

#endif
