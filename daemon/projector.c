#include "projector_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "condition.h"
#include "diag.h"
#include "job.h"

/* The history is flushed this often, so that a kill costs little and a save of the
 * books, which must not be ahead of the view, does not wait long. */
#define FLUSH_NS ((int64_t)250 * 1000000)
#define FLUSH_BYTES ((uint64_t)16 * 1024 * 1024)

/* Balances and positions are written this often: it is what a restart reads again. */
#define FULL_FLUSH_NS ((int64_t)20 * 1000000000)
#define FULL_FLUSH_RECORDS ((uint64_t)3 * 1000000)
/* Rows that have come since: their pages are in memory twice while they are written. */
#define FULL_FLUSH_BYTES ((uint64_t)128 * 1024 * 1024)

/* A full flush writes nearly all heads when there are many: not before as many records
 * have come as there are heads. */
static uint64_t
full_flush_records(const struct dbk_view_stats *stats)
{
	uint64_t heads = stats->accounts + stats->positions;

	return heads > FULL_FLUSH_RECORDS ? heads : FULL_FLUSH_RECORDS;
}

/* After a failed flush, wait before trying again. */
#define RETRY_NS ((int64_t)1000000000)

struct dbk_view_options
projector_view_options(const struct projector *projector)
{
	struct dbk_view_options options = { 0 };

	memcpy(options.hash_key, projector->key, sizeof options.hash_key);
	return options;
}

static enum dbk_err
open_view(struct projector *projector, struct dbk_error *error)
{
	struct dbk_view_options options = projector_view_options(projector);
	enum dbk_err err =
		dbk_view_open(projector->dir, &options, &projector->view, error);

	if (err != DBK_FAILED_DAMAGED && err != DBK_FAILED_VERSION)
		return err;
	diag_warn("the view is built anew: %s", error == NULL ? "" : error->text);
	err = dbk_view_remove(projector->dir, error);
	if (err != DBK_OK)
		return err;
	return dbk_view_open(projector->dir, &options, &projector->view, error);
}

/* A kill in the middle of a swap leaves the new view under its first name. */
static enum dbk_err
settle_dirs(struct projector *projector, struct dbk_error *error)
{
	struct stat st;

	if (stat(projector->next_dir, &st) != 0)
		return DBK_OK;
	if (stat(projector->dir, &st) != 0 &&
	    rename(projector->next_dir, projector->dir) == 0)
		return DBK_OK;
	return dbk_view_remove(projector->next_dir, error);
}

enum dbk_err
projector_open(const char *dir, const unsigned char key[DBK_HASH_KEY_BYTES],
	       struct projector **out, struct dbk_error *error)
{
	struct projector *projector = calloc(1, sizeof *projector);
	enum dbk_err err;

	if (projector == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "projector");
	(void)snprintf(projector->dir, PATH_BYTES, "%s/views", dir);
	(void)mkdir(projector->dir, 0700);
	(void)snprintf(projector->dir, PATH_BYTES, "%s/views/ledger", dir);
	(void)snprintf(projector->next_dir, PATH_BYTES, "%s/views/ledger.new", dir);
	memcpy(projector->key, key, DBK_HASH_KEY_BYTES);
	(void)pthread_mutex_init(&projector->lock, NULL);
	condition_init(&projector->block_free);
	condition_init(&projector->block_full);
	condition_init(&projector->grown);
	condition_init(&projector->let_go);
	for (unsigned i = 0; i < BLOCKS; i++) {
		dbk_effects_init(&projector->blocks[i].effects);
		projector->blocks[i].next = projector->free_blocks;
		projector->free_blocks = &projector->blocks[i];
	}
	err = settle_dirs(projector, error);
	if (err == DBK_OK)
		err = open_view(projector, error);
	if (err != DBK_OK) {
		projector_stop(projector);
		return err;
	}
	projector->size = dbk_view_size(projector->view);
	projector->durable_size = dbk_view_durable_size(projector->view);
	*out = projector;
	return DBK_OK;
}

enum dbk_err
projector_replayed(void *context, const struct dbk_effects *effects,
		   struct dbk_error *error)
{
	struct projector *projector = context;
	struct dbk_view_stats stats;
	enum dbk_err err = dbk_view_apply(projector->view, effects, error);

	if (err != DBK_OK)
		return err;
	projector->size = dbk_view_size(projector->view);
	dbk_view_stats(projector->view, &stats);
	if (stats.pending_bytes > FLUSH_BYTES)
		err = dbk_view_flush(projector->view, false, error);
	projector->durable_size = dbk_view_durable_size(projector->view);
	return err;
}

struct dbk_view *
projector_hold_locked(struct projector *projector)
{
	if (projector->view != NULL)
		projector->holders++;
	return projector->view;
}

struct dbk_view *
projector_hold(struct projector *projector)
{
	struct dbk_view *view;

	(void)pthread_mutex_lock(&projector->lock);
	while (projector->swapping)
		(void)pthread_cond_wait(&projector->grown, &projector->lock);
	view = projector_hold_locked(projector);
	(void)pthread_mutex_unlock(&projector->lock);
	return view;
}

void
projector_release(struct projector *projector, struct dbk_view *view)
{
	(void)pthread_mutex_lock(&projector->lock);
	dbk_assert(view == projector->view && projector->holders > 0);
	if (--projector->holders == 0)
		(void)pthread_cond_broadcast(&projector->let_go);
	(void)pthread_mutex_unlock(&projector->lock);
}

struct dbk_effects *
projector_block(struct projector *projector)
{
	struct block *block;

	(void)pthread_mutex_lock(&projector->lock);
	while (projector->free_blocks == NULL)
		(void)pthread_cond_wait(&projector->block_free, &projector->lock);
	block = projector->free_blocks;
	projector->free_blocks = block->next;
	(void)pthread_mutex_unlock(&projector->lock);
	return &block->effects;
}

void
projector_publish(struct projector *projector, struct dbk_effects *effects)
{
	struct block *block = (struct block *)effects;

	(void)pthread_mutex_lock(&projector->lock);
	block->next = NULL;
	if (projector->first == NULL)
		projector->first = block;
	else
		projector->last->next = block;
	projector->last = block;
	(void)pthread_mutex_unlock(&projector->lock);
	(void)pthread_cond_signal(&projector->block_full);
}

/* The oldest full block; NULL after FLUSH_NS without one, or when closed and empty. */
static struct block *
take_block(struct projector *projector, bool *out_closed)
{
	int64_t until = job_clock_ns() + FLUSH_NS;
	struct block *block;

	(void)pthread_mutex_lock(&projector->lock);
	while (projector->first == NULL && !projector->closed && job_clock_ns() < until)
		condition_wait_until(&projector->block_full, &projector->lock, until);
	block = projector->first;
	if (block != NULL)
		projector->first = block->next;
	*out_closed = projector->closed;
	(void)pthread_mutex_unlock(&projector->lock);
	return block;
}

static void
give_back(struct projector *projector, struct block *block)
{
	(void)pthread_mutex_lock(&projector->lock);
	block->next = projector->free_blocks;
	projector->free_blocks = block;
	(void)pthread_mutex_unlock(&projector->lock);
	(void)pthread_cond_signal(&projector->block_free);
}

/* Applied and not on disk: seconds of work normally. */
#define CHOKED_BYTES ((uint64_t)512 * 1024 * 1024)

static void
announce(struct projector *projector, struct dbk_view *view)
{
	struct dbk_view_stats stats;

	dbk_view_stats(view, &stats);
	(void)pthread_mutex_lock(&projector->lock);
	projector->size = dbk_view_size(view);
	projector->durable_size = dbk_view_durable_size(view);
	projector->choked = stats.pending_bytes > CHOKED_BYTES;
	(void)pthread_mutex_unlock(&projector->lock);
	(void)pthread_cond_broadcast(&projector->grown);
}

void
projector_trouble(struct projector *projector, char out[256])
{
	(void)pthread_mutex_lock(&projector->lock);
	(void)snprintf(out, 256, "%s", projector->trouble);
	(void)pthread_mutex_unlock(&projector->lock);
}

bool
projector_is_choked(struct projector *projector)
{
	bool choked;

	(void)pthread_mutex_lock(&projector->lock);
	choked = projector->choked;
	(void)pthread_mutex_unlock(&projector->lock);
	return choked;
}

static void
note_trouble(struct projector *projector, const struct dbk_error *error)
{
	bool news;

	(void)pthread_mutex_lock(&projector->lock);
	news = (error == NULL) != (projector->trouble[0] == '\0');
	(void)snprintf(projector->trouble, sizeof projector->trouble, "%s",
		       error == NULL ? "" : error->text);
	(void)pthread_mutex_unlock(&projector->lock);
	if (news && error != NULL)
		diag_warn("the view cannot be written: %s", error->text);
	else if (news)
		diag_info("the view can be written again");
}

/* When the view was written last, as the worker sees it. */
struct flush_state {
	int64_t flushed_ns, full_ns;
	uint64_t full_size, full_bytes;
	int64_t retry_ns;
};

static bool
is_full_due(const struct flush_state *state, const struct dbk_view_stats *stats,
	    int64_t now)
{
	return now - state->full_ns >= FULL_FLUSH_NS ||
	       stats->size - state->full_size >= full_flush_records(stats) ||
	       stats->resident_bytes - state->full_bytes >= FULL_FLUSH_BYTES;
}

static void
flush_if_due(struct projector *projector, struct dbk_view *view,
	     struct flush_state *state, bool last)
{
	int64_t now = job_clock_ns();
	struct dbk_error error = { 0 };
	struct dbk_view_stats stats;
	bool full;

	dbk_view_stats(view, &stats);
	full = last || is_full_due(state, &stats, now);
	if (stats.size == (full ? stats.heads_size : stats.durable_size) ||
	    (now < state->retry_ns && !last))
		return;
	if (!full && now - state->flushed_ns < FLUSH_NS &&
	    stats.pending_bytes < FLUSH_BYTES)
		return;
	if (dbk_view_flush(view, full, &error) != DBK_OK) {
		note_trouble(projector, &error);
		state->retry_ns = now + RETRY_NS;
		return;
	}
	note_trouble(projector, NULL);
	state->flushed_ns = now;
	if (full) {
		state->full_ns = now;
		state->full_size = stats.size;
		state->full_bytes = stats.resident_bytes;
		job_trim();
	}
}

static void *
run(void *context)
{
	struct projector *projector = context;
	struct flush_state state = { .full_ns = job_clock_ns() };
	bool closed = false;

	for (;;) {
		struct block *block = take_block(projector, &closed);
		struct dbk_view *view = projector_hold(projector);
		struct dbk_error error = { 0 };

		if (block != NULL) {
			enum dbk_err err = dbk_view_apply(view, &block->effects, &error);

			/* Without memory the view is lost; a restart makes it again. */
			if (err != DBK_OK) {
				diag_warn("the view: %s", error.text);
				abort();
			}
			give_back(projector, block);
		}
		flush_if_due(projector, view, &state, closed && block == NULL);
		announce(projector, view);
		projector_release(projector, view);
		if (closed && block == NULL)
			return NULL;
	}
}

enum dbk_err
projector_start(struct projector *projector, struct dbk_log *log)
{
	projector->log = log;
	if (pthread_create(&projector->thread, NULL, run, projector) != 0)
		return DBK_FAILED_MEMORY;
	projector->started = true;
	return DBK_OK;
}

void
projector_stop(struct projector *projector)
{
	if (projector == NULL)
		return;
	(void)pthread_mutex_lock(&projector->lock);
	projector->closed = true;
	(void)pthread_mutex_unlock(&projector->lock);
	(void)pthread_cond_broadcast(&projector->block_full);
	(void)pthread_cond_broadcast(&projector->grown);
	if (projector->started)
		(void)pthread_join(projector->thread, NULL);
	dbk_view_close(projector->view);
	for (unsigned i = 0; i < BLOCKS; i++)
		dbk_effects_fini(&projector->blocks[i].effects);
	(void)pthread_cond_destroy(&projector->block_free);
	(void)pthread_cond_destroy(&projector->block_full);
	(void)pthread_cond_destroy(&projector->grown);
	(void)pthread_cond_destroy(&projector->let_go);
	(void)pthread_mutex_destroy(&projector->lock);
	free(projector);
}

uint64_t
projector_size(struct projector *projector)
{
	uint64_t size;

	(void)pthread_mutex_lock(&projector->lock);
	size = projector->size;
	(void)pthread_mutex_unlock(&projector->lock);
	return size;
}

uint64_t
projector_durable_size(struct projector *projector)
{
	uint64_t size;

	(void)pthread_mutex_lock(&projector->lock);
	size = projector->durable_size;
	(void)pthread_mutex_unlock(&projector->lock);
	return size;
}

bool
projector_wait(struct projector *projector, uint64_t size, bool durable,
	       int64_t deadline_ns)
{
	const uint64_t *is = durable ? &projector->durable_size : &projector->size;
	bool reached;

	(void)pthread_mutex_lock(&projector->lock);
	/* What cannot be written does not become durable by waiting. */
	while (*is < size && !projector->closed && job_clock_ns() < deadline_ns &&
	       !(durable && projector->trouble[0] != '\0'))
		condition_wait_until(&projector->grown, &projector->lock, deadline_ns);
	reached = *is >= size;
	(void)pthread_mutex_unlock(&projector->lock);
	return reached;
}
