/*
 * flows.c -- what moved of agents' positions, day by day.
 *
 * Of each position the days of one year are kept, in two rings: what came and changed,
 * and what left for a consumer or another agent.  Nearly every movement is of the
 * newest day, which the position knows; a day that is told late is put in its place.
 */

#include "books/goods_core.h"

uint32_t
dbk_today(const struct dbk_books *books)
{
	return dbk_local_day(books, dbk_clock(books));
}

/* ------------------------------------------------------------------------- a ring */

static const struct dbk_row_flow *
flow_row(const struct dbk_books *books, uint32_t id)
{
	return DBK_ROW(books, flows, flow, id);
}

/* A row with nothing in it, of no ring. */
static bool
flow_new(struct dbk_decision *d, uint32_t *out)
{
	struct dbk_books *books = d->books;

	*out = DBK_ROW(books, book, book, 1)->free_flow;
	if (*out != 0) {
		struct dbk_row_flow *row = DBK_TOUCH(books, flows, flow, *out);

		DBK_TOUCH(books, book, book, 1)->free_flow = row->next;
		return true;
	}
	if (!dbk_rows_has_room(&books->flows, 1))
		return dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED, dbk_field("id"),
					   books->flows.count, books->flows.max);
	*out = dbk_rows_append(&books->flows, 1);
	return true;
}

static void
flow_free(struct dbk_books *books, uint32_t id)
{
	struct dbk_row_book *book = DBK_TOUCH(books, book, book, 1);

	*DBK_TOUCH(books, flows, flow, id) =
	    (struct dbk_row_flow){ .next = book->free_flow };
	book->free_flow = id;
}

/* RING, which a position has, loses its days that no window reaches any more. */
static void
drop_old(struct dbk_books *books, uint32_t *ring, uint32_t today)
{
	while (*ring != 0) {
		uint32_t oldest = flow_row(books, *ring)->next;
		uint32_t next = flow_row(books, oldest)->next;

		if (flow_row(books, oldest)->day + DBK_FLOW_DAYS > today)
			return;
		if (oldest == *ring)
			*ring = 0;
		else
			DBK_TOUCH(books, flows, flow, *ring)->next = next;
		flow_free(books, oldest);
	}
}

/* The row behind which one of DAY belongs, or that of DAY itself; DAY is not above that
 * of the newest, RING. */
static uint32_t
place_of(const struct dbk_books *books, uint32_t ring, uint32_t day)
{
	uint32_t before = ring, at = flow_row(books, ring)->next;

	while (flow_row(books, at)->day <= day && at != ring) {
		before = at;
		at = flow_row(books, at)->next;
	}
	return flow_row(books, at)->day == day ? at : before;
}

/* The row of DAY, made if need be; 0: no window reaches it. */
static bool
flow_need(struct dbk_decision *d, uint32_t *ring, uint32_t day, uint32_t *out)
{
	struct dbk_books *books = d->books;
	uint32_t today = dbk_today(books), behind = 0;
	bool is_newest = *ring == 0 || day > flow_row(books, *ring)->day;
	struct dbk_row_flow *row;

	*out = 0;
	if (day + DBK_FLOW_DAYS <= today)
		return true;
	if (is_newest) {
		drop_old(books, ring, today);
		behind = *ring;
	} else {
		behind = place_of(books, *ring, day);
		if (flow_row(books, behind)->day == day) {
			*out = behind;
			return true;
		}
	}
	if (!flow_new(d, out))
		return false;
	row = DBK_TOUCH(books, flows, flow, *out);
	*row = (struct dbk_row_flow){ .next = *out, .day = day };
	if (behind != 0) {
		row->next = flow_row(books, behind)->next;
		DBK_TOUCH(books, flows, flow, behind)->next = *out;
	}
	if (is_newest)
		*ring = *out;
	return true;
}

/* Add to RING, of a position that is kept already, what happened on the event's day. */
static inline bool
flow_add(struct dbk_decision *d, uint32_t *ring, int64_t more, int64_t less)
{
	uint32_t day = dbk_event_day(d), id = *ring;
	struct dbk_row_flow *row;

	if (id == 0 || flow_row(d->books, id)->day != day) {
		if (!flow_need(d, ring, day, &id))
			return false;
		if (id == 0)
			return true;
	}
	row = DBK_TOUCH(d->books, flows, flow, id);
	dbk_sum_add(&row->more, more);
	dbk_sum_add(&row->less, less);
	return true;
}

static void
sum_ring(const struct dbk_books *books, uint32_t ring, uint32_t from, uint32_t until,
	 int64_t *more, int64_t *less)
{
	uint32_t at = ring;

	if (ring == 0)
		return;
	do {
		const struct dbk_row_flow *row =
		    flow_row(books, at = flow_row(books, at)->next);

		if (row->day >= from && row->day <= until) {
			dbk_sum_add(more, row->more);
			dbk_sum_add(less, row->less);
		}
	} while (at != ring);
}

void
dbk_flow_sum(const struct dbk_books *books, uint32_t position, uint32_t from,
	     uint32_t until, struct dbk_flow_sums *sums)
{
	const struct dbk_row_position *row =
	    DBK_ROW(books, positions, position, position);

	sum_ring(books, row->in, from, until, &sums->received, &sums->change);
	sum_ring(books, row->out, from, until, &sums->sold, &sums->passed);
}

/* ---------------------------------------------------------------------- movements */

/* Add AMOUNT to SUM; what guards go by is never wrong: it is refused instead. */
static bool
add_exactly(struct dbk_decision *d, struct dbk_field field, int64_t *sum,
	    int64_t amount)
{
	int64_t out;

	if (__builtin_add_overflow(*sum, amount, &out))
		return dbk_refuse_measured(d, DBK_RULE_AMOUNT_OVERFLOW, field, amount,
					   INT64_MAX);
	*sum = out;
	return true;
}

/* Units of a sku that agents were promised, or that locations have for them. */
static bool
add_coverage(struct dbk_decision *d, struct dbk_field field,
	     const struct dbk_row_position *position, bool cloud, int64_t amount)
{
	uint32_t sku = DBK_ROW(d->books, goods, good, position->good)->sku;
	struct dbk_row_sku *row = DBK_TOUCH(d->books, skus, sku, sku);

	return add_exactly(d, field, cloud ? &row->cloud : &row->brand, amount);
}

/* What the whole network has given back or passed on of the position's sku. */
static bool
count_sku(struct dbk_decision *d, const struct dbk_row_position *position,
	  int64_t returned, int64_t passed)
{
	uint32_t sku = DBK_ROW(d->books, goods, good, position->good)->sku, id;
	struct dbk_row_sku_day *row;

	if (!dbk_sku_day_need(d, sku, dbk_event_day(d), &id))
		return false;
	row = DBK_TOUCH(d->books, sku_days, sku_day, id);
	dbk_sum_add(&row->returned, returned);
	dbk_sum_add(&row->passed, passed);
	return true;
}

static bool
move_of_agent(struct dbk_decision *d, enum dbk_movement kind,
	      struct dbk_row_position *position, int64_t amount, int64_t units)
{
	int64_t received = kind == DBK_MOVE_RECEIVED   ? units
			   : kind == DBK_MOVE_RETURNED ? -units
						       : 0;

	if (!flow_add(d, &position->in, received, amount))
		return false;
	if (kind == DBK_MOVE_RECEIVED)
		return dbk_cohort_count(d, position->holder, units, 0);
	/* What a location takes by a transfer had not been issued either. */
	if (kind == DBK_MOVE_RETURNED)
		return d->event->type == DBK_EVENT_STOCK_TRANSFERRED ||
		       count_sku(d, position, units, 0);
	return kind != DBK_MOVE_PASSED_DOWN || (flow_add(d, &position->out, 0, units) &&
						count_sku(d, position, 0, units));
}

bool
dbk_flow_move(struct dbk_decision *d, struct dbk_field field, enum dbk_movement kind,
	      struct dbk_row_position *row, int64_t amount, int64_t units)
{
	struct dbk_row_holder *holder =
	    DBK_TOUCH(d->books, holders, holder, row->holder);

	if (!add_exactly(d, field, &holder->units, amount))
		return false;
	if (holder->kind == DBK_HOLDER_LOCATION)
		return row->place != DBK_PLACE_PHYSICAL ||
		       add_coverage(d, field, row, false, amount);
	return (row->place != DBK_PLACE_CLOUD ||
		add_coverage(d, field, row, true, amount)) &&
	       move_of_agent(d, kind, row, amount, units);
}

bool
dbk_flow_sold(struct dbk_decision *d, uint32_t position, int64_t units)
{
	struct dbk_row_position *row;

	if (position == 0 || units == 0)
		return true;
	row = DBK_TOUCH(d->books, positions, position, position);
	return flow_add(d, &row->out, units, 0) &&
	       dbk_cohort_count(d, row->holder, 0, units);
}
