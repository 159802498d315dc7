/* erase.c -- a person forgotten. */

#include <stdio.h>

#include "event_send.h"
#include "verbs.h"

/* "the erasure of ..." and an operand. */
#define WORDS_BYTES 128

struct options {
	struct event_send_options send;
	const char *reason;
};

static const struct options defaults = { .reason = NULL };

static const struct cli_option options[] = { { "reason", "TEXT", "why, in the event",
					       CLI_TEXT,
					       offsetof(struct options, reason), 0, 0 },
					     EVENT_SEND_OPTIONS,
					     CLI_OPTION_END };

/* The key is destroyed before a checkpoint covers the event, so that is waited for. */
static int
wait_until_gone(struct session *session, uint64_t position)
{
	Daybook__V1__GetCheckpointRequest request =
	    DAYBOOK__V1__GET_CHECKPOINT_REQUEST__INIT;
	ProtobufCMessage *reply;
	int code;

	request.at_least_size = position + 1;
	code = session_call(session, "GetCheckpoint", &request.base,
			    &daybook__v1__checkpoint__descriptor, &reply);
	if (code == EXIT_OK)
		protobuf_c_message_free_unpacked(reply, NULL);
	else
		diag_error("the event is in the log, and the key dies before the next "
			   "checkpoint; whether it is gone is not known");
	return code;
}

static int
erase(struct session *session, const struct event_send_options *send,
      const Daybook__V1__Event *event, const char *words)
{
	const Daybook__V1__EventResult *result;
	Daybook__V1__AppendReply *reply;
	int code = event_send(session, send, event, &reply);

	if (code != EXIT_OK)
		return code;
	result = reply->results[0];
	if (!send->dry_run && (result->outcome == DAYBOOK__V1__OUTCOME__ACCEPTED ||
			       result->outcome == DAYBOOK__V1__OUTCOME__DUPLICATE))
		code = wait_until_gone(session, result->position);
	if (code == EXIT_OK)
		code = event_send_say(send, result, words);
	protobuf_c_message_free_unpacked(&reply->base, NULL);
	return code;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__SubjectErased body = DAYBOOK__V1__SUBJECT_ERASED__INIT;
	Daybook__V1__Event event;
	struct session *session;
	char words[WORDS_BYTES];
	struct event_out out;
	int code;

	if (o->reason == NULL) {
		diag_error("--reason TEXT is missing");
		return EXIT_USAGE;
	}
	event_out_init(&out, &o->send.out);
	event = event_out_make(&out);
	body.subject = call->operands[0];
	body.reason = (char *)o->reason;
	event.body_case = DAYBOOK__V1__EVENT__BODY_SUBJECT_ERASED;
	event.subject_erased = &body;
	(void)snprintf(words, sizeof words, "subject %.64s is erased", body.subject);
	code = session_open(&o->send.out.common, &session);
	if (code != EXIT_OK)
		return code;
	code = erase(session, &o->send, &event, words);
	session_close(session);
	return code;
}

const struct cli_verb verb_erase = {
	.name = "erase",
	.group = CLI_WRITE,
	.operands = "SUBJECT",
	.summary = "forget a person: nobody opens those texts again",
	.about =
	    "Sends a SubjectErased and waits until the key of SUBJECT is destroyed: "
	    "the "
	    "sealed texts\nin the log stay as they are, with all their proofs, and "
	    "nobody "
	    "can open them again, nor\nseal another one of that name. There is no way "
	    "back: keys that come back with a backup\ndie at the next start. Only an "
	    "admin may do so.",
	.examples = "  daybook erase A17 --reason 'asked for by letter of 2 May'",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
