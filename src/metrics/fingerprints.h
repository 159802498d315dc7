#ifndef DBK_METRICS_FINGERPRINTS_H
#define DBK_METRICS_FINGERPRINTS_H

/*
 * fingerprints.h -- a set of 64-bit fingerprints, to count each thing once.
 *
 * Two things with the same fingerprint are taken for one: among fifty million with a
 * chance of one in ten thousand.
 *
 * Thread: one.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "metrics/column.h"

/* Zeroed: empty. */
struct dbk_fingerprints {
	struct dbk_column slots; /* uint64_t, 0: free */
	uint32_t n, capacity;
};

void dbk_fingerprints_fini(struct dbk_fingerprints *set);

/* The fingerprint of three numbers. */
uint64_t dbk_fingerprint(uint32_t a, uint32_t b, uint32_t c);

/* *OUT_NEW: FINGERPRINT was not there before. */
DBK_MUST_CHECK enum dbk_err dbk_fingerprints_add(struct dbk_fingerprints *set,
						 uint64_t fingerprint, bool *out_new);

/* Ask memory for where FINGERPRINT is, or would be. */
void dbk_fingerprints_foresee(const struct dbk_fingerprints *set, uint64_t fingerprint);

#endif
