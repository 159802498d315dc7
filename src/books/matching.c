/*
 * matching.c -- the three flows of an order, held against each other.
 */

#include "books/goods_core.h"

bool
dbk_matching_paid(struct dbk_decision *d, uint32_t order)
{
	(void)d, (void)order;
	return true;
}

bool
dbk_matching_shipped(struct dbk_decision *d, uint32_t order)
{
	(void)d, (void)order;
	return true;
}

bool
dbk_matching_received(struct dbk_decision *d, uint32_t order, int64_t unshipped)
{
	(void)d, (void)order, (void)unshipped;
	return true;
}

bool
dbk_matching_refunded(struct dbk_decision *d, uint32_t order, uint32_t line_row)
{
	(void)d, (void)order, (void)line_row;
	return true;
}
