/* guards_parameters.c -- the catalogue of what a guard set can say. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "guard/guard.h"
#include "listing.h"
#include "verbs.h"

static const struct cli_listing defaults = { .limit = 0 };

static const struct cli_option options[] = { CLI_OPTION_FORMAT, CLI_OPTION_WIDE,
					     CLI_OPTION_END };

/* Programs read one table; people read guards first, and then numbers. */
static const struct table_column all_columns[] = {
	{ "parameter", TABLE_TEXT, false }, { "unit", TABLE_TEXT, false },
	{ "default", TABLE_NUMBER, false }, { "scope", TABLE_TEXT, true },
	{ "least", TABLE_NUMBER, true },    { "most", TABLE_NUMBER, true },
	{ "choices", TABLE_TEXT, true },    { "rule", TABLE_TEXT, true },
	{ "help", TABLE_TEXT, false },
};

static const struct table_column guard_columns[] = {
	{ "guard", TABLE_TEXT, false },
	{ "modes", TABLE_TEXT, true },
	{ "rule", TABLE_TEXT, true },
	{ "help", TABLE_TEXT, false },
};

static const struct table_column number_columns[] = {
	{ "number", TABLE_TEXT, false }, { "default", TABLE_NUMBER, false },
	{ "unit", TABLE_TEXT, true },	 { "scope", TABLE_TEXT, true },
	{ "least", TABLE_NUMBER, true }, { "most", TABLE_NUMBER, true },
	{ "help", TABLE_TEXT, false },
};

/* A guard or a number, as text. */
#define TEXT_BYTES 32

struct entry {
	const char *name, *unit, *scope, *choices, *rule, *help;
	char initial[TEXT_BYTES], least[TEXT_BYTES], most[TEXT_BYTES];
};

static const char *
scope_of(uint32_t scopes)
{
	bool goods = (scopes & DBK_GUARD_SCOPE_GOODS) != 0;
	bool rank = (scopes & DBK_GUARD_SCOPE_RANK) != 0;

	if (goods)
		return rank ? "[sku or category] [rank]" : "[sku or category]";
	return rank ? "[rank]" : "";
}

static void
set_number(char out[TEXT_BYTES], int64_t value)
{
	(void)snprintf(out, TEXT_BYTES, "%" PRId64, value);
}

static struct entry
entry_of_guard(const struct dbk_guard_kind *kind)
{
	return (struct entry){ .name = kind->name,
			       .unit = "mode",
			       .scope = "",
			       .choices =
				   kind->can_refuse ? "OFF FLAG REFUSE" : "OFF FLAG",
			       .rule = dbk_rule_name(kind->rule),
			       .help = kind->help,
			       .initial = "OFF" };
}

static struct entry
entry_of_number(const struct dbk_guard_number_kind *kind)
{
	struct entry entry = { .name = kind->name,
			       .unit = kind->unit,
			       .scope = scope_of(kind->scopes),
			       .choices = "",
			       .rule = "",
			       .help = kind->help };

	if (kind->initial < kind->least)
		(void)snprintf(entry.initial, TEXT_BYTES, "none");
	else
		set_number(entry.initial, kind->initial);
	set_number(entry.least, kind->least);
	set_number(entry.most, kind->most);
	return entry;
}

static void
put_member(const char *name, const char *text)
{
	(void)printf(",\"%s\":", name);
	json_rows_string(stdout, dbk_str_of(text));
}

static void
put_json(const struct entry *entry)
{
	(void)fputs("{\"parameter\":", stdout);
	json_rows_string(stdout, dbk_str_of(entry->name));
	put_member("unit", entry->unit);
	put_member("default", entry->initial);
	put_member("scope", entry->scope);
	put_member("least", entry->least);
	put_member("most", entry->most);
	put_member("choices", entry->choices);
	put_member("rule", entry->rule);
	put_member("help", entry->help);
	(void)fputs("}", stdout);
}

/* The entries from 0: guards, then numbers. */
static struct entry
entry_at(int at)
{
	return at < DBK_GUARDS ? entry_of_guard(dbk_guard_kind((enum dbk_guard)at))
			       : entry_of_number(dbk_guard_number_kind(
				     (enum dbk_guard_number)(at - DBK_GUARDS)));
}

enum { ENTRIES = (int)DBK_GUARDS + (int)DBK_GUARD_NUMBERS };

static void
print_json(bool lines)
{
	if (!lines)
		(void)fputs("{\"parameters\":[\n", stdout);
	for (int i = 0; i < ENTRIES; i++) {
		struct entry entry = entry_at(i);

		put_json(&entry);
		(void)fputs(!lines && i + 1 < ENTRIES ? ",\n" : "\n", stdout);
	}
	if (!lines)
		(void)fputs("]}\n", stdout);
}

static void
print_csv(struct table_style style)
{
	struct table *table = table_open(stdout, style, all_columns,
					 sizeof all_columns / sizeof all_columns[0]);

	for (int i = 0; i < ENTRIES; i++) {
		struct entry entry = entry_at(i);

		table_text(table, entry.name);
		table_text(table, entry.unit);
		table_text(table, entry.initial);
		table_text(table, entry.scope);
		table_text(table, entry.least);
		table_text(table, entry.most);
		table_text(table, entry.choices);
		table_text(table, entry.rule);
		table_text(table, entry.help);
		table_end_row(table);
	}
	table_close(table);
}

static void
print_guards(struct table_style style)
{
	struct table *table =
	    table_open(stdout, style, guard_columns,
		       sizeof guard_columns / sizeof guard_columns[0]);

	for (int i = 0; i < DBK_GUARDS; i++) {
		struct entry entry = entry_at(i);

		table_text(table, entry.name);
		table_text(table, entry.choices);
		table_text(table, entry.rule);
		table_text(table, entry.help);
		table_end_row(table);
	}
	table_close(table);
}

static void
print_numbers(struct table_style style)
{
	struct table *table =
	    table_open(stdout, style, number_columns,
		       sizeof number_columns / sizeof number_columns[0]);

	for (int i = DBK_GUARDS; i < ENTRIES; i++) {
		struct entry entry = entry_at(i);

		table_text(table, entry.name);
		table_text(table, entry.initial);
		table_text(table, entry.unit);
		table_text(table, entry.scope);
		table_text(table, entry.least);
		table_text(table, entry.most);
		table_text(table, entry.help);
		table_end_row(table);
	}
	table_close(table);
}

static int
run(struct cli_call *call)
{
	const struct cli_listing *o = call->options;
	struct table_style style = listing_style(o);

	if (o->format == CLI_JSON || o->format == CLI_JSONL) {
		print_json(o->format == CLI_JSONL);
		return EXIT_OK;
	}
	if (style.csv) {
		print_csv(style);
		return EXIT_OK;
	}
	print_guards(style);
	(void)fputc('\n', stdout);
	print_numbers(style);
	return EXIT_OK;
}

const struct cli_verb verb_guards_parameters = {
	.name = "guards parameters",
	.group = CLI_READ,
	.operands = "",
	.summary = "the catalogue of what a guard set can say",
	.about =
	    "Lists every guard, whose parameter is its mode, and every number with "
	    "its\n"
	    "default (ppm are millionths, amounts minor units). --wide adds modes and\n"
	    "rules, unit, bounds, and the scope, where what stands in brackets may be\n"
	    "given. Needs no daemon.",
	.examples = "  daybook guards parameters --wide | less -S\n"
		    "  daybook guards parameters --format json",
	.options = options,
	.options_bytes = sizeof(struct cli_listing),
	.defaults = &defaults,
	.run = run,
};
