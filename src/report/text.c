#include "report/text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "report/letters.h"
#include "report/number.h"

/* Values of fields begin here. */
#define FIELD_COLUMN 24

void
dbk_text_init(struct dbk_text *text, struct dbk_buf *out, enum dbk_language language,
	      const Daybook__Report__V1__ReportBasis *basis)
{
	*text = (struct dbk_text){ .out = out, .language = language, .currency = "" };
	dbk_buf_init(&text->cells);
	dbk_buf_init(&text->starts);
	if (!basis)
		return;
	text->exponent = basis->exponent;
	if (basis->currency)
		text->currency = basis->currency;
}

void
dbk_text_fini(struct dbk_text *text)
{
	if (dbk_buf_failed(&text->cells) || dbk_buf_failed(&text->starts))
		text->out->failed = true;
	dbk_buf_fini(&text->cells);
	dbk_buf_fini(&text->starts);
}

static void
put_letter(struct dbk_buf *out, const char *at, struct dbk_letter letter)
{
	char code[DBK_LETTERS_CODE_BYTES];

	if (letter.hidden)
		dbk_buf_put(out, code, dbk_letters_code(letter, code));
	else
		dbk_buf_put(out, at, letter.size);
}

static void
put_spaces(struct dbk_buf *out, size_t count)
{
	for (size_t i = 0; i < count; i++)
		dbk_buf_put_u8(out, ' ');
}

void
dbk_text_put(struct dbk_text *text, const char *piece)
{
	struct dbk_letter letter;

	for (; piece && *piece != '\0'; piece += letter.size) {
		letter = dbk_letters_at(piece);
		if (*piece == '\n')
			dbk_buf_put_u8(text->out, '\n');
		else
			put_letter(text->out, piece, letter);
	}
}

void
dbk_text_putf(struct dbk_text *text, const char *format, ...)
{
	struct dbk_buf piece = { 0 };
	va_list arguments, again;
	int size;

	va_start(arguments, format);
	va_copy(again, arguments);
	size = vsnprintf(NULL, 0, format, arguments);
	if (size < 0 || !dbk_buf_reserve(&piece, (size_t)size + 1)) {
		text->out->failed = true;
	} else {
		vsnprintf((char *)piece.bytes, (size_t)size + 1, format, again);
		dbk_text_put(text, (const char *)piece.bytes);
	}
	va_end(again);
	va_end(arguments);
	dbk_buf_fini(&piece);
}

void
dbk_text_words(struct dbk_text *text, const struct dbk_words *words)
{
	dbk_text_put(text, dbk_words_in(words, text->language));
}

void
dbk_text_heading(struct dbk_text *text, const struct dbk_words *words, int level)
{
	const char *title = dbk_words_in(words, text->language);
	size_t columns = dbk_letters_columns(title);

	dbk_text_put(text, "\n");
	dbk_text_put(text, title);
	dbk_text_put(text, "\n");
	for (size_t i = 0; i < columns; i++)
		dbk_buf_put_u8(text->out, level == 1 ? '=' : '-');
	dbk_text_put(text, "\n");
}

/* A piece that is not broken: letters up to a space, or one wide letter with the narrow
 * punctuation behind it. */
struct piece {
	size_t bytes, columns;
};

/* Closing marks must not begin a line. */
static bool
clings(uint32_t code)
{
	return code == 0x3001 || code == 0x3002 || code == 0xff0c || code == 0xff1b ||
	       code == 0xff1a || code == 0xff09 || code == 0x300b || code == 0x201d ||
	       code == 0xff01 || code == 0xff1f || code == 0x300d;
}

static struct piece
next_piece(const char *at)
{
	struct piece piece = { 0, 0 };
	struct dbk_letter letter;

	while (at[piece.bytes] != '\0' && at[piece.bytes] != ' ') {
		letter = dbk_letters_at(at + piece.bytes);
		if (piece.bytes > 0 && letter.columns == 2 && !clings(letter.code))
			break;
		piece.bytes += letter.size;
		piece.columns += letter.columns;
		if (letter.columns == 2) {
			while (
			    at[piece.bytes] != '\0' &&
			    clings((letter = dbk_letters_at(at + piece.bytes)).code)) {
				piece.bytes += letter.size;
				piece.columns += letter.columns;
			}
			break;
		}
	}
	return piece;
}

static void
put_piece(struct dbk_buf *out, const char *at, size_t bytes)
{
	struct dbk_letter letter;

	for (size_t i = 0; i < bytes; i += letter.size) {
		letter = dbk_letters_at(at + i);
		put_letter(out, at + i, letter);
	}
}

/* Fill lines from COLUMN on, further lines from INDENT on. */
static void
put_filled(struct dbk_text *text, const char *at, size_t column, size_t indent)
{
	bool space = false;

	while (*at != '\0') {
		struct piece piece;

		if (*at == ' ') {
			space = true;
			at++;
			continue;
		}
		piece = next_piece(at);
		if (column > indent &&
		    column + space + piece.columns > DBK_TEXT_COLUMNS) {
			dbk_buf_put_u8(text->out, '\n');
			put_spaces(text->out, indent);
			column = indent;
		} else if (space && column > indent) {
			dbk_buf_put_u8(text->out, ' ');
			column++;
		}
		put_piece(text->out, at, piece.bytes);
		column += piece.columns;
		at += piece.bytes;
		space = false;
	}
	while (!dbk_buf_failed(text->out) && text->out->size > 0 &&
	       text->out->bytes[text->out->size - 1] == ' ')
		text->out->size--;
	dbk_buf_put_u8(text->out, '\n');
}

void
dbk_text_paragraph(struct dbk_text *text, const char *paragraph, unsigned indent)
{
	put_spaces(text->out, indent);
	put_filled(text, paragraph, indent, indent);
}

void
dbk_text_field(struct dbk_text *text, const struct dbk_words *label, const char *value)
{
	const char *name = dbk_words_in(label, text->language);
	size_t columns = dbk_letters_columns(name) + 2;
	size_t pad = columns + 1 < FIELD_COLUMN ? FIELD_COLUMN - columns : 1;

	put_spaces(text->out, 2);
	dbk_text_put(text, name);
	put_spaces(text->out, pad);
	put_filled(text, value, FIELD_COLUMN, FIELD_COLUMN);
}

void
dbk_text_table(struct dbk_text *text)
{
	dbk_buf_reset(&text->cells);
	dbk_buf_reset(&text->starts);
}

void
dbk_text_cell(struct dbk_text *text, const char *cell)
{
	dbk_buf_put_u32(&text->starts, (uint32_t)text->cells.size);
	dbk_buf_put(&text->cells, cell ? cell : "", (cell ? strlen(cell) : 0) + 1);
}

void
dbk_text_cell_words(struct dbk_text *text, const struct dbk_words *words)
{
	dbk_text_cell(text, dbk_words_in(words, text->language));
}

void
dbk_text_cell_count(struct dbk_text *text, uint64_t value)
{
	char number[DBK_NUMBER_BYTES];

	dbk_number_count(value, number);
	dbk_text_cell(text, number);
}

void
dbk_text_cell_amount(struct dbk_text *text, int64_t amount)
{
	char number[DBK_NUMBER_BYTES];

	dbk_number_amount(amount, text->exponent, number);
	dbk_text_cell(text, number);
}

void
dbk_text_cell_bar(struct dbk_text *text, int64_t value, int64_t most, unsigned width)
{
	char bar[DBK_TEXT_COLUMNS + 1] = "";
	uint64_t length = 0;

	if (value > 0 && most > 0)
		length = (uint64_t)dbk_money_ratio(value, (int64_t)width, most);
	if (length > width)
		length = width;
	if (length > DBK_TEXT_COLUMNS)
		length = DBK_TEXT_COLUMNS;
	if (length == 0 && value > 0 && most > 0)
		length = 1;
	memset(bar, '#', (size_t)length);
	dbk_text_cell(text, bar);
}
