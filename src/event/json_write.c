#include "event/json.h"

#include <string.h>

#include <google/protobuf/timestamp.pb-c.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "base/time.h"
#include "event/json_field.h"

#define NANOS_PER_SECOND 1000000000
#define US_PER_SECOND 1000000

struct writer {
	const struct dbk_json_options *options;
	struct dbk_buf *out;
	struct dbk_error *error;
	unsigned level; /* of indentation: messages and lists */
	unsigned depth; /* of messages */
};

static enum dbk_err write_message(struct writer *w, const ProtobufCMessage *message,
				  const struct dbk_json_place *place);

static void
put_text(struct writer *w, const char *text)
{
	dbk_buf_put(w->out, text, strlen(text));
}

static void
put_break(struct writer *w)
{
	size_t blanks = (size_t)w->level * w->options->indent;

	if (w->options->indent == 0 || !dbk_buf_reserve(w->out, blanks + 1))
		return;
	w->out->bytes[w->out->size] = '\n';
	memset(w->out->bytes + w->out->size + 1, ' ', blanks);
	w->out->size += blanks + 1;
}

static void
put_u64(struct writer *w, uint64_t value)
{
	char digits[20];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	dbk_buf_put(w->out, digits + at, sizeof digits - at);
}

static void
put_i64(struct writer *w, int64_t value)
{
	if (value < 0)
		dbk_buf_put_u8(w->out, '-');
	put_u64(w, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

/* The escape of C within a string; false if C stands for itself (RFC 8259 section 7).
 */
static bool
put_escape(struct writer *w, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char from[] = "\"\\\b\f\n\r\t";
	static const char to[] = "\"\\bfnrt";
	const char *found = c == 0 ? NULL : strchr(from, c);
	char text[6] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };

	if (c >= 0x20 && found == NULL)
		return false;
	if (found == NULL) {
		dbk_buf_put(w->out, text, sizeof text);
	} else {
		text[1] = to[found - from];
		dbk_buf_put(w->out, text, 2);
	}
	return true;
}

static void
put_string(struct writer *w, const char *text, size_t size)
{
	size_t start = 0;

	dbk_buf_put_u8(w->out, '"');
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		dbk_buf_put(w->out, text + start, i - start);
		if (put_escape(w, c))
			start = i + 1;
	}
	dbk_buf_put(w->out, text + start, size - start);
	dbk_buf_put_u8(w->out, '"');
}

static void
put_base64(struct writer *w, const ProtobufCBinaryData *data)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = data->data;

	dbk_buf_put_u8(w->out, '"');
	for (size_t at = 0; at < data->len; at += 3) {
		size_t left = data->len - at;
		uint32_t bits = (uint32_t)p[at] << 16;
		char text[4];

		if (left > 1)
			bits |= (uint32_t)p[at + 1] << 8;
		if (left > 2)
			bits |= p[at + 2];
		text[0] = digits[bits >> 18];
		text[1] = digits[bits >> 12 & 63];
		text[2] = left > 1 ? digits[bits >> 6 & 63] : '=';
		text[3] = left > 2 ? digits[bits & 63] : '=';
		dbk_buf_put(w->out, text, sizeof text);
	}
	dbk_buf_put_u8(w->out, '"');
}

static enum dbk_err
fail(struct writer *w, const struct dbk_json_place *place, enum dbk_err code,
     const char *why)
{
	char path[DBK_JSON_PLACE_BYTES];

	dbk_json_field_place(place, path);
	return dbk_error_set(w->error, code, "%s%s", path, why);
}

static enum dbk_err
write_string(struct writer *w, const char *text, const struct dbk_json_place *place)
{
	struct dbk_str s = dbk_str_of(text == NULL ? "" : text);

	if (!dbk_str_is_utf8(s))
		return fail(w, place, DBK_FAILED_INPUT, "a string that is not UTF-8");
	put_string(w, s.bytes, s.size);
	return DBK_OK;
}

/* RFC 3339 with 0, 3, 6 or 9 digits of fraction. */
static enum dbk_err
write_time(struct writer *w, const Google__Protobuf__Timestamp *time,
	   const struct dbk_json_place *place)
{
	char text[DBK_TIME_TEXT_BYTES];
	int64_t us = 0;
	size_t size;

	if (time->seconds < DBK_TIME_US_MIN / US_PER_SECOND ||
	    time->seconds > DBK_TIME_US_MAX / US_PER_SECOND || time->nanos < 0 ||
	    time->nanos >= NANOS_PER_SECOND)
		return fail(w, place, DBK_FAILED_INPUT,
			    "a time outside the years 1970 to 9999");
	us = time->seconds * US_PER_SECOND;
	if (time->nanos % 1000 == 0)
		us += time->nanos / 1000;
	size = dbk_time_format(us, text);
	dbk_buf_put_u8(w->out, '"');
	if (time->nanos % 1000 == 0) {
		dbk_buf_put(w->out, text, size);
	} else {
		dbk_buf_put(w->out, text, size - 1);
		dbk_buf_printf(w->out, ".%09dZ", (int)time->nanos);
	}
	dbk_buf_put_u8(w->out, '"');
	return DBK_OK;
}

static void
put_enum(struct writer *w, const ProtobufCEnumDescriptor *descriptor, int value)
{
	const ProtobufCEnumValue *known =
	    protobuf_c_enum_descriptor_get_value(descriptor, value);

	if (known == NULL)
		put_i64(w, value);
	else
		put_string(w, known->name, strlen(known->name));
}

/* 64-bit numbers are strings, because JavaScript's numbers end at 53 bits. */
static void
put_wide(struct writer *w, bool is_signed, const void *at)
{
	dbk_buf_put_u8(w->out, '"');
	if (is_signed)
		put_i64(w, *(const int64_t *)at);
	else
		put_u64(w, *(const uint64_t *)at);
	dbk_buf_put_u8(w->out, '"');
}

/* One value of FIELD's type that lies at AT. */
static enum dbk_err
write_value(struct writer *w, const ProtobufCFieldDescriptor *field, const void *at,
	    const struct dbk_json_place *place)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
		put_i64(w, *(const int32_t *)at);
		return DBK_OK;
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		put_u64(w, *(const uint32_t *)at);
		return DBK_OK;
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		put_wide(w, true, at);
		return DBK_OK;
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		put_wide(w, false, at);
		return DBK_OK;
	case PROTOBUF_C_TYPE_BOOL:
		put_text(w, *(const protobuf_c_boolean *)at ? "true" : "false");
		return DBK_OK;
	case PROTOBUF_C_TYPE_ENUM:
		put_enum(w, field->descriptor, *(const int *)at);
		return DBK_OK;
	case PROTOBUF_C_TYPE_STRING:
		return write_string(w, *(char *const *)at, place);
	case PROTOBUF_C_TYPE_BYTES:
		put_base64(w, at);
		return DBK_OK;
	case PROTOBUF_C_TYPE_MESSAGE:
		return write_message(w, *(ProtobufCMessage *const *)at, place);
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
		break;
	}
	return fail(w, place, DBK_FAILED_INPUT,
		    "a floating point field, which Daybook's messages do not have");
}

static enum dbk_err
write_list(struct writer *w, const ProtobufCFieldDescriptor *field,
	   const unsigned char *list, size_t count, const struct dbk_json_place *place)
{
	size_t size = dbk_json_field_bytes(field);
	enum dbk_err err = DBK_OK;

	dbk_buf_put_u8(w->out, '[');
	w->level++;
	for (size_t i = 0; i < count && err == DBK_OK; i++) {
		struct dbk_json_place element = { place, NULL, i, false };

		if (i > 0)
			dbk_buf_put_u8(w->out, ',');
		put_break(w);
		err = write_value(w, field, list + i * size, &element);
	}
	w->level--;
	if (count > 0)
		put_break(w);
	dbk_buf_put_u8(w->out, ']');
	return err;
}

static bool
is_default(const ProtobufCFieldDescriptor *field, const void *at)
{
	static const unsigned char zero[8];

	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING:
		return *(char *const *)at == NULL || **(char *const *)at == '\0';
	case PROTOBUF_C_TYPE_BYTES:
		return ((const ProtobufCBinaryData *)at)->len == 0;
	case PROTOBUF_C_TYPE_MESSAGE:
		return *(ProtobufCMessage *const *)at == NULL;
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_BOOL:
	case PROTOBUF_C_TYPE_ENUM:
		break;
	}
	return memcmp(at, zero, dbk_json_field_bytes(field)) == 0;
}

/* A member of a oneof that is set is written even if it holds a default; a message that
 * is absent has no JSON but its absence. */
static bool
is_written(const struct writer *w, const ProtobufCFieldDescriptor *field,
	   const unsigned char *base)
{
	const unsigned char *at = base + field->offset;
	const unsigned char *quantifier = base + field->quantifier_offset;

	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return w->options->emit_defaults ||
		       *(const size_t *)(const void *)quantifier > 0;
	if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
	    *(const uint32_t *)(const void *)quantifier != field->id)
		return false;
	if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		return *(ProtobufCMessage *const *)(const void *)at != NULL;
	if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
		return true;
	return w->options->emit_defaults || !is_default(field, at);
}

static void
put_name(struct writer *w, const char *name)
{
	char camel[256];

	/* protoc gives no such names; an uncut one is still right. */
	if (!dbk_json_field_camel(name, camel, sizeof camel))
		put_string(w, name, strlen(name));
	else
		put_string(w, camel, strlen(camel));
	put_text(w, w->options->indent > 0 ? ": " : ":");
}

static enum dbk_err
write_field(struct writer *w, const ProtobufCFieldDescriptor *field,
	    const unsigned char *base, const struct dbk_json_place *place)
{
	struct dbk_json_place inner = { place, field->name, 0, false };
	const unsigned char *at = base + field->offset;

	put_break(w);
	put_name(w, field->name);
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return write_list(
		    w, field, *(unsigned char *const *)(const void *)at,
		    *(const size_t *)(const void *)(base + field->quantifier_offset),
		    &inner);
	return write_value(w, field, at, &inner);
}

static enum dbk_err
write_message(struct writer *w, const ProtobufCMessage *message,
	      const struct dbk_json_place *place)
{
	const ProtobufCMessageDescriptor *descriptor = message->descriptor;
	const unsigned char *base = (const unsigned char *)message;
	enum dbk_err err = DBK_OK;
	unsigned written = 0;

	if (descriptor == &google__protobuf__timestamp__descriptor)
		return write_time(w, (const Google__Protobuf__Timestamp *)message,
				  place);
	if (w->depth >= DBK_JSON_DEPTH_MAX)
		return fail(w, place, DBK_FAILED_LIMIT, "nested too deeply");
	dbk_buf_put_u8(w->out, '{');
	w->depth++;
	w->level++;
	for (unsigned i = 0; i < descriptor->n_fields && err == DBK_OK; i++) {
		const ProtobufCFieldDescriptor *field = &descriptor->fields[i];

		if (!is_written(w, field, base))
			continue;
		if (written++ > 0)
			dbk_buf_put_u8(w->out, ',');
		err = write_field(w, field, base, place);
	}
	w->level--;
	w->depth--;
	if (written > 0)
		put_break(w);
	dbk_buf_put_u8(w->out, '}');
	return err;
}

enum dbk_err
dbk_json_write(const ProtobufCMessage *message, const struct dbk_json_options *options,
	       struct dbk_buf *out, struct dbk_error *error)
{
	static const struct dbk_json_options plain;
	struct writer w = { options == NULL ? &plain : options, out, error, 0, 0 };
	struct dbk_json_place whole = { NULL, NULL, 0, false };
	size_t start = out->size;
	enum dbk_err err = write_message(&w, message, &whole);

	if (err != DBK_OK) {
		out->size = start;
		return err;
	}
	return dbk_buf_failed(out)
		   ? dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for JSON")
		   : DBK_OK;
}
