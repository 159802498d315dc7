#include "log/log.h"

#include <inttypes.h>
#include <stddef.h>

#include "log/log_reader.h"

static enum dbk_err
walk(struct dbk_log_reader *reader, dbk_log_progress *progress, void *context,
     bool *out_whole, struct dbk_error *error)
{
	struct dbk_log_slice slice;
	enum dbk_err err;

	*out_whole = true;
	while ((err = dbk_log_reader_next(reader, &slice, error)) == DBK_OK) {
		uint64_t done = slice.first_position + slice.n_records;

		*out_whole = !slice.continues;
		if (progress != NULL && !progress(context, done))
			return dbk_error_set(error, DBK_FAILED_STATE,
					     "stopped at position %" PRIu64, done);
	}
	return err == DBK_FAILED_NOT_FOUND ? DBK_OK : err;
}

enum dbk_err
dbk_log_check(struct dbk_log *log, dbk_log_progress *progress, void *context,
	      struct dbk_error *error)
{
	struct dbk_log_reader *reader;
	bool whole;
	enum dbk_err err = dbk_log_reader_open(log, &reader, error);

	if (err != DBK_OK)
		return err;
	err = walk(reader, progress, context, &whole, error);
	dbk_log_reader_close(reader);
	if (err == DBK_OK && !whole)
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "the last commit of the log has no end");
	return err;
}
