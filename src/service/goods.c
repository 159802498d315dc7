/*
 * goods.c -- questions about goods: stock positions and their movements.
 */

#include "service/call.h"

#include <inttypes.h>
#include <stdio.h>

#include "books/look_goods.h"
#include "query/movements.h"
#include "query/stock.h"
#include "views/figures.h"

const char *
dbk_holder_kind_name(uint8_t kind)
{
	switch ((enum dbk_holder_kind)kind) {
	case DBK_HOLDER_SUPPLY:
		return "supply";
	case DBK_HOLDER_AGENT:
		return "agent";
	case DBK_HOLDER_LOCATION:
		return "location";
	}
	return "";
}

/* --------------------------------------------------------------------- ListStock */

static void
reply_position(struct dbk_call *call, const struct dbk_stock_position *from,
	       Daybook__V1__StockPosition *out)
{
	const struct dbk_stock_figures *figures = &from->figures;

	out->holder = dbk_call_text(call, from->holder);
	out->holder_kind =
	    dbk_call_text(call, dbk_str_of(dbk_holder_kind_name(from->holder_kind)));
	out->sku = dbk_call_text(call, from->sku);
	out->lot = dbk_call_text(call, from->lot);
	out->place = (Daybook__V1__Place)from->place;
	out->on_hand = figures->on_hand;
	out->in_transit = figures->in_transit;
	out->received = figures->received;
	out->sold = figures->sold;
	out->passed_down = figures->passed_down;
	out->self_used = figures->self_used;
	out->sampled = figures->sampled;
	out->lost = figures->lost;
	out->returned = figures->returned;
	out->taken_back = figures->taken_back;
	out->count_difference = figures->count_difference;
	out->received_value = figures->received_value;
	out->sell_through_ppm = from->sell_through_ppm;
}

static void
reply_stock(struct dbk_call *call, const struct dbk_stock *from,
	    Daybook__V1__ListStockReply *reply)
{
	reply->size = from->size;
	reply->next_page_token = dbk_call_text(call, dbk_str_of(from->next.token));
	reply->positions =
	    dbk_call_messages(call, from->n, &daybook__v1__stock_position__descriptor);
	if (reply->positions == NULL)
		return;
	reply->n_positions = from->n;
	for (uint32_t i = 0; i < from->n; i++)
		reply_position(call, &from->rows[i], reply->positions[i]);
}

struct lot_question {
	struct dbk_call *call;
	struct dbk_str lot, sku; /* of the lot, in the arena; empty: it is unknown */
};

static void
look_sku_of_lot(const struct dbk_books *books, void *answer)
{
	struct lot_question *q = answer;
	uint32_t lot = dbk_look_find(books, DBK_SPACE_LOT, q->lot);

	if (lot != 0)
		q->sku = dbk_str_of(dbk_call_text(
		    q->call,
		    dbk_look_name(books, DBK_SPACE_SKU, dbk_look_lot(books, lot).sku)));
}

/* The view finds a lot's positions along its sku, which the books know. */
static bool
find_lot(struct dbk_call *call, struct dbk_str lot, struct dbk_stock_query *query)
{
	struct lot_question q = { .call = call, .lot = lot };

	if (lot.size == 0)
		return true;
	if (!dbk_call_ask(call, look_sku_of_lot, &q))
		return false;
	if (q.sku.size == 0 && !call->exhausted)
		return dbk_call_not_found(call, "LOT_UNKNOWN", "lot", lot);
	query->lot = lot;
	if (query->sku.size == 0)
		query->sku = q.sku;
	return true;
}

bool
dbk_call_list_stock(struct dbk_call *call)
{
	const Daybook__V1__ListStockRequest *request =
	    dbk_call_request(call, &daybook__v1__list_stock_request__descriptor);
	Daybook__V1__ListStockReply reply = DAYBOOK__V1__LIST_STOCK_REPLY__INIT;
	struct dbk_stock_query query = { .by_holder = false };
	struct dbk_stock stock;
	struct dbk_error error = { 0 };
	enum dbk_err err;

	if (request == NULL ||
	    !dbk_call_page(call, request->page_size, request->page_token, &query.page))
		return false;
	query.holder = dbk_call_str(request->holder);
	query.sku = dbk_call_str(request->sku);
	query.by_holder = request->by_holder;
	query.largest_first = request->largest_first;
	query.agents_only = request->agents_only;
	if (!dbk_call_wait_view(call, request->at_least_size, request->as_of,
				&query.as_of) ||
	    !find_lot(call, dbk_call_str(request->lot), &query))
		return false;
	err = dbk_stock_list(call->view, &query, call->arena, &stock, &error);
	if (err != DBK_OK)
		return dbk_call_view_failed(call, err, &error, query.page.token);
	reply_stock(call, &stock, &reply);
	return dbk_call_reply(call, &reply.base);
}

/* ----------------------------------------------------------------- ListMovements */

struct goods_question {
	struct dbk_str holder, sku, lot;
	bool holder_known, sku_known, lot_known;
};

static void
look_goods(const struct dbk_books *books, void *answer)
{
	struct goods_question *q = answer;

	q->holder_known = dbk_look_find(books, DBK_SPACE_AGENT, q->holder) != 0 ||
			  dbk_look_find(books, DBK_SPACE_LOCATION, q->holder) != 0;
	q->sku_known =
	    q->sku.size == 0 || dbk_look_find(books, DBK_SPACE_SKU, q->sku) != 0;
	q->lot_known =
	    q->lot.size == 0 || dbk_look_find(books, DBK_SPACE_LOT, q->lot) != 0;
}

/* The view knows no such position: a name that the book does not know either is wrong,
 * the others just never had to do with each other. */
static bool
no_movements(struct dbk_call *call, const struct dbk_movements_query *query,
	     struct dbk_movements *out)
{
	struct goods_question q = {
		.holder = query->holder,
		.sku = query->sku,
		.lot = query->lot,
	};

	if (!dbk_call_ask(call, look_goods, &q))
		return false;
	if (!q.holder_known)
		return dbk_call_not_found(call, "HOLDER_UNKNOWN", "holder", q.holder);
	if (!q.sku_known)
		return dbk_call_not_found(call, "SKU_UNKNOWN", "sku", q.sku);
	if (!q.lot_known)
		return dbk_call_not_found(call, "LOT_UNKNOWN", "lot", q.lot);
	*out = (struct dbk_movements){ .size = query->as_of.kind == DBK_AS_OF_SIZE
						   ? query->as_of.size
						   : dbk_view_size(call->view) };
	return true;
}

void
dbk_movement_fill(struct dbk_call *call, const struct dbk_movement_line *from,
		  char *order, Daybook__V1__MovementLine *out)
{
	out->position = from->position;
	out->effective_at = dbk_call_timestamp(call, from->effective_at);
	out->type = (uint32_t)from->type;
	out->type_name =
	    dbk_call_text(call, dbk_str_of(dbk_event_type_name(from->type)));
	out->order = order;
	out->sku = dbk_call_text(call, from->sku);
	out->lot = dbk_call_text(call, from->lot);
	out->place = (Daybook__V1__Place)from->place;
	out->qty = from->qty;
	out->units = from->units;
	out->balance = from->balance;
	out->late = from->late;
	out->reason = dbk_call_text(call, dbk_str_of(dbk_movement_name(from->reason)));
}

static bool
reply_movements(struct dbk_call *call, const struct dbk_movements *from,
		Daybook__V1__ListMovementsReply *reply)
{
	char **names = dbk_call_take(call, from->n, sizeof(char *));
	struct dbk_order_at *orders = dbk_call_take(call, from->n, sizeof *orders);

	reply->size = from->size;
	reply->on_hand = from->on_hand;
	reply->next_page_token = dbk_call_text(call, dbk_str_of(from->next.token));
	reply->lines =
	    dbk_call_messages(call, from->n, &daybook__v1__movement_line__descriptor);
	if (names == NULL || orders == NULL || reply->lines == NULL)
		return dbk_call_reply(call, &reply->base);
	for (uint32_t i = 0; i < from->n; i++)
		orders[i] = (struct dbk_order_at){ from->lines[i].order,
						   from->lines[i].position };
	if (!dbk_call_order_names(call, orders, from->n, names))
		return false;
	reply->n_lines = from->n;
	for (uint32_t i = 0; i < from->n; i++)
		dbk_movement_fill(call, &from->lines[i], names[i], reply->lines[i]);
	return dbk_call_reply(call, &reply->base);
}

static bool
bad_place(struct dbk_call *call, int32_t place)
{
	char text[24];

	(void)snprintf(text, sizeof text, "%" PRId32, place);
	return dbk_call_bad(call, "PLACE", "place", dbk_str_of(text),
			    "neither PHYSICAL nor CLOUD");
}

bool
dbk_call_list_movements(struct dbk_call *call)
{
	const Daybook__V1__ListMovementsRequest *request =
	    dbk_call_request(call, &daybook__v1__list_movements_request__descriptor);
	Daybook__V1__ListMovementsReply reply = DAYBOOK__V1__LIST_MOVEMENTS_REPLY__INIT;
	struct dbk_movements_query query = { .place = 0 };
	struct dbk_movements movements;
	struct dbk_error error = { 0 };
	int32_t place;
	enum dbk_err err;

	if (request == NULL || !dbk_call_needs(call, "holder", request->holder) ||
	    !dbk_call_page(call, request->page_size, request->page_token,
			   &query.page) ||
	    !dbk_call_time(call, "from", request->from, true, &query.from) ||
	    !dbk_call_time(call, "to", request->to, true, &query.to))
		return false;
	place = (int32_t)request->place;
	if (place < 0 || place > DBK_PLACE_CLOUD)
		return bad_place(call, place);
	query.holder = dbk_call_str(request->holder);
	query.sku = dbk_call_str(request->sku);
	query.lot = dbk_call_str(request->lot);
	query.place = (uint8_t)place;
	if (!dbk_call_wait_view(call, request->at_least_size, request->as_of,
				&query.as_of))
		return false;
	err = dbk_movements_list(call->view, &query, call->arena, &movements, &error);
	if (err == DBK_FAILED_NOT_FOUND) {
		if (!no_movements(call, &query, &movements))
			return false;
	} else if (err != DBK_OK) {
		return dbk_call_view_failed(call, err, &error, query.page.token);
	}
	reply.holder = request->holder;
	return reply_movements(call, &movements, &reply);
}
