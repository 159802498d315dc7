/*
 * joining.c -- what agents who have just joined may buy.
 */

#include "books/goods_core.h"

bool
dbk_joining_check(struct dbk_decision *d, uint32_t agent, int64_t value,
		  struct dbk_field field)
{
	(void)d;
	(void)agent;
	(void)value;
	(void)field;
	return true;
}
