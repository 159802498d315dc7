#ifndef DBK_VIEWS_APPEND_H
#define DBK_VIEWS_APPEND_H

/*
 * append.h -- effects become history and heads.
 */

#include <daybook/error.h>

#include "books/effects.h"
#include "views/heads.h"
#include "views/stream.h"

/*
 * Append one effect of EFFECTS to the history and let the heads follow.  Accounts and
 * positions have their rows; balances follow from the ones before (asserted).
 *
 * MEMORY and LIMIT leave it half done: the view is lost.
 * Thread: the worker, inside the gate.
 */
DBK_MUST_CHECK enum dbk_err dbk_append_effect(struct dbk_stream *stream,
					      struct dbk_heads *heads,
					      const struct dbk_effects *effects,
					      const struct dbk_effect *effect);

/* Ask memory for the rows that EFFECT will change, some effects ahead. */
void dbk_append_prefetch(const struct dbk_heads *heads,
			 const struct dbk_effects *effects,
			 const struct dbk_effect *effect);

/* Later, for the rows that those rows name. */
void dbk_append_prefetch_own(const struct dbk_heads *heads,
			     const struct dbk_effects *effects,
			     const struct dbk_effect *effect);

#endif
