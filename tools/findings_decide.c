/* findings_decide.c -- somebody's word on a finding: seen, or settled. */

#include <stdio.h>

#include "event_send.h"
#include "verbs.h"

struct options {
	struct event_send_options send;
	const char *action;
	const char *reason;
	const char *approver;
};

static const struct options ack_defaults = { .action = "acknowledge" };
static const struct options resolve_defaults = { .action = "resolve" };

#define OPTION_ACTION                                                                  \
	{                                                                              \
		"action", "ID", "the action's name, in the event", CLI_TEXT,           \
		    offsetof(struct options, action), 0, 0                             \
	}
#define OPTION_REASON                                                                  \
	{                                                                              \
		"reason", "TEXT", "why, in the event", CLI_TEXT,                       \
		    offsetof(struct options, reason), 0, 0                             \
	}

static const struct cli_option ack_options[] = { OPTION_ACTION, OPTION_REASON,
						 EVENT_SEND_OPTIONS, CLI_OPTION_END };

static const struct cli_option resolve_options[] = {
	OPTION_ACTION,
	OPTION_REASON,
	{ "approver", "NAME", "who agreed, in the event", CLI_TEXT,
	  offsetof(struct options, approver), 0, 0 },
	EVENT_SEND_OPTIONS,
	CLI_OPTION_END
};

/* "finding 18446744073709551615 is acknowledged" and then some: operands may be long.
 */
#define WORDS_BYTES 96

static char *
text_of(const char *text)
{
	return (char *)(text == NULL ? "" : text);
}

static int
run_ack(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__FindingAcknowledged body = DAYBOOK__V1__FINDING_ACKNOWLEDGED__INIT;
	Daybook__V1__Event event;
	char words[WORDS_BYTES];
	struct event_out out;

	event_out_init(&out, &o->send.out);
	event = event_out_make(&out);
	body.finding = call->operands[0];
	body.action = text_of(o->action);
	body.reason = text_of(o->reason);
	event.body_case = DAYBOOK__V1__EVENT__BODY_FINDING_ACKNOWLEDGED;
	event.finding_acknowledged = &body;
	(void)snprintf(words, sizeof words, "finding %.40s is acknowledged",
		       body.finding);
	return event_send_alone(&o->send, &event, words);
}

static int
run_resolve(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__FindingResolved body = DAYBOOK__V1__FINDING_RESOLVED__INIT;
	Daybook__V1__Event event;
	char words[WORDS_BYTES];
	struct event_out out;

	if (o->reason == NULL) {
		diag_error("--reason TEXT is missing");
		return EXIT_USAGE;
	}
	event_out_init(&out, &o->send.out);
	event = event_out_make(&out);
	body.finding = call->operands[0];
	body.action = text_of(o->action);
	body.reason = text_of(o->reason);
	body.approver = text_of(o->approver);
	event.body_case = DAYBOOK__V1__EVENT__BODY_FINDING_RESOLVED;
	event.finding_resolved = &body;
	(void)snprintf(words, sizeof words, "finding %.40s is resolved", body.finding);
	return event_send_alone(&o->send, &event, words);
}

const struct cli_verb verb_findings_ack = {
	.name = "findings ack",
	.group = CLI_WRITE,
	.operands = "FINDING",
	.summary = "somebody has seen it",
	.about =
	    "Sends a FindingAcknowledged: somebody knows of the finding and looks into "
	    "it.\n"
	    "It stays in the list until it is resolved, and what fails again still "
	    "adds to\n"
	    "it. Ends with 3 if the book refuses, as when the finding is not open.",
	.examples = "  daybook findings ack 3 --actor ms-lin\n"
		    "  daybook findings ack 3 --action ticket-812 --reason 'asked A17'",
	.options = ack_options,
	.options_bytes = sizeof(struct options),
	.defaults = &ack_defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_ack,
};

const struct cli_verb verb_findings_resolve = {
	.name = "findings resolve",
	.group = CLI_WRITE,
	.operands = "FINDING",
	.summary = "it is settled, and why",
	.about = "Sends a FindingResolved with the reason, which must be given. What "
		 "fails from\n"
		 "then on raises a new finding. Ends with 3 if the book refuses, as "
		 "when the\n"
		 "finding is resolved already.",
	.examples = "  daybook findings resolve 3 --reason 'goods counted again'\n"
		    "  daybook findings resolve 3 --reason 'returned' --approver mr-wu",
	.options = resolve_options,
	.options_bytes = sizeof(struct options),
	.defaults = &resolve_defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_resolve,
};
