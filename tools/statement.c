/* statement.c -- an agent's money over a time, or the lines of an account. */

#include <string.h>

#include <daybook/limits.h>

#include "agent_statement.h"
#include "base/money.h"
#include "listing.h"
#include "names.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	uint64_t code; /* 0: not given */
	const char *owner;
	struct cli_time from;
	struct cli_time to;
	bool figures;
};

static const struct options defaults = { .listing.limit = CLI_LIMIT_DEFAULT };

static const struct cli_option options[] = {
	{ "lines", "N", "at most N lines, 0 for all (default: 50 in tables, else all)",
	  CLI_COUNT, offsetof(struct options, listing.limit), 0, 0 },
	{ "figures", NULL, "no lines: only opening, changes and closing", CLI_FLAG,
	  offsetof(struct options, figures), 0, 0 },
	{ "code", "CODE", "the account of this code", CLI_COUNT,
	  offsetof(struct options, code), 1, 9999 },
	{ "owner", "NAME", "whose account; without a code all accounts of NAME",
	  CLI_TEXT, offsetof(struct options, owner), 0, 0 },
	{ "from", "TIME", "only what happened at TIME or later", CLI_INSTANT,
	  offsetof(struct options, from), 0, 0 },
	{ "to", "TIME", "only what happened before TIME", CLI_INSTANT,
	  offsetof(struct options, to), 0, 0 },
	CLI_OPTION_LIMIT,
	CLI_OPTION_AS_OF,
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

enum { COLUMN_OWNER = 2, COLUMNS = 13 };

static const struct table_column all_columns[COLUMNS] = {
	{ "code", TABLE_NUMBER, true },	       { "name", TABLE_TEXT, true },
	{ "owner", TABLE_TEXT, true },	       { "position", TABLE_NUMBER, false },
	{ "effective_at", TABLE_TEXT, false }, { "type", TABLE_TEXT, false },
	{ "order", TABLE_TEXT, false },	       { "amount", TABLE_NUMBER, false },
	{ "balance", TABLE_NUMBER, false },    { "late", TABLE_TEXT, false },
	{ "cause", TABLE_TEXT, true },	       { "payout", TABLE_TEXT, true },
	{ "prior_period", TABLE_TEXT, true },
};

static void
print_line(struct table *table, const ProtobufCMessage *reply,
	   const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__Statement *statement = (const Daybook__V1__Statement *)reply;
	const Daybook__V1__StatementLine *line =
	    (const Daybook__V1__StatementLine *)row;
	bool sub_ledger = line->owner != NULL && line->owner[0] != '\0';
	char cause[NAMES_BYTES];

	(void)context;
	table_u64(table, statement->code);
	table_text(table, statement->name);
	table_text(table, sub_ledger ? line->owner : statement->owner);
	table_u64(table, line->position);
	table_time(table, line->effective_at);
	table_text(table, line->type_name);
	table_text(table, line->order);
	table_money(table, line->amount, statement->exponent);
	table_money(table, line->balance, statement->exponent);
	table_flag(table, line->late, "late");
	table_text(table, names_cause(line->cause, cause));
	table_text(table, line->payout);
	table_flag(table, line->prior_period, "prior period");
}

static void
print_head(const ProtobufCMessage *reply, const void *context)
{
	const Daybook__V1__Statement *s = (const Daybook__V1__Statement *)reply;
	char balance[DBK_MONEY_TEXT_BYTES];

	(void)context;
	(void)dbk_money_format(
	    s->balance, s->exponent > DBK_EXPONENT_MAX ? DBK_EXPONENT_MAX : s->exponent,
	    balance);
	(void)printf("%u %s%s%s: %s %s after %llu records\n", s->code, s->name,
		     s->owner[0] == '\0' ? "" : " of ", s->owner, balance, s->currency,
		     (unsigned long long)s->size);
}

/* One statement under way: what to ask, and how to print it. */
struct ask {
	Daybook__V1__GetStatementRequest request;
	Google__Protobuf__Timestamp from, to;
	struct listing_as_of as_of;
	struct table_column columns[COLUMNS];
	struct listing listing;
};

static void
ask_init(struct ask *ask, const struct options *o, const struct cli_as_of *as_of)
{
	daybook__v1__get_statement_request__init(&ask->request);
	ask->request.from = listing_time(&o->from, &ask->from);
	ask->request.to = listing_time(&o->to, &ask->to);
	ask->request.as_of = listing_as_of(as_of, &ask->as_of);
	ask->request.at_least_size = o->listing.at_least;
	memcpy(ask->columns, all_columns, sizeof all_columns);
	ask->listing = (struct listing){
		.method = "GetStatement",
		.request = &ask->request.base,
		.reply = &daybook__v1__statement__descriptor,
		.rows = "lines",
		.columns = ask->columns,
		.column_count = COLUMNS,
		.row = print_line,
		.head = print_head,
	};
}

static int
one_account(struct session *session, const struct options *o, uint64_t code,
	    char *owner)
{
	struct ask ask;

	ask_init(&ask, o, &o->listing.as_of);
	ask.request.code = (uint32_t)code;
	ask.request.owner = owner;
	/* The lines of a control account are of many sub-ledgers. */
	ask.columns[COLUMN_OWNER].wide = owner != NULL;
	return listing_run(session, &ask.listing, &o->listing);
}

/* ------------------------------------------------------- all accounts of one owner */

/* Codes of one owner; the chart of accounts has fewer. */
#define CODES_MAX 64

struct accounts {
	uint32_t codes[CODES_MAX];
	size_t count;
	uint64_t size; /* of the book that has them */
};

static int
find_accounts(struct session *session, const struct options *o, const char *owner,
	      struct accounts *out)
{
	Daybook__V1__ListBalancesRequest request =
	    DAYBOOK__V1__LIST_BALANCES_REQUEST__INIT;
	const Daybook__V1__ListBalancesReply *list;
	struct listing_as_of as_of;
	ProtobufCMessage *reply;
	int code;

	request.owner = (char *)owner;
	request.page_size = CODES_MAX;
	request.as_of = listing_as_of(&o->listing.as_of, &as_of);
	request.at_least_size = o->listing.at_least;
	code = session_call(session, "ListBalances", &request.base,
			    &daybook__v1__list_balances_reply__descriptor, &reply);
	if (code != EXIT_OK)
		return code;
	list = (const Daybook__V1__ListBalancesReply *)reply;
	out->count = 0;
	out->size = list->size;
	for (size_t i = 0; i < list->n_balances && out->count < CODES_MAX; i++)
		out->codes[out->count++] = list->balances[i]->code;
	protobuf_c_message_free_unpacked(reply, NULL);
	if (out->count > 0)
		return EXIT_OK;
	diag_error("no agent and no account is called %s", owner);
	return EXIT_NOT_FOUND;
}

static int
print_accounts(struct session *session, const struct options *o, const char *owner,
	       const struct accounts *accounts)
{
	struct cli_listing listing = o->listing;
	struct table *shared = NULL;
	int code = EXIT_OK;

	/* All statements as of one size, so that they foot together. */
	if (listing.as_of.kind == CLI_NOW)
		listing.as_of = (struct cli_as_of){ CLI_SIZE, accounts->size, 0 };
	if (listing.format == CLI_JSONL)
		listing.format = CLI_JSON;
	if (listing.format == CLI_CSV)
		shared =
		    table_open(stdout, listing_style(&listing), all_columns, COLUMNS);
	for (size_t i = 0; i < accounts->count && code == EXIT_OK; i++) {
		struct ask ask;

		ask_init(&ask, o, &listing.as_of);
		ask.request.code = accounts->codes[i];
		ask.request.owner = (char *)owner;
		ask.listing.table = shared;
		ask.listing.one_line = o->listing.format == CLI_JSONL;
		if (i > 0 && o->listing.format == CLI_JSON)
			(void)fputs(",", stdout);
		if (i > 0 && o->listing.format == CLI_TABLE)
			(void)fputs("\n", stdout);
		code = listing_run(session, &ask.listing, &listing);
	}
	table_close(shared);
	return code;
}

static int
all_accounts(struct session *session, const struct options *o, const char *owner)
{
	struct accounts accounts;
	int code = find_accounts(session, o, owner, &accounts);
	bool json = o->listing.format == CLI_JSON;

	if (code != EXIT_OK)
		return code;
	if (json) {
		(void)fputs("{\"owner\":", stdout);
		json_rows_string(stdout, dbk_str_of(owner));
		(void)fputs(",\"statements\":[\n", stdout);
	}
	code = print_accounts(session, o, owner, &accounts);
	if (json)
		(void)fputs("]}\n", stdout);
	return code;
}

/* ------------------------------------------------------------------------- the verb */

/* What the command line asks for. */
struct question {
	uint64_t code; /* 0: none */
	char *owner;   /* of that account, or of all accounts */
	char *agent;
};

/* The chart of accounts numbers its codes with four digits. */
static bool
is_code(const char *text, uint64_t *out)
{
	return strlen(text) == 4 && cli_count_parse(text, out);
}

static bool
take_operands(const struct cli_call *call, struct question *out)
{
	const struct options *o = call->options;
	char *const *operands = call->operands;
	int count = call->operand_count;

	*out = (struct question){ o->code, (char *)o->owner, NULL };
	if (count > 0 && o->code == 0 && is_code(operands[0], &out->code)) {
		operands++;
		count--;
	} else if (count == 2) {
		diag_error("\"%s\" is not a code of four digits", operands[0]);
		return false;
	}
	if (count == 1 && o->owner != NULL) {
		diag_error("\"%s\" and --owner exclude each other", operands[0]);
		return false;
	}
	if (count == 1 && out->code == 0)
		out->agent = operands[0];
	else if (count == 1)
		out->owner = operands[0];
	if (out->code != 0 || out->owner != NULL || out->agent != NULL)
		return true;
	diag_error("name an agent, a code, or --owner NAME");
	return false;
}

/* Somebody who is no agent may still have accounts: a psp, a channel, a plan. */
static int
agent_or_owner(struct session *session, const struct options *o, char *name)
{
	const struct agent_statement_options ask = {
		.listing = &o->listing,
		.from = o->from,
		.to = o->to,
		.figures = o->figures,
	};
	bool unknown;
	int code = agent_statement_run(session, name, &ask, &unknown);

	return unknown ? all_accounts(session, o, name) : code;
}

static int
answer(struct session *session, const struct options *o,
       const struct question *question)
{
	if (question->agent != NULL)
		return agent_or_owner(session, o, question->agent);
	if (question->code != 0)
		return one_account(session, o, question->code, question->owner);
	return all_accounts(session, o, question->owner);
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	struct question question;
	struct session *session;
	int code;

	if (!take_operands(call, &question))
		return EXIT_USAGE;
	if (o->figures && question.agent == NULL) {
		diag_error("--figures: an account has none; name an agent");
		return EXIT_USAGE;
	}
	code = session_open(&o->listing.common, &session);
	if (code != EXIT_OK)
		return code;
	code = answer(session, o, &question);
	session_close(session);
	return code;
}

const struct cli_verb verb_statement = {
	.name = "statement",
	.group = CLI_READ,
	.operands = "AGENT | CODE [OWNER]",
	.summary = "an agent's money over a time; the lines of an account",
	.about =
	    "With an AGENT shows what it had at --from, what changed by cause "
	    "(accrued,\n"
	    "matured, reversed, netted, paid and so on) and what it has at --to, by "
	    "the "
	    "state\n"
	    "of the money; it says that these foot, or fails. Then the lines, newest "
	    "first:\n"
	    "what happened, for which order or payout, in which account. A line is "
	    "late "
	    "if the\n"
	    "book's clock had passed it when it arrived, and of a prior period if that "
	    "was\n"
	    "closed. In favour of the agent is positive; what it owes is "
	    "receivable.\n\n"
	    "With a CODE of the chart of accounts and an OWNER (an agent, a payment "
	    "provider,\n"
	    "a channel, an order) shows that account, debits positive; with a CODE "
	    "alone "
	    "the\n"
	    "account as a whole, each line with its owner; with --owner alone, or a "
	    "name "
	    "that\n"
	    "is no agent's, every account of that name.",
	.examples =
	    "  daybook statement A17 --from 2011-06-01 --to 2011-07-01\n"
	    "  daybook statement A17 --figures --as-of 2011-06-30\n"
	    "  daybook statement 2110 A17           # or --code 2110 --owner A17\n"
	    "  daybook statement --owner alipay     # every account of a provider\n"
	    "  daybook statement 2010 --limit 0 --format csv >escrow.csv",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 0,
	.operands_max = 2,
	.run = run,
};
