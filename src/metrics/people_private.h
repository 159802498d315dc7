#ifndef DBK_METRICS_PEOPLE_PRIVATE_H
#define DBK_METRICS_PEOPLE_PRIVATE_H

/*
 * people_private.h -- what people.c gathers and organisers.c measures.
 */

#include "metrics/column.h"
#include "metrics/forest.h"
#include "metrics/peaks.h"
#include "metrics/people.h"
#include "metrics/study_private.h"

/* An account was paid, from DAY on, for what happened LEVELS - 1 sponsors away: only
 * what no earlier day reaches, the largest first. */
struct dbk_people_paid {
	int32_t day;
	uint32_t levels;
	uint32_t next; /* 0: none */
};

struct dbk_people {
	struct dbk_study *study;
	struct dbk_column accounts; /* struct dbk_account, by agent */
	struct dbk_column joined;   /* uint32_t: agents, in log order */
	struct dbk_column paid;	    /* struct dbk_people_paid, from 1 */
	struct dbk_peaks distances; /* of rewards that count */
	struct dbk_forest forest;   /* at the window's end */
	struct dbk_forest earlier;  /* the last that was asked for */
	uint32_t n_joined, n_persons;
	bool has_ended;
};

#endif
