#ifndef TOOLS_PAYOUT_PAYEES_H
#define TOOLS_PAYOUT_PAYEES_H

/*
 * payees.h -- where money is to go: keyed hashes of accounts, read from the log once.
 *
 * The hash of an agent is the one of its newest AgentVerified that has one; the hash of
 * a payout is the one that its PayoutRequested named, which the books compared with the
 * agent's at that moment.
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include <stddef.h>

#include <protobuf-c/protobuf-c.h>

#include "session.h"

enum payees_of { PAYEES_OF_AGENTS, PAYEES_OF_PAYOUTS };

struct payee {
	char *name;   /* of the agent, or the payout */
	size_t order; /* of the log: a later one counts */
	ProtobufCBinaryData hash;
};

struct payees {
	struct payee *list; /* by name, then by order */
	size_t count;
	size_t capacity;
};

/* One pass through the log; AGENT not NULL: only what names that agent.  Gives the exit
 * code; free OUT in any case. */
int payees_read(struct session *session, enum payees_of what, const char *agent,
		struct payees *out);

void payees_free(struct payees *payees);

/* The hash of NAME; NULL if there is none.  Borrowed. */
const ProtobufCBinaryData *payees_find(const struct payees *payees, const char *name);

/* For payees_read(), and for tests: add one, and make the list ready to be searched. */
void payees_add(struct payees *payees, const char *name, ProtobufCBinaryData hash);
void payees_sort(struct payees *payees);

#endif
