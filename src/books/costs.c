/*
 * costs.c -- what commission cost, by plan, level and channel.
 */

#include "books/core.h"

static uint64_t
cost_hash(const struct dbk_books *books, uint32_t plan, uint32_t level,
	  uint32_t channel)
{
	uint32_t key[4] = { DBK_SPACE_COST, plan, level, channel };

	return dbk_composite_hash(books, key, 4);
}

/* The row, 0: none yet. */
static uint32_t
cost_find(const struct dbk_books *books, uint64_t hash, uint32_t plan, uint32_t level,
	  uint32_t channel)
{
	struct dbk_index_walk walk = dbk_index_seek(&books->names.index, hash);
	uint32_t id;

	while ((id = dbk_index_next(&books->names.index, &walk)) != 0) {
		const struct dbk_row_cost *row;

		if (id >= books->costs.count)
			continue;
		row = DBK_ROW(books, costs, cost, id);
		if (row->plan == plan && row->level == level && row->channel == channel)
			return id;
	}
	return 0;
}

static bool
cost_add(struct dbk_decision *d, uint64_t hash, uint32_t *out)
{
	if (!dbk_row_room(d, &d->books->costs))
		return false;
	*out = dbk_rows_append(&d->books->costs, 1);
	dbk_index_add(&d->books->names.index, hash, *out);
	return true;
}

bool
dbk_cost_accrue(struct dbk_decision *d, uint32_t plan, uint32_t level, uint32_t channel,
		uint32_t earnings, int64_t amount)
{
	uint64_t hash = cost_hash(d->books, plan, level, channel);
	uint32_t cost = cost_find(d->books, hash, plan, level, channel);
	struct dbk_row_cost *row;

	if (cost == 0 && !cost_add(d, hash, &cost))
		return false;
	row = DBK_TOUCH(d->books, costs, cost, cost);
	row->plan = plan;
	row->level = level;
	row->channel = channel;
	row->earnings += earnings;
	/* All that accrues is a side of a control account, which has not overflowed. */
	row->accrued += amount;
	return true;
}

void
dbk_cost_reverse(struct dbk_decision *d, uint32_t order, uint32_t earning,
		 int64_t amount)
{
	const struct dbk_row_earning *row =
	    DBK_ROW(d->books, earnings, earning, earning);
	uint32_t channel = DBK_ROW(d->books, orders, order, order)->channel;
	uint64_t hash = cost_hash(d->books, row->plan, row->level, channel);
	uint32_t cost = cost_find(d->books, hash, row->plan, row->level, channel);
	struct dbk_row_cost *to;

	dbk_assert(cost != 0 && row->kind == DBK_EARNING_COMMISSION);
	to = DBK_TOUCH(d->books, costs, cost, cost);
	to->reversed += amount;
	dbk_assert(to->reversed <= to->accrued);
}
