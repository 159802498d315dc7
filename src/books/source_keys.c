#include "books/source_keys.h"

#include <string.h>

#include "base/assert.h"
#include "books/trust_core.h"

/* -------------------------------------------------------------------- from outside */

static void
describe(const struct dbk_books *books, uint32_t id, struct dbk_source_key *out)
{
	const struct dbk_row_source_key *row =
	    DBK_ROW(books, source_keys, source_key, id);

	out->state = (enum dbk_source_key_state)row->state;
	out->source = dbk_names_get(&books->names, DBK_SPACE_SOURCE, row->source);
	out->revision = row->revision;
	memcpy(out->key, row->key, sizeof out->key);
	out->n_rights = row->n_rights;
	out->rights = row->n_rights == 0 ? NULL
					 : &DBK_ROW(books, source_rights, source_right,
						    row->first_right)
						->number;
	out->position = row->position;
	out->ended_position_plus_one = row->ended;
}

/* The row of the newest revision of SOURCE, 0: none. */
static uint32_t
newest_key(const struct dbk_books *books, struct dbk_str name)
{
	uint32_t source = dbk_names_find(&books->names, DBK_SPACE_SOURCE, name);

	return DBK_ROW(books, sources, source, source)->newest_key;
}

bool
dbk_source_key_in_force(const struct dbk_books *books, struct dbk_str source,
			struct dbk_source_key *out)
{
	uint32_t id = source.size == 0 || source.size > DBK_ID_BYTES_MAX
			  ? 0
			  : newest_key(books, source);

	memset(out, 0, sizeof *out);
	if (id != 0)
		describe(books, id, out);
	return out->state == DBK_SOURCE_KEY_IN_FORCE;
}

bool
dbk_source_key_may_send(const struct dbk_source_key *key, enum dbk_event_type type)
{
	uint32_t number = (uint32_t)type;

	for (uint32_t i = 0; i < key->n_rights; i++)
		if (key->rights[i] == number || key->rights[i] == number / 100 * 100)
			return true;
	return key->n_rights == 0;
}

uint32_t
dbk_source_keys_count(const struct dbk_books *books)
{
	return books->source_keys.count - 1;
}

void
dbk_source_key_at(const struct dbk_books *books, uint32_t number,
		  struct dbk_source_key *out)
{
	dbk_assert(number >= 1 && number <= dbk_source_keys_count(books));
	describe(books, number, out);
}

/* ----------------------------------------------------------------------- the rules */

/* The row of KEY ends with this event. */
static void
end_key(struct dbk_decision *d, uint32_t key, enum dbk_source_key_state state)
{
	struct dbk_row_source_key *row =
	    DBK_TOUCH(d->books, source_keys, source_key, key);

	row->state = (uint8_t)state;
	row->ended = d->position + 1;
}

/* There is room for as many as all keys may have. */
static void
put_rights(struct dbk_decision *d, const struct dbk_source_registered *event,
	   struct dbk_row_source_key *row)
{
	struct dbk_row_source_right *rights;

	row->n_rights = (uint8_t)event->n_may_send;
	if (row->n_rights == 0)
		return;
	row->first_right = dbk_rows_append(&d->books->source_rights, row->n_rights);
	rights = dbk_rows_touch_run(&d->books->source_rights, row->first_right,
				    row->n_rights);
	for (uint32_t i = 0; i < row->n_rights; i++)
		rights[i].number = (uint32_t)event->may_send[i];
}

static void
add_key(struct dbk_decision *d, const struct dbk_source_registered *event,
	uint32_t source)
{
	struct dbk_row_source *owner = DBK_TOUCH(d->books, sources, source, source);
	uint32_t id = dbk_rows_append(&d->books->source_keys, 1);
	struct dbk_row_source_key *row =
	    DBK_TOUCH(d->books, source_keys, source_key, id);

	row->source = source;
	row->revision = event->revision;
	row->previous = owner->newest_key;
	row->position = d->position;
	row->state = DBK_SOURCE_KEY_IN_FORCE;
	memcpy(row->key, event->ed25519_public_key.bytes, sizeof row->key);
	put_rights(d, event, row);
	owner->newest_key = id;
}

_Static_assert(DBK_RIGHTS_MAX <= UINT8_MAX, "their number fits a row");

bool
dbk_decide_source_registered(struct dbk_decision *d)
{
	const struct dbk_source_registered *event = &d->event->u.source_registered;
	uint32_t before = newest_key(d->books, event->source), source;
	const struct dbk_row_source_key *row =
	    DBK_ROW(d->books, source_keys, source_key, before);

	if (event->revision != (uint64_t)row->revision + 1)
		return dbk_refuse_measured(d, DBK_RULE_SOURCE_REVISION_GAP,
					   dbk_field("revision"), event->revision,
					   (int64_t)row->revision + 1);
	if (!dbk_intern(d, DBK_SPACE_SOURCE, event->source, &source))
		return false;
	if (!dbk_row_room(d, &d->books->source_keys))
		return false;
	if (before != 0 && row->state == DBK_SOURCE_KEY_IN_FORCE)
		end_key(d, before, DBK_SOURCE_KEY_FOLLOWED);
	add_key(d, event, source);
	return true;
}

bool
dbk_decide_source_key_revoked(struct dbk_decision *d)
{
	const struct dbk_source_key_revoked *event = &d->event->u.source_key_revoked;
	uint32_t newest = newest_key(d->books, event->source);
	const struct dbk_row_source_key *row =
	    DBK_ROW(d->books, source_keys, source_key, newest);

	if (newest == 0)
		return dbk_refuse(d, DBK_RULE_SOURCE_UNKNOWN, dbk_field("source"),
				  event->source);
	if (row->state != DBK_SOURCE_KEY_IN_FORCE || row->revision != event->revision)
		return dbk_refuse_measured(d, DBK_RULE_SOURCE_STATE,
					   dbk_field("revision"), event->revision,
					   row->revision);
	end_key(d, newest, DBK_SOURCE_KEY_REVOKED);
	return true;
}

/* ----------------------------------------------------------------------- the audit */

/* Revisions of a source rise by one from 1, each ends where the next begins or before,
 * and none but the newest is in force. */
static void
check_key(const struct dbk_books *books, uint32_t id)
{
	const struct dbk_row_source_key *row =
	    DBK_ROW(books, source_keys, source_key, id);
	const struct dbk_row_source_key *before =
	    DBK_ROW(books, source_keys, source_key, row->previous);
	bool is_newest = DBK_ROW(books, sources, source, row->source)->newest_key == id;

	dbk_assert(row->source != 0 && row->previous < id);
	dbk_assert(row->revision == before->revision + 1);
	dbk_assert(row->position < dbk_books_size(books));
	dbk_assert((row->state == DBK_SOURCE_KEY_IN_FORCE) == (row->ended == 0));
	dbk_assert(row->ended == 0 || row->ended > row->position + 1);
	dbk_assert(!is_newest || row->state != DBK_SOURCE_KEY_FOLLOWED);
	dbk_assert(is_newest || row->state != DBK_SOURCE_KEY_IN_FORCE);
	if (row->previous == 0)
		return;
	dbk_assert(before->source == row->source);
	dbk_assert(before->state != DBK_SOURCE_KEY_FOLLOWED ||
		   before->ended == row->position + 1);
	dbk_assert(before->ended <= row->position + 1);
}

void
dbk_audit_source_keys(const struct dbk_books *books)
{
	uint64_t rights = 0, of_sources = 0;

	for (uint32_t i = 1; i < books->source_keys.count; i++) {
		check_key(books, i);
		rights += DBK_ROW(books, source_keys, source_key, i)->n_rights;
	}
	dbk_assert(rights == books->source_rights.count - 1);
	for (uint32_t i = 1; i < books->sources.count; i++) {
		uint32_t newest = DBK_ROW(books, sources, source, i)->newest_key;

		if (newest == 0)
			continue;
		dbk_assert(DBK_ROW(books, source_keys, source_key, newest)->source ==
			   i);
		of_sources += DBK_ROW(books, source_keys, source_key, newest)->revision;
	}
	dbk_assert(of_sources == books->source_keys.count - 1);
}
