#ifndef DBK_RPC_H2ANSWER_H
#define DBK_RPC_H2ANSWER_H

/*
 * h2answer.h -- the headers and trailers that the server answers with.  Private to
 * h2server.
 *
 * A gRPC answer is either headers, messages, trailers; or, without any message, headers
 * and status in one HEADERS frame ("trailers-only").
 */

#include <stdbool.h>
#include <stddef.h>

#include <nghttp2/nghttp2.h>

#include "base/buf.h"
#include "rpc/grpc_status.h"

/* The end of a call in the form of headers.  Zeroed is OK without words. */
struct dbk_h2answer {
	bool submitted; /* nghttp2 has the response headers */
	bool tell_identity;
	enum dbk_grpc_code code;
	struct dbk_buf text;	/* grpc-message */
	struct dbk_buf details; /* grpc-status-details-bin */
};

/* As zeroed, but keeps the memory. */
void dbk_h2answer_reset(struct dbk_h2answer *answer);

void dbk_h2answer_fini(struct dbk_h2answer *answer);

/* Take over STATUS; words for which there is no memory are left out. */
void dbk_h2answer_set_status(struct dbk_h2answer *answer,
			     const struct dbk_grpc_status *status);

/*
 * The four things to submit for stream ID; results are nghttp2's.
 *
 *	headers   then DATA from PROVIDER
 *	trailers  behind the last DATA
 *	status    trailers-only
 *	http      an answer below gRPC, for who does not speak it: 405 or 415
 */
int dbk_h2answer_submit_headers(struct dbk_h2answer *answer, nghttp2_session *session,
				int32_t id, const nghttp2_data_provider *provider);
int dbk_h2answer_submit_trailers(struct dbk_h2answer *answer, nghttp2_session *session,
				 int32_t id);
int dbk_h2answer_submit_status(struct dbk_h2answer *answer, nghttp2_session *session,
			       int32_t id);
int dbk_h2answer_submit_http(struct dbk_h2answer *answer, nghttp2_session *session,
			     int32_t id, unsigned http_status);

#endif
