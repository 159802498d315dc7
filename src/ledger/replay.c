#include "ledger/replay.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/assert.h"
#include "books/sources.h"
#include "event/decode.h"
#include "event/record.h"
#include "ledger/reply.h"
#include "log/log_reader.h"

#define ARENA_BYTES_MAX ((size_t)64 * 1024 * 1024)

struct dbk_replay {
	struct dbk_books *books;
	struct dbk_log_reader *groups;	  /* goes forward */
	struct dbk_log_reader *originals; /* looks back */
	struct dbk_effects effects;
	struct dbk_arena arena, back;
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

static enum dbk_err
replay_record(struct dbk_replay *replay, struct dbk_str bytes, struct dbk_error *error)
{
	uint64_t position = dbk_books_size(replay->books);
	struct dbk_event_fault fault;
	struct dbk_verdict verdict;
	struct dbk_record record;
	struct dbk_event event;
	enum dbk_err err;

	dbk_arena_reset(&replay->arena);
	dbk_arena_reset(&replay->back);
	if (!dbk_record_decode(bytes, &record) || record.position != position ||
	    !dbk_event_decode(record.event, &replay->arena, &event, &fault))
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "record %llu: not a record of this log",
				     (unsigned long long)position);
	err = dbk_books_decide(replay->books, &event, &replay->effects,
			       &replay->back, &verdict);
	if (err != DBK_OK)
		return dbk_error_set(error, err, "record %llu: %s",
				     (unsigned long long)position, dbk_err_text(err));
	if (verdict.outcome != record.outcome ||
	    (verdict.outcome == DBK_REFUSED && verdict.refusal.rule != record.rule))
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "record %llu: the books do not decide it as logged",
				     (unsigned long long)position);
	return DBK_OK;
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
		dbk_source_record(replay->books, source, batch.batch_seq, &counts, place);
	}
	return DBK_OK;
}

static enum dbk_err
replay_group(struct dbk_replay *replay, const struct dbk_log_slice *slice,
	     struct dbk_error *error)
{
	enum dbk_err err = DBK_OK;

	dbk_effects_reset(&replay->effects, slice->first_position);
	for (uint32_t i = 0; err == DBK_OK && i < slice->n_records; i++)
		err = replay_record(replay, dbk_log_slice_record(slice, i), error);
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
