/*
 * orders.c -- orders as they are placed: the flow of information.
 */

#include "books/goods_core.h"

bool
dbk_order_find(struct dbk_decision *d, struct dbk_str name, uint32_t *out_order)
{
	if (!dbk_order_refer(d, name, out_order))
		return false;
	if (DBK_ROW(d->books, orders, order, *out_order)->flags & DBK_ORDER_ISSUED)
		return dbk_refuse(d, DBK_RULE_ORDER_ISSUED, dbk_field("order"), name);
	return true;
}

bool
dbk_order_refer(struct dbk_decision *d, struct dbk_str name, uint32_t *out_order)
{
	uint32_t order = dbk_names_find(&d->books->names, DBK_SPACE_ORDER, name);

	if (order == 0)
		return dbk_refuse(d, DBK_RULE_ORDER_UNKNOWN, dbk_field("order"), name);
	if (DBK_ROW(d->books, orders, order, order)->flags & DBK_ORDER_CANCELLED)
		return dbk_refuse(d, DBK_RULE_ORDER_CANCELLED, dbk_field("order"),
				  name);
	d->order = order;
	*out_order = order;
	return true;
}

/* ------------------------------------------------------------- what few orders have */

static uint64_t
extra_hash(const struct dbk_books *books, uint32_t order)
{
	uint32_t key[2] = { DBK_SPACE_ORDER_EXTRA, order };

	return dbk_composite_hash(books, key, 2);
}

uint32_t
dbk_order_extra_find(const struct dbk_books *books, uint32_t order)
{
	struct dbk_index_walk walk;
	uint32_t id;

	if (!(DBK_ROW(books, orders, order, order)->flags & DBK_ORDER_EXTRA))
		return 0;
	walk = dbk_index_seek(&books->names.index, extra_hash(books, order));
	while ((id = dbk_index_next(&books->names.index, &walk)) != 0)
		if (id < books->order_extras.count &&
		    DBK_ROW(books, order_extras, order_extra, id)->order == order)
			return id;
	dbk_assert(!"an order's flag says that it has extras");
	return 0;
}

bool
dbk_order_extra_need(struct dbk_decision *d, uint32_t order, uint32_t *out)
{
	*out = dbk_order_extra_find(d->books, order);
	if (*out != 0)
		return true;
	if (!dbk_row_room(d, &d->books->order_extras))
		return false;
	*out = dbk_rows_append(&d->books->order_extras, 1);
	DBK_TOUCH(d->books, order_extras, order_extra, *out)->order = order;
	DBK_TOUCH(d->books, orders, order, order)->flags |= DBK_ORDER_EXTRA;
	dbk_index_add(&d->books->names.index, extra_hash(d->books, order), *out);
	return true;
}

/* The first extra, from LOW on and below HIGH, of a line from LINE_ROW on. */
static uint32_t
line_extra_between(const struct dbk_books *books, uint32_t low, uint32_t high,
		   uint32_t line_row)
{
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (DBK_ROW(books, line_extras, line_extra, middle)->line < line_row)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Extras come into being with their lines, so they rise as these do, and those that are
 * asked for have nearly always just been made: the search starts from the end. */
const struct dbk_row_line_extra *
dbk_line_extra(const struct dbk_books *books, uint32_t line_row)
{
	uint32_t high = books->line_extras.count, low = high, step = 1;

	if (!(DBK_ROW(books, lines, line, line_row)->flags & DBK_LINE_EXTRA))
		return NULL;
	do {
		high = low;
		low = low > step ? low - step : 1;
		step *= 2;
	} while (low > 1 &&
		 DBK_ROW(books, line_extras, line_extra, low)->line > line_row);
	low = line_extra_between(books, low, high, line_row);
	dbk_assert(DBK_ROW(books, line_extras, line_extra, low)->line == line_row);
	return DBK_ROW(books, line_extras, line_extra, low);
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

	dbk_assert(row->fulfilment != DBK_HOLDER_SHIP);
	if (row->kind == DBK_ORDER_SELF || row->kind == DBK_ORDER_RESTOCK) {
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
	bool agent_buys =
	    sale->kind == DBK_ORDER_SELF || sale->kind == DBK_ORDER_RESTOCK;

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
			return dbk_refuse(
			    d, DBK_RULE_HOLDER_KIND, dbk_field("ship_from"),
			    from->kind == DBK_HOLDER_AGENT ? from->agent
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

/* What only some plans ask for. */
static bool
place_line_extra(struct dbk_decision *d, const struct dbk_order_line *line,
		 uint32_t line_row)
{
	struct dbk_row_line_extra *row;
	uint32_t id;

	if (line->tax == 0 && line->discount == 0)
		return true;
	if (!dbk_row_room(d, &d->books->line_extras))
		return false;
	id = dbk_rows_append(&d->books->line_extras, 1);
	row = DBK_TOUCH(d->books, line_extras, line_extra, id);
	row->line = line_row;
	row->tax = line->tax;
	row->discount = line->discount;
	DBK_TOUCH(d->books, lines, line, line_row)->flags |= DBK_LINE_EXTRA;
	return true;
}

/* The lines of SALE, and line 0 for its shipping; sums into ROW. */
static bool
place_lines(struct dbk_decision *d, const struct dbk_sale *sale,
	    struct dbk_row_order *row)
{
	uint32_t extra = sale->shipping > 0 ? 1 : 0;
	uint32_t n = sale->n_lines + extra;

	if (!dbk_rows_has_room(&d->books->lines, n))
		return dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED,
					   dbk_field("lines"), d->books->lines.count,
					   d->books->lines.max);
	row->first_line = dbk_rows_append(&d->books->lines, n);
	row->n_lines = (uint16_t)n;
	row->n_open = (uint16_t)sale->n_lines;
	row->total = sale->shipping;
	if (extra)
		DBK_TOUCH(d->books, lines, line, row->first_line)->amount =
		    sale->shipping;
	for (uint32_t i = 0; i < sale->n_lines; i++) {
		const struct dbk_order_line *line = &sale->lines[i];
		uint32_t line_row = row->first_line + extra + i;
		struct dbk_row_line *to = DBK_TOUCH(d->books, lines, line, line_row);

		if (!place_line_extra(d, line, line_row) ||
		    !dbk_good_find(d, dbk_field_of("lines", i, "sku"),
				   dbk_field_of("lines", i, "lot"), line->sku,
				   line->lot, &to->good))
			return false;
		to->line = (uint16_t)line->line;
		to->qty = line->qty;
		to->amount = line_amount(line);
		row->total += to->amount;
	}
	return true;
}

static bool
is_repeated(const uint32_t *agents, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (agents[i] == agents[n])
			return true;
	return false;
}

/* The agents who brought SALE about together, in the order that it names them. */
static bool
place_attributions(struct dbk_decision *d, const struct dbk_sale *sale,
		   struct dbk_row_order_extra *extra)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < sale->n_attributions; i++) {
		const struct dbk_attribution *part = &sale->attributions[i];
		struct dbk_field field = dbk_field_of("attributions", i, "agent");

		if (!dbk_agent_find(d, field, part->agent, true, &extra->agents[i]))
			return false;
		if (is_repeated(extra->agents, i))
			return dbk_refuse(d, DBK_RULE_ATTRIBUTION_WEIGHTS, field,
					  part->agent);
		extra->weights[i] = part->weight_ppm;
		sum += part->weight_ppm;
	}
	if (sale->n_attributions > 0 && sum != DBK_PPM_MAX)
		return dbk_refuse_measured(d, DBK_RULE_ATTRIBUTION_WEIGHTS,
					   dbk_field("attributions"), sum, DBK_PPM_MAX);
	extra->n_agents = sale->n_attributions;
	return true;
}

static bool
place_extra(struct dbk_decision *d, const struct dbk_sale *sale, uint32_t order)
{
	struct dbk_row_order_extra *row;
	uint32_t extra;

	if (sale->n_attributions == 0 && sale->paid_by_balance == 0)
		return true;
	if (!dbk_order_extra_need(d, order, &extra))
		return false;
	row = DBK_TOUCH(d->books, order_extras, order_extra, extra);
	row->paid_by_balance = sale->paid_by_balance;
	return place_attributions(d, sale, row);
}

bool
dbk_order_place(struct dbk_decision *d, const struct dbk_sale *sale,
		uint32_t *out_order)
{
	struct dbk_row_order *row;
	uint32_t order;

	/* Its name is the event's own key, which was free. */
	if (!dbk_name_make(d, DBK_SPACE_ORDER, sale->order, &order))
		return false;
	row = DBK_TOUCH(d->books, orders, order, order);
	d->order = order;
	row->kind = (uint8_t)sale->kind;
	row->fulfilment = (uint8_t)sale->fulfilment;
	row->placed_position = d->position;
	*out_order = order;
	if (!place_people(d, sale, row) || !place_shipper(d, sale, row) ||
	    !dbk_intern(d, DBK_SPACE_TAG, sale->channel, &row->channel) ||
	    !place_lines(d, sale, row) || !place_extra(d, sale, order))
		return false;
	dbk_verified_link_sale(d, order, sale);
	return true;
}

bool
dbk_order_guards(struct dbk_decision *d, uint32_t order, const struct dbk_sale *sale)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);

	/* A name of a request is looked at whatever the kind: only a restock has one.
	 */
	if ((row->kind == DBK_ORDER_RESTOCK || sale->request.size != 0) &&
	    !dbk_request_order(d, order, sale))
		return false;
	if (row->kind == DBK_ORDER_RETAIL)
		return (d->books->bands.count == 1 ||
			dbk_bands_check(d, order, sale)) &&
		       (!dbk_guard_is_on(d->books, DBK_GUARD_TERRITORY) ||
			dbk_territory_check(d, order, sale));
	return row->kind != DBK_ORDER_RESTOCK ||
	       dbk_joining_check(d, row->buyer, row->total, dbk_field("paid"));
}

bool
dbk_decide_order_placed(struct dbk_decision *d)
{
	const struct dbk_sale *sale = &d->event->u.sale;
	uint32_t order;

	return dbk_order_place(d, sale, &order) && dbk_order_guards(d, order, sale);
}
