#ifndef DBK_PROOF_INSPECTION_H
#define DBK_PROOF_INSPECTION_H

/*
 * inspection.h -- is this log the one that the seat has signed?  Asked at the start,
 * before anything is written into the data directory; TRUST.md section 2.
 *
 * The root at the seat's size comes from the tree's files where their root is the
 * seat's and records of the log, the newest ones and some of all others, hash to the
 * leaves that stand there.  Otherwise it is computed from the log: first its end on top
 * of the files, then all of it.
 *
 * Thread: one, which has the lock of the data directory.
 */

#include <daybook/error.h>

#include "log/log.h"
#include "proof/seat.h"

struct dbk_inspection_options {
	const char *dir; /* the data directory */
	struct dbk_seat *seat;
	dbk_log_progress *progress; /* may be NULL; false does not stop it */
	void *progress_context;
	uint64_t near_leaves; /* hashed again first where files differ; 0: a million */
};

struct dbk_inspection {
	enum dbk_seat_state state;
	uint64_t log_size; /* 0 also if nothing was signed, and it is not looked at */
	uint64_t
	    trusted; /* leaves in the tree's files that are known to be the log's */
};

/* Compare and take the seat.  A state but READY has its words in ERROR. */
DBK_MUST_CHECK enum dbk_err
dbk_inspection_run(const struct dbk_inspection_options *options,
		   struct dbk_inspection *out, struct dbk_error *error);

#endif
