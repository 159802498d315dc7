#ifndef DBK_SERVICE_DOWNLINE_H
#define DBK_SERVICE_DOWNLINE_H

/*
 * downline.h -- walks in the forest of sponsors, in steps that the writer does not
 * feel.
 *
 * A walk asks the thread that owns the books again and again, each time for
 * DBK_SERVICE_ASK_ROWS_MAX agents, and the book goes on meanwhile: an agent whose
 * sponsor changes during a long walk may be counted at both places or at none.  A walk
 * that thereby loses its way begins anew.  A downline that fits one step is exact.
 */

#include <stdbool.h>
#include <stdint.h>

#include "service/call.h"

struct dbk_downline {
	uint64_t agents;  /* below the agent, itself not counted */
	uint32_t deepest; /* levels below it, 0 without recruits */
	bool truncated;	  /* there are more: above DBK_SERVICE_DOWNLINE_MAX, or
			   * sponsors changed all the time */
};

/* Count what is below AGENT, a dense id. */
bool dbk_downline_count(struct dbk_call *call, uint32_t agent,
			struct dbk_downline *out);

/*
 * Sponsors from AGENT up to its root, AGENT counted: the level, 1 for a root.  Looks at
 * *BUDGET agents at most, which it reduces; 0 there means that the walk was cut short,
 * and *AGENT is where it goes on.  AGENT 0 at the end.  Thread: that of the books.
 */
uint32_t dbk_downline_climb(const struct dbk_books *books, uint32_t *agent,
			    uint32_t *budget);

#endif
