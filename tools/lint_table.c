#include "lint_table.h"

#include <string.h>

static const struct table_column with_plans[] = {
	{ "plan", TABLE_TEXT, false },	    { "version", TABLE_NUMBER, false },
	{ "severity", TABLE_TEXT, false },  { "code", TABLE_TEXT, false },
	{ "parameter", TABLE_TEXT, false }, { "place", TABLE_NUMBER, true },
	{ "text", TABLE_TEXT, false },
};

static const struct table_column without_plans[] = {
	{ "plan", TABLE_TEXT, true },	    { "version", TABLE_NUMBER, true },
	{ "severity", TABLE_TEXT, false },  { "code", TABLE_TEXT, false },
	{ "parameter", TABLE_TEXT, false }, { "place", TABLE_NUMBER, true },
	{ "text", TABLE_TEXT, false },
};

#define COLUMNS (sizeof with_plans / sizeof with_plans[0])

struct table *
lint_table_open(FILE *out, struct table_style style, bool plans)
{
	return table_open(out, style, plans ? with_plans : without_plans, COLUMNS);
}

bool
lint_table_is_alarm(const char *severity)
{
	return strcmp(severity, "alarm") == 0;
}

void
lint_table_put(struct table *table, const struct lint_row *finding)
{
	bool alarm = lint_table_is_alarm(finding->severity);

	table_text(table, finding->plan);
	table_u64(table, finding->version);
	table_alarm(table, finding->severity, alarm);
	table_alarm(table, finding->code, alarm);
	table_text(table, finding->parameter);
	if (finding->place == 0)
		table_text(table, NULL);
	else
		table_u64(table, finding->place);
	table_text(table, finding->text);
	table_end_row(table);
}
