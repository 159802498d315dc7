#include "log/log_slice.h"

#include <inttypes.h>

#include "base/crc32c.h"

static uint64_t
load_big(const unsigned char *p)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < 8; i++)
		value = value << 8 | p[i];
	return value;
}

void
dbk_log_slice_key(uint64_t first_position, uint64_t number,
		  unsigned char out[DBK_LOG_KEY_BYTES])
{
	for (unsigned i = 0; i < 8; i++) {
		out[i] = (unsigned char)(first_position >> (56 - 8 * i));
		out[8 + i] = (unsigned char)(number >> (56 - 8 * i));
	}
}

static enum dbk_err
damaged(const struct dbk_log_slice *slice, struct dbk_error *error, const char *what)
{
	return dbk_error_set(error, DBK_FAILED_DAMAGED,
			     "group %" PRIu64 " at position %" PRIu64 " of the log: %s",
			     slice->number, slice->first_position, what);
}

/* The regions behind the header, if their sizes add up to that of the value. */
static bool
lay_out(struct dbk_log_slice *slice, size_t size)
{
	uint64_t offsets_bytes = 4 * ((uint64_t)slice->n_records + 1);

	if (DBK_LOG_HEADER_BYTES + (uint64_t)slice->batches_bytes + offsets_bytes +
		slice->records_bytes !=
	    size)
		return false;
	slice->batches = slice->value + DBK_LOG_HEADER_BYTES;
	slice->offsets = slice->batches + slice->batches_bytes;
	slice->records = slice->offsets + offsets_bytes;
	return true;
}

enum dbk_err
dbk_log_slice_decode(struct dbk_str key, struct dbk_str value,
		     struct dbk_log_slice *out_slice, struct dbk_error *error)
{
	struct dbk_cursor at = dbk_cursor_make(value.bytes, value.size);
	struct dbk_log_slice slice = { 0 };
	uint64_t number, first_position;
	uint32_t kind;

	if (key.size != DBK_LOG_KEY_BYTES)
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "a key of the log has %" PRIu32 " bytes",
				     key.size);
	slice.value = (const unsigned char *)value.bytes;
	slice.first_position = load_big((const unsigned char *)key.bytes);
	slice.number = load_big((const unsigned char *)key.bytes + 8);
	(void)dbk_cursor_u32(&at); /* the checksum */
	kind = dbk_cursor_u32(&at);
	number = dbk_cursor_u64(&at);
	first_position = dbk_cursor_u64(&at);
	slice.recorded_at_us = (int64_t)dbk_cursor_u64(&at);
	slice.n_batches = dbk_cursor_u32(&at);
	slice.n_records = dbk_cursor_u32(&at);
	slice.batches_bytes = dbk_cursor_u32(&at);
	slice.records_bytes = dbk_cursor_u32(&at);
	slice.continues = (kind >> 16 & DBK_LOG_FLAG_CONTINUES) != 0;
	if (at.failed)
		return damaged(&slice, error, "the value is shorter than its header");
	if ((kind & 0xffff) != DBK_LOG_VALUE_FORMAT ||
	    kind >> 16 > DBK_LOG_FLAG_CONTINUES)
		return damaged(&slice, error, "the header is of no known format");
	if (number != slice.number || first_position != slice.first_position)
		return damaged(&slice, error, "the header is that of another group");
	if (!lay_out(&slice, value.size))
		return damaged(&slice, error,
			       "the value's size is not what its header says");
	*out_slice = slice;
	return DBK_OK;
}

static bool
offsets_rise(const struct dbk_log_slice *slice)
{
	uint32_t before = 0;
	bool rise = dbk_log_slice_offset(slice, 0) == 0;

	for (uint32_t i = 1; i <= slice->n_records; i++) {
		uint32_t offset = dbk_log_slice_offset(slice, i);

		rise &= offset >= before;
		before = offset;
	}
	return rise && before == slice->records_bytes;
}

static bool
batches_fit(const struct dbk_log_slice *slice)
{
	struct dbk_cursor at = dbk_log_slice_batches(slice);
	struct dbk_log_batch batch;
	uint32_t n = 0;

	while (dbk_log_slice_next_batch(&at, &batch))
		n++;
	return !at.failed && n == slice->n_batches;
}

enum dbk_err
dbk_log_slice_check(const struct dbk_log_slice *slice, struct dbk_error *error)
{
	size_t size = (size_t)(slice->records - slice->value) + slice->records_bytes;
	struct dbk_cursor at = dbk_cursor_make(slice->value, 4);

	if (dbk_crc32c_sum(slice->value + 4, size - 4) != dbk_cursor_u32(&at))
		return damaged(slice, error, "the checksum differs");
	if (!offsets_rise(slice))
		return damaged(slice, error, "an offset points outside the records");
	if (!batches_fit(slice))
		return damaged(slice, error, "the batches do not fill their region");
	return DBK_OK;
}

enum dbk_err
dbk_log_slice_follows(const struct dbk_log_slice *before,
		      const struct dbk_log_slice *slice, struct dbk_error *error)
{
	uint64_t number = before == NULL ? 0 : before->number + 1;
	uint64_t position =
	    before == NULL ? 0 : before->first_position + before->n_records;

	if (slice->number != number || slice->first_position != position)
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "group %" PRIu64 " at position %" PRIu64
				     " of the log is missing; group %" PRIu64
				     " at position %" PRIu64 " stands there",
				     number, position, slice->number,
				     slice->first_position);
	if (before != NULL && slice->recorded_at_us < before->recorded_at_us)
		return damaged(slice, error, "recorded before its predecessor");
	return DBK_OK;
}

enum dbk_err
dbk_log_slice_find(const struct dbk_log_slice *slice, uint32_t index,
		   struct dbk_str *out_record, struct dbk_error *error)
{
	uint32_t begin, end;

	if (index >= slice->n_records)
		return damaged(slice, error,
			       "it has fewer records than its place demands");
	begin = dbk_log_slice_offset(slice, index);
	end = dbk_log_slice_offset(slice, index + 1);
	if (begin > end || end > slice->records_bytes)
		return damaged(slice, error, "an offset points outside the records");
	*out_record = dbk_str_make(slice->records + begin, end - begin);
	return DBK_OK;
}

bool
dbk_log_slice_next_batch(struct dbk_cursor *at, struct dbk_log_batch *out_batch)
{
	struct dbk_log_batch batch;
	uint32_t reply_size, mixed;

	if (dbk_cursor_left(at) == 0)
		return false;
	batch.batch_seq = dbk_cursor_u64(at);
	batch.n_events = dbk_cursor_u32(at);
	reply_size = dbk_cursor_u32(at);
	mixed = dbk_cursor_u32(at);
	batch.flags = (uint16_t)(mixed >> 16);
	batch.source.size = mixed & 0xffff;
	batch.source.bytes = (const char *)dbk_cursor_take(at, batch.source.size);
	batch.reply.size = reply_size;
	batch.reply.bytes = (const char *)dbk_cursor_take(at, reply_size);
	if (at->failed)
		return false;
	*out_batch = batch;
	return true;
}
