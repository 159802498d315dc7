#include "views/trace.h"

#include <string.h>

/* With its chain in place. */
static void
begin(struct dbk_trace *trace, struct dbk_reader *reader, uint32_t id, bool move)
{
	const struct dbk_chain *chain = &trace->chain;

	memset(&trace->longs, 0, sizeof trace->longs);
	trace->reader = reader;
	trace->id = id;
	trace->move = move;
	trace->head.n = chain->n;
	if (chain->long_row != 0)
		memcpy(&trace->longs,
		       dbk_rows_row(dbk_heads_longs(reader->heads), chain->long_row),
		       sizeof trace->longs);
}

void
dbk_trace_account(struct dbk_trace *trace, struct dbk_reader *reader, uint32_t account)
{
	const struct dbk_account_head *head = dbk_heads_account(reader->heads, account);

	trace->chain = head->chain;
	trace->head.money = head->figures;
	memset(&trace->head.stock, 0, sizeof trace->head.stock);
	begin(trace, reader, account, false);
}

void
dbk_trace_position(struct dbk_trace *trace, struct dbk_reader *reader,
		   uint32_t position)
{
	dbk_heads_position(reader->heads, position, &trace->chain, &trace->head.stock);
	memset(&trace->head.money, 0, sizeof trace->head.money);
	begin(trace, reader, position, true);
}

static enum dbk_err
get(struct dbk_trace *trace, uint64_t loc, uint32_t index, struct dbk_trace_spot *out)
{
	out->index = index;
	if (index == 0 && loc == 0)
		return DBK_OK;
	if (index == 0 || loc == 0)
		return dbk_reader_damaged(trace->reader, loc);
	return dbk_reader_entry(trace->reader, trace->move, trace->id, loc,
				&out->entry);
}

enum dbk_err
dbk_trace_back(struct dbk_trace *trace, struct dbk_trace_spot *spot)
{
	return get(trace, spot->entry.prev, spot->index - 1, spot);
}

/* The earliest entry not before LOC that the head knows; the walk starts there. */
static uint64_t
start_of(const struct dbk_trace *trace, uint64_t loc, uint32_t *index)
{
	const struct dbk_chain *chain = &trace->chain;
	uint64_t start = chain->last;

	*index = chain->n;
	if (chain->mark < loc || chain->mark == 0)
		return start;
	start = chain->mark;
	*index = chain->n >> DBK_CHUNK_MARK_SHIFT << DBK_CHUNK_MARK_SHIFT;
	for (unsigned i = 1; i < DBK_CHUNK_LEVELS_MAX; i++) {
		unsigned shift = DBK_CHUNK_MARK_SHIFT * (i + 1);

		if (trace->longs.levels[i - 1] < loc || trace->longs.levels[i - 1] == 0)
			break;
		start = trace->longs.levels[i - 1];
		*index = chain->n >> shift << shift;
	}
	return start;
}

/* From an entry not before LOC the longest way back that does not pass LOC; false if
 * that is the entry just before. */
static bool
leap(const struct dbk_chunk_entry *entry, uint64_t loc, uint64_t *out_loc,
     uint32_t *out_entries)
{
	for (unsigned i = entry->n_levels; i-- > 0;)
		if (entry->levels[i] != 0 && entry->levels[i] >= loc) {
			*out_loc = entry->levels[i];
			*out_entries = 1u << (DBK_CHUNK_MARK_SHIFT * (i + 1));
			return true;
		}
	return false;
}

enum dbk_err
dbk_trace_before(struct dbk_trace *trace, uint64_t loc, struct dbk_trace_spot *out)
{
	uint32_t index, entries;
	uint64_t at = start_of(trace, loc, &index);

	for (;;) {
		enum dbk_err err = get(trace, at, index, out);

		if (err != DBK_OK || index == 0 || at < loc)
			return err;
		if (leap(&out->entry, loc, &at, &entries)) {
			if (entries >= index)
				return dbk_reader_damaged(trace->reader, at);
			index -= entries;
		} else {
			at = out->entry.prev;
			index--;
		}
	}
}

enum dbk_err
dbk_trace_behind_before(struct dbk_trace *trace, uint64_t loc, uint64_t *out_loc)
{
	struct dbk_trace_spot spot;
	enum dbk_err err;

	*out_loc = trace->chain.late;
	if (trace->chain.late < loc)
		return DBK_OK;
	err = dbk_trace_before(trace, loc, &spot);
	while (err == DBK_OK && spot.index > 0) {
		if (spot.entry.is_behind || spot.entry.is_mark) {
			*out_loc =
			    spot.entry.is_behind ? spot.entry.loc : spot.entry.late;
			return DBK_OK;
		}
		err = dbk_trace_back(trace, &spot);
	}
	*out_loc = 0;
	return err;
}

void
dbk_trace_add(const struct dbk_trace *trace, struct dbk_trace_figures *figures,
	      const struct dbk_chunk_entry *entry)
{
	figures->n++;
	if (trace->move)
		dbk_figures_move(&figures->stock, entry->kind, entry->amount,
				 entry->units, entry->value);
	else
		dbk_figures_post(&figures->money, entry->amount);
}

/* FIGURES of the entries since a mark, MARK the last of those before. */
static void
add_mark(const struct dbk_trace *trace, struct dbk_trace_figures *figures,
	 const struct dbk_trace_spot *mark)
{
	struct dbk_money_figures money = { .debits = mark->entry.debits };

	figures->n += mark->index;
	if (trace->move) {
		dbk_figures_add(&figures->stock, &mark->entry.stock);
		return;
	}
	money.credits =
	    (int64_t)((uint64_t)money.debits - (uint64_t)mark->entry.balance);
	figures->money.debits = dbk_figures_sum(figures->money.debits, money.debits);
	figures->money.credits = dbk_figures_sum(figures->money.credits, money.credits);
}

enum dbk_err
dbk_trace_figures(struct dbk_trace *trace, struct dbk_trace_spot *spot,
		  struct dbk_trace_figures *out)
{
	struct dbk_trace_figures figures = { .n = 0 };

	if (spot->index == trace->chain.n) {
		*out = trace->head;
		return DBK_OK;
	}
	while (spot->index > 0 && !spot->entry.is_mark) {
		enum dbk_err err;

		dbk_trace_add(trace, &figures, &spot->entry);
		err = dbk_trace_back(trace, spot);
		if (err != DBK_OK)
			return err;
	}
	if (spot->index > 0)
		add_mark(trace, &figures, spot);
	*out = figures;
	return DBK_OK;
}
