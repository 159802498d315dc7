#include "access/token_row.h"

#include <string.h>

#define VERSION 1

#define ALL_ROLES                                                                      \
	(DBK_ROLE_BIT(DBK_ROLE_INGEST) | DBK_ROLE_BIT(DBK_ROLE_READ) |                 \
	 DBK_ROLE_BIT(DBK_ROLE_FINANCE) | DBK_ROLE_BIT(DBK_ROLE_REGULATOR) |           \
	 DBK_ROLE_BIT(DBK_ROLE_ADMIN))

static void
put_name(const char *name, struct dbk_buf *out)
{
	size_t size = strlen(name);

	dbk_buf_put_u8(out, (uint8_t)size);
	dbk_buf_put(out, name, size);
}

void
dbk_token_row_put(const struct dbk_token *token,
		  const unsigned char hash[DBK_TOKEN_HASH_BYTES], struct dbk_buf *out)
{
	const struct dbk_caller *caller = &token->caller;

	dbk_buf_put_u8(out, VERSION);
	dbk_buf_put(out, token->id, DBK_TOKEN_ID_BYTES);
	dbk_buf_put(out, hash, DBK_TOKEN_HASH_BYTES);
	dbk_buf_put_u8(out, caller->roles);
	dbk_buf_put_u8(out, token->is_certificate);
	dbk_buf_put(out, token->certificate, sizeof token->certificate);
	dbk_buf_put_u64(out, (uint64_t)token->created_at_us);
	dbk_buf_put_u64(out, (uint64_t)caller->expires_at_us);
	dbk_buf_put_u64(out, (uint64_t)token->revoked_at_us);
	dbk_buf_put_u64(out, (uint64_t)token->last_used_at_us);
	put_name(caller->name, out);
	put_name(token->created_by, out);
	dbk_buf_put_u8(out, caller->n_sources);
	for (uint8_t i = 0; i < caller->n_sources; i++)
		put_name(caller->sources[i], out);
}

static void
get_bytes(struct dbk_cursor *at, void *out, size_t size)
{
	const unsigned char *bytes = dbk_cursor_take(at, size);

	if (bytes != NULL)
		memcpy(out, bytes, size);
}

static void
get_name(struct dbk_cursor *at, char out[DBK_ID_BYTES_MAX + 1])
{
	uint8_t size = dbk_cursor_u8(at);

	if (size > DBK_ID_BYTES_MAX) {
		at->failed = true;
		return;
	}
	get_bytes(at, out, size);
	if (memchr(out, '\0', size) != NULL)
		at->failed = true;
}

static bool
is_id(const char *id)
{
	for (unsigned i = 0; i < DBK_TOKEN_ID_BYTES; i++)
		if (!((id[i] >= 'a' && id[i] <= 'z') || (id[i] >= '0' && id[i] <= '9')))
			return false;
	return true;
}

bool
dbk_token_row_get(struct dbk_str body, struct dbk_token *out,
		  unsigned char out_hash[DBK_TOKEN_HASH_BYTES])
{
	struct dbk_cursor at = dbk_cursor_make(body.bytes, body.size);
	struct dbk_caller *caller = &out->caller;
	uint8_t is_certificate;

	memset(out, 0, sizeof *out);
	if (dbk_cursor_u8(&at) != VERSION)
		return false;
	get_bytes(&at, out->id, DBK_TOKEN_ID_BYTES);
	get_bytes(&at, out_hash, DBK_TOKEN_HASH_BYTES);
	caller->roles = dbk_cursor_u8(&at);
	is_certificate = dbk_cursor_u8(&at);
	out->is_certificate = is_certificate != 0;
	get_bytes(&at, out->certificate, sizeof out->certificate);
	out->created_at_us = (int64_t)dbk_cursor_u64(&at);
	caller->expires_at_us = (int64_t)dbk_cursor_u64(&at);
	out->revoked_at_us = (int64_t)dbk_cursor_u64(&at);
	out->last_used_at_us = (int64_t)dbk_cursor_u64(&at);
	get_name(&at, caller->name);
	get_name(&at, out->created_by);
	caller->n_sources = dbk_cursor_u8(&at);
	if (caller->n_sources > DBK_TOKEN_SOURCES_MAX)
		return false;
	for (uint8_t i = 0; i < caller->n_sources; i++)
		get_name(&at, caller->sources[i]);
	memcpy(caller->token_id, out->id, sizeof caller->token_id);
	return !at.failed && dbk_cursor_left(&at) == 0 && is_id(out->id) &&
	       is_certificate <= 1 && (caller->roles & ~ALL_ROLES) == 0;
}
