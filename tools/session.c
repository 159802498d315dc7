#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "clock.h"

/* A daemon that does not take a connection in this time is not there. */
#define CONNECT_TIMEOUT_NS (10 * CLOCK_NS_PER_SECOND)

struct session {
	struct channel *channel;
	struct dbk_buf request;
	struct dbk_buf reply;
};

static bool
is_given(const char *text)
{
	return text != NULL && text[0] != '\0';
}

enum dbk_err
session_address(const struct cli_common *common, char out[SESSION_ADDRESS_BYTES],
		struct dbk_error *error)
{
	const char *server = common->server, *data = common->data;
	int size;

	if (!is_given(server) && !is_given(data)) {
		server = getenv("DAYBOOK_SERVER");
		data = getenv("DAYBOOK_DATA");
	}
	if (is_given(server))
		size = snprintf(out, SESSION_ADDRESS_BYTES, "%s", server);
	else
		size = snprintf(out, SESSION_ADDRESS_BYTES, "unix:%s/daybook.sock",
				is_given(data) ? data : "./data");
	if (size < 0 || size >= SESSION_ADDRESS_BYTES)
		return dbk_error_set(error, DBK_FAILED_LIMIT,
				     "the server's address is above %d bytes",
				     SESSION_ADDRESS_BYTES - 1);
	return DBK_OK;
}

static const char *
environment(const char *name)
{
	const char *value = getenv(name);

	return is_given(value) ? value : NULL;
}

struct channel_options
session_options(const struct cli_common *common)
{
	struct channel_options options = {
		.connect_timeout_ns = CONNECT_TIMEOUT_NS,
		.call_timeout_ns = (int64_t)common->timeout_s * CLOCK_NS_PER_SECOND,
		.token_file = common->token_file,
		.ca = common->ca,
		.crl = common->crl,
		.certificate = common->certificate,
		.certificate_key = common->certificate_key,
	};

	if (options.token_file == NULL)
		options.token = environment("DAYBOOK_TOKEN");
	if (options.token_file == NULL && options.token == NULL)
		options.token_file = environment("DAYBOOK_TOKEN_FILE");
	if (options.ca == NULL)
		options.ca = environment("DAYBOOK_CA");
	return options;
}

int
session_open(const struct cli_common *common, struct session **out)
{
	struct channel_options options = session_options(common);
	struct dbk_error error = { DBK_OK, "" };
	char address[SESSION_ADDRESS_BYTES];
	struct session *session;

	if (session_address(common, address, &error) != DBK_OK)
		return diag_failure(&error);
	session = calloc(1, sizeof *session);
	dbk_assert(session != NULL);
	if (channel_open(address, &options, &session->channel, &error) != DBK_OK) {
		free(session);
		return diag_failure(&error);
	}
	dbk_buf_init(&session->request);
	dbk_buf_init(&session->reply);
	*out = session;
	return EXIT_OK;
}

void
session_close(struct session *session)
{
	if (session == NULL)
		return;
	channel_close(session->channel);
	dbk_buf_fini(&session->request);
	dbk_buf_fini(&session->reply);
	free(session);
}

void
session_pack(const ProtobufCMessage *message, struct dbk_buf *out)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	bool room = dbk_buf_reserve(out, size);

	dbk_assert(room);
	out->size += protobuf_c_message_pack(message, out->bytes + out->size);
}

void
session_path(const char *method, char out[SESSION_PATH_BYTES])
{
	int size = snprintf(out, SESSION_PATH_BYTES, "/daybook.v1.Daybook/%s", method);

	dbk_assert(size > 0 && size < SESSION_PATH_BYTES);
}

struct dbk_grpc_status
session_status(const struct channel_status *status)
{
	struct dbk_grpc_status out = {
		.code = status->code,
		.message = status->message,
		.reason = status->reason,
		.fields = status->fields,
		.field_count = status->field_count,
	};

	return out;
}

static int
open_reply(const struct dbk_buf *bytes, const ProtobufCMessageDescriptor *descriptor,
	   ProtobufCMessage **out)
{
	ProtobufCMessage *reply =
	    protobuf_c_message_unpack(descriptor, NULL, bytes->size, bytes->bytes);

	if (reply == NULL) {
		diag_error("the server's reply is not a %s", descriptor->name);
		return EXIT_FAILED;
	}
	*out = reply;
	return EXIT_OK;
}

int
session_ask(struct session *session, const char *method,
	    const ProtobufCMessage *request,
	    const ProtobufCMessageDescriptor *descriptor, ProtobufCMessage **out_reply,
	    bool *out_unknown)
{
	struct dbk_error error = { DBK_OK, "" };
	struct channel_status status;
	struct dbk_grpc_status end;
	char path[SESSION_PATH_BYTES];
	int code;

	if (out_unknown != NULL)
		*out_unknown = false;
	session_path(method, path);
	dbk_buf_reset(&session->request);
	session_pack(request, &session->request);
	channel_status_init(&status);
	if (channel_call(session->channel, path,
			 dbk_str_make(session->request.bytes, session->request.size),
			 &session->reply, &status, &error) != DBK_OK) {
		code = diag_failure(&error);
	} else if (status.code == DBK_GRPC_NOT_FOUND && out_unknown != NULL) {
		*out_unknown = true;
		code = EXIT_NOT_FOUND;
	} else if (status.code != DBK_GRPC_OK) {
		end = session_status(&status);
		code = diag_status(&end);
	} else {
		code = open_reply(&session->reply, descriptor, out_reply);
	}
	channel_status_fini(&status);
	return code;
}

int
session_call(struct session *session, const char *method,
	     const ProtobufCMessage *request,
	     const ProtobufCMessageDescriptor *descriptor, ProtobufCMessage **out_reply)
{
	return session_ask(session, method, request, descriptor, out_reply, NULL);
}

int
session_call_alone(const struct cli_common *common, const char *method,
		   const ProtobufCMessage *request,
		   const ProtobufCMessageDescriptor *descriptor,
		   ProtobufCMessage **out_reply)
{
	struct session *session;
	int code = session_open(common, &session);

	if (code != EXIT_OK)
		return code;
	code = session_call(session, method, request, descriptor, out_reply);
	session_close(session);
	return code;
}

int
session_stream(struct session *session, const char *method,
	       const ProtobufCMessage *request, struct channel_stream **out_stream)
{
	struct dbk_error error = { DBK_OK, "" };
	struct channel_stream *stream;
	char path[SESSION_PATH_BYTES];
	bool open;

	session_path(method, path);
	if (channel_stream_start(session->channel, path, false, &stream, &error) !=
	    DBK_OK)
		return diag_failure(&error);
	dbk_buf_reset(&session->request);
	session_pack(request, &session->request);
	if (channel_stream_send(
		stream, dbk_str_make(session->request.bytes, session->request.size),
		&open, &error) != DBK_OK) {
		channel_stream_finish(stream);
		return diag_failure(&error);
	}
	channel_stream_half_close(stream);
	*out_stream = stream;
	return EXIT_OK;
}

int
session_next(struct channel_stream *stream, int64_t wait_ns,
	     const ProtobufCMessageDescriptor *descriptor, ProtobufCMessage **out_reply,
	     bool *out_ended)
{
	struct dbk_error error = { DBK_OK, "" };
	struct dbk_grpc_status end;
	enum channel_event event;
	struct dbk_buf message;
	int code = EXIT_OK;

	*out_reply = NULL;
	*out_ended = false;
	dbk_buf_init(&message);
	if (channel_stream_recv(stream, wait_ns, &message, &event, &error) != DBK_OK) {
		code = diag_failure(&error);
	} else if (event == CHANNEL_MESSAGE) {
		code = open_reply(&message, descriptor, out_reply);
	} else if (event == CHANNEL_ENDED) {
		*out_ended = true;
		end = session_status(channel_stream_status(stream));
		if (end.code != DBK_GRPC_OK)
			code = diag_status(&end);
	}
	dbk_buf_fini(&message);
	return code;
}
