/* propose.c -- whoever has enough to be paid, as requests for payout. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <daybook/limits.h>

#include "amount.h"
#include "base/assert.h"
#include "base/hash.h"
#include "base/money.h"
#include "book_status.h"
#include "event_out.h"
#include "payees.h"
#include "verbs.h"

/* The account that payouts are drawn from; what agents have there is a credit. */
#define AVAILABLE 2120

struct options {
	struct event_out_options out;
	const char *min;
	const char *agent;
	const char *method;
	const char *prefix;
};

static const struct options defaults = { .min = NULL };

static const struct cli_option options[] = {
	{ "min", "AMOUNT", "only those who have at least this, as in 100.00", CLI_TEXT,
	  offsetof(struct options, min), 0, 0 },
	{ "agent", "AGENT", "only this agent", CLI_TEXT,
	  offsetof(struct options, agent), 0, 0 },
	{ "method", "METHOD", "how it is to be paid, where the plan names methods",
	  CLI_TEXT, offsetof(struct options, method), 0, 0 },
	{ "prefix", "TEXT", "of the payouts' ids (default P and the day)", CLI_TEXT,
	  offsetof(struct options, prefix), 0, 0 },
	EVENT_OUT_OPTION_AT,
	EVENT_OUT_OPTION_ACTOR,
	CLI_OPTION_END
};

struct propose {
	const struct options *options;
	struct event_out out;
	char prefix[DBK_ID_BYTES_MAX + 1];
	struct payees payees;
	unsigned exponent;
	int64_t min;
	int64_t total;
	uint64_t without_payee;
	int64_t without_payee_total;
};

/* ------------------------------------------------------------------------------ ids
 */

#define HASHED_HEX 32

/* "P20110630-A17"; of an agent whose name is too long for that a hash of it, so that a
 * second run gives the same id. */
static void
make_id(const struct propose *p, const char *agent, char out[DBK_ID_BYTES_MAX + 1])
{
	unsigned char hash[DBK_DIGEST_BYTES];
	struct dbk_digest digest;
	int size = snprintf(out, DBK_ID_BYTES_MAX + 1, "%s-%s", p->prefix, agent);

	if (size <= DBK_ID_BYTES_MAX)
		return;
	dbk_digest_init(&digest);
	dbk_digest_update(&digest, agent, strlen(agent));
	dbk_digest_final(&digest, hash);
	size = snprintf(out, DBK_ID_BYTES_MAX + 1, "%s-", p->prefix);
	for (int i = 0; i < HASHED_HEX / 2; i++)
		(void)snprintf(out + size + 2 * i, 3, "%02x", hash[i]);
}

static int
take_prefix(struct propose *p)
{
	time_t seconds = (time_t)p->out.at.seconds;
	size_t max = DBK_ID_BYTES_MAX - 1 - HASHED_HEX;
	struct tm day;

	if (p->options->prefix == NULL) {
		(void)gmtime_r(&seconds, &day);
		(void)strftime(p->prefix, sizeof p->prefix, "P%Y%m%d", &day);
		return EXIT_OK;
	}
	if (strlen(p->options->prefix) > max) {
		diag_error("--prefix: above %zu bytes", max);
		return EXIT_USAGE;
	}
	(void)snprintf(p->prefix, sizeof p->prefix, "%s", p->options->prefix);
	return EXIT_OK;
}

/* ---------------------------------------------------------------------------- agents
 */

static void
propose_one(struct propose *p, const char *agent, int64_t amount)
{
	const ProtobufCBinaryData *hash = payees_find(&p->payees, agent);
	Daybook__V1__PayoutRequested body = DAYBOOK__V1__PAYOUT_REQUESTED__INIT;
	Daybook__V1__Event event = event_out_make(&p->out);
	char id[DBK_ID_BYTES_MAX + 1];

	if (hash == NULL) {
		p->without_payee++;
		(void)dbk_money_add(p->without_payee_total, amount,
				    &p->without_payee_total);
		return;
	}
	make_id(p, agent, id);
	body.payout = id;
	body.agent = (char *)agent;
	body.gross = amount;
	if (p->options->method != NULL)
		body.method = (char *)p->options->method;
	body.payee_hash = *hash;
	event.body_case = DAYBOOK__V1__EVENT__BODY_PAYOUT_REQUESTED;
	event.payout_requested = &body;
	event_out_print(&p->out, &event);
	(void)dbk_money_add(p->total, amount, &p->total);
}

static void
take_page(struct propose *p, const Daybook__V1__ListBalancesReply *page)
{
	for (size_t i = 0; i < page->n_balances; i++) {
		const Daybook__V1__Balance *balance = page->balances[i];

		if (balance->balance < 0 && balance->balance <= -p->min)
			propose_one(p, balance->owner, -balance->balance);
	}
}

static int
take_balances(struct session *session, struct propose *p, uint64_t size)
{
	Daybook__V1__ListBalancesRequest request =
	    DAYBOOK__V1__LIST_BALANCES_REQUEST__INIT;
	char *token = NULL;
	int code;

	request.code = AVAILABLE;
	request.owner = (char *)p->options->agent;
	request.nonzero = true;
	request.page_size = DBK_PAGE_ROWS_MAX;
	request.at_least_size = size;
	do {
		const Daybook__V1__ListBalancesReply *page;
		ProtobufCMessage *reply;

		request.page_token = token;
		code =
		    session_call(session, "ListBalances", &request.base,
				 &daybook__v1__list_balances_reply__descriptor, &reply);
		if (code != EXIT_OK)
			break;
		page = (const Daybook__V1__ListBalancesReply *)reply;
		take_page(p, page);
		free(token);
		token = strdup(page->next_page_token);
		dbk_assert(token != NULL);
		protobuf_c_message_free_unpacked(reply, NULL);
	} while (token[0] != '\0' && !ferror(stdout));
	free(token);
	return code;
}

/* -------------------------------------------------------------------------- the verb
 */

static void
print_sum(const struct propose *p, const char *currency)
{
	char text[DBK_MONEY_TEXT_BYTES];

	(void)fflush(stdout);
	(void)dbk_money_format(p->total, p->exponent, text);
	(void)fprintf(stderr, "(%" PRIu64 " payouts of %s %s in all)\n", p->out.count,
		      text, currency);
	if (p->without_payee == 0)
		return;
	(void)dbk_money_format(p->without_payee_total, p->exponent, text);
	(void)fprintf(stderr,
		      "(%" PRIu64 " more agents have %s %s and no verified payee)\n",
		      p->without_payee, text, currency);
}

/* Everything that the log holds now is in the figures. */
static int
propose(struct session *session, struct propose *p)
{
	Daybook__V1__Status *status;
	int code = book_status_get(session, &status);

	if (code != EXIT_OK)
		return code;
	p->exponent =
	    status->exponent > DBK_EXPONENT_MAX ? DBK_EXPONENT_MAX : status->exponent;
	if (!amount_parse(p->options->min, p->exponent, &p->min) || p->min <= 0) {
		diag_error("--min: \"%.40s\" is not an amount above 0 such as 100%s",
			   p->options->min, p->exponent == 2 ? ".00" : "");
		code = EXIT_USAGE;
	}
	if (code == EXIT_OK)
		code = payees_read(session, PAYEES_OF_AGENTS, p->options->agent,
				   &p->payees);
	if (code == EXIT_OK)
		code = take_balances(session, p, status->size);
	if (code == EXIT_OK)
		print_sum(p, status->currency);
	protobuf_c_message_free_unpacked(&status->base, NULL);
	return code;
}

static int
run(struct cli_call *call)
{
	struct propose p = { .options = call->options };
	struct session *session;
	int code;

	if (p.options->min == NULL) {
		diag_error("--min AMOUNT is missing");
		return EXIT_USAGE;
	}
	event_out_init(&p.out, &p.options->out);
	code = take_prefix(&p);
	if (code != EXIT_OK)
		return code;
	code = session_open(&p.options->out.common, &session);
	if (code != EXIT_OK)
		return code;
	code = propose(session, &p);
	payees_free(&p.payees);
	session_close(session);
	return code;
}

const struct cli_verb verb_payout_propose = {
	.name = "payout propose",
	.group = CLI_WRITE,
	.operands = "",
	.summary = "whoever has enough, as requests",
	.about =
	    "Prints a PayoutRequested event for every agent whose available balance is "
	    "at\n"
	    "least --min, for all of it, to the payee that was verified last. Agents "
	    "without\n"
	    "a verified payee are counted on stderr. Nothing is written: the book "
	    "decides when\n"
	    "the events are appended, under the limits of the plan in force.\n\n"
	    "A payout's id is the prefix and the agent, so that a second run on one "
	    "day "
	    "does\n"
	    "not ask twice for the same money.",
	.examples =
	    "  daybook payout propose --min 100 | daybook append --source maker -\n"
	    "  daybook payout propose --min 100 --agent A17 --method BANK\n"
	    "  daybook payout propose --min 1 --at 2011-06-30T16:00:00Z "
	    ">requests.jsonl",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
