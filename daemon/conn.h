#ifndef DAYBOOKD_CONN_H
#define DAYBOOKD_CONN_H

/*
 * conn.h -- one connection: a socket on one side, an HTTP/2 session on the other, and
 * TLS between them or not.
 *
 * Bytes read are fed to the session at once; bytes to write are taken from it when the
 * loop has done everything else, so that the answers of one group leave in few writes.
 * Back-pressure is HTTP/2's: what calls hold is not given back until it is answered.
 *
 * A connection's memory lives until its socket is closed and every job of it has come
 * back.
 *
 * Thread: loop.
 */

#include <uv.h>

#include "job.h"
#include "peer.h"
#include "rpc/h2server.h"
#include "rpc/tls.h"
#include "server.h"

struct call;

struct conn {
	struct server *server;
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} socket;
	uv_write_t write;
	size_t write_bytes; /* under way */
	bool writing, closing, closed, dirty;
	bool ending;	     /* nothing is taken any more, but what is to say is said */
	bool lingering;	     /* all is said; wait for the other side to hang up */
	size_t dropped;	     /* bytes that came meanwhile */
	bool shaking;	     /* the handshake of TLS is under way */
	bool farewell;	     /* TLS has said goodbye */
	struct dbk_tls *tls; /* NULL: in cleartext */
	struct dbk_h2server *h2;

	/* Who is at the other end, as the connection itself tells: "192.0.2.7:4711",
	 * "[2001:db8::7]:4711", "unix". */
	char peer[64];
	struct peer_address address; /* of TCP */
	bool is_local;		     /* of this machine */
	bool is_unix;
	uint32_t peer_uid; /* of a Unix peer; UINT32_MAX if the system does not say */
	bool has_certificate; /* shown and verified, by its SHA-256 */
	unsigned char certificate[32];

	/* Who it was that called last; the gate's.  NULL: nobody yet. */
	struct asker *asker;
	uint64_t asker_version;
	bool asker_by_token;
	bool shown_good; /* its last token was good: failures of others are not its own */

	bool let_in;	  /* a call that is not of health was */
	unsigned seconds; /* that it waits for that */

	unsigned jobs;	    /* in other threads' hands */
	struct call *calls; /* under way */
	struct conn *next, *previous, *next_dirty;
};

void conn_accept(struct listener *listener);

/* A second has passed.  False: CONN was closed, for it kept us waiting too long. */
bool conn_tick(struct conn *conn);

/* Tell the operator how many were not let in within this second. */
void conn_tell_turned_away(struct server *server);

/* Write what the session has; called by the loop for dirty ones. */
void conn_flush(struct conn *conn);

/* No new calls; close when the last is over. */
void conn_shutdown(struct conn *conn);

/* Close now. */
void conn_close(struct conn *conn);

/* A job of CONN has come back: frees the connection if it was the last thing. */
void conn_job_back(struct conn *conn);

#endif
