/*
 * shipments.c -- the flow of goods of an order: shipped, received, turned back.
 *
 * Units of a line are unshipped, in transit, received or returned.  A receipt takes
 * what is in transit and, where a platform does not report shipments, the rest straight
 * from whoever ships the order.
 */

#include "books/goods_core.h"

static struct dbk_str
name_of(const struct dbk_books *books, uint32_t space, uint32_t id)
{
	return dbk_names_get(&books->names, space, id);
}

/* Whose goods a shipment is: what the event says, within what the fulfilment allows. */
static bool
shipment_holder(struct dbk_decision *d, const struct dbk_goods_shipped *e,
		const struct dbk_row_order *order, uint32_t *out_holder)
{
	bool seller = e->holder.kind == DBK_HOLDER_AGENT &&
		      dbk_str_equal(e->holder.agent,
				    name_of(d->books, DBK_SPACE_AGENT, order->seller));

	*out_holder = order->ship_from;
	if (e->holder.kind == DBK_HOLDER_SUPPLY)
		return true;
	if (order->fulfilment == DBK_HOLDER_SHIP ? !seller
						 : e->holder.kind == DBK_HOLDER_AGENT)
		return dbk_refuse(d, DBK_RULE_HOLDER_KIND, dbk_field("holder"),
				  e->holder.kind == DBK_HOLDER_AGENT
				      ? e->holder.agent
				      : e->holder.location);
	return seller ||
	       dbk_holder_find(d, dbk_field("holder"), &e->holder, true, out_holder);
}

/* The good that is shipped: the line's, or of the lot that the shipment names. */
static bool
shipment_good(struct dbk_decision *d, struct dbk_str lot, uint32_t line_row,
	      uint32_t *out_good)
{
	uint32_t good = DBK_ROW(d->books, lines, line, line_row)->good;

	*out_good = good;
	if (lot.size == 0)
		return true;
	return dbk_good_find(
	    d, dbk_field("line"), dbk_field("lot"),
	    name_of(d->books, DBK_SPACE_SKU, DBK_ROW(d->books, goods, good, good)->sku),
	    lot, out_good);
}

static bool
is_location(const struct dbk_books *books, uint32_t holder)
{
	return DBK_ROW(books, holders, holder, holder)->kind == DBK_HOLDER_LOCATION;
}

static bool
shipment_add(struct dbk_decision *d, uint32_t line_row, uint32_t position,
	     uint32_t good, int64_t qty)
{
	struct dbk_row_line *line = DBK_TOUCH(d->books, lines, line, line_row);
	struct dbk_row_shipment *row;
	uint32_t shipment;

	if (line->n_shipments >= DBK_SHIPMENTS_MAX)
		return dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED,
					   dbk_field("shipment"), line->n_shipments + 1,
					   DBK_SHIPMENTS_MAX);
	if (!dbk_rows_has_room(&d->books->shipments, 1))
		return dbk_refuse_measured(
		    d, DBK_RULE_LIMIT_REACHED, dbk_field("shipment"),
		    d->books->shipments.count, d->books->shipments.max);
	shipment = dbk_rows_append(&d->books->shipments, 1);
	row = DBK_TOUCH(d->books, shipments, shipment, shipment);
	row->next = line->shipment;
	row->position = position;
	row->good = good;
	row->qty = qty;
	line->shipment = shipment;
	line->n_shipments++;
	line->shipped += qty;
	if (!dbk_move(d, dbk_field("qty"), DBK_MOVE_SHIPPED, position, good, -qty, qty,
		      0))
		return false;
	DBK_TOUCH(d->books, goods, good, good)->transit += qty;
	return true;
}

/* What the guards say of a shipment of GOOD from HOLDER, 0: the supply. */
static bool
shipment_guards(struct dbk_decision *d, uint32_t order, uint32_t holder, uint32_t good)
{
	uint32_t sku = DBK_ROW(d->books, goods, good, good)->sku;

	if (!dbk_goods_out_check(d, 0, good, dbk_field("lot")))
		return false;
	if (is_location(d->books, holder) &&
	    !dbk_cloud_check(d, sku, false, dbk_field("qty")))
		return false;
	return dbk_matching_shipped(d, order);
}

bool
dbk_decide_goods_shipped(struct dbk_decision *d)
{
	const struct dbk_goods_shipped *e = &d->event->u.goods_shipped;
	uint32_t order, line_row, holder, good, position;
	const struct dbk_row_line *line;
	int64_t open;

	if (!dbk_order_find(d, e->order, &order))
		return false;
	line_row = e->line == 0 ? 0 : dbk_order_line(d->books, order, e->line);
	if (line_row == 0)
		return dbk_refuse_measured(d, DBK_RULE_ORDER_LINE_UNKNOWN,
					   dbk_field("line"), e->line, 0);
	line = DBK_ROW(d->books, lines, line, line_row);
	if (line->flags & DBK_LINE_RECEIVED)
		return dbk_refuse_measured(d, DBK_RULE_ALREADY_RECEIVED,
					   dbk_field("line"), e->line, 0);
	open = line->qty - line->returned - line->shipped;
	if (e->qty > open)
		return dbk_refuse_measured(d, DBK_RULE_SHIPMENT_EXCEEDS_LINE,
					   dbk_field("qty"), e->qty, open);
	return shipment_holder(d, e, DBK_ROW(d->books, orders, order, order),
			       &holder) &&
	       shipment_good(d, e->lot, line_row, &good) &&
	       dbk_position_find(d, holder, good, DBK_PLACE_PHYSICAL, &position) &&
	       shipment_add(d, line_row, position, good, e->qty) &&
	       shipment_guards(d, order, holder, good);
}

bool
dbk_line_unship(struct dbk_decision *d, uint32_t line_row, int64_t units)
{
	struct dbk_row_line *line = DBK_TOUCH(d->books, lines, line, line_row);
	uint32_t at = line->shipment;

	dbk_assert(units > 0 && units <= line->shipped);
	line->shipped -= units;
	for (; units > 0; at = DBK_ROW(d->books, shipments, shipment, at)->next) {
		struct dbk_row_shipment *row =
		    DBK_TOUCH(d->books, shipments, shipment, at);
		int64_t take = row->qty < units ? row->qty : units;

		if (take == 0)
			continue;
		row->qty -= take;
		units -= take;
		DBK_TOUCH(d->books, goods, good, row->good)->transit -= take;
		if (!dbk_move(d, dbk_field("qty"), DBK_MOVE_UNSHIPPED, row->position,
			      row->good, take, take, 0))
			return false;
	}
	return true;
}

/* What becomes of goods that reach the buyer. */
static enum dbk_consume_kind
consumed_as(uint32_t order_kind)
{
	switch ((enum dbk_order_kind)order_kind) {
	case DBK_ORDER_RETAIL:
	case DBK_ORDER_RESTOCK:
		return DBK_CONSUMED_RETAIL;
	case DBK_ORDER_SELF:
		return DBK_CONSUMED_SELF_USE;
	case DBK_ORDER_SAMPLE:
		return DBK_CONSUMED_SAMPLE;
	}
	dbk_assert(!"a decoded order has a kind");
	return DBK_CONSUMED_RETAIL;
}

static enum dbk_movement
move_of(enum dbk_consume_kind kind)
{
	switch (kind) {
	case DBK_CONSUMED_RETAIL:
		return DBK_MOVE_SOLD;
	case DBK_CONSUMED_SELF_USE:
		return DBK_MOVE_SELF_USED;
	case DBK_CONSUMED_SAMPLE:
		return DBK_MOVE_SAMPLED;
	case DBK_CONSUMED_LOSS:
		return DBK_MOVE_LOST;
	}
	return DBK_MOVE_NONE;
}

/* QTY units of GOOD reach the buyer of ORDER: into the stock of an agent who restocks,
 * out of the ledger for everybody else. */
static bool
arrive(struct dbk_decision *d, const struct dbk_row_order *order, uint32_t good,
       int64_t qty, int64_t value)
{
	uint32_t holder, position;

	if (order->kind != DBK_ORDER_RESTOCK) {
		DBK_TOUCH(d->books, goods, good, good)
		    ->consumed[consumed_as(order->kind) - 1] += qty;
		return true;
	}
	if (!dbk_agent_holder(d, order->buyer, &holder) ||
	    !dbk_position_find(d, holder, good, DBK_PLACE_PHYSICAL, &position) ||
	    !dbk_move(d, dbk_field("line"), DBK_MOVE_RECEIVED, position, good, qty, qty,
		      value))
		return false;
	if (order->flags & DBK_ORDER_EXTRA) {
		uint32_t extra = dbk_order_extra_find(d->books, d->order);
		uint32_t request =
		    DBK_ROW(d->books, order_extras, order_extra, extra)->request;

		if (request != 0)
			dbk_request_arrive(d, request, qty);
	}
	return dbk_supply_step(d, 0, position, qty, -1, true);
}

/* Why the goods left the holder who ships ORDER. */
static enum dbk_movement
departure(const struct dbk_row_order *order)
{
	return order->kind == DBK_ORDER_RESTOCK ? DBK_MOVE_PASSED_DOWN
						: move_of(consumed_as(order->kind));
}

/* Everything of a line that is in transit arrives. */
static bool
receive_shipped(struct dbk_decision *d, const struct dbk_row_order *order,
		uint32_t line_row)
{
	struct dbk_row_line *line = DBK_TOUCH(d->books, lines, line, line_row);
	uint32_t at = line->shipment;

	for (; at != 0; at = DBK_ROW(d->books, shipments, shipment, at)->next) {
		struct dbk_row_shipment *row =
		    DBK_TOUCH(d->books, shipments, shipment, at);
		int64_t qty = row->qty;

		if (qty == 0)
			continue;
		row->qty = 0;
		row->delivered = qty;
		line->shipped -= qty;
		DBK_TOUCH(d->books, goods, good, row->good)->transit -= qty;
		if (row->position != 0 &&
		    !dbk_move(d, dbk_field("line"), departure(order), row->position,
			      row->good, 0, qty, 0))
			return false;
		if (!arrive(d, order, row->good, qty, 0))
			return false;
	}
	dbk_assert(line->shipped == 0);
	return true;
}

/* Where the event speaks of a line: among its lines, or as its line. */
static struct dbk_field
line_field(const struct dbk_decision *d, const struct dbk_row_order *order,
	   uint32_t line_row)
{
	uint32_t shipping =
	    DBK_ROW(d->books, lines, line, order->first_line)->line == 0 ? 1 : 0;

	if (d->event->type != DBK_EVENT_SALE_RECORDED)
		return dbk_field("line");
	return dbk_field_of("lines", line_row - order->first_line - shipping, "qty");
}

/* The units of a line that nobody reported as shipped. */
static bool
receive_unshipped(struct dbk_decision *d, const struct dbk_row_order *order,
		  uint32_t line_row, int64_t qty)
{
	struct dbk_row_line *line = DBK_TOUCH(d->books, lines, line, line_row);
	uint32_t position;

	if (qty == 0)
		return true;
	if (!dbk_position_find(d, order->ship_from, line->good, DBK_PLACE_PHYSICAL,
			       &position))
		return false;
	line->origin = position;
	return dbk_move(d, line_field(d, order, line_row), departure(order), position,
			line->good, -qty, qty, 0) &&
	       arrive(d, order, line->good, qty, 0);
}

static bool
receive_line(struct dbk_decision *d, struct dbk_row_order *order, uint32_t line_row,
	     uint32_t second, struct dbk_receipt *out)
{
	struct dbk_row_line *line = DBK_TOUCH(d->books, lines, line, line_row);
	int64_t unshipped = line->qty - line->returned - line->shipped;

	line->flags |= DBK_LINE_RECEIVED;
	line->when = second;
	order->n_open--;
	if (unshipped > 0) {
		out->unshipped += unshipped;
		out->line_rows[out->n_lines++] = line_row;
	}
	return receive_shipped(d, order, line_row) &&
	       receive_unshipped(d, order, line_row, unshipped);
}

/* The shipping is earned when the last line has arrived. */
static void
receive_shipping(struct dbk_decision *d, const struct dbk_row_order *order,
		 uint32_t second)
{
	struct dbk_row_line *first;

	if (order->n_open != 0 || order->n_lines == 0)
		return;
	if (DBK_ROW(d->books, lines, line, order->first_line)->line != 0)
		return;
	first = DBK_TOUCH(d->books, lines, line, order->first_line);
	first->flags |= DBK_LINE_RECEIVED;
	first->when = second;
}

/* When the goods came: a sale that is told in one event says so itself. */
static uint32_t
second_of_receipt(const struct dbk_event *event)
{
	return dbk_due_second(event->type == DBK_EVENT_SALE_RECORDED
				  ? event->u.sale.delivered_at
				  : event->effective_at);
}

bool
dbk_order_receive(struct dbk_decision *d, uint32_t order_id, uint32_t line_row,
		  struct dbk_receipt *out)
{
	struct dbk_row_order *order = DBK_TOUCH(d->books, orders, order, order_id);
	uint32_t first = line_row != 0 ? line_row : order->first_line;
	uint32_t n = line_row != 0 ? 1 : order->n_lines;
	uint32_t second = second_of_receipt(d->event);
	bool any = false;

	out->unshipped = 0;
	out->n_lines = 0;
	for (uint32_t i = 0; i < n; i++) {
		const struct dbk_row_line *line =
		    DBK_ROW(d->books, lines, line, first + i);

		if (line->line == 0 || (line->flags & DBK_LINE_RECEIVED))
			continue;
		any = true;
		if (!receive_line(d, order, first + i, second, out))
			return false;
	}
	if (!any)
		return dbk_refuse_measured(d, DBK_RULE_ALREADY_RECEIVED,
					   dbk_field("line"), 0, 0);
	receive_shipping(d, order, second);
	return true;
}

bool
dbk_receipt_cloud(struct dbk_decision *d, uint32_t order,
		  const struct dbk_receipt *receipt)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);

	if (!is_location(d->books, row->ship_from))
		return true;
	for (uint32_t i = 0; i < receipt->n_lines; i++) {
		uint32_t at = receipt->line_rows[i];
		uint32_t good = DBK_ROW(d->books, lines, line, at)->good;

		if (!dbk_cloud_check(d, DBK_ROW(d->books, goods, good, good)->sku,
				     false, line_field(d, row, at)))
			return false;
	}
	return true;
}
