#ifndef DBK_VIEWS_STREAM_H
#define DBK_VIEWS_STREAM_H

/*
 * stream.h -- the end of the history that is in memory: the tail chunk that is being
 * written, and full chunks before it that are not yet on disk.
 *
 * Buffers of chunks that have reached the disk are used again.
 *
 * Thread: the worker changes it inside the gate, readers read inside the gate.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "views/chunk.h"

struct dbk_stream_slot {
	unsigned char *bytes;
	uint32_t size;
};

struct dbk_stream {
	struct dbk_stream_slot *slots; /* ring: chunk N at N modulo CAPACITY */
	uint32_t capacity;	       /* a power of two */
	uint32_t first;		       /* oldest chunk in memory; 0: none at all */
	struct dbk_chunk_writer tail;  /* number 0: none at all */
	unsigned char **spare;
	uint32_t n_spare, cap_spare;
};

void dbk_stream_init(struct dbk_stream *stream);
void dbk_stream_fini(struct dbk_stream *stream);

/* Begin the chunk after the tail; the first is 1.  MEMORY. */
DBK_MUST_CHECK enum dbk_err
dbk_stream_next(struct dbk_stream *stream, uint64_t base_position, int64_t base_clock,
		const struct dbk_code_totals totals[DBK_ACCOUNT_CODES]);

/* In an empty stream, go on writing chunk NUMBER of which SIZE bytes exist.  MEMORY,
 * DAMAGED. */
DBK_MUST_CHECK enum dbk_err dbk_stream_resume(struct dbk_stream *stream,
					      uint32_t number, const void *bytes,
					      uint32_t size);

/* Chunk NUMBER, if it is in memory. */
bool dbk_stream_find(const struct dbk_stream *stream, uint32_t number,
		     const unsigned char **out_bytes, uint32_t *out_size);

/* Chunks before the tail are on disk; let go of those below NUMBER. */
void dbk_stream_release(struct dbk_stream *stream, uint32_t number);

/* Where the next byte goes; 65,536 (chunk 1) before the first. */
uint64_t dbk_stream_end(const struct dbk_stream *stream);

/* Bytes of the chunks in memory. */
uint64_t dbk_stream_bytes(const struct dbk_stream *stream);

#endif
