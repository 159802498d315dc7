#include "proof/seat_memory.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define MEMORY_BYTES (8 + DBK_TREE_HASH_BYTES + DBK_SIGN_PUBLIC_BYTES + DBK_PLACE_BYTES)

struct dbk_str
dbk_seat_memory_put(const struct dbk_seat_memory *memory, struct dbk_buf *out)
{
	dbk_buf_reset(out);
	dbk_buf_put_u64(out, memory->size);
	dbk_buf_put(out, memory->root.bytes, sizeof memory->root.bytes);
	dbk_buf_put(out, memory->key, sizeof memory->key);
	dbk_place_put(&memory->place, out);
	return dbk_str_make(out->bytes, out->size);
}

bool
dbk_seat_memory_get(const struct dbk_slots *slots, struct dbk_seat_memory *out)
{
	struct dbk_cursor at = dbk_cursor_make(slots->text, slots->size);

	if (slots->size != MEMORY_BYTES)
		return false;
	out->size = dbk_cursor_u64(&at);
	memcpy(out->root.bytes, dbk_cursor_take(&at, sizeof out->root.bytes),
	       sizeof out->root.bytes);
	memcpy(out->key, dbk_cursor_take(&at, sizeof out->key), sizeof out->key);
	dbk_place_get(&at, &out->place);
	return !at.failed;
}

enum dbk_err
dbk_seat_look(const char *keys, struct dbk_seat_memory *out, struct dbk_error *error)
{
	char path[PATH_MAX];
	struct dbk_slots slots;
	struct dbk_seat_memory memory;
	enum dbk_err err;

	(void)snprintf(path, sizeof path, "%s/" DBK_SEAT_FILE, keys);
	err = dbk_slots_open(path, true, &slots, error);
	if (err != DBK_OK)
		return err;
	dbk_slots_close(&slots);
	if (!dbk_seat_memory_get(&slots, &memory))
		return dbk_error_set(error, DBK_FAILED_DAMAGED, "%s holds no seat",
				     path);
	*out = memory;
	return DBK_OK;
}
