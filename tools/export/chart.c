#include "export/chart.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "diag.h"
#include "names.h"

#define US_PER_MINUTE (60 * 1000000LL)

/* ---------------------------------------------------------------------- the book */

/* The event that opened the book has its name and its days. */
static bool
take_event(const Daybook__V1__Event *event, struct chart *out)
{
	const Daybook__V1__BookOpened *opened;

	if (event == NULL || event->body_case != DAYBOOK__V1__EVENT__BODY_BOOK_OPENED)
		return false;
	opened = event->book_opened;
	(void)snprintf(out->book, sizeof out->book, "%s", opened->book);
	out->offset_us = opened->utc_offset_minutes * US_PER_MINUTE;
	if (event->effective_at != NULL) {
		out->opened_at.seconds = event->effective_at->seconds;
		out->opened_at.nanos = event->effective_at->nanos;
	}
	return true;
}

static int
take_opening(struct channel_stream *stream, struct chart *out)
{
	const Daybook__V1__SubscribeReply *reply = NULL;
	ProtobufCMessage *message = NULL;
	bool ended = false;
	int code = EXIT_OK;

	while (code == EXIT_OK && !ended) {
		code = session_next(stream, CHANNEL_NO_TIMEOUT,
				    &daybook__v1__subscribe_reply__descriptor, &message,
				    &ended);
		reply = (const Daybook__V1__SubscribeReply *)message;
		if (message == NULL)
			continue;
		if (reply->n_events > 0 && take_event(reply->events[0]->event, out))
			ended = true;
		protobuf_c_message_free_unpacked(message, NULL);
	}
	return code;
}

static int
read_opening(struct session *session, struct chart *out)
{
	Daybook__V1__SubscribeRequest request = DAYBOOK__V1__SUBSCRIBE_REQUEST__INIT;
	uint32_t type = DAYBOOK__V1__EVENT__BODY_BOOK_OPENED;
	struct channel_stream *stream;
	int code;

	request.types = &type;
	request.n_types = 1;
	request.limit = 1;
	request.stop_at_head = true;
	code = session_stream(session, "Subscribe", &request.base, &stream);
	if (code != EXIT_OK)
		return code;
	code = take_opening(stream, out);
	channel_stream_finish(stream);
	if (code == EXIT_OK && out->book[0] == '\0') {
		diag_error("the book is not open: there is nothing to export");
		return EXIT_FAILED;
	}
	return code;
}

static int
read_size(struct session *session, uint64_t *out)
{
	Daybook__V1__GetStatusRequest request = DAYBOOK__V1__GET_STATUS_REQUEST__INIT;
	ProtobufCMessage *reply;
	int code = session_call(session, "GetStatus", &request.base,
				&daybook__v1__status__descriptor, &reply);

	if (code != EXIT_OK)
		return code;
	*out = ((const Daybook__V1__Status *)reply)->size;
	protobuf_c_message_free_unpacked(reply, NULL);
	return EXIT_OK;
}

/* -------------------------------------------------------------------- the balances */

static int
trial_balance(struct session *session, uint64_t size, Daybook__V1__TrialBalance **out)
{
	Daybook__V1__GetTrialBalanceRequest request =
	    DAYBOOK__V1__GET_TRIAL_BALANCE_REQUEST__INIT;
	Daybook__V1__AsOf as_of = DAYBOOK__V1__AS_OF__INIT;
	ProtobufCMessage *reply;
	int code;

	as_of.kind_case = DAYBOOK__V1__AS_OF__KIND_SIZE;
	as_of.size = size;
	request.as_of = &as_of;
	request.at_least_size = size;
	code = session_call(session, "GetTrialBalance", &request.base,
			    &daybook__v1__trial_balance__descriptor, &reply);
	if (code == EXIT_OK)
		*out = (Daybook__V1__TrialBalance *)reply;
	return code;
}

static int
take_codes(const Daybook__V1__TrialBalance *balance, struct chart *out)
{
	(void)snprintf(out->currency, sizeof out->currency, "%s", balance->currency);
	out->exponent = balance->exponent;
	if (balance->n_lines > CHART_CODES_MAX) {
		diag_error("the chart of accounts has more than %d codes",
			   CHART_CODES_MAX);
		return EXIT_FAILED;
	}
	for (size_t i = 0; i < balance->n_lines; i++) {
		const Daybook__V1__TrialBalanceLine *line = balance->lines[i];
		struct chart_code *code = &out->codes[out->count++];

		code->number = line->code;
		code->closing = line->balance;
		code->debits = line->debits;
		code->credits = line->credits;
		(void)snprintf(code->name, sizeof code->name, "%s", line->name);
		(void)snprintf(code->kind, sizeof code->kind, "%s", line->kind);
	}
	return EXIT_OK;
}

static int
take_openings(const Daybook__V1__TrialBalance *balance, struct chart *out)
{
	for (size_t i = 0; i < balance->n_lines; i++) {
		struct chart_code *code = chart_find(out, balance->lines[i]->code);

		if (code == NULL)
			return EXIT_FAILED;
		code->opening = code->counted = balance->lines[i]->balance;
	}
	return EXIT_OK;
}

static int
read_balances(struct session *session, struct chart *out)
{
	Daybook__V1__TrialBalance *balance;
	int code = trial_balance(session, out->to, &balance);

	if (code != EXIT_OK)
		return code;
	code = take_codes(balance, out);
	daybook__v1__trial_balance__free_unpacked(balance, NULL);
	if (code != EXIT_OK || out->from == 0)
		return code;
	code = trial_balance(session, out->from, &balance);
	if (code != EXIT_OK)
		return code;
	code = take_openings(balance, out);
	daybook__v1__trial_balance__free_unpacked(balance, NULL);
	return code;
}

int
chart_read(struct session *session, uint64_t from, uint64_t to, struct chart *out)
{
	uint64_t size;
	int code;

	*out = (struct chart){ .from = from };
	code = read_size(session, &size);
	if (code != EXIT_OK)
		return code;
	out->to = to == CHART_TO_END ? size : to;
	if (out->to > size) {
		diag_error("--to %" PRIu64 ": the log has %" PRIu64 " records", to,
			   size);
		return EXIT_USAGE;
	}
	if (from > out->to) {
		diag_error("--from %" PRIu64 " lies behind the end, %" PRIu64, from,
			   out->to);
		return EXIT_USAGE;
	}
	code = read_opening(session, out);
	return code == EXIT_OK ? read_balances(session, out) : code;
}

/* ------------------------------------------------------------------------ counting */

struct chart_code *
chart_find(struct chart *chart, uint32_t number)
{
	for (size_t i = 0; i < chart->count; i++) {
		if (chart->codes[i].number == number)
			return &chart->codes[i];
	}
	diag_error("the trial balance has no code %" PRIu32, number);
	return NULL;
}

int
chart_check(const struct chart *chart)
{
	for (size_t i = 0; i < chart->count; i++) {
		const struct chart_code *code = &chart->codes[i];

		if (code->counted == code->closing)
			continue;
		diag_error("%" PRIu32 " %s: the postings come to %" PRId64
			   ", the trial balance says %" PRId64,
			   code->number, code->name, code->counted, code->closing);
		return EXIT_FAILED;
	}
	return EXIT_OK;
}
