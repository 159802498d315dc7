#include "log/log.h"

#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "log/log_private.h"
#include "store/txn.h"

#define TABLE_NAME "groups"
#define FORMAT_NAME "log"
#define FORMAT_VERSION 1

/* LMDB lays a large value into pages of its own behind a header of this size. */
#define PAGE_BYTES ((uint64_t)4096)
#define PAGE_HEADER_BYTES ((uint64_t)16)

enum dbk_err
dbk_log_newest(struct dbk_scan *scan, struct dbk_log_slice *out_slice,
	       struct dbk_error *error)
{
	struct dbk_str key, value;
	enum dbk_err err = dbk_scan_last(scan, &key, &value);

	if (err == DBK_FAILED_NOT_FOUND)
		return err;
	if (err != DBK_OK)
		return dbk_error_set(error, err, "cannot read the newest group");
	return dbk_log_slice_decode(key, value, out_slice, error);
}

static enum dbk_err
check_predecessor(struct dbk_scan *scan, const struct dbk_log_slice *newest,
		  struct dbk_error *error)
{
	struct dbk_log_slice before;
	struct dbk_str key, value;
	enum dbk_err err = dbk_scan_prev(scan, &key, &value);

	if (err == DBK_FAILED_NOT_FOUND)
		return dbk_log_slice_follows(NULL, newest, error);
	if (err != DBK_OK)
		return dbk_error_set(error, err, "cannot read the last group but one");
	err = dbk_log_slice_decode(key, value, &before, error);
	if (err == DBK_OK)
		err = dbk_log_slice_check(&before, error);
	if (err == DBK_OK)
		err = dbk_log_slice_follows(&before, newest, error);
	return err;
}

static enum dbk_err
check_newest(struct dbk_log *log, struct dbk_txn *txn, struct dbk_scan *scan,
	     struct dbk_error *error)
{
	struct dbk_log_slice newest;
	enum dbk_err err = dbk_log_newest(scan, &newest, error);
	uint64_t count;

	if (err == DBK_FAILED_NOT_FOUND)
		return DBK_OK;
	if (err == DBK_OK)
		err = dbk_log_slice_check(&newest, error);
	if (err == DBK_OK)
		err = check_predecessor(scan, &newest, error);
	if (err != DBK_OK)
		return err;
	count = dbk_txn_count(txn, log->table);
	if (count != newest.number + 1)
		return dbk_error_set(
		    error, DBK_FAILED_DAMAGED,
		    "the newest group is number %llu, but there are %llu",
		    (unsigned long long)newest.number, (unsigned long long)count);
	if (newest.continues)
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "group %llu begins a commit that has no end",
				     (unsigned long long)newest.number);
	atomic_store(&log->size, newest.first_position + newest.n_records);
	atomic_store(&log->groups, newest.number + 1);
	log->recorded_at_us = newest.recorded_at_us;
	return DBK_OK;
}

static enum dbk_err
load(struct dbk_log *log, struct dbk_error *error)
{
	struct dbk_scan *scan;
	struct dbk_txn *txn;
	enum dbk_err err;

	err = dbk_store_table(log->store, TABLE_NAME, &log->table, error);
	if (err != DBK_OK)
		return err;
	err = dbk_txn_begin_read(log->store, &txn, error);
	if (err != DBK_OK)
		return err;
	err = dbk_scan_open(txn, log->table, &scan);
	if (err == DBK_OK) {
		err = check_newest(log, txn, scan, error);
		dbk_scan_close(scan);
	} else {
		(void)dbk_error_set(error, err, "cannot read the log's table");
	}
	dbk_txn_abort(txn);
	return err;
}

enum dbk_err
dbk_log_open(const char *dir, const struct dbk_log_options *options,
	     struct dbk_log **out_log, struct dbk_error *error)
{
	const struct dbk_store_options store_options = {
		.format = FORMAT_NAME,
		.format_version = FORMAT_VERSION,
		.max_bytes = options->max_bytes,
		.reserve_bytes = options->reserve_bytes,
		.readers_max = options->readers_max,
		.read_only = options->read_only,
		.no_sync = options->no_sync,
		.fault = options->fault,
	};
	struct dbk_log *log = calloc(1, sizeof *log);
	enum dbk_err err;

	if (log == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "no memory to open %s",
				     dir);
	err = dbk_store_open(dir, &store_options, &log->store, error);
	if (err == DBK_OK)
		err = load(log, error);
	if (err != DBK_OK) {
		dbk_error_prepend(error, "open the log");
		dbk_log_close(log);
		return err;
	}
	*out_log = log;
	return DBK_OK;
}

void
dbk_log_close(struct dbk_log *log)
{
	if (log == NULL)
		return;
	dbk_store_close(log->store);
	free(log);
}

uint64_t
dbk_log_size(const struct dbk_log *log)
{
	return atomic_load_explicit(&log->size, memory_order_acquire);
}

uint64_t
dbk_log_groups(const struct dbk_log *log)
{
	return atomic_load_explicit(&log->groups, memory_order_acquire);
}

int64_t
dbk_log_recorded_at_us(const struct dbk_log *log)
{
	return log->recorded_at_us;
}

struct dbk_store *
dbk_log_store(struct dbk_log *log)
{
	return log->store;
}

static enum dbk_err
check_bounds(const struct dbk_log *log, const struct dbk_log_group *group,
	     struct dbk_error *error)
{
	dbk_assert(group->n_batches > 0 || group->n_records > 0 ||
		   dbk_log_group_failed(group));
	dbk_assert(group->recorded_at_us >= log->recorded_at_us);
	if (dbk_log_group_failed(group))
		return dbk_error_set(error, DBK_FAILED_MEMORY,
				     "no memory for a group of the log");
	if (dbk_log_group_bytes(group) > DBK_LOG_COMMIT_BYTES_MAX)
		return dbk_error_set(error, DBK_FAILED_LIMIT,
				     "a group of %zu bytes; a commit has at most %d",
				     dbk_log_group_bytes(group),
				     DBK_LOG_COMMIT_BYTES_MAX);
	if (dbk_log_size(log) + group->n_records > (uint64_t)DBK_RECORDS_MAX)
		return dbk_error_set(error, DBK_FAILED_LIMIT,
				     "the log has %llu records; it holds at most %lld",
				     (unsigned long long)dbk_log_size(log),
				     DBK_RECORDS_MAX);
	return DBK_OK;
}

/* What the values of GROUP take in the store. */
static uint64_t
stored_bytes(const struct dbk_log_group *group)
{
	struct dbk_log_piece piece = { 0 };
	uint64_t bytes = 0;

	while (dbk_log_group_cut(group, &piece)) {
		uint64_t value = PAGE_HEADER_BYTES + dbk_log_group_piece_bytes(&piece);

		bytes += (value + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
	}
	return bytes;
}

static uint64_t
put_pieces(struct dbk_log *log, struct dbk_txn *txn, const struct dbk_log_group *group)
{
	uint64_t number = dbk_log_groups(log), position = dbk_log_size(log);
	struct dbk_log_piece piece = { 0 };

	while (dbk_log_group_cut(group, &piece)) {
		unsigned char key[DBK_LOG_KEY_BYTES];
		unsigned char *out;

		dbk_log_slice_key(position, number, key);
		out = dbk_txn_append_reserve(txn, log->table,
					     dbk_str_make(key, sizeof key),
					     dbk_log_group_piece_bytes(&piece));
		if (out != NULL)
			dbk_log_group_encode(group, &piece, number, position, out);
		number++;
		position += piece.n_records;
	}
	return number;
}

enum dbk_err
dbk_log_append(struct dbk_log *log, const struct dbk_log_group *group,
	       struct dbk_error *error)
{
	struct dbk_txn *txn;
	uint64_t groups;
	enum dbk_err err = check_bounds(log, group, error);

	if (err == DBK_OK)
		err = dbk_txn_begin_write(log->store, stored_bytes(group), &txn, error);
	if (err != DBK_OK)
		return err;
	groups = put_pieces(log, txn, group);
	err = dbk_txn_commit(txn, error);
	if (err != DBK_OK)
		return err;
	log->recorded_at_us = group->recorded_at_us;
	atomic_store_explicit(&log->groups, groups, memory_order_release);
	atomic_store_explicit(&log->size, dbk_log_size(log) + group->n_records,
			      memory_order_release);
	return DBK_OK;
}
