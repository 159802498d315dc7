/* text_finance.c -- the finance report as text. */

#include <stdio.h>

#include "report/page.h"
#include "report/text_private.h"

#define COUNT(columns) (sizeof(columns) / sizeof(columns)[0])

static const struct dbk_words title = { "Finance report", "财务报告" };

static void
put_trial_balance(struct dbk_text *text,
		  const Daybook__Report__V1__FinanceReport *report)
{
	static const struct dbk_text_column columns[] = {
		DBK_TEXT_NUMBER("account", "科目"), DBK_TEXT_LABEL("name", "名称", 28),
		DBK_TEXT_LABEL("kind", "类别", 12), DBK_TEXT_NUMBER("debits", "借方"),
		DBK_TEXT_NUMBER("credits", "贷方"), DBK_TEXT_NUMBER("balance", "余额"),
	};

	dbk_text_section(text, "Trial balance after the last record",
			 "末条记录后之试算平衡表");
	dbk_text_table(text);
	for (size_t i = 0; i < report->n_trial_balance; i++) {
		const Daybook__Report__V1__TrialBalanceRow *row =
		    report->trial_balance[i];

		char number[16];

		(void)snprintf(number, sizeof number, "%u", row->number);
		dbk_text_cell(text, number);
		dbk_text_cell(text, row->name);
		dbk_text_cell_plain(text, row->kind);
		dbk_text_cell_amount(text, row->debits);
		dbk_text_cell_amount(text, row->credits);
		dbk_text_cell_amount(text, row->balance);
	}
	dbk_text_table_end(text, columns, COUNT(columns));
}

static void
put_earnings(struct dbk_text *text, const Daybook__Report__V1__FinanceReport *report)
{
	static const struct dbk_text_column columns[] = {
		DBK_TEXT_LABEL("month", "月份", 0),
		DBK_TEXT_NUMBER("accrued", "计提"),
		DBK_TEXT_NUMBER("reversed", "冲回"),
		DBK_TEXT_NUMBER("matured", "到期"),
		DBK_TEXT_NUMBER("paid", "支付"),
		DBK_TEXT_NUMBER("clawed back", "追偿"),
	};

	dbk_text_section(text, "Agents' earnings by month", "代理收益（按月）");
	dbk_text_table(text);
	for (size_t i = 0; i < report->n_earnings; i++) {
		const Daybook__Report__V1__CauseMonthRow *row = report->earnings[i];

		dbk_text_cell(text, row->month);
		dbk_text_cell_amount(text, row->accrued);
		dbk_text_cell_amount(text, row->reversed);
		dbk_text_cell_amount(text, row->matured);
		dbk_text_cell_amount(text, row->paid);
		dbk_text_cell_amount(text, row->clawed_back);
	}
	dbk_text_table_end(text, columns, COUNT(columns));
}

static void
put_payout_months(struct dbk_text *text,
		  const Daybook__Report__V1__FinanceReport *report)
{
	static const struct dbk_text_column columns[] = {
		DBK_TEXT_LABEL("month", "月份", 0), DBK_TEXT_NUMBER("asked", "申请"),
		DBK_TEXT_NUMBER("settled", "已付"), DBK_TEXT_NUMBER("failed", "失败"),
		DBK_TEXT_NUMBER("denied", "拒付"),  DBK_TEXT_NUMBER("gross", "应付"),
		DBK_TEXT_NUMBER("tax", "代扣税"),   DBK_TEXT_NUMBER("fees", "手续费"),
		DBK_TEXT_NUMBER("net", "实付"),	    DBK_TEXT_NUMBER("returned", "退回"),
	};

	dbk_text_section(text, "Payouts by month", "付款（按月）");
	dbk_text_table(text);
	for (size_t i = 0; i < report->n_payout_months; i++) {
		const Daybook__Report__V1__PayoutMonthRow *row =
		    report->payout_months[i];

		dbk_text_cell(text, row->month);
		dbk_text_cell_count(text, row->requested);
		dbk_text_cell_count(text, row->settled);
		dbk_text_cell_count(text, row->failed);
		dbk_text_cell_count(text, row->denied);
		dbk_text_cell_amount(text, row->gross);
		dbk_text_cell_amount(text, row->tax);
		dbk_text_cell_amount(text, row->fees);
		dbk_text_cell_amount(text, row->net);
		dbk_text_cell_amount(text, row->returned);
	}
	dbk_text_table_end(text, columns, COUNT(columns));
}

static void
put_payouts(struct dbk_text *text, const Daybook__Report__V1__FinanceReport *report)
{
	static const struct dbk_text_column columns[] = {
		DBK_TEXT_LABEL("payout", "付款", 28),
		DBK_TEXT_LABEL("agent", "代理", 20),
		DBK_TEXT_LABEL("state", "状态", 12),
		DBK_TEXT_NUMBER("gross", "应付"),
		DBK_TEXT_NUMBER("tax", "代扣税"),
		DBK_TEXT_NUMBER("net", "实付"),
		DBK_TEXT_NUMBER("returned", "退回"),
	};

	dbk_text_section(text, "The register of payouts", "付款登记簿");
	dbk_text_table(text);
	for (size_t i = 0; i < report->n_payouts; i++) {
		const Daybook__Report__V1__PayoutRow *row = report->payouts[i];

		dbk_text_cell(text, row->payout);
		dbk_text_cell(text, row->agent);
		dbk_text_cell_plain(text, row->state);
		dbk_text_cell_amount(text, row->gross);
		dbk_text_cell_amount(text, row->tax);
		dbk_text_cell_amount(text, row->net);
		dbk_text_cell_amount(text, row->returned);
	}
	dbk_text_table_end(text, columns, COUNT(columns));
	dbk_text_left_out(text, report->payouts_left_out);
}

static void
put_clawbacks(struct dbk_text *text, const Daybook__Report__V1__FinanceReport *report)
{
	static const struct dbk_text_column columns[] = {
		DBK_TEXT_LABEL("agent", "代理", 28),
		DBK_TEXT_NUMBER("owes", "尚欠"),
		DBK_TEXT_NUMBER("reversed", "冲回"),
		DBK_TEXT_NUMBER("repaid", "偿还"),
		DBK_TEXT_NUMBER("written off", "核销"),
	};

	dbk_text_section(text, "Claw-backs", "佣金追偿");
	dbk_text_table(text);
	for (size_t i = 0; i < report->n_clawbacks; i++) {
		const Daybook__Report__V1__ClawbackRow *row = report->clawbacks[i];

		dbk_text_cell(text, row->agent);
		dbk_text_cell_amount(text, row->owed);
		dbk_text_cell_amount(text, row->reversed);
		dbk_text_cell_amount(text, row->repaid);
		dbk_text_cell_amount(text, row->written_off);
	}
	dbk_text_table_end(text, columns, COUNT(columns));
	dbk_text_left_out(text, report->clawbacks_left_out);
}

static void
put_ageing(struct dbk_text *text, const Daybook__Report__V1__FinanceReport *report)
{
	static const struct dbk_text_column columns[] = {
		DBK_TEXT_LABEL("what waits", "项目", 20),
		DBK_TEXT_NUMBER("to 30 days", "30天内"),
		DBK_TEXT_NUMBER("to 60", "60天内"),
		DBK_TEXT_NUMBER("to 90", "90天内"),
		DBK_TEXT_NUMBER("to 180", "180天内"),
		DBK_TEXT_NUMBER("older", "更久"),
		DBK_TEXT_NUMBER("in all", "合计"),
		DBK_TEXT_NUMBER("rows", "笔数"),
	};

	dbk_text_section(text, "By age, on the day of the last record",
			 "账龄（末条记录当日）");
	dbk_text_table(text);
	for (size_t i = 0; i < report->n_ageing; i++) {
		const Daybook__Report__V1__AgeingRow *row = report->ageing[i];

		dbk_text_cell_plain(text, row->what);
		dbk_text_cell_amount(text, row->to_30);
		dbk_text_cell_amount(text, row->to_60);
		dbk_text_cell_amount(text, row->to_90);
		dbk_text_cell_amount(text, row->to_180);
		dbk_text_cell_amount(text, row->older);
		dbk_text_cell_amount(text, row->total);
		dbk_text_cell_count(text, row->rows);
	}
	dbk_text_table_end(text, columns, COUNT(columns));
}

/* A hash is as wide as most of a line, and it is of no use cut. */
static void
put_hashes(struct dbk_text *text, const Daybook__Report__V1__FinanceReport *report)
{
	static const struct dbk_text_column columns[] = {
		DBK_TEXT_LABEL("period", "期间", 20),
		DBK_TEXT_LABEL("hash of the balances", "余额哈希", 0),
	};

	dbk_text_putf(text, "\n");
	dbk_text_table(text);
	for (size_t i = 0; i < report->n_periods; i++) {
		const Daybook__Report__V1__PeriodRow *row = report->periods[i];

		if (!row->closed)
			continue;
		dbk_text_cell(text, row->period);
		dbk_text_cell(text, row->balances_hash);
	}
	dbk_text_table_end(text, columns, COUNT(columns));
}

static void
put_periods(struct dbk_text *text, const Daybook__Report__V1__FinanceReport *report)
{
	static const struct dbk_text_column columns[] = {
		DBK_TEXT_LABEL("period", "期间", 20),
		DBK_TEXT_LABEL("from", "自", 0),
		DBK_TEXT_LABEL("to", "至", 0),
		DBK_TEXT_NUMBER("record", "记录"),
	};

	dbk_text_section(text, "Periods that are closed", "已结账期间");
	dbk_text_table(text);
	for (size_t i = 0; i < report->n_periods; i++) {
		const Daybook__Report__V1__PeriodRow *row = report->periods[i];

		if (!row->closed)
			continue;
		dbk_text_cell(text, row->period);
		dbk_text_cell(text, row->from);
		dbk_text_cell(text, row->to);
		dbk_text_cell_count(text, row->position);
	}
	dbk_text_table_end(text, columns, COUNT(columns));
	put_hashes(text, report);
}

void
dbk_finance_text(const Daybook__Report__V1__FinanceReport *report,
		 enum dbk_language language, struct dbk_buf *out)
{
	struct dbk_text text;

	dbk_text_init(&text, out, language, report->basis);
	dbk_text_heading(&text, &title, 1);
	dbk_text_basis(&text, report->basis);
	put_trial_balance(&text, report);
	put_earnings(&text, report);
	put_payout_months(&text, report);
	put_payouts(&text, report);
	put_clawbacks(&text, report);
	put_ageing(&text, report);
	put_periods(&text, report);
	dbk_text_fini(&text);
}
