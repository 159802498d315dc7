#include "finding_table.h"

#include <inttypes.h>
#include <stdio.h>

#include "measures.h"
#include "names.h"

const struct table_column finding_columns[FINDING_COLUMNS] = {
	{ "finding", TABLE_NUMBER, false },
	{ "red", TABLE_TEXT, false },
	{ "rule", TABLE_TEXT, false },
	{ "subject_kind", TABLE_TEXT, true },
	{ "subject", TABLE_TEXT, false },
	{ "measured", TABLE_NUMBER, false },
	{ "limit", TABLE_NUMBER, false },
	{ "count", TABLE_NUMBER, false },
	{ "state", TABLE_TEXT, false },
	{ "raised_at", TABLE_TEXT, false },
	{ "unit", TABLE_TEXT, true },
	{ "window_days", TABLE_NUMBER, true },
	{ "guard", TABLE_TEXT, true },
	{ "guard_set", TABLE_TEXT, true },
	{ "guard_set_version", TABLE_NUMBER, true },
	{ "position", TABLE_NUMBER, true },
	{ "last_position", TABLE_NUMBER, true },
	{ "evidence", TABLE_TEXT, true },
	{ "acknowledged_position", TABLE_NUMBER, true },
	{ "resolved_position", TABLE_NUMBER, true },
	{ "reason", TABLE_TEXT, true },
};

/* "agent A17" */
#define SUBJECT_BYTES 128

/* People read kind and name together; programs have a column for each. */
static void
put_subject(struct table *table, const Daybook__V1__Finding *finding)
{
	char text[SUBJECT_BYTES];

	table_text(table, finding->subject_kind);
	if (table_is_csv(table)) {
		table_text(table, finding->subject);
		return;
	}
	(void)snprintf(text, sizeof text, "%s%s%s", finding->subject_kind,
		       finding->subject[0] == '\0' ? "" : " ", finding->subject);
	table_text(table, text);
}

/* "12 15 40": the server names 16 at most. */
#define EVIDENCE_MAX 16

static void
put_evidence(struct table *table, const Daybook__V1__Finding *finding)
{
	char text[EVIDENCE_MAX * 21 + 1] = "";
	size_t size = 0;

	for (size_t i = 0; i < finding->n_evidence && i < EVIDENCE_MAX; i++)
		size += (size_t)snprintf(text + size, sizeof text - size, "%s%" PRIu64,
					 i == 0 ? "" : " ", finding->evidence[i]);
	table_text(table, text);
}

static void
put_position(struct table *table, uint64_t plus_one)
{
	if (plus_one == 0)
		table_text(table, NULL);
	else
		table_u64(table, plus_one - 1);
}

void
finding_row(struct table *table, const Daybook__V1__Finding *finding, unsigned exponent)
{
	enum measure measure = measure_of(finding->rule);
	char rule[NAMES_BYTES], state[NAMES_BYTES];

	table_u64(table, finding->finding);
	table_flag(table, finding->red, "red");
	table_alarm(table, names_rule(finding->rule, rule), finding->red);
	put_subject(table, finding);
	measure_cell(table, finding->measured, measure, exponent);
	measure_cell(table, finding->limit, measure, exponent);
	table_u64(table, finding->count);
	table_text(table, names_finding_state(finding->state, state));
	table_day(table, finding->raised_at);
	measure_unit_cell(table, measure);
	table_u64(table, finding->window_days);
	table_text(table, finding->guard);
	table_text(table, finding->guard_set);
	table_u64(table, finding->guard_set_version);
	table_u64(table, finding->position);
	table_u64(table, finding->last_position);
	put_evidence(table, finding);
	put_position(table, finding->acknowledged_position_plus_one);
	put_position(table, finding->resolved_position_plus_one);
	table_text(table, finding->reason);
}
