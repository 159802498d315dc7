#ifndef DBK_REPORT_PYRAMID_H
#define DBK_REPORT_PYRAMID_H

/*
 * pyramid.h -- the pyramid report as one message: verdicts, appraisal tables, pictures'
 * data, figures and evidence.
 *
 * Thread: the one that owns the books.
 */

#include "report/basis.h"
#include "report/verdicts.h"

struct dbk_pyramid_question {
	struct dbk_report_source source;
	const struct dbk_judged_pack *packs;
	size_t n_packs;
	int32_t law_day; /* INT32_MIN: the law of each fact's day */
};

/* The message lives in ARENA and borrows from packs and books.  NULL: no memory. */
Daybook__Report__V1__PyramidReport *
dbk_pyramid_make(const struct dbk_pyramid_question *question, struct dbk_arena *arena);

#endif
