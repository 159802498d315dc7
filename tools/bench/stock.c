/*
 * stock.c -- ten million positions: 100,000 agents who hold 100 skus each.
 */

#include <stdio.h>

#include "bench/load.h"
#include "bench/process.h"

#define SKUS 100u
#define GOAL_MB 1610.0 /* 1.5 GiB */
/* Long enough for the first whole flush of the view and a save of the books. */
#define REST_SECONDS 20.0

static void
memory_row(struct bench *bench, const char *what, const struct process *process,
	   double positions)
{
	struct bench_scale goal = { .goal = GOAL_MB, .goal_is_max = true };
	double resident = process_resident(process->pid);

	bench_row(bench, what, resident / 1e6, "MB", &goal);
	bench_row(bench, "  of this for each position", resident / positions, "bytes",
		  NULL);
}

void
bench_stock(struct bench *bench)
{
	struct sales before = bench->sales;
	struct process process;
	double positions, begin;
	struct load load;

	bench->sales.skus = bench->sales.skus_held = SKUS;
	positions = (double)bench->sales.agents * SKUS;
	bench_table(bench, "stock: ten million positions");
	process_start(bench, "stock", &process);
	load_open(&load, bench, process.tcp, 0);
	begin = bench_now();
	load_shape(&load, 1000, 4);
	(void)load_run(&load, sales_opening_size(&bench->sales), 1e9, NULL);
	bench_row(bench, "filling it", positions / (bench_now() - begin), "lines/s",
		  NULL);
	memory_row(bench, "memory of the daemon", &process, positions);
	bench_sleep(REST_SECONDS);
	memory_row(bench, "memory at rest", &process, positions);
	load_close(&load);
	process_stop(&process);
	process_start(bench, "stock", &process);
	bench_row(bench, "start to the ready line", process.ready_seconds, "s", NULL);
	memory_row(bench, "memory after the restart", &process, positions);
	process_stop(&process);
	process_remove(&process);
	bench->sales = before;
}
