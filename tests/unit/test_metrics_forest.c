#include "metrics/forest.h"

#include <string.h>

#include "metrics/study_private.h"
#include "../tests/lib/check.h"
#include "../tests/lib/told_study.h"

#define AGENTS 48
#define ROUNDS 150
#define DAYS 20
#define LINE 4000

static struct told_study told;

/* What the facts of a study say, counted plainly; by agent, a person by the number of
 * the account that joined first. */
struct plain {
	uint32_t order[AGENTS + 1]; /* of joining, from 1; 0: not there */
	uint32_t sponsor[AGENTS + 1];
	uint64_t identity[AGENTS + 1];
	uint32_t person[AGENTS + 1];
	uint32_t above[AGENTS + 1];
	bool paid[AGENTS + 1], left[AGENTS + 1];
	uint32_t pay_levels[AGENTS + 1];
};

static bool
is_above(const uint32_t *above, uint32_t upper, uint32_t lower)
{
	for (; lower != 0; lower = above[lower])
		if (lower == upper)
			return true;
	return false;
}

static void
gather(struct plain *plain, int32_t cut)
{
	uint32_t n = 0;

	memset(plain, 0, sizeof *plain);
	for (uint32_t i = 0; i < told.n; i++) {
		const struct dbk_fact *fact = &told.facts[i].fact;
		bool is_early = told.facts[i].day < cut;

		if (told.facts[i].day >= told.to)
			continue;
		if (fact->kind == DBK_FACT_JOINED && is_early)
			plain->order[fact->agent] = ++n;
		if (fact->kind == DBK_FACT_JOINED || fact->kind == DBK_FACT_MOVED)
			plain->sponsor[fact->agent] = fact->other;
		if (fact->kind == DBK_FACT_IDENTITY)
			plain->identity[fact->agent] = fact->hash;
		if (fact->kind == DBK_FACT_FEE)
			plain->paid[fact->agent] |= is_early;
		if (fact->kind == DBK_FACT_LEFT)
			plain->left[fact->agent] |= is_early;
		if (fact->kind == DBK_FACT_REWARD && is_early &&
		    plain->pay_levels[fact->agent] < fact->distance + 1u)
			plain->pay_levels[fact->agent] = fact->distance + 1u;
	}
}

static void
find_persons(struct plain *plain)
{
	for (uint32_t a = 1; a <= AGENTS; a++) {
		if (plain->order[a] == 0)
			continue;
		plain->person[a] = a;
		for (uint32_t b = 1; b <= AGENTS; b++)
			if (plain->order[b] != 0 && plain->identity[a] != 0 &&
			    plain->identity[a] == plain->identity[b] &&
			    plain->order[b] < plain->order[plain->person[a]])
				plain->person[a] = b;
	}
	for (uint32_t n = 1; n <= AGENTS; n++)
		for (uint32_t a = 1; a <= AGENTS; a++) {
			uint32_t me = plain->person[a];
			uint32_t other = plain->person[plain->sponsor[a]];

			if (plain->order[a] == n && me != 0 && other != me &&
			    plain->above[me] == 0)
				plain->above[me] = other;
		}
}

/* The last of all on the circle that begins at PERSON, 0: it is none. */
static uint32_t
last_of_circle(const struct plain *plain, uint32_t person)
{
	uint32_t last = person, at = plain->above[person];

	for (uint32_t steps = 0; at != person; steps++, at = plain->above[at]) {
		if (at == 0 || steps > AGENTS)
			return 0;
		if (plain->order[at] > plain->order[last])
			last = at;
	}
	return last;
}

static void
break_circles(struct plain *plain)
{
	for (uint32_t person = 1; person <= AGENTS; person++) {
		uint32_t last =
		    plain->above[person] == 0 ? 0 : last_of_circle(plain, person);

		if (last != 0)
			plain->above[last] = 0;
	}
}

static bool
any_account(const struct plain *plain, uint32_t person, const bool *of)
{
	for (uint32_t a = 1; a <= AGENTS; a++)
		if (plain->order[a] != 0 && plain->person[a] == person && of[a])
			return true;
	return false;
}

/* Participants at or below PERSON, and levels down to the deepest of them. */
static uint32_t
count_below(const struct plain *plain, uint32_t person, uint32_t *out_levels)
{
	uint32_t n = 0;

	*out_levels = 0;
	for (uint32_t one = 1; one <= AGENTS; one++) {
		bool takes_part = false;
		uint32_t levels = 1;

		if (plain->person[one] != one || !is_above(plain->above, person, one))
			continue;
		for (uint32_t payer = 1; payer <= AGENTS; payer++)
			takes_part |= plain->person[payer] == payer &&
				      is_above(plain->above, one, payer) &&
				      any_account(plain, payer, plain->paid);
		if (!takes_part)
			continue;
		n++;
		for (uint32_t at = one; at != person; at = plain->above[at])
			levels++;
		if (*out_levels < levels)
			*out_levels = levels;
	}
	return n;
}

static void
check_person(const struct plain *plain, const struct dbk_forest *forest,
	     const struct dbk_people *people, uint32_t person)
{
	const struct dbk_forest_row *row =
	    dbk_forest_row(forest, dbk_people_person(people, person));
	uint32_t above = plain->above[person], levels, accounts = 0, left = 0, pay = 0;
	uint32_t branch = 0, recruits = 0;

	for (uint32_t a = 1; a <= AGENTS; a++) {
		if (plain->order[a] != 0 && plain->person[a] == person) {
			accounts++;
			left += plain->left[a];
			pay = plain->pay_levels[a] > pay ? plain->pay_levels[a] : pay;
		}
		if (plain->person[a] != a)
			continue;
		branch += is_above(plain->above, person, a);
		recruits += plain->above[a] == person;
		CHECK((dbk_forest_row(forest, dbk_people_person(people, a))->preorder -
			   row->preorder <
		       row->branch) == is_above(plain->above, person, a));
	}
	CHECK_INT(row->agent, person);
	CHECK_INT(row->sponsor, above == 0 ? 0 : dbk_people_person(people, above));
	CHECK_INT(row->accounts, accounts);
	CHECK_INT(row->branch, branch);
	CHECK_INT(row->recruits, recruits);
	CHECK_INT(row->has_left, left == accounts);
	CHECK_INT(row->pay_levels, pay);
	CHECK_INT(row->participants, count_below(plain, person, &levels));
	CHECK_INT(row->levels, levels);
	CHECK_INT(dbk_forest_at(forest, row->preorder),
		  dbk_people_person(people, person));
}

static void
check_cut(int32_t cut)
{
	const struct dbk_people *people = dbk_study_people(told.study);
	const struct dbk_forest *forest = dbk_people_forest_at(people, cut);
	uint32_t persons = 0, n = 0;
	struct plain plain;

	gather(&plain, cut);
	find_persons(&plain);
	break_circles(&plain);
	for (uint32_t a = 1; a <= AGENTS; a++) {
		if (plain.person[a] != a)
			continue;
		persons++;
		check_person(&plain, forest, people, a);
	}
	CHECK_INT(forest->persons, persons);
	for (uint32_t level = 1; level <= forest->levels; level++)
		n += dbk_forest_level(forest, level)->persons;
	CHECK_INT(n, persons);
}

static void
tell_random(uint64_t *state, uint32_t *sponsors, uint32_t *n_agents)
{
	uint32_t agent = told_random(state, *n_agents) + 1;
	uint32_t other = told_random(state, *n_agents + 1);
	int32_t day = (int32_t)told_random(state, DAYS + 5);
	struct dbk_fact fact = { .agent = agent };

	switch (told_random(state, 7)) {
	case 0:
		fact.kind = DBK_FACT_MOVED;
		if (day >= told.to || is_above(sponsors, agent, other))
			return;
		fact.other = sponsors[agent] = other;
		break;
	case 1:
		fact.kind = DBK_FACT_IDENTITY;
		fact.hash = told_random(state, 20) + 1;
		break;
	case 2:
		fact.kind = DBK_FACT_FEE;
		break;
	case 3:
		fact.kind = DBK_FACT_REWARD;
		fact.distance = (uint8_t)told_random(state, 6);
		fact.basis = DBK_REWARD_DOWN_RETAIL;
		break;
	case 4:
		fact.kind = DBK_FACT_LEFT;
		break;
	default:
		if (*n_agents == AGENTS)
			return;
		sponsors[++*n_agents] = other;
		told_join(&told, day, *n_agents, other);
		return;
	}
	told_add(&told, day, fact);
}

static void
test_random(void)
{
	uint64_t state = 20061122;

	for (uint32_t round = 0; round < ROUNDS; round++) {
		uint32_t sponsors[AGENTS + 1] = { 0 }, n_agents = 1;

		told_open(&told, 3, DAYS);
		told_join(&told, 0, 1, 0);
		for (uint32_t i = 0; i < 200; i++)
			tell_random(&state, sponsors, &n_agents);
		told_end(&told);
		check_cut(DAYS);
		check_cut((int32_t)told_random(&state, DAYS));
		check_cut((int32_t)told_random(&state, DAYS));
		check_cut(DAYS);
		told_close(&told);
	}
}

static void
test_line(void)
{
	const struct dbk_forest *forest;

	told_open(&told, INT32_MIN, INT32_MAX);
	for (uint32_t agent = 1; agent <= LINE; agent++)
		told_join(&told, 0, agent, agent - 1);
	told_add(&told, 0, (struct dbk_fact){ .kind = DBK_FACT_FEE, .agent = LINE });
	told_end(&told);
	forest = dbk_people_forest(dbk_study_people(told.study));
	CHECK_INT(forest->levels, LINE);
	CHECK_INT(forest->participants, LINE);
	CHECK_INT(dbk_forest_row(forest, 1)->levels, LINE);
	CHECK_INT(dbk_forest_row(forest, LINE)->level, LINE);
	CHECK_INT(forest->largest, 1);
	told_close(&told);
}

static void
test_line_turned(void)
{
	const struct dbk_forest *forest;

	told_open(&told, INT32_MIN, INT32_MAX);
	for (uint32_t agent = 1; agent <= LINE; agent++)
		told_join(&told, 0, agent, 0);
	for (uint32_t agent = 1; agent < LINE; agent++)
		told_add(&told, 1,
			 (struct dbk_fact){ .kind = DBK_FACT_MOVED,
					    .agent = agent,
					    .other = agent + 1 });
	told_end(&told);
	forest = dbk_people_forest(dbk_study_people(told.study));
	CHECK_INT(forest->levels, LINE);
	CHECK_INT(dbk_forest_row(forest, LINE)->branch, LINE);
	CHECK_INT(dbk_forest_row(forest, 1)->preorder, LINE - 1);
	told_close(&told);
}

static int32_t
large_study(uint32_t n, bool is_line)
{
	struct dbk_study_options options = { .from_day = INT32_MIN,
					     .to_day = INT32_MAX };
	struct dbk_study *study;
	struct dbk_fact fact = { .kind = DBK_FACT_JOINED };
	uint32_t levels;

	check_must(dbk_study_open(&options, &study), NULL, "open a study");
	for (fact.agent = 1; fact.agent <= n; fact.agent++) {
		fact.position++;
		fact.other = is_line ? fact.agent - 1 : fact.agent / 3;
		check_must(dbk_study_add(study, &fact), NULL, "add a fact");
	}
	check_must(dbk_study_end(study), NULL, "end a study");
	levels = dbk_people_forest(dbk_study_people(study))->levels;
	dbk_study_close(study);
	return (int32_t)levels;
}

static void
test_large(void)
{
	CHECK_INT(large_study(200000, true), 200000);
	CHECK_INT(large_study(200000, false), 12);
}

int
main(void)
{
	check_run("a forest at any cut is what counting plainly gives", test_random);
	check_run("a line is a forest", test_line);
	check_run("a line whose sponsors joined later is one", test_line_turned);
	check_run("a line of 200,000 levels", test_large);
	return check_end();
}
