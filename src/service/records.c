/*
 * records.c -- records that an answer quotes, or looks up what the rows do not keep.
 *
 * Record and LoggedEvent have the same fields under the same numbers, and the event's
 * bytes are an Event, so a record as it lies in the log is a LoggedEvent
 * (tests/unit/test_feed.c compares the two messages).
 */

#include <inttypes.h>
#include <string.h>

#include <daybook/limits.h>

#include "event/decode.h"
#include "log/log_reader.h"
#include "service/call.h"

bool
dbk_call_record(struct dbk_call *call, uint64_t position, struct dbk_str *out)
{
	struct dbk_error error = { 0 };
	enum dbk_err err = dbk_log_reader_find(call->log_reader, position, out, &error);

	if (err == DBK_OK)
		return true;
	if (err == DBK_FAILED_NOT_FOUND)
		err = dbk_error_set(
		    &error, DBK_FAILED_DAMAGED,
		    "the log ends before record %" PRIu64 " of this answer", position);
	(void)dbk_answer_error(call->answer, err, &error);
	return false;
}

static bool
is_one_of(enum dbk_event_type type, const enum dbk_event_type *types)
{
	if (types == NULL)
		return true;
	while (*types != DBK_EVENT_NONE)
		if (*types++ == type)
			return true;
	return false;
}

bool
dbk_call_event(struct dbk_call *call, struct dbk_arena *arena, uint64_t position,
	       const enum dbk_event_type *types, struct dbk_event *out)
{
	struct dbk_event_fault fault;
	struct dbk_record record;
	struct dbk_str bytes;

	if (!dbk_call_record(call, position, &bytes))
		return false;
	if (dbk_record_decode(bytes, &record) &&
	    dbk_event_decode(record.event, arena, out, &fault) &&
	    is_one_of(out->type, types))
		return true;
	(void)dbk_answer_set(
	    call->answer, DBK_GRPC_DATA_LOSS, "DAMAGED",
	    "record %" PRIu64 " is not the one that the books speak of", position);
	(void)dbk_answer_number(call->answer, "position", position);
	return false;
}

/* Copies of the records, the last that fit; *OUT_FIRST is the first of them. */
static bool
copy_records(struct dbk_call *call, const uint64_t *positions, uint32_t n,
	     struct dbk_str *records, uint32_t *out_first)
{
	size_t room = DBK_SERVICE_ORDER_BYTES_MAX;
	uint32_t first = n;

	while (first > 0) {
		struct dbk_str record;
		void *copy;

		if (!dbk_call_record(call, positions[first - 1], &record))
			return false;
		if (record.size > room)
			break;
		copy = dbk_call_take(call, 1, record.size);
		if (copy == NULL)
			break;
		memcpy(copy, record.bytes, record.size);
		records[--first] = dbk_str_make(copy, record.size);
		room -= record.size;
	}
	*out_first = first;
	return true;
}

bool
dbk_call_put_records(struct dbk_call *call, unsigned number, const uint64_t *positions,
		     uint32_t n, uint32_t *out_left)
{
	struct dbk_str *records = dbk_call_take(call, n, sizeof *records);

	*out_left = 0;
	if (records == NULL)
		return true;
	if (!copy_records(call, positions, n, records, out_left))
		return false;
	for (uint32_t i = *out_left; i < n; i++) {
		dbk_buf_put_varint(call->reply, number << 3 | 2);
		dbk_buf_put_varint(call->reply, records[i].size);
		dbk_buf_put(call->reply, records[i].bytes, records[i].size);
	}
	if (dbk_buf_failed(call->reply))
		call->exhausted = true;
	return true;
}
