/*
 * escrow.c -- consumers' money that waits for goods, order by order.
 */

#include "books/look.h"
#include "service/listing.h"

#define LETTER 'e'

struct escrow_question {
	struct dbk_listing listing;
	struct dbk_call *call;
	int64_t clock; /* of the book, DBK_TIME_ABSENT before it is open */
	Daybook__V1__EscrowLine **rows;
};

static void
fill_line(struct dbk_call *call, const struct dbk_books *books, uint32_t order,
	  const struct dbk_row_order *row, Daybook__V1__EscrowLine *out)
{
	out->order = dbk_call_text(call, dbk_look_name(books, DBK_SPACE_ORDER, order));
	out->seller =
	    dbk_call_text(call, dbk_look_name(books, DBK_SPACE_AGENT, row->seller));
	out->escrow = row->escrow;
	out->position = row->placed_position;
}

static void
look_orders(const struct dbk_books *books, void *answer)
{
	struct escrow_question *q = answer;
	struct dbk_listing *listing = &q->listing;
	uint32_t newest = (uint32_t)dbk_look_count(books, DBK_SPACE_ORDER);
	const struct dbk_row_book *book = dbk_look_book(books);

	listing->size = dbk_books_size(books);
	q->clock = book->open != 0 ? book->clock : DBK_TIME_ABSENT;
	if (listing->next > newest)
		listing->next = 0;
	while (dbk_listing_goes_on(listing)) {
		uint32_t id = listing->next;
		const struct dbk_row_order *row = dbk_look_order(books, id);

		if (row->escrow != 0)
			fill_line(q->call, books, id, row, q->rows[listing->n++]);
		dbk_listing_step(listing, newest);
	}
}

/* When each was placed, the event that placed it says. */
static bool
fill_times(struct dbk_call *call, const struct escrow_question *q)
{
	for (uint32_t i = 0; i < q->listing.n; i++) {
		struct dbk_event event;

		if (!dbk_call_event(call, call->arena, q->rows[i]->position, NULL,
				    &event))
			return false;
		q->rows[i]->placed_at = dbk_call_timestamp(call, event.effective_at);
	}
	return true;
}

bool
dbk_call_list_escrow(struct dbk_call *call)
{
	const Daybook__V1__ListEscrowRequest *request =
	    dbk_call_request(call, &daybook__v1__list_escrow_request__descriptor);
	Daybook__V1__ListEscrowReply reply = DAYBOOK__V1__LIST_ESCROW_REPLY__INIT;
	struct escrow_question q = { .call = call };

	if (request == NULL ||
	    !dbk_listing_begin(call, &q.listing, LETTER, request->page_size,
			       request->page_token) ||
	    !dbk_call_know_currency(call) ||
	    !dbk_call_wait_books(call, request->at_least_size))
		return false;
	q.rows = dbk_call_messages(call, q.listing.rows_max,
				   &daybook__v1__escrow_line__descriptor);
	if (q.rows != NULL && (!dbk_listing_walk(call, &q.listing, look_orders, &q) ||
			       !fill_times(call, &q)))
		return false;
	reply.size = q.listing.size;
	reply.clock = dbk_call_timestamp(call, q.clock);
	reply.lines = q.rows;
	reply.n_lines = q.listing.n;
	reply.next_page_token = dbk_listing_token(call, &q.listing);
	reply.currency = call->currency->letters;
	reply.exponent = call->currency->exponent;
	return dbk_call_reply(call, &reply.base);
}
