#ifndef DBK_RULES_JUDGE_PRIVATE_H
#define DBK_RULES_JUDGE_PRIVATE_H

/*
 * judge_private.h -- the judge with the measuring left open, for judge.c and tests.
 *
 * Thread: one.
 */

#include "rules/judge.h"

typedef void dbk_judge_measure_fn(void *context, const struct dbk_metric *metric,
				  const struct dbk_metric_question *question,
				  struct dbk_value *out);

/* Where figures come from. */
struct dbk_judge_source {
	dbk_judge_measure_fn *measure;
	void *context;
	int32_t from_day, to_day; /* the window; INT32_MIN, INT32_MAX: no bound */
	struct dbk_study_extent extent;
};

/* As dbk_judge(). */
DBK_MUST_CHECK enum dbk_err dbk_judge_by(const struct dbk_pack *pack,
					 const struct dbk_judge_source *source,
					 const struct dbk_judge_options *options,
					 struct dbk_arena *arena,
					 struct dbk_judged **out, uint32_t *out_count);

#endif
