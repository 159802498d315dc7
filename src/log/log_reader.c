#include "log/log_reader.h"

#include <inttypes.h>
#include <stdlib.h>

#include <daybook/limits.h>

#include "log/log_private.h"
#include "store/scan.h"
#include "store/txn.h"

struct dbk_log_reader {
	struct dbk_log *log;
	struct dbk_txn *txn;
	struct dbk_scan *scan;

	bool live;   /* has a snapshot, of which the following tell */
	bool placed; /* the scan stands on the group that next gave last */
	bool found;  /* FIND is valid */
	unsigned groups_given, finds_given;
	uint64_t size, groups;
	struct dbk_log_slice find; /* the group that the last find read */

	/* What next gives: group NUMBER at POSITION, or what holds POSITION. */
	uint64_t position, number;
	bool by_number;
	bool follows;		     /* BEFORE was given before it */
	struct dbk_log_slice before; /* its numbers only */
};

enum dbk_err
dbk_log_reader_open(struct dbk_log *log, struct dbk_log_reader **out_reader,
		    struct dbk_error *error)
{
	struct dbk_log_reader *reader = calloc(1, sizeof *reader);
	enum dbk_err err;

	if (reader == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY,
				     "no memory to read the log");
	reader->log = log;
	reader->by_number = true;
	err = dbk_txn_begin_read(log->store, &reader->txn, error);
	if (err != DBK_OK)
		goto free_reader;
	err = dbk_scan_open(reader->txn, log->table, &reader->scan);
	if (err != DBK_OK) {
		(void)dbk_error_set(error, err, "cannot read the log's table");
		goto abort_txn;
	}
	dbk_txn_rest(reader->txn);
	*out_reader = reader;
	return DBK_OK;

abort_txn:
	dbk_txn_abort(reader->txn);
free_reader:
	free(reader);
	return err;
}

void
dbk_log_reader_close(struct dbk_log_reader *reader)
{
	if (reader == NULL)
		return;
	dbk_scan_close(reader->scan);
	dbk_txn_abort(reader->txn);
	free(reader);
}

void
dbk_log_reader_rest(struct dbk_log_reader *reader)
{
	if (!reader->live)
		return;
	dbk_txn_rest(reader->txn);
	reader->live = false;
	reader->placed = false;
	reader->found = false;
}

/* Take a new snapshot and see how far it reaches. */
static enum dbk_err
renew(struct dbk_log_reader *reader, struct dbk_error *error)
{
	struct dbk_log_slice newest = { 0 };
	enum dbk_err err;

	dbk_log_reader_rest(reader);
	err = dbk_txn_renew(reader->txn, error);
	if (err != DBK_OK)
		return err;
	reader->live = true;
	reader->groups_given = 0;
	reader->finds_given = 0;
	reader->size = 0;
	reader->groups = 0;
	err = dbk_scan_renew(reader->scan);
	if (err != DBK_OK)
		return dbk_error_set(error, err, "cannot go on reading the log");
	err = dbk_log_newest(reader->scan, &newest, error);
	if (err == DBK_FAILED_NOT_FOUND)
		return DBK_OK;
	if (err != DBK_OK)
		return err;
	reader->size = newest.first_position + newest.n_records;
	reader->groups = newest.number + 1;
	return DBK_OK;
}

/* Read the group that holds POSITION, which is below the size of the snapshot. */
static enum dbk_err
read_holder(struct dbk_log_reader *reader, uint64_t position,
	    struct dbk_log_slice *out_slice, struct dbk_error *error)
{
	unsigned char bytes[DBK_LOG_KEY_BYTES];
	struct dbk_str key, value;
	struct dbk_log_slice slice;
	enum dbk_err err;

	dbk_log_slice_key(position + 1, 0, bytes);
	err = dbk_scan_seek_below(reader->scan, dbk_str_make(bytes, sizeof bytes), &key,
				  &value);
	if (err == DBK_FAILED_NOT_FOUND)
		err = DBK_FAILED_DAMAGED;
	if (err != DBK_OK)
		return dbk_error_set(
		    error, err, "cannot read the group that holds position %" PRIu64,
		    position);
	err = dbk_log_slice_decode(key, value, &slice, error);
	if (err != DBK_OK)
		return err;
	if (position - slice.first_position >= slice.n_records)
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "no group of the log holds position %" PRIu64
				     "; group %" PRIu64 " ends before it",
				     position, slice.number);
	*out_slice = slice;
	return DBK_OK;
}

static bool
holds(const struct dbk_log_slice *slice, uint64_t position)
{
	return position >= slice->first_position &&
	       position - slice->first_position < slice->n_records;
}

enum dbk_err
dbk_log_reader_find(struct dbk_log_reader *reader, uint64_t position,
		    struct dbk_str *out_record, struct dbk_error *error)
{
	enum dbk_err err = DBK_OK;

	if (!reader->live || position >= reader->size ||
	    reader->finds_given >= DBK_LOG_READER_FINDS_MAX)
		err = renew(reader, error);
	if (err == DBK_OK && position >= reader->size)
		return DBK_FAILED_NOT_FOUND;
	if (err == DBK_OK && !(reader->found && holds(&reader->find, position))) {
		reader->placed = false;
		reader->found = false;
		err = read_holder(reader, position, &reader->find, error);
		reader->found = err == DBK_OK;
	}
	if (err != DBK_OK)
		return err;
	reader->finds_given++;
	return dbk_log_slice_find(&reader->find,
				  (uint32_t)(position - reader->find.first_position),
				  out_record, error);
}

static void
aim(struct dbk_log_reader *reader, uint64_t position, uint64_t number, bool by_number)
{
	reader->position = position;
	reader->number = number;
	reader->by_number = by_number;
	reader->follows = false;
	reader->placed = false;
}

void
dbk_log_reader_seek(struct dbk_log_reader *reader, uint64_t position)
{
	aim(reader, position, 0, false);
}

void
dbk_log_reader_seek_group(struct dbk_log_reader *reader, uint64_t first_position,
			  uint64_t number)
{
	aim(reader, first_position, number, true);
}

enum dbk_err
dbk_log_reader_is_place(struct dbk_log_reader *reader, uint64_t first_position,
			uint64_t number, bool *out_is, struct dbk_error *error)
{
	unsigned char bytes[DBK_LOG_KEY_BYTES];
	struct dbk_str key, wanted = dbk_str_make(bytes, sizeof bytes);
	enum dbk_err err = renew(reader, error);

	if (err != DBK_OK)
		return err;
	*out_is = false;
	if (number >= reader->groups) {
		*out_is =
		    number == reader->groups && first_position == reader->size;
		return DBK_OK;
	}
	dbk_log_slice_key(first_position, number, bytes);
	err = dbk_scan_seek(reader->scan, wanted, &key, NULL);
	if (err == DBK_FAILED_NOT_FOUND)
		return DBK_OK;
	if (err != DBK_OK)
		return dbk_error_set(error, err, "cannot read group %" PRIu64, number);
	*out_is = dbk_str_equal(key, wanted);
	return DBK_OK;
}

/* Go back from *SLICE, where the scan stands, to the first group of its commit. */
static enum dbk_err
go_to_commit(struct dbk_log_reader *reader, struct dbk_log_slice *slice,
	     struct dbk_error *error)
{
	struct dbk_log_slice before;
	struct dbk_str key, value;
	enum dbk_err err;

	for (;;) {
		err = dbk_scan_prev(reader->scan, &key, &value);
		if (err == DBK_FAILED_NOT_FOUND)
			return DBK_OK;
		if (err != DBK_OK)
			return dbk_error_set(error, err,
					     "cannot read the group before %" PRIu64,
					     slice->number);
		err = dbk_log_slice_decode(key, value, &before, error);
		if (err != DBK_OK || !before.continues)
			return err;
		*slice = before;
	}
}

enum dbk_err
dbk_log_reader_commit_of(struct dbk_log_reader *reader, uint64_t position,
			 uint64_t *out_first_position, uint64_t *out_number,
			 struct dbk_error *error)
{
	struct dbk_log_slice slice;
	enum dbk_err err = renew(reader, error);

	if (err != DBK_OK)
		return err;
	if (position > reader->size)
		return DBK_FAILED_NOT_FOUND;
	if (position == reader->size) {
		*out_first_position = reader->size;
		*out_number = reader->groups;
		return DBK_OK;
	}
	err = read_holder(reader, position, &slice, error);
	if (err == DBK_OK)
		err = go_to_commit(reader, &slice, error);
	if (err != DBK_OK)
		return err;
	*out_first_position = slice.first_position;
	*out_number = slice.number;
	return DBK_OK;
}

static bool
in_sight(const struct dbk_log_reader *reader)
{
	return reader->live && (reader->by_number ? reader->number < reader->groups
						  : reader->position < reader->size);
}

/* Read the group that stands where the aimed one has to. */
static enum dbk_err
read_aimed(struct dbk_log_reader *reader, struct dbk_log_slice *out_slice,
	   struct dbk_error *error)
{
	unsigned char bytes[DBK_LOG_KEY_BYTES];
	struct dbk_str key, value;
	enum dbk_err err;

	if (!reader->by_number)
		return read_holder(reader, reader->position, out_slice, error);
	dbk_log_slice_key(reader->position, reader->number, bytes);
	err = reader->placed
		  ? dbk_scan_next(reader->scan, &key, &value)
		  : dbk_scan_seek(reader->scan, dbk_str_make(bytes, sizeof bytes), &key,
				  &value);
	if (err == DBK_FAILED_NOT_FOUND)
		err = DBK_FAILED_DAMAGED;
	if (err != DBK_OK)
		return dbk_error_set(error, err,
				     "cannot read group %" PRIu64
				     " at position %" PRIu64 " of the log",
				     reader->number, reader->position);
	return dbk_log_slice_decode(key, value, out_slice, error);
}

static enum dbk_err
check_aimed(const struct dbk_log_reader *reader, const struct dbk_log_slice *slice,
	    struct dbk_error *error)
{
	enum dbk_err err = dbk_log_slice_check(slice, error);

	if (err != DBK_OK)
		return err;
	if (reader->follows)
		return dbk_log_slice_follows(&reader->before, slice, error);
	if (reader->by_number && (slice->number != reader->number ||
				  slice->first_position != reader->position))
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "the log has group %" PRIu64
				     " at position %" PRIu64 " where group %" PRIu64
				     " at position %" PRIu64 " was expected",
				     slice->number, slice->first_position,
				     reader->number, reader->position);
	return DBK_OK;
}

enum dbk_err
dbk_log_reader_next(struct dbk_log_reader *reader, struct dbk_log_slice *out_slice,
		    struct dbk_error *error)
{
	struct dbk_log_slice slice;
	enum dbk_err err = DBK_OK;

	if (!in_sight(reader) || reader->groups_given >= DBK_LOG_READER_GROUPS_MAX)
		err = renew(reader, error);
	if (err != DBK_OK)
		return err;
	if (!in_sight(reader))
		return DBK_FAILED_NOT_FOUND;
	err = read_aimed(reader, &slice, error);
	if (err == DBK_OK)
		err = check_aimed(reader, &slice, error);
	reader->placed = err == DBK_OK;
	if (err != DBK_OK)
		return err;
	reader->groups_given++;
	reader->before = slice;
	reader->follows = true;
	reader->by_number = true;
	reader->number = slice.number + 1;
	reader->position = slice.first_position + slice.n_records;
	*out_slice = slice;
	return DBK_OK;
}
