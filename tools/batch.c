#include "batch.h"

#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/assert.h"

/* EventBatch.events: field 1, length-delimited. */
#define TAG_EVENTS 0x0a

/* Tag and length before an event, at most. */
#define HEAD_BYTES_MAX 6

void
batch_init(struct batch *batch)
{
	memset(batch, 0, sizeof *batch);
	dbk_buf_init(&batch->bytes);
}

void
batch_fini(struct batch *batch)
{
	dbk_buf_fini(&batch->bytes);
	free(batch->events);
}

void
batch_reset(struct batch *batch)
{
	dbk_buf_reset(&batch->bytes);
	batch->count = 0;
	batch->seq = 0;
	batch->is_signed = false;
	batch->may_be_known = false;
}

static void
reserve_event(struct batch *batch)
{
	if (batch->count < batch->capacity)
		return;
	batch->capacity = batch->capacity == 0 ? 1024 : batch->capacity * 2;
	batch->events =
	    reallocarray(batch->events, batch->capacity, sizeof *batch->events);
	dbk_assert(batch->events != NULL);
}

bool
batch_add(struct batch *batch, uint64_t line, struct dbk_str event)
{
	if (batch->bytes.size + HEAD_BYTES_MAX + event.size > DBK_BATCH_BYTES_MAX)
		return false;
	reserve_event(batch);
	dbk_buf_put_u8(&batch->bytes, TAG_EVENTS);
	dbk_buf_put_varint(&batch->bytes, event.size);
	batch->events[batch->count++] =
	    (struct batch_event){ line, batch->bytes.size, event.size };
	dbk_buf_put(&batch->bytes, event.bytes, event.size);
	dbk_assert(!dbk_buf_failed(&batch->bytes));
	return true;
}

struct dbk_str
batch_event_bytes(const struct batch *batch, uint32_t index)
{
	const struct batch_event *event = &batch->events[index];

	dbk_assert(index < batch->count);
	return dbk_str_make(batch->bytes.bytes + event->start, event->size);
}
