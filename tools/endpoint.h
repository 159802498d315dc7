#ifndef TOOLS_ENDPOINT_H
#define TOOLS_ENDPOINT_H

/*
 * endpoint.h -- from an address as people write it to a connected socket.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

/* TIMEOUT_NS: wait as long as the system does. */
#define ENDPOINT_NO_TIMEOUT ((int64_t)-1)

/* A DNS name and a terminator. */
#define ENDPOINT_HOST_BYTES 256

/*
 * TLS is spoken with ADDRESS, if it says "tls:" or is not of this machine (a Unix
 * socket, localhost, 127.0.0.0/8, ::1); then HOST is whom the certificate must be of,
 * without brackets.  What is no address at all is none.
 */
bool endpoint_wants_tls(const char *address, char host[ENDPOINT_HOST_BYTES]);

/* ADDRESS without "tls:". */
const char *endpoint_plain(const char *address);

/*
 * Connect to ADDRESS: "unix:PATH", "HOST:PORT", "[IPV6]:PORT", the latter two with
 * "tls:" before them or not.  *OUT_FD is a connected, non-blocking, close-on-exec
 *socket that the caller closes.
 *
 *	DBK_FAILED_INPUT    ADDRESS is none of these
 *	DBK_FAILED_NETWORK  nobody answers there
 *	DBK_FAILED_TIMEOUT  nobody answered in time
 */
enum dbk_err endpoint_connect(const char *address, int64_t timeout_ns, int *out_fd,
			      struct dbk_error *error) DBK_MUST_CHECK;

#endif
