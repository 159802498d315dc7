#include "report/draw.h"
#include "report/page_private.h"

#define COUNT(columns) (sizeof(columns) / sizeof *(columns))

typedef Daybook__Report__V1__FinanceReport finance_report;

static const struct dbk_words title = { "Finance report", "财务报告" };
static const struct dbk_words nothing = { "There is none.", "无。" };

static void
put_nav(struct dbk_html *html)
{
	static const struct {
		const char *id;
		struct dbk_words words;
	} items[] = {
		{ "trial", { "Trial balance", "试算平衡表" } },
		{ "earnings", { "Earnings", "代理收益" } },
		{ "payouts", { "Payouts", "付款" } },
		{ "clawbacks", { "Claw-backs", "佣金追偿" } },
		{ "ageing", { "Ageing", "账龄" } },
		{ "periods", { "Closes", "结账" } },
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

static void
put_plain_cell(struct dbk_html *html, const char *word)
{
	const struct dbk_words words = dbk_words_plain(word);

	dbk_html_cell_words(html, &words);
}

/* ------------------------------------------------------------------- trial balance */

static void
put_trial_row(struct dbk_html *html, const Daybook__Report__V1__TrialBalanceRow *row)
{
	dbk_html_row(html);
	dbk_html_cell_begin(html, DBK_COLUMN_NUMBER);
	dbk_html_markupf(html, "%u", row->number);
	dbk_html_cell_end(html);
	dbk_html_cell_text(html, row->name);
	put_plain_cell(html, row->kind);
	dbk_html_cell_amount(html, row->debits);
	dbk_html_cell_amount(html, row->credits);
	dbk_html_cell_amount(html, row->balance);
	dbk_html_row_end(html);
}

/* The line by which everybody sees that it foots. */
static void
put_trial_sum(struct dbk_html *html, const finance_report *report)
{
	static const struct dbk_words all = { "In all", "合计" };
	int64_t debits = 0, credits = 0, balance = 0;

	for (size_t i = 0; i < report->n_trial_balance; i++) {
		debits += report->trial_balance[i]->debits;
		credits += report->trial_balance[i]->credits;
		balance += report->trial_balance[i]->balance;
	}
	dbk_html_row(html);
	dbk_html_cell_text(html, "");
	dbk_html_cell_words(html, &all);
	dbk_html_cell_text(html, "");
	dbk_html_cell_amount(html, debits);
	dbk_html_cell_amount(html, credits);
	dbk_html_cell_amount(html, balance);
	dbk_html_row_end(html);
}

static void
put_trial_balance(struct dbk_html *html, const finance_report *report)
{
	static const struct dbk_words heading = { "Trial balance", "试算平衡表" };
	static const struct dbk_words lead = {
		"All accounts after the last record; debits are positive.",
		"末条记录后之全部科目;借方为正。"
	};
	static const struct dbk_column columns[] = {
		{ { "Account", "科目" }, DBK_COLUMN_NUMBER },
		{ { "Name", "名称" }, DBK_COLUMN_TEXT },
		{ { "Kind", "类别" }, DBK_COLUMN_TEXT },
		{ { "Debits", "借方" }, DBK_COLUMN_NUMBER },
		{ { "Credits", "贷方" }, DBK_COLUMN_NUMBER },
		{ { "Balance", "余额" }, DBK_COLUMN_NUMBER },
	};

	dbk_html_section(html, "trial", &heading, &lead);
	dbk_html_table(html, NULL, columns, COUNT(columns));
	for (size_t i = 0; i < report->n_trial_balance; i++)
		put_trial_row(html, report->trial_balance[i]);
	put_trial_sum(html, report);
	dbk_html_table_end(html);
	dbk_html_section_end(html);
}

/* ------------------------------------------------------------------------ earnings */

static void
put_earnings(struct dbk_html *html, const finance_report *report)
{
	static const struct dbk_words heading = { "Agents' earnings", "代理收益" };
	static const struct dbk_words lead = {
		"What came into being, was taken back, became available, left the bank, "
		"and became a debt.",
		"按月列示计提、冲回、到期、支付及追偿。"
	};
	static const struct dbk_column columns[] = {
		{ { "Month", "月份" }, DBK_COLUMN_TEXT },
		{ { "Accrued", "计提" }, DBK_COLUMN_NUMBER },
		{ { "Reversed", "冲回" }, DBK_COLUMN_NUMBER },
		{ { "Matured", "到期" }, DBK_COLUMN_NUMBER },
		{ { "Paid", "支付" }, DBK_COLUMN_NUMBER },
		{ { "Clawed back", "追偿" }, DBK_COLUMN_NUMBER },
	};

	dbk_html_section(html, "earnings", &heading, &lead);
	dbk_draw_earnings(html, report->earnings, report->n_earnings);
	dbk_html_table(html, NULL, columns, COUNT(columns));
	for (size_t i = 0; i < report->n_earnings && i < DBK_PAGE_ROWS_MAX; i++) {
		const Daybook__Report__V1__CauseMonthRow *row = report->earnings[i];

		dbk_html_row(html);
		dbk_html_cell_text(html, row->month);
		dbk_html_cell_amount(html, row->accrued);
		dbk_html_cell_amount(html, row->reversed);
		dbk_html_cell_amount(html, row->matured);
		dbk_html_cell_amount(html, row->paid);
		dbk_html_cell_amount(html, row->clawed_back);
		dbk_html_row_end(html);
	}
	dbk_html_table_end(html);
	dbk_html_section_end(html);
}

/* ------------------------------------------------------------------------- payouts */

static void
put_payout_months(struct dbk_html *html, const finance_report *report)
{
	static const struct dbk_words caption = { "Payouts by month", "付款(按月)" };
	static const struct dbk_column columns[] = {
		{ { "Month", "月份" }, DBK_COLUMN_TEXT },
		{ { "Asked", "申请" }, DBK_COLUMN_NUMBER },
		{ { "Settled", "已付" }, DBK_COLUMN_NUMBER },
		{ { "Failed", "失败" }, DBK_COLUMN_NUMBER },
		{ { "Denied", "拒付" }, DBK_COLUMN_NUMBER },
		{ { "Gross", "应付" }, DBK_COLUMN_NUMBER },
		{ { "Tax", "代扣税" }, DBK_COLUMN_NUMBER },
		{ { "Fees", "手续费" }, DBK_COLUMN_NUMBER },
		{ { "Net", "实付" }, DBK_COLUMN_NUMBER },
		{ { "Returned", "退回" }, DBK_COLUMN_NUMBER },
	};

	dbk_html_table(html, &caption, columns, COUNT(columns));
	for (size_t i = 0; i < report->n_payout_months && i < DBK_PAGE_ROWS_MAX; i++) {
		const Daybook__Report__V1__PayoutMonthRow *row =
		    report->payout_months[i];

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
}

static void
put_payout(struct dbk_html *html, const finance_report *report,
	   const Daybook__Report__V1__PayoutRow *row)
{
	int32_t offset = report->basis ? report->basis->utc_offset_minutes : 0;

	dbk_html_row(html);
	dbk_html_cell_name(html, row->payout);
	dbk_html_cell_name(html, row->agent);
	put_plain_cell(html, row->state);
	dbk_html_cell_begin(html, DBK_COLUMN_TEXT);
	dbk_html_moment(html, row->requested_at, offset);
	dbk_html_cell_end(html);
	dbk_html_cell_amount(html, row->gross);
	dbk_html_cell_amount(html, row->tax);
	dbk_html_cell_amount(html, row->net);
	dbk_html_cell_amount(html, row->returned);
	dbk_html_cell_begin(html, DBK_COLUMN_NUMBER);
	dbk_page_evidence_mark(html, row->evidence);
	dbk_html_cell_end(html);
	dbk_html_row_end(html);
}

static void
put_payouts(struct dbk_html *html, const finance_report *report)
{
	static const struct dbk_words heading = { "Payouts", "付款" };
	static const struct dbk_words caption = { "The register of payouts",
						  "付款登记簿" };
	static const struct dbk_column columns[] = {
		{ { "Payout", "付款" }, DBK_COLUMN_TEXT },
		{ { "Agent", "代理" }, DBK_COLUMN_TEXT },
		{ { "State", "状态" }, DBK_COLUMN_TEXT },
		{ { "Asked", "申请时间" }, DBK_COLUMN_TEXT },
		{ { "Gross", "应付" }, DBK_COLUMN_NUMBER },
		{ { "Tax", "代扣税" }, DBK_COLUMN_NUMBER },
		{ { "Net", "实付" }, DBK_COLUMN_NUMBER },
		{ { "Returned", "退回" }, DBK_COLUMN_NUMBER },
		{ { "Evidence", "证据" }, DBK_COLUMN_NUMBER },
	};
	size_t shown = 0;

	dbk_html_section(html, "payouts", &heading, NULL);
	dbk_draw_payout_months(html, report->payout_months, report->n_payout_months);
	put_payout_months(html, report);
	if (report->n_payouts == 0)
		dbk_html_nothing(html, &nothing);
	else
		dbk_html_table(html, &caption, columns, COUNT(columns));
	for (; shown < report->n_payouts && shown < DBK_PAGE_ROWS_MAX; shown++) {
		if (!dbk_page_has_room(html, DBK_PAGE_TABLES_END))
			break;
		put_payout(html, report, report->payouts[shown]);
	}
	if (report->n_payouts > 0)
		dbk_html_table_end(html);
	dbk_html_left_out(html, report->n_payouts - shown + report->payouts_left_out);
	dbk_html_section_end(html);
}

/* ---------------------------------------------------------- claw-backs and what waits */

static void
put_clawbacks(struct dbk_html *html, const finance_report *report)
{
	static const struct dbk_words heading = { "Claw-backs", "佣金追偿" };
	static const struct dbk_words lead = {
		"Agents who owe commission that was paid out and then taken back.",
		"已付佣金被冲回后仍有欠款之代理。"
	};
	static const struct dbk_column columns[] = {
		{ { "Agent", "代理" }, DBK_COLUMN_TEXT },
		{ { "Owes", "尚欠" }, DBK_COLUMN_NUMBER },
		{ { "Reversed", "冲回" }, DBK_COLUMN_NUMBER },
		{ { "Repaid", "偿还" }, DBK_COLUMN_NUMBER },
		{ { "Written off", "核销" }, DBK_COLUMN_NUMBER },
	};
	size_t shown = 0;

	dbk_html_section(html, "clawbacks", &heading, &lead);
	if (report->n_clawbacks == 0)
		dbk_html_nothing(html, &nothing);
	else
		dbk_html_table(html, NULL, columns, COUNT(columns));
	for (; shown < report->n_clawbacks && shown < DBK_PAGE_ROWS_MAX; shown++) {
		const Daybook__Report__V1__ClawbackRow *row = report->clawbacks[shown];

		if (!dbk_page_has_room(html, DBK_PAGE_TABLES_END))
			break;
		dbk_html_row(html);
		dbk_html_cell_name(html, row->agent);
		dbk_html_cell_amount(html, row->owed);
		dbk_html_cell_amount(html, row->reversed);
		dbk_html_cell_amount(html, row->repaid);
		dbk_html_cell_amount(html, row->written_off);
		dbk_html_row_end(html);
	}
	if (report->n_clawbacks > 0)
		dbk_html_table_end(html);
	dbk_html_left_out(html,
			  report->n_clawbacks - shown + report->clawbacks_left_out);
	dbk_html_section_end(html);
}

static void
put_ageing(struct dbk_html *html, const finance_report *report)
{
	static const struct dbk_words heading = { "Ageing", "账龄" };
	static const struct dbk_words lead = {
		"Money that waits, by its age on the day of the last record; totals are "
		"the balances above.",
		"待结款项按末条记录当日之账龄列示;合计与上表余额一致。"
	};
	static const struct dbk_column columns[] = {
		{ { "What waits", "项目" }, DBK_COLUMN_TEXT },
		{ { "To 30 days", "30天内" }, DBK_COLUMN_NUMBER },
		{ { "To 60", "60天内" }, DBK_COLUMN_NUMBER },
		{ { "To 90", "90天内" }, DBK_COLUMN_NUMBER },
		{ { "To 180", "180天内" }, DBK_COLUMN_NUMBER },
		{ { "Older", "更久" }, DBK_COLUMN_NUMBER },
		{ { "In all", "合计" }, DBK_COLUMN_NUMBER },
		{ { "Rows", "笔数" }, DBK_COLUMN_NUMBER },
	};

	dbk_html_section(html, "ageing", &heading, &lead);
	dbk_draw_ageing(html, report->ageing, report->n_ageing);
	dbk_html_table(html, NULL, columns, COUNT(columns));
	for (size_t i = 0; i < report->n_ageing && i < DBK_PAGE_ROWS_MAX; i++) {
		const Daybook__Report__V1__AgeingRow *row = report->ageing[i];

		dbk_html_row(html);
		put_plain_cell(html, row->what);
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
	dbk_html_section_end(html);
}

static void
put_periods(struct dbk_html *html, const finance_report *report)
{
	static const struct dbk_words heading = { "Closes", "结账" };
	static const struct dbk_column columns[] = {
		{ { "Period", "期间" }, DBK_COLUMN_TEXT },
		{ { "From", "自" }, DBK_COLUMN_TEXT },
		{ { "To", "至" }, DBK_COLUMN_TEXT },
		{ { "Record", "记录" }, DBK_COLUMN_NUMBER },
		{ { "Hash of the balances", "余额哈希" }, DBK_COLUMN_TEXT },
	};
	size_t closed = 0;

	dbk_html_section(html, "periods", &heading, NULL);
	for (size_t i = 0; i < report->n_periods && i < DBK_PAGE_ROWS_MAX; i++) {
		const Daybook__Report__V1__PeriodRow *row = report->periods[i];

		if (!row->closed)
			continue;
		if (closed++ == 0)
			dbk_html_table(html, NULL, columns, COUNT(columns));
		dbk_html_row(html);
		dbk_html_cell_name(html, row->period);
		dbk_html_cell_text(html, row->from);
		dbk_html_cell_text(html, row->to);
		dbk_html_cell_count(html, row->position);
		dbk_html_cell_text(html, row->balances_hash);
		dbk_html_row_end(html);
	}
	if (closed > 0)
		dbk_html_table_end(html);
	else
		dbk_html_nothing(html, &nothing);
	dbk_html_section_end(html);
}

void
dbk_finance_html(const finance_report *report, enum dbk_language first,
		 struct dbk_buf *out)
{
	struct dbk_html html;

	dbk_html_init(&html, out, first, report->basis);
	dbk_page_evidence_count(&html, report->n_evidence);
	dbk_html_begin(&html, &title, report->basis ? report->basis->book : "");
	dbk_page_masthead(&html, &title, report->basis);
	put_nav(&html);
	dbk_page_basis(&html, report->basis, NULL, 0, NULL);
	put_trial_balance(&html, report);
	put_earnings(&html, report);
	put_payouts(&html, report);
	put_clawbacks(&html, report);
	put_ageing(&html, report);
	put_periods(&html, report);
	dbk_page_evidence(&html, report->evidence, report->n_evidence, NULL, report);
	dbk_page_footer(&html, report->basis);
	dbk_html_end(&html);
}
