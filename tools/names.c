#include "names.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"

/* Events of one .proto; event.proto has fewer than eighty. */
#define TYPES_MAX 256

static const char *
enum_name(const ProtobufCEnumDescriptor *descriptor, int value,
	  char memory[NAMES_BYTES])
{
	const ProtobufCEnumValue *found =
	    protobuf_c_enum_descriptor_get_value(descriptor, value);

	if (found != NULL)
		return found->name;
	(void)snprintf(memory, NAMES_BYTES, "%d", value);
	return memory;
}

const char *
names_rule(Daybook__V1__Rule rule, char memory[NAMES_BYTES])
{
	return enum_name(&daybook__v1__rule__descriptor, (int)rule, memory);
}

const char *
names_fault(Daybook__V1__Fault fault, char memory[NAMES_BYTES])
{
	return enum_name(&daybook__v1__fault__descriptor, (int)fault, memory);
}

const char *
names_outcome(Daybook__V1__Outcome outcome, char memory[NAMES_BYTES])
{
	return enum_name(&daybook__v1__outcome__descriptor, (int)outcome, memory);
}

/* The zero of these two enums is read as their first value, as event.proto says. */
const char *
names_order_kind(Daybook__V1__OrderKind kind, char memory[NAMES_BYTES])
{
	return enum_name(&daybook__v1__order_kind__descriptor,
			 kind == 0 ? 1 : (int)kind, memory);
}

const char *
names_fulfilment(Daybook__V1__Fulfilment value, char memory[NAMES_BYTES])
{
	return enum_name(&daybook__v1__fulfilment__descriptor,
			 value == 0 ? 1 : (int)value, memory);
}

static const ProtobufCMessage *
body_of(const Daybook__V1__Event *event)
{
	const ProtobufCFieldDescriptor *field;

	if (event == NULL || event->body_case == 0)
		return NULL;
	field = protobuf_c_message_descriptor_get_field(event->base.descriptor,
							(unsigned)event->body_case);
	if (field == NULL)
		return NULL;
	return *(ProtobufCMessage *const *)(const void *)((const char *)event +
							  field->offset);
}

const char *
names_event_type(const Daybook__V1__Event *event)
{
	const ProtobufCMessage *body = body_of(event);

	return body == NULL ? "-" : body->descriptor->short_name;
}

const char *
names_event_id(const Daybook__V1__Event *event)
{
	const ProtobufCMessage *body = body_of(event);

	for (unsigned i = 0; body != NULL && i < body->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &body->descriptor->fields[i];
		const char *at = (const char *)body + field->offset;

		if (field->type == PROTOBUF_C_TYPE_STRING &&
		    field->label != PROTOBUF_C_LABEL_REPEATED &&
		    (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
			return *(const char *const *)(const void *)at;
	}
	return "";
}

/* The name of a member of Event.body; NULL for the other fields of Event. */
static const char *
type_name(const ProtobufCFieldDescriptor *field)
{
	const ProtobufCMessageDescriptor *message = field->descriptor;

	if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
		return NULL;
	return message->short_name;
}

uint32_t
names_event_number(const char *text, const char **out_nearest)
{
	const ProtobufCMessageDescriptor *event = &daybook__v1__event__descriptor;
	const char *names[TYPES_MAX];
	size_t count = 0;
	uint64_t number;
	bool is_number = cli_count_parse(text, &number);

	for (unsigned i = 0; i < event->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &event->fields[i];
		const char *name = type_name(field);

		if (name == NULL)
			continue;
		if (strcasecmp(text, name) == 0 || strcmp(text, field->name) == 0 ||
		    (is_number &&
		     (number == field->id ||
		      (number % 100 == 0 && number == field->id / 100 * 100))))
			return is_number ? (uint32_t)number : field->id;
		if (count < TYPES_MAX)
			names[count++] = name;
	}
	*out_nearest = cli_nearest(text, names, count);
	return 0;
}
