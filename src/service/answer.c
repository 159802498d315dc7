#include "service/answer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"

void
dbk_answer_clear(struct dbk_service_answer *answer)
{
	memset(&answer->status, 0, sizeof answer->status);
	answer->status.fields = answer->fields;
}

enum dbk_grpc_code
dbk_answer_set(struct dbk_service_answer *answer, enum dbk_grpc_code code,
	       const char *reason, const char *format, ...)
{
	va_list arguments;

	dbk_answer_clear(answer);
	va_start(arguments, format);
	(void)vsnprintf(answer->text, sizeof answer->text, format, arguments);
	va_end(arguments);
	answer->status.code = code;
	answer->status.message = dbk_str_of(answer->text);
	answer->status.reason = dbk_str_of(reason);
	return code;
}

enum dbk_grpc_code
dbk_answer_field(struct dbk_service_answer *answer, const char *name,
		 struct dbk_str value)
{
	size_t i = answer->status.field_count;
	struct dbk_str shown = dbk_verdict_value(value);

	dbk_assert(i < DBK_ANSWER_FIELDS_MAX);
	if (shown.size > 0)
		memcpy(answer->values[i], shown.bytes, shown.size);
	answer->fields[i].name = dbk_str_of(name);
	answer->fields[i].value = dbk_str_make(answer->values[i], shown.size);
	answer->status.field_count = i + 1;
	return answer->status.code;
}

enum dbk_grpc_code
dbk_answer_number(struct dbk_service_answer *answer, const char *name, uint64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof text, "%" PRIu64, value);
	return dbk_answer_field(answer, name, dbk_str_of(text));
}

/* How a failure of the environment ends a call. */
struct ending {
	enum dbk_grpc_code code;
	const char *reason;
};

static struct ending
ending_of(enum dbk_err err)
{
	switch (err) {
	case DBK_FAILED_MEMORY:
		return (struct ending){ DBK_GRPC_RESOURCE_EXHAUSTED, "MEMORY" };
	case DBK_FAILED_LIMIT:
		return (struct ending){ DBK_GRPC_RESOURCE_EXHAUSTED, "LIMIT" };
	case DBK_FAILED_DAMAGED:
	case DBK_FAILED_VERSION:
		return (struct ending){ DBK_GRPC_DATA_LOSS, "DAMAGED" };
	case DBK_FAILED_INPUT:
		return (struct ending){ DBK_GRPC_INVALID_ARGUMENT,
					"MALFORMED_REQUEST" };
	case DBK_FAILED_NOT_FOUND:
		return (struct ending){ DBK_GRPC_NOT_FOUND, "NOT_FOUND" };
	case DBK_FAILED_STATE:
		return (struct ending){ DBK_GRPC_FAILED_PRECONDITION, "VIEW_BEHIND" };
	case DBK_FAILED_TIMEOUT:
		return (struct ending){ DBK_GRPC_DEADLINE_EXCEEDED, "DEADLINE" };
	case DBK_OK:
	case DBK_FAILED_IO:
	case DBK_FAILED_DISK_FULL:
	case DBK_FAILED_MAP_FULL:
	case DBK_FAILED_LOCKED:
	case DBK_FAILED_NETWORK:
		break;
	}
	return (struct ending){ DBK_GRPC_INTERNAL, "IO" };
}

enum dbk_grpc_code
dbk_answer_error(struct dbk_service_answer *answer, enum dbk_err err,
		 const struct dbk_error *error)
{
	struct ending ending = ending_of(err);

	dbk_assert(err != DBK_OK);
	return dbk_answer_set(answer, ending.code, ending.reason, "%s",
			      error->text[0] == '\0' ? dbk_err_text(err) : error->text);
}
