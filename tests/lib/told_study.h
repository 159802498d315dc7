#ifndef DAYBOOK_TESTS_TOLD_STUDY_H
#define DAYBOOK_TESTS_TOLD_STUDY_H

/*
 * told_study.h -- a study of facts that a test makes by hand or by chance, and keeps,
 *so that it can count them again in its own way.
 *
 *	told_open(&told, INT32_MIN, INT32_MAX);
 *	told_add(&told, 3, (struct dbk_fact){ .kind = DBK_FACT_FEE, .agent = 1 });
 *	told_end(&told);
 *	value = told_value(&told, "fees", 0, 10, 0, 0);
 *	told_close(&told);
 *
 * Local days are those of UTC.  Any failure ends the program.
 */

#include "metrics/metric.h"
#include "metrics/study.h"

#define TOLD_MAX 8192

struct told_fact {
	struct dbk_fact fact;
	int32_t day;
};

struct told_study {
	struct dbk_study *study;
	struct told_fact facts[TOLD_MAX];
	uint32_t n;
	int32_t from, to;
};

/* A study of days [from, to). */
void told_open(struct told_study *told, int32_t from, int32_t to);

/* The same, of options of any kind. */
void told_open_with(struct told_study *told, const struct dbk_study_options *options);
void told_close(struct told_study *told);

/* FACT at noon of DAY; its position is one more than that of the one before, from 1,
 * unless it has one. */
void told_add(struct told_study *told, int32_t day, struct dbk_fact fact);

/* AGENT joins under SPONSOR, 0: nobody. */
void told_join(struct told_study *told, int32_t day, uint32_t agent, uint32_t sponsor);
void told_end(struct told_study *told);

/* The metric NAME over days [from, to) with two parameters.  A metric that has fewer
 * does not look at them. */
struct dbk_value told_value(const struct told_study *told, const char *name,
			    int32_t from, int32_t to, int64_t first, int64_t second);

/* What VALUE says, checked: numerators and denominators, all four. */
void told_check(const char *what, const struct dbk_value *value, int64_t strict,
		int64_t strict_of, int64_t lenient, int64_t lenient_of);

/* The next of a sequence that is the same on every machine; below BOUND. */
uint32_t told_random(uint64_t *state, uint32_t bound);

#endif
