/* trial_balance.c -- every account code with its sums, which must meet. */

#include "listing.h"
#include "verbs.h"

static const struct cli_listing defaults = { .limit = 0 };

static const struct cli_option options[] = { CLI_OPTION_AS_OF, CLI_OPTION_AT_LEAST,
					     CLI_OPTION_FORMAT, CLI_OPTION_END };

static const struct table_column columns[] = {
	{ "code", TABLE_NUMBER, false },    { "name", TABLE_TEXT, false },
	{ "kind", TABLE_TEXT, false },	    { "debits", TABLE_NUMBER, false },
	{ "credits", TABLE_NUMBER, false }, { "balance", TABLE_NUMBER, false },
};

static void
print_line(struct table *table, const ProtobufCMessage *reply,
	   const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__TrialBalance *balance =
	    (const Daybook__V1__TrialBalance *)reply;
	const Daybook__V1__TrialBalanceLine *line =
	    (const Daybook__V1__TrialBalanceLine *)row;

	(void)context;
	table_u64(table, line->code);
	table_text(table, line->name);
	table_text(table, line->kind);
	table_money(table, line->debits, balance->exponent);
	table_money(table, line->credits, balance->exponent);
	table_money(table, line->balance, balance->exponent);
}

/* The sums stand below the lines of the table, not in CSV, whose rows are accounts. */
static void
print_totals(struct table *table, const ProtobufCMessage *reply, const void *context)
{
	const Daybook__V1__TrialBalance *balance =
	    (const Daybook__V1__TrialBalance *)reply;

	(void)context;
	table_text(table, NULL);
	table_text(table, "total");
	table_text(table, balance->currency);
	table_money(table, balance->total_debits, balance->exponent);
	table_money(table, balance->total_credits, balance->exponent);
	table_money(table, balance->difference, balance->exponent);
	table_end_row(table);
}

static int
run(struct cli_call *call)
{
	const struct cli_listing *o = call->options;
	Daybook__V1__GetTrialBalanceRequest request =
	    DAYBOOK__V1__GET_TRIAL_BALANCE_REQUEST__INIT;
	struct listing_as_of as_of;
	struct listing listing = {
		.method = "GetTrialBalance",
		.request = &request.base,
		.reply = &daybook__v1__trial_balance__descriptor,
		.rows = "lines",
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_line,
		.foot = print_totals,
	};

	request.as_of = listing_as_of(&o->as_of, &as_of);
	request.at_least_size = o->at_least;
	return listing_run_alone(&listing, o);
}

const struct cli_verb verb_trial_balance = {
	.name = "trial-balance",
	.group = CLI_READ,
	.operands = "",
	.summary = "every account code with its sums",
	.about =
	    "Sums all debits and credits of every code of the chart of accounts. The "
	    "two totals\nare equal and their difference is 0: at every size of the "
	    "log and at every time.",
	.examples =
	    "  daybook trial-balance\n"
	    "  daybook trial-balance --as-of 2011-12-31T23:59:59Z --format csv\n"
	    "  daybook trial-balance --as-of 100000   # after that many records",
	.options = options,
	.options_bytes = sizeof(struct cli_listing),
	.defaults = &defaults,
	.run = run,
};
