#include "views/chain.h"

void
dbk_chain_link_mark(const struct dbk_chain *chain, const struct dbk_rows *longs,
		    struct dbk_chunk_entry *entry)
{
	entry->levels[0] = chain->mark;
	if (entry->n_levels > 1) {
		const struct dbk_chain_long *row = dbk_rows_row(longs, chain->long_row);

		for (unsigned i = 1; i < entry->n_levels; i++)
			entry->levels[i] = row->levels[i - 1];
	}
}

void
dbk_chain_advance_mark(struct dbk_chain *chain, struct dbk_rows *longs, uint64_t loc)
{
	unsigned levels = dbk_chain_levels(chain->n);

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
