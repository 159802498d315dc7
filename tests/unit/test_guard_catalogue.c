#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "guard/guard.h"

static char readme[65536];

static const struct dbk_guard_kind *
guard(unsigned i)
{
	return dbk_guard_kind((enum dbk_guard)i);
}

static const struct dbk_guard_number_kind *
number(unsigned i)
{
	return dbk_guard_number_kind((enum dbk_guard_number)i);
}

static bool
is_name(const char *name)
{
	return CHECK(name != NULL) && CHECK(strlen(name) > 0) &&
	       CHECK(strlen(name) <= DBK_ID_BYTES_MAX);
}

static bool
is_help(const char *help)
{
	return CHECK(help != NULL) && CHECK(help[strlen(help) - 1] == '.');
}

static void
test_guards(void)
{
	for (unsigned i = 0; i < DBK_GUARDS; i++) {
		if (!is_name(guard(i)->name) || !is_help(guard(i)->help))
			continue;
		CHECK(guard(i)->rule >= DBK_RULE_RESTOCK_STANDING &&
		      guard(i)->rule <= DBK_RULE_BUYBACK_OVERDUE);
		CHECK(i >= DBK_GATES || guard(i)->can_refuse);
		for (unsigned j = 0; j < i; j++)
			CHECK(strcmp(guard(i)->name, guard(j)->name) != 0 &&
			      guard(i)->rule != guard(j)->rule);
	}
}

static void
test_rules(void)
{
	for (unsigned i = 0; i < DBK_GUARDS; i++)
		CHECK_INT(dbk_guard_of(guard(i)->rule), i);
	CHECK_INT(dbk_guard_of(DBK_RULE_SHIPPED_NOT_PAID), DBK_GUARD_MATCH);
	CHECK_INT(dbk_guard_of(DBK_RULE_SEAL_BROKEN), DBK_GUARD_CUSTODY);
	CHECK_INT(dbk_guard_of(DBK_RULE_BUYBACK_PRICE), DBK_GUARD_BUYBACK);
	CHECK_INT(dbk_guard_of(DBK_RULE_PRICE_BAND), DBK_GUARDS);
	CHECK_INT(dbk_guard_of(DBK_RULE_NONE), DBK_GUARDS);
}

static void
test_numbers(void)
{
	static const char *const units[] = { "ppm",   "amount", "days",
					     "hours", "count",	"flag" };

	for (unsigned i = 0; i < DBK_GUARD_NUMBERS; i++) {
		const struct dbk_guard_number_kind *k = number(i);
		bool has_unit = false;

		if (!is_name(k->name) || !is_help(k->help) || !CHECK(k->unit != NULL))
			continue;
		for (size_t u = 0; u < sizeof units / sizeof units[0]; u++)
			has_unit = has_unit || strcmp(k->unit, units[u]) == 0;
		CHECK(has_unit);
		CHECK(k->least >= 0 && k->least <= k->most && k->initial <= k->most);
		CHECK(k->initial >= k->least || k->initial == -1);
		if (strcmp(k->unit, "amount") == 0)
			CHECK_INT(k->most, DBK_AMOUNT_MAX);
		if (strcmp(k->unit, "flag") == 0)
			CHECK_INT(k->most, 1);
	}
}

static void
test_names(void)
{
	for (unsigned i = 0; i < DBK_GUARD_NUMBERS; i++) {
		for (unsigned j = 0; j < i; j++)
			CHECK(strcmp(number(i)->name, number(j)->name) != 0);
		for (unsigned j = 0; j < DBK_GUARDS; j++)
			CHECK(strcmp(number(i)->name, guard(j)->name) != 0);
	}
}

static void
test_red(void)
{
	CHECK(dbk_guard_is_red(DBK_RULE_ENTRY_FEE));
	CHECK(dbk_guard_is_red(DBK_RULE_BUYBACK_OVERDUE));
	CHECK(dbk_guard_is_red(DBK_RULE_DIVERSION));
	CHECK(!dbk_guard_is_red(DBK_RULE_SEAL_BROKEN));
	CHECK(!dbk_guard_is_red(DBK_RULE_PRICE_BAND));
	CHECK(!dbk_guard_is_red(DBK_RULE_NONE));
}

/* ------------------------------------------------------------------------ README */

static void
read_readme(void)
{
	FILE *file = fopen("src/guard/README.md", "r");

	if (!CHECK(file != NULL))
		return;
	CHECK(fread(readme, 1, sizeof readme - 1, file) > 0);
	(void)fclose(file);
}

static void
test_readme_guards(void)
{
	char row[512];

	for (unsigned i = 0; i < DBK_GUARDS; i++) {
		const struct dbk_guard_kind *k = guard(i);

		(void)snprintf(row, sizeof row, "\n| `%s` | `%s` | %s | %s |\n",
			       k->name, dbk_rule_name(k->rule),
			       k->can_refuse ? "yes" : "no", k->help);
		if (!CHECK(strstr(readme, row) != NULL))
			fprintf(stderr, "%s", row);
	}
}

static void
write_bounds(const struct dbk_guard_number_kind *k, char *out, size_t size)
{
	if (strcmp(k->unit, "flag") == 0)
		(void)snprintf(out, size, "0 or 1");
	else if (k->most == DBK_AMOUNT_MAX)
		(void)snprintf(out, size, "from %lld", (long long)k->least);
	else
		(void)snprintf(out, size, "%lld to %lld", (long long)k->least,
			       (long long)k->most);
}

static void
write_initial(const struct dbk_guard_number_kind *k, char *out, size_t size)
{
	if (k->initial < k->least)
		(void)snprintf(out, size, "none");
	else
		(void)snprintf(out, size, "%lld", (long long)k->initial);
}

static void
test_readme_numbers(void)
{
	static const char *const scopes[] = { "", "[sku or category]", "[rank]",
					      "[sku or category], [rank]" };
	char row[512], bounds[64], initial[32];

	_Static_assert(DBK_QTY_MAX == DBK_AMOUNT_MAX, "\"from\" is one bound");
	for (unsigned i = 0; i < DBK_GUARD_NUMBERS; i++) {
		const struct dbk_guard_number_kind *k = number(i);

		write_bounds(k, bounds, sizeof bounds);
		write_initial(k, initial, sizeof initial);
		(void)snprintf(row, sizeof row, "\n| `%s` | %s | %s | %s | %s | %s |\n",
			       k->name, k->unit, initial, bounds, scopes[k->scopes],
			       k->help);
		if (!CHECK(strstr(readme, row) != NULL))
			fprintf(stderr, "%s", row);
	}
}

int
main(void)
{
	check_run("every guard has a name, a rule and a sentence", test_guards);
	check_run("a rule leads to the guard that finds by it, if any", test_rules);
	check_run("every number has a unit and bounds around its default",
		  test_numbers);
	check_run("no name stands for two things", test_names);
	check_run("findings of some rules are red", test_red);
	read_readme();
	check_run("the README lists every guard as it is", test_readme_guards);
	check_run("the README lists every number as it is", test_readme_numbers);
	return check_end();
}
