#ifndef DBK_VIEWS_VIEW_H
#define DBK_VIEWS_VIEW_H

/*
 * view.h -- the ledger view: every posting and movement in the order of the log, the
 * balances and stock positions that follow from them, and the way back from each to
 * its entries.
 *
 * One thread, the worker, opens the view, applies effects and flushes.  Between flushes
 * what was applied lives in memory only; the log has it, so the owner of the view hands
 * the effects of all records from dbk_view_size() on to it again after a restart.
 * Any number of threads ask questions meanwhile (src/query); each question sees the
 * view at one size.
 *
 * A view owns its directory.  Several views live in one process side by side, each in a
 * directory of its own: a rebuild is a second view that is filled and then takes the
 * first one's place in the daemon.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/hash.h"
#include "books/effects.h"

struct dbk_view;

/* Zeroed members mean the default in brackets. */
struct dbk_view_options {
	unsigned char hash_key[DBK_HASH_KEY_BYTES]; /* secret of this process: names
						     * that collide cannot be guessed */
	uint64_t max_bytes; /* on disk; flush fails with MAP_FULL above it [no limit] */
	bool no_sync;	    /* commits survive a killed process, not a lost machine */
};

struct dbk_view_stats {
	uint64_t size;		/* records applied */
	uint64_t durable_size;	/* of these, on disk */
	uint64_t heads_size;	/* where the last full flush stands: a restart reads the
				 * history from here on */
	uint64_t history_bytes; /* of all entries so far */
	uint64_t pending_bytes; /* of these, not yet flushed: held in memory */
	uint64_t resident_bytes; /* rows of accounts, positions, orders and names */
	uint64_t disk_bytes;	 /* after the last full flush, or when it was opened */
	uint64_t accounts, positions, orders, holders, skus, lots;
	int64_t clock; /* of the book, after the last record; 0 before the first */
};

/*
 * Open the view in DIR, which is made if it is missing, and bring it to its durable
 * size: heads as of the last full flush, then the history behind them.  OPTIONS may be
 * NULL.
 *
 * DAMAGED and VERSION say that the directory should be removed and the view rebuilt;
 * otherwise MEMORY, IO, LOCKED, DISK_FULL.
 */
DBK_MUST_CHECK enum dbk_err dbk_view_open(const char *dir,
					  const struct dbk_view_options *options,
					  struct dbk_view **out_view,
					  struct dbk_error *error);

/* No thread uses the view any more.  Does not flush.  NULL is nothing. */
void dbk_view_close(struct dbk_view *view);

/* Delete what a closed view left in DIR, and DIR.  A missing DIR is fine. */
DBK_MUST_CHECK enum dbk_err dbk_view_remove(const char *dir, struct dbk_error *error);

/*
 * Apply a group.  Records below the view's size are skipped, a gap is a bug (asserted),
 * and so are balances that do not follow from the ones before.  EFFECTS is borrowed for
 * the call.
 *
 * Fails with MEMORY or LIMIT; the view is then good for nothing but close, and its
 * directory holds what was flushed before.
 * Thread: the worker.
 */
DBK_MUST_CHECK enum dbk_err dbk_view_apply(struct dbk_view *view,
					   const struct dbk_effects *effects,
					   struct dbk_error *error);

/*
 * Make everything applied durable, in one transaction.  Readers go on meanwhile.
 *
 * FULL also writes the changed balances and positions, so that a restart need not read
 * the history since the last full flush: once in several seconds or million records.
 * Without it a flush costs the new bytes of history alone.
 *
 * After a failure (DISK_FULL, MAP_FULL, IO, MEMORY) nothing is lost in memory and a
 * later flush may succeed; STATE says that only closing and opening helps.
 * Thread: the worker.
 */
DBK_MUST_CHECK enum dbk_err dbk_view_flush(struct dbk_view *view, bool full,
					   struct dbk_error *error);

/* Records applied, and records on disk.  Thread: any. */
uint64_t dbk_view_size(const struct dbk_view *view);
uint64_t dbk_view_durable_size(const struct dbk_view *view);

/* Cheap: nothing is read from disk.  Thread: any. */
void dbk_view_stats(struct dbk_view *view, struct dbk_view_stats *out_stats);

#endif
