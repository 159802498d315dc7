#include "views/recover.h"

#include "views/note.h"
#include "views/view_private.h"

/* Events are opened some ahead of the one that is taken, so that memory has answered.
 */
#define AHEAD 4u
#define OWN_AHEAD 2u

struct opened {
	struct dbk_chunk_event event;
	struct dbk_chunk_entry entries[DBK_CHUNK_PART_ENTRIES_MAX];
};

/* What is known while a view comes back. */
struct recovery {
	struct dbk_view *view;
	struct dbk_txn *txn;
	struct dbk_note_history history;
	struct dbk_note_heads heads;
	uint32_t n_names;
	uint32_t pages[DBK_HEADS_TABLES]; /* seen of each table */
	uint64_t next_position; /* of the event that follows, or is continued */
	struct opened opened[AHEAD];
	struct dbk_error *error;
};

static enum dbk_err
damaged(const struct recovery *r, const char *what)
{
	return dbk_error_set(r->error, DBK_FAILED_DAMAGED,
			     "the ledger view is damaged: %s; remove and rebuild it",
			     what);
}

static enum dbk_err
damaged_at(const struct recovery *r, uint64_t loc, const char *what)
{
	return dbk_error_set(
	    r->error, DBK_FAILED_DAMAGED,
	    "the ledger view is damaged: chunk %u, byte %u: %s; remove "
	    "and rebuild it",
	    dbk_chunk_of(loc), dbk_chunk_at(loc), what);
}

static enum dbk_err
take_names(void *context, uint8_t table, uint32_t number, struct dbk_str bytes)
{
	struct recovery *r = context;

	(void)table;
	if (number != r->n_names++)
		return damaged(r, "a run of names is missing");
	return dbk_roster_load(&r->view->roster, bytes.bytes, bytes.size);
}

static enum dbk_err
read_names(struct recovery *r)
{
	enum dbk_err err = dbk_shelf_each_names(r->view->shelf, r->txn, take_names, r);

	if (err != DBK_OK)
		return err == DBK_FAILED_DAMAGED ? damaged(r, "names") : err;
	return r->n_names == r->history.n_names
		   ? DBK_OK
		   : damaged(r, "runs of names are missing");
}

/* ------------------------------------------------------------------- saved heads */

static enum dbk_err
take_page(void *context, uint8_t table, uint32_t number, struct dbk_str bytes)
{
	struct recovery *r = context;

	if (table >= DBK_HEADS_TABLES ||
	    !dbk_rows_load_page(&r->view->heads.tables[table], number, bytes.bytes,
				bytes.size))
		return damaged(r, "a page of heads does not fit");
	r->pages[table]++;
	return DBK_OK;
}

static uint32_t
pages_of(const struct dbk_rows *rows)
{
	return ((rows->count - 1) >> rows->page_shift) + 1;
}

static enum dbk_err
read_heads(struct recovery *r)
{
	struct dbk_heads *heads = &r->view->heads;
	struct dbk_str bytes;
	enum dbk_err err =
	    dbk_shelf_note(r->view->shelf, r->txn, DBK_SHELF_HEADS, &bytes);

	r->heads.end = dbk_chunk_loc(1, 0);
	if (err != DBK_OK)
		return err == DBK_FAILED_NOT_FOUND ? DBK_OK : err;
	if (!dbk_note_get_heads(bytes, &r->heads, heads) ||
	    r->heads.size > r->history.size || r->heads.end > r->history.end)
		return damaged(r, "the note of heads");
	for (unsigned t = 0; t < DBK_HEADS_TABLES; t++) {
		if (!dbk_rows_load_begin(&heads->tables[t], r->heads.counts[t]))
			return damaged(r, "the count of a table of heads");
		dbk_rows_keep_none(&heads->tables[t]);
	}
	err = dbk_shelf_each_page(r->view->shelf, r->txn, take_page, r);
	if (err != DBK_OK)
		return err;
	for (unsigned t = 0; t < DBK_HEADS_TABLES; t++)
		if (r->pages[t] != pages_of(&heads->tables[t]))
			return damaged(r, "pages of heads are missing");
	r->next_position = r->heads.size;
	return DBK_OK;
}

/* ------------------------------------------------- the history behind the heads */

static enum dbk_err
replay_posting(struct recovery *r, const struct dbk_chunk_entry *entry, bool behind)
{
	struct dbk_heads *heads = &r->view->heads;
	struct dbk_rows *longs = &heads->tables[DBK_HEADS_LONGS];
	struct dbk_account_head *row;

	if (entry->id >= heads->tables[DBK_HEADS_ACCOUNTS].count)
		return damaged_at(r, entry->loc, "an account without a name");
	row = dbk_heads_take_posting(heads, entry);
	if (row == NULL)
		return DBK_OK;
	if (entry->prev != row->chain.last ||
	    entry->balance != dbk_figures_balance(&row->figures))
		return damaged_at(r, entry->loc, "a posting that does not follow");
	dbk_chain_advance(&row->chain, longs, entry->loc, behind);
	return DBK_OK;
}

static enum dbk_err
replay_move(struct recovery *r, const struct dbk_chunk_entry *entry, bool behind)
{
	struct dbk_heads *heads = &r->view->heads;
	struct dbk_rows *longs = &heads->tables[DBK_HEADS_LONGS];
	struct dbk_holding space, *holding;

	if (entry->id >= heads->tables[DBK_HEADS_POSITIONS].count)
		return damaged_at(r, entry->loc, "a position without a name");
	holding = dbk_heads_take_move(heads, entry, &space);
	if (entry->prev != holding->chain.last ||
	    entry->balance != holding->figures.on_hand)
		return damaged_at(r, entry->loc, "a move that does not follow");
	dbk_chain_advance(&holding->chain, longs, entry->loc, behind);
	dbk_heads_end_move(heads, entry->id, holding);
	return DBK_OK;
}

/* Open the event part at AT with its entries, and ask memory for the rows it changes.
 */
static enum dbk_err
open_event(struct recovery *r, const struct dbk_chunk *chunk, uint32_t at,
	   struct opened *out)
{
	const struct dbk_chunk_event *event = &out->event;
	const struct dbk_heads *heads = &r->view->heads;
	uint64_t loc = dbk_chunk_loc(chunk->number, at);

	if (!dbk_chunk_get_event(chunk, at, &out->event) ||
	    event->n_postings > DBK_CHUNK_PART_ENTRIES_MAX ||
	    event->n_moves > DBK_CHUNK_PART_ENTRIES_MAX - event->n_postings)
		return damaged_at(r, loc, "an event");
	dbk_heads_prefetch(heads, DBK_HEADS_ORDERS, event->order);
	at = event->entries_at;
	for (uint32_t i = 0; i < event->n_postings + event->n_moves; i++) {
		struct dbk_chunk_entry *entry = &out->entries[i];
		bool move = i >= event->n_postings;

		if (!(move ? dbk_chunk_get_move(chunk, at, entry)
			   : dbk_chunk_get_posting(chunk, at, entry)))
			return damaged_at(r, dbk_chunk_loc(chunk->number, at),
					  "an entry");
		dbk_heads_prefetch(
		    heads, move ? DBK_HEADS_POSITIONS : DBK_HEADS_ACCOUNTS, entry->id);
		at += entry->size;
	}
	return DBK_OK;
}

static void
prefetch_own(const struct recovery *r, const struct opened *opened)
{
	const struct dbk_chunk_event *event = &opened->event;

	for (uint32_t i = 0; i < event->n_moves; i++)
		dbk_heads_prefetch_own(&r->view->heads,
				       opened->entries[event->n_postings + i].id);
}

/* Dense ids of orders come up one after the other; a wild one must not make room for
 * billions. */
#define ORDERS_AHEAD_MAX 65536u

static bool
follows(const struct recovery *r, const struct dbk_chunk_event *event)
{
	uint32_t orders = r->view->heads.tables[DBK_HEADS_ORDERS].count;

	return (event->order < orders || event->order - orders < ORDERS_AHEAD_MAX) &&
	       event->position + (event->continued ? 1 : 0) == r->next_position &&
	       event->clock >= r->view->heads.clock;
}

static enum dbk_err
replay_event(struct recovery *r, const struct opened *opened)
{
	const struct dbk_chunk_event *event = &opened->event;
	bool behind = dbk_chunk_event_is_behind(event);
	enum dbk_err err = DBK_OK;

	if (!follows(r, event))
		return damaged_at(r, event->loc, "an event that does not follow");
	if (!dbk_heads_take_event(&r->view->heads, event, dbk_chunk_of(event->loc)))
		return damaged_at(r, event->loc, "an event that has no room");
	for (uint32_t i = 0; i < event->n_postings && err == DBK_OK; i++)
		err = replay_posting(r, &opened->entries[i], behind);
	for (uint32_t i = 0; i < event->n_moves && err == DBK_OK; i++)
		err = replay_move(r, &opened->entries[event->n_postings + i], behind);
	if (!event->continued)
		r->next_position++;
	return err;
}

static enum dbk_err
replay_chunk(struct recovery *r, const struct dbk_chunk *chunk, uint32_t at)
{
	uint32_t n_opened = 0, n_taken = 0;

	while (at < chunk->size || n_taken < n_opened) {
		struct opened *next = &r->opened[n_opened % AHEAD];
		enum dbk_err err;

		if (at < chunk->size && n_opened - n_taken < AHEAD) {
			err = open_event(r, chunk, at, next);
			at += next->event.size;
			n_opened++;
		} else {
			if (n_opened - n_taken > OWN_AHEAD)
				prefetch_own(r,
					     &r->opened[(n_taken + OWN_AHEAD) % AHEAD]);
			err = replay_event(r, &r->opened[n_taken++ % AHEAD]);
		}
		if (err != DBK_OK)
			return err;
	}
	return DBK_OK;
}

/* Chunk NUMBER, with as much of it as belongs to the history. */
static enum dbk_err
read_chunk(struct recovery *r, uint32_t number, struct dbk_chunk *out)
{
	struct dbk_str bytes;
	enum dbk_err err = dbk_shelf_chunk(r->view->shelf, r->txn, number, &bytes);

	if (err == DBK_FAILED_NOT_FOUND)
		return damaged_at(r, dbk_chunk_loc(number, 0), "it is missing");
	if (err != DBK_OK)
		return err;
	if (!dbk_chunk_open(out, number, (const unsigned char *)bytes.bytes,
			    bytes.size) ||
	    (number == dbk_chunk_of(r->history.end) &&
	     bytes.size != dbk_chunk_at(r->history.end)))
		return damaged_at(r, dbk_chunk_loc(number, 0), "its header or size");
	return DBK_OK;
}

static enum dbk_err
replay_history(struct recovery *r)
{
	uint32_t number = dbk_chunk_of(r->heads.end);
	uint32_t at = dbk_chunk_at(r->heads.end);
	uint32_t last = dbk_chunk_of(r->history.end);
	struct dbk_chunk chunk;

	for (; number <= last; number++, at = 0) {
		enum dbk_err err = read_chunk(r, number, &chunk);

		if (err != DBK_OK)
			return err;
		if (number == dbk_heads_last_chunk(&r->view->heads) + 1)
			dbk_heads_take_chunk(&r->view->heads, &chunk.header);
		else if (number != dbk_heads_last_chunk(&r->view->heads))
			return damaged(r, "heads of chunks are missing");
		err = replay_chunk(r, &chunk, at != 0 ? at : dbk_chunk_first(&chunk));
		if (err != DBK_OK)
			return err;
	}
	if (r->next_position != r->history.size)
		return damaged(r, "the history ends early");
	/* The last chunk is at hand: it goes on in memory. */
	return dbk_stream_resume(&r->view->stream, last, chunk.bytes, chunk.size);
}

static enum dbk_err
recover(struct recovery *r)
{
	struct dbk_view *view = r->view;
	struct dbk_str bytes;
	enum dbk_err err =
	    dbk_shelf_note(view->shelf, r->txn, DBK_SHELF_HISTORY, &bytes);

	if (err != DBK_OK)
		return err == DBK_FAILED_NOT_FOUND ? DBK_OK : err;
	if (!dbk_note_get_history(bytes, &r->history))
		return damaged(r, "the note of the history");
	err = read_names(r);
	if (err == DBK_OK)
		err = read_heads(r);
	if (err != DBK_OK)
		return err;
	if (!dbk_heads_grow(&view->heads, DBK_HEADS_ACCOUNTS,
			    dbk_roster_count(&view->roster, DBK_NAMED_ACCOUNT)) ||
	    !dbk_heads_grow(&view->heads, DBK_HEADS_POSITIONS,
			    dbk_roster_count(&view->roster, DBK_NAMED_POSITION)))
		return damaged(r, "too many names");
	if (r->history.size == 0)
		return DBK_OK;
	return replay_history(r);
}

enum dbk_err
dbk_recover_view(struct dbk_view *view, struct dbk_error *error)
{
	struct recovery r = { .view = view, .error = error };
	enum dbk_err err = dbk_shelf_read_begin(view->shelf, &r.txn, error);

	if (err != DBK_OK)
		return err;
	err = recover(&r);
	dbk_shelf_end(r.txn);
	if (err != DBK_OK) {
		if (error != NULL && error->code == DBK_OK)
			(void)dbk_error_set(error, err, "cannot read the ledger view");
		return err;
	}
	view->size = view->durable_size = r.history.size;
	view->heads_size = r.heads.size;
	view->disk_bytes = dbk_shelf_disk_bytes(view->shelf);
	view->n_names = r.n_names;
	view->disk_chunk = view->stream.tail.number;
	view->disk_end = dbk_stream_end(&view->stream);
	return DBK_OK;
}
