#include "conn.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "calls.h"
#include "diag.h"
#include "tls_files.h"

/* Lines within a second about who was not let in; the rest is counted. */
#define COMPLAINTS_MAX 5

/* What is dropped of one that is not let in, before it is hung up on. */
#define DROPPED_MAX ((size_t)64 * 1024)

static void
conn_free_if_idle(struct conn *conn)
{
	if (conn->closed && conn->jobs == 0) {
		asker_release(conn->asker);
		free(conn);
	}
}

void
conn_job_back(struct conn *conn)
{
	dbk_assert(conn->jobs > 0);
	conn->jobs--;
	conn_free_if_idle(conn);
}

static void
unlink_dirty(struct conn *conn)
{
	struct conn **at = &conn->server->dirty;

	while (conn->dirty && *at != NULL) {
		if (*at == conn) {
			*at = conn->next_dirty;
			conn->dirty = false;
			return;
		}
		at = &(*at)->next_dirty;
	}
}

static void
on_closed(uv_handle_t *handle)
{
	struct conn *conn = handle->data;

	if (conn->previous != NULL)
		conn->previous->next = conn->next;
	else
		conn->server->conns = conn->next;
	if (conn->next != NULL)
		conn->next->previous = conn->previous;
	conn->server->n_conns--;
	conn->closed = true;
	conn_free_if_idle(conn);
}

static void
end_handshake(struct conn *conn)
{
	conn->server->n_handshakes -= conn->shaking;
	conn->shaking = false;
}

void
conn_close(struct conn *conn)
{
	if (conn->closing)
		return;
	conn->closing = true;
	unlink_dirty(conn);
	/* Ends every call, so that no answer finds one any more. */
	dbk_h2server_close(conn->h2);
	conn->h2 = NULL;
	dbk_tls_close(conn->tls);
	conn->tls = NULL;
	end_handshake(conn);
	uv_close(&conn->socket.handle, on_closed);
}

/* ------------------------------------------------------------------------ writing */

/* More is encrypted only when what was is written, so that nothing piles up. */
static size_t
encrypt(struct conn *conn, const unsigned char **out_bytes)
{
	size_t size = dbk_tls_output(conn->tls, out_bytes);
	const unsigned char *bytes;

	if (size > 0 || conn->ending || !dbk_tls_is_ready(conn->tls))
		return size;
	size = dbk_h2server_output(conn->h2, &bytes);
	if (size == 0)
		return 0;
	if (dbk_tls_write(conn->tls, bytes, size) != DBK_OK)
		conn->ending = true;
	dbk_h2server_output_done(conn->h2, size);
	return dbk_tls_output(conn->tls, out_bytes);
}

static size_t
next_output(struct conn *conn, const unsigned char **out_bytes)
{
	if (conn->tls != NULL)
		return encrypt(conn, out_bytes);
	return dbk_h2server_output(conn->h2, out_bytes);
}

static void
output_done(struct conn *conn, size_t size)
{
	if (conn->tls != NULL)
		dbk_tls_output_done(conn->tls, size);
	else
		dbk_h2server_output_done(conn->h2, size);
}

static void
on_written(uv_write_t *request, int status)
{
	struct conn *conn = request->data;

	conn->writing = false;
	if (conn->closing)
		return;
	if (status < 0) {
		conn_close(conn);
		return;
	}
	output_done(conn, conn->write_bytes);
	conn_flush(conn);
}

/* Write SIZE bytes, now as far as the socket takes them.  False if the rest is under
 * way or the connection is lost. */
static bool
write_some(struct conn *conn, const unsigned char *bytes, size_t size)
{
	uv_buf_t buf = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)size);
	int done = uv_try_write(&conn->socket.stream, &buf, 1);

	if (done == (int)size) {
		output_done(conn, size);
		return true;
	}
	if (done < 0 && done != UV_EAGAIN) {
		conn_close(conn);
		return false;
	}
	done = done < 0 ? 0 : done;
	buf = uv_buf_init((char *)(uintptr_t)bytes + done,
			  (unsigned)size - (unsigned)done);
	conn->write.data = conn;
	conn->write_bytes = size;
	if (uv_write(&conn->write, &conn->socket.stream, &buf, 1, on_written) != 0) {
		conn_close(conn);
		return false;
	}
	conn->writing = true;
	return false;
}

/* A socket that is closed with bytes unread is reset, and what was said last is lost
 * with it; so who is not let in has a second or two to hear why. */
static void
linger(struct conn *conn)
{
	uv_os_fd_t fd;

	if (conn->lingering)
		return;
	conn->lingering = true;
	if (uv_fileno(&conn->socket.handle, &fd) != 0 || shutdown(fd, SHUT_WR) != 0)
		conn_close(conn);
}

void
conn_flush(struct conn *conn)
{
	const unsigned char *bytes;
	size_t size;

	if (conn->closing || conn->writing)
		return;
	while ((size = next_output(conn, &bytes)) > 0)
		if (!write_some(conn, bytes, size))
			return;
	if (!conn->ending && !dbk_h2server_is_done(conn->h2))
		return;
	if (conn->tls != NULL && !conn->farewell) {
		conn->farewell = true;
		dbk_tls_shutdown(conn->tls);
		conn_flush(conn);
		return;
	}
	if (conn->ending)
		linger(conn);
	else
		conn_close(conn);
}

/* ------------------------------------------------------------------------ reading */

static void
on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct conn *conn = handle->data;

	(void)suggested;
	*out = uv_buf_init((char *)conn->server->read_bytes,
			   sizeof conn->server->read_bytes);
}

static void
turn_away(struct conn *conn, const char *why)
{
	if (conn->server->turned_away++ < COMPLAINTS_MAX)
		diag_info("%s was not let in: %s", conn->peer, why);
}

void
conn_tell_turned_away(struct server *server)
{
	if (server->turned_away > COMPLAINTS_MAX)
		diag_info("%u more were not let in within this second",
			  server->turned_away - COMPLAINTS_MAX);
	server->turned_away = 0;
}

/* What breaks the connection has put its farewell into the output. */
static void
feed_session(struct conn *conn, const void *bytes, size_t size)
{
	if (dbk_h2server_feed(conn->h2, bytes, size) == DBK_FAILED_MEMORY)
		conn_close(conn);
}

/* The certificate is known before the first call is. */
static void
note_ready(struct conn *conn)
{
	if (!conn->shaking || !dbk_tls_is_ready(conn->tls))
		return;
	end_handshake(conn);
	conn->has_certificate = dbk_tls_peer(conn->tls, conn->certificate);
}

static void
feed_tls(struct conn *conn, const void *bytes, size_t size)
{
	struct dbk_buf *plain = &conn->server->plain;
	struct dbk_error error = { 0 };
	enum dbk_err err;

	dbk_buf_reset(plain);
	err = dbk_tls_feed(conn->tls, bytes, size, plain, &error);
	note_ready(conn);
	if (plain->size > 0)
		feed_session(conn, plain->bytes, plain->size);
	if (conn->closing || err == DBK_OK) {
		if (!conn->closing && dbk_tls_is_closed(conn->tls))
			conn_close(conn);
		return;
	}
	turn_away(conn, error.text);
	conn->ending = true;
}

static void
on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buf)
{
	struct conn *conn = stream->data;

	if (size == 0 || conn->closing)
		return;
	conn->dropped += conn->ending && size > 0 ? (size_t)size : 0;
	if (size < 0 || conn->dropped > DROPPED_MAX) {
		conn_close(conn);
		return;
	}
	if (conn->ending)
		return;
	if (conn->tls != NULL)
		feed_tls(conn, buf->base, (size_t)size);
	else
		feed_session(conn, buf->base, (size_t)size);
	server_mark_dirty(conn->server, conn);
}

void
conn_shutdown(struct conn *conn)
{
	if (conn->closing)
		return;
	if (conn->shaking) {
		conn_close(conn);
		return;
	}
	dbk_h2server_shutdown(conn->h2);
	server_mark_dirty(conn->server, conn);
}

static bool
is_stranger_for_long(struct conn *conn)
{
	return !conn->is_local && !conn->let_in &&
	       ++conn->seconds > DBK_STRANGER_SECONDS_MAX;
}

bool
conn_tick(struct conn *conn)
{
	if (is_stranger_for_long(conn)) {
		turn_away(conn, "none of its calls was let in for a minute");
		conn_close(conn);
		return false;
	}
	if (!conn->lingering && dbk_h2server_wait(conn->h2, !conn->is_local))
		return true;
	conn_close(conn);
	return false;
}

/* -------------------------------------------------------------------- coming in */

static struct conn *
conn_make(struct server *server, bool tcp)
{
	struct conn *conn = calloc(1, sizeof *conn);

	if (conn == NULL)
		return NULL;
	conn->server = server;
	if (dbk_h2server_open(&calls_handlers, conn, &conn->h2) != DBK_OK) {
		free(conn);
		return NULL;
	}
	if (tcp)
		(void)uv_tcp_init(&server->loop, &conn->socket.tcp);
	else
		(void)uv_pipe_init(&server->loop, &conn->socket.pipe, 0);
	conn->socket.handle.data = conn;
	conn->next = server->conns;
	if (conn->next != NULL)
		conn->next->previous = conn;
	server->conns = conn;
	server->n_conns++;
	return conn;
}

/* One handshake more than may be under way: the oldest one makes room. */
static void
bound_handshakes(struct server *server)
{
	struct conn *oldest = NULL;

	if (server->n_handshakes <= DBK_HANDSHAKES_MAX)
		return;
	for (struct conn *conn = server->conns; conn != NULL; conn = conn->next)
		if (conn->shaking && !conn->closing)
			oldest = conn;
	if (oldest == NULL)
		return;
	turn_away(oldest, "others want to come in, and its TLS handshake is not over");
	conn_close(oldest);
}

static bool
open_tls(struct conn *conn)
{
	struct server *server = conn->server;
	struct dbk_error error = { 0 };

	if (dbk_tls_open(tls_files_context(server->tls_files), NULL, &conn->tls,
			 &error) != DBK_OK) {
		diag_warn("%s", error.text);
		return false;
	}
	conn->shaking = true;
	server->n_handshakes++;
	bound_handshakes(server);
	return true;
}

/* The socket is there; is it welcome? */
static bool
welcome(struct conn *conn, const struct listener *listener)
{
	if (conn->server->stopping)
		return false;
	if (conn->socket.handle.type == UV_TCP)
		(void)uv_tcp_nodelay(&conn->socket.tcp, 1);
	peer_note(conn);
	if (!peer_has_room(conn)) {
		turn_away(conn, "there are too many connections");
		return false;
	}
	return (!listener->tls || open_tls(conn)) &&
	       uv_read_start(&conn->socket.stream, on_alloc, on_read) == 0;
}

void
conn_accept(struct listener *listener)
{
	struct server *server = listener->server;
	struct conn *conn = conn_make(server, listener->handle.type == UV_TCP);

	if (conn == NULL) {
		diag_warn("no memory for a connection");
		return;
	}
	if (uv_accept(&listener->stream, &conn->socket.stream) != 0 ||
	    !welcome(conn, listener))
		conn_close(conn);
	else
		server_mark_dirty(server, conn);
}
