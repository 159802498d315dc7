/* network.c -- what the network as a whole took in and what consumers bought of it. */

#include <string.h>

#include "listing.h"
#include "network.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	const char *by;
	const char *sku;
	const char *from;
	const char *to;
	bool by_sku;
};

static const struct options defaults = { .listing.limit = CLI_LIMIT_DEFAULT,
					 .by = "month" };

static const struct cli_option options[] = {
	{ "by", "PERIOD", "month (default), day or whole", CLI_TEXT,
	  offsetof(struct options, by), 0, 0 },
	{ "sku", "SKU", "only this sku", CLI_TEXT, offsetof(struct options, sku), 0,
	  0 },
	{ "by-sku", NULL, "one line for every sku", CLI_FLAG,
	  offsetof(struct options, by_sku), 0, 0 },
	{ "from", "DAY", "only from this day of the book on, as in 2011-06-01",
	  CLI_TEXT, offsetof(struct options, from), 0, 0 },
	{ "to", "DAY", "only to this day, it too", CLI_TEXT,
	  offsetof(struct options, to), 0, 0 },
	CLI_OPTION_LIMIT,
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

/* Below this share of goods that reached consumers the rest piles up with agents. */
#define SELL_THROUGH_ALARM_PPM 200000

const struct table_column network_columns[NETWORK_COLUMNS] = {
	{ "period", TABLE_TEXT, false },
	{ "sku", TABLE_TEXT, false },
	{ "issued", TABLE_NUMBER, false },
	{ "returned", TABLE_NUMBER, false },
	{ "passed", TABLE_NUMBER, false },
	{ "sold", TABLE_NUMBER, false },
	{ "retail", TABLE_NUMBER, false },
	{ "sell_through", TABLE_NUMBER, false },
	{ "multi_count", TABLE_NUMBER, false },
	{ "friend_price", TABLE_NUMBER, true },
	{ "stranger_price", TABLE_NUMBER, true },
};

void
network_row(struct table *table, const ProtobufCMessage *reply,
	    const ProtobufCMessage *message, const void *context)
{
	unsigned exponent = ((const Daybook__V1__ListNetworkReply *)reply)->exponent;
	const Daybook__V1__NetworkRow *row = (const Daybook__V1__NetworkRow *)message;

	(void)context;
	table_text(table, row->period);
	table_text(table, row->sku);
	table_i64(table, row->issued);
	table_i64(table, row->returned);
	table_i64(table, row->passed);
	table_i64(table, row->sold);
	table_i64(table, row->retail);
	table_ppm(table, row->sell_through_ppm, SELL_THROUGH_ALARM_PPM);
	table_ppm(table, row->multi_count_ppm, 0);
	table_price(table, row->friend_price, exponent);
	table_price(table, row->stranger_price, exponent);
}

static int
take_period(const char *text, Daybook__V1__NetworkPeriod *out)
{
	static const struct {
		const char *word;
		Daybook__V1__NetworkPeriod period;
	} periods[] = {
		{ "month", DAYBOOK__V1__NETWORK_PERIOD__NETWORK_MONTH },
		{ "day", DAYBOOK__V1__NETWORK_PERIOD__NETWORK_DAY },
		{ "whole", DAYBOOK__V1__NETWORK_PERIOD__NETWORK_WHOLE },
	};

	for (size_t i = 0; i < sizeof periods / sizeof periods[0]; i++) {
		if (strcmp(text, periods[i].word) == 0) {
			*out = periods[i].period;
			return EXIT_OK;
		}
	}
	diag_error("--by: \"%.60s\" is not month, day or whole", text);
	return EXIT_USAGE;
}

enum { COLUMN_PERIOD = 0, COLUMN_SKU = 1 };

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__ListNetworkRequest request =
	    DAYBOOK__V1__LIST_NETWORK_REQUEST__INIT;
	struct table_column columns[NETWORK_COLUMNS];
	struct listing listing = {
		.method = "ListNetwork",
		.request = &request.base,
		.reply = &daybook__v1__list_network_reply__descriptor,
		.rows = "rows",
		.columns = columns,
		.column_count = NETWORK_COLUMNS,
		.row = network_row,
	};
	int code = take_period(o->by, &request.period);

	if (code != EXIT_OK)
		return code;
	memcpy(columns, network_columns, sizeof columns);
	columns[COLUMN_PERIOD].wide =
	    request.period == DAYBOOK__V1__NETWORK_PERIOD__NETWORK_WHOLE;
	columns[COLUMN_SKU].wide = !o->by_sku && o->sku == NULL;
	request.sku = (char *)o->sku;
	request.by_sku = o->by_sku;
	request.from = (char *)o->from;
	request.to = (char *)o->to;
	request.at_least_size = o->listing.at_least;
	return listing_run_alone(&listing, &o->listing);
}

const struct cli_verb verb_report_network = {
	.name = "report network",
	.group = CLI_READ,
	.operands = "",
	.summary = "what went into the network, and what consumers bought",
	.about = "By month of the book: units issued to agents and given back, passed "
		 "from agent\n"
		 "to agent, sold to verified consumers, and all that consumers bought "
		 "(retail).\n"
		 "sell_through is sold of what was issued and kept, red below 20 %; "
		 "multi_count\n"
		 "is how often goods are issued and passed on for each unit that a "
		 "consumer\n"
		 "buys. --wide adds what bound customers (friends) and strangers pay "
		 "for a unit.",
	.examples =
	    "  daybook report network\n"
	    "  daybook report network --by whole --by-sku\n"
	    "  daybook report network --by day --from 2011-06-01 --to 2011-06-30",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
