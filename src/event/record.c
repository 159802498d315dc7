#include "event/record.h"

#include <daybook/limits.h>

#include "base/assert.h"

#define VARINT_BYTES_MAX ((size_t)10)
#define US_PER_SECOND 1000000

/* The tags of record.proto, each a field number and a wire type in one byte. */
enum {
	TAG_POSITION = 1 << 3,
	TAG_RECORDED_AT = 2 << 3 | 2,
	TAG_SOURCE = 3 << 3 | 2,
	TAG_BATCH_SEQ = 4 << 3,
	TAG_INDEX = 5 << 3,
	TAG_OUTCOME = 6 << 3,
	TAG_REFUSAL = 7 << 3 | 2,
	TAG_EVENT = 8 << 3 | 2,
	TAG_SEAL = 9 << 3 | 2,

	TAG_SECONDS = 1 << 3,
	TAG_NANOS = 2 << 3,

	TAG_RULE = 1 << 3,
	TAG_FIELD = 2 << 3 | 2,
	TAG_VALUE = 3 << 3 | 2,
	TAG_MEASURED = 4 << 3,
	TAG_LIMIT = 5 << 3,
	TAG_OTHER_POSITION = 6 << 3,
	TAG_WOULD_PASS = 7 << 3,

	TAG_EVENTS = 1 << 3,
	TAG_DIGEST = 2 << 3 | 2,
	TAG_SIGNATURE = 3 << 3 | 2,
	TAG_REVISION = 4 << 3,
	TAG_ATOMIC = 5 << 3
};

/* A tag, a length and the text. */
#define TEXT_BYTES(max) (1 + VARINT_BYTES_MAX + (size_t)(max))
#define NUMBER_BYTES (1 + VARINT_BYTES_MAX)
#define REFUSAL_BYTES_MAX                                                              \
	(5 * NUMBER_BYTES + TEXT_BYTES(DBK_FIELD_TEXT_BYTES) +                         \
	 TEXT_BYTES(DBK_VERDICT_VALUE_BYTES_MAX))
#define HEAD_BYTES_MAX                                                                 \
	(4 * NUMBER_BYTES + TEXT_BYTES(2 * NUMBER_BYTES) + TEXT_BYTES(DBK_ID_BYTES_MAX))
#define SEAL_BYTES_MAX                                                                 \
	(3 * NUMBER_BYTES + TEXT_BYTES(DBK_SHA256_BYTES) +                             \
	 TEXT_BYTES(DBK_SIGNATURE_BYTES))
#define OVERHEAD_BYTES_MAX                                                             \
	(HEAD_BYTES_MAX + TEXT_BYTES(REFUSAL_BYTES_MAX) + TEXT_BYTES(0) +              \
	 TEXT_BYTES(SEAL_BYTES_MAX))

_Static_assert(OVERHEAD_BYTES_MAX <= DBK_RECORD_OVERHEAD_BYTES_MAX,
	       "a record around the largest event is no larger than a leaf may be");

void
dbk_record_refuse(struct dbk_record *record, const struct dbk_refusal *refusal,
		  char text[DBK_FIELD_TEXT_BYTES])
{
	size_t size = dbk_field_format(&refusal->field, text);

	record->outcome = DBK_REFUSED;
	record->rule = refusal->rule;
	record->refusal_field = dbk_str_make(text, size);
	record->refusal_value = refusal->value;
	record->measured = refusal->measured;
	record->limit = refusal->limit;
	record->other_position_plus_one = refusal->other_position_plus_one;
	record->would_pass_plus_one = refusal->would_pass_plus_one;
}

static unsigned char *
put_varint(unsigned char *p, uint64_t value)
{
	while (value >= 0x80) {
		*p++ = (unsigned char)(value | 0x80);
		value >>= 7;
	}
	*p++ = (unsigned char)value;
	return p;
}

static unsigned char *
put_number(unsigned char *p, unsigned char tag, uint64_t value)
{
	if (value == 0)
		return p;
	*p++ = tag;
	return put_varint(p, value);
}

static unsigned char *
put_text(unsigned char *p, unsigned char tag, struct dbk_str text)
{
	if (text.size == 0)
		return p;
	*p++ = tag;
	p = put_varint(p, text.size);
	memcpy(p, text.bytes, text.size);
	return p + text.size;
}

static unsigned char *
put_time(unsigned char *p, unsigned char tag, int64_t us)
{
	unsigned char *size;

	*p++ = tag;
	size = p++;
	p = put_number(p, TAG_SECONDS, (uint64_t)(us / US_PER_SECOND));
	p = put_number(p, TAG_NANOS, (uint64_t)(us % US_PER_SECOND) * 1000);
	*size = (unsigned char)(p - size - 1);
	return p;
}

static unsigned char *
put_refusal(unsigned char *p, const struct dbk_record *record)
{
	unsigned char bytes[REFUSAL_BYTES_MAX];
	unsigned char *end = bytes;

	end = put_number(end, TAG_RULE, (uint64_t)record->rule);
	end = put_text(end, TAG_FIELD, record->refusal_field);
	end = put_text(end, TAG_VALUE, dbk_verdict_value(record->refusal_value));
	end = put_number(end, TAG_MEASURED, (uint64_t)record->measured);
	end = put_number(end, TAG_LIMIT, (uint64_t)record->limit);
	end = put_number(end, TAG_OTHER_POSITION, record->other_position_plus_one);
	end = put_number(end, TAG_WOULD_PASS, (uint64_t)record->would_pass_plus_one);
	return put_text(p, TAG_REFUSAL, dbk_str_make(bytes, (size_t)(end - bytes)));
}

static unsigned char *
put_seal(unsigned char *p, const struct dbk_record_seal *seal)
{
	unsigned char bytes[SEAL_BYTES_MAX];
	unsigned char *end = bytes;

	end = put_number(end, TAG_EVENTS, seal->events);
	end = put_text(end, TAG_DIGEST,
		       dbk_str_make(seal->digest, sizeof seal->digest));
	end = put_text(end, TAG_SIGNATURE,
		       dbk_str_make(seal->signature, sizeof seal->signature));
	end = put_number(end, TAG_REVISION, seal->revision);
	end = put_number(end, TAG_ATOMIC, seal->atomic);
	return put_text(p, TAG_SEAL, dbk_str_make(bytes, (size_t)(end - bytes)));
}

static void
assert_limits(const struct dbk_record *record)
{
	dbk_assert(record->recorded_at_us >= DBK_TIME_US_MIN);
	dbk_assert(record->recorded_at_us <= DBK_TIME_US_MAX);
	dbk_assert(record->source.size <= DBK_ID_BYTES_MAX);
	dbk_assert(record->outcome == DBK_ACCEPTED || record->outcome == DBK_REFUSED);
	dbk_assert((record->rule == DBK_RULE_NONE) ==
		   (record->outcome == DBK_ACCEPTED));
	dbk_assert(record->refusal_field.size <= DBK_FIELD_TEXT_BYTES);
	dbk_assert(record->event.size <= DBK_EVENT_BYTES_MAX);
	dbk_assert(!record->has_seal ||
		   (record->seal.events > 0 && record->seal.revision > 0));
}

void
dbk_record_encode(const struct dbk_record *record, struct dbk_buf *out)
{
	unsigned char *p;

	assert_limits(record);
	if (!dbk_buf_reserve(out, OVERHEAD_BYTES_MAX + record->event.size))
		return;
	p = out->bytes + out->size;
	p = put_number(p, TAG_POSITION, record->position);
	p = put_time(p, TAG_RECORDED_AT, record->recorded_at_us);
	p = put_text(p, TAG_SOURCE, record->source);
	p = put_number(p, TAG_BATCH_SEQ, record->batch_seq);
	p = put_number(p, TAG_INDEX, record->index);
	p = put_number(p, TAG_OUTCOME, (uint64_t)record->outcome);
	if (record->outcome == DBK_REFUSED)
		p = put_refusal(p, record);
	p = put_text(p, TAG_EVENT, record->event);
	if (record->has_seal)
		p = put_seal(p, &record->seal);
	out->size = (size_t)(p - out->bytes);
}

/* A number in its shortest form: the last byte of a longer one would be 0. */
static uint64_t
take_varint(struct dbk_cursor *cursor)
{
	const unsigned char *start = cursor->at;
	uint64_t value = dbk_cursor_varint(cursor);

	if (!cursor->failed && cursor->at - start > 1 && cursor->at[-1] == 0)
		cursor->failed = true;
	return value;
}

static bool
take_tag(struct dbk_cursor *cursor, unsigned char tag)
{
	if (cursor->failed || cursor->at == cursor->end || *cursor->at != tag)
		return false;
	cursor->at++;
	return true;
}

/* The number behind TAG, 0 if it is not there; one that is there is not 0. */
static uint64_t
take_number(struct dbk_cursor *cursor, unsigned char tag)
{
	uint64_t value;

	if (!take_tag(cursor, tag))
		return 0;
	value = take_varint(cursor);
	if (value == 0)
		cursor->failed = true;
	return value;
}

static struct dbk_str
take_bytes(struct dbk_cursor *cursor, uint64_t max)
{
	uint64_t size = take_varint(cursor);
	const unsigned char *bytes;

	if (size > max)
		cursor->failed = true;
	bytes = dbk_cursor_take(cursor, (size_t)size);
	return dbk_str_make(bytes, bytes == NULL ? 0 : (size_t)size);
}

static struct dbk_str
take_text(struct dbk_cursor *cursor, unsigned char tag, uint64_t max)
{
	struct dbk_str text = { NULL, 0 };

	if (!take_tag(cursor, tag))
		return text;
	text = take_bytes(cursor, max);
	if (text.size == 0)
		cursor->failed = true;
	return text;
}

static int64_t
take_time(struct dbk_cursor *cursor, unsigned char tag)
{
	struct dbk_str text = { NULL, 0 };
	struct dbk_cursor inner;
	uint64_t seconds, nanos;

	if (take_tag(cursor, tag))
		text = take_bytes(cursor, TEXT_BYTES(2 * NUMBER_BYTES));
	else
		cursor->failed = true;
	if (cursor->failed)
		return 0;
	inner = dbk_cursor_make(text.bytes, text.size);
	seconds = take_number(&inner, TAG_SECONDS);
	nanos = take_number(&inner, TAG_NANOS);
	if (inner.failed || inner.at != inner.end || nanos % 1000 != 0 ||
	    nanos >= UINT64_C(1000) * US_PER_SECOND ||
	    seconds > DBK_TIME_US_MAX / US_PER_SECOND) {
		cursor->failed = true;
		return 0;
	}
	return (int64_t)seconds * US_PER_SECOND + (int64_t)nanos / 1000;
}

static bool
is_refusal_sound(const struct dbk_record *record)
{
	return dbk_rule_name(record->rule)[0] != '?' && record->rule != DBK_RULE_NONE &&
	       dbk_str_is_utf8(record->refusal_field) &&
	       dbk_str_is_utf8(record->refusal_value);
}

static void
take_refusal(struct dbk_cursor *cursor, struct dbk_record *out)
{
	struct dbk_str text = take_text(cursor, TAG_REFUSAL, REFUSAL_BYTES_MAX);
	struct dbk_cursor inner;
	uint64_t rule;

	if (text.size == 0) {
		cursor->failed = true;
		return;
	}
	inner = dbk_cursor_make(text.bytes, text.size);
	rule = take_number(&inner, TAG_RULE);
	if (rule > UINT16_MAX)
		inner.failed = true;
	out->rule = inner.failed ? DBK_RULE_NONE : (enum dbk_rule)rule;
	out->refusal_field = take_text(&inner, TAG_FIELD, DBK_FIELD_TEXT_BYTES);
	out->refusal_value = take_text(&inner, TAG_VALUE, DBK_VERDICT_VALUE_BYTES_MAX);
	out->measured = (int64_t)take_number(&inner, TAG_MEASURED);
	out->limit = (int64_t)take_number(&inner, TAG_LIMIT);
	out->other_position_plus_one = take_number(&inner, TAG_OTHER_POSITION);
	out->would_pass_plus_one = (int64_t)take_number(&inner, TAG_WOULD_PASS);
	if (inner.failed || inner.at != inner.end || !is_refusal_sound(out))
		cursor->failed = true;
}

/* Exactly SIZE bytes behind TAG. */
static void
take_exactly(struct dbk_cursor *cursor, unsigned char tag, unsigned char *out,
	     uint32_t size)
{
	struct dbk_str bytes = take_text(cursor, tag, size);

	if (bytes.size == size)
		memcpy(out, bytes.bytes, size);
	else
		cursor->failed = true;
}

static void
take_seal(struct dbk_cursor *cursor, struct dbk_record *out)
{
	struct dbk_str text = take_text(cursor, TAG_SEAL, SEAL_BYTES_MAX);
	struct dbk_record_seal *seal = &out->seal;
	struct dbk_cursor inner;
	uint64_t events, revision, atomic;

	if (text.size == 0)
		return;
	inner = dbk_cursor_make(text.bytes, text.size);
	events = take_number(&inner, TAG_EVENTS);
	take_exactly(&inner, TAG_DIGEST, seal->digest, sizeof seal->digest);
	take_exactly(&inner, TAG_SIGNATURE, seal->signature, sizeof seal->signature);
	revision = take_number(&inner, TAG_REVISION);
	atomic = take_number(&inner, TAG_ATOMIC);
	if (inner.failed || inner.at != inner.end || events == 0 ||
	    events > UINT32_MAX || revision == 0 || revision > UINT32_MAX || atomic > 1)
		cursor->failed = true;
	out->has_seal = true;
	seal->events = (uint32_t)events;
	seal->revision = (uint32_t)revision;
	seal->atomic = atomic == 1;
}

bool
dbk_record_decode(struct dbk_str bytes, struct dbk_record *out)
{
	struct dbk_cursor cursor;
	uint64_t index, outcome;

	if (bytes.size == 0)
		return false;
	cursor = dbk_cursor_make(bytes.bytes, bytes.size);
	memset(out, 0, sizeof *out);
	out->position = take_number(&cursor, TAG_POSITION);
	out->recorded_at_us = take_time(&cursor, TAG_RECORDED_AT);
	out->source = take_text(&cursor, TAG_SOURCE, DBK_ID_BYTES_MAX);
	out->batch_seq = take_number(&cursor, TAG_BATCH_SEQ);
	index = take_number(&cursor, TAG_INDEX);
	outcome = take_number(&cursor, TAG_OUTCOME);
	if (cursor.failed || index > UINT32_MAX ||
	    (outcome != DBK_ACCEPTED && outcome != DBK_REFUSED))
		return false;
	out->index = (uint32_t)index;
	out->outcome = (enum dbk_outcome)outcome;
	if (out->outcome == DBK_REFUSED)
		take_refusal(&cursor, out);
	out->event = take_text(&cursor, TAG_EVENT, DBK_EVENT_BYTES_MAX);
	take_seal(&cursor, out);
	return !cursor.failed && cursor.at == cursor.end;
}
