#ifndef DBK_RULES_JUDGE_H
#define DBK_RULES_JUDGE_H

/*
 * judge.h -- the rules of a pack, judged by what a study measured.
 *
 * Never "illegal": a verdict says whether the element that a rule names is in the
 * records, with figures and the records behind them.
 *
 * Thread: one.
 */

#include "base/arena.h"
#include "metrics/metric.h"
#include "metrics/study.h"
#include "rules/pack.h"

struct dbk_judge_options {
	struct dbk_str currency; /* of the book */
	uint32_t exponent;
	int32_t law_day;  /* INT32_MIN: the law of each fact's day */
	bool has_licence; /* direct_selling_licence, in the log or supposed */
};

/* One comparison, as it came out. */
struct dbk_compared {
	const Daybook__Report__V1__Condition *condition;
	const struct dbk_metric *metric; /* NULL: a rule */
	struct dbk_metric_question question;
	struct dbk_value value;
	struct dbk_ratio threshold; /* amounts in minor units */
	Daybook__Report__V1__VerdictWord verdict;
};

struct dbk_judged {
	const Daybook__Report__V1__Rule *rule;
	Daybook__Report__V1__VerdictWord verdict;
	/* The days it was measured over, [from, to); of NOT_APPLICABLE both 0. */
	int32_t from_day, to_day;
	uint32_t n_compared; /* all, then any */
	struct dbk_compared *compared;
	char *en, *zh; /* the wording filled in, or why it does not apply */
};

/* Judge all rules of PACK, in its order, by STUDY, which has ended.  *OUT and all
 * behind it live in ARENA.  DBK_FAILED_MEMORY. */
DBK_MUST_CHECK enum dbk_err dbk_judge(const struct dbk_pack *pack,
				      const struct dbk_study *study,
				      const struct dbk_judge_options *options,
				      struct dbk_arena *arena, struct dbk_judged **out,
				      uint32_t *out_count);

#endif
