#include "bench/latency.h"

#include <stdio.h>
#include <string.h>

#define SUB_BITS 6u

void
latency_reset(struct latency *latency)
{
	memset(latency, 0, sizeof *latency);
}

static unsigned
bucket_of(uint64_t ns)
{
	unsigned shift = 0, bucket;

	while (ns >> shift >= 2u << SUB_BITS)
		shift++;
	bucket = (shift << SUB_BITS) + (unsigned)(ns >> shift);
	return bucket < LATENCY_BUCKETS ? bucket : LATENCY_BUCKETS - 1;
}

static double
top_of(unsigned bucket)
{
	unsigned shift = bucket >> SUB_BITS;

	if (shift <= 1)
		return (double)bucket;
	shift--;
	return (double)((uint64_t)(bucket - (shift << SUB_BITS) + 1) << shift);
}

void
latency_add(struct latency *latency, int64_t ns)
{
	uint64_t value = ns < 0 ? 0 : (uint64_t)ns;

	latency->counts[bucket_of(value)]++;
	latency->n++;
	if (value > latency->max_ns)
		latency->max_ns = value;
}

double
latency_ms(const struct latency *latency, unsigned per_mille)
{
	uint64_t want = (latency->n * per_mille + 999) / 1000, seen = 0;
	double top;

	for (unsigned i = 0; i < LATENCY_BUCKETS && per_mille < 1000; i++) {
		seen += latency->counts[i];
		if (seen < want)
			continue;
		top = top_of(i);
		return (top < (double)latency->max_ns ? top : (double)latency->max_ns) /
		       1e6;
	}
	return (double)latency->max_ns / 1e6;
}

void
latency_rows(const struct latency *latency, struct bench *bench, const char *what,
	     double goal_p99_ms)
{
	static const struct {
		unsigned per_mille;
		const char *name;
	} rows[] = {
		{ 500, "p50" }, { 990, "p99" }, { 999, "p99.9" }, { 1000, "max" }
	};
	struct bench_scale goal = { .goal = goal_p99_ms, .goal_is_max = true };

	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char name[64];

		(void)snprintf(name, sizeof name, "  %s, %s", what, rows[i].name);
		bench_row(bench, name, latency_ms(latency, rows[i].per_mille), "ms",
			  rows[i].per_mille == 990 ? &goal : NULL);
	}
}
