#include "supervisor.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include <systemd/sd-daemon.h>

#define STATUS_BYTES 256

union address {
	struct sockaddr any;
	struct sockaddr_un path;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* A socket of a namespace without files begins with a zero, shown as '@'. */
static void
describe_unix(const union address *is, socklen_t size, struct supervisor_socket *out)
{
	size_t before = offsetof(struct sockaddr_un, sun_path);
	size_t length = size > before ? size - before : 0;
	bool abstract = length > 0 && is->path.sun_path[0] == '\0';

	out->is_unix = out->is_loopback = true;
	(void)snprintf(out->address, sizeof out->address, "unix:%s%.*s",
		       abstract ? "@" : "", (int)length - (abstract ? 1 : 0),
		       is->path.sun_path + (abstract ? 1 : 0));
}

static void
describe_ip(const union address *is, struct supervisor_socket *out)
{
	bool v4 = is->any.sa_family == AF_INET;
	char host[INET6_ADDRSTRLEN] = "";

	(void)inet_ntop(is->any.sa_family,
			v4 ? (const void *)&is->v4.sin_addr
			   : (const void *)&is->v6.sin6_addr,
			host, sizeof host);
	out->is_loopback = v4 ? ntohl(is->v4.sin_addr.s_addr) >> 24 == 127
			      : IN6_IS_ADDR_LOOPBACK(&is->v6.sin6_addr);
	(void)snprintf(out->address, sizeof out->address, v4 ? "%s:%u" : "[%s]:%u",
		       host, ntohs(v4 ? is->v4.sin_port : is->v6.sin6_port));
}

static enum dbk_err
describe(int fd, struct supervisor_socket *out, struct dbk_error *error)
{
	union address is = { .any = { .sa_family = AF_UNSPEC } };
	socklen_t size = sizeof is;

	*out = (struct supervisor_socket){ .fd = fd };
	if (sd_is_socket(fd, AF_UNSPEC, SOCK_STREAM, 1) <= 0 ||
	    getsockname(fd, &is.any, &size) != 0)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "descriptor %d, handed over by the supervisor, is "
				     "no stream socket that listens",
				     fd);
	if (is.any.sa_family == AF_UNIX)
		describe_unix(&is, size, out);
	else if (is.any.sa_family == AF_INET || is.any.sa_family == AF_INET6)
		describe_ip(&is, out);
	else
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "descriptor %d, handed over by the supervisor, is "
				     "neither a Unix nor an IP socket",
				     fd);
	return DBK_OK;
}

enum dbk_err
supervisor_sockets(struct supervisor_socket out[SUPERVISOR_SOCKETS_MAX],
		   unsigned *out_count, struct dbk_error *error)
{
	const int forget = 1;
	int n = sd_listen_fds(forget);
	enum dbk_err err = DBK_OK;

	if (n < 0)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "the sockets of the supervisor: %s", strerror(-n));
	if (n > SUPERVISOR_SOCKETS_MAX)
		return dbk_error_set(error, DBK_FAILED_LIMIT,
				     "the supervisor hands over %d sockets, more than "
				     "%d",
				     n, SUPERVISOR_SOCKETS_MAX);
	for (int i = 0; err == DBK_OK && i < n; i++)
		err = describe(SD_LISTEN_FDS_START + i, &out[i], error);
	if (err == DBK_OK)
		*out_count = (unsigned)n;
	return err;
}

void
supervisor_status(const char *format, ...)
{
	char text[STATUS_BYTES];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	(void)sd_notifyf(0, "STATUS=%s", text);
}

void
supervisor_ready(void)
{
	(void)sd_notify(0, "READY=1");
}

void
supervisor_reloading(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	(void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
			 (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
}

void
supervisor_stopping(void)
{
	(void)sd_notify(0, "STOPPING=1");
}

void
supervisor_alive(void)
{
	(void)sd_notify(0, "WATCHDOG=1");
}
