#include "metrics/forest.h"

#include <string.h>

enum dbk_err
dbk_forest_open(struct dbk_forest *forest, uint32_t persons)
{
	enum dbk_err err;

	memset(forest, 0, sizeof *forest);
	forest->limit = persons + 1;
	forest->cut = DBK_DAY_NEVER;
	dbk_column_init(&forest->rows, sizeof(struct dbk_forest_row), persons + 1);
	dbk_column_init(&forest->order, sizeof(uint32_t), persons + 1);
	dbk_column_init(&forest->level_rows, sizeof(struct dbk_forest_level),
			persons + 1);
	err = dbk_column_reach(&forest->rows, persons);
	if (err == DBK_OK)
		err = dbk_column_reach(&forest->order, persons);
	if (err == DBK_OK)
		err = dbk_column_reach(&forest->level_rows, persons);
	return err;
}

void
dbk_forest_fini(struct dbk_forest *forest)
{
	dbk_column_fini(&forest->rows);
	dbk_column_fini(&forest->order);
	dbk_column_fini(&forest->level_rows);
}

static struct dbk_forest_row *
row_of(struct dbk_forest *forest, uint32_t person)
{
	return dbk_column_row(&forest->rows, person);
}

static void
clear(struct dbk_forest *forest)
{
	memset(forest->rows.rows, 0, forest->limit * sizeof(struct dbk_forest_row));
	memset(forest->level_rows.rows, 0,
	       (forest->levels + 1) * sizeof(struct dbk_forest_level));
	forest->persons = forest->accounts = forest->participants = 0;
	forest->roots = forest->levels = forest->largest = 0;
}

/* ---------------------------------------------------------------------------- edges */

/* The person who stands for AGENT in the forest, 0: not there before its cut. */
static uint32_t
person_before(const struct dbk_forest *forest, const struct dbk_people *people,
	      uint32_t agent)
{
	const struct dbk_account *account = dbk_people_account(people, agent);

	if (account == NULL || account->joined_day >= forest->cut)
		return 0;
	return account->person;
}

static void
take_account(struct dbk_forest *forest, const struct dbk_people *people, uint32_t agent)
{
	const struct dbk_account *account = dbk_people_account(people, agent);
	uint32_t person = person_before(forest, people, agent), sponsor, levels;
	struct dbk_forest_row *row;

	if (person == 0)
		return;
	row = row_of(forest, person);
	if (row->agent == 0) {
		row->agent = agent;
		row->has_left = true;
		forest->persons++;
	}
	row->accounts++;
	row->has_left &= account->left_day < forest->cut;
	row->is_marked |= account->marked_day < forest->cut;
	row->has_paid |= account->paid_day < forest->cut;
	levels = dbk_people_pay_levels(people, agent, forest->cut);
	if (levels > row->pay_levels)
		row->pay_levels = (uint16_t)levels;
	sponsor = person_before(forest, people, account->sponsor);
	if (row->sponsor == 0 && sponsor != person)
		row->sponsor = sponsor;
	forest->accounts++;
}

static uint64_t
joined_at(struct dbk_forest *forest, const struct dbk_people *people, uint32_t person)
{
	return dbk_people_account(people, row_of(forest, person)->agent)
	    ->joined_position;
}

/* PERSON is on a circle: who joined last of all on it becomes a root. */
static void
break_circle(struct dbk_forest *forest, const struct dbk_people *people,
	     uint32_t person)
{
	uint32_t last = person;

	for (uint32_t p = row_of(forest, person)->sponsor; p != person;
	     p = row_of(forest, p)->sponsor)
		if (joined_at(forest, people, p) > joined_at(forest, people, last))
			last = p;
	row_of(forest, last)->sponsor = 0;
}

/* Everybody has at most one sponsor: whoever meets his own way up again is on a circle.
 * Levels serve as the marks of ways, and are set afterwards. */
static void
break_circles(struct dbk_forest *forest, const struct dbk_people *people)
{
	for (uint32_t person = 1; person < forest->limit; person++) {
		uint32_t p = person;

		while (p != 0 && row_of(forest, p)->level == 0) {
			row_of(forest, p)->level = person;
			p = row_of(forest, p)->sponsor;
		}
		if (p != 0 && row_of(forest, p)->level == person)
			break_circle(forest, people, p);
	}
}

static void
link_children(struct dbk_forest *forest)
{
	for (uint32_t person = forest->limit - 1; person > 0; person--) {
		struct dbk_forest_row *row = row_of(forest, person), *above;

		if (row->sponsor == 0)
			continue;
		above = row_of(forest, row->sponsor);
		row->next_sibling = above->first_child;
		above->first_child = person;
		above->recruits++;
	}
}

/* ---------------------------------------------------------------------------- order */

static uint32_t
next_in_preorder(struct dbk_forest *forest, uint32_t person)
{
	const struct dbk_forest_row *row = row_of(forest, person);

	if (row->first_child != 0)
		return row->first_child;
	while (row->next_sibling == 0 && row->sponsor != 0)
		row = row_of(forest, row->sponsor);
	return row->next_sibling;
}

static void
number_in_preorder(struct dbk_forest *forest)
{
	uint32_t place = 0;

	for (uint32_t root = 1; root < forest->limit; root++) {
		struct dbk_forest_row *row = row_of(forest, root);

		if (row->agent == 0 || row->sponsor != 0)
			continue;
		forest->roots++;
		for (uint32_t p = root; p != 0; p = next_in_preorder(forest, p)) {
			row = row_of(forest, p);
			row->level = row->sponsor == 0
					 ? 1
					 : row_of(forest, row->sponsor)->level + 1;
			row->preorder = place;
			*(uint32_t *)dbk_column_row(&forest->order, place++) = p;
		}
	}
}

/* Whoever stands below has a later place. */
static void
sum_branches(struct dbk_forest *forest)
{
	for (uint32_t place = forest->persons; place-- > 0;) {
		struct dbk_forest_row *row =
		    row_of(forest, dbk_forest_at(forest, place));
		struct dbk_forest_row *above = row_of(forest, row->sponsor);

		row->branch++;
		row->participants += row->has_paid || row->participants > 0;
		row->levels += row->participants > 0;
		if (row->sponsor == 0)
			continue;
		above->branch += row->branch;
		above->participants += row->participants;
		if (above->levels < row->levels)
			above->levels = row->levels;
	}
}

static void
count_levels(struct dbk_forest *forest)
{
	uint32_t most = 0;

	for (uint32_t person = 1; person < forest->limit; person++) {
		const struct dbk_forest_row *row = row_of(forest, person);
		struct dbk_forest_level *level;

		if (row->agent == 0)
			continue;
		level = dbk_column_row(&forest->level_rows, row->level);
		level->persons++;
		level->accounts += row->accounts;
		level->participants += row->participants > 0;
		forest->participants += row->participants > 0;
		if (forest->levels < row->level)
			forest->levels = row->level;
		if (row->participants > most) {
			most = row->participants;
			forest->largest = person;
		}
	}
}

void
dbk_forest_build(struct dbk_forest *forest, const struct dbk_people *people,
		 int32_t cut)
{
	uint32_t agent;

	clear(forest);
	forest->cut = cut;
	for (uint32_t i = 0; (agent = dbk_people_joined(people, i)) != 0; i++)
		take_account(forest, people, agent);
	break_circles(forest, people);
	link_children(forest);
	number_in_preorder(forest);
	sum_branches(forest);
	count_levels(forest);
}
