#ifndef DBK_LOG_LOG_H
#define DBK_LOG_LOG_H

/*
 * log.h -- the event log: records in order, appended in groups, never changed.
 *
 * A group is what one commit writes: the replies to the batches it answers, and the
 * records these batches added (perhaps none).  Positions count records from 0 without a
 * gap; group numbers count groups from 0 without a gap.  To the log a record and a
 * reply are bytes; what they mean is known elsewhere.  README.md has the format byte by
 * byte.
 *
 * Reading is in log_reader.h, building a group in log_group.h.
 *
 * Thread: one writer thread appends.  dbk_log_size() and dbk_log_groups() may be asked
 * by any thread and never run ahead of what is durable.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "log/log_group.h"
#include "store/store.h"

struct dbk_log;

/* Zeroed is the default everywhere; see store.h for the members of the same name. */
struct dbk_log_options {
	uint64_t max_bytes;
	uint64_t reserve_bytes;
	unsigned readers_max;
	bool read_only;
	bool no_sync; /* for tests and copies: acknowledged means on disk otherwise */
	struct dbk_store_fault fault;
};

/*
 * Open the log in DIR, which is made if it is missing, and check that the newest group
 * is whole and follows its predecessor.  Fails as dbk_store_open() does; DAMAGED names
 * the group.
 */
DBK_MUST_CHECK enum dbk_err dbk_log_open(const char *dir,
					 const struct dbk_log_options *options,
					 struct dbk_log **out_log,
					 struct dbk_error *error);

/* All readers are closed.  NULL is nothing. */
void dbk_log_close(struct dbk_log *log);

/* Number of records: the position that the next one gets. */
uint64_t dbk_log_size(const struct dbk_log *log);

/* Number of groups. */
uint64_t dbk_log_groups(const struct dbk_log *log);

/* When the newest group was recorded; 0 for an empty log.  Writer thread only. */
int64_t dbk_log_recorded_at_us(const struct dbk_log *log);

/*
 * Append GROUP in one transaction; when this returns DBK_OK it is on the disk.  GROUP
 * holds at least a batch or a record, and is not recorded before the newest (asserted).
 * More than DBK_LOG_VALUE_BYTES_MAX becomes several groups, all or none of which
 * appear; all but the last say that the commit continues.
 *
 * On failure the log is as before, still readable, and a later append may succeed:
 * DISK_FULL, MAP_FULL (the limit of the store), IO, MEMORY (also when building GROUP
 * had failed); LIMIT above DBK_LOG_COMMIT_BYTES_MAX or DBK_RECORDS_MAX.  STATE: see
 * txn.h; the log must be opened again, and GROUP may or may not be there then.
 */
DBK_MUST_CHECK enum dbk_err dbk_log_append(struct dbk_log *log,
					   const struct dbk_log_group *group,
					   struct dbk_error *error);

/* The store beneath, for its limit and figures; borrowed from LOG. */
struct dbk_store *dbk_log_store(struct dbk_log *log);

/* Told after each group; false stops the walk. */
typedef bool dbk_log_progress(void *context, uint64_t positions_done);

/*
 * Read everything and check it: checksums, no gap, offsets and batches in range, time
 * never falling, commits whole.  PROGRESS may be NULL.  DAMAGED names the first bad
 * group; STATE if PROGRESS stopped it.
 */
DBK_MUST_CHECK enum dbk_err dbk_log_check(struct dbk_log *log,
					  dbk_log_progress *progress, void *context,
					  struct dbk_error *error);

#endif
