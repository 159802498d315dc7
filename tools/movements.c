/* movements.c -- what went in and out of a holder's stock. */

#include <string.h>

#include "listing.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	const char *sku;
	const char *lot;
	const char *place;
	struct cli_time from;
	struct cli_time to;
};

static const struct options defaults = { .listing.limit = CLI_LIMIT_DEFAULT };

static const struct cli_option options[] = {
	{ "sku", "SKU", "only this sku", CLI_TEXT, offsetof(struct options, sku), 0,
	  0 },
	{ "lot", "LOT", "only this lot", CLI_TEXT, offsetof(struct options, lot), 0,
	  0 },
	{ "place", "PLACE", "only physical or cloud stock", CLI_TEXT,
	  offsetof(struct options, place), 0, 0 },
	{ "from", "TIME", "only what happened at TIME or later", CLI_INSTANT,
	  offsetof(struct options, from), 0, 0 },
	{ "to", "TIME", "only what happened before TIME", CLI_INSTANT,
	  offsetof(struct options, to), 0, 0 },
	CLI_OPTION_LIMIT,
	CLI_OPTION_AS_OF,
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

static const struct table_column columns[] = {
	{ "position", TABLE_NUMBER, false }, { "effective_at", TABLE_TEXT, false },
	{ "type", TABLE_TEXT, false },	     { "order", TABLE_TEXT, false },
	{ "sku", TABLE_TEXT, false },	     { "lot", TABLE_TEXT, false },
	{ "place", TABLE_TEXT, true },	     { "reason", TABLE_TEXT, false },
	{ "qty", TABLE_NUMBER, false },	     { "balance", TABLE_NUMBER, false },
	{ "late", TABLE_TEXT, false },
};

static void
print_line(struct table *table, const ProtobufCMessage *reply,
	   const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__MovementLine *line = (const Daybook__V1__MovementLine *)row;

	(void)reply;
	(void)context;
	table_u64(table, line->position);
	table_time(table, line->effective_at);
	table_text(table, line->type_name);
	table_text(table, line->order);
	table_text(table, line->sku);
	table_text(table, line->lot);
	table_text(table,
		   line->place == DAYBOOK__V1__PLACE__CLOUD ? "CLOUD" : "PHYSICAL");
	table_text(table, line->reason);
	table_i64(table, line->qty);
	table_i64(table, line->balance);
	table_flag(table, line->late, "late");
}

static bool
place_of(const char *text, Daybook__V1__Place *out)
{
	*out = DAYBOOK__V1__PLACE__PLACE_UNSPECIFIED;
	if (text == NULL)
		return true;
	if (strcasecmp(text, "physical") == 0)
		*out = DAYBOOK__V1__PLACE__PHYSICAL;
	else if (strcasecmp(text, "cloud") == 0)
		*out = DAYBOOK__V1__PLACE__CLOUD;
	return *out != DAYBOOK__V1__PLACE__PLACE_UNSPECIFIED;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__ListMovementsRequest request =
	    DAYBOOK__V1__LIST_MOVEMENTS_REQUEST__INIT;
	Google__Protobuf__Timestamp from, to;
	struct listing_as_of as_of;
	struct listing listing = {
		.method = "ListMovements",
		.request = &request.base,
		.reply = &daybook__v1__list_movements_reply__descriptor,
		.rows = "lines",
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_line,
	};

	if (!place_of(o->place, &request.place)) {
		diag_error("--place: \"%.60s\" is not physical or cloud", o->place);
		return EXIT_USAGE;
	}
	request.holder = call->operands[0];
	request.sku = (char *)o->sku;
	request.lot = (char *)o->lot;
	request.as_of = listing_as_of(&o->listing.as_of, &as_of);
	request.from = listing_time(&o->from, &from);
	request.to = listing_time(&o->to, &to);
	request.at_least_size = o->listing.at_least;
	return listing_run_alone(&listing, &o->listing);
}

const struct cli_verb verb_movements = {
	.name = "movements",
	.group = CLI_READ,
	.operands = "HOLDER",
	.summary = "what went in and out of a holder's stock",
	.about =
	    "Lists the movements of goods of an agent or a location, newest first: "
	    "into the\nstock positive, out of it negative, with what was on hand "
	    "after each and why.",
	.examples =
	    "  daybook movements A17\n"
	    "  daybook movements A17 --sku 85123A --from 2011-06-01 --to 2011-07-01\n"
	    "  daybook movements WAREHOUSE-1 --limit 0 --format csv >movements.csv",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
