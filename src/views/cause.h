#ifndef DBK_VIEWS_CAUSE_H
#define DBK_VIEWS_CAUSE_H

/*
 * cause.h -- causes of postings by name, and what their refs name.
 */

#include "books/effects.h"

enum dbk_cause_refers {
	DBK_REFERS_TO_NOTHING = 0,
	DBK_REFERS_TO_ORDER, /* ref: dense id; 0: the event's order, if it has one */
	DBK_REFERS_TO_PAYOUT /* ref: dense id */
};

enum dbk_cause_refers dbk_cause_refers(enum dbk_cause cause);

/* "accrued", "matured", ...; "?" for a cause of a later version.  Static memory. */
const char *dbk_cause_name(enum dbk_cause cause);

#endif
