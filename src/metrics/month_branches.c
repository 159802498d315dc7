#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "metrics/forest.h"
#include "metrics/months_private.h"

#define MONTHS 2048
#define NOWHERE UINT32_MAX

/* Sums over branches without climbing: the rows of one month in preorder of their
 * persons, so that a branch is a run of rows. */
struct sweep {
	struct dbk_column *rows;
	uint32_t *places; /* preorder of the person, by account; NOWHERE: of none */
	uint32_t *order, *sorted; /* numbers of rows */
	uint32_t n;
	const struct dbk_forest *forest;
	struct open *stack;
	uint32_t depth, stack_max;
};

struct sums {
	dbk_wide verified, lenient, paid;
};

/* A person whose branch is not at its end. */
struct open {
	struct sums before;
	uint32_t first, n; /* its rows, in order */
	uint32_t end;	   /* of the branch in preorder */
};

static struct dbk_month_row *
row_at(const struct sweep *sweep, uint32_t number)
{
	return dbk_column_row(sweep->rows, number);
}

/* The place of each account, and in each row whether it is a participant's. */
static enum dbk_err
find_places(struct sweep *sweep, const struct dbk_people *people)
{
	uint32_t agents = dbk_people_agents(people), person;
	const struct dbk_forest_row *row;
	struct dbk_month_row *month;

	sweep->places = malloc(((size_t)agents + 1) * sizeof *sweep->places);
	if (sweep->places == NULL)
		return DBK_FAILED_MEMORY;
	for (uint32_t i = 0; i < agents; i++) {
		person = dbk_people_person(people, i);
		sweep->places[i] =
		    person == 0 ? NOWHERE
				: dbk_forest_row(sweep->forest, person)->preorder;
	}
	for (uint32_t i = 1; i < sweep->rows->count; i++) {
		month = row_at(sweep, i);
		if (month->account >= agents ||
		    sweep->places[month->account] == NOWHERE)
			continue;
		person = dbk_forest_at(sweep->forest, sweep->places[month->account]);
		row = dbk_forest_row(sweep->forest, person);
		month->is_participant = dbk_forest_is_participant(row);
		sweep->order[sweep->n++] = i;
	}
	return DBK_OK;
}

static uint32_t
place_of(const struct sweep *sweep, uint32_t number)
{
	return sweep->places[row_at(sweep, number)->account];
}

static uint32_t
month_of(const struct sweep *sweep, uint32_t number)
{
	return row_at(sweep, number)->month;
}

/* Stable counting sort by KEY, which is below KEYS. */
static enum dbk_err
sort(struct sweep *sweep, uint32_t keys,
     uint32_t (*key)(const struct sweep *sweep, uint32_t number))
{
	uint32_t *ends = calloc((size_t)keys + 1, sizeof *ends), *swap;

	if (ends == NULL)
		return DBK_FAILED_MEMORY;
	for (uint32_t i = 0; i < sweep->n; i++)
		ends[key(sweep, sweep->order[i]) + 1]++;
	for (uint32_t i = 0; i < keys; i++)
		ends[i + 1] += ends[i];
	for (uint32_t i = 0; i < sweep->n; i++)
		sweep->sorted[ends[key(sweep, sweep->order[i])]++] = sweep->order[i];
	free(ends);
	swap = sweep->order;
	sweep->order = sweep->sorted;
	sweep->sorted = swap;
	return DBK_OK;
}

static void
close_branch(struct sweep *sweep, const struct sums *now)
{
	const struct open *open = &sweep->stack[--sweep->depth];
	dbk_wide paid = now->paid - open->before.paid;
	struct dbk_month_row *row;

	for (uint32_t i = 0; i < open->n; i++) {
		row = row_at(sweep, sweep->order[open->first + i]);
		row->fails_strict = now->verified - open->before.verified <= paid;
		row->fails_lenient = now->lenient - open->before.lenient <= paid;
	}
}

static enum dbk_err
open_branch(struct sweep *sweep, uint32_t first, const struct sums *before)
{
	uint32_t max = sweep->stack_max == 0 ? 256 : sweep->stack_max * 2;
	uint32_t place = place_of(sweep, sweep->order[first]);
	uint32_t person = dbk_forest_at(sweep->forest, place);
	struct open *stack;

	if (sweep->depth == sweep->stack_max) {
		stack = realloc(sweep->stack, max * sizeof *stack);
		if (stack == NULL)
			return DBK_FAILED_MEMORY;
		sweep->stack = stack;
		sweep->stack_max = max;
	}
	sweep->stack[sweep->depth++] =
	    (struct open){ *before, first, 0,
			   place + dbk_forest_row(sweep->forest, person)->branch };
	return DBK_OK;
}

static void
take(struct sums *sums, const struct dbk_month_row *row)
{
	sums->verified += row->verified;
	sums->lenient += row->lenient;
	sums->paid += row->paid;
}

/* The rows [from, to) of the order, all of one month. */
static enum dbk_err
sweep_month(struct sweep *sweep, uint32_t from, uint32_t to)
{
	struct sums now = { 0, 0, 0 };
	uint32_t place, last = NOWHERE;
	enum dbk_err err;

	for (uint32_t i = from; i < to; i++) {
		place = place_of(sweep, sweep->order[i]);
		while (sweep->depth > 0 && sweep->stack[sweep->depth - 1].end <= place)
			close_branch(sweep, &now);
		if (place != last) {
			err = open_branch(sweep, i, &now);
			if (err != DBK_OK)
				return err;
			last = place;
		}
		sweep->stack[sweep->depth - 1].n++;
		take(&now, row_at(sweep, sweep->order[i]));
	}
	while (sweep->depth > 0)
		close_branch(sweep, &now);
	return DBK_OK;
}

static enum dbk_err
sweep_all(struct sweep *sweep)
{
	enum dbk_err err = DBK_OK;
	uint32_t to;

	for (uint32_t from = 0; from < sweep->n && err == DBK_OK; from = to) {
		to = from + 1;
		while (to < sweep->n && month_of(sweep, sweep->order[to]) ==
					    month_of(sweep, sweep->order[from]))
			to++;
		err = sweep_month(sweep, from, to);
	}
	return err;
}

enum dbk_err
dbk_month_branches_mark(struct dbk_column *rows, const struct dbk_people *people)
{
	struct sweep sweep = { .rows = rows, .forest = dbk_people_forest(people) };
	enum dbk_err err = DBK_OK;

	if (rows->count == 0)
		return DBK_OK;
	sweep.order = malloc(rows->count * sizeof *sweep.order);
	sweep.sorted = malloc(rows->count * sizeof *sweep.sorted);
	if (sweep.order == NULL || sweep.sorted == NULL)
		err = DBK_FAILED_MEMORY;
	if (err == DBK_OK)
		err = find_places(&sweep, people);
	if (err == DBK_OK)
		err = sort(&sweep, sweep.forest->persons, place_of);
	if (err == DBK_OK)
		err = sort(&sweep, MONTHS, month_of);
	if (err == DBK_OK)
		err = sweep_all(&sweep);
	free(sweep.places);
	free(sweep.order);
	free(sweep.sorted);
	free(sweep.stack);
	return err;
}
