#ifndef DBK_METRICS_BASS_H
#define DBK_METRICS_BASS_H

/*
 * bass.h -- the growth model of Bass (1969) by least squares, in whole numbers:
 * new = p * M + (q - p) * N - q / M * N^2, where N are there already.
 *
 * Thread: any; nothing is kept.
 */

#include <stdbool.h>
#include <stdint.h>

#include "metrics/metric.h"

/* Of the fit of BEFORE (each from 0 to 1,000) and NEW, N of each: q / p over 10^6, how
 * much more people join for others than on their own.  False: the fit is no such curve.
 */
bool dbk_bass_fit(const int64_t *before, const int64_t *new_ones, uint32_t n,
		  struct dbk_ratio *out);

#endif
