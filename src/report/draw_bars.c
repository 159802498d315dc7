#include "report/draw.h"

#include <string.h>

#include "base/money.h"
#include "report/bars.h"
#include "report/number.h"

#define PX DBK_SVG_PX

/* More rows are drawn as one, which says so. */
#define ROWS_MAX 40

static const struct dbk_words persons_unit = { "persons", "人" };

/* ------------------------------------------------------------------------ levels */

struct level_bar {
	uint32_t from, to;
	int64_t persons, participants;
};

static void
take_level(struct level_bar *bar, const Daybook__Report__V1__LevelRow *row)
{
	bar->from = bar->from == 0 ? row->level : bar->from;
	bar->to = row->level;
	bar->persons = dbk_money_bound((dbk_wide)bar->persons + row->persons);
	bar->participants =
	    dbk_money_bound((dbk_wide)bar->participants + row->participants);
}

static void
put_level(struct dbk_bars *bars, const struct level_bar *bar)
{
	char persons[DBK_NUMBER_BYTES], participants[DBK_NUMBER_BYTES];
	int64_t y = dbk_bars_text_y(bars), left = bars->scale.at_low - 10 * PX;

	if (bar->from == bar->to)
		dbk_svg_label(bars->html, "r", left, y, "level %u", "第 %u 级",
			      bar->from);
	else
		dbk_svg_label(bars->html, "r", left, y, "levels %u–%u", "第 %u–%u 级",
			      bar->from, bar->to);
	dbk_bars_bar(bars, "d-persons", bar->persons, false);
	dbk_bars_bar(bars, "d-participants", bar->participants, true);
	dbk_number_whole(bar->persons, persons);
	dbk_number_whole(bar->participants, participants);
	dbk_svg_label(bars->html, "r", DBK_SVG_WIDTH - 75 * PX, y, "%s", "%s", persons);
	dbk_svg_label(bars->html, "r", DBK_SVG_WIDTH, y, "%s", "%s", participants);
}

static void
put_level_heads(struct dbk_html *html)
{
	static const struct dbk_words persons = { "persons", "人数" };
	static const struct dbk_words participants = { "participants", "参加者" };
	const struct dbk_svg_key keys[] = { { "d-persons", persons, false },
					    { "d-participants", participants, false } };
	int64_t y = 14 * PX;

	dbk_svg_keys(html, 110 * PX, y, NULL, keys, sizeof keys / sizeof *keys);
	dbk_svg_words(html, "d-tick r", DBK_SVG_WIDTH - 75 * PX, y, &persons);
	dbk_svg_words(html, "d-tick r", DBK_SVG_WIDTH, y, &participants);
}

static void
draw_levels(struct dbk_bars *bars, const struct level_bar *list)
{
	static const struct dbk_words heading = { "Persons per level", "各层级人数" };
	static const struct dbk_words description = {
		"Bars of persons and of participants on each level of the downline.",
		"下线各层级的人数与参加者数。"
	};
	static const struct dbk_words caption = {
		"Level 1 are those whom nobody in the part sponsors. The inner bar "
		"counts who paid a fee or bought, or has somebody below who did.",
		"第 1 "
		"级为本范围内无推荐人者。内条为缴费、购货者，"
		"或其下线中有此类人员者。"
	};

	dbk_html_picture(bars->html, "picture-levels", &heading);
	dbk_svg_begin(bars->html, "levels", dbk_bars_height(bars), &heading,
		      &description);
	put_level_heads(bars->html);
	dbk_bars_axis(bars);
	for (uint32_t i = 0; i < bars->rows; i++) {
		dbk_bars_row(bars, i);
		put_level(bars, &list[i]);
	}
	dbk_svg_end(bars->html);
	dbk_html_picture_end(bars->html, &caption);
}

void
dbk_draw_levels(struct dbk_html *html, Daybook__Report__V1__LevelRow *const *rows,
		size_t count)
{
	static const struct dbk_words nothing = { "There is nobody on any level.",
						  "各层级均无人员。" };
	struct level_bar list[ROWS_MAX] = { 0 };
	struct dbk_bars bars = { .html = html, .top = 30 * PX, .pitch = 24 * PX };
	int64_t most = 0;

	for (size_t i = 0; i < count; i++)
		take_level(&list[i < ROWS_MAX ? i : ROWS_MAX - 1], rows[i]);
	bars.rows = (uint32_t)(count < ROWS_MAX ? count : ROWS_MAX);
	for (uint32_t i = 0; i < bars.rows; i++)
		most = list[i].persons > most ? list[i].persons : most;
	if (most == 0) {
		dbk_html_nothing(html, &nothing);
		return;
	}
	bars.scale = dbk_scale_count(0, most, 110 * PX, DBK_SVG_WIDTH - 190 * PX, 6,
				     &persons_unit);
	draw_levels(&bars, list);
}

/* ------------------------------------------------------------------------ ageing */

#define AGES 5
#define WHAT_COLUMNS 24

static const char *const age_classes[AGES] = { "d-age1", "d-age2", "d-age3", "d-age4",
					       "d-age5" };

static void
put_ages(struct dbk_bars *bars, const Daybook__Report__V1__AgeingRow *row)
{
	int64_t parts[AGES] = { row->to_30, row->to_60, row->to_90, row->to_180,
				row->older };
	struct dbk_words what = dbk_words_plain(row->what ? row->what : "");
	int64_t y = dbk_bars_text_y(bars);
	char total[DBK_NUMBER_BYTES];
	char en[DBK_SVG_SHORT_BYTES], zh[DBK_SVG_SHORT_BYTES];

	dbk_svg_short(what.en, WHAT_COLUMNS, en);
	dbk_svg_short(what.zh, WHAT_COLUMNS, zh);
	dbk_svg_words(bars->html, "r", bars->scale.at_low - 10 * PX, y,
		      &(struct dbk_words){ en, zh });
	for (size_t i = 0; i < AGES; i++)
		dbk_bars_part(bars, age_classes[i], parts[i]);
	dbk_number_amount(row->total, bars->html->exponent, total);
	dbk_svg_label(bars->html, "r", DBK_SVG_WIDTH, y, "%s", "%s", total);
}

static void
draw_ageing(struct dbk_bars *bars, Daybook__Report__V1__AgeingRow *const *rows)
{
	static const struct dbk_words heading = { "Money that waits, by age",
						  "未结款项账龄" };
	static const struct dbk_words description = {
		"Stacked bars of money owed, held or under way, by days of waiting.",
		"应付、冻结及在途款项按等待天数的堆叠条形图。"
	};
	static const struct dbk_svg_key ages[AGES] = {
		{ "d-age1", { "to 30 days", "30 天内" }, false },
		{ "d-age2", { "to 60", "31–60 天" }, false },
		{ "d-age3", { "to 90", "61–90 天" }, false },
		{ "d-age4", { "to 180", "91–180 天" }, false },
		{ "d-age5", { "older", "180 天以上" }, false },
	};

	dbk_html_picture(bars->html, "picture-ageing", &heading);
	dbk_svg_begin(bars->html, "ageing", dbk_bars_height(bars), &heading,
		      &description);
	dbk_svg_keys(bars->html, 0, 14 * PX, NULL, ages, AGES);
	dbk_bars_axis(bars);
	for (uint32_t i = 0; i < bars->rows; i++) {
		dbk_bars_row(bars, i);
		put_ages(bars, rows[i]);
	}
	dbk_svg_end(bars->html);
	dbk_html_picture_end(bars->html, NULL);
}

void
dbk_draw_ageing(struct dbk_html *html, Daybook__Report__V1__AgeingRow *const *rows,
		size_t count)
{
	static const struct dbk_words nothing = { "No money waits.", "无未结款项。" };
	struct dbk_bars bars = { .html = html, .top = 34 * PX, .pitch = 26 * PX };
	int64_t most = 0, least = 0;

	bars.rows = (uint32_t)(count < ROWS_MAX ? count : ROWS_MAX);
	for (uint32_t i = 0; i < bars.rows; i++) {
		int64_t parts[AGES] = { rows[i]->to_30, rows[i]->to_60, rows[i]->to_90,
					rows[i]->to_180, rows[i]->older };
		int64_t above = 0, below = 0;

		for (size_t k = 0; k < AGES; k++)
			*(parts[k] < 0 ? &below : &above) =
			    dbk_money_sum(parts[k] < 0 ? below : above, parts[k]);
		most = above > most ? above : most;
		least = below < least ? below : least;
	}
	if (most == 0 && least == 0) {
		dbk_html_nothing(html, &nothing);
		return;
	}
	bars.scale =
	    dbk_scale_amount(least, most, 130 * PX, DBK_SVG_WIDTH - 140 * PX, 5, html);
	draw_ageing(&bars, rows);
}

/* ------------------------------------------------------------------------- bands */

static void
put_band_name(struct dbk_bars *bars, const Daybook__Report__V1__DisclosureBand *band)
{
	int64_t x = bars->scale.at_low - 12 * PX, y = bars->y + 18 * PX;
	char from[DBK_NUMBER_BYTES], to[DBK_NUMBER_BYTES], persons[DBK_NUMBER_BYTES];

	dbk_number_count(band->from / 100, from);
	dbk_number_count(band->to / 100, to);
	if (band->from == 0)
		dbk_svg_label(bars->html, "r", x, y, "lowest-paid %s%%",
			      "收入最低的 %s%%", to);
	else if (band->to >= 10000)
		dbk_svg_label(bars->html, "r", x, y, "best-paid %u%%",
			      "收入最高的 %u%%", 100 - band->from / 100);
	else
		dbk_svg_label(bars->html, "r", x, y, "from %s%% to %s%%",
			      "%s%% 至 %s%%", from, to);
	dbk_number_count(band->persons, persons);
	dbk_svg_label(bars->html, "d-small r", x, y + 15 * PX, "%s persons", "%s 人",
		      persons);
}

static void
put_mark(struct dbk_bars *bars, const char *class, int64_t value)
{
	int64_t x = dbk_scale_at(&bars->scale, value);

	dbk_svg_line(bars->html, class, x, bars->y + 5 * PX, x,
		     bars->y + bars->pitch - 7 * PX);
}

static void
put_band(struct dbk_bars *bars, const Daybook__Report__V1__DisclosureBand *band)
{
	char median[DBK_NUMBER_BYTES], least[DBK_NUMBER_BYTES], most[DBK_NUMBER_BYTES];
	int64_t from = dbk_scale_at(&bars->scale, band->least);
	int64_t to = dbk_scale_at(&bars->scale, band->most);
	int64_t y = bars->y + 18 * PX;

	put_band_name(bars, band);
	dbk_svg_rect(bars->html, "d-range", from, bars->y + bars->pitch / 2 - 3 * PX,
		     to - from, 4 * PX);
	dbk_bars_bar(bars, "d-retail", band->median, true);
	put_mark(bars, "d-mean", band->mean);
	put_mark(bars, "d-paid-in", band->median_paid_in);
	dbk_number_amount(band->median, bars->html->exponent, median);
	dbk_number_amount(band->least, bars->html->exponent, least);
	dbk_number_amount(band->most, bars->html->exponent, most);
	dbk_svg_label(bars->html, "r", DBK_SVG_WIDTH, y, "%s", "%s", median);
	dbk_svg_label(bars->html, "d-small r", DBK_SVG_WIDTH, y + 15 * PX, "%s – %s",
		      "%s – %s", least, most);
}

static void
put_band_heads(struct dbk_bars *bars)
{
	static const struct dbk_svg_key keys[] = {
		{ "d-retail", { "median income", "收入中位数" }, false },
		{ "d-range", { "least to most", "最低至最高" }, false },
		{ "d-mean", { "mean", "平均数" }, true },
		{ "d-paid-in", { "median paid in", "投入中位数" }, true },
	};
	int64_t y = 14 * PX;

	dbk_svg_keys(bars->html, 0, y, NULL, keys, sizeof keys / sizeof *keys);
	dbk_svg_words(bars->html, "d-tick r", DBK_SVG_WIDTH, y, &keys[0].words);
}

static void
draw_bands(struct dbk_bars *bars, Daybook__Report__V1__DisclosureBand *const *rows)
{
	static const struct dbk_words heading = {
		"Income of participants, from the lowest-paid to the best-paid",
		"参加者收入分布（由低到高）"
	};
	static const struct dbk_words description = {
		"Bars of the median income of each band, with the span from least to "
		"most, the mean, and what its members paid in.",
		"各收入区间的中位数，并示其最低至最高、平均数及投入中位数。"
	};
	static const struct dbk_words caption = {
		"The axis ends where the largest median, mean or payment ends; incomes "
		"beyond it are in the figures on the right. Income is before costs.",
		"坐标轴止于最大的中位数、平均数或投入额；"
		"超出部分见右侧数字。收入未扣除成本。"
	};

	dbk_html_picture(bars->html, "picture-bands", &heading);
	dbk_svg_begin(bars->html, "bands", dbk_bars_height(bars), &heading,
		      &description);
	put_band_heads(bars);
	dbk_bars_axis(bars);
	for (uint32_t i = 0; i < bars->rows; i++) {
		dbk_bars_row(bars, i);
		put_band(bars, rows[i]);
	}
	dbk_svg_end(bars->html);
	dbk_html_picture_end(bars->html, &caption);
}

void
dbk_draw_bands(struct dbk_html *html, Daybook__Report__V1__DisclosureBand *const *rows,
	       size_t count)
{
	static const struct dbk_words nothing = { "Nobody took part in that year.",
						  "该年度无参加者。" };
	struct dbk_bars bars = { .html = html, .top = 34 * PX, .pitch = 44 * PX };
	int64_t most = 0, least = 0;

	bars.rows = (uint32_t)(count < ROWS_MAX ? count : ROWS_MAX);
	for (uint32_t i = 0; i < bars.rows; i++) {
		int64_t values[] = { rows[i]->median, rows[i]->mean,
				     rows[i]->median_paid_in };

		for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
			most = values[k] > most ? values[k] : most;
			least = values[k] < least ? values[k] : least;
		}
	}
	if (bars.rows == 0) {
		dbk_html_nothing(html, &nothing);
		return;
	}
	bars.scale =
	    dbk_scale_amount(least, most, 140 * PX, DBK_SVG_WIDTH - 190 * PX, 5, html);
	draw_bands(&bars, rows);
}
