#ifndef DAYBOOK_TESTS_REPORT_FLOOD_H
#define DAYBOOK_TESTS_REPORT_FLOOD_H

/*
 * report_flood.h -- messages whose every field says the same: for tests of what is
 * written of reports no book would give.
 */

#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "base/arena.h"

struct flood {
	size_t outer;	  /* rows of each list */
	size_t inner;	  /* and of lists within rows; deeper ones have one */
	const char *text; /* in every text, borrowed */
	int64_t number;	  /* in every number, cut to its kind */
};

/* A message in ARENA, with all that it refers to.  Texts are shared. */
void *flood_message(struct dbk_arena *arena,
		    const ProtobufCMessageDescriptor *descriptor,
		    const struct flood *flood);

#endif
