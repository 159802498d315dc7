#include "../tests/lib/wire.h"

#include <string.h>

void
wire_put_number(struct dbk_buf *buf, uint32_t number, uint64_t value)
{
	dbk_buf_put_varint(buf, (uint64_t)number << 3);
	dbk_buf_put_varint(buf, value);
}

void
wire_put_bytes(struct dbk_buf *buf, uint32_t number, const void *bytes, size_t size)
{
	dbk_buf_put_varint(buf, (uint64_t)number << 3 | 2);
	dbk_buf_put_varint(buf, size);
	dbk_buf_put(buf, bytes, size);
}

void
wire_put_text(struct dbk_buf *buf, uint32_t number, const char *text)
{
	wire_put_bytes(buf, number, text, strlen(text));
}

void
wire_put_message(struct dbk_buf *buf, uint32_t number, struct dbk_buf *inner)
{
	wire_put_bytes(buf, number, inner->bytes, inner->size);
	dbk_buf_fini(inner);
}
