#ifndef DBK_FACTS_KEPT_H
#define DBK_FACTS_KEPT_H

/*
 * kept.h -- what facts remember of orders, earnings, refunds and fees, and the books do
 * not: what things were at a moment that is over.
 *
 * Tables by the dense ids of the books, as small as they can be: a book may have a
 * hundred million orders.
 *
 * Thread: the one that owns them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* An order that has been paid whole. */
struct dbk_kept_order {
	uint32_t agent : 27;  /* who bought it or, where it was sold, whom its buyer had
				 been; 0: no agent */
	uint32_t is_sold : 1; /* SOLD was told */
	uint32_t is_bought : 1;	 /* BOUGHT was told */
	uint32_t is_doubted : 1; /* and it counts as DOUBTED now */
	uint32_t second;	 /* since 1970, of the payment */
};

/* Words of 64 bits, of which those that were never set need no memory. */
struct dbk_kept_bits {
	uint64_t *words;
	size_t n_words;
};

/* A set of names, by their hashes. */
struct dbk_kept_names {
	uint64_t *hashes; /* 0: free */
	size_t n, size;	  /* a power of two, or 0 */
};

struct dbk_kept {
	struct dbk_kept_order *orders;
	size_t n_orders;
	uint16_t *refunds; /* days from payment to request, plus one; 0: not told */
	size_t n_refunds;
	struct dbk_kept_bits doubted;	/* earnings of what was DOUBTED then */
	struct dbk_kept_bits namesakes; /* customers whose name an agent has, too */
	struct dbk_kept_names fees;
};

void dbk_kept_free(struct dbk_kept *kept);

/* Of order ID, which was not paid whole before; NULL: no memory. */
struct dbk_kept_order *dbk_kept_order_make(struct dbk_kept *kept, uint32_t id);

/* Nothing (zeros) unless it was made. */
static inline struct dbk_kept_order
dbk_kept_order(const struct dbk_kept *kept, uint32_t id)
{
	static const struct dbk_kept_order none;

	return id < kept->n_orders ? kept->orders[id] : none;
}

/* False: no memory. */
bool dbk_kept_refund_put(struct dbk_kept *kept, uint32_t id, int64_t days);

/* False: refund ID was never put. */
bool dbk_kept_refund(const struct dbk_kept *kept, uint32_t id, int64_t *out_days);

/* False: no memory. */
bool dbk_kept_bits_set(struct dbk_kept_bits *bits, uint32_t id);

static inline bool
dbk_kept_bits_has(const struct dbk_kept_bits *bits, uint32_t id)
{
	return id / 64 < bits->n_words && (bits->words[id / 64] >> (id % 64) & 1) != 0;
}

/* False: no memory. */
bool dbk_kept_names_add(struct dbk_kept_names *names, struct dbk_str name);
bool dbk_kept_names_has(const struct dbk_kept_names *names, struct dbk_str name);

#endif
