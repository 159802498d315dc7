#include "../tests/lib/logbook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define RECORD_BYTES_MAX 400

/* The sequence of splitmix64: unlike neighbours, no state. */
static uint64_t
mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static struct dbk_str
make_record(uint64_t position, char out[RECORD_BYTES_MAX])
{
	uint64_t seed = mix(position);
	size_t size = 1 + seed % (RECORD_BYTES_MAX - 1);

	for (size_t i = 0; i < size; i++)
		out[i] = (char)(seed >> (i % 8 * 8));
	return dbk_str_make(out, size);
}

static void
check_opened(enum dbk_err err, const struct dbk_error *error)
{
	if (CHECK_INT(err, DBK_OK))
		return;
	fprintf(stderr, "%s\n", error->text);
	exit(1);
}

struct dbk_log *
logbook_open_with(const char *dir, struct dbk_log_options options)
{
	struct dbk_error error = { 0 };
	struct dbk_log *log = NULL;

	check_opened(dbk_log_open(dir, &options, &log, &error), &error);
	return log;
}

struct dbk_log *
logbook_open(const char *dir)
{
	return logbook_open_with(dir, (struct dbk_log_options){ .no_sync = true });
}

struct dbk_log_reader *
logbook_reader(struct dbk_log *log)
{
	struct dbk_error error = { 0 };
	struct dbk_log_reader *reader = NULL;

	check_opened(dbk_log_reader_open(log, &reader, &error), &error);
	return reader;
}

uint64_t
logbook_next_number(struct dbk_log_reader *reader)
{
	struct dbk_error error = { 0 };
	struct dbk_log_slice slice;
	enum dbk_err err = dbk_log_reader_next(reader, &slice, &error);

	return err == DBK_OK ? slice.number : UINT64_MAX;
}

void
logbook_fill(struct dbk_log_group *group, uint64_t position, uint32_t n_records)
{
	char record[RECORD_BYTES_MAX], reply[32];
	struct dbk_log_batch batch = { .source = dbk_str_of("logbook") };

	batch.batch_seq = position;
	batch.n_events = n_records;
	batch.flags = (uint16_t)(position & 0xffff);
	(void)snprintf(reply, sizeof reply, "reply at %llu",
		       (unsigned long long)position);
	batch.reply = dbk_str_of(reply);
	dbk_log_group_reset(group, (int64_t)position + 1);
	dbk_log_group_add_batch(group, &batch);
	for (uint32_t i = 0; i < n_records; i++)
		dbk_log_group_add_record(group, make_record(position + i, record));
}

enum dbk_err
logbook_append(struct dbk_log *log, uint32_t n_records, struct dbk_error *error)
{
	struct dbk_log_group group;
	enum dbk_err err;

	dbk_log_group_init(&group);
	logbook_fill(&group, dbk_log_size(log), n_records);
	err = dbk_log_append(log, &group, error);
	dbk_log_group_fini(&group);
	return err;
}

void
logbook_must_append(struct dbk_log *log, uint32_t n_records)
{
	struct dbk_error error = { 0 };

	if (!CHECK_INT(logbook_append(log, n_records, &error), DBK_OK))
		fprintf(stderr, "%s\n", error.text);
}

bool
logbook_is_record(struct dbk_str record, uint64_t position)
{
	char want[RECORD_BYTES_MAX];

	return dbk_str_equal(record, make_record(position, want));
}

static bool
is_group(const struct dbk_log_slice *slice)
{
	struct dbk_cursor at = dbk_log_slice_batches(slice);
	struct dbk_log_batch batch;

	for (uint32_t i = 0; i < slice->n_records; i++)
		if (!logbook_is_record(dbk_log_slice_record(slice, i),
				       slice->first_position + i))
			return false;
	return dbk_log_slice_next_batch(&at, &batch) &&
	       batch.batch_seq == slice->first_position &&
	       batch.n_events == slice->n_records &&
	       batch.flags == (slice->first_position & 0xffff) &&
	       dbk_str_equal(batch.source, dbk_str_of("logbook")) &&
	       strncmp(batch.reply.bytes, "reply at ", 9) == 0 &&
	       !dbk_log_slice_next_batch(&at, &batch) && !at.failed;
}

static bool
read_groups(struct dbk_log_reader *reader, uint64_t size)
{
	struct dbk_error error = { 0 };
	struct dbk_log_slice slice;
	uint64_t position = 0;
	enum dbk_err err;

	while ((err = dbk_log_reader_next(reader, &slice, &error)) == DBK_OK) {
		if (slice.first_position != position || !is_group(&slice)) {
			fprintf(stderr, "group %llu differs\n",
				(unsigned long long)slice.number);
			return false;
		}
		position += slice.n_records;
	}
	if (err == DBK_FAILED_NOT_FOUND && position == size)
		return true;
	fprintf(stderr, "the log ends at %llu, not %llu: %s\n",
		(unsigned long long)position, (unsigned long long)size, error.text);
	return false;
}

static bool
find_some(struct dbk_log_reader *reader, uint64_t size)
{
	const uint64_t n = size < 3000 ? size : 3000;
	struct dbk_error error = { 0 };
	struct dbk_str record;

	for (uint64_t i = 0; i < n; i++) {
		uint64_t position = n == size ? size - 1 - i : mix(i) % size;

		if (dbk_log_reader_find(reader, position, &record, &error) != DBK_OK ||
		    !logbook_is_record(record, position)) {
			fprintf(stderr, "record %llu is not found: %s\n",
				(unsigned long long)position, error.text);
			return false;
		}
	}
	return dbk_log_reader_find(reader, size, &record, &error) ==
	       DBK_FAILED_NOT_FOUND;
}

bool
logbook_is_whole(struct dbk_log *log)
{
	struct dbk_error error = { 0 };
	struct dbk_log_reader *reader;
	uint64_t size = dbk_log_size(log);
	bool whole;

	if (dbk_log_reader_open(log, &reader, &error) != DBK_OK) {
		fprintf(stderr, "%s\n", error.text);
		return false;
	}
	whole = read_groups(reader, size) && find_some(reader, size);
	dbk_log_reader_close(reader);
	if (dbk_log_check(log, NULL, NULL, &error) != DBK_OK) {
		fprintf(stderr, "%s\n", error.text);
		return false;
	}
	return whole;
}
