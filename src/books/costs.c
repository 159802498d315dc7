/*
 * costs.c -- what commission cost, by plan, level and channel.
 */

#include "books/core.h"

/* One sum: of a plan's level in a channel. */
struct cost_key {
	uint32_t plan, level, channel;
};

static struct cost_key
key_of(const struct dbk_books *books, uint32_t order, uint32_t earning)
{
	const struct dbk_row_earning *row = DBK_ROW(books, earnings, earning, earning);

	dbk_assert(row->kind == DBK_EARNING_COMMISSION);
	return (struct cost_key){ row->plan, row->level,
				  DBK_ROW(books, orders, order, order)->channel };
}

static uint64_t
key_hash(const struct dbk_books *books, const struct cost_key *key)
{
	uint32_t words[] = { DBK_SPACE_COST, key->plan, key->level, key->channel };

	return dbk_composite_hash(books, words, sizeof words / sizeof words[0]);
}

static bool
is_of(const struct dbk_books *books, uint32_t cost, const struct cost_key *key)
{
	const struct dbk_row_cost *row;

	if (cost == 0 || cost >= books->costs.count)
		return false;
	row = DBK_ROW(books, costs, cost, cost);
	return row->plan == key->plan && row->level == key->level &&
	       row->channel == key->channel;
}

/* The row, 0: none yet. */
static uint32_t
cost_find(const struct dbk_books *books, const struct cost_key *key)
{
	struct dbk_index_walk walk =
	    dbk_index_seek(&books->names.index, key_hash(books, key));
	uint32_t id;

	while ((id = dbk_index_next(&books->names.index, &walk)) != 0)
		if (is_of(books, id, key))
			return id;
	return 0;
}

/* The row, if it is NEAR or beside it, 0: it is not. */
static uint32_t
cost_near(const struct dbk_books *books, uint32_t near, const struct cost_key *key)
{
	if (is_of(books, near, key))
		return near;
	if (is_of(books, near + 1, key))
		return near + 1;
	return near > 0 && is_of(books, near - 1, key) ? near - 1 : 0;
}

static bool
cost_add(struct dbk_decision *d, const struct cost_key *key, uint32_t *out)
{
	struct dbk_row_cost *row;

	if (!dbk_row_room(d, &d->books->costs))
		return false;
	*out = dbk_rows_append(&d->books->costs, 1);
	row = DBK_TOUCH(d->books, costs, cost, *out);
	row->plan = key->plan;
	row->level = key->level;
	row->channel = key->channel;
	dbk_index_add(&d->books->names.index, key_hash(d->books, key), *out);
	return true;
}

bool
dbk_cost_accrue(struct dbk_decision *d, uint32_t order, uint32_t earning,
		uint32_t *near)
{
	struct cost_key key = key_of(d->books, order, earning);
	uint32_t before = *near == 0 ? d->books->near_cost : *near;
	uint32_t cost = cost_near(d->books, before, &key);
	struct dbk_row_cost *row;

	if (cost == 0) {
		cost = cost_find(d->books, &key);
		if (cost == 0 && !cost_add(d, &key, &cost))
			return false;
		if (*near == 0)
			d->books->near_cost = cost;
	}
	*near = cost;
	row = DBK_TOUCH(d->books, costs, cost, cost);
	row->earnings++;
	/* All that accrues is a side of a control account, which has not overflowed. */
	row->accrued += DBK_ROW(d->books, earnings, earning, earning)->accrued;
	return true;
}

void
dbk_cost_reverse(struct dbk_decision *d, uint32_t order, uint32_t earning,
		 int64_t amount)
{
	struct cost_key key = key_of(d->books, order, earning);
	uint32_t cost = cost_find(d->books, &key);
	struct dbk_row_cost *row;

	dbk_assert(cost != 0);
	row = DBK_TOUCH(d->books, costs, cost, cost);
	row->reversed += amount;
	dbk_assert(row->reversed <= row->accrued);
}
