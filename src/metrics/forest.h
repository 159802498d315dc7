#ifndef DBK_METRICS_FOREST_H
#define DBK_METRICS_FOREST_H

/*
 * forest.h -- the forest of persons at a cut day: who stands below whom; METRICS.md
 * section 2.
 *
 * A row of 52 bytes for each person; nothing recurses, so a line of ten million is a
 * forest like any other.
 *
 * Thread: one.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "metrics/column.h"
#include "metrics/people.h"

/* Persons are numbered as in people.h, so a person has the same number in each forest.
 */
struct dbk_forest_row {
	uint32_t agent;	      /* of the account that joined first; 0: not there yet */
	uint32_t sponsor;     /* person, 0: a root */
	uint32_t first_child; /* persons, in the order of their numbers; 0: none */
	uint32_t next_sibling;
	/* Place in preorder, from 0; the branch is [preorder, preorder + branch). Roots
	 * and brothers stand in the order of their numbers. */
	uint32_t preorder;
	uint32_t branch;       /* persons, this one included */
	uint32_t level;	       /* 1: a root */
	uint32_t accounts;     /* of this person */
	uint32_t recruits;     /* persons just below */
	uint32_t participants; /* in the branch, this one included: persons(v) */
	uint32_t levels;       /* levels(v) */
	uint16_t pay_levels;   /* pay_levels(v) */
	bool is_marked;	       /* by a prior sanction */
	bool has_left;	       /* all accounts have */
	bool has_paid;	       /* a fee or for goods */
};

/* Persons and accounts on one level of the forest. */
struct dbk_forest_level {
	uint32_t persons, accounts, participants;
};

struct dbk_forest {
	struct dbk_column rows;	      /* struct dbk_forest_row, by person */
	struct dbk_column order;      /* uint32_t: persons in preorder */
	struct dbk_column level_rows; /* struct dbk_forest_level, from level 1 */
	int32_t cut;
	uint32_t limit; /* numbers of persons are below this */
	uint32_t persons, accounts, participants, roots, levels;
	uint32_t largest; /* the person with most participants, 0: nobody */
};

/* Address ranges for as many persons as PEOPLE has, so that a build cannot fail for
 * want of them. */
DBK_MUST_CHECK enum dbk_err dbk_forest_open(struct dbk_forest *forest,
					    uint32_t persons);
void dbk_forest_fini(struct dbk_forest *forest);

/* PEOPLE has numbered the persons; those who joined before CUT, and nobody else. */
void dbk_forest_build(struct dbk_forest *forest, const struct dbk_people *people,
		      int32_t cut);

/* A person by number, from 1 to below forest->limit.  In the forest of a window's end
 * everybody is there. */
static inline const struct dbk_forest_row *
dbk_forest_row(const struct dbk_forest *forest, uint32_t person)
{
	return dbk_column_row(&forest->rows, person);
}

/* The person at PLACE of preorder, below forest->persons. */
static inline uint32_t
dbk_forest_at(const struct dbk_forest *forest, uint32_t place)
{
	return *(const uint32_t *)dbk_column_row(&forest->order, place);
}

/* LEVEL from 1 to forest->levels. */
static inline const struct dbk_forest_level *
dbk_forest_level(const struct dbk_forest *forest, uint32_t level)
{
	return dbk_column_row(&forest->level_rows, level);
}

static inline bool
dbk_forest_is_participant(const struct dbk_forest_row *row)
{
	return row->participants > 0;
}

/* The larger of levels and levels that were paid: depth(v). */
static inline uint32_t
dbk_forest_depth(const struct dbk_forest_row *row)
{
	return row->levels > row->pay_levels ? row->levels : row->pay_levels;
}

#endif
