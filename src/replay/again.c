#include "replay/again.h"

#include <stdio.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "event/decode.h"

#define ARENA_BYTES_MAX ((size_t)64 * 1024 * 1024)

void
dbk_again_init(struct dbk_again *again, struct dbk_books *books,
	       const struct dbk_replay_watcher *watcher)
{
	*again = (struct dbk_again){ .books = books,
				     .watcher = watcher,
				     .recorded_at = DBK_TIME_US_MIN };
	dbk_effects_init(&again->effects);
	dbk_arena_init(&again->arena, ARENA_BYTES_MAX);
	dbk_arena_init(&again->back, ARENA_BYTES_MAX);
}

void
dbk_again_fini(struct dbk_again *again)
{
	dbk_effects_fini(&again->effects);
	dbk_arena_fini(&again->arena);
	dbk_arena_fini(&again->back);
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

#define OUTCOME_BYTES 96

static const char *
outcome_text(enum dbk_outcome outcome, enum dbk_rule rule, int64_t measured,
	     int64_t limit, char out[OUTCOME_BYTES])
{
	if (outcome == DBK_REFUSED)
		(void)snprintf(out, OUTCOME_BYTES, "REFUSED %s (%lld, limit %lld)",
			       dbk_rule_name(rule), (long long)measured,
			       (long long)limit);
	else
		(void)snprintf(out, OUTCOME_BYTES, "%s",
			       outcome == DBK_ACCEPTED ? "ACCEPTED" : "DUPLICATE");
	return out;
}

static enum dbk_err
came_out_other(const struct dbk_record *record, const struct dbk_verdict *verdict,
	       struct dbk_error *error)
{
	const struct dbk_refusal *now = &verdict->refusal;
	char then_text[OUTCOME_BYTES], now_text[OUTCOME_BYTES];

	return dbk_error_set(
	    error, DBK_FAILED_DAMAGED,
	    "record %llu: the books do not decide it as logged: written %s, comes out "
	    "%s",
	    (unsigned long long)record->position,
	    outcome_text(record->outcome, record->rule, record->measured, record->limit,
			 then_text),
	    outcome_text(verdict->outcome, now->rule, now->measured, now->limit,
			 now_text));
}

static enum dbk_err
open_record(struct dbk_again *again, struct dbk_str bytes, uint64_t position,
	    struct dbk_opened_record *out, struct dbk_error *error)
{
	struct dbk_event_fault fault;

	if (dbk_record_decode(bytes, &out->record) &&
	    out->record.position == position &&
	    dbk_event_decode(out->record.event, &again->arena, &out->event, &fault) &&
	    dbk_event_check(&out->event, &fault)) {
		out->event.source = out->record.source;
		return DBK_OK;
	}
	if (again->arena.starved)
		return dbk_error_set(error, DBK_FAILED_MEMORY,
				     "record %llu: no memory to open it",
				     (unsigned long long)position);
	return dbk_error_set(error, DBK_FAILED_DAMAGED,
			     "record %llu: not a record of this log",
			     (unsigned long long)position);
}

static enum dbk_err
watch(enum dbk_err err, const struct dbk_record *record, struct dbk_error *error)
{
	if (err == DBK_OK)
		return DBK_OK;
	return dbk_error_set(error, err, "record %llu: %s",
			     (unsigned long long)record->position, dbk_err_text(err));
}

/* No daemon takes what is ahead of its clock, and none turns its clock back: a log that
 * says so was written by something else, to move deeds to days of its choice. */
static enum dbk_err
check_times(struct dbk_again *again, const struct dbk_opened_record *opened,
	    struct dbk_error *error)
{
	const struct dbk_record *record = &opened->record;
	int64_t before = again->recorded_at;

	again->recorded_at = record->recorded_at_us;
	if (record->recorded_at_us < before)
		return dbk_error_set(
		    error, DBK_FAILED_DAMAGED,
		    "record %llu: recorded_at is before that of the record before it",
		    (unsigned long long)record->position);
	if (opened->event.effective_at > record->recorded_at_us + DBK_CLOCK_SKEW_US)
		return dbk_error_set(
		    error, DBK_FAILED_DAMAGED,
		    "record %llu: effective_at is ahead of recorded_at",
		    (unsigned long long)record->position);
	return DBK_OK;
}

static enum dbk_err
decide_one(struct dbk_again *again, const struct dbk_opened_record *opened,
	   struct dbk_error *error)
{
	const struct dbk_record *record = &opened->record;
	const struct dbk_replay_watcher *watcher = again->watcher;
	struct dbk_verdict verdict;
	enum dbk_err err = check_times(again, opened, error);

	if (err != DBK_OK)
		return err;
	if (watcher != NULL && watcher->before != NULL)
		err = watcher->before(watcher->context, record, &opened->event);
	dbk_arena_reset(&again->back);
	if (err == DBK_OK)
		err = dbk_books_decide_foreseen(again->books, &opened->event,
						&opened->foresight, &again->effects,
						&again->back, &verdict);
	if (err == DBK_OK && again->effects.failed)
		err = DBK_FAILED_MEMORY;
	if (err != DBK_OK)
		return watch(err, record, error);
	if (verdict.outcome != record->outcome ||
	    (verdict.outcome == DBK_REFUSED &&
	     !is_same_refusal(record, &verdict.refusal)))
		return came_out_other(record, &verdict, error);
	/* What the log holds is never undone: a short journal stays in the nearest
	 * cache. */
	dbk_books_commit(again->books);
	if (watcher != NULL && watcher->after != NULL)
		err = watcher->after(watcher->context, record, &opened->event, &verdict,
				     &again->effects);
	return watch(err, record, error);
}

static void
foresee(struct dbk_again *again, uint32_t n)
{
	struct dbk_opened_record *opened = again->opened;
	int64_t until = INT64_MIN;

	for (uint32_t i = 0; i < n; i++)
		if (opened[i].event.effective_at > until)
			until = opened[i].event.effective_at;
	for (unsigned step = 0; step < DBK_FORESEE_STEPS; step++) {
		for (uint32_t i = 0; i < n; i++)
			dbk_books_foresee(again->books, &opened[i].event, step,
					  &opened[i].foresight);
		dbk_books_foresee_dues(again->books, until, step, &again->dues);
	}
}

enum dbk_err
dbk_again_decide(struct dbk_again *again, const struct dbk_str *records, uint32_t n,
		 struct dbk_error *error)
{
	uint64_t first = dbk_books_size(again->books);
	enum dbk_err err = DBK_OK;

	dbk_assert(n <= DBK_FORESEE_EVENTS);
	dbk_arena_reset(&again->arena);
	for (uint32_t i = 0; err == DBK_OK && i < n; i++)
		err =
		    open_record(again, records[i], first + i, &again->opened[i], error);
	if (err == DBK_OK)
		foresee(again, n);
	for (uint32_t i = 0; err == DBK_OK && i < n; i++)
		err = decide_one(again, &again->opened[i], error);
	return err;
}
