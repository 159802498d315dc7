#include "service/goods_row.h"

#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "service/network.h"

#define PPM 1000000

static void
add(int64_t *sum, int64_t more)
{
	*sum = dbk_money_sum(*sum, more);
}

static int64_t
at_least_0(int64_t number)
{
	return number > 0 ? number : 0;
}

/* ------------------------------------------------------------------------ adding up */

static int
compare(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int
by_good(const void *a, const void *b)
{
	const struct dbk_look_stock *x = &((const struct dbk_stock_item *)a)->stock;
	const struct dbk_look_stock *y = &((const struct dbk_stock_item *)b)->stock;

	return x->sku != y->sku ? compare(x->sku, y->sku) : compare(x->good, y->good);
}

void
dbk_goods_row_sort(struct dbk_stock_item *items, uint32_t n)
{
	qsort(items, n, sizeof *items, by_good);
}

/*
 * The ages of one good, ON_HAND at all places: goods leave first in, first out, so what
 * came lately is what is there.  What went back to the brand may make a longer time
 * receive less than a shorter one; nothing gets younger by that.
 */
static void
add_ages(struct dbk_goods_row *row, int64_t on_hand, const int64_t *received_lately)
{
	int64_t older = on_hand;

	for (unsigned i = 0; i < DBK_LOOK_AGES; i++) {
		int64_t left = at_least_0(on_hand - at_least_0(received_lately[i]));

		if (left > older)
			left = older;
		add(&row->aged[i], older - left);
		older = left;
	}
	add(&row->aged[DBK_LOOK_AGES], older);
}

static void
add_item(struct dbk_goods_row *row, const struct dbk_stock_item *item)
{
	const struct dbk_look_stock *stock = &item->stock;

	if (stock->tier != 0 && (row->tier == 0 || stock->tier < row->tier))
		row->tier = stock->tier;
	add(&row->stock, stock->on_hand);
	add(&row->in_transit, stock->in_transit);
	add(&row->incoming, item->incoming);
	add(&row->received, stock->received);
	add(&row->open, stock->change);
	add(&row->sold, stock->sold);
	add(&row->passed, stock->passed);
}

/* The items of one good from AT on; gives where they end. */
static uint32_t
add_good(struct dbk_goods_row *row, const struct dbk_stock_item *items, uint32_t n,
	 uint32_t at)
{
	uint32_t good = items[at].stock.good, sku = items[at].stock.sku;
	int64_t received_lately[DBK_LOOK_AGES] = { 0 }, on_hand = 0;

	for (; at < n && items[at].stock.good == good && items[at].stock.sku == sku;
	     at++) {
		add_item(row, &items[at]);
		add(&on_hand, items[at].stock.on_hand);
		for (unsigned i = 0; i < DBK_LOOK_AGES; i++)
			add(&received_lately[i], items[at].stock.received_lately[i]);
	}
	add_ages(row, on_hand, received_lately);
	return at;
}

bool
dbk_goods_row_next(const struct dbk_stock_item *items, uint32_t n, uint32_t *at,
		   struct dbk_goods_row *out)
{
	struct dbk_goods_row row = { .agent = items[*at].agent,
				     .sku = items[*at].stock.sku };
	int64_t list_price = 0;
	bool is_held = false;

	while (*at < n && items[*at].stock.sku == row.sku) {
		is_held = is_held || items[*at].stock.good != 0;
		list_price = items[*at].list_price;
		*at = add_good(&row, items, n, *at);
	}
	if (!is_held)
		return false;
	row.sold = at_least_0(row.sold);
	row.open = dbk_money_bound((dbk_wide)row.stock - row.open);
	row.value = dbk_money_bound((dbk_wide)row.stock * list_price);
	*out = row;
	return true;
}

void
dbk_goods_row_add(struct dbk_goods_row *out, const struct dbk_goods_row *row)
{
	add(&out->stock, row->stock);
	add(&out->in_transit, row->in_transit);
	add(&out->incoming, row->incoming);
	add(&out->open, row->open);
	add(&out->received, row->received);
	add(&out->sold, row->sold);
	add(&out->passed, row->passed);
	add(&out->value, row->value);
	for (unsigned i = 0; i < DBK_GOODS_AGES; i++)
		add(&out->aged[i], row->aged[i]);
}

/* --------------------------------------------------------------------------- ratios */

int64_t
dbk_goods_row_sell_through_ppm(const struct dbk_goods_row *row)
{
	return dbk_network_ratio(row->sold, PPM,
				 dbk_money_sum(row->open, row->received));
}

int64_t
dbk_goods_row_cover_days(const struct dbk_goods_row *row, uint32_t days)
{
	return dbk_network_ratio(row->stock, days, row->sold);
}

int64_t
dbk_goods_row_purchase_to_sales_ppm(const struct dbk_goods_row *row)
{
	return dbk_network_ratio(row->received, PPM, row->sold);
}
