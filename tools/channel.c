#include "channel_private.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "clock.h"
#include "endpoint.h"
#include "token_file.h"

/*
 * Everything waits in one place, channel_wait(): write what can be written, poll, read
 * what is there.  Messages for any stream go to that stream's inbox and are consumed
 * when their owner takes them, so a stream that nobody reads holds up only itself.
 */

struct channel_stream {
	struct channel *channel;
	struct dbk_h2client_call *call; /* NULL once it has ended */
	int64_t deadline_ns;
	bool lost;	      /* ended with the connection */
	struct dbk_buf inbox; /* size (native uint32) and bytes of each message */
	size_t inbox_head;
	struct channel_status status;
};

static int64_t
earlier(int64_t a, int64_t b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

/* ----------------------------------------------------------------------- handlers */

static void
message_came(void *context, struct dbk_h2client_call *call, const void *bytes,
	     size_t size)
{
	struct channel_stream *stream = dbk_h2client_user(call);
	uint32_t count = (uint32_t)size;

	(void)context;
	if (stream == NULL) {
		dbk_h2client_consume(call, size);
		return;
	}
	if (stream->inbox_head == stream->inbox.size) {
		dbk_buf_reset(&stream->inbox);
		stream->inbox_head = 0;
	}
	if (!dbk_buf_reserve(&stream->inbox, sizeof count + size)) {
		dbk_h2client_cancel(call);
		return;
	}
	dbk_buf_put(&stream->inbox, &count, sizeof count);
	dbk_buf_put(&stream->inbox, bytes, size);
}

/* channel_stream_send() looks at the queue itself. */
static void
call_writable(void *context, struct dbk_h2client_call *call)
{
	(void)context, (void)call;
}

static void
call_closed(void *context, struct dbk_h2client_call *call,
	    const struct dbk_grpc_status *status)
{
	struct channel *channel = context;
	struct channel_stream *stream = dbk_h2client_user(call);

	if (stream == NULL)
		return;
	stream->call = NULL;
	stream->lost = channel->lost.code != DBK_OK;
	channel_status_copy(&stream->status, status);
}

static const struct dbk_h2client_handlers handlers = { message_came, call_writable,
						       call_closed };

/* Move bytes; return when something moved or at UNTIL_NS. */
static void
channel_wait(struct channel *channel, int64_t until_ns)
{
	struct pollfd ready = { channel->fd, POLLIN, 0 };

	channel_write(channel);
	if (channel->client == NULL)
		return;
	if (channel_has_output(channel))
		ready.events |= POLLOUT;
	if (poll(&ready, 1, channel_poll_ms(until_ns)) <= 0)
		return;
	if ((ready.revents & (POLLIN | POLLHUP | POLLERR)) != 0)
		channel_read(channel);
	channel_write(channel);
	if (channel->client != NULL && dbk_h2client_is_done(channel->client))
		channel_lose(channel, "ended by the server");
}

/* ------------------------------------------------------------------------ channels */

static enum dbk_err
make_session(struct channel *channel, const char *address)
{
	bool local = strncmp(address, "unix:", 5) == 0;
	enum dbk_err err =
	    dbk_h2client_open(&handlers, channel,
			      dbk_str_of(local ? "localhost" : endpoint_plain(address)),
			      &channel->client);

	if (err == DBK_OK && channel->tls != NULL)
		dbk_h2client_set_secure(channel->client);
	return err;
}

static enum dbk_err
keep_token(struct channel *channel, const struct channel_options *options,
	   struct dbk_error *error)
{
	char *token = NULL;
	enum dbk_err err = DBK_OK;

	if (options->token != NULL)
		err = token_check(options->token, error);
	else if (options->token_file != NULL)
		err = token_file_read(options->token_file, &token, error);
	else
		return DBK_OK;
	if (err == DBK_OK && asprintf(&channel->authorization, "Bearer %s",
				      token == NULL ? options->token : token) < 0) {
		channel->authorization = NULL;
		err = dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for a token");
	}
	token_free(token);
	return err;
}

enum dbk_err
channel_open(const char *address, const struct channel_options *options,
	     struct channel **out_channel, struct dbk_error *error)
{
	struct channel *channel = calloc(1, sizeof *channel);
	enum dbk_err err;

	if (channel == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY,
				     "no memory for a connection");
	channel->fd = -1;
	channel->options = *options;
	err = keep_token(channel, options, error);
	if (err != DBK_OK)
		goto free_channel;
	err = channel_open_way(channel, address, options, error);
	if (err != DBK_OK)
		goto free_channel;
	err = make_session(channel, address);
	if (err != DBK_OK) {
		(void)dbk_error_set(error, err, "cannot make a session with %s",
				    address);
		goto free_channel;
	}
	*out_channel = channel;
	return DBK_OK;

free_channel:
	channel_close(channel);
	return err;
}

void
channel_close(struct channel *channel)
{
	if (channel == NULL)
		return;
	if (channel->client != NULL) {
		dbk_h2client_abort(channel->client);
		channel_write(channel);
		channel_lose(channel, "closed by the caller");
	}
	channel_close_way(channel);
	token_free(channel->authorization);
	free(channel);
}

int
channel_fd(const struct channel *channel)
{
	return channel->fd;
}

/* ------------------------------------------------------------------------- streams */

static enum dbk_err
start_call(struct channel_stream *stream, const char *path, int64_t timeout_ns,
	   struct dbk_error *error)
{
	struct channel *channel = stream->channel;
	struct dbk_h2client_request request = { .path = dbk_str_of(path),
						.timeout_ns = timeout_ns };
	enum dbk_err err;

	if (channel->authorization != NULL)
		request.authorization = dbk_str_of(channel->authorization);
	err = dbk_h2client_start(channel->client, &request, stream, &stream->call);
	if (err == DBK_FAILED_STATE)
		return dbk_error_set(error, DBK_FAILED_NETWORK,
				     "the server is shutting down and takes no calls");
	if (err != DBK_OK)
		return dbk_error_set(error, err, "cannot start %s: %s", path,
				     dbk_err_text(err));
	return DBK_OK;
}

enum dbk_err
channel_stream_start(struct channel *channel, const char *path, bool deadline,
		     struct channel_stream **out_stream, struct dbk_error *error)
{
	int64_t timeout_ns =
	    deadline ? channel->options.call_timeout_ns : CHANNEL_NO_TIMEOUT;
	struct channel_stream *stream;
	enum dbk_err err;

	if (channel->client == NULL)
		return dbk_error_set(error, channel->lost.code, "%s",
				     channel->lost.text);
	stream = calloc(1, sizeof *stream);
	if (stream == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for a call");
	stream->channel = channel;
	stream->deadline_ns = channel_instant(timeout_ns);
	err = start_call(stream, path, timeout_ns, error);
	if (err != DBK_OK) {
		free(stream);
		return err;
	}
	*out_stream = stream;
	return DBK_OK;
}

/* Cancel the call; what becomes of it is of no interest any more. */
static void
abandon(struct channel_stream *stream)
{
	struct dbk_h2client_call *call = stream->call;

	if (call == NULL)
		return;
	stream->call = NULL;
	dbk_h2client_set_user(call, NULL);
	dbk_h2client_cancel(call);
	channel_write(stream->channel);
}

/* Move bytes until UNTIL_NS, and end the call at its deadline. */
static void
stream_wait(struct channel_stream *stream, int64_t until_ns)
{
	struct dbk_grpc_status late = { .code = DBK_GRPC_DEADLINE_EXCEEDED };

	channel_wait(stream->channel, earlier(until_ns, stream->deadline_ns));
	if (stream->call == NULL || !channel_is_past(stream->deadline_ns))
		return;
	abandon(stream);
	late.message = dbk_str_of("the deadline passed before the answer came");
	channel_status_copy(&stream->status, &late);
}

enum dbk_err
channel_stream_send(struct channel_stream *stream, struct dbk_str message,
		    bool *out_open, struct dbk_error *error)
{
	enum dbk_err err = DBK_OK;

	while (stream->call != NULL &&
	       dbk_h2client_queued(stream->call) >= DBK_RPC_QUEUE_MARK_BYTES)
		stream_wait(stream, CHANNEL_NO_TIMEOUT);
	if (stream->call != NULL)
		err = dbk_h2client_send(stream->call, message.bytes, message.size);
	if (err == DBK_FAILED_LIMIT)
		return dbk_error_set(error, err,
				     "message of %u bytes is above the limit of %d",
				     message.size, DBK_MESSAGE_BYTES_MAX);
	if (err == DBK_FAILED_MEMORY)
		return dbk_error_set(error, err, "no memory for a message");
	if (err != DBK_FAILED_STATE)
		channel_write(stream->channel);
	*out_open = err == DBK_OK && stream->call != NULL;
	return DBK_OK;
}

void
channel_stream_half_close(struct channel_stream *stream)
{
	if (stream->call == NULL)
		return;
	dbk_h2client_half_close(stream->call);
	channel_write(stream->channel);
}

/* The oldest message of the inbox; false if there is none. */
static bool
take_message(struct channel_stream *stream, struct dbk_buf *message)
{
	const unsigned char *at = stream->inbox.bytes + stream->inbox_head;
	uint32_t size;

	if (stream->inbox_head == stream->inbox.size)
		return false;
	memcpy(&size, at, sizeof size);
	dbk_buf_put(message, at + sizeof size, size);
	stream->inbox_head += sizeof size + size;
	if (stream->call != NULL)
		dbk_h2client_consume(stream->call, size);
	return true;
}

enum dbk_err
channel_stream_recv(struct channel_stream *stream, int64_t wait_ns,
		    struct dbk_buf *message, enum channel_event *out_event,
		    struct dbk_error *error)
{
	int64_t until_ns = channel_instant(wait_ns);
	bool last_look = wait_ns == 0;

	dbk_buf_reset(message);
	while (!take_message(stream, message)) {
		if (stream->lost)
			return dbk_error_set(error, stream->channel->lost.code, "%s",
					     stream->channel->lost.text);
		if (stream->call == NULL) {
			*out_event = CHANNEL_ENDED;
			return DBK_OK;
		}
		if (channel_is_past(until_ns) && !last_look) {
			*out_event = CHANNEL_NOTHING;
			return DBK_OK;
		}
		last_look = false;
		stream_wait(stream, until_ns);
	}
	if (dbk_buf_failed(message))
		return dbk_error_set(error, DBK_FAILED_MEMORY,
				     "no memory for a message");
	*out_event = CHANNEL_MESSAGE;
	return DBK_OK;
}

const struct channel_status *
channel_stream_status(const struct channel_stream *stream)
{
	return &stream->status;
}

void
channel_stream_finish(struct channel_stream *stream)
{
	if (stream == NULL)
		return;
	abandon(stream);
	channel_status_fini(&stream->status);
	dbk_buf_fini(&stream->inbox);
	free(stream);
}

/* --------------------------------------------------------------------- unary calls */

/* The first message into REPLY, any other dropped, until the call has ended. */
static enum dbk_err
receive_reply(struct channel_stream *stream, struct dbk_buf *reply, size_t *out_count,
	      struct dbk_error *error)
{
	enum channel_event event = CHANNEL_NOTHING;
	enum dbk_err err = DBK_OK;
	struct dbk_buf other;

	*out_count = 0;
	dbk_buf_init(&other);
	while (err == DBK_OK && event != CHANNEL_ENDED) {
		struct dbk_buf *into = *out_count == 0 ? reply : &other;

		err = channel_stream_recv(stream, CHANNEL_NO_TIMEOUT, into, &event,
					  error);
		*out_count += err == DBK_OK && event == CHANNEL_MESSAGE ? 1 : 0;
	}
	dbk_buf_fini(&other);
	return err;
}

/* Give the stream's status away; one that is OK without exactly one reply is not OK. */
static void
move_status(struct channel_stream *stream, size_t replies, struct channel_status *out)
{
	struct dbk_grpc_status wrong = { .code = DBK_GRPC_INTERNAL };

	channel_status_fini(out);
	*out = stream->status;
	channel_status_init(&stream->status);
	if (out->code != DBK_GRPC_OK || replies == 1)
		return;
	wrong.message = dbk_str_of(replies == 0 ? "the call ended without a reply"
						: "the call brought several replies");
	channel_status_copy(out, &wrong);
}

enum dbk_err
channel_call(struct channel *channel, const char *path, struct dbk_str request,
	     struct dbk_buf *reply, struct channel_status *status,
	     struct dbk_error *error)
{
	struct channel_stream *stream;
	size_t replies;
	enum dbk_err err;
	bool open;

	dbk_buf_reset(reply);
	err = channel_stream_start(channel, path, true, &stream, error);
	if (err != DBK_OK)
		return err;
	err = channel_stream_send(stream, request, &open, error);
	if (err != DBK_OK)
		goto finish_stream;
	channel_stream_half_close(stream);
	err = receive_reply(stream, reply, &replies, error);
	if (err == DBK_OK)
		move_status(stream, replies, status);
finish_stream:
	channel_stream_finish(stream);
	return err;
}
