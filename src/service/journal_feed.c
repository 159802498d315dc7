#include "service/journal_feed.h"

#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "books/look.h"
#include "ledger/posting.h"
#include "query/journal.h"
#include "rpc/wire.h"
#include "service/call.h"
#include "service/opening.h"
#include "views/cause.h"

#define US_PER_SECOND 1000000
#define NANOS_PER_US 1000

/* JournalChunk and JournalEntry in the wire format. */
enum { CHUNK_SIZE = 1, CHUNK_NEXT_POSITION = 2, CHUNK_ENTRIES = 3 };
enum {
	ENTRY_POSITION = 1,
	ENTRY_EFFECTIVE_AT = 2,
	ENTRY_TYPE = 3,
	ENTRY_TYPE_NAME = 4,
	ENTRY_ORDER = 5,
	ENTRY_LATE = 6,
	ENTRY_PRIOR_PERIOD = 7,
	ENTRY_POSTINGS = 8,
	ENTRY_UNFINISHED = 9
};

/* Postings read for one chunk: with names of usual length some 200 KiB. */
#define POSTINGS_A_CHUNK 4096

struct dbk_journal_feed {
	struct dbk_journal_place place;
	uint64_t to_size;     /* 0: not settled yet */
	struct dbk_buf entry; /* being written */
};

/* ------------------------------------------------------------------------ opening */

static enum dbk_grpc_code
make(const Daybook__V1__ReadJournalRequest *request, uint64_t log_size,
     struct dbk_journal_feed **out_feed, struct dbk_service_answer *answer)
{
	struct dbk_journal_feed *feed;

	if (request->from_position > log_size)
		return dbk_opening_behind_end(answer, "from_position",
					      request->from_position, log_size);
	if (request->to_size > log_size)
		return dbk_opening_behind_end(answer, "to_size", request->to_size,
					      log_size);
	feed = calloc(1, sizeof *feed);
	if (feed == NULL)
		return dbk_answer_set(answer, DBK_GRPC_RESOURCE_EXHAUSTED, "MEMORY",
				      "no memory for a journal");
	feed->place.position = request->from_position;
	feed->to_size = request->to_size;
	dbk_buf_init(&feed->entry);
	*out_feed = feed;
	return DBK_GRPC_OK;
}

enum dbk_grpc_code
dbk_journal_feed_open(struct dbk_str request, uint64_t log_size,
		      struct dbk_journal_feed **out_feed,
		      struct dbk_service_answer *answer)
{
	Daybook__V1__ReadJournalRequest *opened;
	enum dbk_grpc_code code;

	opened = dbk_opening_request(
	    request, &daybook__v1__read_journal_request__descriptor, answer);
	if (opened == NULL)
		return answer->status.code;
	code = make(opened, log_size, out_feed, answer);
	protobuf_c_message_free_unpacked(&opened->base, NULL);
	return code;
}

void
dbk_journal_feed_close(struct dbk_journal_feed *feed)
{
	if (feed == NULL)
		return;
	dbk_buf_fini(&feed->entry);
	free(feed);
}

/* -------------------------------------------------------------------------- names */

struct names_question {
	struct dbk_call *call;
	const struct dbk_journal_page *page;
	struct dbk_str *orders; /* of the events */
	struct dbk_str *refs;	/* of the postings */
};

static struct dbk_str
keep_name(struct dbk_call *call, const struct dbk_books *books, enum dbk_space space,
	  uint32_t id)
{
	struct dbk_str name = dbk_look_name(books, space, id);

	return dbk_str_make(dbk_call_text(call, name), call->exhausted ? 0 : name.size);
}

static enum dbk_space
space_of(enum dbk_cause cause)
{
	return dbk_cause_refers(cause) == DBK_REFERS_TO_PAYOUT ? DBK_SPACE_PAYOUT
							       : DBK_SPACE_ORDER;
}

/* True if POSTING speaks of an order or a payout that its event does not name. */
static bool
has_ref(const struct dbk_journal_posting *posting,
	const struct dbk_journal_event *event)
{
	return posting->ref != 0 && (posting->ref != event->order ||
				     space_of(posting->cause) != DBK_SPACE_ORDER);
}

/* Sides of one thing stand together, so most names are those of the posting before. */
static void
look_refs(struct names_question *q, const struct dbk_books *books,
	  const struct dbk_journal_event *event)
{
	const struct dbk_journal_posting *before = NULL;

	for (uint32_t i = 0; i < event->n_postings; i++) {
		uint32_t at = event->first_posting + i;
		const struct dbk_journal_posting *posting = &q->page->postings[at];
		enum dbk_space space = space_of(posting->cause);

		if (!has_ref(posting, event))
			continue;
		if (before != NULL && before->ref == posting->ref &&
		    space_of(before->cause) == space)
			q->refs[at] = q->refs[before - q->page->postings];
		else
			q->refs[at] = keep_name(q->call, books, space, posting->ref);
		before = posting;
	}
}

static void
look_names(const struct dbk_books *books, void *answer)
{
	struct names_question *q = answer;
	const struct dbk_journal_page *page = q->page;

	for (uint32_t i = 0; i < page->n_events; i++) {
		const struct dbk_journal_event *event = &page->events[i];

		if (event->order != 0)
			q->orders[i] =
			    keep_name(q->call, books, DBK_SPACE_ORDER, event->order);
		look_refs(q, books, event);
	}
}

/* ------------------------------------------------------------------------ a chunk */

static void
put_flag(struct dbk_buf *out, unsigned number, bool flag)
{
	if (flag)
		dbk_wire_put_varint(out, number, 1);
}

static void
put_time(struct dbk_buf *out, unsigned number, int64_t us)
{
	unsigned char bytes[24];
	struct dbk_buf time = { bytes, 0, sizeof bytes, false };

	dbk_wire_put_varint(&time, 1, (uint64_t)(us / US_PER_SECOND));
	if (us % US_PER_SECOND != 0)
		dbk_wire_put_varint(&time, 2,
				    (uint64_t)(us % US_PER_SECOND * NANOS_PER_US));
	dbk_wire_put_bytes(out, number, dbk_str_make(time.bytes, time.size));
}

static void
put_posting(struct dbk_buf *out, const struct dbk_journal_posting *posting,
	    struct dbk_str event_order, struct dbk_str ref)
{
	struct dbk_posting_text text = { .code = posting->code,
					 .cause = posting->cause,
					 .amount = posting->amount,
					 .owner = posting->account == 0
						      ? event_order
						      : posting->owner };

	if (space_of(posting->cause) == DBK_SPACE_PAYOUT)
		text.payout = ref;
	else
		text.order = ref;
	dbk_posting_put(out, ENTRY_POSTINGS, &text);
}

static void
put_entry(struct dbk_buf *out, const struct dbk_journal_event *event,
	  const struct names_question *names, struct dbk_str order)
{
	dbk_wire_put_varint(out, ENTRY_POSITION, event->position);
	put_time(out, ENTRY_EFFECTIVE_AT, event->effective_at);
	dbk_wire_put_varint(out, ENTRY_TYPE, (uint64_t)event->type);
	dbk_wire_put_bytes(out, ENTRY_TYPE_NAME,
			   dbk_str_of(dbk_event_type_name(event->type)));
	if (order.size > 0)
		dbk_wire_put_bytes(out, ENTRY_ORDER, order);
	put_flag(out, ENTRY_LATE, event->late);
	put_flag(out, ENTRY_PRIOR_PERIOD, event->prior_period);
	put_flag(out, ENTRY_UNFINISHED, event->unfinished);
	for (uint32_t i = 0; i < event->n_postings; i++) {
		uint32_t at = event->first_posting + i;

		put_posting(out, &names->page->postings[at], order, names->refs[at]);
	}
}

/* The events of the page that fit; the place is where the next chunk begins. */
static void
put_entries(struct dbk_call *call, struct dbk_journal_feed *feed,
	    const struct names_question *names, size_t bytes_max,
	    struct dbk_journal_place *out_next)
{
	const struct dbk_journal_page *page = names->page;
	size_t begin = call->reply->size;

	*out_next = page->next;
	for (uint32_t i = 0; i < page->n_events; i++) {
		const struct dbk_journal_event *event = &page->events[i];

		dbk_buf_reset(&feed->entry);
		put_entry(&feed->entry, event, names, names->orders[i]);
		if (i > 0 && call->reply->size - begin + feed->entry.size > bytes_max) {
			*out_next = (struct dbk_journal_place){ event->position, 0 };
			break;
		}
		dbk_wire_put_bytes(call->reply, CHUNK_ENTRIES,
				   dbk_str_make(feed->entry.bytes, feed->entry.size));
		if (dbk_buf_failed(&feed->entry))
			call->exhausted = true;
	}
}

static bool
ask_names(struct dbk_call *call, struct names_question *q)
{
	bool ask = false;

	q->orders = dbk_call_take(call, q->page->n_events, sizeof *q->orders);
	q->refs = dbk_call_take(call, q->page->n_postings, sizeof *q->refs);
	for (uint32_t i = 0; i < q->page->n_events && !ask; i++)
		ask = q->page->events[i].order != 0;
	for (uint32_t i = 0; i < q->page->n_postings && !ask; i++)
		ask = q->page->postings[i].ref != 0;
	return call->exhausted || !ask || dbk_call_ask(call, look_names, q);
}

static bool
put_chunk(struct dbk_call *call, struct dbk_journal_feed *feed, size_t bytes_max,
	  const struct dbk_journal_page *page, bool *out_done)
{
	struct names_question names = { .call = call, .page = page };
	struct dbk_journal_place next;

	if (!ask_names(call, &names))
		return false;
	if (!call->exhausted)
		put_entries(call, feed, &names, bytes_max, &next);
	if (call->exhausted || dbk_buf_failed(call->reply)) {
		(void)dbk_answer_set(call->answer, DBK_GRPC_RESOURCE_EXHAUSTED,
				     "MEMORY", "no memory for a journal");
		return false;
	}
	dbk_wire_put_varint(call->reply, CHUNK_SIZE, page->size);
	dbk_wire_put_varint(call->reply, CHUNK_NEXT_POSITION, next.position);
	feed->place = next;
	*out_done = page->at_end && next.position == page->next.position &&
		    next.postings == page->next.postings;
	return true;
}

bool
dbk_journal_feed_next(struct dbk_call *call, struct dbk_journal_feed *feed,
		      size_t bytes_max, bool *out_done)
{
	struct dbk_journal_query query = { .from = feed->place,
					   .postings_max = POSTINGS_A_CHUNK };
	struct dbk_journal_page page;
	struct dbk_error error = { 0 };
	uint64_t size =
	    feed->to_size > feed->place.position ? feed->to_size : feed->place.position;
	enum dbk_err err;

	if (!dbk_call_wait_view(call, size, NULL, NULL))
		return false;
	if (feed->to_size == 0)
		feed->to_size = dbk_view_size(call->view);
	query.to_size = feed->to_size;
	if (feed->to_size <= feed->place.position) {
		page = (struct dbk_journal_page){ .size = dbk_view_size(call->view),
						  .next = feed->place,
						  .at_end = true };
		return put_chunk(call, feed, bytes_max, &page, out_done);
	}
	err = dbk_journal_read(call->view, &query, call->arena, &page, &error);
	if (err != DBK_OK)
		return dbk_call_view_failed(call, err, &error, dbk_str_of(""));
	return put_chunk(call, feed, bytes_max, &page, out_done);
}
