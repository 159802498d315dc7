#include "bench/load.h"

#include <stdio.h>
#include <string.h>

#include "daybook/v1/service.pb-c.h"

#include "event/seal.h"

#define APPEND_STREAM "/daybook.v1.Daybook/AppendStream"
#define OPENING_BATCH 10000u

/* Fields of AppendRequest and AppendReply on the wire. */
enum {
	TAG_SOURCE = 1 << 3 | 2,
	TAG_BATCH_SEQ = 2 << 3,
	TAG_BATCH = 3 << 3 | 2,
	TAG_SIGNATURE = 6 << 3 | 2,
	TAG_RESULTS = 3 << 3 | 2
};
enum { TAG_OUTCOME = 1 << 3, OUTCOME_ACCEPTED = 1 };

static const char source[] = "bench";
static const char book[] = "sales"; /* which the opening opens */
static const unsigned char seed[DBK_SIGN_SEED_BYTES] =
    "not a secret: the key of benches";

static char token[80]; /* of the only daemon that runs */
static char ca[BENCH_PATH_BYTES + 16];

void
load_token(const char *text)
{
	(void)snprintf(token, sizeof token, "%s", text);
}

void
load_trust(const char *dir)
{
	(void)snprintf(ca, sizeof ca, "%s/ca.pem", dir);
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
		.ca = ca[0] == '\0' ? NULL : ca,
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

/* The text that is signed of the events at hand. */
static void
put_text(const struct load *load, struct dbk_buf *out)
{
	struct dbk_cursor at = dbk_cursor_make(load->events.bytes, load->events.size);
	struct dbk_seal_text text = { .book = dbk_str_of(book),
				      .source = dbk_str_of(source),
				      .batch_seq = load->seq };
	struct dbk_seal_digest digest;

	dbk_seal_digest_init(&digest);
	while (dbk_cursor_left(&at) > 0 && dbk_cursor_varint(&at) != 0) {
		uint64_t size = dbk_cursor_varint(&at);

		dbk_seal_digest_event(&digest,
				      dbk_str_make(dbk_cursor_take(&at, size), size));
		text.events++;
	}
	dbk_seal_digest_final(&digest, text.digest);
	dbk_seal_put_text(&text, out);
}

/* Number and sign the request at hand. */
static void
sign_request(struct load *load)
{
	unsigned char signature[DBK_SIGNATURE_BYTES];
	struct dbk_buf text;

	dbk_buf_init(&text);
	put_text(load, &text);
	if (dbk_buf_failed(&text))
		bench_die("no memory for a signature");
	dbk_sign(seed, text.bytes, text.size, signature);
	dbk_buf_fini(&text);
	dbk_buf_put_varint(&load->request, TAG_BATCH_SEQ);
	dbk_buf_put_varint(&load->request, load->seq++);
	dbk_buf_put_varint(&load->request, TAG_SIGNATURE);
	dbk_buf_put_varint(&load->request, sizeof signature);
	dbk_buf_put(&load->request, signature, sizeof signature);
	if (dbk_buf_failed(&load->request))
		bench_die("no memory for a request");
}

static void
send_request(struct load *load)
{
	struct dbk_error error = { 0 };
	bool open = false;

	load_request(&load->request, &load->events);
	if (load->seq != 0)
		sign_request(load);
	load->sent_ns[load->sent_batches++ % LOAD_WINDOW_MAX] = bench_now_ns();
	bench_must(
	    channel_stream_send(load->stream,
				dbk_str_make(load->request.bytes, load->request.size),
				&open, &error),
	    &error, "send");
	if (!open)
		bench_die("the daemon ended the stream");
	load->in_flight++;
}

static void
send_batch(struct load *load, uint32_t n)
{
	dbk_buf_reset(&load->events);
	sales_put_many(&load->sales, load->next, n, &load->events);
	send_request(load);
	load->next += n;
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

/* The event that registers the key, as a batch. */
static void
put_key(struct load *load)
{
	Daybook__V1__SourceRegistered body = DAYBOOK__V1__SOURCE_REGISTERED__INIT;
	Google__Protobuf__Timestamp at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	Daybook__V1__Event event = DAYBOOK__V1__EVENT__INIT;
	Daybook__V1__Event *events[] = { &event };
	Daybook__V1__EventBatch batch = DAYBOOK__V1__EVENT_BATCH__INIT;
	unsigned char key[DBK_SIGN_PUBLIC_BYTES];

	dbk_sign_public(seed, key);
	body.source = (char *)source;
	body.revision = 1;
	body.ed25519_public_key.data = key;
	body.ed25519_public_key.len = sizeof key;
	at.seconds = sales_time_us(&load->sales, load->next) / 1000000;
	event.effective_at = &at;
	event.body_case = DAYBOOK__V1__EVENT__BODY_SOURCE_REGISTERED;
	event.source_registered = &body;
	batch.events = events;
	batch.n_events = 1;
	dbk_buf_reset(&load->events);
	if (!dbk_buf_reserve(&load->events,
			     daybook__v1__event_batch__get_packed_size(&batch)))
		bench_die("no memory for a key");
	load->events.size = daybook__v1__event_batch__pack(&batch, load->events.bytes);
}

void
load_sign(struct load *load, uint64_t first_seq)
{
	if (first_seq == 0) {
		put_key(load);
		send_request(load);
		while (load->in_flight > 0)
			take_reply(load);
		load->acked--;
	}
	load->seq = first_seq == 0 ? 1 : first_seq;
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

static void *
run_flood(void *context)
{
	struct load_flood *flood = context;
	double begin = bench_now();

	flood->events = load_run(&flood->load, UINT64_MAX, 1e9, &flood->stop);
	flood->seconds = bench_now() - begin;
	return NULL;
}

void
load_flood_start(struct load_flood *flood)
{
	load_shape(&flood->load, 1000, 8);
	(void)load_run(&flood->load, UINT64_MAX, 1, NULL);
	atomic_store(&flood->stop, false);
	if (pthread_create(&flood->thread, NULL, run_flood, flood) != 0)
		bench_die("no thread");
}

void
load_flood_stop(struct load_flood *flood, struct bench *bench)
{
	atomic_store(&flood->stop, true);
	(void)pthread_join(flood->thread, NULL);
	bench_row(bench, "ingest meanwhile", (double)flood->events / flood->seconds,
		  "events/s", NULL);
}
