#ifndef DBK_REPORT_TIMELINE_H
#define DBK_REPORT_TIMELINE_H

/*
 * timeline.h -- small panels one below the other on one axis of months.  Panels of
 * amounts have one scale, so that a bar of the same height is the same money in all of
 * them; each panel of counts has its own.
 *
 * More months than there is room for are added up to columns of several.
 *
 * Thread: belongs to one thread at a time.
 */

#include "report/scale.h"

/* Columns of a picture, series of a timeline, and series of one panel. */
#define DBK_TIMELINE_COLUMNS_MAX 96
#define DBK_TIMELINE_SERIES_MAX 8
#define DBK_TIMELINE_PARTS_MAX 4

/* A series as it is drawn: laid on what was laid before it, up or down from 0. */
struct dbk_timeline_part {
	const char *class;
	struct dbk_words words;
	uint32_t series;
	bool is_down;
};

struct dbk_timeline_panel {
	struct dbk_words title;
	bool is_amount;
	struct dbk_words unit; /* of counts */
	uint32_t n_parts;
	struct dbk_timeline_part parts[DBK_TIMELINE_PARTS_MAX];
};

struct dbk_timeline_column {
	const char *month; /* the first, borrowed */
	int64_t values[DBK_TIMELINE_SERIES_MAX];
};

struct dbk_timeline {
	const char *id; /* "picture-" and a word of the source */
	struct dbk_words heading, description, caption;
	const struct dbk_timeline_panel *panels;
	uint32_t n_panels;
	struct dbk_timeline_column columns[DBK_TIMELINE_COLUMNS_MAX];
	uint32_t n_columns;
	uint32_t months_each; /* of a column */
};

/* Make room for MONTHS of them. */
void dbk_timeline_init(struct dbk_timeline *timeline, size_t months);

/* Month NUMBER from 0, in order, with all its values. */
void dbk_timeline_add(struct dbk_timeline *timeline, size_t number, const char *month,
		      const int64_t values[DBK_TIMELINE_SERIES_MAX]);

/* The whole picture; a sentence if all values are 0. */
void dbk_timeline_draw(const struct dbk_timeline *timeline, struct dbk_html *html);

#endif
