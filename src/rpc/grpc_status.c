#include "rpc/grpc_status.h"

#include <daybook/limits.h>

#include "base/assert.h"
#include "base/base64.h"
#include "rpc/wire.h"

#define ERROR_INFO_TYPE "type.googleapis.com/google.rpc.ErrorInfo"
#define TIMEOUT_DIGITS_MAX 8

static const char *const names[DBK_GRPC_CODES] = {
	"OK",
	"CANCELLED",
	"UNKNOWN",
	"INVALID_ARGUMENT",
	"DEADLINE_EXCEEDED",
	"NOT_FOUND",
	"ALREADY_EXISTS",
	"PERMISSION_DENIED",
	"RESOURCE_EXHAUSTED",
	"FAILED_PRECONDITION",
	"ABORTED",
	"OUT_OF_RANGE",
	"UNIMPLEMENTED",
	"INTERNAL",
	"UNAVAILABLE",
	"DATA_LOSS",
	"UNAUTHENTICATED",
};

const char *
dbk_grpc_status_name(enum dbk_grpc_code code)
{
	dbk_assert((unsigned)code < DBK_GRPC_CODES);
	return names[code];
}

enum dbk_grpc_code
dbk_grpc_status_parse(struct dbk_str text)
{
	unsigned value = 0;

	if (text.size == 0 || text.size > 2)
		return DBK_GRPC_UNKNOWN;
	for (uint32_t i = 0; i < text.size; i++) {
		if (text.bytes[i] < '0' || text.bytes[i] > '9')
			return DBK_GRPC_UNKNOWN;
		value = value * 10 + (unsigned)(text.bytes[i] - '0');
	}
	return value < DBK_GRPC_CODES ? (enum dbk_grpc_code)value : DBK_GRPC_UNKNOWN;
}

enum dbk_grpc_code
dbk_grpc_status_of_http(unsigned http_status)
{
	switch (http_status) {
	case 400:
		return DBK_GRPC_INTERNAL;
	case 401:
		return DBK_GRPC_UNAUTHENTICATED;
	case 403:
		return DBK_GRPC_PERMISSION_DENIED;
	case 404:
		return DBK_GRPC_UNIMPLEMENTED;
	case 429:
	case 502:
	case 503:
	case 504:
		return DBK_GRPC_UNAVAILABLE;
	default:
		return DBK_GRPC_UNKNOWN;
	}
}

/* ------------------------------------------------------------- percent-encoding */

void
dbk_grpc_status_percent_encode(struct dbk_str text, struct dbk_buf *out)
{
	static const char digits[] = "0123456789ABCDEF";

	for (uint32_t i = 0; i < text.size; i++) {
		unsigned char byte = (unsigned char)text.bytes[i];

		if (byte >= 0x20 && byte <= 0x7e && byte != '%') {
			dbk_buf_put_u8(out, byte);
			continue;
		}
		dbk_buf_put_u8(out, '%');
		dbk_buf_put_u8(out, (uint8_t)digits[byte >> 4]);
		dbk_buf_put_u8(out, (uint8_t)digits[byte & 15]);
	}
}

void
dbk_grpc_status_percent_decode(struct dbk_str text, struct dbk_buf *out)
{
	for (uint32_t i = 0; i < text.size; i++) {
		bool room = text.bytes[i] == '%' && text.size - i > 2;
		int high = room ? dbk_hex_digit(text.bytes[i + 1]) : -1;
		int low = room ? dbk_hex_digit(text.bytes[i + 2]) : -1;

		if (high < 0 || low < 0) {
			dbk_buf_put_u8(out, (uint8_t)text.bytes[i]);
			continue;
		}
		dbk_buf_put_u8(out, (uint8_t)(high * 16 + low));
		i += 2;
	}
}

/* ----------------------------------------------------------------------- base64 */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			       "0123456789+/";

void
dbk_grpc_status_base64_encode(struct dbk_str bytes, struct dbk_buf *out)
{
	uint32_t bits = 0;
	unsigned count = 0;

	for (uint32_t i = 0; i < bytes.size; i++) {
		bits = bits << 8 | (unsigned char)bytes.bytes[i];
		count += 8;
		while (count >= 6) {
			count -= 6;
			dbk_buf_put_u8(out, (uint8_t)alphabet[bits >> count & 63]);
		}
	}
	if (count > 0)
		dbk_buf_put_u8(out, (uint8_t)alphabet[bits << (6 - count) & 63]);
}

static int
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

bool
dbk_grpc_status_base64_decode(struct dbk_str text, struct dbk_buf *out)
{
	uint32_t size = text.size;
	uint32_t bits = 0;
	unsigned count = 0;

	if (size % 4 == 0 && size > 0 && text.bytes[size - 1] == '=')
		size -= text.bytes[size - 2] == '=' ? 2 : 1;
	if (size % 4 == 1)
		return false;
	for (uint32_t i = 0; i < size; i++) {
		int value = base64_value(text.bytes[i]);

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		count += 6;
		if (count < 8)
			continue;
		count -= 8;
		dbk_buf_put_u8(out, (uint8_t)(bits >> count));
	}
	return true;
}

/* ---------------------------------------------------------------------- timeout */

static const struct {
	char letter;
	int64_t ns;
} timeout_units[] = {
	{ 'n', 1 },	     { 'u', 1000 },	   { 'm', 1000000 },
	{ 'S', 1000000000 }, { 'M', 60000000000 }, { 'H', 3600000000000 },
};

#define TIMEOUT_UNITS (sizeof timeout_units / sizeof timeout_units[0])

bool
dbk_grpc_status_timeout_parse(struct dbk_str text, int64_t *out_ns)
{
	int64_t value = 0;

	if (text.size < 2 || text.size > TIMEOUT_DIGITS_MAX + 1)
		return false;
	for (uint32_t i = 0; i + 1 < text.size; i++) {
		if (text.bytes[i] < '0' || text.bytes[i] > '9')
			return false;
		value = value * 10 + (text.bytes[i] - '0');
	}
	for (size_t i = 0; i < TIMEOUT_UNITS; i++) {
		if (timeout_units[i].letter != text.bytes[text.size - 1])
			continue;
		if (__builtin_mul_overflow(value, timeout_units[i].ns, out_ns))
			*out_ns = INT64_MAX;
		return true;
	}
	return false;
}

size_t
dbk_grpc_status_timeout_format(int64_t ns, char out[DBK_GRPC_TIMEOUT_TEXT_BYTES])
{
	char digits[TIMEOUT_DIGITS_MAX];
	size_t unit = 0;
	size_t count = 0;
	int64_t value = ns;

	dbk_assert(ns >= 0);
	while (value > 99999999 && unit + 1 < TIMEOUT_UNITS) {
		int64_t per = timeout_units[++unit].ns;

		value = ns / per + (ns % per != 0);
	}
	do {
		digits[count++] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	for (size_t i = 0; i < count; i++)
		out[i] = digits[count - 1 - i];
	out[count++] = timeout_units[unit].letter;
	out[count] = '\0';
	return count;
}

/* ---------------------------------------------------------------------- details */

struct dbk_str
dbk_grpc_status_cut(struct dbk_str text)
{
	uint32_t size = DBK_RPC_STATUS_TEXT_BYTES_MAX;

	if (text.size <= size)
		return text;
	while (size > 0 && ((unsigned char)text.bytes[size] & 0xc0) == 0x80)
		size--;
	return dbk_str_make(text.bytes, size);
}

static size_t
entry_size(const struct dbk_grpc_field *field)
{
	return dbk_wire_size(field->name.size) + dbk_wire_size(field->value.size);
}

/* Protobuf strings are UTF-8; one that is not would cost the client all details. */
static bool
is_sendable(const struct dbk_grpc_field *field)
{
	return dbk_str_is_utf8(field->name) && dbk_str_is_utf8(field->value);
}

/* Append the fields of STATUS that are UTF-8 and fit beside SIZE bytes. */
static void
put_entries(struct dbk_buf *out, const struct dbk_grpc_status *status, size_t size)
{
	for (size_t i = 0; i < status->field_count; i++) {
		const struct dbk_grpc_field *field = &status->fields[i];
		size_t more = dbk_wire_size(entry_size(field));

		if (size + more > DBK_RPC_DETAILS_BYTES_MAX || !is_sendable(field))
			continue;
		size += more;
		dbk_wire_put_head(out, 3, entry_size(field));
		dbk_wire_put_bytes(out, 1, field->name);
		dbk_wire_put_bytes(out, 2, field->value);
	}
}

static void
put_info(struct dbk_buf *out, const struct dbk_grpc_status *status)
{
	struct dbk_str type = dbk_str_of(ERROR_INFO_TYPE);
	struct dbk_buf info;

	dbk_buf_init(&info);
	dbk_wire_put_bytes(&info, 1, status->reason);
	dbk_wire_put_bytes(&info, 2, dbk_str_of(DBK_GRPC_DOMAIN));
	put_entries(&info, status, info.size);
	if (dbk_buf_failed(&info)) {
		out->failed = true;
		goto free_info;
	}
	dbk_wire_put_head(out, 3, dbk_wire_size(type.size) + dbk_wire_size(info.size));
	dbk_wire_put_bytes(out, 1, type);
	dbk_wire_put_bytes(out, 2, dbk_str_make(info.bytes, info.size));
free_info:
	dbk_buf_fini(&info);
}

void
dbk_grpc_status_details_encode(const struct dbk_grpc_status *status,
			       struct dbk_buf *out)
{
	dbk_wire_put_varint(out, 1, (uint64_t)status->code);
	if (dbk_str_is_utf8(status->message))
		dbk_wire_put_bytes(out, 2, dbk_grpc_status_cut(status->message));
	if (status->reason.size > 0)
		put_info(out, status);
}

/* MESSAGE is an ErrorInfo; its fields go to FIELDS. */
static bool
decode_info(struct dbk_str message, struct dbk_grpc_field fields[DBK_GRPC_FIELDS_MAX],
	    struct dbk_grpc_status *out)
{
	struct dbk_cursor cursor = dbk_wire_open(message);
	struct dbk_wire_field field;

	while (dbk_wire_next(&cursor, &field)) {
		if (field.type != DBK_WIRE_BYTES)
			continue;
		if (field.number == 1)
			out->reason = field.bytes;
		if (field.number != 3 || out->field_count == DBK_GRPC_FIELDS_MAX)
			continue;
		fields[out->field_count].name = dbk_wire_find(field.bytes, 1);
		fields[out->field_count].value = dbk_wire_find(field.bytes, 2);
		out->field_count++;
	}
	out->fields = fields;
	return !cursor.failed;
}

bool
dbk_grpc_status_details_decode(struct dbk_str bytes,
			       struct dbk_grpc_field fields[DBK_GRPC_FIELDS_MAX],
			       struct dbk_grpc_status *out)
{
	struct dbk_cursor cursor = dbk_wire_open(bytes);
	struct dbk_grpc_status status = { .code = DBK_GRPC_OK };
	struct dbk_wire_field field;

	while (dbk_wire_next(&cursor, &field)) {
		if (field.number == 1 && field.type == DBK_WIRE_VARINT)
			status.code = field.value < DBK_GRPC_CODES
					  ? (enum dbk_grpc_code)field.value
					  : DBK_GRPC_UNKNOWN;
		if (field.number == 2 && field.type == DBK_WIRE_BYTES)
			status.message = field.bytes;
		if (field.number == 3 && field.type == DBK_WIRE_BYTES &&
		    status.fields == NULL &&
		    dbk_str_equal(dbk_wire_find(field.bytes, 1),
				  dbk_str_of(ERROR_INFO_TYPE)) &&
		    !decode_info(dbk_wire_find(field.bytes, 2), fields, &status))
			return false;
	}
	if (cursor.failed)
		return false;
	*out = status;
	return true;
}
