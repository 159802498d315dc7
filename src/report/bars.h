#ifndef DBK_REPORT_BARS_H
#define DBK_REPORT_BARS_H

/*
 * bars.h -- rows of horizontal bars on one axis: a name on the left, figures on the
 * right, parts laid end to end from 0.
 *
 * Thread: belongs to one thread at a time.
 */

#include "report/scale.h"

struct dbk_bars {
	struct dbk_html *html;
	struct dbk_scale scale;
	int64_t top;   /* of the first row */
	int64_t pitch; /* from row to row */
	uint32_t rows;
	/* Of the row that is drawn. */
	int64_t y;
	int64_t above,
	    below; /* what is laid so far to the right and to the left of 0 */
};

/* Of a picture that ends with the labels of its axis. */
int64_t dbk_bars_height(const struct dbk_bars *bars);

/* The axis and its lines. */
void dbk_bars_axis(struct dbk_bars *bars);

/* Row NUMBER from 0 begins. */
void dbk_bars_row(struct dbk_bars *bars, uint32_t number);

/* VALUE laid behind the parts of its sign so far. */
void dbk_bars_part(struct dbk_bars *bars, const char *class, int64_t value);

/* A bar from 0 of VALUE whatever else is laid; THIN is of less height. */
void dbk_bars_bar(struct dbk_bars *bars, const char *class, int64_t value, bool thin);

/* The base line of text in the row. */
int64_t dbk_bars_text_y(const struct dbk_bars *bars);

#endif
