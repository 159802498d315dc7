#ifndef DBK_RULES_COMPARE_H
#define DBK_RULES_COMPARE_H

/*
 * compare.h -- a value against the threshold of a condition, and verdicts of conditions
 * into that of a rule; RULES.md has the tables.
 *
 * Pure functions of their arguments; any thread.
 */

#include <stdint.h>

#include <daybook/report/v1/rules.pb-c.h>

#include "metrics/metric.h"

/* Both readings of VALUE against THRESHOLD; INSUFFICIENT if neither is known. */
Daybook__Report__V1__VerdictWord
dbk_compare_value(const struct dbk_value *value,
		  Daybook__Report__V1__Comparison comparison,
		  struct dbk_ratio threshold, uint32_t margin_ppm);

/* Why a value is too thin for a verdict. */
enum dbk_thinness {
	DBK_THIN_NOT = 0,
	DBK_THIN_OUTSIDE,    /* what it asks for is not in the records */
	DBK_THIN_EMPTY,	     /* nothing to measure */
	DBK_THIN_POPULATION, /* fewer than the rule asks for */
	DBK_THIN_DAYS	     /* of a shorter time than the rule asks for */
};

/* VALUE for CONDITION of RULE, over facts of DAYS days. */
enum dbk_thinness dbk_compare_thinness(const Daybook__Report__V1__Rule *rule,
				       const Daybook__Report__V1__Condition *condition,
				       const struct dbk_value *value, int64_t days);

/* Counts of conditions by verdict, into one. */
struct dbk_verdict_count {
	uint32_t met, not_met, at_risk, insufficient;
};

void dbk_compare_count(struct dbk_verdict_count *count,
		       Daybook__Report__V1__VerdictWord verdict);
Daybook__Report__V1__VerdictWord dbk_compare_all(const struct dbk_verdict_count *count);
Daybook__Report__V1__VerdictWord dbk_compare_any(const struct dbk_verdict_count *count);

#endif
