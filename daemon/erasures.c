#include "erasures.h"

#include <string.h>

#include "diag.h"
#include "event/record.h"
#include "log/log_reader.h"
#include "rpc/wire.h"

/* Fields of Event and of SubjectErased. */
enum { FIELD_SUBJECT_ERASED = 709, FIELD_SUBJECT = 1 };

/* How the tag of an erasure begins, each byte seven bits; the second is the last one
 * unless the number is written longer than it has to be. */
#define TAG (FIELD_SUBJECT_ERASED << 3 | DBK_WIRE_BYTES)
#define TAG_FIRST (0x80 | (TAG & 0x7f))
#define TAG_SECOND (TAG >> 7)

/* Telling the subjects how far it is costs a commit. */
#define NOTE_EVERY 100000

/* Reading every record down to its event took a quarter of the notary's time. */
static bool
has_tag(struct dbk_str bytes)
{
	const char *at = bytes.bytes, *end = at + bytes.size;

	while (at < end && (at = memchr(at, TAG_FIRST, (size_t)(end - at))) != NULL)
		if (++at < end && (*at & 0x7f) == TAG_SECOND)
			return true;
	return false;
}

static bool
is_erasure(struct dbk_str bytes, struct dbk_str *out_subject)
{
	struct dbk_record record;
	struct dbk_str body;

	if (!has_tag(bytes) || !dbk_record_decode(bytes, &record) ||
	    record.outcome != DBK_ACCEPTED)
		return false;
	body = dbk_wire_find(record.event, FIELD_SUBJECT_ERASED);
	*out_subject = dbk_wire_find(body, FIELD_SUBJECT);
	return out_subject->size > 0;
}

static enum dbk_err
look(struct erasures *erasures, uint64_t position, struct dbk_str record,
     struct dbk_error *error)
{
	struct dbk_str subject;
	enum dbk_err err;

	if (!is_erasure(record, &subject))
		return DBK_OK;
	err = dbk_subjects_erase(erasures->subjects, subject, error);
	if (err == DBK_OK)
		erasures->n_erased++;
	else if (position < erasures->behind)
		erasures->behind = position;
	return err;
}

void
erasures_look(struct erasures *erasures, uint64_t position, struct dbk_str record)
{
	struct dbk_error error = { 0 };

	if (erasures->subjects == NULL)
		return;
	if (look(erasures, position, record, &error) != DBK_OK)
		diag_warn("record %llu: a key could not be destroyed: %s",
			  (unsigned long long)position, error.text);
	if (position >= erasures->looked)
		erasures->looked = position + 1;
}

/* Everything from FROM up to what was looked at, again. */
static enum dbk_err
walk(struct erasures *erasures, uint64_t from, uint64_t until, struct dbk_error *error)
{
	struct dbk_log_reader *reader;
	struct dbk_log_slice group;
	enum dbk_err err = dbk_log_reader_open(erasures->log, &reader, error);

	if (err != DBK_OK)
		return err;
	dbk_log_reader_seek(reader, from);
	while (err == DBK_OK && from < until) {
		err = dbk_log_reader_next(reader, &group, error);
		for (uint32_t i = 0; err == DBK_OK && i < group.n_records; i++)
			if (group.first_position + i >= from)
				err = look(erasures, group.first_position + i,
					   dbk_log_slice_record(&group, i), error);
		if (err == DBK_OK)
			from = group.first_position + group.n_records;
	}
	dbk_log_reader_close(reader);
	return err;
}

static enum dbk_err
note(struct erasures *erasures, struct dbk_error *error)
{
	enum dbk_err err =
	    dbk_subjects_looked(erasures->subjects, erasures->looked, error);

	if (err == DBK_OK)
		erasures->noted = erasures->looked;
	/* Without room the next start looks at some records again: no reason to stop. */
	return err == DBK_FAILED_DISK_FULL || err == DBK_FAILED_MAP_FULL ? DBK_OK : err;
}

enum dbk_err
erasures_open(struct erasures *erasures, struct dbk_subjects *subjects,
	      struct dbk_log *log, struct dbk_error *error)
{
	uint64_t size = dbk_log_size(log);
	enum dbk_err err = DBK_OK;

	*erasures = (struct erasures){ subjects, log, 0, 0, UINT64_MAX, 0 };
	if (subjects == NULL)
		return DBK_OK;
	erasures->looked = erasures->noted = dbk_subjects_size(subjects);
	if (erasures->looked >= size)
		return DBK_OK;
	err = walk(erasures, erasures->looked, size, error);
	erasures->looked = size;
	erasures->behind = UINT64_MAX;
	if (err != DBK_OK)
		return err;
	/* On a full disk it is looked through again the next time. */
	if (note(erasures, error) != DBK_OK)
		diag_warn("%s", error->text);
	return DBK_OK;
}

enum dbk_err
erasures_settle(struct erasures *erasures, bool last, struct dbk_error *error)
{
	uint64_t from = erasures->behind;
	enum dbk_err err = DBK_OK;

	if (erasures->subjects == NULL)
		return DBK_OK;
	if (from != UINT64_MAX) {
		erasures->behind = UINT64_MAX;
		err = walk(erasures, from, erasures->looked, error);
	}
	if (err == DBK_OK && erasures->looked > erasures->noted &&
	    (last || erasures->looked - erasures->noted >= NOTE_EVERY))
		err = note(erasures, error);
	return err;
}
