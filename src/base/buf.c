#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BYTES ((size_t)256)
#define VARINT_BYTES_MAX 10

void
dbk_buf_init(struct dbk_buf *buf)
{
	memset(buf, 0, sizeof *buf);
}

void
dbk_buf_fini(struct dbk_buf *buf)
{
	free(buf->bytes);
	memset(buf, 0, sizeof *buf);
}

bool
dbk_buf_reserve(struct dbk_buf *buf, size_t more)
{
	size_t want = buf->capacity == 0 ? FIRST_BYTES : buf->capacity;
	unsigned char *bytes;

	if (buf->failed)
		return false;
	if (buf->capacity - buf->size >= more)
		return true;
	while (want - buf->size < more && want <= SIZE_MAX / 2)
		want *= 2;
	bytes = want - buf->size < more ? NULL : realloc(buf->bytes, want);
	if (bytes == NULL) {
		buf->failed = true;
		return false;
	}
	buf->bytes = bytes;
	buf->capacity = want;
	return true;
}

void
dbk_buf_put(struct dbk_buf *buf, const void *bytes, size_t size)
{
	if (size == 0 || !dbk_buf_reserve(buf, size))
		return;
	memcpy(buf->bytes + buf->size, bytes, size);
	buf->size += size;
}

void
dbk_buf_put_u8(struct dbk_buf *buf, uint8_t value)
{
	dbk_buf_put(buf, &value, 1);
}

void
dbk_buf_put_u32(struct dbk_buf *buf, uint32_t value)
{
	unsigned char bytes[4];

	for (unsigned i = 0; i < 4; i++)
		bytes[i] = (unsigned char)(value >> (8 * i));
	dbk_buf_put(buf, bytes, sizeof bytes);
}

void
dbk_buf_put_u64(struct dbk_buf *buf, uint64_t value)
{
	unsigned char bytes[8];

	for (unsigned i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(value >> (8 * i));
	dbk_buf_put(buf, bytes, sizeof bytes);
}

void
dbk_buf_put_varint(struct dbk_buf *buf, uint64_t value)
{
	unsigned char *p;
	size_t n = 0;

	if (!dbk_buf_reserve(buf, VARINT_BYTES_MAX))
		return;
	p = buf->bytes + buf->size;
	while (value >= 0x80) {
		p[n++] = (unsigned char)(value | 0x80);
		value >>= 7;
	}
	p[n++] = (unsigned char)value;
	buf->size += n;
}

void
dbk_buf_printf(struct dbk_buf *buf, const char *format, ...)
{
	va_list args, again;
	int size;

	va_start(args, format);
	va_copy(again, args);
	size = vsnprintf(NULL, 0, format, args);
	if (size > 0 && dbk_buf_reserve(buf, (size_t)size + 1)) {
		(void)vsnprintf((char *)buf->bytes + buf->size,
				(size_t)size + 1, format, again);
		buf->size += (size_t)size;
	}
	va_end(again);
	va_end(args);
}

uint8_t
dbk_cursor_u8(struct dbk_cursor *cursor)
{
	const unsigned char *p = dbk_cursor_take(cursor, 1);

	return p == NULL ? 0 : *p;
}

static inline uint64_t
take_fixed(struct dbk_cursor *cursor, unsigned size)
{
	const unsigned char *p = dbk_cursor_take(cursor, size);
	uint64_t value = 0;

	for (unsigned i = 0; p != NULL && i < size; i++)
		value |= (uint64_t)p[i] << (8 * i);
	return value;
}

uint32_t
dbk_cursor_u32(struct dbk_cursor *cursor)
{
	return (uint32_t)take_fixed(cursor, 4);
}

uint64_t
dbk_cursor_u64(struct dbk_cursor *cursor)
{
	return take_fixed(cursor, 8);
}

uint64_t
dbk_cursor_varint(struct dbk_cursor *cursor)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < VARINT_BYTES_MAX; i++) {
		uint64_t byte = dbk_cursor_u8(cursor);

		if (cursor->failed || (i == 9 && byte > 1))
			break;
		value |= (byte & 0x7f) << (7 * i);
		if (byte < 0x80)
			return value;
	}
	cursor->failed = true;
	return 0;
}

const unsigned char *
dbk_cursor_take(struct dbk_cursor *cursor, size_t size)
{
	const unsigned char *at = cursor->at;

	if (cursor->failed || dbk_cursor_left(cursor) < size) {
		cursor->failed = true;
		return NULL;
	}
	cursor->at += size;
	return at;
}
