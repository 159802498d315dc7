#include "report/appraisal.h"

#include <string.h>

#include "books/look.h"
#include "metrics/forest.h"
#include "metrics/people.h"
#include "metrics/results.h"

/* What all rows of persons are made from. */
struct appraisal {
	struct dbk_maker *maker;
	const struct dbk_books *books;
	const struct dbk_people *people;
	const struct dbk_results *results;
	const struct dbk_forest *forest;
};

static char *
name_of(const struct appraisal *a, uint32_t agent)
{
	return dbk_maker_text(a->maker,
			      dbk_look_name(a->books, DBK_SPACE_AGENT, agent));
}

static void
fill_person(const struct appraisal *a, uint32_t person,
	    Daybook__Report__V1__PersonRow *to)
{
	const struct dbk_forest_row *row = dbk_forest_row(a->forest, person);
	const struct dbk_account *account = dbk_people_account(a->people, row->agent);
	struct dbk_result result;

	dbk_results_of_person(a->results, person, &result);
	to->agent = name_of(a, row->agent);
	to->accounts = row->accounts;
	to->level = row->level;
	to->recruits = row->recruits;
	to->persons_below = row->participants;
	to->levels = row->levels;
	to->pay_levels = row->pay_levels;
	to->rewards = result.rewards;
	to->recruit_rewards = result.recruit_rewards;
	to->fees = result.fees;
	to->bought = result.bought;
	to->net_strict = result.net_strict;
	to->net_lenient = result.net_lenient;
	if (account == NULL)
		return;
	to->joined_position = account->joined_position;
	if (account->sponsor != 0)
		to->sponsor = name_of(a, account->sponsor);
}

/* ---------------------------------------------------------------------- the largest */

/* Is person X's branch larger than Y's?  Of two the one that joined first. */
static bool
is_larger(const struct appraisal *a, uint32_t x, uint32_t y)
{
	uint32_t of_x = dbk_forest_row(a->forest, x)->participants;
	uint32_t of_y = dbk_forest_row(a->forest, y)->participants;

	return of_x != of_y ? of_x > of_y : x < y;
}

/* The persons with the largest branches, into OUT; how many. */
static size_t
find_largest(const struct appraisal *a, uint32_t out[DBK_APPRAISAL_ORGANISERS])
{
	size_t n = 0;

	for (uint32_t place = 0; place < a->forest->persons; place++) {
		uint32_t person = dbk_forest_at(a->forest, place);
		size_t at = n;

		if (dbk_forest_row(a->forest, person)->participants < 2)
			continue;
		while (at > 0 && is_larger(a, person, out[at - 1]))
			at--;
		if (at == DBK_APPRAISAL_ORGANISERS)
			continue;
		n += n < DBK_APPRAISAL_ORGANISERS;
		memmove(out + at + 1, out + at, (n - at - 1) * sizeof *out);
		out[at] = person;
	}
	return n;
}

static void
fill_organisers(const struct appraisal *a, Daybook__Report__V1__Appraisal *to)
{
	uint32_t largest[DBK_APPRAISAL_ORGANISERS];
	size_t n = find_largest(a, largest);

	to->organisers =
	    dbk_maker_list(a->maker, n, &daybook__report__v1__person_row__descriptor);
	for (size_t i = 0; to->organisers != NULL && i < n; i++) {
		fill_person(a, largest[i], to->organisers[i]);
		to->n_organisers = i + 1;
	}
}

static void
fill_best_paid(const struct appraisal *a, Daybook__Report__V1__Appraisal *to)
{
	uint32_t count = dbk_results_count(a->results), n = 0;

	while (n < DBK_APPRAISAL_BEST_PAID && n < count &&
	       dbk_results_rewards_at(a->results, count - n - 1) > 0)
		n++;
	to->best_paid =
	    dbk_maker_list(a->maker, n, &daybook__report__v1__person_row__descriptor);
	for (uint32_t i = 0; to->best_paid != NULL && i < n; i++) {
		fill_person(a, dbk_results_person_by_rewards(a->results, count - i - 1),
			    to->best_paid[i]);
		to->n_best_paid = i + 1;
	}
}

/* -------------------------------------------------------------------- links, levels */

static void
fill_links(const struct appraisal *a, Daybook__Report__V1__Appraisal *to)
{
	uint32_t persons = a->forest->persons;
	uint32_t n =
	    persons < DBK_APPRAISAL_LINKS_MAX ? persons : DBK_APPRAISAL_LINKS_MAX;

	to->links =
	    dbk_maker_list(a->maker, n, &daybook__report__v1__person_row__descriptor);
	for (uint32_t i = 0; to->links != NULL && i < n; i++) {
		fill_person(a, dbk_forest_at(a->forest, i), to->links[i]);
		to->n_links = i + 1;
	}
	to->links_left_out = persons - n;
}

static void
fill_levels(const struct appraisal *a, Daybook__Report__V1__Appraisal *to)
{
	to->level_rows = dbk_maker_list(a->maker, a->forest->levels,
					&daybook__report__v1__level_row__descriptor);
	for (uint32_t i = 0; to->level_rows != NULL && i < a->forest->levels; i++) {
		const struct dbk_forest_level *level =
		    dbk_forest_level(a->forest, i + 1);
		Daybook__Report__V1__LevelRow *row = to->level_rows[i];

		row->level = i + 1;
		row->persons = level->persons;
		row->accounts = level->accounts;
		row->participants = level->participants;
		to->n_level_rows = i + 1;
	}
}

Daybook__Report__V1__Appraisal *
dbk_appraisal_make(struct dbk_maker *maker, const struct dbk_books *books,
		   const struct dbk_study *study)
{
	const struct dbk_people *people = dbk_study_people(study);
	const struct appraisal a = { .maker = maker,
				     .books = books,
				     .people = people,
				     .results = dbk_study_results(study),
				     .forest = dbk_people_forest(people) };
	Daybook__Report__V1__Appraisal *to =
	    dbk_maker_message(maker, &daybook__report__v1__appraisal__descriptor);

	if (to == NULL)
		return NULL;
	to->accounts = a.forest->accounts;
	to->persons = a.forest->persons;
	to->participants = a.forest->participants;
	to->levels = a.forest->levels;
	to->roots = a.forest->roots;
	fill_levels(&a, to);
	fill_organisers(&a, to);
	fill_best_paid(&a, to);
	fill_links(&a, to);
	return to;
}
