#include "report/draw.h"

#include <stdio.h>

#include "base/money.h"
#include "report/number.h"
#include "report/svg.h"

#define PX DBK_SVG_PX
#define ROWS_MAX 48
#define ROW (22 * PX)
#define TOP (44 * PX)
#define CELLS 4
#define CELL_LEFT (190 * PX)
#define CELL ((DBK_SVG_WIDTH - CELL_LEFT) / CELLS)
/* Shades of a cell, each of a fifth. */
#define SHADES 5

struct cohort {
	const char *month, *last; /* of the first and the last month */
	int64_t persons, parts[CELLS];
};

static int64_t
whole(uint64_t count)
{
	return count < INT64_MAX ? (int64_t)count : INT64_MAX;
}

static void
take(struct cohort *cohort, const Daybook__Report__V1__CohortRow *row)
{
	int64_t parts[CELLS] = { whole(row->lost_strict), whole(row->lost_lenient),
				 whole(row->never_paid), whole(row->left) };

	if (!cohort->month)
		cohort->month = row->month ? row->month : "";
	cohort->last = row->month ? row->month : "";
	cohort->persons = dbk_money_sum(cohort->persons, whole(row->persons));
	for (int i = 0; i < CELLS; i++)
		cohort->parts[i] = dbk_money_sum(cohort->parts[i], parts[i]);
}

static void
put_cell(struct dbk_html *html, const struct cohort *cohort, int cell, int64_t y)
{
	static const char *const classes[SHADES] = { "d-heat1", "d-heat2", "d-heat3",
						     "d-heat4", "d-heat5" };
	int64_t part = cohort->parts[cell];
	int64_t shade = dbk_svg_part(part, cohort->persons, SHADES);
	int64_t x = CELL_LEFT + cell * CELL;
	char percent[DBK_NUMBER_BYTES], persons[DBK_NUMBER_BYTES];
	const char *dark = shade >= 3 ? " d-on-dark" : "";
	char class[32];

	if (cohort->persons == 0)
		return;
	shade = shade < 0 ? 0 : shade >= SHADES ? SHADES - 1 : shade;
	dbk_svg_rect(html, classes[shade], x, y, CELL - 3 * PX, ROW - PX);
	dbk_number_whole(dbk_svg_part(part, cohort->persons, 100), percent);
	dbk_number_whole(part, persons);
	snprintf(class, sizeof class, "r%s", dark);
	dbk_svg_label(html, class, x + CELL * 45 / 100, y + 15 * PX, "%s%%", "%s%%",
		      percent);
	snprintf(class, sizeof class, "d-small r%s", dark);
	dbk_svg_label(html, class, x + CELL * 85 / 100, y + 15 * PX, "%s", "%s",
		      persons);
}

static void
put_cohort(struct dbk_html *html, const struct cohort *cohort, int64_t y)
{
	char persons[DBK_NUMBER_BYTES], month[DBK_SVG_SHORT_BYTES];
	char last[DBK_SVG_SHORT_BYTES];

	dbk_svg_short(cohort->month, 10, month);
	dbk_svg_short(cohort->last, 10, last);
	dbk_number_whole(cohort->persons, persons);
	if (cohort->month == cohort->last)
		dbk_svg_label(html, "", 0, y + 15 * PX, "%s", "%s", month);
	else
		dbk_svg_label(html, "", 0, y + 15 * PX, "%s – %s", "%s – %s", month,
			      last);
	dbk_svg_label(html, "r", CELL_LEFT - 16 * PX, y + 15 * PX, "%s", "%s", persons);
	for (int i = 0; i < CELLS; i++)
		put_cell(html, cohort, i, y);
}

static void
put_heads(struct dbk_html *html)
{
	static const struct dbk_words month = { "joined in", "加入月份" };
	static const struct dbk_words persons = { "persons", "人数" };
	static const struct dbk_words heads[CELLS] = {
		{ "lost, strict", "亏损（严格）" },
		{ "lost, lenient", "亏损（宽松）" },
		{ "never paid", "从未获酬" },
		{ "left", "已退出" },
	};

	dbk_svg_words(html, "d-tick", 0, TOP - 10 * PX, &month);
	dbk_svg_words(html, "d-tick r", CELL_LEFT - 16 * PX, TOP - 10 * PX, &persons);
	for (int i = 0; i < CELLS; i++)
		dbk_svg_words(html, "d-tick m", CELL_LEFT + i * CELL + CELL / 2 - 15,
			      TOP - 10 * PX, &heads[i]);
}

static void
draw_cohorts(struct dbk_html *html, const struct cohort *cohorts, uint32_t count)
{
	static const struct dbk_words heading = { "What became of those who joined",
						  "各月加入者的结果" };
	static const struct dbk_words description = {
		"For those who joined in the same month: how many lost, were never "
		"paid, and left.",
		"按加入月份：亏损、从未获酬及退出的人数与比例。"
	};
	static const struct dbk_words caption = {
		"Shares are of the participants who joined in those months, rounded "
		"down; the darker, the larger. Who joined lately had less time.",
		"比例以该期加入的参加者为分母，向下取整；"
		"颜色越深比例越高。加入较晚者时间较短。"
	};

	dbk_html_picture(html, "picture-cohorts", &heading);
	dbk_svg_begin(html, "cohorts", TOP + count * ROW + 4 * PX, &heading,
		      &description);
	put_heads(html);
	for (uint32_t i = 0; i < count; i++)
		put_cohort(html, &cohorts[i], TOP + i * ROW);
	dbk_svg_end(html);
	dbk_html_picture_end(html, &caption);
}

void
dbk_draw_cohorts(struct dbk_html *html, Daybook__Report__V1__CohortRow *const *rows,
		 size_t count)
{
	static const struct dbk_words nothing = { "Nobody joined in the window.",
						  "区间内无人加入。" };
	struct cohort cohorts[ROWS_MAX] = { 0 };
	size_t each = (count + ROWS_MAX - 1) / ROWS_MAX;

	for (size_t i = 0; i < count; i++)
		take(&cohorts[i / each], rows[i]);
	if (count == 0)
		dbk_html_nothing(html, &nothing);
	else
		draw_cohorts(html, cohorts, (uint32_t)((count + each - 1) / each));
}
