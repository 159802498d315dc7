#ifndef TOOLS_PAYOUT_EVENT_OUT_H
#define TOOLS_PAYOUT_EVENT_OUT_H

/*
 * event_out.h -- events as proto3 JSON, one a line on stdout, for `daybook append -`.
 *
 * Thread: belongs to one thread.
 */

#include <daybook/v1/event.pb-c.h>

#include "cli.h"

/* What all who print events take.  Begins like every verb's struct. */
struct event_out_options {
	struct cli_common common;
	struct cli_time at;
	const char *actor;
};

#define EVENT_OUT_OPTION_AT                                                            \
	{                                                                              \
		"at", "TIME", "when it happens, in the events (default now)",          \
		    CLI_INSTANT, offsetof(struct event_out_options, at), 0, 0          \
	}
#define EVENT_OUT_OPTION_ACTOR                                                         \
	{                                                                              \
		"actor", "NAME", "who does it, in the events", CLI_TEXT,               \
		    offsetof(struct event_out_options, actor), 0, 0                    \
	}

struct event_out {
	Google__Protobuf__Timestamp at;
	const char *actor;
	uint64_t count; /* printed */
};

/* Without --at the time is that of the clock, once for all events. */
void event_out_init(struct event_out *out, const struct event_out_options *options);

/* An event with its time and actor, for the caller to put a body in. */
Daybook__V1__Event event_out_make(struct event_out *out);

/* Print EVENT and a line end. */
void event_out_print(struct event_out *out, const Daybook__V1__Event *event);

#endif
