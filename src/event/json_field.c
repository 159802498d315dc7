#include "event/json_field.h"

#include <stdio.h>
#include <string.h>

#define NAME_BYTES 64

/* A longer path ends here, so that it is seen to be cut. */
#define CUT_AT (DBK_JSON_PLACE_BYTES - sizeof "...: ")

bool
dbk_json_field_camel(const char *name, char *out, size_t out_size)
{
	bool is_upper = false;
	size_t size = 0;

	for (; *name != '\0'; name++) {
		if (*name == '_') {
			is_upper = true;
			continue;
		}
		if (size + 1 >= out_size)
			return false;
		out[size++] = is_upper && *name >= 'a' && *name <= 'z'
				  ? (char)(*name - 'a' + 'A')
				  : *name;
		is_upper = false;
	}
	out[size] = '\0';
	return true;
}

size_t
dbk_json_field_bytes(const ProtobufCFieldDescriptor *field)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
		return 8;
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_MESSAGE:
		return sizeof(void *);
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
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
	return 4;
}

static size_t
append(char *out, size_t used, const char *text)
{
	size_t room = DBK_JSON_PLACE_BYTES - used;

	(void)snprintf(out + used, room, "%s", text);
	return used + strlen(out + used);
}

static size_t
format_place(const struct dbk_json_place *place, char *out)
{
	char text[NAME_BYTES];
	size_t used;

	if (place->outer == NULL)
		return 0;
	used = format_place(place->outer, out);
	if (place->name == NULL) {
		(void)snprintf(text, sizeof text, "[%zu]", place->index);
		return append(out, used, text);
	}
	if (used > 0)
		used = append(out, used, ".");
	if (place->is_key || !dbk_json_field_camel(place->name, text, sizeof text))
		return append(out, used, place->name);
	return append(out, used, text);
}

void
dbk_json_field_place(const struct dbk_json_place *place, char out[DBK_JSON_PLACE_BYTES])
{
	size_t used;

	out[0] = '\0';
	used = format_place(place, out);
	if (used > CUT_AT) {
		memcpy(out + CUT_AT, "...", sizeof "...");
		used = CUT_AT + strlen("...");
	}
	if (used > 0)
		(void)append(out, used, ": ");
}
