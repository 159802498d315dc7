#ifndef TOOLS_PAYOUT_MATCH_H
#define TOOLS_PAYOUT_MATCH_H

/*
 * match.h -- a provider's statement against the payouts that were sent to it.
 *
 * A row and a payout belong together if they have the same request number; they agree
 * if the amount is the payout's net (of a return: not above it) and the step that the
 * row tells of is possible or was booked before.  What agrees is a step to book, or
 * nothing; everything else is a difference, and so is a payout on its way of which the
 * statement says nothing.
 *
 * Settled rows are looked at first, then failed, then returned ones, so that it does
 * not matter in which order the provider lists them.
 *
 * Pure functions of their arguments; any thread.  Without memory the program ends.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <daybook/v1/service.pb-c.h>

enum match_status { MATCH_SETTLED, MATCH_FAILED, MATCH_RETURNED };

struct match_row {
	uint64_t line; /* of the statement */
	enum match_status status;
	int64_t amount; /* minor units */
	int64_t fee;
	const char *request_no;
	const char *provider_ref;
	const char *code; /* of a failure; may be empty */
};

enum match_kind {
	MATCH_STEP,		/* to be booked */
	MATCH_BOOKED,		/* agrees with what the book has already */
	MATCH_NOT_IN_BOOK,	/* no payout has this request number */
	MATCH_NOT_IN_STATEMENT, /* sent or of unknown fate, and no row of it */
	MATCH_AMOUNT,		/* the amounts differ */
	MATCH_FEE,		/* booked before with another fee */
	MATCH_STATE,		/* the step is not possible from the payout's state */
	MATCH_TWICE		/* the statement tells of this step twice */
};

/* The word for a difference: "not in the book"; static. */
const char *match_kind_name(enum match_kind kind);
const char *match_status_name(enum match_status status);

/* True if TEXT is "settled", "failed" or "returned", in any case. */
bool match_status_parse(const char *text, enum match_status *out);

struct match {
	enum match_kind kind;
	const struct match_row *row;	   /* NULL: NOT_IN_STATEMENT */
	const Daybook__V1__Payout *payout; /* NULL: NOT_IN_BOOK */
};

/*
 * Compare.  *OUT is an array for free() with a match for every row, in the order in
 * which the steps have to be booked, and then one for every payout that no row is
 * about and that is on its way, in the order of PAYOUTS.  Returns how many.
 */
size_t match_statement(const struct match_row *rows, size_t row_count,
		       Daybook__V1__Payout *const *payouts, size_t payout_count,
		       struct match **out);

#endif
