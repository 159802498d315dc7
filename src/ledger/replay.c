#include "ledger/replay.h"

#include <stdlib.h>

#include "base/assert.h"
#include "books/sources.h"
#include "event/record.h"
#include "ledger/reply.h"
#include "log/log_reader.h"
#include "replay/again.h"

struct dbk_replay {
	struct dbk_books *books;
	struct dbk_log_reader *groups;	  /* goes forward */
	struct dbk_log_reader *originals; /* looks back */
	struct dbk_again again;
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
	dbk_again_init(&replay->again, books, NULL);
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
	dbk_again_fini(&replay->again);
	free(replay);
}

/* N records of SLICE from FIRST on, opened together so that they can be foreseen. */
static enum dbk_err
replay_some(struct dbk_replay *replay, const struct dbk_log_slice *slice,
	    uint32_t first, uint32_t n, struct dbk_error *error)
{
	struct dbk_str records[DBK_FORESEE_EVENTS];

	for (uint32_t i = 0; i < n; i++)
		records[i] = dbk_log_slice_record(slice, first + i);
	return dbk_again_decide(&replay->again, records, n, error);
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

	dbk_effects_reset(&replay->again.effects, slice->first_position);
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
		*out_effects = &replay->again.effects;
	return err;
}
