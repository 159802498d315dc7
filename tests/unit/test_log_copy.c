#include <stdlib.h>
#include <string.h>
#include <stdio.h>

#include "../tests/lib/check.h"
#include "../tests/lib/logbook.h"
#include "../tests/lib/tmpdir.h"
#include "log/log.h"
#include "log/log_copy.h"
#include "log/log_reader.h"

/* Records of one commit that takes more than two values. */
#define LARGE_COMMIT 250000

static struct dbk_error error;
static char from_dir[TMPDIR_BYTES], to_dir[TMPDIR_BYTES];
static struct dbk_log *from, *to;

static struct dbk_str
value_of(const struct dbk_log_slice *slice)
{
	return dbk_str_make(slice->value, (size_t)(slice->records - slice->value) +
					      slice->records_bytes);
}

static struct dbk_log_copy *
begin(void)
{
	struct dbk_log_copy *copy = NULL;

	if (dbk_log_copy_begin(to, &copy, &error) != DBK_OK)
		abort();
	return copy;
}

/* Groups of FROM that TO has not, as one commit each time it may end. */
static void
copy_rest(void)
{
	struct dbk_log_reader *reader = logbook_reader(from);
	struct dbk_log_copy *copy = begin();
	struct dbk_log_slice slice, copied;

	dbk_log_reader_seek_group(reader, dbk_log_size(to), dbk_log_groups(to));
	while (dbk_log_reader_next(reader, &slice, &error) == DBK_OK) {
		CHECK_INT(dbk_log_copy_put(copy, value_of(&slice), &copied, &error),
			  DBK_OK);
		CHECK_INT(copied.number, slice.number);
		CHECK_INT(copied.n_records, slice.n_records);
		CHECK_INT(dbk_log_copy_continues(copy), slice.continues);
	}
	CHECK_INT(dbk_log_copy_commit(copy, &error), DBK_OK);
	dbk_log_reader_close(reader);
}

static void
check_same(void)
{
	struct dbk_log_reader *a = logbook_reader(from), *b = logbook_reader(to);
	struct dbk_log_slice one, other;
	bool same = true;

	CHECK_INT(dbk_log_size(to), dbk_log_size(from));
	CHECK_INT(dbk_log_groups(to), dbk_log_groups(from));
	CHECK_INT(dbk_log_recorded_at_us(to), dbk_log_recorded_at_us(from));
	while (same && dbk_log_reader_next(a, &one, &error) == DBK_OK)
		same = dbk_log_reader_next(b, &other, &error) == DBK_OK &&
		       dbk_str_equal(value_of(&one), value_of(&other));
	CHECK(same);
	dbk_log_reader_close(a);
	dbk_log_reader_close(b);
}

static void
test_whole(void)
{
	static const uint32_t sizes[] = { 3, 0, 1, 64, 0, 1000, 7 };

	for (int turn = 0; turn < 3; turn++) {
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
			logbook_must_append(from, sizes[i]);
		copy_rest();
		check_same();
		dbk_log_close(to);
		to = logbook_open(to_dir);
		check_same();
		CHECK(logbook_is_whole(to));
	}
	logbook_must_append(to, 5);
	CHECK(logbook_is_whole(to));
}

static void
test_large_commit(void)
{
	struct dbk_log_reader *reader = logbook_reader(from);
	struct dbk_log_slice slice, copied;
	struct dbk_log_copy *copy;

	logbook_must_append(from, 2);
	copy_rest();
	logbook_must_append(from, LARGE_COMMIT);
	dbk_log_reader_seek_group(reader, 2, 1);
	CHECK_INT(dbk_log_reader_next(reader, &slice, &error), DBK_OK);
	CHECK(slice.continues);
	copy = begin();
	CHECK_INT(dbk_log_copy_put(copy, value_of(&slice), &copied, &error), DBK_OK);
	CHECK(dbk_log_copy_continues(copy));
	dbk_log_copy_abort(copy);
	dbk_log_reader_close(reader);
	CHECK_INT(dbk_log_size(to), 2);
	copy_rest();
	check_same();
}

/* Is VALUE refused as what follows in TO, and is TO as before? */
static bool
refuses(struct dbk_str value)
{
	struct dbk_log_copy *copy = begin();
	uint64_t size = dbk_log_size(to), groups = dbk_log_groups(to);
	struct dbk_log_slice slice;
	enum dbk_err err = dbk_log_copy_put(copy, value, &slice, &error);

	dbk_log_copy_abort(copy);
	return err == DBK_FAILED_DAMAGED && dbk_log_size(to) == size &&
	       dbk_log_groups(to) == groups;
}

static void
test_damage(void)
{
	struct dbk_log_reader *reader = logbook_reader(from);
	struct dbk_log_slice slice;
	struct dbk_str value;
	unsigned char *bytes;
	bool refused = true;

	logbook_must_append(from, 3);
	CHECK_INT(dbk_log_reader_next(reader, &slice, &error), DBK_OK);
	value = value_of(&slice);
	bytes = malloc(value.size);
	if (bytes == NULL)
		abort();
	for (uint32_t i = 0; i < value.size; i++) {
		memcpy(bytes, value.bytes, value.size);
		bytes[i] ^= 1;
		refused = refused && refuses(dbk_str_make(bytes, value.size));
	}
	memcpy(bytes, value.bytes, value.size);
	for (uint32_t size = 0; size < value.size; size++)
		refused = refused && refuses(dbk_str_make(bytes, size));
	CHECK(refused);
	free(bytes);
	dbk_log_reader_close(reader);
	copy_rest();
	check_same();
}

static void
test_order(void)
{
	struct dbk_log_reader *reader = logbook_reader(from);
	struct dbk_log_slice slice;

	for (int i = 0; i < 3; i++)
		logbook_must_append(from, 2);
	CHECK_INT(dbk_log_reader_next(reader, &slice, &error), DBK_OK);
	CHECK_INT(dbk_log_reader_next(reader, &slice, &error), DBK_OK);
	CHECK(refuses(value_of(&slice)));
	copy_rest();
	CHECK(refuses(value_of(&slice)));
	check_same();
	dbk_log_reader_close(reader);
}

static void
test_place(void)
{
	struct dbk_log_reader *reader = logbook_reader(from);
	uint64_t position, number;
	bool is = true;

	CHECK_INT(dbk_log_reader_is_place(reader, 0, 0, &is, &error), DBK_OK);
	CHECK(is);
	CHECK_INT(dbk_log_reader_is_place(reader, 1, 0, &is, &error), DBK_OK);
	CHECK(!is);
	CHECK_INT(dbk_log_reader_commit_of(reader, 1, &position, &number, &error),
		  DBK_FAILED_NOT_FOUND);
	logbook_must_append(from, 2);
	logbook_must_append(from, 0);
	logbook_must_append(from, LARGE_COMMIT);
	for (uint64_t n = 0; n < 5; n++)
		for (uint64_t p = 0; p < 4; p++) {
			bool want = (n == 0 && p == 0) || (n == 1 && p == 2) ||
				    (n == 2 && p == 2);

			CHECK_INT(dbk_log_reader_is_place(reader, p, n, &is, &error),
				  DBK_OK);
			CHECK(is == want || (n > 2 && !is));
		}
	CHECK_INT(dbk_log_reader_is_place(reader, dbk_log_size(from),
					  dbk_log_groups(from), &is, &error),
		  DBK_OK);
	CHECK(is);
	CHECK_INT(dbk_log_reader_commit_of(reader, 1, &position, &number, &error),
		  DBK_OK);
	CHECK(position == 0 && number == 0);
	CHECK_INT(
	    dbk_log_reader_commit_of(reader, LARGE_COMMIT, &position, &number, &error),
	    DBK_OK);
	CHECK(position == 2 && number == 2);
	CHECK_INT(dbk_log_reader_commit_of(reader, dbk_log_size(from), &position,
					   &number, &error),
		  DBK_OK);
	CHECK(position == dbk_log_size(from) && number == dbk_log_groups(from));
	dbk_log_reader_close(reader);
}

static void
run(const char *name, void (*test)(void))
{
	tmpdir_make(from_dir);
	tmpdir_make(to_dir);
	from = logbook_open(from_dir);
	to = logbook_open(to_dir);
	check_run(name, test);
	dbk_log_close(from);
	dbk_log_close(to);
	tmpdir_remove(from_dir);
	tmpdir_remove(to_dir);
}

int
main(void)
{
	run("a damaged group is not taken over", test_damage);
	run("a group is not taken over out of turn", test_order);
	run("what is copied is the log byte for byte, and goes on", test_whole);
	run("a commit of several groups is taken over whole", test_large_commit);
	run("places are told from those of another log", test_place);
	return check_end();
}
