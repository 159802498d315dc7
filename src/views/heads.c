#include "views/heads.h"

#include <string.h>

#include <daybook/limits.h>

#include "base/assert.h"

/* Ids are 32 bits wide; a table that never fills costs address space only. */
#define ROWS_MAX 2000000000u

/* A long chain has 1,024 entries, so this is enough for 2^36 entries. */
#define LONGS_MAX (1u << 26)

#define CHUNKS_MAX (1u << 28)
_Static_assert((uint64_t)CHUNKS_MAX << 16 == UINT64_C(1) << DBK_HOLDING_LOC_BITS,
	       "every loc fits a slim holding");

static const struct {
	uint32_t row_bytes;
	uint32_t max;
} shapes[DBK_HEADS_TABLES] = {
	[DBK_HEADS_ACCOUNTS] = { sizeof(struct dbk_account_head), ROWS_MAX },
	[DBK_HEADS_POSITIONS] = { sizeof(struct dbk_slim_holding), ROWS_MAX },
	[DBK_HEADS_ORDERS] = { sizeof(struct dbk_order_head), ROWS_MAX },
	[DBK_HEADS_LONGS] = { sizeof(struct dbk_chain_long), LONGS_MAX },
	[DBK_HEADS_CHUNKS] = { sizeof(struct dbk_chunk_head), CHUNKS_MAX },
	[DBK_HEADS_HOLDINGS] = { sizeof(struct dbk_holding), ROWS_MAX },
};

_Static_assert(DBK_ACCOUNT_CODES <= 64, "a bit for every code");

enum dbk_err
dbk_heads_init(struct dbk_heads *heads)
{
	memset(heads, 0, sizeof *heads);
	dbk_journal_init(&heads->journal);
	for (unsigned t = 0; t < DBK_HEADS_TABLES; t++) {
		enum dbk_err err = dbk_rows_init(&heads->tables[t], &heads->journal,
						 shapes[t].row_bytes, shapes[t].max);

		if (err != DBK_OK) {
			dbk_heads_fini(heads);
			return err;
		}
	}
	return DBK_OK;
}

void
dbk_heads_fini(struct dbk_heads *heads)
{
	for (unsigned t = 0; t < DBK_HEADS_TABLES; t++)
		dbk_rows_fini(&heads->tables[t]);
	dbk_journal_fini(&heads->journal);
}

uint32_t
dbk_heads_order_chunk(const struct dbk_heads *heads, uint32_t order)
{
	const struct dbk_rows *orders = &heads->tables[DBK_HEADS_ORDERS];
	const struct dbk_order_head *row;

	if (order >= orders->count)
		return 0;
	row = dbk_rows_row(orders, order);
	return row->chunk;
}

bool
dbk_heads_grow(struct dbk_heads *heads, enum dbk_heads_table table, uint32_t id)
{
	struct dbk_rows *rows = &heads->tables[table];

	if (id < rows->count)
		return true;
	if (!dbk_rows_has_room(rows, id - rows->count + 1))
		return false;
	(void)dbk_rows_append(rows, id - rows->count + 1);
	return true;
}

bool
dbk_heads_has_room(const struct dbk_heads *heads, uint32_t records, uint32_t entries)
{
	/* Every part of an event may begin a chunk, every entry make a chain long. */
	uint32_t parts = records + entries / DBK_CHUNK_PART_ENTRIES_MAX;

	return dbk_rows_has_room(&heads->tables[DBK_HEADS_LONGS], entries) &&
	       dbk_rows_has_room(&heads->tables[DBK_HEADS_CHUNKS], parts);
}

void
dbk_heads_take_chunk(struct dbk_heads *heads, const struct dbk_chunk_header *header)
{
	struct dbk_rows *chunks = &heads->tables[DBK_HEADS_CHUNKS];
	struct dbk_chunk_head *row = dbk_rows_touch(chunks, dbk_rows_append(chunks, 1));

	row->base_position = header->base_position;
	row->base_clock = header->base_clock;
	row->behind_from = INT64_MAX;
	heads->codes = 0;
}

static void
take_refusal(struct dbk_heads *heads, const struct dbk_chunk_event *event)
{
	struct dbk_refusal_head *refusal = &heads->refusals[event->rule];

	if (refusal->count == 0)
		refusal->first = event->position;
	refusal->last = event->position;
	refusal->count++;
}

bool
dbk_heads_take_event(struct dbk_heads *heads, const struct dbk_chunk_event *event,
		     uint32_t chunk)
{
	const struct dbk_chunk_head *seen = dbk_heads_chunk(heads, chunk);

	if (event->rule >= DBK_RULES_MAX)
		return false;
	if (dbk_chunk_event_is_behind(event) &&
	    event->effective_at < seen->behind_from) {
		struct dbk_chunk_head *row =
		    dbk_rows_touch(&heads->tables[DBK_HEADS_CHUNKS], chunk);

		row->behind_from = event->effective_at;
	}
	if (event->order != 0) {
		struct dbk_order_head *row;

		if (!dbk_heads_grow(heads, DBK_HEADS_ORDERS, event->order))
			return false;
		row = dbk_rows_touch(&heads->tables[DBK_HEADS_ORDERS], event->order);
		row->chunk = chunk;
	}
	if (event->rule != 0 && !event->continued)
		take_refusal(heads, event);
	heads->clock = event->clock;
	return true;
}

void
dbk_heads_take_code(struct dbk_heads *heads, uint8_t code)
{
	struct dbk_chunk_head *row = dbk_rows_touch(&heads->tables[DBK_HEADS_CHUNKS],
						    dbk_heads_last_chunk(heads));

	row->codes |= (uint64_t)1 << code;
	heads->codes = row->codes;
}

void
dbk_heads_position(const struct dbk_heads *heads, uint32_t id, struct dbk_chain *chain,
		   struct dbk_stock_figures *figures)
{
	const struct dbk_holding *holding;
	const struct dbk_slim_holding *slim =
	    dbk_rows_row(&heads->tables[DBK_HEADS_POSITIONS], id);

	uint32_t own = dbk_holding_own_row(slim);

	if (own == 0) {
		dbk_holding_whole(slim, chain, figures);
		return;
	}
	holding = dbk_rows_row(&heads->tables[DBK_HEADS_HOLDINGS], own);
	*chain = holding->chain;
	*figures = holding->figures;
}

struct dbk_holding *
dbk_heads_take_move(struct dbk_heads *heads, const struct dbk_chunk_entry *entry,
		    struct dbk_holding *space)
{
	const struct dbk_slim_holding *slim =
	    dbk_rows_row(&heads->tables[DBK_HEADS_POSITIONS], entry->id);
	struct dbk_holding *holding = space;
	uint32_t own = dbk_holding_own_row(slim);

	if (own == 0)
		dbk_holding_whole(slim, &space->chain, &space->figures);
	else
		holding = dbk_rows_touch(&heads->tables[DBK_HEADS_HOLDINGS], own);
	dbk_figures_move(&holding->figures, entry->kind, entry->amount, entry->units,
			 entry->value);
	return holding;
}

/* A position has at most one row of its own, and one table is as large as the other. */
void
dbk_heads_end_move(struct dbk_heads *heads, uint32_t position,
		   const struct dbk_holding *holding)
{
	struct dbk_rows *holdings = &heads->tables[DBK_HEADS_HOLDINGS];
	struct dbk_rows *positions = &heads->tables[DBK_HEADS_POSITIONS];
	struct dbk_slim_holding *slim;
	uint32_t own;

	if (dbk_holding_own_row(dbk_rows_row(positions, position)) != 0)
		return;
	slim = dbk_rows_touch(positions, position);
	if (dbk_holding_slim(holding, slim))
		return;
	own = dbk_rows_append(holdings, 1);
	memcpy(dbk_rows_touch(holdings, own), holding, sizeof *holding);
	*slim = dbk_holding_name(own);
}

uint64_t
dbk_heads_bytes(const struct dbk_heads *heads)
{
	return dbk_journal_bytes(&heads->journal);
}
