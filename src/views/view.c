/*
 * view.c -- the life of the ledger view: opened, fed with effects, flushed, closed.
 *
 * The worker changes the rows and the tail of the history inside the gate, in slices,
 * so that a question never waits long.  It flushes outside: nothing else changes what
 * it writes, and readers find a chunk in memory until its commit is over.
 */

#include "views/view.h"

#include <stdlib.h>

#include "base/assert.h"
#include "views/append.h"
#include "views/recover.h"
#include "views/save.h"
#include "views/view_private.h"

/* Records, or entries of several, applied before readers get their turn: about half a
 * millisecond. */
#define SLICE_RECORDS 1024u
#define SLICE_ENTRIES 16384u

/* Memory answers in about the time that so many records take. */
#define PREFETCH_AHEAD 4u
#define PREFETCH_OWN_AHEAD 2u

enum dbk_err
dbk_view_open(const char *dir, const struct dbk_view_options *options,
	      struct dbk_view **out_view, struct dbk_error *error)
{
	static const struct dbk_view_options defaults;
	struct dbk_view *view = calloc(1, sizeof *view);
	enum dbk_err err = DBK_FAILED_MEMORY;

	if (options == NULL)
		options = &defaults;
	if (view == NULL)
		return dbk_error_set(error, err, "%s: no memory for a view", dir);
	dbk_buf_init(&view->new_names);
	dbk_buf_init(&view->note);
	dbk_stream_init(&view->stream);
	err = dbk_gate_init(&view->gate);
	if (err != DBK_OK)
		goto free_view;
	err = dbk_heads_init(&view->heads);
	if (err != DBK_OK)
		goto fini_gate;
	err = dbk_roster_init(&view->roster, options->hash_key);
	if (err != DBK_OK)
		goto fini_heads;
	err = dbk_shelf_open(dir, options->max_bytes, options->no_sync, &view->shelf,
			     error);
	if (err != DBK_OK)
		goto fini_roster;
	err = dbk_recover_view(view, error);
	if (err != DBK_OK) {
		dbk_error_prepend(error, "%s", dir);
		goto close_shelf;
	}
	*out_view = view;
	return DBK_OK;

close_shelf:
	dbk_shelf_close(view->shelf);
	dbk_stream_fini(&view->stream);
fini_roster:
	dbk_roster_fini(&view->roster);
fini_heads:
	dbk_heads_fini(&view->heads);
fini_gate:
	dbk_gate_fini(&view->gate);
free_view:
	dbk_buf_fini(&view->note);
	dbk_buf_fini(&view->new_names);
	free(view);
	if (error != NULL && error->code == DBK_OK)
		(void)dbk_error_set(error, err, "%s: cannot make a view", dir);
	return err;
}

void
dbk_view_close(struct dbk_view *view)
{
	if (view == NULL)
		return;
	dbk_shelf_close(view->shelf);
	dbk_stream_fini(&view->stream);
	dbk_roster_fini(&view->roster);
	dbk_heads_fini(&view->heads);
	dbk_gate_fini(&view->gate);
	dbk_buf_fini(&view->note);
	dbk_buf_fini(&view->new_names);
	free(view);
}

enum dbk_err
dbk_view_remove(const char *dir, struct dbk_error *error)
{
	return dbk_shelf_remove(dir, error);
}

static bool
grow_heads(struct dbk_view *view, const struct dbk_named *named)
{
	if (named->kind == DBK_NAMED_ACCOUNT)
		return dbk_heads_grow(&view->heads, DBK_HEADS_ACCOUNTS, named->id);
	if (named->kind == DBK_NAMED_POSITION)
		return dbk_heads_grow(&view->heads, DBK_HEADS_POSITIONS, named->id);
	return true;
}

static enum dbk_err
take_names(struct dbk_view *view, const struct dbk_effects *effects)
{
	for (uint32_t i = 0; i < effects->n_named; i++) {
		const struct dbk_named *named = &effects->named[i];
		struct dbk_str name = dbk_str_make(
		    effects->names.bytes + named->name_at, named->name_size);
		enum dbk_err err;

		dbk_assert(dbk_roster_is_next(&view->roster, named));
		/* A group that is sent again after a restart names what is known. */
		if (dbk_roster_knows(&view->roster, named))
			continue;
		err = dbk_roster_add(&view->roster, named, name);
		if (err == DBK_OK && !grow_heads(view, named))
			err = DBK_FAILED_LIMIT;
		if (err != DBK_OK)
			return err;
		dbk_roster_put(&view->new_names, named, name);
	}
	return dbk_buf_failed(&view->new_names) ? DBK_FAILED_MEMORY : DBK_OK;
}

/* The end of the slice that begins with effect FIRST, and its entries. */
static uint32_t
measure_slice(const struct dbk_effects *effects, uint32_t first, uint32_t *out_entries)
{
	uint32_t last = first, entries = 0;

	while (last < effects->n_effects && last - first < SLICE_RECORDS &&
	       entries < SLICE_ENTRIES) {
		entries +=
		    effects->effects[last].n_postings + effects->effects[last].n_moves;
		last++;
	}
	*out_entries = entries;
	return last;
}

/* Apply effects [FIRST, LAST) with that many ENTRIES; the gate is entered. */
static enum dbk_err
take_slice(struct dbk_view *view, const struct dbk_effects *effects, uint32_t first,
	   uint32_t last, uint32_t entries)
{
	uint64_t size = view->size;

	if (!dbk_heads_has_room(&view->heads, last - first, entries))
		return DBK_FAILED_LIMIT;
	for (uint32_t i = first; i < last; i++) {
		const struct dbk_effect *effect = &effects->effects[i];
		enum dbk_err err;

		if (i + PREFETCH_AHEAD < last)
			dbk_append_prefetch(&view->heads, effects,
					    effect + PREFETCH_AHEAD);
		if (i + PREFETCH_OWN_AHEAD < last)
			dbk_append_prefetch_own(&view->heads, effects,
						effect + PREFETCH_OWN_AHEAD);
		dbk_assert(effect->position == size);
		err = dbk_append_effect(&view->stream, &view->heads, effects, effect);
		if (err != DBK_OK)
			return err;
		size++;
	}
	view->size = size;
	return DBK_OK;
}

static enum dbk_err
apply(struct dbk_view *view, const struct dbk_effects *effects)
{
	uint32_t at = (uint32_t)(view->size - effects->size_before);
	enum dbk_err err;

	dbk_gate_write_enter(&view->gate);
	err = take_names(view, effects);
	while (err == DBK_OK && at < effects->n_effects) {
		uint32_t entries;
		uint32_t last = measure_slice(effects, at, &entries);

		err = take_slice(view, effects, at, last, entries);
		at = last;
		if (at < effects->n_effects) {
			dbk_gate_write_leave(&view->gate);
			dbk_gate_write_enter(&view->gate);
		}
	}
	dbk_gate_write_leave(&view->gate);
	return err;
}

enum dbk_err
dbk_view_apply(struct dbk_view *view, const struct dbk_effects *effects,
	       struct dbk_error *error)
{
	enum dbk_err err;

	dbk_assert(effects->size_after - effects->size_before == effects->n_effects);
	dbk_assert(effects->size_before <= view->size);
	if (view->failed)
		return dbk_error_set(error, DBK_FAILED_STATE,
				     "the ledger view broke off at record %llu",
				     (unsigned long long)view->size);
	if (effects->size_after <= view->size)
		return DBK_OK;
	err = apply(view, effects);
	if (err == DBK_OK)
		return DBK_OK;
	view->failed = true;
	return dbk_error_set(error, err,
			     "cannot apply records from %llu to the ledger view",
			     (unsigned long long)view->size);
}

enum dbk_err
dbk_view_flush(struct dbk_view *view, bool full, struct dbk_error *error)
{
	/* What an apply left half done must not come back after a restart. */
	if (view->failed)
		return dbk_error_set(error, DBK_FAILED_STATE,
				     "the ledger view broke off at record %llu",
				     (unsigned long long)view->size);
	if (view->durable_size == view->size && view->new_names.size == 0 &&
	    (!full || view->heads_size == view->size))
		return DBK_OK;
	return dbk_save_view(view, full, error);
}

uint64_t
dbk_view_size(const struct dbk_view *view)
{
	return view->size;
}

uint64_t
dbk_view_durable_size(const struct dbk_view *view)
{
	return view->durable_size;
}

static uint64_t
history_bytes(const struct dbk_view *view)
{
	uint64_t end = dbk_stream_end(&view->stream);

	return (uint64_t)(dbk_chunk_of(end) - 1) * DBK_CHUNK_BYTES + dbk_chunk_at(end);
}

void
dbk_view_stats(struct dbk_view *view, struct dbk_view_stats *out_stats)
{
	const struct dbk_roster *roster = &view->roster;
	struct dbk_view_stats *s = out_stats;

	dbk_gate_read_enter(&view->gate);
	s->size = view->size;
	s->durable_size = view->durable_size;
	s->heads_size = view->heads_size;
	s->disk_bytes = view->disk_bytes;
	s->history_bytes = history_bytes(view);
	s->pending_bytes = dbk_stream_bytes(&view->stream);
	s->resident_bytes = dbk_heads_bytes(&view->heads) + dbk_roster_bytes(roster);
	s->accounts = dbk_roster_count(roster, DBK_NAMED_ACCOUNT);
	s->positions = dbk_roster_count(roster, DBK_NAMED_POSITION);
	s->orders = view->heads.tables[DBK_HEADS_ORDERS].count - 1;
	s->holders = dbk_roster_count(roster, DBK_NAMED_HOLDER);
	s->skus = dbk_roster_count(roster, DBK_NAMED_SKU);
	s->lots = dbk_roster_count(roster, DBK_NAMED_LOT);
	s->clock = view->heads.clock;
	dbk_gate_read_leave(&view->gate);
}
