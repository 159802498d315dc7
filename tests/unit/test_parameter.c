/*
 * test_parameter.c -- what is said of one parameter, whatever its name means.
 */

#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "event/parameter.h"

static struct dbk_parameter
of(const char *sku, const char *category, const char *rank)
{
	return (struct dbk_parameter){ .name = dbk_str_of("rate_ppm"),
				       .sku = dbk_str_of(sku),
				       .category = dbk_str_of(category),
				       .rank = dbk_str_of(rank),
				       .channel = dbk_str_of("web"),
				       .region = dbk_str_of("north"),
				       .choice = dbk_str_of("FLAG") };
}

static void
test_narrowed(void)
{
	const struct dbk_parameter cases[] = { of("", "", ""), of("s", "", ""),
					       of("", "c", ""), of("", "", "r") };

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		CHECK(dbk_parameter_is_narrowed(&cases[i]) == (i > 0));
}

static void
test_same_scope(void)
{
	const struct dbk_parameter whole = of("s", "c", "r");
	const struct dbk_parameter others[] = { of("t", "c", "r"), of("s", "d", "r"),
						of("s", "c", "") };
	struct dbk_parameter again = of("s", "c", "r");

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		CHECK(!dbk_parameter_same_scope(&whole, &others[i]));
	again.level = 2;
	CHECK(dbk_parameter_same_scope(&whole, &again));
}

static void
test_text(void)
{
	const struct dbk_parameter parameter = of("s", "c", "r");
	static const char *const members[][2] = {
		{ "name", "rate_ppm" }, { "sku", "s" },	      { "category", "c" },
		{ "rank", "r" },	{ "channel", "web" }, { "region", "north" },
		{ "choice", "FLAG" },	{ "value", "" },      { "level", "" },
	};

	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
		CHECK(dbk_str_equal(dbk_parameter_text(&parameter, members[i][0]),
				    dbk_str_of(members[i][1])));
}

int
main(void)
{
	check_run("goods or a rank narrow a parameter", test_narrowed);
	check_run("a scope is the sku, the category and the rank", test_same_scope);
	check_run("a member that is a text is found, a number is empty", test_text);
	return check_end();
}
