#include "stock_measures.h"

#include <string.h>

/* Below this share of goods that reached consumers the rest piles up with agents. */
#define SELL_THROUGH_ALARM_PPM 200000

/* The last of the ages in Goods.aged stands for all that is older. */
enum { AGES = 5 };

enum { COLUMN_SKU = 1, COLUMNS = 20 };

static const struct table_column all_columns[COLUMNS] = {
	{ "agent", TABLE_TEXT, false },
	{ "sku", TABLE_TEXT, false },
	{ "stock", TABLE_NUMBER, false },
	{ "in_transit", TABLE_NUMBER, true },
	{ "incoming", TABLE_NUMBER, true },
	{ "open", TABLE_NUMBER, true },
	{ "received", TABLE_NUMBER, false },
	{ "sold", TABLE_NUMBER, false },
	{ "passed", TABLE_NUMBER, true },
	{ "sell_through", TABLE_NUMBER, false },
	{ "cover_days", TABLE_NUMBER, false },
	{ "purchase_to_sales", TABLE_NUMBER, true },
	{ "to_30", TABLE_NUMBER, false },
	{ "to_60", TABLE_NUMBER, false },
	{ "to_90", TABLE_NUMBER, false },
	{ "to_180", TABLE_NUMBER, false },
	{ "older", TABLE_NUMBER, false },
	{ "tier", TABLE_NUMBER, true },
	{ "value", TABLE_NUMBER, true },
	{ "red_findings", TABLE_NUMBER, true },
};

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	unsigned exponent = ((const Daybook__V1__ListGoodsReply *)reply)->exponent;
	const Daybook__V1__Goods *goods = (const Daybook__V1__Goods *)row;

	(void)context;
	table_text(table, goods->agent);
	table_text(table, goods->sku);
	table_i64(table, goods->stock);
	table_i64(table, goods->in_transit);
	table_i64(table, goods->incoming);
	table_i64(table, goods->open);
	table_i64(table, goods->received);
	table_i64(table, goods->sold);
	table_i64(table, goods->passed);
	table_ppm(table, goods->sell_through_ppm, SELL_THROUGH_ALARM_PPM);
	table_count(table, goods->cover_days);
	table_ppm(table, goods->purchase_to_sales_ppm, 0);
	for (size_t i = 0; i < AGES; i++) {
		if (i < goods->n_aged)
			table_i64(table, goods->aged[i]);
		else
			table_text(table, NULL);
	}
	table_u64(table, goods->tier);
	table_money(table, goods->value, exponent);
	table_u64(table, goods->red_findings);
}

static void
print_head(const ProtobufCMessage *reply, const void *context)
{
	const Daybook__V1__ListGoodsReply *list =
	    (const Daybook__V1__ListGoodsReply *)reply;

	(void)context;
	(void)printf("received, sold, sell-through and cover of the last %u days; ages "
		     "in days\n\n",
		     list->window_days);
}

int
stock_measures_list(struct session *session, Daybook__V1__ListGoodsRequest *request,
		    const struct cli_listing *options)
{
	struct table_column columns[COLUMNS];
	struct listing listing = {
		.method = "ListGoods",
		.request = &request->base,
		.reply = &daybook__v1__list_goods_reply__descriptor,
		.rows = "goods",
		.one_page = request->largest_first,
		.columns = columns,
		.column_count = COLUMNS,
		.row = print_row,
		.head = print_head,
	};

	memcpy(columns, all_columns, sizeof columns);
	columns[COLUMN_SKU].wide = request->by_agent;
	return listing_run(session, &listing, options);
}
