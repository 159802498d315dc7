#ifndef TOOLS_BENCH_BENCH_H
#define TOOLS_BENCH_BENCH_H

/*
 * bench.h -- what all sections of the bench share: the settings of a run, time, and the
 * table that figures go into.
 *
 * A failure of the bench ends it at once with a message: a figure that could not be
 * measured is not printed.  README.md has the method.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "../tests/lib/sales.h"

#define BENCH_PATH_BYTES 512

struct bench {
	char dir[BENCH_PATH_BYTES];	     /* for everything that is written */
	char daemon[BENCH_PATH_BYTES];	     /* the program to measure */
	char certificates[BENCH_PATH_BYTES]; /* for TLS; empty: it is not measured */
	double seconds;			     /* of one sustained measurement */
	uint64_t restart_events;
	bool json;
	bool guards; /* all on, in every book */
	bool sign;   /* what is ingested */
	struct sales sales;
	const char *section; /* the table that is open, NULL: none */
	unsigned n_rows;     /* printed so far */
};

/* The sections, in the order of a run. */
void bench_ingest(struct bench *bench);
void bench_single(struct bench *bench);
void bench_query(struct bench *bench);
void bench_checkpoint(struct bench *bench);
void bench_proof(struct bench *bench);
void bench_replay(struct bench *bench);
void bench_packs(struct bench *bench);
void bench_restart(struct bench *bench);
void bench_stock(struct bench *bench);

/* Nanoseconds of the monotonic clock; seconds of it. */
int64_t bench_now_ns(void);
double bench_now(void);

/* Seconds of CPU that this thread has had: figures of one core use them, because other
 * programs take their share of the wall clock. */
double bench_cpu(void);

void bench_sleep(double seconds);

/* End the bench with a message on stderr; what it started is killed. */
_Noreturn void bench_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same unless ERR is DBK_OK; ERROR may be NULL. */
void bench_must(enum dbk_err err, const struct dbk_error *error, const char *what);

/* The middle one of three. */
double bench_median(const double values[3]);

/* A new table named SECTION. */
void bench_table(struct bench *bench, const char *section);

/* What a figure is held against. */
struct bench_scale {
	double floor;	  /* of the same run and unit; 0: none */
	double goal;	  /* 0: none */
	bool goal_is_max; /* at most GOAL, not at least */
};

/* One row; SCALE may be NULL. */
void bench_row(struct bench *bench, const char *what, double value, const char *unit,
	       const struct bench_scale *scale);

#endif
