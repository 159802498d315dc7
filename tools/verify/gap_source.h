#ifndef TOOLS_VERIFY_GAP_SOURCE_H
#define TOOLS_VERIFY_GAP_SOURCE_H

/*
 * gap_source.h -- daybook/gaps of an export, read along with its records;
 * src/proof/TRUST.md section 6.
 *
 * Thread: belongs to one thread.
 */

#include "verify/verify.h"

struct gap_source {
	struct verify *verify;
	FILE *file;	   /* NULL: there is none, or it is at its end, or unreadable */
	uint64_t at;	   /* of the next byte */
	uint64_t position; /* of the next entry, if HAS */
	uint32_t count;
	uint64_t least; /* positions below are past */
	bool has;
};

void gap_source_open(struct gap_source *gaps, struct verify *verify);

/* Tell SCRUTINY the gaps of batches that begin before END. */
void gap_source_feed(struct gap_source *gaps, uint64_t end,
		     struct dbk_scrutiny *scrutiny);

/* The tree has SIZE records: what is left is found. */
void gap_source_close(struct gap_source *gaps, uint64_t size);

#endif
