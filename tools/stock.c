/* stock.c -- where goods are, and how much of them reached consumers. */

#include <string.h>

#include "book_status.h"
#include "listing.h"
#include "stock_measures.h"
#include "verbs.h"

/* Below this share of goods that reached consumers the rest piles up with agents. */
#define SELL_THROUGH_ALARM_PPM 200000

/* Days of which the books keep what was received and sold. */
#define WINDOW_DAYS_MAX 366

struct options {
	struct cli_listing listing;
	const char *holder;
	const char *sku;
	const char *lot;
	uint64_t window;
	bool measures;
	bool by_agent;
	bool by_holder;
	bool largest;
	bool agents;
};

static const struct options defaults = { .listing.limit = CLI_LIMIT_DEFAULT };

static const struct cli_option options[] = {
	{ "holder", "NAME", "only the goods of this agent or location", CLI_TEXT,
	  offsetof(struct options, holder), 0, 0 },
	{ "sku", "SKU", "only this sku", CLI_TEXT, offsetof(struct options, sku), 0,
	  0 },
	{ "lot", "LOT", "only this lot", CLI_TEXT, offsetof(struct options, lot), 0,
	  0 },
	{ "measures", NULL,
	  "goods of agents: what sells, how long it lasts, how old it is", CLI_FLAG,
	  offsetof(struct options, measures), 0, 0 },
	{ "window", "DAYS",
	  "with --measures: days that end today (default as guards do)", CLI_COUNT,
	  offsetof(struct options, window), 1, WINDOW_DAYS_MAX },
	{ "by-agent", NULL, "with --measures: one line an agent, all skus", CLI_FLAG,
	  offsetof(struct options, by_agent), 0, 0 },
	{ "by-holder", NULL, "one line a holder: skus, lots and places summed",
	  CLI_FLAG, offsetof(struct options, by_holder), 0, 0 },
	{ "largest", NULL, "most on hand first; at most 1000", CLI_FLAG,
	  offsetof(struct options, largest), 0, 0 },
	{ "agents", NULL, "leave out the brand's own locations", CLI_FLAG,
	  offsetof(struct options, agents), 0, 0 },
	CLI_OPTION_LIMIT,
	CLI_OPTION_AS_OF,
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

enum { COLUMN_SKU = 2, COLUMN_LOT = 3, COLUMNS = 18 };

static const struct table_column all_columns[COLUMNS] = {
	{ "holder", TABLE_TEXT, false },
	{ "kind", TABLE_TEXT, false },
	{ "sku", TABLE_TEXT, false },
	{ "lot", TABLE_TEXT, false },
	{ "place", TABLE_TEXT, true },
	{ "on_hand", TABLE_NUMBER, false },
	{ "in_transit", TABLE_NUMBER, true },
	{ "received", TABLE_NUMBER, false },
	{ "sold", TABLE_NUMBER, false },
	{ "passed_down", TABLE_NUMBER, false },
	{ "self_used", TABLE_NUMBER, true },
	{ "sampled", TABLE_NUMBER, true },
	{ "lost", TABLE_NUMBER, true },
	{ "returned", TABLE_NUMBER, false },
	{ "taken_back", TABLE_NUMBER, true },
	{ "count_difference", TABLE_NUMBER, true },
	{ "sell_through", TABLE_NUMBER, false },
	{ "received_value", TABLE_NUMBER, false },
};

/* A line of --by-holder is of no single place. */
static const char *
place_name(const Daybook__V1__StockPosition *p)
{
	if (p->place == DAYBOOK__V1__PLACE__CLOUD)
		return "CLOUD";
	return p->place == DAYBOOK__V1__PLACE__PHYSICAL ? "PHYSICAL" : "";
}

static void
print_position(struct table *table, const ProtobufCMessage *reply,
	       const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__StockPosition *p = (const Daybook__V1__StockPosition *)row;
	const unsigned *exponent = context;

	(void)reply;
	table_text(table, p->holder);
	table_text(table, p->holder_kind);
	table_text(table, p->sku);
	table_text(table, p->lot);
	table_text(table, place_name(p));
	table_i64(table, p->on_hand);
	table_i64(table, p->in_transit);
	table_i64(table, p->received);
	table_i64(table, p->sold);
	table_i64(table, p->passed_down);
	table_i64(table, p->self_used);
	table_i64(table, p->sampled);
	table_i64(table, p->lost);
	table_i64(table, p->returned);
	table_i64(table, p->taken_back);
	table_i64(table, p->count_difference);
	table_ppm(table, p->sell_through_ppm, SELL_THROUGH_ALARM_PPM);
	table_money(table, p->received_value, *exponent);
}

static int
list(struct session *session, const struct options *o, const char *holder)
{
	Daybook__V1__ListStockRequest request = DAYBOOK__V1__LIST_STOCK_REQUEST__INIT;
	struct table_column columns[COLUMNS];
	struct listing_as_of as_of;
	unsigned exponent = 0;
	struct listing listing = {
		.method = "ListStock",
		.request = &request.base,
		.reply = &daybook__v1__list_stock_reply__descriptor,
		.rows = "positions",
		.one_page = o->largest,
		.columns = columns,
		.column_count = COLUMNS,
		.row = print_position,
		.context = &exponent,
	};
	int code = book_status_exponent(session, &exponent);

	if (code != EXIT_OK)
		return code;
	memcpy(columns, all_columns, sizeof columns);
	columns[COLUMN_SKU].wide = o->by_holder;
	columns[COLUMN_LOT].wide = o->by_holder;
	request.holder = (char *)holder;
	request.sku = (char *)o->sku;
	request.lot = (char *)o->lot;
	request.by_holder = o->by_holder;
	request.largest_first = o->largest;
	request.agents_only = o->agents;
	request.as_of = listing_as_of(&o->listing.as_of, &as_of);
	request.at_least_size = o->listing.at_least;
	return listing_run(session, &listing, &o->listing);
}

static int
list_measures(struct session *session, const struct options *o, const char *agent)
{
	Daybook__V1__ListGoodsRequest request = DAYBOOK__V1__LIST_GOODS_REQUEST__INIT;

	request.agent = (char *)agent;
	request.sku = (char *)o->sku;
	request.window_days = (uint32_t)o->window;
	request.by_agent = o->by_agent || o->by_holder;
	request.largest_first = o->largest;
	request.at_least_size = o->listing.at_least;
	return stock_measures_list(session, &request, &o->listing);
}

static int
check(const struct options *o, const struct cli_call *call)
{
	const char *wrong = NULL;

	if (call->operand_count > 0 && o->holder != NULL)
		wrong = "HOLDER and --holder exclude each other";
	else if (o->measures && o->lot != NULL)
		wrong = "--measures and --lot exclude each other";
	else if (o->measures && o->listing.as_of.kind != CLI_NOW)
		wrong = "--measures and --as-of exclude each other";
	else if (!o->measures && (o->window != 0 || o->by_agent))
		wrong = "--window and --by-agent need --measures";
	if (wrong == NULL)
		return EXIT_OK;
	diag_error("%s", wrong);
	return EXIT_USAGE;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	const char *holder = call->operand_count > 0 ? call->operands[0] : o->holder;
	struct session *session;
	int code = check(o, call);

	if (code == EXIT_OK)
		code = session_open(&o->listing.common, &session);
	if (code != EXIT_OK)
		return code;
	code =
	    o->measures ? list_measures(session, o, holder) : list(session, o, holder);
	session_close(session);
	return code;
}

const struct cli_verb verb_stock = {
	.name = "stock",
	.group = CLI_READ,
	.operands = "[HOLDER]",
	.summary = "goods by holder, sku and lot, with sell-through",
	.about =
	    "Lists who holds which goods and what became of what they received.\n"
	    "sell_through is the share of the goods received, less those returned, "
	    "that\n"
	    "consumers bought and kept; goods handed to another agent are passed_down "
	    "and\n"
	    "never count. Below 20 % it is red. In CSV it is in parts per million.\n\n"
	    "--measures lists the goods of agents by sku as the gates of a restock "
	    "see\n"
	    "them: units received and sold in a window of days that ends today, the "
	    "share\n"
	    "of what there was to sell that consumers bought (sell_through), the days "
	    "that\n"
	    "the rest lasts at that speed (cover_days), and how many units are up to "
	    "30,\n"
	    "60, 90, 180 days old or older, first in, first out.",
	.examples = "  daybook stock --by-holder --largest --agents --limit 10\n"
		    "  daybook stock A17 --wide\n"
		    "  daybook stock --measures A17 --window 30\n"
		    "  daybook stock --measures --by-agent --largest --limit 10\n"
		    "  daybook stock --sku 85123A --as-of 2011-06-30 --format csv",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_max = 1,
	.run = run,
};
