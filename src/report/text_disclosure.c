/* text_disclosure.c -- the earnings disclosure as text. */

#include <stdio.h>

#include "report/number.h"
#include "report/page.h"
#include "report/text_private.h"

#define COUNT(columns) (sizeof(columns) / sizeof(columns)[0])

static const struct dbk_words title = { "Earnings disclosure", "收入披露" };

static void
put_count(struct dbk_text *text, const char *en, const char *zh, uint64_t n,
	  uint64_t of)
{
	const struct dbk_words label = { en, zh };
	char number[DBK_NUMBER_BYTES], share[DBK_NUMBER_BYTES], both[160];

	dbk_number_count(n, number);
	dbk_number_share((int64_t)n, (int64_t)of, share);
	(void)snprintf(both, sizeof both, "%s (%s)", number, share);
	dbk_text_field(text, &label, of > 0 ? both : number);
}

static void
put_amount(struct dbk_text *text, const char *en, const char *zh, int64_t amount)
{
	const struct dbk_words label = { en, zh };
	char number[DBK_NUMBER_BYTES];

	dbk_number_amount(amount, text->exponent, number);
	dbk_text_field(text, &label, number);
}

static void
put_people(struct dbk_text *text, const Daybook__Report__V1__DisclosureReport *report)
{
	uint64_t all = report->participants;

	dbk_text_section(text, "Of all who take part", "全体参加者");
	dbk_text_line(text,
		      "Not of the best: of everybody who paid or bought anything.",
		      "非择优者，而系凡曾付款或者购货之全体参加者。");
	put_count(text, "participants", "参加者", all, 0);
	put_count(text, "active in the year", "该年度活跃者", report->active, all);
	put_count(text, "were paid nothing", "未获任何报酬", report->paid_nothing, all);
	put_count(text, "paid in more than they got, strictly", "净亏损（严格口径）",
		  report->lost_strict, all);
	put_count(text, "the same, leniently", "净亏损（宽松口径）",
		  report->lost_lenient, all);
	put_count(text, "left within a year", "一年内退出", report->left_within_year,
		  all);
}

static void
put_money(struct dbk_text *text, const Daybook__Report__V1__DisclosureReport *report)
{
	static const struct dbk_words even = { "months until half broke even",
					       "半数参加者回本所需月数" };
	char number[DBK_NUMBER_BYTES];

	dbk_text_section(text, "What it brings and what it costs", "收入与支出");
	put_amount(text, "income in the year, median", "年收入（中位数）",
		   report->median_income);
	put_amount(text, "income in the year, mean", "年收入（平均数）",
		   report->mean_income);
	put_amount(text, "net result, median", "净结果（中位数）", report->median_net);
	put_amount(text, "fees, median", "费用（中位数）", report->median_fees);
	put_amount(text, "purchases of the first year, median", "首年购货（中位数）",
		   report->median_purchases);
	dbk_number_count(report->months_to_break_even, number);
	dbk_text_field(text, &even,
		       report->months_to_break_even > 0 ? number
		       : text->language == DBK_CHINESE	? "半数以上尚未回本"
							: "half or more have not");
}

static void
put_bands(struct dbk_text *text, const Daybook__Report__V1__DisclosureReport *report)
{
	static const struct dbk_text_column columns[] = {
		DBK_TEXT_LABEL("of 10,000 by income", "按收入每万人", 0),
		DBK_TEXT_NUMBER("persons", "人数"),
		DBK_TEXT_NUMBER("least", "最低"),
		DBK_TEXT_NUMBER("median", "中位数"),
		DBK_TEXT_NUMBER("most", "最高"),
		DBK_TEXT_NUMBER("mean", "平均"),
		DBK_TEXT_NUMBER("paid in, median", "付出中位数"),
	};

	dbk_text_section(text, "Incomes of the year, from the least",
			 "年收入分布（由低至高）");
	dbk_text_table(text);
	for (size_t i = 0; i < report->n_bands; i++) {
		const Daybook__Report__V1__DisclosureBand *band = report->bands[i];
		char part[48];

		(void)snprintf(part, sizeof part, "%u - %u", band->from, band->to);
		dbk_text_cell(text, part);
		dbk_text_cell_count(text, band->persons);
		dbk_text_cell_amount(text, band->least);
		dbk_text_cell_amount(text, band->median);
		dbk_text_cell_amount(text, band->most);
		dbk_text_cell_amount(text, band->mean);
		dbk_text_cell_amount(text, band->median_paid_in);
	}
	dbk_text_table_end(text, columns, COUNT(columns));
}

static void
put_figure(struct dbk_text *text, const Daybook__Report__V1__Figure *figure)
{
	struct dbk_words label;

	if (figure == NULL)
		return;
	label = dbk_words_of(figure->label);
	dbk_text_cell_words(text, &label);
	dbk_text_cell_reading(text, figure, figure->strict);
	dbk_text_cell_reading(text, figure, figure->lenient);
}

static void
put_figures(struct dbk_text *text, const Daybook__Report__V1__DisclosureReport *report)
{
	static const struct dbk_text_column columns[] = {
		DBK_TEXT_LABEL("figure", "指标", 60),
		DBK_TEXT_NUMBER("strict", "严格口径"),
		DBK_TEXT_NUMBER("lenient", "宽松口径"),
	};

	dbk_text_section(text, "What is paid for", "报酬来源");
	dbk_text_table(text);
	put_figure(text, report->from_retail);
	put_figure(text, report->from_recruiting);
	put_figure(text, report->from_purchases);
	for (size_t i = 0; i < report->n_figures; i++)
		put_figure(text, report->figures[i]);
	dbk_text_table_end(text, columns, COUNT(columns));
}

void
dbk_disclosure_text(const Daybook__Report__V1__DisclosureReport *report,
		    enum dbk_language language, struct dbk_buf *out)
{
	static const struct dbk_words year = { "year", "年度" };
	struct dbk_text text;
	char days[64];

	dbk_text_init(&text, out, language, report->basis);
	dbk_text_heading(&text, &title, 1);
	dbk_text_basis(&text, report->basis);
	(void)snprintf(days, sizeof days, "[%.10s, %.10s)", report->year_from,
		       report->year_to);
	dbk_text_field(&text, &year, days);
	put_people(&text, report);
	put_money(&text, report);
	put_bands(&text, report);
	put_figures(&text, report);
	dbk_text_fini(&text);
}
