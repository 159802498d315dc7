/*
 * exposure.c -- money for goods that an agent has not delivered.
 *
 * Consumers have paid, an agent ships from its own stock and has not shipped yet: what
 * stands in escrow of its orders, less what the agent has at the platform, is what the
 * platform would have to give back out of its own pocket.
 */

#include "base/money.h"
#include "books/goods_core.h"

void
dbk_exposure_escrow(struct dbk_decision *d, uint32_t order, int64_t amount)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);

	/* Such an order is shipped by its seller: the holder is the seller's. */
	if (row->fulfilment == DBK_HOLDER_SHIP)
		DBK_TOUCH(d->books, holders, holder, row->ship_from)->undelivered +=
		    amount;
}

int64_t
dbk_exposure_of(const struct dbk_books *books, uint32_t agent)
{
	static const enum dbk_account_code owed_to[] = { DBK_DEPOSIT,
							 DBK_COMMISSION_AVAILABLE,
							 DBK_COMMISSION_HELD };
	uint32_t holder = DBK_ROW(books, agents, agent, agent)->holder;
	int64_t owes = dbk_account_balance(books, DBK_CLAWBACK_RECEIVABLE, agent);
	int64_t owed = 0;

	/* Balances of what is owed are negative, of what it owes positive. */
	for (size_t i = 0; i < sizeof owed_to / sizeof owed_to[0]; i++)
		owed =
		    dbk_money_sum(owed, dbk_account_balance(books, owed_to[i], agent));
	/* Bounded: a limit is broken or not either way. */
	owed = dbk_money_sum(owed, DBK_ROW(books, holders, holder, holder)->undelivered);
	return dbk_money_sum(owed, owes);
}

static bool
exposure_check(struct dbk_decision *d, unsigned mode, uint32_t agent, const char *field)
{
	struct dbk_violation violation = { .guard = DBK_GUARD_EXPOSURE,
					   .rule = DBK_RULE_EXPOSURE,
					   .field = dbk_field(field),
					   .subject_kind = DBK_SUBJECT_AGENT,
					   .subject = agent,
					   .agent = agent };

	violation.measured = dbk_exposure_of(d->books, agent);
	violation.limit = dbk_guard_term(d->books, DBK_GUARD_MAX_EXPOSURE, 0,
					 DBK_ROW(d->books, agents, agent, agent)->rank);
	return violation.measured <= violation.limit ||
	       dbk_guard_fail(d, mode, &violation);
}

bool
dbk_exposure_payment(struct dbk_decision *d, uint32_t order)
{
	const struct dbk_row_order *row;

	if (dbk_guard_mode(d->books, DBK_GUARD_EXPOSURE) == DBK_GUARD_OFF)
		return true;
	row = DBK_ROW(d->books, orders, order, order);
	if (row->kind != DBK_ORDER_RETAIL || row->fulfilment != DBK_HOLDER_SHIP ||
	    row->escrow == 0)
		return true;
	/* The consumer has paid: that is not undone because the seller is slow. */
	return exposure_check(d, DBK_GUARD_FLAG, row->seller, "amount");
}

bool
dbk_exposure_payout(struct dbk_decision *d, uint32_t agent)
{
	unsigned mode = dbk_guard_mode(d->books, DBK_GUARD_EXPOSURE);

	return mode == DBK_GUARD_OFF || exposure_check(d, mode, agent, "gross");
}
