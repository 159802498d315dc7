#ifndef DBK_SERVICE_OPENING_H
#define DBK_SERVICE_OPENING_H

/*
 * opening.h -- what every stream looks at when it opens: its request, and the position
 * that it is to go on from.  Not for use outside this folder.
 */

#include <protobuf-c/protobuf-c.h>

#include "service/answer.h"

/* Is a request of SIZE bytes short enough for a question?  False: ANSWER says
 * RESOURCE_EXHAUSTED (LIMIT). */
bool dbk_opening_fits(size_t size, struct dbk_service_answer *answer);

/*
 * REQUEST as a message of DESCRIPTOR, ANSWER cleared; whoever opened it frees it with
 * protobuf_c_message_free_unpacked().  NULL: ANSWER says RESOURCE_EXHAUSTED (LIMIT) or
 * INVALID_ARGUMENT (MALFORMED_REQUEST).
 */
void *dbk_opening_request(struct dbk_str request,
			  const ProtobufCMessageDescriptor *descriptor,
			  struct dbk_service_answer *answer);

/* VALUE of FIELD (static) is a position behind the end of a log of LOG_SIZE records:
 * whoever asks knows another log than this one.  OUT_OF_RANGE (POSITION). */
enum dbk_grpc_code dbk_opening_behind_end(struct dbk_service_answer *answer,
					  const char *field, uint64_t value,
					  uint64_t log_size);

#endif
