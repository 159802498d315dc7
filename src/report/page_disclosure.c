#include "report/draw.h"
#include "report/page_private.h"

#define COUNT(columns) (sizeof(columns) / sizeof *(columns))

typedef Daybook__Report__V1__DisclosureReport disclosure_report;

static const struct dbk_words title = { "Earnings disclosure", "收入披露" };

static void
put_nav(struct dbk_html *html)
{
	static const struct {
		const char *id;
		struct dbk_words words;
	} items[] = {
		{ "people", { "Who takes part", "参与者" } },
		{ "money", { "Income and cost", "收入与支出" } },
		{ "bands", { "Incomes", "收入分布" } },
		{ "causes", { "What is paid for", "报酬来源" } },
		{ "figures", { "Figures", "指标" } },
		{ "evidence", { "Evidence", "证据清单" } },
	};

	dbk_html_markup(html, "<nav>");
	for (size_t i = 0; i < COUNT(items); i++) {
		dbk_html_markupf(html, "<a href=\"#%s\">", items[i].id);
		dbk_html_words(html, &items[i].words);
		dbk_html_markup(html, "</a> ");
	}
	dbk_html_markup(html, "</nav>\n");
}

static const struct dbk_column counts[] = {
	{ { "", "" }, DBK_COLUMN_TEXT },
	{ { "Persons", "人数" }, DBK_COLUMN_NUMBER },
	{ { "Of all", "占比" }, DBK_COLUMN_NUMBER },
};

static void
put_count(struct dbk_html *html, const char *en, const char *zh, uint64_t n, uint64_t of)
{
	dbk_html_row(html);
	dbk_html_cell_begin(html, DBK_COLUMN_TEXT);
	dbk_html_pair(html, en, zh);
	dbk_html_cell_end(html);
	dbk_html_cell_count(html, n);
	dbk_html_cell_share(html, (int64_t)n, (int64_t)of);
	dbk_html_row_end(html);
}

static void
put_people(struct dbk_html *html, const disclosure_report *report)
{
	static const struct dbk_words heading = { "Of all who take part", "全体参与者" };
	static const struct dbk_words lead = {
		"Not of the best: of everybody who paid a fee or bought goods, or who "
		"brought somebody who did.",
		"非择优者,而系凡曾交纳费用、购买商品,或者其下线曾如此之全体参与者。"
	};
	uint64_t all = report->participants;

	dbk_html_section(html, "people", &heading, &lead);
	dbk_html_table(html, NULL, counts, COUNT(counts));
	put_count(html, "Participants", "参与者", all, all);
	put_count(html, "Active in the year", "该年度活跃者", report->active, all);
	put_count(html, "Were paid nothing in the year", "该年度未获任何报酬",
		  report->paid_nothing, all);
	put_count(html, "Paid in more than they got, strictly counted",
		  "净亏损(严格口径)", report->lost_strict, all);
	put_count(html, "Paid in more than they got, leniently counted",
		  "净亏损(宽松口径)", report->lost_lenient, all);
	put_count(html, "Left within a year of joining", "加入一年内退出",
		  report->left_within_year, all);
	dbk_html_table_end(html);
	dbk_html_section_end(html);
}

static const struct dbk_column amounts[] = {
	{ { "", "" }, DBK_COLUMN_TEXT },
	{ { "Amount", "金额" }, DBK_COLUMN_NUMBER },
};

static void
put_amount(struct dbk_html *html, const char *en, const char *zh, int64_t amount)
{
	dbk_html_row(html);
	dbk_html_cell_begin(html, DBK_COLUMN_TEXT);
	dbk_html_pair(html, en, zh);
	dbk_html_cell_end(html);
	dbk_html_cell_amount(html, amount);
	dbk_html_row_end(html);
}

static void
put_break_even(struct dbk_html *html, const disclosure_report *report)
{
	dbk_html_row(html);
	dbk_html_cell_begin(html, DBK_COLUMN_TEXT);
	dbk_html_pair(html, "Months until half of them had got back what they paid in",
		      "半数参与者收回所付款项所需月数");
	dbk_html_cell_end(html);
	dbk_html_cell_begin(html, DBK_COLUMN_NUMBER);
	if (report->months_to_break_even > 0)
		dbk_html_count(html, report->months_to_break_even);
	else
		dbk_html_pair(html, "half or more have not", "半数以上尚未收回");
	dbk_html_cell_end(html);
	dbk_html_row_end(html);
}

static void
put_money(struct dbk_html *html, const disclosure_report *report)
{
	static const struct dbk_words heading = { "What it brings and what it costs",
						  "收入与支出" };
	static const struct dbk_words lead = {
		"The median is what the person in the middle has: half have more, half "
		"have less.",
		"中位数为居中者之数额:半数人高于此数,半数人低于此数。"
	};

	dbk_html_section(html, "money", &heading, &lead);
	dbk_html_table(html, NULL, amounts, COUNT(amounts));
	put_amount(html, "Income of the year, median", "年收入(中位数)",
		   report->median_income);
	put_amount(html, "Income of the year, mean", "年收入(平均数)",
		   report->mean_income);
	put_amount(html, "Net result, median", "净结果(中位数)", report->median_net);
	put_amount(html, "Fees, median", "费用(中位数)", report->median_fees);
	put_amount(html, "Purchases of the first year, median", "首年购货(中位数)",
		   report->median_purchases);
	put_break_even(html, report);
	dbk_html_table_end(html);
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
put_bands(struct dbk_html *html, const disclosure_report *report)
{
	static const struct dbk_words heading = { "Incomes, from the least to the most",
						  "收入分布(由低至高)" };
	static const struct dbk_column columns[] = {
		{ { "Part of all", "区间" }, DBK_COLUMN_TEXT },
		{ { "Persons", "人数" }, DBK_COLUMN_NUMBER },
		{ { "Least", "最低" }, DBK_COLUMN_NUMBER },
		{ { "Median", "中位数" }, DBK_COLUMN_NUMBER },
		{ { "Most", "最高" }, DBK_COLUMN_NUMBER },
		{ { "Mean", "平均" }, DBK_COLUMN_NUMBER },
		{ { "Paid in, median", "付出中位数" }, DBK_COLUMN_NUMBER },
	};

	dbk_html_section(html, "bands", &heading, NULL);
	dbk_draw_bands(html, report->bands, report->n_bands);
	dbk_html_table(html, NULL, columns, COUNT(columns));
	for (size_t i = 0; i < report->n_bands && i < DBK_PAGE_ROWS_MAX; i++)
		put_band(html, report->bands[i]);
	dbk_html_table_end(html);
	dbk_html_section_end(html);
}

static void
put_causes(struct dbk_html *html, const disclosure_report *report)
{
	static const struct dbk_words heading = { "What is paid for", "报酬来源" };
	static const struct dbk_words lead = {
		"Shares of all income. Pay for recruiting and for what other participants "
		"buy does not come from consumers.",
		"各来源占全部收入之比例。因发展人员或者其他参与者购货所得之报酬,并非来自消费者。"
	};
	static const struct dbk_column columns[] = {
		{ { "Source", "来源" }, DBK_COLUMN_TEXT },
		{ { "Share", "占比" }, DBK_COLUMN_NUMBER },
		{ { "Evidence", "证据" }, DBK_COLUMN_NUMBER },
	};
	const Daybook__Report__V1__Figure *figures[] = { report->from_retail,
							 report->from_recruiting,
							 report->from_purchases };

	dbk_html_section(html, "causes", &heading, &lead);
	dbk_html_table(html, NULL, columns, COUNT(columns));
	for (size_t i = 0; i < COUNT(figures); i++) {
		if (figures[i] == NULL)
			continue;
		dbk_html_row(html);
		dbk_html_cell_begin(html, DBK_COLUMN_TEXT);
		dbk_html_message(html, figures[i]->label);
		dbk_html_cell_end(html);
		dbk_html_cell_begin(html, DBK_COLUMN_NUMBER);
		dbk_page_readings(html, figures[i]);
		dbk_html_cell_end(html);
		dbk_html_cell_begin(html, DBK_COLUMN_NUMBER);
		dbk_page_evidence_mark(html, figures[i]->evidence);
		dbk_html_cell_end(html);
		dbk_html_row_end(html);
	}
	dbk_html_table_end(html);
	dbk_draw_months(html, report->months, report->n_months);
	dbk_html_section_end(html);
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
	dbk_html_markup(&html, "<p class=\"span\">");
	dbk_html_pair(&html, "The year from ", "年度:");
	dbk_html_text(&html, report->year_from);
	dbk_html_pair(&html, " to before ", " 起,");
	dbk_html_text(&html, report->year_to);
	dbk_html_pair(&html, "", "(不含)止");
	dbk_html_markup(&html, "</p>\n");
	put_nav(&html);
	put_people(&html, report);
	put_money(&html, report);
	put_bands(&html, report);
	put_causes(&html, report);
	dbk_page_figures(&html, report->figures, report->n_figures);
	dbk_page_basis(&html, report->basis, NULL, 0, NULL);
	dbk_page_evidence(&html, report->evidence, report->n_evidence, NULL, report);
	dbk_page_footer(&html, report->basis);
	dbk_html_end(&html);
}
