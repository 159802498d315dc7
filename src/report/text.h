#ifndef DBK_REPORT_TEXT_H
#define DBK_REPORT_TEXT_H

/*
 * text.h -- a small writer of plain text for terminals of 100 columns and for files:
 * one language, no colour, tables whose columns fit what is in them.
 *
 * Thread: belongs to one thread at a time.  Errors stick in the buffers (base/buf.h).
 */

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "report/words.h"

#define DBK_TEXT_COLUMNS 100

struct dbk_text {
	struct dbk_buf *out;
	enum dbk_language language;
	const char *currency; /* borrowed */
	uint32_t exponent;
	/* The table that is open: texts of the cells, and where each one begins. */
	struct dbk_buf cells;
	struct dbk_buf starts;
};

void dbk_text_init(struct dbk_text *text, struct dbk_buf *out,
		   enum dbk_language language,
		   const Daybook__Report__V1__ReportBasis *basis);
void dbk_text_fini(struct dbk_text *text);

/* As it stands; what cannot be seen is written by its number (letters.h). */
void dbk_text_put(struct dbk_text *text, const char *piece);
void dbk_text_putf(struct dbk_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void dbk_text_words(struct dbk_text *text, const struct dbk_words *words);

/* A heading underlined: "=" for level 1, "-" for level 2. */
void dbk_text_heading(struct dbk_text *text, const struct dbk_words *words, int level);

/* A paragraph, broken between words (Chinese: between letters) and indented. */
void dbk_text_paragraph(struct dbk_text *text, const char *paragraph, unsigned indent);

/* "label   value" with the values in one column. */
void dbk_text_field(struct dbk_text *text, const struct dbk_words *label,
		    const char *value);

struct dbk_text_column {
	struct dbk_words title;
	int is_number; /* 1: to the right */
	unsigned most; /* columns that it is cut at; 0: as wide as it must be */
};

/* Cells are put row by row; the table is written at its end.  INDENT is 0 or 2. */
void dbk_text_table(struct dbk_text *text);
void dbk_text_cell(struct dbk_text *text, const char *cell);
void dbk_text_cell_words(struct dbk_text *text, const struct dbk_words *words);
void dbk_text_cell_count(struct dbk_text *text, uint64_t value);
void dbk_text_cell_amount(struct dbk_text *text, int64_t amount);
/* A bar of "#", VALUE of MOST, at most WIDTH long; none if MOST < 1. */
void dbk_text_cell_bar(struct dbk_text *text, int64_t value, int64_t most,
		       unsigned width);
void dbk_text_table_end(struct dbk_text *text, const struct dbk_text_column *columns,
			size_t count);

#endif
