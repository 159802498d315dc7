#ifndef TOOLS_POSTINGS_H
#define TOOLS_POSTINGS_H

/*
 * postings.h -- what events would post, as a dry run tells it.
 *
 * Printed as the answers come, so that an input of any length takes the memory of a
 * batch.  As JSON it is the beginning of an object, `{"postings":[...],`, which the
 * summary of `append` goes on with.
 *
 * Thread: belongs to one thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/v1/service.pb-c.h>

#include "cli.h"
#include "table.h"

struct postings {
	struct table *table; /* NULL: JSON */
	unsigned exponent;
	bool first;    /* of the JSON */
	uint64_t told; /* events with postings */
};

/* Begin; EXPONENT is the book's. */
void postings_begin(struct postings *postings, enum cli_format format,
		    struct table_style style, unsigned exponent);

/* The answer to the event of LINE. */
void postings_put(struct postings *postings, uint64_t line,
		  const Daybook__V1__EventResult *result);

void postings_end(struct postings *postings);

#endif
