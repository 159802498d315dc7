#include "service/findings_feed.h"

#include <stdlib.h>

#include <daybook/limits.h>

#include "books/look_guards.h"
#include "rpc/wire.h"
#include "service/findings.h"
#include "service/opening.h"

/* FindingsChunk in the wire format. */
enum { CHUNK_NEXT_POSITION = 1 };

struct dbk_findings_feed {
	uint64_t position; /* everything before it has been told */
	uint64_t target;   /* what POSITION will be when the pass is through */
	uint64_t end;	   /* done here; UINT64_MAX: goes live */
	uint32_t first;	   /* all before it are resolved, and told */
	uint32_t next;	   /* looked at next; 0: between two passes */
	bool red_only;
	bool told; /* a chunk has been made */
};

/* ------------------------------------------------------------------------ opening */

static enum dbk_grpc_code
feed_make(const Daybook__V1__WatchFindingsRequest *request, uint64_t log_size,
	  struct dbk_findings_feed **out_feed, struct dbk_service_answer *answer)
{
	struct dbk_findings_feed *feed;

	if (request->from_position > log_size)
		return dbk_opening_behind_end(answer, "from_position",
					      request->from_position, log_size);
	feed = calloc(1, sizeof *feed);
	if (feed == NULL)
		return dbk_answer_set(answer, DBK_GRPC_RESOURCE_EXHAUSTED, "MEMORY",
				      "no memory to watch findings");
	feed->position = request->from_position;
	feed->end = request->once ? log_size : UINT64_MAX;
	feed->first = 1;
	feed->red_only = request->red_only;
	*out_feed = feed;
	return DBK_GRPC_OK;
}

enum dbk_grpc_code
dbk_findings_feed_open(struct dbk_str request, uint64_t log_size,
		       struct dbk_findings_feed **out_feed,
		       struct dbk_service_answer *answer)
{
	Daybook__V1__WatchFindingsRequest *opened;
	enum dbk_grpc_code code;

	opened = dbk_opening_request(
	    request, &daybook__v1__watch_findings_request__descriptor, answer);
	if (opened == NULL)
		return answer->status.code;
	code = feed_make(opened, log_size, out_feed, answer);
	protobuf_c_message_free_unpacked(&opened->base, NULL);
	return code;
}

void
dbk_findings_feed_close(struct dbk_findings_feed *feed)
{
	free(feed);
}

uint64_t
dbk_findings_feed_position(const struct dbk_findings_feed *feed)
{
	return feed->position;
}

/* ------------------------------------------------------------------------- a step */

struct watch_question {
	struct dbk_call *call;
	struct dbk_findings_feed feed; /* as it is after the step */
	Daybook__V1__Finding **rows;
	uint32_t n;
};

static bool
is_told(const struct dbk_findings_feed *feed, const struct dbk_row_finding *row)
{
	return dbk_look_finding_changed(row) < feed->position ||
	       (feed->red_only && row->red == 0);
}

static void
look_changes(const struct dbk_books *books, void *answer)
{
	struct watch_question *q = answer;
	struct dbk_findings_feed *feed = &q->feed;
	uint32_t newest = dbk_look_guards_newest(books, DBK_LOOK_FINDINGS);

	if (feed->next == 0) {
		feed->target = dbk_books_size(books);
		feed->next = feed->first;
	}
	for (uint32_t i = 0; i < DBK_SERVICE_ASK_ROWS_MAX && feed->next <= newest &&
			     q->n < DBK_PAGE_ROWS_DEFAULT;
	     i++) {
		uint32_t id = feed->next++;
		const struct dbk_row_finding *row = dbk_look_finding(books, id);

		if (!is_told(feed, row))
			dbk_finding_fill(q->call, books, id, q->rows[q->n++]);
		if (id == feed->first && row->state == DBK_FINDING_RESOLVED)
			feed->first++;
	}
	if (feed->next > newest) {
		feed->next = 0;
		feed->position = feed->target;
	}
}

static bool
put_chunk(struct dbk_call *call, const struct watch_question *q)
{
	Daybook__V1__FindingsChunk chunk = DAYBOOK__V1__FINDINGS_CHUNK__INIT;

	chunk.next_position = q->feed.position;
	chunk.findings = q->rows;
	chunk.n_findings = q->n;
	return dbk_call_reply(call, &chunk.base);
}

bool
dbk_findings_feed_next(struct dbk_call *call, struct dbk_findings_feed *feed,
		       bool *out_at_head, bool *out_done)
{
	struct watch_question q = { .call = call, .feed = *feed };
	bool at_head, done;

	q.rows = dbk_call_messages(call, DBK_PAGE_ROWS_DEFAULT,
				   &daybook__v1__finding__descriptor);
	if (q.rows != NULL && (!dbk_call_ask(call, look_changes, &q) ||
			       !dbk_finding_tell(call, q.rows, q.n)))
		return false;
	at_head = q.feed.next == 0;
	done = at_head && q.feed.position >= q.feed.end;
	if (q.n > 0 || call->exhausted || (at_head && !q.feed.told) || done) {
		q.feed.told = true;
		if (!put_chunk(call, &q))
			return false;
	}
	*feed = q.feed;
	*out_at_head = at_head;
	*out_done = done;
	return true;
}

void
dbk_findings_feed_heartbeat(const struct dbk_findings_feed *feed, struct dbk_buf *reply)
{
	dbk_wire_put_varint(reply, CHUNK_NEXT_POSITION, feed->position);
}
