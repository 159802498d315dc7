/*
 * payments.c -- money for orders, and when it becomes revenue.
 *
 * A payment goes to escrow and stays there until the goods are received; a restock order
 * is sell-in and posts to sales.sell_in at once.  Payment and receipt come in any order:
 * a line's revenue is recognised when both are there.
 */

#include "books/core.h"

/* What a line adds to revenue now. */
static int64_t
recognise_line(struct dbk_decision *d, uint32_t line_row)
{
	const struct dbk_row_line *line = DBK_ROW(d->books, lines, line, line_row);

	if (!(line->flags & DBK_LINE_RECEIVED) || (line->flags & DBK_LINE_RECOGNISED))
		return 0;
	DBK_TOUCH(d->books, lines, line, line_row)->flags |= DBK_LINE_RECOGNISED;
	return line->amount - line->refunded;
}

bool
dbk_order_recognise(struct dbk_decision *d, uint32_t order)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);
	enum dbk_account_code code;
	int64_t amount = 0;
	uint32_t owner;

	if (row->paid != row->total || (row->flags & DBK_ORDER_DIRECT) ||
	    row->kind == DBK_ORDER_RESTOCK)
		return true;
	for (uint32_t i = 0; i < row->n_lines; i++)
		amount += recognise_line(d, row->first_line + i);
	if (amount == 0)
		return true;
	dbk_order_revenue(d->books, order, false, &code, &owner);
	return dbk_post_order(d, DBK_ESCROW, order, amount) &&
	       dbk_post(d, code, owner, -amount);
}

bool
dbk_order_pay(struct dbk_decision *d, uint32_t order, struct dbk_str psp_name,
	      int64_t amount)
{
	struct dbk_row_order *row = DBK_TOUCH(d->books, orders, order, order);
	uint32_t psp;

	row->paid += amount;
	if (!dbk_intern(d, DBK_SPACE_TAG, psp_name, &psp) ||
	    !dbk_post(d, DBK_PSP_CLEARING, psp, amount))
		return false;
	if (row->kind == DBK_ORDER_RESTOCK)
		return dbk_post(d, DBK_SALES_SELL_IN, row->buyer, -amount);
	return dbk_post_order(d, DBK_ESCROW, order, -amount) && dbk_order_recognise(d, order);
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
	return dbk_order_pay(d, order, e->psp, e->amount);
}

bool
dbk_decide_psp_settled(struct dbk_decision *d)
{
	const struct dbk_psp_settled *e = &d->event->u.psp_settled;
	uint32_t psp;

	if (e->fee > e->gross)
		return dbk_refuse_measured(d, DBK_RULE_AMOUNT_MISMATCH, dbk_field("fee"),
					   e->fee, e->gross);
	if (!dbk_intern(d, DBK_SPACE_TAG, e->psp, &psp))
		return false;
	if (e->gross > e->fee && !dbk_post(d, DBK_BANK, psp, e->gross - e->fee))
		return false;
	if (e->fee > 0 && !dbk_post(d, DBK_PSP_FEE, psp, e->fee))
		return false;
	return e->gross == 0 || dbk_post(d, DBK_PSP_CLEARING, psp, -e->gross);
}
