#include "peer.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "conn.h"

#define V4_BYTES 4

/* ::ffff:0:0/96, RFC 4291 section 2.5.5.2. */
static const unsigned char mapped[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

void
peer_address_of(const struct sockaddr_storage *address, struct peer_address *out)
{
	const struct sockaddr_in *v4 =
	    (const struct sockaddr_in *)(const void *)address;
	const struct sockaddr_in6 *v6 =
	    (const struct sockaddr_in6 *)(const void *)address;

	if (address->ss_family == AF_INET6) {
		memcpy(out->bytes, &v6->sin6_addr, sizeof out->bytes);
		return;
	}
	memcpy(out->bytes, mapped, sizeof mapped);
	memcpy(out->bytes + sizeof mapped, &v4->sin_addr, V4_BYTES);
}

static bool
is_v4(const struct peer_address *address)
{
	return memcmp(address->bytes, mapped, sizeof mapped) == 0;
}

bool
peer_is_loopback(const struct peer_address *address)
{
	static const struct peer_address v6 = { .bytes[15] = 1 };

	if (is_v4(address))
		return address->bytes[sizeof mapped] == 127;
	return memcmp(address, &v6, sizeof v6) == 0;
}

bool
peer_is_same(const struct peer_address *a, const struct peer_address *b)
{
	size_t bytes = is_v4(a) || is_v4(b) ? sizeof *a : sizeof *a / 2;

	return memcmp(a, b, bytes) == 0;
}

static void
note_tcp(struct conn *conn)
{
	struct sockaddr_storage address = { 0 };
	const struct sockaddr *is = (const struct sockaddr *)&address;
	int size = sizeof address;
	char host[INET6_ADDRSTRLEN] = "";
	unsigned port;

	(void)snprintf(conn->peer, sizeof conn->peer, "unknown");
	if (uv_tcp_getpeername(&conn->socket.tcp, (struct sockaddr *)&address, &size) !=
		0 ||
	    uv_ip_name(is, host, sizeof host) != 0)
		return;
	if (address.ss_family == AF_INET6)
		port = ((const struct sockaddr_in6 *)(const void *)is)->sin6_port;
	else
		port = ((const struct sockaddr_in *)(const void *)is)->sin_port;
	(void)snprintf(conn->peer, sizeof conn->peer,
		       address.ss_family == AF_INET6 ? "[%s]:%u" : "%s:%u", host,
		       ntohs((uint16_t)port));
	peer_address_of(&address, &conn->address);
	conn->is_local = peer_is_loopback(&conn->address);
}

static void
note_unix(struct conn *conn)
{
	struct ucred peer;
	socklen_t size = sizeof peer;
	uv_os_fd_t fd;

	conn->is_unix = conn->is_local = true;
	conn->peer_uid = UINT32_MAX;
	(void)snprintf(conn->peer, sizeof conn->peer, "unix");
	if (uv_fileno(&conn->socket.handle, &fd) == 0 &&
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0)
		conn->peer_uid = peer.uid;
}

void
peer_note(struct conn *conn)
{
	if (conn->socket.handle.type == UV_TCP)
		note_tcp(conn);
	else
		note_unix(conn);
}

bool
peer_has_room(const struct conn *conn)
{
	const struct server *server = conn->server;
	unsigned same = 0;

	if (conn->is_local)
		return server->n_conns <= DBK_CONNECTIONS_MAX;
	if (server->n_conns > DBK_CONNECTIONS_MAX - DBK_CONNECTIONS_LOCAL)
		return false;
	for (const struct conn *c = server->conns; c != NULL; c = c->next)
		same += !c->is_local && peer_is_same(&c->address, &conn->address);
	return same <= DBK_CONNECTIONS_PER_PEER_MAX;
}
