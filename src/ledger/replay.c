/*
 * replay.c -- the log decided again.
 *
 * Every record must come out as it was written: a difference means that the log was
 * changed, or that this build's core is not the one that wrote it.
 */

#include "base/assert.h"
#include "books/sources.h"
#include "event/decode.h"
#include "event/record.h"
#include "ledger/ledger_private.h"

static enum dbk_err
replay_record(struct dbk_ledger *ledger, struct dbk_str bytes, struct dbk_error *error)
{
	uint64_t position = dbk_books_size(ledger->books);
	struct dbk_event_fault fault;
	struct dbk_verdict verdict;
	struct dbk_record record;
	struct dbk_event event;
	enum dbk_err err;

	dbk_arena_reset(&ledger->arena);
	dbk_arena_reset(&ledger->originals);
	if (!dbk_record_decode(bytes, &record) || record.position != position ||
	    !dbk_event_decode(record.event, &ledger->arena, &event, &fault))
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "record %llu: not a record of this log",
				     (unsigned long long)position);
	err = dbk_books_decide(ledger->books, &event, &ledger->effects,
			       &ledger->originals, &verdict);
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
replay_batches(struct dbk_ledger *ledger, const struct dbk_log_slice *slice,
	       struct dbk_error *error)
{
	struct dbk_cursor at = dbk_log_slice_batches(slice);
	struct dbk_reply_place place = { .group = slice->number,
					 .first_position = slice->first_position };
	struct dbk_log_batch batch;
	uint32_t index = 0;

	while (dbk_log_slice_next_batch(&at, &batch)) {
		struct dbk_batch_counts counts;
		uint32_t source = dbk_source_intern(ledger->books, batch.source);

		if (source == 0 || !dbk_reply_count(batch.reply, &counts) ||
		    (batch.batch_seq != 0 &&
		     batch.batch_seq !=
			     dbk_source_row(ledger->books, source)->last_batch_seq + 1))
			return dbk_error_set(error, DBK_FAILED_DAMAGED,
					     "group %llu: batch %u",
					     (unsigned long long)slice->number, index);
		place.index = index++;
		dbk_source_record(ledger->books, source, batch.batch_seq, &counts, place);
	}
	return DBK_OK;
}

static enum dbk_err
replay_group(struct dbk_ledger *ledger, const struct dbk_log_slice *slice,
	     struct dbk_error *error)
{
	enum dbk_err err = DBK_OK;

	dbk_effects_reset(&ledger->effects, slice->first_position);
	for (uint32_t i = 0; err == DBK_OK && i < slice->n_records; i++)
		err = replay_record(ledger, dbk_log_slice_record(slice, i), error);
	if (err == DBK_OK)
		err = replay_batches(ledger, slice, error);
	if (err == DBK_OK)
		dbk_books_commit(ledger->books);
	return err;
}

enum dbk_err
dbk_ledger_replay(struct dbk_ledger *ledger, const struct dbk_ledger_options *options,
		  uint64_t from_group, struct dbk_ledger_start *start,
		  struct dbk_error *error)
{
	uint64_t before = dbk_books_size(ledger->books);
	struct dbk_log_reader *reader;
	struct dbk_log_slice slice;
	enum dbk_err err = dbk_log_reader_open(ledger->log, &reader, error);

	if (err != DBK_OK)
		return err;
	dbk_log_reader_seek_group(reader, before, from_group);
	while ((err = dbk_log_reader_next(reader, &slice, error)) == DBK_OK) {
		err = replay_group(ledger, &slice, error);
		if (err == DBK_OK && options->replayed != NULL)
			err = options->replayed(options->replayed_context,
						&ledger->effects, error);
		if (err != DBK_OK)
			break;
		if (options->progress != NULL &&
		    !options->progress(options->progress_context,
				       dbk_books_size(ledger->books))) {
			err = DBK_FAILED_STATE;
			break;
		}
	}
	dbk_log_reader_close(reader);
	if (err != DBK_FAILED_NOT_FOUND)
		return err;
	start->replayed_size = dbk_books_size(ledger->books) - before;
	return DBK_OK;
}
