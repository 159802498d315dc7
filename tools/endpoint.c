#include "endpoint.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define UNIX_PREFIX "unix:"
#define TLS_PREFIX "tls:"
#define PORT_BYTES 6

static int
wait_ms(int64_t timeout_ns)
{
	int64_t ms = timeout_ns / 1000000 + (timeout_ns % 1000000 != 0);

	if (timeout_ns < 0)
		return -1;
	return ms > INT32_MAX ? INT32_MAX : (int)ms;
}

/* 0, or the errno of a connection that was not made. */
static int
connect_in_time(int fd, const struct sockaddr *name, socklen_t size, int64_t timeout_ns)
{
	struct pollfd ready = { fd, POLLOUT, 0 };
	int result = 0;
	socklen_t result_size = sizeof result;
	int count;

	if (connect(fd, name, size) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return errno;
	do {
		count = poll(&ready, 1, wait_ms(timeout_ns));
	} while (count < 0 && errno == EINTR);
	if (count == 0)
		return ETIMEDOUT;
	if (count < 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_ERROR, &result, &result_size) != 0)
		return errno;
	return result;
}

/* 0 with *OUT_FD connected, or an errno. */
static int
open_socket(int family, const struct sockaddr *name, socklen_t size, int64_t timeout_ns,
	    int *out_fd)
{
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int one = 1;
	int result;

	if (fd < 0)
		return errno;
	if (family != AF_UNIX)
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	result = connect_in_time(fd, name, size, timeout_ns);
	if (result != 0) {
		(void)close(fd);
		return result;
	}
	*out_fd = fd;
	return 0;
}

static enum dbk_err
report(const char *address, int number, struct dbk_error *error)
{
	if (number == ETIMEDOUT)
		return dbk_error_set(error, DBK_FAILED_TIMEOUT,
				     "cannot connect to %s: no answer in time",
				     address);
	return dbk_error_set(error, DBK_FAILED_NETWORK, "cannot connect to %s: %s",
			     address, strerror(number));
}

static enum dbk_err
connect_unix(const char *address, int64_t timeout_ns, int *out_fd,
	     struct dbk_error *error)
{
	const char *path = address + sizeof UNIX_PREFIX - 1;
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int result;

	if (path[0] == '\0')
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "address %s has no path after \"unix:\"", address);
	if (strlen(path) >= sizeof name.sun_path)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "path of address %s is above %zu bytes", address,
				     sizeof name.sun_path - 1);
	memcpy(name.sun_path, path, strlen(path) + 1);
	result = open_socket(AF_UNIX, (const struct sockaddr *)(const void *)&name,
			     sizeof name, timeout_ns, out_fd);
	return result == 0 ? DBK_OK : report(address, result, error);
}

static bool
is_port(const char *text)
{
	unsigned value = 0;

	if (text[0] == '\0' || strlen(text) >= PORT_BYTES)
		return false;
	for (const char *p = text; *p != '\0'; p++) {
		if (*p < '0' || *p > '9')
			return false;
		value = value * 10 + (unsigned)(*p - '0');
	}
	return value > 0 && value <= 65535;
}

/* Split "HOST:PORT" or "[HOST]:PORT"; false if ADDRESS is neither. */
static bool
split(const char *address, char host[ENDPOINT_HOST_BYTES], const char **out_port)
{
	const char *colon = strrchr(address, ':');
	const char *first = address;
	const char *last = colon;

	if (colon == NULL || !is_port(colon + 1))
		return false;
	if (address[0] == '[') {
		if (colon == address || colon[-1] != ']')
			return false;
		first++;
		last--;
	} else if (memchr(address, ':', (size_t)(colon - address)) != NULL) {
		return false;
	}
	if (last <= first || last - first >= ENDPOINT_HOST_BYTES)
		return false;
	memcpy(host, first, (size_t)(last - first));
	host[last - first] = '\0';
	*out_port = colon + 1;
	return true;
}

static enum dbk_err
connect_tcp(const char *address, int64_t timeout_ns, int *out_fd,
	    struct dbk_error *error)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	char host[ENDPOINT_HOST_BYTES];
	const char *port;
	int result;

	if (!split(endpoint_plain(address), host, &port))
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "address %s is not unix:PATH, [tls:]HOST:PORT or "
				     "[tls:][IPV6]:PORT",
				     address);
	result = getaddrinfo(host, port, &hints, &found);
	if (result != 0)
		return dbk_error_set(error, DBK_FAILED_NETWORK,
				     "cannot connect to %s: %s", address,
				     gai_strerror(result));
	result = EHOSTUNREACH;
	for (struct addrinfo *a = found; a != NULL && result != 0; a = a->ai_next)
		result = open_socket(a->ai_family, a->ai_addr, a->ai_addrlen,
				     timeout_ns, out_fd);
	freeaddrinfo(found);
	return result == 0 ? DBK_OK : report(address, result, error);
}

const char *
endpoint_plain(const char *address)
{
	size_t size = sizeof TLS_PREFIX - 1;

	return strncmp(address, TLS_PREFIX, size) == 0 ? address + size : address;
}

/* A name counts as of this machine only if it is the one that is so everywhere. */
static bool
is_of_this_machine(const char *host)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, host, &v6) == 1)
		return IN6_IS_ADDR_LOOPBACK(&v6);
	return strcmp(host, "localhost") == 0;
}

bool
endpoint_wants_tls(const char *address, char host[ENDPOINT_HOST_BYTES])
{
	const char *plain = endpoint_plain(address);
	const char *port;

	if (strncmp(address, UNIX_PREFIX, sizeof UNIX_PREFIX - 1) == 0 ||
	    !split(plain, host, &port))
		return false;
	return plain != address || !is_of_this_machine(host);
}

enum dbk_err
endpoint_connect(const char *address, int64_t timeout_ns, int *out_fd,
		 struct dbk_error *error)
{
	if (strncmp(address, UNIX_PREFIX, sizeof UNIX_PREFIX - 1) == 0)
		return connect_unix(address, timeout_ns, out_fd, error);
	return connect_tcp(address, timeout_ns, out_fd, error);
}
