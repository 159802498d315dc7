#ifndef DBK_REPORT_SCALE_H
#define DBK_REPORT_SCALE_H

/*
 * scale.h -- axes: values laid along a line, with ticks at 1, 2 or 5 times a power of
 * ten and a unit that keeps their labels short.
 *
 * Thread: any.
 */

#include "report/svg.h"

/* Values from LOW to HIGH, which include 0, lie between two coordinates. */
struct dbk_scale {
	int64_t low, high; /* multiples of the step unless bounded */
	int64_t step;
	int64_t at_low, at_high; /* tenths of a pixel */
	uint32_t digits;	 /* of values behind the point of a label */
	struct dbk_words unit;	 /* what a label counts, words of the source */
	const char *currency;	 /* stands in front of the unit; may be NULL */
};

/* At most STEPS steps, at least one. */
struct dbk_scale dbk_scale_count(int64_t low, int64_t high, int64_t at_low,
				 int64_t at_high, uint32_t steps,
				 const struct dbk_words *unit);
/* Of amounts of the page's currency. */
struct dbk_scale dbk_scale_amount(int64_t low, int64_t high, int64_t at_low,
				  int64_t at_high, uint32_t steps,
				  const struct dbk_html *html);

/* Where VALUE lies; bounded to the axis. */
int64_t dbk_scale_at(const struct dbk_scale *scale, int64_t value);

/* VALUE as a tick says it. */
#define DBK_SCALE_LABEL_BYTES 96
void dbk_scale_label(const struct dbk_scale *scale, int64_t value,
		     char out[DBK_SCALE_LABEL_BYTES]);

/* "CNY million": what the labels count. */
void dbk_scale_draw_unit(struct dbk_html *html, const struct dbk_scale *scale,
			 const char *class, int64_t x, int64_t y);

/* Lines across from LEFT to RIGHT at each tick with labels that end before LEFT; the
 * axis goes up. */
void dbk_scale_draw_up(struct dbk_html *html, const struct dbk_scale *scale,
		       int64_t left, int64_t right);
/* Lines from TOP to BOTTOM with labels below; the axis goes to the right and its unit
 * stands at its end. */
void dbk_scale_draw_right(struct dbk_html *html, const struct dbk_scale *scale,
			  int64_t top, int64_t bottom);

#endif
