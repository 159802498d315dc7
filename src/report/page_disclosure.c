#include "report/page_private.h"

#include "report/draw.h"

typedef Daybook__Report__V1__DisclosureReport disclosure_report;

static const struct dbk_words title = { "Earnings disclosure", "收入披露" };

static const struct dbk_page_place places[] = {
	{ "people", { "Those who took part", "参加者概况" } },
	{ "incomes", { "Incomes", "收入分布" } },
	{ "sources", { "What is paid for", "报酬来源" } },
	{ "months", { "Months", "逐月" } },
	{ "figures", { "All figures", "全部指标" } },
	{ "evidence", { "Evidence", "证据清单" } },
};

static void
put_share_of(struct dbk_html *html, uint64_t count, uint64_t all)
{
	if (all == 0)
		return;
	dbk_html_count(html, count);
	dbk_html_pair(html, " of ", " 人，共 ");
	dbk_html_count(html, all);
	dbk_html_pair(html, " participants", " 名参加者");
}

static void
put_people_key(struct dbk_html *html, const char *en, const char *zh, uint64_t count,
	       uint64_t all)
{
	dbk_page_key(html, en, zh);
	if (all > 0 && all <= INT64_MAX && count <= INT64_MAX)
		dbk_html_share(html, (int64_t)count, (int64_t)all);
	else
		dbk_html_count(html, count);
	dbk_page_key_note(html);
	put_share_of(html, count, all);
	dbk_page_key_end(html);
}

static void
put_amount_key(struct dbk_html *html, const char *en, const char *zh, int64_t amount,
	       const char *note_en, const char *note_zh)
{
	dbk_page_key(html, en, zh);
	dbk_html_amount(html, amount);
	dbk_page_key_note(html);
	dbk_html_pair(html, note_en, note_zh);
	dbk_page_key_end(html);
}

static void
put_break_even(struct dbk_html *html, const disclosure_report *r)
{
	dbk_page_key(html, "Time to break even", "回本时间");
	if (r->months_to_break_even == 0) {
		dbk_html_pair(html, "not yet", "尚未");
	} else {
		dbk_html_count(html, r->months_to_break_even);
		dbk_html_pair(html, r->months_to_break_even == 1 ? " month" : " months",
			      " 个月");
	}
	dbk_page_key_note(html);
	if (r->months_to_break_even == 0)
		dbk_html_pair(html, "half of those who joined, or more, have not",
			      "半数或更多加入者尚未回本");
	else
		dbk_html_pair(html, "until half of those who joined had",
			      "半数加入者回本所需时间");
	dbk_page_key_end(html);
}

static void
put_people(struct dbk_html *html, const disclosure_report *r)
{
	static const struct dbk_words heading = { "Of all who took part",
						  "全体参加者" };
	static const struct dbk_words nobody = { "Nobody took part in this year.",
						 "该年度无参加者。" };

	dbk_html_section(html, "people", &heading, NULL);
	dbk_html_markup(html, "<p class=\"lead\">");
	dbk_html_pair(html, "The year from ", "年度：");
	dbk_html_text(html, r->year_from);
	dbk_html_pair(html, " to before ", " 起，");
	dbk_html_text(html, r->year_to);
	dbk_html_pair(
	    html,
	    ". Not of the best: of everybody who paid a fee or bought goods, or who "
	    "brought somebody who did: ",
	    "（不含）止。非择优者，而系曾交纳费用、"
	    "购买商品或其下线曾如此之全体人员，共"
	    " ");
	dbk_html_count(html, r->participants);
	dbk_html_pair(html, " persons.", " 人。");
	dbk_html_markup(html, "</p>\n");
	if (r->participants == 0) {
		dbk_html_nothing(html, &nobody);
		dbk_html_section_end(html);
		return;
	}
	dbk_page_keys(html);
	put_people_key(html, "Were paid nothing", "未获任何报酬", r->paid_nothing,
		       r->participants);
	put_people_key(html, "Paid in more than they got", "付出多于所得",
		       r->lost_strict, r->participants);
	put_people_key(html, "The same, with own use counted as value",
		       "同上，自用计为所得", r->lost_lenient, r->participants);
	put_people_key(html, "Left within a year", "一年内退出", r->left_within_year,
		       r->participants);
	put_people_key(html, "Were active in the year", "该年度活跃", r->active,
		       r->participants);
	dbk_page_keys_end(html);
	dbk_html_section_end(html);
}

static void
put_band(struct dbk_html *html, const Daybook__Report__V1__DisclosureBand *band)
{
	dbk_html_row(html);
	dbk_html_cell_begin(html, DBK_COLUMN_TEXT);
	dbk_html_share(html, band->from, 10000);
	dbk_html_markup(html, " – ");
	dbk_html_share(html, band->to, 10000);
	dbk_html_cell_end(html);
	dbk_html_cell_count(html, band->persons);
	dbk_html_cell_amount(html, band->least);
	dbk_html_cell_amount(html, band->median);
	dbk_html_cell_amount(html, band->most);
	dbk_html_cell_amount(html, band->mean);
	dbk_html_cell_amount(html, band->median_paid_in);
	dbk_html_row_end(html);
}

static void
put_bands(struct dbk_html *html, const disclosure_report *r)
{
	static const struct dbk_words caption = {
		"Incomes of the year, from the least to the most",
		"年收入分布（由低至高）"
	};
	static const struct dbk_html_column columns[] = {
		{ { "Part of all participants", "参加者区间" }, DBK_COLUMN_TEXT },
		{ { "Persons", "人数" }, DBK_COLUMN_NUMBER },
		{ { "Least", "最低" }, DBK_COLUMN_NUMBER },
		{ { "Median", "中位数" }, DBK_COLUMN_NUMBER },
		{ { "Most", "最高" }, DBK_COLUMN_NUMBER },
		{ { "Mean", "平均" }, DBK_COLUMN_NUMBER },
		{ { "Paid in, median", "付出（中位数）" }, DBK_COLUMN_NUMBER },
	};
	size_t shown = 0;

	dbk_html_table(html, &caption, columns, sizeof columns / sizeof *columns);
	for (; shown < r->n_bands && shown < DBK_PAGE_ROWS_MAX; shown++)
		put_band(html, r->bands[shown]);
	dbk_html_table_end(html);
	dbk_html_left_out(html, r->n_bands - shown);
}

static void
put_incomes(struct dbk_html *html, const disclosure_report *r)
{
	static const struct dbk_words heading = { "What it brings and what it costs",
						  "收入与支出" };
	static const struct dbk_words lead = {
		"Income is what the programme paid, before expenses and tax. The "
		"median is what "
		"the person in the middle has: half of all participants have no more.",
		"收入指项目所付报酬，未扣除支出与税款。"
		"中位数为居中者之数额，半数参加者不高于此数。"
	};

	dbk_html_section(html, "incomes", &heading, &lead);
	dbk_page_keys(html);
	put_amount_key(html, "Income in the year, median", "年收入（中位数）",
		       r->median_income, "half had no more", "半数不高于此数");
	put_amount_key(html, "Income in the year, mean", "年收入（平均数）",
		       r->mean_income, "raised by the few who had most",
		       "受少数高收入者拉高");
	put_amount_key(html, "Net result, median", "净结果（中位数）", r->median_net,
		       "after fees and purchases", "扣除费用与购货");
	put_amount_key(html, "Fees, median", "费用（中位数）", r->median_fees,
		       "to take part", "为参加而付");
	put_amount_key(html, "Purchases, median", "购货（中位数）", r->median_purchases,
		       "in the first year", "首年");
	put_break_even(html, r);
	dbk_page_keys_end(html);
	dbk_draw_bands(html, r->bands, r->n_bands);
	put_bands(html, r);
	dbk_html_section_end(html);
}

static void
put_source(struct dbk_html *html, const Daybook__Report__V1__Figure *figure)
{
	if (!figure)
		return;
	dbk_html_row(html);
	dbk_html_cell_begin(html, DBK_COLUMN_TEXT);
	dbk_html_message(html, figure->label);
	dbk_html_cell_end(html);
	dbk_page_reading_cell(html, figure, figure->strict);
	dbk_page_reading_cell(html, figure, figure->lenient);
	dbk_html_cell_begin(html, DBK_COLUMN_NUMBER);
	dbk_page_evidence_mark(html, figure->evidence);
	dbk_html_cell_end(html);
	dbk_html_row_end(html);
}

static void
put_sources(struct dbk_html *html, const disclosure_report *r)
{
	static const struct dbk_words heading = { "What is paid for", "报酬来源" };
	static const struct dbk_words lead = {
		"Shares of all income. The strict reading counts only sales to "
		"verified "
		"consumers.",
		"占全部报酬之比例。严格口径仅计已核实消费者之购买。"
	};
	static const struct dbk_html_column columns[] = {
		{ { "Source", "来源" }, DBK_COLUMN_TEXT },
		{ { "Strict", "严格口径" }, DBK_COLUMN_NUMBER },
		{ { "Lenient", "宽松口径" }, DBK_COLUMN_NUMBER },
		{ { "Evidence", "证据" }, DBK_COLUMN_NUMBER },
	};

	dbk_html_section(html, "sources", &heading, &lead);
	dbk_html_table(html, NULL, columns, sizeof columns / sizeof *columns);
	put_source(html, r->from_retail);
	put_source(html, r->from_recruiting);
	put_source(html, r->from_purchases);
	dbk_html_table_end(html);
	dbk_html_section_end(html);
}

static void
put_months(struct dbk_html *html, const disclosure_report *r)
{
	static const struct dbk_words heading = { "Months", "逐月数据" };

	dbk_html_section(html, "months", &heading, NULL);
	dbk_draw_months(html, r->months, r->n_months);
	dbk_page_months(html, r->months, r->n_months);
	dbk_html_section_end(html);
}

static void
put_backs(struct dbk_html *html, const void *of, uint32_t number)
{
	const disclosure_report *r = of;

	for (size_t i = 0; i < html->rows_shown; i++)
		if (r->figures[i]->evidence == number) {
			dbk_html_markupf(html, "<a href=\"#f%zu\">↩ ", i + 1);
			dbk_html_message(html, r->figures[i]->label);
			dbk_html_markup(html, "</a>");
			return;
		}
	dbk_html_markup(html, "<a href=\"#sources\">↩ ");
	dbk_html_pair(html, "What is paid for", "报酬来源");
	dbk_html_markup(html, "</a>");
}

static void
put_pledge(struct dbk_html *html)
{
	dbk_html_markup(html, "<p class=\"pledge\">");
	dbk_html_pair(
	    html,
	    "These are figures of the past, out of the books of the programme. They "
	    "are no promise: what you will earn depends on what you sell.",
	    "以下为项目账簿所载之历史数据，并非承诺；"
	    "您的所得取决于您的销售。");
	dbk_html_markup(html, "</p>\n");
}

void
dbk_disclosure_html(const disclosure_report *report, enum dbk_language first,
		    struct dbk_buf *out)
{
	struct dbk_html html;

	dbk_html_init(&html, out, first, report->basis);
	dbk_page_evidence_count(&html, report->n_evidence);
	dbk_html_begin(&html, &title, report->basis ? report->basis->book : "");
	dbk_page_masthead(&html, &title, report->basis);
	dbk_page_nav(&html, places, sizeof places / sizeof *places);
	put_pledge(&html);
	put_people(&html, report);
	put_incomes(&html, report);
	put_sources(&html, report);
	put_months(&html, report);
	dbk_page_figures(&html, report->figures, report->n_figures);
	dbk_page_basis(&html, report->basis, NULL, 0, NULL);
	dbk_page_evidence(&html, report->evidence, report->n_evidence, put_backs,
			  report);
	dbk_page_footer(&html, report->basis);
	dbk_html_end(&html);
}
