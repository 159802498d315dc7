#ifndef TOOLS_FRESH_ID_H
#define TOOLS_FRESH_ID_H

/*
 * fresh_id.h -- an id for an event whose author named none.
 *
 * Pure functions of their arguments; any thread.
 */

#include <stddef.h>

#include <google/protobuf/timestamp.pb-c.h>

/* "R20240111-093015-3f9a1c2e4b5d6070" and a terminator. */
#define FRESH_ID_BYTES 40

/*
 * LETTER, the time AT, and a hash of AT and PARTS: what differs gets another id, and
 * the same event made again the same, so that it is written once.
 */
void fresh_id(char letter, const Google__Protobuf__Timestamp *at,
	      const char *const *parts, size_t count, char out[FRESH_ID_BYTES]);

#endif
