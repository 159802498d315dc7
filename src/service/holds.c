/*
 * holds.c -- holds of earnings, and the flags of orders, which hold as well.
 */

#include "books/look.h"
#include "service/listing.h"

#define LETTER 'h'

struct holds_question {
	struct dbk_listing listing;
	struct dbk_call *call;
	bool in_force_only;
	Daybook__V1__Hold **rows;
};

static void
fill_hold(struct dbk_call *call, const struct dbk_books *books, uint32_t id,
	  const struct dbk_row_hold *row, Daybook__V1__Hold *out)
{
	if (row->name != 0)
		out->hold =
		    dbk_call_text(call, dbk_look_name(books, DBK_SPACE_HOLD, id));
	out->agent =
	    dbk_call_text(call, dbk_look_name(books, DBK_SPACE_AGENT, row->agent));
	out->order =
	    dbk_call_text(call, dbk_look_name(books, DBK_SPACE_ORDER, row->order));
	if (row->line != 0)
		out->line = dbk_look_line(books, row->line)->line;
	out->level = row->level;
	out->rule = dbk_call_text(call, dbk_look_name(books, DBK_SPACE_TAG, row->rule));
	out->revision = row->revision;
	out->released = row->released != 0;
	out->position = row->position;
}

static void
look_holds(const struct dbk_books *books, void *answer)
{
	struct holds_question *q = answer;
	struct dbk_listing *listing = &q->listing;
	uint32_t newest = dbk_look_newest(books, DBK_LOOK_HOLDS);

	listing->size = dbk_books_size(books);
	if (listing->next > newest)
		listing->next = 0;
	while (dbk_listing_goes_on(listing)) {
		uint32_t id = listing->next;
		struct dbk_row_hold row = dbk_look_hold(books, id);

		if (!q->in_force_only || row.released == 0)
			fill_hold(q->call, books, id, &row, q->rows[listing->n++]);
		dbk_listing_step(listing, newest);
	}
}

bool
dbk_call_list_holds(struct dbk_call *call)
{
	const Daybook__V1__ListHoldsRequest *request =
	    dbk_call_request(call, &daybook__v1__list_holds_request__descriptor);
	Daybook__V1__ListHoldsReply reply = DAYBOOK__V1__LIST_HOLDS_REPLY__INIT;
	struct holds_question q = { .call = call };

	if (request == NULL ||
	    !dbk_listing_begin(call, &q.listing, LETTER, request->page_size,
			       request->page_token) ||
	    !dbk_call_wait_books(call, request->at_least_size))
		return false;
	q.in_force_only = request->in_force_only;
	q.rows =
	    dbk_call_messages(call, q.listing.rows_max, &daybook__v1__hold__descriptor);
	if (q.rows != NULL && !dbk_listing_walk(call, &q.listing, look_holds, &q))
		return false;
	reply.size = q.listing.size;
	reply.holds = q.rows;
	reply.n_holds = q.listing.n;
	reply.next_page_token = dbk_listing_token(call, &q.listing);
	return dbk_call_reply(call, &reply.base);
}
