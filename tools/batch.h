#ifndef TOOLS_BATCH_H
#define TOOLS_BATCH_H

/*
 * batch.h -- events on their way: the bytes of an EventBatch, and where in the input
 * each event came from.
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sign.h"
#include "base/str.h"

struct batch_event {
	uint64_t line;
	size_t start; /* in the batch's bytes */
	uint32_t size;
};

struct batch {
	struct dbk_buf bytes; /* of an EventBatch */
	struct batch_event *events;
	uint32_t count;
	uint32_t capacity;
	uint64_t seq;	   /* 0: not numbered */
	bool is_signed;
	unsigned char signature[DBK_SIGNATURE_BYTES];
	bool may_be_known; /* delivered before, perhaps: a repeated reply is no surprise
			    */
};

void batch_init(struct batch *batch);
void batch_fini(struct batch *batch);

/* Forget the events, keep the memory. */
void batch_reset(struct batch *batch);

/* Add a serialized event; false if DBK_BATCH_BYTES_MAX has no room for it. */
bool batch_add(struct batch *batch, uint64_t line, struct dbk_str event);

struct dbk_str batch_event_bytes(const struct batch *batch, uint32_t index);

#endif
