/*
 * ingest.c -- sustained durable ingest through one stream.
 */

#include <stdio.h>

#include "bench/ask.h"
#include "bench/load.h"
#include "bench/process.h"
#include "bench/raw.h"

#define GOAL_EVENTS_PER_SECOND 300000.0
#define WARM_UP_SECONDS 1.0
#define FLOOR_SECONDS 0.7
#define OTHER_SECONDS 1.5

/* Three turns of floor and ingest. */
struct turns {
	double floor, per_second;
	double daemon_cpu, client_cpu; /* cores */
	double lag_records, lag_seconds;
};

static double
largest(const double v[3])
{
	double most = v[0] > v[1] ? v[0] : v[1];

	return most > v[2] ? most : v[2];
}

static void
run_turns(struct bench *bench, struct process *process, struct load *load,
	  struct ask *ask, double seconds, struct turns *out)
{
	double floor[3], rate[3], daemon[3], client[3], lag[3], behind[3];
	/* Single events share a commit, as many as there are under way. */
	uint32_t commit_events =
	    load->batch_events == 1 ? load->window : load->batch_events;

	for (unsigned i = 0; i < 3; i++) {
		double begin, took, cpu = process_cpu(process->pid);
		double own = process_cpu(0);
		uint64_t acked;

		floor[i] = raw_events_per_second(bench, commit_events, FLOOR_SECONDS);
		own = process_cpu(0);
		begin = bench_now();
		acked = load_run(load, UINT64_MAX, seconds, NULL);
		took = bench_now() - begin;
		rate[i] = (double)acked / took;
		daemon[i] = (process_cpu(process->pid) - cpu) / took;
		client[i] = (process_cpu(0) - own) / took;
		lag[i] = (double)ask_view_lag(ask);
		behind[i] = ask_await_view(ask);
	}
	out->floor = bench_median(floor);
	out->per_second = bench_median(rate);
	out->daemon_cpu = bench_median(daemon);
	out->client_cpu = bench_median(client);
	out->lag_records = largest(lag);
	out->lag_seconds = largest(behind);
}

static void
disk_rows(struct bench *bench, struct process *process, const double before[3],
	  double events, const char *how)
{
	static const char *const names[] = { "log", "views", "books" };
	struct bench_scale goal = { .goal = 600, .goal_is_max = true };
	double sum = 0;
	char what[64];

	for (unsigned i = 0; i < 3; i++) {
		double bytes = (process_disk(process, names[i]) - before[i]) / events;

		(void)snprintf(what, sizeof what, "  on disk, %s, %s", how, names[i]);
		bench_row(bench, what, bytes, "B/event", NULL);
		sum += i < 2 ? bytes : 0;
	}
	(void)snprintf(what, sizeof what, "  on disk, %s, log and views", how);
	bench_row(bench, what, sum, "B/event", &goal);
}

static void
disk_now(struct process *process, double out[3])
{
	out[0] = process_disk(process, "log");
	out[1] = process_disk(process, "views");
	out[2] = process_disk(process, "books");
}

/* The main figure: batches of 1,000, 8 in flight, over TCP. */
static void
measure_main(struct bench *bench, struct process *process, struct load *load,
	     struct ask *ask)
{
	struct bench_scale scale = { .goal = GOAL_EVENTS_PER_SECOND };
	struct bench_scale lag_goal = { .goal = 2, .goal_is_max = true };
	struct turns turns;
	double before[3];
	uint64_t first;

	load_shape(load, 1000, 8);
	(void)load_run(load, UINT64_MAX, WARM_UP_SECONDS, NULL);
	latency_reset(&load->latency);
	first = load->acked;
	disk_now(process, before);
	run_turns(bench, process, load, ask, bench->seconds, &turns);
	bench_row(bench, "raw LMDB, 1,000 a commit, between the turns", turns.floor,
		  "events/s", NULL);
	scale.floor = turns.floor;
	bench_row(bench, "TCP, batches of 1,000, 8 in flight", turns.per_second,
		  "events/s", &scale);
	latency_rows(&load->latency, bench, "send to reply", 0);
	bench_row(bench, "  CPU of the daemon", turns.daemon_cpu, "cores", NULL);
	bench_row(bench, "  CPU of the client", turns.client_cpu, "cores", NULL);
	bench_row(bench, "  view behind the log at the end", turns.lag_records,
		  "events", NULL);
	bench_row(bench, "  which it made good in", turns.lag_seconds, "s", &lag_goal);
	disk_rows(bench, process, before, (double)(load->acked - first),
		  "batches of 1,000");
}

static void
measure_other(struct bench *bench, struct process *process, struct load *load,
	      struct ask *ask, uint32_t batch_events, uint32_t window, const char *over)
{
	struct bench_scale scale = { 0 };
	struct turns turns;
	double before[3];
	uint64_t first;
	char name[64];

	load_shape(load, batch_events, window);
	(void)load_run(load, UINT64_MAX, WARM_UP_SECONDS / 4, NULL);
	latency_reset(&load->latency);
	disk_now(process, before);
	first = load->acked;
	run_turns(bench, process, load, ask, OTHER_SECONDS, &turns);
	scale.floor = turns.floor;
	(void)snprintf(name, sizeof name, "%s, batches of %u, %u in flight", over,
		       batch_events, window);
	bench_row(bench, name, turns.per_second, "events/s", &scale);
	bench_row(bench, "  send to reply, p99", latency_ms(&load->latency, 990), "ms",
		  NULL);
	/* What a neighbour of the machine takes away it does not change. */
	bench_row(bench, "  CPU of the daemon, an event",
		  turns.daemon_cpu / turns.per_second * 1e6, "us", NULL);
	if (batch_events == 1)
		disk_rows(bench, process, before, (double)(load->acked - first),
			  "batches of 1");
}

void
bench_ingest(struct bench *bench)
{
	struct process process;
	struct load tcp, local, tls;
	uint64_t next;
	struct ask ask;

	bench_table(bench, bench->sign
			       ? "ingest: durable sales through one stream, signed"
			       : "ingest: durable sales through one stream");
	process_start(bench, "ingest", &process);
	load_open(&tcp, bench, process.tcp, 0);
	ask_open(&ask, process.tcp);
	load_opening(&tcp);
	if (bench->sign)
		load_sign(&tcp, 0);
	measure_main(bench, &process, &tcp, &ask);
	measure_other(bench, &process, &tcp, &ask, 1000, 1, "TCP");
	measure_other(bench, &process, &tcp, &ask, 1000, 4, "TCP");
	measure_other(bench, &process, &tcp, &ask, 1000, 16, "TCP");
	load_open(&local, bench, process.unix_socket, tcp.next);
	if (bench->sign)
		load_sign(&local, tcp.seq);
	measure_other(bench, &process, &local, &ask, 1000, 8, "Unix socket");
	measure_other(bench, &process, &local, &ask, 1, 64, "Unix socket");
	next = local.next;
	load_close(&local);
	if (process.tls[0] != '\0') {
		load_open(&tls, bench, process.tls, next);
		measure_other(bench, &process, &tls, &ask, 1000, 8, "TLS");
		next = tls.next;
		load_close(&tls);
		load_open(&local, bench, process.tcp, next);
		measure_other(bench, &process, &local, &ask, 1000, 8, "TCP again");
		load_close(&local);
	}
	load_close(&tcp);
	ask_close(&ask);
	process_stop(&process);
	process_remove(&process);
}
