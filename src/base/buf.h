#ifndef DBK_BASE_BUF_H
#define DBK_BASE_BUF_H

/*
 * buf.h -- a growing byte region with a sticky error, and the base-128 numbers of
 * protobuf (encoding: protobuf.dev/programming-guides/encoding).
 *
 * Writers append; if memory cannot be had the buffer remembers and later appends do
 * nothing, so that a long run of appends is checked once, with dbk_buf_failed().
 *
 * Thread: belongs to one thread at a time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dbk_buf {
	unsigned char *bytes;
	size_t size;	 /* written */
	size_t capacity; /* owned */
	bool failed;
};

void dbk_buf_init(struct dbk_buf *buf);

/* Give the memory back.  A zeroed buffer is fine. */
void dbk_buf_fini(struct dbk_buf *buf);

/* Forget the content and the error, keep the memory. */
static inline void
dbk_buf_reset(struct dbk_buf *buf)
{
	buf->size = 0;
	buf->failed = false;
}

static inline bool
dbk_buf_failed(const struct dbk_buf *buf)
{
	return buf->failed;
}

/* Make room for MORE bytes behind the written ones; false if it cannot be had. */
bool dbk_buf_reserve(struct dbk_buf *buf, size_t more);

/* Append SIZE bytes. */
void dbk_buf_put(struct dbk_buf *buf, const void *bytes, size_t size);

void dbk_buf_put_u8(struct dbk_buf *buf, uint8_t value);

/* Fixed width, little-endian. */
void dbk_buf_put_u32(struct dbk_buf *buf, uint32_t value);
void dbk_buf_put_u64(struct dbk_buf *buf, uint64_t value);

/* Base-128 number. */
void dbk_buf_put_varint(struct dbk_buf *buf, uint64_t value);

/* Append a printf-style text without terminator. */
void dbk_buf_printf(struct dbk_buf *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A cursor over borrowed bytes; reading past the end sets FAILED and gives 0. */
struct dbk_cursor {
	const unsigned char *at;
	const unsigned char *end;
	bool failed;
};

static inline struct dbk_cursor
dbk_cursor_make(const void *bytes, size_t size)
{
	struct dbk_cursor c = { (const unsigned char *)bytes,
				(const unsigned char *)bytes + size, false };

	return c;
}

static inline size_t
dbk_cursor_left(const struct dbk_cursor *cursor)
{
	return (size_t)(cursor->end - cursor->at);
}

uint8_t dbk_cursor_u8(struct dbk_cursor *cursor);
uint32_t dbk_cursor_u32(struct dbk_cursor *cursor);
uint64_t dbk_cursor_u64(struct dbk_cursor *cursor);

/* Fails on more than ten bytes or a value above 64 bits. */
uint64_t dbk_cursor_varint(struct dbk_cursor *cursor);

/* SIZE bytes borrowed from the region, NULL past the end. */
const unsigned char *dbk_cursor_take(struct dbk_cursor *cursor, size_t size);

#endif
