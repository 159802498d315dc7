#ifndef DBK_METRICS_CIRCLES_H
#define DBK_METRICS_CIRCLES_H

/*
 * circles.h -- goods that agents pass among themselves, and sales that somebody doubts;
 * METRICS.md section 6.
 *
 * A row of 40 bytes and a few more for each pair of agents of whom one passed goods to the other.
 *
 * Thread: one.
 */

#include <stdint.h>

#include "metrics/study.h"

struct dbk_circles;

#endif
