#ifndef DBK_PLAN_LINT_H
#define DBK_PLAN_LINT_H

/*
 * lint.h -- what a plan rewards that a lawful one should not.
 *
 * Names every parameter that pays on recruiting, on stock purchase or on head count
 * (the forms of pyramid selling in article 7 of China's Regulations on the Prohibition
 * of Pyramid Selling, 2005, and 15 U.S.C. 45 as read in In re Koscot), and what is
 * merely unwise.  A finding is no verdict.
 */

#include <stdint.h>

#include "plan/plan.h"

enum dbk_lint_severity { DBK_LINT_NOTE = 1, DBK_LINT_WARNING = 2, DBK_LINT_ALARM = 3 };

struct dbk_lint {
	enum dbk_lint_severity severity;
	const char *code; /* "PAYS_ON_RECRUITING"; static and stable */
	const char *text; /* a sentence; static */
	uint32_t index;	  /* of the parameter; DBK_NO_INDEX: the plan */
};

/*
 * Look through PLAN, compiled from PUBLISHED; up to MAX findings into OUT, worst first,
 * then in the order of the parameters.  Returns how many there are in all.
 */
uint32_t dbk_plan_lint(const struct dbk_plan_published *published,
		       const struct dbk_plan *plan, struct dbk_lint *out, uint32_t max);

const char *dbk_lint_severity_name(enum dbk_lint_severity severity);

#endif
