#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/small_store.h"
#include "../tests/lib/tmpdir.h"
#include "access/access_log.h"
#include "access/access_row.h"
#include "access/access_store.h"
#include "access/denials.h"
#include "access/checked.h"
#include "base/secret.h"
#include "store/txn.h"

static char dir[TMPDIR_BYTES];
static struct dbk_store *store;
static struct dbk_access_log *access_log;
static struct dbk_error error;

static void
open_log(void)
{
	CHECK_INT(dbk_access_store_open(dir, false, &store, &error), DBK_OK);
	CHECK_INT(dbk_access_log_open(store, &access_log, &error), DBK_OK);
}

static void
close_log(void)
{
	dbk_access_log_close(access_log);
	dbk_store_close(store);
}

static void
begin(void)
{
	tmpdir_make(dir);
	open_log();
}

static void
end(void)
{
	close_log();
	tmpdir_remove(dir);
}

static struct dbk_access_entry
entry_of(int number)
{
	struct dbk_access_entry entry = { .at_us = 1000 + number };

	(void)strcpy(entry.caller, "ann");
	(void)strcpy(entry.token_id, "abcdefghijkmnpqr");
	(void)strcpy(entry.peer, "192.0.2.7:4711");
	(void)strcpy(entry.method, "GetAgent");
	(void)snprintf(entry.about, sizeof entry.about, "agent=A%d", number);
	return entry;
}

static uint64_t
add(int number)
{
	struct dbk_access_entry entry = entry_of(number);

	return dbk_access_log_add(access_log, &entry);
}

static struct dbk_access_entry seen[64];
static unsigned n_seen, seen_max;

static bool
on_entry(void *context, const struct dbk_access_entry *entry)
{
	(void)context;
	if (n_seen < 64)
		seen[n_seen] = *entry;
	n_seen++;
	return n_seen < seen_max;
}

static enum dbk_err
read_down(uint64_t before, unsigned max)
{
	n_seen = 0;
	seen_max = max;
	return dbk_access_log_read(access_log, before, on_entry, NULL, &error);
}

static void
test_kept(void)
{
	struct dbk_access_entry want = entry_of(2);

	begin();
	CHECK_INT(add(1), 1);
	CHECK_INT(add(2), 2);
	CHECK_INT(read_down(UINT64_MAX, 100), DBK_OK);
	CHECK_INT(n_seen, 0);
	CHECK_INT(dbk_access_log_flush(access_log, &error), DBK_OK);
	close_log();
	open_log();
	CHECK_INT(read_down(UINT64_MAX, 100), DBK_OK);
	CHECK_INT(n_seen, 2);
	want.number = 2;
	CHECK(memcmp(&seen[0], &want, sizeof want) == 0);
	CHECK_INT(seen[1].number, 1);
	CHECK_INT(add(3), 3);
	CHECK_INT(dbk_access_log_flush(access_log, &error), DBK_OK);
	CHECK_INT(read_down(3, 100), DBK_OK);
	CHECK_INT(n_seen, 2);
	CHECK_INT(read_down(UINT64_MAX, 1), DBK_OK);
	CHECK_INT(n_seen, 1);
	CHECK_INT(seen[0].number, 3);
	CHECK_INT(read_down(1, 100), DBK_OK);
	CHECK_INT(n_seen, 0);
	end();
}

static void
test_status(void)
{
	begin();
	(void)add(1);
	(void)add(2);
	dbk_access_log_end(access_log, 1, 5);
	CHECK_INT(dbk_access_log_flush(access_log, &error), DBK_OK);
	(void)add(3);
	dbk_access_log_end(access_log, 2, 16);
	dbk_access_log_end(access_log, 3, 0);
	CHECK_INT(dbk_access_log_flush(access_log, &error), DBK_OK);
	CHECK_INT(read_down(UINT64_MAX, 100), DBK_OK);
	CHECK_INT(n_seen, 3);
	CHECK_INT(seen[0].status, 0);
	CHECK_INT(seen[1].status, 16);
	CHECK_INT(seen[2].status, 5);
	CHECK(strcmp(seen[1].about, "agent=A2") == 0);
	end();
}

static void
test_pruned(void)
{
	unsigned n = 9;

	begin();
	CHECK_INT(dbk_access_log_prune(access_log, INT64_MAX, &n, &error), DBK_OK);
	CHECK_INT(n, 0);
	for (int i = 1; i <= DBK_ACCESS_PRUNE_MAX + 20; i++)
		(void)add(i);
	CHECK_INT(dbk_access_log_flush(access_log, &error), DBK_OK);
	CHECK_INT(dbk_access_log_prune(access_log, 1001, &n, &error), DBK_OK);
	CHECK_INT(n, 0);
	CHECK_INT(dbk_access_log_prune(access_log, 1004, &n, &error), DBK_OK);
	CHECK_INT(n, 3);
	CHECK_INT(read_down(6, 100), DBK_OK);
	CHECK_INT(n_seen, 2);
	CHECK_INT(seen[1].number, 4);
	dbk_access_log_end(access_log, 1, 5);
	CHECK_INT(dbk_access_log_flush(access_log, &error), DBK_OK);
	CHECK_INT(read_down(6, 100), DBK_OK);
	CHECK_INT(n_seen, 2);
	CHECK_INT(dbk_access_log_prune(access_log, INT64_MAX, &n, &error), DBK_OK);
	CHECK_INT(n, DBK_ACCESS_PRUNE_MAX);
	CHECK_INT(dbk_access_log_prune(access_log, INT64_MAX, &n, &error), DBK_OK);
	CHECK_INT(n, 16);
	close_log();
	open_log();
	CHECK_INT(read_down(UINT64_MAX, 100), DBK_OK);
	CHECK_INT(n_seen, 1);
	CHECK_INT(seen[0].number, DBK_ACCESS_PRUNE_MAX + 20);
	CHECK_INT(add(1), DBK_ACCESS_PRUNE_MAX + 21);
	end();
}

static void
test_denials(void)
{
	struct dbk_str role = dbk_str_of("ROLE"), ann = dbk_str_of("ann");
	struct dbk_access_entry entry = entry_of(1);
	struct dbk_denials *denials;
	const int64_t second = 1000000000;

	begin();
	denials = dbk_denials_make(access_log);
	CHECK(denials != NULL);
	for (int i = 0; i < DBK_DENIALS_MAX + 7; i++)
		dbk_denials_note(denials, ann, role, &entry, second);
	dbk_denials_note(denials, ann, dbk_str_of("TOKEN_EXPIRED"), &entry, second);
	dbk_denials_note(denials, dbk_str_of("bob"), role, &entry, second);
	dbk_denials_settle(denials, 5, 60 * second);
	CHECK_INT(dbk_access_log_flush(access_log, &error), DBK_OK);
	CHECK_INT(read_down(UINT64_MAX, 100), DBK_OK);
	CHECK_INT(n_seen, DBK_DENIALS_MAX + 2);
	dbk_denials_settle(denials, 5, 61 * second);
	dbk_denials_note(denials, ann, role, &entry, 61 * second);
	dbk_denials_settle(denials, 6, INT64_MAX);
	CHECK_INT(dbk_access_log_flush(access_log, &error), DBK_OK);
	CHECK_INT(read_down(UINT64_MAX, 100), DBK_OK);
	CHECK_INT(n_seen, DBK_DENIALS_MAX + 4);
	CHECK(strcmp(seen[0].about, "agent=A1") == 0);
	CHECK(strcmp(seen[1].about, "7 more within a minute") == 0);
	CHECK_INT(seen[1].at_us, 5);
	for (int i = 0; i < 5000; i++)
		dbk_denials_note(denials, dbk_str_make(&i, sizeof i), role, &entry,
				 second);
	dbk_denials_free(denials);
	end();
}

static void
test_full(void)
{
	begin();
	for (int i = 1; i <= DBK_ACCESS_WAITING_MAX; i++)
		if (add(i) != (uint64_t)i) {
			CHECK(false);
			break;
		}
	CHECK_INT(add(0), 0);
	CHECK_INT(dbk_access_log_flush(access_log, &error), DBK_OK);
	CHECK_INT(add(0), DBK_ACCESS_WAITING_MAX + 1);
	end();
}

static bool refuses;

static enum dbk_err
ask(void *context, enum dbk_store_step step)
{
	(void)context;
	return refuses && step == DBK_STORE_STEP_COMMIT ? DBK_FAILED_DISK_FULL : DBK_OK;
}

static void
test_refused_by_the_disk(void)
{
	struct dbk_store_options options = { .format = "access",
					     .format_version = 1,
					     .reserve_bytes = 1 << 28,
					     .fault = { ask, NULL } };

	tmpdir_make(dir);
	CHECK_INT(dbk_store_open(dir, &options, &store, &error), DBK_OK);
	CHECK_INT(dbk_access_log_open(store, &access_log, &error), DBK_OK);
	(void)add(1);
	refuses = true;
	CHECK_INT(dbk_access_log_flush(access_log, &error), DBK_FAILED_DISK_FULL);
	(void)add(2);
	dbk_access_log_end(access_log, 1, 7);
	CHECK_INT(dbk_access_log_flush(access_log, &error), DBK_FAILED_DISK_FULL);
	(void)add(3);
	refuses = false;
	CHECK_INT(dbk_access_log_flush(access_log, &error), DBK_OK);
	CHECK_INT(read_down(UINT64_MAX, 100), DBK_OK);
	CHECK_INT(n_seen, 3);
	CHECK_INT(seen[0].number, 3);
	CHECK_INT(seen[1].number, 2);
	CHECK_INT(seen[2].number, 1);
	CHECK_INT(seen[2].status, 7);
	end();
}

static void
test_rows(void)
{
	struct dbk_access_entry entry = entry_of(1), got;
	struct dbk_buf row;

	memset(entry.about, 'a', sizeof entry.about - 1);
	entry.status = 16;
	dbk_buf_init(&row);
	dbk_access_row_put(&entry, &row);
	CHECK(dbk_access_row_get(dbk_str_make(row.bytes, row.size), &got));
	CHECK(memcmp(&got, &entry, sizeof got) == 0);
	for (size_t size = 0; size < row.size; size++)
		CHECK(!dbk_access_row_get(dbk_str_make(row.bytes, size), &got));
	dbk_buf_put_u8(&row, 0);
	CHECK(!dbk_access_row_get(dbk_str_make(row.bytes, row.size), &got));
	dbk_buf_fini(&row);
}

static void
test_damage(void)
{
	unsigned char key[DBK_CHECKED_KEY_BYTES];
	struct dbk_table table;
	struct dbk_txn *txn;
	struct dbk_str value;
	uint64_t values;
	char copy[1024];

	begin();
	(void)add(1);
	CHECK_INT(dbk_access_log_flush(access_log, &error), DBK_OK);
	table = small_store_table(store, "tokens");
	table = small_store_table(store, "access");
	CHECK_INT(dbk_access_check(store, &values, &error), DBK_OK);
	CHECK_INT(values, 1);
	dbk_checked_key(1, key);
	CHECK_INT(dbk_txn_begin_write(store, 0, &txn, &error), DBK_OK);
	CHECK_INT(dbk_txn_get(txn, table, dbk_str_make(key, sizeof key), &value),
		  DBK_OK);
	memcpy(copy, value.bytes, value.size);
	copy[20] ^= 1;
	dbk_txn_put(txn, table, dbk_str_make(key, sizeof key),
		    dbk_str_make(copy, value.size));
	CHECK_INT(dbk_txn_commit(txn, &error), DBK_OK);
	CHECK_INT(read_down(UINT64_MAX, 100), DBK_FAILED_DAMAGED);
	CHECK_INT(dbk_access_check(store, &values, &error), DBK_FAILED_DAMAGED);
	CHECK(strstr(error.text, "access: number 1") != NULL);
	end();
}

static void *
adder(void *context)
{
	for (int i = 0; i < 3000; i++) {
		uint64_t number = add(i);

		CHECK(number != 0);
		dbk_access_log_end(access_log, number, 3);
	}
	return context;
}

static bool
all_ended(void *context, const struct dbk_access_entry *entry)
{
	unsigned *n = context;

	(*n)++;
	CHECK_INT(entry->status, 3);
	return true;
}

static void
test_threads(void)
{
	pthread_t threads[2];
	unsigned n = 0;

	begin();
	for (int i = 0; i < 2; i++)
		CHECK_INT(pthread_create(&threads[i], NULL, adder, NULL), 0);
	for (int i = 0; i < 20; i++)
		CHECK_INT(dbk_access_log_flush(access_log, &error), DBK_OK);
	for (int i = 0; i < 2; i++)
		CHECK_INT(pthread_join(threads[i], NULL), 0);
	CHECK_INT(dbk_access_log_flush(access_log, &error), DBK_OK);
	CHECK_INT(dbk_access_log_read(access_log, UINT64_MAX, all_ended, &n, &error),
		  DBK_OK);
	CHECK_INT(n, 6000);
	end();
}

int
main(void)
{
	CHECK(dbk_secret_start());
	check_run("entries are kept, and read newest first", test_kept);
	check_run("the status comes when the call ends", test_status);
	check_run("old entries go, oldest first, and numbers go on", test_pruned);
	check_run("denials of one caller are told, then counted", test_denials);
	check_run("a full queue refuses, and takes again once it is flushed",
		  test_full);
	check_run("what the disk refuses waits and comes in order",
		  test_refused_by_the_disk);
	check_run("a row is an entry, and nothing less or more is", test_rows);
	check_run("a changed byte is found", test_damage);
	check_run("many add while one flushes", test_threads);
	return check_end();
}
