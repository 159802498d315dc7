/*
 * orders.c -- the question about one order: what was agreed, what was paid, where the
 * goods are, and every record that says so.
 */

#include "service/call.h"

#include "books/look.h"
#include "query/order_history.h"

/* Order.events in the wire format: field 17, a message. */
#define EVENTS_FIELD 17

struct order_question {
	struct dbk_call *call;
	struct dbk_str name;
	uint32_t order; /* dense id, 0: not in the book */
	uint32_t placed_position;
	Daybook__V1__Order *reply;
};

static void
fill_line(struct dbk_call *call, const struct dbk_books *books,
	  const struct dbk_row_line *row, Daybook__V1__OrderLineState *out)
{
	uint32_t sku = dbk_look_good(books, row->good)->sku;

	out->line = row->line;
	out->sku = dbk_call_text(call, dbk_look_name(books, DBK_SPACE_SKU, sku));
	out->qty = row->qty;
	out->amount = row->amount;
	out->shipped = row->shipped;
	out->received = (row->flags & DBK_LINE_RECEIVED) != 0;
	out->refunded = row->refunded;
	out->returned = row->returned;
}

/* Line 0 is the shipping, which the reply has a field for. */
static void
fill_lines(struct dbk_call *call, const struct dbk_books *books,
	   const struct dbk_row_order *order, Daybook__V1__Order *out)
{
	out->lines = dbk_call_messages(call, order->n_lines,
				       &daybook__v1__order_line_state__descriptor);
	if (out->lines == NULL)
		return;
	for (uint32_t i = 0; i < order->n_lines; i++) {
		const struct dbk_row_line *row =
		    dbk_look_line(books, order->first_line + i);

		if (row->line == 0)
			out->shipping = row->amount;
		else
			fill_line(call, books, row, out->lines[out->n_lines++]);
	}
}

static void
fill_order(struct dbk_call *call, const struct dbk_books *books, uint32_t order,
	   Daybook__V1__Order *out)
{
	const struct dbk_row_order *row = dbk_look_order(books, order);
	bool agent_buys = row->kind == DBK_ORDER_SELF || row->kind == DBK_ORDER_RESTOCK;
	enum dbk_space buyers = agent_buys ? DBK_SPACE_AGENT : DBK_SPACE_CUSTOMER;

	out->size = dbk_books_size(books);
	out->order = dbk_call_text(call, dbk_look_name(books, DBK_SPACE_ORDER, order));
	out->kind = (Daybook__V1__OrderKind)row->kind;
	out->seller =
	    dbk_call_text(call, dbk_look_name(books, DBK_SPACE_AGENT, row->seller));
	out->buyer = dbk_call_text(call, dbk_look_name(books, buyers, row->buyer));
	out->channel =
	    dbk_call_text(call, dbk_look_name(books, DBK_SPACE_TAG, row->channel));
	out->fulfilment = (Daybook__V1__Fulfilment)row->fulfilment;
	out->cancelled = (row->flags & DBK_ORDER_CANCELLED) != 0;
	out->direct = (row->flags & DBK_ORDER_DIRECT) != 0;
	out->total = row->total;
	out->paid = row->paid;
	out->escrow = row->escrow;
	out->refund_payable = row->refund_payable;
	out->refunded = row->refunded;
	out->deferred = row->deferred;
	out->holds = row->holds;
	out->flagged = (row->flags & DBK_ORDER_FLAGGED) != 0;
	fill_lines(call, books, row, out);
}

static void
look_order(const struct dbk_books *books, void *answer)
{
	struct order_question *q = answer;

	q->order = dbk_look_find(books, DBK_SPACE_ORDER, q->name);
	if (q->order == 0)
		return;
	q->placed_position = dbk_look_order(books, q->order)->placed_position;
	fill_order(q->call, books, q->order, q->reply);
}

/* Prices of units are not kept by the books: only the event that placed the order has
 * them. */
static bool
fill_prices(struct dbk_call *call, uint64_t position, Daybook__V1__Order *out)
{
	static const enum dbk_event_type placing[] = { DBK_EVENT_SALE_RECORDED,
						       DBK_EVENT_ORDER_PLACED,
						       DBK_EVENT_NONE };
	struct dbk_event event;
	size_t at = 0;

	if (!dbk_call_event(call, call->arena, position, placing, &event))
		return false;
	/* Both lists are in the order of their numbers. */
	for (uint32_t i = 0; i < event.u.sale.n_lines && at < out->n_lines; i++)
		if (event.u.sale.lines[i].line == out->lines[at]->line)
			out->lines[at++]->unit_price = event.u.sale.lines[i].unit_price;
	return true;
}

static bool
put_events(struct dbk_call *call, const struct dbk_order_history *history,
	   Daybook__V1__Order *out)
{
	uint64_t *positions = dbk_call_take(call, history->n, sizeof *positions);
	uint32_t left = 0;

	if (positions == NULL)
		return true;
	for (uint32_t i = 0; i < history->n; i++)
		positions[i] = history->records[i].position;
	if (!dbk_call_put_records(call, EVENTS_FIELD, positions, history->n, &left))
		return false;
	out->events_truncated = history->truncated || left > 0;
	return true;
}

static bool
reply_order(struct dbk_call *call, const struct order_question *q)
{
	struct dbk_order_history history;
	struct dbk_error error = { 0 };
	enum dbk_err err =
	    dbk_order_history_get(call->view, q->order, call->arena, &history, &error);

	if (err != DBK_OK)
		return dbk_call_view_failed(call, err, &error, dbk_str_of(""));
	if (!fill_prices(call, q->placed_position, q->reply) ||
	    !put_events(call, &history, q->reply))
		return false;
	if (history.size < q->reply->size)
		q->reply->size = history.size;
	q->reply->currency = call->currency->letters;
	q->reply->exponent = call->currency->exponent;
	return dbk_call_reply(call, &q->reply->base);
}

bool
dbk_call_get_order(struct dbk_call *call)
{
	const Daybook__V1__GetOrderRequest *request =
	    dbk_call_request(call, &daybook__v1__get_order_request__descriptor);
	Daybook__V1__Order reply = DAYBOOK__V1__ORDER__INIT;
	struct order_question q = { .call = call, .reply = &reply };

	if (request == NULL || !dbk_call_needs(call, "order", request->order) ||
	    !dbk_call_know_currency(call) ||
	    !dbk_call_wait_view(call, request->at_least_size, NULL, NULL))
		return false;
	q.name = dbk_call_str(request->order);
	if (!dbk_call_ask(call, look_order, &q))
		return false;
	if (q.order == 0)
		return dbk_call_not_found(call, "ORDER_UNKNOWN", "order", q.name);
	return dbk_earning_list(call, q.order, &reply) && reply_order(call, &q);
}
