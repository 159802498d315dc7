#include "sender.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"
#include "clock.h"
#include "event/seal.h"
#include "interrupt.h"
#include "session.h"

/* How long one wait lasts before somebody looks at the clock and at signals. */
#define WAIT_NS (CLOCK_NS_PER_SECOND / 10)

/* Pauses before connecting again: doubled each time up to the second. */
#define PAUSE_FIRST_NS (CLOCK_NS_PER_SECOND / 20)
#define PAUSE_MAX_NS (2 * CLOCK_NS_PER_SECOND)

/* After Ctrl-C replies are awaited for this long. */
#define INTERRUPTED_NS (5 * CLOCK_NS_PER_SECOND)

/* What one step came to, beside an exit code in the sender. */
enum step {
	STEP_GOOD,
	STEP_NOTHING, /* nothing came in that time */
	STEP_AGAIN,   /* the stream is gone; connecting again may help */
	STEP_FAILED   /* it will not; the sender has its exit code */
};

struct sender {
	struct sender_options options;
	struct channel *channel;
	struct channel_stream *stream;
	/* A ring: first .. first + in_flight - 1 are not answered, the one behind them
	 * is lent. */
	struct batch ring[SENDER_WINDOW_MAX + 1];
	uint32_t first;
	uint32_t in_flight;
	uint32_t sent; /* of those in flight, on this stream */
	uint64_t next_seq;
	int64_t progress_ns; /* when the last reply came */
	int64_t trouble_ns;  /* when the stream went away first, since that reply */
	int64_t pause_ns; /* before the next connection; 0: the last one was of use */
	int exit_code; /* once it has failed; nothing is tried again then */
	struct dbk_error why; /* why the stream is gone */
	struct dbk_buf request;
	struct dbk_buf reply;
};

static enum step
failed(struct sender *s, int exit_code)
{
	s->exit_code = exit_code;
	return STEP_FAILED;
}

static struct batch *
batch_at(struct sender *s, uint32_t index)
{
	return &s->ring[(s->first + index) % (SENDER_WINDOW_MAX + 1)];
}

/* --------------------------------------------------------------------- connecting */

/* True if the same request may go well a little later. */
static bool
is_passing(enum dbk_grpc_code code)
{
	return code == DBK_GRPC_UNAVAILABLE || code == DBK_GRPC_RESOURCE_EXHAUSTED;
}

static enum step
ended(struct sender *s, const struct channel_status *status)
{
	struct dbk_grpc_status end = session_status(status);

	if (!is_passing(end.code) && end.code != DBK_GRPC_OK)
		return failed(s, diag_status(&end));
	(void)dbk_error_set(&s->why, DBK_FAILED_NETWORK, "%.*s", (int)end.message.size,
			    end.message.size == 0 ? "" : end.message.bytes);
	if (end.message.size == 0)
		(void)dbk_error_set(&s->why, DBK_FAILED_NETWORK,
				    "the server ended the stream: %s",
				    dbk_grpc_status_name(end.code));
	return STEP_AGAIN;
}

static void
disconnect(struct sender *s)
{
	channel_stream_finish(s->stream);
	channel_close(s->channel);
	s->stream = NULL;
	s->channel = NULL;
	for (uint32_t i = 0; i < s->sent; i++)
		batch_at(s, i)->may_be_known = true;
	s->sent = 0;
}

/*
 * The daemon's last batch must lie between the last one it answered and the last one it
 * can have got.  Below, it has lost what it had acknowledged; above, somebody else
 * speaks under our name.
 */
static enum step
check_last(struct sender *s, uint64_t last)
{
	uint64_t answered = s->next_seq - 1 - s->in_flight;

	if (s->next_seq == 0) {
		s->next_seq = last + 1;
		return STEP_GOOD;
	}
	if (last < answered) {
		diag_error("the book has lost batches of %s: its last is %" PRIu64
			   ", batch %" PRIu64 " was acknowledged",
			   s->options.source, last, answered);
		return failed(s, EXIT_FAILED);
	}
	if (last >= s->next_seq) {
		diag_error("another producer calls itself %s too: its batch %" PRIu64
			   " is there; use --source with a name of its own",
			   s->options.source, last);
		return failed(s, EXIT_FAILED);
	}
	for (uint32_t i = 0; i < s->in_flight; i++) {
		if (batch_at(s, i)->seq > last)
			batch_at(s, i)->may_be_known = false;
	}
	return STEP_GOOD;
}

static enum step
take_source(struct sender *s, const struct channel_status *status)
{
	Daybook__V1__Source *source;
	enum step step;

	if (status->code != DBK_GRPC_OK)
		return ended(s, status);
	source = daybook__v1__source__unpack(NULL, s->reply.size, s->reply.bytes);
	if (source == NULL) {
		diag_error("the server's reply is not a Source");
		return failed(s, EXIT_FAILED);
	}
	step = check_last(s, source->last_batch_seq);
	daybook__v1__source__free_unpacked(source, NULL);
	return step;
}

static enum step
ask_source(struct sender *s)
{
	Daybook__V1__GetSourceRequest request = DAYBOOK__V1__GET_SOURCE_REQUEST__INIT;
	struct channel_status status;
	char path[SESSION_PATH_BYTES];
	enum step step = STEP_AGAIN;

	request.source = (char *)s->options.source;
	dbk_buf_reset(&s->request);
	session_pack(&request.base, &s->request);
	session_path("GetSource", path);
	channel_status_init(&status);
	if (channel_call(s->channel, path,
			 dbk_str_make(s->request.bytes, s->request.size), &s->reply,
			 &status, &s->why) == DBK_OK)
		step = take_source(s, &status);
	channel_status_fini(&status);
	return step;
}

static enum step
connect_once(struct sender *s)
{
	struct channel_options options = session_options(s->options.common);
	char address[SESSION_ADDRESS_BYTES];
	char path[SESSION_PATH_BYTES];
	enum step step = STEP_GOOD;

	if (session_address(s->options.common, address, &s->why) != DBK_OK)
		return failed(s, diag_failure(&s->why));
	if (channel_open(address, &options, &s->channel, &s->why) != DBK_OK)
		return STEP_AGAIN;
	if (s->options.numbered)
		step = ask_source(s);
	if (step != STEP_GOOD)
		return step;
	session_path("AppendStream", path);
	if (channel_stream_start(s->channel, path, false, &s->stream, &s->why) !=
	    DBK_OK)
		return STEP_AGAIN;
	return STEP_GOOD;
}

/* Sleep, but not through an interrupt. */
static void
pause_for(struct sender *s, int64_t ns)
{
	int64_t end = clock_ns() + ns;

	while (clock_ns() < end && !interrupt_came()) {
		const struct timespec slice = { 0, PAUSE_FIRST_NS };

		(void)nanosleep(&slice, NULL);
		s->options.waiting(s->options.context);
	}
}

static int64_t
longer(int64_t pause_ns)
{
	if (pause_ns == 0)
		return PAUSE_FIRST_NS;
	return pause_ns * 2 < PAUSE_MAX_NS ? pause_ns * 2 : PAUSE_MAX_NS;
}

static enum step
connect_again(struct sender *s)
{
	int64_t patience = (int64_t)s->options.retry_s * CLOCK_NS_PER_SECOND;
	enum step step = STEP_AGAIN;

	disconnect(s);
	if (s->pause_ns == 0) {
		s->trouble_ns = clock_ns();
		if (!s->options.quiet)
			diag_error("%s; trying again", s->why.text);
	}
	while (step == STEP_AGAIN && clock_ns() - s->trouble_ns < patience &&
	       !interrupt_came()) {
		s->pause_ns = longer(s->pause_ns);
		pause_for(s, s->pause_ns);
		step = connect_once(s);
		if (step == STEP_AGAIN)
			disconnect(s);
	}
	if (step != STEP_AGAIN)
		return step;
	diag_error("%s; batches not acknowledged: %" PRIu32, s->why.text, s->in_flight);
	return failed(s, EXIT_FAILED);
}

/* ------------------------------------------------------------------------- sending */

static enum step
send_one(struct sender *s, const struct batch *batch)
{
	Daybook__V1__AppendRequest request = DAYBOOK__V1__APPEND_REQUEST__INIT;
	bool open;

	request.source = (char *)s->options.source;
	request.batch_seq = batch->seq;
	request.batch.data = batch->bytes.bytes;
	request.batch.len = batch->bytes.size;
	request.atomic = s->options.atomic;
	request.dry_run = s->options.dry_run;
	if (batch->is_signed) {
		request.signature.data = (uint8_t *)batch->signature;
		request.signature.len = sizeof batch->signature;
	}
	dbk_buf_reset(&s->request);
	session_pack(&request.base, &s->request);
	if (channel_stream_send(s->stream,
				dbk_str_make(s->request.bytes, s->request.size), &open,
				&s->why) != DBK_OK)
		return STEP_AGAIN;
	if (!open)
		return ended(s, channel_stream_status(s->stream));
	s->sent++;
	return STEP_GOOD;
}

static enum step
send_all(struct sender *s)
{
	enum step step = STEP_GOOD;

	while (step == STEP_GOOD && s->sent < s->in_flight)
		step = send_one(s, batch_at(s, s->sent));
	return step;
}

/* ----------------------------------------------------------------------- receiving */

static enum step
check_reply(struct sender *s, const struct batch *batch,
	    const Daybook__V1__AppendReply *reply)
{
	if (reply->repeated_batch && !batch->may_be_known) {
		diag_error("another producer calls itself %s too: batch %" PRIu64
			   " was there before it was sent; use --source with a name of "
			   "its own",
			   s->options.source, batch->seq);
		return failed(s, EXIT_FAILED);
	}
	if (reply->n_results == batch->count)
		return STEP_GOOD;
	diag_error("the server answers %zu events of a batch of %" PRIu32,
		   reply->n_results, batch->count);
	return failed(s, EXIT_FAILED);
}

static enum step
take_reply(struct sender *s)
{
	struct batch *batch = batch_at(s, 0);
	Daybook__V1__AppendReply *reply;
	enum step step;

	reply = daybook__v1__append_reply__unpack(NULL, s->reply.size, s->reply.bytes);
	if (reply == NULL || s->sent == 0) {
		diag_error("the server sends what is no reply to a batch");
		if (reply != NULL)
			daybook__v1__append_reply__free_unpacked(reply, NULL);
		return failed(s, EXIT_FAILED);
	}
	step = check_reply(s, batch, reply);
	if (step == STEP_GOOD) {
		s->progress_ns = clock_ns();
		s->pause_ns = 0;
		s->options.replied(s->options.context, batch, reply);
		s->first = (s->first + 1) % (SENDER_WINDOW_MAX + 1);
		s->in_flight--;
		s->sent--;
	}
	daybook__v1__append_reply__free_unpacked(reply, NULL);
	return step;
}

static enum step
receive(struct sender *s, int64_t wait_ns)
{
	enum channel_event event;

	if (channel_stream_recv(s->stream, wait_ns, &s->reply, &event, &s->why) !=
	    DBK_OK)
		return STEP_AGAIN;
	switch (event) {
	case CHANNEL_MESSAGE:
		return take_reply(s);
	case CHANNEL_ENDED:
		return ended(s, channel_stream_status(s->stream));
	case CHANNEL_NOTHING:
		return STEP_NOTHING;
	}
	return STEP_NOTHING;
}

/* A daemon that is there and does not answer is as good as gone, at the end. */
static enum step
wait_on(struct sender *s)
{
	int64_t silent = clock_ns() - s->progress_ns;

	s->options.waiting(s->options.context);
	if (interrupt_came() && silent > INTERRUPTED_NS)
		return failed(s, EXIT_FAILED);
	if (silent < (int64_t)s->options.common->timeout_s * CLOCK_NS_PER_SECOND)
		return STEP_NOTHING;
	diag_error("no answer for %" PRIu64 " s; batches not acknowledged: %" PRIu32,
		   s->options.common->timeout_s, s->in_flight);
	return failed(s, EXIT_FAILED);
}

/* Send and receive until at most LEFT batches are in flight. */
static int
pump(struct sender *s, uint32_t left)
{
	while (s->exit_code == EXIT_OK) {
		enum step step = send_all(s);

		if (step == STEP_GOOD && s->in_flight <= left)
			break;
		if (step == STEP_GOOD)
			step = receive(s, WAIT_NS);
		if (step == STEP_NOTHING)
			step = wait_on(s);
		if (step == STEP_AGAIN)
			(void)connect_again(s);
	}
	return s->exit_code;
}

/* ----------------------------------------------------------------------------- life */

int
sender_open(const struct sender_options *options, struct sender **out)
{
	struct sender *s = calloc(1, sizeof *s);
	enum step step;
	int code;

	dbk_assert(s != NULL && options->window >= 1 &&
		   options->window <= SENDER_WINDOW_MAX);
	s->options = *options;
	for (uint32_t i = 0; i <= SENDER_WINDOW_MAX; i++)
		batch_init(&s->ring[i]);
	dbk_buf_init(&s->request);
	dbk_buf_init(&s->reply);
	step = connect_once(s);
	if (step == STEP_GOOD) {
		s->progress_ns = clock_ns();
		*out = s;
		return EXIT_OK;
	}
	code = step == STEP_AGAIN ? diag_failure(&s->why) : s->exit_code;
	sender_close(s);
	return code;
}

void
sender_close(struct sender *s)
{
	if (s == NULL)
		return;
	channel_stream_finish(s->stream);
	channel_close(s->channel);
	for (uint32_t i = 0; i <= SENDER_WINDOW_MAX; i++)
		batch_fini(&s->ring[i]);
	dbk_buf_fini(&s->request);
	dbk_buf_fini(&s->reply);
	free(s);
}

struct batch *
sender_batch(struct sender *s)
{
	return batch_at(s, s->in_flight);
}

/* Once for as often as it may be sent. */
static void
sign(struct sender *s, struct batch *batch)
{
	struct dbk_seal_text text = { .book = dbk_str_of(s->options.book),
				      .source = dbk_str_of(s->options.source),
				      .batch_seq = batch->seq,
				      .atomic = s->options.atomic,
				      .events = batch->count };
	struct dbk_seal_digest digest;
	struct dbk_buf *lines = &s->request;

	dbk_seal_digest_init(&digest);
	for (uint32_t i = 0; i < batch->count; i++)
		dbk_seal_digest_event(&digest, batch_event_bytes(batch, i));
	dbk_seal_digest_final(&digest, text.digest);
	dbk_buf_reset(lines);
	dbk_seal_put_text(&text, lines);
	dbk_assert(!dbk_buf_failed(lines));
	dbk_sign(s->options.seed, lines->bytes, lines->size, batch->signature);
	batch->is_signed = true;
}

int
sender_submit(struct sender *s)
{
	struct batch *batch = sender_batch(s);
	int code;

	if (batch->count == 0 || s->exit_code != EXIT_OK)
		return s->exit_code;
	if (s->options.numbered)
		batch->seq = s->next_seq++;
	if (s->options.numbered && s->options.seed != NULL)
		sign(s, batch);
	/* The silence before the first batch in flight is nobody's fault. */
	if (s->in_flight++ == 0)
		s->progress_ns = clock_ns();
	code = pump(s, s->options.window - 1);
	if (code == EXIT_OK)
		batch_reset(sender_batch(s));
	return code;
}

int
sender_poll(struct sender *s)
{
	enum step step = STEP_GOOD;

	while (s->exit_code == EXIT_OK && step == STEP_GOOD && s->in_flight > 0)
		step = receive(s, 0);
	if (step == STEP_AGAIN)
		(void)connect_again(s);
	return s->exit_code;
}

int
sender_drain(struct sender *s)
{
	return pump(s, 0);
}

uint32_t
sender_in_flight(const struct sender *s)
{
	return s->in_flight;
}
