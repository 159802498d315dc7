#include "report/page_private.h"

static void
put_income(struct dbk_html *html, const Daybook__Report__V1__IncomeRow *row)
{
	dbk_html_row(html);
	dbk_html_cell_begin(html, DBK_COLUMN_TEXT);
	dbk_html_words(html, dbk_words_basis(row->basis));
	if (row->pool)
		dbk_html_pair(html, " (pool)", "（奖池）");
	dbk_html_cell_end(html);
	dbk_html_cell_count(html, row->distance);
	dbk_html_cell_words(html, dbk_words_class(row->sale_class));
	dbk_html_cell_begin(html, DBK_COLUMN_NUMBER);
	dbk_html_link(html, row->evidence);
	dbk_html_amount(html, row->amount);
	dbk_html_link_end(html, row->evidence);
	dbk_html_cell_end(html);
	dbk_html_cell_count(html, row->rewards);
	dbk_html_cell_begin(html, DBK_COLUMN_NUMBER);
	dbk_page_evidence_mark(html, row->evidence);
	dbk_html_cell_end(html);
	dbk_html_row_end(html);
}

void
dbk_page_income(struct dbk_html *html, Daybook__Report__V1__IncomeRow *const *rows,
		size_t count)
{
	static const struct dbk_words caption = { "Income by cause",
						  "按计酬依据列示之报酬" };
	static const struct dbk_html_column columns[] = {
		{ { "Paid for", "计酬依据" }, DBK_COLUMN_TEXT },
		{ { "Distance", "距离" }, DBK_COLUMN_NUMBER },
		{ { "Buyer", "买方类别" }, DBK_COLUMN_TEXT },
		{ { "Amount", "金额" }, DBK_COLUMN_NUMBER },
		{ { "Rewards", "笔数" }, DBK_COLUMN_NUMBER },
		{ { "Evidence", "证据" }, DBK_COLUMN_NUMBER },
	};
	size_t shown = 0;

	if (count == 0)
		return;
	dbk_html_table(html, &caption, columns, sizeof columns / sizeof *columns);
	for (; shown < count && shown < DBK_PAGE_ROWS_MAX; shown++) {
		if (!dbk_page_has_room(html, DBK_PAGE_TABLES_END))
			break;
		put_income(html, rows[shown]);
	}
	dbk_html_table_end(html);
	dbk_html_left_out(html, count - shown);
}

void
dbk_page_months(struct dbk_html *html, Daybook__Report__V1__MonthRow *const *rows,
		size_t count)
{
	static const struct dbk_words caption = { "Month by month", "逐月数据" };
	static const struct dbk_html_column columns[] = {
		{ { "Month", "月份" }, DBK_COLUMN_TEXT },
		{ { "Joined", "加入" }, DBK_COLUMN_NUMBER },
		{ { "Left", "退出" }, DBK_COLUMN_NUMBER },
		{ { "Verified retail", "已核实零售" }, DBK_COLUMN_NUMBER },
		{ { "Other retail", "其他零售" }, DBK_COLUMN_NUMBER },
		{ { "Purchases", "代理购货" }, DBK_COLUMN_NUMBER },
		{ { "Fees", "费用" }, DBK_COLUMN_NUMBER },
		{ { "Rewards", "报酬" }, DBK_COLUMN_NUMBER },
	};
	size_t shown = 0;

	if (count == 0)
		return;
	dbk_html_table(html, &caption, columns, sizeof columns / sizeof *columns);
	for (; shown < count && shown < DBK_PAGE_ROWS_MAX; shown++) {
		const Daybook__Report__V1__MonthRow *row = rows[shown];

		if (!dbk_page_has_room(html, DBK_PAGE_TABLES_END))
			break;
		dbk_html_row(html);
		dbk_html_cell_text(html, row->month);
		dbk_html_cell_count(html, row->joined);
		dbk_html_cell_count(html, row->left);
		dbk_html_cell_amount(html, row->verified_retail);
		dbk_html_cell_amount(html, row->other_retail);
		dbk_html_cell_amount(html, row->purchases);
		dbk_html_cell_amount(html, row->fees);
		dbk_html_cell_amount(html, row->rewards);
		dbk_html_row_end(html);
	}
	dbk_html_table_end(html);
	dbk_html_left_out(html, count - shown);
}
