#include "ledger/ledger_private.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/assert.h"
#include "event/decode.h"
#include "event/record.h"
#include "ledger/replay.h"

/* A group is committed at this size even if more is waiting: enough to pay for a sync
 * many times over, small enough for one value of the log and a short wait. */
#define GROUP_BYTES_FULL ((size_t)2 * 1024 * 1024)
#define GROUP_BATCHES_FULL 4096u

/* Memory of one batch's decoded events: only the event at hand is kept. */
#define ARENA_BYTES_MAX ((size_t)64 * 1024 * 1024)

_Static_assert(2 * 1024 * 1024 + DBK_BATCH_BYTES_MAX + DBK_BATCH_EVENTS_MAX * 160 +
		       DBK_LOG_REPLY_BYTES_MAX <
		   DBK_LOG_VALUE_BYTES_MAX + 1024 * 1024,
	       "a full batch on top of a nearly full group stays near one value");

/* How the books look back: in the log, or in the group that is being built. */
bool
dbk_ledger_look_back(void *context, uint64_t position, struct dbk_str *out)
{
	struct dbk_ledger *ledger = context;
	uint64_t size = dbk_log_size(ledger->log);
	struct dbk_record record;
	struct dbk_str bytes;

	if (position < size) {
		if (dbk_log_reader_find(ledger->reader, position, &bytes, NULL) !=
		    DBK_OK)
			return false;
	} else {
		const uint32_t *ends =
		    (const uint32_t *)(void *)ledger->group.ends.bytes;
		uint64_t i = position - size;
		uint32_t begin = i == 0 ? 0 : ends[i - 1];

		dbk_assert(i < ledger->group.n_records);
		bytes =
		    dbk_str_make(ledger->group.records.bytes + begin, ends[i] - begin);
	}
	if (!dbk_record_decode(bytes, &record))
		return false;
	*out = record.event;
	return true;
}

/* The folder NAME of the data directory. */
static enum dbk_err
path_of(const struct dbk_ledger_options *options, const char *name, char out[PATH_MAX],
	struct dbk_error *error)
{
	int size = snprintf(out, PATH_MAX, "%s/%s", options->dir, name);

	if (size > 0 && size < PATH_MAX)
		return DBK_OK;
	return dbk_error_set(error, DBK_FAILED_LIMIT,
			     "the data directory's name has more than %d bytes",
			     PATH_MAX);
}

/* A store that cannot be opened for what is in it is begun anew: the log has all. */
static enum dbk_err
open_saved(const char *dir, struct dbk_saved **out, struct dbk_error *why_not,
	   struct dbk_error *error)
{
	enum dbk_err err = dbk_saved_open(dir, out, error);

	if (err != DBK_FAILED_DAMAGED && err != DBK_FAILED_VERSION)
		return err;
	*why_not = *error;
	err = dbk_store_remove(dir, error);
	return err == DBK_OK ? dbk_saved_open(dir, out, error) : err;
}

static enum dbk_err
open_books(struct dbk_ledger *ledger, const struct dbk_ledger_options *options,
	   struct dbk_saved_point *out_point, struct dbk_error *why_not,
	   struct dbk_error *error)
{
	struct dbk_error found = { 0 };
	uint64_t size_max = options->views_size;
	struct dbk_saved *saved;
	char dir[PATH_MAX];
	enum dbk_err err = path_of(options, "books", dir, error);

	memset(out_point, 0, sizeof *out_point);
	if (err == DBK_OK)
		err = open_saved(dir, &saved, why_not, error);
	if (err != DBK_OK)
		return err;
	/* A log that was put back from a copy may be behind the books, too. */
	if (dbk_log_size(ledger->log) < size_max)
		size_max = dbk_log_size(ledger->log);
	err = dbk_saved_load(saved, size_max, &ledger->books, out_point, &found);
	dbk_saved_close(saved);
	if (err == DBK_OK)
		return DBK_OK;
	if (err == DBK_FAILED_NOT_FOUND || err == DBK_FAILED_DAMAGED) {
		if (found.code != DBK_OK)
			*why_not = found;
		err = dbk_books_open(options->key, &ledger->books);
		return err == DBK_OK ? err : dbk_error_set(error, err, "books");
	}
	if (error != NULL)
		*error = found;
	return err;
}

static struct dbk_ledger *
ledger_make(void)
{
	struct dbk_ledger *ledger = calloc(1, sizeof *ledger);

	if (ledger == NULL)
		return NULL;
	dbk_effects_init(&ledger->effects);
	dbk_log_group_init(&ledger->group);
	dbk_arena_init(&ledger->arena, ARENA_BYTES_MAX);
	dbk_arena_init(&ledger->originals, ARENA_BYTES_MAX);
	dbk_reply_init(&ledger->reply);
	dbk_buf_init(&ledger->stored);
	dbk_buf_init(&ledger->signing.hashes);
	return ledger;
}

/* Everything behind the saved books, to whoever wants to know. */
static enum dbk_err
replay_tail(const struct dbk_ledger_options *options, struct dbk_replay *replay,
	    struct dbk_books *books, struct dbk_error *error)
{
	const struct dbk_effects *effects;
	enum dbk_err err;

	while ((err = dbk_replay_next(replay, &effects, error)) == DBK_OK) {
		if (options->replayed != NULL)
			err = options->replayed(options->replayed_context, effects,
						error);
		if (err == DBK_OK && options->progress != NULL &&
		    !options->progress(options->progress_context,
				       dbk_books_size(books)))
			err = DBK_FAILED_STATE;
		if (err != DBK_OK)
			return err;
	}
	return err == DBK_FAILED_NOT_FOUND ? DBK_OK : err;
}

enum dbk_err
dbk_ledger_open(const struct dbk_ledger_options *options, struct dbk_ledger **out,
		struct dbk_ledger_start *out_start, struct dbk_error *error)
{
	struct dbk_ledger *ledger = ledger_make();
	struct dbk_saved_point point;
	struct dbk_error why_not = { 0 };
	struct dbk_replay *replay;
	char dir[PATH_MAX];
	enum dbk_err err;

	if (ledger == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "ledger");
	err = path_of(options, "log", dir, error);
	if (err == DBK_OK)
		err = dbk_log_open(dir, &options->log, &ledger->log, error);
	if (err == DBK_OK)
		err = dbk_log_reader_open(ledger->log, &ledger->reader, error);
	if (err == DBK_OK)
		err = open_books(ledger, options, &point, &why_not, error);
	if (err != DBK_OK)
		goto close;
	err = dbk_replay_open(ledger->log, ledger->books, point.groups, &replay, error);
	if (err != DBK_OK)
		goto close;
	err = replay_tail(options, replay, ledger->books, error);
	dbk_replay_close(replay);
	if (err != DBK_OK)
		goto close;
	dbk_books_set_history(ledger->books, dbk_ledger_look_back, ledger);
	out_start->loaded_size = point.size;
	out_start->not_loaded = why_not;
	out_start->replayed_size = dbk_books_size(ledger->books) - point.size;
	ledger->recorded_at_us = dbk_log_recorded_at_us(ledger->log);
	*out = ledger;
	return DBK_OK;

close:
	dbk_ledger_close(ledger);
	return err;
}

void
dbk_ledger_close(struct dbk_ledger *ledger)
{
	if (ledger == NULL)
		return;
	dbk_log_reader_close(ledger->reader);
	dbk_log_close(ledger->log);
	dbk_books_close(ledger->books);
	dbk_effects_fini(&ledger->effects);
	dbk_log_group_fini(&ledger->group);
	dbk_arena_fini(&ledger->arena);
	dbk_arena_fini(&ledger->originals);
	dbk_reply_fini(&ledger->reply);
	dbk_buf_fini(&ledger->stored);
	dbk_buf_fini(&ledger->signing.hashes);
	free(ledger);
}

struct dbk_log *
dbk_ledger_log(struct dbk_ledger *ledger)
{
	return ledger->log;
}

struct dbk_books *
dbk_ledger_books(struct dbk_ledger *ledger)
{
	return ledger->books;
}

void
dbk_ledger_begin(struct dbk_ledger *ledger, int64_t recorded_at_us)
{
	if (recorded_at_us > ledger->recorded_at_us)
		ledger->recorded_at_us = recorded_at_us;
	ledger->repeated_bytes = 0;
	dbk_log_group_reset(&ledger->group, ledger->recorded_at_us);
	dbk_effects_reset(&ledger->effects, dbk_books_size(ledger->books));
	dbk_books_mark(ledger->books, &ledger->before_group);
}

void
dbk_ledger_last_counts(const struct dbk_ledger *ledger, uint32_t *out_duplicates,
		       uint32_t *out_invalid)
{
	*out_duplicates = ledger->reply.counts.duplicates;
	*out_invalid = ledger->reply.counts.invalid;
}

bool
dbk_ledger_is_full(const struct dbk_ledger *ledger)
{
	return ledger->group.n_batches >= GROUP_BATCHES_FULL ||
	       dbk_log_group_bytes(&ledger->group) + ledger->repeated_bytes >=
		       GROUP_BYTES_FULL;
}

bool
dbk_ledger_is_empty(const struct dbk_ledger *ledger)
{
	return ledger->group.n_batches == 0;
}

enum dbk_err
dbk_ledger_commit(struct dbk_ledger *ledger, struct dbk_error *error)
{
	enum dbk_err err;

	if (dbk_ledger_is_empty(ledger))
		return DBK_OK;
	err = dbk_log_append(ledger->log, &ledger->group, error);
	if (err != DBK_OK) {
		dbk_books_rewind(ledger->books, &ledger->before_group);
		dbk_effects_reset(&ledger->effects, dbk_books_size(ledger->books));
		dbk_log_group_reset(&ledger->group, ledger->recorded_at_us);
		return err;
	}
	dbk_assert(dbk_log_size(ledger->log) == dbk_books_size(ledger->books));
	dbk_books_commit(ledger->books);
	return DBK_OK;
}

void
dbk_ledger_swap_effects(struct dbk_ledger *ledger, struct dbk_effects *slot)
{
	struct dbk_effects effects = ledger->effects;

	ledger->effects = *slot;
	*slot = effects;
}
