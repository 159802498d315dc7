/*
 * flows.c -- what moved of agents' positions, day by day.
 */

#include "books/goods_core.h"

bool
dbk_flow_move(struct dbk_decision *d, struct dbk_field field, enum dbk_movement kind,
	      uint32_t position, int64_t amount, int64_t units)
{
	(void)field, (void)d, (void)kind, (void)position, (void)amount, (void)units;
	return true;
}

bool
dbk_flow_sold(struct dbk_decision *d, uint32_t position, int64_t units)
{
	(void)d, (void)position, (void)units;
	return true;
}

void
dbk_flow_sum(const struct dbk_books *books, uint32_t position, uint32_t from,
	     uint32_t until, struct dbk_flow_sums *sums)
{
	(void)books, (void)position, (void)from, (void)until, (void)sums;
}

uint32_t
dbk_today(const struct dbk_books *books)
{
	return dbk_local_day(books, dbk_clock(books));
}

uint32_t
dbk_event_day(const struct dbk_decision *d)
{
	return dbk_local_day(d->books, d->event->effective_at);
}
