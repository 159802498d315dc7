#ifndef TOOLS_BOOK_STATUS_H
#define TOOLS_BOOK_STATUS_H

/*
 * book_status.h -- the status of the book, asked once or until everything is derived.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/v1/service.pb-c.h>

#include "session.h"

/* Ask; give back with protobuf_c_message_free_unpacked((*out)->base, NULL). */
int book_status_get(struct session *session, Daybook__V1__Status **out);

/* Only the exponent of the book's currency, which some listings do not carry. */
int book_status_exponent(struct session *session, unsigned *out);

/*
 * Ask until the log holds AT_LEAST records and, with VIEWS, every view holds every
 * record of the log, or until TIMEOUT_S have passed (EXIT_FAILED, with words).
 */
int book_status_wait(struct session *session, uint64_t at_least, bool views,
		     uint64_t timeout_s, Daybook__V1__Status **out);

#endif
