/* sealed.c -- texts of persons, sealed and opened. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/secret.h"
#include "service/call.h"

static bool
take_id(struct dbk_call *call, const char *field, const char *text)
{
	struct dbk_str id = dbk_call_str(text);

	if (!dbk_call_needs(call, field, text))
		return false;
	if (id.size > DBK_ID_BYTES_MAX || !dbk_str_is_utf8(id) ||
	    dbk_str_has_control(id))
		return dbk_call_bad(call, "SUBJECT", field, id,
				    "not an id of 1 to 64 bytes");
	return true;
}

/* Whatever kept a box from being made or opened; FIELD is the one of the request. */
static bool
refuse(struct dbk_call *call, enum dbk_subject_answer answer, const char *field,
       struct dbk_str subject, const struct dbk_error *error)
{
	switch (answer) {
	case DBK_SUBJECT_OK:
		return true;
	case DBK_SUBJECT_ERASED:
		(void)dbk_answer_set(call->answer, DBK_GRPC_FAILED_PRECONDITION,
				     "SUBJECT_ERASED",
				     "%s '%.*s' has been erased, for good", field,
				     (int)subject.size, subject.bytes);
		break;
	case DBK_SUBJECT_UNKNOWN:
		(void)dbk_answer_set(call->answer, DBK_GRPC_NOT_FOUND,
				     "SUBJECT_UNKNOWN",
				     "%s '%.*s' has no key: nothing was sealed here "
				     "under that name",
				     field, (int)subject.size, subject.bytes);
		break;
	case DBK_SUBJECT_FORGED:
		(void)dbk_answer_set(call->answer, DBK_GRPC_INVALID_ARGUMENT, "BOX",
				     "the box is not one of %s '%.*s', or has been "
				     "changed",
				     field, (int)subject.size, subject.bytes);
		break;
	case DBK_SUBJECT_FAILED:
		(void)dbk_answer_error(call->answer, error->code, error);
		return false;
	}
	(void)dbk_answer_field(call->answer, field, subject);
	return false;
}

/* ------------------------------------------------------------------------ SealText */

static bool
take_text(struct dbk_call *call, const ProtobufCBinaryData *text)
{
	char number[32];

	if (text->len > 0 && text->len <= DBK_SEALED_TEXT_BYTES_MAX)
		return true;
	if (text->len == 0)
		return dbk_call_needs(call, "text", "");
	(void)snprintf(number, sizeof number, "%zu bytes", text->len);
	return dbk_call_bad(call, "LIMIT", "text", dbk_str_of(number),
			    "a sealed text has at most 4096 bytes");
}

bool
dbk_call_seal_text(struct dbk_call *call)
{
	Daybook__V1__SealTextReply reply = DAYBOOK__V1__SEAL_TEXT_REPLY__INIT;
	Daybook__V1__Sealed sealed = DAYBOOK__V1__SEALED__INIT;
	const Daybook__V1__SealTextRequest *request;
	struct dbk_error error = { 0 };
	struct dbk_buf box;
	struct dbk_str subject;
	bool done;

	if (call->port->subjects == NULL)
		return dbk_call_not_served(call);
	request = dbk_call_request(call, &daybook__v1__seal_text_request__descriptor);
	if (request == NULL || !take_id(call, "subject", request->subject) ||
	    !take_text(call, &request->text))
		return false;
	subject = dbk_call_str(request->subject);
	dbk_buf_init(&box);
	done = refuse(
	    call,
	    dbk_subjects_seal(call->port->subjects, subject,
			      dbk_str_make(request->text.data, request->text.len), &box,
			      &error),
	    "subject", subject, &error);
	if (done) {
		sealed.subject = request->subject;
		sealed.box.data = box.bytes;
		sealed.box.len = box.size;
		reply.sealed = &sealed;
		done = dbk_call_reply(call, &reply.base);
	}
	dbk_buf_fini(&box);
	return done;
}

/* ---------------------------------------------------------------------- OpenSealed */

struct opening {
	struct dbk_call *call;
	const struct dbk_sealed *boxes;
	uint32_t count;
	struct dbk_buf texts[DBK_SEALED_MAX];
	Daybook__V1__OpenedText opened[DBK_SEALED_MAX];
	Daybook__V1__OpenedText *rows[DBK_SEALED_MAX];
};

static bool
open_one(struct opening *o, uint32_t i)
{
	const struct dbk_sealed *sealed = &o->boxes[i];
	Daybook__V1__OpenedText *out = &o->opened[i];
	struct dbk_error error = { 0 };
	enum dbk_subject_answer answer =
	    dbk_subjects_unseal(o->call->port->subjects, sealed->subject, sealed->box,
				&o->texts[i], &error);

	daybook__v1__opened_text__init(out);
	o->rows[i] = out;
	out->subject = dbk_call_text(o->call, sealed->subject);
	out->erased = answer == DBK_SUBJECT_ERASED;
	out->text.data = o->texts[i].bytes;
	out->text.len = o->texts[i].size;
	return out->erased ||
	       refuse(o->call, answer, "subject", sealed->subject, &error);
}

static bool
open_all(struct opening *o)
{
	Daybook__V1__OpenSealedReply reply = DAYBOOK__V1__OPEN_SEALED_REPLY__INIT;
	bool done = true;

	for (uint32_t i = 0; i < o->count; i++)
		dbk_buf_init(&o->texts[i]);
	for (uint32_t i = 0; done && i < o->count; i++)
		done = open_one(o, i);
	reply.texts = o->rows;
	reply.n_texts = o->count;
	if (done)
		done = dbk_call_reply(o->call, &reply.base);
	for (uint32_t i = 0; i < o->count; i++) {
		if (o->texts[i].bytes != NULL)
			dbk_secret_wipe(o->texts[i].bytes, o->texts[i].size);
		dbk_buf_fini(&o->texts[i]);
	}
	return done;
}

static bool
open_at(struct opening *o, uint64_t position)
{
	uint64_t size = dbk_log_size(o->call->port->log);
	struct dbk_event event;

	if (position >= size) {
		(void)dbk_answer_set(o->call->answer, DBK_GRPC_OUT_OF_RANGE, "POSITION",
				     "position %" PRIu64 ": the log has %" PRIu64
				     " records",
				     position, size);
		(void)dbk_answer_number(o->call->answer, "position", position);
		return false;
	}
	if (!dbk_call_event(o->call, o->call->arena, position, NULL, &event))
		return false;
	if (event.n_sealed > DBK_SEALED_MAX) {
		(void)dbk_answer_set(o->call->answer, DBK_GRPC_DATA_LOSS, "DAMAGED",
				     "record %" PRIu64 " has more boxes than it may",
				     position);
		return false;
	}
	o->boxes = event.sealed;
	o->count = event.n_sealed;
	return open_all(o);
}

static bool
open_given(struct opening *o, const Daybook__V1__Sealed *sealed)
{
	struct dbk_sealed box = { .subject = dbk_call_str(sealed->subject),
				  .box =
				      dbk_str_make(sealed->box.data, sealed->box.len) };

	if (!take_id(o->call, "subject", sealed->subject))
		return false;
	o->boxes = &box;
	o->count = 1;
	return open_all(o);
}

static bool
take_reason(struct dbk_call *call, const char *reason)
{
	struct dbk_str text = dbk_call_str(reason);

	if (!dbk_call_needs(call, "reason", reason))
		return false;
	if (text.size > DBK_TEXT_BYTES_MAX || !dbk_str_is_utf8(text) ||
	    dbk_str_has_control(text))
		return dbk_call_bad(call, "REASON", "reason", text,
				    "not a text of 1 to 512 bytes without control "
				    "characters");
	return true;
}

bool
dbk_call_open_sealed(struct dbk_call *call)
{
	const Daybook__V1__OpenSealedRequest *request;
	struct opening opening = { .call = call };

	if (call->port->subjects == NULL)
		return dbk_call_not_served(call);
	request = dbk_call_request(call, &daybook__v1__open_sealed_request__descriptor);
	if (request == NULL || !take_reason(call, request->reason))
		return false;
	switch (request->of_case) {
	case DAYBOOK__V1__OPEN_SEALED_REQUEST__OF_SEALED:
		return open_given(&opening, request->sealed);
	case DAYBOOK__V1__OPEN_SEALED_REQUEST__OF_POSITION:
		return open_at(&opening, request->position);
	case DAYBOOK__V1__OPEN_SEALED_REQUEST__OF__NOT_SET:
	case _DAYBOOK__V1__OPEN_SEALED_REQUEST__OF__CASE_IS_INT_SIZE:
		break;
	}
	return dbk_call_needs(call, "sealed", "");
}
