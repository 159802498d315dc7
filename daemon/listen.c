/*
 * listen.c -- addresses, and who may be listened to in cleartext.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "conn.h"
#include "diag.h"
#include "peer.h"
#include "server.h"
#include "supervisor.h"

#define BACKLOG 1024

static void
on_connection(uv_stream_t *stream, int status)
{
	if (status == 0)
		conn_accept(stream->data);
	else
		diag_warn("accept: %s", uv_strerror(status));
}

/* Is somebody answering at the Unix socket PATH? */
static bool
is_alive(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool alive;

	if (fd < 0)
		return false;
	(void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	alive = connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;
	(void)close(fd);
	return alive;
}

/* Remove what an earlier daemon left; anything else under that name is an error. */
static enum dbk_err
clear_path(const char *path, struct dbk_error *error)
{
	struct stat st;

	if (strlen(path) >= sizeof((struct sockaddr_un *)0)->sun_path)
		return dbk_error_set(error, DBK_FAILED_LIMIT,
				     "unix:%s: longer than the %zu bytes that a Unix "
				     "socket's name may have",
				     path,
				     sizeof((struct sockaddr_un *)0)->sun_path - 1);
	if (lstat(path, &st) != 0)
		return DBK_OK;
	if (!S_ISSOCK(st.st_mode))
		return dbk_error_set(error, DBK_FAILED_IO, "unix:%s: is not a socket",
				     path);
	if (is_alive(path))
		return dbk_error_set(error, DBK_FAILED_LOCKED,
				     "unix:%s: another program answers there", path);
	if (unlink(path) != 0)
		return dbk_error_set(error, DBK_FAILED_IO, "unix:%s: %s", path,
				     strerror(errno));
	return DBK_OK;
}

static void
note_listening(struct server *server, const char *scheme, const char *address)
{
	size_t used = strlen(server->listening);

	(void)snprintf(server->listening + used, sizeof server->listening - used,
		       " %s%s", scheme, address);
}

static enum dbk_err
listen_unix(struct server *server, const char *path, struct dbk_error *error)
{
	struct listener *listener = &server->listeners[server->n_listeners];
	uv_pipe_t *pipe = &listener->pipe;
	enum dbk_err err = clear_path(path, error);
	mode_t mask;
	int failed;

	if (err != DBK_OK)
		return err;
	(void)uv_pipe_init(&server->loop, pipe, 0);
	pipe->data = listener;
	server->n_listeners++;
	mask = umask(0077);
	failed = uv_pipe_bind(pipe, path);
	(void)umask(mask);
	if (failed == 0)
		failed = uv_listen((uv_stream_t *)pipe, BACKLOG, on_connection);
	if (failed != 0)
		return dbk_error_set(error, DBK_FAILED_IO, "unix:%s: %s", path,
				     uv_strerror(failed));
	note_listening(server, "unix:", path);
	return DBK_OK;
}

static bool
is_loopback(const struct sockaddr_storage *address)
{
	struct peer_address place;

	peer_address_of(address, &place);
	return peer_is_loopback(&place);
}

/* "127.0.0.1:7400", "[::1]:7400", "localhost:7400". */
static bool
parse_tcp(const char *text, struct sockaddr_storage *out)
{
	const char *colon = strrchr(text, ':');
	char host[64];
	size_t size;
	char *end;
	long port;

	if (colon == NULL || colon[1] == '\0')
		return false;
	port = strtol(colon + 1, &end, 10);
	size = (size_t)(colon - text);
	if (*end != '\0' || port < 0 || port > 65535 || size == 0 ||
	    size >= sizeof host)
		return false;
	if (text[0] == '[' && text[size - 1] == ']') {
		(void)snprintf(host, sizeof host, "%.*s", (int)size - 2, text + 1);
		return uv_ip6_addr(host, (int)port,
				   (struct sockaddr_in6 *)(void *)out) == 0;
	}
	(void)snprintf(host, sizeof host, "%.*s", (int)size, text);
	if (strcmp(host, "localhost") == 0)
		(void)snprintf(host, sizeof host, "127.0.0.1");
	return uv_ip4_addr(host, (int)port, (struct sockaddr_in *)(void *)out) == 0;
}

/* Port 0 lets the system choose; what it chose is what clients need. */
static void
note_listening_tcp(struct server *server, const struct listener *listener)
{
	const uv_tcp_t *tcp = &listener->tcp;
	struct sockaddr_storage address;
	int size = sizeof address;
	char host[INET6_ADDRSTRLEN] = "", text[INET6_ADDRSTRLEN + 16];
	const struct sockaddr *is = (const struct sockaddr *)&address;
	bool v4;

	if (uv_tcp_getsockname(tcp, (struct sockaddr *)&address, &size) != 0)
		return;
	v4 = address.ss_family == AF_INET;
	(void)uv_ip_name(is, host, sizeof host);
	(void)snprintf(
	    text, sizeof text, v4 ? "%s:%u" : "[%s]:%u", host,
	    ntohs(v4 ? ((const struct sockaddr_in *)(const void *)is)->sin_port
		     : ((const struct sockaddr_in6 *)(const void *)is)->sin6_port));
	note_listening(server, listener->tls ? "tls:" : "", text);
}

static enum dbk_err
need_certificate(const char *text, bool wanted, struct dbk_error *error)
{
	if (wanted)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "listen: tls:%s: TLS needs --tls-certificate FILE "
				     "and --tls-key FILE",
				     text);
	return dbk_error_set(error, DBK_FAILED_INPUT,
			     "listen: %s is not a loopback address, and TLS is spoken "
			     "on all others: give --tls-certificate FILE and --tls-key "
			     "FILE",
			     text);
}

/* WANTED: TLS is asked for, whatever the address. */
static enum dbk_err
listen_tcp(struct server *server, const char *text, bool wanted,
	   struct dbk_error *error)
{
	struct listener *listener = &server->listeners[server->n_listeners];
	struct sockaddr_storage address;
	int failed;

	memset(&address, 0, sizeof address);
	if (!parse_tcp(text, &address))
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "listen: \"%s\" is not unix:PATH, HOST:PORT or "
				     "tls:HOST:PORT with a numeric host",
				     text);
	listener->tls = wanted || !is_loopback(&address);
	if (listener->tls && server->tls_files == NULL)
		return need_certificate(text, wanted, error);
	(void)uv_tcp_init(&server->loop, &listener->tcp);
	listener->tcp.data = listener;
	server->n_listeners++;
	failed = uv_tcp_bind(&listener->tcp, (const struct sockaddr *)&address, 0);
	if (failed == 0)
		failed = uv_listen(&listener->stream, BACKLOG, on_connection);
	if (failed != 0)
		return dbk_error_set(error, DBK_FAILED_IO, "%s: %s", text,
				     uv_strerror(failed));
	note_listening_tcp(server, listener);
	return DBK_OK;
}

enum dbk_err
server_listen(struct server *server, const char *address, struct dbk_error *error)
{
	struct listener *listener = &server->listeners[server->n_listeners];

	if (server->n_listeners == SERVER_LISTENERS_MAX)
		return dbk_error_set(error, DBK_FAILED_LIMIT, "listen: more than %d",
				     SERVER_LISTENERS_MAX);
	listener->server = server;
	if (strncmp(address, "unix:", 5) == 0)
		return listen_unix(server, address + 5, error);
	if (strncmp(address, "tls:", 4) == 0)
		return listen_tcp(server, address + 4, true, error);
	return listen_tcp(server, address, false, error);
}

enum dbk_err
server_listen_handed(struct server *server, const struct supervisor_socket *handed,
		     struct dbk_error *error)
{
	struct listener *listener = &server->listeners[server->n_listeners];
	int failed;

	if (server->n_listeners == SERVER_LISTENERS_MAX)
		return dbk_error_set(error, DBK_FAILED_LIMIT, "listen: more than %d",
				     SERVER_LISTENERS_MAX);
	listener->server = server;
	listener->tls = !handed->is_loopback;
	if (listener->tls && server->tls_files == NULL)
		return need_certificate(handed->address, false, error);
	if (handed->is_unix)
		(void)uv_pipe_init(&server->loop, &listener->pipe, 0);
	else
		(void)uv_tcp_init(&server->loop, &listener->tcp);
	listener->stream.data = listener;
	server->n_listeners++;
	failed = handed->is_unix ? uv_pipe_open(&listener->pipe, handed->fd)
				 : uv_tcp_open(&listener->tcp, handed->fd);
	if (failed == 0)
		failed = uv_listen(&listener->stream, BACKLOG, on_connection);
	if (failed != 0)
		return dbk_error_set(error, DBK_FAILED_IO, "%s: %s", handed->address,
				     uv_strerror(failed));
	note_listening(server, listener->tls ? "tls:" : "", handed->address);
	return DBK_OK;
}
