/*
 * timers.c -- something to be looked at when its time has come.
 */

#include "books/goods_core.h"

bool
dbk_timer_add(struct dbk_decision *d, enum dbk_timer_kind kind, uint32_t what,
	      uint32_t second)
{
	(void)d, (void)kind, (void)what, (void)second;
	return true;
}

bool
dbk_timer_come(struct dbk_decision *d, uint32_t timer)
{
	(void)d, (void)timer;
	return true;
}
