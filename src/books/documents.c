/*
 * documents.c -- stock documents: goods issued, transferred, consumed, returned, counted.
 *
 * A transfer to an agent is not a sale.  Goods issued to an agent against money are
 * sell-in and post to sales.sell_in; nothing here touches sales.retail.
 */

#include "base/money.h"
#include "books/core.h"

/* One line of a document, found in the books. */
struct found_line {
	uint32_t good;
	int64_t qty;
	int64_t value; /* qty * unit price */
};

static bool
line_find(struct dbk_decision *d, const struct dbk_stock_line *lines, uint32_t i,
	  struct found_line *out)
{
	out->qty = lines[i].qty;
	if (!dbk_money_multiply(lines[i].qty, lines[i].unit_price, &out->value))
		return dbk_refuse_measured(d, DBK_RULE_AMOUNT_OVERFLOW,
					   dbk_field_of("lines", i, "unit_price"),
					   lines[i].unit_price, DBK_AMOUNT_MAX);
	return dbk_good_find(d, dbk_field_of("lines", i, "sku"),
			     dbk_field_of("lines", i, "lot"), lines[i].sku, lines[i].lot,
			     &out->good);
}

/* A side of a document: a holder and a place. */
struct side {
	uint32_t holder;
	uint32_t place;
	enum dbk_movement kind;
};

static bool
move_side(struct dbk_decision *d, uint32_t i, const struct side *side,
	  const struct found_line *line, int64_t sign)
{
	uint32_t position;
	int64_t value = side->kind == DBK_MOVE_RECEIVED ? line->value : 0;

	return dbk_position_find(d, side->holder, line->good, side->place, &position) &&
	       dbk_move(d, dbk_field_of("lines", i, "qty"), side->kind, position,
			line->good, sign * line->qty, line->qty, value);
}

static bool
move_lines(struct dbk_decision *d, const struct dbk_stock_line *lines, uint32_t n,
	   const struct side *from, const struct side *to, int64_t *out_value)
{
	*out_value = 0;
	for (uint32_t i = 0; i < n; i++) {
		struct found_line line;

		if (!line_find(d, lines, i, &line) ||
		    !move_side(d, i, from, &line, -1) || !move_side(d, i, to, &line, 1))
			return false;
		if (!dbk_money_add(*out_value, line.value, out_value) ||
		    *out_value > DBK_AMOUNT_MAX)
			return dbk_refuse_measured(d, DBK_RULE_AMOUNT_OVERFLOW,
						   dbk_field_of("lines", i, "unit_price"),
						   *out_value, DBK_AMOUNT_MAX);
	}
	return true;
}

/* An order is traded by its own events or answered by issues, never by both: goods and
 * money would count twice. */
static bool
issue_order(struct dbk_decision *d, const struct dbk_stock_issued *e)
{
	const struct dbk_row_order *row;
	uint32_t order;

	if (e->order.size == 0)
		return true;
	if (!dbk_order_refer(d, e->order, &order))
		return false;
	row = DBK_ROW(d->books, orders, order, order);
	if (row->kind != DBK_ORDER_RESTOCK)
		return dbk_refuse(d, DBK_RULE_ORDER_KIND_MISMATCH, dbk_field("order"),
				  e->order);
	if (row->paid > 0)
		return dbk_refuse_measured(d, DBK_RULE_ORDER_PAID, dbk_field("order"),
					   row->paid, 0);
	for (uint32_t i = 0; i < row->n_lines; i++) {
		const struct dbk_row_line *line =
			DBK_ROW(d->books, lines, line, row->first_line + i);

		if (line->shipped > 0 || (line->flags & DBK_LINE_RECEIVED))
			return dbk_refuse(d, DBK_RULE_ALREADY_RECEIVED,
					  dbk_field("order"), e->order);
	}
	DBK_TOUCH(d->books, orders, order, order)->flags |= DBK_ORDER_ISSUED;
	return true;
}

static bool
issue_payment(struct dbk_decision *d, const struct dbk_stock_issued *e, uint32_t holder,
	      int64_t value)
{
	const struct dbk_row_holder *to = DBK_ROW(d->books, holders, holder, holder);
	uint32_t psp;

	if (e->psp.size == 0)
		return true;
	if (to->kind != DBK_HOLDER_AGENT)
		return dbk_refuse(d, DBK_RULE_HOLDER_KIND, dbk_field("to"),
				  e->to.location);
	if (e->paid != value)
		return dbk_refuse_measured(d, DBK_RULE_AMOUNT_MISMATCH, dbk_field("paid"),
					   e->paid, value);
	if (value == 0)
		return true;
	return dbk_intern(d, DBK_SPACE_TAG, e->psp, &psp) &&
	       dbk_post(d, DBK_PSP_CLEARING, psp, value) &&
	       dbk_post(d, DBK_SALES_SELL_IN, to->owner, -value);
}

bool
dbk_decide_stock_issued(struct dbk_decision *d)
{
	const struct dbk_stock_issued *e = &d->event->u.stock_issued;
	struct side from = { 0, DBK_PLACE_PHYSICAL, DBK_MOVE_PASSED_DOWN };
	struct side to = { 0, e->place, DBK_MOVE_RECEIVED };
	int64_t value;

	if (e->from.kind == DBK_HOLDER_AGENT)
		return dbk_refuse(d, DBK_RULE_HOLDER_KIND, dbk_field("from"),
				  e->from.agent);
	if (!dbk_holder_find(d, dbk_field("from"), &e->from, true, &from.holder) ||
	    !dbk_holder_find(d, dbk_field("to"), &e->to, true, &to.holder))
		return false;
	if (from.holder == to.holder)
		return dbk_refuse(d, DBK_RULE_SAME_HOLDER, dbk_field("to"),
				  e->to.location);
	return issue_order(d, e) &&
	       move_lines(d, e->lines, e->n_lines, &from, &to, &value) &&
	       issue_payment(d, e, to.holder, value);
}

/* Why goods leave FROM towards TO. */
static void
transfer_kinds(const struct dbk_stock_transferred *e, struct side *from, struct side *to)
{
	from->kind = DBK_MOVE_PASSED_DOWN;
	to->kind = DBK_MOVE_RECEIVED;
	if (from->holder == to->holder)
		from->kind = to->kind = DBK_MOVE_RELOCATED;
	else if (e->from.kind == DBK_HOLDER_AGENT && e->to.kind == DBK_HOLDER_LOCATION)
		from->kind = DBK_MOVE_RETURNED;
}

bool
dbk_decide_stock_transferred(struct dbk_decision *d)
{
	const struct dbk_stock_transferred *e = &d->event->u.stock_transferred;
	struct side from = { 0, e->from_place, DBK_MOVE_NONE };
	struct side to = { 0, e->to_place, DBK_MOVE_NONE };
	int64_t value;

	if (e->from.kind == DBK_HOLDER_SUPPLY || e->to.kind == DBK_HOLDER_SUPPLY)
		return dbk_refuse(d, DBK_RULE_HOLDER_KIND,
				  dbk_field(e->from.kind == DBK_HOLDER_SUPPLY ? "from"
									      : "to"),
				  dbk_str_make("", 0));
	/* Told after the fact, so whoever received it has it, active or not. */
	if (!dbk_holder_find(d, dbk_field("from"), &e->from, false, &from.holder) ||
	    !dbk_holder_find(d, dbk_field("to"), &e->to, false, &to.holder))
		return false;
	if (from.holder == to.holder && from.place == to.place)
		return dbk_refuse(d, DBK_RULE_SAME_HOLDER, dbk_field("to"),
				  e->to.kind == DBK_HOLDER_AGENT ? e->to.agent
								 : e->to.location);
	transfer_kinds(e, &from, &to);
	return move_lines(d, e->lines, e->n_lines, &from, &to, &value);
}

static enum dbk_movement
consumption(uint32_t kind)
{
	static const enum dbk_movement moves[] = { DBK_MOVE_NONE, DBK_MOVE_SOLD,
						   DBK_MOVE_SELF_USED, DBK_MOVE_SAMPLED,
						   DBK_MOVE_LOST };

	dbk_assert(kind >= DBK_CONSUMED_RETAIL && kind <= DBK_CONSUMED_LOSS);
	return moves[kind];
}

bool
dbk_decide_stock_consumed(struct dbk_decision *d)
{
	const struct dbk_stock_consumed *e = &d->event->u.stock_consumed;
	struct side from = { 0, e->place, consumption(e->kind) };
	uint32_t order;

	if (e->holder.kind == DBK_HOLDER_SUPPLY)
		return dbk_refuse(d, DBK_RULE_HOLDER_KIND, dbk_field("holder"),
				  dbk_str_make("", 0));
	if (!dbk_holder_find(d, dbk_field("holder"), &e->holder, false, &from.holder))
		return false;
	if (e->order.size != 0 && !dbk_order_refer(d, e->order, &order))
		return false;
	for (uint32_t i = 0; i < e->n_lines; i++) {
		struct dbk_row_good *good;
		struct found_line line;

		if (!line_find(d, e->lines, i, &line) ||
		    !move_side(d, i, &from, &line, -1))
			return false;
		good = DBK_TOUCH(d->books, goods, good, line.good);
		good->consumed[e->kind - 1] += line.qty;
	}
	return true;
}

bool
dbk_decide_stock_returned(struct dbk_decision *d)
{
	const struct dbk_stock_returned *e = &d->event->u.stock_returned;
	struct side from = { 0, e->place, DBK_MOVE_RETURNED };
	struct side to = { 0, DBK_PLACE_PHYSICAL, DBK_MOVE_RECEIVED };
	uint32_t agent;
	int64_t credit;

	if (e->to.kind == DBK_HOLDER_AGENT)
		return dbk_refuse(d, DBK_RULE_HOLDER_KIND, dbk_field("to"), e->to.agent);
	/* Whoever has left the network may still give goods back. */
	if (!dbk_agent_find(d, dbk_field("agent"), e->agent, false, &agent) ||
	    !dbk_agent_holder(d, agent, &from.holder) ||
	    !dbk_holder_find(d, dbk_field("to"), &e->to, true, &to.holder) ||
	    !move_lines(d, e->lines, e->n_lines, &from, &to, &credit))
		return false;
	return credit == 0 || (dbk_post(d, DBK_SELL_IN_RETURNS, agent, credit) &&
			       dbk_post(d, DBK_BUYBACK_PAYABLE, agent, -credit));
}

bool
dbk_decide_stock_counted(struct dbk_decision *d)
{
	const struct dbk_stock_counted *e = &d->event->u.stock_counted;
	uint32_t holder, good, position;
	int64_t difference;

	if (e->holder.kind == DBK_HOLDER_SUPPLY)
		return dbk_refuse(d, DBK_RULE_HOLDER_KIND, dbk_field("holder"),
				  dbk_str_make("", 0));
	if (!dbk_holder_find(d, dbk_field("holder"), &e->holder, false, &holder) ||
	    !dbk_good_find(d, dbk_field("sku"), dbk_field("lot"), e->sku, e->lot,
			   &good) ||
	    !dbk_position_find(d, holder, good, e->place, &position))
		return false;
	difference =
		e->counted - DBK_ROW(d->books, positions, position, position)->on_hand;
	if (difference == 0)
		return true;
	return dbk_good_bring(d, dbk_field("counted"),
			      &DBK_TOUCH(d->books, goods, good, good)->difference,
			      -difference) &&
	       dbk_move(d, dbk_field("counted"), DBK_MOVE_COUNTED, position, good,
			difference, difference, 0);
}
