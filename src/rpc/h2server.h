#ifndef DBK_RPC_H2SERVER_H
#define DBK_RPC_H2SERVER_H

/*
 * h2server.h -- the server's end of one connection: HTTP/2 and gRPC framing, bytes in
 * and bytes out.  It owns no socket, no thread and no clock.
 *
 * The owner moves bytes:
 *
 *	read from the socket  ->  dbk_h2server_feed()  ->  handlers are called
 *	dbk_h2server_output() ->  write to the socket  ->  dbk_h2server_output_done()
 *
 * and asks after each of them dbk_h2server_is_done() whether to close the socket.
 *
 * The life of a call, as its handlers see it:
 *
 *	call_started  (message)*  [half_closed]  ...  closed
 *
 * closed comes exactly once for every call whose call_started returned true, whatever
 * happened; it is the last one, and the place to let go of the user pointer.
 *
 * Inside every handler each dbk_h2server_* function may be called except feed, output,
 * output_done and close.
 *
 * Work that goes to another thread keeps dbk_h2server_id() and the size of the message,
 * not the call: when the answer is there, dbk_h2server_find() says whether the call
 * still lives.
 *
 * Memory: if an allocation is refused the session is lost; feed and output report
 * DBK_FAILED_MEMORY from then on.
 *
 * Thread: a session belongs to one thread at a time.
 *
 * Source: RFC 9113; gRPC over HTTP/2; limits in daybook/limits.h (DBK_RPC_*).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/str.h"
#include "rpc/grpc_status.h"

struct dbk_h2server;

/* A call in progress.  Valid from call_started until closed returns. */
struct dbk_h2server_call;

/* dbk_h2server_request.timeout_ns: the client sent no grpc-timeout. */
#define DBK_H2SERVER_NO_TIMEOUT ((int64_t)-1)

/* What the headers of a call say.  Borrowed for the time of call_started. */
struct dbk_h2server_request {
	struct dbk_str path;	      /* "/daybook.v1.Daybook/Append" */
	struct dbk_str authorization; /* the header as sent; empty if there is none */
	int64_t timeout_ns; /* from now; 0 has passed; DBK_H2SERVER_NO_TIMEOUT */
};

struct dbk_h2server_handlers {
	/*
	 * A well-formed gRPC request began.  True: the call is taken (it may be
	 * finished at once).  False: there is no such method; the session answers
	 * UNIMPLEMENTED, and no other handler is called for it.
	 */
	bool (*call_started)(void *context, struct dbk_h2server_call *call,
			     const struct dbk_h2server_request *request);

	/*
	 * One whole message, without its frame.  BYTES is borrowed for the time of
	 * the handler.  SIZE bytes (0 too) are held against the client's windows
	 * until dbk_h2server_consume() gives them back.  Not called any more once
	 * the call is finished.
	 */
	void (*message)(void *context, struct dbk_h2server_call *call,
			const void *bytes, size_t size);

	/* The client will send no more messages.  At most once. */
	void (*half_closed)(void *context, struct dbk_h2server_call *call);

	/*
	 * The queue of the call has fallen below DBK_RPC_QUEUE_MARK_BYTES after a
	 * send had left it at or above the mark.
	 */
	void (*writable)(void *context, struct dbk_h2server_call *call);

	/*
	 * The call is over.  CANCELLED: the client reset it, the connection was lost,
	 * or the session was closed before the status was handed out as output.
	 */
	void (*closed)(void *context, struct dbk_h2server_call *call, bool cancelled);
};

/*
 * Make a session with its SETTINGS waiting as output.  HANDLERS is borrowed for the
 * life of the session (static memory); CONTEXT goes to every handler.
 * DBK_FAILED_MEMORY.
 */
enum dbk_err dbk_h2server_open(const struct dbk_h2server_handlers *handlers,
			       void *context,
			       struct dbk_h2server **out_server) DBK_MUST_CHECK;

/* Calls closed(cancelled) for every call that lives, then frees.  NULL is nothing. */
void dbk_h2server_close(struct dbk_h2server *server);

/* ------------------------------------------------------------------------- bytes */

/*
 * Take SIZE bytes from the client; all of them, always.
 *
 * What breaks the rules of HTTP/2 is answered with RST_STREAM or GOAWAY, still with
 * DBK_OK; is_done() becomes true when the GOAWAY is written.  DBK_FAILED_INPUT (now and
 * ever after): this is not HTTP/2, or a flood; write what is still output, then close.
 * DBK_FAILED_MEMORY: close.
 */
enum dbk_err dbk_h2server_feed(struct dbk_h2server *server, const void *bytes,
			       size_t size) DBK_MUST_CHECK;

/* Something is waiting to be written, as far as flow control lets it.  Cheap. */
bool dbk_h2server_has_output(const struct dbk_h2server *server);

/*
 * Point *OUT_BYTES at bytes for the socket and return how many; 0 if there are none.
 * Fills up to about DBK_RPC_OUTPUT_BYTES at a time, so call it until it gives 0.
 *
 * The bytes stay where they are until output_done or the next output: feed, send,
 * finish and the others do not touch them, so an asynchronous write may be under way
 * meanwhile.
 *
 * May call writable and closed.
 */
size_t dbk_h2server_output(struct dbk_h2server *server,
			   const unsigned char **out_bytes);

/* The first SIZE bytes of the output have been written; SIZE <= what it returned. */
void dbk_h2server_output_done(struct dbk_h2server *server, size_t size);

/*
 * Nothing is left to read or write: close the socket.  So after a GOAWAY of either
 * side once its calls are over, after a fatal error once its output is written.
 */
bool dbk_h2server_is_done(const struct dbk_h2server *server);

/* ------------------------------------------------------------------------- calls */

/* The number of the call within its connection; never used again there. */
int32_t dbk_h2server_id(const struct dbk_h2server_call *call);

/* The call with this id, or NULL if it is over. */
struct dbk_h2server_call *dbk_h2server_find(struct dbk_h2server *server, int32_t id);

struct dbk_h2server *dbk_h2server_of(const struct dbk_h2server_call *call);

/* A pointer of the owner's, NULL at first; the session never looks behind it. */
void dbk_h2server_set_user(struct dbk_h2server_call *call, void *user);
void *dbk_h2server_user(const struct dbk_h2server_call *call);

/*
 * Put a copy of the message BYTES into the call's queue.
 *
 *	DBK_FAILED_LIMIT   the message is above DBK_MESSAGE_BYTES_MAX, or the queue
 *	                   would go above DBK_RPC_QUEUE_BYTES_MAX, or all queues of
 *	                   the connection above DBK_RPC_QUEUES_BYTES_MAX: the client
 *	                   does not read.  Nothing was queued
 *	DBK_FAILED_STATE   the call is finished
 *	DBK_FAILED_MEMORY  nothing was queued
 */
enum dbk_err dbk_h2server_send(struct dbk_h2server_call *call, const void *bytes,
			       size_t size) DBK_MUST_CHECK;

/*
 * Bytes in the queue of the call, frames counted.  Who streams stops sending when this
 * is at or above DBK_RPC_QUEUE_MARK_BYTES, and goes on in writable.
 */
size_t dbk_h2server_queued(const struct dbk_h2server_call *call);

/* The sum over all calls of the connection. */
size_t dbk_h2server_queued_all(const struct dbk_h2server *server);

/*
 * End the call with STATUS, after everything queued.  Without a message sent this is a
 * "trailers-only" answer.  If the client has not half-closed it is told to stop
 * (RST_STREAM with NO_ERROR), and what it still sends is dropped.  A second finish of
 * the same call does nothing.  STATUS is copied.
 */
void dbk_h2server_finish(struct dbk_h2server_call *call,
			 const struct dbk_grpc_status *status);

/* finish with a code and a text only; TEXT may be NULL. */
void dbk_h2server_finish_text(struct dbk_h2server_call *call, enum dbk_grpc_code code,
			      const char *text);

bool dbk_h2server_is_finished(const struct dbk_h2server_call *call);

/* The code that a finished call was ended with; CANCELLED for one that is not. */
enum dbk_grpc_code dbk_h2server_code(const struct dbk_h2server_call *call);

/*
 * SIZE bytes of the messages that came on call ID are no longer held: the client may
 * send as many again.  Give back every message's size once, whether its call still
 * lives or not; that is what makes a slow writer slow its clients down.  More than is
 * held is a bug (asserted).
 */
void dbk_h2server_consume(struct dbk_h2server *server, int32_t id, size_t size);

/* Calls whose closed is still to come. */
size_t dbk_h2server_calls(const struct dbk_h2server *server);

/* -------------------------------------------------------------------- connection */

/*
 * End the connection gracefully: GOAWAY, no new calls after one round trip, those under
 * way go on; is_done() becomes true after the last.  Again: nothing.
 */
void dbk_h2server_shutdown(struct dbk_h2server *server);

/* GOAWAY with NO_ERROR now; calls under way are lost. */
void dbk_h2server_abort(struct dbk_h2server *server);

/*
 * Some time has passed: about a second, the owner decides.  Refills what floods of
 * control frames and of resets are measured by (DBK_RPC_CONTROL_FRAMES_MAX,
 * DBK_RPC_RESETS_MAX); who exceeds it gets GOAWAY with ENHANCE_YOUR_CALM.
 */
void dbk_h2server_tick(struct dbk_h2server *server);

/*
 * A second has passed.  A call whose message has begun and has brought less than
 * DBK_RPC_MESSAGE_BYTES_PER_SECOND for DBK_RPC_MESSAGE_SECONDS, in which it might have
 * sent, ends with DEADLINE_EXCEEDED.  With KEEPALIVE a client that sends nothing gets a
 * PING after DBK_RPC_IDLE_SECONDS.
 *
 * False: close the connection now.  The client has not said hello (preface and
 * SETTINGS), nor ended a block of headers, within DBK_RPC_HELLO_SECONDS, or has not
 * answered a PING within DBK_RPC_PING_SECONDS.
 */
bool dbk_h2server_wait(struct dbk_h2server *server, bool keepalive);

#endif
