/*
 * reports.c -- what commission cost, and what platforms say they paid.
 */

#include <daybook/limits.h>

#include "books/look.h"
#include "service/listing.h"

#define LETTER 'r'

/* --------------------------------------------------------------------- ListCosts */

struct costs_question {
	struct dbk_call *call;
	Daybook__V1__ListCostsReply *reply;
};

static void
fill_cost(struct dbk_call *call, const struct dbk_books *books, uint32_t id,
	  Daybook__V1__Cost *out)
{
	struct dbk_row_cost row = dbk_look_cost(books, id);

	dbk_plan_fill(call, books, row.plan, &out->plan, &out->plan_version);
	out->level = row.level;
	out->channel =
	    dbk_call_text(call, dbk_look_name(books, DBK_SPACE_TAG, row.channel));
	out->earnings = row.earnings;
	out->accrued = row.accrued;
	out->reversed = row.reversed;
}

static void
look_costs(const struct dbk_books *books, void *answer)
{
	struct costs_question *q = answer;
	uint32_t n = dbk_look_newest(books, DBK_LOOK_COSTS);

	if (n > DBK_SERVICE_ASK_ROWS_MAX)
		n = DBK_SERVICE_ASK_ROWS_MAX;
	q->reply->size = dbk_books_size(books);
	q->reply->costs = dbk_call_messages(q->call, n, &daybook__v1__cost__descriptor);
	for (uint32_t i = 0; q->reply->costs != NULL && i < n; i++)
		fill_cost(q->call, books, i + 1, q->reply->costs[q->reply->n_costs++]);
}

bool
dbk_call_list_costs(struct dbk_call *call)
{
	const Daybook__V1__ListCostsRequest *request =
	    dbk_call_request(call, &daybook__v1__list_costs_request__descriptor);
	Daybook__V1__ListCostsReply reply = DAYBOOK__V1__LIST_COSTS_REPLY__INIT;
	struct costs_question q = { call, &reply };

	if (request == NULL || !dbk_call_know_currency(call) ||
	    !dbk_call_wait_books(call, request->at_least_size) ||
	    !dbk_call_ask(call, look_costs, &q))
		return false;
	reply.currency = call->currency->letters;
	reply.exponent = call->currency->exponent;
	return dbk_call_reply(call, &reply.base);
}

/* ------------------------------------------------------------------- ListReports */

struct reports_question {
	struct dbk_listing listing;
	struct dbk_call *call;
	bool differences_only;
	Daybook__V1__Report **rows;
};

static const char *
difference_name(uint8_t difference)
{
	switch ((enum dbk_difference)difference) {
	case DBK_DIFFERENCE_NONE:
		return "";
	case DBK_DIFFERENCE_NO_CAUSE:
		return "no_cause";
	case DBK_DIFFERENCE_NO_STANDING:
		return "no_standing";
	case DBK_DIFFERENCE_DUPLICATE:
		return "duplicate";
	case DBK_DIFFERENCE_WRONG_PAYEE:
		return "wrong_payee";
	case DBK_DIFFERENCE_WRONG_AMOUNT:
		return "wrong_amount";
	}
	return "";
}

static void
fill_report(struct dbk_call *call, const struct dbk_books *books,
	    const struct dbk_row_report *row, Daybook__V1__Report *out)
{
	out->position = row->position;
	out->basis = (Daybook__V1__Basis)row->basis;
	out->distance = row->distance;
	out->amount = row->amount;
	out->expected = row->expected;
	if (row->earning != 0) {
		uint32_t agent = dbk_look_earning(books, row->earning).agent;

		out->expected_payee =
		    dbk_call_text(call, dbk_look_name(books, DBK_SPACE_AGENT, agent));
	}
	out->difference =
	    dbk_call_text(call, dbk_str_of(difference_name(row->difference)));
}

static void
look_reports(const struct dbk_books *books, void *answer)
{
	struct reports_question *q = answer;
	struct dbk_listing *listing = &q->listing;
	uint32_t newest = dbk_look_newest(books, DBK_LOOK_REPORTS);

	listing->size = dbk_books_size(books);
	if (listing->next > newest)
		listing->next = 0;
	while (dbk_listing_goes_on(listing)) {
		struct dbk_row_report row = dbk_look_report(books, listing->next);

		if (!q->differences_only || row.difference != DBK_DIFFERENCE_NONE)
			fill_report(q->call, books, &row, q->rows[listing->n++]);
		dbk_listing_step(listing, newest);
	}
}

/* What was said, in its own words: the payee may be nobody that the book knows. */
static bool
fill_words(struct dbk_call *call, Daybook__V1__Report *out)
{
	static const enum dbk_event_type reported[] = { DBK_EVENT_COMMISSION_REPORTED,
							DBK_EVENT_NONE };
	const struct dbk_commission_reported *said;
	struct dbk_event event;

	if (!dbk_call_event(call, call->arena, out->position, reported, &event))
		return false;
	said = &event.u.commission_reported;
	out->commission = dbk_call_text(call, said->commission);
	out->payee = dbk_call_text(call, said->payee);
	out->order = dbk_call_text(call, said->cause_order);
	out->line = said->cause_line;
	return true;
}

static bool
list_reports(struct dbk_call *call, struct reports_question *q)
{
	if (!dbk_listing_walk(call, &q->listing, look_reports, q))
		return false;
	for (uint32_t i = 0; i < q->listing.n; i++)
		if (!fill_words(call, q->rows[i]))
			return false;
	return true;
}

bool
dbk_call_list_reports(struct dbk_call *call)
{
	const Daybook__V1__ListReportsRequest *request =
	    dbk_call_request(call, &daybook__v1__list_reports_request__descriptor);
	Daybook__V1__ListReportsReply reply = DAYBOOK__V1__LIST_REPORTS_REPLY__INIT;
	struct reports_question q = { .call = call };

	if (request == NULL ||
	    !dbk_listing_begin(call, &q.listing, LETTER, request->page_size,
			       request->page_token) ||
	    !dbk_call_know_currency(call) ||
	    !dbk_call_wait_books(call, request->at_least_size))
		return false;
	q.differences_only = request->differences_only;
	q.rows = dbk_call_messages(call, q.listing.rows_max,
				   &daybook__v1__report__descriptor);
	if (q.rows != NULL && !list_reports(call, &q))
		return false;
	reply.size = q.listing.size;
	reply.reports = q.rows;
	reply.n_reports = q.listing.n;
	reply.next_page_token = dbk_listing_token(call, &q.listing);
	reply.currency = call->currency->letters;
	reply.exponent = call->currency->exponent;
	return dbk_call_reply(call, &reply.base);
}
