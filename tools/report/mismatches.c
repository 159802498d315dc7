/* mismatches.c -- orders whose information, money and goods do not tell the same. */

#include <stdio.h>
#include <string.h>

#include "listing.h"
#include "names.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	const char *kind;
	const char *seller;
	uint64_t older;
};

static const struct options defaults = { .listing.limit = CLI_LIMIT_DEFAULT };

static const struct cli_option options[] = {
	{ "kind", "KIND", "only these, as in paid-not-shipped", CLI_TEXT,
	  offsetof(struct options, kind), 0, 0 },
	{ "seller", "AGENT", "only orders that this agent sold", CLI_TEXT,
	  offsetof(struct options, seller), 0, 0 },
	{ "older", "DAYS", "only those placed at least so many days ago", CLI_COUNT,
	  offsetof(struct options, older), 0, UINT32_MAX },
	CLI_OPTION_LIMIT,
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

static const struct table_column columns[] = {
	{ "order", TABLE_TEXT, false },	     { "mismatch", TABLE_TEXT, false },
	{ "age_days", TABLE_NUMBER, false }, { "total", TABLE_NUMBER, false },
	{ "paid", TABLE_NUMBER, false },     { "refunded", TABLE_NUMBER, true },
	{ "units", TABLE_NUMBER, false },    { "shipped", TABLE_NUMBER, false },
	{ "received", TABLE_NUMBER, false }, { "returned", TABLE_NUMBER, true },
	{ "seller", TABLE_TEXT, false },     { "buyer", TABLE_TEXT, true },
};

/* "paid not shipped, received unshipped": an order has each kind once. */
#define KINDS_BYTES 256

static void
put_kinds(struct table *table, const Daybook__V1__MismatchedOrder *order)
{
	char text[KINDS_BYTES] = "", name[NAMES_MISMATCH_BYTES];

	for (size_t i = 0; i < order->n_kinds; i++) {
		size_t size = strlen(text);

		(void)snprintf(text + size, sizeof text - size, "%s%s",
			       i == 0 ? "" : ", ",
			       names_mismatch(order->kinds[i], name));
	}
	table_text(table, text);
}

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	unsigned exponent = ((const Daybook__V1__ListMismatchesReply *)reply)->exponent;
	const Daybook__V1__MismatchedOrder *order =
	    (const Daybook__V1__MismatchedOrder *)row;

	(void)context;
	table_text(table, order->order);
	put_kinds(table, order);
	table_i64(table, order->age_days);
	table_money(table, order->total, exponent);
	table_money(table, order->paid, exponent);
	table_money(table, order->refunded, exponent);
	table_i64(table, order->units);
	table_i64(table, order->units_shipped);
	table_i64(table, order->units_received);
	table_i64(table, order->units_returned);
	table_text(table, order->seller);
	table_text(table, order->buyer);
}

static int
take_kind(const char *text, Daybook__V1__Mismatch *out)
{
	const char *nearest;
	int kind = 0;

	if (text == NULL)
		return EXIT_OK;
	if (names_parse(&daybook__v1__mismatch__descriptor, "MISMATCH_", text, &kind,
			&nearest)) {
		*out = (Daybook__V1__Mismatch)kind;
		return EXIT_OK;
	}
	if (nearest == NULL)
		diag_error("--kind: there is no \"%.60s\"; see --help", text);
	else
		diag_error("--kind: there is no \"%.60s\"; did you mean %s?", text,
			   nearest);
	return EXIT_USAGE;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__ListMismatchesRequest request =
	    DAYBOOK__V1__LIST_MISMATCHES_REQUEST__INIT;
	struct listing listing = {
		.method = "ListMismatches",
		.request = &request.base,
		.reply = &daybook__v1__list_mismatches_reply__descriptor,
		.rows = "orders",
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_row,
	};
	int code = take_kind(o->kind, &request.kind);

	if (code != EXIT_OK)
		return code;
	request.seller = (char *)o->seller;
	request.older_than_days = (uint32_t)o->older;
	request.at_least_size = o->listing.at_least;
	return listing_run_alone(&listing, &o->listing);
}

const struct cli_verb verb_report_mismatches = {
	.name = "report mismatches",
	.group = CLI_READ,
	.operands = "",
	.summary = "orders whose money and goods do not agree",
	.about =
	    "Lists orders of which information, money and goods do not tell the same, "
	    "with\n"
	    "what was paid and where the units are. The kinds are paid-not-shipped,\n"
	    "shipped-not-paid, received-not-paid, received-unshipped, "
	    "refunded-not-returned\n"
	    "and shipped-not-received. Much of it is on its way: --older leaves out "
	    "what\n"
	    "was placed lately.",
	.examples = "  daybook report mismatches --older 14\n"
		    "  daybook report mismatches --kind paid-not-shipped --seller A17\n"
		    "  daybook order 536365   # the three flows of one of them",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
