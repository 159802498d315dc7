/*
 * refunds.c -- money back, and goods back.
 *
 *	(none) -- requested --> REQUESTED -- rejected --> REJECTED
 *	(none), REQUESTED -- approved --> APPROVED -- paid --> PAID
 *
 * Before a line's revenue is recognised a refund comes out of escrow, afterwards out of
 * returns or of the seller's proceeds.  Whether a commission was paid in between never
 * decides about a refund; the commission follows it (reversals.c).
 */

#include "books/goods_core.h"

static uint32_t
refund_find(const struct dbk_books *books, struct dbk_str name)
{
	return dbk_names_find(&books->names, DBK_SPACE_REFUND, name);
}

/* Order and line of a refund, and that amount and quantity are still there. */
static bool
refund_target(struct dbk_decision *d, const struct dbk_refund_step *e,
	      uint32_t *out_order, uint32_t *out_line)
{
	const struct dbk_row_line *line;

	if (!dbk_order_find(d, e->order, out_order))
		return false;
	*out_line = dbk_order_line(d->books, *out_order, e->line);
	if (*out_line == 0)
		return dbk_refuse_measured(d, DBK_RULE_ORDER_LINE_UNKNOWN,
					   dbk_field("line"), e->line, 0);
	line = DBK_ROW(d->books, lines, line, *out_line);
	if (e->amount > line->amount - line->refunded)
		return dbk_refuse_measured(d, DBK_RULE_REFUND_EXCEEDS_LINE,
					   dbk_field("amount"), e->amount,
					   line->amount - line->refunded);
	if (e->qty > line->qty - line->returned)
		return dbk_refuse_measured(d, DBK_RULE_RETURN_EXCEEDS_LINE,
					   dbk_field("qty"), e->qty,
					   line->qty - line->returned);
	return true;
}

bool
dbk_decide_refund_requested(struct dbk_decision *d)
{
	const struct dbk_refund_step *e = &d->event->u.refund_step;
	uint32_t refund = refund_find(d->books, e->refund), order, line;
	struct dbk_row_refund *row;

	if (refund != 0)
		return dbk_refuse_measured(d, DBK_RULE_REFUND_STATE, dbk_field("refund"),
					   DBK_ROW(d->books, refunds, refund, refund)->state,
					   0);
	if (!refund_target(d, e, &order, &line) ||
	    !dbk_intern(d, DBK_SPACE_REFUND, e->refund, &refund))
		return false;
	row = DBK_TOUCH(d->books, refunds, refund, refund);
	row->order = order;
	row->line = line;
	row->state = DBK_REFUND_REQUESTED;
	row->amount = e->amount;
	row->qty = e->qty;
	return true;
}

/* A refund by name that is in STATE. */
static bool
refund_in_state(struct dbk_decision *d, struct dbk_str name, uint32_t state,
		uint32_t *out)
{
	uint32_t refund = refund_find(d->books, name);

	if (refund == 0)
		return dbk_refuse(d, DBK_RULE_REFUND_UNKNOWN, dbk_field("refund"), name);
	if (DBK_ROW(d->books, refunds, refund, refund)->state != state)
		return dbk_refuse_measured(d, DBK_RULE_REFUND_STATE, dbk_field("refund"),
					   DBK_ROW(d->books, refunds, refund, refund)->state,
					   state);
	*out = refund;
	return true;
}

bool
dbk_decide_refund_rejected(struct dbk_decision *d)
{
	const struct dbk_refund_step *e = &d->event->u.refund_step;
	struct dbk_row_refund *row;
	uint32_t refund;

	if (!refund_in_state(d, e->refund, DBK_REFUND_REQUESTED, &refund))
		return false;
	row = DBK_TOUCH(d->books, refunds, refund, refund);
	row->state = DBK_REFUND_REJECTED;
	d->order = row->order;
	return true;
}

/* An approval answers the request of the same name, if there was one. */
static bool
refund_answers(struct dbk_decision *d, const struct dbk_refund_step *e, uint32_t refund,
	       uint32_t order, uint32_t line)
{
	const struct dbk_row_refund *row;

	if (refund == 0)
		return true;
	row = DBK_ROW(d->books, refunds, refund, refund);
	if (row->state != DBK_REFUND_REQUESTED || row->order != order ||
	    row->line != line)
		return dbk_refuse_measured(d, DBK_RULE_REFUND_STATE, dbk_field("refund"),
					   row->state, DBK_REFUND_REQUESTED);
	if (e->amount > row->amount)
		return dbk_refuse_measured(d, DBK_RULE_REFUND_EXCEEDS_REQUEST,
					   dbk_field("amount"), e->amount, row->amount);
	if (e->qty > row->qty)
		return dbk_refuse_measured(d, DBK_RULE_REFUND_EXCEEDS_REQUEST,
					   dbk_field("qty"), e->qty, row->qty);
	return true;
}

/* Where AMOUNT of a line comes from: escrow, the proceeds of whoever sold goods of their
 * own, or returns. */
static bool
refund_debit(struct dbk_decision *d, uint32_t order, uint32_t line_row, int64_t before,
	     int64_t amount)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);
	bool recognised =
	    DBK_ROW(d->books, lines, line, line_row)->flags & DBK_LINE_RECOGNISED;
	enum dbk_account_code code;
	uint32_t owner;

	if (!recognised && row->kind != DBK_ORDER_RESTOCK)
		return dbk_post_order(d, DBK_ESCROW, order, amount);
	if (row->fulfilment == DBK_HOLDER_SHIP)
		return dbk_reverse_proceeds(d, order, line_row, before, amount);
	dbk_order_revenue(d->books, order, true, &code, &owner);
	return dbk_post(d, code, owner, amount);
}

bool
dbk_line_refund(struct dbk_decision *d, uint32_t order, uint32_t line_row, int64_t amount,
		uint32_t psp)
{
	struct dbk_row_order *row = DBK_TOUCH(d->books, orders, order, order);
	struct dbk_row_line *line = DBK_TOUCH(d->books, lines, line, line_row);
	int64_t before = line->refunded;

	row->refunded += amount;
	line->refunded += amount;
	if (amount == 0 || (row->flags & DBK_ORDER_DIRECT))
		return true;
	if (!refund_debit(d, order, line_row, before, amount))
		return false;
	return (psp != 0 ? dbk_post(d, DBK_PSP_CLEARING, psp, -amount)
			 : dbk_post_order(d, DBK_REFUND_PAYABLE, order, -amount)) &&
	       dbk_reverse_line(d, order, line_row, before) &&
	       dbk_line_score(d, order, line_row, -amount);
}

static bool
refund_money(struct dbk_decision *d, uint32_t order, uint32_t line_row, int64_t amount)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);

	if (amount > row->paid - row->refunded)
		return dbk_refuse_measured(d, DBK_RULE_REFUND_EXCEEDS_PAID,
					   dbk_field("amount"), amount,
					   row->paid - row->refunded);
	return dbk_line_refund(d, order, line_row, amount, 0);
}

/* Goods that an agent had restocked go back out of the agent's stock. */
static bool
return_restocked(struct dbk_decision *d, uint32_t buyer, uint32_t good, int64_t qty)
{
	uint32_t holder, position;

	return dbk_agent_holder(d, buyer, &holder) &&
	       dbk_position_find(d, holder, good, DBK_PLACE_PHYSICAL, &position) &&
	       dbk_move(d, dbk_field("qty"), DBK_MOVE_RETURNED, position, good, -qty, qty,
			0);
}

/* Where units were sent from, and where they go now. */
struct way_back {
	const struct dbk_row_order *order;
	uint32_t from; /* position they were sent from, 0: supply */
	uint32_t line_row;
	uint32_t holder; /* who takes them, 0: supply */
	uint32_t good;
};

/* QTY units of one good come back.  The position they were sold from takes note, wherever
 * they go now: sell-through counts what stayed sold. */
static bool
return_part(struct dbk_decision *d, const struct way_back *way, int64_t qty)
{
	static const uint8_t kinds[] = { 0, DBK_CONSUMED_RETAIL, DBK_CONSUMED_SELF_USE,
					 DBK_CONSUMED_RETAIL, DBK_CONSUMED_SAMPLE };
	bool restock = way->order->kind == DBK_ORDER_RESTOCK;
	bool home;
	uint32_t to;

	if (!dbk_position_find(d, way->holder, way->good, DBK_PLACE_PHYSICAL, &to) ||
	    !dbk_verified_return(d, way->line_row, way->from, qty))
		return false;
	home = !restock && to == way->from;
	if (restock) {
		if (!return_restocked(d, way->order->buyer, way->good, qty))
			return false;
	} else {
		DBK_TOUCH(d->books, goods, good, way->good)
			->consumed[kinds[way->order->kind] - 1] -= qty;
		if (way->from != 0 && !home &&
		    !dbk_move(d, dbk_field("qty"), DBK_MOVE_TAKEN_BACK, way->from,
			      way->good, 0, qty, 0))
			return false;
	}
	return dbk_move(d, dbk_field("qty"), home ? DBK_MOVE_TAKEN_BACK : DBK_MOVE_RECEIVED,
			to, way->good, qty, qty, 0);
}

/* Units that the buyer had come back: those of the newest shipment first, last those
 * that no shipment was reported for. */
static bool
return_received(struct dbk_decision *d, const struct dbk_row_order *order,
		uint32_t line_row, uint32_t holder, int64_t qty)
{
	const struct dbk_row_line *line = DBK_ROW(d->books, lines, line, line_row);
	struct way_back way = { order, 0, line_row, holder, 0 };
	uint32_t at = line->shipment;

	for (; at != 0 && qty > 0;
	     at = DBK_ROW(d->books, shipments, shipment, at)->next) {
		struct dbk_row_shipment *row =
			DBK_TOUCH(d->books, shipments, shipment, at);
		int64_t part = row->delivered < qty ? row->delivered : qty;

		row->delivered -= part;
		qty -= part;
		way.from = row->position;
		way.good = row->good;
		if (part > 0 && !return_part(d, &way, part))
			return false;
	}
	way.from = line->origin;
	way.good = line->good;
	return qty == 0 || return_part(d, &way, qty);
}

static bool
refund_goods(struct dbk_decision *d, const struct dbk_refund_step *e, uint32_t order,
	     uint32_t line_row)
{
	struct dbk_row_line *line = DBK_TOUCH(d->books, lines, line, line_row);
	int64_t unshipped = line->qty - line->returned - line->shipped;
	uint32_t holder;

	if (e->qty == 0)
		return true;
	line->returned += e->qty;
	if (line->flags & DBK_LINE_RECEIVED)
		return dbk_holder_find(d, dbk_field("restock_to"), &e->restock_to, false,
				       &holder) &&
		       return_received(d, DBK_ROW(d->books, orders, order, order),
				       line_row, holder, e->qty);
	/* Not sent yet, so not sent at all; what is on its way turns round. */
	if (e->qty > unshipped)
		return dbk_line_unship(d, line_row, e->qty - unshipped);
	return true;
}

bool
dbk_decide_refund_approved(struct dbk_decision *d)
{
	const struct dbk_refund_step *e = &d->event->u.refund_step;
	uint32_t refund = refund_find(d->books, e->refund), order, line;
	struct dbk_row_refund *row;

	if (!refund_target(d, e, &order, &line) ||
	    !refund_answers(d, e, refund, order, line) ||
	    !refund_money(d, order, line, e->amount) || !refund_goods(d, e, order, line))
		return false;
	if (refund == 0 && !dbk_intern(d, DBK_SPACE_REFUND, e->refund, &refund))
		return false;
	row = DBK_TOUCH(d->books, refunds, refund, refund);
	row->order = order;
	row->line = line;
	row->state = e->amount == 0 ? DBK_REFUND_PAID : DBK_REFUND_APPROVED;
	row->amount = e->amount;
	row->qty = e->qty;
	return dbk_matching_refunded(d, order, line) && dbk_forgery_refund(d, order);
}

bool
dbk_decide_refund_paid(struct dbk_decision *d)
{
	const struct dbk_refund_paid *e = &d->event->u.refund_paid;
	struct dbk_row_refund *row;
	uint32_t refund, psp;

	if (!refund_in_state(d, e->refund, DBK_REFUND_APPROVED, &refund))
		return false;
	row = DBK_TOUCH(d->books, refunds, refund, refund);
	row->state = DBK_REFUND_PAID;
	d->order = row->order;
	if (DBK_ROW(d->books, orders, order, row->order)->flags & DBK_ORDER_DIRECT)
		return true;
	return dbk_intern(d, DBK_SPACE_TAG, e->psp, &psp) &&
	       dbk_post_order(d, DBK_REFUND_PAYABLE, row->order, row->amount) &&
	       dbk_post(d, DBK_PSP_CLEARING, psp, -row->amount);
}
