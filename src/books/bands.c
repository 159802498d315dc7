/*
 * bands.c -- what goods may cost, and whether an order's lines do.
 */

#include "books/goods_core.h"

bool
dbk_decide_price_band_set(struct dbk_decision *d)
{
	(void)d;
	return true;
}

uint32_t
dbk_band_find(const struct dbk_books *books, const struct dbk_band_query *query)
{
	(void)books;
	(void)query;
	return 0;
}

bool
dbk_band_breaks(const struct dbk_books *books, uint32_t band, int64_t price,
		int64_t *out_limit)
{
	(void)books;
	(void)band;
	(void)price;
	*out_limit = 0;
	return false;
}

bool
dbk_bands_check(struct dbk_decision *d, uint32_t order, const struct dbk_sale *sale)
{
	(void)d;
	(void)order;
	(void)sale;
	return true;
}
