#ifndef DBK_LOG_LOG_GROUP_H
#define DBK_LOG_LOG_GROUP_H

/*
 * log_group.h -- a group while it is being built.
 *
 * Its buffers are kept from one group to the next.  An allocation that fails is
 * remembered, and dbk_log_append() then returns MEMORY; so adding needs no checks.
 *
 * Thread: belongs to the writer.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

/* The answer to one batch of a source, kept so that a repeat gets the same one. */
struct dbk_log_batch {
	struct dbk_str source; /* at most DBK_ID_BYTES_MAX */
	uint64_t batch_seq;
	uint16_t flags;	      /* the writer's own */
	uint32_t n_events;    /* sent in the batch, logged or not */
	struct dbk_str reply; /* the writer's encoding; DBK_LOG_REPLY_BYTES_MAX */
};

struct dbk_log_group {
	int64_t recorded_at_us;
	uint32_t n_batches;
	uint32_t n_records;
	struct dbk_buf batches; /* encoded entries, one after the other */
	struct dbk_buf ends;	/* of each record within RECORDS, 32 bits each */
	struct dbk_buf records;
};

/* Part of a group that goes into one value of the store. */
struct dbk_log_piece {
	size_t batches_at; /* in the bytes of the batches */
	size_t batches_bytes;
	uint32_t n_batches;
	uint32_t first_record; /* within the group */
	uint32_t n_records;
	size_t records_at;
	size_t records_bytes;
	bool continues; /* another piece follows */
};

void dbk_log_group_init(struct dbk_log_group *group);

/* A zeroed group is fine. */
void dbk_log_group_fini(struct dbk_log_group *group);

/* Make GROUP empty; what is added is recorded at RECORDED_AT_US. */
void dbk_log_group_reset(struct dbk_log_group *group, int64_t recorded_at_us);

/* Bounds as above are asserted. */
void dbk_log_group_add_batch(struct dbk_log_group *group,
			     const struct dbk_log_batch *batch);

/* Copy RECORD, at most DBK_RECORD_BYTES_MAX bytes (asserted), behind the others. */
void dbk_log_group_add_record(struct dbk_log_group *group, struct dbk_str record);

/*
 * The same without a copy: append the record's bytes to the buffer that this returns,
 * then end the record.  Its position will be the log's size plus n_records before.
 */
struct dbk_buf *dbk_log_group_begin_record(struct dbk_log_group *group);
void dbk_log_group_end_record(struct dbk_log_group *group);

/* Size so far, for a writer that bounds its groups. */
size_t dbk_log_group_bytes(const struct dbk_log_group *group);

bool dbk_log_group_failed(const struct dbk_log_group *group);

/*
 * For dbk_log_append(): the first piece (zeroed PIECE), then the one behind PIECE;
 * false behind the last.
 */
bool dbk_log_group_cut(const struct dbk_log_group *group, struct dbk_log_piece *piece);

/* Bytes of the value that holds PIECE. */
size_t dbk_log_group_piece_bytes(const struct dbk_log_piece *piece);

/* Write the value of PIECE as group NUMBER, whose first record gets FIRST_POSITION. */
void dbk_log_group_encode(const struct dbk_log_group *group,
			  const struct dbk_log_piece *piece, uint64_t number,
			  uint64_t first_position, unsigned char *out);

#endif
