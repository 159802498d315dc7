/* periods.c -- the periods that are closed. */

#include "listing.h"
#include "verbs.h"

static const struct cli_listing defaults = { .limit = 0 };

static const struct cli_option options[] = { CLI_OPTION_AT_LEAST, CLI_OPTION_FORMAT,
					     CLI_OPTION_WIDE, CLI_OPTION_END };

static const struct table_column columns[] = {
	{ "period", TABLE_TEXT, false },       { "from", TABLE_TEXT, false },
	{ "to", TABLE_TEXT, false },	       { "position", TABLE_NUMBER, false },
	{ "balances_hash", TABLE_TEXT, true },
};

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__Period *period = (const Daybook__V1__Period *)row;

	(void)reply;
	(void)context;
	table_text(table, period->period);
	table_time(table, period->from);
	table_time(table, period->to);
	table_u64(table, period->position);
	table_hex(table, period->balances_hash.data, period->balances_hash.len);
}

static int
run(struct cli_call *call)
{
	const struct cli_listing *o = call->options;
	Daybook__V1__ListPeriodsRequest request =
	    DAYBOOK__V1__LIST_PERIODS_REQUEST__INIT;
	struct listing listing = {
		.method = "ListPeriods",
		.request = &request.base,
		.reply = &daybook__v1__list_periods_reply__descriptor,
		.rows = "periods",
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_row,
	};

	request.at_least_size = o->at_least;
	return listing_run_alone(&listing, o);
}

const struct cli_verb verb_report_periods = {
	.name = "report periods",
	.group = CLI_READ,
	.operands = "",
	.summary = "the periods that are closed",
	.about =
	    "Lists closed periods with the position of the record that closed each "
	    "and, "
	    "with\n"
	    "--wide, the hash of all balances then: the same on every machine that "
	    "replays the\n"
	    "log. `daybook close` closes one.",
	.examples = "  daybook report periods --wide\n"
		    "  daybook report periods --format json",
	.options = options,
	.options_bytes = sizeof(struct cli_listing),
	.defaults = &defaults,
	.run = run,
};
