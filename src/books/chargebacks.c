/*
 * chargebacks.c -- disputes: a buyer's bank asks for the money back.
 *
 *	(none) -- opened --> OPEN -- won --> WON
 *	                     OPEN -- lost --> LOST
 *
 * While a dispute is open its order is held.  One that is lost is a refund that nobody
 * approved, of what the order still has; what the bank takes beyond that is a loss.
 */

#include "books/core.h"
#include "plan/split.h"

bool
dbk_decide_chargeback_opened(struct dbk_decision *d)
{
	const struct dbk_chargeback_step *e = &d->event->u.chargeback_step;
	const struct dbk_row_order *of;
	struct dbk_row_chargeback *row;
	uint32_t order, chargeback, psp;
	int64_t limit;

	if (!dbk_order_find(d, e->order, &order))
		return false;
	of = DBK_ROW(d->books, orders, order, order);
	limit = of->flags & DBK_ORDER_DIRECT ? 0 : of->paid - of->refunded;
	if (e->amount > limit)
		return dbk_refuse_measured(d, DBK_RULE_CHARGEBACK_EXCEEDS_PAID,
					   dbk_field("amount"), e->amount, limit);
	if (!dbk_order_hold(d, order) || !dbk_intern(d, DBK_SPACE_TAG, e->psp, &psp) ||
	    !dbk_intern(d, DBK_SPACE_CHARGEBACK, e->chargeback, &chargeback))
		return false;
	row = DBK_TOUCH(d->books, chargebacks, chargeback, chargeback);
	row->order = order;
	row->state = DBK_CHARGEBACK_OPEN;
	row->psp = psp;
	row->amount = e->amount;
	return true;
}

/* A dispute by name that is open, to be changed. */
static bool
chargeback_find(struct dbk_decision *d, struct dbk_row_chargeback **out)
{
	struct dbk_str name = d->event->u.chargeback_step.chargeback;
	uint32_t id = dbk_names_find(&d->books->names, DBK_SPACE_CHARGEBACK, name);

	if (id == 0)
		return dbk_refuse(d, DBK_RULE_CHARGEBACK_UNKNOWN,
				  dbk_field("chargeback"), name);
	*out = DBK_TOUCH(d->books, chargebacks, chargeback, id);
	if ((*out)->state != DBK_CHARGEBACK_OPEN)
		return dbk_refuse_measured(d, DBK_RULE_CHARGEBACK_STATE,
					   dbk_field("chargeback"), (*out)->state,
					   DBK_CHARGEBACK_OPEN);
	d->order = (*out)->order;
	return true;
}

bool
dbk_decide_chargeback_won(struct dbk_decision *d)
{
	struct dbk_row_chargeback *row;

	if (!chargeback_find(d, &row))
		return false;
	row->state = DBK_CHARGEBACK_WON;
	return dbk_order_release(d, row->order);
}

/* AMOUNT of ORDER goes back, divided over its lines by what each still has. */
static bool
take_lines(struct dbk_decision *d, uint32_t order, int64_t amount, uint32_t psp)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);
	int64_t weights[DBK_LINES_MAX + 1], parts[DBK_LINES_MAX + 1];

	for (uint32_t i = 0; i < row->n_lines; i++) {
		const struct dbk_row_line *line =
		    DBK_ROW(d->books, lines, line, row->first_line + i);

		weights[i] = line->amount - line->refunded;
	}
	dbk_split_weights(amount, weights, row->n_lines, parts);
	for (uint32_t i = 0; i < row->n_lines; i++)
		if (parts[i] > 0 &&
		    !dbk_line_refund(d, order, row->first_line + i, parts[i], psp))
			return false;
	return true;
}

bool
dbk_decide_chargeback_lost(struct dbk_decision *d)
{
	struct dbk_row_chargeback *row;
	const struct dbk_row_order *order;
	int64_t there, loss;

	if (!chargeback_find(d, &row))
		return false;
	order = DBK_ROW(d->books, orders, order, row->order);
	there = order->paid - order->refunded;
	if (there == 0)
		return dbk_refuse_measured(d, DBK_RULE_NOTHING_TO_REVERSE,
					   dbk_field("chargeback"), row->amount, 0);
	row->state = DBK_CHARGEBACK_LOST;
	row->reversed = row->amount < there ? row->amount : there;
	loss = row->amount - row->reversed;
	if (!take_lines(d, row->order, row->reversed, row->psp))
		return false;
	if (loss > 0 && (!dbk_post(d, DBK_CHARGEBACK_LOSS, row->psp, loss) ||
			 !dbk_post(d, DBK_PSP_CLEARING, row->psp, -loss)))
		return false;
	return dbk_order_release(d, row->order);
}
