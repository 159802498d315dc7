#ifndef DAYBOOKD_APPEND_H
#define DAYBOOKD_APPEND_H

/*
 * append.h -- one AppendRequest: from message bytes to the ledger, and what a client is
 * told when that is not possible.
 *
 * Thread: writer.
 */

#include <daybook/error.h>

#include "job.h"
#include "ledger/ledger.h"

/* Events that a restart forgets: they are answered and counted, not logged. */
struct append_counts {
	uint32_t duplicates, invalid;
};

/* Admit the request of JOB into the ledger's group and set its reply or status.  The
 * reply holds only if the group is committed. */
void append_admit(struct dbk_ledger *ledger, struct job *job,
		  struct append_counts *out_counts);

/* Tell JOB's client why BATCH was not admitted. */
void append_not_admitted(struct job *job, const struct dbk_ledger_batch *batch,
			 enum dbk_admission admission, uint64_t expected,
			 const struct dbk_error *error);

/* The views cannot be written and too much waits for them already. */
void append_no_room_for_views(struct job *job);

/* The group of JOB was not committed: its reply, if it had one, becomes a status. */
void append_not_committed(struct job *job, enum dbk_err err,
			  const struct dbk_error *error);

#endif
