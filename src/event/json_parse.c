#include "event/json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <google/protobuf/timestamp.pb-c.h>
#include <jansson.h>

#include <daybook/limits.h>

#include "base/time.h"
#include "event/json_field.h"

/*
 * jansson makes a tree of the text; the tree is walked along the descriptor.
 *
 * A message under construction is at every moment one that can be given back: counts
 * rise after their element is in place, and the case of a oneof is set with its member.
 * So an error frees the whole message and is done.
 */

/* As much of a value as an error shows. */
#define SHOWN_BYTES 64
#define NAME_BYTES_MAX 128

struct parser {
	struct dbk_error *error;
	unsigned depth; /* of messages */
};

/* A whole number, before it is known whether it fits. */
struct integer {
	uint64_t magnitude;
	bool is_negative;
};

static enum dbk_err fill_message(struct parser *p, json_t *value,
				 ProtobufCMessage *message,
				 const struct dbk_json_place *place);

static enum dbk_err
fail_memory(struct parser *p)
{
	return dbk_error_set(p->error, DBK_FAILED_MEMORY, "no memory for JSON");
}

struct shown {
	char text[SHOWN_BYTES];
	size_t size;
	bool is_cut;
};

/* Called by jansson with one piece of the value after the other; not 0 stops it. */
static int
show_piece(const char *piece, size_t size, void *context)
{
	struct shown *shown = context;
	size_t room = sizeof shown->text - shown->size;

	shown->is_cut = size > room;
	size = shown->is_cut ? room : size;
	memcpy(shown->text + shown->size, piece, size);
	shown->size += size;
	return shown->is_cut ? -1 : 0;
}

/* "PATH: VALUE WHY" with the value as JSON, cut. */
static enum dbk_err
fail(struct parser *p, const struct dbk_json_place *place, json_t *value,
     const char *why)
{
	struct shown shown = { .size = 0 };
	char path[DBK_JSON_PLACE_BYTES];

	(void)json_dump_callback(value, show_piece, &shown,
				 JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII);
	dbk_json_field_place(place, path);
	return dbk_error_set(p->error, DBK_FAILED_INPUT, "%s%.*s%s %s", path,
			     (int)shown.size, shown.text, shown.is_cut ? "..." : "",
			     why);
}

/* ------------------------------------------------------------------- scalars */

/* JSON's own form of a whole number: no plus, no leading zeros, no blanks. */
static bool
integer_of_text(const char *text, size_t size, struct integer *out)
{
	size_t at = 0;

	out->is_negative = size > 0 && text[0] == '-';
	out->magnitude = 0;
	at = out->is_negative ? 1 : 0;
	if (at == size || (text[at] == '0' && size - at > 1))
		return false;
	for (; at < size; at++) {
		if (text[at] < '0' || text[at] > '9' ||
		    __builtin_mul_overflow(out->magnitude, UINT64_C(10),
					   &out->magnitude) ||
		    __builtin_add_overflow(out->magnitude, (uint64_t)(text[at] - '0'),
					   &out->magnitude))
			return false;
	}
	return true;
}

/* 1.0 and 1e3 are whole numbers too; above 2^53 a double has lost the last digits. */
static bool
integer_of_real(double real, struct integer *out)
{
	const double exact_max = 9007199254740992.0;

	if (!(real >= -exact_max && real <= exact_max) || (double)(int64_t)real != real)
		return false;
	out->is_negative = real < 0;
	out->magnitude = (uint64_t)(int64_t)(out->is_negative ? -real : real);
	return true;
}

static bool
integer_of(json_t *value, struct integer *out)
{
	json_int_t number;

	if (json_is_string(value))
		return integer_of_text(json_string_value(value),
				       json_string_length(value), out);
	if (json_is_real(value))
		return integer_of_real(json_real_value(value), out);
	if (!json_is_integer(value))
		return false;
	number = json_integer_value(value);
	out->is_negative = number < 0;
	out->magnitude = number < 0 ? -(uint64_t)number : (uint64_t)number;
	return true;
}

/* VALUE as a signed number of BITS, as the bits that hold it. */
static bool
signed_of(json_t *value, unsigned bits, uint64_t *out)
{
	uint64_t limit = UINT64_C(1) << (bits - 1);
	struct integer integer;

	if (!integer_of(value, &integer) ||
	    integer.magnitude > (integer.is_negative ? limit : limit - 1))
		return false;
	*out = integer.is_negative ? -integer.magnitude : integer.magnitude;
	return true;
}

static bool
unsigned_of(json_t *value, unsigned bits, uint64_t *out)
{
	struct integer integer;

	if (!integer_of(value, &integer) ||
	    (integer.is_negative && integer.magnitude != 0) ||
	    (bits < 64 && integer.magnitude >> bits != 0))
		return false;
	*out = integer.magnitude;
	return true;
}

static enum dbk_err
parse_64(struct parser *p, json_t *value, bool is_signed, void *at,
	 const struct dbk_json_place *place)
{
	uint64_t number;

	if (is_signed ? !signed_of(value, 64, &number)
		      : !unsigned_of(value, 64, &number))
		return fail(p, place, value,
			    is_signed ? "is not an int64" : "is not a uint64");
	memcpy(at, &number, sizeof number);
	return DBK_OK;
}

static enum dbk_err
parse_32(struct parser *p, json_t *value, bool is_signed, void *at,
	 const struct dbk_json_place *place)
{
	uint64_t number;
	uint32_t narrow;

	if (is_signed ? !signed_of(value, 32, &number)
		      : !unsigned_of(value, 32, &number))
		return fail(p, place, value,
			    is_signed ? "is not an int32" : "is not a uint32");
	narrow = (uint32_t)number;
	memcpy(at, &narrow, sizeof narrow);
	return DBK_OK;
}

static enum dbk_err
parse_bool(struct parser *p, json_t *value, protobuf_c_boolean *at,
	   const struct dbk_json_place *place)
{
	if (!json_is_boolean(value))
		return fail(p, place, value, "is not a bool");
	*at = json_is_true(value);
	return DBK_OK;
}

/* Numbers of values that this build does not know pass: the reader of the message says
 * what it thinks of them. */
static enum dbk_err
parse_enum(struct parser *p, json_t *value, const ProtobufCEnumDescriptor *descriptor,
	   int *at, const struct dbk_json_place *place)
{
	const ProtobufCEnumValue *known;
	char why[NAME_BYTES_MAX];

	if (!json_is_string(value))
		return parse_32(p, value, true, at, place);
	known = protobuf_c_enum_descriptor_get_value_by_name(descriptor,
							     json_string_value(value));
	if (known == NULL) {
		(void)snprintf(why, sizeof why, "is not a value of %s",
			       descriptor->short_name);
		return fail(p, place, value, why);
	}
	*at = known->value;
	return DBK_OK;
}

static enum dbk_err
parse_string(struct parser *p, json_t *value, char **at,
	     const struct dbk_json_place *place)
{
	size_t size = json_string_length(value);
	char *copy;

	if (!json_is_string(value))
		return fail(p, place, value, "is not a string");
	copy = malloc(size + 1);
	if (copy == NULL)
		return fail_memory(p);
	memcpy(copy, json_string_value(value), size + 1);
	*at = copy;
	return DBK_OK;
}

/* The value of a base64 digit in the standard or the URL alphabet (RFC 4648), or -1. */
static int
base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

/* Padding may be left out, but not be wrong; bits behind the last byte are 0. */
static bool
base64_decode(const char *text, size_t size, uint8_t *out, size_t *out_size)
{
	size_t digits = size, written = 0;
	uint32_t bits = 0;
	unsigned held = 0;

	while (digits > 0 && size - digits < 2 && text[digits - 1] == '=')
		digits--;
	if (digits % 4 == 1 || (size > digits && size % 4 != 0))
		return false;
	for (size_t i = 0; i < digits; i++) {
		int digit = base64_digit(text[i]);

		if (digit < 0)
			return false;
		bits = bits << 6 | (uint32_t)digit;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[written++] = (uint8_t)(bits >> held);
			bits &= (1u << held) - 1;
		}
	}
	*out_size = written;
	return bits == 0;
}

static enum dbk_err
parse_bytes(struct parser *p, json_t *value, ProtobufCBinaryData *at,
	    const struct dbk_json_place *place)
{
	size_t size = json_string_length(value), decoded_size = 0;
	uint8_t *decoded;

	if (!json_is_string(value))
		return fail(p, place, value, "is not a base64 string");
	if (size == 0)
		return DBK_OK;
	decoded = malloc(size);
	if (decoded == NULL)
		return fail_memory(p);
	if (!base64_decode(json_string_value(value), size, decoded, &decoded_size)) {
		free(decoded);
		return fail(p, place, value, "is not base64");
	}
	at->data = decoded;
	at->len = decoded_size;
	return DBK_OK;
}

static enum dbk_err
fill_time(struct parser *p, json_t *value, Google__Protobuf__Timestamp *out,
	  const struct dbk_json_place *place)
{
	int32_t nanos;
	int64_t seconds;

	if (!json_is_string(value) ||
	    !dbk_time_parse(
		dbk_str_make(json_string_value(value), json_string_length(value)),
		&seconds, &nanos))
		return fail(p, place, value,
			    "is not an RFC 3339 time of the years 1970 to 9999");
	out->seconds = seconds;
	out->nanos = nanos;
	return DBK_OK;
}

/* ------------------------------------------------------------------- messages */

static enum dbk_err
parse_message(struct parser *p, json_t *value,
	      const ProtobufCMessageDescriptor *descriptor, ProtobufCMessage **at,
	      const struct dbk_json_place *place)
{
	ProtobufCMessage *message = malloc(descriptor->sizeof_message);
	enum dbk_err err;

	if (message == NULL)
		return fail_memory(p);
	descriptor->message_init(message);
	if (descriptor == &google__protobuf__timestamp__descriptor)
		err =
		    fill_time(p, value, (Google__Protobuf__Timestamp *)message, place);
	else
		err = fill_message(p, value, message, place);
	if (err != DBK_OK) {
		protobuf_c_message_free_unpacked(message, NULL);
		return err;
	}
	*at = message;
	return DBK_OK;
}

/* One value of FIELD's type into the place AT. */
static enum dbk_err
parse_value(struct parser *p, json_t *value, const ProtobufCFieldDescriptor *field,
	    void *at, const struct dbk_json_place *place)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
		return parse_32(p, value, true, at, place);
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		return parse_32(p, value, false, at, place);
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		return parse_64(p, value, true, at, place);
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		return parse_64(p, value, false, at, place);
	case PROTOBUF_C_TYPE_BOOL:
		return parse_bool(p, value, at, place);
	case PROTOBUF_C_TYPE_ENUM:
		return parse_enum(p, value, field->descriptor, at, place);
	case PROTOBUF_C_TYPE_STRING:
		return parse_string(p, value, at, place);
	case PROTOBUF_C_TYPE_BYTES:
		return parse_bytes(p, value, at, place);
	case PROTOBUF_C_TYPE_MESSAGE:
		return parse_message(p, value, field->descriptor, at, place);
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE:
		break;
	}
	return fail(
	    p, place, value,
	    "is for a floating point field, which Daybook's messages do not have");
}

static enum dbk_err
parse_list(struct parser *p, json_t *value, const ProtobufCFieldDescriptor *field,
	   unsigned char *base, const struct dbk_json_place *place)
{
	size_t *count = (void *)(base + field->quantifier_offset);
	size_t want = json_array_size(value), size = dbk_json_field_bytes(field);
	unsigned char *list;

	if (!json_is_array(value))
		return fail(p, place, value, "is not an array");
	if (want == 0)
		return DBK_OK;
	list = calloc(want, size);
	if (list == NULL)
		return fail_memory(p);
	memcpy(base + field->offset, &list, sizeof list);
	for (size_t i = 0; i < want; i++) {
		struct dbk_json_place element = { place, NULL, i, false };
		enum dbk_err err = parse_value(p, json_array_get(value, i), field,
					       list + i * size, &element);

		if (err != DBK_OK)
			return err;
		*count = i + 1;
	}
	return DBK_OK;
}

/* True if KEY is the lowerCamelCase form of NAME. */
static bool
is_camel_of(const char *key, const char *name)
{
	char camel[NAME_BYTES_MAX];

	return dbk_json_field_camel(name, camel, sizeof camel) &&
	       strcmp(key, camel) == 0;
}

/* The field of DESCRIPTOR that KEY names in either form, or NULL. */
static const ProtobufCFieldDescriptor *
find_field(const ProtobufCMessageDescriptor *descriptor, const char *key)
{
	const ProtobufCFieldDescriptor *field;
	char snake[NAME_BYTES_MAX];
	size_t size = 0;

	field = protobuf_c_message_descriptor_get_field_by_name(descriptor, key);
	if (field != NULL)
		return field;
	for (const char *p = key; *p != '\0' && size + 3 < sizeof snake; p++) {
		bool is_upper = *p >= 'A' && *p <= 'Z';

		if (is_upper)
			snake[size++] = '_';
		snake[size++] = is_upper ? (char)(*p - 'A' + 'a') : *p;
	}
	snake[size] = '\0';
	field = protobuf_c_message_descriptor_get_field_by_name(descriptor, snake);
	if (field != NULL && is_camel_of(key, field->name))
		return field;
	/* A name like line_2 loses its underscore without a trace. */
	for (unsigned i = 0; i < descriptor->n_fields; i++)
		if (is_camel_of(key, descriptor->fields[i].name))
			return &descriptor->fields[i];
	return NULL;
}

/* Fields of one message that have come, by their index in the descriptor. */
#define FIELDS_MAX 256

struct seen {
	uint64_t bits[FIELDS_MAX / 64];
};

static bool
mark_seen(struct seen *seen, size_t index)
{
	uint64_t bit = UINT64_C(1) << (index % 64);

	if (index >= FIELDS_MAX || (seen->bits[index / 64] & bit) != 0)
		return false;
	seen->bits[index / 64] |= bit;
	return true;
}

/* Put VALUE into the field; a oneof's member is told apart from an unset one by its
 * case alone, which is set only once the member is in place. */
static enum dbk_err
fill_field(struct parser *p, json_t *value, const ProtobufCFieldDescriptor *field,
	   unsigned char *base, const struct dbk_json_place *place)
{
	uint32_t *quantifier = (void *)(base + field->quantifier_offset);
	enum dbk_err err;

	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return parse_list(p, value, field, base, place);
	if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
		return parse_value(p, value, field, base + field->offset, place);
	if (*quantifier != 0)
		return fail(p, place, value,
			    "excludes another field that is also given");
	err = parse_value(p, value, field, base + field->offset, place);
	if (err == DBK_OK)
		*quantifier = field->id;
	return err;
}

static enum dbk_err
fill_member(struct parser *p, const char *key, json_t *value, ProtobufCMessage *message,
	    struct seen *seen, const struct dbk_json_place *place)
{
	const ProtobufCMessageDescriptor *descriptor = message->descriptor;
	const ProtobufCFieldDescriptor *field = find_field(descriptor, key);
	struct dbk_json_place inner = { place, key, 0, true };

	if (field == NULL)
		return fail(p, &inner, value, "is for a field that does not exist");
	if (!mark_seen(seen, (size_t)(field - descriptor->fields)))
		return fail(p, &inner, value, "is for a field that came before");
	if (json_is_null(value))
		return DBK_OK;
	return fill_field(p, value, field, (unsigned char *)message, &inner);
}

static enum dbk_err
fill_message(struct parser *p, json_t *value, ProtobufCMessage *message,
	     const struct dbk_json_place *place)
{
	struct seen seen = { { 0 } };
	enum dbk_err err = DBK_OK;

	if (!json_is_object(value))
		return fail(p, place, value, "is not an object");
	if (p->depth >= DBK_JSON_DEPTH_MAX)
		return dbk_error_set(p->error, DBK_FAILED_LIMIT,
				     "nested deeper than %d messages",
				     DBK_JSON_DEPTH_MAX);
	p->depth++;
	for (void *at = json_object_iter(value); at != NULL && err == DBK_OK;
	     at = json_object_iter_next(value, at))
		err = fill_member(p, json_object_iter_key(at),
				  json_object_iter_value(at), message, &seen, place);
	p->depth--;
	return err;
}

static enum dbk_err
load(struct parser *p, struct dbk_str text, json_t **out)
{
	json_error_t why;

	if (text.size > DBK_JSON_BYTES_MAX)
		return dbk_error_set(p->error, DBK_FAILED_LIMIT,
				     "JSON of %" PRIu32 " bytes, the limit is %d",
				     text.size, DBK_JSON_BYTES_MAX);
	*out = json_loadb(text.size == 0 ? "" : text.bytes, text.size,
			  JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
	if (*out != NULL)
		return DBK_OK;
	if (json_error_code(&why) == json_error_out_of_memory)
		return fail_memory(p);
	return dbk_error_set(p->error, DBK_FAILED_INPUT,
			     "not JSON at line %d, column %d: %s", why.line, why.column,
			     why.text);
}

enum dbk_err
dbk_json_parse(struct dbk_str text, const ProtobufCMessageDescriptor *descriptor,
	       ProtobufCMessage **out, struct dbk_error *error)
{
	struct parser p = { error, 0 };
	struct dbk_json_place whole = { NULL, NULL, 0, false };
	json_t *value;
	enum dbk_err err = load(&p, text, &value);

	if (err != DBK_OK)
		return err;
	err = parse_message(&p, value, descriptor, out, &whole);
	json_decref(value);
	return err;
}
