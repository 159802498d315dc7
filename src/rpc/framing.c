#include "rpc/framing.h"

#include <string.h>

#include <daybook/limits.h>

#define FLAG_PLAIN 0
#define FLAG_COMPRESSED 1

/* A declared size is only a claim: memory follows the bytes that really come. */
#define FIRST_BODY_BYTES ((size_t)64 * 1024)

void
dbk_framing_reset(struct dbk_framing *framing)
{
	framing->prefix_size = 0;
	framing->size = 0;
	dbk_buf_reset(&framing->body);
}

void
dbk_framing_fini(struct dbk_framing *framing)
{
	dbk_buf_fini(&framing->body);
	dbk_framing_reset(framing);
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* MESSAGE stands for a prefix that is whole and good. */
static enum dbk_framing_step
take_prefix(struct dbk_framing *framing, struct dbk_cursor *cursor)
{
	size_t missing = DBK_FRAMING_PREFIX_BYTES - framing->prefix_size;
	size_t size = smaller(missing, dbk_cursor_left(cursor));
	const unsigned char *p = framing->prefix;

	memcpy(framing->prefix + framing->prefix_size, cursor->at, size);
	cursor->at += size;
	framing->prefix_size += (unsigned)size;
	if (size < missing)
		return DBK_FRAMING_MORE;
	if (p[0] == FLAG_COMPRESSED)
		return DBK_FRAMING_COMPRESSED;
	if (p[0] != FLAG_PLAIN)
		return DBK_FRAMING_BAD_FLAG;
	framing->size = (uint32_t)p[1] << 24 | (uint32_t)p[2] << 16 |
			(uint32_t)p[3] << 8 | (uint32_t)p[4];
	return framing->size > DBK_MESSAGE_BYTES_MAX ? DBK_FRAMING_TOO_LARGE
						     : DBK_FRAMING_MESSAGE;
}

static enum dbk_framing_step
take_body(struct dbk_framing *framing, struct dbk_cursor *cursor, struct dbk_str *out)
{
	struct dbk_buf *body = &framing->body;
	size_t missing = framing->size - body->size;
	size_t size = smaller(missing, dbk_cursor_left(cursor));

	if (body->size == 0 && size == missing) {
		*out = dbk_str_make(cursor->at, size);
		cursor->at += size;
		framing->prefix_size = 0;
		return DBK_FRAMING_MESSAGE;
	}
	if (body->size == 0)
		(void)dbk_buf_reserve(body, smaller(missing, FIRST_BODY_BYTES));
	dbk_buf_put(body, cursor->at, size);
	cursor->at += size;
	if (dbk_buf_failed(body))
		return DBK_FRAMING_NO_MEMORY;
	if (size < missing)
		return DBK_FRAMING_MORE;
	*out = dbk_str_make(body->bytes, body->size);
	framing->prefix_size = 0;
	return DBK_FRAMING_MESSAGE;
}

enum dbk_framing_step
dbk_framing_next(struct dbk_framing *framing, struct dbk_cursor *cursor,
		 struct dbk_str *out)
{
	enum dbk_framing_step step;

	if (framing->prefix_size < DBK_FRAMING_PREFIX_BYTES) {
		if (framing->prefix_size == 0)
			dbk_buf_reset(&framing->body);
		step = take_prefix(framing, cursor);
		if (step != DBK_FRAMING_MESSAGE)
			return step;
	}
	return take_body(framing, cursor, out);
}

bool
dbk_framing_is_idle(const struct dbk_framing *framing)
{
	return framing->prefix_size == 0;
}

size_t
dbk_framing_partial(const struct dbk_framing *framing)
{
	return framing->prefix_size == DBK_FRAMING_PREFIX_BYTES ? framing->body.size
								: 0;
}

void
dbk_framing_prefix(uint32_t size, unsigned char out[DBK_FRAMING_PREFIX_BYTES])
{
	out[0] = FLAG_PLAIN;
	out[1] = (unsigned char)(size >> 24);
	out[2] = (unsigned char)(size >> 16);
	out[3] = (unsigned char)(size >> 8);
	out[4] = (unsigned char)size;
}
