#ifndef TOOLS_SESSION_H
#define TOOLS_SESSION_H

/*
 * session.h -- one verb's connection to the daemon, in messages instead of bytes.
 *
 * Whatever goes wrong is said on stderr once, here; callers pass the exit code on.
 *
 * Thread: belongs to one thread.
 */

#include <stdbool.h>
#include <stddef.h>

#include <protobuf-c/protobuf-c.h>

#include "channel.h"
#include "cli.h"
#include "diag.h"

struct session;

/* "unix:/var/lib/daybook/daybook.sock" and a terminator. */
#define SESSION_ADDRESS_BYTES 512

/*
 * Where the daemon is: --server, else the socket in --data, else $DAYBOOK_SERVER, else
 * the socket in $DAYBOOK_DATA, else the one in ./data.  DBK_FAILED_LIMIT if the address
 * is too long.
 */
enum dbk_err session_address(const struct cli_common *common,
			     char out[SESSION_ADDRESS_BYTES],
			     struct dbk_error *error) DBK_MUST_CHECK;

/* Connect.  EXIT_OK and *OUT, or what to exit with. */
int session_open(const struct cli_common *common, struct session **out);

/* NULL is nothing. */
void session_close(struct session *session);

/*
 * Ask METHOD ("GetStatus") of the service; the reply is of DESCRIPTOR and is given back
 * with protobuf_c_message_free_unpacked(reply, NULL).
 */
int session_call(struct session *session, const char *method,
		 const ProtobufCMessage *request,
		 const ProtobufCMessageDescriptor *descriptor,
		 ProtobufCMessage **out_reply);

/* The same, but that what is asked for does not exist is no news: *OUT_UNKNOWN is then
 * true, the code EXIT_NOT_FOUND, and nothing is said. */
int session_ask(struct session *session, const char *method,
		const ProtobufCMessage *request,
		const ProtobufCMessageDescriptor *descriptor,
		ProtobufCMessage **out_reply, bool *out_unknown);

/* The same with a connection of its own. */
int session_call_alone(const struct cli_common *common, const char *method,
		       const ProtobufCMessage *request,
		       const ProtobufCMessageDescriptor *descriptor,
		       ProtobufCMessage **out_reply);

/* A stream of replies to one request. */
int session_stream(struct session *session, const char *method,
		   const ProtobufCMessage *request, struct channel_stream **out_stream);

/*
 * The next message of STREAM.  EXIT_OK with *OUT_REPLY NULL: the stream has ended well,
 * or, if WAIT_NS is not CHANNEL_NO_TIMEOUT, nothing came in that time and *OUT_ENDED is
 * false.
 */
int session_next(struct channel_stream *stream, int64_t wait_ns,
		 const ProtobufCMessageDescriptor *descriptor,
		 ProtobufCMessage **out_reply, bool *out_ended);

/* The status that a stream or call ended with, for diag_status(); borrows STATUS. */
struct dbk_grpc_status session_status(const struct channel_status *status);

/* The options of a channel as COMMON asks for them, and else the environment:
 * $DAYBOOK_TOKEN, $DAYBOOK_TOKEN_FILE, $DAYBOOK_CA. */
struct channel_options session_options(const struct cli_common *common);

/* MESSAGE serialized behind what OUT holds. */
void session_pack(const ProtobufCMessage *message, struct dbk_buf *out);

/* "/daybook.v1.Daybook/METHOD" */
#define SESSION_PATH_BYTES 96
void session_path(const char *method, char out[SESSION_PATH_BYTES]);

#endif
