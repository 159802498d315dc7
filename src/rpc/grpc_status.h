#ifndef DBK_RPC_GRPC_STATUS_H
#define DBK_RPC_GRPC_STATUS_H

/*
 * grpc_status.h -- how a call ends: the codes of gRPC, the words beside them, and the
 * small encodings that carry both in HTTP/2 headers.
 *
 * Source: the gRPC over HTTP/2 protocol description (status, Status-Message, Timeout,
 * Custom-Metadata with -bin) and the richer error model (google.rpc.Status holding a
 * google.rpc.ErrorInfo, sent as grpc-status-details-bin).
 *
 * Pure functions of their arguments; no thread, no clock.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

enum dbk_grpc_code {
	DBK_GRPC_OK = 0,
	DBK_GRPC_CANCELLED = 1,
	DBK_GRPC_UNKNOWN = 2,
	DBK_GRPC_INVALID_ARGUMENT = 3,
	DBK_GRPC_DEADLINE_EXCEEDED = 4,
	DBK_GRPC_NOT_FOUND = 5,
	DBK_GRPC_ALREADY_EXISTS = 6,
	DBK_GRPC_PERMISSION_DENIED = 7,
	DBK_GRPC_RESOURCE_EXHAUSTED = 8,
	DBK_GRPC_FAILED_PRECONDITION = 9,
	DBK_GRPC_ABORTED = 10,
	DBK_GRPC_OUT_OF_RANGE = 11,
	DBK_GRPC_UNIMPLEMENTED = 12,
	DBK_GRPC_INTERNAL = 13,
	DBK_GRPC_UNAVAILABLE = 14,
	DBK_GRPC_DATA_LOSS = 15,
	DBK_GRPC_UNAUTHENTICATED = 16
};

#define DBK_GRPC_CODES 17

/* The domain of every ErrorInfo that Daybook sends. */
#define DBK_GRPC_DOMAIN "daybook"

/* One entry of ErrorInfo.metadata: a field of the request and its value. */
struct dbk_grpc_field {
	struct dbk_str name;
	struct dbk_str value;
};

/* Fields kept when a peer's details are opened; more are left out. */
#define DBK_GRPC_FIELDS_MAX 16

/*
 * The end of a call.  All members are borrowed.
 *
 *	message   for people; UTF-8, no limit of characters but cut on the wire at
 *	          DBK_RPC_STATUS_TEXT_BYTES_MAX
 *	reason    for programs: stable, UPPER_SNAKE_CASE; empty means that there are
 *	          no details
 *	fields    the names and values that the message speaks of
 */
struct dbk_grpc_status {
	enum dbk_grpc_code code;
	struct dbk_str message;
	struct dbk_str reason;
	const struct dbk_grpc_field *fields;
	size_t field_count;
};

/* "NOT_FOUND" and so on; static memory. */
const char *dbk_grpc_status_name(enum dbk_grpc_code code);

/* The code that the header value TEXT stands for; UNKNOWN if it is none. */
enum dbk_grpc_code dbk_grpc_status_parse(struct dbk_str text);

/*
 * The code that a client reports for an answer without grpc-status and with this
 * :status (gRPC: HTTP to gRPC status code mapping).
 */
enum dbk_grpc_code dbk_grpc_status_of_http(unsigned http_status);

/*
 * Append TEXT percent-encoded: bytes outside 0x20-0x7e and '%' become %XX.
 * Decoding never fails, as the protocol asks: a '%' without two digits stays.
 */
void dbk_grpc_status_percent_encode(struct dbk_str text, struct dbk_buf *out);
void dbk_grpc_status_percent_decode(struct dbk_str text, struct dbk_buf *out);

/* Append BYTES in base64 (RFC 4648, the standard alphabet) without padding. */
void dbk_grpc_status_base64_encode(struct dbk_str bytes, struct dbk_buf *out);

/* Append what TEXT stands for; padding may be there.  False if it is not base64. */
bool dbk_grpc_status_base64_decode(struct dbk_str text, struct dbk_buf *out);

/*
 * Read a grpc-timeout: one to eight digits and one of H M S m u n.  *OUT_NS is at most
 * INT64_MAX.  False if TEXT is none.
 */
bool dbk_grpc_status_timeout_parse(struct dbk_str text, int64_t *out_ns);

/* "99999999H" and a terminator. */
#define DBK_GRPC_TIMEOUT_TEXT_BYTES 12

/*
 * Write NS (not negative) as a grpc-timeout in the finest unit that eight digits hold,
 * rounded up, so that the peer's deadline is never before ours.  Returns the length.
 */
size_t dbk_grpc_status_timeout_format(int64_t ns,
				      char out[DBK_GRPC_TIMEOUT_TEXT_BYTES]);

/* TEXT, or its first DBK_RPC_STATUS_TEXT_BYTES_MAX bytes without a torn character. */
struct dbk_str dbk_grpc_status_cut(struct dbk_str text);

/*
 * Append STATUS as a serialized google.rpc.Status.  With a reason it holds one
 * ErrorInfo; fields that are not UTF-8 or would take it above
 * DBK_RPC_DETAILS_BYTES_MAX are left out.
 */
void dbk_grpc_status_details_encode(const struct dbk_grpc_status *status,
				    struct dbk_buf *out);

/*
 * Open BYTES, a serialized google.rpc.Status.  code, message, and of the first
 * ErrorInfo reason and metadata are set in *OUT; its fields lie in FIELDS.  Everything
 * borrows BYTES.  False, and *OUT untouched, if BYTES is not well-formed.
 */
bool dbk_grpc_status_details_decode(struct dbk_str bytes,
				    struct dbk_grpc_field fields[DBK_GRPC_FIELDS_MAX],
				    struct dbk_grpc_status *out);

#endif
