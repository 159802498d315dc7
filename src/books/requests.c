/*
 * requests.c -- restocks that were allowed: what of them is on its way, and who may
 * claim them.
 *
 * A request is used up by goods that are issued for it, or by orders when they are
 * placed, and never given back: who did not take it in request_days asks again.
 */

#include "base/money.h"
#include "books/goods_core.h"

/* Is the request still good, by the set in force? */
static bool
is_fresh(struct dbk_books *books, const struct dbk_row_request *row)
{
	return dbk_today(books) - row->asked <
	       dbk_guard_number(books, DBK_GUARD_REQUEST_DAYS);
}

int64_t
dbk_request_incoming(struct dbk_books *books, uint32_t holder, uint32_t sku)
{
	int64_t days = dbk_guard_number(books, DBK_GUARD_REQUEST_DAYS);
	uint32_t at = DBK_ROW(books, holders, holder, holder)->requests;
	uint32_t today = dbk_today(books);
	int64_t sum = 0;

	while (at != 0) {
		const struct dbk_row_request *row =
		    DBK_ROW(books, requests, request, at);

		/* Their days rise as the clock does: those behind are older. */
		if (today - row->asked >= days)
			break;
		if ((sku == 0 || row->sku == sku) &&
		    !dbk_money_add(sum, row->qty - row->arrived, &sum))
			return INT64_MAX;
		at = row->next;
	}
	return sum;
}

bool
dbk_request_is_named(const struct dbk_books *books, struct dbk_str name)
{
	return dbk_names_find(&books->names, DBK_SPACE_REQUEST, name) != 0 &&
	       dbk_names_find(&books->names, DBK_SPACE_ORDER, name) == 0;
}

/* Use up QTY of SKU, which FIELD says, of REQUEST. */
static bool
claim(struct dbk_decision *d, uint32_t request, uint32_t sku, struct dbk_field field,
      int64_t qty)
{
	struct dbk_row_request *row = DBK_TOUCH(d->books, requests, request, request);
	int64_t left = 0;

	if (row->sku == sku && is_fresh(d->books, row))
		left = row->qty - row->claimed;
	if (qty > left)
		return dbk_refuse_measured(d, DBK_RULE_RESTOCK_EXCEEDED, field, qty,
					   left);
	row->claimed += qty;
	return true;
}

void
dbk_request_arrive(struct dbk_decision *d, uint32_t request, int64_t qty)
{
	struct dbk_row_request *row = DBK_TOUCH(d->books, requests, request, request);
	int64_t left = row->claimed - row->arrived;

	row->arrived += qty < left ? qty : left;
}

/* Nothing was asked for that is bought by AGENT. */
static bool
not_asked(struct dbk_decision *d, uint32_t agent, const char *field)
{
	unsigned mode = dbk_guard_mode(d->books, DBK_GUARD_NEEDS_REQUEST);
	struct dbk_violation violation = { .guard = DBK_GUARD_NEEDS_REQUEST,
					   .rule = DBK_RULE_RESTOCK_NOT_ASKED,
					   .field = dbk_field(field),
					   .subject_kind = DBK_SUBJECT_AGENT,
					   .subject = agent,
					   .agent = agent };

	return mode == DBK_GUARD_OFF || dbk_guard_fail(d, mode, &violation);
}

/* -------------------------------------------------------------------------- orders */

/* The request that SALE names must be one of the buyer's. */
static bool
order_names(struct dbk_decision *d, const struct dbk_row_order *order,
	    struct dbk_str name, uint32_t *out)
{
	struct dbk_field field = dbk_field("request");

	*out = dbk_names_find(&d->books->names, DBK_SPACE_REQUEST, name);
	if (*out == 0)
		return dbk_refuse(d, DBK_RULE_REQUEST_UNKNOWN, field, name);
	if (order->kind != DBK_ORDER_RESTOCK ||
	    DBK_ROW(d->books, requests, request, *out)->agent != order->buyer)
		return dbk_refuse(d, DBK_RULE_ORDER_KIND_MISMATCH, field, name);
	return true;
}

static bool
order_claims(struct dbk_decision *d, const struct dbk_row_order *order,
	     const struct dbk_sale *sale, uint32_t request)
{
	for (uint32_t i = 0; i < sale->n_lines; i++) {
		uint32_t at = order->first_line + order->n_lines - sale->n_lines + i;
		uint32_t good = DBK_ROW(d->books, lines, line, at)->good;

		if (!claim(d, request, DBK_ROW(d->books, goods, good, good)->sku,
			   dbk_field_of("lines", i, "qty"), sale->lines[i].qty))
			return false;
	}
	return true;
}

bool
dbk_request_order(struct dbk_decision *d, uint32_t order, const struct dbk_sale *sale)
{
	const struct dbk_row_order *row;
	uint32_t request, extra;

	if (sale->kind != DBK_ORDER_RESTOCK && sale->request.size == 0)
		return true;
	row = DBK_ROW(d->books, orders, order, order);
	if (sale->request.size == 0)
		return not_asked(d, row->buyer, "request");
	if (!order_names(d, row, sale->request, &request) ||
	    !order_claims(d, row, sale, request) ||
	    !dbk_order_extra_need(d, order, &extra))
		return false;
	DBK_TOUCH(d->books, order_extras, order_extra, extra)->request = request;
	return true;
}

/* -------------------------------------------------------------------------- issues */

static uint32_t
line_sku(struct dbk_decision *d, uint32_t i)
{
	return dbk_name_find(d, DBK_SPACE_SKU, d->event->u.stock_issued.lines[i].sku);
}

static bool
issue_claims(struct dbk_decision *d, const struct dbk_row_holder *to)
{
	const struct dbk_stock_issued *e = &d->event->u.stock_issued;
	uint32_t request =
	    dbk_names_find(&d->books->names, DBK_SPACE_REQUEST, e->order);

	if (to->kind != DBK_HOLDER_AGENT ||
	    DBK_ROW(d->books, requests, request, request)->agent != to->owner)
		return dbk_refuse(d, DBK_RULE_HOLDER_KIND, dbk_field("to"),
				  e->to.kind == DBK_HOLDER_AGENT ? e->to.agent
								 : e->to.location);
	for (uint32_t i = 0; i < e->n_lines; i++) {
		if (!claim(d, request, line_sku(d, i), dbk_field_of("lines", i, "qty"),
			   e->lines[i].qty))
			return false;
		dbk_request_arrive(d, request, e->lines[i].qty);
	}
	return true;
}

/* What the order d->order asked for is answered with these goods. */
static void
issue_arrives(struct dbk_decision *d)
{
	const struct dbk_stock_issued *e = &d->event->u.stock_issued;
	uint32_t extra = dbk_order_extra_find(d->books, d->order);
	uint32_t request = DBK_ROW(d->books, order_extras, order_extra, extra)->request;
	uint32_t sku = DBK_ROW(d->books, requests, request, request)->sku;

	for (uint32_t i = 0; request != 0 && i < e->n_lines; i++)
		if (line_sku(d, i) == sku)
			dbk_request_arrive(d, request, e->lines[i].qty);
}

bool
dbk_request_issue(struct dbk_decision *d, uint32_t holder)
{
	const struct dbk_stock_issued *e = &d->event->u.stock_issued;
	const struct dbk_row_holder *to = DBK_ROW(d->books, holders, holder, holder);

	if (d->order != 0) {
		issue_arrives(d);
		return true;
	}
	if (e->order.size != 0)
		return issue_claims(d, to);
	if (e->psp.size == 0 || e->paid == 0)
		return true;
	return not_asked(d, to->owner, "order");
}
