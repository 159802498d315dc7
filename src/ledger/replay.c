#include "ledger/replay.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/assert.h"
#include "books/foresee.h"
#include "books/sources.h"
#include "event/decode.h"
#include "event/record.h"
#include "ledger/reply.h"
#include "log/log_reader.h"

#define ARENA_BYTES_MAX ((size_t)64 * 1024 * 1024)

/* A record opened before its turn. */
struct opened {
	struct dbk_record record;
	struct dbk_event event;
	struct dbk_foresight foresight;
};

struct dbk_replay {
	struct dbk_books *books;
	struct dbk_log_reader *groups;	  /* goes forward */
	struct dbk_log_reader *originals; /* looks back */
	struct dbk_effects effects;
	struct dbk_arena arena, back;
	struct opened opened[DBK_FORESEE_EVENTS];
	struct dbk_dues_foresight dues;
};

static bool
look_back(void *context, uint64_t position, struct dbk_str *out)
{
	struct dbk_replay *replay = context;
	struct dbk_record record;
	struct dbk_str bytes;

	if (dbk_log_reader_find(replay->originals, position, &bytes, NULL) != DBK_OK ||
	    !dbk_record_decode(bytes, &record))
		return false;
	*out = record.event;
	return true;
}

enum dbk_err
dbk_replay_open(struct dbk_log *log, struct dbk_books *books, uint64_t from_group,
		struct dbk_replay **out, struct dbk_error *error)
{
	struct dbk_replay *replay = calloc(1, sizeof *replay);
	enum dbk_err err;

	if (replay == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "replay");
	replay->books = books;
	dbk_effects_init(&replay->effects);
	dbk_arena_init(&replay->arena, ARENA_BYTES_MAX);
	dbk_arena_init(&replay->back, ARENA_BYTES_MAX);
	err = dbk_log_reader_open(log, &replay->groups, error);
	if (err == DBK_OK)
		err = dbk_log_reader_open(log, &replay->originals, error);
	if (err != DBK_OK) {
		dbk_replay_close(replay);
		return err;
	}
	dbk_books_set_history(books, look_back, replay);
	dbk_log_reader_seek_group(replay->groups, dbk_books_size(books), from_group);
	*out = replay;
	return DBK_OK;
}

void
dbk_replay_close(struct dbk_replay *replay)
{
	if (replay == NULL)
		return;
	dbk_books_set_history(replay->books, NULL, NULL);
	dbk_log_reader_close(replay->groups);
	dbk_log_reader_close(replay->originals);
	dbk_effects_fini(&replay->effects);
	dbk_arena_fini(&replay->arena);
	dbk_arena_fini(&replay->back);
	free(replay);
}

/* Refused then and now for the same reason, to the last figure that the record keeps.
 */
static bool
is_same_refusal(const struct dbk_record *record, const struct dbk_refusal *refusal)
{
	char text[DBK_FIELD_TEXT_BYTES];
	struct dbk_record now = { .outcome = DBK_REFUSED };

	dbk_record_refuse(&now, refusal, text);
	return now.rule == record->rule && now.measured == record->measured &&
	       now.limit == record->limit &&
	       now.other_position_plus_one == record->other_position_plus_one &&
	       now.would_pass_plus_one == record->would_pass_plus_one &&
	       dbk_str_equal(now.refusal_field, record->refusal_field) &&
	       dbk_str_equal(dbk_verdict_value(now.refusal_value),
			     record->refusal_value);
}

static enum dbk_err
open_record(struct dbk_replay *replay, struct dbk_str bytes, uint64_t position,
	    struct opened *out, struct dbk_error *error)
{
	struct dbk_event_fault fault;

	if (dbk_record_decode(bytes, &out->record) &&
	    out->record.position == position &&
	    dbk_event_decode(out->record.event, &replay->arena, &out->event, &fault) &&
	    dbk_event_check(&out->event, &fault)) {
		out->event.source = out->record.source;
		return DBK_OK;
	}
	if (replay->arena.starved)
		return dbk_error_set(error, DBK_FAILED_MEMORY,
				     "record %llu: no memory to open it",
				     (unsigned long long)position);
	return dbk_error_set(error, DBK_FAILED_DAMAGED,
			     "record %llu: not a record of this log",
			     (unsigned long long)position);
}

static enum dbk_err
replay_record(struct dbk_replay *replay, const struct opened *opened,
	      struct dbk_error *error)
{
	uint64_t position = opened->record.position;
	struct dbk_verdict verdict;
	enum dbk_err err;

	dbk_arena_reset(&replay->back);
	err = dbk_books_decide_foreseen(replay->books, &opened->event,
					&opened->foresight, &replay->effects,
					&replay->back, &verdict);
	if (err != DBK_OK)
		return dbk_error_set(error, err, "record %llu: %s",
				     (unsigned long long)position, dbk_err_text(err));
	if (verdict.outcome != opened->record.outcome ||
	    (verdict.outcome == DBK_REFUSED &&
	     !is_same_refusal(&opened->record, &verdict.refusal)))
		return dbk_error_set(
		    error, DBK_FAILED_DAMAGED,
		    "record %llu: the books do not decide it as logged",
		    (unsigned long long)position);
	return DBK_OK;
}

static void
foresee(struct dbk_replay *replay, uint32_t n)
{
	struct opened *opened = replay->opened;
	int64_t until = INT64_MIN;

	for (uint32_t i = 0; i < n; i++)
		if (opened[i].event.effective_at > until)
			until = opened[i].event.effective_at;
	for (unsigned step = 0; step < DBK_FORESEE_STEPS; step++) {
		for (uint32_t i = 0; i < n; i++)
			dbk_books_foresee(replay->books, &opened[i].event, step,
					  &opened[i].foresight);
		dbk_books_foresee_dues(replay->books, until, step, &replay->dues);
	}
}

/* N records of SLICE from FIRST on, opened together so that they can be foreseen. */
static enum dbk_err
replay_some(struct dbk_replay *replay, const struct dbk_log_slice *slice,
	    uint32_t first, uint32_t n, struct dbk_error *error)
{
	struct opened *opened = replay->opened;
	enum dbk_err err = DBK_OK;

	dbk_arena_reset(&replay->arena);
	for (uint32_t i = 0; err == DBK_OK && i < n; i++)
		err = open_record(replay, dbk_log_slice_record(slice, first + i),
				  slice->first_position + first + i, &opened[i], error);
	if (err == DBK_OK)
		foresee(replay, n);
	for (uint32_t i = 0; err == DBK_OK && i < n; i++) {
		err = replay_record(replay, &opened[i], error);
		/* What the log holds is never undone: a short journal stays in the
		 * nearest cache. */
		dbk_books_commit(replay->books);
	}
	return err;
}

static enum dbk_err
replay_batches(struct dbk_replay *replay, const struct dbk_log_slice *slice,
	       struct dbk_error *error)
{
	struct dbk_cursor at = dbk_log_slice_batches(slice);
	struct dbk_reply_place place = { .group = slice->number,
					 .first_position = slice->first_position };
	struct dbk_log_batch batch;
	uint32_t index = 0;

	while (dbk_log_slice_next_batch(&at, &batch)) {
		struct dbk_batch_counts counts;
		uint32_t source = dbk_source_intern(replay->books, batch.source);

		if (source == 0 || !dbk_reply_count(batch.reply, &counts) ||
		    (batch.batch_seq != 0 &&
		     batch.batch_seq !=
			 dbk_source_row(replay->books, source)->last_batch_seq + 1))
			return dbk_error_set(error, DBK_FAILED_DAMAGED,
					     "group %llu: batch %u",
					     (unsigned long long)slice->number, index);
		place.index = index++;
		dbk_source_record(replay->books, source, batch.batch_seq, &counts,
				  place);
	}
	return DBK_OK;
}

static enum dbk_err
replay_group(struct dbk_replay *replay, const struct dbk_log_slice *slice,
	     struct dbk_error *error)
{
	enum dbk_err err = DBK_OK;

	dbk_effects_reset(&replay->effects, slice->first_position);
	for (uint32_t i = 0; err == DBK_OK && i < slice->n_records;
	     i += DBK_FORESEE_EVENTS) {
		uint32_t left = slice->n_records - i;

		err = replay_some(replay, slice, i,
				  left < DBK_FORESEE_EVENTS ? left : DBK_FORESEE_EVENTS,
				  error);
	}
	if (err == DBK_OK)
		err = replay_batches(replay, slice, error);
	if (err == DBK_OK)
		dbk_books_commit(replay->books);
	return err;
}

enum dbk_err
dbk_replay_next(struct dbk_replay *replay, const struct dbk_effects **out_effects,
		struct dbk_error *error)
{
	struct dbk_log_slice slice;
	enum dbk_err err = dbk_log_reader_next(replay->groups, &slice, error);

	if (err == DBK_OK)
		err = replay_group(replay, &slice, error);
	if (err == DBK_OK)
		*out_effects = &replay->effects;
	return err;
}
