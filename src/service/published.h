#ifndef DBK_SERVICE_PUBLISHED_H
#define DBK_SERVICE_PUBLISHED_H

/*
 * published.h -- the published checkpoint in answers.  Not for use outside this folder.
 */

#include "service/call.h"

/* The newest one; NOTE (may be NULL) gets its text.  UNAVAILABLE NO_CHECKPOINT. */
bool dbk_call_published(struct dbk_call *call, struct dbk_published *out,
			struct dbk_buf *note);

/* One of at least SIZE records, which somebody asks for by FIELD (static).
 * DEADLINE_EXCEEDED CHECKPOINT_BEHIND. */
bool dbk_call_published_of(struct dbk_call *call, const char *field, uint64_t size,
			   struct dbk_published *out, struct dbk_buf *note);

/* One of at least SIZE records if it comes by the deadline, else the newest one. */
bool dbk_call_settle(struct dbk_call *call, uint64_t size, struct dbk_published *out,
		     struct dbk_buf *note);

/* Its message; NOTE is borrowed. */
void dbk_call_checkpoint(struct dbk_call *call, const struct dbk_published *published,
			 const struct dbk_buf *note, Daybook__V1__Checkpoint *out);

/* HASH as the field of a message, borrowed. */
static inline ProtobufCBinaryData
dbk_call_hash(const struct dbk_tree_hash *hash)
{
	return (ProtobufCBinaryData){ DBK_TREE_HASH_BYTES, (uint8_t *)hash->bytes };
}

#endif
