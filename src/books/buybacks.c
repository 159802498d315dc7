/*
 * buybacks.c -- goods that agents give back for money.
 */

#include "books/goods_core.h"

bool
dbk_decide_buyback_requested(struct dbk_decision *d)
{
	(void)d;
	return true;
}

bool
dbk_decide_buyback_settled(struct dbk_decision *d)
{
	(void)d;
	return true;
}

int64_t
dbk_buyback_open(const struct dbk_books *books, uint32_t holder, uint32_t sku,
		 uint32_t good)
{
	(void)books;
	(void)holder;
	(void)sku;
	(void)good;
	return 0;
}
