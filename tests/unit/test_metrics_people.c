#include "metrics/people.h"

#include "books/effects.h"
#include "metrics/forest.h"
#include "../tests/lib/check.h"
#include "../tests/lib/told_study.h"

#define ALL INT32_MIN, INT32_MAX
#define BY_30_AND_3 30, 3

static struct told_study told;

static void
tell(enum dbk_fact_kind kind, int32_t day, uint32_t agent, uint32_t other)
{
	told_add(
	    &told, day,
	    (struct dbk_fact){ .kind = (uint8_t)kind, .agent = agent, .other = other });
}

static void
pay(int32_t day, uint32_t agent)
{
	tell(DBK_FACT_FEE, day, agent, 0);
}

static void
identify(int32_t day, uint32_t agent, uint64_t hash)
{
	told_add(&told, day,
		 (struct dbk_fact){
		     .kind = DBK_FACT_IDENTITY, .agent = agent, .hash = hash });
}

static void
reward(int32_t day, uint32_t agent, uint8_t distance)
{
	told_add(&told, day,
		 (struct dbk_fact){ .kind = DBK_FACT_REWARD,
				    .agent = agent,
				    .amount = 1,
				    .distance = distance,
				    .basis = DBK_REWARD_DOWN_RETAIL });
}

static void
join_and_pay(uint32_t agent, uint32_t sponsor)
{
	told_join(&told, 0, agent, sponsor);
	pay(0, agent);
}

static struct dbk_value
value_of(const char *name, int64_t first, int64_t second)
{
	return told_value(&told, name, ALL, first, second);
}

static int64_t
number(const char *name, int64_t first, int64_t second)
{
	return value_of(name, first, second).strict.numerator;
}

static const struct dbk_forest *
forest(void)
{
	return dbk_people_forest(dbk_study_people(told.study));
}

static const struct dbk_forest_row *
person_of(uint32_t agent)
{
	return dbk_forest_row(forest(),
			      dbk_people_person(dbk_study_people(told.study), agent));
}

/* FIRST at the top, the next below, all others below that one; N in all. */
static void
three_levels(uint32_t first, uint32_t n)
{
	join_and_pay(first, 0);
	for (uint32_t i = 1; i < n; i++)
		join_and_pay(first + i, i == 1 ? first : first + 1);
}

static void
test_nobody(void)
{
	told_open(&told, ALL);
	told_end(&told);
	CHECK_INT(number("accounts", 0, 0), 0);
	CHECK_INT(number("persons", 0, 0), 0);
	CHECK_INT(number("organisers", BY_30_AND_3), 0);
	CHECK_INT(number("largest_persons", 0, 0), 0);
	CHECK_INT(number("largest_levels", 0, 0), 0);
	CHECK_INT(value_of("leaf_share", 0, 0).strict_state, DBK_VALUE_EMPTY);
	CHECK_INT(value_of("sponsored_share", 0, 0).strict_state, DBK_VALUE_EMPTY);
	CHECK_INT(value_of("sponsor_tail", 1, 0).strict_state, DBK_VALUE_EMPTY);
	CHECK_INT(value_of("max_paid_distance", 0, 0).lenient_state, DBK_VALUE_EMPTY);
	CHECK_INT(forest()->persons, 0);
	told_close(&told);
}

static void
test_29_persons(void)
{
	told_open(&told, ALL);
	three_levels(1, 29);
	told_end(&told);
	CHECK_INT(number("organisers", BY_30_AND_3), 0);
	CHECK_INT(number("organisers", 29, 3), 1);
	CHECK_INT(number("organisers", 29, 4), 0);
	told_close(&told);
}

static void
test_2_levels(void)
{
	told_open(&told, ALL);
	join_and_pay(1, 0);
	for (uint32_t i = 2; i <= 30; i++)
		join_and_pay(i, 1);
	told_end(&told);
	CHECK_INT(number("organisers", BY_30_AND_3), 0);
	CHECK_INT(number("organisers", 30, 2), 1);
	told_close(&told);
}

static void
test_30_persons(void)
{
	struct dbk_value value;

	told_open(&told, ALL);
	three_levels(1, 30);
	told_end(&told);
	value = value_of("organisers", BY_30_AND_3);
	CHECK_INT(value.strict.numerator, 1);
	CHECK_INT(value.lenient.numerator, 1);
	CHECK_INT(value.population, 30);
	CHECK_INT(value.evidence.count, 30);
	CHECK_INT(value.evidence.positions[0], 1);
	CHECK_INT(value.evidence.positions[29], 59);
	CHECK_INT(number("organisers", 29, 2), 2);
	CHECK_INT(number("largest_persons", 3, 0), 30);
	CHECK_INT(number("largest_persons", 4, 0), 0);
	CHECK_INT(number("largest_levels", 0, 0), 3);
	CHECK_INT(forest()->levels, 3);
	CHECK_INT(dbk_forest_level(forest(), 2)->persons, 1);
	CHECK_INT(dbk_forest_level(forest(), 3)->participants, 28);
	told_close(&told);
}

static void
test_30_accounts(void)
{
	told_open(&told, ALL);
	three_levels(1, 30);
	identify(0, 7, 99);
	identify(0, 21, 99);
	told_end(&told);
	CHECK_INT(number("organisers", BY_30_AND_3), 0);
	CHECK_INT(number("accounts", 0, 0), 30);
	CHECK_INT(number("persons", 0, 0), 29);
	CHECK_INT(person_of(21)->agent, 7);
	CHECK_INT(person_of(7)->accounts, 2);
	told_close(&told);
}

/* Two trees of FIRST and SECOND persons, the organiser in both counted. */
static int64_t
organisations(uint32_t first, uint32_t second, bool shared)
{
	int64_t n;

	told_open(&told, ALL);
	three_levels(1, first);
	join_and_pay(101, 0);
	for (uint32_t i = 1; i < second; i++)
		join_and_pay(101 + i, 101);
	if (shared) {
		identify(0, 1, 5);
		identify(0, 101, 5);
	}
	told_end(&told);
	n = number("organisers", BY_30_AND_3);
	told_close(&told);
	return n;
}

static void
test_organisations(void)
{
	CHECK_INT(organisations(16, 14, true), 0);
	CHECK_INT(organisations(16, 15, false), 0);
	CHECK_INT(organisations(16, 15, true), 1);
}

static void
test_pay_levels(void)
{
	told_open(&told, ALL);
	join_and_pay(1, 0);
	for (uint32_t i = 2; i <= 30; i++)
		join_and_pay(i, 1);
	reward(5, 1, 1);
	reward(3, 1, 2);
	reward(9, 1, 0);
	told_end(&told);
	CHECK_INT(number("organisers", BY_30_AND_3), 1);
	CHECK_INT(person_of(1)->levels, 2);
	CHECK_INT(person_of(1)->pay_levels, 3);
	CHECK_INT(number("max_paid_distance", 0, 0), 2);
	CHECK_INT(told_value(&told, "max_paid_distance", 4, 9, 0, 0).strict.numerator,
		  1);
	CHECK_INT(told_value(&told, "max_paid_distance", 4, 10, 0, 0).population, 2);
	CHECK_INT(told_value(&told, "organisers", 0, 4, BY_30_AND_3).strict.numerator,
		  1);
	CHECK_INT(told_value(&told, "organisers", 0, 3, BY_30_AND_3).strict.numerator,
		  0);
	told_close(&told);
}

static void
test_circle(void)
{
	told_open(&told, ALL);
	told_join(&told, 0, 1, 0);
	told_join(&told, 0, 2, 1);
	told_join(&told, 0, 3, 2);
	told_join(&told, 0, 4, 3);
	identify(0, 1, 77);
	identify(0, 4, 77);
	pay(0, 3);
	told_end(&told);
	/* 1 and 4 are one, whose first sponsor is 3, who joined last of the three. */
	CHECK_INT(forest()->persons, 3);
	CHECK_INT(forest()->roots, 1);
	CHECK_INT(person_of(3)->sponsor, 0);
	CHECK_INT(person_of(1)->sponsor, 3);
	CHECK_INT(person_of(2)->sponsor, 1);
	CHECK_INT(person_of(3)->branch, 3);
	told_close(&told);
}

static void
test_free_shoppers(void)
{
	told_open(&told, ALL);
	told_join(&told, 0, 1, 0);
	told_join(&told, 0, 2, 1);
	told_join(&told, 0, 3, 2);
	told_join(&told, 0, 4, 1);
	told_join(&told, 0, 5, 2);
	told_join(&told, 0, 6, 3);
	tell(DBK_FACT_BOUGHT, 1, 3, 0);
	told_add(&told, 1,
		 (struct dbk_fact){ .kind = DBK_FACT_GOODS,
				    .agent = 5,
				    .other = 2,
				    .amount = 1,
				    .qty = 1,
				    .code = DBK_MOVE_RECEIVED });
	told_add(&told, 1,
		 (struct dbk_fact){ .kind = DBK_FACT_GOODS,
				    .agent = 4,
				    .amount = 1,
				    .qty = 1,
				    .code = DBK_MOVE_RECEIVED });
	told_end(&told);
	CHECK_INT(number("participants", 0, 0), 4);
	CHECK_INT(value_of("participants", 0, 0).evidence.count, 4);
	CHECK_INT(person_of(1)->participants, 4);
	CHECK_INT(person_of(1)->levels, 3);
	CHECK_INT(person_of(1)->branch, 6);
	CHECK_INT(person_of(4)->participants, 0);
	/* Of 1, 2, 3 and 5 only 5 brought nobody. */
	CHECK_INT(number("leaf_share", 0, 0), 1);
	CHECK_INT(value_of("leaf_share", 0, 0).strict.denominator, 4);
	CHECK_INT(number("sponsor_tail", 2, 0), 2);
	CHECK_INT(number("sponsor_tail", 3, 0), 0);
	told_close(&told);
}

static void
test_later_identity(void)
{
	told_open(&told, 0, 10);
	join_and_pay(1, 0);
	join_and_pay(2, 0);
	join_and_pay(3, 0);
	identify(1, 1, 5);
	identify(1, 2, 5);
	identify(9, 2, 6);
	identify(9, 3, 6);
	identify(10, 3, 5);
	told_end(&told);
	CHECK_INT(number("persons", 0, 0), 2);
	CHECK_INT(person_of(3)->agent, 2);
	told_close(&told);
}

static void
test_window(void)
{
	told_open(&told, 10, 20);
	told_join(&told, 9, 1, 0);
	told_join(&told, 10, 2, 1);
	told_join(&told, 19, 3, 1);
	told_join(&told, 20, 4, 1);
	tell(DBK_FACT_MOVED, 20, 3, 2);
	tell(DBK_FACT_FEE, 20, 3, 0);
	pay(15, 2);
	told_end(&told);
	CHECK_INT(number("accounts", 0, 0), 3);
	CHECK_INT(person_of(3)->sponsor, 1);
	CHECK_INT(number("participants", 0, 0), 2);
	CHECK_INT(number("sponsored_share", 0, 0), 2);
	CHECK_INT(value_of("sponsored_share", 0, 0).population, 2);
	CHECK_INT(told_value(&told, "sponsored_share", 11, 20, 0, 0).population, 1);
	CHECK_INT(told_value(&told, "sponsored_share", 10, 19, 0, 0).population, 1);
	CHECK_INT(told_value(&told, "accounts", 10, 19, 0, 0).strict.numerator, 2);
	CHECK_INT(told_value(&told, "participants", 10, 15, 0, 0).strict.numerator, 0);
	CHECK_INT(told_value(&told, "participants", 10, 16, 0, 0).strict.numerator, 2);
	told_close(&told);
}

static void
test_marked(void)
{
	struct dbk_metric_question question;
	const struct dbk_metric *metric = dbk_metric_find(dbk_str_of("organisers"));
	struct dbk_value value;

	told_open(&told, ALL);
	three_levels(1, 20);
	told_add(&told, 3,
		 (struct dbk_fact){ .kind = DBK_FACT_MARKED,
				    .agent = 2,
				    .code = DBK_MARK_PRIOR_SANCTION });
	told_end(&told);
	question = dbk_metric_question(told.study, metric);
	question.parameters[0] = 15;
	question.parameters[1] = 2;
	question.parameters[2] = 1;
	dbk_metric_measure(told.study, metric, &question, &value);
	CHECK_INT(value.strict.numerator, 1);
	CHECK_INT(value.evidence.count, 19);
	CHECK_INT(number("organisers", 15, 2), 2);
	CHECK_INT(number("largest_persons", 2, 1), 19);
	question.to_day = 3;
	dbk_metric_measure(told.study, metric, &question, &value);
	CHECK_INT(value.strict.numerator, 0);
	told_close(&told);
}

static void
cooling(int32_t day, uint32_t agent, int64_t days)
{
	told_add(
	    &told, day,
	    (struct dbk_fact){ .kind = DBK_FACT_JOINED, .agent = agent, .qty = days });
}

static void
test_cooling_off(void)
{
	told_open(&told, ALL);
	cooling(0, 1, 59);
	cooling(0, 2, 60);
	cooling(0, 3, 1000000);
	cooling(0, 4, -1);
	cooling(0, 5, 0);
	cooling(0, 6, 1);
	told_end(&told);
	CHECK_INT(number("cooling_off_short", 60, 0), 2);
	CHECK_INT(value_of("cooling_off_short", 60, 0).strict.denominator, 4);
	CHECK_INT(value_of("cooling_off_short", 60, 0).lenient.denominator, 4);
	CHECK_INT(value_of("cooling_off_short", 60, 0).population, 4);
	CHECK_INT(value_of("cooling_off_short", 60, 0).evidence.count, 2);
	told_close(&told);
}

static void
test_no_cooling_off(void)
{
	told_open(&told, ALL);
	cooling(0, 1, 0);
	cooling(0, 2, 0);
	told_end(&told);
	CHECK_INT(value_of("cooling_off_short", 60, 0).strict_state, DBK_VALUE_EMPTY);
	CHECK_INT(value_of("cooling_off_short", 60, 0).lenient_state, DBK_VALUE_EMPTY);
	CHECK_INT(value_of("cooling_off_short", 60, 0).evidence.count, 0);
	told_close(&told);
}

/* 1 has 2 and 3; 2 has 4, 4 has 5; 3 has 6. */
static void
tell_branches(void)
{
	static const uint32_t SPONSORS[] = { 0, 0, 1, 1, 2, 4, 3 };

	for (uint32_t agent = 1; agent <= 6; agent++)
		join_and_pay(agent, SPONSORS[agent]);
}

static void
open_part(uint32_t top, uint32_t other)
{
	struct dbk_study_options options = { .from_day = INT32_MIN,
					     .to_day = INT32_MAX,
					     .is_part = true };

	told_open_with(&told, &options);
	check_must(dbk_study_add_top(told.study, top), NULL, "a top");
	if (other != 0)
		check_must(dbk_study_add_top(told.study, other), NULL, "a top");
}

static void
test_part(void)
{
	open_part(2, 0);
	tell_branches();
	tell(DBK_FACT_MARKED, 0, 0, 0);
	told_end(&told);
	CHECK_INT(number("accounts", 0, 0), 3);
	CHECK_INT(person_of(2)->sponsor, 0);
	CHECK_INT(person_of(2)->branch, 3);
	CHECK_INT(number("fees", 0, 0), 0);
	CHECK_INT(value_of("sponsored_share", 0, 0).population, 3);
	CHECK_INT(dbk_study_extent(told.study).facts, 6);
	CHECK_INT(dbk_people_person(dbk_study_people(told.study), 1), 0);
	told_close(&told);
}

/* By the facts so far. */
static bool
is_inside(uint32_t agent)
{
	check_must(dbk_study_settle(told.study), NULL, "facts that wait");
	return dbk_people_is_inside(dbk_study_people(told.study), agent);
}

static void
test_part_moved(void)
{
	open_part(2, 5);
	tell_branches();
	CHECK(!is_inside(3) && is_inside(4));
	tell(DBK_FACT_MOVED, 1, 3, 2);
	CHECK(is_inside(3) && is_inside(6));
	tell(DBK_FACT_MOVED, 1, 4, 1);
	CHECK(!is_inside(4) && is_inside(5));
	tell(DBK_FACT_MOVED, 1, 2, 0);
	CHECK(is_inside(2) && is_inside(6));
	tell(DBK_FACT_MOVED, 1, 6, 4);
	CHECK(!is_inside(6) && is_inside(3));
	told_end(&told);
	CHECK_INT(number("accounts", 0, 0), 3);
	CHECK_INT(person_of(5)->sponsor, 0);
	told_close(&told);
}

int
main(void)
{
	check_run("of nobody nothing is known", test_nobody);
	check_run("29 persons on 3 levels are not 30", test_29_persons);
	check_run("30 persons on 2 levels are no 3", test_2_levels);
	check_run("30 persons on 3 levels count with the organiser", test_30_persons);
	check_run("30 accounts of 29 persons are 29", test_30_accounts);
	check_run("two organisations of one organiser are one", test_organisations);
	check_run("levels that were paid count as levels", test_pay_levels);
	check_run("a circle among persons loses its last edge", test_circle);
	check_run("free shoppers take no part", test_free_shoppers);
	check_run("the latest identity before the end counts", test_later_identity);
	check_run("days at the edges of a window", test_window);
	check_run("a sanction before the cut", test_marked);
	check_run("time to withdraw", test_cooling_off);
	check_run("who was told no time to withdraw is neither", test_no_cooling_off);
	check_run("a part is what stands at or below its tops", test_part);
	check_run("a branch that moves takes its people along", test_part_moved);
	return check_end();
}
