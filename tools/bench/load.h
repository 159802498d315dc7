#ifndef TOOLS_BENCH_LOAD_H
#define TOOLS_BENCH_LOAD_H

/*
 * load.h -- a producer that streams the sales book to a daemon: batches through one
 * AppendStream, a number of them in flight.
 *
 * Requests are made while they are sent, into one buffer, so a producer needs little
 * memory and its CPU time includes the making.
 *
 * Thread: one producer belongs to one thread.
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "bench/bench.h"
#include "bench/latency.h"
#include "channel.h"

#define LOAD_WINDOW_MAX 64

struct load {
	struct sales sales;
	uint64_t next; /* number of the event that is made next */
	uint64_t acked;
	uint32_t batch_events;
	uint32_t window;
	uint32_t in_flight;
	uint64_t seq; /* of the next batch, which is signed; 0: neither numbered nor signed */
	uint64_t sent_batches, acked_batches;
	int64_t sent_ns[LOAD_WINDOW_MAX];
	struct latency latency; /* of batches, from send to reply */
	struct channel *channel;
	struct channel_stream *stream;
	struct dbk_buf events, request, reply;
};

/* Connect to ADDRESS; the next event is number NEXT. */
void load_open(struct load *load, struct bench *bench, const char *address,
	       uint64_t next);
void load_close(struct load *load);

/* How batches are sent from now on. */
void load_shape(struct load *load, uint32_t batch_events, uint32_t window);

/* Send until event number END is made, until SECONDS are over, or until *STOP (may be
 * NULL); then await every reply.  The events acknowledged. */
uint64_t load_run(struct load *load, uint64_t end, double seconds,
		  const atomic_bool *stop);

/* Send a few batches more and await nothing. */
void load_send_only(struct load *load);

/* Send the opening of the book, in the largest batches. */
void load_opening(struct load *load);

/*
 * Number and sign the batches to come.  FIRST_SEQ 0 registers a key for it, which takes
 * one batch; else it is where another load with that key has ended.
 */
void load_sign(struct load *load, uint64_t first_seq);

/* The ingest beside something else that is measured: batches of 1,000, 8 in flight, on
 * a thread of their own. */
struct load_flood {
	struct load load; /* opened, and closed, by the owner */
	pthread_t thread;
	atomic_bool stop;
	uint64_t events;
	double seconds;
};

/* Begin; a second has passed when this returns. */
void load_flood_start(struct load_flood *flood);

/* End it; a row of BENCH tells how fast it was. */
void load_flood_stop(struct load_flood *flood, struct bench *bench);

/* Write an AppendRequest of batch EVENTS into OUT. */
void load_request(struct dbk_buf *out, const struct dbk_buf *events);

/* What every client of the bench shows from now on. */
void load_token(const char *text);
void load_trust(const char *dir);     /* where ca.pem is */
const char *load_authorization(void); /* as a header; static memory */

/* Channel options of every client of the bench. */
struct channel_options load_options(void);

#endif
