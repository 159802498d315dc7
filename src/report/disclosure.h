#ifndef DBK_REPORT_DISCLOSURE_H
#define DBK_REPORT_DISCLOSURE_H

/*
 * disclosure.h -- the earnings disclosure: what an agent should see before joining.
 *
 * Of participants (METRICS.md, section 2), those too who are paid nothing.  The year is
 * the local month of the window's last day and the eleven before it; income is R of
 * those months, paid in are fees and own purchases of them.  Of the whole window are
 * who lost and the median net result (the strict one), fees, and purchases within 365
 * days from joining.  Medians are the lower of two.
 *
 * Months to break even: from joining, that one included, until R reaches fees and
 * purchases; the median of all participants, 0 where half of them or more have not.
 *
 * Thread: the one that owns the books.
 */

#include "report/basis.h"

/* All of it lives in ARENA, which is borrowed.  NULL: no memory. */
Daybook__Report__V1__DisclosureReport *
dbk_disclosure_make(const struct dbk_report_source *source, struct dbk_arena *arena);

#endif
