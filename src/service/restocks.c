/*
 * restocks.c -- restocks that were allowed, and goods that agents asked to give back.
 */

#include <stdio.h>

#include "base/time.h"
#include "books/look_goods.h"
#include "service/listing.h"

/* Letters of tokens: all of them, those of one agent. */
#define RESTOCKS_LETTER 'q'
#define AGENT_RESTOCKS_LETTER 'j'
#define BUYBACKS_LETTER 'k'
#define AGENT_BUYBACKS_LETTER 'v'

/* All rows in the order they came, or those of one agent, the newest first. */
struct asked_question {
	struct dbk_listing listing;
	struct dbk_call *call;
	struct dbk_str agent; /* empty: all */
	uint32_t agent_id;
	bool begun, token_is_bad;
	Daybook__V1__Restock **restocks;
	Daybook__V1__Buyback **buybacks;
};

static struct asked_question
question(struct dbk_call *call, const char *agent)
{
	return (struct asked_question){ .call = call, .agent = dbk_call_str(agent) };
}

/* The agent asked for as a holder, zeroed if it is none. */
static struct dbk_row_holder
holder_of(const struct dbk_books *books, const struct asked_question *q)
{
	uint32_t holder =
	    q->agent_id == 0 ? 0 : dbk_look_agent(books, q->agent_id)->holder;

	if (holder == 0)
		return (struct dbk_row_holder){ .kind = 0 };
	return dbk_look_holder(books, holder);
}

/* True at the first step; NEWEST is the newest row of all. */
static bool
begins(const struct dbk_books *books, struct asked_question *q, uint32_t newest)
{
	if (q->begun)
		return false;
	q->begun = true;
	q->agent_id = dbk_look_find(books, DBK_SPACE_AGENT, q->agent);
	if (q->listing.next > newest) {
		q->token_is_bad = q->listing.from_token;
		q->listing.next = 0;
	}
	return true;
}

/* An agent's rows begin with NEWEST, or with that of the token, which is one of
 * OWNER's.
 */
static void
begin_of_agent(struct asked_question *q, uint32_t newest, uint32_t owner)
{
	if (q->listing.next == 0 || q->agent.size == 0)
		return;
	q->token_is_bad = q->listing.from_token && owner != q->agent_id;
	if (!q->listing.from_token)
		q->listing.next = newest;
	else if (q->token_is_bad)
		q->listing.next = 0;
}

static char *
name_of(struct dbk_call *call, const struct dbk_books *books, enum dbk_space space,
	uint32_t id)
{
	return dbk_call_text(call, dbk_look_name(books, space, id));
}

/* What look_restocks() or look_buybacks() LOOK for; false: the answer says why not. */
static bool
list_asked(struct asked_question *q, const char *token, uint64_t at_least_size,
	   void (*look)(const struct dbk_books *books, void *answer))
{
	struct dbk_call *call = q->call;

	if (!dbk_call_wait_books(call, at_least_size) ||
	    !dbk_listing_walk(call, &q->listing, look, q))
		return false;
	if (q->agent.size > 0 && q->agent_id == 0)
		return dbk_call_not_found(call, "AGENT_UNKNOWN", "agent", q->agent);
	if (q->token_is_bad)
		return dbk_call_bad(call, "PAGE_TOKEN", "page_token",
				    dbk_call_str(token),
				    "that row is not in this listing");
	return true;
}

/* -------------------------------------------------------------------- ListRestocks */

/* DAY, since 1970, as YYYY-MM-DD. */
static char *
day_text(struct dbk_call *call, uint32_t day)
{
	int year, month, day_of_month;
	char text[48];

	dbk_time_civil_of_days(day, &year, &month, &day_of_month);
	(void)snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day_of_month);
	return dbk_call_text(call, dbk_str_of(text));
}

static void
fill_restock(struct dbk_call *call, const struct dbk_books *books, uint32_t id,
	     const struct dbk_row_request *row, Daybook__V1__Restock *out)
{
	out->request = name_of(call, books, DBK_SPACE_REQUEST, id);
	out->agent = name_of(call, books, DBK_SPACE_AGENT, row->agent);
	out->sku = name_of(call, books, DBK_SPACE_SKU, row->sku);
	out->qty = row->qty;
	out->unit_price = row->unit_price;
	out->claimed = row->claimed;
	out->arrived = row->arrived;
	out->asked = day_text(call, row->asked);
}

static void
look_restocks(const struct dbk_books *books, void *answer)
{
	struct asked_question *q = answer;
	struct dbk_listing *listing = &q->listing;
	uint32_t newest = (uint32_t)dbk_look_count(books, DBK_SPACE_REQUEST);

	listing->size = dbk_books_size(books);
	if (begins(books, q, newest) && listing->next != 0)
		begin_of_agent(q, holder_of(books, q).requests,
			       dbk_look_request(books, listing->next).agent);
	while (dbk_listing_goes_on(listing)) {
		uint32_t id = listing->next;
		struct dbk_row_request row = dbk_look_request(books, id);

		fill_restock(q->call, books, id, &row, q->restocks[listing->n++]);
		if (q->agent.size > 0)
			listing->next = row.next;
		else
			dbk_listing_step(listing, newest);
	}
}

bool
dbk_call_list_restocks(struct dbk_call *call)
{
	const Daybook__V1__ListRestocksRequest *request =
	    dbk_call_request(call, &daybook__v1__list_restocks_request__descriptor);
	Daybook__V1__ListRestocksReply reply = DAYBOOK__V1__LIST_RESTOCKS_REPLY__INIT;
	struct asked_question q;

	if (request == NULL)
		return false;
	q = question(call, request->agent);
	if (!dbk_listing_begin(call, &q.listing,
			       q.agent.size == 0 ? RESTOCKS_LETTER
						 : AGENT_RESTOCKS_LETTER,
			       request->page_size, request->page_token))
		return false;
	q.restocks = dbk_call_messages(call, q.listing.rows_max,
				       &daybook__v1__restock__descriptor);
	if (q.restocks != NULL &&
	    !list_asked(&q, request->page_token, request->at_least_size, look_restocks))
		return false;
	reply.size = q.listing.size;
	reply.restocks = q.restocks;
	reply.n_restocks = q.listing.n;
	reply.next_page_token = dbk_listing_token(call, &q.listing);
	return dbk_call_reply(call, &reply.base);
}

/* -------------------------------------------------------------------- ListBuybacks */

static void
fill_buyback(struct dbk_call *call, const struct dbk_books *books, uint32_t id,
	     const struct dbk_row_buyback *row, Daybook__V1__Buyback *out)
{
	const struct dbk_row_good *good = dbk_look_good(books, row->good);

	out->request = name_of(call, books, DBK_SPACE_BUYBACK, id);
	out->agent = name_of(call, books, DBK_SPACE_AGENT, row->agent);
	out->sku = name_of(call, books, DBK_SPACE_SKU, good->sku);
	out->lot = name_of(call, books, DBK_SPACE_LOT, good->lot);
	out->qty = row->qty;
	out->settled = row->settled;
}

static void
look_buybacks(const struct dbk_books *books, void *answer)
{
	struct asked_question *q = answer;
	struct dbk_listing *listing = &q->listing;
	uint32_t newest = (uint32_t)dbk_look_count(books, DBK_SPACE_BUYBACK);

	listing->size = dbk_books_size(books);
	if (begins(books, q, newest) && listing->next != 0)
		begin_of_agent(q, holder_of(books, q).buybacks,
			       dbk_look_buyback(books, listing->next).agent);
	while (dbk_listing_goes_on(listing)) {
		uint32_t id = listing->next;
		struct dbk_row_buyback row = dbk_look_buyback(books, id);

		fill_buyback(q->call, books, id, &row, q->buybacks[listing->n++]);
		if (q->agent.size > 0)
			listing->next = row.next;
		else
			dbk_listing_step(listing, newest);
	}
}

bool
dbk_call_list_buybacks(struct dbk_call *call)
{
	const Daybook__V1__ListBuybacksRequest *request =
	    dbk_call_request(call, &daybook__v1__list_buybacks_request__descriptor);
	Daybook__V1__ListBuybacksReply reply = DAYBOOK__V1__LIST_BUYBACKS_REPLY__INIT;
	struct asked_question q;

	if (request == NULL)
		return false;
	q = question(call, request->agent);
	if (!dbk_listing_begin(call, &q.listing,
			       q.agent.size == 0 ? BUYBACKS_LETTER
						 : AGENT_BUYBACKS_LETTER,
			       request->page_size, request->page_token))
		return false;
	q.buybacks = dbk_call_messages(call, q.listing.rows_max,
				       &daybook__v1__buyback__descriptor);
	if (q.buybacks != NULL &&
	    !list_asked(&q, request->page_token, request->at_least_size, look_buybacks))
		return false;
	reply.size = q.listing.size;
	reply.buybacks = q.buybacks;
	reply.n_buybacks = q.listing.n;
	reply.next_page_token = dbk_listing_token(call, &q.listing);
	return dbk_call_reply(call, &reply.base);
}
