/* restock.c -- goods that agents ask for: the question to the gates, and what was
 * allowed. */

#include <string.h>
#include <unistd.h>

#include <daybook/limits.h>

#include "amount.h"
#include "book_status.h"
#include "event_send.h"
#include "fresh_id.h"
#include "gates.h"
#include "listing.h"
#include "verbs.h"

/* --------------------------------------------------------------------------------- ask
 */

struct ask_options {
	struct event_send_options send;
	const char *price;
	const char *place;
	const char *request;
};

static const struct ask_options ask_defaults = { .price = NULL };

static const struct cli_option ask_options[] = {
	{ "price", "AMOUNT", "the price of a unit, as in 12.50", CLI_TEXT,
	  offsetof(struct ask_options, price), 0, 0 },
	{ "place", "PLACE", "where the goods are to be: physical (default) or cloud",
	  CLI_TEXT, offsetof(struct ask_options, place), 0, 0 },
	{ "request", "ID", "the request's name (default R and the time)", CLI_TEXT,
	  offsetof(struct ask_options, request), 0, 0 },
	EVENT_SEND_OPTIONS,
	CLI_OPTION_END
};

static int
take_place(const char *text, Daybook__V1__Place *out)
{
	if (text == NULL || strcasecmp(text, "physical") == 0) {
		*out = DAYBOOK__V1__PLACE__PHYSICAL;
		return EXIT_OK;
	}
	if (strcasecmp(text, "cloud") == 0) {
		*out = DAYBOOK__V1__PLACE__CLOUD;
		return EXIT_OK;
	}
	diag_error("--place: \"%.60s\" is neither physical nor cloud", text);
	return EXIT_USAGE;
}

static int
take_quantity(const char *text, int64_t *out)
{
	uint64_t value;

	if (!cli_count_parse(text, &value) || value == 0 || value > INT64_MAX) {
		diag_error("\"%.60s\" is no quantity", text);
		return EXIT_USAGE;
	}
	*out = (int64_t)value;
	return EXIT_OK;
}

static int
take_price(const char *text, unsigned exponent, int64_t *out)
{
	if (text == NULL || amount_parse(text, exponent, out))
		return EXIT_OK;
	diag_error("--price: \"%.60s\" is no amount with at most %u digits behind the "
		   "point",
		   text, exponent);
	return EXIT_USAGE;
}

/* The gates speak on stdout, whatever they say; a refusal without them is an error. */
static int
say(const struct event_send_options *o, const Daybook__V1__EventResult *result,
    const char *request, unsigned exponent)
{
	const struct table_style style = { .colour =
					       table_wants_colour(STDOUT_FILENO) };
	char sentence[GATES_SENTENCE_BYTES], words[DBK_ID_BYTES_MAX + 32];
	bool refused = result->outcome == DAYBOOK__V1__OUTCOME__REFUSED;
	bool asked = gates_were_asked(result);

	(void)snprintf(words, sizeof words, "request %.64s is allowed", request);
	if (event_send_is_json(o) || (refused && !asked))
		return event_send_say(o, result, words);
	if (asked) {
		gates_sentence(result, exponent, sentence);
		(void)printf("%s\n\n", sentence);
		gates_print(stdout, result, style, exponent);
		(void)fputc('\n', stdout);
	}
	return refused ? EXIT_REFUSED : event_send_say(o, result, words);
}

static int
send_request(struct session *session, const struct cli_call *call, unsigned exponent,
	     Daybook__V1__RestockRequested *body)
{
	const struct ask_options *o = call->options;
	const char *parts[] = { call->operands[0], call->operands[1], call->operands[2],
				o->price, o->place };
	Daybook__V1__AppendReply *reply;
	char request[FRESH_ID_BYTES];
	struct event_out out;
	Daybook__V1__Event event;
	int code;

	event_out_init(&out, &o->send.out);
	event = event_out_make(&out);
	fresh_id('R', &out.at, parts, sizeof parts / sizeof parts[0], request);
	body->request = o->request == NULL ? request : (char *)o->request;
	event.body_case = DAYBOOK__V1__EVENT__BODY_RESTOCK_REQUESTED;
	event.restock_requested = body;
	code = event_send(session, &o->send, &event, &reply);
	if (code != EXIT_OK)
		return code;
	code = say(&o->send, reply->results[0], body->request, exponent);
	protobuf_c_message_free_unpacked(&reply->base, NULL);
	return code;
}

static int
ask(struct session *session, const struct cli_call *call,
    Daybook__V1__RestockRequested *body)
{
	const struct ask_options *o = call->options;
	Daybook__V1__Status *status;
	int code = book_status_get(session, &status);

	if (code != EXIT_OK)
		return code;
	code = take_price(o->price, status->exponent, &body->unit_price);
	if (code == EXIT_OK)
		code = send_request(session, call, status->exponent, body);
	protobuf_c_message_free_unpacked(&status->base, NULL);
	return code;
}

static int
run_ask(struct cli_call *call)
{
	const struct ask_options *o = call->options;
	Daybook__V1__RestockRequested body = DAYBOOK__V1__RESTOCK_REQUESTED__INIT;
	struct session *session;
	int code = take_place(o->place, &body.place);

	if (code == EXIT_OK)
		code = take_quantity(call->operands[2], &body.qty);
	if (code == EXIT_OK)
		code = session_open(&o->send.out.common, &session);
	if (code != EXIT_OK)
		return code;
	body.agent = call->operands[0];
	body.sku = call->operands[1];
	code = ask(session, call, &body);
	session_close(session);
	return code;
}

const struct cli_verb verb_restock_ask = {
	.name = "restock ask",
	.group = CLI_WRITE,
	.operands = "AGENT SKU QTY",
	.summary = "ask the gates for goods",
	.about =
	    "Sends a RestockRequested and prints what every gate in force said: its "
	    "mode,\n"
	    "what was measured and allowed, and whether it passes; then the largest\n"
	    "quantity that would pass. With --dry-run nothing is written. What is "
	    "allowed\n"
	    "can be claimed by goods issued or by an order of the agent.\n\n"
	    "Ends with 3 if the request is refused.",
	.examples = "  daybook restock ask A17 85123A 20 --dry-run\n"
		    "  daybook restock ask A17 85123A 20 --price 12.50\n"
		    "  daybook restock ask A17 85123A 20 --format json",
	.options = ask_options,
	.options_bytes = sizeof(struct ask_options),
	.defaults = &ask_defaults,
	.operands_min = 3,
	.operands_max = 3,
	.run = run_ask,
};

/* -------------------------------------------------------------------------------- list
 */

static const struct cli_listing list_defaults = { .limit = CLI_LIMIT_DEFAULT };

static const struct cli_option list_options[] = { CLI_OPTION_LIMIT, CLI_OPTION_AT_LEAST,
						  CLI_OPTION_FORMAT, CLI_OPTION_WIDE,
						  CLI_OPTION_END };

static const struct table_column columns[] = {
	{ "request", TABLE_TEXT, false },      { "agent", TABLE_TEXT, false },
	{ "sku", TABLE_TEXT, false },	       { "qty", TABLE_NUMBER, false },
	{ "unit_price", TABLE_NUMBER, false }, { "claimed", TABLE_NUMBER, false },
	{ "arrived", TABLE_NUMBER, false },    { "asked", TABLE_TEXT, false },
};

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__Restock *restock = (const Daybook__V1__Restock *)row;
	const unsigned *exponent = context;

	(void)reply;
	table_text(table, restock->request);
	table_text(table, restock->agent);
	table_text(table, restock->sku);
	table_i64(table, restock->qty);
	table_money(table, restock->unit_price, *exponent);
	table_i64(table, restock->claimed);
	table_i64(table, restock->arrived);
	table_text(table, restock->asked);
}

static int
list(struct session *session, const struct cli_listing *o, char *agent)
{
	Daybook__V1__ListRestocksRequest request =
	    DAYBOOK__V1__LIST_RESTOCKS_REQUEST__INIT;
	unsigned exponent = 0;
	struct listing listing = {
		.method = "ListRestocks",
		.request = &request.base,
		.reply = &daybook__v1__list_restocks_reply__descriptor,
		.rows = "restocks",
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_row,
		.context = &exponent,
	};
	int code = book_status_exponent(session, &exponent);

	if (code != EXIT_OK)
		return code;
	if (agent != NULL)
		request.agent = agent;
	request.at_least_size = o->at_least;
	return listing_run(session, &listing, o);
}

static int
run_list(struct cli_call *call)
{
	const struct cli_listing *o = call->options;
	struct session *session;
	int code = session_open(&o->common, &session);

	if (code != EXIT_OK)
		return code;
	code = list(session, o, call->operand_count > 0 ? call->operands[0] : NULL);
	session_close(session);
	return code;
}

const struct cli_verb verb_restock_list = {
	.name = "restock list",
	.group = CLI_READ,
	.operands = "[AGENT]",
	.summary = "requests that were allowed, and what came of them",
	.about = "Lists the restocks that the gates allowed, of all agents or of one: "
		 "what was\n"
		 "asked for, how much of it is claimed by goods issued or by orders, "
		 "and how\n"
		 "much arrived. What was refused is in `daybook log --refused --type\n"
		 "RestockRequested`.",
	.examples = "  daybook restock list\n"
		    "  daybook restock list A17 --format csv",
	.options = list_options,
	.options_bytes = sizeof(struct cli_listing),
	.defaults = &list_defaults,
	.operands_max = 1,
	.run = run_list,
};

static const struct cli_common defaults = { .timeout_s = 0 };

static const struct cli_verb *const below[] = { &verb_restock_ask, &verb_restock_list,
						NULL };

const struct cli_verb verb_restock = {
	.name = "restock",
	.group = CLI_WRITE,
	.operands = "",
	.summary = "goods that agents ask for, and what the gates say",
	.about = "Asks the gates for goods, or lists what they allowed.",
	.examples = "  daybook restock ask A17 85123A 20 --dry-run\n"
		    "  daybook restock list A17",
	.options_bytes = sizeof(struct cli_common),
	.defaults = &defaults,
	.below = below,
};
