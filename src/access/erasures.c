#include "access/erasures.h"

#include <string.h>

#include "base/arena.h"
#include "event/decode.h"
#include "event/event.h"
#include "event/record.h"
#include "log/log_reader.h"

/* An event's own structs; SubjectErased has two strings. */
#define ARENA_BYTES (64 * 1024)

/* Does EVENT hold the tag of SubjectErased anywhere?  Most do not. */
static bool
may_erase(struct dbk_str event)
{
	unsigned tag = (unsigned)DBK_EVENT_SUBJECT_ERASED << 3 | 2;
	const unsigned char bytes[] = { (unsigned char)(tag | 0x80),
					(unsigned char)(tag >> 7) };

	return event.size > 0 &&
	       memmem(event.bytes, event.size, bytes, sizeof bytes) != NULL;
}

static enum dbk_err
follow_event(struct dbk_subjects *subjects, struct dbk_str bytes,
	     struct dbk_error *error)
{
	struct dbk_event event;
	struct dbk_event_fault fault;
	struct dbk_arena arena;
	enum dbk_err err = DBK_OK;

	dbk_arena_init(&arena, ARENA_BYTES);
	if (dbk_event_decode(bytes, &arena, &event, &fault) &&
	    event.type == DBK_EVENT_SUBJECT_ERASED)
		err =
		    dbk_subjects_erase(subjects, event.u.subject_erased.subject, error);
	dbk_arena_fini(&arena);
	return err;
}

enum dbk_err
dbk_erasures_follow(struct dbk_subjects *subjects, uint64_t position,
		    struct dbk_str record, struct dbk_error *error)
{
	struct dbk_record opened;
	enum dbk_err err;

	if (!may_erase(record) || !dbk_record_decode(record, &opened) ||
	    opened.outcome != DBK_ACCEPTED || !may_erase(opened.event))
		return DBK_OK;
	err = follow_event(subjects, opened.event, error);
	if (err != DBK_OK)
		dbk_error_prepend(error, "the subject erased at position %llu",
				  (unsigned long long)position);
	return err;
}

static enum dbk_err
follow_slice(struct dbk_subjects *subjects, const struct dbk_log_slice *slice,
	     struct dbk_error *error)
{
	enum dbk_err err = DBK_OK;

	for (uint32_t i = 0; err == DBK_OK && i < slice->n_records; i++)
		err = dbk_erasures_follow(subjects, slice->first_position + i,
					  dbk_log_slice_record(slice, i), error);
	return err;
}

enum dbk_err
dbk_erasures_catch_up(struct dbk_subjects *subjects, struct dbk_log *log,
		      struct dbk_error *error)
{
	uint64_t from = dbk_subjects_size(subjects), size = dbk_log_size(log);
	struct dbk_log_slice slice = { 0 };
	struct dbk_log_reader *reader;
	enum dbk_err err;

	if (from >= size)
		return DBK_OK;
	err = dbk_log_reader_open(log, &reader, error);
	if (err != DBK_OK)
		return err;
	dbk_log_reader_seek(reader, from);
	while (err == DBK_OK) {
		err = dbk_log_reader_next(reader, &slice, error);
		if (err == DBK_OK)
			err = follow_slice(subjects, &slice, error);
	}
	dbk_log_reader_close(reader);
	if (err != DBK_FAILED_NOT_FOUND)
		return err;
	return dbk_subjects_looked(subjects, size, error);
}
