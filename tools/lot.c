/* lot.c -- a lot: who holds what of it, and through whose hands it went. */

#include <string.h>

#include "facts.h"
#include "listing.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	bool holders;
};

static const struct options defaults = { .listing.limit = CLI_LIMIT_DEFAULT };

static const struct cli_option options[] = {
	{ "holders", NULL, "only who holds or held units of it", CLI_FLAG,
	  offsetof(struct options, holders), 0, 0 },
	CLI_OPTION_LIMIT,
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

/* --------------------------------------------------------------- the lot, its holders
 */

static const char *
place_name(Daybook__V1__Place place)
{
	return place == DAYBOOK__V1__PLACE__CLOUD ? "CLOUD" : "PHYSICAL";
}

static void
print_facts(const Daybook__V1__Lot *lot, struct table_style style)
{
	struct facts facts;

	facts_init(&facts);
	facts_text(&facts, "lot", lot->lot);
	facts_text(&facts, "sku", lot->sku);
	if (lot->qty == 0)
		facts_text(&facts, "qty", NULL);
	else
		facts_u64(&facts, "qty", (uint64_t)lot->qty);
	facts_time(&facts, "expires_on", lot->expires_on);
	facts_text(&facts, "intended_region", lot->intended_region);
	facts_text(&facts, "serial_from", lot->serial_from);
	facts_text(&facts, "serial_to", lot->serial_to);
	facts_u64(&facts, "issued", (uint64_t)lot->issued);
	facts_u64(&facts, "consumed", (uint64_t)lot->consumed);
	facts_u64(&facts, "position", lot->position);
	facts_print(&facts, style);
}

static const struct table_column holder_columns[] = {
	{ "holder", TABLE_TEXT, false },       { "kind", TABLE_TEXT, false },
	{ "place", TABLE_TEXT, false },	       { "on_hand", TABLE_NUMBER, false },
	{ "in_transit", TABLE_NUMBER, false }, { "received", TABLE_NUMBER, false },
	{ "sold", TABLE_NUMBER, false },
};

static void
print_holders(const Daybook__V1__Lot *lot, struct table_style style)
{
	struct table *table =
	    table_open(stdout, style, holder_columns,
		       sizeof holder_columns / sizeof holder_columns[0]);

	for (size_t i = 0; i < lot->n_holders; i++) {
		const Daybook__V1__LotHolder *holder = lot->holders[i];

		table_text(table, holder->holder);
		table_text(table, holder->holder_kind);
		table_text(table, place_name(holder->place));
		table_i64(table, holder->on_hand);
		table_i64(table, holder->in_transit);
		table_i64(table, holder->received);
		table_i64(table, holder->sold);
		table_end_row(table);
	}
	table_close(table);
	if (lot->holders_truncated)
		(void)fputs("(there are more holders)\n", style.csv ? stderr : stdout);
}

/* -------------------------------------------------------------------------- its chain
 */

static const struct table_column columns[] = {
	{ "position", TABLE_NUMBER, false }, { "effective_at", TABLE_TEXT, false },
	{ "type", TABLE_TEXT, false },	     { "holder", TABLE_TEXT, false },
	{ "holder_kind", TABLE_TEXT, true }, { "place", TABLE_TEXT, true },
	{ "reason", TABLE_TEXT, false },     { "units", TABLE_NUMBER, false },
	{ "qty", TABLE_NUMBER, true },	     { "balance", TABLE_NUMBER, false },
	{ "buyer", TABLE_TEXT, false },	     { "order", TABLE_TEXT, false },
	{ "late", TABLE_TEXT, true },
};

static void
print_line(struct table *table, const ProtobufCMessage *reply,
	   const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__MovementLine *line = (const Daybook__V1__MovementLine *)row;

	(void)reply;
	(void)context;
	table_u64(table, line->position);
	table_day(table, line->effective_at);
	table_text(table, line->type_name);
	table_text(table, line->holder);
	table_text(table, line->holder_kind);
	table_text(table, place_name(line->place));
	table_text(table, line->reason);
	table_i64(table, line->units);
	table_i64(table, line->qty);
	table_i64(table, line->balance);
	table_text(table, line->buyer);
	table_text(table, line->order);
	table_flag(table, line->late, "late");
}

static void
print_head(const ProtobufCMessage *reply, const void *context)
{
	const Daybook__V1__Lot *lot = (const Daybook__V1__Lot *)reply;
	struct table_style style = listing_style(context);

	print_facts(lot, style);
	(void)fputc('\n', stdout);
	if (lot->n_holders > 0) {
		print_holders(lot, style);
		(void)fputc('\n', stdout);
	}
}

static int
show_holders(const struct options *o, const Daybook__V1__GetLotRequest *request)
{
	ProtobufCMessage *reply;
	int code = session_call_alone(&o->listing.common, "GetLot", &request->base,
				      &daybook__v1__lot__descriptor, &reply);

	if (code != EXIT_OK)
		return code;
	if (o->listing.format == CLI_JSON || o->listing.format == CLI_JSONL)
		json_rows_message(stdout, reply);
	else
		print_holders((const Daybook__V1__Lot *)reply,
			      listing_style(&o->listing));
	protobuf_c_message_free_unpacked(reply, NULL);
	return EXIT_OK;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__GetLotRequest request = DAYBOOK__V1__GET_LOT_REQUEST__INIT;
	struct listing listing = {
		.method = "GetLot",
		.request = &request.base,
		.reply = &daybook__v1__lot__descriptor,
		.rows = "lines",
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_line,
		.head = print_head,
		.context = &o->listing,
	};

	request.lot = call->operands[0];
	request.at_least_size = o->listing.at_least;
	return o->holders ? show_holders(o, &request)
			  : listing_run_alone(&listing, &o->listing);
}

const struct cli_verb verb_lot = {
	.name = "lot",
	.group = CLI_READ,
	.operands = "LOT",
	.summary = "a lot: who holds it, and through whose hands it went",
	.about = "Shows a lot, who holds units of it and how many of theirs consumers "
		 "bought,\n"
		 "and then the chain of custody: every movement of its units, oldest "
		 "first, with\n"
		 "the holder and, where goods went out for an order, its buyer. As "
		 "CSV: the\n"
		 "chain, or with --holders the holders.",
	.examples = "  daybook lot L-2011-06\n"
		    "  daybook lot L-2011-06 --limit 0 --wide\n"
		    "  daybook lot L-2011-06 --holders --format csv",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
