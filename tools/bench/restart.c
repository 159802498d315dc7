/*
 * restart.c -- a large book, killed while it is written, and the time until it answers.
 */

#include <stdio.h>

#include "bench/ask.h"
#include "bench/load.h"
#include "bench/process.h"

#define GOAL_SECONDS 5.0
#define BATCH_EVENTS 10000u

static double
first_answer(struct process *process)
{
	double begin = bench_now();
	struct ask ask;

	ask_open(&ask, process->tcp);
	daybook__v1__status__free_unpacked(ask_status(&ask), NULL);
	ask_close(&ask);
	return bench_now() - begin;
}

/* Fill the book and leave the load's connection open: the kill comes under way. */
static void
fill(struct bench *bench, struct process *process, struct load *load)
{
	double begin = bench_now(), seconds, resident;
	char what[64];

	load_opening(load);
	resident = process_resident(process->pid);
	begin = bench_now();
	load_shape(load, BATCH_EVENTS, 4);
	(void)load_run(load, bench->restart_events, 1e9, NULL);
	seconds = bench_now() - begin;
	(void)snprintf(what, sizeof what, "filling it with %.1f million events",
		       (double)bench->restart_events / 1e6);
	bench_row(bench, what, (double)bench->restart_events / seconds, "events/s",
		  NULL);
	bench_row(bench, "memory of the daemon", process_resident(process->pid) / 1e6,
		  "MB", NULL);
	bench_row(bench, "  of this for each sale",
		  (process_resident(process->pid) - resident) /
		      (double)bench->restart_events,
		  "bytes", NULL);
}

void
bench_restart(struct bench *bench)
{
	struct bench_scale goal = { .goal = GOAL_SECONDS, .goal_is_max = true };
	struct process process;
	struct load load;
	double ready, answer;

	bench_table(bench, "restart: kill -9 under load");
	process_start(bench, "restart", &process);
	load_open(&load, bench, process.tcp, 0);
	fill(bench, &process, &load);
	load_send_only(&load);
	process_kill(&process);
	load_close(&load);
	process_start(bench, "restart", &process);
	ready = process.ready_seconds;
	answer = ready + first_answer(&process);
	bench_row(bench, "records from saved books", process.loaded, "events", NULL);
	bench_row(bench, "records replayed", process.replayed, "events", NULL);
	bench_row(bench, "start to the ready line", ready, "s", &goal);
	bench_row(bench, "start to the first answer", answer, "s", &goal);
	bench_row(bench, "memory after the restart",
		  process_resident(process.pid) / 1e6, "MB", NULL);
	process_stop(&process);
	process_remove(&process);
}
