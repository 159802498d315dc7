/*
 * test_record_replay.c -- records of a ledger decided again by books of their own, and
 * records that somebody changed.
 */

#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/bookkeeper.h"
#include "../tests/lib/check.h"
#include "../tests/lib/sales.h"
#include "event/decode.h"
#include "log/log_reader.h"
#include "replay/replay.h"

#define RECORDS_MAX 1000u
#define SALES 300u

static struct sales sales;
static struct bookkeeper keeper;
static struct dbk_buf bytes[RECORDS_MAX];
static struct dbk_str records[RECORDS_MAX];
static uint32_t n_records, seen_before, seen_after, stop_at;

static const unsigned char secret[DBK_HASH_KEY_BYTES] = "a test of replay";

/* A book with sales, and its records. */
static void
setup(void)
{
	struct dbk_log_reader *reader;
	struct dbk_buf events;
	uint64_t opening;

	sales = sales_default();
	sales.agents = 20;
	sales.skus = 4;
	sales.customers = 50;
	opening = sales_opening_size(&sales);
	bookkeeper_init(&keeper, sales_time_us(&sales, 100000));
	CHECK_INT(bookkeeper_open(&keeper), DBK_OK);
	dbk_buf_init(&events);
	sales_put_many(&sales, 0, (uint32_t)opening + SALES, &events);
	CHECK_INT(bookkeeper_send(&keeper, "shop", 1, &events, 0), DBK_ADMITTED);
	dbk_buf_fini(&events);
	CHECK_INT(dbk_log_reader_open(dbk_ledger_log(keeper.ledger), &reader,
				      &keeper.error),
		  DBK_OK);
	n_records = (uint32_t)dbk_log_size(dbk_ledger_log(keeper.ledger));
	CHECK(n_records > SALES && n_records <= RECORDS_MAX);
	for (uint32_t i = 0; i < n_records; i++) {
		struct dbk_str record;

		CHECK_INT(dbk_log_reader_find(reader, i, &record, &keeper.error),
			  DBK_OK);
		dbk_buf_init(&bytes[i]);
		dbk_buf_put(&bytes[i], record.bytes, record.size);
		records[i] = dbk_str_make(bytes[i].bytes, bytes[i].size);
	}
	dbk_log_reader_close(reader);
	seen_before = seen_after = 0;
	stop_at = UINT32_MAX;
}

static void
teardown(void)
{
	for (uint32_t i = 0; i < n_records; i++)
		dbk_buf_fini(&bytes[i]);
	bookkeeper_fini(&keeper);
}

static bool
again(void *context, uint64_t position, struct dbk_str *out)
{
	(void)context;
	if (position >= n_records)
		return false;
	*out = records[position];
	return true;
}

static enum dbk_err
before(void *context, const struct dbk_record *record, const struct dbk_event *event)
{
	(void)context;
	CHECK_INT(record->position, seen_before);
	CHECK(event->type != DBK_EVENT_NONE);
	return seen_before++ == stop_at ? DBK_FAILED_MEMORY : DBK_OK;
}

static enum dbk_err
after(void *context, const struct dbk_record *record, const struct dbk_event *event,
      const struct dbk_verdict *verdict, const struct dbk_effects *effects)
{
	(void)context;
	(void)event;
	CHECK_INT(verdict->position, record->position);
	CHECK_INT(effects->effects[effects->n_effects - 1].position, record->position);
	seen_after++;
	return DBK_OK;
}

static const struct dbk_replay_watcher watcher = { before, after, NULL };

static struct dbk_record_replay *
open_replay(void)
{
	struct dbk_record_replay *replay = NULL;

	CHECK_INT(dbk_record_replay_open(secret, again, NULL, &watcher, &replay,
					 &keeper.error),
		  DBK_OK);
	return replay;
}

static void
the_books_come_out_as_they_are_in_runs_of_any_length(void)
{
	static const uint32_t runs[] = { 1, 15, 16, 17, 256 };
	unsigned char here[DBK_DIGEST_BYTES], there[DBK_DIGEST_BYTES];

	dbk_books_digest(dbk_ledger_books(keeper.ledger), here);
	for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
		struct dbk_record_replay *replay = open_replay();
		struct dbk_replay_sum sum;

		seen_before = seen_after = 0;
		for (uint32_t at = 0; at < n_records; at += runs[i]) {
			uint32_t n = n_records - at < runs[i] ? n_records - at : runs[i];

			CHECK_INT(dbk_record_replay_feed(replay, records + at, n,
							 &keeper.error),
				  DBK_OK);
		}
		dbk_books_digest(dbk_record_replay_books(replay), there);
		CHECK(memcmp(here, there, sizeof here) == 0);
		sum = dbk_record_replay_sum(replay);
		CHECK_INT(sum.records, n_records);
		CHECK_INT(sum.accepted + sum.refused, n_records);
		CHECK_INT(seen_before, n_records);
		CHECK_INT(seen_after, n_records);
		dbk_record_replay_close(replay);
	}
}

/* Record AT with another outcome or event, as CHANGE makes it. */
static void
check_changed(uint32_t at, void (*change)(struct dbk_record *record), const char *words)
{
	struct dbk_record_replay *replay = open_replay();
	struct dbk_record record;
	struct dbk_buf changed;

	dbk_buf_init(&changed);
	CHECK(dbk_record_decode(records[at], &record));
	change(&record);
	dbk_record_encode(&record, &changed);
	records[at] = dbk_str_make(changed.bytes, changed.size);
	seen_before = 0;
	CHECK_INT(dbk_record_replay_feed(replay, records, n_records, &keeper.error),
		  DBK_FAILED_DAMAGED);
	CHECK(strstr(keeper.error.text, words) != NULL);
	CHECK_INT(dbk_record_replay_sum(replay).records, at);
	records[at] = dbk_str_make(bytes[at].bytes, bytes[at].size);
	dbk_record_replay_close(replay);
	dbk_buf_fini(&changed);
}

static void
refuse(struct dbk_record *record)
{
	record->outcome = DBK_REFUSED;
	record->rule = DBK_RULE_AMOUNT_MISMATCH;
}

static void
a_record_that_does_not_come_out_is_named_with_both_outcomes(void)
{
	check_changed(100, refuse,
		      "record 100: the books do not decide it as logged: written "
		      "REFUSED AMOUNT_MISMATCH (0, limit 0), comes out ACCEPTED");
	check_changed(n_records - 1, refuse, "comes out ACCEPTED");
}

static void
go_back(struct dbk_record *record)
{
	record->recorded_at_us--;
}

static void
stay_behind(struct dbk_record *record)
{
	struct dbk_event_fault fault;
	struct dbk_arena arena;
	struct dbk_event event;

	dbk_arena_init(&arena, 1 << 20);
	CHECK(dbk_event_decode(record->event, &arena, &event, &fault));
	record->recorded_at_us = event.effective_at - DBK_CLOCK_SKEW_US - 1;
	dbk_arena_fini(&arena);
}

static void
a_record_that_no_daemon_took_at_its_time_is_named(void)
{
	check_changed(100, go_back,
		      "record 100: recorded_at is before that of the record before it");
	check_changed(0, stay_behind, "record 0: effective_at is ahead of recorded_at");
}

static void
move(struct dbk_record *record)
{
	record->position++;
}

static void
a_record_of_another_place_is_none_of_this_log(void)
{
	struct dbk_record_replay *replay = open_replay();
	struct dbk_record record;
	struct dbk_buf changed;

	dbk_buf_init(&changed);
	seen_before = 0;
	CHECK(dbk_record_decode(records[7], &record));
	move(&record);
	dbk_record_encode(&record, &changed);
	records[7] = dbk_str_make(changed.bytes, changed.size);
	CHECK_INT(dbk_record_replay_feed(replay, records, n_records, &keeper.error),
		  DBK_FAILED_DAMAGED);
	CHECK(strstr(keeper.error.text, "record 7: not a record of this log") != NULL);
	records[7] = dbk_str_make(bytes[7].bytes, bytes[7].size);
	dbk_record_replay_close(replay);
	dbk_buf_fini(&changed);
}

static void
what_a_watcher_fails_with_ends_the_run(void)
{
	struct dbk_record_replay *replay = open_replay();

	seen_before = seen_after = 0;
	stop_at = 20;
	CHECK_INT(dbk_record_replay_feed(replay, records, n_records, &keeper.error),
		  DBK_FAILED_MEMORY);
	CHECK(strstr(keeper.error.text, "record 20") != NULL);
	CHECK_INT(seen_after, 20);
	dbk_record_replay_close(replay);
}

int
main(void)
{
	setup();
	check_run("the books come out as they are, in runs of any length",
		  the_books_come_out_as_they_are_in_runs_of_any_length);
	check_run("a record that no daemon took at its time is named",
		  a_record_that_no_daemon_took_at_its_time_is_named);
	check_run("a record that does not come out is named with both outcomes",
		  a_record_that_does_not_come_out_is_named_with_both_outcomes);
	check_run("a record of another place is none of this log",
		  a_record_of_another_place_is_none_of_this_log);
	check_run("what a watcher fails with ends the run",
		  what_a_watcher_fails_with_ends_the_run);
	teardown();
	return check_end();
}
