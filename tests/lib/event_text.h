#ifndef DAYBOOK_TESTS_EVENT_TEXT_H
#define DAYBOOK_TESTS_EVENT_TEXT_H

/*
 * event_text.h -- events written down as the JSON of their bodies, with signs for what
 * differs from one to the next.
 *
 *	' is ", # the round, $ the round some time ago, @ the agent and ^ the sponsor,
 *	all by number, % the time.
 */

#include <stdint.h>

#include "base/buf.h"

/* What the signs of a body stand for. */
struct event_signs {
	uint64_t round, ago, agent, sponsor;
	int64_t time_us; /* effective_at, too */
};

/* Append the event of BODY as a member of an EventBatch; a body that is none ends the
 * program. */
void event_text_put(const char *body, const struct event_signs *signs,
		    struct dbk_buf *out);

#endif
