/* waterfall.c -- what a unit costs on its way from tier to tier, and how far it gets.
 */

#include <stdio.h>

#include <daybook/limits.h>

#include "base/money.h"
#include "listing.h"
#include "verbs.h"

static const struct cli_listing defaults = { .limit = 0 };

static const struct cli_option options[] = { CLI_OPTION_AT_LEAST, CLI_OPTION_FORMAT,
					     CLI_OPTION_WIDE, CLI_OPTION_END };

static const struct table_column columns[] = {
	{ "tier", TABLE_NUMBER, false },
	{ "holders", TABLE_NUMBER, false },
	{ "stock", TABLE_NUMBER, false },
	{ "bought_units", TABLE_NUMBER, false },
	{ "bought_value", TABLE_NUMBER, true },
	{ "passed_units", TABLE_NUMBER, false },
	{ "passed_value", TABLE_NUMBER, true },
	{ "sold_units", TABLE_NUMBER, false },
	{ "sold_value", TABLE_NUMBER, true },
	{ "bought_at", TABLE_NUMBER, false },
	{ "passed_at", TABLE_NUMBER, false },
	{ "sold_at", TABLE_NUMBER, false },
	{ "days_to_reach", TABLE_NUMBER, true },
};

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	unsigned exponent = ((const Daybook__V1__ListTiersReply *)reply)->exponent;
	const Daybook__V1__TierRow *tier = (const Daybook__V1__TierRow *)row;

	(void)context;
	table_u64(table, tier->tier);
	table_i64(table, tier->holders);
	table_i64(table, tier->stock);
	table_i64(table, tier->bought_units);
	table_money(table, tier->bought_value, exponent);
	table_i64(table, tier->passed_units);
	table_money(table, tier->passed_value, exponent);
	table_i64(table, tier->sold_units);
	table_money(table, tier->sold_value, exponent);
	table_price(table, tier->bought_at, exponent);
	table_price(table, tier->passed_at, exponent);
	table_price(table, tier->sold_at, exponent);
	table_count(table, tier->days_to_reach);
}

/* The two ends of the waterfall, where they are known. */
static void
print_head(const ProtobufCMessage *reply, const void *context)
{
	const Daybook__V1__ListTiersReply *list =
	    (const Daybook__V1__ListTiersReply *)reply;
	unsigned exponent =
	    list->exponent > DBK_EXPONENT_MAX ? DBK_EXPONENT_MAX : list->exponent;
	char factory[DBK_MONEY_TEXT_BYTES], price[DBK_MONEY_TEXT_BYTES];
	const char *sku = context;

	if (sku == NULL) {
		(void)printf("all skus (%s)\n\n", list->currency);
		return;
	}
	(void)dbk_money_format(list->factory_price, exponent, factory);
	(void)dbk_money_format(list->list_price, exponent, price);
	(void)printf("sku %s: factory price %s, list price %s (%s)\n\n", sku,
		     list->factory_price == 0 ? "unknown" : factory,
		     list->list_price == 0 ? "unknown" : price, list->currency);
}

static int
run(struct cli_call *call)
{
	const struct cli_listing *o = call->options;
	char *sku = call->operand_count > 0 ? call->operands[0] : NULL;
	Daybook__V1__ListTiersRequest request = DAYBOOK__V1__LIST_TIERS_REQUEST__INIT;
	struct listing listing = {
		.method = "ListTiers",
		.request = &request.base,
		.reply = &daybook__v1__list_tiers_reply__descriptor,
		.rows = "tiers",
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_row,
		.head = print_head,
		.context = sku,
	};

	if (sku != NULL)
		request.sku = sku;
	request.at_least_size = o->at_least;
	return listing_run_alone(&listing, o);
}

const struct cli_verb verb_report_waterfall = {
	.name = "report waterfall",
	.group = CLI_READ,
	.operands = "[SKU]",
	.summary = "prices from tier to tier, and how far goods get",
	.about =
	    "Shows tier by tier (1 has goods from the brand, 2 from tier 1 and so on) "
	    "how\n"
	    "many agents hold goods, what they bought, passed on and sold to verified\n"
	    "consumers, and the average price of a unit at each step. --wide adds "
	    "values\n"
	    "and days_to_reach, the median of days from the first receipt by anybody "
	    "to\n"
	    "that of a holder there. Without a SKU all are one.",
	.examples = "  daybook report waterfall 85123A\n"
		    "  daybook report waterfall --wide --format csv",
	.options = options,
	.options_bytes = sizeof(struct cli_listing),
	.defaults = &defaults,
	.operands_max = 1,
	.run = run,
};
