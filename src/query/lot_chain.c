/*
 * lot_chain.c -- the chains of a lot's positions merged into one, oldest first.
 *
 * Chains only lead back.  So each is read in runs that end at a mark, which is found by
 * its number: the locs of a run are kept and handed out from its beginning.
 */

#include "query/lot_chain.h"

#include <string.h>

#include <daybook/limits.h>

#include "query/cut.h"
#include "query/top.h"
#include "views/trace.h"

#define LISTING 'l'
#define RUN (1u << DBK_CHUNK_MARK_SHIFT)

/* One position's chain on the heap. */
struct strand {
	uint64_t key; /* loc of the entry NEXT */
	uint32_t position;
	uint32_t next, end; /* numbers of entries, from 1: the next one, the last one */
	uint32_t first, n;  /* the run that is known: its first entry, how many */
	uint64_t *locs;	    /* of the run; NULL: none was read yet */
};

struct merger {
	const struct dbk_lot_chain_query *query;
	struct dbk_reader reader;
	struct dbk_cut cut;
	uint64_t from;		/* loc that the page begins at */
	struct strand *strands; /* a heap, the smallest key first */
	uint32_t n, max;
	struct dbk_top top; /* of positions, by on_hand */
	struct dbk_arena *arena;
	struct dbk_lot_chain *out;
	struct dbk_error *error;
};

/* ----------------------------------------------------------------------- the heap */

static void
sift_down(struct merger *m, uint32_t at)
{
	for (;;) {
		uint32_t child = 2 * at + 1;
		struct strand kept;

		if (child >= m->n)
			return;
		if (child + 1 < m->n &&
		    m->strands[child + 1].key < m->strands[child].key)
			child++;
		if (m->strands[child].key >= m->strands[at].key)
			return;
		kept = m->strands[at];
		m->strands[at] = m->strands[child];
		m->strands[child] = kept;
		at = child;
	}
}

/* ---------------------------------------------------------------- one chain onwards */

/* The known entry of TRACE's chain that is nearest behind number INDEX, or it. */
static uint64_t
start_of(const struct dbk_trace *trace, uint32_t index, uint32_t *out_index)
{
	uint64_t loc = trace->chain.last;

	*out_index = trace->chain.n;
	for (unsigned i = 0; i < DBK_CHUNK_LEVELS_MAX; i++) {
		unsigned shift = DBK_CHUNK_MARK_SHIFT * (i + 1);
		uint64_t mark = i == 0 ? trace->chain.mark : trace->longs.levels[i - 1];

		if (mark == 0 || trace->chain.n >> shift << shift < index)
			break;
		loc = mark;
		*out_index = trace->chain.n >> shift << shift;
	}
	return loc;
}

/* Entry number INDEX of the chain. */
static enum dbk_err
seek(struct dbk_trace *trace, uint32_t index, struct dbk_trace_spot *out)
{
	uint64_t loc = start_of(trace, index, &out->index);
	enum dbk_err err =
	    dbk_reader_entry(trace->reader, true, trace->id, loc, &out->entry);

	while (err == DBK_OK && out->index > index) {
		unsigned level = out->entry.n_levels;
		uint32_t leap = 1;

		loc = out->entry.prev;
		while (level-- > 0) {
			uint32_t entries = 1u << (DBK_CHUNK_MARK_SHIFT * (level + 1));

			if (out->index - index < entries)
				continue;
			leap = entries;
			loc = out->entry.levels[level];
			break;
		}
		if (loc == 0)
			return dbk_reader_damaged(trace->reader, loc);
		out->index -= leap;
		err =
		    dbk_reader_entry(trace->reader, true, trace->id, loc, &out->entry);
	}
	return err;
}

/* Read the run that the strand's next entry is in, from that entry on. */
static enum dbk_err
read_run(struct merger *m, struct strand *strand)
{
	uint32_t last = (strand->next + RUN - 1) / RUN * RUN;
	struct dbk_trace_spot spot;
	struct dbk_trace trace;
	enum dbk_err err;

	if (last > strand->end)
		last = strand->end;
	if (strand->locs == NULL)
		strand->locs =
		    dbk_page_alloc(m->arena, RUN, sizeof *strand->locs, m->error);
	if (strand->locs == NULL)
		return DBK_FAILED_MEMORY;
	strand->first = strand->next;
	strand->n = last - strand->next + 1;
	dbk_trace_position(&trace, &m->reader, strand->position);
	err = seek(&trace, last, &spot);
	for (uint32_t i = strand->n; err == DBK_OK && i-- > 0;) {
		strand->locs[i] = spot.entry.loc;
		if (i > 0)
			err = dbk_trace_back(&trace, &spot);
	}
	return err;
}

static enum dbk_err
find_key(struct merger *m, struct strand *strand)
{
	enum dbk_err err = DBK_OK;

	if (strand->n == 0 || strand->next - strand->first >= strand->n)
		err = read_run(m, strand);
	if (err == DBK_OK)
		strand->key = strand->locs[strand->next - strand->first];
	return err;
}

/* The root has handed out its entry. */
static enum dbk_err
advance_root(struct merger *m)
{
	struct strand *root = &m->strands[0];
	enum dbk_err err = DBK_OK;

	if (root->next++ < root->end)
		err = find_key(m, root);
	else
		*root = m->strands[--m->n];
	sift_down(m, 0);
	return err;
}

/* ------------------------------------------------------------------- the positions */

/* Where the page begins and ends on the chain. */
static enum dbk_err
bound(struct merger *m, struct dbk_trace *trace, struct strand *strand)
{
	struct dbk_trace_spot spot;
	enum dbk_err err;

	strand->next = 1;
	strand->end = trace->chain.n;
	if (trace->chain.last < m->from)
		strand->next = strand->end + 1;
	else if (m->from > 0) {
		err = dbk_trace_before(trace, m->from, &spot);
		if (err != DBK_OK)
			return err;
		strand->next = spot.index + 1;
	}
	if (trace->chain.last < m->cut.size_loc)
		return DBK_OK;
	err = dbk_trace_before(trace, m->cut.size_loc, &spot);
	strand->end = spot.index;
	return err;
}

/* A position of the lot: one of its holders, and a strand if it has lines. */
static enum dbk_err
add_position(struct merger *m, uint32_t id, uint32_t order)
{
	struct strand strand = { .position = id };
	struct dbk_trace_figures figures;
	struct dbk_trace trace;
	uint32_t slot;
	enum dbk_err err;

	dbk_trace_position(&trace, &m->reader, id);
	err = bound(m, &trace, &strand);
	if (err != DBK_OK)
		return err;
	err = dbk_cut_figures(&m->cut, &trace, &figures);
	if (err != DBK_OK || figures.n == 0)
		return err;
	m->out->holders_truncated = m->out->holders_truncated || m->top.n == m->top.max;
	if (dbk_top_offer(&m->top, dbk_top_key(figures.stock.on_hand), order, &slot)) {
		const struct dbk_roster_position *position =
		    dbk_roster_position(m->reader.roster, id);
		const struct dbk_roster_holder *holder =
		    dbk_roster_holder(m->reader.roster, position->holder);

		m->out->holders[slot] = (struct dbk_lot_holder){
			.holder =
			    dbk_roster_party_name(m->reader.roster, holder->party),
			.holder_kind = (uint8_t)holder->kind,
			.place = (uint8_t)position->place,
			.figures = figures.stock,
		};
	}
	if (strand.next > strand.end)
		return DBK_OK;
	err = find_key(m, &strand);
	m->strands[m->n++] = strand;
	return err;
}

static enum dbk_err
add_positions(struct merger *m)
{
	const struct dbk_roster *roster = m->reader.roster;
	uint32_t sku = dbk_roster_find_sku(roster, m->query->sku);
	uint32_t lot = dbk_roster_find_lot(roster, m->query->lot);
	uint32_t id = 0, found = 0;
	enum dbk_err err = DBK_OK;

	if (sku != 0 && lot != 0)
		id = dbk_roster_sku(roster, sku)->first_position;
	for (; id != 0 && err == DBK_OK;
	     id = dbk_roster_position(roster, id)->next_of_sku) {
		dbk_reader_step(&m->reader, 1);
		if (dbk_roster_position(roster, id)->lot != lot)
			continue;
		if (found == DBK_MERGE_POSITIONS_MAX)
			return dbk_error_set(
			    m->error, DBK_FAILED_LIMIT,
			    "lot: \"%.*s\" has been at more than %d positions; list "
			    "the stock of the lot, and movements by holder",
			    (int)m->query->lot.size, m->query->lot.bytes,
			    DBK_MERGE_POSITIONS_MAX);
		err = add_position(m, id, found++);
	}
	for (uint32_t i = m->n / 2; i-- > 0;)
		sift_down(m, i);
	return err;
}

/* ----------------------------------------------------------------------- the answer */

static enum dbk_err
put_holders(struct merger *m)
{
	struct dbk_lot_holder *sorted =
	    dbk_page_alloc(m->arena, m->top.n + 1, sizeof *m->out->holders, m->error);

	if (sorted == NULL)
		return DBK_FAILED_MEMORY;
	dbk_top_sort(&m->top);
	for (uint32_t i = 0; i < m->top.n; i++) {
		enum dbk_err err;

		sorted[i] = m->out->holders[m->top.items[i].slot];
		err = dbk_page_keep(m->arena, sorted[i].holder, &sorted[i].holder,
				    m->error);
		if (err != DBK_OK)
			return err;
	}
	m->out->holders = sorted;
	m->out->n_holders = m->top.n;
	return DBK_OK;
}

static enum dbk_err
put_line(struct merger *m, const struct strand *strand)
{
	struct dbk_chunk_entry entry;
	struct dbk_chunk_event event;
	enum dbk_err err =
	    dbk_reader_entry(&m->reader, true, strand->position, strand->key, &entry);

	if (err == DBK_OK)
		err = dbk_reader_event(&m->reader, entry.event, &event);
	if (err != DBK_OK)
		return err;
	return dbk_movement_line_make(&m->reader, &entry, &event, m->arena,
				      &m->out->lines[m->out->n++]);
}

static enum dbk_err
put_lines(struct merger *m)
{
	while (m->n > 0) {
		enum dbk_err err;

		if (m->out->n == m->max) {
			dbk_page_stop(LISTING, m->cut.size, m->strands[0].key,
				      &m->out->next);
			return DBK_OK;
		}
		err = put_line(m, &m->strands[0]);
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
	struct dbk_as_of now = { .kind = DBK_AS_OF_NOW };
	enum dbk_err err = dbk_cut_make(&m->reader, &now, start->size, &m->cut);

	m->from = start->size == UINT64_MAX ? 0 : start->place;
	m->out->size = m->cut.size;
	if (err == DBK_OK)
		err = add_positions(m);
	if (err == DBK_OK)
		err = put_holders(m);
	return err == DBK_OK ? put_lines(m) : err;
}

enum dbk_err
dbk_lot_chain_list(struct dbk_view *view, const struct dbk_lot_chain_query *query,
		   struct dbk_arena *arena, struct dbk_lot_chain *out,
		   struct dbk_error *error)
{
	struct dbk_lot_chain result = { .n = 0 };
	struct merger m = { .query = query,
			    .max = dbk_page_rows(&query->page),
			    .top = { .max = DBK_PAGE_ROWS_MAX },
			    .arena = arena,
			    .out = &result,
			    .error = error };
	struct dbk_page_start start;
	enum dbk_err err = dbk_page_start(&query->page, LISTING, &start, error);

	if (err != DBK_OK)
		return err;
	m.strands =
	    dbk_page_alloc(arena, DBK_MERGE_POSITIONS_MAX, sizeof *m.strands, error);
	m.top.items = dbk_page_alloc(arena, m.top.max, sizeof *m.top.items, error);
	result.holders =
	    dbk_page_alloc(arena, m.top.max, sizeof *result.holders, error);
	result.lines = dbk_page_alloc(arena, m.max, sizeof *result.lines, error);
	if (m.strands == NULL || m.top.items == NULL || result.holders == NULL ||
	    result.lines == NULL)
		return DBK_FAILED_MEMORY;
	dbk_reader_begin(&m.reader, view, error);
	err = answer(&m, &start);
	dbk_reader_end(&m.reader);
	if (err == DBK_OK)
		*out = result;
	return err;
}
