#include "export/declared.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"

#define ROOM_FIRST 1024

void
declared_init(struct declared *set)
{
	*set = (struct declared){ .room = ROOM_FIRST };
	set->slots = calloc(set->room, sizeof *set->slots);
	dbk_assert(set->slots != NULL);
}

void
declared_fini(struct declared *set)
{
	for (size_t i = 0; i < set->room; i++)
		free((void *)(uintptr_t)set->slots[i].bytes);
	free(set->slots);
	*set = (struct declared){ .room = 0 };
}

/* The slot that holds NAME, or the free one where it would go. */
static struct dbk_str *
find(const struct declared *set, struct dbk_str name)
{
	static const unsigned char key[DBK_HASH_KEY_BYTES];
	size_t at = (size_t)dbk_hash_short(name.bytes, name.size, key);

	for (;; at++) {
		struct dbk_str *slot = &set->slots[at & (set->room - 1)];

		if (slot->bytes == NULL || dbk_str_equal(*slot, name))
			return slot;
	}
}

static void
grow(struct declared *set)
{
	struct declared old = *set;

	set->room *= 2;
	set->slots = calloc(set->room, sizeof *set->slots);
	dbk_assert(set->slots != NULL);
	for (size_t i = 0; i < old.room; i++) {
		if (old.slots[i].bytes != NULL)
			*find(set, old.slots[i]) = old.slots[i];
	}
	free(old.slots);
}

bool
declared_add(struct declared *set, struct dbk_str name)
{
	struct dbk_str *slot = find(set, name);
	char *copy;

	if (slot->bytes != NULL)
		return false;
	copy = malloc((size_t)name.size + 1);
	dbk_assert(copy != NULL);
	memcpy(copy, name.bytes, name.size);
	copy[name.size] = '\0';
	*slot = dbk_str_make(copy, name.size);
	set->count++;
	if (set->count * 2 > set->room)
		grow(set);
	return true;
}
