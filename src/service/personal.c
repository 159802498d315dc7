#include "service/personal.h"

#include <string.h>

/* Messages within messages; ours need five. */
#define DEPTH_MAX 32

enum wire_type { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

/* Hashes of things, not of persons. */
static const char *const of_things[] = { "balances_hash", "evidence_hash", "file_hash",
					 "leaf_hash" };

bool
dbk_personal_is(const char *field)
{
	static const char ending[] = "_hash";
	size_t size = strlen(field), ending_size = sizeof ending - 1;

	if (strcmp(field, "actor") == 0 || strcmp(field, "sealed") == 0 ||
	    strcmp(field, "hash") == 0)
		return true;
	for (size_t i = 0; i < sizeof of_things / sizeof of_things[0]; i++)
		if (strcmp(field, of_things[i]) == 0)
			return false;
	return size > ending_size && strcmp(field + size - ending_size, ending) == 0;
}

/* Go over the value of a field; *OUT_INNER is what lies within a field of bytes. */
static bool
skip_value(struct dbk_cursor *at, unsigned type, struct dbk_str *out_inner)
{
	uint64_t size;

	switch (type) {
	case WIRE_VARINT:
		(void)dbk_cursor_varint(at);
		break;
	case WIRE_64:
		(void)dbk_cursor_u64(at);
		break;
	case WIRE_32:
		(void)dbk_cursor_u32(at);
		break;
	case WIRE_BYTES:
		size = dbk_cursor_varint(at);
		if (at->failed || size > dbk_cursor_left(at))
			return false;
		*out_inner =
		    dbk_str_make(dbk_cursor_take(at, (size_t)size), (size_t)size);
		break;
	default:
		return false;
	}
	return !at->failed;
}

/* The length stands before the message and is known after it. */
static void
put_length(struct dbk_buf *out, size_t from)
{
	size_t size = out->size - from, length_size;

	dbk_buf_put_varint(out, size);
	if (dbk_buf_failed(out))
		return;
	length_size = out->size - from - size;
	if (length_size <= 10) {
		unsigned char length[10];

		memcpy(length, out->bytes + from + size, length_size);
		memmove(out->bytes + from + length_size, out->bytes + from, size);
		memcpy(out->bytes + from, length, length_size);
	}
}

/* "lines[2].buyer_hash" is what its last name is. */
static bool
names_personal(struct dbk_str path)
{
	char name[64];
	uint32_t from = path.size, size;

	while (from > 0 && path.bytes[from - 1] != '.')
		from--;
	for (size = 0; from + size < path.size && path.bytes[from + size] != '[';)
		size++;
	if (size >= sizeof name)
		return false;
	memcpy(name, path.bytes + from, size);
	name[size] = '\0';
	return dbk_personal_is(name);
}

/* A refusal tells which field decided, and behind it what stood there. */
static bool
is_told_value(const ProtobufCFieldDescriptor *field, struct dbk_str value,
	      bool *told_personal)
{
	if (field->type != PROTOBUF_C_TYPE_STRING)
		return false;
	if (strcmp(field->name, "field") == 0)
		*told_personal = names_personal(value);
	return *told_personal && strcmp(field->name, "value") == 0;
}

static bool
strip(struct dbk_str message, const ProtobufCMessageDescriptor *descriptor,
      unsigned depth, struct dbk_buf *out)
{
	struct dbk_cursor at = dbk_cursor_make(message.bytes, message.size);
	bool told_personal = false;

	if (depth > DEPTH_MAX)
		return false;
	while (dbk_cursor_left(&at) > 0) {
		const unsigned char *from = at.at;
		uint64_t tag = dbk_cursor_varint(&at);
		struct dbk_str inner = { NULL, 0 };
		const ProtobufCFieldDescriptor *field;
		size_t began;

		if (at.failed || tag >> 3 == 0 || tag >> 3 > UINT32_MAX >> 3 ||
		    !skip_value(&at, tag & 7, &inner))
			return false;
		field = protobuf_c_message_descriptor_get_field(descriptor,
								(unsigned)(tag >> 3));
		if (field == NULL || dbk_personal_is(field->name) ||
		    is_told_value(field, inner, &told_personal))
			continue;
		if (field->type != PROTOBUF_C_TYPE_MESSAGE) {
			dbk_buf_put(out, from, (size_t)(at.at - from));
			continue;
		}
		if ((tag & 7) != WIRE_BYTES)
			return false;
		dbk_buf_put_varint(out, tag);
		began = out->size;
		if (!strip(inner, field->descriptor, depth + 1, out))
			return false;
		put_length(out, began);
	}
	return !dbk_buf_failed(out);
}

bool
dbk_personal_strip(struct dbk_str message, const ProtobufCMessageDescriptor *descriptor,
		   struct dbk_buf *out)
{
	return strip(message, descriptor, 1, out);
}
