/*
 * lots.c -- a lot: where it came from, who has it, who it went through, who bought it.
 *
 * What the brand has sent out is of the books, and so of now, even where the pages of a
 * chain are as of an older size.
 */

#include "base/money.h"
#include "books/look_goods.h"
#include "query/lot_chain.h"
#include "service/call.h"

/* ------------------------------------------------------------------- of the books */

struct lot_question {
	struct dbk_call *call;
	Daybook__V1__Lot *lot;
	bool known;
};

static char *
name_of(struct dbk_call *call, const struct dbk_books *books, enum dbk_space space,
	uint32_t id)
{
	return dbk_call_text(call, dbk_look_name(books, space, id));
}

/* What the supply gave and what was used up are sides of one sum that fits. */
static void
fill_sums(const struct dbk_books *books, uint32_t good, Daybook__V1__Lot *out)
{
	const struct dbk_row_good *row;

	if (good == 0)
		return;
	row = dbk_look_good(books, good);
	out->issued = -row->supply;
	for (unsigned i = 0; i < sizeof row->consumed / sizeof row->consumed[0]; i++)
		out->consumed = dbk_money_sum(out->consumed, row->consumed[i]);
}

static void
look_lot(const struct dbk_books *books, void *answer)
{
	struct lot_question *q = answer;
	struct dbk_call *call = q->call;
	Daybook__V1__Lot *out = q->lot;
	uint32_t id = dbk_look_find(books, DBK_SPACE_LOT, dbk_str_of(out->lot));
	struct dbk_row_lot row;

	if (id == 0)
		return;
	q->known = true;
	row = dbk_look_lot(books, id);
	out->sku = name_of(call, books, DBK_SPACE_SKU, row.sku);
	out->qty = row.qty;
	out->expires_on = dbk_call_timestamp(call, row.expires_on);
	out->intended_region = name_of(call, books, DBK_SPACE_TAG, row.intended_region);
	out->serial_from = name_of(call, books, DBK_SPACE_TAG, row.serial_from);
	out->serial_to = name_of(call, books, DBK_SPACE_TAG, row.serial_to);
	out->position = row.position;
	fill_sums(books, dbk_look_good_of(books, row.sku, id), out);
}

/* ------------------------------------------------------------------------ its chain */

struct buyers_question {
	struct dbk_call *call;
	const struct dbk_lot_chain *chain;
	Daybook__V1__MovementLine **lines;
};

/* Who bought for himself or to sell is an agent. */
static void
look_buyers(const struct dbk_books *books, void *answer)
{
	struct buyers_question *q = answer;

	for (uint32_t i = 0; i < q->chain->n; i++) {
		const struct dbk_row_order *order;
		bool is_agent;

		if (q->chain->lines[i].order == 0)
			continue;
		order = dbk_look_order(books, q->chain->lines[i].order);
		is_agent =
		    order->kind == DBK_ORDER_SELF || order->kind == DBK_ORDER_RESTOCK;
		q->lines[i]->buyer = name_of(
		    q->call, books, is_agent ? DBK_SPACE_AGENT : DBK_SPACE_CUSTOMER,
		    order->buyer);
	}
}

static bool
fill_lines(struct dbk_call *call, const struct dbk_lot_chain *chain,
	   Daybook__V1__Lot *out)
{
	char **names = dbk_call_take(call, chain->n, sizeof(char *));
	struct dbk_order_at *orders = dbk_call_take(call, chain->n, sizeof *orders);
	struct buyers_question q = { .call = call, .chain = chain };

	q.lines =
	    dbk_call_messages(call, chain->n, &daybook__v1__movement_line__descriptor);
	if (names == NULL || orders == NULL || q.lines == NULL)
		return true;
	for (uint32_t i = 0; i < chain->n; i++)
		orders[i] = (struct dbk_order_at){ chain->lines[i].order,
						   chain->lines[i].position };
	if (!dbk_call_order_names(call, orders, chain->n, names) ||
	    !dbk_call_ask(call, look_buyers, &q))
		return false;
	for (uint32_t i = 0; i < chain->n; i++) {
		const struct dbk_movement_line *line = &chain->lines[i];

		dbk_movement_fill(call, line, names[i], q.lines[i]);
		q.lines[i]->holder = dbk_call_text(call, line->holder);
		q.lines[i]->holder_kind = dbk_call_text(
		    call, dbk_str_of(dbk_holder_kind_name(line->holder_kind)));
	}
	out->lines = q.lines;
	out->n_lines = chain->n;
	return true;
}

static void
fill_holders(struct dbk_call *call, const struct dbk_lot_chain *chain,
	     Daybook__V1__Lot *out)
{
	out->holders_truncated = chain->holders_truncated;
	out->holders = dbk_call_messages(call, chain->n_holders,
					 &daybook__v1__lot_holder__descriptor);
	if (out->holders == NULL)
		return;
	out->n_holders = chain->n_holders;
	for (uint32_t i = 0; i < chain->n_holders; i++) {
		const struct dbk_lot_holder *from = &chain->holders[i];
		Daybook__V1__LotHolder *to = out->holders[i];

		to->holder = dbk_call_text(call, from->holder);
		to->holder_kind = dbk_call_text(
		    call, dbk_str_of(dbk_holder_kind_name(from->holder_kind)));
		to->place = (Daybook__V1__Place)from->place;
		to->on_hand = from->figures.on_hand;
		to->in_transit = from->figures.in_transit;
		to->received = from->figures.received;
		to->sold = from->figures.sold;
	}
}

bool
dbk_call_get_lot(struct dbk_call *call)
{
	const Daybook__V1__GetLotRequest *request =
	    dbk_call_request(call, &daybook__v1__get_lot_request__descriptor);
	Daybook__V1__Lot reply = DAYBOOK__V1__LOT__INIT;
	struct lot_question q = { .call = call, .lot = &reply };
	struct dbk_lot_chain_query query = { .lot = { 0 } };
	struct dbk_lot_chain chain;
	struct dbk_error error = { 0 };
	enum dbk_err err;

	if (request == NULL || !dbk_call_needs(call, "lot", request->lot) ||
	    !dbk_call_page(call, request->page_size, request->page_token,
			   &query.page) ||
	    !dbk_call_wait_view(call, request->at_least_size, NULL, NULL))
		return false;
	reply.lot = request->lot;
	if (!dbk_call_ask(call, look_lot, &q))
		return false;
	if (!q.known)
		return dbk_call_not_found(call, "LOT_UNKNOWN", "lot",
					  dbk_call_str(request->lot));
	query.lot = dbk_call_str(request->lot);
	query.sku = dbk_str_of(reply.sku);
	err = dbk_lot_chain_list(call->view, &query, call->arena, &chain, &error);
	if (err != DBK_OK)
		return dbk_call_view_failed(call, err, &error, query.page.token);
	reply.size = chain.size;
	fill_holders(call, &chain, &reply);
	reply.next_page_token = dbk_call_text(call, dbk_str_of(chain.next.token));
	return fill_lines(call, &chain, &reply) && dbk_call_reply(call, &reply.base);
}
