#include "names.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

/* Events of one .proto; event.proto has fewer than eighty. */
#define TYPES_MAX 256

/* Values of one enum; Rule has fewer. */
#define VALUES_MAX 256

/* A name of one; the longest has 26 letters. */
#define WORD_BYTES 64

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

/* "CAUSE_WRITTEN_OFF" without what all have in common, for people to read. */
static const char *
spoken(const char *name, const char *prefix, char *memory, size_t bytes)
{
	size_t skip = strlen(prefix), at = 0;

	if (strncmp(name, prefix, skip) == 0)
		name += skip;
	for (; name[at] != '\0' && at + 1 < bytes; at++)
		memory[at] = name[at] == '_' ? ' ' : (char)tolower(name[at]);
	memory[at] = '\0';
	return memory;
}

const char *
names_basis(Daybook__V1__Basis basis, char memory[NAMES_BYTES])
{
	return spoken(enum_name(&daybook__v1__basis__descriptor, (int)basis, memory),
		      "BASIS_", memory, NAMES_BYTES);
}

const char *
names_cause(Daybook__V1__Cause cause, char memory[NAMES_BYTES])
{
	return spoken(enum_name(&daybook__v1__cause__descriptor, (int)cause, memory),
		      "CAUSE_", memory, NAMES_BYTES);
}

/* In the order of their numbers, of which the first is 1. */
static const char *const payout_states[] = { "requested", "approved",  "batched",
					     "sent",	  "unknown",   "settled",
					     "rejected",  "cancelled", "failed",
					     "returned" };

#define PAYOUT_STATES (sizeof payout_states / sizeof payout_states[0])

const char *
names_payout_state(Daybook__V1__PayoutState state, char memory[NAMES_BYTES])
{
	if (state >= 1 && (size_t)state <= PAYOUT_STATES)
		return payout_states[state - 1];
	return enum_name(&daybook__v1__payout_state__descriptor, (int)state, memory);
}

bool
names_payout_state_parse(const char *text, Daybook__V1__PayoutState *out,
			 const char **out_nearest)
{
	for (size_t i = 0; i < PAYOUT_STATES; i++) {
		if (strcasecmp(text, payout_states[i]) == 0) {
			*out = (Daybook__V1__PayoutState)(i + 1);
			return true;
		}
	}
	*out_nearest = cli_nearest(text, payout_states, PAYOUT_STATES);
	return false;
}

const char *
names_finding_state(Daybook__V1__FindingState state, char memory[NAMES_BYTES])
{
	return spoken(
	    enum_name(&daybook__v1__finding_state__descriptor, (int)state, memory),
	    "FINDING_", memory, NAMES_BYTES);
}

const char *
names_guard_mode(Daybook__V1__GuardMode mode, char memory[NAMES_BYTES])
{
	return enum_name(&daybook__v1__guard_mode__descriptor,
			 mode == 0 ? 1 : (int)mode, memory);
}

const char *
names_mismatch(Daybook__V1__Mismatch kind, char memory[NAMES_MISMATCH_BYTES])
{
	return spoken(enum_name(&daybook__v1__mismatch__descriptor, (int)kind, memory),
		      "MISMATCH_", memory, NAMES_MISMATCH_BYTES);
}

/* TEXT as a name of an enum is written, cut where OUT ends. */
static void
write_as_name(const char *text, char out[WORD_BYTES])
{
	size_t at = 0;

	for (; *text != '\0' && at + 1 < WORD_BYTES; text++)
		out[at++] = *text == ' ' || *text == '-'
				? '_'
				: (char)toupper((unsigned char)*text);
	out[at] = '\0';
}

bool
names_parse(const ProtobufCEnumDescriptor *descriptor, const char *prefix,
	    const char *text, int *out, const char **out_nearest)
{
	const char *names[VALUES_MAX];
	char word[WORD_BYTES];
	size_t count = 0;

	write_as_name(text, word);
	for (unsigned i = 0; i < descriptor->n_values; i++) {
		const ProtobufCEnumValue *value = &descriptor->values[i];
		size_t skip = strlen(prefix);

		if (value->value == 0 || strncmp(value->name, prefix, skip) != 0)
			continue;
		if (strcmp(word, value->name + skip) == 0) {
			*out = value->value;
			return true;
		}
		if (count < VALUES_MAX)
			names[count++] = value->name + skip;
	}
	*out_nearest = cli_nearest(word, names, count);
	return false;
}

/* NAME, then FIELD and VALUE where there are any; how many bytes. */
static size_t
put_words(char *out, size_t bytes, const char *name, const char *field,
	  const char *value)
{
	int size = snprintf(out, bytes, "%s%s%s%s%s", name, field[0] == '\0' ? "" : " ",
			    field, value[0] == '\0' ? "" : " ", value);

	return size < 0 ? 0 : (size_t)size < bytes ? (size_t)size : bytes - 1;
}

void
names_refusal(const Daybook__V1__Refusal *refusal, char out[NAMES_REFUSAL_BYTES])
{
	char name[NAMES_BYTES];
	size_t size;

	if (refusal == NULL) {
		(void)snprintf(out, NAMES_REFUSAL_BYTES, "-");
		return;
	}
	size = put_words(out, NAMES_REFUSAL_BYTES, names_rule(refusal->rule, name),
			 refusal->field, refusal->value);
	if (refusal->measured != 0 || refusal->limit != 0)
		(void)snprintf(out + size, NAMES_REFUSAL_BYTES - size,
			       " (measured %" PRId64 ", limit %" PRId64 ")",
			       refusal->measured, refusal->limit);
}

void
names_event_fault(const Daybook__V1__EventFault *fault, char out[NAMES_REFUSAL_BYTES])
{
	char name[NAMES_BYTES];

	if (fault == NULL)
		(void)snprintf(out, NAMES_REFUSAL_BYTES, "-");
	else
		(void)put_words(out, NAMES_REFUSAL_BYTES,
				names_fault(fault->fault, name), fault->field,
				fault->value);
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

const char *
names_event_right(uint32_t number, char memory[NAMES_BYTES])
{
	const ProtobufCFieldDescriptor *field =
	    protobuf_c_message_descriptor_get_field(&daybook__v1__event__descriptor,
						    number);
	const char *name = NULL;

	/* Fields that are no messages have no name of a type. */
	if (field != NULL && field->type == PROTOBUF_C_TYPE_MESSAGE)
		name = type_name(field);
	if (name != NULL)
		return name;
	(void)snprintf(memory, NAMES_BYTES, "%" PRIu32, number);
	return memory;
}
