#include "service/about.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/buf.h"

#define DEPTH_MAX 4
#define PREFIX_BYTES 64

enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

struct line {
	char *text;
	size_t size;
	bool full;
	bool lists; /* now lists are told, and nothing else */
};

/* What does not fit whole is left out, and all behind it. */
static void
put(struct line *line, const char *bytes, size_t size)
{
	if (line->full || size >= DBK_ACCESS_ABOUT_BYTES - line->size) {
		line->full = true;
		return;
	}
	memcpy(line->text + line->size, bytes, size);
	line->size += size;
	line->text[line->size] = '\0';
}

/* A character at a time, so that a cut tears none. */
static void
put_value(struct line *line, struct dbk_str value)
{
	bool is_utf8 = dbk_str_is_utf8(value);
	uint32_t at = 0;

	while (at < value.size) {
		unsigned char first = (unsigned char)value.bytes[at];
		uint32_t size = 1;

		if (first < 0x20 || first == 0x7f || (!is_utf8 && first >= 0x80)) {
			put(line, "?", 1);
		} else {
			if (first >= 0xc0)
				size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
			put(line, value.bytes + at, size);
		}
		at += size;
	}
}

static void
put_name(struct line *line, const char *prefix, const char *name)
{
	if (line->size > 0)
		put(line, " ", 1);
	put(line, prefix, strlen(prefix));
	put(line, name, strlen(name));
	put(line, "=", 1);
}

static void
put_number(struct line *line, const ProtobufCFieldDescriptor *field, uint64_t number)
{
	const ProtobufCEnumValue *named = NULL;
	bool is_signed = field->type == PROTOBUF_C_TYPE_INT32 ||
			 field->type == PROTOBUF_C_TYPE_INT64;
	char digits[24];

	if (field->type == PROTOBUF_C_TYPE_ENUM && number <= INT32_MAX)
		named = protobuf_c_enum_descriptor_get_value(field->descriptor,
							     (int)number);
	(void)snprintf(digits, sizeof digits, is_signed ? "%" PRId64 : "%" PRIu64,
		       number);
	if (named != NULL)
		put(line, named->name, strlen(named->name));
	else
		put(line, digits, strlen(digits));
}

/* Numbers one behind another, as repeated ones are sent. */
static void
put_packed(struct line *line, const char *prefix, const ProtobufCFieldDescriptor *field,
	   struct dbk_str value)
{
	struct dbk_cursor at = dbk_cursor_make(value.bytes, value.size);

	while (dbk_cursor_left(&at) > 0 && !line->full) {
		uint64_t number = dbk_cursor_varint(&at);

		if (at.failed)
			return;
		put_name(line, prefix, field->name);
		put_number(line, field, number);
	}
}

static void make(struct line *line, const char *prefix, struct dbk_str request,
		 const ProtobufCMessageDescriptor *descriptor, unsigned depth);

static void
put_bytes(struct line *line, const char *prefix, const ProtobufCFieldDescriptor *field,
	  struct dbk_str value, unsigned depth)
{
	char longer[PREFIX_BYTES];

	if (field->type == PROTOBUF_C_TYPE_STRING && value.size > 0) {
		put_name(line, prefix, field->name);
		put_value(line, value);
	} else if (field->type == PROTOBUF_C_TYPE_ENUM ||
		   field->type == PROTOBUF_C_TYPE_UINT32 ||
		   field->type == PROTOBUF_C_TYPE_UINT64) {
		put_packed(line, prefix, field, value);
	} else if (field->type == PROTOBUF_C_TYPE_MESSAGE && depth < DEPTH_MAX &&
		   snprintf(longer, sizeof longer, "%s%s.", prefix, field->name) <
		       (int)sizeof longer) {
		make(line, longer, value, field->descriptor, depth + 1);
	}
}

/* Lists come last: a long one hides nothing else. */
static bool
is_turn(const struct line *line, const ProtobufCFieldDescriptor *field)
{
	return field->type == PROTOBUF_C_TYPE_MESSAGE ||
	       line->lists == (field->label == PROTOBUF_C_LABEL_REPEATED);
}

static void
make(struct line *line, const char *prefix, struct dbk_str request,
     const ProtobufCMessageDescriptor *descriptor, unsigned depth)
{
	struct dbk_cursor at = dbk_cursor_make(request.bytes, request.size);

	while (!at.failed && dbk_cursor_left(&at) > 0 && !line->full) {
		uint64_t tag = dbk_cursor_varint(&at), number = 0;
		struct dbk_str value = { NULL, 0 };
		const ProtobufCFieldDescriptor *field =
		    protobuf_c_message_descriptor_get_field(descriptor,
							    (unsigned)(tag >> 3));
		unsigned type = tag & 7;

		if (type == WIRE_VARINT) {
			number = dbk_cursor_varint(&at);
		} else if (type == WIRE_64) {
			(void)dbk_cursor_u64(&at);
		} else if (type == WIRE_32) {
			(void)dbk_cursor_u32(&at);
		} else if (type == WIRE_BYTES) {
			uint64_t size = dbk_cursor_varint(&at);

			if (size > dbk_cursor_left(&at))
				return;
			value = dbk_str_make(dbk_cursor_take(&at, (size_t)size),
					     (size_t)size);
		} else {
			return;
		}
		if (at.failed || field == NULL || !is_turn(line, field))
			continue;
		if (type == WIRE_BYTES) {
			put_bytes(line, prefix, field, value, depth);
		} else if (type == WIRE_VARINT && number != 0) {
			put_name(line, prefix, field->name);
			put_number(line, field, number);
		}
	}
}

/* The request as the daemon obeys it: of what is given twice the last, in the order of
 * the numbers.  Else who asks could fill the line with what he does not ask for. */
static bool
canonical(struct dbk_str request, const ProtobufCMessageDescriptor *descriptor,
	  struct dbk_buf *out)
{
	ProtobufCMessage *message;
	bool fits;

	if (request.size > DBK_SERVICE_REQUEST_BYTES_MAX)
		return false;
	message = protobuf_c_message_unpack(descriptor, NULL, request.size,
					    (const uint8_t *)request.bytes);
	if (message == NULL)
		return false;
	fits = dbk_buf_reserve(out, protobuf_c_message_get_packed_size(message) + 1);
	if (fits)
		out->size = protobuf_c_message_pack(message, out->bytes);
	protobuf_c_message_free_unpacked(message, NULL);
	return fits;
}

void
dbk_about_make(struct dbk_str request, const ProtobufCMessageDescriptor *descriptor,
	       char out[DBK_ACCESS_ABOUT_BYTES])
{
	struct line line = { out, 0, false, false };
	struct dbk_buf obeyed;

	out[0] = '\0';
	dbk_buf_init(&obeyed);
	if (canonical(request, descriptor, &obeyed)) {
		struct dbk_str bytes = dbk_str_make(obeyed.bytes, obeyed.size);

		make(&line, "", bytes, descriptor, 1);
		line.lists = true;
		make(&line, "", bytes, descriptor, 1);
	}
	dbk_buf_fini(&obeyed);
}

bool
dbk_about_names(const char *about, struct dbk_str value)
{
	for (const char *at = strchr(about, '='); at != NULL;
	     at = strchr(at + 1, '=')) {
		size_t left = strlen(at + 1);

		if (left >= value.size &&
		    memcmp(at + 1, value.bytes, value.size) == 0 &&
		    (at[1 + value.size] == '\0' || at[1 + value.size] == ' '))
			return true;
	}
	return false;
}
