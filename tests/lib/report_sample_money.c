#include "report_sample.h"

#define LIST(count, name)                                                              \
	report_sample_list(sample, (count), &daybook__report__v1__##name##__descriptor)

typedef Daybook__Report__V1__FinanceReport finance_report;
typedef Daybook__Report__V1__DisclosureReport disclosure_report;

static Google__Protobuf__Timestamp *
moment(struct report_sample *sample, int64_t seconds)
{
	Google__Protobuf__Timestamp *at =
	    report_sample_new(sample, &google__protobuf__timestamp__descriptor);

	at->seconds = seconds;
	return at;
}

static void
trial_balance(struct report_sample *sample, finance_report *r)
{
	static const struct {
		uint32_t number;
		const char *name, *kind;
		int64_t debits, credits;
	} rows[] = {
		{ 1010, "bank", "asset", 912000000, 774500000 },
		{ 1020, "psp.clearing", "asset", 865000000, 861000000 },
		{ 1110, "clawback.receivable", "asset", 410000, 260000 },
		{ 2110, "comm.pending", "liability", 88000000, 91200000 },
		{ 2120, "comm.available", "liability", 80100000, 84450000 },
		{ 4010, "sales.retail", "income", 9200000, 240245678 },
		{ 5010, "comm.expense", "expense", 98000000, 1054322 },
	};

	r->n_trial_balance = sizeof rows / sizeof *rows;
	r->trial_balance = LIST(r->n_trial_balance, trial_balance_row);
	for (size_t i = 0; i < r->n_trial_balance; i++) {
		Daybook__Report__V1__TrialBalanceRow *t = r->trial_balance[i];

		t->number = rows[i].number;
		t->name = (char *)rows[i].name;
		t->kind = (char *)rows[i].kind;
		t->debits = rows[i].debits;
		t->credits = rows[i].credits;
		t->balance = rows[i].debits - rows[i].credits;
	}
}

static void
months(struct report_sample *sample, finance_report *r)
{
	r->n_earnings = 12;
	r->earnings = LIST(12, cause_month_row);
	r->n_payout_months = 12;
	r->payout_months = LIST(12, payout_month_row);
	for (int i = 0; i < 12; i++) {
		Daybook__Report__V1__CauseMonthRow *e = r->earnings[i];
		Daybook__Report__V1__PayoutMonthRow *p = r->payout_months[i];

		e->month = p->month = report_sample_printf(sample, "2025-%02d", i + 1);
		e->accrued = 7400000 + 390000 * i;
		e->reversed = 110000 + 9000 * (i % 4);
		e->matured = 6900000 + 380000 * i;
		e->paid = 6500000 + 360000 * i;
		e->clawed_back = 12000 * (i % 3);
		p->requested = (uint64_t)(210 + 17 * i);
		p->settled = p->requested - 9;
		p->failed = (uint64_t)(i % 4);
		p->denied = (uint64_t)(i % 3);
		p->gross = e->paid;
		p->tax = e->paid / 50;
		p->fees = 20 * (int64_t)p->settled;
		p->net = p->gross - p->tax - p->fees;
		p->returned = 21000 * (i % 2);
	}
}

static void
payouts(struct report_sample *sample, finance_report *r)
{
	static const char *const states[] = { "settled", "requested", "approved",
					      "failed",	 "denied",    "returned" };

	r->n_payouts = 30;
	r->payouts = LIST(30, payout_row);
	r->payouts_left_out = 3102;
	for (int i = 0; i < 30; i++) {
		Daybook__Report__V1__PayoutRow *p = r->payouts[i];

		p->payout = report_sample_printf(sample, "P-%05d", 4100 + i);
		p->agent = report_sample_printf(sample, "A-%06d", 1 + i * 7 % 40);
		p->state = (char *)states[i % 6];
		p->requested_at = moment(sample, 1735700000 + 86400 * 11 * i);
		p->gross = 1912000 - 41000 * i;
		p->tax = p->gross / 50;
		p->fee = 20;
		p->net = p->gross - p->tax - p->fee;
		p->returned = i % 6 == 5 ? p->net : 0;
		p->evidence = (uint32_t)(i % 4);
	}
	r->n_clawbacks = 6;
	r->clawbacks = LIST(6, clawback_row);
	for (int i = 0; i < 6; i++) {
		Daybook__Report__V1__ClawbackRow *c = r->clawbacks[i];

		c->agent = report_sample_printf(sample, "A-%06d", 31 + i);
		c->owed = 90000 - 12000 * i;
		c->reversed = 140000;
		c->repaid = 50000 + 12000 * i;
		c->written_off = i == 5 ? 1000 : 0;
		c->since = moment(sample, 1751300000 + 86400 * 9 * i);
	}
}

static void
ageing(struct report_sample *sample, finance_report *r)
{
	static const char *const whats[] = { "pending",	 "held",   "available",
					     "clawback", "escrow", "payout under way" };

	r->n_ageing = 6;
	r->ageing = LIST(6, ageing_row);
	for (int i = 0; i < 6; i++) {
		Daybook__Report__V1__AgeingRow *a = r->ageing[i];

		a->what = (char *)whats[i];
		a->to_30 = 3100000 / (i + 1);
		a->to_60 = 900000 / (i + 1);
		a->to_90 = 210000 / (i + 1);
		a->to_180 = 70000 / (i + 1);
		a->older = i % 2 ? 5000 : 0;
		a->total = a->to_30 + a->to_60 + a->to_90 + a->to_180 + a->older;
		a->rows = (uint64_t)(410 / (i + 1));
	}
	r->n_periods = 4;
	r->periods = LIST(4, period_row);
	for (int i = 0; i < 4; i++) {
		Daybook__Report__V1__PeriodRow *p = r->periods[i];

		p->period = report_sample_printf(sample, "2025Q%d", i + 1);
		p->from = report_sample_printf(sample, "2025-%02d-01", 3 * i + 1);
		p->to = i == 3
			    ? "2026-01-01"
			    : report_sample_printf(sample, "2025-%02d-01", 3 * i + 4);
		p->closed = i < 3;
		p->position = i < 3 ? (uint64_t)(44120 * (i + 1)) : 0;
		p->balances_hash =
		    i < 3 ? "5f1c0e9a7b3d4826c1f0a9e8d7b6c5a4938271605f4e3d"
			    "2c1b0a99887766554f"
			  : "";
	}
}

static void
bands(struct report_sample *sample, disclosure_report *d)
{
	static const uint32_t edges[] = { 0, 5000, 7500, 9000, 9900, 10000 };

	d->n_bands = 5;
	d->bands = LIST(5, disclosure_band);
	for (int i = 0; i < 5; i++) {
		Daybook__Report__V1__DisclosureBand *b = d->bands[i];

		b->from = edges[i];
		b->to = edges[i + 1];
		b->persons = 1117u * (edges[i + 1] - edges[i]) / 10000;
		b->least = i == 0 ? 0 : 1000 * i * i * i * 40;
		b->most = 1000 * (i + 1) * (i + 1) * (i + 1) * 40;
		b->median = (b->least + b->most) / 2;
		b->mean = b->median + b->median / 9;
		b->median_paid_in = 210000 + 30000 * i;
	}
}

static void
disclosure(struct report_sample *sample)
{
	disclosure_report *d = report_sample_new(
	    sample, &daybook__report__v1__disclosure_report__descriptor);
	const Daybook__Report__V1__PyramidReport *r = sample->pyramid;

	sample->disclosure = d;
	d->basis = r->basis;
	d->year_from = "2025-01-01";
	d->year_to = "2026-01-01";
	d->participants = 1117;
	d->active = 804;
	d->paid_nothing = 372;
	d->lost_strict = 611;
	d->lost_lenient = 498;
	d->left_within_year = 211;
	d->median_income = 41200;
	d->mean_income = 102230;
	d->median_net = -18350;
	bands(sample, d);
	d->from_retail = report_sample_figure(sample, "traced_share",
					      "From retail sales", "来自零售", 3);
	d->from_recruiting = report_sample_figure(sample, "recruit_share",
						  "From recruiting", "来自发展人员", 3);
	d->from_purchases = report_sample_figure(sample, "own_purchase_pay",
						 "From purchases", "来自进货", 3);
	d->from_retail->strict->numerator = 88;
	d->from_retail->lenient->numerator = 91;
	d->from_recruiting->strict->numerator = 5;
	d->from_recruiting->lenient->numerator = 4;
	d->from_purchases->strict->numerator = 7;
	d->from_purchases->lenient->numerator = 5;
	d->from_retail->strict->denominator = d->from_retail->lenient->denominator =
	    100;
	d->from_recruiting->strict->denominator =
	    d->from_recruiting->lenient->denominator = 100;
	d->from_purchases->strict->denominator =
	    d->from_purchases->lenient->denominator = 100;
	d->from_retail->evidence = 1;
	d->median_fees = 39900;
	d->median_purchases = 210000;
	d->months_to_break_even = 14;
	d->n_months = r->n_months;
	d->months = r->months;
	d->n_figures = r->n_figures;
	d->figures = r->figures;
	d->n_evidence = r->n_evidence;
	d->evidence = r->evidence;
}

void
report_sample_money(struct report_sample *sample)
{
	finance_report *r =
	    report_sample_new(sample, &daybook__report__v1__finance_report__descriptor);

	sample->finance = r;
	r->basis = sample->pyramid->basis;
	trial_balance(sample, r);
	months(sample, r);
	payouts(sample, r);
	r->clawbacks_left_out = 2;
	ageing(sample, r);
	r->n_months = sample->pyramid->n_months;
	r->months = sample->pyramid->months;
	r->n_evidence = sample->pyramid->n_evidence;
	r->evidence = sample->pyramid->evidence;
	disclosure(sample);
}
