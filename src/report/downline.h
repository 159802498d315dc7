#ifndef DBK_REPORT_DOWNLINE_H
#define DBK_REPORT_DOWNLINE_H

/*
 * downline.h -- a forest of any size folded into as many blocks as a picture can show.
 *
 * A person is a block of his own if his branch is wide enough to be seen; brothers that
 * are not are folded into one block with all below them.  The largest branches come
 * first, of the same size those whose first account joined first.
 *
 * Thread: the one that owns the study.
 */

#include "metrics/study.h"
#include "report/message.h"

#define DBK_DOWNLINE_BLOCKS_MAX 3000

/* A block of its own takes at least this part of all persons. */
#define DBK_DOWNLINE_PART 1200

/* The participants of STUDY, which has ended; NULL: no memory. */
Daybook__Report__V1__Downline *dbk_downline_make(struct dbk_maker *maker,
						 const struct dbk_study *study);

#endif
