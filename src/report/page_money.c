#include "report/page_private.h"

#define COUNT(columns) (sizeof(columns) / sizeof *(columns))

static bool
goes_on(const struct dbk_html *html, size_t shown, size_t count)
{
	return shown < count && shown < DBK_PAGE_ROWS_MAX &&
	       dbk_page_has_room(html, DBK_PAGE_TABLES_END);
}

size_t
dbk_page_earnings(struct dbk_html *html,
		  Daybook__Report__V1__CauseMonthRow *const *rows, size_t count)
{
	static const struct dbk_words caption = { "Earnings by month", "收益（按月）" };
	static const struct dbk_html_column columns[] = {
		{ { "Month", "月份" }, DBK_COLUMN_TEXT },
		{ { "Accrued", "计提" }, DBK_COLUMN_NUMBER },
		{ { "Reversed", "冲回" }, DBK_COLUMN_NUMBER },
		{ { "Matured", "成熟" }, DBK_COLUMN_NUMBER },
		{ { "Paid", "支付" }, DBK_COLUMN_NUMBER },
		{ { "Clawed back", "追回" }, DBK_COLUMN_NUMBER },
	};
	size_t shown = 0;

	if (count == 0)
		return 0;
	dbk_html_table(html, &caption, columns, COUNT(columns));
	for (; goes_on(html, shown, count); shown++) {
		dbk_html_row(html);
		dbk_html_cell_text(html, rows[shown]->month);
		dbk_html_cell_amount(html, rows[shown]->accrued);
		dbk_html_cell_amount(html, rows[shown]->reversed);
		dbk_html_cell_amount(html, rows[shown]->matured);
		dbk_html_cell_amount(html, rows[shown]->paid);
		dbk_html_cell_amount(html, rows[shown]->clawed_back);
		dbk_html_row_end(html);
	}
	dbk_html_table_end(html);
	return shown;
}

size_t
dbk_page_payout_months(struct dbk_html *html,
		       Daybook__Report__V1__PayoutMonthRow *const *rows, size_t count)
{
	static const struct dbk_words caption = { "Payouts by month", "提现（按月）" };
	static const struct dbk_html_column columns[] = {
		{ { "Month", "月份" }, DBK_COLUMN_TEXT },
		{ { "Asked", "申请" }, DBK_COLUMN_NUMBER },
		{ { "Settled", "结清" }, DBK_COLUMN_NUMBER },
		{ { "Failed", "失败" }, DBK_COLUMN_NUMBER },
		{ { "Denied", "拒绝" }, DBK_COLUMN_NUMBER },
		{ { "Gross", "应付" }, DBK_COLUMN_NUMBER },
		{ { "Tax", "代扣税" }, DBK_COLUMN_NUMBER },
		{ { "Fees", "手续费" }, DBK_COLUMN_NUMBER },
		{ { "Net", "实付" }, DBK_COLUMN_NUMBER },
		{ { "Returned", "退回" }, DBK_COLUMN_NUMBER },
	};
	size_t shown = 0;

	if (count == 0)
		return 0;
	dbk_html_table(html, &caption, columns, COUNT(columns));
	for (; goes_on(html, shown, count); shown++) {
		const Daybook__Report__V1__PayoutMonthRow *row = rows[shown];

		dbk_html_row(html);
		dbk_html_cell_text(html, row->month);
		dbk_html_cell_count(html, row->requested);
		dbk_html_cell_count(html, row->settled);
		dbk_html_cell_count(html, row->failed);
		dbk_html_cell_count(html, row->denied);
		dbk_html_cell_amount(html, row->gross);
		dbk_html_cell_amount(html, row->tax);
		dbk_html_cell_amount(html, row->fees);
		dbk_html_cell_amount(html, row->net);
		dbk_html_cell_amount(html, row->returned);
		dbk_html_row_end(html);
	}
	dbk_html_table_end(html);
	return shown;
}

static void
put_moment(struct dbk_html *html, const Google__Protobuf__Timestamp *moment,
	   const Daybook__Report__V1__ReportBasis *basis)
{
	dbk_html_markup(html, "<td class=\"when\">");
	dbk_html_moment(html, moment, basis ? basis->utc_offset_minutes : 0);
	dbk_html_markup(html, "</td>");
}

static void
put_payout(struct dbk_html *html, const Daybook__Report__V1__PayoutRow *row,
	   const Daybook__Report__V1__ReportBasis *basis)
{
	struct dbk_words state = dbk_words_plain(row->state);

	dbk_html_cell_begin(html, DBK_COLUMN_TEXT);
	dbk_html_link(html, row->evidence);
	dbk_html_name(html, row->payout);
	dbk_html_link_end(html, row->evidence);
	dbk_html_cell_end(html);
	dbk_html_cell_name(html, row->agent);
	dbk_html_cell_words(html, &state);
	put_moment(html, row->requested_at, basis);
	dbk_html_cell_amount(html, row->gross);
	dbk_html_cell_amount(html, row->tax);
	dbk_html_cell_amount(html, row->fee);
	dbk_html_cell_amount(html, row->net);
	dbk_html_cell_amount(html, row->returned);
}

size_t
dbk_page_payouts(struct dbk_html *html, Daybook__Report__V1__PayoutRow *const *rows,
		 size_t count, const Daybook__Report__V1__ReportBasis *basis)
{
	static const struct dbk_words caption = { "Register of payouts", "提现登记簿" };
	static const struct dbk_html_column columns[] = {
		{ { "Payout", "提现" }, DBK_COLUMN_TEXT },
		{ { "Agent", "代理" }, DBK_COLUMN_TEXT },
		{ { "State", "状态" }, DBK_COLUMN_TEXT },
		{ { "Asked for", "申请时间" }, DBK_COLUMN_TEXT },
		{ { "Gross", "应付" }, DBK_COLUMN_NUMBER },
		{ { "Tax", "代扣税" }, DBK_COLUMN_NUMBER },
		{ { "Fee", "手续费" }, DBK_COLUMN_NUMBER },
		{ { "Net", "实付" }, DBK_COLUMN_NUMBER },
		{ { "Returned", "退回" }, DBK_COLUMN_NUMBER },
	};
	size_t shown = 0;

	if (count == 0)
		return 0;
	dbk_html_table(html, &caption, columns, COUNT(columns));
	for (; goes_on(html, shown, count); shown++) {
		dbk_html_markupf(html, "<tr id=\"p%zu\">", shown + 1);
		put_payout(html, rows[shown], basis);
		dbk_html_row_end(html);
	}
	dbk_html_table_end(html);
	return shown;
}

size_t
dbk_page_clawbacks(struct dbk_html *html, Daybook__Report__V1__ClawbackRow *const *rows,
		   size_t count, const Daybook__Report__V1__ReportBasis *basis)
{
	static const struct dbk_html_column columns[] = {
		{ { "Agent", "代理" }, DBK_COLUMN_TEXT },
		{ { "Since", "起始时间" }, DBK_COLUMN_TEXT },
		{ { "Reversed", "冲回" }, DBK_COLUMN_NUMBER },
		{ { "Repaid", "偿还" }, DBK_COLUMN_NUMBER },
		{ { "Written off", "核销" }, DBK_COLUMN_NUMBER },
		{ { "Still owed", "尚欠" }, DBK_COLUMN_NUMBER },
	};
	size_t shown = 0;

	if (count == 0)
		return 0;
	dbk_html_table(html, NULL, columns, COUNT(columns));
	for (; goes_on(html, shown, count); shown++) {
		dbk_html_row(html);
		dbk_html_cell_name(html, rows[shown]->agent);
		put_moment(html, rows[shown]->since, basis);
		dbk_html_cell_amount(html, rows[shown]->reversed);
		dbk_html_cell_amount(html, rows[shown]->repaid);
		dbk_html_cell_amount(html, rows[shown]->written_off);
		dbk_html_cell_amount(html, rows[shown]->owed);
		dbk_html_row_end(html);
	}
	dbk_html_table_end(html);
	return shown;
}

size_t
dbk_page_ageing(struct dbk_html *html, Daybook__Report__V1__AgeingRow *const *rows,
		size_t count)
{
	static const struct dbk_words caption = { "What waits, and for how long",
						  "待处理款项及其账龄" };
	static const struct dbk_html_column columns[] = {
		{ { "What waits", "项目" }, DBK_COLUMN_TEXT },
		{ { "Up to 30 days", "30天内" }, DBK_COLUMN_NUMBER },
		{ { "31 to 60", "31–60天" }, DBK_COLUMN_NUMBER },
		{ { "61 to 90", "61–90天" }, DBK_COLUMN_NUMBER },
		{ { "91 to 180", "91–180天" }, DBK_COLUMN_NUMBER },
		{ { "Older", "180天以上" }, DBK_COLUMN_NUMBER },
		{ { "In all", "合计" }, DBK_COLUMN_NUMBER },
		{ { "Entries", "笔数" }, DBK_COLUMN_NUMBER },
	};
	size_t shown = 0;

	if (count == 0)
		return 0;
	dbk_html_table(html, &caption, columns, COUNT(columns));
	for (; goes_on(html, shown, count); shown++) {
		const Daybook__Report__V1__AgeingRow *row = rows[shown];
		struct dbk_words what = dbk_words_plain(row->what);

		dbk_html_row(html);
		dbk_html_cell_words(html, &what);
		dbk_html_cell_amount(html, row->to_30);
		dbk_html_cell_amount(html, row->to_60);
		dbk_html_cell_amount(html, row->to_90);
		dbk_html_cell_amount(html, row->to_180);
		dbk_html_cell_amount(html, row->older);
		dbk_html_cell_amount(html, row->total);
		dbk_html_cell_count(html, row->rows);
		dbk_html_row_end(html);
	}
	dbk_html_table_end(html);
	return shown;
}

size_t
dbk_page_periods(struct dbk_html *html, Daybook__Report__V1__PeriodRow *const *rows,
		 size_t count)
{
	static const struct dbk_words closed = { "Closed", "已结账" };
	static const struct dbk_words open = { "Open", "未结账" };
	static const struct dbk_html_column columns[] = {
		{ { "Period", "期间" }, DBK_COLUMN_TEXT },
		{ { "From", "自" }, DBK_COLUMN_TEXT },
		{ { "To before", "至（不含）" }, DBK_COLUMN_TEXT },
		{ { "State", "状态" }, DBK_COLUMN_TEXT },
		{ { "Closed by record", "结账记录位置" }, DBK_COLUMN_NUMBER },
		{ { "Hash of the balances", "余额哈希" }, DBK_COLUMN_TEXT },
	};
	size_t shown = 0;

	if (count == 0)
		return 0;
	dbk_html_table(html, NULL, columns, COUNT(columns));
	for (; goes_on(html, shown, count); shown++) {
		const Daybook__Report__V1__PeriodRow *row = rows[shown];

		dbk_html_row(html);
		dbk_html_cell_name(html, row->period);
		dbk_html_cell_text(html, row->from);
		dbk_html_cell_text(html, row->to);
		dbk_html_cell_words(html, row->closed ? &closed : &open);
		dbk_html_cell_begin(html, DBK_COLUMN_NUMBER);
		if (row->closed)
			dbk_html_count(html, row->position);
		dbk_html_cell_end(html);
		dbk_html_markup(html, "<td class=\"hash\">");
		dbk_html_text(html, row->balances_hash);
		dbk_html_cell_end(html);
		dbk_html_row_end(html);
	}
	dbk_html_table_end(html);
	return shown;
}
