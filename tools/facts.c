#include "facts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "base/money.h"
#include "base/time.h"

void
facts_init(struct facts *facts)
{
	facts->count = 0;
	dbk_buf_init(&facts->text);
}

void
facts_text(struct facts *facts, const char *name, const char *value)
{
	const char *text = value == NULL ? "" : value;

	dbk_assert(facts->count < FACTS_MAX);
	facts->names[facts->count] = name;
	facts->starts[facts->count++] = facts->text.size;
	dbk_buf_put(&facts->text, text, strlen(text) + 1);
}

void
facts_u64(struct facts *facts, const char *name, uint64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof text, "%" PRIu64, value);
	facts_text(facts, name, text);
}

void
facts_money(struct facts *facts, const char *name, int64_t amount, unsigned exponent)
{
	char text[DBK_MONEY_TEXT_BYTES];

	(void)dbk_money_format(
	    amount, exponent > DBK_EXPONENT_MAX ? DBK_EXPONENT_MAX : exponent, text);
	facts_text(facts, name, text);
}

void
facts_time(struct facts *facts, const char *name,
	   const Google__Protobuf__Timestamp *time)
{
	char text[TABLE_TIME_BYTES];

	table_format_time(time, text);
	facts_text(facts, name, text);
}

void
facts_flag(struct facts *facts, const char *name, bool flag)
{
	facts_text(facts, name, flag ? "true" : "false");
}

static void
print_csv(const struct facts *facts, struct table_style style)
{
	struct table_column columns[FACTS_MAX];
	struct table *table;

	for (size_t i = 0; i < facts->count; i++)
		columns[i] =
		    (struct table_column){ facts->names[i], TABLE_TEXT, false };
	table = table_open(stdout, style, columns, facts->count);
	for (size_t i = 0; i < facts->count; i++)
		table_text(table, (const char *)facts->text.bytes + facts->starts[i]);
	table_end_row(table);
	table_close(table);
}

static void
print_lines(const struct facts *facts, struct table_style style)
{
	static const struct table_column columns[] = { { "name", TABLE_TEXT, false },
						       { "value", TABLE_TEXT, false } };
	struct table *table;

	style.untitled = true;
	table = table_open(stdout, style, columns, 2);
	for (size_t i = 0; i < facts->count; i++) {
		table_text(table, facts->names[i]);
		table_text(table, (const char *)facts->text.bytes + facts->starts[i]);
		table_end_row(table);
	}
	table_close(table);
}

void
facts_print(struct facts *facts, struct table_style style)
{
	dbk_assert(!dbk_buf_failed(&facts->text));
	if (style.csv)
		print_csv(facts, style);
	else
		print_lines(facts, style);
	dbk_buf_fini(&facts->text);
}
