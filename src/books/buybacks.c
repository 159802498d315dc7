/*
 * buybacks.c -- goods that agents give back for money.
 *
 * What an agent could not sell comes back at a price that is close to what was paid;
 * the difference is the brand's.  Where the goods were bought by an order, what that
 * order paid to others goes back with them, in proportion.
 */

#include "base/money.h"
#include "books/goods_core.h"

/* Whose goods, which, and where they are. */
struct stock {
	uint32_t agent, holder, sku, good, position;
	uint32_t lot; /* row, 0: none */
};

static bool
stock_find(struct dbk_decision *d, struct dbk_str agent, struct dbk_str sku,
	   struct dbk_str lot, struct stock *out)
{
	const struct dbk_row_good *good;

	/* Whoever has left the network, too, gives goods back. */
	if (!dbk_agent_find(d, dbk_field("agent"), agent, false, &out->agent) ||
	    !dbk_good_find(d, dbk_field("sku"), dbk_field("lot"), sku, lot,
			   &out->good) ||
	    !dbk_agent_holder(d, out->agent, &out->holder) ||
	    !dbk_position_find(d, out->holder, out->good, DBK_PLACE_PHYSICAL,
			       &out->position))
		return false;
	good = DBK_ROW(d->books, goods, good, out->good);
	out->sku = good->sku;
	out->lot = good->lot;
	return true;
}

int64_t
dbk_buyback_open(const struct dbk_books *books, uint32_t holder, uint32_t sku,
		 uint32_t good)
{
	uint32_t at = DBK_ROW(books, holders, holder, holder)->buybacks;
	int64_t sum = 0;

	while (at != 0) {
		const struct dbk_row_buyback *row =
		    DBK_ROW(books, buybacks, buyback, at);

		if ((good == 0 || row->good == good) &&
		    (sku == 0 || DBK_ROW(books, goods, good, row->good)->sku == sku) &&
		    !dbk_money_add(sum, row->qty - row->settled, &sum))
			return INT64_MAX;
		at = row->next;
	}
	return sum;
}

/* ------------------------------------------------------------------------- requests */

/* Units that the agent got lately, as far as they could be counted. */
static int64_t
received_lately(struct dbk_books *books, uint32_t position)
{
	uint32_t days = (uint32_t)dbk_guard_number(books, DBK_GUARD_BUYBACK_DAYS);
	uint32_t today = dbk_today(books);
	struct dbk_flow_sums sums = { 0, 0, 0, 0 };

	dbk_flow_sum(books, position, today < days ? 0 : today - days + 1, today,
		     &sums);
	return sums.received;
}

static bool
is_expired(const struct dbk_books *books, uint32_t lot)
{
	int64_t at =
	    lot == 0 ? DBK_TIME_ABSENT : DBK_ROW(books, lots, lot, lot)->expires_on;

	return at != DBK_TIME_ABSENT && at <= dbk_clock(books);
}

/* Are these goods that the brand takes back?  ASKED is what other requests ask. */
static bool
is_eligible(struct dbk_decision *d, const struct stock *stock, int64_t asked,
	    struct dbk_violation *out)
{
	const struct dbk_buyback_requested *e = &d->event->u.buyback_requested;
	int64_t received = received_lately(d->books, stock->position);
	bool lot_needed = dbk_guard_number(d->books, DBK_GUARD_BUYBACK_LOT) != 0;

	out->field = dbk_field("lot");
	out->value = e->lot;
	if (e->qty + asked > received) {
		out->field = dbk_field("qty");
		out->value = dbk_str_make("", 0);
		out->measured = e->qty + asked;
		out->limit = received;
		return false;
	}
	return !is_expired(d->books, stock->lot) && (stock->lot != 0 || !lot_needed);
}

static bool
check_eligible(struct dbk_decision *d, const struct stock *stock, int64_t asked)
{
	unsigned mode = dbk_guard_mode(d->books, DBK_GUARD_BUYBACK);
	struct dbk_violation violation = { .guard = DBK_GUARD_BUYBACK,
					   .rule = DBK_RULE_BUYBACK_INELIGIBLE,
					   .subject_kind = DBK_SUBJECT_AGENT,
					   .subject = stock->agent,
					   .agent = stock->agent };

	return mode == DBK_GUARD_OFF || is_eligible(d, stock, asked, &violation) ||
	       dbk_guard_fail(d, mode, &violation);
}

bool
dbk_decide_buyback_requested(struct dbk_decision *d)
{
	const struct dbk_buyback_requested *e = &d->event->u.buyback_requested;
	struct dbk_books *books = d->books;
	struct dbk_row_holder *holder;
	struct dbk_row_buyback *row;
	struct stock stock;
	int64_t asked, there;
	uint32_t id;

	if (!stock_find(d, e->agent, e->sku, e->lot, &stock))
		return false;
	asked = dbk_buyback_open(books, stock.holder, 0, stock.good);
	there = DBK_ROW(books, positions, position, stock.position)->on_hand - asked;
	if (e->qty > there)
		return dbk_refuse_measured(d, DBK_RULE_STOCK_INSUFFICIENT,
					   dbk_field("qty"), e->qty, there);
	/* Its name is the event's own key, which was free. */
	if (!check_eligible(d, &stock, asked) ||
	    !dbk_name_make(d, DBK_SPACE_BUYBACK, e->request, &id))
		return false;
	holder = DBK_TOUCH(books, holders, holder, stock.holder);
	row = DBK_TOUCH(books, buybacks, buyback, id);
	row->agent = stock.agent;
	row->good = stock.good;
	row->qty = e->qty;
	row->next = holder->buybacks;
	holder->buybacks = id;
	return true;
}

/* ---------------------------------------------------------------------- settlements */

/* The request that is answered; *OUT 0: none was made. */
static bool
settles_request(struct dbk_decision *d, const struct stock *stock, uint32_t *out)
{
	const struct dbk_buyback_settled *e = &d->event->u.buyback_settled;
	const struct dbk_row_buyback *row;

	*out = dbk_names_find(&d->books->names, DBK_SPACE_BUYBACK, e->request);
	if (e->request.size == 0)
		return true;
	if (*out == 0)
		return dbk_refuse(d, DBK_RULE_BUYBACK_UNKNOWN, dbk_field("request"),
				  e->request);
	row = DBK_ROW(d->books, buybacks, buyback, *out);
	if (row->agent != stock->agent || row->good != stock->good)
		return dbk_refuse(d, DBK_RULE_BUYBACK_STATE, dbk_field("request"),
				  e->request);
	if (e->qty > row->qty - row->settled)
		return dbk_refuse_measured(d, DBK_RULE_BUYBACK_STATE, dbk_field("qty"),
					   e->qty, row->qty - row->settled);
	return true;
}

/* *OUT_PAID is what the agent once paid for the goods. */
static bool
amount_agrees(struct dbk_decision *d, int64_t *out_paid)
{
	const struct dbk_buyback_settled *e = &d->event->u.buyback_settled;
	int64_t amount;

	*out_paid = 0;
	if (!dbk_money_multiply(e->qty, e->unit_price_paid, out_paid))
		return dbk_refuse_measured(d, DBK_RULE_AMOUNT_OVERFLOW,
					   dbk_field("unit_price_paid"),
					   e->unit_price_paid, DBK_AMOUNT_MAX);
	amount = dbk_money_muldiv(*out_paid, e->price_ppm, DBK_PPM_MAX) - e->deductions;
	return e->amount == amount ||
	       dbk_refuse_measured(d, DBK_RULE_AMOUNT_MISMATCH, dbk_field("amount"),
				   e->amount, amount);
}

/* The line of the order that the goods were bought by; *OUT_LINE 0: none is named. */
static bool
bought_by(struct dbk_decision *d, const struct stock *stock, uint32_t *out_line)
{
	const struct dbk_buyback_settled *e = &d->event->u.buyback_settled;
	const struct dbk_row_order *row;
	uint32_t order;

	*out_line = 0;
	if (e->order.size == 0)
		return true;
	if (!dbk_order_refer(d, e->order, &order))
		return false;
	row = DBK_ROW(d->books, orders, order, order);
	if (row->kind != DBK_ORDER_RESTOCK || row->buyer != stock->agent)
		return dbk_refuse(d, DBK_RULE_ORDER_KIND_MISMATCH, dbk_field("order"),
				  e->order);
	*out_line = e->line == 0 ? 0 : dbk_order_line(d->books, order, e->line);
	return *out_line != 0 || dbk_refuse_measured(d, DBK_RULE_ORDER_LINE_UNKNOWN,
						     dbk_field("line"), e->line, 0);
}

static bool
check_price(struct dbk_decision *d, const struct stock *stock)
{
	unsigned mode = dbk_guard_mode(d->books, DBK_GUARD_BUYBACK);
	struct dbk_violation violation = { .guard = DBK_GUARD_BUYBACK,
					   .rule = DBK_RULE_BUYBACK_PRICE,
					   .field = dbk_field("price_ppm"),
					   .subject_kind = DBK_SUBJECT_AGENT,
					   .subject = stock->agent };

	if (mode == DBK_GUARD_OFF)
		return true;
	violation.measured = d->event->u.buyback_settled.price_ppm;
	violation.limit = dbk_guard_number(d->books, DBK_GUARD_BUYBACK_PPM);
	return violation.measured >= violation.limit ||
	       dbk_guard_fail(d, mode, &violation);
}

/* The goods go back to the supply. */
static bool
give_back(struct dbk_decision *d, const struct stock *stock)
{
	int64_t qty = d->event->u.buyback_settled.qty;
	struct dbk_field field = dbk_field("qty");

	return dbk_move(d, field, DBK_MOVE_RETURNED, stock->position, stock->good, -qty,
			qty, 0) &&
	       dbk_move(d, field, DBK_MOVE_RECEIVED, 0, stock->good, qty, qty, 0);
}

static bool
post_unless_0(struct dbk_decision *d, enum dbk_account_code code, uint32_t agent,
	      int64_t amount)
{
	return amount == 0 || dbk_post(d, code, agent, amount);
}

/* The brand takes PAID back from its sell-in, owes the agent what was agreed on, and
 * keeps the rest. */
static bool
post_money(struct dbk_decision *d, uint32_t agent, int64_t paid)
{
	int64_t amount = d->event->u.buyback_settled.amount;

	return post_unless_0(d, DBK_SELL_IN_RETURNS, agent, paid) &&
	       post_unless_0(d, DBK_BUYBACK_PAYABLE, agent, -amount) &&
	       post_unless_0(d, DBK_BUYBACK_DISCOUNT, agent, amount - paid);
}

/* What the goods cost on LINE_ROW of the order counts as refunded, without money: what
 * it paid to others is reversed in proportion. */
static bool
reverse_bought(struct dbk_decision *d, uint32_t line_row)
{
	struct dbk_row_order *order = DBK_TOUCH(d->books, orders, order, d->order);
	struct dbk_row_line *line = DBK_TOUCH(d->books, lines, line, line_row);
	dbk_wide share =
	    (dbk_wide)line->amount * d->event->u.buyback_settled.qty / line->qty;
	int64_t before = line->refunded, left = line->amount - before;

	if (left > order->paid - order->refunded)
		left = order->paid - order->refunded;
	if (left > share)
		left = (int64_t)share;
	if (left <= 0)
		return true;
	order->refunded += left;
	line->refunded += left;
	return dbk_reverse_line(d, d->order, line_row, before);
}

bool
dbk_decide_buyback_settled(struct dbk_decision *d)
{
	const struct dbk_buyback_settled *e = &d->event->u.buyback_settled;
	uint32_t request, line_row;
	struct stock stock;
	int64_t paid;

	if (!stock_find(d, e->agent, e->sku, e->lot, &stock) ||
	    !settles_request(d, &stock, &request) || !amount_agrees(d, &paid) ||
	    !bought_by(d, &stock, &line_row) || !check_price(d, &stock) ||
	    !give_back(d, &stock) || !post_money(d, stock.agent, paid))
		return false;
	if (request != 0)
		DBK_TOUCH(d->books, buybacks, buyback, request)->settled += e->qty;
	return line_row == 0 || reverse_bought(d, line_row);
}
