#include "rpc/h2client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "rpc/h2core.h"

#define AUTHORITY_BYTES_MAX 255

/* Names that the protocol asks for, and room for the caller's. */
#define OWN_HEADERS_MAX 9

struct dbk_h2client {
	struct dbk_h2core core;
	const struct dbk_h2client_handlers *handlers;
	void *context;
	bool secure;
	size_t authority_size;
	char authority[AUTHORITY_BYTES_MAX];
};

struct dbk_h2client_call {
	struct dbk_h2core_call core;
	void *user;
	bool has_status; /* grpc-status came */
	bool cancelled;	 /* by us */
	bool broken;	 /* by us, because of what came: text says why */
	unsigned http_status;
	enum dbk_grpc_code code;
	struct dbk_buf text;	/* decoded grpc-message, or our own words */
	struct dbk_buf details; /* decoded grpc-status-details-bin */
};

static struct dbk_h2client *
client_of(const struct dbk_h2client_call *call)
{
	return (struct dbk_h2client *)call->core.core;
}

static struct dbk_h2client_call *
stream_call(struct dbk_h2client *client, int32_t id)
{
	return nghttp2_session_get_stream_user_data(client->core.session, id);
}

/* ------------------------------------------------------------------- end of call */

/* What a reset says of the call (gRPC over HTTP/2, Errors). */
static enum dbk_grpc_code
code_of_reset(uint32_t error)
{
	switch (error) {
	case NGHTTP2_REFUSED_STREAM:
		return DBK_GRPC_UNAVAILABLE;
	case NGHTTP2_CANCEL:
		return DBK_GRPC_CANCELLED;
	case NGHTTP2_ENHANCE_YOUR_CALM:
		return DBK_GRPC_RESOURCE_EXHAUSTED;
	case NGHTTP2_INADEQUATE_SECURITY:
		return DBK_GRPC_PERMISSION_DENIED;
	default:
		return DBK_GRPC_INTERNAL;
	}
}

static void
set_words(struct dbk_h2client_call *call, enum dbk_grpc_code code, const char *text)
{
	call->code = code;
	dbk_buf_reset(&call->text);
	dbk_buf_reset(&call->details);
	dbk_buf_put(&call->text, text, strlen(text));
}

/* No grpc-status came: say what happened instead. */
static void
explain(struct dbk_h2client_call *call, uint32_t error)
{
	char text[96];

	if (call->http_status != 0 && call->http_status != 200) {
		(void)snprintf(text, sizeof text,
			       "the server answered with HTTP status %u",
			       call->http_status);
		set_words(call, dbk_grpc_status_of_http(call->http_status), text);
		return;
	}
	if (error == NGHTTP2_NO_ERROR)
		(void)snprintf(text, sizeof text,
			       "the answer ended without grpc-status");
	else
		(void)snprintf(text, sizeof text, "the call was reset: %s",
			       nghttp2_http2_strerror(error));
	set_words(call, code_of_reset(error), text);
}

static void
end_call(struct dbk_h2client_call *call)
{
	struct dbk_h2client *client = client_of(call);
	struct dbk_grpc_field fields[DBK_GRPC_FIELDS_MAX];
	struct dbk_grpc_status status = { .code = DBK_GRPC_OK };
	struct dbk_str details = dbk_str_make(call->details.bytes, call->details.size);

	if (details.size > 0)
		(void)dbk_grpc_status_details_decode(details, fields, &status);
	status.code = call->code;
	status.message = dbk_str_make(call->text.bytes, call->text.size);
	client->handlers->closed(client->context, call, &status);
	dbk_h2core_consume(&client->core, &call->core, call->core.credit.held);
	dbk_buf_reset(&call->text);
	dbk_buf_reset(&call->details);
	dbk_h2core_call_delete(&call->core);
}

static int
stream_closed(nghttp2_session *session, int32_t id, uint32_t error, void *user)
{
	struct dbk_h2client_call *call = stream_call(user, id);

	(void)session;
	if (call == NULL)
		return 0;
	if (call->broken)
		;
	else if (call->cancelled)
		set_words(call, DBK_GRPC_CANCELLED, "cancelled by the caller");
	else if (!call->has_status)
		explain(call, error);
	end_call(call);
	return 0;
}

static void
reset(struct dbk_h2client_call *call, uint32_t error)
{
	call->core.ended = true;
	dbk_h2core_deafen(&call->core);
	dbk_h2core_note(call->core.core, nghttp2_submit_rst_stream(
					     call->core.core->session,
					     NGHTTP2_FLAG_NONE, call->core.id, error));
}

/* ------------------------------------------------------------------------- hooks */

static void
message_came(struct dbk_h2core_call *core_call, struct dbk_str message)
{
	struct dbk_h2client_call *call = (struct dbk_h2client_call *)core_call;
	struct dbk_h2client *client = client_of(call);

	client->handlers->message(client->context, call, message.bytes, message.size);
}

static void
call_broke(struct dbk_h2core_call *core_call, enum dbk_grpc_code code, const char *text)
{
	struct dbk_h2client_call *call = (struct dbk_h2client_call *)core_call;

	set_words(call, code, text);
	call->broken = true;
	reset(call, NGHTTP2_CANCEL);
}

static void
call_writable(struct dbk_h2core_call *core_call)
{
	struct dbk_h2client_call *call = (struct dbk_h2client_call *)core_call;
	struct dbk_h2client *client = client_of(call);

	if (!call->core.ended)
		client->handlers->writable(client->context, call);
}

static uint32_t
call_drained(struct dbk_h2core_call *core_call)
{
	(void)core_call;
	return NGHTTP2_DATA_FLAG_NONE;
}

static void
call_fini(struct dbk_h2core_call *core_call)
{
	struct dbk_h2client_call *call = (struct dbk_h2client_call *)core_call;

	dbk_buf_fini(&call->text);
	dbk_buf_fini(&call->details);
}

static const struct dbk_h2core_hooks hooks = {
	.call_bytes = sizeof(struct dbk_h2client_call),
	.message = message_came,
	.broken = call_broke,
	.writable = call_writable,
	.drained = call_drained,
	.call_fini = call_fini,
};

/* ------------------------------------------------------------------------ frames */

static unsigned
small_number(struct dbk_str text)
{
	unsigned value = 0;

	for (uint32_t i = 0; i < text.size && i < 3; i++)
		value = value * 10 + (unsigned)(text.bytes[i] - '0');
	return value;
}

static void
take_header(struct dbk_h2client_call *call, struct dbk_str name, struct dbk_str value)
{
	if (dbk_str_equal(name, dbk_str_of(":status"))) {
		call->http_status = small_number(value);
	} else if (dbk_str_equal(name, dbk_str_of("grpc-status"))) {
		call->has_status = true;
		call->code = dbk_grpc_status_parse(value);
	} else if (dbk_str_equal(name, dbk_str_of("grpc-message"))) {
		dbk_buf_reset(&call->text);
		dbk_grpc_status_percent_decode(value, &call->text);
	} else if (dbk_str_equal(name, dbk_str_of("grpc-status-details-bin"))) {
		dbk_buf_reset(&call->details);
		if (!dbk_grpc_status_base64_decode(value, &call->details))
			dbk_buf_reset(&call->details);
	}
}

static int
header_came(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
	    size_t name_size, const uint8_t *value, size_t value_size, uint8_t flags,
	    void *user)
{
	struct dbk_h2client_call *call = stream_call(user, frame->hd.stream_id);

	(void)session, (void)flags;
	if (call != NULL && !call->broken)
		take_header(call, dbk_str_make(name, name_size),
			    dbk_str_make(value, value_size));
	return 0;
}

static int
data_came(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *bytes,
	  size_t size, void *user)
{
	struct dbk_h2client *client = user;
	struct dbk_h2client_call *call = stream_call(client, id);

	(void)flags;
	if (call != NULL)
		dbk_h2core_receive(&call->core, bytes, size);
	else
		dbk_h2core_note(&client->core,
				nghttp2_session_consume_connection(session, size));
	return 0;
}

/* The server has said everything; what we still wanted to send interests nobody. */
static int
frame_came(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
	struct dbk_h2client_call *call = stream_call(user, frame->hd.stream_id);
	int32_t id = frame->hd.stream_id;

	if (call == NULL || (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0 ||
	    (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA))
		return 0;
	if (!call->broken && !dbk_framing_is_idle(&call->core.framing))
		call_broke(&call->core, DBK_GRPC_INTERNAL,
			   "the answer ended within a message");
	else if (nghttp2_session_get_stream_local_close(session, id) == 0)
		reset(call, NGHTTP2_NO_ERROR);
	return 0;
}

/* ----------------------------------------------------------------------- session */

static enum dbk_err
make_session(struct dbk_h2client *client)
{
	nghttp2_session_callbacks *callbacks = dbk_h2core_callbacks();
	nghttp2_option *option = dbk_h2core_option();
	int result = NGHTTP2_ERR_NOMEM;

	if (callbacks == NULL || option == NULL)
		goto free_both;
	nghttp2_session_callbacks_set_on_header_callback(callbacks, header_came);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, data_came);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, frame_came);
	nghttp2_session_callbacks_set_on_stream_close_callback(callbacks,
							       stream_closed);
	result = nghttp2_session_client_new2(&client->core.session, callbacks,
					     &client->core, option);
free_both:
	nghttp2_option_del(option);
	nghttp2_session_callbacks_del(callbacks);
	return result == 0 ? DBK_OK : DBK_FAILED_MEMORY;
}

enum dbk_err
dbk_h2client_open(const struct dbk_h2client_handlers *handlers, void *context,
		  struct dbk_str authority, struct dbk_h2client **out_client)
{
	static const nghttp2_settings_entry more[] = {
		{ NGHTTP2_SETTINGS_ENABLE_PUSH, 0 },
	};
	struct dbk_h2client *client;
	enum dbk_err err;

	if (authority.size > AUTHORITY_BYTES_MAX)
		return DBK_FAILED_LIMIT;
	client = calloc(1, sizeof *client);
	if (client == NULL)
		return DBK_FAILED_MEMORY;
	dbk_h2core_init(&client->core, &hooks);
	client->handlers = handlers;
	client->context = context;
	client->authority_size = authority.size;
	memcpy(client->authority, authority.bytes, authority.size);
	err = make_session(client);
	if (err != DBK_OK)
		goto free_client;
	err = dbk_h2core_submit_settings(&client->core, more, 1);
	if (err != DBK_OK)
		goto free_client;
	*out_client = client;
	return DBK_OK;

free_client:
	dbk_h2core_fini(&client->core);
	free(client);
	return err;
}

void
dbk_h2client_close(struct dbk_h2client *client)
{
	if (client == NULL)
		return;
	while (client->core.calls != NULL) {
		struct dbk_h2client_call *call;

		call = (struct dbk_h2client_call *)client->core.calls;
		if (!call->broken && !call->has_status)
			set_words(call, DBK_GRPC_UNAVAILABLE,
				  "the connection was lost");
		end_call(call);
	}
	dbk_h2core_fini(&client->core);
	free(client);
}

enum dbk_err
dbk_h2client_feed(struct dbk_h2client *client, const void *bytes, size_t size)
{
	return dbk_h2core_feed(&client->core, bytes, size);
}

bool
dbk_h2client_has_output(const struct dbk_h2client *client)
{
	return dbk_h2core_has_output(&client->core);
}

size_t
dbk_h2client_output(struct dbk_h2client *client, const unsigned char **out_bytes)
{
	return dbk_h2core_output(&client->core, out_bytes);
}

void
dbk_h2client_set_secure(struct dbk_h2client *client)
{
	client->secure = true;
}

void
dbk_h2client_output_done(struct dbk_h2client *client, size_t size)
{
	dbk_h2core_output_done(&client->core, size);
}

bool
dbk_h2client_is_done(const struct dbk_h2client *client)
{
	return dbk_h2core_is_done(&client->core);
}

void
dbk_h2client_abort(struct dbk_h2client *client)
{
	dbk_h2core_note(&client->core, nghttp2_session_terminate_session(
					   client->core.session, NGHTTP2_NO_ERROR));
}

/* ------------------------------------------------------------------------- calls */

static void
put_header(nghttp2_nv *out, size_t *count, struct dbk_str name, struct dbk_str value,
	   uint8_t flags)
{
	nghttp2_nv nv = { (uint8_t *)(uintptr_t)name.bytes,
			  (uint8_t *)(uintptr_t)value.bytes, name.size, value.size,
			  flags };

	out[(*count)++] = nv;
}

static void
put_constant(nghttp2_nv *out, size_t *count, const char *name, const char *value)
{
	put_header(out, count, dbk_str_of(name), dbk_str_of(value),
		   NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE);
}

static size_t
fill_headers(const struct dbk_h2client *client,
	     const struct dbk_h2client_request *request,
	     char timeout[DBK_GRPC_TIMEOUT_TEXT_BYTES], nghttp2_nv *out)
{
	struct dbk_str authority = { client->authority,
				     (uint32_t)client->authority_size };
	size_t count = 0;

	put_constant(out, &count, ":method", "POST");
	put_constant(out, &count, ":scheme", client->secure ? "https" : "http");
	put_header(out, &count, dbk_str_of(":path"), request->path,
		   NGHTTP2_NV_FLAG_NO_COPY_NAME);
	put_header(out, &count, dbk_str_of(":authority"), authority,
		   NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE);
	put_constant(out, &count, "te", "trailers");
	if (request->timeout_ns >= 0) {
		(void)dbk_grpc_status_timeout_format(request->timeout_ns, timeout);
		put_header(out, &count, dbk_str_of("grpc-timeout"), dbk_str_of(timeout),
			   NGHTTP2_NV_FLAG_NO_COPY_NAME);
	}
	put_constant(out, &count, "content-type", "application/grpc");
	put_constant(out, &count, "user-agent", "grpc-c-daybook/1");
	if (request->authorization.size > 0)
		put_header(out, &count, dbk_str_of("authorization"),
			   request->authorization, NGHTTP2_NV_FLAG_NO_COPY_NAME);
	for (size_t i = 0; i < request->header_count; i++)
		put_header(out, &count, request->headers[i].name,
			   request->headers[i].value, NGHTTP2_NV_FLAG_NONE);
	return count;
}

static void
clear_call(struct dbk_h2client_call *call, void *user)
{
	call->user = user;
	call->has_status = call->cancelled = call->broken = false;
	call->http_status = 0;
	call->code = DBK_GRPC_UNKNOWN;
}

enum dbk_err
dbk_h2client_start(struct dbk_h2client *client,
		   const struct dbk_h2client_request *request, void *user,
		   struct dbk_h2client_call **out_call)
{
	nghttp2_nv headers[OWN_HEADERS_MAX + DBK_H2CLIENT_HEADERS_MAX];
	char timeout[DBK_GRPC_TIMEOUT_TEXT_BYTES];
	nghttp2_session *session = client->core.session;
	nghttp2_data_provider provider;
	struct dbk_h2client_call *call;
	size_t count;

	if (request->header_count > DBK_H2CLIENT_HEADERS_MAX)
		return DBK_FAILED_LIMIT;
	if (client->core.failed != DBK_OK ||
	    nghttp2_session_check_request_allowed(session) == 0)
		return DBK_FAILED_STATE;
	call = (struct dbk_h2client_call *)dbk_h2core_call_new(&client->core);
	if (call == NULL)
		return DBK_FAILED_MEMORY;
	clear_call(call, user);
	count = fill_headers(client, request, timeout, headers);
	provider = dbk_h2core_provider(&call->core);
	call->core.id =
	    nghttp2_submit_request(session, NULL, headers, count, &provider, call);
	if (call->core.id < 0) {
		dbk_h2core_call_delete(&call->core);
		return DBK_FAILED_MEMORY;
	}
	*out_call = call;
	return DBK_OK;
}

void
dbk_h2client_set_user(struct dbk_h2client_call *call, void *user)
{
	call->user = user;
}

void *
dbk_h2client_user(const struct dbk_h2client_call *call)
{
	return call->user;
}

enum dbk_err
dbk_h2client_send(struct dbk_h2client_call *call, const void *bytes, size_t size)
{
	return dbk_h2core_send(&call->core, bytes, size);
}

size_t
dbk_h2client_queued(const struct dbk_h2client_call *call)
{
	return dbk_h2core_queued(&call->core);
}

void
dbk_h2client_half_close(struct dbk_h2client_call *call)
{
	if (call->core.ended)
		return;
	call->core.ended = true;
	dbk_h2core_resume(&call->core);
}

void
dbk_h2client_consume(struct dbk_h2client_call *call, size_t size)
{
	dbk_h2core_consume(call->core.core, &call->core, size);
}

void
dbk_h2client_cancel(struct dbk_h2client_call *call)
{
	if (call->cancelled || call->broken || call->has_status)
		return;
	call->cancelled = true;
	reset(call, NGHTTP2_CANCEL);
}

size_t
dbk_h2client_calls(const struct dbk_h2client *client)
{
	return client->core.call_count;
}
