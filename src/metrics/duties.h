#ifndef DBK_METRICS_DUTIES_H
#define DBK_METRICS_DUTIES_H

/*
 * duties.h -- what the house owes and whether it did it: goods bought back, money given
 * back, pay not withheld without a reason; METRICS.md section 6, its last rows.
 *
 * Thread: one.
 */

#include <stdint.h>

#include "metrics/study.h"

struct dbk_duties;

#endif
