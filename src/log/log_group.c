#include "log/log_group.h"

#include <string.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "base/crc32c.h"
#include "log/log_slice.h"

/* A batch entry and a record of any size fit a value, or cutting would not end. */
_Static_assert(DBK_LOG_HEADER_BYTES + DBK_LOG_BATCH_FIXED_BYTES + DBK_ID_BYTES_MAX +
		       DBK_LOG_REPLY_BYTES_MAX + DBK_RECORD_BYTES_MAX + 8 <
		   DBK_LOG_VALUE_BYTES_MAX,
	       "every entry fits a value");

void
dbk_log_group_init(struct dbk_log_group *group)
{
	memset(group, 0, sizeof *group);
}

void
dbk_log_group_fini(struct dbk_log_group *group)
{
	dbk_buf_fini(&group->batches);
	dbk_buf_fini(&group->ends);
	dbk_buf_fini(&group->records);
	memset(group, 0, sizeof *group);
}

void
dbk_log_group_reset(struct dbk_log_group *group, int64_t recorded_at_us)
{
	group->recorded_at_us = recorded_at_us;
	group->n_batches = 0;
	group->n_records = 0;
	dbk_buf_reset(&group->batches);
	dbk_buf_reset(&group->ends);
	dbk_buf_reset(&group->records);
}

void
dbk_log_group_add_batch(struct dbk_log_group *group, const struct dbk_log_batch *batch)
{
	struct dbk_buf *buf = &group->batches;

	dbk_assert(batch->source.size <= DBK_ID_BYTES_MAX);
	dbk_assert(batch->reply.size <= DBK_LOG_REPLY_BYTES_MAX);
	dbk_buf_put_u64(buf, batch->batch_seq);
	dbk_buf_put_u32(buf, batch->n_events);
	dbk_buf_put_u32(buf, batch->reply.size);
	dbk_buf_put_u32(buf, batch->source.size | (uint32_t)batch->flags << 16);
	dbk_buf_put(buf, batch->source.bytes, batch->source.size);
	dbk_buf_put(buf, batch->reply.bytes, batch->reply.size);
	group->n_batches++;
}

struct dbk_buf *
dbk_log_group_begin_record(struct dbk_log_group *group)
{
	return &group->records;
}

static uint32_t
load_u32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

/* Where record INDEX begins; for n_records where the last one ends. */
static size_t
record_begin(const struct dbk_log_group *group, uint32_t index)
{
	return index == 0 ? 0 : load_u32(group->ends.bytes + (size_t)4 * (index - 1));
}

void
dbk_log_group_end_record(struct dbk_log_group *group)
{
	if (dbk_log_group_failed(group))
		return;
	/* Above 32 bits dbk_log_append() refuses the group by its size. */
	if (group->records.size <= UINT32_MAX)
		dbk_assert(group->records.size -
			       record_begin(group, group->n_records) <=
			   DBK_RECORD_BYTES_MAX);
	dbk_buf_put_u32(&group->ends, (uint32_t)group->records.size);
	if (!dbk_buf_failed(&group->ends))
		group->n_records++;
}

void
dbk_log_group_add_record(struct dbk_log_group *group, struct dbk_str record)
{
	dbk_buf_put(dbk_log_group_begin_record(group), record.bytes, record.size);
	dbk_log_group_end_record(group);
}

size_t
dbk_log_group_bytes(const struct dbk_log_group *group)
{
	return DBK_LOG_HEADER_BYTES + group->batches.size + group->ends.size + 4 +
	       group->records.size;
}

bool
dbk_log_group_failed(const struct dbk_log_group *group)
{
	return dbk_buf_failed(&group->batches) || dbk_buf_failed(&group->ends) ||
	       dbk_buf_failed(&group->records);
}

static size_t
batch_bytes(const unsigned char *entry)
{
	return DBK_LOG_BATCH_FIXED_BYTES + load_u32(entry + 12) +
	       (load_u32(entry + 16) & 0xffff);
}

size_t
dbk_log_group_piece_bytes(const struct dbk_log_piece *piece)
{
	return DBK_LOG_HEADER_BYTES + piece->batches_bytes +
	       (size_t)4 * ((size_t)piece->n_records + 1) + piece->records_bytes;
}

static void
take_batches(const struct dbk_log_group *group, struct dbk_log_piece *piece)
{
	size_t at = piece->batches_at;

	while (at < group->batches.size) {
		size_t bytes = batch_bytes(group->batches.bytes + at);

		if (dbk_log_group_piece_bytes(piece) + bytes > DBK_LOG_VALUE_BYTES_MAX)
			break;
		piece->batches_bytes += bytes;
		piece->n_batches++;
		at += bytes;
	}
}

static void
take_records(const struct dbk_log_group *group, struct dbk_log_piece *piece)
{
	uint32_t all = group->n_records - piece->first_record;
	size_t size = group->records.size - piece->records_at;

	if (dbk_log_group_piece_bytes(piece) + (size_t)4 * all + size <=
	    DBK_LOG_VALUE_BYTES_MAX) {
		piece->n_records = all;
		piece->records_bytes = size;
		return;
	}
	for (uint32_t i = 1; i <= all; i++) {
		size_t end = record_begin(group, piece->first_record + i);
		size_t bytes = end - piece->records_at - piece->records_bytes;

		if (dbk_log_group_piece_bytes(piece) + 4 + bytes >
		    DBK_LOG_VALUE_BYTES_MAX)
			break;
		piece->n_records = i;
		piece->records_bytes += bytes;
	}
}

bool
dbk_log_group_cut(const struct dbk_log_group *group, struct dbk_log_piece *piece)
{
	struct dbk_log_piece next = {
		.batches_at = piece->batches_at + piece->batches_bytes,
		.first_record = piece->first_record + piece->n_records,
		.records_at = piece->records_at + piece->records_bytes,
	};

	if (next.batches_at == group->batches.size &&
	    next.first_record == group->n_records)
		return false;
	take_batches(group, &next);
	if (next.batches_at + next.batches_bytes == group->batches.size)
		take_records(group, &next);
	dbk_assert(next.n_batches > 0 || next.n_records > 0);
	next.continues = next.batches_at + next.batches_bytes < group->batches.size ||
			 next.first_record + next.n_records < group->n_records;
	*piece = next;
	return true;
}

static void
store_u32(unsigned char *out, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		out[i] = (unsigned char)(value >> (8 * i));
}

static void
store_u64(unsigned char *out, uint64_t value)
{
	store_u32(out, (uint32_t)value);
	store_u32(out + 4, (uint32_t)(value >> 32));
}

/* Appends nothing when SIZE is 0, where SOURCE may be NULL. */
static unsigned char *
copy(unsigned char *out, const unsigned char *source, size_t at, size_t size)
{
	if (size > 0)
		memcpy(out, source + at, size);
	return out + size;
}

void
dbk_log_group_encode(const struct dbk_log_group *group,
		     const struct dbk_log_piece *piece, uint64_t number,
		     uint64_t first_position, unsigned char *out)
{
	unsigned char *at = out + DBK_LOG_HEADER_BYTES;

	store_u32(out + 4, DBK_LOG_VALUE_FORMAT |
			       (piece->continues ? DBK_LOG_FLAG_CONTINUES : 0u) << 16);
	store_u64(out + 8, number);
	store_u64(out + 16, first_position);
	store_u64(out + 24, (uint64_t)group->recorded_at_us);
	store_u32(out + 32, piece->n_batches);
	store_u32(out + 36, piece->n_records);
	store_u32(out + 40, (uint32_t)piece->batches_bytes);
	store_u32(out + 44, (uint32_t)piece->records_bytes);
	at = copy(at, group->batches.bytes, piece->batches_at, piece->batches_bytes);
	for (uint32_t i = 0; i <= piece->n_records; i++, at += 4)
		store_u32(at, (uint32_t)(record_begin(group, piece->first_record + i) -
					 piece->records_at));
	(void)copy(at, group->records.bytes, piece->records_at, piece->records_bytes);
	store_u32(out, dbk_crc32c_sum(out + 4, dbk_log_group_piece_bytes(piece) - 4));
}
