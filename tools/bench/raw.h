#ifndef TOOLS_BENCH_RAW_H
#define TOOLS_BENCH_RAW_H

/*
 * raw.h -- the floor in the unit of the other figures: sales a second that LMDB alone
 * makes durable, as bytes under a rising key, so many to a synced transaction.
 */

#include "bench/bench.h"

/* Append sales for about SECONDS, COMMIT_EVENTS to a transaction. */
double raw_events_per_second(struct bench *bench, uint32_t commit_events,
			     double seconds);

/* The table "floor": raw, and the log by its own rows. */
void raw_table(struct bench *bench);

#endif
