#ifndef DAYBOOK_TESTS_SOUND_EVENT_H
#define DAYBOOK_TESTS_SOUND_EVENT_H

/*
 * sound_event.h -- an event of any type with every field set, that passes
 * dbk_event_check(): something to break in one place.  Of fields that exclude each
 * other one is set: the referrer is a customer, the referred an agent, and what is held
 * is an earning.
 */

#include "event/event.h"

#define SOUND_LINES 3

/* What the event points to; lines have the numbers 1, 11, 21. */
struct sound_parts {
	struct dbk_order_line order_lines[SOUND_LINES];
	struct dbk_stock_line stock_lines[SOUND_LINES];
	struct dbk_attribution attributions[SOUND_LINES];
	struct dbk_share shares[SOUND_LINES];
	struct dbk_parameter parameters[SOUND_LINES];
	struct dbk_str documents[SOUND_LINES];
	struct dbk_str ids[SOUND_LINES];
	uint64_t numbers[SOUND_LINES];
	struct dbk_sealed sealed[SOUND_LINES];
};

void sound_event(enum dbk_event_type type, struct dbk_event *out,
		 struct sound_parts *parts);

#endif
