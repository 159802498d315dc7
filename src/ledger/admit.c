/*
 * admit.c -- one batch: opened, decided event by event, answered.
 */

#include <string.h>

#include "base/assert.h"
#include "books/sources.h"
#include "event/decode.h"
#include "event/record.h"
#include "ledger/details.h"
#include "ledger/ledger_private.h"
#include "ledger/posting.h"

static enum dbk_admission
count_events(struct dbk_str batch)
{
	struct dbk_cursor at = dbk_cursor_make(batch.bytes, batch.size);
	struct dbk_str event;
	uint32_t n = 0;

	while (dbk_ledger_next_event(&at, &event))
		if (++n > DBK_BATCH_EVENTS_MAX)
			return DBK_BATCH_TOO_LARGE;
	return at.failed || n == 0 ? DBK_NOT_A_BATCH : DBK_ADMITTED;
}

/* The event at BYTES opened and checked, also against the rights of its source and the
 * time of this group. */
static bool
open_event(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch,
	   struct dbk_str bytes, struct dbk_event *event, struct dbk_event_fault *fault)
{
	struct dbk_field when = { "effective_at", DBK_NO_INDEX, NULL };
	struct dbk_field body = { "body", DBK_NO_INDEX, NULL };

	if (bytes.size > DBK_EVENT_BYTES_MAX) {
		struct dbk_field whole = { NULL, DBK_NO_INDEX, NULL };

		return dbk_fault_set_number(fault, DBK_FAULT_TOO_LARGE, whole,
					    bytes.size);
	}
	if (!dbk_event_decode(bytes, &ledger->arena, event, fault))
		return false;
	if (!dbk_signing_may_send(ledger, batch, event->type))
		return dbk_fault_set_number(fault, DBK_FAULT_NOT_PERMITTED, body,
					    event->type);
	if (!dbk_event_check(event, fault))
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
	dbk_signing_seal(ledger, &record);
	dbk_record_encode(&record, out);
	dbk_log_group_end_record(&ledger->group);
}

/* What there is to tell of the event that was decided last, beyond the outcome, while
 * its names exist; NULL: nothing.  A dry run tells what would be posted; numbers of
 * findings that do not stay it does not. */
static const struct dbk_buf *
tell_details(struct dbk_ledger *ledger, bool dry_run)
{
	const struct dbk_effects *effects = &ledger->effects;
	const struct dbk_effect *effect = &effects->effects[effects->n_effects - 1];
	size_t full = dry_run ? DBK_DRY_RUN_BYTES_MAX : DBK_REPLY_FULL_BYTES_MAX;
	struct dbk_buf *details = &ledger->stored;

	if (!dry_run && effect->n_checks == 0 && effect->n_findings == 0)
		return NULL;
	if (ledger->reply.entries.size >= full)
		return NULL;
	dbk_buf_reset(details);
	if (dry_run && effect->rule == DBK_RULE_NONE)
		dbk_posting_put_all(details, DBK_REPLY_POSTINGS,
				    DBK_DRY_RUN_POSTINGS_MAX, ledger->books, effects,
				    effect);
	dbk_details_put_checks(details, effects, effect);
	if (!dry_run)
		dbk_details_put_findings(details, effects, effect);
	return details;
}

static void
answer(struct dbk_ledger *ledger, const struct dbk_verdict *verdict,
       const struct dbk_buf *details)
{
	if (verdict->outcome == DBK_REFUSED)
		dbk_reply_refused(&ledger->reply, verdict->position, &verdict->refusal,
				  details);
	else if (details != NULL)
		dbk_reply_accepted_with(&ledger->reply, verdict->position, details);
	else
		dbk_reply_accepted(&ledger->reply, verdict->position);
}

/* The event answered last gets no record. */
static void
keep_gap(struct dbk_ledger *ledger, uint32_t index)
{
	const unsigned char *hash = dbk_signing_hash(ledger, index);

	if (hash != NULL)
		dbk_reply_gap(&ledger->reply, hash);
}

static enum dbk_err
decide_event(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch,
	     uint32_t index, const struct dbk_opened_event *opened)
{
	struct dbk_verdict verdict;
	enum dbk_err err;

	if (!opened->is_event) {
		dbk_reply_invalid(&ledger->reply, &opened->fault);
		keep_gap(ledger, index);
		return DBK_OK;
	}
	dbk_arena_reset(&ledger->originals);
	err =
	    dbk_books_decide_foreseen(ledger->books, &opened->event, &opened->foresight,
				      &ledger->effects, &ledger->originals, &verdict);
	if (err != DBK_OK)
		return err;
	if (verdict.outcome == DBK_DUPLICATE) {
		dbk_reply_duplicate(&ledger->reply, verdict.position);
		keep_gap(ledger, index);
		return DBK_OK;
	}
	log_event(ledger, batch, index, opened->bytes, &verdict);
	if (dbk_log_group_failed(&ledger->group))
		return DBK_FAILED_MEMORY;
	answer(ledger, &verdict, tell_details(ledger, batch->dry_run));
	return DBK_OK;
}

static void
foresee(struct dbk_ledger *ledger, uint32_t n)
{
	struct dbk_opened_event *opened = ledger->opened;
	int64_t until = INT64_MIN;

	for (uint32_t i = 0; i < n; i++)
		if (opened[i].is_event && opened[i].event.effective_at > until)
			until = opened[i].event.effective_at;
	for (unsigned step = 0; step < DBK_FORESEE_STEPS; step++) {
		for (uint32_t i = 0; i < n; i++)
			if (opened[i].is_event)
				dbk_books_foresee(ledger->books, &opened[i].event, step,
						  &opened[i].foresight);
		dbk_books_foresee_dues(ledger->books, until, step, &ledger->dues);
	}
}

/* Open the next events of BATCH at AT and let the books foresee them; how many there
 * are. */
static uint32_t
open_events(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch,
	    struct dbk_cursor *at)
{
	struct dbk_opened_event *opened = ledger->opened;
	uint32_t n = 0;

	dbk_arena_reset(&ledger->arena);
	while (n < DBK_FORESEE_EVENTS && dbk_ledger_next_event(at, &opened[n].bytes)) {
		opened[n].fault = (struct dbk_event_fault){ .fault = DBK_FAULT_NONE };
		opened[n].is_event = open_event(ledger, batch, opened[n].bytes,
						&opened[n].event, &opened[n].fault);
		opened[n].event.source = batch->source;
		n++;
	}
	foresee(ledger, n);
	return n;
}

static enum dbk_err
decide_events(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch)
{
	struct dbk_cursor at = dbk_cursor_make(batch->events.bytes, batch->events.size);
	enum dbk_err err = DBK_OK;
	uint32_t index = 0, n;

	dbk_reply_reset(&ledger->reply);
	while (err == DBK_OK && (n = open_events(ledger, batch, &at)) > 0) {
		/* No fault of the events: what was not opened for want of memory. */
		if (ledger->arena.starved)
			return DBK_FAILED_MEMORY;
		for (uint32_t i = 0; err == DBK_OK && i < n; i++)
			err = decide_event(ledger, batch, index++, &ledger->opened[i]);
	}
	return err;
}

/* Where the group and the books stood before a batch. */
struct before_batch {
	struct dbk_mark books;
	struct dbk_effects_mark effects;
	uint32_t n_records, n_batches;
	size_t batches_size, ends_size, records_size;
};

static void
mark_batch(struct dbk_ledger *ledger, struct before_batch *out)
{
	dbk_books_mark(ledger->books, &out->books);
	out->effects = dbk_effects_mark(&ledger->effects);
	out->n_records = ledger->group.n_records;
	out->n_batches = ledger->group.n_batches;
	out->batches_size = ledger->group.batches.size;
	out->ends_size = ledger->group.ends.size;
	out->records_size = ledger->group.records.size;
}

/* Cut BUF to what it held; whether it could hold more is no longer of interest. */
static void
cut(struct dbk_buf *buf, size_t size)
{
	buf->size = size;
	buf->failed = false;
}

/* The batches before this one are whole and stay, also if memory ran out since. */
static void
undo_batch(struct dbk_ledger *ledger, const struct before_batch *before)
{
	dbk_books_rewind(ledger->books, &before->books);
	dbk_effects_rewind(&ledger->effects, before->effects);
	ledger->effects.failed = ledger->effects.names.failed = false;
	ledger->group.n_records = before->n_records;
	ledger->group.n_batches = before->n_batches;
	cut(&ledger->group.batches, before->batches_size);
	cut(&ledger->group.ends, before->ends_size);
	cut(&ledger->group.records, before->records_size);
}

static bool
has_failed_event(const struct dbk_ledger *ledger)
{
	return ledger->reply.counts.refused > 0 || ledger->reply.counts.invalid > 0;
}

static bool
is_source_name(struct dbk_str name)
{
	return name.size > 0 && name.size <= DBK_ID_BYTES_MAX &&
	       dbk_str_is_utf8(name) && !dbk_str_has_control(name);
}

/* What the source's number says before anything is opened. */
static enum dbk_admission
check_number(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch,
	     uint32_t *out_source, uint64_t *out_expected)
{
	const struct dbk_row_source *row;

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
keep_batch(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch, bool undone,
	   struct dbk_error *error)
{
	uint32_t source = dbk_source_intern(ledger->books, batch->source);
	struct dbk_batch_counts counts = ledger->reply.counts;
	struct dbk_log_batch entry = { .source = batch->source,
				       .batch_seq = batch->batch_seq,
				       .n_events = ledger->reply.n_events };
	struct dbk_reply_place place = { .group = dbk_log_groups(ledger->log),
					 .first_position = dbk_log_size(ledger->log),
					 .index = ledger->group.n_batches };

	if (source == 0)
		return DBK_SOURCES_FULL;
	if (undone)
		memset(&counts, 0, sizeof counts);
	dbk_source_record(ledger->books, source, batch->batch_seq, &counts, place);
	entry.reply = dbk_str_make(ledger->stored.bytes, ledger->stored.size);
	dbk_log_group_add_batch(&ledger->group, &entry);
	if (dbk_log_group_failed(&ledger->group)) {
		(void)dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for a batch");
		return DBK_ADMISSION_FAILED;
	}
	return DBK_ADMITTED;
}

/* The decided batch as the log keeps its answer; UNDONE: of its events nothing stays.
 */
static enum dbk_err
store_reply(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch,
	    bool undone, struct dbk_error *error)
{
	unsigned flags = batch->dry_run ? DBK_REPLY_DRY_RUN : 0;

	if (undone && batch->atomic && has_failed_event(ledger))
		flags |= DBK_REPLY_ROLLED_BACK;
	dbk_buf_reset(&ledger->stored);
	dbk_reply_store(&ledger->reply, dbk_books_size(ledger->books), flags,
			&ledger->stored);
	if (dbk_buf_failed(&ledger->stored))
		return dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for a batch");
	return DBK_OK;
}

static enum dbk_admission
decide_batch(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch,
	     struct dbk_buf *out, struct dbk_error *error)
{
	enum dbk_admission admission = batch->dry_run ? DBK_ADMITTED_DRY : DBK_ADMITTED;
	struct before_batch before;
	enum dbk_err err;
	bool undo;

	mark_batch(ledger, &before);
	err = decide_events(ledger, batch);
	if (err != DBK_OK) {
		undo_batch(ledger, &before);
		(void)dbk_error_set(error, err, "deciding: %s", dbk_err_text(err));
		return DBK_ADMISSION_FAILED;
	}
	undo = batch->dry_run || (batch->atomic && has_failed_event(ledger));
	if (undo)
		undo_batch(ledger, &before);
	if (store_reply(ledger, batch, undo, error) != DBK_OK)
		admission = DBK_ADMISSION_FAILED;
	else if (!batch->dry_run)
		admission = keep_batch(ledger, batch, undo, error);
	if (admission == DBK_ADMITTED || admission == DBK_ADMITTED_DRY)
		admission = dbk_ledger_spell(
		    batch, dbk_str_make(ledger->stored.bytes, ledger->stored.size),
		    admission, out, error);
	if (admission != DBK_ADMITTED && admission != DBK_ADMITTED_DRY)
		undo_batch(ledger, &before);
	return admission;
}

enum dbk_admission
dbk_ledger_admit(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch,
		 struct dbk_buf *reply, uint64_t *out_expected, struct dbk_error *error)
{
	uint32_t source = 0;
	enum dbk_admission admission;

	if (!is_source_name(batch->source))
		return DBK_SOURCE_BAD;
	admission = dbk_signing_begin(ledger, batch, error);
	if (admission != DBK_ADMITTED)
		return admission;
	admission = check_number(ledger, batch, &source, out_expected);
	if (admission == DBK_ADMITTED_REPEAT)
		return dbk_ledger_repeat(ledger, batch, source, reply, error);
	if (admission != DBK_ADMITTED)
		return admission;
	admission = count_events(batch->events);
	if (admission != DBK_ADMITTED)
		return admission;
	return decide_batch(ledger, batch, reply, error);
}
