#ifndef DBK_METRICS_METRIC_H
#define DBK_METRICS_METRIC_H

/*
 * metric.h -- metrics by name: what a rule may compare; METRICS.md has their meaning.
 *
 * Thread: one.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "metrics/evidence.h"
#include "metrics/study.h"

enum dbk_metric_unit {
	DBK_UNIT_COUNT,	 /* of people, records, agent-months */
	DBK_UNIT_AMOUNT, /* minor units */
	DBK_UNIT_SHARE,	 /* numerator of denominator */
	DBK_UNIT_DAYS,
	DBK_UNIT_LEVELS,
	DBK_UNIT_MONTHS,
	DBK_UNIT_RATIO /* the same as of a share, but of what has no whole: 10.35 */
};

enum dbk_value_state {
	DBK_VALUE_KNOWN = 0,
	DBK_VALUE_EMPTY,  /* the denominator is 0, or there is nothing to measure */
	DBK_VALUE_OUTSIDE /* not in the records */
};

/* Denominator 1 for what is no share.  A numerator may be negative, a denominator never. */
struct dbk_ratio {
	int64_t numerator, denominator;
};

struct dbk_value {
	enum dbk_value_state strict_state, lenient_state;
	struct dbk_ratio strict, lenient; /* strict is the harsher reading */
	uint64_t population;
	struct dbk_evidence_list evidence;
};

#define DBK_METRIC_PARAMETERS_MAX 4

struct dbk_metric_parameter {
	const char *name;
	int64_t absent; /* its value if none is given */
	bool is_amount; /* minor units of the book */
};

/* The interval is days [from, to), within the window. */
struct dbk_metric_question {
	int32_t from_day, to_day;
	int64_t parameters[DBK_METRIC_PARAMETERS_MAX]; /* in the order of the metric's */
};

typedef void dbk_metric_fn(const struct dbk_study *study,
			   const struct dbk_metric_question *question,
			   struct dbk_value *out);

struct dbk_metric {
	const char *name;
	enum dbk_metric_unit unit;
	bool is_listed;	    /* reports show it, with its parameters absent */
	const char *en, *zh; /* what it is called, a few words */
	struct dbk_metric_parameter parameters[DBK_METRIC_PARAMETERS_MAX]; /* name NULL: end */
	dbk_metric_fn *measure;
};

/* All metrics, in the order of METRICS.md; by number from 0. */
uint32_t dbk_metrics_count(void);
const struct dbk_metric *dbk_metric_at(uint32_t number);

/* NULL: there is none of this name. */
const struct dbk_metric *dbk_metric_find(struct dbk_str name);

/* The place of a parameter, -1: it has none of this name. */
int dbk_metric_parameter(const struct dbk_metric *metric, struct dbk_str name);

/* A question with the whole window of STUDY and all parameters absent. */
struct dbk_metric_question dbk_metric_question(const struct dbk_study *study,
					       const struct dbk_metric *metric);

/* METRIC of STUDY, which has ended.  OUT is overwritten. */
void dbk_metric_measure(const struct dbk_study *study, const struct dbk_metric *metric,
			const struct dbk_metric_question *question,
			struct dbk_value *out);

/* -1, 0, 1: how A compares with B by cross-multiplication; denominators above 0. */
int dbk_ratio_compare(struct dbk_ratio a, struct dbk_ratio b);

/* Numerator * 10^6 / denominator, rounded down, saturated; of a denominator above 0. */
int64_t dbk_ratio_ppm(struct dbk_ratio ratio);

/* Each module's own metrics, ended by a name of NULL; for metric.c alone. */
extern const struct dbk_metric dbk_people_metrics[], dbk_flows_metrics[];
extern const struct dbk_metric dbk_rewards_metrics[], dbk_months_metrics[];
extern const struct dbk_metric dbk_results_metrics[], dbk_holdings_metrics[];
extern const struct dbk_metric dbk_circles_metrics[], dbk_growth_metrics[];
extern const struct dbk_metric dbk_duties_metrics[], dbk_findings_metrics[];

#endif
