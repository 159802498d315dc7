#include "report/timeline.h"

#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "report/number.h"

#define PX DBK_SVG_PX
#define LEFT (96 * PX)
#define RIGHT DBK_SVG_WIDTH
#define TOP 0
#define TITLE (40 * PX) /* above a panel */
#define STEPS 4
#define STEP (24 * PX) /* of an axis */
#define TIP_BYTES 400

void
dbk_timeline_init(struct dbk_timeline *timeline, size_t months)
{
	timeline->months_each = (uint32_t)((months + DBK_TIMELINE_COLUMNS_MAX - 1) /
					   DBK_TIMELINE_COLUMNS_MAX);
	if (timeline->months_each == 0)
		timeline->months_each = 1;
	timeline->n_columns = 0;
}

void
dbk_timeline_add(struct dbk_timeline *timeline, size_t number, const char *month,
		 const int64_t values[DBK_TIMELINE_SERIES_MAX])
{
	size_t at = number / timeline->months_each;
	struct dbk_timeline_column *column = &timeline->columns[at];

	if (at >= timeline->n_columns) {
		timeline->n_columns = (uint32_t)at + 1;
		*column = (struct dbk_timeline_column){ .month = month ? month : "" };
	}
	for (uint32_t i = 0; i < DBK_TIMELINE_SERIES_MAX; i++)
		column->values[i] = dbk_money_sum(column->values[i], values[i]);
}

/* What the parts of PANEL reach in COLUMN, up and down from 0. */
static void
reach(const struct dbk_timeline_panel *panel, const struct dbk_timeline_column *column,
      int64_t *above, int64_t *below)
{
	*above = *below = 0;
	for (uint32_t i = 0; i < panel->n_parts; i++) {
		int64_t value = column->values[panel->parts[i].series];

		if (panel->parts[i].is_down)
			value = dbk_money_bound(-(dbk_wide)value);
		*(value < 0 ? below : above) =
		    dbk_money_sum(value < 0 ? *below : *above, value);
	}
}

static void
bounds(const struct dbk_timeline *t, const struct dbk_timeline_panel *panel,
       int64_t *low, int64_t *high)
{
	int64_t above, below;

	for (uint32_t c = 0; c < t->n_columns; c++) {
		reach(panel, &t->columns[c], &above, &below);
		*high = above > *high ? above : *high;
		*low = below < *low ? below : *low;
	}
}

/* As much of the scale of all amounts as PANEL needs: whole steps up, and down as far
 * as there is anything. */
static struct dbk_scale
cut_scale(const struct dbk_timeline *t, const struct dbk_timeline_panel *panel,
	  const struct dbk_scale *all)
{
	struct dbk_scale scale = *all;
	int64_t low = 0, high = 0;

	bounds(t, panel, &low, &high);
	high = high / scale.step + (high % scale.step != 0);
	if (high == 0)
		high = 1;
	scale.low = low;
	scale.high = dbk_money_bound((dbk_wide)high * scale.step);
	scale.at_high = 0;
	scale.at_low = high * STEP - (int64_t)((dbk_wide)low * STEP / scale.step);
	return scale;
}

static struct dbk_scale
scale_of(const struct dbk_timeline *t, const struct dbk_timeline_panel *panel,
	 const struct dbk_html *html)
{
	struct dbk_scale all;
	int64_t low = 0, high = 0;

	if (panel->is_amount) {
		for (uint32_t p = 0; p < t->n_panels; p++)
			if (t->panels[p].is_amount)
				bounds(t, &t->panels[p], &low, &high);
		all = dbk_scale_amount(low, high, 0, 0, STEPS, html);
	} else {
		bounds(t, panel, &low, &high);
		all = dbk_scale_count(low, high, 0, 0, STEPS, &panel->unit);
	}
	return cut_scale(t, panel, &all);
}

static void
move_scale(struct dbk_scale *scale, int64_t by)
{
	scale->at_low += by;
	scale->at_high += by;
}

static void
append(char tip[TIP_BYTES], const char *words, const char *number)
{
	size_t size = strlen(tip);

	snprintf(tip + size, TIP_BYTES - size, " · %s %s", words, number);
}

static void
put_tip(struct dbk_html *html, const struct dbk_timeline_panel *panel,
	const struct dbk_timeline_column *column)
{
	char en[TIP_BYTES], zh[TIP_BYTES], number[DBK_NUMBER_BYTES];
	char month[DBK_SVG_SHORT_BYTES];

	dbk_svg_short(column->month, 7, month);
	snprintf(en, sizeof en, "%s", month);
	snprintf(zh, sizeof zh, "%s", month);
	for (uint32_t i = 0; i < panel->n_parts; i++) {
		int64_t value = column->values[panel->parts[i].series];

		if (panel->is_amount)
			dbk_number_amount(value, html->exponent, number);
		else
			dbk_number_whole(value, number);
		append(en, panel->parts[i].words.en, number);
		append(zh, panel->parts[i].words.zh, number);
	}
	dbk_svg_tip_words(html, &(struct dbk_words){ en, zh });
}

static void
put_column(struct dbk_html *html, const struct dbk_timeline_panel *panel,
	   const struct dbk_timeline_column *column, const struct dbk_scale *scale,
	   int64_t x, int64_t width)
{
	int64_t above = 0, below = 0;

	dbk_svg_group(html, "");
	put_tip(html, panel, column);
	for (uint32_t i = 0; i < panel->n_parts; i++) {
		const struct dbk_timeline_part *part = &panel->parts[i];
		int64_t value = column->values[part->series], *laid, from, to;

		if (part->is_down)
			value = dbk_money_bound(-(dbk_wide)value);
		laid = value < 0 ? &below : &above;
		from = dbk_scale_at(scale, *laid);
		*laid = dbk_money_sum(*laid, value);
		to = dbk_scale_at(scale, *laid);
		if (value != 0 && from == to)
			to = value < 0 ? from + PX / 2 : from - PX / 2;
		dbk_svg_rect(html, part->class, x, from < to ? from : to, width,
			     from < to ? to - from : from - to);
	}
	dbk_svg_group_end(html);
}

static int64_t
column_at(const struct dbk_timeline *t, uint32_t column)
{
	return LEFT + (RIGHT - LEFT) * (int64_t)column / t->n_columns;
}

/* One series needs no key. */
static void
put_title(const struct dbk_timeline_panel *panel, struct dbk_html *html, int64_t y)
{
	struct dbk_svg_key keys[DBK_TIMELINE_PARTS_MAX];
	uint32_t count = panel->n_parts > 1 ? panel->n_parts : 0;

	for (uint32_t i = 0; i < count; i++)
		keys[i] = (struct dbk_svg_key){ .class = panel->parts[i].class,
						.words = panel->parts[i].words };
	dbk_svg_keys(html, LEFT, y, &panel->title, keys, count);
}

static void
put_panel(const struct dbk_timeline *t, const struct dbk_timeline_panel *panel,
	  const struct dbk_scale *scale, struct dbk_html *html)
{
	int64_t y = scale->at_high - 12 * PX, gap;

	put_title(panel, html, y);
	dbk_scale_draw_unit(html, scale, "d-tick r", LEFT - 6 * PX, y);
	dbk_scale_draw_up(html, scale, LEFT, RIGHT);
	for (uint32_t c = 0; c < t->n_columns; c++) {
		gap = (column_at(t, c + 1) - column_at(t, c)) / 6;
		put_column(html, panel, &t->columns[c], scale, column_at(t, c) + gap,
			   column_at(t, c + 1) - column_at(t, c) - 2 * gap);
	}
}

/* Each so many columns there is room for a label. */
static uint32_t
label_each(const struct dbk_timeline *t)
{
	static const uint32_t choices[] = { 1, 2, 3, 4, 6, 12, 24, 48 };
	size_t i = 0;

	while (i + 1 < sizeof choices / sizeof *choices &&
	       (RIGHT - LEFT) * (int64_t)choices[i] / t->n_columns < 58 * PX)
		i++;
	return choices[i];
}

static void
put_months(const struct dbk_timeline *t, struct dbk_html *html, int64_t y)
{
	char month[DBK_SVG_SHORT_BYTES];
	uint32_t each = label_each(t);

	for (uint32_t c = 0; c < t->n_columns; c += each) {
		dbk_svg_short(t->columns[c].month, 7, month);
		dbk_svg_label(html, "d-tick m",
			      (column_at(t, c) + column_at(t, c + 1)) / 2, y, "%s",
			      "%s", month);
	}
	if (t->months_each > 1)
		dbk_svg_label(html, "d-tick r", RIGHT, y + 16 * PX,
			      "each column is %u months", "每列为 %u 个月",
			      t->months_each);
}

static bool
is_empty(const struct dbk_timeline *t)
{
	for (uint32_t c = 0; c < t->n_columns; c++)
		for (uint32_t i = 0; i < DBK_TIMELINE_SERIES_MAX; i++)
			if (t->columns[c].values[i] != 0)
				return false;
	return true;
}

void
dbk_timeline_draw(const struct dbk_timeline *t, struct dbk_html *html)
{
	static const struct dbk_words nothing = { "Nothing happened in these months.",
						  "该期间无相关记录。" };
	int64_t y = TOP, height = TOP + 24 * PX + (t->months_each > 1 ? 16 * PX : 0);
	struct dbk_scale scale;

	if (is_empty(t)) {
		dbk_html_nothing(html, &nothing);
		return;
	}
	for (uint32_t p = 0; p < t->n_panels; p++)
		height += TITLE + scale_of(t, &t->panels[p], html).at_low;
	dbk_html_picture(html, t->id, &t->heading);
	dbk_svg_begin(html, t->id + strlen("picture-"), height, &t->heading,
		      &t->description);
	for (uint32_t p = 0; p < t->n_panels; p++) {
		scale = scale_of(t, &t->panels[p], html);
		move_scale(&scale, y + TITLE);
		put_panel(t, &t->panels[p], &scale, html);
		y = scale.at_low;
	}
	put_months(t, html, y + 18 * PX);
	dbk_svg_end(html);
	dbk_html_picture_end(html, &t->caption);
}
