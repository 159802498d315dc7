#ifndef DBK_RULES_REASON_H
#define DBK_RULES_REASON_H

/*
 * reason.h -- why a rule does not apply, or is not decided, in words.
 *
 * Thread: any; nothing is kept.
 */

#include "base/buf.h"
#include "rules/compare.h"
#include "rules/judge.h"
#include "rules/wording.h"

/* Why a rule is not judged at all. */
enum dbk_bar {
	DBK_BAR_NONE = 0,
	DBK_BAR_CURRENCY,
	DBK_BAR_MARK,
	DBK_BAR_WINDOW,	 /* in force on no day of the window's facts */
	DBK_BAR_LAW,	 /* not in force on the day whose law was asked for */
	DBK_BAR_NO_FACTS /* INSUFFICIENT: there is nothing to judge */
};

struct dbk_reason {
	const Daybook__Report__V1__Rule *rule;
	const struct dbk_judge_options *options;
	struct dbk_study_extent extent;
};

void dbk_reason_bar(const struct dbk_reason *reason, enum dbk_bar bar,
		    enum dbk_tongue tongue, struct dbk_buf *out);

/* Why a condition is INSUFFICIENT; THINNESS is NOT for a rule that is named. */
void dbk_reason_thin(const struct dbk_reason *reason,
		     const struct dbk_compared *compared, enum dbk_thinness thinness,
		     int64_t days, enum dbk_tongue tongue, struct dbk_buf *out);

#endif
