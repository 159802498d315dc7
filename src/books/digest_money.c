/*
 * digest_money.c -- the sections of the canonical form on money, from F on.
 */

#include "books/form.h"

static void
digest_plans(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'F', books->plans.count - 1);
	for (uint32_t i = 1; i < books->plans.count; i++) {
		const struct dbk_row_plan *row = DBK_ROW(books, plans, plan, i);

		dbk_form_name(w, DBK_SPACE_TAG, row->name);
		dbk_form_int(w, row->version);
		dbk_form_int(w, row->valid_from);
		dbk_form_int(w, row->valid_to == DBK_TIME_ABSENT ? 0 : row->valid_to);
	}
}

/* What an earning was made by: the line of an order, or an event. */
static void
digest_cause(struct dbk_form *w, uint32_t earning, const struct dbk_row_earning *row)
{
	bool of_line =
	    row->kind == DBK_EARNING_COMMISSION || row->kind == DBK_EARNING_PROCEEDS;

	dbk_form_name(w, DBK_SPACE_ORDER, dbk_earning_order(w->books, earning));
	dbk_form_int(w, of_line ? DBK_ROW(w->books, lines, line, row->cause)->line
				: row->cause);
}

static void
digest_earnings(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'E', books->earnings.count - 1);
	for (uint32_t i = 1; i < books->earnings.count; i++) {
		const struct dbk_row_earning *row =
		    DBK_ROW(books, earnings, earning, i);

		dbk_form_name(w, DBK_SPACE_AGENT, row->agent);
		digest_cause(w, i, row);
		dbk_form_int(w, row->kind);
		dbk_form_int(w, row->level);
		dbk_form_int(w, row->distance);
		dbk_form_int(w, row->basis);
		dbk_form_name(w, DBK_SPACE_TAG, row->rank);
		dbk_form_int(w, row->plan);
		dbk_form_int(w, row->rate_ppm);
		dbk_form_int(w, row->base);
		dbk_form_int(w, row->state);
		dbk_form_int(w, row->holds);
		dbk_form_int(w, row->accrued);
		dbk_form_int(w, row->reversed);
		dbk_form_int(w, row->open);
	}
}

static void
digest_holds(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'H', books->holds.count - 1);
	for (uint32_t i = 1; i < books->holds.count; i++) {
		const struct dbk_row_hold *row = DBK_ROW(books, holds, hold, i);

		dbk_form_name(w, DBK_SPACE_HOLD, row->name == 0 ? 0 : i);
		dbk_form_name(w, DBK_SPACE_AGENT, row->agent);
		dbk_form_name(w, DBK_SPACE_ORDER, row->order);
		dbk_form_int(w, DBK_ROW(books, lines, line, row->line)->line);
		dbk_form_int(w, row->level);
		dbk_form_int(w, row->released);
		dbk_form_name(w, DBK_SPACE_TAG, row->rule);
		dbk_form_int(w, row->revision);
	}
	dbk_form_section(w, 'K', books->chargebacks.count - 1);
	for (uint32_t i = 1; i < books->chargebacks.count; i++) {
		const struct dbk_row_chargeback *row =
		    DBK_ROW(books, chargebacks, chargeback, i);

		dbk_form_name(w, DBK_SPACE_CHARGEBACK, i);
		dbk_form_name(w, DBK_SPACE_ORDER, row->order);
		dbk_form_int(w, row->state);
		dbk_form_int(w, row->amount);
		dbk_form_int(w, row->reversed);
	}
}

static void
digest_payout(struct dbk_form *w, uint32_t payout)
{
	const struct dbk_books *books = w->books;
	const struct dbk_row_payout *row = DBK_ROW(books, payouts, payout, payout);

	dbk_form_name(w, DBK_SPACE_PAYOUT, payout);
	dbk_form_name(w, DBK_SPACE_AGENT, row->agent);
	dbk_form_int(w, row->state);
	dbk_form_name(w, DBK_SPACE_TAG, row->method);
	dbk_form_name(w, DBK_SPACE_TAG, row->provider);
	dbk_form_name(w, DBK_SPACE_PAYOUT_BATCH, row->batch);
	dbk_form_int(w, row->gross);
	dbk_form_int(w, row->tax);
	dbk_form_int(w, row->fee);
	dbk_form_int(w, row->returned);
	dbk_form_int(w, row->n_items);
	for (uint32_t i = 0; i < row->n_items; i++) {
		const struct dbk_row_payout_item *item =
		    DBK_ROW(books, payout_items, payout_item, row->first_item + i);

		dbk_form_int(w, item->earning);
		dbk_form_int(w, item->amount);
	}
}

static void
digest_payouts(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'W', books->payouts.count - 1);
	for (uint32_t i = 1; i < books->payouts.count; i++)
		digest_payout(w, i);
	dbk_form_section(w, 'T', books->tax_months.count - 1);
	for (uint32_t i = 1; i < books->tax_months.count; i++) {
		const struct dbk_row_tax_month *row =
		    DBK_ROW(books, tax_months, tax_month, i);

		dbk_form_name(w, DBK_SPACE_AGENT, row->agent);
		dbk_form_int(w, (int32_t)row->month);
		dbk_form_int(w, row->gross);
		dbk_form_int(w, row->tax);
	}
}

static void
digest_control(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'Q', books->periods.count - 1);
	for (uint32_t i = 1; i < books->periods.count; i++) {
		const struct dbk_row_period *row = DBK_ROW(books, periods, period, i);

		dbk_form_name(w, DBK_SPACE_PERIOD, i);
		dbk_form_int(w, row->closed);
		dbk_form_int(w, row->remitted);
		dbk_form_int(w, row->from);
		dbk_form_int(w, row->to);
		dbk_form_put(w, row->balances_hash, sizeof row->balances_hash);
	}
	dbk_form_section(w, 'V', books->overrides.count - 1);
	for (uint32_t i = 1; i < books->overrides.count; i++) {
		const struct dbk_row_override *row =
		    DBK_ROW(books, overrides, override, i);

		dbk_form_name(w, DBK_SPACE_OVERRIDE, i);
		dbk_form_int(w, row->guard);
		dbk_form_name(w, DBK_SPACE_TAG, row->subject);
		dbk_form_int(w, row->used_position);
		dbk_form_int(w, row->expires_at);
	}
}

static void
digest_adjustments(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'J', books->adjustments.count - 1);
	for (uint32_t i = 1; i < books->adjustments.count; i++) {
		const struct dbk_row_adjustment *row =
		    DBK_ROW(books, adjustments, adjustment, i);

		dbk_form_name(w, DBK_SPACE_ADJUSTMENT, i);
		dbk_form_name(w, DBK_SPACE_AGENT, row->agent);
		dbk_form_int(w, row->deduct);
		dbk_form_int(w, row->amount);
		dbk_form_int(w, row->reversed);
	}
}

static void
digest_contest(struct dbk_form *w, uint32_t contest)
{
	const struct dbk_row_contest *row =
	    DBK_ROW(w->books, contests, contest, contest);
	const struct dbk_row_score *score;

	dbk_form_name(w, DBK_SPACE_CONTEST, contest);
	dbk_form_int(w, row->metric);
	dbk_form_int(w, row->closed);
	dbk_form_int(w, row->from);
	dbk_form_int(w, row->to);
	dbk_form_int(w, row->pool);
	dbk_form_int(w, row->awarded);
	dbk_form_int(w, row->n_scores);
	for (uint32_t i = row->first_score; i != 0; i = score->next) {
		score = DBK_ROW(w->books, scores, score, i);
		dbk_form_name(w, DBK_SPACE_AGENT, score->agent);
		dbk_form_int(w, score->score);
	}
}

static void
digest_contests(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'X', books->contests.count - 1);
	for (uint32_t i = 1; i < books->contests.count; i++)
		digest_contest(w, i);
	dbk_form_section(w, 'Y', books->members.count - 1);
	for (uint32_t i = 1; i < books->members.count; i++) {
		const struct dbk_row_member *row = DBK_ROW(books, members, member, i);

		dbk_form_name(w, DBK_SPACE_TEAM, row->team);
		dbk_form_name(w, DBK_SPACE_AGENT, row->agent);
		dbk_form_int(w, row->removed);
	}
}

static void
digest_reports(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'Z', books->reports.count - 1);
	for (uint32_t i = 1; i < books->reports.count; i++) {
		const struct dbk_row_report *row = DBK_ROW(books, reports, report, i);

		dbk_form_int(w, row->position);
		dbk_form_name(w, DBK_SPACE_AGENT, row->payee);
		dbk_form_int(w, row->earning);
		dbk_form_int(w, row->basis);
		dbk_form_int(w, row->distance);
		dbk_form_int(w, row->difference);
		dbk_form_int(w, row->amount);
		dbk_form_int(w, row->expected);
	}
	dbk_form_section(w, 'D', books->costs.count - 1);
	for (uint32_t i = 1; i < books->costs.count; i++) {
		const struct dbk_row_cost *row = DBK_ROW(books, costs, cost, i);

		dbk_form_int(w, row->plan);
		dbk_form_int(w, row->level);
		dbk_form_name(w, DBK_SPACE_TAG, row->channel);
		dbk_form_int(w, row->earnings);
		dbk_form_int(w, row->accrued);
		dbk_form_int(w, row->reversed);
	}
}

static void
digest_purses(struct dbk_form *w)
{
	const struct dbk_books *books = w->books;

	dbk_form_section(w, 'U', books->purses.count - 1);
	for (uint32_t i = 1; i < books->purses.count; i++) {
		const struct dbk_row_purse *row = DBK_ROW(books, purses, purse, i);
		bool has_payee = row->payee[0] != 0 || row->payee[1] != 0;

		dbk_form_name(w, DBK_SPACE_AGENT, row->agent);
		dbk_form_int(w, row->open_payouts);
		dbk_form_int(w, has_payee ? row->payee_since : 0);
		dbk_form_int(w, row->payout_day);
		dbk_form_int(w, row->payout_month);
		dbk_form_int(w, row->day_sum);
		dbk_form_int(w, row->month_sum);
		dbk_form_int(w, row->cap_month);
		dbk_form_int(w, row->cap_accrued);
		dbk_form_int(w, row->cap_retail);
	}
}

void
dbk_form_money(struct dbk_form *w)
{
	digest_plans(w);
	digest_earnings(w);
	digest_holds(w);
	digest_payouts(w);
	digest_control(w);
	digest_adjustments(w);
	digest_contests(w);
	digest_reports(w);
	digest_purses(w);
}
