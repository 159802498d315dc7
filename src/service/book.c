/*
 * book.c -- questions about the book as a whole: its sources, its status, its digest
 * and what it refused.
 */

#include "service/call.h"

#include <string.h>

#include "base/hash.h"
#include "books/look.h"
#include "books/sources.h"
#include "query/refusals.h"

/* --------------------------------------------------------------------- GetSource */

struct source_question {
	struct dbk_str name;
	struct dbk_row_source row;
	bool known;
};

static void
look_source(const struct dbk_books *books, void *answer)
{
	struct source_question *q = answer;
	uint32_t source = dbk_source_find(books, q->name);

	q->known = source != 0;
	if (q->known)
		q->row = *dbk_source_row(books, source);
}

bool
dbk_call_get_source(struct dbk_call *call)
{
	const Daybook__V1__GetSourceRequest *request =
	    dbk_call_request(call, &daybook__v1__get_source_request__descriptor);
	struct source_question q = { .known = false };
	Daybook__V1__Source reply = DAYBOOK__V1__SOURCE__INIT;

	if (request == NULL || !dbk_call_needs(call, "source", request->source))
		return false;
	q.name = dbk_call_str(request->source);
	if (!dbk_call_ask(call, look_source, &q))
		return false;
	reply.source = request->source;
	reply.known = q.known;
	reply.last_batch_seq = q.row.last_batch_seq;
	reply.batches = q.row.batches;
	reply.accepted = q.row.accepted;
	reply.duplicates = q.row.duplicates;
	reply.refused = q.row.refused;
	reply.invalid = q.row.invalid;
	return dbk_call_reply(call, &reply.base);
}

/* --------------------------------------------------------------------- GetStatus */

struct status_question {
	struct dbk_call *call;
	Daybook__V1__Status *reply;
	int64_t last_recorded_at_us; /* 0: nothing is recorded */
};

static void
look_status(const struct dbk_books *books, void *answer)
{
	struct status_question *q = answer;
	struct dbk_call *call = q->call;
	Daybook__V1__Status *reply = q->reply;
	const struct dbk_row_book *book = dbk_look_book(books);

	reply->book =
	    dbk_call_text(call, dbk_look_name(books, DBK_SPACE_TAG, book->name));
	reply->currency = dbk_call_text(
	    call, dbk_str_make(book->currency,
			       strnlen(book->currency, sizeof book->currency)));
	reply->exponent = book->exponent;
	reply->size = dbk_books_size(books);
	reply->clock =
	    dbk_call_timestamp(call, book->open ? book->clock : DBK_TIME_ABSENT);
	reply->accepted = book->accepted;
	reply->refused = book->refused;
	reply->agents = dbk_look_count(books, DBK_SPACE_AGENT);
	reply->customers = dbk_look_count(books, DBK_SPACE_CUSTOMER);
	reply->skus = dbk_look_count(books, DBK_SPACE_SKU);
	reply->orders = dbk_look_count(books, DBK_SPACE_ORDER);
	reply->positions = dbk_look_count(books, DBK_SPACE_POSITION);
	/* We are on the writer's thread, the only one that may ask this. */
	if (reply->size > 0)
		reply->last_recorded_at =
		    dbk_call_timestamp(call, dbk_log_recorded_at_us(call->port->log));
}

static void
reply_views(struct dbk_call *call, const struct dbk_service_status *status,
	    Daybook__V1__Status *reply)
{
	Daybook__V1__ViewStatus **list = dbk_call_messages(
	    call, status->n_views, &daybook__v1__view_status__descriptor);

	if (list == NULL)
		return;
	for (uint32_t i = 0; i < status->n_views; i++) {
		const struct dbk_service_view_status *view = &status->views[i];

		list[i]->view = dbk_call_text(call, dbk_str_of(view->view));
		list[i]->size = view->size;
		list[i]->rebuilding = view->rebuilding;
		list[i]->rebuilt_size = view->rebuilt_size;
	}
	reply->views = list;
	reply->n_views = status->n_views;
}

bool
dbk_call_get_status(struct dbk_call *call)
{
	Daybook__V1__Status reply = DAYBOOK__V1__STATUS__INIT;
	struct status_question q = { .call = call, .reply = &reply };
	struct dbk_service_status status;

	if (dbk_call_request(call, &daybook__v1__get_status_request__descriptor) ==
		NULL ||
	    !dbk_call_ask(call, look_status, &q))
		return false;
	memset(&status, 0, sizeof status);
	call->port->fill_status(call->port->context, &status);
	reply_views(call, &status, &reply);
	reply.log_bytes = status.log_bytes;
	reply.views_bytes = status.views_bytes;
	reply.books_bytes = status.books_bytes;
	reply.read_only = status.read_only;
	reply.read_only_reason =
	    dbk_call_text(call, dbk_str_of(status.read_only_reason));
	reply.saved_books_size = status.saved_books_size;
	if (status.version != NULL)
		reply.version = dbk_call_text(call, dbk_str_of(status.version));
	reply.duplicates = status.duplicates;
	reply.checkpoint_size = status.checkpoint_size;
	if (status.checkpoint_at_us != 0)
		reply.checkpoint_at = dbk_call_timestamp(call, status.checkpoint_at_us);
	reply.checkpoint_trouble =
	    dbk_call_text(call, dbk_str_of(status.checkpoint_trouble));
	if (call->port->verifier_key != NULL)
		reply.verifier_key =
		    dbk_call_text(call, dbk_str_of(call->port->verifier_key));
	reply.invalid = status.invalid;
	return dbk_call_reply(call, &reply.base);
}

/* --------------------------------------------------------------------- GetDigest */

/* The whole book is walked on the writer's thread, so never twice for one size. */
static void
look_digest(const struct dbk_books *books, void *answer)
{
	struct dbk_call_digest *last = answer;
	uint64_t size = dbk_books_size(books);

	if (last->made && last->size == size)
		return;
	dbk_books_digest(books, last->bytes);
	last->size = size;
	last->made = true;
}

bool
dbk_call_get_digest(struct dbk_call *call)
{
	Daybook__V1__Digest reply = DAYBOOK__V1__DIGEST__INIT;

	if (dbk_call_request(call, &daybook__v1__get_digest_request__descriptor) ==
		NULL ||
	    !dbk_call_ask(call, look_digest, call->digest))
		return false;
	reply.size = call->digest->size;
	reply.digest.data = call->digest->bytes;
	reply.digest.len = sizeof call->digest->bytes;
	return dbk_call_reply(call, &reply.base);
}

/* ------------------------------------------------------------------ ListRefusals */

bool
dbk_call_list_refusals(struct dbk_call *call)
{
	const Daybook__V1__ListRefusalsRequest *request =
	    dbk_call_request(call, &daybook__v1__list_refusals_request__descriptor);
	Daybook__V1__ListRefusalsReply reply = DAYBOOK__V1__LIST_REFUSALS_REPLY__INIT;
	Daybook__V1__RefusalCount **list;
	struct dbk_refusals *refusals;

	if (request == NULL ||
	    !dbk_call_wait_view(call, request->at_least_size, NULL, NULL))
		return false;
	refusals = dbk_call_take(call, 1, sizeof *refusals);
	list = dbk_call_messages(call, DBK_RULES_MAX,
				 &daybook__v1__refusal_count__descriptor);
	if (call->exhausted)
		return dbk_call_reply(call, &reply.base);
	dbk_refusals_list(call->view, refusals);
	for (uint32_t i = 0; i < refusals->n; i++) {
		const struct dbk_refusal_count *rule = &refusals->rules[i];

		list[i]->rule = (Daybook__V1__Rule)rule->rule;
		list[i]->count = rule->count;
		list[i]->first_position = rule->first_position;
		list[i]->last_position = rule->last_position;
	}
	reply.size = refusals->size;
	reply.counts = list;
	reply.n_counts = refusals->n;
	return dbk_call_reply(call, &reply.base);
}
