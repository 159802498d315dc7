#include "books/look_goods.h"

#include "books/goods_core.h"

const uint32_t dbk_look_ages[DBK_LOOK_AGES] = { 30, 60, 90, 180 };

struct dbk_row_holder
dbk_look_holder(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, holders, holder, id);
}

struct dbk_row_position
dbk_look_position(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, positions, position, id);
}

struct dbk_row_sku
dbk_look_sku(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, skus, sku, id);
}

struct dbk_row_lot
dbk_look_lot(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, lots, lot, id);
}

struct dbk_row_request
dbk_look_request(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, requests, request, id);
}

struct dbk_row_buyback
dbk_look_buyback(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, buybacks, buyback, id);
}

struct dbk_row_shipment
dbk_look_shipment(const struct dbk_books *books, uint32_t id)
{
	return *DBK_ROW(books, shipments, shipment, id);
}

uint32_t
dbk_look_good_of(const struct dbk_books *books, uint32_t sku, uint32_t lot)
{
	struct dbk_index_walk walk =
	    dbk_index_seek(&books->names.index, dbk_good_hash(books, sku, lot));
	uint32_t id;

	while ((id = dbk_index_next(&books->names.index, &walk)) != 0) {
		const struct dbk_row_good *row;

		if (id >= books->goods.count)
			continue;
		row = DBK_ROW(books, goods, good, id);
		if (row->sku == sku && row->lot == lot)
			return id;
	}
	return 0;
}

uint32_t
dbk_look_today(const struct dbk_books *books)
{
	return dbk_today(books);
}

/* guards.c keeps what it has found in the books, which who only looks may not. */
int64_t
dbk_look_guard_number(const struct dbk_books *books, enum dbk_guard_number number)
{
	int64_t clock = dbk_clock(books), from = INT64_MIN;
	const struct dbk_guard_scalars *found = &books->no_guards;

	for (uint32_t id = 1; id < books->guard_sets.count; id++) {
		const struct dbk_row_guard_set *row =
		    DBK_ROW(books, guard_sets, guard_set, id);

		if (row->valid_from > clock || row->valid_from < from)
			continue;
		from = row->valid_from;
		found = &row->scalars;
	}
	return found->numbers[number];
}

/* ------------------------------------------------------------------- what agents hold
 */

/* From the day AT to the one behind it; behind the newest, by which a ring is named,
 * stands the oldest. */
static const struct dbk_row_flow *
next_day(const struct dbk_books *books, uint32_t *at)
{
	*at = DBK_ROW(books, flows, flow, *at)->next;
	return DBK_ROW(books, flows, flow, *at);
}

/* Is DAY among the DAYS last ones up to TODAY? */
static bool
is_within(uint32_t day, uint32_t today, uint32_t days)
{
	return day <= today && today - day < days;
}

static uint32_t
add_in(const struct dbk_books *books, uint32_t ring, uint32_t days,
       struct dbk_look_stock *out)
{
	uint32_t at = ring, today = dbk_today(books), n = 0;

	while (ring != 0) {
		const struct dbk_row_flow *row = next_day(books, &at);

		n++;
		for (unsigned i = 0; i < DBK_LOOK_AGES; i++)
			if (is_within(row->day, today, dbk_look_ages[i]))
				dbk_sum_add(&out->received_lately[i], row->more);
		if (is_within(row->day, today, days)) {
			dbk_sum_add(&out->received, row->more);
			dbk_sum_add(&out->change, row->less);
		}
		if (at == ring)
			break;
	}
	return n;
}

static uint32_t
add_out(const struct dbk_books *books, uint32_t ring, uint32_t days,
	struct dbk_look_stock *out)
{
	uint32_t at = ring, today = dbk_today(books), n = 0;

	while (ring != 0) {
		const struct dbk_row_flow *row = next_day(books, &at);

		n++;
		if (is_within(row->day, today, days)) {
			dbk_sum_add(&out->sold, row->more);
			dbk_sum_add(&out->passed, row->less);
		}
		if (at == ring)
			break;
	}
	return n;
}

uint32_t
dbk_look_stock(const struct dbk_books *books, uint32_t position, uint32_t days,
	       struct dbk_look_stock *out)
{
	const struct dbk_row_position *row =
	    DBK_ROW(books, positions, position, position);

	*out = (struct dbk_look_stock){
		.sku = DBK_ROW(books, goods, good, row->good)->sku,
		.good = row->good,
		.tier = row->tier,
		.on_hand = row->on_hand,
		.in_transit = row->in_transit,
	};
	return 1 + add_in(books, row->in, days, out) +
	       add_out(books, row->out, days, out);
}

uint32_t
dbk_look_red(const struct dbk_books *books, uint32_t agent)
{
	uint32_t watch = dbk_watch_find(books, agent);

	return watch == 0 ? 0 : DBK_ROW(books, watches, watch, watch)->red;
}
