/*
 * movements.c -- the chains of a holder's positions merged into one, newest first.
 *
 * Each chain is walked like a statement.  A chain whose turn has not come is known by
 * the loc of its last entry, which is resident; only the chains that reach the page are
 * read.
 */

#include "query/movements.h"

#include <string.h>

#include <daybook/limits.h>

#include "query/cut.h"
#include "query/walk.h"

#define LISTING 'm'
#define HOLDER_KINDS 3u

/* One position's chain on the heap. */
struct strand {
	uint64_t key; /* of the line that stands ready; unread: not before it */
	uint32_t position;
	struct dbk_walk *walk; /* NULL: unread */
};

struct merger {
	const struct dbk_movements_query *query;
	struct dbk_reader reader;
	struct dbk_cut cut;
	struct dbk_window window;
	uint32_t sku, lot;	/* asked for; 0: all */
	struct strand *strands; /* a heap, the largest key first */
	uint32_t n;
	uint32_t max;
	struct dbk_arena *arena;
	struct dbk_movements *out;
	struct dbk_error *error;
};

/* ---------------------------------------------------------------------- the heap */

static void
sift_down(struct merger *m, uint32_t at)
{
	for (;;) {
		uint32_t child = 2 * at + 1;
		struct strand kept;

		if (child >= m->n)
			return;
		if (child + 1 < m->n &&
		    m->strands[child + 1].key > m->strands[child].key)
			child++;
		if (m->strands[child].key <= m->strands[at].key)
			return;
		kept = m->strands[at];
		m->strands[at] = m->strands[child];
		m->strands[child] = kept;
		at = child;
	}
}

/* Let the walk of the root find its next line; the root goes where it belongs now. */
static enum dbk_err
advance_root(struct merger *m)
{
	struct strand *root = &m->strands[0];
	bool found;
	enum dbk_err err;

	if (root->walk == NULL) {
		root->walk = dbk_page_alloc(m->arena, 1, sizeof *root->walk, m->error);
		if (root->walk == NULL)
			return DBK_FAILED_MEMORY;
		dbk_trace_position(&root->walk->trace, &m->reader, root->position);
		err = dbk_walk_begin(root->walk, &m->window);
		if (err != DBK_OK)
			return err;
	}
	err = dbk_walk_next(root->walk, &found);
	if (err != DBK_OK)
		return err;
	if (found)
		root->key = root->walk->entry.loc;
	else
		*root = m->strands[--m->n];
	sift_down(m, 0);
	return DBK_OK;
}

/* ------------------------------------------------------------------- the question */

static enum dbk_err
not_found(const struct merger *m, const char *field, struct dbk_str name)
{
	return dbk_error_set(
	    m->error, DBK_FAILED_NOT_FOUND, "%s: \"%.*s\" is not known to the book",
	    field, name.size > DBK_ID_BYTES_MAX ? DBK_ID_BYTES_MAX : (int)name.size,
	    name.bytes);
}

static bool
is_wanted(const struct merger *m, uint32_t id)
{
	const struct dbk_roster_position *position =
	    dbk_roster_position(m->reader.roster, id);

	return (m->sku == 0 || position->sku == m->sku) &&
	       (m->lot == 0 || position->lot == m->lot) &&
	       (m->query->place == 0 || position->place == m->query->place);
}

/* The positions asked for of one holder. */
static enum dbk_err
collect_of(struct merger *m, uint32_t holder)
{
	const struct dbk_roster *roster = m->reader.roster;
	uint32_t id = dbk_roster_holder(roster, holder)->first_position;

	for (; id != 0; id = dbk_roster_position(roster, id)->next_of_holder) {
		if (!is_wanted(m, id))
			continue;
		if (m->n == DBK_MERGE_POSITIONS_MAX)
			return dbk_error_set(
			    m->error, DBK_FAILED_LIMIT,
			    "holder: \"%.*s\" has more than %d positions; name a sku "
			    "or a lot",
			    (int)m->query->holder.size, m->query->holder.bytes,
			    DBK_MERGE_POSITIONS_MAX);
		m->strands[m->n].walk = NULL;
		m->strands[m->n++].position = id;
	}
	return DBK_OK;
}

static enum dbk_err
collect(struct merger *m)
{
	const struct dbk_movements_query *query = m->query;
	const struct dbk_roster *roster = m->reader.roster;
	uint32_t party = dbk_roster_find_party(roster, query->holder);
	const uint32_t *holders;
	enum dbk_err err = DBK_OK;

	if (party == 0)
		return not_found(m, "holder", query->holder);
	m->sku = dbk_roster_find_sku(roster, query->sku);
	if (query->sku.size > 0 && m->sku == 0)
		return not_found(m, "sku", query->sku);
	m->lot = dbk_roster_find_lot(roster, query->lot);
	if (query->lot.size > 0 && m->lot == 0)
		return not_found(m, "lot", query->lot);
	holders = dbk_roster_party(roster, party)->holders;
	if (holders[0] == 0 && holders[1] == 0 && holders[2] == 0)
		return not_found(m, "holder", query->holder);
	for (unsigned kind = 0; kind < HOLDER_KINDS && err == DBK_OK; kind++)
		if (holders[kind] != 0)
			err = collect_of(m, holders[kind]);
	return err;
}

/* Sum what is on hand, and put the positions on the heap by their last entries. */
static enum dbk_err
begin_strands(struct merger *m)
{
	for (uint32_t i = 0; i < m->n; i++) {
		struct dbk_trace_figures figures;
		struct dbk_trace trace;
		enum dbk_err err;

		dbk_reader_step(&m->reader, 1);
		dbk_trace_position(&trace, &m->reader, m->strands[i].position);
		err = dbk_cut_figures(&m->cut, &trace, &figures);
		if (err != DBK_OK)
			return err;
		m->out->on_hand =
		    dbk_figures_sum(m->out->on_hand, figures.stock.on_hand);
		m->strands[i].key = trace.chain.last;
		if (m->strands[i].key >= m->window.upper.size_loc)
			m->strands[i].key = m->window.upper.size_loc - 1;
	}
	for (uint32_t i = m->n / 2; i-- > 0;)
		sift_down(m, i);
	return DBK_OK;
}

enum dbk_err
dbk_movement_line_make(struct dbk_reader *reader, const struct dbk_chunk_entry *entry,
		       const struct dbk_chunk_event *event, struct dbk_arena *arena,
		       struct dbk_movement_line *out)
{
	const struct dbk_roster *roster = reader->roster;
	const struct dbk_roster_position *position =
	    dbk_roster_position(roster, entry->id);
	const struct dbk_roster_holder *holder =
	    dbk_roster_holder(roster, position->holder);
	enum dbk_err err;

	out->position = event->position;
	out->effective_at = event->effective_at;
	out->type = (enum dbk_event_type)event->type;
	out->order = event->order;
	out->place = (uint8_t)position->place;
	out->holder_kind = (uint8_t)holder->kind;
	out->reason = (enum dbk_movement)entry->kind;
	out->qty = entry->amount;
	out->units = entry->units;
	out->balance = entry->balance;
	out->late = event->late;
	err = dbk_page_keep(arena, dbk_roster_party_name(roster, holder->party),
			    &out->holder, reader->error);
	if (err != DBK_OK)
		return err;
	err = dbk_page_keep(arena, dbk_roster_sku_name(roster, position->sku),
			    &out->sku, reader->error);
	if (err != DBK_OK)
		return err;
	return dbk_page_keep(arena, dbk_roster_lot_name(roster, position->lot),
			     &out->lot, reader->error);
}

static enum dbk_err
put_lines(struct merger *m)
{
	while (m->n > 0) {
		struct strand *root = &m->strands[0];
		enum dbk_err err = DBK_OK;

		if (root->walk == NULL) {
			err = advance_root(m);
			if (err != DBK_OK)
				return err;
			continue;
		}
		if (m->out->n == m->max) {
			dbk_page_stop(LISTING, m->cut.size, root->key + 1,
				      &m->out->next);
			return DBK_OK;
		}
		err = dbk_movement_line_make(&m->reader, &root->walk->entry,
					     &root->walk->event, m->arena,
					     &m->out->lines[m->out->n++]);
		if (err == DBK_OK)
			err = advance_root(m);
		if (err != DBK_OK)
			return err;
	}
	return DBK_OK;
}

static enum dbk_err
answer(struct merger *m, const struct dbk_page_start *start)
{
	const struct dbk_movements_query *query = m->query;
	enum dbk_err err =
	    dbk_cut_make(&m->reader, &query->as_of, start->size, &m->cut);

	if (err == DBK_OK)
		err = dbk_walk_window_make(&m->reader, &m->cut, query->from, query->to,
					   start->place, &m->window);
	if (err == DBK_OK)
		err = collect(m);
	if (err == DBK_OK)
		err = begin_strands(m);
	m->out->size = m->cut.size;
	return err == DBK_OK ? put_lines(m) : err;
}

enum dbk_err
dbk_movements_list(struct dbk_view *view, const struct dbk_movements_query *query,
		   struct dbk_arena *arena, struct dbk_movements *out,
		   struct dbk_error *error)
{
	struct dbk_movements result = { .n = 0 };
	struct merger m = { .query = query,
			    .max = dbk_page_rows(&query->page),
			    .arena = arena,
			    .out = &result,
			    .error = error };
	struct dbk_page_start start;
	enum dbk_err err = dbk_page_start(&query->page, LISTING, &start, error);

	if (err != DBK_OK)
		return err;
	if (query->holder.size == 0)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "holder: it must not be empty");
	m.strands =
	    dbk_page_alloc(arena, DBK_MERGE_POSITIONS_MAX, sizeof *m.strands, error);
	result.lines = dbk_page_alloc(arena, m.max, sizeof *result.lines, error);
	if (m.strands == NULL || result.lines == NULL)
		return DBK_FAILED_MEMORY;
	dbk_reader_begin(&m.reader, view, error);
	err = answer(&m, &start);
	dbk_reader_end(&m.reader);
	if (err == DBK_OK)
		*out = result;
	return err;
}
