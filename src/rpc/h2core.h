#ifndef DBK_RPC_H2CORE_H
#define DBK_RPC_H2CORE_H

/*
 * h2core.h -- what both ends of a connection have in common: the nghttp2 session, bytes
 * in and out, the queue and the framing of each call, flow control, the pool of calls.
 * Private to h2server and h2client, which put these structs first in their own.
 *
 * Source: RFC 9113; the programmers' guide of nghttp2.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nghttp2/nghttp2.h>

#include <daybook/error.h>

#include "base/buf.h"
#include "rpc/credit.h"
#include "rpc/framing.h"
#include "rpc/grpc_status.h"

struct dbk_h2core;

struct dbk_h2core_call {
	struct dbk_h2core *core;
	struct dbk_h2core_call *previous; /* among the living */
	struct dbk_h2core_call *next;	  /* among the living, or in the pool */
	int32_t id;
	bool ended;	   /* nothing will be queued any more */
	bool deferred;	   /* nghttp2 waits for dbk_h2core_resume() */
	bool above_mark;   /* owed a writable */
	bool deaf;	   /* what still comes is dropped */
	size_t assembling; /* declared size of the unfinished message, if counted */
	struct dbk_framing framing;
	struct dbk_credit credit;
	struct dbk_buf queue; /* framed messages; sent up to queue_head */
	size_t queue_head;
};

/* What the two ends do differently. */
struct dbk_h2core_hooks {
	size_t call_bytes; /* size of the struct around dbk_h2core_call */

	void (*message)(struct dbk_h2core_call *call, struct dbk_str message);

	/* The peer's messages are no use any more; CODE and TEXT say why. */
	void (*broken)(struct dbk_h2core_call *call, enum dbk_grpc_code code,
		       const char *text);

	void (*writable)(struct dbk_h2core_call *call);

	/* The queue of an ended call is going out.  Returns NGHTTP2_DATA_FLAG_*. */
	uint32_t (*drained)(struct dbk_h2core_call *call);

	/* A call in the pool will never be used again: free what it owns. */
	void (*call_fini)(struct dbk_h2core_call *call);
};

struct dbk_h2core {
	nghttp2_session *session;
	const struct dbk_h2core_hooks *hooks;
	enum dbk_err failed; /* sticky */
	struct dbk_buf out;  /* waiting for the socket from out_head on */
	size_t out_head;
	struct dbk_h2core_call *calls;
	struct dbk_h2core_call *pool;
	size_t call_count;
	size_t queued;	   /* bytes in all queues */
	size_t assembling; /* sum over calls */
	bool crossed;	   /* some queue fell below the mark */
	struct dbk_credit_session credit;
};

/*
 * Fill what does not need the session.  The owner then makes the session with
 * callbacks of dbk_h2core_callbacks() and its own, and with dbk_h2core_option().
 */
void dbk_h2core_init(struct dbk_h2core *core, const struct dbk_h2core_hooks *hooks);

/* The living calls are gone already.  Zeroed is fine. */
void dbk_h2core_fini(struct dbk_h2core *core);

/* New callbacks that send DATA; user data of the session is the core.  NULL: memory. */
nghttp2_session_callbacks *dbk_h2core_callbacks(void);

/* New options common to both ends.  NULL: memory. */
nghttp2_option *dbk_h2core_option(void);

/* Windows and frame sizes of limits.h; MORE entries are put behind them.  */
enum dbk_err dbk_h2core_submit_settings(struct dbk_h2core *core,
					const nghttp2_settings_entry *more,
					size_t more_count) DBK_MUST_CHECK;

/* ------------------------------------------------- contracts as in h2server.h */

enum dbk_err dbk_h2core_feed(struct dbk_h2core *core, const void *bytes,
			     size_t size) DBK_MUST_CHECK;
bool dbk_h2core_has_output(const struct dbk_h2core *core);
size_t dbk_h2core_output(struct dbk_h2core *core, const unsigned char **out_bytes);
void dbk_h2core_output_done(struct dbk_h2core *core, size_t size);
bool dbk_h2core_is_done(const struct dbk_h2core *core);

/* ------------------------------------------------------------------------- calls */

/* A living call from the pool or the heap; its core members are zeroed.  NULL: memory.
 */
struct dbk_h2core_call *dbk_h2core_call_new(struct dbk_h2core *core);

/* Settle its accounts and put it into the pool. */
void dbk_h2core_call_delete(struct dbk_h2core_call *call);

/* Where nghttp2 gets the DATA of CALL. */
nghttp2_data_provider dbk_h2core_provider(struct dbk_h2core_call *call);

/* Queue a message; failures as of dbk_h2server_send(). */
enum dbk_err dbk_h2core_send(struct dbk_h2core_call *call, const void *bytes,
			     size_t size) DBK_MUST_CHECK;

size_t dbk_h2core_queued(const struct dbk_h2core_call *call);

/* There is something new to send: bytes, or the end. */
void dbk_h2core_resume(struct dbk_h2core_call *call);

/* DATA came in. */
void dbk_h2core_receive(struct dbk_h2core_call *call, const void *bytes, size_t size);

/* Hear no more messages on CALL. */
void dbk_h2core_deafen(struct dbk_h2core_call *call);

/* SIZE bytes of messages of CALL, NULL if it is over, are not held any more. */
void dbk_h2core_consume(struct dbk_h2core *core, struct dbk_h2core_call *call,
			size_t size);

/* Note the result of a function of nghttp2; negative ones lose the session. */
void dbk_h2core_note(struct dbk_h2core *core, int result);

#endif
