#ifndef DBK_RPC_H2REQUEST_H
#define DBK_RPC_H2REQUEST_H

/*
 * h2request.h -- the headers of a call as the server reads them: what matters is kept,
 * the rest only counted.  Private to h2server.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nghttp2/nghttp2.h>

#include "base/str.h"

struct dbk_h2request {
	bool is_post;
	bool is_grpc;
	bool bad_timeout;
	int64_t timeout_ns;  /* -1: none was sent */
	size_t header_bytes; /* as RFC 9113 section 10.5.1 counts them */
	nghttp2_rcbuf *path;
	nghttp2_rcbuf *authorization;
};

enum dbk_h2request_verdict {
	DBK_H2REQUEST_GOOD,
	DBK_H2REQUEST_NOT_POST,
	DBK_H2REQUEST_NOT_GRPC,
	DBK_H2REQUEST_TOO_LARGE,
	DBK_H2REQUEST_BAD_TIMEOUT
};

void dbk_h2request_init(struct dbk_h2request *request);

/* Lets go of what is kept; a zeroed or finished one is fine. */
void dbk_h2request_fini(struct dbk_h2request *request);

/* One header came. */
void dbk_h2request_take(struct dbk_h2request *request, nghttp2_rcbuf *name,
			nghttp2_rcbuf *value);

/* All headers are there: is it a gRPC call that can be served? */
enum dbk_h2request_verdict dbk_h2request_check(const struct dbk_h2request *request);

/* Borrowed until fini; empty if there was none. */
struct dbk_str dbk_h2request_path(const struct dbk_h2request *request);
struct dbk_str dbk_h2request_authorization(const struct dbk_h2request *request);

#endif
