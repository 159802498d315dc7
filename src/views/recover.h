#ifndef DBK_VIEWS_RECOVER_H
#define DBK_VIEWS_RECOVER_H

/*
 * recover.h -- a view from what its shelf holds.
 */

#include <daybook/error.h>

#include "views/view.h"

/*
 * Bring an open, empty view to its durable size: names, the heads that the last full
 * flush saved, and then the history from there on, event by event.  Everything that can
 * be compared on the way is: links with heads, balances with sums.
 *
 * DAMAGED, MEMORY, LIMIT, IO.  Before any other thread knows the view.
 */
DBK_MUST_CHECK enum dbk_err dbk_recover_view(struct dbk_view *view,
					     struct dbk_error *error);

#endif
