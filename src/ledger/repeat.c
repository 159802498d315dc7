/*
 * repeat.c -- a batch that was here before: the same reply, if it is the same batch.
 *
 * A number that comes again with other events would lose them silently, so the events of
 * the repeat are held against the records that the first delivery made.  What was not
 * logged then (duplicates, invalid events) need not be compared: it changed nothing.  Of a
 * signed batch it is, because its hashes are there.
 */

#include <string.h>

#include "base/assert.h"
#include "event/record.h"
#include "ledger/gaps.h"
#include "ledger/ledger_private.h"

/* EventBatch.events, length-delimited. */
#define TAG_EVENT (1 << 3 | 2)

bool
dbk_ledger_next_event(struct dbk_cursor *at, struct dbk_str *out)
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

enum dbk_admission
dbk_ledger_spell(const struct dbk_ledger_batch *batch, struct dbk_str stored,
      enum dbk_admission admission, struct dbk_buf *out, struct dbk_error *error)
{
	bool repeated = admission == DBK_ADMITTED_REPEAT;

	if (!dbk_reply_spell(stored, batch->source, batch->batch_seq, repeated, out)) {
		(void)dbk_error_set(error, DBK_FAILED_DAMAGED,
				    "the stored reply to batch %llu is not one",
				    (unsigned long long)batch->batch_seq);
		return DBK_ADMISSION_FAILED;
	}
	if (dbk_buf_failed(out)) {
		(void)dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for a reply");
		return DBK_ADMISSION_FAILED;
	}
	return admission;
}

/* Step over INDEX batches at AT; true if *OUT is the one behind them. */
static bool
skip_batches(struct dbk_cursor at, uint32_t *index, struct dbk_log_batch *out)
{
	while (dbk_log_slice_next_batch(&at, out))
		if ((*index)-- == 0)
			return true;
	return false;
}

/* The batch at PLACE of the log.  A commit may lie in several groups. */
static enum dbk_err
find_batch(struct dbk_ledger *ledger, const struct dbk_reply_place *place,
	   struct dbk_log_batch *out, struct dbk_error *error)
{
	uint32_t index = place->index;
	struct dbk_log_slice slice;
	enum dbk_err err;

	dbk_log_reader_seek_group(ledger->reader, place->first_position, place->group);
	do {
		err = dbk_log_reader_next(ledger->reader, &slice, error);
		if (err == DBK_OK &&
		    skip_batches(dbk_log_slice_batches(&slice), &index, out))
			return DBK_OK;
	} while (err == DBK_OK && slice.continues);
	if (err != DBK_OK && err != DBK_FAILED_NOT_FOUND)
		return err;
	return dbk_error_set(error, DBK_FAILED_DAMAGED,
			     "group %llu of the log has no batch %u",
			     (unsigned long long)place->group, place->index);
}

/* The repeat while it is compared. */
struct comparison {
	struct dbk_ledger *ledger;
	struct dbk_cursor at; /* in the batch that came now */
	struct dbk_str event; /* the one before AT */
	uint32_t n_events;    /* up to and with it */
	bool unreadable;
};

static bool
same_event(void *context, uint32_t index, uint64_t position)
{
	struct comparison *comparison = context;
	struct dbk_str logged;

	while (comparison->n_events <= index) {
		if (!dbk_ledger_next_event(&comparison->at, &comparison->event))
			return false;
		comparison->n_events++;
	}
	if (!dbk_ledger_look_back(comparison->ledger, position, &logged)) {
		comparison->unreadable = true;
		return false;
	}
	return dbk_str_equal(logged, comparison->event);
}

/* Are the events that got no record those that the source signed first? */
static bool
same_gaps(const struct dbk_ledger *ledger, struct dbk_str kept)
{
	const unsigned char *hash, *now;
	struct dbk_gaps gaps;
	uint32_t index;

	if (!dbk_gaps_of_reply(kept, &gaps))
		return false;
	while (dbk_gaps_next(&gaps, &index, &hash)) {
		now = dbk_signing_hash(ledger, index);
		if (now != NULL && memcmp(now, hash, DBK_SHA256_BYTES) != 0)
			return false;
	}
	return true;
}

/* Is BATCH the one that KEPT answers? */
static enum dbk_admission
compare(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch,
	struct dbk_str kept, uint32_t n_events, struct dbk_error *error)
{
	struct comparison comparison = {
		.ledger = ledger,
		.at = dbk_cursor_make(batch->events.bytes, batch->events.size),
	};
	struct dbk_str event;

	if (!dbk_reply_visit_logged(kept, same_event, &comparison)) {
		if (!comparison.unreadable)
			return DBK_BATCH_CONFLICT;
		(void)dbk_error_set(error, DBK_FAILED_IO,
				    "the events of batch %llu cannot be read again",
				    (unsigned long long)batch->batch_seq);
		return DBK_ADMISSION_FAILED;
	}
	while (dbk_ledger_next_event(&comparison.at, &event))
		comparison.n_events++;
	if (comparison.at.failed || comparison.n_events != n_events ||
	    !same_gaps(ledger, kept))
		return DBK_BATCH_CONFLICT;
	return DBK_ADMITTED_REPEAT;
}

enum dbk_admission
dbk_ledger_repeat(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch,
		  uint32_t source, struct dbk_buf *out, struct dbk_error *error)
{
	struct dbk_log_batch kept;
	struct dbk_reply_place place;
	enum dbk_admission admission;
	struct dbk_str stored;

	if (!dbk_source_reply(ledger->books, source, batch->batch_seq, &place))
		return DBK_BATCH_FORGOTTEN;
	if (place.group == dbk_log_groups(ledger->log)) {
		struct dbk_cursor at = dbk_cursor_make(ledger->group.batches.bytes,
						       ledger->group.batches.size);

		dbk_assert(skip_batches(at, &place.index, &kept));
	} else if (find_batch(ledger, &place, &kept, error) != DBK_OK) {
		return DBK_ADMISSION_FAILED;
	}
	/* Looking back moves the reader that the reply is borrowed from. */
	dbk_buf_reset(&ledger->stored);
	dbk_buf_put(&ledger->stored, kept.reply.bytes, kept.reply.size);
	if (dbk_buf_failed(&ledger->stored)) {
		(void)dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for a reply");
		return DBK_ADMISSION_FAILED;
	}
	stored = dbk_str_make(ledger->stored.bytes, ledger->stored.size);
	admission = compare(ledger, batch, stored, kept.n_events, error);
	if (admission != DBK_ADMITTED_REPEAT)
		return admission;
	ledger->repeated_bytes += stored.size + batch->events.size;
	return dbk_ledger_spell(batch, stored, DBK_ADMITTED_REPEAT, out, error);
}
