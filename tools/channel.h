#ifndef TOOLS_CHANNEL_H
#define TOOLS_CHANNEL_H

/*
 * channel.h -- a blocking gRPC connection for the command line tool and the bench.
 *
 * One socket, one thread, poll() inside.  Any number of streams may be open on a
 * channel; while one function waits, everything that comes in for the others is kept.
 *
 *	channel_open("unix:/run/daybook.sock", &options, &channel, &error)
 *	channel_call(channel, "/daybook.v1.Daybook/GetStatus", request, ...)
 *	channel_close(channel)
 *
 * Failures of the connection are enum dbk_err with words in a struct dbk_error.  What
 * the server says is a status, which is not a failure.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/buf.h"
#include "base/str.h"
#include "rpc/grpc_status.h"

struct channel;
struct channel_stream;

/* timeout_ns, deadline_ns: wait for ever. */
#define CHANNEL_NO_TIMEOUT ((int64_t)-1)

/* Everything is borrowed for the time of channel_open(); NULL is fine everywhere. */
struct channel_options {
	const char *token; /* sent as "authorization: Bearer TOKEN"; NULL: not sent */
	int64_t connect_timeout_ns;
	int64_t call_timeout_ns; /* also told to the server, as grpc-timeout */
	const char *token_file;	 /* TOKEN is NULL: it is the first line there */
	const char *ca, *crl;	 /* of TLS, as in rpc/tls.h */
	const char *certificate, *certificate_key;
};

/* The end of a call; it owns its bytes. */
struct channel_status {
	enum dbk_grpc_code code;
	struct dbk_str message; /* the members of struct dbk_grpc_status */
	struct dbk_str reason;
	struct dbk_grpc_field fields[DBK_GRPC_FIELDS_MAX];
	size_t field_count;
	struct dbk_buf bytes; /* where they lie */
};

void channel_status_init(struct channel_status *status);
void channel_status_fini(struct channel_status *status);

/* Replace what is in STATUS by a copy of FROM; without memory only the code is kept. */
void channel_status_copy(struct channel_status *status,
			 const struct dbk_grpc_status *from);

/*
 * Connect to ADDRESS: "unix:PATH", "HOST:PORT" with a name or an IPv4 address, or
 * "[IPV6]:PORT", and with "tls:" before the latter two; TLS is spoken as
 * endpoint_wants_tls() says.  ERROR then says for example
 * "cannot connect to unix:/run/x.sock: No such file or directory".
 *
 *	DBK_FAILED_INPUT    ADDRESS is none of these, or a file of the options is no use
 *	DBK_FAILED_NETWORK  nobody answers there, or TLS was refused by either side
 *	DBK_FAILED_TIMEOUT, DBK_FAILED_MEMORY
 */
enum dbk_err channel_open(const char *address, const struct channel_options *options,
			  struct channel **out_channel,
			  struct dbk_error *error) DBK_MUST_CHECK;

/* Open streams are lost.  NULL is nothing. */
void channel_close(struct channel *channel);

/*
 * One request, one reply.  DBK_OK: STATUS says how it ended; REPLY (reset first) holds
 * the message if that is OK.  A deadline that passes here is DEADLINE_EXCEEDED.
 * DBK_FAILED_NETWORK: the connection was lost; whether the server saw the call is not
 * known.
 */
enum dbk_err channel_call(struct channel *channel, const char *path,
			  struct dbk_str request, struct dbk_buf *reply,
			  struct channel_status *status,
			  struct dbk_error *error) DBK_MUST_CHECK;

/*
 * Begin a streaming call.  With DEADLINE false it has no deadline, whatever the options
 * say.
 */
enum dbk_err channel_stream_start(struct channel *channel, const char *path,
				  bool deadline, struct channel_stream **out_stream,
				  struct dbk_error *error) DBK_MUST_CHECK;

/*
 * Send a message.  Returns as soon as it is queued; waits only while more than
 * DBK_RPC_QUEUE_MARK_BYTES are queued already.  So several messages can be in flight.
 * *OUT_OPEN is false, and nothing was sent, if the server has ended the call:
 * channel_stream_recv() tells why.
 */
enum dbk_err channel_stream_send(struct channel_stream *stream, struct dbk_str message,
				 bool *out_open,
				 struct dbk_error *error) DBK_MUST_CHECK;

/* Nothing more will be sent. */
void channel_stream_half_close(struct channel_stream *stream);

enum channel_event {
	CHANNEL_MESSAGE, /* a message is in the buffer */
	CHANNEL_ENDED,	 /* the call is over; see channel_stream_status() */
	CHANNEL_NOTHING	 /* the wait was over first */
};

/*
 * Wait up to WAIT_NS (0: only look; CHANNEL_NO_TIMEOUT: for ever) for the next message
 * and put it into MESSAGE, which is reset first.  What was sent goes out meanwhile.
 */
enum dbk_err channel_stream_recv(struct channel_stream *stream, int64_t wait_ns,
				 struct dbk_buf *message, enum channel_event *out_event,
				 struct dbk_error *error) DBK_MUST_CHECK;

/* How an ended call ended; borrowed until finish. */
const struct channel_status *channel_stream_status(const struct channel_stream *stream);

/* Cancel the call if it is not over, and free.  NULL is nothing. */
void channel_stream_finish(struct channel_stream *stream);

/* The socket, for a caller with a loop of its own; do not read or write it. */
int channel_fd(const struct channel *channel);

#endif
