#ifndef DAYBOOK_TESTS_OPENED_EVENT_H
#define DAYBOOK_TESTS_OPENED_EVENT_H

/*
 * opened_event.h -- an event all the way: from JSON to protobuf-c's bytes, from these
 * to our struct, and back to the same JSON.
 */

#include <stdbool.h>

#include "base/arena.h"
#include "event/event.h"

#define OPENED_TIME "2024-02-01T00:00:00.000001Z"
#define OPENED_TIME_US 1706745600000001

/*
 * True if BODY, "name":{...} as JSON writes it, is a sound event of TYPE at
 * OPENED_TIME.  OUT is it then; its strings live in ARENA, which is reset first.  Says
 * on stderr what is wrong otherwise.
 */
bool opened_event(enum dbk_event_type type, const char *body, struct dbk_arena *arena,
		  struct dbk_event *out);

#endif
