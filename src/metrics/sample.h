#ifndef DBK_METRICS_SAMPLE_H
#define DBK_METRICS_SAMPLE_H

/*
 * sample.h -- evidence out of positions in any order: the hundred least and the hundred
 * greatest of them.
 *
 * Thread: one.
 */

#include "metrics/evidence.h"

/* POSITION goes into LIST; each is given once. */
void dbk_sample_add(struct dbk_evidence_list *list, uint64_t position);

#endif
