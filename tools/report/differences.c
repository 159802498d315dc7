/* differences.c -- what platforms reported to have paid, against the published plan. */

#include <string.h>

#include "listing.h"
#include "names.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	bool all;
};

static const struct options defaults = { .listing.limit = CLI_LIMIT_DEFAULT };

static const struct cli_option options[] = {
	{ "all", NULL, "also what the plan agrees with", CLI_FLAG,
	  offsetof(struct options, all), 0, 0 },
	CLI_OPTION_LIMIT,
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

static const struct table_column columns[] = {
	{ "position", TABLE_NUMBER, false }, { "commission", TABLE_TEXT, true },
	{ "payee", TABLE_TEXT, false },	     { "order", TABLE_TEXT, false },
	{ "line", TABLE_NUMBER, false },     { "distance", TABLE_NUMBER, true },
	{ "basis", TABLE_TEXT, true },	     { "amount", TABLE_NUMBER, false },
	{ "expected", TABLE_NUMBER, false }, { "expected_payee", TABLE_TEXT, true },
	{ "difference", TABLE_TEXT, false },
};

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	unsigned exponent = ((const Daybook__V1__ListReportsReply *)reply)->exponent;
	const Daybook__V1__Report *report = (const Daybook__V1__Report *)row;
	char basis[NAMES_BYTES];

	(void)context;
	table_u64(table, report->position);
	table_text(table, report->commission);
	table_text(table, report->payee);
	table_text(table, report->order);
	table_u64(table, report->line);
	table_u64(table, report->distance);
	table_text(table, names_basis(report->basis, basis));
	table_money(table, report->amount, exponent);
	table_money(table, report->expected, exponent);
	table_text(table, report->expected_payee);
	table_text(table, report->difference);
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__ListReportsRequest request =
	    DAYBOOK__V1__LIST_REPORTS_REQUEST__INIT;
	struct listing listing = {
		.method = "ListReports",
		.request = &request.base,
		.reply = &daybook__v1__list_reports_reply__descriptor,
		.rows = "reports",
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_row,
	};

	request.differences_only = !o->all;
	request.at_least_size = o->listing.at_least;
	return listing_run_alone(&listing, &o->listing);
}

const struct cli_verb verb_report_differences = {
	.name = "report differences",
	.group = CLI_READ,
	.operands = "",
	.summary = "what platforms reported to have paid, against the plan",
	.about =
	    "Lists the commissions that a platform whose own engine pays has reported "
	    "and that\n"
	    "the published plan does not give: no_cause, no_standing, duplicate, "
	    "wrong_payee,\n"
	    "wrong_amount; with what the plan gives, and, with --wide, to whom.",
	.examples = "  daybook report differences\n"
		    "  daybook report differences --all --wide\n"
		    "  daybook report differences --format csv >differences.csv",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
