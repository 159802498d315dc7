/*
 * periods.c -- the close: what the balances were, for good.
 *
 * Nothing is opened again.  A fact that turns up later is posted when it turns up, and
 * marked.
 */

#include "books/form.h"

#define DAY_US (86400LL * 1000000LL)

void
dbk_books_balances_hash(const struct dbk_books *books,
			const struct dbk_period_closed *period,
			unsigned char out[DBK_DIGEST_BYTES])
{
	struct dbk_form form;

	dbk_form_begin(&form, books);
	dbk_form_put(&form, "daybook balances 1\n", 19);
	dbk_form_text(&form, period->period);
	dbk_form_int(&form, period->from);
	dbk_form_int(&form, period->to);
	for (unsigned code = 1; code < DBK_ACCOUNT_CODES; code++) {
		const struct dbk_row_control *row =
		    &DBK_ROW(books, controls, controls, 1)->of[code];

		dbk_form_int(&form,
			     dbk_account_kind((enum dbk_account_code)code)->number);
		dbk_form_int(&form, row->debits);
		dbk_form_int(&form, row->credits);
	}
	dbk_form_accounts(&form);
	dbk_form_end(&form, out);
}

/* Payouts of unknown fate that were asked for so long ago that they stand in the way.
 */
static uint32_t
undecided(struct dbk_decision *d, int64_t to)
{
	struct dbk_books *books = d->books;
	uint32_t plan = dbk_plan_at(books, d->event->effective_at), n = 0;
	uint32_t left = DBK_ROW(books, book, book, 1)->unknown_payouts;
	int64_t before =
	    to - dbk_plan_scalars(books, plan)->close_unknown_days * DAY_US;

	for (uint32_t i = books->payouts.count - 1; left > 0; i--) {
		const struct dbk_row_payout *row = DBK_ROW(books, payouts, payout, i);

		if (row->state != DBK_PAYOUT_UNKNOWN)
			continue;
		left--;
		n += row->requested_at < before;
	}
	return n;
}

/* Periods follow each other without a gap, and end before now. */
static bool
follows(struct dbk_decision *d)
{
	const struct dbk_period_closed *e = &d->event->u.period_closed;
	const struct dbk_row_book *book = DBK_ROW(d->books, book, book, 1);

	if (book->last_period != 0 && e->from != book->closed_until)
		return dbk_refuse_measured(d, DBK_RULE_PERIOD_GAP, dbk_field("from"),
					   e->from, book->closed_until);
	return e->to <= book->clock ||
	       dbk_refuse_measured(d, DBK_RULE_PERIOD_AHEAD, dbk_field("to"), e->to,
				   book->clock);
}

static bool
is_hash_of_books(struct dbk_decision *d, unsigned char hash[DBK_DIGEST_BYTES])
{
	const struct dbk_period_closed *e = &d->event->u.period_closed;

	dbk_books_balances_hash(d->books, e, hash);
	return (e->balances_hash.size == DBK_DIGEST_BYTES &&
		memcmp(e->balances_hash.bytes, hash, DBK_DIGEST_BYTES) == 0) ||
	       dbk_refuse(d, DBK_RULE_BALANCES_DIFFER, dbk_field("balances_hash"),
			  dbk_str_make("", 0));
}

bool
dbk_decide_period_closed(struct dbk_decision *d)
{
	const struct dbk_period_closed *e = &d->event->u.period_closed;
	unsigned char hash[DBK_DIGEST_BYTES];
	struct dbk_row_period *row;
	struct dbk_row_book *book;
	uint32_t period, open;

	if (!follows(d))
		return false;
	open = undecided(d, e->to);
	if (open > 0)
		return dbk_refuse_measured(d, DBK_RULE_PERIOD_OPEN_ITEMS,
					   dbk_field("to"), open, 0);
	if (!is_hash_of_books(d, hash) ||
	    !dbk_intern(d, DBK_SPACE_PERIOD, e->period, &period))
		return false;
	row = DBK_TOUCH(d->books, periods, period, period);
	row->position = d->position;
	row->closed = 1;
	row->from = e->from;
	row->to = e->to;
	memcpy(row->balances_hash, hash, sizeof hash);
	book = DBK_TOUCH(d->books, book, book, 1);
	book->last_period = period;
	book->closed_until = e->to;
	return true;
}
