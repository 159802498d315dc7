#include "event_send.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/assert.h"
#include "json_rows.h"
#include "names.h"
#include "source_name.h"

int
event_send(struct session *session, const struct event_send_options *options,
	   const Daybook__V1__Event *event, Daybook__V1__AppendReply **out_reply)
{
	Daybook__V1__AppendRequest request = DAYBOOK__V1__APPEND_REQUEST__INIT;
	Daybook__V1__EventBatch batch = DAYBOOK__V1__EVENT_BATCH__INIT;
	const Daybook__V1__Event *events[] = { event };
	char source[SOURCE_NAME_BYTES];
	ProtobufCMessage *reply;
	struct dbk_buf bytes;
	int code = source_name(options->source, source);

	if (code != EXIT_OK)
		return code;
	dbk_buf_init(&bytes);
	batch.events = (Daybook__V1__Event **)events;
	batch.n_events = 1;
	session_pack(&batch.base, &bytes);
	dbk_assert(!dbk_buf_failed(&bytes));
	request.source = source;
	request.batch.data = bytes.bytes;
	request.batch.len = bytes.size;
	request.dry_run = options->dry_run;
	code = session_call(session, "Append", &request.base,
			    &daybook__v1__append_reply__descriptor, &reply);
	dbk_buf_fini(&bytes);
	if (code != EXIT_OK)
		return code;
	*out_reply = (Daybook__V1__AppendReply *)reply;
	if ((*out_reply)->n_results == 1)
		return EXIT_OK;
	protobuf_c_message_free_unpacked(reply, NULL);
	diag_error("the server's reply has no result");
	return EXIT_FAILED;
}

bool
event_send_is_json(const struct event_send_options *options)
{
	return options->format == CLI_JSON || options->format == CLI_JSONL;
}

static void
say_good(const struct event_send_options *options,
	 const Daybook__V1__EventResult *result, const char *words)
{
	if (result->outcome == DAYBOOK__V1__OUTCOME__DUPLICATE)
		(void)printf("%s already, by the record at position %" PRIu64 "\n",
			     words, result->position);
	else if (options->dry_run)
		(void)printf("would be accepted; dry run, nothing was written\n");
	else
		(void)printf("%s by the record at position %" PRIu64 "\n", words,
			     result->position);
}

int
event_send_say(const struct event_send_options *options,
	       const Daybook__V1__EventResult *result, const char *words)
{
	char text[NAMES_REFUSAL_BYTES];

	if (event_send_is_json(options))
		json_rows_message(stdout, &result->base);
	switch (result->outcome) {
	case DAYBOOK__V1__OUTCOME__ACCEPTED:
	case DAYBOOK__V1__OUTCOME__DUPLICATE:
		if (!event_send_is_json(options))
			say_good(options, result, words);
		return EXIT_OK;
	case DAYBOOK__V1__OUTCOME__REFUSED:
		names_refusal(result->refusal, text);
		diag_error("refused: %s", text);
		return EXIT_REFUSED;
	case DAYBOOK__V1__OUTCOME__INVALID:
	case DAYBOOK__V1__OUTCOME__OUTCOME_UNSPECIFIED:
	case _DAYBOOK__V1__OUTCOME_IS_INT_SIZE:
		break;
	}
	names_event_fault(result->fault, text);
	diag_error("invalid: %s", text);
	return EXIT_INVALID;
}

int
event_send_alone(const struct event_send_options *options,
		 const Daybook__V1__Event *event, const char *words)
{
	Daybook__V1__AppendReply *reply;
	struct session *session;
	int code = session_open(&options->out.common, &session);

	if (code != EXIT_OK)
		return code;
	code = event_send(session, options, event, &reply);
	if (code == EXIT_OK) {
		code = event_send_say(options, reply->results[0], words);
		protobuf_c_message_free_unpacked(&reply->base, NULL);
	}
	session_close(session);
	return code;
}
