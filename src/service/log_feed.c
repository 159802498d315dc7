#include "service/log_feed.h"

#include <inttypes.h>
#include <stdlib.h>

#include <daybook/limits.h>

#include "log/log_reader.h"
#include "rpc/wire.h"
#include "service/call.h"
#include "service/opening.h"
#include "service/published.h"

/* LogChunk and LogGroup in the wire format. */
enum { CHUNK_GROUPS = 1, CHUNK_SIZE = 2, CHUNK_CHECKPOINT = 3 };
enum {
	GROUP_NUMBER = 1,
	GROUP_FIRST_POSITION = 2,
	GROUP_VALUE = 3,
	GROUP_UNFINISHED = 4
};

/* The tag and length of a group within a chunk, and its fields but for the bytes. */
#define GROUP_HEAD_BYTES 48

struct dbk_log_feed {
	uint64_t number, position; /* of the group that is sent next */
	uint32_t sent;		   /* bytes of it */
	bool by_position;	   /* NUMBER is still to be found */
	bool begun;
	bool continues; /* the group that was sent last does, in the next one */
	uint64_t log_size, log_groups; /* when the feed was opened */
	struct dbk_published published;
	struct dbk_buf note;
};

/* ------------------------------------------------------------------------ opening */

enum dbk_grpc_code
dbk_log_feed_open(struct dbk_str request, uint64_t log_size, uint64_t log_groups,
		  struct dbk_log_feed **out_feed, struct dbk_service_answer *answer)
{
	Daybook__V1__ReadLogRequest *opened = dbk_opening_request(
	    request, &daybook__v1__read_log_request__descriptor, answer);
	struct dbk_log_feed *feed;

	if (opened == NULL)
		return answer->status.code;
	feed = calloc(1, sizeof *feed);
	if (feed != NULL) {
		feed->number = opened->from_group;
		feed->position = opened->from_position;
		feed->by_position =
		    opened->from_group == 0 && opened->from_position > 0;
		feed->log_size = log_size;
		feed->log_groups = log_groups;
		dbk_buf_init(&feed->note);
		*out_feed = feed;
	}
	protobuf_c_message_free_unpacked(&opened->base, NULL);
	if (feed == NULL)
		return dbk_answer_set(answer, DBK_GRPC_RESOURCE_EXHAUSTED, "MEMORY",
				      "no memory to read the log");
	return DBK_GRPC_OK;
}

void
dbk_log_feed_close(struct dbk_log_feed *feed)
{
	if (feed == NULL)
		return;
	dbk_buf_fini(&feed->note);
	free(feed);
}

/* --------------------------------------------------------------------- first step */

static bool
failed(struct dbk_call *call, enum dbk_err err, const struct dbk_error *error)
{
	(void)dbk_answer_error(call->answer, err, error);
	return false;
}

static bool
differs(struct dbk_call *call, const struct dbk_log_feed *feed)
{
	(void)dbk_answer_set(call->answer, DBK_GRPC_FAILED_PRECONDITION, "LOG_DIFFERS",
			     "no group %" PRIu64 " of this log begins at position "
			     "%" PRIu64 ": the asker knows another log",
			     feed->number, feed->position);
	(void)dbk_answer_number(call->answer, "from_group", feed->number);
	(void)dbk_answer_number(call->answer, "from_position", feed->position);
	return false;
}

static bool
find_place(struct dbk_call *call, struct dbk_log_feed *feed)
{
	struct dbk_error error = { 0 };
	bool is_place = true;
	enum dbk_err err;

	if (feed->by_position)
		err = dbk_log_reader_commit_of(call->log_reader, feed->position,
					       &feed->position, &feed->number, &error);
	else
		err = dbk_log_reader_is_place(call->log_reader, feed->position,
					      feed->number, &is_place, &error);
	if (err == DBK_FAILED_NOT_FOUND || (err == DBK_OK && !is_place))
		return differs(call, feed);
	return err == DBK_OK || failed(call, err, &error);
}

static bool
begin(struct dbk_call *call, struct dbk_log_feed *feed)
{
	if (!find_place(call, feed) ||
	    !dbk_call_settle(call, feed->log_size, &feed->published, &feed->note))
		return false;
	feed->begun = true;
	return true;
}

/* ------------------------------------------------------------------------ a chunk */

/* The group, or what is left of it, or a part of ROOM bytes of that. */
static void
put_group(struct dbk_log_feed *feed, const struct dbk_log_slice *slice, size_t room,
	  struct dbk_buf *out)
{
	uint32_t size =
	    (uint32_t)(slice->records - slice->value) + slice->records_bytes;
	uint32_t left = size - feed->sent;
	uint32_t part = left > room ? (uint32_t)room : left;
	unsigned char bytes[GROUP_HEAD_BYTES];
	struct dbk_buf head = { bytes, 0, sizeof bytes, false };

	dbk_wire_put_varint(&head, GROUP_NUMBER, slice->number);
	dbk_wire_put_varint(&head, GROUP_FIRST_POSITION, slice->first_position);
	if (part < left)
		dbk_wire_put_varint(&head, GROUP_UNFINISHED, 1);
	dbk_wire_put_head(out, CHUNK_GROUPS, head.size + dbk_wire_size(part));
	dbk_buf_put(out, head.bytes, head.size);
	dbk_wire_put_bytes(out, GROUP_VALUE,
			   dbk_str_make(slice->value + feed->sent, part));
	feed->sent = part < left ? feed->sent + part : 0;
}

/* Everything has been sent that the checkpoint covers, that was there when the feed was
 * opened, and that is of one commit with it. */
static bool
is_enough(const struct dbk_log_feed *feed)
{
	return !feed->continues && feed->sent == 0 &&
	       feed->position >= feed->published.size &&
	       feed->number >= feed->log_groups;
}

/* Groups up to BYTES_MAX, one at least; *OUT_DONE: no more are to follow. */
static bool
put_groups(struct dbk_call *call, struct dbk_log_feed *feed, size_t bytes_max,
	   bool *out_done)
{
	size_t limit = call->reply->size + bytes_max;
	struct dbk_error error = { 0 };
	struct dbk_log_slice slice;

	dbk_log_reader_seek_group(call->log_reader, feed->position, feed->number);
	*out_done = is_enough(feed);
	while (!*out_done && call->reply->size + GROUP_HEAD_BYTES < limit) {
		enum dbk_err err =
		    dbk_log_reader_next(call->log_reader, &slice, &error);

		if (err == DBK_FAILED_NOT_FOUND)
			err = dbk_error_set(&error, DBK_FAILED_DAMAGED,
					    "the log ends before its checkpoint");
		if (err != DBK_OK)
			return failed(call, err, &error);
		put_group(feed, &slice, limit - call->reply->size, call->reply);
		if (feed->sent > 0)
			break;
		feed->number = slice.number + 1;
		feed->position = slice.first_position + slice.n_records;
		feed->continues = slice.continues;
		*out_done = is_enough(feed);
	}
	return true;
}

static bool
put_checkpoint(struct dbk_call *call, const struct dbk_log_feed *feed)
{
	Daybook__V1__Checkpoint checkpoint = DAYBOOK__V1__CHECKPOINT__INIT;

	dbk_call_checkpoint(call, &feed->published, &feed->note, &checkpoint);
	dbk_wire_put_head(call->reply, CHUNK_CHECKPOINT,
			  protobuf_c_message_get_packed_size(&checkpoint.base));
	return dbk_call_reply(call, &checkpoint.base);
}

bool
dbk_log_feed_next(struct dbk_call *call, struct dbk_log_feed *feed, size_t bytes_max,
		  bool *out_done)
{
	if (!feed->begun && !begin(call, feed))
		return false;
	if (!put_groups(call, feed, bytes_max, out_done))
		return false;
	dbk_wire_put_varint(call->reply, CHUNK_SIZE, feed->published.size);
	if (*out_done && !put_checkpoint(call, feed))
		return false;
	if (!dbk_buf_failed(call->reply))
		return true;
	(void)dbk_answer_set(call->answer, DBK_GRPC_RESOURCE_EXHAUSTED, "MEMORY",
			     "no memory for a part of the log");
	return false;
}
