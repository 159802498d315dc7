/*
 * reversals.c -- what a refund takes back.
 *
 * Of what was accrued an agent keeps what is in proportion to the money that stayed, so
 * refunds in any order and in any parts end at the same figure.  What goes back is
 * taken from wherever the money is: the earning itself, then what the agent has
 * available, then payouts that have not been sent, and what is left the agent owes.
 */

#include "books/core.h"
#include "plan/split.h"

/* X of an earning of ORDER is to be taken back. */
struct reversal {
	struct dbk_decision *d;
	uint32_t earning, agent, order;
	int64_t left;
};

static bool
post_taken(struct reversal *r, enum dbk_account_code code, int64_t amount)
{
	r->left -= amount;
	return amount == 0 ||
	       dbk_post_for(r->d, code, r->agent, amount, DBK_CAUSE_REVERSED, r->order);
}

/* What is open of the earning itself. */
static int64_t
take_own(struct reversal *r)
{
	int64_t open = DBK_ROW(r->d->books, earnings, earning, r->earning)->open;
	int64_t part = open < r->left ? open : r->left;

	if (part > 0)
		dbk_earning_take(r->d->books, r->earning, part);
	return part;
}

static bool
take_unsent(struct reversal *r)
{
	struct dbk_books *books = r->d->books;
	uint32_t plan = dbk_plan_at(books, DBK_ROW(books, book, book, 1)->clock);

	return !dbk_plan_scalars(books, plan)->cancel_unsent_on_clawback ||
	       (dbk_payout_cancel_unsent(r->d, r->agent, r->left) &&
		dbk_draw_newest(r->d, r->agent, r->left, DBK_CAUSE_REVERSED, r->order,
				&r->left));
}

static bool
take_back(struct dbk_decision *d, uint32_t order, uint32_t earning, int64_t amount)
{
	const struct dbk_row_earning *row =
	    DBK_ROW(d->books, earnings, earning, earning);
	struct reversal r = { d, earning, row->agent, order, amount };
	int64_t available = 0;

	switch ((enum dbk_earning_state)row->state) {
	case DBK_EARNING_PENDING:
		if (!post_taken(&r, DBK_COMMISSION_PENDING, take_own(&r)))
			return false;
		break;
	case DBK_EARNING_HELD_PENDING:
	case DBK_EARNING_HELD:
		if (!post_taken(&r, DBK_COMMISSION_HELD, take_own(&r)))
			return false;
		break;
	case DBK_EARNING_MATURED:
		available = take_own(&r);
		break;
	case DBK_EARNING_DRAWN:
		break;
	case DBK_EARNING_UNASSIGNED:
	case DBK_EARNING_EXPECTED:
		dbk_assert(!"nothing was posted, so there is nothing to take");
	}
	if (r.left > available)
		available += dbk_draw_take(d->books, r.agent, r.left - available);
	if (!post_taken(&r, DBK_COMMISSION_AVAILABLE, available) ||
	    (r.left > 0 && !take_unsent(&r)))
		return false;
	return r.left == 0 || dbk_owe(d, r.agent, r.left, DBK_CAUSE_REVERSED, order);
}

/* What an earning of LINE no longer deserves, where its refunds have grown from BEFORE;
 * counted as reversed. */
static int64_t
reverse(struct dbk_books *books, const struct dbk_row_line *line, uint32_t earning,
	int64_t before)
{
	struct dbk_row_earning *row = DBK_TOUCH(books, earnings, earning, earning);
	int64_t amount = dbk_split_retained(row->accrued, line->amount, before) -
			 dbk_split_retained(row->accrued, line->amount, line->refunded);

	row->reversed += amount;
	dbk_assert(amount >= 0 && row->reversed <= row->accrued);
	return amount;
}

/* The cost of AMOUNT is saved: where it waits for its revenue, or of that revenue. */
static bool
credit_cost(struct dbk_decision *d, uint32_t order, const struct dbk_row_line *line,
	    uint32_t plan, int64_t amount)
{
	uint32_t tag;

	if (!(line->flags & DBK_LINE_RECOGNISED) &&
	    DBK_ROW(d->books, orders, order, order)->kind != DBK_ORDER_RESTOCK)
		return dbk_post_order(d, DBK_COMMISSION_DEFERRED, order, -amount);
	return dbk_plan_tag(d, plan, &tag) &&
	       dbk_post_for(d, DBK_COMMISSION_EXPENSE, tag, -amount, DBK_CAUSE_REVERSED,
			    order);
}

static bool
reverse_commission(struct dbk_decision *d, uint32_t order,
		   const struct dbk_row_line *line, uint32_t earning, int64_t before)
{
	const struct dbk_row_earning *row =
	    DBK_ROW(d->books, earnings, earning, earning);
	int64_t amount = reverse(d->books, line, earning, before);

	if (amount == 0 || row->state == DBK_EARNING_UNASSIGNED ||
	    row->state == DBK_EARNING_EXPECTED)
		return true;
	dbk_cost_reverse(d, order, earning, amount);
	return take_back(d, order, earning, amount) &&
	       credit_cost(d, order, line, row->plan, amount);
}

bool
dbk_reverse_line(struct dbk_decision *d, uint32_t order, uint32_t line_row,
		 int64_t before)
{
	const struct dbk_row_line *line = DBK_ROW(d->books, lines, line, line_row);
	uint32_t earnings[DBK_LINE_EARNINGS_MAX];
	uint32_t n = dbk_line_earnings(d->books, line_row, earnings);

	for (uint32_t i = 0; i < n; i++)
		if (DBK_ROW(d->books, earnings, earning, earnings[i])->kind ==
			DBK_EARNING_COMMISSION &&
		    !reverse_commission(d, order, line, earnings[i], before))
			return false;
	return true;
}

/* What the seller gives back of the proceeds of a line. */
static bool
reverse_seller(struct dbk_decision *d, uint32_t order, uint32_t line_row,
	       int64_t before, int64_t *out_amount)
{
	uint32_t at = DBK_ROW(d->books, lines, line, line_row)->earning;

	*out_amount = 0;
	while (at != 0 &&
	       DBK_ROW(d->books, earnings, earning, at)->kind != DBK_EARNING_PROCEEDS)
		at = DBK_ROW(d->books, earnings, earning, at)->sibling;
	if (at == 0)
		return true;
	*out_amount =
	    reverse(d->books, DBK_ROW(d->books, lines, line, line_row), at, before);
	return *out_amount == 0 || take_back(d, order, at, *out_amount);
}

bool
dbk_reverse_proceeds(struct dbk_decision *d, uint32_t order, uint32_t line_row,
		     int64_t before, int64_t amount)
{
	int64_t seller;
	uint32_t tag;

	if (!reverse_seller(d, order, line_row, before, &seller))
		return false;
	dbk_assert(seller <= amount);
	return seller == amount ||
	       (dbk_plan_tag(d, DBK_ROW(d->books, orders, order, order)->plan, &tag) &&
		dbk_post(d, DBK_PLATFORM_FEE, tag, amount - seller));
}
