#ifndef TOOLS_EVENT_SEND_H
#define TOOLS_EVENT_SEND_H

/*
 * event_send.h -- one event, made by a verb, into the book; and what the book said.
 *
 * Such an event goes without a batch number: its key alone keeps it from being written
 * twice.
 *
 * Thread: belongs to one thread.
 */

#include <daybook/v1/service.pb-c.h>

#include "payout/event_out.h"
#include "session.h"

/* What all who send events take.  Begins like every verb's struct. */
struct event_send_options {
	struct event_out_options out;
	const char *source;
	bool dry_run;
	enum cli_format format;
};

#define EVENT_SEND_OPTIONS                                                             \
	EVENT_OUT_OPTION_AT, EVENT_OUT_OPTION_ACTOR,                                   \
	    { "source",                                                                \
	      "NAME",                                                                  \
	      "the producer's name (default daybook-cli@HOST)",                        \
	      CLI_TEXT,                                                                \
	      offsetof(struct event_send_options, source),                             \
	      0,                                                                       \
	      0 },                                                                     \
	    { "dry-run",                                                               \
	      NULL,                                                                    \
	      "decide and answer, write nothing",                                      \
	      CLI_FLAG,                                                                \
	      offsetof(struct event_send_options, dry_run),                            \
	      0,                                                                       \
	      0 },                                                                     \
	{                                                                              \
		"format", "FORMAT", "the answer as words (default) or json",           \
		    CLI_FORMATS, offsetof(struct event_send_options, format), 0, 0     \
	}

/* Send EVENT.  EXIT_OK and the reply, which has one result, or what to exit with; free
 * it with protobuf_c_message_free_unpacked(&reply->base, NULL). */
int event_send(struct session *session, const struct event_send_options *options,
	       const Daybook__V1__Event *event, Daybook__V1__AppendReply **out_reply);

/* True if the answer is to be printed as JSON. */
bool event_send_is_json(const struct event_send_options *options);

/*
 * Say what became of the event: as JSON the result, else "WORDS by the record at
 * position 7" on stdout, or on stderr why not.  WORDS: "finding 3 is acknowledged".
 * Gives the exit code.
 */
int event_send_say(const struct event_send_options *options,
		   const Daybook__V1__EventResult *result, const char *words);

/* Both, with a connection of its own. */
int event_send_alone(const struct event_send_options *options,
		     const Daybook__V1__Event *event, const char *words);

#endif
