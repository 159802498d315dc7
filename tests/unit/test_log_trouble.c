#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/logbook.h"
#include "../tests/lib/tmpdir.h"
#include "base/crc32c.h"
#include "log/log.h"
#include "log/log_private.h"
#include "log/log_reader.h"
#include "store/txn.h"

#define MIB ((uint64_t)1024 * 1024)

static struct dbk_error error;
static char dir[TMPDIR_BYTES];

/* A small group as bytes, to be spoilt. */
static size_t
make_value(unsigned char *out, size_t room)
{
	struct dbk_log_group group = { 0 };
	struct dbk_log_piece piece = { 0 };
	size_t size;

	logbook_fill(&group, 40, 5);
	CHECK(dbk_log_group_cut(&group, &piece));
	size = dbk_log_group_piece_bytes(&piece);
	CHECK(size <= room);
	dbk_log_group_encode(&group, &piece, 7, 40, out);
	CHECK(!dbk_log_group_cut(&group, &piece));
	dbk_log_group_fini(&group);
	return size;
}

static enum dbk_err
read_value(const unsigned char *bytes, size_t size)
{
	unsigned char key[DBK_LOG_KEY_BYTES];
	struct dbk_log_slice slice;
	enum dbk_err err;

	dbk_log_slice_key(40, 7, key);
	err = dbk_log_slice_decode(dbk_str_make(key, sizeof key),
				   dbk_str_make(bytes, size), &slice, &error);
	return err == DBK_OK ? dbk_log_slice_check(&slice, &error) : err;
}

/* In memory of its exact size, so that a sanitizer sees a read past the end. */
static enum dbk_err
read_exact(const unsigned char *bytes, size_t size)
{
	unsigned char *exact = malloc(size == 0 ? 1 : size);
	enum dbk_err err;

	memcpy(exact, bytes, size);
	err = read_value(exact, size);
	free(exact);
	return err;
}

static void
test_any_flipped_bit(void)
{
	unsigned char value[4096];
	size_t size = make_value(value, sizeof value);
	int missed = 0;

	CHECK_INT(read_exact(value, size), DBK_OK);
	for (size_t i = 0; i < size * 8; i++) {
		value[i / 8] ^= (unsigned char)(1u << i % 8);
		missed += read_exact(value, size) != DBK_FAILED_DAMAGED;
		value[i / 8] ^= (unsigned char)(1u << i % 8);
	}
	for (size_t cut = 0; cut < size; cut++)
		missed += read_exact(value, cut) != DBK_FAILED_DAMAGED;
	missed += read_exact(value, size + 1) != DBK_FAILED_DAMAGED;
	CHECK_INT(missed, 0);
}

static void
sign(unsigned char *value, size_t size)
{
	uint32_t crc = dbk_crc32c_sum(value + 4, size - 4);

	for (unsigned i = 0; i < 4; i++)
		value[i] = (unsigned char)(crc >> (8 * i));
}

/* Whoever made the bytes may have made the checksum too: nothing is read outside. */
static void
test_forged_values(void)
{
	unsigned char value[4096];
	size_t size = make_value(value, sizeof value);
	int taken = 0;

	for (size_t i = 4; i < size; i++) {
		static const unsigned char with[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };

		for (size_t k = 0; k < sizeof with; k++) {
			unsigned char old = value[i];

			value[i] = with[k];
			sign(value, size);
			taken += read_exact(value, size) == DBK_OK;
			value[i] = old;
		}
	}
	/* Times, numbers of a batch and the bytes of texts are anybody's word. */
	CHECK(taken > 0);
	value[DBK_LOG_HEADER_BYTES + 12] ^= 1; /* size of the reply */
	sign(value, size);
	CHECK_INT(read_exact(value, size), DBK_FAILED_DAMAGED);
	CHECK(strstr(error.text, "group 7 at position 40") != NULL);
	CHECK(strstr(error.text, "batches") != NULL);
}

/* Change group NUMBER in the store behind the log's back; SIZE 0 deletes it. */
static void
replace(uint64_t first_position, uint64_t number, const unsigned char *value,
	size_t size)
{
	const struct dbk_store_options options = { .format = "log",
						   .format_version = 1 };
	unsigned char key[DBK_LOG_KEY_BYTES];
	struct dbk_store *store = NULL;
	struct dbk_table table;
	struct dbk_txn *txn;

	dbk_log_slice_key(first_position, number, key);
	if (!CHECK_INT(dbk_store_open(dir, &options, &store, &error), DBK_OK) ||
	    !CHECK_INT(dbk_store_table(store, "groups", &table, &error), DBK_OK) ||
	    !CHECK_INT(dbk_txn_begin_write(store, size, &txn, &error), DBK_OK))
		exit(1);
	if (size == 0)
		dbk_txn_delete(txn, table, dbk_str_make(key, sizeof key));
	else
		dbk_txn_put(txn, table, dbk_str_make(key, sizeof key),
			    dbk_str_make(value, size));
	CHECK_INT(dbk_txn_commit(txn, &error), DBK_OK);
	dbk_store_close(store);
}

/* Group NUMBER as logbook makes it, but recorded at RECORDED_AT_US. */
static size_t
encode(uint64_t first_position, uint64_t number, uint32_t n_records,
       int64_t recorded_at_us, bool continues, unsigned char *out)
{
	struct dbk_log_group group = { 0 };
	struct dbk_log_piece piece = { 0 };
	size_t size;

	logbook_fill(&group, first_position, n_records);
	group.recorded_at_us = recorded_at_us;
	CHECK(dbk_log_group_cut(&group, &piece));
	piece.continues = continues;
	dbk_log_group_encode(&group, &piece, number, first_position, out);
	size = dbk_log_group_piece_bytes(&piece);
	dbk_log_group_fini(&group);
	return size;
}

/* Five groups of two records. */
static void
make_five(void)
{
	struct dbk_log *log = logbook_open(dir);

	for (int i = 0; i < 5; i++)
		logbook_must_append(log, 2);
	dbk_log_close(log);
}

static void
check_refused(const char *words)
{
	const struct dbk_log_options options = { .no_sync = true };
	struct dbk_log *log = NULL;

	memset(&error, 0, sizeof error);
	CHECK_INT(dbk_log_open(dir, &options, &log, &error), DBK_FAILED_DAMAGED);
	if (!CHECK(strstr(error.text, words) != NULL))
		fprintf(stderr, "%s\n", error.text);
	CHECK(log == NULL);
}

static void
test_damaged_end(void)
{
	unsigned char value[4096];
	size_t size;

	make_five();
	size = encode(8, 4, 2, 9, false, value);
	value[size - 1] ^= 1;
	replace(8, 4, value, size);
	check_refused("group 4 at position 8 of the log: the checksum differs");
	size = encode(8, 4, 2, 9, true, value);
	replace(8, 4, value, size);
	check_refused("has no end");
	size = encode(8, 4, 2, 1, false, value);
	replace(8, 4, value, size);
	check_refused("before its predecessor");
	size = encode(8, 4, 2, 9, false, value);
	replace(8, 4, value, size);
	dbk_log_close(logbook_open(dir));
	replace(6, 3, value, 0);
	check_refused("group 3 at position 6 of the log is missing");
	size = encode(6, 3, 2, 7, false, value);
	value[60] ^= 1;
	replace(6, 3, value, size);
	check_refused("group 3 at position 6 of the log: the checksum differs");
}

static void
test_missing_middle(void)
{
	unsigned char value[4096];

	make_five();
	replace(2, 1, value, 0);
	check_refused("the newest group is number 4, but there are 4");
}

static void
test_damaged_middle(void)
{
	unsigned char value[4096];
	size_t size = encode(2, 1, 2, 3, false, value);
	struct dbk_log *log;
	struct dbk_log_reader *reader;
	struct dbk_log_slice slice;
	struct dbk_str record;

	make_five();
	value[size - 1] ^= 1;
	replace(2, 1, value, size);
	log = logbook_open(dir);
	CHECK_INT(dbk_log_check(log, NULL, NULL, &error), DBK_FAILED_DAMAGED);
	CHECK(strstr(error.text, "group 1 at position 2") != NULL);
	reader = logbook_reader(log);
	CHECK_INT(logbook_next_number(reader), 0);
	CHECK_INT(dbk_log_reader_next(reader, &slice, &error), DBK_FAILED_DAMAGED);
	CHECK_INT(dbk_log_reader_next(reader, &slice, &error), DBK_FAILED_DAMAGED);
	dbk_log_reader_seek(reader, 4);
	CHECK_INT(logbook_next_number(reader), 2);
	CHECK_INT(dbk_log_reader_find(reader, 2, &record, &error), DBK_OK);
	dbk_log_reader_close(reader);
	dbk_log_close(log);

	size = encode(2, 1, 2, 0, false, value);
	replace(2, 1, value, size);
	log = logbook_open(dir);
	CHECK_INT(dbk_log_check(log, NULL, NULL, &error), DBK_FAILED_DAMAGED);
	CHECK(strstr(error.text, "recorded before") != NULL);
	dbk_log_close(log);

	size = encode(2, 1, 1, 3, false, value);
	replace(2, 1, value, size);
	log = logbook_open(dir);
	CHECK_INT(dbk_log_check(log, NULL, NULL, &error), DBK_FAILED_DAMAGED);
	CHECK(strstr(error.text, "missing") != NULL);
	reader = logbook_reader(log);
	CHECK_INT(dbk_log_reader_find(reader, 3, &record, &error), DBK_FAILED_DAMAGED);
	CHECK(strstr(error.text, "position 3") != NULL);
	dbk_log_reader_close(reader);
	dbk_log_close(log);
}

static bool
stop_at_four(void *context, uint64_t positions_done)
{
	*(uint64_t *)context = positions_done;
	return positions_done < 4;
}

static void
test_check_stops(void)
{
	struct dbk_log *log;
	uint64_t done = 0;

	make_five();
	log = logbook_open(dir);
	CHECK_INT(dbk_log_check(log, stop_at_four, &done, &error), DBK_FAILED_STATE);
	CHECK_INT(done, 4);
	CHECK_INT(dbk_log_check(log, NULL, NULL, &error), DBK_OK);
	dbk_log_close(log);
}

static void
test_map_full(void)
{
	struct dbk_log *log = logbook_open_with(
	    dir, (struct dbk_log_options){ .no_sync = true, .max_bytes = 2 * MIB });
	uint64_t size;
	enum dbk_err err;

	while ((err = logbook_append(log, 500, &error)) == DBK_OK)
		if (!CHECK(dbk_log_size(log) < 20000))
			break;
	CHECK_INT(err, DBK_FAILED_MAP_FULL);
	CHECK_INT(logbook_append(log, 500, &error), DBK_FAILED_MAP_FULL);
	size = dbk_log_size(log);
	CHECK(size > 1000);
	CHECK(logbook_is_whole(log));
	dbk_store_set_max_bytes(dbk_log_store(log), 4 * MIB);
	logbook_must_append(log, 500);
	CHECK_INT(dbk_log_size(log), size + 500);
	CHECK(logbook_is_whole(log));
	dbk_log_close(log);
}

static void
test_disk_full(void)
{
	struct dbk_log *log;
	uint64_t size;
	enum dbk_err err;

	if (!tmpdir_mount(dir, 4 * MIB))
		return;
	log = logbook_open_with(dir, (struct dbk_log_options){ 0 });
	while ((err = logbook_append(log, 300, &error)) == DBK_OK)
		if (!CHECK(dbk_log_size(log) < 40000))
			break;
	CHECK_INT(err, DBK_FAILED_DISK_FULL);
	size = dbk_log_size(log);
	for (uint32_t i = 1; i < 500; i++)
		(void)!logbook_append(log, i % 7, &error);
	CHECK_INT(logbook_append(log, 300, &error), DBK_FAILED_DISK_FULL);
	CHECK(dbk_log_size(log) >= size);
	CHECK(logbook_is_whole(log));
	dbk_log_close(log);
	log = logbook_open_with(dir, (struct dbk_log_options){ 0 });
	CHECK(logbook_is_whole(log));
	CHECK_INT(logbook_append(log, 300, &error), DBK_FAILED_DISK_FULL);
	CHECK(tmpdir_resize(dir, 8 * MIB));
	logbook_must_append(log, 300);
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
	check_run("any flipped bit and any cut of a group is found",
		  test_any_flipped_bit);
	check_run("a forged group is not read outside its bytes", test_forged_values);
	run("a damaged newest group keeps the log shut", test_damaged_end);
	run("a missing group keeps the log shut", test_missing_middle);
	run("damage further back is found and named", test_damaged_middle);
	run("a check may be stopped", test_check_stops);
	run("a full map stops appends until the limit is raised", test_map_full);
	run("a full disk stops appends until there is room", test_disk_full);
	return check_end();
}
