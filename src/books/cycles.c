/*
 * cycles.c -- ways of goods, and of money, from agent to agent.
 *
 * A pair of agents is one edge, however often something goes that way, so the edges are
 * as many as there are trading pairs.  A way is looked for in breadth and gives up
 * after DBK_WAY_EDGES edges: an event takes a bounded time in the busiest network.
 */

#include "books/goods_core.h"

#define DBK_WAY_EDGES 1000u

static uint64_t
edge_hash(const struct dbk_books *books, uint32_t kind, uint32_t from, uint32_t to)
{
	uint32_t key[4] = { DBK_SPACE_EDGE, kind, from, to };

	return dbk_composite_hash(books, key, 4);
}

static uint32_t
edge_find(const struct dbk_books *books, uint32_t kind, uint32_t from, uint32_t to)
{
	struct dbk_index_walk walk =
	    dbk_index_seek(&books->names.index, edge_hash(books, kind, from, to));
	uint32_t id;

	while ((id = dbk_index_next(&books->names.index, &walk)) != 0) {
		const struct dbk_row_edge *row;

		if (id >= books->edges.count)
			continue;
		row = DBK_ROW(books, edges, edge, id);
		if (row->kind == kind && row->from == from && row->to == to)
			break;
	}
	return id;
}

static bool
edge_add(struct dbk_decision *d, const struct dbk_row_edge *init)
{
	struct dbk_books *books = d->books;
	struct dbk_row_edge *row;
	uint32_t holder, edge, *newest;

	if (!dbk_agent_holder(d, init->from, &holder) ||
	    !dbk_row_room(d, &books->edges))
		return false;
	edge = dbk_rows_append(&books->edges, 1);
	newest = &DBK_TOUCH(books, holders, holder, holder)->edges[init->kind - 1];
	row = DBK_TOUCH(books, edges, edge, edge);
	*row = *init;
	row->next = *newest;
	*newest = edge;
	dbk_index_add(&books->names.index,
		      edge_hash(books, init->kind, init->from, init->to), edge);
	return true;
}

bool
dbk_cycle_edge(struct dbk_decision *d, enum dbk_edge_kind kind, uint32_t from,
	       uint32_t to)
{
	struct dbk_row_edge init = {
		.from = from, .to = to, .kind = kind, .day = dbk_event_day(d)
	};
	uint32_t edge = edge_find(d->books, kind, from, to);

	if (edge == 0)
		return edge_add(d, &init);
	if (init.day > DBK_ROW(d->books, edges, edge, edge)->day)
		DBK_TOUCH(d->books, edges, edge, edge)->day = init.day;
	return true;
}

/* ---------------------------------------------------------------------------- ways */

#define SEEN_SLOTS 2048u /* a power of two, twice as many as can be entered */

/* A search: who was entered, in order, and the same as a set. */
struct search {
	const struct dbk_books *books;
	uint32_t queue[DBK_WAY_EDGES + 1];
	uint32_t seen[SEEN_SLOTS];
	uint32_t n;
	uint32_t left;	   /* edges that may still be looked at */
	uint32_t from_day; /* first day that counts */
};

/* Enter AGENT unless it is there already. */
static void
enter(struct search *s, uint32_t agent)
{
	uint32_t at = (agent * 2654435761u) % SEEN_SLOTS;

	for (; s->seen[at] != 0; at = (at + 1) % SEEN_SLOTS)
		if (s->seen[at] == agent)
			return;
	s->seen[at] = agent;
	s->queue[s->n++] = agent;
}

/* Enter everybody whom an edge of KIND leads to from AGENT; true if TO is one. */
static bool
look_from(struct search *s, enum dbk_edge_kind kind, uint32_t agent, uint32_t to)
{
	uint32_t holder = DBK_ROW(s->books, agents, agent, agent)->holder;
	uint32_t at = DBK_ROW(s->books, holders, holder, holder)->edges[kind - 1];

	for (; at != 0 && s->left > 0; s->left--) {
		const struct dbk_row_edge *row = DBK_ROW(s->books, edges, edge, at);

		at = row->next;
		if (row->day < s->from_day)
			continue;
		if (row->to == to)
			return true;
		enter(s, row->to);
	}
	return false;
}

/* The first day of the window of DAYS days that ends today. */
static uint32_t
window_from(const struct dbk_books *books, int64_t days)
{
	int64_t from = (int64_t)dbk_today(books) + 1 - days;

	return from > 0 ? (uint32_t)from : 0;
}

uint32_t
dbk_cycle_way(struct dbk_books *books, enum dbk_edge_kind kind, uint32_t from,
	      uint32_t to, uint32_t most)
{
	struct search s = { .books = books, .left = DBK_WAY_EDGES };
	uint32_t at = 0;

	s.from_day = window_from(books, dbk_guard_number(books, DBK_GUARD_CYCLE_DAYS));
	enter(&s, from);
	for (uint32_t length = 1; length <= most; length++) {
		/* Whoever is entered from here on is one step further away. */
		uint32_t level_end = s.n;

		for (; at < level_end; at++)
			if (look_from(&s, kind, s.queue[at], to))
				return length;
	}
	return 0;
}

bool
dbk_cycle_transfer(struct dbk_decision *d, uint32_t giver, uint32_t receiver)
{
	unsigned mode = dbk_guard_mode(d->books, DBK_GUARD_CYCLE);
	struct dbk_violation violation = { .guard = DBK_GUARD_CYCLE,
					   .rule = DBK_RULE_GOODS_CYCLE,
					   .field = dbk_field("to"),
					   .subject_kind = DBK_SUBJECT_AGENT,
					   .subject = giver };
	uint32_t way;

	if (giver == receiver)
		return true;
	if (mode != DBK_GUARD_OFF) {
		violation.limit = dbk_guard_number(d->books, DBK_GUARD_CYCLE_LENGTH);
		way = dbk_cycle_way(d->books, DBK_EDGE_GOODS, receiver, giver,
				    (uint32_t)violation.limit - 1);
		violation.measured = way + 1;
		if (way != 0 && !dbk_guard_fail(d, mode, &violation))
			return false;
	}
	return dbk_cycle_edge(d, DBK_EDGE_GOODS, giver, receiver);
}
