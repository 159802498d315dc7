#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "metrics/forest.h"
#include "metrics/months_private.h"

#define MONTHS 2048
#define NOWHERE UINT32_MAX
#define DIGIT_BITS 11
#define DIGITS (1u << DIGIT_BITS)
#define AHEAD 16 /* rows that memory is asked for before they are needed */

/* Sums over branches without climbing: the rows of one month in preorder of their
 * persons, so that a branch is a run of rows. */
struct sweep {
	struct dbk_column *rows;
	uint32_t *places; /* preorder of the person, by account; NOWHERE: of none */
	/* Of each row its place, and behind it its number: by month, and room to sort
	 * those of one. */
	uint64_t *keys, *room;
	uint32_t ends[MONTHS + 1]; /* of the months before and this one, in KEYS */
	uint32_t longest;	   /* month, in rows */
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
row_of(const struct sweep *sweep, uint64_t key)
{
	return dbk_column_row(sweep->rows, (uint32_t)key);
}

static uint32_t
place_of(uint64_t key)
{
	return (uint32_t)(key >> 32);
}

static enum dbk_err
find_places(struct sweep *sweep, const struct dbk_people *people)
{
	uint32_t agents = dbk_people_agents(people), person;

	sweep->places = malloc(((size_t)agents + 1) * sizeof *sweep->places);
	if (sweep->places == NULL)
		return DBK_FAILED_MEMORY;
	for (uint32_t i = 0; i < agents; i++) {
		person = dbk_people_person(people, i);
		sweep->places[i] = NOWHERE;
		if (person != 0)
			sweep->places[i] =
			    dbk_forest_row(sweep->forest, person)->preorder;
	}
	sweep->places[agents] = NOWHERE;
	return DBK_OK;
}

/* Rows of nobody in the forest are in no month. */
static uint32_t
place_of_row(const struct sweep *sweep, const struct dbk_people *people,
	     const struct dbk_month_row *row)
{
	uint32_t agents = dbk_people_agents(people);

	return sweep->places[row->account < agents ? row->account : agents];
}

/* Say whose rows count, and count those of each month. */
static enum dbk_err
count_months(struct sweep *sweep, const struct dbk_people *people)
{
	struct dbk_month_row *row;
	uint32_t place, n;

	for (uint32_t i = 1; i < sweep->rows->count; i++) {
		row = row_of(sweep, i);
		place = place_of_row(sweep, people, row);
		if (place == NOWHERE)
			continue;
		row->is_in_forest = true;
		sweep->ends[row->month + 1]++;
	}
	for (uint32_t i = 0; i < MONTHS; i++) {
		n = sweep->ends[i + 1];
		sweep->longest = n > sweep->longest ? n : sweep->longest;
		sweep->ends[i + 1] += sweep->ends[i];
	}
	n = sweep->ends[MONTHS];
	sweep->keys = malloc(((size_t)n + 1) * sizeof *sweep->keys);
	sweep->room = malloc(((size_t)sweep->longest + 1) * sizeof *sweep->room);
	return sweep->keys == NULL || sweep->room == NULL ? DBK_FAILED_MEMORY : DBK_OK;
}

/* A month's end moves from its first row to behind its last one. */
static void
fill_months(struct sweep *sweep, const struct dbk_people *people)
{
	const struct dbk_month_row *row;
	uint32_t place;

	for (uint32_t i = 1; i < sweep->rows->count; i++) {
		row = row_of(sweep, i);
		place = place_of_row(sweep, people, row);
		if (place != NOWHERE)
			sweep->keys[sweep->ends[row->month]++] =
			    (uint64_t)place << 32 | i;
	}
}

/* KEYS by one digit of their places into OUT; those that are alike keep their order. */
static void
sort_by_digit(const uint64_t *keys, uint32_t n, uint64_t *out, int shift)
{
	uint32_t ends[DIGITS + 1] = { 0 };

	for (uint32_t i = 0; i < n; i++)
		ends[(keys[i] >> shift) % DIGITS + 1]++;
	for (uint32_t i = 0; i < DIGITS; i++)
		ends[i + 1] += ends[i];
	for (uint32_t i = 0; i < n; i++)
		out[ends[(keys[i] >> shift) % DIGITS]++] = keys[i];
}

static void
sort_by_place(struct sweep *sweep, uint64_t *keys, uint32_t n)
{
	uint64_t most = (uint64_t)sweep->forest->persons << 32;

	for (int shift = 32; most >> shift != 0 && shift < 64; shift += DIGIT_BITS) {
		sort_by_digit(keys, n, sweep->room, shift);
		memcpy(keys, sweep->room, n * sizeof *keys);
	}
}

static void
close_branch(struct sweep *sweep, const uint64_t *keys, const struct sums *now)
{
	const struct open *open = &sweep->stack[--sweep->depth];
	dbk_wide paid = now->paid - open->before.paid;
	struct dbk_month_row *row;

	for (uint32_t i = 0; i < open->n; i++) {
		row = row_of(sweep, keys[open->first + i]);
		row->fails_strict = now->verified - open->before.verified <= paid;
		row->fails_lenient = now->lenient - open->before.lenient <= paid;
	}
}

static enum dbk_err
open_branch(struct sweep *sweep, uint32_t first, uint32_t place,
	    const struct sums *before)
{
	uint32_t max = sweep->stack_max == 0 ? 256 : sweep->stack_max * 2;
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

static enum dbk_err
sweep_month(struct sweep *sweep, const uint64_t *keys, uint32_t n)
{
	struct sums now = { 0, 0, 0 };
	uint32_t place, last = NOWHERE;
	enum dbk_err err;

	for (uint32_t i = 0; i < n; i++) {
		if (i + AHEAD < n)
			__builtin_prefetch(row_of(sweep, keys[i + AHEAD]), 1);
		place = place_of(keys[i]);
		while (sweep->depth > 0 && sweep->stack[sweep->depth - 1].end <= place)
			close_branch(sweep, keys, &now);
		if (place != last) {
			err = open_branch(sweep, i, place, &now);
			if (err != DBK_OK)
				return err;
			last = place;
		}
		sweep->stack[sweep->depth - 1].n++;
		take(&now, row_of(sweep, keys[i]));
	}
	while (sweep->depth > 0)
		close_branch(sweep, keys, &now);
	return DBK_OK;
}

static enum dbk_err
sweep_all(struct sweep *sweep)
{
	enum dbk_err err = DBK_OK;
	uint32_t from = 0, n;

	for (uint32_t month = 0; month < MONTHS && err == DBK_OK; month++) {
		n = sweep->ends[month] - from;
		if (n == 0)
			continue;
		sort_by_place(sweep, sweep->keys + from, n);
		err = sweep_month(sweep, sweep->keys + from, n);
		from = sweep->ends[month];
	}
	return err;
}

enum dbk_err
dbk_month_branches_mark(struct dbk_column *rows, const struct dbk_people *people)
{
	struct sweep sweep = { .rows = rows, .forest = dbk_people_forest(people) };
	enum dbk_err err;

	if (rows->count == 0)
		return DBK_OK;
	err = find_places(&sweep, people);
	if (err == DBK_OK)
		err = count_months(&sweep, people);
	if (err == DBK_OK) {
		fill_months(&sweep, people);
		err = sweep_all(&sweep);
	}
	free(sweep.places);
	free(sweep.keys);
	free(sweep.room);
	free(sweep.stack);
	return err;
}
