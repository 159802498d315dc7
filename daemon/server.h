#ifndef DAYBOOKD_SERVER_H
#define DAYBOOKD_SERVER_H

/*
 * server.h -- the loop: listeners, connections, and the way of answers back to them.
 *
 * Thread: loop, except for the functions that say otherwise.
 */

#include <uv.h>

#include <daybook/error.h>

#include "job.h"
#include "log/log.h"
#include "projector.h"
#include "readers.h"
#include "rpc/health.h"
#include "rpc/reflection.h"
#include "writer.h"

struct conn;
struct gate;
struct tls_files;

#define SERVER_LISTENERS_MAX 16

struct server;

struct listener {
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	};
	struct server *server;
	bool tls;
};

/* What the loop owns.  Zeroed before server_open(). */
struct server {
	uv_loop_t loop;
	uv_async_t wake;
	uv_timer_t tick;
	uv_signal_t term, interrupt, hangup;
	uv_check_t turn;
	struct listener listeners[SERVER_LISTENERS_MAX];
	unsigned n_listeners;
	char listening[1024]; /* their addresses, for the start-up line */
	bool stopping;
	bool drained; /* the handles of the loop itself are closing */
	unsigned ticks;

	struct conn *conns; /* all that live */
	unsigned n_conns;
	unsigned n_handshakes; /* of TLS, under way */
	unsigned turned_away;  /* within this second */
	unsigned jobs_out;     /* of all connections, in other threads' hands */
	unsigned rebuilds;     /* threads that build a view anew */
	struct conn *dirty;    /* those with something to write */

	struct tls_files *tls_files; /* NULL: there is no certificate */
	struct dbk_buf plain;	     /* what TLS has opened of one read */

	/* Where work goes. */
	struct dbk_log *log;
	struct projector *projector;
	struct writer *writer;
	struct readers *readers;
	struct gate *gate;
	struct dbk_health health;
	struct dbk_health_service health_services[2];
	struct dbk_reflection *reflection;

	/* Under ANSWERS_LOCK: what came back. */
	uv_mutex_t answers_lock;
	struct job *answers_first, *answers_last;
	uint64_t log_size; /* as the writer told last */
	uint64_t told_size;

	unsigned char read_bytes[256 * 1024]; /* one read at a time needs one buffer */
};

DBK_MUST_CHECK enum dbk_err server_open(struct server *server, struct dbk_error *error);

/* Listen at ADDRESS: unix:PATH, HOST:PORT or [HOST]:PORT, the latter two with "tls:"
 * before them or not.  In cleartext only Unix sockets and loopback addresses are spoken
 * with; everything else is TLS, for which TLS_FILES must be there.  A Unix socket that
 * nobody answers at is taken over. */
DBK_MUST_CHECK enum dbk_err server_listen(struct server *server, const char *address,
					  struct dbk_error *error);

/* The same with a socket that the supervisor has bound. */
struct supervisor_socket;
DBK_MUST_CHECK enum dbk_err server_listen_handed(struct server *server,
						 const struct supervisor_socket *handed,
						 struct dbk_error *error);

/* From here on SIGTERM and SIGINT end server_run(); before, they end the process, so
 * that a long replay can be broken off. */
void server_take_signals(struct server *server);

/* Serve until SIGTERM or SIGINT; then let calls under way end. */
void server_run(struct server *server);

/* Wait for jobs that are still out, then free what is left.  Readers and writer have
 * stopped. */
void server_close(struct server *server);

/* JOBS, a list, are answered.  Any thread; a writer_listener and readers_answered. */
void server_answered(void *server, struct job *jobs);

/* The log has grown.  Writer. */
void server_grown(void *server, uint64_t size);

/* A connection has something to write before the loop sleeps. */
void server_mark_dirty(struct server *server, struct conn *conn);

#endif
