#include "report/page_private.h"

#include <string.h>

#define UNIT(name) DAYBOOK__REPORT__V1__FIGURE_UNIT__##name
#define STATE(name) DAYBOOK__REPORT__V1__FIGURE_STATE__##name
/* Figures of one abstention. */
#define SCORES_MAX 40

static void
put_unit(struct dbk_html *html, Daybook__Report__V1__FigureUnit unit)
{
	if (unit == UNIT(DAYS))
		dbk_html_pair(html, " d", " 天");
	else if (unit == UNIT(MONTHS))
		dbk_html_pair(html, " mo.", " 个月");
	else if (unit == UNIT(LEVELS))
		dbk_html_pair(html, "", " 级");
}

void
dbk_page_reading(struct dbk_html *html, Daybook__Report__V1__FigureUnit unit,
		 const Daybook__Report__V1__Reading *reading)
{
	if (!reading || reading->state == STATE(EMPTY)) {
		dbk_html_pair(html, "none", "无");
	} else if (reading->state == STATE(OUTSIDE)) {
		dbk_html_pair(html, "not in records", "记录未载");
	} else if (unit == UNIT(SHARE)) {
		dbk_html_share(html, reading->numerator, reading->denominator);
	} else if (unit == UNIT(RATIO)) {
		dbk_html_ratio(html, reading->numerator, reading->denominator);
	} else if (unit == UNIT(AMOUNT)) {
		dbk_html_amount(html, reading->numerator);
	} else {
		dbk_html_whole(html, reading->numerator);
		put_unit(html, unit);
	}
}

static bool
readings_equal(const Daybook__Report__V1__Reading *a,
	       const Daybook__Report__V1__Reading *b)
{
	if (!a || !b)
		return a == b;
	return a->state == b->state && a->numerator == b->numerator &&
	       a->denominator == b->denominator;
}

bool
dbk_page_readings_agree(const Daybook__Report__V1__Figure *figure)
{
	return readings_equal(figure->strict, figure->lenient);
}

void
dbk_page_readings(struct dbk_html *html, const Daybook__Report__V1__Figure *figure)
{
	dbk_html_link(html, figure->evidence);
	dbk_page_reading(html, figure->unit, figure->strict);
	if (!dbk_page_readings_agree(figure)) {
		dbk_html_markup(html, " / ");
		dbk_page_reading(html, figure->unit, figure->lenient);
	}
	dbk_html_link_end(html, figure->evidence);
}

struct parameter {
	const char *name;
	struct dbk_words words;
	bool is_ppm;
};

/* The words for the parameters that metrics take. */
static const struct parameter parameters[] = {
	{ "persons", { "persons", "人数" }, false },
	{ "levels", { "levels", "层级" }, false },
	{ "distance", { "distance", "层距" }, false },
	{ "degree", { "recruits", "直接下线" }, false },
	{ "buyers", { "buyers", "顾客" }, false },
	{ "days", { "days", "天数" }, false },
	{ "months", { "months", "月数" }, false },
	{ "market", { "market", "市场规模" }, false },
	{ "amount", { "amount", "金额" }, false },
	{ "cap", { "cap", "限额" }, false },
	{ "share", { "share", "比例" }, true },
	{ "ppm", { "share", "比例" }, true },
};

static void
put_parameter(struct dbk_html *html, const Daybook__Report__V1__MetricParameter *given)
{
	const struct parameter *known = NULL;

	for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++)
		if (strcmp(parameters[i].name, given->name) == 0)
			known = &parameters[i];
	if (known)
		dbk_html_words(html, &known->words);
	else
		dbk_html_text(html, given->name);
	dbk_html_markup(html, " ");
	if (known && known->is_ppm)
		dbk_html_share(html, given->value, 1000000);
	else
		dbk_html_whole(html, given->value);
}

/* A mark is asked for or not: it has no number. */
static bool
is_mark(const Daybook__Report__V1__MetricParameter *given)
{
	return strcmp(given->name, "marked") == 0;
}

void
dbk_page_parameters(struct dbk_html *html, const Daybook__Report__V1__Figure *figure)
{
	bool is_marked = false;
	size_t shown = 0;

	for (size_t i = 0; i < figure->n_parameters && i < SCORES_MAX; i++) {
		if (is_mark(figure->parameters[i])) {
			is_marked = figure->parameters[i]->value != 0;
			continue;
		}
		dbk_html_markup(html, shown++ == 0 ? " <span class=\"small\">(" : ", ");
		put_parameter(html, figure->parameters[i]);
	}
	if (is_marked) {
		dbk_html_markup(html, shown++ == 0 ? " <span class=\"small\">(" : ", ");
		dbk_html_pair(html, "sanctioned before", "曾受处罚");
	}
	if (shown > 0)
		dbk_html_markup(html, ")</span>");
}

static void
put_score(struct dbk_html *html, const Daybook__Report__V1__AbstentionRow *row)
{
	dbk_html_markup(html, "<div class=\"card\"><h3>");
	dbk_html_message(html, row->name);
	dbk_html_markup(html, "</h3><dl>\n");
	for (size_t i = 0; i < row->n_figures && i < SCORES_MAX; i++) {
		dbk_html_markup(html, "<dt>");
		dbk_html_message(html, row->figures[i]->label);
		dbk_html_markup(html, "</dt><dd>");
		dbk_page_readings(html, row->figures[i]);
		dbk_html_markup(html, "</dd>\n");
	}
	dbk_html_markup(html, "</dl></div>\n");
}

void
dbk_page_abstentions(struct dbk_html *html,
		     Daybook__Report__V1__AbstentionRow *const *rows, size_t count)
{
	static const struct dbk_words title = { "The eight abstentions", "八项自律" };
	static const struct dbk_words lead = {
		"What the programme promises not to do, each with what the records say "
		"of it. "
		"Two figures are the strict and the lenient reading.",
		"项目承诺不为之八事，各附记录所示之数。并列两数者，"
		"前为严格口径，"
		"后为宽松口径。"
	};
	static const struct dbk_words nothing = { "There is no score card.",
						  "无计分卡。" };
	size_t shown = 0;

	dbk_html_section(html, "abstentions", &title, &lead);
	if (count == 0)
		dbk_html_nothing(html, &nothing);
	dbk_html_markup(html, "<div class=\"scores\">\n");
	for (; shown < count && shown < DBK_PAGE_ROWS_MAX; shown++) {
		if (!dbk_page_has_room(html, DBK_PAGE_TABLES_END))
			break;
		put_score(html, rows[shown]);
	}
	dbk_html_markup(html, "</div>\n");
	dbk_html_left_out(html, count - shown);
	dbk_html_section_end(html);
}

/* "12,345 / 67,890" under a share, so that it can be checked. */
static void
put_parts(struct dbk_html *html, const Daybook__Report__V1__Figure *figure,
	  const Daybook__Report__V1__Reading *reading)
{
	if (figure->unit != UNIT(SHARE) || !reading || reading->state != STATE(KNOWN))
		return;
	dbk_html_markup(html, "<br /><span class=\"small\">");
	dbk_html_whole(html, reading->numerator);
	dbk_html_markup(html, " / ");
	dbk_html_whole(html, reading->denominator);
	dbk_html_markup(html, "</span>");
}

void
dbk_page_reading_cell(struct dbk_html *html, const Daybook__Report__V1__Figure *figure,
		      const Daybook__Report__V1__Reading *reading)
{
	dbk_html_cell_begin(html, DBK_COLUMN_NUMBER);
	dbk_html_link(html, figure->evidence);
	dbk_page_reading(html, figure->unit, reading);
	dbk_html_link_end(html, figure->evidence);
	put_parts(html, figure, reading);
	dbk_html_cell_end(html);
}

static void
put_figure(struct dbk_html *html, const Daybook__Report__V1__Figure *figure,
	   size_t number)
{
	dbk_html_markupf(html, "<tr id=\"f%zu\"><td>", number + 1);
	dbk_html_message(html, figure->label);
	dbk_page_parameters(html, figure);
	dbk_html_markup(html, "<br /><code>");
	dbk_html_text(html, figure->metric);
	dbk_html_markup(html, "</code></td>");
	dbk_page_reading_cell(html, figure, figure->strict);
	dbk_page_reading_cell(html, figure, figure->lenient);
	dbk_html_cell_count(html, figure->population);
	dbk_html_cell_begin(html, DBK_COLUMN_NUMBER);
	dbk_page_evidence_mark(html, figure->evidence);
	dbk_html_cell_end(html);
	dbk_html_row_end(html);
}

void
dbk_page_figures(struct dbk_html *html, Daybook__Report__V1__Figure *const *figures,
		 size_t count)
{
	static const struct dbk_words title = { "All figures", "全部指标" };
	static const struct dbk_words lead = {
		"Shares are rounded down; under a share stand its numerator and "
		"denominator, "
		"money in minor units.",
		"比例向下取整；其下列示分子与分母，金额以最小货币单位计。"
	};
	static const struct dbk_words nothing = { "No figures.", "无指标。" };
	static const struct dbk_html_column columns[] = {
		{ { "Figure", "指标" }, DBK_COLUMN_TEXT },
		{ { "Strict", "严格口径" }, DBK_COLUMN_NUMBER },
		{ { "Lenient", "宽松口径" }, DBK_COLUMN_NUMBER },
		{ { "Population", "样本数" }, DBK_COLUMN_NUMBER },
		{ { "Evidence", "证据" }, DBK_COLUMN_NUMBER },
	};
	size_t shown = 0;

	dbk_html_section(html, "figures", &title, &lead);
	if (count == 0) {
		dbk_html_nothing(html, &nothing);
		dbk_html_section_end(html);
		return;
	}
	dbk_html_table(html, NULL, columns, sizeof columns / sizeof *columns);
	for (; shown < count && shown < DBK_PAGE_ROWS_MAX; shown++) {
		if (!dbk_page_has_room(html, DBK_PAGE_FIGURES_END))
			break;
		put_figure(html, figures[shown], shown);
	}
	dbk_html_table_end(html);
	html->rows_shown = shown;
	dbk_html_left_out(html, count - shown);
	dbk_html_section_end(html);
}
