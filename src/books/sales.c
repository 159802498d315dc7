/*
 * sales.c -- where the three flows of an order meet: a sale told in one event, a
 * receipt, a cancellation.
 */

#include "books/goods_core.h"

static bool
sale_placed(struct dbk_decision *d, const struct dbk_sale *sale, uint32_t *out_order)
{
	int64_t total;

	if (!dbk_order_place(d, sale, out_order))
		return false;
	total = DBK_ROW(d->books, orders, order, *out_order)->total;
	if (sale->paid != total)
		return dbk_refuse_measured(d, DBK_RULE_AMOUNT_MISMATCH,
					   dbk_field("paid"), sale->paid, total);
	return dbk_order_guards(d, *out_order, sale);
}

static bool
sale_payment(struct dbk_decision *d, const struct dbk_sale *sale, uint32_t order)
{
	struct dbk_row_order *row;

	if (sale->psp.size != 0)
		return dbk_order_pay(d, order, sale->psp, sale->paid) &&
		       dbk_forgery_paid(d, order, dbk_field("paid"));
	row = DBK_TOUCH(d->books, orders, order, order);
	row->flags |= DBK_ORDER_DIRECT;
	row->paid = row->total;
	return true;
}

static bool
sale_receipt(struct dbk_decision *d, const struct dbk_sale *sale, uint32_t order)
{
	struct dbk_receipt receipt;

	return sale->delivered_at == DBK_TIME_ABSENT ||
	       (dbk_order_receive(d, order, 0, &receipt) &&
		dbk_order_recognise(d, order) && dbk_receipt_cloud(d, order, &receipt));
}

bool
dbk_decide_sale_recorded(struct dbk_decision *d)
{
	const struct dbk_sale *sale = &d->event->u.sale;
	uint32_t order;

	if (!sale_placed(d, sale, &order) || !sale_payment(d, sale, order) ||
	    !sale_receipt(d, sale, order))
		return false;
	return sale->psp.size == 0 ||
	       ((!dbk_guard_is_on(d->books, DBK_GUARD_EXPOSURE) ||
		 dbk_exposure_payment(d, order)) &&
		(!dbk_guard_is_on(d->books, DBK_GUARD_MATCH) ||
		 dbk_matching_paid(d, order)));
}

/* What the guards say of a receipt of ORDER. */
static bool
receipt_guards(struct dbk_decision *d, uint32_t order,
	       const struct dbk_receipt *receipt)
{
	if (!dbk_receipt_cloud(d, order, receipt))
		return false;
	return receipt->unshipped == 0 ||
	       DBK_ROW(d->books, orders, order, order)->fulfilment ==
		   DBK_STORE_PICKUP ||
	       (dbk_matching_received(d, order, receipt->unshipped) &&
		dbk_forgery_unscanned(d, order));
}

bool
dbk_decide_receipt_confirmed(struct dbk_decision *d)
{
	const struct dbk_receipt_confirmed *e = &d->event->u.receipt_confirmed;
	uint32_t order, line = 0;
	struct dbk_receipt receipt;

	if (!dbk_order_find(d, e->order, &order))
		return false;
	if (e->line != 0) {
		line = dbk_order_line(d->books, order, e->line);
		if (line == 0)
			return dbk_refuse_measured(d, DBK_RULE_ORDER_LINE_UNKNOWN,
						   dbk_field("line"), e->line, 0);
	}
	return dbk_order_receive(d, order, line, &receipt) &&
	       dbk_order_recognise(d, order) && receipt_guards(d, order, &receipt);
}

bool
dbk_decide_order_cancelled(struct dbk_decision *d)
{
	const struct dbk_order_cancelled *e = &d->event->u.order_cancelled;
	const struct dbk_row_order *row;
	uint32_t order;

	if (!dbk_order_find(d, e->order, &order))
		return false;
	row = DBK_ROW(d->books, orders, order, order);
	if (row->paid > 0)
		return dbk_refuse_measured(d, DBK_RULE_ORDER_PAID, dbk_field("order"),
					   row->paid, 0);
	for (uint32_t i = 0; i < row->n_lines; i++) {
		uint32_t at = row->first_line + i;
		const struct dbk_row_line *line = DBK_ROW(d->books, lines, line, at);

		if (line->flags & DBK_LINE_RECEIVED)
			return dbk_refuse_measured(d, DBK_RULE_ALREADY_RECEIVED,
						   dbk_field("order"), line->line, 0);
		if (line->shipped > 0 && !dbk_line_unship(d, at, line->shipped))
			return false;
	}
	DBK_TOUCH(d->books, orders, order, order)->flags |= DBK_ORDER_CANCELLED;
	return true;
}
