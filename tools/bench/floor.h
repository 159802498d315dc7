#ifndef TOOLS_BENCH_FLOOR_H
#define TOOLS_BENCH_FLOOR_H

/*
 * floor.h -- what this machine's disk and LMDB give at best, and what the log makes of
 * it: the floor under all other figures of the bench.
 */

#include <stdio.h>

/*
 * Measure below DIR (an existing directory; what is made is deleted) for SECONDS a row
 * and print a table to OUT.  Every commit is synced.  0, or 1 after a message on
 * stderr.
 */
int bench_floor(const char *dir, double seconds, FILE *out);

#endif
