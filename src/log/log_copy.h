#ifndef DBK_LOG_LOG_COPY_H
#define DBK_LOG_LOG_COPY_H

/*
 * log_copy.h -- groups of another log, taken over as they are: for backups.
 *
 *	dbk_log_copy_begin(log, &copy, &error)
 *	dbk_log_copy_put(copy, value, &slice, &error)    again and again
 *	dbk_log_copy_commit(copy, &error)
 *
 * What is put is checked as if it were read, and is on the disk when the commit returns.
 * After a failure the copy can only be aborted; LOG is as before then.
 *
 * Thread: the one that appends; dbk_log_append() waits for its end.
 */

#include <stdbool.h>

#include <daybook/error.h>

#include "log/log.h"
#include "log/log_slice.h"

struct dbk_log_copy;

/* MEMORY, IO, STATE. */
DBK_MUST_CHECK enum dbk_err dbk_log_copy_begin(struct dbk_log *log,
					       struct dbk_log_copy **out_copy,
					       struct dbk_error *error);

/*
 * Put VALUE, the next group as the other log keeps it.  *OUT_SLICE is that group, borrowed
 * from VALUE.  DAMAGED: its checksum or its bounds are wrong, or it does not follow the
 * group before (number, position, time).  MAP_FULL, DISK_FULL, MEMORY, IO.
 */
DBK_MUST_CHECK enum dbk_err dbk_log_copy_put(struct dbk_log_copy *copy,
					     struct dbk_str value,
					     struct dbk_log_slice *out_slice,
					     struct dbk_error *error);

/* The group that was put last is one of a commit that continues: no place to stop. */
bool dbk_log_copy_continues(const struct dbk_log_copy *copy);

/* Not while it continues (asserted).  The copy is gone, whatever this returns. */
DBK_MUST_CHECK enum dbk_err dbk_log_copy_commit(struct dbk_log_copy *copy,
						struct dbk_error *error);

/* NULL is nothing. */
void dbk_log_copy_abort(struct dbk_log_copy *copy);

#endif
