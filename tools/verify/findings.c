#include "verify/findings.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "json_rows.h"
#include "table.h"

static const struct table_column columns[] = {
	{ "file", TABLE_TEXT, false },
	{ "record", TABLE_NUMBER, false },
	{ "finding", TABLE_TEXT, false },
};

void
findings_free(struct findings *findings)
{
	for (uint32_t i = 0; i < findings->n_kept; i++) {
		free(findings->kept[i].file);
		free(findings->kept[i].text);
	}
	free(findings->kept);
}

void
findings_add(struct findings *findings, const char *file, uint64_t record,
	     const char *format, ...)
{
	struct finding *one;
	va_list arguments;

	findings->count++;
	if (findings->n_kept == FINDINGS_KEPT_MAX)
		return;
	if (findings->kept == NULL)
		findings->kept = calloc(FINDINGS_KEPT_MAX, sizeof *findings->kept);
	dbk_assert(findings->kept != NULL);
	one = &findings->kept[findings->n_kept++];
	one->file = strdup(file);
	one->record = record;
	va_start(arguments, format);
	if (vasprintf(&one->text, format, arguments) < 0)
		one->text = NULL;
	va_end(arguments);
	dbk_assert(one->file != NULL && one->text != NULL);
}

void
findings_print(const struct findings *findings, bool csv, FILE *out)
{
	struct table_style style = { .csv = csv,
				     .wide = true,
				     .colour = table_wants_colour(fileno(out)) };
	struct table *table = table_open(out, style, columns, 3);

	for (uint32_t i = 0; i < findings->n_kept; i++) {
		const struct finding *one = &findings->kept[i];

		table_text(table, one->file);
		if (one->record == FINDINGS_NO_RECORD)
			table_text(table, NULL);
		else
			table_u64(table, one->record);
		table_text(table, one->text);
		table_end_row(table);
	}
	table_close(table);
}

void
findings_print_json(const struct findings *findings, bool lines, FILE *out)
{
	for (uint32_t i = 0; i < findings->n_kept; i++) {
		const struct finding *one = &findings->kept[i];

		(void)fputs(lines || i == 0 ? "{\"file\":" : ",{\"file\":", out);
		json_rows_string(out, dbk_str_of(one->file));
		if (one->record != FINDINGS_NO_RECORD)
			(void)fprintf(out, ",\"record\":\"%" PRIu64 "\"", one->record);
		(void)fputs(",\"text\":", out);
		json_rows_string(out, dbk_str_of(one->text));
		(void)fputs(lines ? "}\n" : "}", out);
	}
}
