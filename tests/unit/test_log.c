#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/logbook.h"
#include "../tests/lib/tmpdir.h"
#include "base/crc32c.h"
#include "log/log.h"
#include "log/log_private.h"
#include "log/log_reader.h"

static struct dbk_error error;
static char dir[TMPDIR_BYTES];

static void
test_crc(void)
{
	unsigned char bytes[128];

	CHECK_INT(dbk_crc32c_sum("123456789", 9), 0xe3069283);
	CHECK_INT(dbk_crc32c_sum("", 0), 0);
	memset(bytes, 0, sizeof bytes);
	CHECK_INT(dbk_crc32c_sum(bytes, 32), 0x8a9136aa);
	memset(bytes, 0xff, sizeof bytes);
	CHECK_INT(dbk_crc32c_sum(bytes, 32), 0x62a8ab43);
	for (unsigned i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)(i * 37 + 11);
	for (unsigned begin = 0; begin < 9; begin++)
		for (unsigned size = 0; begin + size <= sizeof bytes; size++)
			CHECK_INT(dbk_crc32c_sum(bytes + begin, size),
				  dbk_crc32c_sum_by_table(bytes + begin, size));
}

static void
test_empty(void)
{
	struct dbk_log *log = logbook_open(dir);
	struct dbk_log_reader *reader = logbook_reader(log);
	struct dbk_log_slice slice;
	struct dbk_str record;

	CHECK_INT(dbk_log_size(log), 0);
	CHECK_INT(dbk_log_groups(log), 0);
	CHECK_INT(dbk_log_recorded_at_us(log), 0);
	CHECK_INT(dbk_log_reader_find(reader, 0, &record, &error),
		  DBK_FAILED_NOT_FOUND);
	CHECK_INT(dbk_log_reader_next(reader, &slice, &error), DBK_FAILED_NOT_FOUND);
	dbk_log_reader_seek(reader, 0);
	CHECK_INT(dbk_log_reader_next(reader, &slice, &error), DBK_FAILED_NOT_FOUND);
	logbook_must_append(log, 2);
	CHECK_INT(dbk_log_reader_next(reader, &slice, &error), DBK_OK);
	CHECK_INT(slice.n_records, 2);
	dbk_log_reader_close(reader);
	dbk_log_reader_close(NULL);
	dbk_log_close(log);
	dbk_log_close(NULL);
}

static void
test_append_and_reopen(void)
{
	static const uint32_t sizes[] = { 1, 0, 0, 3, 1000, 0, 7, 1, 64, 0 };
	struct dbk_log *log = logbook_open(dir);
	uint64_t want = 0;

	for (int turn = 0; turn < 3; turn++) {
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			logbook_must_append(log, sizes[i]);
			want += sizes[i];
			CHECK_INT(dbk_log_size(log), want);
		}
		CHECK(logbook_is_whole(log));
		dbk_log_close(log);
		log = logbook_open(dir);
		CHECK_INT(dbk_log_size(log), want);
		CHECK_INT(dbk_log_groups(log), (turn + 1) * 10);
		CHECK_INT(dbk_log_recorded_at_us(log), (int64_t)want + 1);
	}
	dbk_log_close(log);
}

/* Groups: 0 has positions 0-2, 1 none, 2 none, 3 has 3-4, 4 none. */
static void
test_seek(void)
{
	struct dbk_log *log = logbook_open(dir);
	struct dbk_log_reader *reader = logbook_reader(log);
	struct dbk_log_slice slice;

	logbook_must_append(log, 3);
	logbook_must_append(log, 0);
	logbook_must_append(log, 0);
	logbook_must_append(log, 2);
	logbook_must_append(log, 0);
	for (uint64_t p = 0; p < 5; p++) {
		dbk_log_reader_seek(reader, p);
		CHECK_INT(logbook_next_number(reader), p < 3 ? 0 : 3);
	}
	CHECK_INT(logbook_next_number(reader), 4);
	CHECK_INT(logbook_next_number(reader), UINT64_MAX);
	dbk_log_reader_seek_group(reader, 3, 1);
	CHECK_INT(logbook_next_number(reader), 1);
	dbk_log_reader_rest(reader);
	CHECK_INT(logbook_next_number(reader), 2);
	dbk_log_reader_seek_group(reader, 3, 2);
	CHECK_INT(logbook_next_number(reader), 2);
	dbk_log_reader_seek_group(reader, 5, 5);
	CHECK_INT(logbook_next_number(reader), UINT64_MAX);
	dbk_log_reader_seek_group(reader, 4, 3);
	CHECK_INT(dbk_log_reader_next(reader, &slice, &error), DBK_FAILED_DAMAGED);
	CHECK(strstr(error.text, "was expected") != NULL);

	dbk_log_reader_seek(reader, 5);
	CHECK_INT(logbook_next_number(reader), UINT64_MAX);
	logbook_must_append(log, 0);
	CHECK_INT(logbook_next_number(reader), UINT64_MAX);
	logbook_must_append(log, 1);
	CHECK_INT(logbook_next_number(reader), 6);
	dbk_log_reader_close(reader);
	dbk_log_close(log);
}

static void
test_find_and_next_share(void)
{
	struct dbk_log *log = logbook_open(dir);
	struct dbk_log_reader *reader = logbook_reader(log);
	struct dbk_str record;

	for (int i = 0; i < 200; i++)
		logbook_must_append(log, 5);
	for (uint64_t i = 0; i < 200; i++) {
		CHECK_INT(logbook_next_number(reader), i);
		for (uint64_t k = 0; k < 20; k++) {
			uint64_t position = (i * 7919 + k * 331) % 1000;

			CHECK_INT(
			    dbk_log_reader_find(reader, position, &record, &error),
			    DBK_OK);
			CHECK(logbook_is_record(record, position));
		}
	}
	CHECK_INT(logbook_next_number(reader), UINT64_MAX);
	dbk_log_reader_close(reader);
	dbk_log_close(log);
}

static struct dbk_log_batch
big_batch(uint64_t seq)
{
	static char reply[DBK_LOG_REPLY_BYTES_MAX];
	struct dbk_log_batch batch = { .source = dbk_str_of("big"), .batch_seq = seq };

	memset(reply, 'r', sizeof reply);
	batch.reply = dbk_str_make(reply, sizeof reply);
	return batch;
}

static void
add_records(struct dbk_log_group *group, size_t n, size_t size)
{
	static char bytes[DBK_RECORD_BYTES_MAX];

	for (size_t i = 0; i < n; i++) {
		memset(bytes, (int)(group->n_records & 0x7f), size);
		dbk_log_group_add_record(group, dbk_str_make(bytes, size));
	}
}

/* Walk LOG and check that no value is above its bound and all is in order. */
static void
check_big(struct dbk_log *log, uint64_t n_batches, uint64_t n_records,
	  uint64_t n_groups)
{
	struct dbk_log_reader *reader = logbook_reader(log);
	struct dbk_log_slice slice;
	struct dbk_log_batch batch;
	uint64_t batches = 0, records = 0, groups = 0;
	bool continues = false, in_order = true;

	while (dbk_log_reader_next(reader, &slice, &error) == DBK_OK) {
		struct dbk_cursor at = dbk_log_slice_batches(&slice);

		groups++;
		continues = slice.continues;
		CHECK(slice.records + slice.records_bytes - slice.value <=
		      DBK_LOG_VALUE_BYTES_MAX);
		while (dbk_log_slice_next_batch(&at, &batch))
			in_order &= batch.batch_seq == batches++;
		for (uint32_t i = 0; i < slice.n_records; i++, records++)
			in_order &= dbk_log_slice_record(&slice, i).bytes[0] ==
				    (char)(records & 0x7f);
	}
	CHECK(in_order && !continues);
	CHECK_INT(batches, n_batches);
	CHECK_INT(records, n_records);
	CHECK_INT(groups, n_groups);
	CHECK_INT(dbk_log_groups(log), n_groups);
	CHECK_INT(dbk_log_check(log, NULL, NULL, &error), DBK_OK);
	dbk_log_reader_close(reader);
}

static void
test_split(void)
{
	struct dbk_log *log = logbook_open(dir);
	struct dbk_log_group group;

	dbk_log_group_init(&group);
	dbk_log_group_reset(&group, 1);
	for (uint64_t i = 0; i < 17; i++) {
		struct dbk_log_batch batch = big_batch(i);

		dbk_log_group_add_batch(&group, &batch);
	}
	add_records(&group, 400, DBK_RECORD_BYTES_MAX);
	CHECK_INT(dbk_log_append(log, &group, &error), DBK_OK);
	CHECK_INT(dbk_log_size(log), 400);
	/* 7 batches a value; 3 batches and 79 records; 127, 127 and 67 records. */
	check_big(log, 17, 400, 6);
	dbk_log_group_fini(&group);
	dbk_log_close(log);
	log = logbook_open(dir);
	CHECK_INT(dbk_log_groups(log), 6);
	dbk_log_close(log);
}

/* A value at its bound is one group; one byte more makes it two. */
static void
test_split_edge(void)
{
	const size_t room = DBK_LOG_VALUE_BYTES_MAX - DBK_LOG_HEADER_BYTES - 4;
	const size_t n = room / (60000 + 4), last = room - n * (60000 + 4) - 4;

	for (size_t more = 0; more < 2; more++) {
		struct dbk_log *log = logbook_open(dir);
		struct dbk_log_group group = { 0 };
		uint64_t before = dbk_log_groups(log);

		dbk_log_group_reset(&group, 1);
		add_records(&group, n, 60000);
		add_records(&group, 1, last + more);
		CHECK_INT(dbk_log_group_bytes(&group), DBK_LOG_VALUE_BYTES_MAX + more);
		CHECK_INT(dbk_log_append(log, &group, &error), DBK_OK);
		CHECK_INT(dbk_log_groups(log) - before, 1 + more);
		CHECK_INT(dbk_log_check(log, NULL, NULL, &error), DBK_OK);
		dbk_log_group_fini(&group);
		dbk_log_close(log);
	}
}

static void
test_commit_limit(void)
{
	struct dbk_log *log = logbook_open(dir);
	struct dbk_log_group group = { 0 };

	dbk_log_group_reset(&group, 1);
	add_records(&group, DBK_LOG_COMMIT_BYTES_MAX / DBK_RECORD_BYTES_MAX + 1,
		    DBK_RECORD_BYTES_MAX);
	CHECK_INT(dbk_log_append(log, &group, &error), DBK_FAILED_LIMIT);
	CHECK_INT(dbk_log_size(log), 0);
	dbk_log_group_fini(&group);
	logbook_must_append(log, 1);
	CHECK(logbook_is_whole(log));
	dbk_log_close(log);
}

/* Four thousand million records are not written here: the log is told that it has them.
 */
static void
test_record_limit(void)
{
	struct dbk_log *log = logbook_open(dir);

	atomic_store(&log->size, (uint64_t)DBK_RECORDS_MAX - 1);
	log->recorded_at_us = 0;
	CHECK_INT(logbook_append(log, 2, &error), DBK_FAILED_LIMIT);
	CHECK(strstr(error.text, "4294967279") != NULL);
	CHECK_INT(dbk_log_groups(log), 0);
	CHECK_INT(logbook_append(log, 1, &error), DBK_OK);
	CHECK_INT(logbook_append(log, 1, &error), DBK_FAILED_LIMIT);
	CHECK_INT(logbook_append(log, 0, &error), DBK_OK);
	CHECK_INT(dbk_log_size(log), DBK_RECORDS_MAX);
	dbk_log_close(log);
}

static void
test_failed_group(void)
{
	struct dbk_log *log = logbook_open(dir);
	struct dbk_log_group group = { 0 };

	dbk_log_group_reset(&group, 1);
	dbk_log_group_begin_record(&group)->failed = true;
	dbk_log_group_end_record(&group);
	CHECK_INT(group.n_records, 0);
	CHECK(dbk_log_group_failed(&group));
	CHECK_INT(dbk_log_append(log, &group, &error), DBK_FAILED_MEMORY);
	dbk_log_group_reset(&group, 1);
	CHECK(!dbk_log_group_failed(&group));
	dbk_log_group_fini(&group);
	dbk_log_close(log);
}

static bool
dies(void (*deed)(struct dbk_log *, struct dbk_log_group *), struct dbk_log *log)
{
	int status = 0;

	if (fork() == 0) {
		const struct rlimit none = { 0, 0 };
		struct dbk_log_group group = { 0 };

		(void)setrlimit(RLIMIT_CORE, &none);
		(void)signal(SIGABRT, SIG_DFL);
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(0);
		dbk_log_group_reset(&group, 1);
		deed(log, &group);
		_exit(0);
	}
	(void)wait(&status);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void
append_nothing(struct dbk_log *log, struct dbk_log_group *group)
{
	(void)!dbk_log_append(log, group, NULL);
}

static void
append_the_past(struct dbk_log *log, struct dbk_log_group *group)
{
	dbk_log_group_reset(group, dbk_log_recorded_at_us(log) - 1);
	add_records(group, 1, 1);
	(void)!dbk_log_append(log, group, NULL);
}

static void
add_long_record(struct dbk_log *log, struct dbk_log_group *group)
{
	static char bytes[DBK_RECORD_BYTES_MAX + 1];

	(void)log;
	dbk_log_group_add_record(group, dbk_str_make(bytes, sizeof bytes));
}

static void
add_long_source(struct dbk_log *log, struct dbk_log_group *group)
{
	static const char name[DBK_ID_BYTES_MAX + 1];
	struct dbk_log_batch batch = { .source = dbk_str_make(name, sizeof name) };

	(void)log;
	dbk_log_group_add_batch(group, &batch);
}

static void
test_bugs(void)
{
	struct dbk_log *log = logbook_open(dir);

	logbook_must_append(log, 10);
	CHECK(dies(append_nothing, log));
	CHECK(dies(append_the_past, log));
	CHECK(dies(add_long_record, log));
	CHECK(dies(add_long_source, log));
	dbk_log_close(log);
}

static void
test_read_only(void)
{
	struct dbk_log *log = logbook_open(dir);
	int status = 1;

	logbook_must_append(log, 100);
	if (fork() == 0) {
		struct dbk_log *reader = logbook_open_with(
		    dir, (struct dbk_log_options){ .read_only = true });
		bool ok = dbk_log_size(reader) == 100 && logbook_is_whole(reader) &&
			  logbook_append(reader, 1, &error) == DBK_FAILED_STATE;

		_exit(ok ? 0 : 1);
	}
	(void)wait(&status);
	CHECK_INT(status, 0);
	dbk_log_close(log);
}

struct tail {
	struct dbk_log *log;
	uint64_t want;
	bool wrong;
};

static void *
follow(void *context)
{
	struct tail *tail = context;
	struct dbk_log_reader *reader;
	struct dbk_error mine = { 0 };
	struct dbk_log_slice slice;
	struct dbk_str record;
	uint64_t seen = 0;
	enum dbk_err err;

	if (dbk_log_reader_open(tail->log, &reader, &mine) != DBK_OK)
		return NULL;
	while (seen < tail->want && !tail->wrong) {
		uint64_t size = dbk_log_size(tail->log);

		err = dbk_log_reader_next(reader, &slice, &mine);
		if (err == DBK_OK) {
			seen = slice.first_position + slice.n_records;
			tail->wrong |=
			    slice.n_records > 0 &&
			    !logbook_is_record(dbk_log_slice_record(&slice, 0),
					       slice.first_position);
		}
		tail->wrong |= err != DBK_OK && err != DBK_FAILED_NOT_FOUND;
		if (size == 0)
			continue;
		err = dbk_log_reader_find(reader, size - 1, &record, &mine);
		tail->wrong |= err != DBK_OK || !logbook_is_record(record, size - 1);
	}
	dbk_log_reader_close(reader);
	return NULL;
}

static void
test_readers_beside_writer(void)
{
	struct dbk_log *log = logbook_open(dir);
	struct tail tails[2] = { { log, 5000, false }, { log, 5000, false } };
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		CHECK_INT(pthread_create(&threads[i], NULL, follow, &tails[i]), 0);
	for (uint32_t i = 0; dbk_log_size(log) < 5000; i++)
		logbook_must_append(log, i % 11);
	for (int i = 0; i < 2; i++) {
		CHECK_INT(pthread_join(threads[i], NULL), 0);
		CHECK(!tails[i].wrong);
	}
	CHECK(logbook_is_whole(log));
	dbk_log_close(log);
}

static void
run(const char *name, void (*test)(void))
{
	tmpdir_make(dir);
	check_run(name, test);
	tmpdir_remove(dir);
}

int
main(void)
{
	check_run("the checksum is CRC-32C with and without the instruction", test_crc);
	run("a group that lacked memory is refused", test_failed_group);
	run("a commit above the limit is refused", test_commit_limit);
	run("records above the limit are refused", test_record_limit);
	run("misuse is stopped", test_bugs);
	run("an empty log has nothing and then something", test_empty);
	run("what is appended is there after opening again", test_append_and_reopen);
	run("reading begins at any position or group", test_seek);
	run("find and next do not disturb each other", test_find_and_next_share);
	run("a large commit becomes several groups", test_split);
	run("a value at its bound is one group", test_split_edge);
	run("a log is read beside a writing process", test_read_only);
	run("readers follow beside the writer", test_readers_beside_writer);
	return check_end();
}
