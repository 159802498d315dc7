#ifndef DBK_REPORT_ABSTENTIONS_H
#define DBK_REPORT_ABSTENTIONS_H

/*
 * abstentions.h -- the eight abstentions of the trade, each with what the records say
 * of it.
 *
 * The same eight, in the same order and under the same names, as the Scorecard of
 * service.proto; figures are metrics of the window.  What a figure ought to be is for
 * people to say.
 *
 * Thread: one.
 */

#include "report/message.h"

/* The rows, and *OUT_N of them. */
Daybook__Report__V1__AbstentionRow **dbk_abstentions_make(struct dbk_maker *maker,
							  const struct dbk_study *study,
							  size_t *out_n);

#endif
