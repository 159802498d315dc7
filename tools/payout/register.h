#ifndef TOOLS_PAYOUT_REGISTER_H
#define TOOLS_PAYOUT_REGISTER_H

/*
 * register.h -- the payouts that a question finds, all pages of them, in memory.
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include <daybook/v1/service.pb-c.h>

#include "session.h"

struct payout_register {
	Daybook__V1__Payout **payouts; /* borrowed from the pages */
	size_t count;
	ProtobufCMessage **pages;
	size_t page_count;
	char currency[8];
	unsigned exponent;
	uint64_t size; /* of the log, when the first page was answered */
};

/* Ask; REQUEST has the filters, paging is filled in here.  Gives the exit code; free
 * OUT in any case. */
int register_fetch(struct session *session, Daybook__V1__ListPayoutsRequest *request,
		   struct payout_register *out);

void register_free(struct payout_register *payouts);

/* --state TEXT as a number; EXIT_USAGE with words if it is none.  NULL: any. */
int register_state(const char *text, Daybook__V1__PayoutState *out);

/* True if the payout is in one of COUNT batches NAMES; no names: any. */
bool register_is_of_batch(const Daybook__V1__Payout *payout, const char *const *names,
			  size_t count);

#endif
