/*
 * verified.c -- what reached consumers.
 *
 * Retail is what was recognised; a sale is verified only if an agent's own goods went
 * to a buyer who is no agent, shares no hash with the seller and is not suspected. What
 * agents sell to each other, or to themselves, never makes goods look wanted.
 */

#include "base/money.h"
#include "books/goods_core.h"

#define PPM 1000000

/* -------------------------------------------------------------------------- verified
 */

static bool
is_verified(const struct dbk_books *books, const struct dbk_row_order *order)
{
	const uint8_t unfit = DBK_ORDER_DIRECT | DBK_ORDER_FLAGGED | DBK_ORDER_LINKED;

	return order->kind == DBK_ORDER_RETAIL &&
	       order->fulfilment == DBK_HOLDER_SHIP && (order->flags & unfit) == 0 &&
	       order->buyer != 0 &&
	       DBK_ROW(books, customers, customer, order->buyer)->person == 0;
}

/* The units of LINE that are with the buyer count as sold, or (SIGN -1) no longer do,
 * at the positions that they left. */
static bool
count_units(struct dbk_decision *d, const struct dbk_row_line *line, int64_t sign)
{
	int64_t left = line->qty - line->returned;

	for (uint32_t at = line->shipment; at != 0;
	     at = DBK_ROW(d->books, shipments, shipment, at)->next) {
		const struct dbk_row_shipment *row =
		    DBK_ROW(d->books, shipments, shipment, at);

		left -= row->delivered;
		if (!dbk_flow_sold(d, row->position, sign * row->delivered))
			return false;
	}
	return dbk_flow_sold(d, line->origin, sign * left);
}

static uint32_t
sku_of(const struct dbk_books *books, const struct dbk_row_line *line)
{
	return DBK_ROW(books, goods, good, line->good)->sku;
}

/* The same of the sku, the whole network. */
static bool
count_sku(struct dbk_decision *d, const struct dbk_row_line *line, int64_t units)
{
	uint32_t id;

	if (units == 0)
		return true;
	if (!dbk_sku_day_need(d, sku_of(d->books, line), dbk_event_day(d), &id))
		return false;
	dbk_sum_add(&DBK_TOUCH(d->books, sku_days, sku_day, id)->sold, units);
	return true;
}

/* What the tier sold that the units of a line left; each line once. */
static bool
count_tier(struct dbk_decision *d, struct dbk_row_line *line)
{
	uint32_t position =
	    line->shipment == 0
		? line->origin
		: DBK_ROW(d->books, shipments, shipment, line->shipment)->position;
	int64_t units = line->qty - line->returned;
	int64_t value = line->amount - line->refunded;
	struct dbk_row_tier *row;
	uint32_t id;

	if (position == 0 || (line->flags & DBK_LINE_TIERED) ||
	    (units == 0 && value == 0))
		return true;
	line->flags |= DBK_LINE_TIERED;
	if (!dbk_tier_need(d, sku_of(d->books, line),
			   DBK_ROW(d->books, positions, position, position)->tier, &id))
		return false;
	row = DBK_TOUCH(d->books, tiers, tier, id);
	dbk_sum_add(&row->sold_units, units);
	dbk_sum_add(&row->sold_value, value);
	return true;
}

/* A line counts as sold from now on; its sku is counted apart. */
static bool
mark_sold(struct dbk_decision *d, uint32_t line_row)
{
	struct dbk_row_line *line = DBK_TOUCH(d->books, lines, line, line_row);

	line->flags |= DBK_LINE_SOLD;
	return count_units(d, line, 1) && count_tier(d, line);
}

bool
dbk_verified_return(struct dbk_decision *d, uint32_t line_row, uint32_t position,
		    int64_t qty)
{
	const struct dbk_row_line *line = DBK_ROW(d->books, lines, line, line_row);

	return !(line->flags & DBK_LINE_SOLD) ||
	       (count_sku(d, line, -qty) && dbk_flow_sold(d, position, -qty));
}

bool
dbk_verified_flag(struct dbk_decision *d, uint32_t order)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);

	for (uint32_t i = 0; i < row->n_lines; i++) {
		uint32_t at = row->first_line + i;
		const struct dbk_row_line *line = DBK_ROW(d->books, lines, line, at);

		if (!(line->flags & DBK_LINE_SOLD))
			continue;
		DBK_TOUCH(d->books, lines, line, at)->flags &= (uint8_t)~DBK_LINE_SOLD;
		if (!count_sku(d, line, line->returned - line->qty) ||
		    !count_units(d, line, -1))
			return false;
	}
	return true;
}

bool
dbk_verified_clear(struct dbk_decision *d, uint32_t order)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);

	if (!is_verified(d->books, row))
		return true;
	for (uint32_t i = 0; i < row->n_lines; i++) {
		const struct dbk_row_line *line =
		    DBK_ROW(d->books, lines, line, row->first_line + i);

		if (line->line != 0 && (line->flags & DBK_LINE_RECOGNISED) &&
		    !(line->flags & DBK_LINE_SOLD) &&
		    !(count_sku(d, line, line->qty - line->returned) &&
		      mark_sold(d, row->first_line + i)))
			return false;
	}
	return true;
}

/* ------------------------------------------------------------------ friends, strangers
 */

/* Does a friend pay more than strangers do?  Of UNITS and AMOUNT of a line of SELLER,
 * against what strangers paid on this day before. */
static bool
check_friend(struct dbk_decision *d, const struct dbk_row_sku_day *day, uint32_t seller,
	     int64_t units, int64_t amount)
{
	struct dbk_violation violation = { .guard = DBK_GUARD_FRIEND_PRICE,
					   .rule = DBK_RULE_FRIEND_PRICE,
					   .field = dbk_field("lines"),
					   .subject_kind = DBK_SUBJECT_AGENT,
					   .subject = seller };
	unsigned mode = dbk_guard_mode(d->books, DBK_GUARD_FRIEND_PRICE);
	int64_t n = day->stranger_units, s = day->stranger_amount;

	if (mode == DBK_GUARD_OFF || units == 0 ||
	    n < dbk_guard_number(d->books, DBK_GUARD_FRIEND_MIN_UNITS))
		return true;
	if ((dbk_wide)amount * PPM / units * n <=
	    (dbk_wide)s *
		(PPM + dbk_guard_number(d->books, DBK_GUARD_FRIEND_TOLERANCE_PPM)))
		return true;
	violation.measured = amount / units;
	violation.limit = s / n;
	return dbk_guard_fail(d, mode, &violation);
}

/* A line of ORDER has been recognised, and VERIFIED or not. */
static bool
count_retail(struct dbk_decision *d, const struct dbk_row_order *order,
	     const struct dbk_row_line *line, bool verified)
{
	int64_t units = line->qty - line->returned;
	int64_t amount = line->amount - line->refunded;
	bool known = order->seller != 0 && order->buyer != 0;
	struct dbk_row_sku_day *row;
	uint32_t id;

	if (units == 0 && (!known || amount == 0))
		return true;
	if (!dbk_sku_day_need(d, sku_of(d->books, line), dbk_event_day(d), &id))
		return false;
	row = DBK_TOUCH(d->books, sku_days, sku_day, id);
	dbk_sum_add(&row->retail, units);
	if (verified)
		dbk_sum_add(&row->sold, units);
	if (!known)
		return true;
	if (dbk_customer_agent(d->books, order->buyer, d->event->effective_at) !=
	    order->seller) {
		dbk_sum_add(&row->stranger_units, units);
		dbk_sum_add(&row->stranger_amount, amount);
		return true;
	}
	dbk_sum_add(&row->friend_units, units);
	dbk_sum_add(&row->friend_amount, amount);
	return check_friend(d, row, order->seller, units, amount);
}

bool
dbk_verified_recognise(struct dbk_decision *d, uint32_t order,
		       const uint32_t *line_rows, uint32_t n_lines)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);
	bool verified = is_verified(d->books, row);

	for (uint32_t i = 0; i < n_lines; i++) {
		const struct dbk_row_line *line =
		    DBK_ROW(d->books, lines, line, line_rows[i]);

		if (line->line == 0)
			continue;
		if (!count_retail(d, row, line, verified) ||
		    (verified && !mark_sold(d, line_rows[i])))
			return false;
	}
	return true;
}

/* ---------------------------------------------------------------------------- linked
 */

static bool
is_payee(const struct dbk_row_purse *purse, struct dbk_str hash)
{
	uint64_t payee[2];

	dbk_purse_payee(hash, payee);
	return hash.size != 0 && payee[0] == purse->payee[0] &&
	       payee[1] == purse->payee[1];
}

/* A purse keeps half of what it keeps of a payee. */
static bool
is_half(uint64_t kept, struct dbk_str hash)
{
	uint64_t whole[2];

	dbk_purse_payee(hash, whole);
	return hash.size != 0 && kept != 0 && whole[0] == kept;
}

static void
link_order(struct dbk_books *books, uint32_t order)
{
	DBK_TOUCH(books, orders, order, order)->flags |= DBK_ORDER_LINKED;
}

void
dbk_verified_link_hashes(struct dbk_decision *d, uint32_t order,
			 const struct dbk_sale *sale)
{
	uint32_t seller = DBK_ROW(d->books, orders, order, order)->seller;
	const struct dbk_row_purse *purse;

	if (seller == 0)
		return;
	purse = DBK_ROW(d->books, purses, purse, dbk_purse_find(d->books, seller));
	if (is_payee(purse, sale->buyer_payee_hash) ||
	    is_half(purse->device, sale->buyer_device_hash) ||
	    is_half(purse->address, sale->buyer_address_hash))
		link_order(d->books, order);
}

void
dbk_verified_link_payer(struct dbk_decision *d, uint32_t order,
			struct dbk_str payer_hash)
{
	uint32_t seller = DBK_ROW(d->books, orders, order, order)->seller;

	if (payer_hash.size == 0 || seller == 0)
		return;
	if (is_payee(DBK_ROW(d->books, purses, purse, dbk_purse_find(d->books, seller)),
		     payer_hash))
		link_order(d->books, order);
}
