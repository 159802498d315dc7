/* escrow.c -- consumers' money that waits for goods, by age of the order. */

#include <stdio.h>

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
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

static const struct table_column columns[] = {
	{ "order", TABLE_TEXT, false },	   { "seller", TABLE_TEXT, false },
	{ "placed", TABLE_TEXT, false },   { "age", TABLE_TEXT, false },
	{ "escrow", TABLE_NUMBER, false }, { "position", TABLE_NUMBER, true },
};

struct report {
	struct buckets buckets;
	uint64_t orders[BUCKETS_MAX];
	int64_t sums[BUCKETS_MAX];
};

static size_t
bucket_of(const struct report *report, const ProtobufCMessage *reply,
	  const Daybook__V1__EscrowLine *line)
{
	const Daybook__V1__ListEscrowReply *list =
	    (const Daybook__V1__ListEscrowReply *)reply;

	if (list->clock == NULL || line->placed_at == NULL)
		return report->buckets.count;
	return buckets_find(&report->buckets,
			    list->clock->seconds - line->placed_at->seconds);
}

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__EscrowLine *line = (const Daybook__V1__EscrowLine *)row;
	const struct report *report = context;
	char name[BUCKETS_NAME_BYTES];

	buckets_name(&report->buckets, bucket_of(report, reply, line), name);
	table_text(table, line->order);
	table_text(table, line->seller);
	table_day(table, line->placed_at);
	table_text(table, name);
	table_money(table, line->escrow,
		    ((const Daybook__V1__ListEscrowReply *)reply)->exponent);
	table_u64(table, line->position);
}

static void
count_row(void *sums, const ProtobufCMessage *reply, const ProtobufCMessage *row)
{
	const Daybook__V1__EscrowLine *line = (const Daybook__V1__EscrowLine *)row;
	struct report *report = sums;
	size_t bucket = bucket_of(report, reply, line);

	report->orders[bucket]++;
	report->sums[bucket] += line->escrow;
}

static void
print_sum(struct table *table, const char *name, uint64_t orders, int64_t sum,
	  unsigned exponent)
{
	table_text(table, name);
	table_u64(table, orders);
	table_money(table, sum, exponent);
	table_end_row(table);
}

static void
print_sums(const void *sums, const ProtobufCMessage *reply, struct table_style style)
{
	static const struct table_column sum_columns[] = {
		{ "age", TABLE_TEXT, false },
		{ "orders", TABLE_NUMBER, false },
		{ "escrow", TABLE_NUMBER, false },
	};
	unsigned exponent = ((const Daybook__V1__ListEscrowReply *)reply)->exponent;
	const struct report *report = sums;
	uint64_t orders = 0;
	int64_t sum = 0;
	struct table *table;

	(void)fputc('\n', stdout);
	table = table_open(stdout, style, sum_columns,
			   sizeof sum_columns / sizeof sum_columns[0]);
	for (size_t i = 0; i <= report->buckets.count; i++) {
		char name[BUCKETS_NAME_BYTES];

		buckets_name(&report->buckets, i, name);
		print_sum(table, name, report->orders[i], report->sums[i], exponent);
		orders += report->orders[i];
		sum += report->sums[i];
	}
	print_sum(table, "all", orders, sum, exponent);
	table_close(table);
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__ListEscrowRequest request = DAYBOOK__V1__LIST_ESCROW_REQUEST__INIT;
	struct report report = { .buckets.count = 0 };
	struct listing listing = {
		.method = "ListEscrow",
		.request = &request.base,
		.reply = &daybook__v1__list_escrow_reply__descriptor,
		.rows = "lines",
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
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
	request.at_least_size = o->listing.at_least;
	return listing_run_alone(&listing, &o->listing);
}

const struct cli_verb verb_report_escrow = {
	.name = "report escrow",
	.group = CLI_READ,
	.operands = "",
	.summary = "consumers' money that waits for goods, by age",
	.about =
	    "Lists the orders whose money is in escrow, paid and not received, with "
	    "their age\n"
	    "in days by the book's clock, and sums all of them by age.",
	.examples = "  daybook report escrow --days 7,14,30\n"
		    "  daybook report escrow --limit 0 --format csv >escrow.csv",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
