#ifndef DBK_VIEWS_HEADS_H
#define DBK_VIEWS_HEADS_H

/*
 * heads.h -- the resident state of the ledger view: a row for every account, position,
 * order and chunk, and the sums over all.
 *
 * Heads follow from the history alone.  They are saved page by page at full flushes;
 * what came later is put back by reading the history from there on, through the same
 * functions that apply new effects.
 *
 * Thread: the worker changes them inside the gate, readers read inside the gate.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/rows.h"
#include "views/chain.h"
#include "views/chunk.h"
#include "views/figures.h"
#include "views/holding.h"

struct dbk_account_head {
	struct dbk_chain chain;
	struct dbk_money_figures figures;
};

struct dbk_order_head {
	uint32_t chunk; /* with its last event; 0: none yet */
};

struct dbk_chunk_head {
	uint64_t base_position;
	int64_t base_clock;
	int64_t behind_from; /* smallest effective_at of the events that are behind
			      * their clock; INT64_MAX: there are none */
	uint64_t codes;	     /* a bit for every account code in it */
};

struct dbk_refusal_head {
	uint64_t count, first, last;
};

/* Tables that are saved; numbers are kept on disk. */
enum dbk_heads_table {
	DBK_HEADS_ACCOUNTS = 0,
	DBK_HEADS_POSITIONS, /* slim holdings */
	DBK_HEADS_ORDERS,
	DBK_HEADS_LONGS,
	DBK_HEADS_CHUNKS,
	DBK_HEADS_HOLDINGS, /* whole ones, of positions that need them */
	DBK_HEADS_TABLES
};

struct dbk_heads {
	struct dbk_journal journal;
	struct dbk_rows tables[DBK_HEADS_TABLES];
	struct dbk_code_totals totals[DBK_ACCOUNT_CODES];
	struct dbk_refusal_head refusals[DBK_RULES_MAX];
	int64_t clock;
	uint64_t codes; /* of the newest chunk, as far as its row surely has them */
};

DBK_MUST_CHECK enum dbk_err dbk_heads_init(struct dbk_heads *heads);

/* A zeroed object is fine. */
void dbk_heads_fini(struct dbk_heads *heads);

static inline const struct dbk_account_head *
dbk_heads_account(const struct dbk_heads *heads, uint32_t id)
{
	return dbk_rows_row(&heads->tables[DBK_HEADS_ACCOUNTS], id);
}

/* The holding of a position, slim or not, to where it is wanted: what was just put
 * together word by word waits to be copied. */
void dbk_heads_position(const struct dbk_heads *heads, uint32_t id,
			struct dbk_chain *chain, struct dbk_stock_figures *figures);

static inline const struct dbk_chunk_head *
dbk_heads_chunk(const struct dbk_heads *heads, uint32_t number)
{
	return dbk_rows_row(&heads->tables[DBK_HEADS_CHUNKS], number);
}

static inline const struct dbk_rows *
dbk_heads_longs(const struct dbk_heads *heads)
{
	return &heads->tables[DBK_HEADS_LONGS];
}

/* The newest chunk, 0 before the first. */
static inline uint32_t
dbk_heads_last_chunk(const struct dbk_heads *heads)
{
	return heads->tables[DBK_HEADS_CHUNKS].count - 1;
}

/* The chunk with the last event of ORDER, 0 if it has none. */
uint32_t dbk_heads_order_chunk(const struct dbk_heads *heads, uint32_t order);

/* Rows for accounts or positions up to ID; false if there is no room. */
DBK_MUST_CHECK bool dbk_heads_grow(struct dbk_heads *heads, enum dbk_heads_table table,
				   uint32_t id);

/* Ask memory for a row that will be changed soon.  Any id is fine.  (The empty
 * assembly: GCC finds a function that only prefetches to have no effect, and leaves it
 * out.) */
static inline void
dbk_heads_prefetch(const struct dbk_heads *heads, enum dbk_heads_table table,
		   uint32_t id)
{
	const struct dbk_rows *rows = &heads->tables[table];
	const unsigned char *row = rows->rows + (size_t)id * rows->row_bytes;

	__builtin_prefetch(row, 1);
	__builtin_prefetch(row + rows->row_bytes - 1, 1);
	__asm__ volatile("");
}

/* The same for the own row of a position, if it has one; asked some records after
 * memory was asked for the position itself. */
static inline void
dbk_heads_prefetch_own(const struct dbk_heads *heads, uint32_t position)
{
	const struct dbk_rows *positions = &heads->tables[DBK_HEADS_POSITIONS];
	uint32_t own;

	if (position >= positions->count)
		return;
	own = dbk_holding_own_row(dbk_rows_row(positions, position));
	if (own != 0)
		dbk_heads_prefetch(heads, DBK_HEADS_HOLDINGS, own);
}

/* True if records with that many entries surely find room for what they may add. */
bool dbk_heads_has_room(const struct dbk_heads *heads, uint32_t records,
			uint32_t entries);

/* ------------------------------------------------- what one step of history does */

/* A new chunk begins. */
void dbk_heads_take_chunk(struct dbk_heads *heads,
			  const struct dbk_chunk_header *header);

/* An event (a part of one) stands in CHUNK, the newest.  False if its order can have no
 * row. */
DBK_MUST_CHECK bool dbk_heads_take_event(struct dbk_heads *heads,
					 const struct dbk_chunk_event *event,
					 uint32_t chunk);

/* The newest chunk has a posting on CODE, the first that is seen since it was begun or
 * the heads were loaded; not called by others. */
void dbk_heads_take_code(struct dbk_heads *heads, uint8_t code);

/* A posting: totals, and with an account its figures.  The row, to link and advance its
 * chain; NULL for an order-owned account. */
static inline struct dbk_account_head *
dbk_heads_take_posting(struct dbk_heads *heads, const struct dbk_chunk_entry *entry)
{
	struct dbk_code_totals *totals = &heads->totals[entry->kind];
	struct dbk_account_head *row;

	dbk_figures_post(&totals->figures, entry->amount);
	totals->postings++;
	if ((heads->codes & (uint64_t)1 << entry->kind) == 0)
		dbk_heads_take_code(heads, entry->kind);
	if (entry->id == 0)
		return NULL;
	row = dbk_rows_touch(&heads->tables[DBK_HEADS_ACCOUNTS], entry->id);
	dbk_figures_post(&row->figures, entry->amount);
	return row;
}

/* A move: the figures of its position.  The holding, to link and advance its chain: in
 * SPACE, or in its own row.  Then dbk_heads_end_move() puts it where it belongs. */
struct dbk_holding *dbk_heads_take_move(struct dbk_heads *heads,
					const struct dbk_chunk_entry *entry,
					struct dbk_holding *space);
void dbk_heads_end_move(struct dbk_heads *heads, uint32_t position,
			const struct dbk_holding *holding);

uint64_t dbk_heads_bytes(const struct dbk_heads *heads);

#endif
