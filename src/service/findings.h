#ifndef DBK_SERVICE_FINDINGS_H
#define DBK_SERVICE_FINDINGS_H

/*
 * findings.h -- a finding as a message: what ListFindings and WatchFindings share.
 * Not for use outside this folder.
 */

#include "service/call.h"

/* What the row of finding ID says.  On the books' thread. */
void dbk_finding_fill(struct dbk_call *call, const struct dbk_books *books, uint32_t id,
		      Daybook__V1__Finding *out);

/* What the log has more of N findings that are filled: when each was raised, and why it
 * was resolved or, if it is not, acknowledged.  DATA_LOSS DAMAGED. */
bool dbk_finding_tell(struct dbk_call *call, Daybook__V1__Finding **findings,
		      uint32_t n);

#endif
