#ifndef DBK_REPORT_DOWNLINE_H
#define DBK_REPORT_DOWNLINE_H

/*
 * downline.h -- a forest of any size folded into as many blocks as a picture can show.
 *
 * A participant is a block of his own if his branch is wide enough to be seen and not
 * too far down.  Brothers that are not are folded into one block with all below them,
 * if that is wide enough; if not they stand in `folded` of their sponsor's block.  So
 * the persons of a named block are 1 + those of the blocks below it + its `folded`, and
 * those of a folded block are its `folded`.  The largest branches come first, of the
 * same size those whose first account joined first, and folded ones last.
 *
 * Thread: the one that owns the forest.
 */

#include "metrics/forest.h"
#include "metrics/results.h"
#include "report/message.h"

#define DBK_DOWNLINE_BLOCKS_MAX 3000

/* A block is at least this part of all participants. */
#define DBK_DOWNLINE_PART 1200

/* Levels with blocks of one person; those below are folded into one more. */
#define DBK_DOWNLINE_LEVELS_MAX 64

struct dbk_downline_source {
	const struct dbk_forest *forest;
	/* What a person got, and the name of an agent. */
	void (*result)(const void *context, uint32_t person, struct dbk_result *out);
	struct dbk_str (*name)(const void *context, uint32_t agent);
	const void *context;
};

/* NULL: no memory. */
Daybook__Report__V1__Downline *
dbk_downline_make(struct dbk_maker *maker, const struct dbk_downline_source *source);

#endif
