/*
 * matching.c -- the three flows of an order, held against each other: money that came
 * and goods that did not leave, goods that left and money that did not come, goods that
 * arrived and were never sent, money that went back and goods that did not.
 */

#include "books/goods_core.h"

#define SECONDS_PER_DAY 86400

static bool
is_on(struct dbk_books *books)
{
	return dbk_guard_mode(books, DBK_GUARD_MATCH) != DBK_GUARD_OFF;
}

static bool
differ(struct dbk_decision *d, enum dbk_rule rule, uint32_t order, int64_t measured)
{
	struct dbk_violation violation = { .guard = DBK_GUARD_MATCH,
					   .rule = rule,
					   .field = dbk_field("order"),
					   .subject_kind = DBK_SUBJECT_ORDER,
					   .subject = order,
					   .measured = measured };

	return dbk_finding_note(d, &violation);
}

/* Look at ORDER again when NUMBER days have gone by. */
static bool
look_again(struct dbk_decision *d, uint32_t order, enum dbk_guard_number number)
{
	int64_t second = dbk_due_second(d->event->effective_at) +
			 dbk_guard_number(d->books, number) * SECONDS_PER_DAY;

	return dbk_timer_add(d, DBK_TIMER_ORDER, order,
			     second > UINT32_MAX ? UINT32_MAX : (uint32_t)second);
}

bool
dbk_matching_paid(struct dbk_decision *d, uint32_t order)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);

	if (row->n_open == 0 || row->paid != row->total ||
	    (row->flags & DBK_ORDER_DIRECT) || !is_on(d->books))
		return true;
	return look_again(d, order, DBK_GUARD_SHIP_DAYS);
}

bool
dbk_matching_shipped(struct dbk_decision *d, uint32_t order)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);

	if (row->paid == row->total || !is_on(d->books))
		return true;
	return look_again(d, order, DBK_GUARD_PAY_DAYS);
}

bool
dbk_matching_received(struct dbk_decision *d, uint32_t order, int64_t unshipped)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);

	if (unshipped == 0 || row->fulfilment == DBK_STORE_PICKUP || !is_on(d->books))
		return true;
	return differ(d, DBK_RULE_RECEIVED_UNSHIPPED, order, unshipped);
}

bool
dbk_matching_refunded(struct dbk_decision *d, uint32_t order, uint32_t line_row)
{
	const struct dbk_row_line *line = DBK_ROW(d->books, lines, line, line_row);

	if (line->line == 0 || !(line->flags & DBK_LINE_RECEIVED) ||
	    line->amount == 0 || line->refunded < line->amount ||
	    line->returned == line->qty || !is_on(d->books))
		return true;
	return differ(d, DBK_RULE_REFUNDED_NOT_RETURNED, order,
		      line->qty - line->returned);
}

/* Where the goods of an order are. */
struct whereabouts {
	int64_t unsent; /* units */
	bool any_out;	/* something is in transit or has arrived */
};

static struct whereabouts
look_at(const struct dbk_books *books, const struct dbk_row_order *order)
{
	struct whereabouts out = { 0, false };

	for (uint32_t i = 0; i < order->n_lines; i++) {
		const struct dbk_row_line *line =
		    DBK_ROW(books, lines, line, order->first_line + i);

		if (line->line == 0)
			continue;
		if ((line->flags & DBK_LINE_RECEIVED) || line->shipped > 0)
			out.any_out = true;
		if (!(line->flags & DBK_LINE_RECEIVED))
			out.unsent += line->qty - line->returned - line->shipped;
	}
	return out;
}

bool
dbk_matching_come(struct dbk_decision *d, uint32_t order)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);
	struct whereabouts goods = look_at(d->books, row);

	if (row->flags & (DBK_ORDER_CANCELLED | DBK_ORDER_ISSUED))
		return true;
	if (row->paid < row->total)
		return !goods.any_out || differ(d, DBK_RULE_SHIPPED_NOT_PAID, order,
						row->total - row->paid);
	return goods.unsent == 0 ||
	       differ(d, DBK_RULE_PAID_NOT_SHIPPED, order, goods.unsent);
}
