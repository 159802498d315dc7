/*
 * measures.c -- stock measures of an agent and a sku.
 *
 * They walk the positions of one holder and at most a year of their days: nobody asks
 * on the way of a sale.
 */

#include "base/money.h"
#include "books/goods_core.h"

#define PPM 1000000

/* The first of DAYS days that end with TODAY. */
static uint32_t
first_of(uint32_t today, uint32_t days)
{
	return today >= days ? today - days + 1 : 0;
}

static bool
is_of_sku(const struct dbk_books *books, const struct dbk_row_position *row,
	  uint32_t sku)
{
	return DBK_ROW(books, goods, good, row->good)->sku == sku;
}

void
dbk_measure(const struct dbk_books *books, uint32_t holder, uint32_t sku, uint32_t days,
	    struct dbk_measures *out)
{
	uint32_t today = dbk_today(books), from = first_of(today, days);
	uint32_t at = DBK_ROW(books, holders, holder, holder)->first_position;
	struct dbk_flow_sums sums = { 0, 0, 0, 0 };
	int64_t supply;

	memset(out, 0, sizeof *out);
	for (; at != 0; at = DBK_ROW(books, positions, position, at)->next) {
		const struct dbk_row_position *row =
		    DBK_ROW(books, positions, position, at);

		if (!is_of_sku(books, row, sku))
			continue;
		dbk_sum_add(&out->stock, row->on_hand);
		dbk_flow_sum(books, at, from, today, &sums);
	}
	out->received = sums.received;
	out->passed = sums.passed;
	out->sold = sums.sold > 0 ? sums.sold : 0;
	out->open = out->stock;
	dbk_sum_add(&out->open, sums.change == INT64_MIN ? INT64_MAX : -sums.change);
	supply = out->open;
	dbk_sum_add(&supply, out->received);
	out->sell_through_ppm =
	    supply > 0 ? dbk_money_ratio(out->sold, PPM, supply) : -1;
	if (out->sold == 0) {
		out->cover_days = out->stock > 0 ? INT64_MAX : 0;
		out->purchase_to_sales_ppm = out->received > 0 ? INT64_MAX : 0;
		return;
	}
	out->cover_days = dbk_money_ratio(out->stock, days, out->sold);
	out->purchase_to_sales_ppm = dbk_money_ratio(out->received, PPM, out->sold);
}

/* What of one place's goods is older than the days from FROM on. */
static void
add_place(const struct dbk_books *books, uint32_t position, uint32_t from,
	  uint32_t today, int64_t *on_hand, int64_t *received)
{
	struct dbk_flow_sums sums = { 0, 0, 0, 0 };

	if (position == 0)
		return;
	dbk_flow_sum(books, position, from, today, &sums);
	dbk_sum_add(on_hand, DBK_ROW(books, positions, position, position)->on_hand);
	dbk_sum_add(received, sums.received);
}

int64_t
dbk_measure_aged(const struct dbk_books *books, uint32_t holder, uint32_t sku,
		 uint32_t days)
{
	uint32_t today = dbk_today(books), from = first_of(today, days);
	uint32_t at = DBK_ROW(books, holders, holder, holder)->first_position;
	int64_t aged = 0;

	for (; at != 0; at = DBK_ROW(books, positions, position, at)->next) {
		const struct dbk_row_position *row =
		    DBK_ROW(books, positions, position, at);
		bool physical = row->place == DBK_PLACE_PHYSICAL;
		int64_t on_hand = 0, received = 0;
		uint32_t other;

		if (!is_of_sku(books, row, sku))
			continue;
		other =
		    dbk_position_known(books, holder, row->good,
				       physical ? DBK_PLACE_CLOUD : DBK_PLACE_PHYSICAL);
		/* The two places of one good are looked at together, once. */
		if (!physical && other != 0)
			continue;
		add_place(books, at, from, today, &on_hand, &received);
		add_place(books, other, from, today, &on_hand, &received);
		if (received < 0)
			received = 0;
		if (on_hand > received)
			dbk_sum_add(&aged, on_hand - received);
	}
	return aged;
}
