#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "plan/plan.h"

static char readme[65536];

static bool
is_choice(const struct dbk_parameter_kind *kind)
{
	return strcmp(kind->unit, "choice") == 0;
}

static void
test_rows(void)
{
	static const char *const units[] = { "ppm",   "amount", "days",
					     "count", "flag",	"choice" };
	uint32_t n;
	const struct dbk_parameter_kind *kinds = dbk_parameter_kinds(&n);

	CHECK(n > 0 && n < 256);
	for (uint32_t i = 0; i < n; i++) {
		const struct dbk_parameter_kind *k = &kinds[i];
		bool has_unit = false;

		if (!CHECK(k->name != NULL && k->unit != NULL && k->help != NULL))
			continue;
		for (size_t u = 0; u < sizeof units / sizeof units[0]; u++)
			has_unit = has_unit || strcmp(k->unit, units[u]) == 0;
		CHECK(has_unit);
		CHECK(k->initial == 0 || k->initial >= k->least);
		CHECK(k->initial <= k->most && k->least <= k->most);
		CHECK(is_choice(k) || k->choices == NULL);
		CHECK(strlen(k->name) <= DBK_ID_BYTES_MAX);
		CHECK(k->help[strlen(k->help) - 1] == '.');
		CHECK((k->scopes & DBK_SCOPE_LEVEL_NEEDED) == 0 ||
		      (k->scopes & DBK_SCOPE_LEVEL) != 0);
		CHECK((k->scopes & DBK_SCOPE_RANK_NEEDED) == 0 ||
		      (k->scopes & DBK_SCOPE_RANK) != 0);
		for (uint32_t j = 0; j < i; j++)
			CHECK(strcmp(k->name, kinds[j].name) != 0);
	}
}

static void
test_bounds_by_unit(void)
{
	uint32_t n;
	const struct dbk_parameter_kind *kinds = dbk_parameter_kinds(&n);

	for (uint32_t i = 0; i < n; i++) {
		const struct dbk_parameter_kind *k = &kinds[i];

		if (strcmp(k->unit, "ppm") == 0)
			CHECK_INT(k->most, DBK_PPM_MAX);
		else if (strcmp(k->unit, "amount") == 0)
			CHECK_INT(k->most, DBK_AMOUNT_MAX);
		else if (strcmp(k->unit, "flag") == 0)
			CHECK_INT(k->most, 1);
		else if (is_choice(k) && strcmp(k->name, "rank_criterion") != 0)
			CHECK_INT(k->most, 0);
		CHECK(k->least == 0 || k->least == 1);
	}
}

/* "`PAID` `LIST`" of "PAID LIST". */
static void
quote_words(const char *words, char *out, size_t size)
{
	size_t at = 0;

	for (; *words != '\0'; words += strspn(words, " ")) {
		int word = (int)strcspn(words, " ");

		at += (size_t)snprintf(out + at, size - at, "%s`%.*s`",
				       at > 0 ? " " : "", word, words);
		words += word;
	}
}

static void
write_bounds(const struct dbk_parameter_kind *k, char *out, size_t size)
{
	if (is_choice(k) && k->choices == NULL)
		(void)snprintf(out, size, "any text");
	else if (is_choice(k))
		quote_words(k->choices, out, size);
	else if (strcmp(k->unit, "flag") == 0)
		(void)snprintf(out, size, "0 or 1");
	else if (k->most == DBK_AMOUNT_MAX)
		(void)snprintf(out, size, "from %lld", (long long)k->least);
	else
		(void)snprintf(out, size, "%lld to %lld", (long long)k->least,
			       (long long)k->most);
	if (is_choice(k) && k->most > 0)
		(void)strncat(out, "; value from 0", size - strlen(out) - 1);
}

static void
write_scope(const struct dbk_parameter_kind *k, char *out, size_t size)
{
	const char *parts[4];
	size_t n = 0, at = 0;

	if ((k->scopes & DBK_SCOPE_LEVEL) != 0)
		parts[n++] = "level";
	if ((k->scopes & DBK_SCOPE_SKU) != 0)
		parts[n++] = "[sku or category]";
	if ((k->scopes & DBK_SCOPE_RANK) != 0)
		parts[n++] =
		    (k->scopes & DBK_SCOPE_RANK_NEEDED) != 0 ? "rank" : "[rank]";
	if ((k->scopes & DBK_SCOPE_REPEATED) != 0)
		parts[n++] = "repeated";
	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(out + at, size - at, "%s%s", i > 0 ? ", " : "",
				       parts[i]);
}

/* Does the README have K's row?  Defaults that are words or none are its own. */
static bool
is_in_readme(const struct dbk_parameter_kind *k)
{
	char start[128], end[512], bounds[192], scope[64];
	const char *row, *line;

	write_bounds(k, bounds, sizeof bounds);
	write_scope(k, scope, sizeof scope);
	(void)snprintf(start, sizeof start, "\n| `%s` | %s | ", k->name, k->unit);
	(void)snprintf(end, sizeof end, " | %s | %s | %s |\n", bounds, scope, k->help);
	row = strstr(readme, start);
	if (row == NULL)
		return false;
	line = strchr(row + 1, '\n') + 1;
	row = strstr(row, end);
	return row != NULL && row + strlen(end) == line;
}

static void
test_readme(void)
{
	FILE *file = fopen("src/plan/README.md", "r");
	uint32_t n;
	const struct dbk_parameter_kind *kinds = dbk_parameter_kinds(&n);

	if (!CHECK(file != NULL))
		return;
	CHECK(fread(readme, 1, sizeof readme - 1, file) > 0);
	(void)fclose(file);
	for (uint32_t i = 0; i < n; i++)
		if (!CHECK(is_in_readme(&kinds[i])))
			fprintf(stderr, "%s\n", kinds[i].name);
}

static void
test_readme_defaults(void)
{
	uint32_t n;
	const struct dbk_parameter_kind *kinds = dbk_parameter_kinds(&n);

	for (uint32_t i = 0; i < n; i++) {
		char text[160], none[160];

		if (is_choice(&kinds[i]))
			continue;
		(void)snprintf(text, sizeof text, "\n| `%s` | %s | %lld |",
			       kinds[i].name, kinds[i].unit,
			       (long long)kinds[i].initial);
		(void)snprintf(none, sizeof none, "\n| `%s` | %s | none |",
			       kinds[i].name, kinds[i].unit);
		CHECK(strstr(readme, text) != NULL || strstr(readme, none) != NULL);
	}
}

int
main(void)
{
	check_run("every row of the catalogue is whole", test_rows);
	check_run("units have their bounds", test_bounds_by_unit);
	check_run("the README lists every parameter as it is", test_readme);
	check_run("the README gives every default", test_readme_defaults);
	return check_end();
}
