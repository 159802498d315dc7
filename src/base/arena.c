#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

#define BLOCK_BYTES ((size_t)256 * 1024)
#define ALIGN_BYTES ((size_t)16)

struct dbk_arena_block {
	struct dbk_arena_block *next;
	size_t size;
	size_t used;
	size_t padding;
	unsigned char bytes[];
};

_Static_assert(offsetof(struct dbk_arena_block, bytes) % 16 == 0,
	       "allocations are aligned to 16 bytes");

void
dbk_arena_init(struct dbk_arena *arena, size_t cap_bytes)
{
	memset(arena, 0, sizeof *arena);
	arena->cap_bytes = cap_bytes;
}

void
dbk_arena_fini(struct dbk_arena *arena)
{
	struct dbk_arena_block *block = arena->first;

	while (block != NULL) {
		struct dbk_arena_block *next = block->next;

		free(block);
		block = next;
	}
	arena->first = arena->current = NULL;
	arena->used_bytes = 0;
}

void
dbk_arena_reset(struct dbk_arena *arena)
{
	for (struct dbk_arena_block *b = arena->first; b != NULL; b = b->next)
		b->used = 0;
	arena->current = arena->first;
	arena->used_bytes = 0;
	arena->starved = false;
}

/* The next kept block with room for SIZE, or a new one behind the current one. */
static struct dbk_arena_block *
block_with_room(struct dbk_arena *arena, size_t size)
{
	struct dbk_arena_block *block = arena->current;
	size_t want = size > BLOCK_BYTES ? size : BLOCK_BYTES;

	while (block != NULL && block->next != NULL) {
		block = block->next;
		if (block->size - block->used >= size)
			return block;
	}
	block = malloc(sizeof *block + want);
	if (block == NULL)
		return NULL;
	block->size = want;
	block->used = 0;
	if (arena->current == NULL) {
		block->next = arena->first;
		arena->first = block;
	} else {
		block->next = arena->current->next;
		arena->current->next = block;
	}
	return block;
}

void *
dbk_arena_alloc(struct dbk_arena *arena, size_t size)
{
	struct dbk_arena_block *block = arena->current;
	void *out;

	if (size > arena->cap_bytes || size > SIZE_MAX / 2 ||
	    arena->used_bytes > arena->cap_bytes - size)
		return NULL;
	size = (size + ALIGN_BYTES - 1) & ~(ALIGN_BYTES - 1);
	if (block == NULL || block->size - block->used < size) {
		block = block_with_room(arena, size);
		if (block == NULL) {
			arena->starved = true;
			return NULL;
		}
		arena->current = block;
	}
	out = block->bytes + block->used;
	block->used += size;
	arena->used_bytes += size;
	return out;
}

void *
dbk_arena_zalloc(struct dbk_arena *arena, size_t size)
{
	void *out = dbk_arena_alloc(arena, size);

	if (out != NULL)
		memset(out, 0, size);
	return out;
}
