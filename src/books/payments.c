/*
 * payments.c -- money for orders, and when it becomes revenue.
 *
 * A payment goes to escrow and stays there until the goods are received; a restock
 * order is sell-in and posts to sales.sell_in at once.  Payment and receipt come in any
 * order: a line is complete when both are there, and its revenue is recognised.
 */

#include "books/goods_core.h"

/* The lines that have just become paid and received, into LINE_ROWS; *OUT_AMOUNT is
 * what refunds have left of them. */
static uint32_t
take_complete(struct dbk_decision *d, const struct dbk_row_order *order,
	      uint32_t *line_rows, int64_t *out_amount)
{
	uint8_t mark =
	    order->kind == DBK_ORDER_RESTOCK ? DBK_LINE_COMPLETE : DBK_LINE_RECOGNISED;
	uint32_t n = 0;

	*out_amount = 0;
	for (uint32_t i = 0; i < order->n_lines; i++) {
		uint32_t at = order->first_line + i;
		const struct dbk_row_line *line = DBK_ROW(d->books, lines, line, at);

		if (!(line->flags & DBK_LINE_RECEIVED) || (line->flags & mark))
			continue;
		DBK_TOUCH(d->books, lines, line, at)->flags |= mark;
		*out_amount += line->amount - line->refunded;
		line_rows[n++] = at;
	}
	return n;
}

static bool
post_revenue(struct dbk_decision *d, uint32_t order, int64_t amount)
{
	enum dbk_account_code code;
	uint32_t owner;

	if (amount == 0)
		return true;
	dbk_order_revenue(d->books, order, false, &code, &owner);
	return dbk_post_order(d, DBK_ESCROW, order, amount) &&
	       dbk_post(d, code, owner, -amount);
}

static bool
schedule(struct dbk_decision *d, uint32_t order, const uint32_t *line_rows, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (DBK_ROW(d->books, lines, line, line_rows[i])->earning != 0 &&
		    !dbk_line_schedule(d, order, line_rows[i]))
			return false;
	return true;
}

bool
dbk_order_recognise(struct dbk_decision *d, uint32_t order)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);
	uint32_t line_rows[DBK_LINES_MAX + 1];
	bool is_done = true;
	int64_t amount;
	uint32_t n;

	if (row->paid != row->total || (row->flags & DBK_ORDER_DIRECT))
		return true;
	n = take_complete(d, row, line_rows, &amount);
	if (n == 0)
		return true;
	/* The sale of a restock order was its payment. */
	if (row->fulfilment == DBK_HOLDER_SHIP)
		is_done = dbk_proceeds_recognise(d, order, line_rows, n);
	else if (row->kind != DBK_ORDER_RESTOCK)
		is_done = post_revenue(d, order, amount);
	return is_done && dbk_commission_recognise(d, order, line_rows, n) &&
	       dbk_commission_accrue_received(d, order, line_rows, n) &&
	       schedule(d, order, line_rows, n) &&
	       (row->kind != DBK_ORDER_RETAIL ||
		dbk_verified_recognise(d, order, line_rows, n));
}

static bool
post_payment(struct dbk_decision *d, uint32_t order, struct dbk_str psp_name,
	     int64_t amount)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);
	uint32_t psp;

	if (!dbk_intern(d, DBK_SPACE_TAG, psp_name, &psp) ||
	    !dbk_post(d, DBK_PSP_CLEARING, psp, amount))
		return false;
	return row->kind == DBK_ORDER_RESTOCK
		   ? dbk_post(d, DBK_SALES_SELL_IN, row->buyer, -amount)
		   : dbk_post_order(d, DBK_ESCROW, order, -amount);
}

bool
dbk_order_pay(struct dbk_decision *d, uint32_t order, struct dbk_str psp,
	      int64_t amount)
{
	struct dbk_row_order *row = DBK_TOUCH(d->books, orders, order, order);

	row->paid += amount;
	if (!post_payment(d, order, psp, amount))
		return false;
	if (row->paid != row->total)
		return true;
	row->paid_second = dbk_due_second(d->event->effective_at);
	return dbk_commission_accrue(d, order) && dbk_order_recognise(d, order);
}

/* What the guards say of a payment for ORDER. */
static bool
payment_guards(struct dbk_decision *d, uint32_t order)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);
	bool is_whole = row->paid == row->total;

	return (!is_whole || dbk_forgery_paid(d, order, dbk_field("amount"))) &&
	       dbk_exposure_payment(d, order) &&
	       (!is_whole || dbk_matching_paid(d, order));
}

/* Part of a payment came from a balance at the platform; a plan may leave it out. */
static bool
note_balance(struct dbk_decision *d, uint32_t order, int64_t amount)
{
	uint32_t extra;

	if (amount == 0)
		return true;
	if (!dbk_order_extra_need(d, order, &extra))
		return false;
	DBK_TOUCH(d->books, order_extras, order_extra, extra)->paid_by_balance +=
	    amount;
	return true;
}

bool
dbk_decide_order_paid(struct dbk_decision *d)
{
	const struct dbk_order_paid *e = &d->event->u.order_paid;
	const struct dbk_row_order *row;
	uint32_t order;

	if (!dbk_order_find(d, e->order, &order))
		return false;
	row = DBK_ROW(d->books, orders, order, order);
	if (e->amount > row->total - row->paid)
		return dbk_refuse_measured(d, DBK_RULE_PAYMENT_EXCEEDS_ORDER,
					   dbk_field("amount"), e->amount,
					   row->total - row->paid);
	dbk_verified_link_payer(d, order, e->payer_hash);
	return note_balance(d, order, e->paid_by_balance) &&
	       dbk_order_pay(d, order, e->psp, e->amount) && payment_guards(d, order);
}

bool
dbk_decide_psp_settled(struct dbk_decision *d)
{
	const struct dbk_psp_settled *e = &d->event->u.psp_settled;
	uint32_t psp;

	if (e->fee > e->gross)
		return dbk_refuse_measured(d, DBK_RULE_AMOUNT_MISMATCH,
					   dbk_field("fee"), e->fee, e->gross);
	if (!dbk_intern(d, DBK_SPACE_TAG, e->psp, &psp))
		return false;
	if (e->gross > e->fee && !dbk_post(d, DBK_BANK, psp, e->gross - e->fee))
		return false;
	if (e->fee > 0 && !dbk_post(d, DBK_PSP_FEE, psp, e->fee))
		return false;
	return e->gross == 0 || dbk_post(d, DBK_PSP_CLEARING, psp, -e->gross);
}
