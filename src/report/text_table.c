#include "report/text.h"

#include <string.h>

#include "report/letters.h"

#define COLUMNS_MAX 16
#define GAP 2

static const char *
cell_at(const struct dbk_text *text, size_t number)
{
	struct dbk_cursor cursor =
	    dbk_cursor_make(text->starts.bytes + number * 4, sizeof(uint32_t));

	return (const char *)text->cells.bytes + dbk_cursor_u32(&cursor);
}

static void
put_spaces(struct dbk_buf *out, size_t count)
{
	for (size_t i = 0; i < count; i++)
		dbk_buf_put_u8(out, ' ');
}

/* CELL in WIDTH columns, cut with "~" where it is longer; LAST leaves no spaces behind.
 */
static void
put_cell(struct dbk_text *text, const char *cell, size_t width, int to_right, int last)
{
	size_t columns = dbk_letters_columns(cell);
	size_t used = 0;
	struct dbk_letter letter;
	char code[DBK_LETTERS_CODE_BYTES];

	if (to_right && columns < width)
		put_spaces(text->out, width - columns);
	for (; *cell != '\0'; cell += letter.size) {
		letter = dbk_letters_at(cell);
		if (columns > width && used + letter.columns + 1 > width) {
			dbk_buf_put_u8(text->out, '~');
			used++;
			break;
		}
		if (letter.hidden)
			dbk_buf_put(text->out, code, dbk_letters_code(letter, code));
		else
			dbk_buf_put(text->out, cell, letter.size);
		used += letter.columns;
	}
	if (!to_right && !last && used < width)
		put_spaces(text->out, width - used);
}

static void
measure(const struct dbk_text *text, const struct dbk_text_column *columns,
	size_t count, size_t rows, size_t widths[COLUMNS_MAX])
{
	for (size_t c = 0; c < count; c++) {
		widths[c] = dbk_letters_columns(
		    dbk_words_in(&columns[c].title, text->language));
		for (size_t r = 0; r < rows; r++) {
			size_t wide = dbk_letters_columns(cell_at(text, r * count + c));

			if (columns[c].most > 0 && wide > columns[c].most)
				wide = columns[c].most;
			if (wide > widths[c])
				widths[c] = wide;
		}
	}
}

/* No spaces before a line end: the last cells of a row may be empty. */
static void
end_line(struct dbk_buf *out, size_t start)
{
	while (!dbk_buf_failed(out) && out->size > start &&
	       out->bytes[out->size - 1] == ' ')
		out->size--;
	dbk_buf_put_u8(out, '\n');
}

void
dbk_text_table_end(struct dbk_text *text, const struct dbk_text_column *columns,
		   size_t count)
{
	size_t widths[COLUMNS_MAX] = { 0 };
	size_t rows, start;

	if (dbk_buf_failed(&text->cells) || dbk_buf_failed(&text->starts) ||
	    count > COLUMNS_MAX || count == 0)
		return;
	rows = text->starts.size / sizeof(uint32_t) / count;
	measure(text, columns, count, rows, widths);
	start = text->out->size;
	for (size_t c = 0; c < count; c++) {
		put_spaces(text->out, GAP);
		put_cell(text, dbk_words_in(&columns[c].title, text->language),
			 widths[c], columns[c].is_number, c + 1 == count);
	}
	end_line(text->out, start);
	for (size_t c = 0; c < count; c++) {
		put_spaces(text->out, GAP);
		for (size_t i = 0; i < widths[c]; i++)
			dbk_buf_put_u8(text->out, '-');
	}
	dbk_buf_put_u8(text->out, '\n');
	for (size_t r = 0; r < rows; r++) {
		start = text->out->size;
		for (size_t c = 0; c < count; c++) {
			put_spaces(text->out, GAP);
			put_cell(text, cell_at(text, r * count + c), widths[c],
				 columns[c].is_number, c + 1 == count);
		}
		end_line(text->out, start);
	}
}
