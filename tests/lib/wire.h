#ifndef DAYBOOK_TESTS_WIRE_H
#define DAYBOOK_TESTS_WIRE_H

/*
 * wire.h -- protobuf messages by the field, for bytes that no encoder would write.
 */

#include <stdint.h>

#include "base/buf.h"

/* A varint field. */
void wire_put_number(struct dbk_buf *buf, uint32_t number, uint64_t value);

/* A field with a length. */
void wire_put_bytes(struct dbk_buf *buf, uint32_t number, const void *bytes,
		    size_t size);
void wire_put_text(struct dbk_buf *buf, uint32_t number, const char *text);

/* INNER as a field of BUF; gives INNER back, which is empty again. */
void wire_put_message(struct dbk_buf *buf, uint32_t number, struct dbk_buf *inner);

#endif
