#include "report/html.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report/letters.h"
#include "report/number.h"

/* Of one text, so that no single one makes a page large. */
#define TEXT_LETTERS_MAX 2000

void
dbk_html_init(struct dbk_html *html, struct dbk_buf *out, enum dbk_language first,
	      const Daybook__Report__V1__ReportBasis *basis)
{
	*html = (struct dbk_html){
		.out = out, .start = out->size, .first = first, .currency = ""
	};
	if (!basis)
		return;
	html->exponent = basis->exponent;
	if (basis->currency)
		html->currency = basis->currency;
}

void
dbk_html_markup(struct dbk_html *html, const char *markup)
{
	dbk_buf_put(html->out, markup, strlen(markup));
}

void
dbk_html_markupf(struct dbk_html *html, const char *format, ...)
{
	char piece[512];
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(piece, sizeof piece, format, arguments);
	va_end(arguments);
	if (size < 0 || (size_t)size >= sizeof piece)
		html->out->failed = true;
	else
		dbk_buf_put(html->out, piece, (size_t)size);
}

static void
put_letter(struct dbk_html *html, const char *text, struct dbk_letter letter)
{
	char code[DBK_LETTERS_CODE_BYTES];

	if (letter.hidden)
		dbk_buf_put(html->out, code, dbk_letters_code(letter, code));
	else if (letter.code == '&')
		dbk_html_markup(html, "&amp;");
	else if (letter.code == '<')
		dbk_html_markup(html, "&lt;");
	else if (letter.code == '>')
		dbk_html_markup(html, "&gt;");
	else if (letter.code == '"')
		dbk_html_markup(html, "&quot;");
	else if (letter.code == '\'')
		dbk_html_markup(html, "&#39;");
	else
		dbk_buf_put(html->out, text, letter.size);
}

void
dbk_html_text(struct dbk_html *html, const char *text)
{
	struct dbk_letter letter;

	for (unsigned i = 0; text && *text != '\0'; text += letter.size, i++) {
		if (i == TEXT_LETTERS_MAX) {
			dbk_html_markup(html, "…");
			return;
		}
		letter = dbk_letters_at(text);
		put_letter(html, text, letter);
	}
}

void
dbk_html_name(struct dbk_html *html, const char *name)
{
	dbk_html_markup(html, "<bdi>");
	dbk_html_text(html, name);
	dbk_html_markup(html, "</bdi>");
}

void
dbk_html_lines(struct dbk_html *html, const char *lines)
{
	struct dbk_letter letter;

	dbk_html_markup(html, "<pre>");
	for (unsigned i = 0; lines && *lines != '\0' && i < TEXT_LETTERS_MAX;
	     lines += letter.size, i++) {
		letter = dbk_letters_at(lines);
		if (*lines == '\n')
			dbk_html_markup(html, "\n");
		else
			put_letter(html, lines, letter);
	}
	dbk_html_markup(html, "</pre>\n");
}

void
dbk_html_pair(struct dbk_html *html, const char *en, const char *zh)
{
	dbk_html_markup(html, "<span class=\"en\" lang=\"en\">");
	dbk_html_text(html, en);
	dbk_html_markup(html, "</span><span class=\"zh\" lang=\"zh-Hans\">");
	dbk_html_text(html, zh);
	dbk_html_markup(html, "</span>");
}

void
dbk_html_words(struct dbk_html *html, const struct dbk_words *words)
{
	if (strcmp(words->en, words->zh) == 0)
		dbk_html_text(html, words->en);
	else
		dbk_html_pair(html, words->en, words->zh);
}

void
dbk_html_message(struct dbk_html *html, const Daybook__Report__V1__Words *words)
{
	struct dbk_words pair = dbk_words_of(words);

	dbk_html_words(html, &pair);
}

void
dbk_html_both(struct dbk_html *html, const struct dbk_words *words)
{
	dbk_html_text(html, html->first == DBK_CHINESE ? words->zh : words->en);
	dbk_html_markup(html, " · ");
	dbk_html_text(html, html->first == DBK_CHINESE ? words->en : words->zh);
}

static void
put_number(struct dbk_html *html, const char *number)
{
	if (*number == '-' && number[1] != '\0')
		dbk_html_markup(html, "−");
	dbk_html_markup(html,
			*number == '-' && number[1] != '\0' ? number + 1 : number);
}

void
dbk_html_count(struct dbk_html *html, uint64_t value)
{
	char number[DBK_NUMBER_BYTES];

	dbk_number_count(value, number);
	put_number(html, number);
}

void
dbk_html_whole(struct dbk_html *html, int64_t value)
{
	char number[DBK_NUMBER_BYTES];

	dbk_number_whole(value, number);
	put_number(html, number);
}

void
dbk_html_amount(struct dbk_html *html, int64_t amount)
{
	char number[DBK_NUMBER_BYTES];

	dbk_number_amount(amount, html->exponent, number);
	put_number(html, number);
}

void
dbk_html_share(struct dbk_html *html, int64_t numerator, int64_t denominator)
{
	char number[DBK_NUMBER_BYTES];

	dbk_number_share(numerator, denominator, number);
	put_number(html, number);
}

void
dbk_html_ratio(struct dbk_html *html, int64_t numerator, int64_t denominator)
{
	char number[DBK_NUMBER_BYTES];

	dbk_number_ratio(numerator, denominator, number);
	put_number(html, number);
}

void
dbk_html_moment(struct dbk_html *html, const Google__Protobuf__Timestamp *moment,
		int32_t utc_offset_minutes)
{
	char text[DBK_NUMBER_MOMENT_BYTES];

	dbk_number_moment(moment ? moment->seconds : 0, utc_offset_minutes, text);
	dbk_html_markup(html, moment ? text : "–");
}

void
dbk_html_link(struct dbk_html *html, uint32_t number)
{
	if (number > 0 && number <= html->evidence_count)
		dbk_html_markupf(html, "<a class=\"ev\" href=\"#e%u\">", number);
}

void
dbk_html_link_end(struct dbk_html *html, uint32_t number)
{
	if (number > 0 && number <= html->evidence_count)
		dbk_html_markup(html, "</a>");
}
