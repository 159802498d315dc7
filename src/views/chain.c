#include "views/chain.h"

#include "base/assert.h"

/* How many levels of marks the Nth entry is on. */
static unsigned
levels_of(uint32_t n)
{
	return (unsigned)__builtin_ctz(n) / DBK_CHUNK_MARK_SHIFT;
}

void
dbk_chain_link(const struct dbk_chain *chain, const struct dbk_rows *longs,
	       struct dbk_chunk_entry *entry, bool behind)
{
	uint32_t n = chain->n + 1;

	dbk_assert(n != 0);
	entry->prev = chain->last;
	entry->late = chain->late;
	entry->is_behind = behind;
	entry->n_levels = (uint8_t)levels_of(n);
	entry->is_mark = entry->n_levels > 0;
	if (!entry->is_mark)
		return;
	entry->levels[0] = chain->mark;
	if (entry->n_levels > 1) {
		const struct dbk_chain_long *row = dbk_rows_row(longs, chain->long_row);

		for (unsigned i = 1; i < entry->n_levels; i++)
			entry->levels[i] = row->levels[i - 1];
	}
}

void
dbk_chain_advance(struct dbk_chain *chain, struct dbk_rows *longs, uint64_t loc,
		  bool behind)
{
	unsigned levels = levels_of(++chain->n);

	chain->last = loc;
	if (behind)
		chain->late = loc;
	if (levels > 0)
		chain->mark = loc;
	if (levels > 1) {
		struct dbk_chain_long *row;

		if (chain->long_row == 0)
			chain->long_row = dbk_rows_append(longs, 1);
		row = dbk_rows_touch(longs, chain->long_row);
		for (unsigned i = 1; i < levels; i++)
			row->levels[i - 1] = loc;
	}
}
