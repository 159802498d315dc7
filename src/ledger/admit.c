/*
 * admit.c -- one batch: opened, decided event by event, answered.
 */

#include <string.h>

#include "base/assert.h"
#include "books/sources.h"
#include "event/decode.h"
#include "event/record.h"
#include "ledger/ledger_private.h"

/* EventBatch.events, length-delimited. */
#define TAG_EVENT (1 << 3 | 2)

/* The next event of a batch; false at the end, or with AT->failed if it is none. */
static bool
next_event(struct dbk_cursor *at, struct dbk_str *out)
{
	const unsigned char *bytes;
	uint64_t size;

	if (at->failed || dbk_cursor_left(at) == 0)
		return false;
	if (dbk_cursor_varint(at) != TAG_EVENT) {
		at->failed = true;
		return false;
	}
	size = dbk_cursor_varint(at);
	bytes = dbk_cursor_take(at, size);
	*out = dbk_str_make(bytes, size);
	return !at->failed;
}

static enum dbk_admission
count_events(struct dbk_str batch)
{
	struct dbk_cursor at = dbk_cursor_make(batch.bytes, batch.size);
	struct dbk_str event;
	uint32_t n = 0;

	while (next_event(&at, &event))
		if (++n > DBK_BATCH_EVENTS_MAX)
			return DBK_BATCH_TOO_LARGE;
	return at.failed || n == 0 ? DBK_NOT_A_BATCH : DBK_ADMITTED;
}

/* The event at BYTES opened and checked, also against the time of this group. */
static bool
open_event(struct dbk_ledger *ledger, struct dbk_str bytes, struct dbk_event *event,
	   struct dbk_event_fault *fault)
{
	struct dbk_field when = { "effective_at", DBK_NO_INDEX, NULL };

	if (bytes.size > DBK_EVENT_BYTES_MAX) {
		struct dbk_field whole = { NULL, DBK_NO_INDEX, NULL };

		return dbk_fault_set_number(fault, DBK_FAULT_TOO_LARGE, whole,
					    bytes.size);
	}
	dbk_arena_reset(&ledger->arena);
	if (!dbk_event_decode(bytes, &ledger->arena, event, fault) ||
	    !dbk_event_check(event, fault))
		return false;
	if (event->effective_at > ledger->recorded_at_us + DBK_CLOCK_SKEW_US)
		return dbk_fault_set_number(fault, DBK_FAULT_TIME_IN_FUTURE, when,
					    event->effective_at);
	return true;
}

static void
log_event(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch,
	  uint32_t index, struct dbk_str bytes, const struct dbk_verdict *verdict)
{
	struct dbk_record record = { .position = verdict->position,
				     .recorded_at_us = ledger->recorded_at_us,
				     .source = batch->source,
				     .batch_seq = batch->batch_seq,
				     .index = index,
				     .outcome = verdict->outcome,
				     .event = bytes };
	char text[DBK_FIELD_TEXT_BYTES];
	struct dbk_buf *out = dbk_log_group_begin_record(&ledger->group);

	if (verdict->outcome == DBK_REFUSED)
		dbk_record_refuse(&record, &verdict->refusal, text);
	dbk_record_encode(&record, out);
	dbk_log_group_end_record(&ledger->group);
}

static enum dbk_err
decide_event(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch,
	     uint32_t index, struct dbk_str bytes)
{
	struct dbk_event_fault fault = { .fault = DBK_FAULT_NONE };
	struct dbk_verdict verdict;
	struct dbk_event event;
	enum dbk_err err;

	if (!open_event(ledger, bytes, &event, &fault)) {
		dbk_reply_invalid(&ledger->reply, &fault);
		return DBK_OK;
	}
	dbk_arena_reset(&ledger->originals);
	err = dbk_books_decide(ledger->books, &event, &ledger->effects,
			       &ledger->originals, &verdict);
	if (err != DBK_OK)
		return err;
	if (verdict.outcome == DBK_DUPLICATE) {
		dbk_reply_duplicate(&ledger->reply, verdict.position);
		return DBK_OK;
	}
	log_event(ledger, batch, index, bytes, &verdict);
	if (verdict.outcome == DBK_ACCEPTED)
		dbk_reply_accepted(&ledger->reply, verdict.position);
	else
		dbk_reply_refused(&ledger->reply, verdict.position, &verdict.refusal);
	return DBK_OK;
}

static enum dbk_err
decide_events(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch)
{
	struct dbk_cursor at = dbk_cursor_make(batch->events.bytes, batch->events.size);
	enum dbk_err err = DBK_OK;
	struct dbk_str bytes;
	uint32_t index = 0;

	dbk_reply_reset(&ledger->reply);
	while (err == DBK_OK && next_event(&at, &bytes))
		err = decide_event(ledger, batch, index++, bytes);
	return err;
}

/* Where the group and the books stood before a batch. */
struct before_batch {
	struct dbk_mark books;
	struct dbk_effects_mark effects;
	uint32_t n_records;
	size_t ends_size, records_size;
};

static void
mark_batch(struct dbk_ledger *ledger, struct before_batch *out)
{
	dbk_books_mark(ledger->books, &out->books);
	out->effects = dbk_effects_mark(&ledger->effects);
	out->n_records = ledger->group.n_records;
	out->ends_size = ledger->group.ends.size;
	out->records_size = ledger->group.records.size;
}

static void
undo_batch(struct dbk_ledger *ledger, const struct before_batch *before)
{
	dbk_books_rewind(ledger->books, &before->books);
	dbk_effects_rewind(&ledger->effects, before->effects);
	ledger->group.n_records = before->n_records;
	ledger->group.ends.size = before->ends_size;
	ledger->group.records.size = before->records_size;
}

static bool
has_failed_event(const struct dbk_ledger *ledger)
{
	return ledger->reply.counts.refused > 0 || ledger->reply.counts.invalid > 0;
}

static enum dbk_admission
spell(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch, bool repeated,
      struct dbk_str stored, struct dbk_buf *out, struct dbk_error *error,
      enum dbk_admission admission)
{
	(void)ledger;
	if (!dbk_reply_spell(stored, batch->source, batch->batch_seq, repeated, out)) {
		(void)dbk_error_set(error, DBK_FAILED_DAMAGED, "stored reply");
		return DBK_ADMISSION_FAILED;
	}
	if (dbk_buf_failed(out)) {
		(void)dbk_error_set(error, DBK_FAILED_MEMORY, "reply");
		return DBK_ADMISSION_FAILED;
	}
	return admission;
}

/* The reply that was given when this batch came first. */
static enum dbk_admission
repeat(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch, uint32_t source,
       struct dbk_buf *out, struct dbk_error *error)
{
	struct dbk_log_batch kept;
	struct dbk_log_slice slice;
	struct dbk_reply_place place;
	struct dbk_cursor at;

	if (!dbk_source_reply(ledger->books, source, batch->batch_seq, &place))
		return DBK_BATCH_FORGOTTEN;
	if (place.group == dbk_log_groups(ledger->log)) {
		at = dbk_cursor_make(ledger->group.batches.bytes,
				     ledger->group.batches.size);
	} else {
		dbk_log_reader_seek_group(ledger->reader, place.first_position,
					  place.group);
		if (dbk_log_reader_next(ledger->reader, &slice, error) != DBK_OK)
			return DBK_ADMISSION_FAILED;
		at = dbk_log_slice_batches(&slice);
	}
	for (uint32_t i = 0; i <= place.index; i++)
		if (!dbk_log_slice_next_batch(&at, &kept))
			return DBK_ADMISSION_FAILED;
	return spell(ledger, batch, true, kept.reply, out, error, DBK_ADMITTED_REPEAT);
}

/* What the source's number says before anything is opened. */
static enum dbk_admission
check_source(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch,
	     uint32_t *out_source, uint64_t *out_expected)
{
	const struct dbk_row_source *row;

	if (batch->source.size == 0 || batch->source.size > DBK_ID_BYTES_MAX ||
	    !dbk_str_is_utf8(batch->source) || dbk_str_has_control(batch->source))
		return DBK_SOURCE_BAD;
	*out_source = dbk_source_find(ledger->books, batch->source);
	row = *out_source == 0 ? NULL : dbk_source_row(ledger->books, *out_source);
	*out_expected = row == NULL ? 1 : row->last_batch_seq + 1;
	if (batch->batch_seq == 0 || batch->dry_run ||
	    batch->batch_seq == *out_expected)
		return DBK_ADMITTED;
	return batch->batch_seq < *out_expected ? DBK_ADMITTED_REPEAT : DBK_BATCH_GAP;
}

/* Enter the decided batch into group and books. */
static enum dbk_admission
keep_batch(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch,
	   bool rolled_back)
{
	uint32_t source = dbk_source_intern(ledger->books, batch->source);
	struct dbk_batch_counts counts = ledger->reply.counts;
	struct dbk_log_batch entry = { .source = batch->source,
				       .batch_seq = batch->batch_seq,
				       .n_events = ledger->reply.n_events };

	struct dbk_reply_place place;

	if (source == 0)
		return DBK_SOURCES_FULL;
	if (rolled_back)
		memset(&counts, 0, sizeof counts);
	place.group = dbk_log_groups(ledger->log);
	place.first_position = dbk_log_size(ledger->log);
	place.index = ledger->n_batches;
	dbk_source_record(ledger->books, source, batch->batch_seq, &counts, place);
	entry.reply = dbk_str_make(ledger->stored.bytes, ledger->stored.size);
	dbk_log_group_add_batch(&ledger->group, &entry);
	ledger->n_batches++;
	return DBK_ADMITTED;
}

static enum dbk_admission
decide_batch(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch,
	     struct dbk_buf *out, struct dbk_error *error)
{
	enum dbk_admission admission = batch->dry_run ? DBK_ADMITTED_DRY : DBK_ADMITTED;
	struct before_batch before;
	bool undo = batch->dry_run;
	unsigned flags = batch->dry_run ? DBK_REPLY_DRY_RUN : 0;
	enum dbk_err err;

	mark_batch(ledger, &before);
	err = decide_events(ledger, batch);
	if (err != DBK_OK) {
		undo_batch(ledger, &before);
		(void)dbk_error_set(error, err, "deciding: %s", dbk_err_text(err));
		return DBK_ADMISSION_FAILED;
	}
	if (batch->atomic && has_failed_event(ledger)) {
		flags |= DBK_REPLY_ROLLED_BACK;
		undo = true;
	}
	if (undo)
		undo_batch(ledger, &before);
	dbk_buf_reset(&ledger->stored);
	dbk_reply_store(&ledger->reply, dbk_books_size(ledger->books), flags,
			&ledger->stored);
	if (!batch->dry_run)
		admission = keep_batch(ledger, batch, undo);
	if (admission != DBK_ADMITTED && admission != DBK_ADMITTED_DRY) {
		undo_batch(ledger, &before);
		return admission;
	}
	return spell(ledger, batch, false,
		     dbk_str_make(ledger->stored.bytes, ledger->stored.size), out, error,
		     admission);
}

enum dbk_admission
dbk_ledger_admit(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch,
		 struct dbk_buf *reply, uint64_t *out_expected, struct dbk_error *error)
{
	uint32_t source = 0;
	enum dbk_admission admission = check_source(ledger, batch, &source, out_expected);

	if (admission == DBK_ADMITTED_REPEAT)
		return repeat(ledger, batch, source, reply, error);
	if (admission != DBK_ADMITTED)
		return admission;
	admission = count_events(batch->events);
	if (admission != DBK_ADMITTED)
		return admission;
	return decide_batch(ledger, batch, reply, error);
}
