#ifndef DAYBOOKD_ENGINE_H
#define DAYBOOKD_ENGINE_H

/*
 * engine.h -- everything behind the loop, opened, started and stopped in order.
 *
 *	open:  lock, keys, is the log the one that was signed?, views, ledger (replays
 *	       its tail into the views), notary (hashes), clerk
 *	start: the threads of projector, saver, writer, notary, clerk, readers
 *	stop:  readers, clerk, writer (its last save), notary (its last checkpoint),
 *	       saver, projector (its last flush), ledger, keys, lock
 *
 * Thread: main.
 */

#include <daybook/error.h>

#include "clerk.h"
#include "ledger/ledger.h"
#include "notary.h"
#include "options.h"
#include "projector.h"
#include "readers.h"
#include "saver.h"
#include "store/lock.h"
#include "writer.h"

struct engine {
	struct dbk_lock *lock;
	struct projector *projector;
	struct dbk_ledger *ledger;
	struct saver *saver;
	struct writer *writer;
	struct clerk *clerk;
	struct readers *readers;
	struct dbk_vault *vault;
	struct dbk_seat *seat;
	struct dbk_subjects *subjects;
	struct notary *notary;
	uint64_t trusted; /* leaves of the tree's files that are the log's */
	bool fresh_keys;
	struct writer_listener listener;
	struct dbk_ledger_start start;
	int64_t began_ns;
	int64_t start_ns; /* it took */
};

/* Open and replay, in this thread alone; zeroed ENGINE.  On failure, of this and of
 * what follows, engine_stop() undoes what was done. */
DBK_MUST_CHECK enum dbk_err engine_open(struct engine *engine,
					const struct options *options,
					struct dbk_error *error);

/* Start the threads.  ANSWERED is told on those of writer and readers. */
DBK_MUST_CHECK enum dbk_err engine_start(struct engine *engine,
					 const struct options *options,
					 const struct writer_listener *listener,
					 struct dbk_error *error);
void engine_stop(struct engine *engine);

#endif
