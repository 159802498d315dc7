#ifndef DBK_SERVICE_NETWORK_H
#define DBK_SERVICE_NETWORK_H

/*
 * network.h -- what moved of skus, added up, and what follows from it: GOODS.md,
 * Measures.  Not for use outside this folder.
 *
 * Sums stay at the bounds of int64, where it cannot hold them.
 */

#include <stdint.h>

#include "books/rows.h"

struct dbk_network_total {
	int64_t issued, returned, passed, sold, retail;
	int64_t friend_units, friend_amount, stranger_units, stranger_amount;
};

void dbk_network_add(struct dbk_network_total *total,
		     const struct dbk_row_sku_day *row);

/* floor(A * B / C); -1 if C is not above 0, which means that there is nothing to
 * measure. */
int64_t dbk_network_ratio(int64_t a, int64_t b, int64_t c);

/* Sold of what was issued and not returned; -1: nothing was. */
int64_t dbk_network_sell_through_ppm(const struct dbk_network_total *total);

#endif
