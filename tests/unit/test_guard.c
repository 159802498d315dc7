/*
 * test_guard.c -- what a published list of guards means, and which lists cannot stand.
 */

#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "guard/guard.h"

static struct dbk_parameter parameters[DBK_PARAMETERS_MAX];
static struct dbk_guard_set_published published = { .parameters = parameters };
static struct dbk_arena arena;
static struct dbk_guards guards;
static struct dbk_parameter_fault fault;

static void
start(void)
{
	published.n_parameters = 0;
	dbk_arena_reset(&arena);
}

static struct dbk_parameter *
add(const char *name, int64_t value)
{
	struct dbk_parameter *p = &parameters[published.n_parameters++];

	*p = (struct dbk_parameter){ .name = dbk_str_of(name), .value = value };
	return p;
}

static struct dbk_parameter *
choose(const char *name, const char *choice)
{
	struct dbk_parameter *p = add(name, 0);

	p->choice = dbk_str_of(choice);
	return p;
}

static bool
compile(void)
{
	return dbk_guards_compile(&published, &arena, &guards, &fault);
}

static bool
is_refused(enum dbk_rule rule, uint32_t index, const char *member, int64_t measured,
	   int64_t limit)
{
	return CHECK(!compile()) && CHECK_INT(fault.rule, rule) &&
	       CHECK_INT(fault.index, index) &&
	       CHECK(strcmp(fault.member, member) == 0) &&
	       CHECK_INT(fault.measured, measured) && CHECK_INT(fault.limit, limit);
}

static void
test_defaults(void)
{
	start();
	CHECK(compile());
	for (unsigned i = 0; i < DBK_GUARDS; i++)
		CHECK_INT(guards.scalars.modes[i], DBK_GUARD_OFF);
	CHECK_INT(guards.scalars.numbers[DBK_GUARD_WINDOW_DAYS], 30);
	CHECK_INT(guards.scalars.numbers[DBK_GUARD_MAX_UNITS], -1);
	CHECK_INT(guards.scalars.numbers[DBK_GUARD_MIN_SELL_THROUGH_PPM], 600000);
	CHECK_INT(guards.n_terms, 0);
}

static void
test_modes(void)
{
	start();
	choose("standing", "FLAG");
	choose("cloud", "REFUSE");
	choose("exposure", "OFF");
	choose("flooding", "REFUSE");
	choose("count", "FLAG");
	CHECK(compile());
	CHECK_INT(guards.scalars.modes[DBK_GUARD_STANDING], DBK_GUARD_FLAG);
	CHECK_INT(guards.scalars.modes[DBK_GUARD_CLOUD], DBK_GUARD_REFUSE);
	CHECK_INT(guards.scalars.modes[DBK_GUARD_EXPOSURE], DBK_GUARD_OFF);
	CHECK_INT(guards.scalars.modes[DBK_GUARD_FLOODING], DBK_GUARD_FLAG);
	CHECK_INT(guards.scalars.modes[DBK_GUARD_COUNT], DBK_GUARD_FLAG);
}

static void
test_mode_value(void)
{
	start();
	add("cloud", 0);
	CHECK(is_refused(DBK_RULE_GUARD_PARAMETER_VALUE, 0, "choice", 0, 1));
	start();
	choose("cloud", "flag");
	CHECK(is_refused(DBK_RULE_GUARD_PARAMETER_VALUE, 0, "choice", 0, 0));
	start();
	choose("cloud", "FLAG")->value = 3;
	CHECK(is_refused(DBK_RULE_GUARD_PARAMETER_VALUE, 0, "value", 3, 0));
	start();
	choose("cloud", "FLAG")->rank = dbk_str_of("gold");
	CHECK(is_refused(DBK_RULE_GUARD_PARAMETER_SCOPE, 0, "rank", 0, 0));
}

static void
test_names(void)
{
	start();
	add("window_days", 30);
	add("windows", 30);
	add("min_sightings", 0);
	CHECK(is_refused(DBK_RULE_GUARD_PARAMETER_UNKNOWN, 1, "name", 0, 0));
	start();
	add("", 30);
	CHECK(is_refused(DBK_RULE_GUARD_PARAMETER_UNKNOWN, 0, "name", 0, 0));
}

/* Each number, at its bounds and one beyond. */
static void
test_bounds(void)
{
	for (unsigned i = 0; i < DBK_GUARD_NUMBERS; i++) {
		const struct dbk_guard_number_kind *k =
		    dbk_guard_number_kind((enum dbk_guard_number)i);

		start();
		add(k->name, k->least);
		CHECK(compile());
		CHECK_INT(guards.scalars.numbers[i], k->least);
		parameters[0].value = k->most;
		CHECK(compile());
		CHECK_INT(guards.scalars.numbers[i], k->most);
		parameters[0].value = k->least - 1;
		CHECK(is_refused(DBK_RULE_GUARD_PARAMETER_VALUE, 0, "value",
				 k->least - 1, k->least));
		parameters[0].value = k->most + 1;
		CHECK(is_refused(DBK_RULE_GUARD_PARAMETER_VALUE, 0, "value",
				 k->most + 1, k->most));
	}
	start();
	choose("window_days", "FLAG")->value = 30;
	CHECK(is_refused(DBK_RULE_GUARD_PARAMETER_VALUE, 0, "choice", 4, 0));
}

/* A parameter with one scope more: the member of PARAMETER that is wrong. */
static void
test_scope(void)
{
	static const struct {
		const char *name, *sku, *category, *rank, *channel, *region;
		uint32_t level;
		const char *wrong; /* NULL: none */
	} cases[] = {
		{ "free_units", "tea", "", "gold", "", "", 0, NULL },
		{ "free_units", "", "teas", "gold", "", "", 0, NULL },
		{ "free_units", "tea", "teas", "gold", "", "", 0, "category" },
		{ "starter_units", "", "", "gold", "", "", 0, NULL },
		{ "starter_units", "tea", "", "", "", "", 0, "sku" },
		{ "starter_units", "", "teas", "", "", "", 0, "category" },
		{ "window_days", "", "", "gold", "", "", 0, "rank" },
		{ "free_units", "tea", "", "", "web", "", 0, "channel" },
		{ "free_units", "", "", "", "", "north", 0, "region" },
		{ "free_units", "", "", "", "", "", 2, "level" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct dbk_parameter *p;

		start();
		p = add(cases[i].name, 7);
		p->sku = dbk_str_of(cases[i].sku);
		p->category = dbk_str_of(cases[i].category);
		p->rank = dbk_str_of(cases[i].rank);
		p->channel = dbk_str_of(cases[i].channel);
		p->region = dbk_str_of(cases[i].region);
		p->level = cases[i].level;
		if (cases[i].wrong == NULL)
			CHECK(compile());
		else
			CHECK(is_refused(DBK_RULE_GUARD_PARAMETER_SCOPE, 0,
					 cases[i].wrong, cases[i].level, 0));
	}
}

static void
test_terms(void)
{
	start();
	add("free_units", 5);
	add("free_units", 6)->rank = dbk_str_of("gold");
	add("max_units", 50)->sku = dbk_str_of("tea");
	CHECK(compile());
	CHECK_INT(guards.n_terms, 2);
	CHECK_INT(guards.scalars.numbers[DBK_GUARD_FREE_UNITS], 5);
	CHECK_INT(guards.scalars.numbers[DBK_GUARD_MAX_UNITS], -1);
	CHECK(guards.scalars.has_terms[DBK_GUARD_FREE_UNITS]);
	CHECK(!guards.scalars.has_terms[DBK_GUARD_WINDOW_DAYS]);
	CHECK_INT(guards.terms[0].number, DBK_GUARD_FREE_UNITS);
	CHECK_INT(guards.terms[0].index, 1);
	CHECK_INT(guards.terms[0].value, 6);
	CHECK_INT(guards.terms[1].number, DBK_GUARD_MAX_UNITS);
	CHECK_INT(guards.terms[1].value, 50);
}

static void
test_twice(void)
{
	start();
	add("free_units", 1);
	add("free_units", 1)->rank = dbk_str_of("gold");
	add("free_units", 1)->sku = dbk_str_of("gold");
	add("free_units", 1)->category = dbk_str_of("gold");
	choose("cloud", "FLAG");
	CHECK(compile());
	add("free_units", 2)->category = dbk_str_of("gold");
	CHECK(is_refused(DBK_RULE_GUARD_CONTRADICTION, 5, "name", 5, 3));
	start();
	choose("cloud", "FLAG");
	choose("match", "FLAG");
	choose("cloud", "FLAG");
	CHECK(is_refused(DBK_RULE_GUARD_CONTRADICTION, 2, "name", 2, 0));
}

static void
test_limits(void)
{
	static const struct {
		const char *low, *high;
	} pairs[] = { { "starter_units", "max_units" },
		      { "free_units", "max_units" },
		      { "restock_interval_days", "restock_period_days" } };

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		start();
		add(pairs[i].low, 20);
		add(pairs[i].high, 20);
		CHECK(compile());
		parameters[0].value = 21;
		CHECK(is_refused(DBK_RULE_GUARD_CONTRADICTION, 1, "value", 20, 21));
		start();
		add(pairs[i].high, 20);
		add(pairs[i].low, 21);
		CHECK(is_refused(DBK_RULE_GUARD_CONTRADICTION, 1, "value", 21, 20));
	}
}

static void
test_limits_of_other_scopes(void)
{
	start();
	add("max_units", 5);
	add("free_units", 20)->rank = dbk_str_of("gold");
	add("starter_units", 20)->rank = dbk_str_of("gold");
	CHECK(compile());
	/* The default of free_units, 10, is nobody's word. */
	start();
	add("max_units", 5);
	add("restock_interval_days", 90);
	CHECK(compile());
}

static void
test_order_of_faults(void)
{
	start();
	add("free_units", 20);
	add("free_units", 20);
	add("nothing", 20);
	CHECK(is_refused(DBK_RULE_GUARD_PARAMETER_UNKNOWN, 2, "name", 0, 0));
	start();
	add("max_units", 20);
	add("free_units", 21);
	add("max_units", 20);
	CHECK(is_refused(DBK_RULE_GUARD_CONTRADICTION, 1, "value", 21, 20));
}

static void
test_no_room(void)
{
	struct dbk_arena small;

	start();
	add("free_units", 20);
	dbk_arena_init(&small, 1);
	CHECK(!dbk_guards_compile(&published, &small, &guards, &fault));
	CHECK_INT(fault.rule, DBK_RULE_NONE);
	dbk_arena_fini(&small);
}

static void
test_many(void)
{
	static char names[DBK_PARAMETERS_MAX][8];

	start();
	for (unsigned i = 0; i < DBK_PARAMETERS_MAX; i++) {
		(void)snprintf(names[i], sizeof names[i], "s%u", i);
		add("free_units", i)->sku = dbk_str_of(names[i]);
	}
	CHECK(compile());
	CHECK_INT(guards.n_terms, DBK_PARAMETERS_MAX);
}

int
main(void)
{
	dbk_arena_init(&arena, (size_t)1 << 20);
	check_run("without parameters all is off", test_defaults);
	check_run("a guard has a mode, and one that cannot refuse flags", test_modes);
	check_run("a mode is one of three words, without value and scope",
		  test_mode_value);
	check_run("a name that nobody knows is refused", test_names);
	check_run("a number stands within its bounds", test_bounds);
	check_run("a number is narrowed to what it may be", test_scope);
	check_run("what is narrowed becomes a term", test_terms);
	check_run("a name stands once in a scope", test_twice);
	check_run("limits of one scope do not cross", test_limits);
	check_run("limits of two scopes, and defaults, contradict nothing",
		  test_limits_of_other_scopes);
	check_run("each by itself comes before all together", test_order_of_faults);
	check_run("without room nothing is known of the set", test_no_room);
	check_run("a thousand terms compile", test_many);
	dbk_arena_fini(&arena);
	return check_end();
}
