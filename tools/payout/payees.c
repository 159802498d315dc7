#include "payees.h"

#include <stdlib.h>
#include <string.h>

#include <daybook/v1/service.pb-c.h>

#include "base/assert.h"

void
payees_add(struct payees *payees, const char *name, ProtobufCBinaryData hash)
{
	struct payee *payee;

	if (payees->count == payees->capacity) {
		payees->capacity = payees->capacity == 0 ? 1024 : payees->capacity * 2;
		payees->list =
		    reallocarray(payees->list, payees->capacity, sizeof *payees->list);
		dbk_assert(payees->list != NULL);
	}
	payee = &payees->list[payees->count];
	payee->name = strdup(name);
	payee->order = payees->count++;
	payee->hash.len = hash.len;
	payee->hash.data = malloc(hash.len + 1);
	dbk_assert(payee->name != NULL && payee->hash.data != NULL);
	if (hash.len > 0)
		memcpy(payee->hash.data, hash.data, hash.len);
}

static int
compare(const void *a, const void *b)
{
	const struct payee *x = a, *y = b;
	int names = strcmp(x->name, y->name);

	if (names != 0)
		return names;
	return x->order < y->order ? -1 : x->order > y->order;
}

void
payees_sort(struct payees *payees)
{
	if (payees->count > 0)
		qsort(payees->list, payees->count, sizeof *payees->list, compare);
}

const ProtobufCBinaryData *
payees_find(const struct payees *payees, const char *name)
{
	size_t low = 0, high = payees->count;

	/* The place behind the last one of this name. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(payees->list[middle].name, name) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || strcmp(payees->list[low - 1].name, name) != 0)
		return NULL;
	return &payees->list[low - 1].hash;
}

void
payees_free(struct payees *payees)
{
	for (size_t i = 0; i < payees->count; i++) {
		free(payees->list[i].name);
		free(payees->list[i].hash.data);
	}
	free(payees->list);
	memset(payees, 0, sizeof *payees);
}

/* ------------------------------------------------------------------------- the log */

static void
take_record(struct payees *payees, const Daybook__V1__LoggedEvent *record)
{
	const Daybook__V1__Event *event = record->event;

	if (event == NULL)
		return;
	if (event->body_case == DAYBOOK__V1__EVENT__BODY_AGENT_VERIFIED &&
	    event->agent_verified->payee_hash.len > 0)
		payees_add(payees, event->agent_verified->agent,
			   event->agent_verified->payee_hash);
	if (event->body_case == DAYBOOK__V1__EVENT__BODY_PAYOUT_REQUESTED)
		payees_add(payees, event->payout_requested->payout,
			   event->payout_requested->payee_hash);
}

static int
take_stream(struct channel_stream *stream, struct payees *payees)
{
	for (;;) {
		const Daybook__V1__SubscribeReply *reply;
		ProtobufCMessage *message;
		bool ended;
		int code = session_next(stream, CHANNEL_NO_TIMEOUT,
					&daybook__v1__subscribe_reply__descriptor,
					&message, &ended);

		if (code != EXIT_OK || ended)
			return code;
		if (message == NULL)
			continue;
		reply = (const Daybook__V1__SubscribeReply *)message;
		for (size_t i = 0; i < reply->n_events; i++)
			take_record(payees, reply->events[i]);
		protobuf_c_message_free_unpacked(message, NULL);
	}
}

int
payees_read(struct session *session, enum payees_of what, const char *agent,
	    struct payees *out)
{
	Daybook__V1__SubscribeRequest request = DAYBOOK__V1__SUBSCRIBE_REQUEST__INIT;
	uint32_t type = what == PAYEES_OF_AGENTS
			    ? DAYBOOK__V1__EVENT__BODY_AGENT_VERIFIED
			    : DAYBOOK__V1__EVENT__BODY_PAYOUT_REQUESTED;
	struct channel_stream *stream;
	int code;

	memset(out, 0, sizeof *out);
	request.types = &type;
	request.n_types = 1;
	request.stop_at_head = true;
	request.agent = (char *)agent;
	code = session_stream(session, "Subscribe", &request.base, &stream);
	if (code != EXIT_OK)
		return code;
	code = take_stream(stream, out);
	channel_stream_finish(stream);
	payees_sort(out);
	return code;
}
