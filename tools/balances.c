/* balances.c -- the accounts of the book and what stands in them. */

#include "listing.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	uint64_t code;
	const char *owner;
	bool nonzero;
	bool largest;
};

static const struct options defaults = { .listing.limit = CLI_LIMIT_DEFAULT };

static const struct cli_option options[] = {
	{ "code", "CODE", "only the accounts of this code, as in 2110", CLI_COUNT,
	  offsetof(struct options, code), 1, 9999 },
	{ "owner", "NAME", "only the accounts of this agent, psp or channel", CLI_TEXT,
	  offsetof(struct options, owner), 0, 0 },
	{ "nonzero", NULL, "leave out accounts that stand at 0", CLI_FLAG,
	  offsetof(struct options, nonzero), 0, 0 },
	{ "largest", NULL, "largest balance first, whatever its sign; at most 1000",
	  CLI_FLAG, offsetof(struct options, largest), 0, 0 },
	CLI_OPTION_LIMIT,
	CLI_OPTION_AS_OF,
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

static const struct table_column columns[] = {
	{ "code", TABLE_NUMBER, false },     { "name", TABLE_TEXT, false },
	{ "owner", TABLE_TEXT, false },	     { "debits", TABLE_NUMBER, false },
	{ "credits", TABLE_NUMBER, false },  { "balance", TABLE_NUMBER, false },
	{ "postings", TABLE_NUMBER, false },
};

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__ListBalancesReply *list =
	    (const Daybook__V1__ListBalancesReply *)reply;
	const Daybook__V1__Balance *balance = (const Daybook__V1__Balance *)row;

	(void)context;
	table_u64(table, balance->code);
	table_text(table, balance->name);
	table_text(table, balance->owner);
	table_money(table, balance->debits, list->exponent);
	table_money(table, balance->credits, list->exponent);
	table_money(table, balance->balance, list->exponent);
	table_u64(table, balance->postings);
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__ListBalancesRequest request =
	    DAYBOOK__V1__LIST_BALANCES_REQUEST__INIT;
	struct listing_as_of as_of;
	struct listing listing = {
		.method = "ListBalances",
		.request = &request.base,
		.reply = &daybook__v1__list_balances_reply__descriptor,
		.rows = "balances",
		.one_page = o->largest,
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_row,
	};

	request.code = (uint32_t)o->code;
	request.owner = (char *)o->owner;
	request.nonzero = o->nonzero;
	request.largest_first = o->largest;
	request.as_of = listing_as_of(&o->listing.as_of, &as_of);
	request.at_least_size = o->listing.at_least;
	return listing_run_alone(&listing, &o->listing);
}

const struct cli_verb verb_balances = {
	.name = "balances",
	.group = CLI_READ,
	.operands = "",
	.summary = "accounts with their balances",
	.about =
	    "Lists the accounts of agents, payment providers, channels and plans. "
	    "Debits are\npositive, credits negative, so what the programme owes is "
	    "negative. The accounts\nof a single order are shown by `daybook order`.",
	.examples = "  daybook balances --largest --limit 10\n"
		    "  daybook balances --code 2120 --nonzero   # who can be paid\n"
		    "  daybook balances --owner A17 --as-of 2011-06-30",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
