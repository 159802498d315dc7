#include "proof/scrutiny.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <daybook/limits.h>

#include "base/arena.h"
#include "base/buf.h"
#include "event/decode.h"
#include "event/record.h"
#include "event/seal.h"
#include "event/wire.h"

/* Event.body; what stands beside it has smaller numbers. */
#define BODY_NUMBER_MIN 101

/* Names in words: an id is that long. */
#define NAME(text) (int)(text).size, (text).bytes

struct source {
	char name[DBK_ID_BYTES_MAX];
	uint32_t name_bytes; /* 0: no key was ever registered */
	uint32_t revision;
	bool in_force;
	unsigned char key[DBK_SIGN_PUBLIC_BYTES];
	uint32_t n_rights;
	uint32_t rights[DBK_RIGHTS_MAX];
};

struct gap {
	uint64_t position;
	uint32_t index;
	unsigned char hash[DBK_SHA256_BYTES];
};

struct batch {
	bool open;
	bool sealed;
	uint64_t position; /* of its first record */
	char name[DBK_ID_BYTES_MAX];
	uint32_t name_bytes;
	uint64_t batch_seq;
	uint32_t index;	   /* of its last record */
	uint32_t next;	   /* events that the digest has so far */
	bool torn;	   /* an event is missing, or there twice */
	struct source key; /* in force before it */
	struct dbk_record_seal seal;
	struct dbk_seal_digest digest;
};

struct dbk_scrutiny {
	dbk_scrutiny_fn *found;
	void *context;
	uint64_t position; /* of the next record */
	int64_t recorded_at_us;
	char book[DBK_ID_BYTES_MAX];
	uint32_t book_bytes;
	bool holed;
	struct source *sources; /* by name */
	uint32_t n_sources, room;
	struct dbk_buf gaps; /* struct gap, those behind TAKEN still to come */
	size_t taken;
	struct batch batch;
	struct dbk_arena arena;
	struct dbk_scrutiny_sum sum;
};

static void say(struct dbk_scrutiny *s, uint64_t position, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void
say(struct dbk_scrutiny *s, uint64_t position, const char *format, ...)
{
	char words[256];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(words, sizeof words, format, arguments);
	va_end(arguments);
	s->found(s->context, position, words);
}

struct dbk_scrutiny *
dbk_scrutiny_new(dbk_scrutiny_fn *found, void *context)
{
	struct dbk_scrutiny *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->found = found;
	s->context = context;
	dbk_buf_init(&s->gaps);
	dbk_arena_init(&s->arena, DBK_EVENT_BYTES_MAX * 16);
	return s;
}

void
dbk_scrutiny_free(struct dbk_scrutiny *s)
{
	if (s == NULL)
		return;
	dbk_buf_fini(&s->gaps);
	dbk_arena_fini(&s->arena);
	free(s->sources);
	free(s);
}

/* ------------------------------------------------------------------------------ keys
 */

/* The place of NAME among the sources, or where it would stand. */
static uint32_t
place_of(const struct dbk_scrutiny *s, struct dbk_str name, bool *out_is)
{
	uint32_t low = 0, high = s->n_sources;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct source *one = &s->sources[middle];
		int order =
		    dbk_str_compare(dbk_str_make(one->name, one->name_bytes), name);

		if (order == 0) {
			*out_is = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*out_is = false;
	return low;
}

static struct source *
find_source(struct dbk_scrutiny *s, struct dbk_str name)
{
	bool is;
	uint32_t place = place_of(s, name, &is);

	return is ? &s->sources[place] : NULL;
}

static struct source *
add_source(struct dbk_scrutiny *s, struct dbk_str name)
{
	bool is;
	uint32_t place = place_of(s, name, &is);

	if (is)
		return &s->sources[place];
	if (s->n_sources == s->room) {
		uint32_t room = s->room == 0 ? 16 : 2 * s->room;
		struct source *more = realloc(s->sources, room * sizeof *more);

		if (more == NULL) {
			s->sum.no_memory = true;
			return NULL;
		}
		s->sources = more;
		s->room = room;
	}
	memmove(s->sources + place + 1, s->sources + place,
		(s->n_sources - place) * sizeof *s->sources);
	s->n_sources++;
	memset(&s->sources[place], 0, sizeof *s->sources);
	memcpy(s->sources[place].name, name.bytes, name.size);
	s->sources[place].name_bytes = name.size;
	return &s->sources[place];
}

static void
learn_key(struct dbk_scrutiny *s, const struct dbk_source_registered *event)
{
	struct source *source = add_source(s, event->source);

	if (source == NULL)
		return;
	if (event->revision != source->revision + 1 && !s->holed)
		say(s, s->position,
		    "revision %" PRIu32 " of source \"%.*s\" follows "
		    "revision %" PRIu32,
		    event->revision, NAME(event->source), source->revision);
	source->revision = event->revision;
	source->in_force = true;
	memcpy(source->key, event->ed25519_public_key.bytes, sizeof source->key);
	source->n_rights = event->n_may_send;
	for (uint32_t i = 0; i < event->n_may_send; i++)
		source->rights[i] = (uint32_t)event->may_send[i];
}

static void
learn_end(struct dbk_scrutiny *s, const struct dbk_source_key_revoked *event)
{
	struct source *source = find_source(s, event->source);

	if (source != NULL && source->in_force && source->revision == event->revision)
		source->in_force = false;
	else if (!s->holed)
		say(s, s->position,
		    "revokes revision %" PRIu32 " of source \"%.*s\", "
		    "which is not in force",
		    event->revision, NAME(event->source));
}

static bool
may_send(const struct source *key, uint32_t type)
{
	for (uint32_t i = 0; i < key->n_rights; i++)
		if (key->rights[i] == type || key->rights[i] == type / 100 * 100)
			return true;
	return key->n_rights == 0;
}

/* ---------------------------------------------------------------------------- events
 */

/* The number of the body of EVENT; 0: it is no message, or has no body or several. */
static uint32_t
type_of(struct dbk_str event)
{
	const unsigned char *p = (const unsigned char *)event.bytes;
	const unsigned char *end = p + event.size;
	uint32_t type = 0, size;

	while (p != NULL && p < end) {
		uint64_t tag;

		p = dbk_wire_short(p, end, &tag);
		if (p == NULL || (tag & 7) != 2 || p == end)
			return 0;
		if (tag >> 3 >= BODY_NUMBER_MIN) {
			if (type != 0)
				return 0;
			type = (uint32_t)(tag >> 3);
		}
		p = dbk_wire_length(p, end, &size);
		if (p != NULL)
			p += size;
	}
	return p == NULL ? 0 : type;
}

/* An accepted event that says what the next batches are signed with. */
static void
learn(struct dbk_scrutiny *s, struct dbk_str bytes)
{
	struct dbk_event_fault fault;
	struct dbk_event event;

	dbk_arena_reset(&s->arena);
	if (!dbk_event_decode(bytes, &s->arena, &event, &fault) ||
	    !dbk_event_check(&event, &fault)) {
		s->sum.no_memory |= s->arena.starved;
		say(s, s->position, "the event was accepted and is none");
		return;
	}
	if (event.type == DBK_EVENT_SOURCE_REGISTERED) {
		learn_key(s, &event.u.source_registered);
	} else if (event.type == DBK_EVENT_SOURCE_KEY_REVOKED) {
		learn_end(s, &event.u.source_key_revoked);
	} else {
		s->book_bytes = event.u.book_opened.book.size;
		memcpy(s->book, event.u.book_opened.book.bytes, s->book_bytes);
	}
}

static bool
is_to_learn(uint32_t type)
{
	return type == DBK_EVENT_BOOK_OPENED || type == DBK_EVENT_SOURCE_REGISTERED ||
	       type == DBK_EVENT_SOURCE_KEY_REVOKED;
}

/* ---------------------------------------------------------------------------- batches
 */

static const struct gap *
next_gap(const struct dbk_scrutiny *s)
{
	const struct gap *gaps = (const struct gap *)(const void *)s->gaps.bytes;

	return s->taken < s->gaps.size ? &gaps[s->taken / sizeof *gaps] : NULL;
}

static void
take_gap(struct dbk_scrutiny *s)
{
	s->taken += sizeof(struct gap);
	if (s->taken == s->gaps.size) {
		dbk_buf_reset(&s->gaps);
		s->taken = 0;
	}
}

void
dbk_scrutiny_gap(struct dbk_scrutiny *s, uint64_t position, uint32_t index,
		 const unsigned char hash[DBK_SHA256_BYTES])
{
	struct gap gap = { .position = position, .index = index };

	memcpy(gap.hash, hash, sizeof gap.hash);
	dbk_buf_put(&s->gaps, &gap, sizeof gap);
	s->sum.no_memory |= dbk_buf_failed(&s->gaps);
}

/* Gaps of the open batch up to event INDEX. */
static void
fill_gaps(struct dbk_scrutiny *s, uint32_t index)
{
	struct batch *b = &s->batch;
	const struct gap *gap;

	while ((gap = next_gap(s)) != NULL && gap->position == b->position &&
	       gap->index < index) {
		if (gap->index != b->next)
			b->torn = true;
		dbk_seal_digest_hash(&b->digest, gap->hash);
		b->next++;
		take_gap(s);
	}
}

/* What is left over belongs to no batch that is signed. */
static void
drop_gaps(struct dbk_scrutiny *s, uint64_t position)
{
	const struct gap *gap;
	uint64_t said = UINT64_MAX;

	while ((gap = next_gap(s)) != NULL && gap->position < position) {
		if (gap->position != said && !s->holed)
			say(s, gap->position,
			    "gaps are told of it, and no signed batch with such gaps "
			    "begins there");
		said = gap->position;
		take_gap(s);
	}
}

static void
verify_seal(struct dbk_scrutiny *s)
{
	struct batch *b = &s->batch;
	struct dbk_seal_text text = {
		.book = dbk_str_make(s->book, s->book_bytes),
		.source = dbk_str_make(b->name, b->name_bytes),
		.batch_seq = b->batch_seq,
		.atomic = b->seal.atomic,
		.events = b->seal.events,
	};

	if (b->key.name_bytes == 0 || b->key.revision != b->seal.revision) {
		if (!s->holed)
			say(s, b->position,
			    "is signed with revision %" PRIu32
			    " of the key of source \"%.*s\", which is not in force",
			    b->seal.revision, NAME(text.source));
		return;
	}
	memcpy(text.digest, b->seal.digest, sizeof text.digest);
	if (dbk_seal_verify(&text, b->key.key, b->seal.signature))
		s->sum.seals++;
	else
		say(s, b->position,
		    "the signature of batch %" PRIu64 " of source \"%.*s\" is forged",
		    b->batch_seq, NAME(text.source));
}

/* AT_END: what follows is not there yet, so the end of a batch may be missing. */
static void
close_batch(struct dbk_scrutiny *s, bool at_end)
{
	struct batch *b = &s->batch;
	unsigned char digest[DBK_SHA256_BYTES];

	if (!b->open)
		return;
	b->open = false;
	if (!b->sealed)
		return;
	fill_gaps(s, UINT32_MAX);
	verify_seal(s);
	if (!b->torn && at_end && b->next < b->seal.events) {
		s->sum.cut = b->seal.events - b->next;
		return;
	}
	dbk_seal_digest_final(&b->digest, digest);
	if (b->torn || b->next != b->seal.events)
		say(s, b->position,
		    "batch %" PRIu64 " of source \"%.*s\" was signed "
		    "with %" PRIu32 " events, and records and gaps do not give them",
		    b->batch_seq, (int)b->name_bytes, b->name, b->seal.events);
	else if (memcmp(digest, b->seal.digest, sizeof digest) != 0)
		say(s, b->position,
		    "the events, or gaps, of batch %" PRIu64
		    " of source \"%.*s\" are not those that were signed",
		    b->batch_seq, (int)b->name_bytes, b->name);
}

/* What has to be signed, and what must not be. */
static void
check_signing(struct dbk_scrutiny *s, const struct dbk_record *record)
{
	const struct source *key = &s->batch.key;

	if (key->name_bytes == 0 && record->has_seal && !s->holed)
		say(s, s->position, "is signed, and source \"%.*s\" has no key",
		    NAME(record->source));
	if (key->name_bytes == 0)
		return;
	if (!key->in_force && !s->holed)
		say(s, s->position,
		    "was taken when the key of source \"%.*s\" was "
		    "revoked",
		    NAME(record->source));
	if (!record->has_seal)
		say(s, s->position, "is not signed, and source \"%.*s\" has a key",
		    NAME(record->source));
	if (record->has_seal && record->batch_seq == 0)
		say(s, s->position, "is signed, and its batch has no number");
}

static void
open_batch(struct dbk_scrutiny *s, const struct dbk_record *record)
{
	struct batch *b = &s->batch;
	const struct source *source;

	close_batch(s, false);
	drop_gaps(s, s->position);
	source = s->n_sources == 0 ? NULL : find_source(s, record->source);
	b->open = true;
	b->torn = false;
	b->sealed = record->has_seal;
	b->position = s->position;
	b->batch_seq = record->batch_seq;
	b->name_bytes = record->source.size;
	memcpy(b->name, record->source.bytes, record->source.size);
	b->key.name_bytes = 0;
	if (source != NULL)
		b->key = *source;
	b->next = 0;
	if (record->has_seal) {
		b->seal = record->seal;
		dbk_seal_digest_init(&b->digest);
	}
	check_signing(s, record);
}

static bool
is_of_batch(const struct batch *b, const struct dbk_record *record)
{
	return b->open && !record->has_seal && record->index > b->index &&
	       record->batch_seq == b->batch_seq &&
	       dbk_str_equal(record->source, dbk_str_make(b->name, b->name_bytes));
}

static void
add_to_batch(struct dbk_scrutiny *s, const struct dbk_record *record)
{
	struct batch *b = &s->batch;

	b->index = record->index;
	if (!b->sealed)
		return;
	fill_gaps(s, record->index);
	if (b->next != record->index)
		b->torn = true;
	dbk_seal_digest_event(&b->digest, record->event);
	b->next++;
}

static void
take(struct dbk_scrutiny *s, const struct dbk_record *record)
{
	uint32_t type = type_of(record->event);

	if (type == 0)
		say(s, s->position, "its event cannot be read");
	if (!is_of_batch(&s->batch, record))
		open_batch(s, record);
	add_to_batch(s, record);
	if (s->batch.key.name_bytes > 0 && !may_send(&s->batch.key, type))
		say(s, s->position,
		    "source \"%.*s\" may not send events of type %" PRIu32,
		    NAME(record->source), type);
	if (record->outcome == DBK_ACCEPTED && is_to_learn(type))
		learn(s, record->event);
}

/* ---------------------------------------------------------------------------- records
 */

void
dbk_scrutiny_record(struct dbk_scrutiny *s, struct dbk_str bytes)
{
	struct dbk_record record;

	if (!dbk_record_decode(bytes, &record)) {
		say(s, s->position, "is no record");
		dbk_scrutiny_skip(s, 1);
		return;
	}
	if (record.position != s->position)
		say(s, s->position, "says that it is record %" PRIu64, record.position);
	if (record.recorded_at_us < s->recorded_at_us)
		say(s, s->position, "was recorded before the one before it");
	s->recorded_at_us = record.recorded_at_us;
	take(s, &record);
	s->position++;
	s->sum.records++;
}

void
dbk_scrutiny_skip(struct dbk_scrutiny *s, uint64_t count)
{
	s->holed = true;
	s->batch.open = false;
	s->position += count;
	drop_gaps(s, s->position);
}

void
dbk_scrutiny_end(struct dbk_scrutiny *s, struct dbk_scrutiny_sum *out)
{
	close_batch(s, true);
	drop_gaps(s, UINT64_MAX);
	s->sum.keys = s->n_sources;
	*out = s->sum;
}
