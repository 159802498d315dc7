/*
 * documents.c -- stock documents: goods issued, transferred, consumed, returned,
 * counted.
 *
 * A transfer to an agent is not a sale.  Goods issued to an agent against money are
 * sell-in and post to sales.sell_in; nothing here touches sales.retail.
 */

#include "base/money.h"
#include "books/goods_core.h"

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
			     dbk_field_of("lines", i, "lot"), lines[i].sku,
			     lines[i].lot, &out->good);
}

/* A side of a document: a holder and a place. */
struct side {
	uint32_t holder;
	uint32_t place;
	enum dbk_movement kind;
};

/* Lines of goods on their way. */
struct document {
	const struct dbk_stock_line *lines;
	uint32_t n;
	struct side from, to;
	int64_t value;
};

/* The agent whose holder this is; 0: nobody's, a location's. */
static uint32_t
agent_of(const struct dbk_books *books, uint32_t holder)
{
	const struct dbk_row_holder *row = DBK_ROW(books, holders, holder, holder);

	return row->kind == DBK_HOLDER_AGENT ? row->owner : 0;
}

static bool
move_side(struct dbk_decision *d, uint32_t i, const struct side *side,
	  const struct found_line *line, int64_t sign, uint32_t *out_position)
{
	int64_t value = side->kind == DBK_MOVE_RECEIVED ? line->value : 0;

	return dbk_position_find(d, side->holder, line->good, side->place,
				 out_position) &&
	       dbk_move(d, dbk_field_of("lines", i, "qty"), side->kind, *out_position,
			line->good, sign * line->qty, line->qty, value);
}

/* A transfer asks before goods move, as what they do to the receiver is asked. */
static bool
may_move(struct dbk_decision *d, uint32_t i, const struct document *document,
	 const struct found_line *line)
{
	struct dbk_field field = dbk_field_of("lines", i, "qty");

	if (d->event->type != DBK_EVENT_STOCK_TRANSFERRED)
		return true;
	return dbk_goods_out_check(d, document->to.holder, line->good, field) &&
	       dbk_push_down_check(d, document->to.holder, line->good, line->qty,
				   field);
}

/* Goods that an agent got have come one step further. */
static bool
step_on(struct dbk_decision *d, const struct document *document,
	const struct found_line *line, uint32_t from, uint32_t to)
{
	bool within = document->from.holder == document->to.holder;

	if (agent_of(d->books, document->to.holder) == 0)
		return true;
	return dbk_supply_step(d, from, to, line->qty, within ? -1 : line->value,
			       d->event->type == DBK_EVENT_STOCK_ISSUED);
}

static bool
move_lines(struct dbk_decision *d, struct document *document)
{
	document->value = 0;
	for (uint32_t i = 0; i < document->n; i++) {
		struct found_line line;
		uint32_t from, to;

		if (!line_find(d, document->lines, i, &line) ||
		    !may_move(d, i, document, &line) ||
		    !move_side(d, i, &document->from, &line, -1, &from) ||
		    !move_side(d, i, &document->to, &line, 1, &to) ||
		    !step_on(d, document, &line, from, to))
			return false;
		if (!dbk_money_add(document->value, line.value, &document->value) ||
		    document->value > DBK_AMOUNT_MAX)
			return dbk_refuse_measured(
			    d, DBK_RULE_AMOUNT_OVERFLOW,
			    dbk_field_of("lines", i, "unit_price"), document->value,
			    DBK_AMOUNT_MAX);
	}
	return true;
}

/* ----------------------------------------------------------- guards, all goods moved
 */

typedef bool line_guard_fn(struct dbk_decision *d, const struct document *document,
			   uint32_t good, struct dbk_field field);

static bool
each_line(struct dbk_decision *d, const struct document *document, enum dbk_guard guard,
	  line_guard_fn *fn)
{
	if (dbk_guard_mode(d->books, guard) == DBK_GUARD_OFF)
		return true;
	for (uint32_t i = 0; i < document->n; i++) {
		struct found_line line;

		if (!line_find(d, document->lines, i, &line) ||
		    !fn(d, document, line.good, dbk_field_of("lines", i, "qty")))
			return false;
	}
	return true;
}

static bool
guard_goods_out(struct dbk_decision *d, const struct document *document, uint32_t good,
		struct dbk_field field)
{
	return dbk_goods_out_check(d, document->to.holder, good, field);
}

static bool
guard_network(struct dbk_decision *d, const struct document *document, uint32_t good,
	      struct dbk_field field)
{
	(void)document;
	return dbk_network_check(d, DBK_ROW(d->books, goods, good, good)->sku, field);
}

static bool
guard_multi_count(struct dbk_decision *d, const struct document *document,
		  uint32_t good, struct dbk_field field)
{
	(void)document;
	return dbk_multi_count_check(d, DBK_ROW(d->books, goods, good, good)->sku,
				     field);
}

/* Is SIDE part of what agents were promised; of what there is for them? */
static bool
is_cloud(const struct dbk_books *books, const struct side *side)
{
	return side->place == DBK_PLACE_CLOUD && agent_of(books, side->holder) != 0;
}

static bool
is_brand(const struct dbk_books *books, const struct side *side)
{
	return side->place == DBK_PLACE_PHYSICAL && side->holder != 0 &&
	       agent_of(books, side->holder) == 0;
}

static bool
guard_cloud(struct dbk_decision *d, const struct document *document, uint32_t good,
	    struct dbk_field field)
{
	const struct dbk_books *books = d->books;
	bool grew = is_cloud(books, &document->to) && !is_cloud(books, &document->from);
	bool fell = is_brand(books, &document->from) && !is_brand(books, &document->to);

	return (!grew && !fell) ||
	       dbk_cloud_check(d, DBK_ROW(books, goods, good, good)->sku, grew, field);
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
	if (dbk_request_is_named(d->books, e->order))
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
		return dbk_refuse_measured(d, DBK_RULE_AMOUNT_MISMATCH,
					   dbk_field("paid"), e->paid, value);
	if (value == 0)
		return true;
	return dbk_intern(d, DBK_SPACE_TAG, e->psp, &psp) &&
	       dbk_post(d, DBK_PSP_CLEARING, psp, value) &&
	       dbk_post(d, DBK_SALES_SELL_IN, to->owner, -value);
}

/* What the guards say of goods issued to an agent. */
static bool
issue_guards(struct dbk_decision *d, const struct document *document)
{
	uint32_t agent = agent_of(d->books, document->to.holder);

	if (!dbk_request_issue(d, document->to.holder))
		return false;
	if (agent != 0 &&
	    (!each_line(d, document, DBK_GUARD_GOODS_OUT, guard_goods_out) ||
	     !dbk_joining_check(d, agent, document->value, dbk_field("paid")) ||
	     !each_line(d, document, DBK_GUARD_NETWORK, guard_network)))
		return false;
	return each_line(d, document, DBK_GUARD_CLOUD, guard_cloud);
}

bool
dbk_decide_stock_issued(struct dbk_decision *d)
{
	const struct dbk_stock_issued *e = &d->event->u.stock_issued;
	struct document document = {
		.lines = e->lines,
		.n = e->n_lines,
		.from = { 0, DBK_PLACE_PHYSICAL, DBK_MOVE_PASSED_DOWN },
		.to = { 0, e->place, DBK_MOVE_RECEIVED },
	};

	if (e->from.kind == DBK_HOLDER_AGENT)
		return dbk_refuse(d, DBK_RULE_HOLDER_KIND, dbk_field("from"),
				  e->from.agent);
	if (!dbk_holder_find(d, dbk_field("from"), &e->from, true,
			     &document.from.holder) ||
	    !dbk_holder_find(d, dbk_field("to"), &e->to, true, &document.to.holder))
		return false;
	if (document.from.holder == document.to.holder)
		return dbk_refuse(d, DBK_RULE_SAME_HOLDER, dbk_field("to"),
				  e->to.location);
	return issue_order(d, e) && move_lines(d, &document) &&
	       issue_payment(d, e, document.to.holder, document.value) &&
	       issue_guards(d, &document);
}

/* Why goods leave FROM towards TO. */
static void
transfer_kinds(const struct dbk_stock_transferred *e, struct side *from,
	       struct side *to)
{
	from->kind = DBK_MOVE_PASSED_DOWN;
	to->kind = DBK_MOVE_RECEIVED;
	if (from->holder == to->holder)
		from->kind = to->kind = DBK_MOVE_RELOCATED;
	else if (e->from.kind == DBK_HOLDER_AGENT && e->to.kind == DBK_HOLDER_LOCATION)
		from->kind = DBK_MOVE_RETURNED;
}

/* What the guards say of goods that have been transferred. */
static bool
transfer_guards(struct dbk_decision *d, const struct document *document)
{
	uint32_t giver = agent_of(d->books, document->from.holder);
	uint32_t receiver = agent_of(d->books, document->to.holder);

	if (receiver != 0 && receiver != giver &&
	    !dbk_joining_check(d, receiver, document->value, dbk_field("lines")))
		return false;
	if (receiver != 0 && giver != 0 && receiver != giver &&
	    (!dbk_cycle_transfer(d, giver, receiver) ||
	     !each_line(d, document, DBK_GUARD_MULTI_COUNT, guard_multi_count)))
		return false;
	return each_line(d, document, DBK_GUARD_CLOUD, guard_cloud);
}

bool
dbk_decide_stock_transferred(struct dbk_decision *d)
{
	const struct dbk_stock_transferred *e = &d->event->u.stock_transferred;
	struct document document = {
		.lines = e->lines,
		.n = e->n_lines,
		.from = { 0, e->from_place, DBK_MOVE_NONE },
		.to = { 0, e->to_place, DBK_MOVE_NONE },
	};
	struct side *from = &document.from, *to = &document.to;

	if (e->from.kind == DBK_HOLDER_SUPPLY || e->to.kind == DBK_HOLDER_SUPPLY)
		return dbk_refuse(
		    d, DBK_RULE_HOLDER_KIND,
		    dbk_field(e->from.kind == DBK_HOLDER_SUPPLY ? "from" : "to"),
		    dbk_str_make("", 0));
	/* Told after the fact, so whoever received it has it, active or not. */
	if (!dbk_holder_find(d, dbk_field("from"), &e->from, false, &from->holder) ||
	    !dbk_holder_find(d, dbk_field("to"), &e->to, false, &to->holder))
		return false;
	if (from->holder == to->holder && from->place == to->place)
		return dbk_refuse(d, DBK_RULE_SAME_HOLDER, dbk_field("to"),
				  e->to.kind == DBK_HOLDER_AGENT ? e->to.agent
								 : e->to.location);
	transfer_kinds(e, from, to);
	return move_lines(d, &document) && transfer_guards(d, &document);
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
	struct document document = {
		.lines = e->lines,
		.n = e->n_lines,
		.from = { 0, e->place, consumption(e->kind) },
	};
	uint32_t order, position;

	if (e->holder.kind == DBK_HOLDER_SUPPLY)
		return dbk_refuse(d, DBK_RULE_HOLDER_KIND, dbk_field("holder"),
				  dbk_str_make("", 0));
	if (!dbk_holder_find(d, dbk_field("holder"), &e->holder, false,
			     &document.from.holder))
		return false;
	if (e->order.size != 0 && !dbk_order_refer(d, e->order, &order))
		return false;
	for (uint32_t i = 0; i < e->n_lines; i++) {
		struct dbk_row_good *good;
		struct found_line line;

		if (!line_find(d, e->lines, i, &line) ||
		    !move_side(d, i, &document.from, &line, -1, &position))
			return false;
		good = DBK_TOUCH(d->books, goods, good, line.good);
		good->consumed[e->kind - 1] += line.qty;
	}
	return each_line(d, &document, DBK_GUARD_CLOUD, guard_cloud);
}

bool
dbk_decide_stock_returned(struct dbk_decision *d)
{
	const struct dbk_stock_returned *e = &d->event->u.stock_returned;
	struct document document = {
		.lines = e->lines,
		.n = e->n_lines,
		.from = { 0, e->place, DBK_MOVE_RETURNED },
		.to = { 0, DBK_PLACE_PHYSICAL, DBK_MOVE_RECEIVED },
	};
	uint32_t agent;

	if (e->to.kind == DBK_HOLDER_AGENT)
		return dbk_refuse(d, DBK_RULE_HOLDER_KIND, dbk_field("to"),
				  e->to.agent);
	/* Whoever has left the network may still give goods back. */
	if (!dbk_agent_find(d, dbk_field("agent"), e->agent, false, &agent) ||
	    !dbk_agent_holder(d, agent, &document.from.holder) ||
	    !dbk_holder_find(d, dbk_field("to"), &e->to, true, &document.to.holder) ||
	    !move_lines(d, &document))
		return false;
	return document.value == 0 ||
	       (dbk_post(d, DBK_SELL_IN_RETURNS, agent, document.value) &&
		dbk_post(d, DBK_BUYBACK_PAYABLE, agent, -document.value));
}

/* A count has found DIFFERENCE of GOOD: what the guards say of it. */
static bool
count_guards(struct dbk_decision *d, const struct side *side, uint32_t good,
	     int64_t difference)
{
	bool grew = difference > 0 && is_cloud(d->books, side);
	bool fell = difference < 0 && is_brand(d->books, side);

	if ((grew || fell) &&
	    !dbk_cloud_check(d, DBK_ROW(d->books, goods, good, good)->sku, grew,
			     dbk_field("counted")))
		return false;
	return dbk_count_check(d, side->holder, difference);
}

bool
dbk_decide_stock_counted(struct dbk_decision *d)
{
	const struct dbk_stock_counted *e = &d->event->u.stock_counted;
	struct side side = { 0, e->place, DBK_MOVE_COUNTED };
	uint32_t good, position;
	int64_t difference;

	if (e->holder.kind == DBK_HOLDER_SUPPLY)
		return dbk_refuse(d, DBK_RULE_HOLDER_KIND, dbk_field("holder"),
				  dbk_str_make("", 0));
	if (!dbk_holder_find(d, dbk_field("holder"), &e->holder, false, &side.holder) ||
	    !dbk_good_find(d, dbk_field("sku"), dbk_field("lot"), e->sku, e->lot,
			   &good) ||
	    !dbk_position_find(d, side.holder, good, side.place, &position))
		return false;
	difference =
	    e->counted - DBK_ROW(d->books, positions, position, position)->on_hand;
	if (difference == 0)
		return true;
	return dbk_good_bring(d, dbk_field("counted"),
			      &DBK_TOUCH(d->books, goods, good, good)->difference,
			      -difference) &&
	       dbk_move(d, dbk_field("counted"), side.kind, position, good, difference,
			difference, 0) &&
	       count_guards(d, &side, good, difference);
}
