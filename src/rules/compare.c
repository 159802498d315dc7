#include "rules/compare.h"

#include <stdbool.h>

#include "base/assert.h"
#include "base/money.h"

#define PPM 1000000

#define WORD(name) DAYBOOK__REPORT__V1__VERDICT_WORD__##name
#define COMPARISON(name) DAYBOOK__REPORT__V1__COMPARISON__##name
#define FORCE(name) DAYBOOK__REPORT__V1__FORCE__##name

typedef Daybook__Report__V1__VerdictWord verdict_word;

static dbk_wide
distance(struct dbk_ratio a, struct dbk_ratio b)
{
	return (dbk_wide)a.numerator * b.denominator -
	       (dbk_wide)b.numerator * a.denominator;
}

static bool
holds(struct dbk_ratio value, Daybook__Report__V1__Comparison comparison,
      struct dbk_ratio threshold)
{
	dbk_wide over = distance(value, threshold);

	switch (comparison) {
	case COMPARISON(ABOVE):
		return over > 0;
	case COMPARISON(AT_LEAST):
		return over >= 0;
	case COMPARISON(BELOW):
		return over < 0;
	case COMPARISON(AT_MOST):
		return over <= 0;
	case COMPARISON(COMPARISON_UNSPECIFIED):
	case _DAYBOOK__REPORT__V1__COMPARISON_IS_INT_SIZE:
		break;
	}
	dbk_assert(!"a comparison that pack.c lets pass");
	return false;
}

/*
 * |value - threshold| < |threshold| * margin / 10^6, times both denominators.  The
 * product on the right is taken in two parts, because it is wider than what there is.
 */
static bool
is_near(struct dbk_ratio value, struct dbk_ratio threshold, uint32_t margin_ppm)
{
	dbk_wide away = distance(value, threshold);
	dbk_wide whole = (dbk_wide)threshold.numerator * value.denominator;
	dbk_wide rest;

	away = away < 0 ? -away : away;
	whole = whole < 0 ? -whole : whole;
	rest = whole % PPM * margin_ppm;
	return away < whole / PPM * margin_ppm + rest / PPM + (rest % PPM != 0);
}

verdict_word
dbk_compare_value(const struct dbk_value *value,
		  Daybook__Report__V1__Comparison comparison,
		  struct dbk_ratio threshold, uint32_t margin_ppm)
{
	bool has_strict = value->strict_state == DBK_VALUE_KNOWN;
	bool has_lenient = value->lenient_state == DBK_VALUE_KNOWN;
	struct dbk_ratio strict = has_strict ? value->strict : value->lenient;
	struct dbk_ratio lenient = has_lenient ? value->lenient : value->strict;
	bool strict_holds, lenient_holds;

	if (!has_strict && !has_lenient)
		return WORD(INSUFFICIENT);
	strict_holds = holds(strict, comparison, threshold);
	lenient_holds = holds(lenient, comparison, threshold);
	if (strict_holds && lenient_holds)
		return WORD(MET);
	if (strict_holds || lenient_holds || is_near(strict, threshold, margin_ppm) ||
	    is_near(lenient, threshold, margin_ppm))
		return WORD(AT_RISK);
	return WORD(NOT_MET);
}

/* An element that is in the records is there, however thin they are. */
static bool
is_element(const Daybook__Report__V1__Rule *rule,
	   const Daybook__Report__V1__Condition *condition)
{
	return (rule->force == FORCE(STATUTE) ||
		rule->force == FORCE(INTERPRETATION)) &&
	       condition->comparison == COMPARISON(ABOVE) && condition->numerator == 0;
}

enum dbk_thinness
dbk_compare_thinness(const Daybook__Report__V1__Rule *rule,
		     const Daybook__Report__V1__Condition *condition,
		     const struct dbk_value *value, int64_t days)
{
	if (value->strict_state != DBK_VALUE_KNOWN &&
	    value->lenient_state != DBK_VALUE_KNOWN)
		return value->strict_state == DBK_VALUE_OUTSIDE ? DBK_THIN_OUTSIDE
								: DBK_THIN_EMPTY;
	if (is_element(rule, condition))
		return DBK_THIN_NOT;
	if (value->population < rule->minimum_population)
		return DBK_THIN_POPULATION;
	return days < rule->minimum_days ? DBK_THIN_DAYS : DBK_THIN_NOT;
}

void
dbk_compare_count(struct dbk_verdict_count *count, verdict_word verdict)
{
	switch (verdict) {
	case WORD(MET):
		count->met++;
		return;
	case WORD(NOT_MET):
		count->not_met++;
		return;
	case WORD(AT_RISK):
		count->at_risk++;
		return;
	case WORD(INSUFFICIENT):
		count->insufficient++;
		return;
	case WORD(VERDICT_UNSPECIFIED):
	case WORD(NOT_APPLICABLE):
	case _DAYBOOK__REPORT__V1__VERDICT_WORD_IS_INT_SIZE:
		break;
	}
	dbk_assert(!"a verdict that a condition can have");
}

verdict_word
dbk_compare_all(const struct dbk_verdict_count *count)
{
	if (count->not_met > 0)
		return WORD(NOT_MET);
	if (count->insufficient > 0)
		return WORD(INSUFFICIENT);
	return count->at_risk > 0 ? WORD(AT_RISK) : WORD(MET);
}

verdict_word
dbk_compare_any(const struct dbk_verdict_count *count)
{
	if (count->met > 0)
		return WORD(MET);
	if (count->at_risk > 0)
		return WORD(AT_RISK);
	return count->insufficient > 0 ? WORD(INSUFFICIENT) : WORD(NOT_MET);
}
