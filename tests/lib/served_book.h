#ifndef DAYBOOK_TESTS_SERVED_BOOK_H
#define DAYBOOK_TESTS_SERVED_BOOK_H

/*
 * served_book.h -- a ledger, its view and a service over them in one thread: what the
 * daemon does with threads, done by plain calls.
 *
 * Events, requests and replies are proto3 JSON, with ' for " so that they read well in
 * C.  Whatever goes wrong in setting up aborts.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "ledger/ledger.h"
#include "service/service.h"

#include "tmpdir.h"

struct served_book {
	char dir[TMPDIR_BYTES];
	struct dbk_ledger *ledger;
	struct dbk_view *view;
	struct dbk_effects effects;
	struct dbk_service_port port;
	struct dbk_service *service;
	struct dbk_service_answer answer; /* to the last call */
	struct dbk_buf reply;		  /* its bytes */
	struct dbk_buf text;		  /* its JSON, with a terminator */

	/* What the port does. */
	bool has_no_view;
	bool is_stopping;
	bool view_lags; /* the view does not learn of the newest group */
	struct dbk_service_status status;
	int64_t now_us; /* by the clock on the wall */

	/* What it saw. */
	unsigned asked, held, released, waited;
	uint64_t waited_for;
	int64_t waited_until;
	void (*before_ask)(struct served_book *book); /* may append; NULL: nothing */
};

void served_book_open(struct served_book *book);
void served_book_close(struct served_book *book);

/* Let SOURCE append EVENTS, members of a JSON array, as one group. */
void served_book_append(struct served_book *book, const char *source,
			const char *events);

/* The same with the bytes of an EventBatch. */
void served_book_append_bytes(struct served_book *book, const char *source,
			      struct dbk_str batch);

/* Records in the log. */
uint64_t served_book_size(const struct served_book *book);

/* Give the view everything that it has missed. */
void served_book_catch_up(struct served_book *book);

/*
 * Call METHOD ("GetAgent") with a request in JSON.  The reply as JSON, or
 * "CODE REASON field=value field=value" if the call did not end with OK; valid until
 * the next call.
 */
const char *served_book_call(struct served_book *book, const char *method,
			     const char *request);

/* The bytes of message NAME ("SubscribeRequest") from JSON; the caller gives OUT back.
 */
void served_book_message(const char *name, const char *json, struct dbk_buf *out);

/* The JSON of BYTES, a message NAME; in book->text. */
const char *served_book_text(struct served_book *book, const char *name,
			     struct dbk_str bytes);

/* "CODE REASON field=value ..." of an answer; in book->text. */
const char *served_book_status(struct served_book *book,
			       const struct dbk_service_answer *answer);

#endif
