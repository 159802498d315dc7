/* buybacks.c -- goods that agents want to give back for money. */

#include "listing.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	const char *agent;
};

static const struct options defaults = { .listing.limit = CLI_LIMIT_DEFAULT };

static const struct cli_option options[] = { { "agent", "AGENT", "only this agent's",
					       CLI_TEXT,
					       offsetof(struct options, agent), 0, 0 },
					     CLI_OPTION_LIMIT,
					     CLI_OPTION_AT_LEAST,
					     CLI_OPTION_FORMAT,
					     CLI_OPTION_WIDE,
					     CLI_OPTION_END };

static const struct table_column columns[] = {
	{ "request", TABLE_TEXT, false }, { "agent", TABLE_TEXT, false },
	{ "sku", TABLE_TEXT, false },	  { "lot", TABLE_TEXT, false },
	{ "qty", TABLE_NUMBER, false },	  { "settled", TABLE_NUMBER, false },
	{ "open", TABLE_NUMBER, false },
};

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__Buyback *buyback = (const Daybook__V1__Buyback *)row;

	(void)reply;
	(void)context;
	table_text(table, buyback->request);
	table_text(table, buyback->agent);
	table_text(table, buyback->sku);
	table_text(table, buyback->lot);
	table_i64(table, buyback->qty);
	table_i64(table, buyback->settled);
	table_i64(table, buyback->qty - buyback->settled);
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__ListBuybacksRequest request =
	    DAYBOOK__V1__LIST_BUYBACKS_REQUEST__INIT;
	struct listing listing = {
		.method = "ListBuybacks",
		.request = &request.base,
		.reply = &daybook__v1__list_buybacks_reply__descriptor,
		.rows = "buybacks",
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_row,
	};

	request.agent = (char *)o->agent;
	request.at_least_size = o->listing.at_least;
	return listing_run_alone(&listing, &o->listing);
}

const struct cli_verb verb_report_buybacks = {
	.name = "report buybacks",
	.group = CLI_READ,
	.operands = "",
	.summary = "goods that agents want to give back for money",
	.about = "Lists what agents asked to be bought back, how much of it is settled "
		 "and what\n"
		 "is still open.",
	.examples = "  daybook report buybacks\n"
		    "  daybook report buybacks --agent A17 --format csv",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
