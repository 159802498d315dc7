/*
 * payout.c -- requests for payouts, one at a time, of agents who have something.
 */

#include "bench/payout.h"

#include <stdio.h>

#define SOURCE "finance"
#define AMOUNT_GIVEN INT64_C(1000000000)
#define US_PER_SECOND 1000000

static uint8_t payee[] = "the payee of an agent";

/* Append EVENT alone, as of the book's first moment; it must be accepted. */
static void
append(struct ask *ask, const struct sales *sales, Daybook__V1__Event *event)
{
	Google__Protobuf__Timestamp at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	Daybook__V1__EventBatch batch = DAYBOOK__V1__EVENT_BATCH__INIT;
	Daybook__V1__AppendRequest request = DAYBOOK__V1__APPEND_REQUEST__INIT;
	static char source[] = SOURCE;
	uint8_t bytes[1024];
	Daybook__V1__AppendReply *reply;

	at.seconds = sales->first_us / US_PER_SECOND;
	event->effective_at = &at;
	batch.n_events = 1;
	batch.events = &event;
	if (daybook__v1__event_batch__get_packed_size(&batch) > sizeof bytes)
		bench_die("an event of finance is too long");
	request.batch.len = daybook__v1__event_batch__pack(&batch, bytes);
	request.batch.data = bytes;
	request.source = source;
	ask_call(ask, "Append", &request.base);
	reply = daybook__v1__append_reply__unpack(NULL, ask->reply.size,
						  ask->reply.bytes);
	if (reply == NULL || reply->n_results != 1 ||
	    reply->results[0]->outcome != DAYBOOK__V1__OUTCOME__ACCEPTED)
		bench_die("an event of finance was not accepted");
	daybook__v1__append_reply__free_unpacked(reply, NULL);
}

static void
verify(struct ask *ask, const struct sales *sales, char *agent)
{
	Daybook__V1__AgentVerified verified = DAYBOOK__V1__AGENT_VERIFIED__INIT;
	Daybook__V1__Event event = DAYBOOK__V1__EVENT__INIT;

	verified.agent = agent;
	verified.revision = 1;
	verified.payee_hash.data = payee;
	verified.payee_hash.len = sizeof payee;
	event.body_case = DAYBOOK__V1__EVENT__BODY_AGENT_VERIFIED;
	event.agent_verified = &verified;
	append(ask, sales, &event);
}

static void
give(struct ask *ask, const struct sales *sales, char *agent)
{
	Daybook__V1__ManualAdjustment given = DAYBOOK__V1__MANUAL_ADJUSTMENT__INIT;
	Daybook__V1__Event event = DAYBOOK__V1__EVENT__INIT;
	static char reason[] = "bench", one[] = "one", other[] = "other";

	given.adjustment = agent;
	given.agent = agent;
	given.amount = AMOUNT_GIVEN;
	given.reason = reason;
	given.approver1 = one;
	given.approver2 = other;
	event.body_case = DAYBOOK__V1__EVENT__BODY_MANUAL_ADJUSTMENT;
	event.manual_adjustment = &given;
	append(ask, sales, &event);
}

static void
name_agent(char out[16], uint64_t number)
{
	(void)snprintf(out, 16, "A%08u", (unsigned)(number % PAYOUT_AGENTS));
}

void
payout_prepare(struct ask *ask, const struct sales *sales)
{
	char agent[16];

	for (unsigned i = 0; i < PAYOUT_AGENTS && i < sales->agents; i++) {
		name_agent(agent, i);
		verify(ask, sales, agent);
		give(ask, sales, agent);
	}
}

void
payout_request(struct ask *ask, const struct sales *sales, uint64_t turn)
{
	Daybook__V1__PayoutRequested asked = DAYBOOK__V1__PAYOUT_REQUESTED__INIT;
	Daybook__V1__Event event = DAYBOOK__V1__EVENT__INIT;
	char agent[16], name[32];

	name_agent(agent, turn % sales->agents);
	(void)snprintf(name, sizeof name, "P%llu", (unsigned long long)turn);
	asked.payout = name;
	asked.agent = agent;
	asked.gross = 100;
	asked.payee_hash.data = payee;
	asked.payee_hash.len = sizeof payee;
	event.body_case = DAYBOOK__V1__EVENT__BODY_PAYOUT_REQUESTED;
	event.payout_requested = &asked;
	append(ask, sales, &event);
}
