#include "rpc/h2answer.h"

#include <string.h>

#include "base/assert.h"

#define RESPONSE_HEADERS 2
#define TRAILERS_MAX 4

/* Constants: nghttp2 needs no copies of them. */
#define NAME_VALUE(name, value)                                                        \
	{                                                                              \
		(uint8_t *)(uintptr_t)(name), (uint8_t *)(uintptr_t)(value),           \
		    sizeof(name) - 1, sizeof(value) - 1,                               \
		    NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE       \
	}

static const nghttp2_nv response_headers[RESPONSE_HEADERS] = {
	NAME_VALUE(":status", "200"),
	NAME_VALUE("content-type", "application/grpc"),
};

static const nghttp2_nv status_headers[DBK_GRPC_CODES] = {
	NAME_VALUE("grpc-status", "0"),	 NAME_VALUE("grpc-status", "1"),
	NAME_VALUE("grpc-status", "2"),	 NAME_VALUE("grpc-status", "3"),
	NAME_VALUE("grpc-status", "4"),	 NAME_VALUE("grpc-status", "5"),
	NAME_VALUE("grpc-status", "6"),	 NAME_VALUE("grpc-status", "7"),
	NAME_VALUE("grpc-status", "8"),	 NAME_VALUE("grpc-status", "9"),
	NAME_VALUE("grpc-status", "10"), NAME_VALUE("grpc-status", "11"),
	NAME_VALUE("grpc-status", "12"), NAME_VALUE("grpc-status", "13"),
	NAME_VALUE("grpc-status", "14"), NAME_VALUE("grpc-status", "15"),
	NAME_VALUE("grpc-status", "16"),
};

static const nghttp2_nv identity_header =
    NAME_VALUE("grpc-accept-encoding", "identity");

static const nghttp2_nv not_post_headers[] = { NAME_VALUE(":status", "405"),
					       NAME_VALUE("allow", "POST") };
static const nghttp2_nv not_grpc_headers[] = { NAME_VALUE(":status", "415") };

void
dbk_h2answer_reset(struct dbk_h2answer *answer)
{
	answer->submitted = answer->tell_identity = false;
	answer->code = DBK_GRPC_OK;
	dbk_buf_reset(&answer->text);
	dbk_buf_reset(&answer->details);
}

void
dbk_h2answer_fini(struct dbk_h2answer *answer)
{
	dbk_buf_fini(&answer->text);
	dbk_buf_fini(&answer->details);
}

void
dbk_h2answer_set_status(struct dbk_h2answer *answer,
			const struct dbk_grpc_status *status)
{
	struct dbk_buf details;

	answer->code = status->code;
	dbk_grpc_status_percent_encode(dbk_grpc_status_cut(status->message),
				       &answer->text);
	if (dbk_buf_failed(&answer->text))
		dbk_buf_reset(&answer->text);
	if (status->reason.size == 0)
		return;
	dbk_buf_init(&details);
	dbk_grpc_status_details_encode(status, &details);
	dbk_grpc_status_base64_encode(dbk_str_make(details.bytes, details.size),
				      &answer->details);
	if (dbk_buf_failed(&details) || dbk_buf_failed(&answer->details))
		dbk_buf_reset(&answer->details);
	dbk_buf_fini(&details);
}

/* A constant NAME with a value that nghttp2 copies. */
static nghttp2_nv
name_buf(const char *name, const struct dbk_buf *value)
{
	nghttp2_nv nv = { (uint8_t *)(uintptr_t)name, value->bytes, strlen(name),
			  value->size, NGHTTP2_NV_FLAG_NO_COPY_NAME };

	return nv;
}

static size_t
fill_trailers(const struct dbk_h2answer *answer, nghttp2_nv out[TRAILERS_MAX])
{
	size_t count = 0;

	out[count++] = status_headers[answer->code];
	if (answer->text.size > 0)
		out[count++] = name_buf("grpc-message", &answer->text);
	if (answer->details.size > 0)
		out[count++] = name_buf("grpc-status-details-bin", &answer->details);
	if (answer->tell_identity)
		out[count++] = identity_header;
	return count;
}

int
dbk_h2answer_submit_headers(struct dbk_h2answer *answer, nghttp2_session *session,
			    int32_t id, const nghttp2_data_provider *provider)
{
	answer->submitted = true;
	return nghttp2_submit_response(session, id, response_headers, RESPONSE_HEADERS,
				       provider);
}

int
dbk_h2answer_submit_trailers(struct dbk_h2answer *answer, nghttp2_session *session,
			     int32_t id)
{
	nghttp2_nv trailers[TRAILERS_MAX];
	size_t count = fill_trailers(answer, trailers);

	return nghttp2_submit_trailer(session, id, trailers, count);
}

int
dbk_h2answer_submit_status(struct dbk_h2answer *answer, nghttp2_session *session,
			   int32_t id)
{
	nghttp2_nv headers[RESPONSE_HEADERS + TRAILERS_MAX];
	size_t count = RESPONSE_HEADERS;

	answer->submitted = true;
	memcpy(headers, response_headers, sizeof response_headers);
	count += fill_trailers(answer, headers + RESPONSE_HEADERS);
	return nghttp2_submit_response(session, id, headers, count, NULL);
}

int
dbk_h2answer_submit_http(struct dbk_h2answer *answer, nghttp2_session *session,
			 int32_t id, unsigned http_status)
{
	dbk_assert(http_status == 405 || http_status == 415);
	answer->submitted = true;
	if (http_status == 405)
		return nghttp2_submit_response(session, id, not_post_headers, 2, NULL);
	return nghttp2_submit_response(session, id, not_grpc_headers, 1, NULL);
}
