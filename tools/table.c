#include "table.h"

#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "base/buf.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"

/* Rows kept before columns settle; also what a listing takes in memory. */
#define ROWS_KEPT 1000

#define GAP "  "
#define RED "\033[31m"
#define BOLD "\033[1m"
#define PLAIN "\033[0m"

struct cell {
	size_t start; /* in the table's text */
	size_t size;
	bool alarm;
};

struct table {
	FILE *out;
	struct table_style style;
	const struct table_column *columns;
	size_t count;
	size_t *widths;
	struct dbk_buf text;
	struct cell *cells; /* ROWS_KEPT rows */
	size_t rows;
	size_t at; /* cell of the row that is being written */
	bool titled;
	locale_t utf8; /* wcwidth() asks the locale; 0 if the system has no C.UTF-8 */
};

/* -------------------------------------------------------------------- width of text */

/* One character of well-formed UTF-8; the number of its bytes. */
static size_t
character(const unsigned char *p, wchar_t *out)
{
	if (p[0] < 0x80) {
		*out = (wchar_t)p[0];
		return 1;
	}
	if (p[0] < 0xe0) {
		*out = (wchar_t)((p[0] & 0x1f) << 6 | (p[1] & 0x3f));
		return 2;
	}
	if (p[0] < 0xf0) {
		*out =
		    (wchar_t)((p[0] & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f));
		return 3;
	}
	*out = (wchar_t)((p[0] & 0x07) << 18 | (p[1] & 0x3f) << 12 |
			 (p[2] & 0x3f) << 6 | (p[3] & 0x3f));
	return 4;
}

static size_t
columns_of(const char *text, size_t size)
{
	size_t columns = 0, step;

	if (!dbk_str_is_utf8(dbk_str_make(text, size)))
		return size;
	for (size_t i = 0; i < size; i += step) {
		wchar_t c;
		int width;

		step = character((const unsigned char *)text + i, &c);
		width = wcwidth(c);
		columns += width < 0 ? 1 : (size_t)width;
	}
	return columns;
}

static locale_t
utf8_locale(void)
{
	return newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

size_t
table_text_columns(const char *text, size_t size)
{
	locale_t utf8 = utf8_locale(), before;
	size_t columns;

	if (utf8 == (locale_t)0)
		return columns_of(text, size);
	before = uselocale(utf8);
	columns = columns_of(text, size);
	(void)uselocale(before);
	freelocale(utf8);
	return columns;
}

bool
table_wants_colour(int fd)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(fd) != 0 && (no_colour == NULL || no_colour[0] == '\0') &&
	       term != NULL && strcmp(term, "dumb") != 0;
}

/* ----------------------------------------------------------------------------- life */

struct table *
table_open(FILE *out, struct table_style style, const struct table_column *columns,
	   size_t count)
{
	struct table *table = calloc(1, sizeof *table);

	dbk_assert(table != NULL && count > 0 && count <= TABLE_COLUMNS_MAX);
	table->out = out;
	table->style = style;
	table->columns = columns;
	table->count = count;
	table->widths = calloc(count, sizeof *table->widths);
	table->cells = calloc(count * ROWS_KEPT, sizeof *table->cells);
	dbk_assert(table->widths != NULL && table->cells != NULL);
	for (size_t i = 0; i < count; i++)
		table->widths[i] = style.untitled ? 0 : strlen(columns[i].name);
	dbk_buf_init(&table->text);
	table->utf8 = utf8_locale();
	return table;
}

bool
table_is_csv(const struct table *table)
{
	return table->style.csv;
}

/* --------------------------------------------------------------------------- output */

static bool
is_shown(const struct table *table, size_t column)
{
	return table->style.csv || table->style.wide || !table->columns[column].wide;
}

static void
print_csv_cell(FILE *out, const char *text, size_t size)
{
	if (size == 0 ||
	    (memchr(text, ',', size) == NULL && memchr(text, '"', size) == NULL &&
	     memchr(text, '\n', size) == NULL && memchr(text, '\r', size) == NULL)) {
		(void)fwrite(text, 1, size, out);
		return;
	}
	(void)fputc('"', out);
	for (size_t i = 0; i < size; i++) {
		if (text[i] == '"')
			(void)fputc('"', out);
		(void)fputc(text[i], out);
	}
	(void)fputc('"', out);
}

static void
print_blanks(FILE *out, size_t count)
{
	(void)fprintf(out, "%*s", (int)count, "");
}

static void
print_padded(const struct table *table, size_t column, bool last, const char *text,
	     size_t size, const char *colour)
{
	size_t columns = columns_of(text, size);
	size_t blanks = table->widths[column] - columns;
	bool right = table->columns[column].kind == TABLE_NUMBER;

	if (right)
		print_blanks(table->out, blanks);
	if (colour != NULL)
		(void)fputs(colour, table->out);
	(void)fwrite(text, 1, size, table->out);
	if (colour != NULL)
		(void)fputs(PLAIN, table->out);
	if (!right && !last)
		print_blanks(table->out, blanks);
}

static void
print_line(const struct table *table, const struct dbk_str *texts, const bool *alarms,
	   const char *colour)
{
	bool first = true;
	size_t end = table->count;

	/* No blanks at the end of a line: neither of hidden nor of empty cells. */
	while (!table->style.csv && end > 0 &&
	       (!is_shown(table, end - 1) || texts[end - 1].size == 0))
		end--;
	for (size_t i = 0; i < end; i++) {
		const char *mark = alarms == NULL || alarms[i] ? colour : NULL;

		if (!is_shown(table, i))
			continue;
		if (!first)
			(void)fputs(table->style.csv ? "," : GAP, table->out);
		first = false;
		if (table->style.csv)
			print_csv_cell(table->out, texts[i].bytes, texts[i].size);
		else
			print_padded(table, i, i + 1 == end, texts[i].bytes,
				     texts[i].size, table->style.colour ? mark : NULL);
	}
	(void)fputc('\n', table->out);
}

static void
print_titles(struct table *table)
{
	struct dbk_str texts[TABLE_COLUMNS_MAX];

	table->titled = true;
	if (table->style.untitled)
		return;
	for (size_t i = 0; i < table->count; i++)
		texts[i] = dbk_str_of(table->columns[i].name);
	print_line(table, texts, NULL, BOLD);
}

static void
print_row(struct table *table, const struct cell *cells)
{
	struct dbk_str texts[TABLE_COLUMNS_MAX];
	bool alarms[TABLE_COLUMNS_MAX];

	for (size_t i = 0; i < table->count; i++) {
		texts[i] = cells[i].size == 0
			       ? dbk_str_make("", 0)
			       : dbk_str_make(table->text.bytes + cells[i].start,
					      cells[i].size);
		alarms[i] = cells[i].alarm;
	}
	print_line(table, texts, alarms, RED);
}

static void
settle_widths(struct table *table)
{
	for (size_t i = 0; i < table->rows * table->count; i++) {
		const struct cell *cell = &table->cells[i];
		size_t *width = &table->widths[i % table->count];
		size_t columns =
		    cell->size == 0
			? 0
			: columns_of((char *)table->text.bytes + cell->start,
				     cell->size);

		if (columns > *width)
			*width = columns;
	}
}

void
table_flush(struct table *table)
{
	locale_t before = (locale_t)0;

	dbk_assert(table->at == 0 && !dbk_buf_failed(&table->text));
	if (table->utf8 != (locale_t)0)
		before = uselocale(table->utf8);
	if (!table->style.csv)
		settle_widths(table);
	if (!table->titled)
		print_titles(table);
	for (size_t row = 0; row < table->rows; row++)
		print_row(table, table->cells + row * table->count);
	if (table->utf8 != (locale_t)0)
		(void)uselocale(before);
	table->rows = 0;
	dbk_buf_reset(&table->text);
}

void
table_close(struct table *table)
{
	if (table == NULL)
		return;
	table_flush(table);
	table_discard(table);
}

void
table_discard(struct table *table)
{
	if (table == NULL)
		return;
	if (table->utf8 != (locale_t)0)
		freelocale(table->utf8);
	dbk_buf_fini(&table->text);
	free(table->widths);
	free(table->cells);
	free(table);
}

/* ---------------------------------------------------------------------------- cells */

static struct cell *
next_cell(struct table *table)
{
	dbk_assert(table->at < table->count);
	return &table->cells[table->rows * table->count + table->at++];
}

/* C1 controls (U+0080 to U+009F) steer some terminals too; in UTF-8 they are c2 80-9f.
 */
static void
put_printable(struct dbk_buf *out, const char *text, size_t size)
{
	bool utf8 = dbk_str_is_utf8(dbk_str_make(text, size));

	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)text[i];
		unsigned char next = i + 1 < size ? (unsigned char)text[i + 1] : 0;

		if (c == 0xc2 && utf8 && next < 0xa0) {
			dbk_buf_put_u8(out, '?');
			i++;
		} else if (c < 0x20 || c == 0x7f || (c >= 0x80 && !utf8)) {
			dbk_buf_put_u8(out, '?');
		} else {
			dbk_buf_put_u8(out, c);
		}
	}
}

static void
put_cell(struct table *table, const char *text, size_t size, bool alarm)
{
	struct cell *cell = next_cell(table);

	cell->start = table->text.size;
	if (table->style.csv)
		dbk_buf_put(&table->text, text, size);
	else
		put_printable(&table->text, text, size);
	cell->size = table->text.size - cell->start;
	cell->alarm = alarm;
}

void
table_text(struct table *table, const char *text)
{
	put_cell(table, text == NULL ? "" : text, text == NULL ? 0 : strlen(text),
		 false);
}

void
table_alarm(struct table *table, const char *text, bool alarm)
{
	put_cell(table, text, strlen(text), alarm);
}

void
table_u64(struct table *table, uint64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof text, "%" PRIu64, value);
	put_cell(table, text, strlen(text), false);
}

void
table_i64(struct table *table, int64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof text, "%" PRId64, value);
	put_cell(table, text, strlen(text), value < 0);
}

void
table_money(struct table *table, int64_t amount, unsigned exponent)
{
	char text[DBK_MONEY_TEXT_BYTES];
	size_t size = dbk_money_format(
	    amount, exponent > DBK_EXPONENT_MAX ? DBK_EXPONENT_MAX : exponent, text);

	put_cell(table, text, size, amount < 0);
}

static void
put_none(struct table *table)
{
	put_cell(table, "-", table->style.csv ? 0 : 1, false);
}

void
table_count(struct table *table, int64_t value)
{
	if (value < 0)
		put_none(table);
	else
		table_i64(table, value);
}

void
table_price(struct table *table, int64_t amount, unsigned exponent)
{
	if (amount < 0)
		put_none(table);
	else
		table_money(table, amount, exponent);
}

void
table_ppm(struct table *table, int64_t ppm, int64_t alarm_below)
{
	char text[32];

	if (ppm < 0) {
		put_none(table);
		return;
	}
	if (table->style.csv)
		(void)snprintf(text, sizeof text, "%" PRId64, ppm);
	else
		(void)snprintf(text, sizeof text, "%" PRId64 ".%" PRId64 "%%",
			       ppm / 10000, ppm / 1000 % 10);
	put_cell(table, text, strlen(text), ppm < alarm_below);
}

void
table_rate(struct table *table, uint32_t ppm)
{
	char text[24];
	size_t size;

	if (table->style.csv) {
		table_u64(table, ppm);
		return;
	}
	(void)snprintf(text, sizeof text, "%u.%04u", ppm / 10000, ppm % 10000);
	size = strlen(text);
	while (text[size - 1] == '0')
		size--;
	if (text[size - 1] == '.')
		size--;
	text[size++] = '%';
	put_cell(table, text, size, false);
}

void
table_format_time(const Google__Protobuf__Timestamp *time, char out[TABLE_TIME_BYTES])
{
	_Static_assert(TABLE_TIME_BYTES >= DBK_TIME_TEXT_BYTES, "a time fits");

	out[0] = '\0';
	if (time == NULL || time->seconds < 0 ||
	    time->seconds > DBK_TIME_US_MAX / 1000000 || time->nanos < 0 ||
	    time->nanos > 999999999)
		return;
	(void)dbk_time_format(time->seconds * 1000000 + time->nanos / 1000, out);
}

void
table_time(struct table *table, const Google__Protobuf__Timestamp *time)
{
	char text[TABLE_TIME_BYTES];

	table_format_time(time, text);
	table_text(table, text);
}

void
table_day(struct table *table, const Google__Protobuf__Timestamp *time)
{
	char text[TABLE_TIME_BYTES];

	table_format_time(time, text);
	if (!table->style.csv)
		text[strcspn(text, "T")] = '\0';
	table_text(table, text);
}

void
table_hex(struct table *table, const void *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *from = bytes;
	char text[2 * DBK_HASH_BYTES_MAX];
	size_t at = 0;

	for (size_t i = 0; i < size && i < DBK_HASH_BYTES_MAX; i++) {
		text[at++] = digits[from[i] >> 4];
		text[at++] = digits[from[i] & 15];
	}
	put_cell(table, text, at, false);
}

void
table_flag(struct table *table, bool flag, const char *word)
{
	if (table->style.csv)
		table_text(table, flag ? "true" : "false");
	else
		table_text(table, flag ? word : "");
}

void
table_end_row(struct table *table)
{
	while (table->at < table->count)
		table_text(table, NULL);
	table->at = 0;
	if (++table->rows == ROWS_KEPT)
		table_flush(table);
}
