#ifndef DBK_LEDGER_DETAILS_H
#define DBK_LEDGER_DETAILS_H

/*
 * details.h -- what an answer tells of a record beyond its outcome: what gates said of
 * a restock, and which findings it raised.  Fields of the message
 * daybook.v1.EventResult.
 *
 * Pure functions of their arguments, but for OUT's memory.
 */

#include "base/buf.h"
#include "books/effects.h"

/* Append what the gates said of EFFECT, one of EFFECTS, and the largest quantity that
 * they would let pass; nothing if none was asked. */
void dbk_details_put_checks(struct dbk_buf *out, const struct dbk_effects *effects,
			    const struct dbk_effect *effect);

/* Append the numbers of the first DBK_REPLY_FINDINGS_MAX findings of EFFECT. */
void dbk_details_put_findings(struct dbk_buf *out, const struct dbk_effects *effects,
			      const struct dbk_effect *effect);

#endif
