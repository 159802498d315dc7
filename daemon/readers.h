#ifndef DAYBOOKD_READERS_H
#define DAYBOOKD_READERS_H

/*
 * readers.h -- a small pool of threads that answer questions and feed subscriptions.
 *
 * A reader asks the view by itself, the log by itself, and the books through the writer.
 * Whoever must not see personal fields gets answers without them.
 *
 * Thread: each function says who calls it.
 */

#include <daybook/error.h>

#include "access/access_log.h"
#include "access/subjects.h"
#include "access/tokens.h"
#include "job.h"
#include "log/log.h"
#include "notary.h"
#include "projector.h"
#include "saver.h"
#include "writer.h"

struct readers;

/* Told on a reader's thread; the job is given away. */
typedef void readers_answered(void *context, struct job *job);

/* What readers ask.  All are borrowed and outlive the readers. */
struct readers_options {
	unsigned n; /* threads */
	struct dbk_log *log;
	struct projector *projector;
	struct saver *saver;
	struct writer *writer;
	struct notary *notary; /* NULL: nothing is signed */
	struct dbk_tokens *tokens;
	struct dbk_access_log *access_log;
	struct dbk_subjects *subjects; /* NULL: nothing is sealed */
	readers_answered *answered;
	void *context; /* of answered */
};

DBK_MUST_CHECK enum dbk_err readers_start(const struct readers_options *options,
					  struct readers **out, struct dbk_error *error);

/* Answer what is queued, end the threads.  The writer still runs.  Main. */
void readers_stop(struct readers *readers);

/* False if too much is waiting.  Loop. */
bool readers_put(struct readers *readers, struct job *job);

#endif
