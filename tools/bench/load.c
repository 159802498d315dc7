#include "bench/load.h"

#include <stdio.h>
#include <string.h>

#include "daybook/v1/service.pb-c.h"

#define APPEND_STREAM "/daybook.v1.Daybook/AppendStream"
#define OPENING_BATCH 10000u

/* Fields of AppendRequest and AppendReply on the wire. */
enum { TAG_SOURCE = 1 << 3 | 2, TAG_BATCH = 3 << 3 | 2, TAG_RESULTS = 3 << 3 | 2 };
enum { TAG_OUTCOME = 1 << 3, OUTCOME_ACCEPTED = 1 };

static const char source[] = "bench";

static char token[80]; /* of the only daemon that runs */

void
load_token(const char *text)
{
	(void)snprintf(token, sizeof token, "%s", text);
}

const char *
load_authorization(void)
{
	static char header[sizeof token + 8];

	(void)snprintf(header, sizeof header, "Bearer %s", token);
	return header;
}

struct channel_options
load_options(void)
{
	return (struct channel_options){
		.token = token,
		.connect_timeout_ns = CHANNEL_NO_TIMEOUT,
		.call_timeout_ns = CHANNEL_NO_TIMEOUT,
	};
}

void
load_request(struct dbk_buf *out, const struct dbk_buf *events)
{
	dbk_buf_reset(out);
	dbk_buf_put_varint(out, TAG_SOURCE);
	dbk_buf_put_varint(out, sizeof source - 1);
	dbk_buf_put(out, source, sizeof source - 1);
	dbk_buf_put_varint(out, TAG_BATCH);
	dbk_buf_put_varint(out, events->size);
	dbk_buf_put(out, events->bytes, events->size);
	if (dbk_buf_failed(out) || dbk_buf_failed(events))
		bench_die("no memory for a request");
}

void
load_open(struct load *load, struct bench *bench, const char *address, uint64_t next)
{
	struct channel_options options = load_options();
	struct dbk_error error = { 0 };

	memset(load, 0, sizeof *load);
	load->sales = bench->sales;
	load->next = next;
	load_shape(load, 1000, 8);
	dbk_buf_init(&load->events);
	dbk_buf_init(&load->request);
	dbk_buf_init(&load->reply);
	bench_must(channel_open(address, &options, &load->channel, &error), &error,
		   "connect");
	bench_must(channel_stream_start(load->channel, APPEND_STREAM, false,
					&load->stream, &error),
		   &error, "stream");
}

void
load_close(struct load *load)
{
	channel_stream_finish(load->stream);
	channel_close(load->channel);
	dbk_buf_fini(&load->events);
	dbk_buf_fini(&load->request);
	dbk_buf_fini(&load->reply);
}

void
load_shape(struct load *load, uint32_t batch_events, uint32_t window)
{
	load->batch_events = batch_events;
	load->window = window;
	latency_reset(&load->latency);
}

static void
send_batch(struct load *load, uint32_t n)
{
	struct dbk_error error = { 0 };
	bool open = false;

	dbk_buf_reset(&load->events);
	sales_put_many(&load->sales, load->next, n, &load->events);
	load_request(&load->request, &load->events);
	load->sent_ns[load->sent_batches++ % LOAD_WINDOW_MAX] = bench_now_ns();
	bench_must(
	    channel_stream_send(load->stream,
				dbk_str_make(load->request.bytes, load->request.size),
				&open, &error),
	    &error, "send");
	if (!open)
		bench_die("the daemon ended the stream");
	load->next += n;
	load->in_flight++;
}

/* Events in a reply; every one must be accepted. */
static uint64_t
count_accepted(const struct dbk_buf *reply)
{
	struct dbk_cursor at = dbk_cursor_make(reply->bytes, reply->size);
	uint64_t n = 0;

	while (dbk_cursor_left(&at) > 0 && !at.failed) {
		uint64_t tag = dbk_cursor_varint(&at), value = dbk_cursor_varint(&at);
		const unsigned char *bytes;

		if ((tag & 7) != 2)
			continue;
		bytes = dbk_cursor_take(&at, value);
		if (tag != TAG_RESULTS)
			continue;
		if (value < 2 || bytes == NULL || bytes[0] != TAG_OUTCOME ||
		    bytes[1] != OUTCOME_ACCEPTED)
			bench_die("an event was not accepted");
		n++;
	}
	return n;
}

static void
take_reply(struct load *load)
{
	struct dbk_error error = { 0 };
	enum channel_event event;
	int64_t sent;

	bench_must(channel_stream_recv(load->stream, CHANNEL_NO_TIMEOUT, &load->reply,
				       &event, &error),
		   &error, "receive");
	if (event != CHANNEL_MESSAGE)
		bench_die("the daemon ended the stream: %.*s",
			  (int)channel_stream_status(load->stream)->message.size,
			  channel_stream_status(load->stream)->message.bytes);
	sent = load->sent_ns[load->acked_batches++ % LOAD_WINDOW_MAX];
	latency_add(&load->latency, bench_now_ns() - sent);
	load->acked += count_accepted(&load->reply);
	load->in_flight--;
}

uint64_t
load_run(struct load *load, uint64_t end, double seconds, const atomic_bool *stop)
{
	double until = bench_now() + seconds;
	uint64_t acked = load->acked;

	while (load->next < end && bench_now() < until &&
	       (stop == NULL || !atomic_load(stop))) {
		uint64_t left = end - load->next;

		send_batch(load, left < load->batch_events ? (uint32_t)left
							   : load->batch_events);
		if (load->in_flight >= load->window)
			take_reply(load);
	}
	while (load->in_flight > 0)
		take_reply(load);
	return load->acked - acked;
}

void
load_send_only(struct load *load)
{
	while (load->in_flight < load->window)
		send_batch(load, load->batch_events);
}

void
load_opening(struct load *load)
{
	load_shape(load, OPENING_BATCH, 4);
	(void)load_run(load, sales_opening_size(&load->sales), 1e9, NULL);
}
