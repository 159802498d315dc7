#include "csv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct csv {
	FILE *file;
	const char *path;
	uint64_t line;	   /* that is being read */
	uint64_t row_line; /* on which the last row began */
	size_t size;	   /* of TEXT */
	size_t count;	   /* of cells */
	size_t starts[CSV_CELLS_MAX];
	char text[CSV_ROW_BYTES_MAX];
};

static const char *
words_of_path(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

static enum csv_got
fail(const struct csv *csv, const char *words, struct dbk_error *error)
{
	(void)dbk_error_set(error, DBK_FAILED_INPUT, "%s line %llu: %s", csv->path,
			    (unsigned long long)csv->line, words);
	return CSV_FAILED;
}

static enum csv_got
fail_reading(const struct csv *csv, struct dbk_error *error)
{
	(void)dbk_error_set(error, DBK_FAILED_IO, "cannot read %s: %s", csv->path,
			    strerror(errno));
	return CSV_FAILED;
}

/* -------------------------------------------------------------------------- a row */

static bool
put(struct csv *csv, int c)
{
	if (csv->size == CSV_ROW_BYTES_MAX)
		return false;
	csv->text[csv->size++] = (char)c;
	return true;
}

static bool
begin_cell(struct csv *csv)
{
	if (csv->count == CSV_CELLS_MAX)
		return false;
	csv->starts[csv->count++] = csv->size;
	return true;
}

/* LF for CRLF; EOF at the end. */
static int
next_character(struct csv *csv)
{
	int c = getc(csv->file), after;

	if (c != '\r')
		return c;
	after = getc(csv->file);
	if (after == '\n')
		return after;
	(void)ungetc(after, csv->file);
	return c;
}

/* A cell behind its opening quote; *OUT_NEXT is what follows its closing one. */
static const char *
take_quoted(struct csv *csv, int *out_next)
{
	for (;;) {
		int c = getc(csv->file);

		if (c == EOF)
			return "a quote has no end";
		if (c == '\n')
			csv->line++;
		if (c == '"') {
			*out_next = next_character(csv);
			if (*out_next != '"')
				break;
		}
		if (c == '\0')
			return "a byte 0";
		if (!put(csv, c))
			return "the row is above 65536 bytes";
	}
	if (*out_next != ',' && *out_next != '\n' && *out_next != EOF)
		return "something stands behind a closing quote";
	return NULL;
}

/* A cell that begins with FIRST; *OUT_NEXT is what ended it. */
static const char *
take_plain(struct csv *csv, int first, int *out_next)
{
	int c = first;

	for (; c != ',' && c != '\n' && c != EOF; c = next_character(csv)) {
		if (c == '"')
			return "a quote within a cell that does not begin with one";
		if (c == '\0')
			return "a byte 0";
		if (!put(csv, c))
			return "the row is above 65536 bytes";
	}
	*out_next = c;
	return NULL;
}

static const char *
take_cell(struct csv *csv, int first, int *out_next)
{
	const char *words;

	if (!begin_cell(csv))
		return "the row has more than 64 cells";
	words = first == '"' ? take_quoted(csv, out_next)
			     : take_plain(csv, first, out_next);
	if (words == NULL && !put(csv, '\0'))
		return "the row is above 65536 bytes";
	return words;
}

static int
first_of_row(struct csv *csv)
{
	int c;

	for (;;) {
		csv->line++;
		c = next_character(csv);
		if (c != '\n')
			return c;
	}
}

static enum csv_got
take_row(struct csv *csv, struct dbk_error *error)
{
	int c = first_of_row(csv), next = ',';
	const char *words;

	csv->size = csv->count = 0;
	csv->row_line = csv->line;
	if (c == EOF)
		return ferror(csv->file) ? fail_reading(csv, error) : CSV_END;
	for (;;) {
		words = take_cell(csv, c, &next);
		if (ferror(csv->file))
			return fail_reading(csv, error);
		if (words != NULL)
			return fail(csv, words, error);
		if (next != ',')
			return CSV_ROW;
		c = next_character(csv);
	}
}

enum csv_got
csv_next(struct csv *csv, struct dbk_error *error)
{
	return take_row(csv, error);
}

/* ------------------------------------------------------------------------ the file */

static void
skip_mark(struct csv *csv)
{
	int c = getc(csv->file);

	if (c == 0xef) {
		(void)getc(csv->file);
		(void)getc(csv->file);
	} else {
		(void)ungetc(c, csv->file);
	}
}

static void
find_column(const struct csv *csv, struct csv_column *column)
{
	column->at = CSV_CELLS_MAX;
	for (size_t i = 0; i < csv->count && column->at == CSV_CELLS_MAX; i++) {
		if (strcasecmp(csv->text + csv->starts[i], column->name) == 0)
			column->at = i;
	}
}

static enum dbk_err
take_names(struct csv *csv, struct csv_column *columns, size_t count,
	   struct dbk_error *error)
{
	switch (take_row(csv, error)) {
	case CSV_FAILED:
		return error->code;
	case CSV_END:
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "%s is empty: its first row names the columns",
				     csv->path);
	case CSV_ROW:
		break;
	}
	for (size_t i = 0; i < count; i++) {
		find_column(csv, &columns[i]);
		if (columns[i].at == CSV_CELLS_MAX && columns[i].needed)
			return dbk_error_set(error, DBK_FAILED_INPUT,
					     "%s has no column \"%s\"", csv->path,
					     columns[i].name);
	}
	return DBK_OK;
}

enum dbk_err
csv_open(const char *path, struct csv_column *columns, size_t count, struct csv **out,
	 struct dbk_error *error)
{
	struct csv *csv = calloc(1, sizeof *csv);
	enum dbk_err err;

	if (csv == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for a file");
	csv->path = words_of_path(path);
	csv->file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	if (csv->file == NULL) {
		err = dbk_error_set(error, DBK_FAILED_IO, "cannot open %s: %s", path,
				    strerror(errno));
	} else {
		skip_mark(csv);
		err = take_names(csv, columns, count, error);
	}
	if (err != DBK_OK) {
		csv_close(csv);
		return err;
	}
	*out = csv;
	return DBK_OK;
}

void
csv_close(struct csv *csv)
{
	if (csv == NULL)
		return;
	if (csv->file != NULL && csv->file != stdin)
		(void)fclose(csv->file);
	free(csv);
}

const char *
csv_cell(const struct csv *csv, const struct csv_column *column)
{
	return column->at < csv->count ? csv->text + csv->starts[column->at] : "";
}

uint64_t
csv_line(const struct csv *csv)
{
	return csv->row_line;
}
