#ifndef DBK_REPORT_HTML_H
#define DBK_REPORT_HTML_H

/*
 * html.h -- a small writer of pages: well-formed as XML, both languages in one file, no
 * script, nothing from elsewhere.
 *
 * Everything from a message goes through text(), name() or words(), which escape;
 * markup() takes only what stands in the source.  What is shown in one language has the
 * class "en" or "zh", and the style sheet hides the other: that holds inside pictures,
 * too.
 *
 * Thread: belongs to one thread at a time.  Errors stick in the buffer (base/buf.h).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "report/words.h"

struct dbk_html {
	struct dbk_buf *out;
	size_t start;		 /* bytes that were there before the page */
	enum dbk_language first; /* the language that is shown first */
	const char *currency;	 /* borrowed */
	uint32_t exponent;
	/* For links: evidence lists that the page has, from 1; 0 while unknown. */
	uint32_t evidence_count;
	/* What can be linked to: verdicts, and rows of figures or of payouts. */
	size_t verdicts_shown, rows_shown;
};

/* Appends to OUT.  BASIS (may be NULL) tells the currency. */
void dbk_html_init(struct dbk_html *html, struct dbk_buf *out, enum dbk_language first,
		   const Daybook__Report__V1__ReportBasis *basis);

/* The head of the file with style sheet and language switch, up to and with <main>; and
 * what closes it. */
void dbk_html_begin(struct dbk_html *html, const struct dbk_words *title,
		    const char *book);
void dbk_html_end(struct dbk_html *html);

/* As it stands, and printf-style: no %s from a message. */
void dbk_html_markup(struct dbk_html *html, const char *markup);
void dbk_html_markupf(struct dbk_html *html, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Escaped for text and for attributes in quotes.  What cannot be seen is written by its
 * number (letters.h); behind 2,000 letters it is cut.  NULL is empty. */
void dbk_html_text(struct dbk_html *html, const char *text);

/* A name or an id from the log: isolated from the direction of the text around it. */
void dbk_html_name(struct dbk_html *html, const char *name);

/* Several lines as they are, in <pre>. */
void dbk_html_lines(struct dbk_html *html, const char *lines);

/* Both languages, each in a <span> with its class. */
void dbk_html_words(struct dbk_html *html, const struct dbk_words *words);
void dbk_html_pair(struct dbk_html *html, const char *en, const char *zh);
/* The same from a message; nothing if WORDS is NULL. */
void dbk_html_message(struct dbk_html *html, const Daybook__Report__V1__Words *words);
/* Both on one line with " · " between, for <title> in pictures and attributes. */
void dbk_html_both(struct dbk_html *html, const struct dbk_words *words);

/* Figures as in number.h, with a true minus sign. */
void dbk_html_count(struct dbk_html *html, uint64_t value);
void dbk_html_whole(struct dbk_html *html, int64_t value);
/* In major units, without the currency. */
void dbk_html_amount(struct dbk_html *html, int64_t amount);
void dbk_html_share(struct dbk_html *html, int64_t numerator, int64_t denominator);
void dbk_html_ratio(struct dbk_html *html, int64_t numerator, int64_t denominator);
/* A moment as "2026-03-01 12:00:00" in the book's local time. */
void dbk_html_moment(struct dbk_html *html, const Google__Protobuf__Timestamp *moment,
		     int32_t utc_offset_minutes);

/* Open and close a link to evidence list NUMBER; nothing at all if it is 0 or the page
 * has no such list. */
void dbk_html_link(struct dbk_html *html, uint32_t number);
void dbk_html_link_end(struct dbk_html *html, uint32_t number);

/* A section with a heading; ID is a word of the source.  LEAD may be NULL. */
void dbk_html_section(struct dbk_html *html, const char *id,
		      const struct dbk_words *title, const struct dbk_words *lead);
void dbk_html_section_end(struct dbk_html *html);

/* A picture: <figure> with a heading; the caption comes behind the picture and may be
 * NULL. */
void dbk_html_picture(struct dbk_html *html, const char *id,
		      const struct dbk_words *title);
void dbk_html_picture_end(struct dbk_html *html, const struct dbk_words *caption);

/* A table that scrolls inside itself. */
enum dbk_column_kind {
	DBK_COLUMN_TEXT,
	DBK_COLUMN_NUMBER, /* to the right, tabular digits */
};

struct dbk_html_column {
	struct dbk_words title;
	enum dbk_column_kind kind;
};

void dbk_html_table(struct dbk_html *html, const struct dbk_words *caption,
		    const struct dbk_html_column *columns, size_t count);
/* The head alone, for tables whose bodies are written by hand. */
void dbk_html_head(struct dbk_html *html, const struct dbk_html_column *columns,
		   size_t count);
void dbk_html_table_end(struct dbk_html *html);
void dbk_html_row(struct dbk_html *html);
void dbk_html_row_end(struct dbk_html *html);

/* One cell each. */
void dbk_html_cell_begin(struct dbk_html *html, enum dbk_column_kind kind);
void dbk_html_cell_end(struct dbk_html *html);
void dbk_html_cell_name(struct dbk_html *html, const char *name);
void dbk_html_cell_text(struct dbk_html *html, const char *text);
void dbk_html_cell_words(struct dbk_html *html, const struct dbk_words *words);
void dbk_html_cell_count(struct dbk_html *html, uint64_t value);
void dbk_html_cell_amount(struct dbk_html *html, int64_t amount);

/* A sentence in place of a table or a picture that has nothing to show. */
void dbk_html_nothing(struct dbk_html *html, const struct dbk_words *words);

/* How many rows were left out of a bounded list; nothing if 0. */
void dbk_html_left_out(struct dbk_html *html, uint64_t count);

#endif
