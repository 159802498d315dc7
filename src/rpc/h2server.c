#include "rpc/h2server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "rpc/h2server_internal.h"

/*
 * The life of a call here:
 *
 *	begin_headers      a struct from the pool, known to nghttp2 as the stream's
 *	header*            what matters is kept, the rest only counted
 *	HEADERS complete   begin(): refuse, or hand to call_started
 *	DATA*              h2core takes it apart; message_came()
 *	END_STREAM         half_closed
 *	send               the first one submits the response headers; DATA follows
 *	                   from the queue
 *	finish             trailers behind the queue, or a trailers-only response
 *	stream_close       closed; back into the pool
 *
 * A call is *taken* while the owner knows of it: from call_started on, unless that
 * returned false.
 */

#define TEXT_BYTES 160

static const uint8_t shutdown_ping[8] = { 'd', 'a', 'y', 'b', 'o', 'o', 'k', 0 };

/* ------------------------------------------------------------------------- calls */

static void
note(struct dbk_h2server_call *call, int result)
{
	dbk_h2core_note(call->core.core, result);
}

static int
header_came(nghttp2_session *session, const nghttp2_frame *frame, nghttp2_rcbuf *name,
	    nghttp2_rcbuf *value, uint8_t flags, void *user)
{
	struct dbk_h2server_call *call = dbk_h2server_stream(user, frame->hd.stream_id);

	(void)session, (void)flags;
	if (call != NULL && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
		dbk_h2request_take(&call->request, name, value);
	return 0;
}

static int
headers_began(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
	struct dbk_h2server *server = user;
	struct dbk_h2server_call *call;

	server->in_headers = true;
	server->waited = 0;
	if (frame->hd.type != NGHTTP2_HEADERS ||
	    frame->headers.cat != NGHTTP2_HCAT_REQUEST)
		return 0;
	call = (struct dbk_h2server_call *)dbk_h2core_call_new(&server->core);
	if (call == NULL) {
		server->core.failed = DBK_FAILED_MEMORY;
		return NGHTTP2_ERR_CALLBACK_FAILURE;
	}
	call->core.id = frame->hd.stream_id;
	call->user = NULL;
	call->taken = call->status_sent = false;
	call->waited = 0;
	call->came = 0;
	dbk_h2request_init(&call->request);
	dbk_h2answer_reset(&call->answer);
	(void)nghttp2_session_set_stream_user_data(session, call->core.id, call);
	return 0;
}

static void
refuse_method(struct dbk_h2server_call *call, struct dbk_str path)
{
	char text[TEXT_BYTES];
	int size = path.size < TEXT_BYTES ? (int)path.size : TEXT_BYTES;

	(void)snprintf(text, sizeof text, "unknown method %.*s", size, path.bytes);
	dbk_h2server_finish_text(call, DBK_GRPC_UNIMPLEMENTED, text);
}

static void
hand_over(struct dbk_h2server_call *call)
{
	struct dbk_h2server *server = dbk_h2server_of(call);
	struct dbk_h2server_request request;

	request.path = dbk_h2request_path(&call->request);
	request.authorization = dbk_h2request_authorization(&call->request);
	request.timeout_ns = call->request.timeout_ns;
	call->taken = true;
	server->taken_count++;
	if (server->handlers->call_started(server->context, call, &request))
		return;
	call->taken = false;
	server->taken_count--;
	refuse_method(call, request.path);
}

static void
answer_http(struct dbk_h2server_call *call, unsigned http_status)
{
	call->core.ended = true;
	dbk_h2core_deafen(&call->core);
	note(call, dbk_h2answer_submit_http(&call->answer, call->core.core->session,
					    call->core.id, http_status));
}

static void
refuse_headers(struct dbk_h2server_call *call)
{
	char text[TEXT_BYTES];

	(void)snprintf(text, sizeof text,
		       "headers of %zu bytes are above the limit of %d",
		       call->request.header_bytes, DBK_RPC_HEADER_BYTES_MAX);
	dbk_h2server_finish_text(call, DBK_GRPC_RESOURCE_EXHAUSTED, text);
}

/* The headers of a request are complete. */
static void
begin(struct dbk_h2server_call *call)
{
	switch (dbk_h2request_check(&call->request)) {
	case DBK_H2REQUEST_GOOD:
		hand_over(call);
		break;
	case DBK_H2REQUEST_NOT_POST:
		answer_http(call, 405);
		break;
	case DBK_H2REQUEST_NOT_GRPC:
		answer_http(call, 415);
		break;
	case DBK_H2REQUEST_TOO_LARGE:
		refuse_headers(call);
		break;
	case DBK_H2REQUEST_BAD_TIMEOUT:
		dbk_h2server_finish_text(call, DBK_GRPC_INTERNAL,
					 "grpc-timeout is not one to eight digits and "
					 "one of H M S m u n");
		break;
	}
	dbk_h2request_fini(&call->request);
}

/* The client sends nothing more. */
static void
half_close(struct dbk_h2server_call *call)
{
	struct dbk_h2server *server = dbk_h2server_of(call);

	if (call->core.deaf || !call->taken)
		return;
	if (!dbk_framing_is_idle(&call->core.framing))
		dbk_h2server_finish_text(call, DBK_GRPC_INTERNAL,
					 "the request ended within a message");
	else
		server->handlers->half_closed(server->context, call);
}

static void
message_came(struct dbk_h2core_call *core_call, struct dbk_str message)
{
	struct dbk_h2server_call *call = (struct dbk_h2server_call *)core_call;
	struct dbk_h2server *server = dbk_h2server_of(call);

	dbk_flood_earn_control(&server->flood);
	server->handlers->message(server->context, call, message.bytes, message.size);
}

static void
call_broke(struct dbk_h2core_call *core_call, enum dbk_grpc_code code, const char *text)
{
	struct dbk_h2server_call *call = (struct dbk_h2server_call *)core_call;

	call->answer.tell_identity = code == DBK_GRPC_UNIMPLEMENTED;
	dbk_h2server_finish_text(call, code, text);
}

static void
call_writable(struct dbk_h2core_call *core_call)
{
	struct dbk_h2server_call *call = (struct dbk_h2server_call *)core_call;
	struct dbk_h2server *server = dbk_h2server_of(call);

	if (call->taken && !call->core.ended)
		server->handlers->writable(server->context, call);
}

static uint32_t
call_drained(struct dbk_h2core_call *core_call)
{
	struct dbk_h2server_call *call = (struct dbk_h2server_call *)core_call;

	note(call, dbk_h2answer_submit_trailers(&call->answer, core_call->core->session,
						core_call->id));
	return NGHTTP2_DATA_FLAG_NO_END_STREAM;
}

static void
call_fini(struct dbk_h2core_call *core_call)
{
	struct dbk_h2server_call *call = (struct dbk_h2server_call *)core_call;

	dbk_h2answer_fini(&call->answer);
}

static void
end_call(struct dbk_h2server_call *call)
{
	struct dbk_h2server *server = dbk_h2server_of(call);

	if (call->taken) {
		server->handlers->closed(server->context, call, !call->status_sent);
		call->taken = false;
		server->taken_count--;
	}
	dbk_h2request_fini(&call->request);
	dbk_h2core_call_delete(&call->core);
}

static const struct dbk_h2core_hooks hooks = {
	.call_bytes = sizeof(struct dbk_h2server_call),
	.message = message_came,
	.broken = call_broke,
	.writable = call_writable,
	.drained = call_drained,
	.call_fini = call_fini,
};

/* ------------------------------------------------------------------------ frames */

static int
data_came(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *bytes,
	  size_t size, void *user)
{
	struct dbk_h2server *server = user;
	struct dbk_h2server_call *call = dbk_h2server_stream(server, id);

	(void)flags;
	server->quiet = 0;
	if (call != NULL) {
		call->came += size;
		dbk_h2core_receive(&call->core, bytes, size);
	} else
		dbk_h2core_note(&server->core,
				nghttp2_session_consume_connection(session, size));
	return 0;
}

static void
calm_down(struct dbk_h2server *server)
{
	dbk_h2core_note(&server->core,
			nghttp2_session_terminate_session(server->core.session,
							  NGHTTP2_ENHANCE_YOUR_CALM));
}

static bool
is_ack(const nghttp2_frame *frame)
{
	return (frame->hd.flags & NGHTTP2_FLAG_ACK) != 0;
}

/* The allowances of this frame's kind; false: used up. */
static bool
count_frame(struct dbk_flood *flood, const nghttp2_frame *frame,
	    const struct dbk_h2server_call *call)
{
	switch (frame->hd.type) {
	case NGHTTP2_RST_STREAM:
		return call != NULL && !call->status_sent
			   ? dbk_flood_count_reset(flood)
			   : dbk_flood_count_control(flood);
	case NGHTTP2_PING:
	case NGHTTP2_SETTINGS:
		return is_ack(frame) || dbk_flood_count_control(flood);
	case NGHTTP2_PRIORITY:
		return dbk_flood_count_control(flood);
	case NGHTTP2_DATA:
		return frame->hd.length > 0 ||
		       (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0 ||
		       dbk_flood_count_control(flood);
	default:
		return true;
	}
}

/* The round trip of dbk_h2server_shutdown() is over: nothing new is on its way. */
static void
leave(struct dbk_h2server *server)
{
	nghttp2_session *session = server->core.session;
	int32_t last = nghttp2_session_get_last_proc_stream_id(session);

	dbk_h2core_note(&server->core,
			nghttp2_submit_goaway(session, NGHTTP2_FLAG_NONE, last,
					      NGHTTP2_NO_ERROR, NULL, 0));
}

static int
frame_came(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
	struct dbk_h2server *server = user;
	struct dbk_h2server_call *call =
	    dbk_h2server_stream(server, frame->hd.stream_id);

	dbk_h2server_heard(server, frame);
	if (!count_frame(&server->flood, frame, call))
		dbk_h2core_note(&server->core, nghttp2_session_terminate_session(
						   session, NGHTTP2_ENHANCE_YOUR_CALM));
	if (frame->hd.type == NGHTTP2_PING && is_ack(frame) && server->leaving &&
	    memcmp(frame->ping.opaque_data, shutdown_ping, sizeof shutdown_ping) == 0)
		leave(server);
	if (call == NULL ||
	    (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA))
		return 0;
	if (frame->hd.type == NGHTTP2_HEADERS &&
	    frame->headers.cat == NGHTTP2_HCAT_REQUEST)
		begin(call);
	if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
		half_close(call);
	return 0;
}

/* Headers that break a rule end without being told of. */
static int
bad_frame_came(nghttp2_session *session, const nghttp2_frame *frame, int reason,
	       void *user)
{
	struct dbk_h2server *server = user;

	(void)session, (void)frame, (void)reason;
	server->in_headers = false;
	return 0;
}

static int
frame_sent(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
	struct dbk_h2server *server = user;
	struct dbk_h2server_call *call;

	if (frame->hd.type != NGHTTP2_HEADERS ||
	    (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0)
		return 0;
	call = dbk_h2server_stream(server, frame->hd.stream_id);
	if (call == NULL)
		return 0;
	call->status_sent = true;
	if (nghttp2_session_get_stream_remote_close(session, call->core.id) == 0)
		dbk_h2core_note(&server->core, nghttp2_submit_rst_stream(
						   session, NGHTTP2_FLAG_NONE,
						   call->core.id, NGHTTP2_NO_ERROR));
	return 0;
}

static int
stream_closed(nghttp2_session *session, int32_t id, uint32_t error, void *user)
{
	struct dbk_h2server *server = user;
	struct dbk_h2server_call *call = dbk_h2server_stream(server, id);

	(void)session, (void)error;
	if (call == NULL)
		return 0;
	if (call->status_sent)
		dbk_flood_earn_reset(&server->flood);
	end_call(call);
	return 0;
}

/* ----------------------------------------------------------------------- session */

static enum dbk_err
make_session(struct dbk_h2server *server)
{
	nghttp2_session_callbacks *callbacks = dbk_h2core_callbacks();
	nghttp2_option *option = dbk_h2core_option();
	int result = NGHTTP2_ERR_NOMEM;

	if (callbacks == NULL || option == NULL)
		goto free_both;
	nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks,
								headers_began);
	nghttp2_session_callbacks_set_on_header_callback2(callbacks, header_came);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, data_came);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, frame_came);
	nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks,
								     bad_frame_came);
	nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, frame_sent);
	nghttp2_session_callbacks_set_on_stream_close_callback(callbacks,
							       stream_closed);

	/* The allowances here are the only ones: they need no clock. */
	nghttp2_option_set_stream_reset_rate_limit(option, UINT32_MAX, UINT32_MAX);
	nghttp2_option_set_max_outbound_ack(option, 2 * DBK_RPC_CONTROL_FRAMES_MAX);
	result = nghttp2_session_server_new2(&server->core.session, callbacks,
					     &server->core, option);
free_both:
	nghttp2_option_del(option);
	nghttp2_session_callbacks_del(callbacks);
	return result == 0 ? DBK_OK : DBK_FAILED_MEMORY;
}

enum dbk_err
dbk_h2server_open(const struct dbk_h2server_handlers *handlers, void *context,
		  struct dbk_h2server **out_server)
{
	static const nghttp2_settings_entry more[] = {
		{ NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, DBK_RPC_STREAMS_MAX },
		{ NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1 },
	};
	struct dbk_h2server *server = calloc(1, sizeof *server);
	enum dbk_err err;

	if (server == NULL)
		return DBK_FAILED_MEMORY;
	dbk_h2core_init(&server->core, &hooks);
	server->handlers = handlers;
	server->context = context;
	dbk_flood_init(&server->flood);
	err = make_session(server);
	if (err != DBK_OK)
		goto free_server;
	err = dbk_h2core_submit_settings(&server->core, more, 2);
	if (err != DBK_OK)
		goto free_server;
	*out_server = server;
	return DBK_OK;

free_server:
	dbk_h2core_fini(&server->core);
	free(server);
	return err;
}

void
dbk_h2server_close(struct dbk_h2server *server)
{
	if (server == NULL)
		return;
	while (server->core.calls != NULL)
		end_call((struct dbk_h2server_call *)server->core.calls);
	dbk_h2core_fini(&server->core);
	free(server);
}

enum dbk_err
dbk_h2server_feed(struct dbk_h2server *server, const void *bytes, size_t size)
{
	nghttp2_session *session = server->core.session;
	enum dbk_err err = dbk_h2core_feed(&server->core, bytes, size);

	if (err == DBK_OK && nghttp2_session_get_outbound_queue_size(session) >
				 DBK_RPC_FRAMES_WAITING_MAX)
		calm_down(server);
	return err;
}

bool
dbk_h2server_has_output(const struct dbk_h2server *server)
{
	return dbk_h2core_has_output(&server->core);
}

size_t
dbk_h2server_output(struct dbk_h2server *server, const unsigned char **out_bytes)
{
	return dbk_h2core_output(&server->core, out_bytes);
}

void
dbk_h2server_output_done(struct dbk_h2server *server, size_t size)
{
	dbk_h2core_output_done(&server->core, size);
}

bool
dbk_h2server_is_done(const struct dbk_h2server *server)
{
	return dbk_h2core_is_done(&server->core);
}

void
dbk_h2server_shutdown(struct dbk_h2server *server)
{
	nghttp2_session *session = server->core.session;

	if (server->leaving)
		return;
	server->leaving = true;
	dbk_h2core_note(&server->core, nghttp2_submit_shutdown_notice(session));
	dbk_h2core_note(&server->core,
			nghttp2_submit_ping(session, NGHTTP2_FLAG_NONE, shutdown_ping));
}

void
dbk_h2server_abort(struct dbk_h2server *server)
{
	dbk_h2core_note(&server->core, nghttp2_session_terminate_session(
					   server->core.session, NGHTTP2_NO_ERROR));
}

void
dbk_h2server_tick(struct dbk_h2server *server)
{
	dbk_flood_tick(&server->flood);
}
