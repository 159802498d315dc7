/*
 * withholding.c -- tax on payouts, by the month.
 *
 * The table of the plan says what is due on all that an agent got in a month; what the
 * month's earlier payouts withheld is taken off.  Days and months are the book's own.
 */

#include "base/money.h"
#include "books/core.h"

#include <stdio.h>

/* "2026-11" and a terminator, with room for any year of 32 bits. */
#define MONTH_TEXT_BYTES 24

static struct dbk_str
month_name(uint32_t month, char text[MONTH_TEXT_BYTES])
{
	uint32_t since_0 = 1970 * 12 + month;
	int size = snprintf(text, MONTH_TEXT_BYTES, "%04u-%02u", since_0 / 12,
			    since_0 % 12 + 1);

	dbk_assert(size > 0 && size < MONTH_TEXT_BYTES);
	return dbk_str_make(text, (size_t)size);
}

uint32_t
dbk_tax_month_tag(const struct dbk_books *books, uint32_t month)
{
	char text[MONTH_TEXT_BYTES];

	return dbk_names_find(&books->names, DBK_SPACE_TAG, month_name(month, text));
}

static uint64_t
month_hash(const struct dbk_books *books, uint32_t agent, uint32_t month)
{
	uint32_t key[3] = { DBK_SPACE_TAX_MONTH, agent, month };

	return dbk_composite_hash(books, key, 3);
}

/* The sums of AGENT in MONTH, made if need be. */
static bool
tax_month_need(struct dbk_decision *d, uint32_t agent, uint32_t month, uint32_t *out)
{
	struct dbk_books *books = d->books;
	uint64_t hash = month_hash(books, agent, month);
	struct dbk_index_walk walk = dbk_index_seek(&books->names.index, hash);
	struct dbk_row_tax_month *row;

	while ((*out = dbk_index_next(&books->names.index, &walk)) != 0) {
		const struct dbk_row_tax_month *it;

		if (*out >= books->tax_months.count)
			continue;
		it = DBK_ROW(books, tax_months, tax_month, *out);
		if (it->agent == agent && it->month == month)
			return true;
	}
	if (!dbk_row_room(d, &books->tax_months))
		return false;
	*out = dbk_rows_append(&books->tax_months, 1);
	row = DBK_TOUCH(books, tax_months, tax_month, *out);
	row->agent = agent;
	row->month = month;
	dbk_index_add(&books->names.index, hash, *out);
	return true;
}

/* Post AMOUNT of the tax of MONTH, debit positive, against CODE of the payout's agent.
 */
static bool
post_tax(struct dbk_decision *d, uint32_t payout, uint32_t month,
	 enum dbk_account_code code, int64_t amount, enum dbk_cause cause)
{
	uint32_t agent = DBK_ROW(d->books, payouts, payout, payout)->agent;
	char text[MONTH_TEXT_BYTES];
	struct dbk_str name = month_name(month, text);
	uint32_t tag, period;

	if (!dbk_intern(d, DBK_SPACE_PERIOD, name, &period) ||
	    !dbk_intern(d, DBK_SPACE_TAG, name, &tag))
		return false;
	if (amount > 0)
		return dbk_post_for(d, DBK_TAX_WITHHELD, tag, amount, cause, payout) &&
		       dbk_post_for(d, code, agent, -amount, cause, payout);
	return dbk_post_for(d, code, agent, -amount, cause, payout) &&
	       dbk_post_for(d, DBK_TAX_WITHHELD, tag, amount, cause, payout);
}

static const struct dbk_tax_table *
table_in_force(struct dbk_decision *d)
{
	uint32_t plan = dbk_plan_at(d->books, d->event->effective_at);

	return &dbk_plan_scalars(d->books, plan)->tax;
}

bool
dbk_tax_withhold(struct dbk_decision *d, uint32_t payout)
{
	struct dbk_row_payout *row = DBK_TOUCH(d->books, payouts, payout, payout);
	uint32_t month = dbk_local_month(d->books, d->event->effective_at), id;
	struct dbk_row_tax_month *sums;
	int64_t due, tax;

	if (DBK_ROW(d->books, agents, agent, row->agent)->flags & DBK_AGENT_EMPLOYEE)
		return true;
	if (!tax_month_need(d, row->agent, month, &id))
		return false;
	sums = DBK_TOUCH(d->books, tax_months, tax_month, id);
	if (!dbk_money_add(sums->gross, row->gross, &sums->gross))
		return dbk_refuse_measured(d, DBK_RULE_AMOUNT_OVERFLOW,
					   dbk_field("payout"), row->gross,
					   INT64_MAX - sums->gross);
	due = dbk_tax_due(table_in_force(d), sums->gross);
	tax = due > sums->tax ? due - sums->tax : 0;
	if (tax > row->gross)
		tax = row->gross;
	sums->tax += tax;
	row->tax = tax;
	row->tax_month = id;
	return tax == 0 ||
	       post_tax(d, payout, month, DBK_PAYOUT_RESERVED, -tax, DBK_CAUSE_TAX);
}

static bool
is_remitted(const struct dbk_books *books, uint32_t month)
{
	char text[MONTH_TEXT_BYTES];
	uint32_t period =
	    dbk_names_find(&books->names, DBK_SPACE_PERIOD, month_name(month, text));

	return period != 0 && DBK_ROW(books, periods, period, period)->remitted;
}

bool
dbk_tax_back(struct dbk_decision *d, uint32_t payout, int64_t *out_back)
{
	struct dbk_row_payout *row = DBK_TOUCH(d->books, payouts, payout, payout);
	struct dbk_row_tax_month *sums;
	int64_t due;

	*out_back = 0;
	if (row->tax_month == 0)
		return true;
	sums = DBK_TOUCH(d->books, tax_months, tax_month, row->tax_month);
	if (is_remitted(d->books, sums->month))
		return true;
	row->tax_month = 0;
	sums->gross -= row->gross;
	due = dbk_tax_due(table_in_force(d), sums->gross);
	*out_back = sums->tax > due ? sums->tax - due : 0;
	sums->tax -= *out_back;
	return *out_back == 0 ||
	       post_tax(d, payout, sums->month, DBK_COMMISSION_AVAILABLE, *out_back,
			DBK_CAUSE_TAX_BACK);
}

bool
dbk_decide_tax_remitted(struct dbk_decision *d)
{
	const struct dbk_tax_remitted *e = &d->event->u.tax_remitted;
	uint32_t tag, period, bank;
	int64_t held = 0;

	tag = dbk_names_find(&d->books->names, DBK_SPACE_TAG, e->period);
	if (tag != 0)
		held = -dbk_account_balance(d->books, DBK_TAX_WITHHELD, tag);
	if (e->amount > held)
		return dbk_refuse_measured(d, DBK_RULE_TAX_EXCEEDED,
					   dbk_field("amount"), e->amount, held);
	if (!dbk_intern(d, DBK_SPACE_PERIOD, e->period, &period) ||
	    !dbk_intern(d, DBK_SPACE_TAG, dbk_str_of("bank"), &bank))
		return false;
	DBK_TOUCH(d->books, periods, period, period)->remitted = 1;
	return dbk_post(d, DBK_TAX_WITHHELD, tag, e->amount) &&
	       dbk_post(d, DBK_BANK, bank, -e->amount);
}
