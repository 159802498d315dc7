#include "report/finance.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/base64.h"
#include "books/look_goods.h"
#include "metrics/sample.h"
#include "metrics/series.h"
#include "report/tables.h"

/* One report in the making. */
struct finance {
	struct dbk_maker maker;
	const struct dbk_report_source *source;
	const struct dbk_books *books;
	const struct dbk_ledger_months *months;
	Daybook__Report__V1__FinanceReport *report;
};

static int32_t
day_of(const struct finance *f, int64_t time)
{
	return dbk_day_of_time(time, dbk_look_book(f->books)->utc_offset_minutes);
}

/* Whether any of days [from, to) is in the window. */
static bool
is_in_window(const struct finance *f, int32_t from, int32_t to)
{
	return from < f->source->options.to_day && to > f->source->options.from_day;
}

static char *
text(const char *word)
{
	return (char *)(uintptr_t)word;
}

static char *
agent_name(struct finance *f, uint32_t agent)
{
	return dbk_maker_text(&f->maker,
			      dbk_look_name(f->books, DBK_SPACE_AGENT, agent));
}

/* ----------------------------------------------------------------------- balances */

/* The codes that anything was posted to, by their numbers. */
static uint32_t
used_codes(const struct dbk_books *books, enum dbk_account_code out[DBK_ACCOUNT_CODES])
{
	uint32_t n = 0;

	for (uint32_t code = 1; code < DBK_ACCOUNT_CODES; code++) {
		struct dbk_row_control sums = dbk_look_control(books, code);
		uint32_t at = n;

		if (sums.debits == 0 && sums.credits == 0)
			continue;
		for (; at > 0 && dbk_account_kind(out[at - 1])->number >
				     dbk_account_kind(code)->number;
		     at--)
			out[at] = out[at - 1];
		out[at] = (enum dbk_account_code)code;
		n++;
	}
	return n;
}

static void
put_balances(struct finance *f)
{
	enum dbk_account_code codes[DBK_ACCOUNT_CODES];
	uint32_t n = used_codes(f->books, codes);
	Daybook__Report__V1__TrialBalanceRow **rows = dbk_maker_list(
	    &f->maker, n, &daybook__report__v1__trial_balance_row__descriptor);

	for (uint32_t i = 0; rows != NULL && i < n; i++) {
		const struct dbk_account_kind *kind = dbk_account_kind(codes[i]);
		struct dbk_row_control sums = dbk_look_control(f->books, codes[i]);

		rows[i]->number = kind->number;
		rows[i]->name = text(kind->name);
		rows[i]->kind = text(kind->kind);
		rows[i]->debits = sums.debits;
		rows[i]->credits = sums.credits;
		rows[i]->balance = sums.debits - sums.credits;
		f->report->n_trial_balance = i + 1;
	}
	f->report->trial_balance = rows;
}

static void
put_ages(struct finance *f)
{
	static const char *const names[DBK_WAITS] = {
		[DBK_WAIT_PENDING] = "pending",
		[DBK_WAIT_HELD] = "held",
		[DBK_WAIT_AVAILABLE] = "available",
		[DBK_WAIT_CLAWBACK] = "clawback",
		[DBK_WAIT_ESCROW] = "escrow",
		[DBK_WAIT_PAYOUT] = "payout under way",
	};
	int32_t today = (int32_t)dbk_look_today(f->books);
	Daybook__Report__V1__AgeingRow **rows = dbk_maker_list(
	    &f->maker, DBK_WAITS, &daybook__report__v1__ageing_row__descriptor);

	for (uint32_t i = 0; rows != NULL && i < DBK_WAITS; i++) {
		struct dbk_ledger_age age;

		dbk_ledger_months_age(f->months, (enum dbk_ledger_wait)i, today, &age);
		rows[i]->what = text(names[i]);
		rows[i]->to_30 = age.amounts[0];
		rows[i]->to_60 = age.amounts[1];
		rows[i]->to_90 = age.amounts[2];
		rows[i]->to_180 = age.amounts[3];
		rows[i]->older = age.amounts[4];
		rows[i]->total = age.total;
		rows[i]->rows = age.owners;
		f->report->n_ageing = i + 1;
	}
	f->report->ageing = rows;
}

static void
put_period(struct finance *f, uint32_t id, const struct dbk_row_period *period,
	   Daybook__Report__V1__PeriodRow *row)
{
	row->period =
	    dbk_maker_text(&f->maker, dbk_look_name(f->books, DBK_SPACE_PERIOD, id));
	row->from = dbk_maker_day(&f->maker, day_of(f, period->from));
	row->to = dbk_maker_day(&f->maker, day_of(f, period->to));
	row->closed = period->closed != 0;
	row->position = period->position;
	row->balances_hash = dbk_maker_code(&f->maker, period->balances_hash,
					    sizeof period->balances_hash, dbk_hex_put);
}

/* Periods of tax alone were never meant to be closed. */
static void
put_periods(struct finance *f)
{
	uint32_t newest = dbk_look_newest(f->books, DBK_LOOK_PERIODS), n = 0;
	Daybook__Report__V1__PeriodRow **rows;

	for (uint32_t id = 1; id <= newest; id++)
		n += dbk_look_period(f->books, id).closed != 0;
	rows =
	    dbk_maker_list(&f->maker, n, &daybook__report__v1__period_row__descriptor);
	for (uint32_t id = 1; rows != NULL && id <= newest; id++) {
		struct dbk_row_period period = dbk_look_period(f->books, id);

		if (period.closed != 0)
			put_period(f, id, &period, rows[f->report->n_periods++]);
	}
	f->report->periods = rows;
}

/* ------------------------------------------------------------------------- months */

static bool
is_month_in_window(const struct finance *f, int32_t month)
{
	return is_in_window(f, dbk_month_first_day(month),
			    dbk_month_first_day(month + 1));
}

static void
put_month(struct finance *f, const struct dbk_ledger_month *month,
	  Daybook__Report__V1__CauseMonthRow *earned,
	  Daybook__Report__V1__PayoutMonthRow *paid)
{
	earned->month = dbk_maker_month(&f->maker, month->month);
	earned->accrued = month->accrued;
	earned->reversed = month->reversed;
	earned->matured = month->matured;
	earned->paid = month->paid;
	earned->clawed_back = month->clawed_back;
	paid->month = earned->month;
	paid->requested = month->requested;
	paid->settled = month->settled;
	paid->failed = month->failed;
	paid->denied = month->denied;
	paid->gross = month->gross;
	paid->tax = month->tax;
	paid->fees = month->fees;
	paid->net = month->net;
	paid->returned = month->returned;
}

static void
put_months(struct finance *f)
{
	Daybook__Report__V1__FinanceReport *report = f->report;
	const struct dbk_ledger_month *months;
	uint32_t all = dbk_ledger_months_rows(f->months, &months), n = 0;

	for (uint32_t i = 0; i < all; i++)
		n += is_month_in_window(f, months[i].month);
	report->earnings = dbk_maker_list(
	    &f->maker, n, &daybook__report__v1__cause_month_row__descriptor);
	report->payout_months = dbk_maker_list(
	    &f->maker, n, &daybook__report__v1__payout_month_row__descriptor);
	for (uint32_t i = 0; !f->maker.failed && i < all; i++)
		if (is_month_in_window(f, months[i].month))
			put_month(f, &months[i], report->earnings[report->n_earnings++],
				  report->payout_months[report->n_payout_months++]);
}

/* ------------------------------------------------------------------------ payouts */

/* Something of many, of which the largest are shown. */
struct ranked {
	int64_t amount;
	uint32_t id;
};

static int
compare_ranked(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->amount != y->amount)
		return x->amount > y->amount ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static char *
state_name(uint32_t state)
{
	static const char *const names[DBK_PAYOUT_STATES] = {
		[DBK_PAYOUT_REQUESTED] = "requested",
		[DBK_PAYOUT_APPROVED] = "approved",
		[DBK_PAYOUT_BATCHED] = "batched",
		[DBK_PAYOUT_SENT] = "sent",
		[DBK_PAYOUT_UNKNOWN] = "unknown",
		[DBK_PAYOUT_SETTLED] = "settled",
		[DBK_PAYOUT_REJECTED] = "rejected",
		[DBK_PAYOUT_CANCELLED] = "cancelled",
		[DBK_PAYOUT_FAILED] = "failed",
		[DBK_PAYOUT_RETURNED] = "returned",
	};

	dbk_assert(state >= DBK_PAYOUT_REQUESTED && state < DBK_PAYOUT_STATES);
	return text(names[state]);
}

static uint32_t
put_payout_evidence(struct finance *f, const struct dbk_row_payout *payout)
{
	struct dbk_evidence_list list = { .n = 0 };

	for (uint32_t state = 0; state < DBK_PAYOUT_STATES; state++) {
		bool again = payout->positions[state] == 0;

		/* Some are approved by the record that asks. */
		for (uint32_t before = 0; before < state; before++)
			again |= payout->positions[before] == payout->positions[state];
		if (!again)
			dbk_sample_add(&list, payout->positions[state] - 1);
	}
	return dbk_maker_evidence(&f->maker, &list);
}

static void
put_payout(struct finance *f, uint32_t id, Daybook__Report__V1__PayoutRow *row)
{
	struct dbk_row_payout payout = dbk_look_payout(f->books, id);

	row->payout =
	    dbk_maker_text(&f->maker, dbk_look_name(f->books, DBK_SPACE_PAYOUT, id));
	row->agent = agent_name(f, payout.agent);
	row->state = state_name(payout.state);
	row->requested_at = dbk_maker_time(&f->maker, payout.requested_at);
	row->gross = payout.gross;
	row->tax = payout.tax;
	row->fee = payout.fee;
	row->net =
	    payout.gross - payout.tax - (payout.agent_bore_fee != 0 ? payout.fee : 0);
	row->returned = payout.returned;
	row->evidence = put_payout_evidence(f, &payout);
}

static bool
is_payout_in_window(const struct finance *f, uint32_t id)
{
	int32_t day = day_of(f, dbk_look_payout(f->books, id).requested_at);

	return is_in_window(f, day, day + 1);
}

static void
put_payouts(struct finance *f)
{
	Daybook__Report__V1__FinanceReport *report = f->report;
	uint32_t newest = dbk_look_newest(f->books, DBK_LOOK_PAYOUTS), n = 0, shown;
	struct ranked *ranked = calloc((size_t)newest + 1, sizeof *ranked);

	if (ranked == NULL) {
		f->maker.failed = true;
		return;
	}
	for (uint32_t id = 1; id <= newest; id++)
		if (is_payout_in_window(f, id))
			ranked[n++] =
			    (struct ranked){ dbk_look_payout(f->books, id).gross, id };
	qsort(ranked, n, sizeof *ranked, compare_ranked);
	shown = n < DBK_FINANCE_PAYOUTS_MAX ? n : DBK_FINANCE_PAYOUTS_MAX;
	report->payouts = dbk_maker_list(&f->maker, shown,
					 &daybook__report__v1__payout_row__descriptor);
	for (uint32_t i = 0; report->payouts != NULL && i < shown; i++) {
		put_payout(f, ranked[i].id, report->payouts[i]);
		report->n_payouts = i + 1;
	}
	report->payouts_left_out = n - shown;
	free(ranked);
}

static void
put_debt(struct finance *f, const struct dbk_ledger_debt *debt,
	 Daybook__Report__V1__ClawbackRow *row)
{
	row->agent = agent_name(f, debt->agent);
	row->owed = debt->owed;
	row->reversed = debt->reversed;
	row->repaid = debt->repaid;
	row->written_off = debt->written_off;
	row->since = dbk_maker_time(&f->maker, debt->since);
}

static void
put_debts(struct finance *f)
{
	Daybook__Report__V1__FinanceReport *report = f->report;
	const struct dbk_ledger_debt *debts;
	uint32_t n = dbk_ledger_months_debts(f->months, &debts), shown;
	struct ranked *ranked = calloc((size_t)n + 1, sizeof *ranked);

	if (ranked == NULL) {
		f->maker.failed = true;
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		ranked[i] = (struct ranked){ debts[i].owed, i };
	qsort(ranked, n, sizeof *ranked, compare_ranked);
	shown = n < DBK_FINANCE_CLAWBACKS_MAX ? n : DBK_FINANCE_CLAWBACKS_MAX;
	report->clawbacks = dbk_maker_list(
	    &f->maker, shown, &daybook__report__v1__clawback_row__descriptor);
	for (uint32_t i = 0; report->clawbacks != NULL && i < shown; i++) {
		put_debt(f, &debts[ranked[i].id], report->clawbacks[i]);
		report->n_clawbacks = i + 1;
	}
	report->clawbacks_left_out = n - shown;
	free(ranked);
}

Daybook__Report__V1__FinanceReport *
dbk_finance_make(const struct dbk_report_source *source,
		 const struct dbk_ledger_months *months, struct dbk_arena *arena)
{
	struct finance f = { .source = source,
			     .books = source->books,
			     .months = months };

	dbk_maker_init(&f.maker, arena);
	f.report = dbk_maker_message(&f.maker,
				     &daybook__report__v1__finance_report__descriptor);
	if (f.report == NULL)
		return NULL;
	f.report->basis = dbk_basis_make(&f.maker, source);
	put_balances(&f);
	put_months(&f);
	put_payouts(&f);
	put_debts(&f);
	put_ages(&f);
	put_periods(&f);
	f.report->months =
	    dbk_tables_months(&f.maker, source->study, &f.report->n_months);
	f.report->evidence = f.maker.sets;
	f.report->n_evidence = f.maker.n_sets;
	return f.maker.failed ? NULL : f.report;
}
