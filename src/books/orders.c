/*
 * orders.c -- orders placed, paid and cancelled: the flows of information and money.
 *
 * A payment goes to escrow and stays there until the goods are received; a restock order
 * is sell-in and posts to sales.sell_in at once.  Payment and receipt come in any order:
 * a line's revenue is recognised when both are there.
 */

#include "base/money.h"
#include "books/core.h"

bool
dbk_order_find(struct dbk_decision *d, struct dbk_str name, uint32_t *out_order)
{
	uint32_t order = dbk_names_find(&d->books->names, DBK_SPACE_ORDER, name);

	if (order == 0)
		return dbk_refuse(d, DBK_RULE_ORDER_UNKNOWN, dbk_field("order"), name);
	if (DBK_ROW(d->books, orders, order, order)->flags & DBK_ORDER_CANCELLED)
		return dbk_refuse(d, DBK_RULE_ORDER_CANCELLED, dbk_field("order"), name);
	d->order = order;
	*out_order = order;
	return true;
}

uint32_t
dbk_order_line(const struct dbk_books *books, uint32_t order, uint32_t line)
{
	const struct dbk_row_order *row = DBK_ROW(books, orders, order, order);

	for (uint32_t i = 0; i < row->n_lines; i++)
		if (DBK_ROW(books, lines, line, row->first_line + i)->line == line)
			return row->first_line + i;
	return 0;
}

void
dbk_order_revenue(const struct dbk_books *books, uint32_t order, bool returns,
		  enum dbk_account_code *out_code, uint32_t *out_owner)
{
	const struct dbk_row_order *row = DBK_ROW(books, orders, order, order);

	if (row->fulfilment == DBK_HOLDER_SHIP) {
		/* The brand's revenue was the sell-in; this money is the seller's. */
		*out_code = DBK_COMMISSION_PENDING;
		*out_owner = row->seller;
	} else if (row->kind == DBK_ORDER_SELF || row->kind == DBK_ORDER_RESTOCK) {
		/* What an agent buys is sell-in, whatever it is called. */
		*out_code = returns ? DBK_SELL_IN_RETURNS : DBK_SALES_SELL_IN;
		*out_owner = row->buyer;
	} else {
		*out_code = returns ? DBK_SALES_RETURNS : DBK_SALES_RETAIL;
		*out_owner = row->channel;
	}
}

/* Seller and buyer of SALE into ROW. */
static bool
place_people(struct dbk_decision *d, const struct dbk_sale *sale,
	     struct dbk_row_order *row)
{
	bool agent_buys = sale->kind == DBK_ORDER_SELF || sale->kind == DBK_ORDER_RESTOCK;

	if (sale->seller.size != 0 &&
	    !dbk_agent_find(d, dbk_field("seller"), sale->seller, true, &row->seller))
		return false;
	if (sale->fulfilment == DBK_HOLDER_SHIP && row->seller == 0)
		return dbk_refuse(d, DBK_RULE_SELLER_REQUIRED, dbk_field("seller"),
				  sale->seller);
	if (agent_buys && sale->buyer.size == 0)
		return dbk_refuse(d, DBK_RULE_SELLER_REQUIRED, dbk_field("buyer"),
				  sale->buyer);
	if (agent_buys)
		return dbk_agent_find(d, dbk_field("buyer"), sale->buyer, true,
				      &row->buyer);
	if (!dbk_customer_intern(d, sale->buyer, &row->buyer))
		return false;
	if (row->buyer != 0)
		DBK_TOUCH(d->books, customers, customer, row->buyer)->n_orders++;
	return true;
}

/* Who ships: the seller, a location or the supply. */
static bool
place_shipper(struct dbk_decision *d, const struct dbk_sale *sale,
	      struct dbk_row_order *row)
{
	const struct dbk_holder *from = &sale->ship_from;

	if (sale->fulfilment == DBK_HOLDER_SHIP) {
		if (sale->kind == DBK_ORDER_RESTOCK)
			return dbk_refuse(d, DBK_RULE_ORDER_KIND_MISMATCH,
					  dbk_field("fulfilment"), dbk_str_make("", 0));
		if (from->kind == DBK_HOLDER_LOCATION ||
		    (from->kind == DBK_HOLDER_AGENT &&
		     !dbk_str_equal(from->agent, sale->seller)))
			return dbk_refuse(d, DBK_RULE_HOLDER_KIND, dbk_field("ship_from"),
					  from->kind == DBK_HOLDER_AGENT
						  ? from->agent
						  : from->location);
		return dbk_agent_holder(d, row->seller, &row->ship_from);
	}
	if (from->kind == DBK_HOLDER_AGENT)
		return dbk_refuse(d, DBK_RULE_HOLDER_KIND, dbk_field("ship_from"),
				  from->agent);
	return dbk_holder_find(d, dbk_field("ship_from"), from, true, &row->ship_from);
}

static int64_t
line_amount(const struct dbk_order_line *line)
{
	return line->qty * line->unit_price - line->discount;
}

/* The lines of SALE, and line 0 for its shipping; sums into ROW. */
static bool
place_lines(struct dbk_decision *d, const struct dbk_sale *sale,
	    struct dbk_row_order *row)
{
	uint32_t extra = sale->shipping > 0 ? 1 : 0;
	uint32_t n = sale->n_lines + extra;

	if (!dbk_rows_has_room(&d->books->lines, n))
		return dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED, dbk_field("lines"),
					   d->books->lines.count, d->books->lines.max);
	row->first_line = dbk_rows_append(&d->books->lines, n);
	row->n_lines = (uint16_t)n;
	row->n_open = (uint16_t)sale->n_lines;
	row->total = sale->shipping;
	if (extra)
		DBK_TOUCH(d->books, lines, line, row->first_line)->amount =
			sale->shipping;
	for (uint32_t i = 0; i < sale->n_lines; i++) {
		const struct dbk_order_line *line = &sale->lines[i];
		struct dbk_row_line *to = DBK_TOUCH(d->books, lines, line,
						    row->first_line + extra + i);

		if (!dbk_good_find(d, dbk_field_of("lines", i, "sku"),
				   dbk_field_of("lines", i, "lot"), line->sku, line->lot,
				   &to->good))
			return false;
		to->line = (uint16_t)line->line;
		to->qty = line->qty;
		to->amount = line_amount(line);
		row->total += to->amount;
	}
	return true;
}

static bool
place(struct dbk_decision *d, const struct dbk_sale *sale, uint32_t *out_order)
{
	struct dbk_row_order *row;
	uint32_t order;

	if (!dbk_intern(d, DBK_SPACE_ORDER, sale->order, &order))
		return false;
	row = DBK_TOUCH(d->books, orders, order, order);
	d->order = order;
	row->kind = (uint8_t)sale->kind;
	row->fulfilment = (uint8_t)sale->fulfilment;
	row->placed_position = d->position;
	*out_order = order;
	return place_people(d, sale, row) && place_shipper(d, sale, row) &&
	       dbk_intern(d, DBK_SPACE_TAG, sale->channel, &row->channel) &&
	       place_lines(d, sale, row);
}

bool
dbk_decide_order_placed(struct dbk_decision *d)
{
	uint32_t order;

	return place(d, &d->event->u.sale, &order);
}

static bool
recognise_line(struct dbk_decision *d, uint32_t order, uint32_t line_row)
{
	const struct dbk_row_line *line = DBK_ROW(d->books, lines, line, line_row);
	int64_t amount = line->amount - line->refunded;
	enum dbk_account_code code;
	uint32_t owner;

	if (!(line->flags & DBK_LINE_RECEIVED) || (line->flags & DBK_LINE_RECOGNISED))
		return true;
	DBK_TOUCH(d->books, lines, line, line_row)->flags |= DBK_LINE_RECOGNISED;
	if (amount == 0)
		return true;
	dbk_order_revenue(d->books, order, false, &code, &owner);
	return dbk_post_order(d, DBK_ESCROW, order, amount) &&
	       dbk_post(d, code, owner, -amount);
}

/* Move to revenue what is received and paid; nothing before the order is paid whole. */
static bool
recognise(struct dbk_decision *d, uint32_t order)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);

	if (row->paid != row->total || (row->flags & DBK_ORDER_DIRECT) ||
	    row->kind == DBK_ORDER_RESTOCK)
		return true;
	for (uint32_t i = 0; i < row->n_lines; i++)
		if (!recognise_line(d, order, row->first_line + i))
			return false;
	return true;
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
	return dbk_post_order(d, DBK_ESCROW, order, -amount) && recognise(d, order);
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

static bool
sale_payment(struct dbk_decision *d, const struct dbk_sale *sale, uint32_t order)
{
	struct dbk_row_order *row = DBK_TOUCH(d->books, orders, order, order);

	if (sale->paid != row->total)
		return dbk_refuse_measured(d, DBK_RULE_AMOUNT_MISMATCH, dbk_field("paid"),
					   sale->paid, row->total);
	if (sale->psp.size != 0)
		return dbk_order_pay(d, order, sale->psp, sale->paid);
	row->flags |= DBK_ORDER_DIRECT;
	row->paid = row->total;
	return true;
}

bool
dbk_decide_sale_recorded(struct dbk_decision *d)
{
	const struct dbk_sale *sale = &d->event->u.sale;
	uint32_t order;

	return place(d, sale, &order) && sale_payment(d, sale, order) &&
	       (sale->delivered_at == DBK_TIME_ABSENT ||
		(dbk_order_receive(d, order, 0) && recognise(d, order)));
}

bool
dbk_decide_receipt_confirmed(struct dbk_decision *d)
{
	const struct dbk_receipt_confirmed *e = &d->event->u.receipt_confirmed;
	uint32_t order, line = 0;

	if (!dbk_order_find(d, e->order, &order))
		return false;
	if (e->line != 0) {
		line = dbk_order_line(d->books, order, e->line);
		if (line == 0)
			return dbk_refuse_measured(d, DBK_RULE_ORDER_LINE_UNKNOWN,
						   dbk_field("line"), e->line, 0);
	}
	return dbk_order_receive(d, order, line) && recognise(d, order);
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
	return dbk_post(d, DBK_PSP_CLEARING, psp, -e->gross);
}
