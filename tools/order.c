/* order.c -- an order with its three flows side by side: information, money, goods. */

#include <string.h>

#include "book_status.h"
#include "listing.h"
#include "log_table.h"
#include "names.h"
#include "order_flows.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	bool earnings;
};

static const struct options defaults = { .listing.limit = 0 };

static const struct cli_option options[] = {
	{ "earnings", NULL, "only what agents earn by it, and what nobody gets",
	  CLI_FLAG, offsetof(struct options, earnings), 0, 0 },
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

/* ------------------------------------------------------------------------- its lines
 */

static const struct table_column line_columns[] = {
	{ "line", TABLE_NUMBER, false },     { "sku", TABLE_TEXT, false },
	{ "qty", TABLE_NUMBER, false },	     { "unit_price", TABLE_NUMBER, false },
	{ "amount", TABLE_NUMBER, false },   { "on_the_way", TABLE_NUMBER, false },
	{ "received", TABLE_TEXT, false },   { "refunded", TABLE_NUMBER, false },
	{ "returned", TABLE_NUMBER, false },
};

static void
print_lines(const Daybook__V1__Order *order, struct table_style style)
{
	struct table *table = table_open(stdout, style, line_columns,
					 sizeof line_columns / sizeof line_columns[0]);

	for (size_t i = 0; i < order->n_lines; i++) {
		const Daybook__V1__OrderLineState *line = order->lines[i];

		table_u64(table, line->line);
		table_text(table, line->sku);
		table_i64(table, line->qty);
		table_money(table, line->unit_price, order->exponent);
		table_money(table, line->amount, order->exponent);
		table_i64(table, line->shipped);
		table_flag(table, line->received, "yes");
		table_money(table, line->refunded, order->exponent);
		table_i64(table, line->returned);
		table_end_row(table);
	}
	table_close(table);
}

/* --------------------------------------------------------------- what agents earn by
 * it
 */

static const struct table_column earning_columns[] = {
	{ "line", TABLE_NUMBER, false },    { "agent", TABLE_TEXT, false },
	{ "kind", TABLE_TEXT, false },	    { "level", TABLE_NUMBER, false },
	{ "rate", TABLE_NUMBER, false },    { "computed_on", TABLE_NUMBER, true },
	{ "accrued", TABLE_NUMBER, false }, { "reversed", TABLE_NUMBER, false },
	{ "open", TABLE_NUMBER, false },    { "state", TABLE_TEXT, false },
	{ "why", TABLE_TEXT, false },	    { "matures", TABLE_TEXT, true },
	{ "plan", TABLE_TEXT, true },	    { "plan_version", TABLE_NUMBER, true },
	{ "basis", TABLE_TEXT, true },	    { "distance", TABLE_NUMBER, true },
	{ "rank", TABLE_TEXT, true },	    { "earning", TABLE_NUMBER, true },
};

static void
print_earning(struct table *table, const Daybook__V1__Earning *earning,
	      unsigned exponent)
{
	char basis[NAMES_BYTES];

	table_u64(table, earning->line);
	table_text(table, earning->agent);
	table_text(table, earning->kind);
	table_u64(table, earning->level);
	if (earning->rate_ppm == 0) {
		table_text(table, "each");
		table_i64(table, earning->computed_on);
	} else {
		table_rate(table, earning->rate_ppm);
		table_money(table, earning->computed_on, exponent);
	}
	table_money(table, earning->accrued, exponent);
	table_money(table, earning->reversed, exponent);
	table_money(table, earning->open, exponent);
	table_text(table, earning->state);
	table_text(table, earning->why);
	table_day(table, earning->matures_at);
	table_text(table, earning->plan);
	table_u64(table, earning->plan_version);
	table_text(table, names_basis(earning->basis, basis));
	table_u64(table, earning->distance);
	table_text(table, earning->rank);
	table_u64(table, earning->earning);
	table_end_row(table);
}

static void
print_earnings(const Daybook__V1__Order *order, struct table_style style)
{
	struct table *table =
	    table_open(stdout, style, earning_columns,
		       sizeof earning_columns / sizeof earning_columns[0]);

	for (size_t i = 0; i < order->n_earnings; i++)
		print_earning(table, order->earnings[i], order->exponent);
	table_close(table);
	if (order->earnings_truncated)
		(void)fputs("(there are more earnings)\n", style.csv ? stderr : stdout);
}

/* ------------------------------------------------------------------------ its events
 */

static void
print_events(const Daybook__V1__Order *order, struct table_style style)
{
	struct table *table = log_table_open(stdout, style);

	for (size_t i = 0; i < order->n_events; i++)
		log_table_row(table, order->events[i]);
	table_close(table);
	if (order->events_truncated)
		(void)fputs("(there are older records)\n", stdout);
}

static void
print_order(const Daybook__V1__Order *order, const Google__Protobuf__Timestamp *clock,
	    const struct options *o)
{
	struct table_style style = listing_style(&o->listing);

	if (o->earnings) {
		print_earnings(order, style);
		return;
	}
	if (style.csv) {
		print_lines(order, style);
		return;
	}
	order_flows_print(order, clock, style);
	(void)fputs("\n", stdout);
	print_lines(order, style);
	(void)fputs("\n", stdout);
	if (order->n_earnings > 0) {
		print_earnings(order, style);
		(void)fputs("\n", stdout);
	}
	print_events(order, style);
}

static void
print_json(ProtobufCMessage *reply, bool one_line)
{
	const Daybook__V1__Order *order = (const Daybook__V1__Order *)reply;
	struct json_rows json;

	json_rows_init(&json, stdout, false, one_line);
	json_rows_begin(&json, reply, "events");
	for (size_t i = 0; i < order->n_events; i++)
		json_rows_put(&json, &order->events[i]->base);
	json_rows_end(&json, NULL);
}

/* Ages are those of the book's clock, which an order does not carry. */
static int
print_with_ages(struct session *session, const Daybook__V1__Order *order,
		const struct options *o)
{
	Daybook__V1__Status *status;
	int code = book_status_get(session, &status);

	if (code != EXIT_OK)
		return code;
	print_order(order, status->clock, o);
	protobuf_c_message_free_unpacked(&status->base, NULL);
	return EXIT_OK;
}

static int
show(struct session *session, const struct options *o, char *name)
{
	enum cli_format format = o->listing.format;
	Daybook__V1__GetOrderRequest request = DAYBOOK__V1__GET_ORDER_REQUEST__INIT;
	ProtobufCMessage *reply;
	int code;

	request.order = name;
	request.at_least_size = o->listing.at_least;
	code = session_call(session, "GetOrder", &request.base,
			    &daybook__v1__order__descriptor, &reply);
	if (code != EXIT_OK)
		return code;
	if (format == CLI_JSON || format == CLI_JSONL)
		print_json(reply, format == CLI_JSONL);
	else
		code = print_with_ages(session, (const Daybook__V1__Order *)reply, o);
	protobuf_c_message_free_unpacked(reply, NULL);
	return code;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	struct session *session;
	int code = session_open(&o->listing.common, &session);

	if (code != EXIT_OK)
		return code;
	code = show(session, o, call->operands[0]);
	session_close(session);
	return code;
}

const struct cli_verb verb_order = {
	.name = "order",
	.group = CLI_READ,
	.operands = "ORDER",
	.summary = "an order: what was agreed, what was paid, where the goods are",
	.about =
	    "Shows the three flows of an order side by side -- information, money, "
	    "goods --\n"
	    "each with its age by the book's clock: how long ago it was placed, paid,\n"
	    "shipped or received, or for how long it waits; then its lines, what "
	    "agents\n"
	    "earn by each of them, and every record of the log that names it. A share "
	    "that\n"
	    "nobody gets is unassigned and says why: no_upline, ineligible, "
	    "self_purchase,\n"
	    "agent_cap, retail_cap, no_seller. As CSV: its lines, or with --earnings "
	    "its\n"
	    "earnings.",
	.examples = "  daybook order 536365\n"
		    "  daybook order 536365 --earnings --wide\n"
		    "  daybook order 536365 --format json",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
