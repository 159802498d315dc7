#ifndef TOOLS_VERIFY_ISOLATE_H
#define TOOLS_VERIFY_ISOLATE_H

/*
 * isolate.h -- a check in a process of its own: LMDB believes the pages that it maps,
 * and what reads a damaged one may die, or never come to an end.  That is a finding.
 *
 * Thread: the program's only one.
 */

#include "verify/verify.h"

/* Run CHECK on VERIFY for FILE, a path within PATH, of BYTES bytes.  Findings, the sum
 * and what could not be read come back. */
void isolate(struct verify *verify, const char *file, uint64_t bytes,
	     void (*check)(struct verify *verify, const char *file));

#endif
