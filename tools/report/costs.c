/* costs.c -- what commission cost, by plan, level and channel. */

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "listing.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	const char *by;
};

static const struct options defaults = { .listing.limit = 0 };

static const struct cli_option options[] = {
	{ "by", "WHAT", "sum up by plan, level or channel alone", CLI_TEXT,
	  offsetof(struct options, by), 0, 0 },
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_END
};

enum by { BY_ALL, BY_PLAN, BY_LEVEL, BY_CHANNEL };

static const struct table_column columns[] = {
	{ "plan", TABLE_TEXT, false },	     { "version", TABLE_NUMBER, false },
	{ "level", TABLE_NUMBER, false },    { "channel", TABLE_TEXT, false },
	{ "earnings", TABLE_NUMBER, false }, { "accrued", TABLE_NUMBER, false },
	{ "reversed", TABLE_NUMBER, false }, { "cost", TABLE_NUMBER, false },
};

#define COLUMNS (sizeof columns / sizeof columns[0])

static bool
take_by(const char *text, enum by *out)
{
	static const char *const names[] = { NULL, "plan", "level", "channel" };

	*out = BY_ALL;
	for (int i = BY_PLAN; text != NULL && i <= BY_CHANNEL; i++) {
		if (strcmp(text, names[i]) == 0)
			*out = (enum by)i;
	}
	if (text == NULL || *out != BY_ALL)
		return true;
	diag_error("--by: \"%.40s\" is not one of plan, level, channel", text);
	return false;
}

/* --------------------------------------------------------------------------- adding up
 */

static int
compare_numbers(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int
compare_rows(const void *a, const void *b)
{
	const Daybook__V1__Cost *x = *(Daybook__V1__Cost *const *)a;
	const Daybook__V1__Cost *y = *(Daybook__V1__Cost *const *)b;
	int order = strcmp(x->plan, y->plan);

	if (order == 0)
		order = compare_numbers(x->plan_version, y->plan_version);
	if (order == 0)
		order = compare_numbers(x->level, y->level);
	return order == 0 ? strcmp(x->channel, y->channel) : order;
}

/* Rows that are the same but for what BY leaves out become one; their texts stay in the
 * reply, which frees them. */
static void
group(Daybook__V1__ListCostsReply *reply, enum by by, Daybook__V1__Cost *rows)
{
	size_t count = 0;

	for (size_t i = 0; i < reply->n_costs; i++) {
		rows[i] = *reply->costs[i];
		if (by == BY_LEVEL || by == BY_CHANNEL) {
			rows[i].plan = (char *)"";
			rows[i].plan_version = 0;
		}
		if (by == BY_PLAN || by == BY_CHANNEL)
			rows[i].level = 0;
		if (by == BY_PLAN || by == BY_LEVEL)
			rows[i].channel = (char *)"";
		reply->costs[i] = &rows[i];
	}
	if (reply->n_costs > 0)
		qsort(reply->costs, reply->n_costs, sizeof *reply->costs, compare_rows);
	for (size_t i = 0; i < reply->n_costs; i++) {
		Daybook__V1__Cost *cost = reply->costs[i];
		Daybook__V1__Cost *last = count == 0 ? NULL : reply->costs[count - 1];

		if (last == NULL || compare_rows(&last, &cost) != 0) {
			reply->costs[count++] = cost;
			continue;
		}
		last->earnings += cost->earnings;
		last->accrued += cost->accrued;
		last->reversed += cost->reversed;
	}
	reply->n_costs = count;
}

/* ---------------------------------------------------------------------------- printing
 */

static void
put_figures(struct table *table, const Daybook__V1__Cost *cost, unsigned exponent)
{
	table_u64(table, cost->earnings);
	table_money(table, cost->accrued, exponent);
	table_money(table, cost->reversed, exponent);
	table_money(table, cost->accrued - cost->reversed, exponent);
	table_end_row(table);
}

static void
put_row(struct table *table, const Daybook__V1__Cost *cost, unsigned exponent)
{
	table_text(table, cost->plan);
	if (cost->plan_version == 0)
		table_text(table, NULL);
	else
		table_u64(table, cost->plan_version);
	if (cost->level == 0)
		table_text(table, NULL);
	else
		table_u64(table, cost->level);
	table_text(table, cost->channel);
	put_figures(table, cost, exponent);
}

static void
print_table(const Daybook__V1__ListCostsReply *list, enum by by,
	    struct table_style style)
{
	static const bool hidden[][4] = { [BY_ALL] = { false, false, false, false },
					  [BY_PLAN] = { false, false, true, true },
					  [BY_LEVEL] = { true, true, false, true },
					  [BY_CHANNEL] = { true, true, true, false } };
	struct table_column shown[COLUMNS];
	Daybook__V1__Cost total = DAYBOOK__V1__COST__INIT;
	struct table *table;

	memcpy(shown, columns, sizeof columns);
	for (int i = 0; i < 4; i++)
		shown[i].wide = hidden[by][i];
	table = table_open(stdout, style, shown, COLUMNS);
	for (size_t i = 0; i < list->n_costs; i++) {
		const Daybook__V1__Cost *cost = list->costs[i];

		put_row(table, cost, list->exponent);
		total.earnings += cost->earnings;
		total.accrued += cost->accrued;
		total.reversed += cost->reversed;
	}
	if (!style.csv) {
		for (int i = 0; i < 4; i++)
			table_text(table, NULL);
		put_figures(table, &total, list->exponent);
	}
	table_close(table);
}

static void
print_json(Daybook__V1__ListCostsReply *list, bool lines)
{
	struct json_rows json;

	json_rows_init(&json, stdout, lines, false);
	json_rows_begin(&json, &list->base, "costs");
	for (size_t i = 0; i < list->n_costs; i++)
		json_rows_put(&json, &list->costs[i]->base);
	json_rows_end(&json, NULL);
}

static void
print_costs(const Daybook__V1__ListCostsReply *reply, enum by by,
	    const struct cli_listing *o)
{
	Daybook__V1__ListCostsReply list = *reply;
	Daybook__V1__Cost *rows = calloc(reply->n_costs + 1, sizeof *rows);
	struct table_style style = listing_style(o);

	list.costs = calloc(reply->n_costs + 1, sizeof(Daybook__V1__Cost *));
	dbk_assert(rows != NULL && list.costs != NULL);
	if (reply->n_costs > 0)
		memcpy(list.costs, reply->costs, reply->n_costs * sizeof *list.costs);
	group(&list, by, rows);
	if (o->format == CLI_JSON || o->format == CLI_JSONL)
		print_json(&list, o->format == CLI_JSONL);
	else
		print_table(&list, by, style);
	free(list.costs);
	free(rows);
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__ListCostsRequest request = DAYBOOK__V1__LIST_COSTS_REQUEST__INIT;
	ProtobufCMessage *reply;
	enum by by;
	int code;

	if (!take_by(o->by, &by))
		return EXIT_USAGE;
	request.at_least_size = o->listing.at_least;
	code = session_call_alone(&o->listing.common, "ListCosts", &request.base,
				  &daybook__v1__list_costs_reply__descriptor, &reply);
	if (code != EXIT_OK)
		return code;
	print_costs((const Daybook__V1__ListCostsReply *)reply, by, &o->listing);
	protobuf_c_message_free_unpacked(reply, NULL);
	return EXIT_OK;
}

const struct cli_verb verb_report_costs = {
	.name = "report costs",
	.group = CLI_READ,
	.operands = "",
	.summary = "what commission cost, by plan, level and channel",
	.about =
	    "Sums the commission that was accrued and what of it goods that came back "
	    "have\n"
	    "reversed; cost is the difference. --by sums up by one of them alone. The "
	    "last row\n"
	    "of the table is the sum of all.",
	.examples = "  daybook report costs\n"
		    "  daybook report costs --by level\n"
		    "  daybook report costs --format csv >costs.csv",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
