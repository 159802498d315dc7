#ifndef DAYBOOKD_PROJECTOR_H
#define DAYBOOKD_PROJECTOR_H

/*
 * projector.h -- the worker that maintains the ledger view, and the rebuild of that
 * view while it goes on answering.
 *
 *	writer -- effects of a durable group --> projector -- apply, flush --> view
 *
 * Effects travel in a few blocks that go round between writer and projector; when all
 * are under way the writer waits, so a view is never far behind.  The view is flushed
 * in small steps often and in full now and then; what a kill loses comes back from the
 * log.
 *
 * A rebuild fills a second view from the log with books of its own and changes places
 * with the first one when it has caught up.
 *
 * Thread: each function says who calls it.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "books/books.h"
#include "books/effects.h"
#include "log/log.h"
#include "views/view.h"

struct projector;

/* Open the view in DIR/views.  A view that is damaged or of another version is removed
 * and begun anew.  Main, before the ledger is opened. */
DBK_MUST_CHECK enum dbk_err projector_open(const char *dir,
					   const unsigned char key[DBK_HASH_KEY_BYTES],
					   struct projector **out,
					   struct dbk_error *error);

/* Apply at once, while the log is replayed at the start.  Main. */
DBK_MUST_CHECK enum dbk_err projector_replayed(void *projector,
					       const struct dbk_effects *effects,
					       struct dbk_error *error);

/* Run the worker; AFTER is called (on the worker) when the view has grown. */
DBK_MUST_CHECK enum dbk_err projector_start(struct projector *projector,
					    struct dbk_log *log);

/* Apply what is queued, flush in full, end the worker, close the view. */
void projector_stop(struct projector *projector);

/* An empty block to fill; waits while all are under way.  Writer. */
struct dbk_effects *projector_block(struct projector *projector);

/* Hand a filled block over.  Writer. */
void projector_publish(struct projector *projector, struct dbk_effects *block);

/* The view that answers now, held until released.  Any. */
struct dbk_view *projector_hold(struct projector *projector);
void projector_release(struct projector *projector, struct dbk_view *view);

/* Records applied, and on disk.  Any. */
uint64_t projector_size(struct projector *projector);
uint64_t projector_durable_size(struct projector *projector);

/* Wait until SIZE records are applied (DURABLE: on disk), at most until DEADLINE_NS of
 * the monotonic clock; DURABLE ends at once while the view cannot be written.  Any but
 * the worker. */
bool projector_wait(struct projector *projector, uint64_t size, bool durable,
		    int64_t deadline_ns);

/* True while so much waits for a view that cannot be written that no more should come:
 * memory is not a place to keep a year in.  Any. */
bool projector_is_choked(struct projector *projector);

/* Why the view cannot be written; empty if it can.  Any. */
void projector_trouble(struct projector *projector, char out[256]);

/* How far a rebuild is. */
struct projector_rebuild {
	bool running;
	uint64_t size, of_size;
};

void projector_rebuild_state(struct projector *projector, struct projector_rebuild *out);

/* Told while a rebuild runs; false cancels it. */
typedef bool projector_progress(void *context, uint64_t size, uint64_t of_size);

/* Build the view anew and swap it in.  Runs on the caller's thread, which is none of
 * the daemon's usual ones; LOCKED if a rebuild is running, STATE if cancelled. */
DBK_MUST_CHECK enum dbk_err projector_rebuild(struct projector *projector,
					      projector_progress *progress, void *context,
					      struct dbk_error *error);

#endif
