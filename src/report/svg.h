#ifndef DBK_REPORT_SVG_H
#define DBK_REPORT_SVG_H

/*
 * svg.h -- a small writer of pictures in SVG over html.h: shapes, labels in both
 * languages, and axes.
 *
 * Every coordinate is a whole number of tenths of a pixel; a picture is 840 pixels wide
 * and is scaled by whoever shows it.  A class is a word of the source (draw.css).
 * Arguments of labels and tips are escaped.
 *
 * Thread: belongs to one thread at a time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/html.h"

#define DBK_SVG_PX 10
#define DBK_SVG_WIDTH (840 * DBK_SVG_PX)

/* ID, a word of the source, is that of the picture on its page. */
void dbk_svg_begin(struct dbk_html *html, const char *id, int64_t height,
		   const struct dbk_words *title, const struct dbk_words *description);
void dbk_svg_end(struct dbk_html *html);

/* Hatching in two colours of CLASS, rising or falling, that the style sheet refers to
 * as a fill: url(#ID). */
void dbk_svg_pattern(struct dbk_html *html, const char *id, const char *class,
		     bool rising);

/* Nothing if it has no area. */
void dbk_svg_rect(struct dbk_html *html, const char *class, int64_t x, int64_t y,
		  int64_t width, int64_t height);
void dbk_svg_line(struct dbk_html *html, const char *class, int64_t x1, int64_t y1,
		  int64_t x2, int64_t y2);
/* A band from the edge [y1, y1 + h1) at X1 to [y2, y2 + h2) at X2, in a curve. */
void dbk_svg_band(struct dbk_html *html, const char *class, int64_t x1, int64_t y1,
		  int64_t h1, int64_t x2, int64_t y2, int64_t h2);

/* Shapes up to the end belong together; CLASS may be empty. */
void dbk_svg_group(struct dbk_html *html, const char *class);
void dbk_svg_group_end(struct dbk_html *html);

/* What a pointer shows over the group that has just begun: printf-style in both
 * languages with the same arguments. */
void dbk_svg_tip(struct dbk_html *html, const char *en, const char *zh, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

void dbk_svg_tip_words(struct dbk_html *html, const struct dbk_words *words);

/* A text at its base line; likewise in both languages.  Class "m" is centred at X, "r"
 * ends there. */
void dbk_svg_label(struct dbk_html *html, const char *class, int64_t x, int64_t y,
		   const char *en, const char *zh, ...)
    __attribute__((format(printf, 5, 7), format(printf, 6, 7)));
void dbk_svg_words(struct dbk_html *html, const char *class, int64_t x, int64_t y,
		   const struct dbk_words *words);

/* What a colour means: a small square of CLASS, or an upright line, with words. */
struct dbk_svg_key {
	const char *class;
	struct dbk_words words;
	bool is_line;
};

/* TITLE, which may be NULL, and KEYS from X on, each language with its own spaces and
 * line breaks; returns the base line of the last line. */
int64_t dbk_svg_keys(struct dbk_html *html, int64_t x, int64_t y,
		     const struct dbk_words *title, const struct dbk_svg_key *keys,
		     size_t count);

/* Room that TEXT takes at 13 pixels, roughly and rather too much. */
int64_t dbk_svg_room(const char *text);

/* TEXT cut to COLUMNS of a terminal with "…"; OUT holds it whatever it is. */
#define DBK_SVG_SHORT_BYTES 160
void dbk_svg_short(const char *text, size_t columns, char out[DBK_SVG_SHORT_BYTES]);

/* VALUE * ROOM / WHOLE rounded down, within [-ROOM, ROOM]; 0 of no WHOLE. */
int64_t dbk_svg_part(int64_t value, int64_t whole, int64_t room);

#endif
