/*
 * payouts.c -- money on its way to agents: payouts in a listing, and one payout back to
 * the sales that earned it.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "books/look.h"
#include "service/listing.h"

/* PayoutDetail.events in the wire format. */
#define EVENTS_FIELD 5

/* Letters of tokens: all payouts, those of one agent, items of one payout. */
#define ALL_LETTER 'o'
#define AGENT_LETTER 'y'
#define ITEMS_LETTER 'i'

/* An item has an earning, a line, an order that is searched for, and names. */
#define ITEMS_A_STEP (DBK_SERVICE_ASK_ROWS_MAX / 20)

static struct dbk_str
name_of(const struct dbk_books *books, enum dbk_space space, uint32_t id)
{
	return dbk_look_name(books, space, id);
}

static void
fill_payout(struct dbk_call *call, const struct dbk_books *books, uint32_t id,
	    const struct dbk_row_payout *row, Daybook__V1__Payout *out)
{
	out->payout = dbk_call_text(call, name_of(books, DBK_SPACE_PAYOUT, id));
	out->agent = dbk_call_text(call, name_of(books, DBK_SPACE_AGENT, row->agent));
	out->state = (Daybook__V1__PayoutState)row->state;
	out->method = dbk_call_text(call, name_of(books, DBK_SPACE_TAG, row->method));
	out->provider =
	    dbk_call_text(call, name_of(books, DBK_SPACE_TAG, row->provider));
	out->batch =
	    dbk_call_text(call, name_of(books, DBK_SPACE_PAYOUT_BATCH, row->batch));
	out->maker = dbk_call_text(call, name_of(books, DBK_SPACE_TAG, row->maker));
	out->requested_at = dbk_call_timestamp(call, row->requested_at);
	out->gross = row->gross;
	out->tax = row->tax;
	out->net = row->gross - row->tax;
	out->fee = row->fee;
	out->returned = row->returned;
	out->items = row->n_items;
	if (row->positions[DBK_PAYOUT_REQUESTED] != 0)
		out->requested_position = row->positions[DBK_PAYOUT_REQUESTED] - 1;
	if (row->positions[row->state] != 0)
		out->state_position = row->positions[row->state] - 1;
}

/* The rows do not keep the number under which a payout was sent: its event has it. */
static bool
fill_request_no(struct dbk_call *call, uint32_t sent_position_plus_one,
		Daybook__V1__Payout *out)
{
	static const enum dbk_event_type sent[] = { DBK_EVENT_PAYOUT_SENT,
						    DBK_EVENT_NONE };
	struct dbk_event event;

	if (sent_position_plus_one == 0)
		return true;
	if (!dbk_call_event(call, call->arena, sent_position_plus_one - 1, sent,
			    &event))
		return false;
	out->request_no = dbk_call_text(call, event.u.payout_sent.request_no);
	return true;
}

/* -------------------------------------------------------------------- ListPayouts */

struct payouts_question {
	struct dbk_listing listing;
	struct dbk_call *call;
	struct dbk_str agent, provider, batch; /* empty: any */
	uint32_t agent_id, provider_id, batch_id;
	uint32_t state;
	bool begun, token_is_bad;
	Daybook__V1__Payout **rows;
	uint32_t *sent; /* positions plus one */
};

static bool
is_wanted(const struct payouts_question *q, const struct dbk_row_payout *row)
{
	return (q->state == 0 || row->state == q->state) &&
	       (q->provider.size == 0 ||
		(q->provider_id != 0 && row->provider == q->provider_id)) &&
	       (q->batch.size == 0 || row->batch == q->batch_id);
}

static void
begin_payouts(const struct dbk_books *books, struct payouts_question *q)
{
	uint32_t newest = dbk_look_newest(books, DBK_LOOK_PAYOUTS);

	q->begun = true;
	q->agent_id = dbk_look_find(books, DBK_SPACE_AGENT, q->agent);
	q->provider_id = dbk_look_find(books, DBK_SPACE_TAG, q->provider);
	q->batch_id = dbk_look_find(books, DBK_SPACE_PAYOUT_BATCH, q->batch);
	if (q->listing.next > newest) {
		q->token_is_bad = q->listing.from_token;
		q->listing.next = 0;
	} else if (q->agent.size > 0 && q->listing.from_token) {
		q->token_is_bad =
		    dbk_look_payout(books, q->listing.next).agent != q->agent_id;
	} else if (q->agent.size > 0) {
		q->listing.next =
		    q->agent_id == 0 ? 0 : dbk_look_payout_of_agent(books, q->agent_id);
	}
}

static void
look_payouts(const struct dbk_books *books, void *answer)
{
	struct payouts_question *q = answer;
	struct dbk_listing *listing = &q->listing;

	listing->size = dbk_books_size(books);
	if (!q->begun)
		begin_payouts(books, q);
	while (!q->token_is_bad && dbk_listing_goes_on(listing)) {
		uint32_t id = listing->next;
		struct dbk_row_payout row = dbk_look_payout(books, id);

		if (is_wanted(q, &row)) {
			q->sent[listing->n] = row.positions[DBK_PAYOUT_SENT];
			fill_payout(q->call, books, id, &row, q->rows[listing->n++]);
		}
		if (q->agent.size > 0)
			listing->next = row.next_of_agent;
		else
			dbk_listing_step(listing,
					 dbk_look_newest(books, DBK_LOOK_PAYOUTS));
	}
	if (q->token_is_bad)
		listing->next = 0;
}

static bool
bad_state(struct dbk_call *call, int32_t state)
{
	char text[24];

	(void)snprintf(text, sizeof text, "%" PRId32, state);
	return dbk_call_bad(call, "STATE", "state", dbk_str_of(text),
			    "no payout has this state");
}

static bool
list_payouts(struct dbk_call *call, struct payouts_question *q, const char *token)
{
	if (!dbk_listing_walk(call, &q->listing, look_payouts, q))
		return false;
	if (q->agent.size > 0 && q->agent_id == 0)
		return dbk_call_not_found(call, "AGENT_UNKNOWN", "agent", q->agent);
	if (q->batch.size > 0 && q->batch_id == 0)
		return dbk_call_not_found(call, "BATCH_UNKNOWN", "batch", q->batch);
	if (q->token_is_bad)
		return dbk_call_bad(call, "PAGE_TOKEN", "page_token",
				    dbk_call_str(token),
				    "that payout is not in this listing");
	for (uint32_t i = 0; i < q->listing.n; i++)
		if (!fill_request_no(call, q->sent[i], q->rows[i]))
			return false;
	return true;
}

bool
dbk_call_list_payouts(struct dbk_call *call)
{
	const Daybook__V1__ListPayoutsRequest *request =
	    dbk_call_request(call, &daybook__v1__list_payouts_request__descriptor);
	Daybook__V1__ListPayoutsReply reply = DAYBOOK__V1__LIST_PAYOUTS_REPLY__INIT;
	struct payouts_question q = { .call = call };
	int32_t state;

	if (request == NULL ||
	    !dbk_listing_begin(call, &q.listing,
			       request->agent[0] == '\0' ? ALL_LETTER : AGENT_LETTER,
			       request->page_size, request->page_token))
		return false;
	state = (int32_t)request->state;
	if (state < 0 || state >= DBK_PAYOUT_STATES)
		return bad_state(call, state);
	q.state = (uint32_t)state;
	q.agent = dbk_call_str(request->agent);
	q.provider = dbk_call_str(request->provider);
	q.batch = dbk_call_str(request->batch);
	q.rows = dbk_call_messages(call, q.listing.rows_max,
				   &daybook__v1__payout__descriptor);
	q.sent = dbk_call_take(call, q.listing.rows_max, sizeof *q.sent);
	if (!dbk_call_know_currency(call) ||
	    !dbk_call_wait_books(call, request->at_least_size))
		return false;
	if (!call->exhausted && !list_payouts(call, &q, request->page_token))
		return false;
	reply.size = q.listing.size;
	reply.payouts = q.rows;
	reply.n_payouts = q.listing.n;
	reply.next_page_token = dbk_listing_token(call, &q.listing);
	reply.currency = call->currency->letters;
	reply.exponent = call->currency->exponent;
	return dbk_call_reply(call, &reply.base);
}

/* ---------------------------------------------------------------------- GetPayout */

struct payout_question {
	struct dbk_call *call;
	struct dbk_str name;
	uint32_t id;
	struct dbk_row_payout row;
	uint32_t at, end; /* items of this page, from 0 */
	Daybook__V1__PayoutDetail *reply;
};

static void
look_payout(const struct dbk_books *books, void *answer)
{
	struct payout_question *q = answer;

	q->reply->size = dbk_books_size(books);
	q->id = dbk_look_find(books, DBK_SPACE_PAYOUT, q->name);
	if (q->id == 0)
		return;
	q->row = dbk_look_payout(books, q->id);
	fill_payout(q->call, books, q->id, &q->row, q->reply->payout);
}

static void
look_items(const struct dbk_books *books, void *answer)
{
	struct payout_question *q = answer;

	for (uint32_t i = 0; i < ITEMS_A_STEP && q->at < q->end; i++) {
		struct dbk_row_payout_item row =
		    dbk_look_payout_item(books, q->row.first_item + q->at++);
		Daybook__V1__PayoutItem *item = q->reply->items[q->reply->n_items];

		item->earning = dbk_call_take(q->call, 1, sizeof *item->earning);
		if (item->earning == NULL)
			return;
		daybook__v1__earning__init(item->earning);
		dbk_earning_fill(q->call, books, row.earning, 0, item->earning);
		item->amount = row.amount;
		q->reply->n_items++;
	}
}

/* Which items are on this page; false: no token of this listing. */
static bool
begin_items(struct dbk_call *call, const char *token, struct payout_question *q)
{
	struct dbk_page page = { .token = dbk_call_str(token) };
	struct dbk_page_start start;

	if (dbk_page_start(&page, ITEMS_LETTER, &start, NULL) != DBK_OK ||
	    (page.token.size > 0 && start.place > q->row.n_items))
		return dbk_call_bad(call, "PAGE_TOKEN", "page_token", page.token,
				    "not a token of this listing");
	q->at = page.token.size > 0 ? (uint32_t)start.place : 0;
	q->end = q->row.n_items - q->at > DBK_PAGE_ROWS_MAX ? q->at + DBK_PAGE_ROWS_MAX
							    : q->row.n_items;
	return true;
}

static bool
fill_items(struct dbk_call *call, struct payout_question *q)
{
	struct dbk_next next = { .token = "" };

	q->reply->items = dbk_call_messages(call, q->end - q->at,
					    &daybook__v1__payout_item__descriptor);
	while (q->at < q->end && !call->exhausted)
		if (!dbk_call_ask(call, look_items, q))
			return false;
	if (q->end < q->row.n_items)
		dbk_page_stop(ITEMS_LETTER, q->reply->size, q->end, &next);
	q->reply->next_page_token = dbk_call_text(call, dbk_str_of(next.token));
	return true;
}

/* Enter POSITION among N that rise, unless it is there. */
static void
enter(uint64_t *positions, uint32_t *n, uint64_t position)
{
	uint32_t at = *n;

	while (at > 0 && positions[at - 1] > position)
		at--;
	if (at > 0 && positions[at - 1] == position)
		return;
	memmove(&positions[at + 1], &positions[at], (*n - at) * sizeof *positions);
	positions[at] = position;
	(*n)++;
}

/* One record may have led to two states. */
uint32_t
dbk_payout_positions(const struct dbk_row_payout *row, uint64_t *positions)
{
	uint32_t n = 0;

	for (uint32_t state = 1; state < DBK_PAYOUT_STATES; state++)
		if (row->positions[state] != 0)
			enter(positions, &n, row->positions[state] - 1);
	return n;
}

static bool
put_events(struct dbk_call *call, const struct dbk_row_payout *row)
{
	uint64_t positions[DBK_PAYOUT_STATES];
	uint32_t n = dbk_payout_positions(row, positions), left;

	return dbk_call_put_records(call, EVENTS_FIELD, positions, n, &left);
}

bool
dbk_call_get_payout(struct dbk_call *call)
{
	const Daybook__V1__GetPayoutRequest *request =
	    dbk_call_request(call, &daybook__v1__get_payout_request__descriptor);
	Daybook__V1__PayoutDetail reply = DAYBOOK__V1__PAYOUT_DETAIL__INIT;
	Daybook__V1__Payout payout = DAYBOOK__V1__PAYOUT__INIT;
	struct payout_question q = { .call = call, .reply = &reply };

	if (request == NULL || !dbk_call_needs(call, "payout", request->payout) ||
	    !dbk_call_know_currency(call) ||
	    !dbk_call_wait_books(call, request->at_least_size))
		return false;
	reply.payout = &payout;
	q.name = dbk_call_str(request->payout);
	if (!dbk_call_ask(call, look_payout, &q))
		return false;
	if (q.id == 0)
		return dbk_call_not_found(call, "PAYOUT_UNKNOWN", "payout", q.name);
	if (!begin_items(call, request->page_token, &q) || !fill_items(call, &q) ||
	    !fill_request_no(call, q.row.positions[DBK_PAYOUT_SENT], &payout))
		return false;
	if (request->page_token[0] == '\0' && !put_events(call, &q.row))
		return false;
	reply.currency = call->currency->letters;
	reply.exponent = call->currency->exponent;
	return dbk_call_reply(call, &reply.base);
}
