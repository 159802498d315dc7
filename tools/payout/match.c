#include "match.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/assert.h"

/* A payout as the statement has it so far. */
struct side {
	const Daybook__V1__Payout *payout;
	size_t place; /* among the payouts as given */
	Daybook__V1__PayoutState state;
	bool named;		       /* some row is about it */
	bool told[MATCH_RETURNED + 1]; /* of this step */
};

const char *
match_kind_name(enum match_kind kind)
{
	switch (kind) {
	case MATCH_STEP:
		return "to be booked";
	case MATCH_BOOKED:
		return "booked before";
	case MATCH_NOT_IN_BOOK:
		return "not in the book";
	case MATCH_NOT_IN_STATEMENT:
		return "not in the statement";
	case MATCH_AMOUNT:
		return "amount differs";
	case MATCH_FEE:
		return "fee differs";
	case MATCH_STATE:
		return "state contradicts";
	case MATCH_TWICE:
		return "twice in the statement";
	}
	return "";
}

static const char *const status_names[] = { "settled", "failed", "returned" };

const char *
match_status_name(enum match_status status)
{
	return status_names[status];
}

bool
match_status_parse(const char *text, enum match_status *out)
{
	for (int i = 0; i <= MATCH_RETURNED; i++) {
		if (strcasecmp(text, status_names[i]) == 0) {
			*out = (enum match_status)i;
			return true;
		}
	}
	return false;
}

/* -------------------------------------------------------------------------- a step */

static bool
is_on_its_way(Daybook__V1__PayoutState state)
{
	return state == DAYBOOK__V1__PAYOUT_STATE__PAYOUT_SENT ||
	       state == DAYBOOK__V1__PAYOUT_STATE__PAYOUT_UNKNOWN;
}

static enum match_kind
settle(struct side *side, const struct match_row *row)
{
	const Daybook__V1__Payout *payout = side->payout;

	if (is_on_its_way(side->state)) {
		if (row->amount != payout->net)
			return MATCH_AMOUNT;
		side->state = DAYBOOK__V1__PAYOUT_STATE__PAYOUT_SETTLED;
		return MATCH_STEP;
	}
	if (side->state != DAYBOOK__V1__PAYOUT_STATE__PAYOUT_SETTLED &&
	    side->state != DAYBOOK__V1__PAYOUT_STATE__PAYOUT_RETURNED)
		return MATCH_STATE;
	if (row->amount != payout->net)
		return MATCH_AMOUNT;
	return row->fee == payout->fee ? MATCH_BOOKED : MATCH_FEE;
}

static enum match_kind
fail(struct side *side, const struct match_row *row)
{
	if (!is_on_its_way(side->state) &&
	    side->state != DAYBOOK__V1__PAYOUT_STATE__PAYOUT_FAILED)
		return MATCH_STATE;
	if (row->amount != side->payout->net)
		return MATCH_AMOUNT;
	if (!is_on_its_way(side->state))
		return MATCH_BOOKED;
	side->state = DAYBOOK__V1__PAYOUT_STATE__PAYOUT_FAILED;
	return MATCH_STEP;
}

static enum match_kind
give_back(struct side *side, const struct match_row *row)
{
	const Daybook__V1__Payout *payout = side->payout;

	if (side->state == DAYBOOK__V1__PAYOUT_STATE__PAYOUT_RETURNED)
		return row->amount == payout->returned ? MATCH_BOOKED : MATCH_AMOUNT;
	if (side->state != DAYBOOK__V1__PAYOUT_STATE__PAYOUT_SETTLED)
		return MATCH_STATE;
	if (row->amount <= 0 || row->amount > payout->net)
		return MATCH_AMOUNT;
	side->state = DAYBOOK__V1__PAYOUT_STATE__PAYOUT_RETURNED;
	return MATCH_STEP;
}

static enum match_kind
take_row(struct side *side, const struct match_row *row)
{
	bool again = side->told[row->status];

	side->named = side->told[row->status] = true;
	if (again)
		return MATCH_TWICE;
	switch (row->status) {
	case MATCH_SETTLED:
		return settle(side, row);
	case MATCH_FAILED:
		return fail(side, row);
	case MATCH_RETURNED:
		return give_back(side, row);
	}
	return MATCH_STATE;
}

/* ----------------------------------------------------------------------- all of it */

static int
compare_sides(const void *a, const void *b)
{
	const struct side *x = a, *y = b;

	return strcmp(x->payout->request_no, y->payout->request_no);
}

static int
compare_to_side(const void *key, const void *member)
{
	const struct side *side = member;

	return strcmp(key, side->payout->request_no);
}

static int
compare_places(const void *a, const void *b)
{
	const struct side *x = a, *y = b;

	return x->place < y->place ? -1 : x->place > y->place;
}

/* The payouts that have a request number, by it. */
static size_t
make_sides(Daybook__V1__Payout *const *payouts, size_t count, struct side **out)
{
	struct side *sides = calloc(count + 1, sizeof *sides);
	size_t made = 0;

	dbk_assert(sides != NULL);
	for (size_t i = 0; i < count; i++) {
		if (payouts[i]->request_no[0] != '\0')
			sides[made++] = (struct side){ .payout = payouts[i],
						       .place = i,
						       .state = payouts[i]->state };
	}
	qsort(sides, made, sizeof *sides, compare_sides);
	*out = sides;
	return made;
}

size_t
match_statement(const struct match_row *rows, size_t row_count,
		Daybook__V1__Payout *const *payouts, size_t payout_count,
		struct match **out)
{
	struct match *matches = calloc(row_count + payout_count + 1, sizeof *matches);
	size_t count = 0, side_count;
	struct side *sides;

	dbk_assert(matches != NULL);
	side_count = make_sides(payouts, payout_count, &sides);
	for (int status = MATCH_SETTLED; status <= MATCH_RETURNED; status++) {
		for (size_t i = 0; i < row_count; i++) {
			const struct match_row *row = &rows[i];
			struct side *side;

			if ((int)row->status != status)
				continue;
			side = bsearch(row->request_no, sides, side_count,
				       sizeof *sides, compare_to_side);
			matches[count++] = (struct match){
				.kind = side == NULL ? MATCH_NOT_IN_BOOK
						     : take_row(side, row),
				.row = row,
				.payout = side == NULL ? NULL : side->payout,
			};
		}
	}
	qsort(sides, side_count, sizeof *sides, compare_places);
	for (size_t i = 0; i < side_count; i++) {
		if (!sides[i].named && is_on_its_way(sides[i].state))
			matches[count++] =
			    (struct match){ .kind = MATCH_NOT_IN_STATEMENT,
					    .payout = sides[i].payout };
	}
	free(sides);
	*out = matches;
	return count;
}
