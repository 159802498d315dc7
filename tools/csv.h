#ifndef TOOLS_CSV_H
#define TOOLS_CSV_H

/*
 * csv.h -- rows of a CSV file whose first row names the columns (RFC 4180).
 *
 * Lines may end in LF or CRLF, a byte order mark is nothing, neither are empty lines.
 * A cell in quotes may hold commas, line ends, and quotes doubled.  What is no CSV ends
 * the reading: behind a quote that is missing nothing can be trusted.
 *
 * Thread: belongs to one thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <daybook/error.h>

/* Cells of a row, and bytes of a row with its terminators. */
#define CSV_CELLS_MAX 64
#define CSV_ROW_BYTES_MAX ((size_t)64 * 1024)

struct csv;

/* A column that the reader wants. */
struct csv_column {
	const char *name; /* compared without regard to case */
	bool needed;
	size_t at; /* filled in: its place in a row, or CSV_CELLS_MAX */
};

enum csv_got { CSV_ROW, CSV_END, CSV_FAILED };

/*
 * Open PATH ("-" is stdin) and find COLUMNS in its first row.  DBK_FAILED_INPUT: it
 * lacks one that is needed, or is no CSV.  DBK_FAILED_IO, DBK_FAILED_MEMORY.
 */
enum dbk_err csv_open(const char *path, struct csv_column *columns, size_t count,
		      struct csv **out, struct dbk_error *error) DBK_MUST_CHECK;

/* NULL is nothing. */
void csv_close(struct csv *csv);

/* The next row.  CSV_FAILED: ERROR names file and line. */
enum csv_got csv_next(struct csv *csv, struct dbk_error *error);

/* The cell of COLUMN in the row that was read last; "" where the row ends before it or
 * there is no such column.  Borrowed until the next row. */
const char *csv_cell(const struct csv *csv, const struct csv_column *column);

/* The line on which that row began, from 1. */
uint64_t csv_line(const struct csv *csv);

#endif
