/* stock.c -- does the network sell what it takes in, and who keeps the most of it? */

#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "listing.h"
#include "network.h"
#include "stock_measures.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	uint64_t holders;
	uint64_t window;
};

#define HOLDERS_DEFAULT 10

/* Days of which the books keep what was received and sold. */
#define WINDOW_DAYS_MAX 366

static const struct options defaults = { .listing.limit = CLI_LIMIT_DEFAULT,
					 .holders = HOLDERS_DEFAULT };

static const struct cli_option options[] = {
	{ "holders", "N", "so many of the largest holders (default 10)", CLI_COUNT,
	  offsetof(struct options, holders), 1, DBK_PAGE_ROWS_MAX },
	{ "window", "DAYS", "days that end today (default as guards do)", CLI_COUNT,
	  offsetof(struct options, window), 1, WINDOW_DAYS_MAX },
	CLI_OPTION_LIMIT,
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

enum { COLUMN_SKU = 1 };

static int
print_network(struct session *session, const struct options *o)
{
	Daybook__V1__ListNetworkRequest request =
	    DAYBOOK__V1__LIST_NETWORK_REQUEST__INIT;
	struct table_column columns[NETWORK_COLUMNS];
	struct listing listing = {
		.method = "ListNetwork",
		.request = &request.base,
		.reply = &daybook__v1__list_network_reply__descriptor,
		.rows = "rows",
		.one_line = true,
		.columns = columns,
		.column_count = NETWORK_COLUMNS,
		.row = network_row,
	};

	memcpy(columns, network_columns, sizeof columns);
	columns[COLUMN_SKU].wide = true;
	request.period = DAYBOOK__V1__NETWORK_PERIOD__NETWORK_MONTH;
	request.at_least_size = o->listing.at_least;
	return listing_run(session, &listing, &o->listing);
}

static int
print_holders(struct session *session, const struct options *o)
{
	Daybook__V1__ListGoodsRequest request = DAYBOOK__V1__LIST_GOODS_REQUEST__INIT;
	struct cli_listing listing = o->listing;

	request.window_days = (uint32_t)o->window;
	request.by_agent = true;
	request.largest_first = true;
	request.at_least_size = o->listing.at_least;
	listing.limit = o->holders;
	return stock_measures_list(session, &request, &listing);
}

/* Two tables for people; one object with both; as CSV the holders alone, since months
 * have a report of their own. */
static int
print_both(struct session *session, const struct options *o)
{
	bool json = o->listing.format == CLI_JSON;
	int code;

	if (o->listing.format == CLI_CSV || o->listing.format == CLI_JSONL)
		return print_holders(session, o);
	if (json)
		(void)fputs("{\"network\":", stdout);
	code = print_network(session, o);
	if (code == EXIT_OK) {
		(void)fputs(json ? ",\"holders\":" : "\n", stdout);
		code = print_holders(session, o);
	}
	if (json)
		(void)fputs("}\n", stdout);
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
	code = print_both(session, o);
	session_close(session);
	return code;
}

const struct cli_verb verb_report_stock = {
	.name = "report stock",
	.group = CLI_READ,
	.operands = "",
	.summary = "sell-through by month, and who keeps the most",
	.about = "Shows month by month how much of what went to agents consumers "
		 "bought, and\n"
		 "then the agents with most units in stock: what they sell of them, "
		 "how many\n"
		 "days the rest lasts and how old it is. As CSV: those agents; the "
		 "months are in\n"
		 "`daybook report network`.",
	.examples = "  daybook report stock\n"
		    "  daybook report stock --holders 50 --window 90\n"
		    "  daybook report stock --format csv >holders.csv",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
