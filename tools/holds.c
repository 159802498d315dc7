/* holds.c -- what keeps earnings from being paid: holds, and flags of orders. */

#include "listing.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	bool all;
};

static const struct options defaults = { .listing.limit = CLI_LIMIT_DEFAULT };

static const struct cli_option options[] = {
	{ "all", NULL, "also those that were released", CLI_FLAG,
	  offsetof(struct options, all), 0, 0 },
	CLI_OPTION_LIMIT,
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

static const struct table_column columns[] = {
	{ "position", TABLE_NUMBER, false }, { "kind", TABLE_TEXT, false },
	{ "hold", TABLE_TEXT, false },	     { "agent", TABLE_TEXT, false },
	{ "order", TABLE_TEXT, false },	     { "line", TABLE_NUMBER, false },
	{ "level", TABLE_NUMBER, false },    { "state", TABLE_TEXT, false },
	{ "revision", TABLE_NUMBER, true },
};

static void
put_number(struct table *table, uint32_t number)
{
	if (number == 0)
		table_text(table, NULL);
	else
		table_u64(table, number);
}

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__Hold *hold = (const Daybook__V1__Hold *)row;
	bool flag = hold->rule[0] != '\0';

	(void)reply;
	(void)context;
	table_u64(table, hold->position);
	table_text(table, flag ? "flag" : "hold");
	table_text(table, flag ? hold->rule : hold->hold);
	table_text(table, hold->agent);
	table_text(table, hold->order);
	put_number(table, hold->line);
	put_number(table, hold->level);
	table_text(table, hold->released ? "released" : "in force");
	put_number(table, hold->revision);
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__ListHoldsRequest request = DAYBOOK__V1__LIST_HOLDS_REQUEST__INIT;
	struct listing listing = {
		.method = "ListHolds",
		.request = &request.base,
		.reply = &daybook__v1__list_holds_reply__descriptor,
		.rows = "holds",
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_row,
	};

	request.in_force_only = !o->all;
	request.at_least_size = o->listing.at_least;
	return listing_run_alone(&listing, &o->listing);
}

const struct cli_verb verb_holds = {
	.name = "holds",
	.group = CLI_READ,
	.operands = "",
	.summary = "holds of earnings and flags of orders",
	.about =
	    "Lists what keeps earnings from being paid: holds of an agent, of an order "
	    "or of\n"
	    "single earnings by line and level, and flags of orders, with the position "
	    "of the\n"
	    "record that set each. Released ones are shown with --all.",
	.examples = "  daybook holds\n"
		    "  daybook holds --all --format csv >holds.csv",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
