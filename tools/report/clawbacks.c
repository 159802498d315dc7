/* clawbacks.c -- what agents owe, by age. */

#include <stdio.h>

#include "base/money.h"
#include "buckets.h"
#include "listing.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	const char *days;
};

static const struct options defaults = { .listing.limit = CLI_LIMIT_DEFAULT,
					 .days = "30,60,90" };

static const struct cli_option options[] = {
	{ "days", "N,N,...", "ends of the buckets, at most 8 (default 30,60,90)",
	  CLI_TEXT, offsetof(struct options, days), 0, 0 },
	CLI_OPTION_LIMIT,
	CLI_OPTION_AS_OF,
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

/* The buckets stand between these. */
enum { BEFORE = 2, BEHIND = 2 };

struct report {
	struct buckets buckets;
	char names[BUCKETS_MAX][BUCKETS_NAME_BYTES];
	struct table_column columns[BEFORE + BUCKETS_MAX + BEHIND];
	size_t column_count;
	uint64_t agents;
	int64_t owed;
	int64_t sums[BUCKETS_MAX];
};

static void
make_columns(struct report *report)
{
	size_t at = 0;

	report->columns[at++] = (struct table_column){ "agent", TABLE_TEXT, false };
	report->columns[at++] = (struct table_column){ "owed", TABLE_NUMBER, false };
	for (size_t i = 0; i <= report->buckets.count; i++) {
		buckets_name(&report->buckets, i, report->names[i]);
		report->columns[at++] =
		    (struct table_column){ report->names[i], TABLE_NUMBER, false };
	}
	report->columns[at++] = (struct table_column){ "oldest", TABLE_TEXT, false };
	report->columns[at++] =
	    (struct table_column){ "oldest_position", TABLE_NUMBER, true };
	report->column_count = at;
}

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	unsigned exponent = ((const Daybook__V1__ListClawbacksReply *)reply)->exponent;
	const Daybook__V1__Clawback *clawback = (const Daybook__V1__Clawback *)row;
	const struct report *report = context;

	table_text(table, clawback->agent);
	table_money(table, clawback->owed, exponent);
	for (size_t i = 0; i <= report->buckets.count; i++)
		table_money(table, i < clawback->n_buckets ? clawback->buckets[i] : 0,
			    exponent);
	table_day(table, clawback->oldest);
	table_u64(table, clawback->oldest_position);
}

static void
count_row(void *sums, const ProtobufCMessage *reply, const ProtobufCMessage *row)
{
	const Daybook__V1__Clawback *clawback = (const Daybook__V1__Clawback *)row;
	struct report *report = sums;

	(void)reply;
	report->agents++;
	report->owed += clawback->owed;
	for (size_t i = 0; i < clawback->n_buckets && i < BUCKETS_MAX; i++)
		report->sums[i] += clawback->buckets[i];
}

static void
print_sums(const void *sums, const ProtobufCMessage *reply, struct table_style style)
{
	const Daybook__V1__ListClawbacksReply *list =
	    (const Daybook__V1__ListClawbacksReply *)reply;
	const struct report *report = sums;
	struct table_column columns[1 + BEFORE + BUCKETS_MAX];
	struct table *table;

	columns[0] = (struct table_column){ "agents", TABLE_NUMBER, false };
	for (size_t i = 0; i <= report->buckets.count + 1; i++)
		columns[i + 1] = report->columns[i + 1];
	(void)fputc('\n', stdout);
	table = table_open(stdout, style, columns, report->buckets.count + BEFORE + 1);
	table_u64(table, report->agents);
	table_money(table, report->owed, list->exponent);
	for (size_t i = 0; i <= report->buckets.count; i++)
		table_money(table, report->sums[i], list->exponent);
	table_end_row(table);
	table_close(table);
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__ListClawbacksRequest request =
	    DAYBOOK__V1__LIST_CLAWBACKS_REQUEST__INIT;
	struct listing_as_of as_of;
	struct report report = { .agents = 0 };
	struct listing listing = {
		.method = "ListClawbacks",
		.request = &request.base,
		.reply = &daybook__v1__list_clawbacks_reply__descriptor,
		.rows = "clawbacks",
		.columns = report.columns,
		.row = print_row,
		.context = &report,
		.count = count_row,
		.print_sums = print_sums,
		.sums = &report,
	};

	if (!buckets_parse(o->days, &report.buckets)) {
		diag_error("--days: \"%.60s\" is not rising numbers of days such as "
			   "30,60,90",
			   o->days);
		return EXIT_USAGE;
	}
	make_columns(&report);
	listing.column_count = report.column_count;
	request.days = report.buckets.days;
	request.n_days = report.buckets.count;
	request.as_of = listing_as_of(&o->listing.as_of, &as_of);
	request.at_least_size = o->listing.at_least;
	return listing_run_alone(&listing, &o->listing);
}

const struct cli_verb verb_report_clawbacks = {
	.name = "report clawbacks",
	.group = CLI_READ,
	.operands = "",
	.summary = "what agents owe, by age",
	.about =
	    "Lists the agents who owe something, because goods came back after their\n"
	    "commission was paid, with the age of the debt in days: what has been "
	    "netted "
	    "or\n"
	    "repaid lowers its oldest part. Sums of all agents stand below.",
	.examples = "  daybook report clawbacks\n"
		    "  daybook report clawbacks --days 7,30,180 --as-of 2011-06-30\n"
		    "  daybook report clawbacks --format csv >ageing.csv",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
