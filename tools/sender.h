#ifndef TOOLS_SENDER_H
#define TOOLS_SENDER_H

/*
 * sender.h -- batches to the daemon, several in flight, each answered exactly once.
 *
 * The happy path: sender_batch() lends an empty batch, sender_submit() puts it on the
 * stream and waits only while the window is full; replies come in the order of the
 * batches and are handed to the owner's function; sender_drain() waits for the rest.
 *
 * When the stream ends early (the connection is lost, or the daemon is too busy, stops
 * or is full) nobody knows which of the batches in flight were written.  They are kept
 * until they are answered.  The sender connects again, with growing pauses, asks
 * GetSource for the last batch of this source and sends every unanswered batch again
 * under its own number: the daemon answers those it has with their first reply and
 * takes the others.  So nothing is written twice and nothing is lost.  It gives up when
 * retry_s have passed without any reply.
 *
 * Two answers show that another producer uses the same name: a first delivery that is
 * called a repeat, and a last batch beyond what was sent.  Both end the sender, because
 * the daemon has then taken the other's batch for ours.
 *
 * Batches without numbers are sent again too; there the events' keys alone keep them
 * from being written twice.
 *
 * Thread: belongs to one thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/v1/service.pb-c.h>

#include "batch.h"
#include "cli.h"

struct sender;

/* Batches in flight at most. */
#define SENDER_WINDOW_MAX 64

struct sender_options {
	const struct cli_common *common;
	const char *source;
	/* Numbered batches are signed by this key (DBK_SIGN_SEED_BYTES) as of BOOK, if it
	 * is not NULL; borrowed. */
	const unsigned char *seed;
	const char *book;
	bool numbered;
	bool atomic;
	bool dry_run;
	bool quiet;
	uint32_t window;
	uint64_t retry_s;
	/* The reply to BATCH; its results are as many as the batch's events. */
	void (*replied)(void *context, const struct batch *batch,
			const Daybook__V1__AppendReply *reply);
	/* About ten times a second while the sender waits. */
	void (*waiting)(void *context);
	void *context;
};

/* Connect and ask for the last batch.  EXIT_OK, or what to exit with. */
int sender_open(const struct sender_options *options, struct sender **out);

/* NULL is nothing. */
void sender_close(struct sender *sender);

/* An empty batch to fill. */
struct batch *sender_batch(struct sender *sender);

/* Send the lent batch, if it holds anything. */
int sender_submit(struct sender *sender);

/* Take the replies that are there already. */
int sender_poll(struct sender *sender);

/* Wait for all replies; after an interrupt only for a few seconds. */
int sender_drain(struct sender *sender);

/* Batches that are not answered. */
uint32_t sender_in_flight(const struct sender *sender);

#endif
