#ifndef TOOLS_ENDPOINT_H
#define TOOLS_ENDPOINT_H

/*
 * endpoint.h -- from an address as people write it to a connected socket.
 */

#include <stdint.h>

#include <daybook/error.h>

/* TIMEOUT_NS: wait as long as the system does. */
#define ENDPOINT_NO_TIMEOUT ((int64_t)-1)

/*
 * Connect to ADDRESS: "unix:PATH", "HOST:PORT", "[IPV6]:PORT".  *OUT_FD is a connected,
 * non-blocking, close-on-exec socket that the caller closes.
 *
 *	DBK_FAILED_INPUT    ADDRESS is none of these
 *	DBK_FAILED_NETWORK  nobody answers there
 *	DBK_FAILED_TIMEOUT  nobody answered in time
 */
enum dbk_err endpoint_connect(const char *address, int64_t timeout_ns, int *out_fd,
			      struct dbk_error *error) DBK_MUST_CHECK;

#endif
