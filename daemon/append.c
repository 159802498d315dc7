#include "append.h"

#include <inttypes.h>
#include <string.h>

#include <daybook/limits.h>

#include "ledger/own_events.h"

/* AppendRequest's fields with their wire types. */
enum {
	TAG_SOURCE = 1 << 3 | 2,
	TAG_BATCH_SEQ = 2 << 3,
	TAG_BATCH = 3 << 3 | 2,
	TAG_ATOMIC = 4 << 3,
	TAG_DRY_RUN = 5 << 3,
	TAG_SIGNATURE = 6 << 3 | 2
};

static struct dbk_str
take_bytes(struct dbk_cursor *at)
{
	uint64_t size = dbk_cursor_varint(at);
	const unsigned char *bytes = dbk_cursor_take(at, size);

	return bytes == NULL ? dbk_str_make("", 0) : dbk_str_make(bytes, size);
}

/* Strict like events: what a writer does not understand it must not half obey. */
static bool
open_request(const struct dbk_buf *request, struct dbk_ledger_batch *out,
	     uint64_t *out_tag)
{
	struct dbk_cursor at = dbk_cursor_make(request->bytes, request->size);

	memset(out, 0, sizeof *out);
	while (!at.failed && dbk_cursor_left(&at) > 0) {
		*out_tag = dbk_cursor_varint(&at);
		switch (*out_tag) {
		case TAG_SOURCE:
			out->source = take_bytes(&at);
			break;
		case TAG_BATCH_SEQ:
			out->batch_seq = dbk_cursor_varint(&at);
			break;
		case TAG_BATCH:
			out->events = take_bytes(&at);
			break;
		case TAG_ATOMIC:
			out->atomic = dbk_cursor_varint(&at) != 0;
			break;
		case TAG_DRY_RUN:
			out->dry_run = dbk_cursor_varint(&at) != 0;
			break;
		case TAG_SIGNATURE:
			out->signature = take_bytes(&at);
			break;
		default:
			return false;
		}
	}
	*out_tag = 0;
	return !at.failed;
}

static void
not_opened(struct job *job, uint64_t tag)
{
	struct dbk_service_answer *answer = &job->answer;

	if (tag == 0) {
		(void)dbk_answer_set(answer, DBK_GRPC_INVALID_ARGUMENT,
				     "MALFORMED_REQUEST", "not an AppendRequest");
		return;
	}
	(void)dbk_answer_set(answer, DBK_GRPC_INVALID_ARGUMENT, "UNKNOWN_FIELD",
			     "AppendRequest has no field %" PRIu64 " of this kind",
			     tag >> 3);
	(void)dbk_answer_number(answer, "field", tag >> 3);
}

/* What the daemon appends itself nobody may say in its name. */
static void
source_is_reserved(struct job *job, const struct dbk_ledger_batch *batch)
{
	(void)dbk_answer_set(&job->answer, DBK_GRPC_PERMISSION_DENIED, "SOURCE_RESERVED",
			     "source \"" DBK_OWN_SOURCE "\" is the daemon's own");
	(void)dbk_answer_field(&job->answer, "source", batch->source);
}

/* What is wrong with the signature of BATCH, or with its source's key. */
struct signature_trouble {
	enum dbk_admission admission;
	enum dbk_grpc_code code;
	const char *reason;
	const char *text;
};

static const struct signature_trouble signature_troubles[] = {
	{ DBK_SOURCE_REVOKED, DBK_GRPC_PERMISSION_DENIED, "SOURCE_REVOKED",
	  "the key of this source is revoked, and no other was registered since" },
	{ DBK_SOURCE_UNREGISTERED, DBK_GRPC_FAILED_PRECONDITION, "SOURCE_UNREGISTERED",
	  "the batch has a signature, but this source has no key" },
	{ DBK_SIGNATURE_MISSING, DBK_GRPC_UNAUTHENTICATED, "SIGNATURE_MISSING",
	  "this source has a key, so its batches are signed" },
	{ DBK_SIGNATURE_BAD, DBK_GRPC_UNAUTHENTICATED, "SIGNATURE_BAD",
	  "the signature is not that of this batch by the key of this source" },
	{ DBK_SIGNED_UNNUMBERED, DBK_GRPC_INVALID_ARGUMENT, "SIGNED_UNNUMBERED",
	  "a source with a key numbers its batches" },
};

static void
not_signed_well(struct dbk_service_answer *answer, const struct dbk_ledger_batch *batch,
		enum dbk_admission admission)
{
	const struct signature_trouble *trouble = signature_troubles;

	while (trouble->admission != admission)
		trouble++;
	(void)dbk_answer_set(answer, trouble->code, trouble->reason, "%s",
			     trouble->text);
	(void)dbk_answer_field(answer, "source", batch->source);
	(void)dbk_answer_number(answer, "batch_seq", batch->batch_seq);
}

/* A token may be for some sources only. */
static void
source_is_not_yours(struct job *job, const struct dbk_ledger_batch *batch)
{
	(void)dbk_answer_set(&job->answer, DBK_GRPC_PERMISSION_DENIED,
			     "SOURCE_NOT_YOURS", "this token is for other sources");
	(void)dbk_answer_field(&job->answer, "source", batch->source);
}

void
append_not_admitted(struct job *job, const struct dbk_ledger_batch *batch,
		    enum dbk_admission admission, uint64_t expected,
		    const struct dbk_error *error)
{
	struct dbk_service_answer *answer = &job->answer;

	switch (admission) {
	case DBK_ADMITTED:
	case DBK_ADMITTED_DRY:
	case DBK_ADMITTED_REPEAT:
		return;
	case DBK_NOT_A_BATCH:
		(void)dbk_answer_set(answer, DBK_GRPC_INVALID_ARGUMENT,
				     "MALFORMED_BATCH",
				     "batch is not an EventBatch with events");
		(void)dbk_answer_number(answer, "batch", batch->events.size);
		return;
	case DBK_BATCH_TOO_LARGE:
		(void)dbk_answer_set(answer, DBK_GRPC_INVALID_ARGUMENT, "BATCH_TOO_LARGE",
				     "batch has more than %d events",
				     DBK_BATCH_EVENTS_MAX);
		(void)dbk_answer_number(answer, "limit", DBK_BATCH_EVENTS_MAX);
		return;
	case DBK_BATCH_GAP:
		(void)dbk_answer_set(answer, DBK_GRPC_FAILED_PRECONDITION, "BATCH_GAP",
				     "batch_seq %" PRIu64 " leaves a gap, %" PRIu64
				     " is next",
				     batch->batch_seq, expected);
		(void)dbk_answer_number(answer, "batch_seq", batch->batch_seq);
		(void)dbk_answer_number(answer, "expected", expected);
		return;
	case DBK_BATCH_CONFLICT:
		(void)dbk_answer_set(answer, DBK_GRPC_ALREADY_EXISTS, "BATCH_CONFLICT",
				     "batch_seq %" PRIu64
				     " was used by a batch with other events",
				     batch->batch_seq);
		(void)dbk_answer_number(answer, "batch_seq", batch->batch_seq);
		return;
	case DBK_BATCH_FORGOTTEN:
		(void)dbk_answer_set(answer, DBK_GRPC_OUT_OF_RANGE, "BATCH_FORGOTTEN",
				     "batch_seq %" PRIu64
				     " was answered, but only the last %d replies are kept",
				     batch->batch_seq, DBK_SOURCE_REPLIES_KEPT);
		(void)dbk_answer_number(answer, "batch_seq", batch->batch_seq);
		return;
	case DBK_SOURCE_BAD:
		(void)dbk_answer_set(answer, DBK_GRPC_INVALID_ARGUMENT, "SOURCE",
				     "source is not an id of 1 to %d bytes",
				     DBK_ID_BYTES_MAX);
		(void)dbk_answer_field(answer, "source", batch->source);
		return;
	case DBK_SOURCES_FULL:
		(void)dbk_answer_set(answer, DBK_GRPC_RESOURCE_EXHAUSTED, "SOURCES",
				     "the book has %d sources, no more fit",
				     DBK_SOURCES_MAX);
		return;
	case DBK_SOURCE_REVOKED:
	case DBK_SOURCE_UNREGISTERED:
	case DBK_SIGNATURE_MISSING:
	case DBK_SIGNATURE_BAD:
	case DBK_SIGNED_UNNUMBERED:
		not_signed_well(answer, batch, admission);
		return;
	case DBK_ADMISSION_FAILED:
		(void)dbk_answer_error(answer, error->code, error);
		return;
	}
}

void
append_admit(struct dbk_ledger *ledger, struct job *job, struct append_counts *out_counts)
{
	const struct dbk_caller *caller = job_caller(job);
	struct dbk_ledger_batch batch;
	struct dbk_error error = { 0 };
	enum dbk_admission admission;
	uint64_t expected = 0, tag = 0;

	if (job_clock_ns() > job->deadline_ns) {
		(void)dbk_answer_set(&job->answer, DBK_GRPC_DEADLINE_EXCEEDED, "DEADLINE",
				     "the deadline passed while the batch waited");
		return;
	}
	if (!open_request(&job->request, &batch, &tag)) {
		not_opened(job, tag);
		return;
	}
	if (dbk_own_is_source(batch.source)) {
		source_is_reserved(job, &batch);
		return;
	}
	if (caller != NULL && !dbk_caller_may_source(caller, batch.source)) {
		source_is_not_yours(job, &batch);
		return;
	}
	batch.administers =
	    caller == NULL || (caller->roles & DBK_ROLE_BIT(DBK_ROLE_ADMIN)) != 0;
	admission = dbk_ledger_admit(ledger, &batch, &job->reply, &expected, &error);
	job->has_reply = admission == DBK_ADMITTED || admission == DBK_ADMITTED_DRY ||
			 admission == DBK_ADMITTED_REPEAT;
	if (!job->has_reply)
		append_not_admitted(job, &batch, admission, expected, &error);
	if (admission == DBK_ADMITTED)
		dbk_ledger_last_counts(ledger, &out_counts->duplicates,
				       &out_counts->invalid);
}

void
append_not_committed(struct job *job, enum dbk_err err, const struct dbk_error *error)
{
	const char *reason = "NOT_COMMITTED";

	if (!job->has_reply)
		return;
	job->has_reply = false;
	if (err == DBK_FAILED_DISK_FULL)
		reason = "DISK_FULL";
	else if (err == DBK_FAILED_MAP_FULL)
		reason = "LOG_FULL";
	(void)dbk_answer_set(&job->answer, DBK_GRPC_RESOURCE_EXHAUSTED, reason,
			     "nothing was written, reading goes on: %s", error->text);
}

void
append_no_room_for_views(struct job *job)
{
	job->has_reply = false;
	(void)dbk_answer_set(&job->answer, DBK_GRPC_RESOURCE_EXHAUSTED, "VIEWS_FULL",
			     "the views cannot be written, reading goes on");
}
