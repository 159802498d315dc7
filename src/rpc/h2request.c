#include "rpc/h2request.h"

#include <string.h>

#include <daybook/limits.h>

#include "rpc/grpc_status.h"

/* What RFC 9113 adds to the size of every header field. */
#define FIELD_OVERHEAD_BYTES 32

void
dbk_h2request_init(struct dbk_h2request *request)
{
	memset(request, 0, sizeof *request);
	request->timeout_ns = -1;
}

static void
let_go(nghttp2_rcbuf **kept)
{
	if (*kept != NULL)
		nghttp2_rcbuf_decref(*kept);
	*kept = NULL;
}

void
dbk_h2request_fini(struct dbk_h2request *request)
{
	let_go(&request->path);
	let_go(&request->authorization);
}

static void
keep(nghttp2_rcbuf **kept, nghttp2_rcbuf *value)
{
	if (*kept != NULL)
		return;
	nghttp2_rcbuf_incref(value);
	*kept = value;
}

static struct dbk_str
rcbuf_str(nghttp2_rcbuf *rcbuf)
{
	nghttp2_vec vec;

	if (rcbuf == NULL)
		return (struct dbk_str){ NULL, 0 };
	vec = nghttp2_rcbuf_get_buf(rcbuf);
	return dbk_str_make(vec.base, vec.len);
}

static bool
is_named(struct dbk_str name, const char *want)
{
	return dbk_str_equal(name, dbk_str_of(want));
}

/* "application/grpc", also with "+proto" or parameters; not "application/grpc-web". */
static bool
is_grpc_type(struct dbk_str value)
{
	static const char prefix[] = "application/grpc";
	size_t size = sizeof prefix - 1;

	if (value.size < size || memcmp(value.bytes, prefix, size) != 0)
		return false;
	return value.size == size || value.bytes[size] == '+' ||
	       value.bytes[size] == ';';
}

void
dbk_h2request_take(struct dbk_h2request *request, nghttp2_rcbuf *name,
		   nghttp2_rcbuf *value)
{
	struct dbk_str n = rcbuf_str(name);
	struct dbk_str v = rcbuf_str(value);

	request->header_bytes += (size_t)n.size + v.size + FIELD_OVERHEAD_BYTES;
	if (is_named(n, ":path"))
		keep(&request->path, value);
	else if (is_named(n, ":method"))
		request->is_post = is_named(v, "POST");
	else if (is_named(n, "content-type"))
		request->is_grpc = is_grpc_type(v);
	else if (is_named(n, "authorization"))
		keep(&request->authorization, value);
	else if (is_named(n, "grpc-timeout"))
		request->bad_timeout =
		    !dbk_grpc_status_timeout_parse(v, &request->timeout_ns);
}

enum dbk_h2request_verdict
dbk_h2request_check(const struct dbk_h2request *request)
{
	if (!request->is_post)
		return DBK_H2REQUEST_NOT_POST;
	if (!request->is_grpc)
		return DBK_H2REQUEST_NOT_GRPC;
	if (request->header_bytes > DBK_RPC_HEADER_BYTES_MAX)
		return DBK_H2REQUEST_TOO_LARGE;
	return request->bad_timeout ? DBK_H2REQUEST_BAD_TIMEOUT : DBK_H2REQUEST_GOOD;
}

struct dbk_str
dbk_h2request_path(const struct dbk_h2request *request)
{
	return rcbuf_str(request->path);
}

struct dbk_str
dbk_h2request_authorization(const struct dbk_h2request *request)
{
	return rcbuf_str(request->authorization);
}
