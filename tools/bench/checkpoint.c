/*
 * checkpoint.c -- how long what is acknowledged waits for a signature that covers it:
 * with nothing else going on, and while another connection appends as fast as it can.
 */

#include "bench/ask.h"
#include "bench/load.h"
#include "bench/process.h"

/* src/proof/TRUST.md, section 1. */
#define GOAL_MS 250.0

/* A pause that is no multiple of the daemon's. */
#define PAUSE_SECONDS 0.037

/* Whatever the log holds now has just been acknowledged, or is about to be. */
static void
wait_for_signature(struct ask *ask, struct latency *latency)
{
	Daybook__V1__GetCheckpointRequest request =
	    DAYBOOK__V1__GET_CHECKPOINT_REQUEST__INIT;
	Daybook__V1__Status *status = ask_status(ask);
	int64_t begin = bench_now_ns();

	request.at_least_size = status->size;
	ask_call(ask, "GetCheckpoint", &request.base);
	latency_add(latency, bench_now_ns() - begin);
	daybook__v1__status__free_unpacked(status, NULL);
}

static void
measure_quiet(struct bench *bench, struct ask *ask, struct load *load)
{
	static struct latency latency;
	double until = bench_now() + bench->seconds;

	load_shape(load, 1, 1);
	while (bench_now() < until) {
		(void)load_run(load, load->next + 1, 1e9, NULL);
		wait_for_signature(ask, &latency);
		bench_sleep(PAUSE_SECONDS);
	}
	latency_rows(&latency, bench, "one event at a time", GOAL_MS);
}

static void
measure_flood(struct bench *bench, struct ask *ask, struct load_flood *flood)
{
	static struct latency latency;
	double until;

	load_flood_start(flood);
	until = bench_now() + bench->seconds;
	while (bench_now() < until) {
		wait_for_signature(ask, &latency);
		bench_sleep(PAUSE_SECONDS);
	}
	load_flood_stop(flood, bench);
	latency_rows(&latency, bench, "batches of 1,000, 8 in flight", GOAL_MS);
}

void
bench_checkpoint(struct bench *bench)
{
	static struct load_flood flood;
	struct process process;
	struct ask ask;

	bench_table(bench, "checkpoint: from acknowledged to signed");
	process_start(bench, "checkpoint", &process);
	load_open(&flood.load, bench, process.tcp, 0);
	ask_open(&ask, process.tcp);
	load_opening(&flood.load);
	measure_quiet(bench, &ask, &flood.load);
	measure_flood(bench, &ask, &flood);
	load_close(&flood.load);
	ask_close(&ask);
	process_stop(&process);
	process_remove(&process);
}
