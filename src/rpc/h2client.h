#ifndef DBK_RPC_H2CLIENT_H
#define DBK_RPC_H2CLIENT_H

/*
 * h2client.h -- the client's end of one connection, in the style of h2server.h: bytes
 * in, bytes out, no socket, no thread, no clock.  For the command line tool, the bench
 * and the tests.
 *
 *	dbk_h2client_start()  (send)*  half_close   ...  message*  closed
 *
 * closed comes exactly once for every call; the call is gone when it returns.  Inside
 * handlers everything may be called except feed, output, output_done and close.
 *
 * Thread: a session belongs to one thread at a time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/str.h"
#include "rpc/grpc_status.h"

struct dbk_h2client;
struct dbk_h2client_call;

/* A metadata entry: lower-case name; value printable, or base64 for names in -bin. */
struct dbk_h2client_header {
	struct dbk_str name;
	struct dbk_str value;
};

/* dbk_h2client_request.timeout_ns: no grpc-timeout is sent. */
#define DBK_H2CLIENT_NO_TIMEOUT ((int64_t)-1)

/* Metadata entries of one call beside those of the protocol. */
#define DBK_H2CLIENT_HEADERS_MAX 16

struct dbk_h2client_request {
	struct dbk_str path;	      /* "/daybook.v1.Daybook/Append" */
	struct dbk_str authorization; /* "Bearer ..."; empty: not sent */
	int64_t timeout_ns;	      /* DBK_H2CLIENT_NO_TIMEOUT: not sent */
	const struct dbk_h2client_header *headers;
	size_t header_count;
};

struct dbk_h2client_handlers {
	/*
	 * One whole message.  BYTES is borrowed for the time of the handler; SIZE is
	 * held against the server's window until dbk_h2client_consume().
	 */
	void (*message)(void *context, struct dbk_h2client_call *call,
			const void *bytes, size_t size);

	/* The queue has fallen below DBK_RPC_QUEUE_MARK_BYTES; see h2server.h. */
	void (*writable)(void *context, struct dbk_h2client_call *call);

	/*
	 * The call ended with STATUS, borrowed.  A connection that was lost or closed
	 * gives UNAVAILABLE, a dbk_h2client_cancel() CANCELLED.
	 */
	void (*closed)(void *context, struct dbk_h2client_call *call,
		       const struct dbk_grpc_status *status);
};

/*
 * Make a session with preface and SETTINGS waiting as output.  HANDLERS is borrowed for
 * its life; AUTHORITY ("localhost") is copied.  DBK_FAILED_MEMORY, DBK_FAILED_LIMIT if
 * AUTHORITY is above 255 bytes.
 */
enum dbk_err dbk_h2client_open(const struct dbk_h2client_handlers *handlers,
			       void *context, struct dbk_str authority,
			       struct dbk_h2client **out_client) DBK_MUST_CHECK;

/* The bytes travel over TLS: calls say so (":scheme" is "https"). */
void dbk_h2client_set_secure(struct dbk_h2client *client);

/* Calls closed(UNAVAILABLE) for every call that lives, then frees.  NULL is nothing. */
void dbk_h2client_close(struct dbk_h2client *client);

/* ------------------------------------------- bytes; contracts as in h2server.h */

enum dbk_err dbk_h2client_feed(struct dbk_h2client *client, const void *bytes,
			       size_t size) DBK_MUST_CHECK;
bool dbk_h2client_has_output(const struct dbk_h2client *client);
size_t dbk_h2client_output(struct dbk_h2client *client,
			   const unsigned char **out_bytes);
void dbk_h2client_output_done(struct dbk_h2client *client, size_t size);
bool dbk_h2client_is_done(const struct dbk_h2client *client);

/* ------------------------------------------------------------------------- calls */

/*
 * Begin a call; REQUEST is copied.  With more calls than the server allows at once it
 * waits for its turn.
 *
 *	DBK_FAILED_STATE   the connection takes no more calls (GOAWAY, fatal error,
 *	                   ids used up)
 *	DBK_FAILED_LIMIT   more than DBK_H2CLIENT_HEADERS_MAX headers
 *	DBK_FAILED_MEMORY
 */
enum dbk_err dbk_h2client_start(struct dbk_h2client *client,
				const struct dbk_h2client_request *request, void *user,
				struct dbk_h2client_call **out_call) DBK_MUST_CHECK;

/* The owner's pointer; may be replaced, for example by NULL when the owner leaves. */
void dbk_h2client_set_user(struct dbk_h2client_call *call, void *user);
void *dbk_h2client_user(const struct dbk_h2client_call *call);

/* Queue a copy of a message.  Failures as of dbk_h2server_send(). */
enum dbk_err dbk_h2client_send(struct dbk_h2client_call *call, const void *bytes,
			       size_t size) DBK_MUST_CHECK;

size_t dbk_h2client_queued(const struct dbk_h2client_call *call);

/* No more messages will be sent.  Again: nothing. */
void dbk_h2client_half_close(struct dbk_h2client_call *call);

/*
 * SIZE bytes of received messages may be sent again by the server.  What is held when
 * closed returns is given back by itself.
 */
void dbk_h2client_consume(struct dbk_h2client_call *call, size_t size);

/* Reset the call; closed(CANCELLED) follows from output, unless it ended before. */
void dbk_h2client_cancel(struct dbk_h2client_call *call);

size_t dbk_h2client_calls(const struct dbk_h2client *client);

/* Say goodbye: GOAWAY with NO_ERROR; calls under way are lost. */
void dbk_h2client_abort(struct dbk_h2client *client);

#endif
