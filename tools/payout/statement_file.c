#include "statement_file.h"

#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "amount.h"
#include "base/assert.h"
#include "base/str.h"
#include "csv.h"

enum { REQUEST_NO, PROVIDER_REF, STATUS, AMOUNT, FEE, CODE, COLUMNS };

static const struct csv_column all_columns[COLUMNS] = {
	[REQUEST_NO] = { "request_no", true, 0 },
	[PROVIDER_REF] = { "provider_ref", true, 0 },
	[STATUS] = { "status", true, 0 },
	[AMOUNT] = { "amount", true, 0 },
	[FEE] = { "fee", false, 0 },
	[CODE] = { "code", false, 0 },
};

struct reading {
	const char *path;
	struct csv *csv;
	struct csv_column columns[COLUMNS];
	unsigned exponent;
};

static enum dbk_err
bad(const struct reading *reading, int column, const char *what,
    struct dbk_error *error)
{
	return dbk_error_set(error, DBK_FAILED_INPUT,
			     "%s line %llu: %s \"%.64s\" is not %s", reading->path,
			     (unsigned long long)csv_line(reading->csv),
			     reading->columns[column].name,
			     csv_cell(reading->csv, &reading->columns[column]), what);
}

static enum dbk_err
take_id(const struct reading *reading, int column, bool needed, const char **out,
	struct dbk_error *error)
{
	const char *cell = csv_cell(reading->csv, &reading->columns[column]);
	size_t size = strlen(cell);
	struct dbk_str text = dbk_str_of(cell);

	if ((needed && size == 0) || size > DBK_ID_BYTES_MAX ||
	    !dbk_str_is_utf8(text) || dbk_str_has_control(text))
		return bad(reading, column, "an id of 1 to 64 bytes", error);
	*out = strdup(cell);
	dbk_assert(*out != NULL);
	return DBK_OK;
}

static enum dbk_err
take_amounts(const struct reading *reading, struct match_row *row,
	     struct dbk_error *error)
{
	const char *amount = csv_cell(reading->csv, &reading->columns[AMOUNT]);
	const char *fee = csv_cell(reading->csv, &reading->columns[FEE]);

	if (!amount_parse(amount, reading->exponent, &row->amount) || row->amount < 0)
		return bad(reading, AMOUNT, "an amount in major units such as 12.50",
			   error);
	if (fee[0] != '\0' &&
	    (!amount_parse(fee, reading->exponent, &row->fee) || row->fee < 0))
		return bad(reading, FEE, "an amount in major units such as 0.50",
			   error);
	return DBK_OK;
}

static enum dbk_err
take_row(const struct reading *reading, struct match_row *row, struct dbk_error *error)
{
	const char *status = csv_cell(reading->csv, &reading->columns[STATUS]);
	enum dbk_err err;

	row->line = csv_line(reading->csv);
	if (!match_status_parse(status, &row->status))
		return bad(reading, STATUS, "settled, failed or returned", error);
	err = take_amounts(reading, row, error);
	if (err == DBK_OK)
		err = take_id(reading, REQUEST_NO, true, &row->request_no, error);
	if (err == DBK_OK)
		err = take_id(reading, PROVIDER_REF, row->status != MATCH_FAILED,
			      &row->provider_ref, error);
	if (err == DBK_OK)
		err = take_id(reading, CODE, false, &row->code, error);
	return err;
}

static struct match_row *
next_row(struct statement_file *file)
{
	if (file->count == file->capacity) {
		file->capacity = file->capacity == 0 ? 256 : file->capacity * 2;
		file->rows =
		    reallocarray(file->rows, file->capacity, sizeof *file->rows);
		dbk_assert(file->rows != NULL);
	}
	memset(&file->rows[file->count], 0, sizeof *file->rows);
	return &file->rows[file->count++];
}

enum dbk_err
statement_file_read(const char *path, unsigned exponent, struct statement_file *out,
		    struct dbk_error *error)
{
	struct reading reading = { .exponent = exponent };
	enum csv_got got = CSV_ROW;
	enum dbk_err err;

	memset(out, 0, sizeof *out);
	reading.path = strcmp(path, "-") == 0 ? "standard input" : path;
	memcpy(reading.columns, all_columns, sizeof all_columns);
	err = csv_open(path, reading.columns, COLUMNS, &reading.csv, error);
	if (err != DBK_OK)
		return err;
	while (err == DBK_OK && (got = csv_next(reading.csv, error)) == CSV_ROW)
		err = take_row(&reading, next_row(out), error);
	if (got == CSV_FAILED)
		err = error->code;
	csv_close(reading.csv);
	return err;
}

void
statement_file_free(struct statement_file *file)
{
	for (size_t i = 0; i < file->count; i++) {
		free((char *)file->rows[i].request_no);
		free((char *)file->rows[i].provider_ref);
		free((char *)file->rows[i].code);
	}
	free(file->rows);
	memset(file, 0, sizeof *file);
}
