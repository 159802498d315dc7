#include "../tests/lib/random_message.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <google/protobuf/timestamp.pb-c.h>

#define SECONDS_MAX 253402300799LL
#define TEXT_CHARACTERS_MAX 20
#define LIST_MAX 4

void
random_start(struct random_source *source, const char *what)
{
	const char *given = getenv("SEED");
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	source->state = given != NULL ? strtoull(given, NULL, 10)
				      : (uint64_t)now.tv_sec * 1000 +
					    (uint64_t)now.tv_nsec / 1000000;
	printf("%s: SEED=%llu\n", what, (unsigned long long)source->state);
}

/* Steele, Lea, Flood: splitmix64. */
uint64_t
random_next(struct random_source *source)
{
	uint64_t z = source->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t
random_below(struct random_source *source, uint64_t below)
{
	return random_next(source) % below;
}

/* Small, any, and at the edges of 1, 32 and 64 bits. */
static uint64_t
random_number(struct random_source *source)
{
	static const uint64_t edges[] = { 0,	      1,	  127,
					  128,	      INT32_MAX,  UINT32_MAX,
					  INT64_MAX,  UINT64_MAX, 1ULL << 31,
					  1ULL << 32, 1ULL << 63, 16383 };

	switch (random_below(source, 3)) {
	case 0:
		return random_below(source, 100000);
	case 1:
		return edges[random_below(source, sizeof edges / sizeof edges[0])];
	default:
		return random_next(source) >> random_below(source, 64);
	}
}

static char *
random_text(struct random_source *source)
{
	static const char *const characters[] = { "a", "Z", "0", "-", "\"", "\\",
						  "/", " ", "é", "ß", "仓", "云",
						  "€", "𝄞", "~", "<" };
	size_t count = random_below(source, TEXT_CHARACTERS_MAX + 1);
	char *text = calloc(1, TEXT_CHARACTERS_MAX * 4 + 1);

	if (text == NULL)
		abort();
	for (size_t i = 0; i < count; i++)
		strcat(text, characters[random_below(
				 source, sizeof characters / sizeof characters[0])]);
	return text;
}

static void
random_bytes(struct random_source *source, ProtobufCBinaryData *out)
{
	out->len = random_below(source, 65);
	out->data = NULL;
	if (out->len == 0)
		return;
	out->data = malloc(out->len);
	if (out->data == NULL)
		abort();
	for (size_t i = 0; i < out->len; i++)
		out->data[i] = (uint8_t)random_next(source);
}

static void
random_time(struct random_source *source, Google__Protobuf__Timestamp *out)
{
	static const int32_t nanos[] = { 0, 1000, 999999000, 123000000, 500000000 };

	out->seconds = (int64_t)random_below(source, SECONDS_MAX + 1);
	out->nanos = random_below(source, 2) == 0
			 ? nanos[random_below(source, sizeof nanos / sizeof nanos[0])]
			 : (int32_t)random_below(source, 1000000) * 1000;
}

static void
random_value(struct random_source *source, const ProtobufCFieldDescriptor *field,
	     void *at)
{
	const ProtobufCEnumDescriptor *values = field->descriptor;

	switch (field->type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_UINT32:
		*(uint32_t *)at = (uint32_t)random_number(source);
		return;
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_UINT64:
		*(uint64_t *)at = random_number(source);
		return;
	case PROTOBUF_C_TYPE_BOOL:
		*(protobuf_c_boolean *)at = (int)random_below(source, 2);
		return;
	case PROTOBUF_C_TYPE_ENUM:
		*(int *)at =
		    values->values[random_below(source, values->n_values)].value;
		return;
	case PROTOBUF_C_TYPE_STRING:
		*(char **)at = random_text(source);
		return;
	case PROTOBUF_C_TYPE_BYTES:
		random_bytes(source, at);
		return;
	case PROTOBUF_C_TYPE_MESSAGE:
		*(ProtobufCMessage **)at = random_message(source, field->descriptor);
		return;
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
		break;
	}
	fprintf(stderr, "no random values for the type of %s\n", field->name);
	abort();
}

static size_t
value_bytes(ProtobufCType type)
{
	if (type == PROTOBUF_C_TYPE_BYTES)
		return sizeof(ProtobufCBinaryData);
	return type == PROTOBUF_C_TYPE_INT32 || type == PROTOBUF_C_TYPE_UINT32 ||
		       type == PROTOBUF_C_TYPE_BOOL || type == PROTOBUF_C_TYPE_ENUM
		   ? 4
		   : 8;
}

static void
random_list(struct random_source *source, const ProtobufCFieldDescriptor *field,
	    unsigned char *base)
{
	size_t count = random_below(source, LIST_MAX + 1),
	       size = value_bytes(field->type);
	unsigned char *list = calloc(LIST_MAX, size);

	if (list == NULL)
		abort();
	for (size_t i = 0; i < count; i++)
		random_value(source, field, list + i * size);
	*(void **)(void *)(base + field->offset) = list;
	*(size_t *)(void *)(base + field->quantifier_offset) = count;
}

ProtobufCMessage *
random_message(struct random_source *source,
	       const ProtobufCMessageDescriptor *descriptor)
{
	ProtobufCMessage *message = malloc(descriptor->sizeof_message);
	unsigned char *base = (unsigned char *)message;

	if (message == NULL)
		abort();
	descriptor->message_init(message);
	if (descriptor == &google__protobuf__timestamp__descriptor) {
		random_time(source, (Google__Protobuf__Timestamp *)message);
		return message;
	}
	for (unsigned i = 0; i < descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
		uint32_t *oneof = (void *)(base + field->quantifier_offset);
		bool is_oneof = (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;

		if (random_below(source, 4) == 0 || (is_oneof && *oneof != 0))
			continue;
		if (field->label == PROTOBUF_C_LABEL_REPEATED) {
			random_list(source, field, base);
			continue;
		}
		random_value(source, field, base + field->offset);
		if (is_oneof)
			*oneof = field->id;
	}
	return message;
}
