#include "close.h"

#include <daybook/limits.h>

#include "append.h"
#include "ledger/own_events.h"
#include "rpc/wire.h"

/* Fields of ClosePeriodRequest, and of Timestamp. */
enum { FIELD_PERIOD = 1, FIELD_FROM = 2, FIELD_TO = 3 };
enum { FIELD_SECONDS = 1, FIELD_NANOS = 2 };

#define US_PER_SECOND 1000000
#define NANOS_PER_SECOND 1000000000
#define NANOS_PER_US 1000

/* A time of whole microseconds; false if MESSAGE is none. */
static bool
open_time(struct dbk_str message, int64_t *out_us)
{
	struct dbk_cursor at = dbk_wire_open(message);
	struct dbk_wire_field field;
	uint64_t seconds = 0, nanos = 0;

	while (dbk_wire_next(&at, &field)) {
		if (field.type != DBK_WIRE_VARINT)
			return false;
		if (field.number == FIELD_SECONDS)
			seconds = field.value;
		else if (field.number == FIELD_NANOS)
			nanos = field.value;
		else
			return false;
	}
	if (at.failed || seconds > (uint64_t)DBK_TIME_US_MAX / US_PER_SECOND ||
	    nanos >= NANOS_PER_SECOND || nanos % NANOS_PER_US != 0)
		return false;
	*out_us = (int64_t)(seconds * US_PER_SECOND + nanos / NANOS_PER_US);
	return true;
}

/* Strict like events; *OUT_WRONG names what is wrong. */
static bool
open_request(const struct dbk_buf *request, struct dbk_period_closed *out,
	     const char **out_wrong)
{
	struct dbk_cursor at =
		dbk_wire_open(dbk_str_make(request->bytes, request->size));
	struct dbk_wire_field field;
	bool ok = true;

	out->from = out->to = DBK_TIME_ABSENT;
	while (ok && dbk_wire_next(&at, &field)) {
		*out_wrong = "a field of this kind";
		ok = field.type == DBK_WIRE_BYTES && field.number <= FIELD_TO;
		if (ok && field.number == FIELD_PERIOD) {
			out->period = field.bytes;
		} else if (ok && field.number == FIELD_FROM) {
			*out_wrong = "from, which is no time of whole microseconds";
			ok = open_time(field.bytes, &out->from);
		} else if (ok) {
			*out_wrong = "to, which is no time of whole microseconds";
			ok = open_time(field.bytes, &out->to);
		}
	}
	if (!ok)
		return false;
	*out_wrong = "bytes that are no message";
	return !at.failed;
}

void
close_admit(struct dbk_ledger *ledger, struct job *job, int64_t now_us)
{
	struct dbk_period_closed period = { .period = { NULL, 0 } };
	struct dbk_ledger_batch batch = { .source = dbk_str_of(DBK_OWN_SOURCE) };
	struct dbk_error error = { 0 };
	enum dbk_admission admission;
	const char *wrong = "";

	if (job_clock_ns() > job->deadline_ns) {
		(void)dbk_answer_set(&job->answer, DBK_GRPC_DEADLINE_EXCEEDED, "DEADLINE",
				     "the deadline passed while the close waited");
		return;
	}
	if (!open_request(&job->request, &period, &wrong)) {
		(void)dbk_answer_set(&job->answer, DBK_GRPC_INVALID_ARGUMENT,
				     "MALFORMED_REQUEST",
				     "not a ClosePeriodRequest: it has %s", wrong);
		return;
	}
	admission = dbk_own_close_period(ledger, &period, now_us, &job->reply, &error);
	job->has_reply = admission == DBK_ADMITTED;
	if (!job->has_reply)
		append_not_admitted(job, &batch, admission, 0, &error);
}
