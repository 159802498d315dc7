#ifndef DBK_SERVICE_ANSWER_H
#define DBK_SERVICE_ANSWER_H

/*
 * answer.h -- how a call ended, with words of its own.
 *
 * A struct dbk_grpc_status borrows its texts; an answer owns them, so that it may be
 * made on a reader's thread and sent by the loop.  It points into itself: it is filled
 * where it stays, and is neither copied nor moved.
 *
 * Thread: belongs to one thread at a time.
 */

#include <daybook/error.h>

#include "base/str.h"
#include "event/verdict.h"
#include "rpc/grpc_status.h"

/* Names and values that one answer speaks of. */
#define DBK_ANSWER_FIELDS_MAX 2

/* A sentence around the words of an error, and around the values it names. */
#define DBK_ANSWER_TEXT_BYTES (DBK_ERROR_TEXT_BYTES + 256)

struct dbk_service_answer {
	struct dbk_grpc_status status; /* borrows from the members below */
	struct dbk_grpc_field fields[DBK_ANSWER_FIELDS_MAX];
	char values[DBK_ANSWER_FIELDS_MAX][DBK_VERDICT_VALUE_BYTES_MAX];
	char text[DBK_ANSWER_TEXT_BYTES];
};

/* OK, without words. */
void dbk_answer_clear(struct dbk_service_answer *answer);

/*
 * The call ends with CODE and the printf-style sentence; REASON is static.  Forgets the
 * fields that there were.  Gives CODE, so that `return dbk_answer_set(...)` is a line.
 */
enum dbk_grpc_code dbk_answer_set(struct dbk_service_answer *answer,
				  enum dbk_grpc_code code, const char *reason,
				  const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Add the field NAME (static) and what dbk_verdict_value() shows of VALUE.  Gives the
 * answer's code. */
enum dbk_grpc_code dbk_answer_field(struct dbk_service_answer *answer, const char *name,
				    struct dbk_str value);

/* The same with a number. */
enum dbk_grpc_code dbk_answer_number(struct dbk_service_answer *answer,
				     const char *name, uint64_t value);

/*
 * A failure of the environment that ERROR tells of:
 *
 *   MEMORY            RESOURCE_EXHAUSTED   MEMORY
 *   LIMIT             RESOURCE_EXHAUSTED   LIMIT
 *   DAMAGED, VERSION  DATA_LOSS            DAMAGED
 *   INPUT             INVALID_ARGUMENT     MALFORMED_REQUEST
 *   NOT_FOUND         NOT_FOUND            NOT_FOUND
 *   STATE             FAILED_PRECONDITION  VIEW_BEHIND
 *   TIMEOUT           DEADLINE_EXCEEDED    DEADLINE
 *   the others        INTERNAL             IO
 *
 * Whoever knows more of the question gives the better reason himself.
 */
enum dbk_grpc_code dbk_answer_error(struct dbk_service_answer *answer, enum dbk_err err,
				    const struct dbk_error *error);

#endif
