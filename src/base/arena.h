#ifndef DBK_BASE_ARENA_H
#define DBK_BASE_ARENA_H

/*
 * arena.h -- bump memory of one batch or one request.
 *
 * Everything taken from an arena dies together with one reset.  Blocks are kept and
 * used again, because the first touch of a fresh page is the dearest thing on a
 * virtual machine.  An arena has a cap: a request cannot take more than its share.
 *
 * Thread: belongs to one thread at a time.
 */

#include <stdbool.h>
#include <stddef.h>

struct dbk_arena_block;

struct dbk_arena {
	struct dbk_arena_block *first;
	struct dbk_arena_block *current;
	size_t used_bytes; /* handed out since the last reset */
	size_t cap_bytes;  /* dbk_arena_alloc gives NULL above it */
	bool starved; /* since the last reset memory was not granted below the cap */
};

/* Make ARENA empty with a cap of CAP_BYTES.  Takes no memory yet. */
void dbk_arena_init(struct dbk_arena *arena, size_t cap_bytes);

/* Give all memory back.  A zeroed arena is fine. */
void dbk_arena_fini(struct dbk_arena *arena);

/* Forget everything handed out; keep the blocks. */
void dbk_arena_reset(struct dbk_arena *arena);

/* SIZE bytes, aligned to 16, not zeroed; NULL at the cap or without memory: who asked
 * for too much and who may have it later is told apart by ARENA->starved. */
void *dbk_arena_alloc(struct dbk_arena *arena, size_t size);

/* The same, zeroed. */
void *dbk_arena_zalloc(struct dbk_arena *arena, size_t size);

#endif
