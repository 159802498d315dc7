#ifndef DBK_QUERY_REFUSALS_H
#define DBK_QUERY_REFUSALS_H

/*
 * refusals.h -- how often each rule refused something.
 */

#include <stdint.h>

#include "event/verdict.h"
#include "views/figures.h"
#include "views/view.h"

struct dbk_refusal_count {
	enum dbk_rule rule;
	uint64_t count;
	uint64_t first_position;
	uint64_t last_position;
};

struct dbk_refusals {
	uint64_t size;
	struct dbk_refusal_count
	    rules[DBK_RULES_MAX]; /* those that refused, in order */
	uint32_t n;
};

/* Cannot fail: the counts are resident. */
void dbk_refusals_list(struct dbk_view *view, struct dbk_refusals *out);

#endif
