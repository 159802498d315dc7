#include "log/log_copy.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/assert.h"
#include "log/log_private.h"
#include "store/txn.h"

/* Where a value has the numbers of its key; README.md. */
#define NUMBER_AT 8

struct dbk_log_copy {
	struct dbk_log *log;
	struct dbk_txn *txn;
	struct dbk_log_slice before; /* its numbers only */
	bool has_before, continues;
};

enum dbk_err
dbk_log_copy_begin(struct dbk_log *log, struct dbk_log_copy **out_copy,
		   struct dbk_error *error)
{
	struct dbk_log_copy *copy = calloc(1, sizeof *copy);
	enum dbk_err err;

	if (copy == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY,
				     "no memory to copy a log");
	copy->log = log;
	copy->has_before = dbk_log_groups(log) > 0;
	if (copy->has_before) {
		copy->before.number = dbk_log_groups(log) - 1;
		copy->before.first_position = dbk_log_size(log);
		copy->before.recorded_at_us = log->recorded_at_us;
	}
	err = dbk_txn_begin_write(log->store, 0, &copy->txn, error);
	if (err != DBK_OK) {
		free(copy);
		return err;
	}
	*out_copy = copy;
	return DBK_OK;
}

/* VALUE taken apart and found to be the next group. */
static enum dbk_err
check(const struct dbk_log_copy *copy, struct dbk_str value, struct dbk_log_slice *out,
      unsigned char key[DBK_LOG_KEY_BYTES], struct dbk_error *error)
{
	struct dbk_cursor at = dbk_cursor_make(value.bytes, value.size);
	uint64_t number, first_position;
	enum dbk_err err;

	(void)dbk_cursor_take(&at, NUMBER_AT);
	number = dbk_cursor_u64(&at);
	first_position = dbk_cursor_u64(&at);
	dbk_log_slice_key(first_position, number, key);
	err = dbk_log_slice_decode(dbk_str_make(key, DBK_LOG_KEY_BYTES), value, out,
				   error);
	if (err == DBK_OK)
		err = dbk_log_slice_check(out, error);
	if (err == DBK_OK)
		err = dbk_log_slice_follows(copy->has_before ? &copy->before : NULL,
					    out, error);
	return err;
}

enum dbk_err
dbk_log_copy_put(struct dbk_log_copy *copy, struct dbk_str value,
		 struct dbk_log_slice *out_slice, struct dbk_error *error)
{
	unsigned char key[DBK_LOG_KEY_BYTES];
	enum dbk_err err = check(copy, value, out_slice, key, error);

	if (err != DBK_OK)
		return err;
	dbk_txn_append(copy->txn, copy->log->table, dbk_str_make(key, sizeof key),
		       value);
	err = dbk_txn_failed(copy->txn);
	if (err != DBK_OK)
		return dbk_error_set(error, err, "cannot write group %" PRIu64,
				     out_slice->number);
	copy->before = *out_slice;
	copy->has_before = true;
	copy->continues = out_slice->continues;
	return DBK_OK;
}

bool
dbk_log_copy_continues(const struct dbk_log_copy *copy)
{
	return copy->continues;
}

enum dbk_err
dbk_log_copy_commit(struct dbk_log_copy *copy, struct dbk_error *error)
{
	struct dbk_log *log = copy->log;
	const struct dbk_log_slice *newest = &copy->before;
	enum dbk_err err;

	dbk_assert(!copy->continues);
	err = dbk_txn_commit(copy->txn, error);
	if (err == DBK_OK && copy->has_before) {
		log->recorded_at_us = newest->recorded_at_us;
		atomic_store_explicit(&log->groups, newest->number + 1,
				      memory_order_release);
		atomic_store_explicit(&log->size,
				      newest->first_position + newest->n_records,
				      memory_order_release);
	}
	free(copy);
	return err;
}

void
dbk_log_copy_abort(struct dbk_log_copy *copy)
{
	if (copy == NULL)
		return;
	dbk_txn_abort(copy->txn);
	free(copy);
}
