/*
 * forgery.c -- orders that look as if nobody wanted the goods.
 */

#include "books/goods_core.h"

bool
dbk_forgery_paid(struct dbk_decision *d, uint32_t order, struct dbk_field field)
{
	(void)d, (void)order, (void)field;
	return true;
}

bool
dbk_forgery_unscanned(struct dbk_decision *d, uint32_t order)
{
	(void)d, (void)order;
	return true;
}

bool
dbk_forgery_refund(struct dbk_decision *d, uint32_t order)
{
	(void)d, (void)order;
	return true;
}
