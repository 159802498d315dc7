#ifndef DAYBOOK_TESTS_VIEW_COMPARE_H
#define DAYBOOK_TESTS_VIEW_COMPARE_H

/*
 * view_compare.h -- every question to a ledger view against the model's own sums.
 *
 * A listing is read page by page, in pages of random size; between two pages the view
 * may be made to grow, which must not be seen in the listing.
 */

#include <stdbool.h>

#include "query/as_of.h"
#include "views/view.h"

#include "../tests/lib/ledger_model.h"

struct compare {
	struct model *model;
	struct dbk_view *view;
	struct random_source source;
	/* Called between pages; NULL: nothing happens. */
	void (*between)(void *context);
	void *context;
	bool failed;
};

/* All questions as of AS_OF; at most SAMPLE accounts, positions, orders each. */
void compare_all(struct compare *compare, const struct dbk_as_of *as_of,
		 uint32_t sample);

#endif
