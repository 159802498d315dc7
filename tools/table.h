#ifndef TOOLS_TABLE_H
#define TOOLS_TABLE_H

/*
 * table.h -- rows as aligned text for people, or as CSV for programs.
 *
 * A table is printed piece by piece: table_flush() prints the rows so far, with columns
 * as wide as the widest cell up to now, so that a listing of any length takes the
 * memory of one page.  Text is padded by the columns it takes on a terminal, which for
 * Chinese are two a character.  Control characters do not reach a terminal.
 *
 * CSV is RFC 4180 with lines that end in LF: a cell that holds a comma, a quote or a
 * line end stands in quotes, and quotes within are doubled.  Every column is there, and
 * figures are as the messages of service.proto have them, except for money, which is in
 * major units in both forms.
 *
 * A row is written cell by cell in the order of the columns, then ended.
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <google/protobuf/timestamp.pb-c.h>

struct table;

enum table_kind {
	TABLE_TEXT,  /* aligned to the left */
	TABLE_NUMBER /* aligned to the right */
};

#define TABLE_COLUMNS_MAX 32

struct table_column {
	const char *name; /* title of both forms */
	enum table_kind kind;
	bool wide; /* not shown as text unless asked for */
};

struct table_style {
	bool csv;
	bool wide;   /* show all columns */
	bool colour; /* the output is a terminal that wants it */
	bool untitled;
};

/* COLUMNS is borrowed for the life of the table. */
struct table *table_open(FILE *out, struct table_style style,
			 const struct table_column *columns, size_t count);

/* Print what is left, the titles at least, and free.  NULL is nothing. */
void table_close(struct table *table);

/* Free without printing what is left.  NULL is nothing. */
void table_discard(struct table *table);

bool table_is_csv(const struct table *table);

/* ------------------------------------------------------------------- one cell each */

void table_text(struct table *table, const char *text); /* NULL: empty */
void table_u64(struct table *table, uint64_t value);

/* Text that is red on a terminal if ALARM. */
void table_alarm(struct table *table, const char *text, bool alarm);

/* Negative ones are red on a terminal. */
void table_i64(struct table *table, int64_t value);
void table_money(struct table *table, int64_t amount, unsigned exponent);

/* Negative: there is none; "-" as text, nothing in CSV. */
void table_count(struct table *table, int64_t value);
void table_price(struct table *table, int64_t amount, unsigned exponent);

/* "12.3%" as text, red below ALARM_BELOW ppm; ppm in CSV.  Negative: there is none. */
void table_ppm(struct table *table, int64_t ppm, int64_t alarm_below);

/* "12.5%" with as many digits as it has; ppm in CSV. */
void table_rate(struct table *table, uint32_t ppm);

/* RFC 3339; empty if TIME is NULL. */
void table_time(struct table *table, const Google__Protobuf__Timestamp *time);

/* The same, but its day alone (in UTC) as text. */
void table_day(struct table *table, const Google__Protobuf__Timestamp *time);

/* Bytes in hexadecimal, at most DBK_HASH_BYTES_MAX of them. */
void table_hex(struct table *table, const void *bytes, size_t size);

/* As text WORD or nothing, in CSV true or false. */
void table_flag(struct table *table, bool flag, const char *word);

/* RFC 3339 with a terminator; the empty text if TIME is NULL or not a time. */
#define TABLE_TIME_BYTES 32
void table_format_time(const Google__Protobuf__Timestamp *time,
		       char out[TABLE_TIME_BYTES]);

/* Fill the cells that the row still lacks with nothing, and end it. */
void table_end_row(struct table *table);

void table_flush(struct table *table);

/* The columns of a terminal that TEXT (UTF-8) takes; what is not UTF-8 takes one. */
size_t table_text_columns(const char *text, size_t size);

/* True if FD is a terminal and the user has not turned colour off (no-color.org). */
bool table_wants_colour(int fd);

#endif
