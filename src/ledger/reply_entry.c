#include "ledger/reply_entry.h"

#include <string.h>

#include <daybook/limits.h>

#include "base/sha256.h"
#include "event/verdict.h"
#include "ledger/reply.h"

/* How every kept EventResult begins: its outcome, and the position if it has one. */
#define TAG_RESULT_OUTCOME (1 << 3)
#define TAG_RESULT_POSITION (2 << 3)

void
dbk_reply_walk_begin(struct dbk_reply_walk *walk, struct dbk_str stored)
{
	uint64_t hashes = 0;

	memset(walk, 0, sizeof *walk);
	walk->at = dbk_cursor_make(stored.bytes, stored.size);
	walk->left = DBK_BATCH_EVENTS_MAX;
	walk->size = dbk_cursor_varint(&walk->at);
	walk->flags = dbk_cursor_varint(&walk->at);
	if ((walk->flags & DBK_REPLY_GAPS) == 0)
		return;
	hashes = dbk_cursor_varint(&walk->at);
	if (hashes == 0 || hashes > dbk_cursor_left(&walk->at) / DBK_SHA256_BYTES) {
		walk->at.failed = true;
		return;
	}
	walk->at.end -= hashes * DBK_SHA256_BYTES;
	walk->hashes = dbk_str_make(walk->at.end, hashes * DBK_SHA256_BYTES);
}

bool
dbk_reply_walk_next(struct dbk_reply_walk *walk, struct dbk_reply_entry *out)
{
	struct dbk_cursor *at = &walk->at;
	uint64_t head, number, count;

	if (at->failed || dbk_cursor_left(at) == 0)
		return false;
	head = dbk_cursor_varint(at);
	number = dbk_cursor_varint(at);
	count = head >> 2;
	out->kind = (enum dbk_reply_kind)(head & 3);
	out->index = walk->index;
	out->count = (uint32_t)count;
	out->position = number;
	if (count == 0 || count > walk->left || out->kind > DBK_REPLY_ENTRY_OTHER ||
	    (out->kind != DBK_REPLY_ENTRY_ACCEPTED && count != 1))
		at->failed = true;
	if (out->kind == DBK_REPLY_ENTRY_OTHER)
		out->result = dbk_str_make(dbk_cursor_take(at, number), number);
	walk->left -= count;
	walk->index += (uint32_t)count;
	return !at->failed;
}

/* The position of a kept EventResult, if it has a record: not if it was INVALID. */
static bool
result_position(struct dbk_str result, uint64_t *out)
{
	struct dbk_cursor at = dbk_cursor_make(result.bytes, result.size);
	bool known = dbk_cursor_varint(&at) == TAG_RESULT_OUTCOME;
	uint64_t outcome = dbk_cursor_varint(&at);

	*out = 0;
	if (!known || (outcome != DBK_ACCEPTED && outcome != DBK_REFUSED))
		return false;
	if (dbk_cursor_varint(&at) == TAG_RESULT_POSITION)
		*out = dbk_cursor_varint(&at);
	return true;
}

bool
dbk_reply_entry_is_logged(const struct dbk_reply_entry *entry, uint64_t *out)
{
	*out = entry->position;
	switch (entry->kind) {
	case DBK_REPLY_ENTRY_ACCEPTED:
		return true;
	case DBK_REPLY_ENTRY_DUPLICATE:
		return false;
	case DBK_REPLY_ENTRY_OTHER:
		return result_position(entry->result, out);
	}
	return false;
}
