#include "conn.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "calls.h"
#include "diag.h"

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
	uv_close(&conn->socket.handle, on_closed);
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
	dbk_h2server_output_done(conn->h2, conn->write_bytes);
	conn_flush(conn);
}

/* Write SIZE bytes, now as far as the socket takes them.  False if the rest is under way
 * or the connection is lost. */
static bool
write_some(struct conn *conn, const unsigned char *bytes, size_t size)
{
	uv_buf_t buf = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)size);
	int done = uv_try_write(&conn->socket.stream, &buf, 1);

	if (done == (int)size) {
		dbk_h2server_output_done(conn->h2, size);
		return true;
	}
	if (done < 0 && done != UV_EAGAIN) {
		conn_close(conn);
		return false;
	}
	done = done < 0 ? 0 : done;
	buf = uv_buf_init((char *)(uintptr_t)bytes + done, (unsigned)size - (unsigned)done);
	conn->write.data = conn;
	conn->write_bytes = size;
	if (uv_write(&conn->write, &conn->socket.stream, &buf, 1, on_written) != 0) {
		conn_close(conn);
		return false;
	}
	conn->writing = true;
	return false;
}

void
conn_flush(struct conn *conn)
{
	const unsigned char *bytes;
	size_t size;

	if (conn->closing || conn->writing)
		return;
	while ((size = dbk_h2server_output(conn->h2, &bytes)) > 0)
		if (!write_some(conn, bytes, size))
			return;
	if (dbk_h2server_is_done(conn->h2))
		conn_close(conn);
}

static void
on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct conn *conn = handle->data;

	(void)suggested;
	*out = uv_buf_init((char *)conn->server->read_bytes,
			   sizeof conn->server->read_bytes);
}

static void
on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buf)
{
	struct conn *conn = stream->data;

	if (size == 0 || conn->closing)
		return;
	if (size < 0) {
		conn_close(conn);
		return;
	}
	/* What breaks the connection has put its farewell into the output. */
	if (dbk_h2server_feed(conn->h2, buf->base, (size_t)size) == DBK_FAILED_MEMORY) {
		conn_close(conn);
		return;
	}
	server_mark_dirty(conn->server, conn);
}

void
conn_shutdown(struct conn *conn)
{
	if (conn->closing)
		return;
	dbk_h2server_shutdown(conn->h2);
	server_mark_dirty(conn->server, conn);
}

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

/* "192.0.2.7:4711" */
static void
note_tcp_peer(struct conn *conn)
{
	struct sockaddr_storage address = { 0 };
	const struct sockaddr *is = (const struct sockaddr *)&address;
	int size = sizeof address;
	char host[INET6_ADDRSTRLEN] = "";
	unsigned port;

	if (uv_tcp_getpeername(&conn->socket.tcp, (struct sockaddr *)&address, &size) !=
		0 ||
	    uv_ip_name(is, host, sizeof host) != 0) {
		(void)snprintf(conn->peer, sizeof conn->peer, "unknown");
		return;
	}
	if (address.ss_family == AF_INET6)
		port = ((const struct sockaddr_in6 *)(const void *)is)->sin6_port;
	else
		port = ((const struct sockaddr_in *)(const void *)is)->sin_port;
	(void)snprintf(conn->peer, sizeof conn->peer,
		       address.ss_family == AF_INET6 ? "[%s]:%u" : "%s:%u", host,
		       ntohs((uint16_t)port));
}

static void
note_unix_peer(struct conn *conn)
{
	struct ucred peer;
	socklen_t size = sizeof peer;
	uv_os_fd_t fd;

	conn->is_unix = true;
	conn->peer_uid = UINT32_MAX;
	(void)snprintf(conn->peer, sizeof conn->peer, "unix");
	if (uv_fileno(&conn->socket.handle, &fd) == 0 &&
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0)
		conn->peer_uid = peer.uid;
}

void
conn_accept(struct server *server, uv_stream_t *listener)
{
	bool tcp = ((uv_handle_t *)listener)->type == UV_TCP;
	struct conn *conn = conn_make(server, tcp);

	if (conn == NULL) {
		diag_warn("no memory for a connection");
		return;
	}
	if (uv_accept(listener, &conn->socket.stream) != 0 ||
	    server->n_conns > DBK_CONNECTIONS_MAX || server->stopping) {
		conn_close(conn);
		return;
	}
	if (tcp) {
		(void)uv_tcp_nodelay(&conn->socket.tcp, 1);
		note_tcp_peer(conn);
	} else {
		note_unix_peer(conn);
	}
	if (uv_read_start(&conn->socket.stream, on_alloc, on_read) != 0)
		conn_close(conn);
	else
		server_mark_dirty(server, conn);
}
