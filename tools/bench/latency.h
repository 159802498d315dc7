#ifndef TOOLS_BENCH_LATENCY_H
#define TOOLS_BENCH_LATENCY_H

/*
 * latency.h -- a distribution of durations in buckets that grow with the duration: 64
 * to each power of two, so every figure is within 1.6 % of a measured one.  No sample
 * is dropped and nothing grows.
 */

#include <stdint.h>

#include "bench/bench.h"

#define LATENCY_BUCKETS (64 * 40)

struct latency {
	uint64_t counts[LATENCY_BUCKETS];
	uint64_t n;
	uint64_t max_ns;
};

void latency_reset(struct latency *latency);
void latency_add(struct latency *latency, int64_t ns);

/* Milliseconds that PER_MILLE of the samples do not exceed; 1000: the largest. */
double latency_ms(const struct latency *latency, unsigned per_mille);

/* Four rows: p50, p99, p99.9 and the largest; GOAL_P99_MS 0: none. */
void latency_rows(const struct latency *latency, struct bench *bench, const char *what,
		  double goal_p99_ms);

#endif
