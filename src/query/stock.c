#include "query/stock.h"

#include <string.h>

#include <daybook/limits.h>

#include "query/cut.h"
#include "query/top.h"

#define LISTING_POSITIONS 's'
#define LISTING_HOLDERS 'h'
#define HOLDER_KINDS 3u

/* One question while it is answered. */
struct lister {
	const struct dbk_stock_query *query;
	struct dbk_reader reader;
	struct dbk_cut cut;
	uint32_t party; /* of the holder asked for; 0: all */
	uint32_t sku;	/* asked for; 0: all */
	uint32_t lot;	/* asked for; 0: all */
	bool nothing;	/* the holder, sku or lot asked for is unknown */
	struct dbk_arena *arena;
	struct dbk_stock_position *rows;
	uint32_t *ids; /* of the holder or position of each row */
	struct dbk_stock *out;
	struct dbk_error *error;
};

static bool
is_wanted_holder(const struct lister *l, uint32_t id)
{
	const struct dbk_roster_holder *holder =
	    dbk_roster_holder(l->reader.roster, id);

	return (l->party == 0 || holder->party == l->party) &&
	       (!l->query->agents_only || holder->kind == DBK_HOLDER_AGENT);
}

static bool
is_wanted_position(const struct lister *l, uint32_t id)
{
	const struct dbk_roster_position *position =
	    dbk_roster_position(l->reader.roster, id);

	return (l->sku == 0 || position->sku == l->sku) &&
	       (l->lot == 0 || position->lot == l->lot) &&
	       is_wanted_holder(l, position->holder);
}

/* The holder after ID, 0 for the first; of the party asked for, in order of kinds. */
static uint32_t
next_holder(const struct lister *l, uint32_t id)
{
	const struct dbk_roster *roster = l->reader.roster;
	uint32_t kind = id == 0 ? 0 : dbk_roster_holder(roster, id)->kind + 1;

	if (l->nothing)
		return 0;
	if (l->party == 0)
		return id < dbk_roster_count(roster, DBK_NAMED_HOLDER) ? id + 1 : 0;
	for (; kind < HOLDER_KINDS; kind++) {
		uint32_t holder = dbk_roster_party(roster, l->party)->holders[kind];

		if (holder != 0)
			return holder;
	}
	return 0;
}

/* The next position of the party asked for, of one holder after the other. */
static uint32_t
next_of_party(const struct lister *l, uint32_t id)
{
	const struct dbk_roster *roster = l->reader.roster;
	uint32_t holder = 0, next = 0;

	if (id != 0) {
		holder = dbk_roster_position(roster, id)->holder;
		next = dbk_roster_position(roster, id)->next_of_holder;
	}
	while (next == 0 && (holder = next_holder(l, holder)) != 0)
		next = dbk_roster_holder(roster, holder)->first_position;
	return next;
}

/* The position after ID, 0 for the first, along the shortest list; 0 at the end. */
static uint32_t
next_position(const struct lister *l, uint32_t id)
{
	const struct dbk_roster *roster = l->reader.roster;

	if (l->nothing)
		return 0;
	if (l->party != 0)
		return next_of_party(l, id);
	if (l->sku != 0)
		return id == 0 ? dbk_roster_sku(roster, l->sku)->first_position
			       : dbk_roster_position(roster, id)->next_of_sku;
	return id < dbk_roster_count(roster, DBK_NAMED_POSITION) ? id + 1 : 0;
}

static uint32_t
next_id(const struct lister *l, uint32_t id)
{
	return l->query->by_holder ? next_holder(l, id) : next_position(l, id);
}

/* Add the position's figures as of the cut to ROW. */
static enum dbk_err
add_position(struct lister *l, uint32_t id, struct dbk_stock_position *row)
{
	struct dbk_trace_figures figures;
	struct dbk_trace trace;
	enum dbk_err err;

	dbk_reader_step(&l->reader, 1);
	if (!is_wanted_position(l, id))
		return DBK_OK;
	dbk_trace_position(&trace, &l->reader, id);
	err = dbk_cut_figures(&l->cut, &trace, &figures);
	if (err != DBK_OK)
		return err;
	dbk_figures_add(&row->figures, &figures.stock);
	row->moves += figures.n;
	return DBK_OK;
}

static enum dbk_err
add_holder(struct lister *l, uint32_t id, struct dbk_stock_position *row)
{
	const struct dbk_roster *roster = l->reader.roster;
	uint32_t at = dbk_roster_holder(roster, id)->first_position;

	dbk_reader_step(&l->reader, 1);
	if (!is_wanted_holder(l, id))
		return DBK_OK;
	for (; at != 0; at = dbk_roster_position(roster, at)->next_of_holder) {
		enum dbk_err err = add_position(l, at, row);

		if (err != DBK_OK)
			return err;
	}
	return DBK_OK;
}

/* Figures of the position or holder ID; none if it is not wanted. */
static enum dbk_err
look_at(struct lister *l, uint32_t id, struct dbk_stock_position *row)
{
	memset(row, 0, sizeof *row);
	return l->query->by_holder ? add_holder(l, id, row) : add_position(l, id, row);
}

static enum dbk_err
list_page(struct lister *l, uint32_t id, uint32_t max)
{
	char listing = l->query->by_holder ? LISTING_HOLDERS : LISTING_POSITIONS;
	struct dbk_stock *out = l->out;

	for (id = next_id(l, id); id != 0; id = next_id(l, id)) {
		enum dbk_err err = look_at(l, id, &l->rows[out->n]);

		if (err != DBK_OK)
			return err;
		l->ids[out->n] = id;
		out->n += l->rows[out->n].moves > 0;
		if ((out->n == max || l->reader.steps >= DBK_PAGE_STEPS_MAX) &&
		    next_id(l, id) != 0) {
			dbk_page_stop(listing, l->cut.size, id, &out->next);
			break;
		}
	}
	out->rows = l->rows;
	return DBK_OK;
}

static enum dbk_err
rank(struct lister *l, struct dbk_top *top)
{
	uint32_t order = 0;

	for (uint32_t id = next_id(l, 0); id != 0; id = next_id(l, id), order++) {
		struct dbk_stock_position row;
		uint32_t slot;
		enum dbk_err err = look_at(l, id, &row);

		if (err != DBK_OK)
			return err;
		if (row.moves > 0 &&
		    dbk_top_offer(top, dbk_top_key(row.figures.on_hand), order,
				  &slot)) {
			l->rows[slot] = row;
			l->ids[slot] = id;
		}
		if (l->reader.steps > DBK_RANK_STEPS_MAX)
			return dbk_error_set(
			    l->error, DBK_FAILED_LIMIT,
			    "largest_first: too much history to rank as "
			    "of the past; name a holder or a sku");
	}
	return DBK_OK;
}

static enum dbk_err
list_largest(struct lister *l, uint32_t max)
{
	struct dbk_top top = { .max = max };
	uint32_t *ids = dbk_page_alloc(l->arena, max, sizeof *ids, l->error);
	enum dbk_err err;

	top.items = dbk_page_alloc(l->arena, max, sizeof *top.items, l->error);
	l->out->rows = dbk_page_alloc(l->arena, max, sizeof *l->out->rows, l->error);
	if (ids == NULL || top.items == NULL || l->out->rows == NULL)
		return DBK_FAILED_MEMORY;
	err = rank(l, &top);
	if (err != DBK_OK)
		return err;
	dbk_top_sort(&top);
	for (uint32_t i = 0; i < top.n; i++) {
		l->out->rows[i] = l->rows[top.items[i].slot];
		ids[i] = l->ids[top.items[i].slot];
	}
	l->out->n = top.n;
	l->ids = ids;
	return DBK_OK;
}

static enum dbk_err
name_row(struct lister *l, struct dbk_stock_position *row, uint32_t id)
{
	const struct dbk_roster *roster = l->reader.roster;
	uint32_t holder = id, sku = l->sku, lot = l->lot;
	enum dbk_err err;

	if (!l->query->by_holder) {
		const struct dbk_roster_position *position =
		    dbk_roster_position(roster, id);

		holder = position->holder;
		sku = position->sku;
		lot = position->lot;
		row->place = (uint8_t)position->place;
		row->position = id;
	}
	row->holder_kind = (uint8_t)dbk_roster_holder(roster, holder)->kind;
	row->sell_through_ppm = dbk_figures_sell_through_ppm(&row->figures);
	holder = dbk_roster_holder(roster, holder)->party;
	err = dbk_page_keep(l->arena, dbk_roster_party_name(roster, holder),
			    &row->holder, l->error);
	if (err == DBK_OK)
		err = dbk_page_keep(l->arena, dbk_roster_sku_name(roster, sku),
				    &row->sku, l->error);
	if (err == DBK_OK)
		err = dbk_page_keep(l->arena, dbk_roster_lot_name(roster, lot),
				    &row->lot, l->error);
	return err;
}

static void
find_names(struct lister *l)
{
	const struct dbk_stock_query *query = l->query;

	if (query->holder.size > 0)
		l->party = dbk_roster_find_party(l->reader.roster, query->holder);
	if (query->sku.size > 0)
		l->sku = dbk_roster_find_sku(l->reader.roster, query->sku);
	if (query->lot.size > 0)
		l->lot = dbk_roster_find_lot(l->reader.roster, query->lot);
	l->nothing = (query->holder.size > 0 && l->party == 0) ||
		     (query->sku.size > 0 && l->sku == 0) ||
		     (query->lot.size > 0 && l->lot == 0);
}

/* True if ID stands on the list that the question walks along. */
static bool
is_listed(const struct lister *l, uint32_t id)
{
	const struct dbk_roster *roster = l->reader.roster;
	uint32_t holder = id;

	if (!l->query->by_holder) {
		const struct dbk_roster_position *position =
		    dbk_roster_position(roster, id);

		if (l->sku != 0 && position->sku != l->sku)
			return false;
		holder = position->holder;
	}
	return l->party == 0 || dbk_roster_holder(roster, holder)->party == l->party;
}

static enum dbk_err
check_place(const struct lister *l, const struct dbk_page_start *start)
{
	enum dbk_named_kind kind =
	    l->query->by_holder ? DBK_NAMED_HOLDER : DBK_NAMED_POSITION;

	if (start->place == UINT64_MAX)
		return DBK_OK;
	if (start->place == 0 ||
	    start->place > dbk_roster_count(l->reader.roster, kind) ||
	    !is_listed(l, (uint32_t)start->place))
		return dbk_error_set(l->error, DBK_FAILED_INPUT,
				     "page_token: it belongs to another question");
	return DBK_OK;
}

static enum dbk_err
answer(struct lister *l, const struct dbk_page_start *start)
{
	const struct dbk_stock_query *query = l->query;
	uint32_t max = dbk_page_rows(&query->page);
	uint32_t after = start->place == UINT64_MAX ? 0 : (uint32_t)start->place;
	enum dbk_err err =
	    dbk_cut_make(&l->reader, &query->as_of, start->size, &l->cut);

	if (err != DBK_OK)
		return err;
	find_names(l);
	l->out->size = l->cut.size;
	err = check_place(l, start);
	if (err == DBK_OK)
		err = query->largest_first ? list_largest(l, max)
					   : list_page(l, after, max);
	for (uint32_t i = 0; err == DBK_OK && i < l->out->n; i++)
		err = name_row(l, &l->out->rows[i], l->ids[i]);
	return err;
}

enum dbk_err
dbk_stock_list(struct dbk_view *view, const struct dbk_stock_query *query,
	       struct dbk_arena *arena, struct dbk_stock *out, struct dbk_error *error)
{
	uint32_t max = dbk_page_rows(&query->page);
	char listing = query->by_holder ? LISTING_HOLDERS : LISTING_POSITIONS;
	struct dbk_stock result = { .n = 0 };
	struct lister l = {
		.query = query, .arena = arena, .out = &result, .error = error
	};
	struct dbk_page_start start;
	enum dbk_err err = dbk_page_start(&query->page, listing, &start, error);

	if (err != DBK_OK)
		return err;
	if (query->largest_first && query->page.token.size > 0)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "page_token: a ranking has one page");
	l.rows = dbk_page_alloc(arena, max, sizeof *l.rows, error);
	l.ids = dbk_page_alloc(arena, max, sizeof *l.ids, error);
	if (l.rows == NULL || l.ids == NULL)
		return DBK_FAILED_MEMORY;
	dbk_reader_begin(&l.reader, view, error);
	err = answer(&l, &start);
	dbk_reader_end(&l.reader);
	if (err == DBK_OK)
		*out = result;
	return err;
}
