#include "../tests/lib/told_study.h"

#include <stdio.h>


#include "base/assert.h"
#include "../tests/lib/check.h"

#define DAY_US INT64_C(86400000000)

void
told_open_with(struct told_study *told, const struct dbk_study_options *options)
{
	told->n = 0;
	told->from = options->from_day;
	told->to = options->to_day;
	check_must(dbk_study_open(options, &told->study), NULL, "open a study");
}

void
told_open(struct told_study *told, int32_t from, int32_t to)
{
	struct dbk_study_options options = { .from_day = from, .to_day = to };

	told_open_with(told, &options);
}

void
told_close(struct told_study *told)
{
	dbk_study_close(told->study);
	told->study = NULL;
}

void
told_add(struct told_study *told, int32_t day, struct dbk_fact fact)
{
	dbk_assert(told->n < TOLD_MAX);
	fact.at = day * DAY_US + DAY_US / 2;
	if (fact.position == 0)
		fact.position = told->n + 1;
	told->facts[told->n].fact = fact;
	told->facts[told->n++].day = day;
	check_must(dbk_study_add(told->study, &fact), NULL, "add a fact");
}

void
told_join(struct told_study *told, int32_t day, uint32_t agent, uint32_t sponsor)
{
	told_add(told, day,
		 (struct dbk_fact){
		     .kind = DBK_FACT_JOINED, .agent = agent, .other = sponsor });
}

void
told_end(struct told_study *told)
{
	check_must(dbk_study_end(told->study), NULL, "end a study");
}

struct dbk_value
told_value(const struct told_study *told, const char *name, int32_t from, int32_t to,
	   int64_t first, int64_t second)
{
	struct dbk_str key = dbk_str_of(name);
	const struct dbk_metric *metric = dbk_metric_find(key);
	struct dbk_metric_question question = { .from_day = from, .to_day = to };
	struct dbk_value value;

	dbk_assert(metric != NULL);
	question.parameters[0] = first;
	question.parameters[1] = second;
	dbk_metric_measure(told->study, metric, &question, &value);
	return value;
}

void
told_check(const char *what, const struct dbk_value *value, int64_t strict,
	   int64_t strict_of, int64_t lenient, int64_t lenient_of)
{
	bool same = CHECK_INT(value->strict.numerator, strict);

	same = CHECK_INT(value->strict.denominator, strict_of) && same;
	same = CHECK_INT(value->lenient.numerator, lenient) && same;
	same = CHECK_INT(value->lenient.denominator, lenient_of) && same;
	CHECK((value->strict_state == DBK_VALUE_KNOWN) == (strict_of > 0));
	CHECK((value->lenient_state == DBK_VALUE_KNOWN) == (lenient_of > 0));
	if (!same)
		printf("  it was %s\n", what);
}

/* xorshift64* (Vigna 2016). */
uint32_t
told_random(uint64_t *state, uint32_t bound)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (uint32_t)((*state * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % bound;
}
