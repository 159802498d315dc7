#ifndef DBK_METRICS_PEOPLE_H
#define DBK_METRICS_PEOPLE_H

/*
 * people.h -- accounts, who sponsors whom, and the natural persons behind them;
 * METRICS.md section 2.
 *
 * A row of 64 bytes for each account, by the dense id of its agent.  Rows are as of the
 * window's end: nothing that happens later changes them.
 *
 * Thread: one.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "metrics/study.h"

struct dbk_people;
struct dbk_forest;

/* A day on which something never happened. */
#define DBK_DAY_NEVER INT32_MAX

struct dbk_account {
	uint64_t joined_position;
	uint64_t identity; /* the latest proof's hash, 0: none */
	uint32_t sponsor;  /* agents; 0: none */
	uint32_t first_recruit, next_recruit, previous_recruit; /* the newest first */
	uint32_t person;	/* from 1, when the study has ended; 0: none */
	int32_t joined_day;	/* DBK_DAY_NEVER: not joined before the window's end */
	int32_t left_day;	/* DBK_DAY_NEVER: it stays */
	int32_t paid_day;	/* first fee or purchase, DBK_DAY_NEVER: none */
	int32_t marked_day;	/* of a prior sanction, DBK_DAY_NEVER: none */
	int32_t active_day;	/* last deed of its own, INT32_MIN: none */
	uint32_t paid_levels;	/* how far away its rewards came from; for people.c */
	uint16_t cooling_days;	/* in which it might leave; 0: not said, 65535: or more */
	bool is_top : 1;	/* of the part that is studied */
	bool is_inside : 1;	/* at or below a top; true if all are studied */
	bool joined_counts : 1; /* its JOINED is in the window and in the part */
	bool joined_sponsored : 1; /* it had a sponsor then */
};

/* Ids of agents are below this. */
uint32_t dbk_people_agents(const struct dbk_people *people);

/* NULL: nothing is known of AGENT. */
const struct dbk_account *dbk_people_account(const struct dbk_people *people,
					     uint32_t agent);

/* Whether AGENT is, by the facts so far, in the part that is studied. */
bool dbk_people_is_inside(const struct dbk_people *people, uint32_t agent);

/* Accounts in the order in which their JOINED stands in the log, from 0; 0: no more. */
uint32_t dbk_people_joined(const struct dbk_people *people, uint32_t place);

/* The rest is there when the study has ended. */

/* Persons are numbered from 1 in the order of their first accounts; the people of a
 * part are the accounts that are in it at the window's end. */
uint32_t dbk_people_persons(const struct dbk_people *people);

/* 0: AGENT did not join before the window's end, or is outside the part. */
uint32_t dbk_people_person(const struct dbk_people *people, uint32_t agent);

/* The largest distance of a reward to AGENT before CUT plus one, 0: never paid. */
uint32_t dbk_people_pay_levels(const struct dbk_people *people, uint32_t agent,
			       int32_t cut);

/* The forest at the window's end. */
const struct dbk_forest *dbk_people_forest(const struct dbk_people *people);

/* The forest at an earlier end, valid until the next is asked for; a CUT at or behind
 * the window's end gives that one. */
const struct dbk_forest *dbk_people_forest_at(const struct dbk_people *people,
					      int32_t cut);

/* Called by the study before the first fact. */
DBK_MUST_CHECK enum dbk_err dbk_people_add_top(struct dbk_people *people,
					       uint32_t agent);

#endif
