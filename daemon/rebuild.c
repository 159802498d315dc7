/*
 * rebuild.c -- the view built again from the log while the old one answers.
 *
 * Happy path:
 *	1. an empty view beside the old one, empty books;
 *	2. the log is replayed through both, group by group, with progress;
 *	3. when the end is reached nobody may take hold, those who have let go, the new
 *	   view takes the last steps, and the two change places;
 *	4. the old one is closed and deleted, the new one takes its directory's name.
 *
 * Failures: cancelled, no room, no memory: the new view is deleted, the old one stays.
 * Killed between 3 and 4: projector_open() finds the new view under its first name.
 */

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "condition.h"
#include "diag.h"
#include "job.h"
#include "ledger/replay.h"
#include "projector_private.h"

#define FLUSH_EVERY_BYTES ((uint64_t)16 * 1024 * 1024)

/* A holder may itself be waiting for the writer, and the writer for the worker, and the
 * worker for this swap: so a swap gives way and is tried again. */
#define SWAP_WAIT_NS ((int64_t)50 * 1000000)

void
projector_rebuild_state(struct projector *projector, struct projector_rebuild *out)
{
	(void)pthread_mutex_lock(&projector->lock);
	*out = projector->rebuild;
	(void)pthread_mutex_unlock(&projector->lock);
}

static bool
claim(struct projector *projector)
{
	bool mine;

	(void)pthread_mutex_lock(&projector->lock);
	mine = !projector->rebuild.running && !projector->closed;
	if (mine) {
		projector->rebuild.running = true;
		projector->rebuild.size = 0;
		projector->rebuild.of_size = dbk_log_size(projector->log);
	}
	(void)pthread_mutex_unlock(&projector->lock);
	return mine;
}

static bool
report(struct projector *projector, uint64_t size, projector_progress *progress,
       void *context)
{
	uint64_t of_size = dbk_log_size(projector->log);
	bool closed;

	(void)pthread_mutex_lock(&projector->lock);
	projector->rebuild.size = size;
	projector->rebuild.of_size = of_size;
	closed = projector->closed;
	(void)pthread_mutex_unlock(&projector->lock);
	return !closed && (progress == NULL || progress(context, size, of_size));
}

static enum dbk_err
step(struct dbk_replay *replay, struct dbk_view *view, struct dbk_error *error)
{
	const struct dbk_effects *effects;
	struct dbk_view_stats stats;
	enum dbk_err err = dbk_replay_next(replay, &effects, error);

	if (err == DBK_OK)
		err = dbk_view_apply(view, effects, error);
	if (err != DBK_OK)
		return err;
	dbk_view_stats(view, &stats);
	return stats.pending_bytes < FLUSH_EVERY_BYTES
		       ? DBK_OK
		       : dbk_view_flush(view, false, error);
}

/* Up to SIZE, which the log has, and on disk before it counts: what the books were saved
 * behind stays. */
static enum dbk_err
catch_up(struct dbk_replay *replay, struct dbk_view *view, uint64_t size,
	 struct dbk_error *error)
{
	enum dbk_err err = DBK_OK;

	while (err == DBK_OK && dbk_view_size(view) < size)
		err = step(replay, view, error);
	return err == DBK_OK ? dbk_view_flush(view, false, error) : err;
}

/*
 * Change places; *OLD is then the one that answered.  NOT_FOUND if it is still held.
 *
 * While nobody may take hold the old view stands still, so that the new one can take
 * the last steps: records that keep coming cannot put the swap off for ever.
 */
static enum dbk_err
swap(struct projector *projector, struct dbk_replay *replay, struct dbk_view *view,
     struct dbk_view **old, struct dbk_error *error)
{
	int64_t until = job_clock_ns() + SWAP_WAIT_NS;
	enum dbk_err err = DBK_FAILED_NOT_FOUND;

	(void)pthread_mutex_lock(&projector->lock);
	projector->swapping = true;
	while (projector->holders > 0 && job_clock_ns() < until)
		condition_wait_until(&projector->let_go, &projector->lock, until);
	if (projector->holders == 0) {
		uint64_t size = dbk_view_size(projector->view);

		(void)pthread_mutex_unlock(&projector->lock);
		err = catch_up(replay, view, size, error);
		(void)pthread_mutex_lock(&projector->lock);
	}
	if (err == DBK_OK) {
		*old = projector->view;
		projector->view = view;
		projector->size = dbk_view_size(view);
		projector->durable_size = dbk_view_durable_size(view);
	}
	projector->swapping = false;
	(void)pthread_mutex_unlock(&projector->lock);
	(void)pthread_cond_broadcast(&projector->grown);
	return err;
}

static enum dbk_err
fill_and_swap(struct projector *projector, struct dbk_replay *replay,
	      struct dbk_view *view, projector_progress *progress, void *context,
	      struct dbk_error *error)
{
	struct dbk_view *old;
	bool flushed = false;
	enum dbk_err err;

	for (;;) {
		err = step(replay, view, error);
		if (err == DBK_OK && !report(projector, dbk_view_size(view), progress,
					     context))
			err = dbk_error_set(error, DBK_FAILED_STATE, "cancelled");
		if (err == DBK_OK)
			continue;
		if (err != DBK_FAILED_NOT_FOUND)
			return err;
		/* The long flush first, and what came in meanwhile: a swap is short. */
		err = flushed ? swap(projector, replay, view, &old, error)
			      : dbk_view_flush(view, true, error);
		if (err != DBK_OK && err != DBK_FAILED_NOT_FOUND)
			return err;
		if (flushed && err == DBK_OK)
			break;
		flushed = true;
		if (!report(projector, dbk_view_size(view), progress, context))
			return dbk_error_set(error, DBK_FAILED_STATE, "cancelled");
	}
	dbk_view_close(old);
	err = dbk_view_remove(projector->dir, error);
	if (err == DBK_OK && rename(projector->next_dir, projector->dir) != 0)
		diag_warn("cannot rename %s; the next start does", projector->next_dir);
	return err;
}

static enum dbk_err
rebuild(struct projector *projector, projector_progress *progress, void *context,
	struct dbk_error *error)
{
	struct dbk_books *books = NULL;
	struct dbk_replay *replay = NULL;
	struct dbk_view *view = NULL;
	struct dbk_view_options options = projector_view_options(projector);
	enum dbk_err err = dbk_view_remove(projector->next_dir, error);

	if (err == DBK_OK)
		err = dbk_view_open(projector->next_dir, &options, &view, error);
	if (err == DBK_OK)
		err = dbk_books_open(projector->key, &books);
	if (err == DBK_OK)
		err = dbk_replay_open(projector->log, books, 0, &replay, error);
	if (err == DBK_OK) {
		err = fill_and_swap(projector, replay, view, progress, context, error);
		if (err == DBK_OK)
			view = NULL;
	}
	dbk_replay_close(replay);
	dbk_books_close(books);
	if (view != NULL && view != projector->view) {
		dbk_view_close(view);
		if (dbk_view_remove(projector->next_dir, NULL) != DBK_OK)
			diag_warn("cannot remove %s", projector->next_dir);
	}
	return err;
}

enum dbk_err
projector_rebuild(struct projector *projector, projector_progress *progress,
		  void *context, struct dbk_error *error)
{
	enum dbk_err err;

	if (!claim(projector))
		return dbk_error_set(error, DBK_FAILED_LOCKED,
				     "a rebuild is running already");
	err = rebuild(projector, progress, context, error);
	(void)pthread_mutex_lock(&projector->lock);
	projector->rebuild.running = false;
	(void)pthread_mutex_unlock(&projector->lock);
	return err;
}
