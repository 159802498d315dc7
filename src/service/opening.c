#include "service/opening.h"

#include <inttypes.h>

#include <daybook/limits.h>

bool
dbk_opening_fits(size_t size, struct dbk_service_answer *answer)
{
	if (size <= DBK_SERVICE_REQUEST_BYTES_MAX)
		return true;
	(void)dbk_answer_set(answer, DBK_GRPC_RESOURCE_EXHAUSTED, "LIMIT",
			     "a question has at most %d bytes",
			     DBK_SERVICE_REQUEST_BYTES_MAX);
	(void)dbk_answer_number(answer, "request", size);
	return false;
}

void *
dbk_opening_request(struct dbk_str request,
		    const ProtobufCMessageDescriptor *descriptor,
		    struct dbk_service_answer *answer)
{
	void *message;

	dbk_answer_clear(answer);
	if (!dbk_opening_fits(request.size, answer))
		return NULL;
	message = protobuf_c_message_unpack(descriptor, NULL, request.size,
					    (const uint8_t *)request.bytes);
	if (message == NULL)
		(void)dbk_answer_set(answer, DBK_GRPC_INVALID_ARGUMENT,
				     "MALFORMED_REQUEST", "the request is not a %s",
				     descriptor->short_name);
	return message;
}

enum dbk_grpc_code
dbk_opening_behind_end(struct dbk_service_answer *answer, const char *field,
		       uint64_t value, uint64_t log_size)
{
	(void)dbk_answer_set(answer, DBK_GRPC_OUT_OF_RANGE, "POSITION",
			     "%s %" PRIu64 ": the log has %" PRIu64 " records", field,
			     value, log_size);
	(void)dbk_answer_number(answer, field, value);
	return dbk_answer_number(answer, "size", log_size);
}
