#ifndef DBK_RPC_WIRE_H
#define DBK_RPC_WIRE_H

/*
 * wire.h -- walking and writing protobuf messages by hand.
 *
 * For the tiny messages of gRPC's own protocols (status details, health, reflection),
 * where generated code would be larger than the work.  Field numbers are 1 to 15, so a
 * tag is one byte.
 *
 * Source: protobuf.dev/programming-guides/encoding.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

enum dbk_wire_type {
	DBK_WIRE_VARINT = 0,
	DBK_WIRE_FIXED64 = 1,
	DBK_WIRE_BYTES = 2,
	DBK_WIRE_FIXED32 = 5
};

struct dbk_wire_field {
	uint64_t number;
	enum dbk_wire_type type;
	uint64_t value;	      /* VARINT */
	struct dbk_str bytes; /* BYTES; borrowed from the message */
};

/* A cursor over a message; { NULL, 0 } is the empty one. */
struct dbk_cursor dbk_wire_open(struct dbk_str message);

/* The next field; false at the end, or with CURSOR failed if it is not well-formed. */
bool dbk_wire_next(struct dbk_cursor *cursor, struct dbk_wire_field *out);

/*
 * The first field NUMBER of type BYTES in MESSAGE, { NULL, 0 } if there is none.
 * Stops at what is not well-formed.
 */
struct dbk_str dbk_wire_find(struct dbk_str message, uint64_t number);

/* Size of a BYTES field that holds CONTENT bytes, tag and length counted. */
size_t dbk_wire_size(size_t content);

/* The tag and length of a BYTES field; its CONTENT bytes are to follow. */
void dbk_wire_put_head(struct dbk_buf *out, unsigned number, size_t content);

void dbk_wire_put_bytes(struct dbk_buf *out, unsigned number, struct dbk_str content);

void dbk_wire_put_varint(struct dbk_buf *out, unsigned number, uint64_t value);

#endif
