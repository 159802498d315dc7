#ifndef DBK_METRICS_STUDY_H
#define DBK_METRICS_STUDY_H

/*
 * study.h -- facts taken in, metrics given out; METRICS.md is the specification.
 *
 *	dbk_study_open()	with a window of days
 *	dbk_study_add()		fact after fact, in log order
 *	dbk_study_end()		no more come; the size of everything is known now
 *	dbk_metric_measure()	as often as wanted (metric.h)
 *
 * A study holds a row for each agent and each agent and month, sums by day, and
 * evidence; no facts.  Ten million agents with a hundred million facts fit into 11 GiB.
 *
 * Everything is a function of the facts in their order: no clock, no chance, no floating
 * point, no order of addresses.
 *
 * Thread: one.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "facts/fact.h"

struct dbk_study;

struct dbk_study_options {
	/* Local days since 1970, [from, to); INT32_MIN and INT32_MAX: no bound. */
	int32_t from_day, to_day;
	int32_t utc_offset_minutes; /* of the book's local days */
	bool is_part; /* facts count only at or below the tops, see add_top() */
	bool log_is_whole; /* for log_whole: the root came out, from position 0 on */
	int64_t market; /* people there are, for growth_months; 0: not known */
};

DBK_MUST_CHECK enum dbk_err dbk_study_open(const struct dbk_study_options *options,
					   struct dbk_study **out);
void dbk_study_close(struct dbk_study *study);

/* AGENT, whose JOINED comes next, is a top of the part that is studied. */
DBK_MUST_CHECK enum dbk_err dbk_study_add_top(struct dbk_study *study, uint32_t agent);

/* DBK_FAILED_MEMORY: the study is of no use any more.  The last facts wait for a while,
 * so that memory can be asked for what they need. */
DBK_MUST_CHECK enum dbk_err dbk_study_add(struct dbk_study *study,
					  const struct dbk_fact *fact);

/* Take the facts that wait: who looks at a part before the end calls this first. */
DBK_MUST_CHECK enum dbk_err dbk_study_settle(struct dbk_study *study);

DBK_MUST_CHECK enum dbk_err dbk_study_end(struct dbk_study *study);

/* The root of the log came out only after the last fact. */
void dbk_study_log_is_whole(struct dbk_study *study);

/* The parts, for tables and pictures; valid until the study is closed. */
const struct dbk_people *dbk_study_people(const struct dbk_study *study);
const struct dbk_flows *dbk_study_flows(const struct dbk_study *study);
const struct dbk_rewards *dbk_study_rewards(const struct dbk_study *study);
const struct dbk_months *dbk_study_months(const struct dbk_study *study);
const struct dbk_results *dbk_study_results(const struct dbk_study *study);
const struct dbk_holdings *dbk_study_holdings(const struct dbk_study *study);
const struct dbk_growth *dbk_study_growth(const struct dbk_study *study);

/* What facts there were: days of the first and the last that counted in the window (both
 * 0 if there was none), and how many. */
struct dbk_study_extent {
	int32_t first_day, last_day;
	uint64_t facts;
	bool has_licence; /* the MARK for the whole book */
};

struct dbk_study_extent dbk_study_extent(const struct dbk_study *study);

#endif
