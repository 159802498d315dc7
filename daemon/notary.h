#ifndef DAYBOOKD_NOTARY_H
#define DAYBOOKD_NOTARY_H

/*
 * notary.h -- the worker that hashes, signs and publishes; src/proof/TRUST.md.
 *
 *	writer -- grown --> notary: hash what is new, tell of erasures, sign, ask the
 *				witnesses, publish
 *
 * It reads the log by a reader of its own and is never waited for by an ack.  A failure
 * (the disk, a witness) is tried again and told in the status; a log that the seat or a
 * witness knows to be larger is stale for good.
 *
 * Thread: each function says who calls it.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "access/subjects.h"
#include "base/buf.h"
#include "log/log.h"
#include "proof/notary.h"
#include "proof/seat.h"

struct notary;
struct writer;

struct notary_options {
	const char *dir; /* the data directory */
	struct dbk_log *log;
	struct dbk_seat *seat;	       /* taken */
	uint64_t trusted;	       /* proof/inspection.h */
	struct dbk_subjects *subjects; /* told of what is erased; may be NULL */
	const char *witness_policy;    /* a file; NULL: none */
	dbk_log_progress *progress;    /* may be NULL */
	void *progress_context;
};

/* Bring the hashes to where the seat is, and look for erasures that were missed. STATE,
 * and INPUT for a policy that cannot be.  Main, before the writer. */
DBK_MUST_CHECK enum dbk_err notary_open(const struct notary_options *options,
					struct notary **out, struct dbk_error *error);

/* Run the worker, which tells WRITER if the log is stale.  Main. */
DBK_MUST_CHECK enum dbk_err notary_start(struct notary *notary, struct writer *writer,
					 struct dbk_error *error);

/* Whoever waits for a checkpoint waits no longer.  NULL is nothing.  Main, before the
 * readers are stopped. */
void notary_end_waits(struct notary *notary);

/* A last checkpoint, then end.  NULL is nothing.  Main, after the writer has stopped.
 */
void notary_stop(struct notary *notary);

/* The log has SIZE records now.  Writer; takes a lock that nobody holds for long. */
void notary_grown(struct notary *notary, uint64_t size);

/* As dbk_notary_published() and dbk_notary_hashes().  Any. */
bool notary_published(struct notary *notary, struct dbk_published *out,
		      struct dbk_buf *note);
struct dbk_hashes *notary_hashes(struct notary *notary);

/* Wait until the published checkpoint covers SIZE records; false at DEADLINE_NS of
 * job_clock_ns(), and when the daemon stops.  Readers. */
bool notary_wait_published(struct notary *notary, uint64_t size, int64_t deadline_ns);

/* What GetStatus says.  VERIFIER_KEY and TROUBLE hold texts; the latter is empty if all
 * is well.  Any. */
struct notary_status {
	uint64_t checkpoint_size;
	int64_t checkpoint_at_us; /* 0: there is none yet */
	char verifier_key[DBK_NOTE_NAME_BYTES_MAX + 64];
	char trouble[DBK_ERROR_TEXT_BYTES];
	bool stale; /* a witness has a larger log of this key: append nothing */
};

void notary_status(struct notary *notary, struct notary_status *out);

#endif
