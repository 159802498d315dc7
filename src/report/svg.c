#include "report/svg.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "report/letters.h"

/* A label is far shorter; what is longer is cut. */
#define LABEL_BYTES 512

static void
put_tenths(struct dbk_html *html, int64_t tenths)
{
	uint64_t size = tenths < 0 ? 0 - (uint64_t)tenths : (uint64_t)tenths;

	dbk_html_markupf(html, "%s%llu", tenths < 0 ? "-" : "",
			 (unsigned long long)(size / DBK_SVG_PX));
	if (size % DBK_SVG_PX != 0)
		dbk_html_markupf(html, ".%u", (unsigned)(size % DBK_SVG_PX));
}

static void
put_attribute(struct dbk_html *html, const char *name, int64_t tenths)
{
	dbk_html_markupf(html, " %s=\"", name);
	put_tenths(html, tenths);
	dbk_html_markup(html, "\"");
}

static void
put_class(struct dbk_html *html, const char *class)
{
	if (*class != '\0')
		dbk_html_markupf(html, " class=\"%s\"", class);
}

void
dbk_svg_begin(struct dbk_html *html, const char *id, int64_t height,
	      const struct dbk_words *title, const struct dbk_words *description)
{
	dbk_html_markup(html,
			"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ");
	put_tenths(html, DBK_SVG_WIDTH);
	dbk_html_markup(html, " ");
	put_tenths(html, height);
	dbk_html_markupf(
	    html, "\" role=\"img\" aria-labelledby=\"%s-t %s-d\">\n<title id=\"%s-t\">",
	    id, id, id);
	dbk_html_both(html, title);
	dbk_html_markupf(html, "</title>\n<desc id=\"%s-d\">", id);
	dbk_html_both(html, description);
	dbk_html_markup(html, "</desc>\n");
}

void
dbk_svg_end(struct dbk_html *html)
{
	dbk_html_markup(html, "</svg>\n");
}

void
dbk_svg_pattern(struct dbk_html *html, const char *id, const char *class, bool rising)
{
	dbk_html_markupf(
	    html,
	    "<defs><pattern id=\"%s\" class=\"%s\" width=\"6\" height=\"6\" "
	    "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(%d)\"><rect "
	    "width=\"6\" height=\"6\"/><path d=\"M1.5 0V6\"/></pattern></defs>\n",
	    id, class, rising ? 45 : -45);
}

void
dbk_svg_rect(struct dbk_html *html, const char *class, int64_t x, int64_t y,
	     int64_t width, int64_t height)
{
	if (width <= 0 || height <= 0)
		return;
	dbk_html_markup(html, "<rect");
	put_class(html, class);
	put_attribute(html, "x", x);
	put_attribute(html, "y", y);
	put_attribute(html, "width", width);
	put_attribute(html, "height", height);
	dbk_html_markup(html, "/>\n");
}

void
dbk_svg_line(struct dbk_html *html, const char *class, int64_t x1, int64_t y1,
	     int64_t x2, int64_t y2)
{
	dbk_html_markup(html, "<line");
	put_class(html, class);
	put_attribute(html, "x1", x1);
	put_attribute(html, "y1", y1);
	put_attribute(html, "x2", x2);
	put_attribute(html, "y2", y2);
	dbk_html_markup(html, "/>\n");
}

static void
put_point(struct dbk_html *html, const char *command, int64_t x, int64_t y)
{
	dbk_html_markup(html, command);
	put_tenths(html, x);
	dbk_html_markup(html, " ");
	put_tenths(html, y);
}

void
dbk_svg_band(struct dbk_html *html, const char *class, int64_t x1, int64_t y1,
	     int64_t h1, int64_t x2, int64_t y2, int64_t h2)
{
	int64_t middle = x1 + (x2 - x1) / 2;

	dbk_html_markup(html, "<path");
	put_class(html, class);
	put_point(html, " d=\"M", x1, y1);
	put_point(html, "C", middle, y1);
	put_point(html, " ", middle, y2);
	put_point(html, " ", x2, y2);
	put_point(html, "L", x2, y2 + h2);
	put_point(html, "C", middle, y2 + h2);
	put_point(html, " ", middle, y1 + h1);
	put_point(html, " ", x1, y1 + h1);
	dbk_html_markup(html, "Z\"/>\n");
}

void
dbk_svg_group(struct dbk_html *html, const char *class)
{
	dbk_html_markup(html, "<g");
	put_class(html, class);
	dbk_html_markup(html, ">");
}

void
dbk_svg_group_end(struct dbk_html *html)
{
	dbk_html_markup(html, "</g>\n");
}

/* A cut never leaves half a letter: dbk_html_text() would show its bytes. */
static void
end_whole(char text[LABEL_BYTES], int size)
{
	size_t at = LABEL_BYTES - 1;

	if (size < 0)
		text[0] = '\0';
	if (size < LABEL_BYTES)
		return;
	while (at > 0 && ((unsigned char)text[at - 1] & 0xC0) == 0x80)
		at--;
	text[at > 0 ? at - 1 : 0] = '\0';
}

void
dbk_svg_tip_words(struct dbk_html *html, const struct dbk_words *words)
{
	dbk_html_markup(html, "<title>");
	if (strcmp(words->en, words->zh) == 0)
		dbk_html_text(html, words->en);
	else
		dbk_html_both(html, words);
	dbk_html_markup(html, "</title>");
}

void
dbk_svg_tip(struct dbk_html *html, const char *en, const char *zh, ...)
{
	char in_en[LABEL_BYTES], in_zh[LABEL_BYTES];
	va_list arguments, again;

	va_start(arguments, zh);
	va_copy(again, arguments);
	end_whole(in_en, vsnprintf(in_en, sizeof in_en, en, arguments));
	end_whole(in_zh, vsnprintf(in_zh, sizeof in_zh, zh, again));
	va_end(again);
	va_end(arguments);
	dbk_svg_tip_words(html, &(struct dbk_words){ in_en, in_zh });
}

static void
put_text(struct dbk_html *html, const char *class, const char *language, int64_t x,
	 int64_t y, const char *text)
{
	bool both = *class != '\0' && *language != '\0';

	if (*text == '\0')
		return;
	dbk_html_markup(html, "<text");
	if (*class != '\0' || *language != '\0')
		dbk_html_markupf(html, " class=\"%s%s%s\"", class, both ? " " : "",
				 language);
	put_attribute(html, "x", x);
	put_attribute(html, "y", y);
	dbk_html_markup(html, ">");
	dbk_html_text(html, text);
	dbk_html_markup(html, "</text>\n");
}

void
dbk_svg_words(struct dbk_html *html, const char *class, int64_t x, int64_t y,
	      const struct dbk_words *words)
{
	if (strcmp(words->en, words->zh) == 0) {
		put_text(html, class, "", x, y, words->en);
	} else {
		put_text(html, class, "en", x, y, words->en);
		put_text(html, class, "zh", x, y, words->zh);
	}
}

void
dbk_svg_label(struct dbk_html *html, const char *class, int64_t x, int64_t y,
	      const char *en, const char *zh, ...)
{
	char in_en[LABEL_BYTES], in_zh[LABEL_BYTES];
	va_list arguments, again;

	va_start(arguments, zh);
	va_copy(again, arguments);
	end_whole(in_en, vsnprintf(in_en, sizeof in_en, en, arguments));
	end_whole(in_zh, vsnprintf(in_zh, sizeof in_zh, zh, again));
	va_end(again);
	va_end(arguments);
	dbk_svg_words(html, class, x, y, &(struct dbk_words){ in_en, in_zh });
}

static void
put_key(struct dbk_html *html, const struct dbk_svg_key *key, int64_t x, int64_t y)
{
	int64_t top = y - 10 * DBK_SVG_PX, middle = x + 6 * DBK_SVG_PX;

	if (key->is_line)
		dbk_svg_line(html, key->class, middle, top, middle, y + 3 * DBK_SVG_PX);
	else
		dbk_svg_rect(html, key->class, x, top, 12 * DBK_SVG_PX,
			     12 * DBK_SVG_PX);
}

static int64_t
put_keys(struct dbk_html *html, int64_t left, int64_t y, const struct dbk_words *title,
	 const struct dbk_svg_key *keys, size_t count, enum dbk_language language)
{
	int64_t x = left, end;

	dbk_svg_group(html, language == DBK_CHINESE ? "zh" : "en");
	if (title) {
		put_text(html, "d-strong", "", x, y, dbk_words_in(title, language));
		x += dbk_svg_room(dbk_words_in(title, language)) + 24 * DBK_SVG_PX;
	}
	for (size_t i = 0; i < count; i++) {
		const char *text = dbk_words_in(&keys[i].words, language);

		end = x + 17 * DBK_SVG_PX + dbk_svg_room(text);
		if (end > DBK_SVG_WIDTH && x > left) {
			end += left - x;
			x = left;
			y += 20 * DBK_SVG_PX;
		}
		put_key(html, &keys[i], x, y);
		put_text(html, "", "", x + 17 * DBK_SVG_PX, y, text);
		x = end + 18 * DBK_SVG_PX;
	}
	dbk_svg_group_end(html);
	return y;
}

int64_t
dbk_svg_keys(struct dbk_html *html, int64_t x, int64_t y, const struct dbk_words *title,
	     const struct dbk_svg_key *keys, size_t count)
{
	int64_t en = put_keys(html, x, y, title, keys, count, DBK_ENGLISH);
	int64_t zh = put_keys(html, x, y, title, keys, count, DBK_CHINESE);

	return en > zh ? en : zh;
}

/* Of a letter in tenths of a pixel, as fonts without serifs have it at 13 pixels. */
static int64_t
letter_room(struct dbk_letter letter)
{
	if (letter.columns != 1)
		return letter.columns * 66;
	if (letter.code < 0x80 && strchr(" ,.;:!|'()ijlftrI-", (int)letter.code))
		return 44;
	if (letter.code < 0x80 && strchr("mwMW%", (int)letter.code))
		return 112;
	return letter.code >= 'A' && letter.code <= 'Z' ? 90 : 74;
}

int64_t
dbk_svg_room(const char *text)
{
	struct dbk_letter letter;
	int64_t room = 0;

	for (; *text != '\0'; text += letter.size) {
		letter = dbk_letters_at(text);
		room += letter_room(letter);
	}
	return room;
}

void
dbk_svg_short(const char *text, size_t columns, char out[DBK_SVG_SHORT_BYTES])
{
	size_t at = 0, used = 0;
	struct dbk_letter letter;

	for (; *text != '\0'; text += letter.size) {
		letter = dbk_letters_at(text);
		if (used + letter.columns > columns ||
		    at + letter.size + sizeof "…" > DBK_SVG_SHORT_BYTES)
			break;
		memcpy(out + at, text, letter.size);
		at += letter.size;
		used += letter.columns;
	}
	memcpy(out + at, *text != '\0' ? "…" : "", *text != '\0' ? sizeof "…" : 1);
}

int64_t
dbk_svg_part(int64_t value, int64_t whole, int64_t room)
{
	int64_t part;

	if (whole <= 0)
		return 0;
	part = dbk_money_bound((dbk_wide)value * room / whole);
	if (part > room)
		return room;
	return part < -room ? -room : part;
}
