#ifndef DBK_EVENT_DECODE_H
#define DBK_EVENT_DECODE_H

/*
 * decode.h -- bytes of an event to struct dbk_event, and what can be said of one
 * event alone.
 *
 * Pure functions of their arguments; no thread, no clock, no memory but the arena.
 */

#include <stdbool.h>

#include "base/arena.h"
#include "event/event.h"
#include "event/verdict.h"

/*
 * Open BYTES, a serialized daybook.v1.Event.
 *
 * Strict, because a ledger must not post what it understands only in part: unknown
 * fields and enum values, a single field sent twice, wrong wire types, truncated and
 * trailing bytes, and bodies these books do not take are faults.  Default values of
 * enums are replaced by the value that event.proto names for them.  Times become
 * microseconds; one finer than a microsecond or outside limits.h is a fault.
 *
 * True: *OUT is set; its strings borrow BYTES, its repeated members live in ARENA.
 * False: *FAULT says what and where; OUT is undefined.  ARENA without room counts as
 * DBK_FAULT_TOO_LARGE.
 */
bool dbk_event_decode(struct dbk_str bytes, struct dbk_arena *arena,
		      struct dbk_event *out, struct dbk_event_fault *fault);

/*
 * The rules of one event alone: required ids present, ids and texts within limits.h and
 * well-formed, amounts and quantities in range, line numbers rising, effective_at
 * present.  Anything that needs the books is left to them.
 */
bool dbk_event_check(const struct dbk_event *event, struct dbk_event_fault *fault);

/*
 * The first field in which A and B differ, as in event.proto's order; false if they are
 * the same event.  Encodings may differ, content decides.  "body" if the types differ.
 */
bool dbk_event_differs(const struct dbk_event *a, const struct dbk_event *b,
		       struct dbk_field *out_field);

#endif
