/*
 * mismatches.c -- orders whose payment, shipment and receipt do not meet: GOODS.md,
 * Three flows, as they stand now and whether a guard looks at them or not.
 *
 * The books say where money and goods are.  When an order was placed, and whether it
 * was told together with its receipt, which needs no shipment, the event that placed it
 * says.
 */

#include <inttypes.h>
#include <stdio.h>

#include <daybook/limits.h>

#include "books/look_goods.h"
#include "service/listing.h"

#define LETTER 'x'
#define US_PER_DAY 86400000000
#define STEPS_MAX (DBK_PAGE_STEPS_MAX / DBK_SERVICE_ASK_ROWS_MAX)

/* Orders of one step that are looked at more closely. */
#define FOUND_MAX 4096u

/* Bits of an order's kinds. */
#define KIND(name) (1u << DAYBOOK__V1__MISMATCH__MISMATCH_##name)
#define KINDS_END (DAYBOOK__V1__MISMATCH__MISMATCH_SHIPPED_NOT_RECEIVED + 1)

struct mismatch {
	uint32_t order;
	uint32_t kinds;
	uint64_t placed_position;
	int64_t total, paid, refunded;
	int64_t units, shipped, received, returned;
	int64_t age_days;
};

struct mismatch_question {
	struct dbk_listing listing;
	struct dbk_call *call;
	struct dbk_str seller; /* empty: any */
	uint32_t seller_id;
	uint32_t kinds; /* wanted */
	uint32_t older_than_days;
	int64_t clock;
	struct mismatch *found; /* by one step */
	uint32_t n_found;
	struct mismatch *rows;	 /* of the page */
	struct dbk_arena events; /* memory of one at a time */
	Daybook__V1__MismatchedOrder **orders;
};

/* --------------------------------------------------------------- where the goods are
 */

/* Units of a line that shipments were reported for, and that are with the buyer. */
static int64_t
delivered_of(const struct dbk_books *books, const struct dbk_row_line *line,
	     struct dbk_listing *listing)
{
	uint32_t at = line->shipment, n = 0;
	int64_t sum = 0;

	for (; at != 0; n++) {
		struct dbk_row_shipment row = dbk_look_shipment(books, at);

		sum += row.delivered;
		at = row.next;
	}
	listing->budget -= n < listing->budget ? n : listing->budget;
	return sum;
}

/* What one line of goods adds to its order's kinds, whatever was paid. */
static uint32_t
look_line(const struct dbk_row_line *line, int64_t delivered, struct mismatch *out)
{
	bool is_received = (line->flags & DBK_LINE_RECEIVED) != 0;
	int64_t with_buyer = is_received ? line->qty - line->returned : 0;
	uint32_t kinds = 0;

	out->units += line->qty;
	out->shipped += line->shipped + delivered;
	out->received += with_buyer;
	out->returned += line->returned;
	if (line->shipped > 0)
		kinds |= KIND(SHIPPED_NOT_RECEIVED);
	if (with_buyer > delivered)
		kinds |= KIND(RECEIVED_UNSHIPPED);
	if (is_received && line->amount > 0 && line->refunded >= line->amount &&
	    line->returned < line->qty)
		kinds |= KIND(REFUNDED_NOT_RETURNED);
	return kinds;
}

/* What the money says of goods: some never left, are on their way, or arrived. */
static uint32_t
look_money(const struct dbk_row_order *order, bool any_unsent, bool any_out,
	   bool any_received)
{
	if (order->flags & DBK_ORDER_DIRECT)
		return 0;
	if (order->paid >= order->total)
		return order->paid > 0 && any_unsent ? KIND(PAID_NOT_SHIPPED) : 0;
	return (any_out ? KIND(SHIPPED_NOT_PAID) : 0) |
	       (any_received ? KIND(RECEIVED_NOT_PAID) : 0);
}

static void
look_order(const struct dbk_books *books, const struct dbk_row_order *order,
	   struct dbk_listing *listing, struct mismatch *out)
{
	bool any_unsent = false, any_out = false, any_received = false;

	for (uint32_t i = 0; i < order->n_lines; i++) {
		const struct dbk_row_line *line =
		    dbk_look_line(books, order->first_line + i);
		bool is_received = (line->flags & DBK_LINE_RECEIVED) != 0;

		if (line->line == 0)
			continue;
		out->kinds |= look_line(line, delivered_of(books, line, listing), out);
		any_received = any_received || is_received;
		any_out = any_out || is_received || line->shipped > 0;
		any_unsent =
		    any_unsent ||
		    (!is_received && line->qty - line->returned - line->shipped > 0);
	}
	listing->budget -=
	    order->n_lines < listing->budget ? order->n_lines : listing->budget;
	out->kinds |= look_money(order, any_unsent, any_out, any_received);
	if (order->fulfilment == DBK_STORE_PICKUP)
		out->kinds &= ~KIND(RECEIVED_UNSHIPPED);
}

static void
look_orders(const struct dbk_books *books, void *answer)
{
	struct mismatch_question *q = answer;
	struct dbk_listing *listing = &q->listing;
	uint32_t newest = (uint32_t)dbk_look_count(books, DBK_SPACE_ORDER);

	listing->size = dbk_books_size(books);
	q->clock = dbk_look_book(books)->clock;
	q->seller_id = dbk_look_find(books, DBK_SPACE_AGENT, q->seller);
	q->n_found = 0;
	if (listing->next > newest || (q->seller.size > 0 && q->seller_id == 0))
		listing->next = 0;
	while (q->n_found < FOUND_MAX && dbk_listing_goes_on(listing)) {
		uint32_t id = listing->next;
		const struct dbk_row_order *row = dbk_look_order(books, id);
		struct mismatch found = { .order = id,
					  .placed_position = row->placed_position,
					  .total = row->total,
					  .paid = row->paid,
					  .refunded = row->refunded };

		dbk_listing_step(listing, newest);
		if ((row->flags & (DBK_ORDER_CANCELLED | DBK_ORDER_ISSUED)) != 0 ||
		    (q->seller.size > 0 && row->seller != q->seller_id))
			continue;
		look_order(books, row, listing, &found);
		if ((found.kinds & q->kinds) != 0)
			q->found[q->n_found++] = found;
	}
}

/* ---------------------------------------------------------------- the event behind it
 */

/* What the event that placed the order says; false: the answer says what is wrong. */
static bool
read_placing(struct mismatch_question *q, struct mismatch *found)
{
	static const enum dbk_event_type placing[] = { DBK_EVENT_SALE_RECORDED,
						       DBK_EVENT_ORDER_PLACED,
						       DBK_EVENT_NONE };
	struct dbk_event event;

	dbk_arena_reset(&q->events);
	if (!dbk_call_event(q->call, &q->events, found->placed_position, placing,
			    &event))
		return false;
	if (event.type == DBK_EVENT_SALE_RECORDED &&
	    event.u.sale.delivered_at != DBK_TIME_ABSENT)
		found->kinds &= ~KIND(RECEIVED_UNSHIPPED);
	found->age_days = (q->clock - event.effective_at) / US_PER_DAY;
	return true;
}

/* Onto the page what of one step is wanted; what no longer fits comes again. */
static bool
put_found(struct mismatch_question *q)
{
	struct dbk_listing *listing = &q->listing;

	for (uint32_t i = 0; i < q->n_found; i++) {
		if (listing->n == listing->rows_max) {
			listing->next = q->found[i].order;
			break;
		}
		if (!read_placing(q, &q->found[i]))
			return false;
		if ((q->found[i].kinds & q->kinds) != 0 &&
		    q->found[i].age_days >= q->older_than_days)
			q->rows[listing->n++] = q->found[i];
	}
	return true;
}

static bool
walk_orders(struct mismatch_question *q)
{
	struct dbk_listing *listing = &q->listing;
	unsigned steps = 0;
	bool is_fine;

	dbk_arena_init(&q->events, DBK_SERVICE_ARENA_BYTES_MAX);
	do {
		listing->budget = DBK_SERVICE_ASK_ROWS_MAX;
		is_fine = dbk_call_ask(q->call, look_orders, q) && put_found(q);
	} while (is_fine && listing->next != 0 && listing->n < listing->rows_max &&
		 ++steps < STEPS_MAX);
	dbk_log_reader_rest(q->call->log_reader);
	dbk_arena_fini(&q->events);
	return is_fine;
}

/* ------------------------------------------------------------------------ the reply */

static void
fill_kinds(struct dbk_call *call, uint32_t kinds, Daybook__V1__MismatchedOrder *out)
{
	out->kinds = dbk_call_take(call, KINDS_END, sizeof *out->kinds);
	for (uint32_t kind = 1; out->kinds != NULL && kind < KINDS_END; kind++)
		if ((kinds & 1u << kind) != 0)
			out->kinds[out->n_kinds++] = (Daybook__V1__Mismatch)kind;
}

static void
look_names(const struct dbk_books *books, void *answer)
{
	struct mismatch_question *q = answer;

	for (uint32_t i = 0; i < q->listing.n; i++) {
		const struct mismatch *from = &q->rows[i];
		const struct dbk_row_order *row = dbk_look_order(books, from->order);
		bool agent_buys =
		    row->kind == DBK_ORDER_SELF || row->kind == DBK_ORDER_RESTOCK;
		Daybook__V1__MismatchedOrder *out = q->orders[i];

		out->order = dbk_call_text(
		    q->call, dbk_look_name(books, DBK_SPACE_ORDER, from->order));
		out->seller = dbk_call_text(
		    q->call, dbk_look_name(books, DBK_SPACE_AGENT, row->seller));
		out->buyer = dbk_call_text(
		    q->call,
		    dbk_look_name(books,
				  agent_buys ? DBK_SPACE_AGENT : DBK_SPACE_CUSTOMER,
				  row->buyer));
	}
}

static bool
reply_mismatches(struct mismatch_question *q)
{
	Daybook__V1__ListMismatchesReply reply =
	    DAYBOOK__V1__LIST_MISMATCHES_REPLY__INIT;
	struct dbk_call *call = q->call;

	q->orders = dbk_call_messages(call, q->listing.n,
				      &daybook__v1__mismatched_order__descriptor);
	if (q->orders == NULL)
		return dbk_call_reply(call, &reply.base);
	if (q->listing.n > 0 && !dbk_call_ask(call, look_names, q))
		return false;
	for (uint32_t i = 0; i < q->listing.n; i++) {
		q->orders[i]->total = q->rows[i].total;
		q->orders[i]->paid = q->rows[i].paid;
		q->orders[i]->refunded = q->rows[i].refunded;
		q->orders[i]->units = q->rows[i].units;
		q->orders[i]->units_shipped = q->rows[i].shipped;
		q->orders[i]->units_received = q->rows[i].received;
		q->orders[i]->units_returned = q->rows[i].returned;
		q->orders[i]->age_days = q->rows[i].age_days;
		fill_kinds(call, q->rows[i].kinds, q->orders[i]);
	}
	reply.size = q->listing.size;
	reply.orders = q->orders;
	reply.n_orders = q->listing.n;
	reply.next_page_token = dbk_listing_token(call, &q->listing);
	reply.currency = call->currency->letters;
	reply.exponent = call->currency->exponent;
	return dbk_call_reply(call, &reply.base);
}

static bool
bad_kind(struct dbk_call *call, int32_t kind)
{
	char text[24];

	(void)snprintf(text, sizeof text, "%" PRId32, kind);
	return dbk_call_bad(call, "KIND", "kind", dbk_str_of(text),
			    "there is no such mismatch");
}

bool
dbk_call_list_mismatches(struct dbk_call *call)
{
	const Daybook__V1__ListMismatchesRequest *request =
	    dbk_call_request(call, &daybook__v1__list_mismatches_request__descriptor);
	struct mismatch_question q = { .call = call };
	int32_t kind;

	if (request == NULL ||
	    !dbk_listing_begin(call, &q.listing, LETTER, request->page_size,
			       request->page_token))
		return false;
	kind = (int32_t)request->kind;
	if (kind < 0 || kind >= (int32_t)KINDS_END)
		return bad_kind(call, kind);
	q.kinds = kind == 0 ? ~0u : 1u << kind;
	q.seller = dbk_call_str(request->seller);
	q.older_than_days = request->older_than_days;
	q.found = dbk_call_take(call, FOUND_MAX, sizeof *q.found);
	q.rows = dbk_call_take(call, q.listing.rows_max, sizeof *q.rows);
	if (!dbk_call_know_currency(call) ||
	    !dbk_call_wait_books(call, request->at_least_size))
		return false;
	if (!call->exhausted && !walk_orders(&q))
		return false;
	if (q.seller.size > 0 && q.seller_id == 0 && !call->exhausted)
		return dbk_call_not_found(call, "AGENT_UNKNOWN", "seller", q.seller);
	return reply_mismatches(&q);
}
