/* list.c -- the register of payouts, and what they sum up to. */

#include <stdio.h>

#include "listing.h"
#include "names.h"
#include "register.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	const char *agent;
	const char *state;
	const char *batch;
	const char *provider;
};

static const struct options defaults = { .listing.limit = CLI_LIMIT_DEFAULT };

static const struct cli_option options[] = {
	{ "agent", "AGENT", "only those of this agent, newest first", CLI_TEXT,
	  offsetof(struct options, agent), 0, 0 },
	{ "state", "STATE",
	  "requested, approved, batched, sent, unknown, settled, rejected, cancelled, "
	  "failed or returned",
	  CLI_TEXT, offsetof(struct options, state), 0, 0 },
	{ "batch", "BATCH", "only those of this batch", CLI_TEXT,
	  offsetof(struct options, batch), 0, 0 },
	{ "provider", "NAME", "only those sent to this provider", CLI_TEXT,
	  offsetof(struct options, provider), 0, 0 },
	CLI_OPTION_LIMIT,
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

static const struct table_column columns[] = {
	{ "payout", TABLE_TEXT, false },
	{ "agent", TABLE_TEXT, false },
	{ "state", TABLE_TEXT, false },
	{ "requested", TABLE_TEXT, false },
	{ "gross", TABLE_NUMBER, false },
	{ "tax", TABLE_NUMBER, false },
	{ "net", TABLE_NUMBER, false },
	{ "fee", TABLE_NUMBER, true },
	{ "returned", TABLE_NUMBER, true },
	{ "items", TABLE_NUMBER, true },
	{ "method", TABLE_TEXT, true },
	{ "batch", TABLE_TEXT, true },
	{ "provider", TABLE_TEXT, true },
	{ "request_no", TABLE_TEXT, true },
	{ "maker", TABLE_TEXT, true },
	{ "requested_position", TABLE_NUMBER, true },
	{ "state_position", TABLE_NUMBER, true },
};

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	unsigned exponent = ((const Daybook__V1__ListPayoutsReply *)reply)->exponent;
	const Daybook__V1__Payout *payout = (const Daybook__V1__Payout *)row;
	char state[NAMES_BYTES];

	(void)context;
	table_text(table, payout->payout);
	table_text(table, payout->agent);
	table_text(table, names_payout_state(payout->state, state));
	table_day(table, payout->requested_at);
	table_money(table, payout->gross, exponent);
	table_money(table, payout->tax, exponent);
	table_money(table, payout->net, exponent);
	table_money(table, payout->fee, exponent);
	table_money(table, payout->returned, exponent);
	table_u64(table, payout->items);
	table_text(table, payout->method);
	table_text(table, payout->batch);
	table_text(table, payout->provider);
	table_text(table, payout->request_no);
	table_text(table, payout->maker);
	table_u64(table, payout->requested_position);
	table_u64(table, payout->state_position);
}

/* --------------------------------------------------------------------- sums by state
 */

#define STATES (DAYBOOK__V1__PAYOUT_STATE__PAYOUT_RETURNED + 1)

struct sum {
	uint64_t payouts;
	int64_t gross, tax, net, fee, returned;
};

/* Place 0 is for states that a newer daemon knows. */
struct sums {
	struct sum by_state[STATES];
};

static void
count_row(void *context, const ProtobufCMessage *reply, const ProtobufCMessage *row)
{
	const Daybook__V1__Payout *payout = (const Daybook__V1__Payout *)row;
	struct sums *sums = context;
	struct sum *sum = &sums->by_state[payout->state < STATES ? payout->state : 0];

	(void)reply;
	sum->payouts++;
	sum->gross += payout->gross;
	sum->tax += payout->tax;
	sum->net += payout->net;
	sum->fee += payout->fee;
	sum->returned += payout->returned;
}

static void
print_sum(struct table *table, const char *name, const struct sum *sum,
	  unsigned exponent)
{
	table_text(table, name);
	table_u64(table, sum->payouts);
	table_money(table, sum->gross, exponent);
	table_money(table, sum->tax, exponent);
	table_money(table, sum->net, exponent);
	table_money(table, sum->fee, exponent);
	table_money(table, sum->returned, exponent);
	table_end_row(table);
}

static void
print_sums(const void *context, const ProtobufCMessage *reply, struct table_style style)
{
	static const struct table_column sum_columns[] = {
		{ "state", TABLE_TEXT, false },	     { "payouts", TABLE_NUMBER, false },
		{ "gross", TABLE_NUMBER, false },    { "tax", TABLE_NUMBER, false },
		{ "net", TABLE_NUMBER, false },	     { "fee", TABLE_NUMBER, false },
		{ "returned", TABLE_NUMBER, false },
	};
	const Daybook__V1__ListPayoutsReply *list =
	    (const Daybook__V1__ListPayoutsReply *)reply;
	const struct sums *sums = context;
	struct sum total = { 0, 0, 0, 0, 0, 0 };
	struct table *table;
	char name[NAMES_BYTES];

	(void)fputc('\n', stdout);
	table = table_open(stdout, style, sum_columns,
			   sizeof sum_columns / sizeof sum_columns[0]);
	for (unsigned i = 0; i < STATES; i++) {
		const struct sum *sum = &sums->by_state[i];

		if (sum->payouts == 0)
			continue;
		print_sum(table,
			  i == 0
			      ? "other"
			      : names_payout_state((Daybook__V1__PayoutState)i, name),
			  sum, list->exponent);
		total.payouts += sum->payouts;
		total.gross += sum->gross;
		total.tax += sum->tax;
		total.net += sum->net;
		total.fee += sum->fee;
		total.returned += sum->returned;
	}
	print_sum(table, "all", &total, list->exponent);
	table_close(table);
}

static int
run(struct cli_call *call, bool with_sums)
{
	const struct options *o = call->options;
	Daybook__V1__ListPayoutsRequest request =
	    DAYBOOK__V1__LIST_PAYOUTS_REQUEST__INIT;
	struct sums sums = { 0 };
	struct listing listing = {
		.method = "ListPayouts",
		.request = &request.base,
		.reply = &daybook__v1__list_payouts_reply__descriptor,
		.rows = "payouts",
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_row,
		.count = with_sums ? count_row : NULL,
		.print_sums = print_sums,
		.sums = &sums,
	};
	int code = register_state(o->state, &request.state);

	if (code != EXIT_OK)
		return code;
	request.agent = (char *)o->agent;
	request.batch = (char *)o->batch;
	request.provider = (char *)o->provider;
	request.at_least_size = o->listing.at_least;
	return listing_run_alone(&listing, &o->listing);
}

static int
run_list(struct cli_call *call)
{
	return run(call, false);
}

static int
run_report(struct cli_call *call)
{
	return run(call, true);
}

const struct cli_verb verb_payout_list = {
	.name = "payout list",
	.group = CLI_READ,
	.operands = "",
	.summary = "the register of payouts",
	.about =
	    "Lists payouts in the order in which they were asked for; with --agent "
	    "the\n"
	    "newest first. --wide and --format csv add fee, batch, provider and who "
	    "asked.\n"
	    "`daybook report payouts` adds sums by state.",
	.examples =
	    "  daybook payout list --state requested   # what waits for approval\n"
	    "  daybook payout list --agent A17 --limit 5\n"
	    "  daybook payout list --batch 2011-06 --format csv >batch.csv",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run_list,
};

const struct cli_verb verb_report_payouts = {
	.name = "report payouts",
	.group = CLI_READ,
	.operands = "",
	.summary = "the register of payouts with sums by state",
	.about =
	    "Lists payouts like `daybook payout list` and sums all that the filters "
	    "leave,\n"
	    "also those beyond --limit, by state. CSV and JSON have the payouts only.",
	.examples = "  daybook report payouts\n"
		    "  daybook report payouts --limit 10 --provider bank-1\n"
		    "  daybook report payouts --format csv >register.csv",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run_report,
};
