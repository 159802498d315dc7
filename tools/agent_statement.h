#ifndef TOOLS_AGENT_STATEMENT_H
#define TOOLS_AGENT_STATEMENT_H

/*
 * agent_statement.h -- an agent's money over a time: by state, by cause, line by line.
 *
 * Prints on stdout; the verb `statement` has the options.
 *
 * Thread: belongs to one thread.
 */

#include "listing.h"

struct agent_statement_options {
	const struct cli_listing *listing;
	struct cli_time from;
	struct cli_time to;
	bool figures; /* no lines */
};

/*
 * Ask and print.  Whatever the form, opening and changes are added up here again: a
 * statement that does not foot is EXIT_FAILED with words.  *OUT_UNKNOWN: there is no
 * agent AGENT; nothing was printed or said.
 */
int agent_statement_run(struct session *session, char *agent,
			const struct agent_statement_options *options,
			bool *out_unknown);

/* For the above, and for tests: do opening and sums make closing, state by state, and
 * is every total what its states make? */
bool agent_statement_foots(const Daybook__V1__AgentStatement *statement);

#endif
