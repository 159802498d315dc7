#ifndef DBK_METRICS_STUDY_PRIVATE_H
#define DBK_METRICS_STUDY_PRIVATE_H

/*
 * study_private.h -- how a study hands facts to its parts, for this folder only.
 *
 * A part is a module with four functions.  Each gets every fact with what the study
 * knows of it, so no part asks twice.  Parts may look at those that stand before them
 * in struct dbk_study when they end.
 */

#include "metrics/evidence.h"
#include "metrics/series.h"
#include "metrics/study.h"

/* A fact as parts see it. */
struct dbk_taken {
	const struct dbk_fact *fact;
	int32_t day;	 /* local */
	int32_t month;	 /* local, years since 1970 * 12 + month - 1 */
	bool in_window;	 /* [from, to) */
	bool before_end; /* before to: it makes people, goods, marks */
	bool in_part;	 /* its agent is at or below a top; true if all are studied */
	bool counts;	 /* in_window && in_part */
};

/* A fact waits until those behind it have called for the rows that they need: most of
 * the time of a large study would go by in waiting for memory.  Between two steps of
 * foresight there are so many facts. */
#define DBK_STUDY_STRIDE 8u
#define DBK_STUDY_STEPS 3u
#define DBK_STUDY_WAITING (DBK_STUDY_STRIDE * (DBK_STUDY_STEPS + 1))

struct dbk_waiting {
	struct dbk_fact fact;
	struct dbk_taken taken;
};

struct dbk_study {
	struct dbk_study_options options;
	struct dbk_waiting waiting[DBK_STUDY_WAITING]; /* a ring */
	uint64_t n_come, n_taken;     /* facts so far; those between them wait */
	int32_t last_day, last_month; /* of the last that came */
	struct dbk_study_extent extent;
	struct dbk_people *people; /* must stay the first that gets a fact */
	struct dbk_flows *flows;
	struct dbk_rewards *rewards;
	struct dbk_months *months;
	struct dbk_results *results;
	struct dbk_holdings *holdings;
	struct dbk_circles *circles;
	struct dbk_growth *growth;
	struct dbk_duties *duties;
	struct dbk_findings *findings;
	bool ended;
};

/* The day of the window's end: the one behind the last fact if it has no end. */
static inline int32_t
dbk_study_cut(const struct dbk_study *study)
{
	return study->options.to_day != INT32_MAX ? study->options.to_day
						  : study->extent.last_day + 1;
}

#define DBK_STUDY_PART(name)                                                           \
	enum dbk_err dbk_##name##_open(struct dbk_study *study,                        \
				       struct dbk_##name **out) DBK_MUST_CHECK;        \
	void dbk_##name##_close(struct dbk_##name *name);                              \
	enum dbk_err dbk_##name##_add(struct dbk_##name *name,                         \
				      const struct dbk_taken *taken) DBK_MUST_CHECK;   \
	enum dbk_err dbk_##name##_end(struct dbk_##name *name) DBK_MUST_CHECK;

DBK_STUDY_PART(people)
DBK_STUDY_PART(flows)
DBK_STUDY_PART(rewards)
DBK_STUDY_PART(months)
DBK_STUDY_PART(results)
DBK_STUDY_PART(holdings)
DBK_STUDY_PART(circles)
DBK_STUDY_PART(growth)
DBK_STUDY_PART(duties)
DBK_STUDY_PART(findings)

/* Ask memory for what FACT will need: in step 0 what is found by its own numbers, in
 * each later one what hangs on rows that the step before has asked for. */
void dbk_people_foresee(const struct dbk_people *people, const struct dbk_fact *fact,
			unsigned step);
void dbk_flows_foresee(const struct dbk_flows *flows, const struct dbk_fact *fact,
		       unsigned step);
void dbk_months_foresee(const struct dbk_months *months, const struct dbk_taken *taken,
			unsigned step);
void dbk_results_foresee(const struct dbk_results *results, const struct dbk_fact *fact,
			 unsigned step);
void dbk_holdings_foresee(const struct dbk_holdings *holdings,
			  const struct dbk_fact *fact, unsigned step);

#endif
