#ifndef DAYBOOKD_WRITER_H
#define DAYBOOKD_WRITER_H

/*
 * writer.h -- the one thread that owns the books and appends to the log.
 *
 *	loop -- JOB_APPEND, _CLOSE, _DIGEST --> writer: admit what is waiting, commit once,
 *					answer each
 *
 * With HAS_CLOCK it moves the book's clock when something is due and no event has: it
 * appends ClockAdvanced with the time of day, at most once a second, so that money
 * matures without traffic.  Every DIGEST_EVERY seconds (0: never) it logs the digest of the
 * books, if they have changed.
 *
 * Between two groups it runs the questions that readers have about the books, so these
 * see committed state only, and hands out pages of a save.  It never touches a socket.
 *
 * When the disk or the log's limit is reached a group's clients get RESOURCE_EXHAUSTED
 * with the reason, everything stays readable, and the next batch is tried again: there is
 * nothing to reset when there is room.
 *
 * Thread: each function says who calls it.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "job.h"
#include "ledger/ledger.h"
#include "projector.h"
#include "saver.h"

struct writer;

/* Told on the writer's thread: a job is answered; a commit has made the log grow. */
struct writer_listener {
	void (*answered)(void *context, struct job *jobs); /* a list, given away */
	void (*grown)(void *context, uint64_t size);
	void *context;
};

/* When the books are saved, and from where. */
struct writer_saving {
	uint64_t every;	      /* records */
	uint64_t loaded_size; /* of the saved books that the start used, 0: none */
};

DBK_MUST_CHECK enum dbk_err writer_start(struct dbk_ledger *ledger,
					 struct projector *projector,
					 struct saver *saver,
					 const struct writer_listener *listener,
					 const struct writer_saving *saving,
					 bool has_clock, uint64_t digest_every,
					 struct writer **out);

/* Answer what is queued, save the books, end the thread.  Main. */
void writer_stop(struct writer *writer);

/* False if too much is waiting already: the client is told "busy".  Loop. */
bool writer_put(struct writer *writer, struct job *job);

/* Run QUESTION on the writer's thread between groups and wait for it; false when the
 * writer has stopped.  Readers. */
bool writer_ask(struct writer *writer,
		void (*question)(const struct dbk_books *books, void *answer),
		void *answer);

/* A witness has more of this log than there is here: appends are refused from now on, with
 * FAILED_PRECONDITION STALE_LOG.  Any. */
void writer_set_stale(struct writer *writer);

/* What the writer tells of itself.  Any. */
struct writer_status {
	uint64_t duplicates, invalid; /* events since the start */
	bool read_only;
	char reason[256];
};

void writer_status(struct writer *writer, struct writer_status *out);

#endif
