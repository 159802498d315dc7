/* send.c -- batched payouts as sent to a provider. */

#include <inttypes.h>
#include <string.h>

#include <daybook/limits.h>

#include "event_out.h"
#include "register.h"
#include "verbs.h"

struct options {
	struct event_out_options out;
	struct cli_list batches;
	const char *provider;
	const char *state;
	const char *prefix;
};

static const struct options defaults = { .state = "batched", .prefix = "" };

static const struct cli_option options[] = {
	{ "batch", "BATCH", "only those of this batch (may be repeated)", CLI_MANY,
	  offsetof(struct options, batches), 0, 0 },
	{ "provider", "NAME", "who carries them out", CLI_TEXT,
	  offsetof(struct options, provider), 0, 0 },
	{ "request-prefix", "TEXT",
	  "put before the payout's id to make the request number", CLI_TEXT,
	  offsetof(struct options, prefix), 0, 0 },
	{ "state", "STATE", "batched (default) or approved", CLI_TEXT,
	  offsetof(struct options, state), 0, 0 },
	EVENT_OUT_OPTION_AT,
	EVENT_OUT_OPTION_ACTOR,
	CLI_OPTION_END
};

/* The payouts that are meant, moved to the front; how many. */
static size_t
choose(const struct options *o, struct payout_register *payouts)
{
	size_t count = 0;

	for (size_t i = 0; i < payouts->count; i++) {
		Daybook__V1__Payout *payout = payouts->payouts[i];

		if (register_is_of_batch(payout, o->batches.items, o->batches.count))
			payouts->payouts[count++] = payout;
	}
	return count;
}

/* Before anything is printed: half a batch would be worse than none. */
static int
check_lengths(const struct options *o, const struct payout_register *payouts,
	      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *payout = payouts->payouts[i]->payout;

		if (strlen(o->prefix) + strlen(payout) <= DBK_ID_BYTES_MAX)
			continue;
		diag_error("--request-prefix: %s%s is above %d bytes", o->prefix,
			   payout, DBK_ID_BYTES_MAX);
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

static void
print_sent(const struct options *o, struct event_out *out,
	   const Daybook__V1__Payout *payout)
{
	Daybook__V1__PayoutSent body = DAYBOOK__V1__PAYOUT_SENT__INIT;
	Daybook__V1__Event event = event_out_make(out);
	char request_no[DBK_ID_BYTES_MAX + 1];

	(void)snprintf(request_no, sizeof request_no, "%s%s", o->prefix,
		       payout->payout);
	body.payout = payout->payout;
	body.provider = (char *)o->provider;
	body.request_no = request_no;
	event.body_case = DAYBOOK__V1__EVENT__BODY_PAYOUT_SENT;
	event.payout_sent = &body;
	event_out_print(out, &event);
}

static int
print_all(const struct options *o, struct payout_register *payouts)
{
	size_t count = choose(o, payouts);
	struct event_out out;
	int code = check_lengths(o, payouts, count);

	if (code != EXIT_OK)
		return code;
	event_out_init(&out, &o->out);
	for (size_t i = 0; i < count; i++)
		print_sent(o, &out, payouts->payouts[i]);
	(void)fflush(stdout);
	(void)fprintf(stderr, "(%" PRIu64 " payouts sent by %s)\n", out.count,
		      o->provider);
	return EXIT_OK;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__ListPayoutsRequest request =
	    DAYBOOK__V1__LIST_PAYOUTS_REQUEST__INIT;
	struct payout_register payouts = { 0 };
	struct session *session;
	int code = register_state(o->state, &request.state);

	if (code == EXIT_OK && o->provider == NULL) {
		diag_error("--provider NAME is missing");
		code = EXIT_USAGE;
	}
	if (code == EXIT_OK)
		code = session_open(&o->out.common, &session);
	if (code != EXIT_OK)
		return code;
	if (o->batches.count == 1)
		request.batch = (char *)o->batches.items[0];
	code = register_fetch(session, &request, &payouts);
	if (code == EXIT_OK)
		code = print_all(o, &payouts);
	register_free(&payouts);
	session_close(session);
	return code;
}

const struct cli_verb verb_payout_send = {
	.name = "payout send",
	.group = CLI_WRITE,
	.operands = "",
	.summary = "batched ones, as sent to a provider",
	.about =
	    "Prints a PayoutSent event for every batched payout, or for those of the\n"
	    "batches that are named, once the provider has the file. The request "
	    "number "
	    "by\n"
	    "which its statement will name the payout is the payout's id, behind\n"
	    "--request-prefix if there is one.",
	.examples = "  daybook payout send --batch 2011-06 --provider bank-1 | daybook "
		    "append -\n"
		    "  daybook payout send --provider bank-1 --request-prefix DB/",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
