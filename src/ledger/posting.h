#ifndef DBK_LEDGER_POSTING_H
#define DBK_LEDGER_POSTING_H

/*
 * posting.h -- a posting with names, as the message daybook.v1.Posting.
 *
 * Written by hand, because a journal has some hundred thousand of them a second.
 *
 * Pure functions of their arguments, but for OUT's memory.
 */

#include "base/buf.h"
#include "base/str.h"
#include "books/books.h"
#include "books/effects.h"

struct dbk_posting_text {
	enum dbk_account_code code;
	enum dbk_cause cause;
	int64_t amount;
	struct dbk_str owner;
	/* What the cause speaks of; empty if that is nothing, or the event's own order. */
	struct dbk_str order, payout;
};

/* Append POSTING as field NUMBER (1 to 15) of a message. */
void dbk_posting_put(struct dbk_buf *out, unsigned number,
		     const struct dbk_posting_text *posting);

/*
 * Append the postings of EFFECT, one of EFFECTS, with the names that BOOKS have now:
 * MAX of them, each as field NUMBER of a message.
 */
void dbk_posting_put_all(struct dbk_buf *out, unsigned number, uint32_t max,
			 const struct dbk_books *books,
			 const struct dbk_effects *effects,
			 const struct dbk_effect *effect);

#endif
