/* plan_parameters.c -- the catalogue of what a plan can say. */

#include <stdio.h>
#include <string.h>

#include "listing.h"
#include "plan/plan.h"
#include "verbs.h"

static const struct cli_listing defaults = { .limit = 0 };

static const struct cli_option options[] = { CLI_OPTION_FORMAT, CLI_OPTION_WIDE,
					     CLI_OPTION_END };

static const struct table_column columns[] = {
	{ "parameter", TABLE_TEXT, false }, { "unit", TABLE_TEXT, false },
	{ "default", TABLE_TEXT, false },   { "scope", TABLE_TEXT, false },
	{ "least", TABLE_NUMBER, true },    { "most", TABLE_NUMBER, true },
	{ "choices", TABLE_TEXT, true },    { "help", TABLE_TEXT, false },
};

#define SCOPE_BYTES 64

/* What is needed stands as it is, what may be given in brackets. */
static void
add_word(char out[SCOPE_BYTES], const char *word, bool needed)
{
	size_t size = strlen(out);

	(void)snprintf(out + size, SCOPE_BYTES - size, needed ? "%s%s" : "%s[%s]",
		       size == 0 ? "" : " ", word);
}

static void
make_scope(uint32_t scopes, char out[SCOPE_BYTES])
{
	out[0] = '\0';
	if ((scopes & DBK_SCOPE_LEVEL) != 0)
		add_word(out, "level", (scopes & DBK_SCOPE_LEVEL_NEEDED) != 0);
	if ((scopes & DBK_SCOPE_SKU) != 0)
		add_word(out, "sku", false);
	if ((scopes & DBK_SCOPE_CATEGORY) != 0)
		add_word(out, "category", false);
	if ((scopes & DBK_SCOPE_RANK) != 0)
		add_word(out, "rank", (scopes & DBK_SCOPE_RANK_NEEDED) != 0);
	if ((scopes & DBK_SCOPE_REPEATED) != 0)
		add_word(out, "repeated", false);
}

/* A choice begins as its first word. */
static void
make_default(const struct dbk_parameter_kind *kind, char *out, size_t bytes)
{
	if (strcmp(kind->unit, "choice") != 0)
		(void)snprintf(out, bytes, "%lld", (long long)kind->initial);
	else if (kind->choices == NULL || (kind->scopes & DBK_SCOPE_REPEATED) != 0)
		out[0] = '\0';
	else
		(void)snprintf(out, bytes, "%.*s", (int)strcspn(kind->choices, " "),
			       kind->choices);
}

static void
put_kind(struct table *table, const struct dbk_parameter_kind *kind)
{
	char scope[SCOPE_BYTES], initial[SCOPE_BYTES];

	make_scope(kind->scopes, scope);
	make_default(kind, initial, sizeof initial);
	table_text(table, kind->name);
	table_text(table, kind->unit);
	table_text(table, initial);
	table_text(table, scope);
	table_i64(table, kind->least);
	table_i64(table, kind->most);
	table_text(table, kind->choices);
	table_text(table, kind->help);
	table_end_row(table);
}

static void
put_member(const char *name, const char *text)
{
	(void)printf(",\"%s\":", name);
	json_rows_string(stdout, dbk_str_of(text == NULL ? "" : text));
}

static void
put_json(const struct dbk_parameter_kind *kind)
{
	char scope[SCOPE_BYTES], initial[SCOPE_BYTES];

	make_scope(kind->scopes, scope);
	make_default(kind, initial, sizeof initial);
	(void)fputs("{\"parameter\":", stdout);
	json_rows_string(stdout, dbk_str_of(kind->name));
	put_member("unit", kind->unit);
	put_member("default", initial);
	put_member("scope", scope);
	(void)printf(",\"least\":\"%lld\",\"most\":\"%lld\"", (long long)kind->least,
		     (long long)kind->most);
	put_member("choices", kind->choices);
	put_member("help", kind->help);
	(void)fputs("}", stdout);
}

static void
print_json(const struct dbk_parameter_kind *kinds, uint32_t count, bool lines)
{
	if (!lines)
		(void)fputs("{\"parameters\":[\n", stdout);
	for (uint32_t i = 0; i < count; i++) {
		put_json(&kinds[i]);
		(void)fputs(!lines && i + 1 < count ? ",\n" : "\n", stdout);
	}
	if (!lines)
		(void)fputs("]}\n", stdout);
}

static int
run(struct cli_call *call)
{
	const struct cli_listing *o = call->options;
	uint32_t count;
	const struct dbk_parameter_kind *kinds = dbk_parameter_kinds(&count);
	struct table *table;

	if (o->format == CLI_JSON || o->format == CLI_JSONL) {
		print_json(kinds, count, o->format == CLI_JSONL);
		return EXIT_OK;
	}
	table = table_open(stdout, listing_style(o), columns,
			   sizeof columns / sizeof columns[0]);
	for (uint32_t i = 0; i < count; i++)
		put_kind(table, &kinds[i]);
	table_close(table);
	return EXIT_OK;
}

const struct cli_verb verb_plan_parameters = {
	.name = "plan parameters",
	.group = CLI_READ,
	.operands = "",
	.summary = "the catalogue of what a plan can say",
	.about =
	    "Lists every parameter of a plan with its unit (ppm are millionths, "
	    "amounts "
	    "minor\n"
	    "units), its default and its scope: what stands in brackets may be given, "
	    "what\n"
	    "stands without is needed. --wide adds bounds and choices. Needs no "
	    "daemon.",
	.examples = "  daybook plan parameters --wide | less -S\n"
		    "  daybook plan parameters --format json",
	.options = options,
	.options_bytes = sizeof(struct cli_listing),
	.defaults = &defaults,
	.run = run,
};
