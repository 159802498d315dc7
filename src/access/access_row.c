#include "access/access_row.h"

#include <string.h>

#define VERSION 1

static void
put_text(const char *text, size_t room, struct dbk_buf *out)
{
	size_t size = strnlen(text, room - 1);

	dbk_buf_put_varint(out, size);
	dbk_buf_put(out, text, size);
}

void
dbk_access_row_put(const struct dbk_access_entry *entry, struct dbk_buf *out)
{
	dbk_buf_put_u8(out, VERSION);
	dbk_buf_put_u32(out, entry->status);
	dbk_buf_put_u64(out, (uint64_t)entry->at_us);
	put_text(entry->caller, sizeof entry->caller, out);
	put_text(entry->token_id, sizeof entry->token_id, out);
	put_text(entry->peer, sizeof entry->peer, out);
	put_text(entry->method, sizeof entry->method, out);
	put_text(entry->about, sizeof entry->about, out);
}

static void
get_text(struct dbk_cursor *at, char *out, size_t room)
{
	uint64_t size = dbk_cursor_varint(at);
	const unsigned char *bytes;

	if (at->failed || size >= room) {
		at->failed = true;
		return;
	}
	bytes = dbk_cursor_take(at, (size_t)size);
	if (bytes == NULL)
		return;
	memcpy(out, bytes, (size_t)size);
	if (memchr(out, '\0', (size_t)size) != NULL)
		at->failed = true;
}

bool
dbk_access_row_get(struct dbk_str body, struct dbk_access_entry *out)
{
	struct dbk_cursor at = dbk_cursor_make(body.bytes, body.size);

	memset(out, 0, sizeof *out);
	if (dbk_cursor_u8(&at) != VERSION)
		return false;
	out->status = dbk_cursor_u32(&at);
	out->at_us = (int64_t)dbk_cursor_u64(&at);
	get_text(&at, out->caller, sizeof out->caller);
	get_text(&at, out->token_id, sizeof out->token_id);
	get_text(&at, out->peer, sizeof out->peer);
	get_text(&at, out->method, sizeof out->method);
	get_text(&at, out->about, sizeof out->about);
	return !at.failed && dbk_cursor_left(&at) == 0;
}
