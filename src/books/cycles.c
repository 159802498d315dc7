/*
 * cycles.c -- ways of goods, and of money, from agent to agent.
 */

#include "books/goods_core.h"

uint32_t
dbk_cycle_way(struct dbk_books *books, enum dbk_edge_kind kind, uint32_t from,
	      uint32_t to, uint32_t most)
{
	(void)books, (void)kind, (void)from, (void)to, (void)most;
	return 0;
}

bool
dbk_cycle_edge(struct dbk_decision *d, enum dbk_edge_kind kind, uint32_t from,
	       uint32_t to)
{
	(void)d, (void)kind, (void)from, (void)to;
	return true;
}

bool
dbk_cycle_transfer(struct dbk_decision *d, uint32_t giver, uint32_t receiver)
{
	(void)d, (void)giver, (void)receiver;
	return true;
}
