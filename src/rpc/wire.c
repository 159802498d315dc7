#include "rpc/wire.h"

#include <string.h>

#include "base/assert.h"

struct dbk_cursor
dbk_wire_open(struct dbk_str message)
{
	return dbk_cursor_make(message.size == 0 ? "" : message.bytes, message.size);
}

bool
dbk_wire_next(struct dbk_cursor *cursor, struct dbk_wire_field *out)
{
	uint64_t tag, size;
	const unsigned char *bytes;

	if (cursor->failed || dbk_cursor_left(cursor) == 0)
		return false;
	memset(out, 0, sizeof *out);
	tag = dbk_cursor_varint(cursor);
	out->number = tag >> 3;
	out->type = (enum dbk_wire_type)(tag & 7);
	if (out->type == DBK_WIRE_VARINT) {
		out->value = dbk_cursor_varint(cursor);
	} else if (out->type == DBK_WIRE_BYTES) {
		size = dbk_cursor_varint(cursor);
		bytes = dbk_cursor_take(cursor, size);
		out->bytes = dbk_str_make(bytes, bytes == NULL ? 0 : size);
	} else if (out->type == DBK_WIRE_FIXED64) {
		(void)dbk_cursor_u64(cursor);
	} else if (out->type == DBK_WIRE_FIXED32) {
		(void)dbk_cursor_u32(cursor);
	} else {
		cursor->failed = true;
	}
	return !cursor->failed;
}

struct dbk_str
dbk_wire_find(struct dbk_str message, uint64_t number)
{
	struct dbk_cursor cursor = dbk_wire_open(message);
	struct dbk_wire_field field;

	while (dbk_wire_next(&cursor, &field)) {
		if (field.number == number && field.type == DBK_WIRE_BYTES)
			return field.bytes;
	}
	return (struct dbk_str){ NULL, 0 };
}

size_t
dbk_wire_size(size_t content)
{
	size_t size = 2 + content;

	for (size_t rest = content; rest >= 0x80; rest >>= 7)
		size++;
	return size;
}

static void
put_tag(struct dbk_buf *out, unsigned number, enum dbk_wire_type type)
{
	dbk_assert(number >= 1 && number <= 15);
	dbk_buf_put_u8(out, (uint8_t)(number << 3 | (unsigned)type));
}

void
dbk_wire_put_head(struct dbk_buf *out, unsigned number, size_t content)
{
	put_tag(out, number, DBK_WIRE_BYTES);
	dbk_buf_put_varint(out, content);
}

void
dbk_wire_put_bytes(struct dbk_buf *out, unsigned number, struct dbk_str content)
{
	dbk_wire_put_head(out, number, content.size);
	dbk_buf_put(out, content.bytes, content.size);
}

void
dbk_wire_put_varint(struct dbk_buf *out, unsigned number, uint64_t value)
{
	put_tag(out, number, DBK_WIRE_VARINT);
	dbk_buf_put_varint(out, value);
}
