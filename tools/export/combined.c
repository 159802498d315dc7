#include "export/combined.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"

#define ROOM_FIRST 256

void
combined_init(struct combined *set)
{
	*set = (struct combined){ .room = ROOM_FIRST };
	set->slots = calloc(set->room, sizeof *set->slots);
	dbk_assert(set->slots != NULL);
	dbk_buf_init(&set->texts);
}

void
combined_fini(struct combined *set)
{
	free(set->postings);
	free(set->slots);
	dbk_buf_fini(&set->texts);
	*set = (struct combined){ .room = 0 };
}

void
combined_reset(struct combined *set)
{
	if (set->count > 0)
		memset(set->slots, 0, set->room * sizeof *set->slots);
	set->count = 0;
	dbk_buf_reset(&set->texts);
}

struct dbk_str
combined_account(const struct combined *set, const struct combined_posting *posting)
{
	return dbk_str_make(set->texts.bytes + posting->at, posting->account_bytes);
}

struct dbk_str
combined_tags(const struct combined *set, const struct combined_posting *posting)
{
	return dbk_str_make(set->texts.bytes + posting->at + posting->account_bytes,
			    posting->tags_bytes);
}

static bool
is_same(const struct combined *set, const struct combined_posting *a,
	const struct combined_posting *b)
{
	return (a->amount < 0) == (b->amount < 0) &&
	       dbk_str_equal(combined_account(set, a), combined_account(set, b)) &&
	       dbk_str_equal(combined_tags(set, a), combined_tags(set, b));
}

/* The slot of a posting like WANTED, or the free one where it would go. */
static uint32_t *
find(const struct combined *set, const struct combined_posting *wanted)
{
	static const unsigned char key[DBK_HASH_KEY_BYTES];
	size_t at = (size_t)dbk_hash_short(
	    set->texts.bytes + wanted->at,
	    (size_t)wanted->account_bytes + wanted->tags_bytes, key);

	for (;; at++) {
		uint32_t *slot = &set->slots[at & (set->room - 1)];

		if (*slot == 0 || is_same(set, &set->postings[*slot - 1], wanted))
			return slot;
	}
}

static void
grow(struct combined *set)
{
	size_t capacity = set->capacity == 0 ? ROOM_FIRST / 2 : set->capacity * 2;

	set->postings = realloc(set->postings, capacity * sizeof *set->postings);
	free(set->slots);
	set->capacity = capacity;
	set->room = capacity * 2;
	set->slots = calloc(set->room, sizeof *set->slots);
	dbk_assert(set->postings != NULL && set->slots != NULL);
	for (size_t i = 0; i < set->count; i++)
		*find(set, &set->postings[i]) = (uint32_t)i + 1;
}

void
combined_add(struct combined *set, struct dbk_str account, struct dbk_str tags,
	     int64_t amount)
{
	struct combined_posting posting = { .at = set->texts.size,
					    .account_bytes = account.size,
					    .tags_bytes = tags.size,
					    .amount = amount };
	uint32_t *slot;

	dbk_assert(amount != 0);
	if (set->count == set->capacity)
		grow(set);
	dbk_buf_put(&set->texts, account.bytes, account.size);
	dbk_buf_put(&set->texts, tags.bytes, tags.size);
	dbk_assert(!dbk_buf_failed(&set->texts));
	slot = find(set, &posting);
	if (*slot != 0) {
		set->postings[*slot - 1].amount += amount;
		set->texts.size = posting.at;
		return;
	}
	set->postings[set->count++] = posting;
	*slot = (uint32_t)set->count;
}
