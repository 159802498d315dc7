#ifndef TOOLS_EXPORT_ENTRIES_H
#define TOOLS_EXPORT_ENTRIES_H

/*
 * entries.h -- the postings of the book, record by record, counted on the way.
 *
 * Thread: belongs to one thread.
 */

#include <stdbool.h>

#include "export/chart.h"

/* Where entries go.  A record whose entry is UNFINISHED goes on in the next one, which
 * does not begin a record.  False: no more are wanted, the reason was said. */
struct entries_sink {
	void *context;
	bool (*take)(void *context, const Daybook__V1__JournalEntry *entry,
		     bool begins);
};

/*
 * All entries of the part that CHART names, in order, each counted in CHART.  Gives the
 * exit code.  Ends with EXIT_FAILED and no words if the user interrupts it
 * (interrupt.h).
 */
int entries_read(struct session *session, struct chart *chart,
		 const struct entries_sink *sink, bool quiet);

#endif
