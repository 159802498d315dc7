/* refusals.c -- what was refused, counted by rule. */

#include "listing.h"
#include "names.h"
#include "verbs.h"

static const struct cli_listing defaults = { .limit = 0 };

static const struct cli_option options[] = { CLI_OPTION_AT_LEAST, CLI_OPTION_FORMAT,
					     CLI_OPTION_END };

static const struct table_column columns[] = {
	{ "rule", TABLE_TEXT, false },
	{ "count", TABLE_NUMBER, false },
	{ "first_position", TABLE_NUMBER, false },
	{ "last_position", TABLE_NUMBER, false },
};

static void
print_count(struct table *table, const ProtobufCMessage *reply,
	    const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__RefusalCount *count = (const Daybook__V1__RefusalCount *)row;
	char name[NAMES_BYTES];

	(void)reply;
	(void)context;
	table_text(table, names_rule(count->rule, name));
	table_u64(table, count->count);
	table_u64(table, count->first_position);
	table_u64(table, count->last_position);
}

static int
run(struct cli_call *call)
{
	const struct cli_listing *o = call->options;
	Daybook__V1__ListRefusalsRequest request =
	    DAYBOOK__V1__LIST_REFUSALS_REQUEST__INIT;
	struct listing listing = {
		.method = "ListRefusals",
		.request = &request.base,
		.reply = &daybook__v1__list_refusals_reply__descriptor,
		.rows = "counts",
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_count,
	};

	request.at_least_size = o->at_least;
	return listing_run_alone(&listing, o);
}

const struct cli_verb verb_refusals = {
	.name = "refusals",
	.group = CLI_READ,
	.operands = "",
	.summary = "what was refused, by rule",
	.about =
	    "Counts the refused events of the log by the rule that refused them, with "
	    "the first\nand the last position. `daybook log --refused` shows the "
	    "events themselves.",
	.examples = "  daybook refusals\n"
		    "  daybook refusals --format json\n"
		    "  daybook log --refused --last 20",
	.options = options,
	.options_bytes = sizeof(struct cli_listing),
	.defaults = &defaults,
	.run = run,
};
