#include "log_table.h"

#include "names.h"

static const struct table_column columns[] = {
	{ "position", TABLE_NUMBER, false },   { "recorded_at", TABLE_TEXT, false },
	{ "effective_at", TABLE_TEXT, false }, { "type", TABLE_TEXT, false },
	{ "id", TABLE_TEXT, false },	       { "outcome", TABLE_TEXT, false },
	{ "rule", TABLE_TEXT, false },	       { "field", TABLE_TEXT, true },
	{ "value", TABLE_TEXT, true },	       { "measured", TABLE_NUMBER, true },
	{ "limit", TABLE_NUMBER, true },       { "source", TABLE_TEXT, true },
	{ "batch_seq", TABLE_NUMBER, true },   { "index", TABLE_NUMBER, true },
};

struct table *
log_table_open(FILE *out, struct table_style style)
{
	return table_open(out, style, columns, sizeof columns / sizeof columns[0]);
}

static void
put_refusal(struct table *table, const Daybook__V1__Refusal *refusal)
{
	char name[NAMES_BYTES];

	if (refusal == NULL) {
		for (int i = 0; i < 5; i++)
			table_text(table, NULL);
		return;
	}
	table_text(table, names_rule(refusal->rule, name));
	table_text(table, refusal->field);
	table_text(table, refusal->value);
	table_i64(table, refusal->measured);
	table_i64(table, refusal->limit);
}

void
log_table_row(struct table *table, const Daybook__V1__LoggedEvent *record)
{
	const Daybook__V1__Event *event = record->event;
	char name[NAMES_BYTES];

	table_u64(table, record->position);
	table_time(table, record->recorded_at);
	table_time(table, event == NULL ? NULL : event->effective_at);
	table_text(table, names_event_type(event));
	table_text(table, names_event_id(event));
	table_text(table, names_outcome(record->outcome, name));
	put_refusal(table, record->refusal);
	table_text(table, record->source);
	table_u64(table, record->batch_seq);
	table_u64(table, record->index);
	table_end_row(table);
}
