#ifndef DBK_REPORT_VERDICTS_H
#define DBK_REPORT_VERDICTS_H

/*
 * verdicts.h -- packs and what was judged by them, as messages.
 *
 * Thread: one.
 */

#include "report/message.h"
#include "rules/judge.h"
#include "rules/pack.h"

struct dbk_judged_pack {
	const struct dbk_pack *pack;
	const struct dbk_judged *judged; /* in the order of the pack's rules */
	uint32_t n;
};

/* One after the other, in the order given. */
void dbk_verdicts_make(struct dbk_maker *maker, const struct dbk_judged_pack *packs,
		       size_t n, Daybook__Report__V1__PyramidReport *report);

#endif
