#include "event/decode.h"

#include <string.h>

#include <daybook/limits.h>

#include "event/plain.h"
#include "event/schema.h"
#include "event/wire.h"

/*
 * The hot path: one pass over the bytes, a table entry a field, nothing copied.
 *
 * A field is right if its tag is the one that the table holds at its number, so number
 * and wire type are compared at once; what is wrong with any other tag is found out of
 * line.  A field that came before is a bit in a mask, as field numbers are below 32.
 *
 * While a value is at hand it costs little to see that dbk_event_check() would have
 * nothing to say about it, so it need not come back to it.  What is not plainly right
 * is left to it: that is rare, and it knows what to answer.
 */

#define US_PER_SECOND 1000000
#define NANOS_PER_SECOND 1000000000

enum {
	TAG_EFFECTIVE_AT = 1 << 3 | 2,
	TAG_ACTOR = 2 << 3 | 2,
	TAG_SEALED = 3 << 3 | 2,
	TAG_SECONDS = 1 << 3,
	TAG_NANOS = 2 << 3
};

/* Kept out of the loop over the fields, whose frame would grow by theirs. */
#define SELDOM __attribute__((noinline))
#define UNLIKELY __attribute__((cold, noinline))

/* What decoding of one event carries along; OUTER is the field whose message it is in.
 */
struct decoder {
	struct dbk_arena *arena;
	struct dbk_event_fault *fault;
	struct dbk_field outer;
	bool is_sound; /* as in struct dbk_event, so far */
};

typedef const unsigned char *bytes_at;

static UNLIKELY bool
fail(struct decoder *d, enum dbk_fault fault, const char *member)
{
	return dbk_fault_set(d->fault, fault, dbk_schema_path(d->outer, member));
}

static UNLIKELY bool
fail_number(struct decoder *d, enum dbk_fault fault, const char *member, int64_t number)
{
	return dbk_fault_set_number(d->fault, fault, dbk_schema_path(d->outer, member),
				    number);
}

static UNLIKELY bool
fail_time(struct decoder *d, const struct dbk_schema_field *field, uint64_t tag)
{
	if (tag == TAG_SECONDS || tag == TAG_NANOS)
		return fail(d, DBK_FAULT_FIELD_TWICE, field->name);
	if (tag >> 3 <= 2)
		return fail(d, DBK_FAULT_MALFORMED, field->name);
	return fail_number(d, DBK_FAULT_UNKNOWN_FIELD, field->name,
			   (int64_t)(tag >> 3));
}

/* google.protobuf.Timestamp at P as microseconds. */
static SELDOM bool
decode_time(struct decoder *d, const struct dbk_schema_field *field, bytes_at p,
	    bytes_at end, int64_t *out)
{
	uint64_t seconds = 0, nanos = 0, tag = 0;
	unsigned seen = 0;

	while (p < end) {
		p = dbk_wire_short(p, end, &tag);
		if (p == NULL)
			return fail(d, DBK_FAULT_MALFORMED, field->name);
		if (tag == TAG_SECONDS && (seen & 1) == 0)
			p = dbk_wire_number(p, end, &seconds);
		else if (tag == TAG_NANOS && (seen & 2) == 0)
			p = dbk_wire_number(p, end, &nanos);
		else
			return fail_time(d, field, tag);
		if (p == NULL)
			return fail(d, DBK_FAULT_MALFORMED, field->name);
		seen |= tag == TAG_SECONDS ? 1 : 2;
	}
	/* Negative numbers are huge ones here, and out of range either way. */
	if (seconds > DBK_TIME_US_MAX / US_PER_SECOND)
		return fail_number(d, DBK_FAULT_TIME_OUT_OF_RANGE, field->name,
				   (int64_t)seconds);
	if (nanos >= NANOS_PER_SECOND)
		return fail_number(d, DBK_FAULT_TIME_OUT_OF_RANGE, field->name,
				   (int64_t)nanos);
	if (nanos % 1000 != 0)
		return fail_number(d, DBK_FAULT_TIME_TOO_FINE, field->name,
				   (int64_t)nanos);
	*out = (int64_t)seconds * US_PER_SECOND + (int64_t)nanos / 1000;
	return true;
}

static UNLIKELY bool
fail_tag(struct decoder *d, const struct dbk_schema *schema, uint64_t tag,
	 uint32_t seen)
{
	uint64_t number = tag >> 3;
	const struct dbk_schema_field *field;

	if (number == 0 || tag > UINT32_MAX || (tag & 7) > 5)
		return fail(d, DBK_FAULT_MALFORMED, NULL);
	field = number < schema->n_fields ? &schema->fields[number] : NULL;
	if (field == NULL || field->name == NULL)
		return fail_number(d, DBK_FAULT_UNKNOWN_FIELD, NULL, (int64_t)number);
	if ((seen & field->once) != 0)
		return fail(d, DBK_FAULT_FIELD_TWICE, field->name);
	return fail(d, DBK_FAULT_MALFORMED, field->name);
}

static UNLIKELY bool
fail_range(struct decoder *d, const struct dbk_schema_field *field, uint64_t value)
{
	enum dbk_fault fault = field->kind == DBK_FIELD_ENUM
				   ? DBK_FAULT_UNKNOWN_ENUM_VALUE
				   : DBK_FAULT_NUMBER_OUT_OF_RANGE;

	return fail_number(d, fault, field->name, (int64_t)value);
}

/* The value of a varint field into the struct at BASE; the type's range only. */
static inline bool
decode_number(struct decoder *d, const struct dbk_schema_field *field, uint64_t value,
	      unsigned char *base)
{
	unsigned char *at = base + field->offset;
	uint32_t u32 = (uint32_t)value;
	int64_t i64 = (int64_t)value;

	switch ((enum dbk_field_kind)field->kind) {
	case DBK_FIELD_MONEY:
		d->is_sound &= value - 1 < DBK_AMOUNT_MAX;
		memcpy(at, &i64, sizeof i64);
		return true;
	case DBK_FIELD_QTY:
		d->is_sound &= value - 1 < DBK_QTY_MAX;
		memcpy(at, &i64, sizeof i64);
		return true;
	case DBK_FIELD_SIGNED:
		memcpy(at, &i64, sizeof i64);
		return true;
	case DBK_FIELD_U32:
		d->is_sound &= value - 1 < field->max;
		memcpy(at, &u32, sizeof u32);
		return value <= UINT32_MAX || fail_range(d, field, value);
	case DBK_FIELD_U64:
		memcpy(at, &value, sizeof value);
		return true;
	case DBK_FIELD_I32:
		d->is_sound = false;
		memcpy(at, &u32, sizeof u32);
		return (i64 >= INT32_MIN && i64 <= INT32_MAX) ||
		       fail_range(d, field, value);
	case DBK_FIELD_ENUM:
		if (value != 0)
			memcpy(at, &u32, sizeof u32);
		d->is_sound &= value != 0;
		return value <= field->max || fail_range(d, field, value);
	case DBK_FIELD_BOOL:
		*at = (unsigned char)value;
		return value <= 1 || fail_range(d, field, value);
	case DBK_FIELD_ID:
	case DBK_FIELD_TEXT:
	case DBK_FIELD_HASH:
	case DBK_FIELD_BYTES:
	case DBK_FIELD_TIME:
	case DBK_FIELD_HOLDER:
	case DBK_FIELD_TEXTS:
	case DBK_FIELD_IDS:
	case DBK_FIELD_NUMBERS:
	case DBK_FIELD_RIGHTS:
	case DBK_FIELD_LINES:
	case DBK_FIELD_PARTS:
		break;
	}
	return fail(d, DBK_FAULT_MALFORMED, field->name);
}

/*
 * One more number behind those at BASE.  An array is full whenever their count is 0 or
 * a power of two, and is copied then; so all copies together are no longer than the
 * list, however many pieces it is sent in.
 */
static bool
add_number(struct decoder *d, const struct dbk_schema_field *field, uint64_t number,
	   unsigned char *base)
{
	uint64_t *array, *more;
	uint32_t count;

	memcpy(&array, base + field->offset, sizeof array);
	memcpy(&count, base + field->count_offset, sizeof count);
	if (count >= field->max)
		return fail_number(d, DBK_FAULT_LINES_TOO_MANY, field->name,
				   (int64_t)count + 1);
	if ((count & (count - 1)) == 0) {
		more = dbk_arena_alloc(d->arena,
				       (count == 0 ? 1 : 2 * count) * sizeof *more);
		if (more == NULL)
			return fail(d, DBK_FAULT_TOO_LARGE, field->name);
		if (count > 0)
			memcpy(more, array, count * sizeof *more);
		memcpy(base + field->offset, &more, sizeof more);
		array = more;
	}
	array[count++] = number;
	memcpy(base + field->count_offset, &count, sizeof count);
	return true;
}

/* Numbers in one piece from P to END, as they are sent today. */
static bool
decode_packed(struct decoder *d, const struct dbk_schema_field *field, bytes_at p,
	      bytes_at end, unsigned char *base)
{
	uint64_t number = 0;

	while (p < end) {
		p = dbk_wire_number(p, end, &number);
		if (p == NULL)
			return fail(d, DBK_FAULT_MALFORMED, field->name);
		if (!add_number(d, field, number, base))
			return false;
	}
	return true;
}

/*
 * The field at P with a TAG that is not the one of its table: fine if it is one number
 * of a list of them, which parsers must take in this form too.  The place behind it, or
 * NULL and a fault.
 */
static UNLIKELY bytes_at
decode_unpacked(struct decoder *d, const struct dbk_schema *schema, uint64_t tag,
		uint32_t seen, bytes_at p, bytes_at end, unsigned char *base)
{
	const struct dbk_schema_field *field = &schema->fields[tag >> 3];
	uint64_t number = 0;

	d->is_sound = false;
	if (!dbk_schema_is_list(field) || !dbk_schema_is_packed(field) ||
	    (tag & 7) != 0) {
		(void)fail_tag(d, schema, tag, seen);
		return NULL;
	}
	p = dbk_wire_number(p, end, &number);
	if (p == NULL)
		(void)fail(d, DBK_FAULT_MALFORMED, field->name);
	else if (!add_number(d, field, number, base))
		return NULL;
	return p;
}

/*
 * How many elements of a repeated field stand in a row; P is behind the tag of the
 * first, TAG_BYTES of tag stand before each.
 */
static uint32_t
count_run(bytes_at p, bytes_at end, const unsigned char *tag, size_t tag_bytes)
{
	uint32_t run = 0, size;

	for (;;) {
		p = dbk_wire_length(p, end, &size);
		if (p == NULL)
			return run;
		run++;
		p += size;
		if ((size_t)(end - p) < tag_bytes || memcmp(p, tag, tag_bytes) != 0)
			return run;
		p += tag_bytes;
	}
}

/* Room for RUN more elements of SIZE bytes behind COUNT; *ARRAY moves. */
static bool
grow(struct decoder *d, const struct dbk_schema_field *field, unsigned char **array,
     uint32_t count, uint32_t run, size_t size)
{
	unsigned char *more;

	if (run == 0)
		return fail(d, DBK_FAULT_MALFORMED, field->name);
	if (run > field->max - count)
		return fail_number(d, DBK_FAULT_LINES_TOO_MANY, field->name,
				   (int64_t)count + run);
	more = dbk_arena_alloc(d->arena, (count + run) * size);
	if (more == NULL)
		return fail(d, DBK_FAULT_TOO_LARGE, field->name);
	if (count > 0)
		memcpy(more, *array, count * size);
	*array = more;
	return true;
}

static bool decode_message(struct decoder *d, const struct dbk_schema *schema,
			   bytes_at p, bytes_at end, void *out);

static SELDOM bool
decode_holder(struct decoder *d, const struct dbk_schema_field *field, bytes_at p,
	      bytes_at end, struct dbk_holder *out)
{
	struct dbk_field path = { field->name, DBK_NO_INDEX, NULL };

	d->outer = path;
	if (!decode_message(d, &dbk_schema_holder, p, end, out))
		return false;
	d->outer.name = NULL;
	/* A member that was sent has a place in the bytes even if it is empty. */
	if (out->agent.bytes != NULL)
		out->kind = DBK_HOLDER_AGENT;
	else if (out->location.bytes != NULL)
		out->kind = DBK_HOLDER_LOCATION;
	d->is_sound &= out->kind != DBK_HOLDER_SUPPLY;
	return true;
}

static bool
decode_element(struct decoder *d, const struct dbk_schema_field *field, uint32_t index,
	       bytes_at p, bytes_at end, unsigned char *out)
{
	struct dbk_field path = { field->name, index, NULL };
	struct dbk_str text = dbk_str_make(p, (size_t)(end - p));

	if (field->message == NULL) {
		d->is_sound = false;
		memcpy(out, &text, sizeof text);
		return true;
	}
	d->outer = path;
	if (!decode_message(d, field->message, p, end, out))
		return false;
	d->outer.name = NULL;
	return true;
}

/* Both kinds of lines begin with their number. */
_Static_assert(offsetof(struct dbk_order_line, line) == 0, "the number comes first");
_Static_assert(offsetof(struct dbk_stock_line, line) == 0, "the number comes first");

/* Do the numbers of the N lines of SIZE bytes at LINES rise? */
static bool
is_rising(const unsigned char *lines, uint32_t n, size_t size)
{
	uint32_t before = 0, number;

	for (uint32_t i = 0; i < n; i++) {
		memcpy(&number, lines + i * size, sizeof number);
		if (number <= before)
			return false;
		before = number;
	}
	return true;
}

/*
 * The run of elements at P, which is behind the first one's tag; *OUT_P behind all.
 * A tag has one form here: with two, runs could be cut into elements, and every run
 * copies the ones before it.
 */
static bool
decode_run(struct decoder *d, const struct dbk_schema_field *field, bytes_at p,
	   size_t tag_bytes, bytes_at end, unsigned char *base, bytes_at *out_p)
{
	size_t size = dbk_schema_element_bytes(field);
	uint32_t run = count_run(p, end, p - tag_bytes, tag_bytes);
	unsigned char *array;
	uint32_t count, length = 0;

	memcpy(&array, base + field->offset, sizeof array);
	memcpy(&count, base + field->count_offset, sizeof count);
	if (tag_bytes != (field->tag < 0x80 ? 1 : 2))
		return fail(d, DBK_FAULT_MALFORMED, field->name);
	if (!grow(d, field, &array, count, run, size))
		return false;
	memcpy(base + field->offset, &array, sizeof array);
	for (uint32_t i = 0; i < run; i++) {
		p = dbk_wire_length(i == 0 ? p : p + tag_bytes, end, &length);
		if (!decode_element(d, field, count, p, p + length,
				    array + count * size))
			return false;
		count++;
		p += length;
	}
	memcpy(base + field->count_offset, &count, sizeof count);
	if (field->kind == DBK_FIELD_LINES)
		d->is_sound = d->is_sound && is_rising(array, count, size);
	*out_p = p;
	return true;
}

/* A list, or a part of one, at P, which is behind its tag; *OUT_P behind all of it. */
static SELDOM bool
decode_list(struct decoder *d, const struct dbk_schema_field *field, bytes_at p,
	    size_t tag_bytes, bytes_at end, unsigned char *base, bytes_at *out_p)
{
	uint32_t size;

	if (!dbk_schema_is_packed(field))
		return decode_run(d, field, p, tag_bytes, end, base, out_p);
	p = dbk_wire_length(p, end, &size);
	if (p == NULL)
		return fail(d, DBK_FAULT_MALFORMED, field->name);
	*out_p = p + size;
	d->is_sound = false;
	return decode_packed(d, field, p, p + size, base);
}

static inline bool
is_sound_text(const struct dbk_schema_field *field, struct dbk_str text)
{
	if (field->kind == DBK_FIELD_ID)
		return text.size - 1 < DBK_ID_BYTES_MAX && dbk_plain(text);
	if (field->kind == DBK_FIELD_HASH)
		return text.size <= DBK_HASH_BYTES_MAX;
	if (field->kind == DBK_FIELD_BYTES)
		return text.size >= field->min && text.size <= field->max;
	return text.size - 1 < DBK_TEXT_BYTES_MAX && dbk_plain(text);
}

static inline bool
decode_content(struct decoder *d, const struct dbk_schema_field *field, bytes_at p,
	       bytes_at end, unsigned char *base)
{
	unsigned char *at = base + field->offset;
	struct dbk_str text = dbk_str_make(p, (size_t)(end - p));

	if (field->kind == DBK_FIELD_TIME)
		return decode_time(d, field, p, end, (int64_t *)(void *)at);
	if (field->kind == DBK_FIELD_HOLDER)
		return decode_holder(d, field, p, end, (struct dbk_holder *)(void *)at);
	memcpy(at, &text, sizeof text);
	d->is_sound = d->is_sound && is_sound_text(field, text);
	return true;
}

static bool
decode_message(struct decoder *d, const struct dbk_schema *schema, bytes_at p,
	       bytes_at end, void *out)
{
	uint32_t seen = 0;

	if (schema->size != 0)
		memcpy(out, schema->blank, schema->size);
	while (p < end) {
		const struct dbk_schema_field *field;
		bytes_at start = p;
		uint64_t tag, value;
		uint32_t size;

		p = dbk_wire_short(p, end, &tag);
		if (p == NULL)
			return fail(d, DBK_FAULT_MALFORMED, NULL);
		if (tag >> 3 >= schema->n_fields)
			return fail_tag(d, schema, tag, seen);
		field = &schema->fields[tag >> 3];
		if (field->tag != tag || (seen & field->once) != 0 || tag < 8) {
			p = decode_unpacked(d, schema, tag, seen, p, end, out);
			if (p == NULL)
				return false;
			continue;
		}
		seen |= 1u << (tag >> 3);
		if ((tag & 7) == 0) {
			p = dbk_wire_number(p, end, &value);
			if (p == NULL)
				return fail(d, DBK_FAULT_MALFORMED, field->name);
			if (!decode_number(d, field, value, out))
				return false;
		} else if (field->once == 0) {
			if (!decode_list(d, field, p, (size_t)(p - start), end, out,
					 &p))
				return false;
		} else {
			p = dbk_wire_length(p, end, &size);
			if (p == NULL)
				return fail(d, DBK_FAULT_MALFORMED, field->name);
			if (!decode_content(d, field, p, p + size, out))
				return false;
			p += size;
		}
	}
	d->is_sound &= (schema->needed & ~seen) == 0;
	return true;
}

static UNLIKELY bool
fail_event_tag(struct decoder *d, uint64_t tag)
{
	static const char *const names[] = { NULL, "effective_at", "actor", "sealed" };
	uint64_t number = tag >> 3;

	if (number == 0 || tag > UINT32_MAX || (tag & 7) > 5)
		return fail(d, DBK_FAULT_MALFORMED, NULL);
	if (number <= 3)
		return fail(d, DBK_FAULT_MALFORMED, names[number]);
	if (dbk_schema_find((uint32_t)number) != NULL)
		return fail(d, DBK_FAULT_MALFORMED, "body");
	if (dbk_schema_knows((uint32_t)number))
		return fail_number(d, DBK_FAULT_NOT_SUPPORTED, "body", (int64_t)number);
	return fail_number(d, DBK_FAULT_UNKNOWN_FIELD, NULL, (int64_t)number);
}

static const struct dbk_schema_field effective_at_field = { .name = "effective_at" };

/* The field of Event with TAG, whose content goes from P to END. */
static bool
decode_event_field(struct decoder *d, uint64_t tag, bytes_at p, bytes_at end,
		   struct dbk_event *out)
{
	const struct dbk_schema *schema = dbk_schema_find((uint32_t)(tag >> 3));

	if (tag == TAG_EFFECTIVE_AT) {
		if (out->effective_at != DBK_TIME_ABSENT)
			return fail(d, DBK_FAULT_FIELD_TWICE, "effective_at");
		return decode_time(d, &effective_at_field, p, end, &out->effective_at);
	}
	if (tag == TAG_ACTOR) {
		if (out->actor.bytes != NULL)
			return fail(d, DBK_FAULT_FIELD_TWICE, "actor");
		out->actor = dbk_str_make(p, (size_t)(end - p));
		return true;
	}
	if (schema == NULL || (tag & 7) != 2)
		return fail_event_tag(d, tag);
	if (out->type != DBK_EVENT_NONE)
		return fail(d, DBK_FAULT_FIELD_TWICE, "body");
	out->type = (enum dbk_event_type)(tag >> 3);
	return decode_message(d, schema, p, end, &out->u);
}

bool
dbk_event_decode(struct dbk_str bytes, struct dbk_arena *arena, struct dbk_event *out,
		 struct dbk_event_fault *fault)
{
	struct decoder d = { arena, fault, { NULL, DBK_NO_INDEX, NULL }, true };
	bytes_at p = (bytes_at)bytes.bytes;
	bytes_at end = bytes.size == 0 ? p : p + bytes.size;

	if (bytes.size > DBK_EVENT_BYTES_MAX)
		return fail_number(&d, DBK_FAULT_TOO_LARGE, NULL, bytes.size);
	out->type = DBK_EVENT_NONE;
	out->effective_at = DBK_TIME_ABSENT;
	out->actor = dbk_str_make(NULL, 0);
	out->sealed = NULL;
	out->n_sealed = 0;
	out->bytes = bytes;
	out->source = dbk_str_make(NULL, 0);
	while (p < end) {
		bytes_at start = p;
		uint64_t tag;
		uint32_t size = 0;

		p = dbk_wire_short(p, end, &tag);
		if (p == NULL)
			return fail(&d, DBK_FAULT_MALFORMED, NULL);
		if ((tag & 7) != 2 || tag > UINT32_MAX)
			return fail_event_tag(&d, tag);
		if (tag == TAG_SEALED) {
			if (!decode_list(&d, dbk_schema_event_sealed, p,
					 (size_t)(p - start), end, (void *)out, &p))
				return false;
			continue;
		}
		p = dbk_wire_length(p, end, &size);
		if (p == NULL)
			return fail(&d, DBK_FAULT_MALFORMED, NULL);
		if (!decode_event_field(&d, tag, p, p + size, out))
			return false;
		p += size;
	}
	if (out->type == DBK_EVENT_NONE)
		return fail(&d, DBK_FAULT_BODY_MISSING, "body");
	out->is_sound = d.is_sound;
	return true;
}
