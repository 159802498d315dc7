#ifndef DBK_LOG_LOG_SLICE_H
#define DBK_LOG_LOG_SLICE_H

/*
 * log_slice.h -- a group as it lies in the store: borrowed bytes with their bounds.
 *
 * The bytes may be of another hand (a copied log, a damaged disk), so nothing in them
 * is believed before dbk_log_slice_check().
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/buf.h"
#include "base/str.h"
#include "log/log_group.h"

/* Offsets into the header of a value, and its size; README.md. */
#define DBK_LOG_VALUE_FORMAT 1
#define DBK_LOG_HEADER_BYTES 48
#define DBK_LOG_BATCH_FIXED_BYTES 20
#define DBK_LOG_FLAG_CONTINUES 1u

/* A key of the table: both numbers big-endian, so that order of bytes is order. */
#define DBK_LOG_KEY_BYTES 16

struct dbk_log_slice {
	uint64_t number;
	uint64_t first_position;
	int64_t recorded_at_us;
	uint32_t n_records;
	uint32_t n_batches;
	bool continues; /* the next group is of the same commit */
	uint32_t records_bytes;
	uint32_t batches_bytes;
	const unsigned char *value; /* all of it */
	const unsigned char *batches;
	const unsigned char *offsets; /* n_records + 1, 32 bits each, from RECORDS */
	const unsigned char *records;
};

void dbk_log_slice_key(uint64_t first_position, uint64_t number,
		       unsigned char out[DBK_LOG_KEY_BYTES]);

/* Read the header; DAMAGED if the sizes in it are not those of VALUE, or not of KEY. */
DBK_MUST_CHECK enum dbk_err dbk_log_slice_decode(struct dbk_str key,
						 struct dbk_str value,
						 struct dbk_log_slice *out_slice,
						 struct dbk_error *error);

/* Check the checksum, that offsets rise within the records, and the batches' sizes. */
DBK_MUST_CHECK enum dbk_err dbk_log_slice_check(const struct dbk_log_slice *slice,
						struct dbk_error *error);

/* DAMAGED unless SLICE directly follows BEFORE; NULL stands for the log's beginning. */
DBK_MUST_CHECK enum dbk_err dbk_log_slice_follows(const struct dbk_log_slice *before,
						  const struct dbk_log_slice *slice,
						  struct dbk_error *error);

static inline uint32_t
dbk_log_slice_offset(const struct dbk_log_slice *slice, uint32_t index)
{
	const unsigned char *p = slice->offsets + (size_t)4 * index;

	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

/* Record INDEX (from 0) of a checked slice. */
static inline struct dbk_str
dbk_log_slice_record(const struct dbk_log_slice *slice, uint32_t index)
{
	uint32_t begin = dbk_log_slice_offset(slice, index);
	uint32_t end = dbk_log_slice_offset(slice, index + 1);

	return dbk_str_make(slice->records + begin, end - begin);
}

/* Record INDEX of a slice that is not checked; DAMAGED if it is not within it. */
DBK_MUST_CHECK enum dbk_err dbk_log_slice_find(const struct dbk_log_slice *slice,
					       uint32_t index,
					       struct dbk_str *out_record,
					       struct dbk_error *error);

/*
 * Walk over the batches of a checked slice:
 *
 *	struct dbk_cursor at = dbk_log_slice_batches(slice);
 *	while (dbk_log_slice_next_batch(&at, &batch))
 *		...
 */
static inline struct dbk_cursor
dbk_log_slice_batches(const struct dbk_log_slice *slice)
{
	return dbk_cursor_make(slice->batches, slice->batches_bytes);
}

/* False at the end; also, with AT->failed, when an entry is cut short. */
bool dbk_log_slice_next_batch(struct dbk_cursor *at, struct dbk_log_batch *out_batch);

#endif
