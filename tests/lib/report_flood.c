#include "report_flood.h"

#include <stdlib.h>
#include <string.h>

/* What a message refers to, and no deeper: none of ours refers to itself. */
#define DEPTH_MAX 8

struct pouring {
	struct dbk_arena *arena;
	const struct flood *flood;
	unsigned lists; /* that the message is in a row of */
	unsigned depth;
};

static void *pour(struct pouring at, const ProtobufCMessageDescriptor *descriptor);

static void *
take(const struct pouring *at, size_t size)
{
	void *bytes = dbk_arena_zalloc(at->arena, size);

	if (!bytes)
		abort();
	return bytes;
}

static size_t
size_of(const ProtobufCFieldDescriptor *field)
{
	switch ((int)field->type) {
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_UINT64:
		return sizeof(int64_t);
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_MESSAGE:
		return sizeof(void *);
	default:
		return sizeof(int32_t);
	}
}

/* NUMBER of KIND at TO; little-endian, so a short one is the beginning of it. */
static void
put_value(const struct pouring *at, const ProtobufCFieldDescriptor *field, void *to)
{
	const void *pointer;

	if (field->type == PROTOBUF_C_TYPE_STRING) {
		memcpy(to, &at->flood->text, sizeof at->flood->text);
	} else if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
		pointer = pour(*at, field->descriptor);
		memcpy(to, &pointer, sizeof pointer);
	} else {
		memcpy(to, &at->flood->number, size_of(field));
	}
}

static void
put_list(struct pouring at, const ProtobufCFieldDescriptor *field,
	 unsigned char *message)
{
	size_t count = at.lists == 0   ? at.flood->outer
		       : at.lists == 1 ? at.flood->inner
				       : at.flood->inner > 0;
	unsigned char *list = take(&at, (count + 1) * size_of(field));

	at.lists++;
	for (size_t i = 0; i < count; i++)
		put_value(&at, field, list + i * size_of(field));
	memcpy(message + field->offset, &list, sizeof list);
	memcpy(message + field->quantifier_offset, &count, sizeof count);
}

static void *
pour(struct pouring at, const ProtobufCMessageDescriptor *descriptor)
{
	unsigned char *message = take(&at, descriptor->sizeof_message);

	protobuf_c_message_init(descriptor, message);
	if (++at.depth > DEPTH_MAX)
		abort();
	for (unsigned i = 0; i < descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &descriptor->fields[i];

		if (field->label == PROTOBUF_C_LABEL_REPEATED)
			put_list(at, field, message);
		else
			put_value(&at, field, message + field->offset);
	}
	return message;
}

void *
flood_message(struct dbk_arena *arena, const ProtobufCMessageDescriptor *descriptor,
	      const struct flood *flood)
{
	return pour((struct pouring){ .arena = arena, .flood = flood }, descriptor);
}
