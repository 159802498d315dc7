#include "service/feed.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/arena.h"
#include "daybook/v1/service.pb-c.h"
#include "rpc/wire.h"
#include "service/filter.h"
#include "service/opening.h"

/* SubscribeReply in the wire format. */
enum { FIELD_EVENTS = 1, FIELD_SIZE = 2, FIELD_NEXT_POSITION = 3 };

/* One event, opened: its own bytes and some words for each line of it. */
#define ARENA_BYTES_MAX ((size_t)4 * 1024 * 1024)

struct dbk_feed {
	uint64_t position; /* looked at next */
	uint64_t end;	   /* done here; UINT64_MAX: goes live */
	uint64_t left;	   /* records that may still be sent; UINT64_MAX: any number */
	bool told;	   /* a reply has been made */
	struct dbk_filter filter;
	struct dbk_arena arena;
};

/* ------------------------------------------------------------------------ opening */

static enum dbk_grpc_code
bad(struct dbk_service_answer *answer, const char *reason, const char *field,
    struct dbk_str value)
{
	struct dbk_str shown = dbk_verdict_value(value);

	(void)dbk_answer_set(answer, DBK_GRPC_INVALID_ARGUMENT, reason,
			     "%s '%.*s' cannot be an id", field, (int)shown.size,
			     shown.bytes);
	return dbk_answer_field(answer, field, value);
}

static enum dbk_grpc_code
set_ids(struct dbk_filter *filter, const Daybook__V1__SubscribeRequest *request,
	struct dbk_service_answer *answer)
{
	struct dbk_str agent = dbk_str_of(request->agent);
	struct dbk_str order = dbk_str_of(request->order);
	struct dbk_str source = dbk_str_of(request->source);

	if (!dbk_filter_set_id(&filter->agent, agent))
		return bad(answer, "AGENT", "agent", agent);
	if (!dbk_filter_set_id(&filter->order, order))
		return bad(answer, "ORDER", "order", order);
	if (!dbk_filter_set_id(&filter->source, source))
		return bad(answer, "SOURCE", "source", source);
	return DBK_GRPC_OK;
}

static enum dbk_grpc_code
set_types(struct dbk_filter *filter, const Daybook__V1__SubscribeRequest *request,
	  struct dbk_service_answer *answer)
{
	if (request->n_types > DBK_FEED_TYPES_MAX) {
		(void)dbk_answer_set(answer, DBK_GRPC_INVALID_ARGUMENT, "TYPES",
				     "more than %d types", DBK_FEED_TYPES_MAX);
		return dbk_answer_number(answer, "types", request->n_types);
	}
	for (size_t i = 0; i < request->n_types; i++) {
		if (dbk_filter_add_type(filter, request->types[i]))
			continue;
		(void)dbk_answer_set(answer, DBK_GRPC_INVALID_ARGUMENT, "TYPES",
				     "types: no event has the number %" PRIu32,
				     request->types[i]);
		return dbk_answer_number(answer, "types", request->types[i]);
	}
	return DBK_GRPC_OK;
}

static enum dbk_grpc_code
set_range(struct dbk_feed *feed, const Daybook__V1__SubscribeRequest *request,
	  uint64_t log_size, struct dbk_service_answer *answer)
{
	feed->position = request->from_position;
	feed->end = request->stop_at_head ? log_size : UINT64_MAX;
	feed->left = request->limit == 0 ? UINT64_MAX : request->limit;
	if (request->from_position <= log_size)
		return DBK_GRPC_OK;
	return dbk_opening_behind_end(answer, "from_position", request->from_position,
				      log_size);
}

static enum dbk_grpc_code
feed_make(const Daybook__V1__SubscribeRequest *request, uint64_t log_size,
	  struct dbk_feed **out_feed, struct dbk_service_answer *answer)
{
	struct dbk_feed *feed = calloc(1, sizeof *feed);
	enum dbk_grpc_code code;

	if (feed == NULL)
		return dbk_answer_set(answer, DBK_GRPC_RESOURCE_EXHAUSTED, "MEMORY",
				      "no memory for a subscription");
	dbk_arena_init(&feed->arena, ARENA_BYTES_MAX);
	feed->filter.include_refused = request->include_refused;
	code = set_range(feed, request, log_size, answer);
	if (code == DBK_GRPC_OK)
		code = set_types(&feed->filter, request, answer);
	if (code == DBK_GRPC_OK)
		code = set_ids(&feed->filter, request, answer);
	if (code != DBK_GRPC_OK) {
		dbk_feed_close(feed);
		return code;
	}
	*out_feed = feed;
	return DBK_GRPC_OK;
}

enum dbk_grpc_code
dbk_feed_open(struct dbk_str request, uint64_t log_size, struct dbk_feed **out_feed,
	      struct dbk_service_answer *answer)
{
	Daybook__V1__SubscribeRequest *opened;
	enum dbk_grpc_code code;

	opened = dbk_opening_request(
	    request, &daybook__v1__subscribe_request__descriptor, answer);
	if (opened == NULL)
		return answer->status.code;
	code = feed_make(opened, log_size, out_feed, answer);
	protobuf_c_message_free_unpacked(&opened->base, NULL);
	return code;
}

void
dbk_feed_close(struct dbk_feed *feed)
{
	if (feed == NULL)
		return;
	dbk_arena_fini(&feed->arena);
	free(feed);
}

uint64_t
dbk_feed_position(const struct dbk_feed *feed)
{
	return feed->position;
}

/* ------------------------------------------------------------------------- feeding */

/* A step under way. */
struct step {
	size_t begin; /* of the reply */
	size_t bytes_max;
	uint32_t looked; /* records, of DBK_FEED_RECORDS_MAX */
	uint64_t position, left;
};

static bool
step_is_full(const struct dbk_feed *feed, const struct step *step,
	     const struct dbk_buf *reply)
{
	return step->looked >= DBK_FEED_RECORDS_MAX || step->left == 0 ||
	       step->position >= feed->end ||
	       (reply->size > step->begin &&
		reply->size - step->begin >= step->bytes_max);
}

static enum dbk_err
damaged(uint64_t position, struct dbk_error *error)
{
	return dbk_error_set(error, DBK_FAILED_DAMAGED,
			     "the record at position %" PRIu64 " is damaged", position);
}

/*
 * Record and LoggedEvent have the same fields under the same numbers, and the event's
 * bytes are an Event, so a record as it lies in the log is a LoggedEvent
 * (tests/unit/test_feed.c compares the two messages).
 */
static enum dbk_err
feed_record(struct dbk_feed *feed, struct step *step, struct dbk_str bytes,
	    struct dbk_buf *reply, struct dbk_error *error)
{
	struct dbk_record record;
	bool is_damaged, passes;

	if (!dbk_record_decode(bytes, &record))
		return damaged(step->position, error);
	passes = dbk_filter_passes(&feed->filter, &record, &feed->arena, &is_damaged);
	if (is_damaged)
		return damaged(step->position, error);
	if (passes) {
		dbk_wire_put_bytes(reply, FIELD_EVENTS, bytes);
		if (step->left != UINT64_MAX)
			step->left--;
	}
	step->looked++;
	step->position++;
	return DBK_OK;
}

/* The records from the step's position to the end of their group; NOT_FOUND at the end
 * of what READER sees.  Aimed anew each time, so that groups without records, of which
 * there may be any number, cost nothing. */
static enum dbk_err
feed_group(struct dbk_feed *feed, struct step *step, struct dbk_log_reader *reader,
	   struct dbk_buf *reply, struct dbk_error *error)
{
	struct dbk_log_slice slice;
	enum dbk_err err;

	dbk_log_reader_seek(reader, step->position);
	err = dbk_log_reader_next(reader, &slice, error);
	while (err == DBK_OK && !step_is_full(feed, step, reply)) {
		uint64_t index = step->position - slice.first_position;

		if (index >= slice.n_records)
			break;
		err = feed_record(feed, step,
				  dbk_log_slice_record(&slice, (uint32_t)index), reply,
				  error);
	}
	return err;
}

static void
put_progress(struct dbk_buf *reply, uint64_t log_size, uint64_t position)
{
	dbk_wire_put_varint(reply, FIELD_SIZE,
			    log_size > position ? log_size : position);
	dbk_wire_put_varint(reply, FIELD_NEXT_POSITION, position);
}

enum dbk_err
dbk_feed_next(struct dbk_feed *feed, struct dbk_log_reader *reader, uint64_t log_size,
	      size_t bytes_max, struct dbk_buf *reply, bool *out_at_head,
	      bool *out_done, struct dbk_error *error)
{
	struct step step = { reply->size, bytes_max, 0, feed->position, feed->left };
	enum dbk_err err = DBK_OK;
	bool done;

	while (err == DBK_OK && step.position < log_size &&
	       !step_is_full(feed, &step, reply))
		err = feed_group(feed, &step, reader, reply, error);
	dbk_log_reader_rest(reader);
	if (err == DBK_FAILED_NOT_FOUND)
		err = DBK_OK;
	done = step.left == 0 || step.position >= feed->end;
	if (step.looked > 0 || (done && !feed->told))
		put_progress(reply, log_size, step.position);
	if (err == DBK_OK && dbk_buf_failed(reply))
		err = dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for a reply");
	if (err != DBK_OK) {
		reply->size = step.begin;
		return err;
	}
	feed->position = step.position;
	feed->left = step.left;
	feed->told = feed->told || reply->size > step.begin;
	*out_done = done;
	*out_at_head = step.position >= log_size;
	return DBK_OK;
}

void
dbk_feed_heartbeat(const struct dbk_feed *feed, uint64_t log_size,
		   struct dbk_buf *reply)
{
	put_progress(reply, log_size, feed->position);
}
