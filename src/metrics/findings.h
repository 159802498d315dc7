#ifndef DBK_METRICS_FINDINGS_H
#define DBK_METRICS_FINDINGS_H

/*
 * findings.h -- what the guards of the house found, by what the trade promises to abstain
 * from; METRICS.md section 6.
 *
 * Thread: one.
 */

#include "metrics/study.h"

struct dbk_findings;

#endif
