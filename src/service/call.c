#include "service/call.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "books/look.h"

#define US_PER_SECOND 1000000
#define NANOS_PER_US 1000
#define NANOS_MAX 999999999

/* ------------------------------------------------------------------------- memory */

void *
dbk_call_take(struct dbk_call *call, size_t n, size_t size)
{
	void *out = dbk_arena_zalloc(call->arena, n == 0 ? 1 : n * size);

	if (out == NULL)
		call->exhausted = true;
	return out;
}

void *
dbk_call_messages(struct dbk_call *call, size_t n,
		  const ProtobufCMessageDescriptor *descriptor)
{
	size_t size = descriptor->sizeof_message;
	unsigned char *messages = dbk_call_take(call, n, size);
	ProtobufCMessage **list = dbk_call_take(call, n, sizeof(ProtobufCMessage *));

	if (messages == NULL || list == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		list[i] = (ProtobufCMessage *)(void *)(messages + i * size);
		descriptor->message_init(list[i]);
	}
	return list;
}

char *
dbk_call_text(struct dbk_call *call, struct dbk_str text)
{
	char *nothing = (char *)protobuf_c_empty_string; /* which nobody writes */
	char *out;

	if (text.size == 0)
		return nothing;
	out = dbk_arena_alloc(call->arena, (size_t)text.size + 1);
	if (out == NULL) {
		call->exhausted = true;
		return nothing;
	}
	memcpy(out, text.bytes, text.size);
	out[text.size] = '\0';
	return out;
}

static bool
no_memory(struct dbk_call *call)
{
	(void)dbk_answer_set(call->answer, DBK_GRPC_RESOURCE_EXHAUSTED, "MEMORY",
			     "no memory for this question");
	return false;
}

/* ---------------------------------------------------------------- request, reply */

static void *
unpack_alloc(void *context, size_t size)
{
	struct dbk_call *call = context;
	void *out = dbk_arena_alloc(call->arena, size);

	if (out == NULL)
		call->exhausted = true;
	return out;
}

static void
unpack_free(void *context, void *pointer)
{
	(void)context;
	(void)pointer;
}

void *
dbk_call_request(struct dbk_call *call, const ProtobufCMessageDescriptor *descriptor)
{
	ProtobufCAllocator allocator = { unpack_alloc, unpack_free, call };
	void *message =
	    protobuf_c_message_unpack(descriptor, &allocator, call->request.size,
				      (const uint8_t *)call->request.bytes);

	if (message == NULL && call->exhausted)
		(void)no_memory(call);
	else if (message == NULL)
		(void)dbk_answer_set(call->answer, DBK_GRPC_INVALID_ARGUMENT,
				     "MALFORMED_REQUEST", "the request is not a %s",
				     descriptor->name);
	return message;
}

bool
dbk_call_reply(struct dbk_call *call, const ProtobufCMessage *message)
{
	size_t size;

	if (call->exhausted)
		return no_memory(call);
	size = protobuf_c_message_get_packed_size(message);
	if (!dbk_buf_reserve(call->reply, size))
		return no_memory(call);
	call->reply->size +=
	    protobuf_c_message_pack(message, call->reply->bytes + call->reply->size);
	return true;
}

/* ----------------------------------------------------------------------- requests */

struct agent_question {
	struct dbk_str agent;
	bool known;
};

static void
look_agent(const struct dbk_books *books, void *answer)
{
	struct agent_question *q = answer;

	q->known = dbk_look_find(books, DBK_SPACE_AGENT, q->agent) != 0;
}

bool
dbk_call_needs_agent(struct dbk_call *call, const char *field, struct dbk_str agent)
{
	struct agent_question q = { .agent = agent };

	if (!dbk_call_ask(call, look_agent, &q))
		return false;
	return q.known || dbk_call_not_found(call, "AGENT_UNKNOWN", field, agent);
}

bool
dbk_call_bad(struct dbk_call *call, const char *reason, const char *field,
	     struct dbk_str value, const char *wrong)
{
	struct dbk_str shown = dbk_verdict_value(value);

	(void)dbk_answer_set(call->answer, DBK_GRPC_INVALID_ARGUMENT, reason,
			     "%s '%.*s': %s", field, (int)shown.size, shown.bytes,
			     wrong);
	(void)dbk_answer_field(call->answer, field, value);
	return false;
}

bool
dbk_call_not_found(struct dbk_call *call, const char *reason, const char *field,
		   struct dbk_str value)
{
	struct dbk_str shown = dbk_verdict_value(value);

	(void)dbk_answer_set(call->answer, DBK_GRPC_NOT_FOUND, reason,
			     "%s '%.*s' is not in the book", field, (int)shown.size,
			     shown.bytes);
	(void)dbk_answer_field(call->answer, field, value);
	return false;
}

bool
dbk_call_needs(struct dbk_call *call, const char *field, const char *text)
{
	if (text[0] != '\0')
		return true;
	(void)dbk_answer_set(call->answer, DBK_GRPC_INVALID_ARGUMENT, "FIELD_MISSING",
			     "%s is missing", field);
	(void)dbk_answer_field(call->answer, field, dbk_str_of(""));
	return false;
}

bool
dbk_call_page(struct dbk_call *call, uint32_t rows_max, const char *token,
	      struct dbk_page *out)
{
	char text[16];

	out->rows_max = rows_max == 0 ? DBK_PAGE_ROWS_DEFAULT : rows_max;
	out->token = dbk_call_str(token);
	if (rows_max <= DBK_PAGE_ROWS_MAX)
		return true;
	(void)snprintf(text, sizeof text, "%" PRIu32, rows_max);
	return dbk_call_bad(call, "PAGE_SIZE", "page_size", dbk_str_of(text),
			    "more rows than a page may have");
}

bool
dbk_call_time(struct dbk_call *call, const char *field,
	      const Google__Protobuf__Timestamp *time, bool up, int64_t *out_us)
{
	char text[40];
	int64_t us;

	*out_us = DBK_TIME_ABSENT;
	if (time == NULL)
		return true;
	if (time->seconds >= DBK_TIME_US_MIN / US_PER_SECOND &&
	    time->seconds <= DBK_TIME_US_MAX / US_PER_SECOND && time->nanos >= 0 &&
	    time->nanos <= NANOS_MAX) {
		us = time->seconds * US_PER_SECOND + time->nanos / NANOS_PER_US;
		if (up && time->nanos % NANOS_PER_US != 0)
			us++;
		*out_us = us;
		return true;
	}
	(void)snprintf(text, sizeof text, "%" PRId64 " s %" PRId32 " ns", time->seconds,
		       time->nanos);
	return dbk_call_bad(call, "TIME", field, dbk_str_of(text),
			    "not a time of the years 1970 to 9999");
}

Google__Protobuf__Timestamp *
dbk_call_timestamp(struct dbk_call *call, int64_t us)
{
	Google__Protobuf__Timestamp *out;

	if (us == DBK_TIME_ABSENT)
		return NULL;
	out = dbk_call_take(call, 1, sizeof *out);
	if (out == NULL)
		return NULL;
	google__protobuf__timestamp__init(out);
	out->seconds = us / US_PER_SECOND;
	out->nanos = (int32_t)(us % US_PER_SECOND) * NANOS_PER_US;
	return out;
}

/* ---------------------------------------------------------------- books and views */

bool
dbk_call_ask(struct dbk_call *call,
	     void (*question)(const struct dbk_books *books, void *answer),
	     void *answer)
{
	if (call->port->ask_books(call->port->context, question, answer))
		return true;
	(void)dbk_answer_set(call->answer, DBK_GRPC_UNAVAILABLE, "STOPPING",
			     "the daemon is stopping");
	return false;
}

static bool
behind(struct dbk_call *call, uint64_t size)
{
	(void)dbk_answer_set(call->answer, DBK_GRPC_DEADLINE_EXCEEDED, "VIEW_BEHIND",
			     "there were not %" PRIu64 " records in time", size);
	(void)dbk_answer_number(call->answer, "at_least_size", size);
	return false;
}

bool
dbk_call_not_served(struct dbk_call *call)
{
	(void)dbk_answer_set(call->answer, DBK_GRPC_UNIMPLEMENTED, "METHOD",
			     "this daemon does not serve this method");
	return false;
}

bool
dbk_call_wait_books(struct dbk_call *call, uint64_t at_least_size)
{
	const struct dbk_service_port *port = call->port;

	if (dbk_log_size(port->log) >= at_least_size ||
	    port->wait_for_size(port->context, at_least_size, call->deadline_ns))
		return true;
	return behind(call, at_least_size);
}

static bool
hold_view(struct dbk_call *call)
{
	dbk_assert(call->view == NULL);
	call->view = call->port->hold_view(call->port->context);
	if (call->view != NULL)
		return true;
	(void)dbk_answer_set(call->answer, DBK_GRPC_UNAVAILABLE, "VIEW_REBUILDING",
			     "the view is being rebuilt and cannot answer yet");
	return false;
}

/* Set *OUT from AS_OF, and *SIZE to the records that it needs if they are more. */
static bool
read_as_of(struct dbk_call *call, const Daybook__V1__AsOf *as_of, struct dbk_as_of *out,
	   uint64_t *size)
{
	memset(out, 0, sizeof *out);
	if (as_of == NULL || as_of->kind_case == DAYBOOK__V1__AS_OF__KIND__NOT_SET)
		return true;
	if (as_of->kind_case == DAYBOOK__V1__AS_OF__KIND_EFFECTIVE_AT) {
		out->kind = DBK_AS_OF_TIME;
		return dbk_call_time(call, "as_of.effective_at", as_of->effective_at,
				     false, &out->effective_at);
	}
	out->kind = DBK_AS_OF_SIZE;
	out->size = as_of->size;
	if (as_of->size > dbk_log_size(call->port->log)) {
		(void)dbk_answer_set(call->answer, DBK_GRPC_OUT_OF_RANGE, "AS_OF",
				     "the log has fewer than %" PRIu64 " records",
				     as_of->size);
		(void)dbk_answer_number(call->answer, "as_of.size", as_of->size);
		return false;
	}
	if (as_of->size > *size)
		*size = as_of->size;
	return true;
}

bool
dbk_call_wait_view(struct dbk_call *call, uint64_t at_least_size,
		   const Daybook__V1__AsOf *as_of, struct dbk_as_of *out)
{
	const struct dbk_service_port *port = call->port;
	struct dbk_as_of point;
	uint64_t size = at_least_size;

	if (!read_as_of(call, as_of, &point, &size) || !hold_view(call))
		return false;
	if (out != NULL)
		*out = point;
	if (dbk_view_size(call->view) >= size)
		return true;
	/* A rebuild may want to swap the view while we wait for it to grow. */
	port->release_view(port->context, call->view);
	call->view = NULL;
	if (!port->wait_for_size(port->context, size, call->deadline_ns))
		return behind(call, size);
	return hold_view(call);
}

bool
dbk_call_view_failed(struct dbk_call *call, enum dbk_err err,
		     const struct dbk_error *error, struct dbk_str token)
{
	if (err == DBK_FAILED_INPUT)
		return dbk_call_bad(call, "PAGE_TOKEN", "page_token", token,
				    "not a token of this listing");
	(void)dbk_answer_error(call->answer, err, error);
	return false;
}

static void
look_currency(const struct dbk_books *books, void *answer)
{
	const struct dbk_row_book *book = dbk_look_book(books);
	struct dbk_call_currency *out = answer;

	memcpy(out->letters, book->currency, sizeof book->currency);
	out->exponent = book->exponent;
	out->known = book->open != 0;
}

bool
dbk_call_know_currency(struct dbk_call *call)
{
	return call->currency->known ||
	       dbk_call_ask(call, look_currency, call->currency);
}
