#include "report/page_private.h"

#include <string.h>

#include "base/money.h"
#include "report/draw.h"

typedef Daybook__Report__V1__FinanceReport finance_report;

static const struct dbk_words title = { "Finance report", "财务报告" };

static const struct dbk_words nothing = { "Nothing to show.", "无数据。" };

static const struct dbk_page_place places[] = {
	{ "position", { "At a glance", "概览" } },
	{ "trial", { "Trial balance", "试算平衡" } },
	{ "earnings", { "Earnings", "代理收益" } },
	{ "payouts", { "Payouts", "提现" } },
	{ "clawbacks", { "Claw-backs", "佣金追偿" } },
	{ "ageing", { "Ageing", "账龄" } },
	{ "periods", { "Close", "结账" } },
	{ "months", { "Months", "逐月" } },
	{ "evidence", { "Evidence", "证据清单" } },
};

struct totals {
	int64_t debits, credits, owed_to_agents, owed_by_agents;
	uint64_t closed;
};

static struct totals
add_up(const finance_report *r)
{
	struct totals t = { 0, 0, 0, 0, 0 };

	for (size_t i = 0; i < r->n_trial_balance; i++) {
		t.debits = dbk_money_sum(t.debits, r->trial_balance[i]->debits);
		t.credits = dbk_money_sum(t.credits, r->trial_balance[i]->credits);
	}
	for (size_t i = 0; i < r->n_ageing; i++) {
		const Daybook__Report__V1__AgeingRow *row = r->ageing[i];

		if (strcmp(row->what, "clawback") == 0)
			t.owed_by_agents = dbk_money_sum(t.owed_by_agents, row->total);
		else if (strcmp(row->what, "escrow") != 0)
			t.owed_to_agents = dbk_money_sum(t.owed_to_agents, row->total);
	}
	for (size_t i = 0; i < r->n_periods; i++)
		t.closed += r->periods[i]->closed != 0;
	return t;
}

static void
put_keys(struct dbk_html *html, const finance_report *r, const struct totals *t)
{
	static const struct dbk_words heading = { "At a glance", "概览" };
	bool balanced = t->debits == t->credits;

	dbk_html_section(html, "position", &heading, NULL);
	dbk_page_keys(html);
	dbk_page_key(html, "Debits and credits", "借贷方");
	if (balanced)
		dbk_html_pair(html, "agree", "平衡");
	else
		dbk_html_pair(html, "do not agree", "不平衡");
	dbk_page_key_note(html);
	dbk_html_amount(html, t->debits);
	if (!balanced) {
		dbk_html_markup(html, " / ");
		dbk_html_amount(html, t->credits);
	}
	dbk_page_key_end(html);
	dbk_page_key(html, "Owed to agents", "应付代理");
	dbk_html_amount(html, t->owed_to_agents);
	dbk_page_key_note(html);
	dbk_html_pair(html, "pending, held, available or on its way",
		      "待成熟、冻结、可提现及在途");
	dbk_page_key_end(html);
	dbk_page_key(html, "Owed by agents", "应收代理");
	dbk_html_amount(html, t->owed_by_agents);
	dbk_page_key_note(html);
	dbk_html_pair(html, "to be clawed back", "待追回");
	dbk_page_key_end(html);
	dbk_page_key(html, "Periods closed", "已结账期间");
	dbk_html_count(html, t->closed);
	dbk_page_key_note(html);
	dbk_html_pair(html, "of ", "共 ");
	dbk_html_count(html, r->n_periods);
	dbk_page_key_end(html);
	dbk_page_keys_end(html);
	dbk_html_section_end(html);
}

static void
put_account(struct dbk_html *html, const Daybook__Report__V1__TrialBalanceRow *row)
{
	struct dbk_words name = dbk_words_account(row->name);
	struct dbk_words kind = dbk_words_plain(row->kind);

	dbk_html_row(html);
	dbk_html_cell_begin(html, DBK_COLUMN_TEXT);
	dbk_html_markupf(html, "%u", row->number);
	dbk_html_cell_end(html);
	dbk_html_cell_begin(html, DBK_COLUMN_TEXT);
	dbk_html_words(html, &name);
	dbk_html_markup(html, " <code>");
	dbk_html_text(html, row->name);
	dbk_html_markup(html, "</code>");
	dbk_html_cell_end(html);
	dbk_html_cell_words(html, &kind);
	dbk_html_cell_amount(html, row->debits);
	dbk_html_cell_amount(html, row->credits);
	dbk_html_cell_amount(html, row->balance);
	dbk_html_row_end(html);
}

static void
put_trial_balance(struct dbk_html *html, const finance_report *r,
		  const struct totals *t)
{
	static const struct dbk_words heading = { "Trial balance", "试算平衡表" };
	static const struct dbk_words lead = {
		"After the last record. A debit balance is positive.",
		"截至末条记录。借方余额为正。"
	};
	static const struct dbk_words all = { "All accounts", "合计" };
	static const struct dbk_html_column columns[] = {
		{ { "Code", "科目" }, DBK_COLUMN_TEXT },
		{ { "Account", "名称" }, DBK_COLUMN_TEXT },
		{ { "Kind", "类别" }, DBK_COLUMN_TEXT },
		{ { "Debits", "借方" }, DBK_COLUMN_NUMBER },
		{ { "Credits", "贷方" }, DBK_COLUMN_NUMBER },
		{ { "Balance", "余额" }, DBK_COLUMN_NUMBER },
	};
	size_t shown = 0;

	dbk_html_section(html, "trial", &heading, &lead);
	dbk_html_table(html, NULL, columns, sizeof columns / sizeof *columns);
	for (; shown < r->n_trial_balance && shown < DBK_PAGE_ROWS_MAX &&
	       dbk_page_has_room(html, DBK_PAGE_VERDICTS_END);
	     shown++)
		put_account(html, r->trial_balance[shown]);
	dbk_html_markup(html, "<tr class=\"total\"><td></td>");
	dbk_html_cell_words(html, &all);
	dbk_html_markup(html, "<td></td>");
	dbk_html_cell_amount(html, t->debits);
	dbk_html_cell_amount(html, t->credits);
	dbk_html_cell_amount(html, dbk_money_bound((dbk_wide)t->debits - t->credits));
	dbk_html_row_end(html);
	dbk_html_table_end(html);
	dbk_html_left_out(html, r->n_trial_balance - shown);
	dbk_html_section_end(html);
}

static void
put_earnings(struct dbk_html *html, const finance_report *r)
{
	static const struct dbk_words heading = { "Agents' earnings", "代理收益" };
	size_t shown = 0;

	dbk_html_section(html, "earnings", &heading, NULL);
	dbk_draw_earnings(html, r->earnings, r->n_earnings);
	shown = dbk_page_earnings(html, r->earnings, r->n_earnings);
	dbk_html_left_out(html, r->n_earnings - shown);
	dbk_html_section_end(html);
}

static void
put_payouts(struct dbk_html *html, const finance_report *r)
{
	static const struct dbk_words heading = { "Payouts", "提现" };
	size_t shown;

	dbk_html_section(html, "payouts", &heading, NULL);
	dbk_draw_payout_months(html, r->payout_months, r->n_payout_months);
	shown = dbk_page_payout_months(html, r->payout_months, r->n_payout_months);
	dbk_html_left_out(html, r->n_payout_months - shown);
	shown = dbk_page_payouts(html, r->payouts, r->n_payouts, r->basis);
	html->rows_shown = shown;
	dbk_html_left_out(html, r->n_payouts - shown + r->payouts_left_out);
	dbk_html_section_end(html);
}

static void
put_clawbacks(struct dbk_html *html, const finance_report *r)
{
	static const struct dbk_words heading = { "Claw-backs", "佣金追偿" };
	static const struct dbk_words none = { "No agent owes anything back.",
					       "无代理尚欠追偿款。" };
	size_t shown;

	dbk_html_section(html, "clawbacks", &heading, NULL);
	if (r->n_clawbacks == 0)
		dbk_html_nothing(html, &none);
	shown = dbk_page_clawbacks(html, r->clawbacks, r->n_clawbacks, r->basis);
	dbk_html_left_out(html, r->n_clawbacks - shown + r->clawbacks_left_out);
	dbk_html_section_end(html);
}

static void
put_ageing(struct dbk_html *html, const finance_report *r)
{
	static const struct dbk_words heading = { "Ageing", "账龄" };
	static const struct dbk_words lead = { "On the day of the last record.",
					       "截至末条记录当日。" };
	size_t shown;

	dbk_html_section(html, "ageing", &heading, &lead);
	dbk_draw_ageing(html, r->ageing, r->n_ageing);
	shown = dbk_page_ageing(html, r->ageing, r->n_ageing);
	dbk_html_left_out(html, r->n_ageing - shown);
	dbk_html_section_end(html);
}

static void
put_periods(struct dbk_html *html, const finance_report *r)
{
	static const struct dbk_words heading = { "Close of the books", "结账" };
	static const struct dbk_words none = { "No period was closed.",
					       "尚无已结账期间。" };
	size_t shown;

	dbk_html_section(html, "periods", &heading, NULL);
	if (r->n_periods == 0)
		dbk_html_nothing(html, &none);
	shown = dbk_page_periods(html, r->periods, r->n_periods);
	dbk_html_left_out(html, r->n_periods - shown);
	dbk_html_section_end(html);
}

static void
put_months(struct dbk_html *html, const finance_report *r)
{
	static const struct dbk_words heading = { "Months", "逐月数据" };

	dbk_html_section(html, "months", &heading, NULL);
	if (r->n_months == 0)
		dbk_html_nothing(html, &nothing);
	dbk_draw_months(html, r->months, r->n_months);
	dbk_page_months(html, r->months, r->n_months);
	dbk_html_section_end(html);
}

static void
put_backs(struct dbk_html *html, const void *of, uint32_t number)
{
	const finance_report *r = of;

	for (size_t i = 0; i < html->rows_shown; i++)
		if (r->payouts[i]->evidence == number) {
			dbk_html_markupf(html, "<a href=\"#p%zu\">↩ ", i + 1);
			dbk_html_name(html, r->payouts[i]->payout);
			dbk_html_markup(html, "</a>");
			return;
		}
}

void
dbk_finance_html(const finance_report *report, enum dbk_language first,
		 struct dbk_buf *out)
{
	struct totals totals = add_up(report);
	struct dbk_html html;

	dbk_html_init(&html, out, first, report->basis);
	dbk_page_evidence_count(&html, report->n_evidence);
	dbk_html_begin(&html, &title, report->basis ? report->basis->book : "");
	dbk_page_masthead(&html, &title, report->basis);
	dbk_page_nav(&html, places, sizeof places / sizeof *places);
	put_keys(&html, report, &totals);
	put_trial_balance(&html, report, &totals);
	put_earnings(&html, report);
	put_payouts(&html, report);
	put_clawbacks(&html, report);
	put_ageing(&html, report);
	put_periods(&html, report);
	put_months(&html, report);
	dbk_page_basis(&html, report->basis, NULL, 0, NULL);
	dbk_page_evidence(&html, report->evidence, report->n_evidence, put_backs,
			  report);
	dbk_page_footer(&html, report->basis);
	dbk_html_end(&html);
}
