#include "views/stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

#define FIRST_SLOTS 64u

/* Spare buffers kept: what a busy second writes. */
#define SPARE_MAX 1024u

void
dbk_stream_init(struct dbk_stream *stream)
{
	memset(stream, 0, sizeof *stream);
}

void
dbk_stream_fini(struct dbk_stream *stream)
{
	for (uint32_t i = 0; i < stream->capacity; i++)
		free(stream->slots[i].bytes);
	for (uint32_t i = 0; i < stream->n_spare; i++)
		free(stream->spare[i]);
	free(stream->slots);
	free(stream->spare);
	memset(stream, 0, sizeof *stream);
}

static struct dbk_stream_slot *
slot_of(const struct dbk_stream *stream, uint32_t number)
{
	return &stream->slots[number & (stream->capacity - 1)];
}

/* Room in the ring for chunk NUMBER. */
static bool
grow_ring(struct dbk_stream *stream, uint32_t number)
{
	struct dbk_stream old = *stream;
	uint32_t want = old.capacity == 0 ? FIRST_SLOTS : old.capacity * 2;

	if (old.capacity != 0 && number - old.first < old.capacity)
		return true;
	stream->slots = calloc(want, sizeof *stream->slots);
	if (stream->slots == NULL) {
		stream->slots = old.slots;
		return false;
	}
	stream->capacity = want;
	for (uint32_t n = old.first; n != 0 && n <= old.tail.number; n++)
		*slot_of(stream, n) = *slot_of(&old, n);
	free(old.slots);
	return true;
}

static bool
begin_slot(struct dbk_stream *stream, uint32_t number)
{
	struct dbk_stream_slot *slot;
	unsigned char *bytes;

	if (!grow_ring(stream, number))
		return false;
	bytes = stream->n_spare > 0 ? stream->spare[--stream->n_spare]
				    : malloc(DBK_CHUNK_BYTES);
	if (bytes == NULL)
		return false;
	slot = slot_of(stream, number);
	dbk_assert(slot->bytes == NULL);
	slot->bytes = bytes;
	if (stream->first == 0)
		stream->first = number;
	stream->tail.bytes = bytes;
	return true;
}

enum dbk_err
dbk_stream_next(struct dbk_stream *stream, uint64_t base_position, int64_t base_clock,
		const struct dbk_code_totals totals[DBK_ACCOUNT_CODES])
{
	uint32_t number = stream->tail.number + 1;
	uint32_t full_size = stream->tail.size;

	if (!begin_slot(stream, number))
		return DBK_FAILED_MEMORY;
	if (number > stream->first)
		slot_of(stream, number - 1)->size = full_size;
	dbk_chunk_begin(&stream->tail, number, base_position, base_clock, totals);
	return DBK_OK;
}

enum dbk_err
dbk_stream_resume(struct dbk_stream *stream, uint32_t number, const void *bytes,
		  uint32_t size)
{
	dbk_assert(stream->first == 0 && number > 0);
	if (size > DBK_CHUNK_BYTES)
		return DBK_FAILED_DAMAGED;
	if (!begin_slot(stream, number))
		return DBK_FAILED_MEMORY;
	memcpy(stream->tail.bytes, bytes, size);
	return dbk_chunk_resume(&stream->tail, number, size) ? DBK_OK
							     : DBK_FAILED_DAMAGED;
}

bool
dbk_stream_find(const struct dbk_stream *stream, uint32_t number,
		const unsigned char **out_bytes, uint32_t *out_size)
{
	const struct dbk_stream_slot *slot;

	if (stream->first == 0 || number < stream->first ||
	    number > stream->tail.number)
		return false;
	slot = slot_of(stream, number);
	*out_bytes = slot->bytes;
	*out_size = number == stream->tail.number ? stream->tail.size : slot->size;
	return true;
}

static void
keep_spare(struct dbk_stream *stream, unsigned char *bytes)
{
	if (stream->spare == NULL) {
		stream->spare = calloc(SPARE_MAX, sizeof *stream->spare);
		stream->cap_spare = stream->spare == NULL ? 0 : SPARE_MAX;
	}
	if (stream->n_spare < stream->cap_spare)
		stream->spare[stream->n_spare++] = bytes;
	else
		free(bytes);
}

void
dbk_stream_release(struct dbk_stream *stream, uint32_t number)
{
	dbk_assert(number <= stream->tail.number);
	while (stream->first != 0 && stream->first < number) {
		struct dbk_stream_slot *slot = slot_of(stream, stream->first);

		keep_spare(stream, slot->bytes);
		slot->bytes = NULL;
		slot->size = 0;
		stream->first++;
	}
}

uint64_t
dbk_stream_end(const struct dbk_stream *stream)
{
	if (stream->tail.number == 0)
		return dbk_chunk_loc(1, 0);
	return dbk_chunk_loc(stream->tail.number, stream->tail.size);
}

uint64_t
dbk_stream_bytes(const struct dbk_stream *stream)
{
	if (stream->first == 0)
		return 0;
	return (uint64_t)(stream->tail.number - stream->first) * DBK_CHUNK_BYTES +
	       stream->tail.size;
}
