/*
 * drawing.c -- money taken out of what is available, and put back.
 *
 * What an agent has available is what is open of the MATURED earnings on its chain.
 * Payouts take the oldest, so that each leads back to the sales that it is for;
 * whatever is taken away takes the newest.  What an agent owes is paid off first by
 * whatever becomes available.
 */

#include "base/money.h"
#include "books/core.h"

/* ------------------------------------------------------------------------- owing */

static bool
owes(const struct dbk_books *books, uint32_t agent)
{
	return DBK_ROW(books, agents, agent, agent)->flags & DBK_AGENT_OWES;
}

bool
dbk_owe(struct dbk_decision *d, uint32_t agent, int64_t amount, enum dbk_cause cause,
	uint32_t ref)
{
	if (!owes(d->books, agent))
		DBK_TOUCH(d->books, agents, agent, agent)->flags |= DBK_AGENT_OWES;
	return dbk_post_for(d, DBK_CLAWBACK_RECEIVABLE, agent, amount, cause, ref);
}

static bool
owe_less(struct dbk_decision *d, uint32_t agent, int64_t amount, enum dbk_cause cause,
	 uint32_t ref)
{
	if (!dbk_post_for(d, DBK_CLAWBACK_RECEIVABLE, agent, -amount, cause, ref))
		return false;
	if (dbk_account_balance(d->books, DBK_CLAWBACK_RECEIVABLE, agent) == 0)
		DBK_TOUCH(d->books, agents, agent, agent)->flags &=
		    (uint8_t)~DBK_AGENT_OWES;
	return true;
}

bool
dbk_owe_less(struct dbk_decision *d, uint32_t agent, int64_t amount,
	     enum dbk_cause cause)
{
	return owe_less(d, agent, amount, cause, 0);
}

/* ----------------------------------------------------------------------- netting */

/* How much of AMOUNT, which becomes available now, AGENT has to pay off with. */
static int64_t
net_of(const struct dbk_decision *d, uint32_t agent, int64_t amount)
{
	struct dbk_books *books = d->books;
	const struct dbk_plan_scalars *scalars;
	int64_t owed, most;

	if (!owes(books, agent))
		return 0;
	scalars = dbk_plan_scalars(
	    books, dbk_plan_at(books, DBK_ROW(books, book, book, 1)->clock));
	owed = dbk_account_balance(books, DBK_CLAWBACK_RECEIVABLE, agent);
	most = dbk_money_muldiv(amount, scalars->clawback_recovery_ppm, DBK_PPM_MAX);
	return most < owed ? most : owed;
}

static bool
post_net(struct dbk_decision *d, uint32_t agent, int64_t amount, uint32_t order)
{
	return dbk_post_for(d, DBK_COMMISSION_AVAILABLE, agent, amount,
			    DBK_CAUSE_NETTED, order) &&
	       owe_less(d, agent, amount, DBK_CAUSE_NETTED, order);
}

bool
dbk_net(struct dbk_decision *d, uint32_t agent, const uint32_t *earnings, uint32_t n,
	int64_t amount)
{
	int64_t total = net_of(d, agent, amount), left = total;

	if (total == 0)
		return true;
	for (uint32_t i = 0; i < n && left > 0; i++) {
		int64_t open = DBK_ROW(d->books, earnings, earning, earnings[i])->open;
		int64_t part = open < left ? open : left;

		dbk_earning_take(d->books, earnings[i], part);
		left -= part;
	}
	dbk_assert(left == 0);
	return post_net(d, agent, total,
			n == 1 ? dbk_earning_order(d->books, earnings[0]) : 0);
}

/* ------------------------------------------------------------------------ taking */

int64_t
dbk_draw_take(struct dbk_books *books, uint32_t agent, int64_t amount)
{
	uint32_t at = DBK_ROW(books, agents, agent, agent)->matured, before = 0;
	int64_t left = amount;

	while (at != 0 && left > 0) {
		const struct dbk_row_earning *row =
		    DBK_ROW(books, earnings, earning, at);
		int64_t part = row->open < left ? row->open : left;
		struct dbk_row_earning *drawn;

		if (row->state == DBK_EARNING_MATURED) {
			drawn = DBK_TOUCH(books, earnings, earning, at);
			drawn->open -= part;
			left -= part;
			if (drawn->open == 0) {
				drawn->state = DBK_EARNING_DRAWN;
				dbk_chain_link(books, agent, before, drawn->next);
			}
		}
		if (row->state != DBK_EARNING_DRAWN)
			before = at;
		at = row->next;
	}
	return amount - left;
}

bool
dbk_draw_newest(struct dbk_decision *d, uint32_t agent, int64_t amount,
		enum dbk_cause cause, uint32_t ref, int64_t *out_left)
{
	int64_t taken = dbk_draw_take(d->books, agent, amount);

	*out_left = amount - taken;
	return taken == 0 ||
	       dbk_post_for(d, DBK_COMMISSION_AVAILABLE, agent, taken, cause, ref);
}

/* Where the oldest AMOUNT of what AGENT has available begins, seen from the newest. */
struct draw {
	uint32_t at, before; /* the earning, and the one before it on the chain */
	int64_t spare;	     /* of what is open there, stays */
	uint32_t n;	     /* earnings from there on that are drawn from */
};

static struct draw
draw_find(const struct dbk_books *books, uint32_t agent, int64_t amount)
{
	struct draw draw = { .at = DBK_ROW(books, agents, agent, agent)->matured };
	const struct dbk_row_earning *row;

	draw.spare =
	    -dbk_account_balance(books, DBK_COMMISSION_AVAILABLE, agent) - amount;
	dbk_assert(draw.spare >= 0);
	for (;; draw.at = row->next) {
		dbk_assert(draw.at != 0);
		row = DBK_ROW(books, earnings, earning, draw.at);
		if (row->state == DBK_EARNING_MATURED) {
			if (row->open > draw.spare)
				break;
			draw.spare -= row->open;
		}
		draw.before = draw.at;
	}
	for (uint32_t at = draw.at; at != 0; at = row->next) {
		row = DBK_ROW(books, earnings, earning, at);
		if (row->state == DBK_EARNING_MATURED)
			draw.n++;
	}
	return draw;
}

/* All that DRAW found becomes items, the oldest first: they are filled from behind. */
static void
draw_do(struct dbk_books *books, uint32_t agent, uint32_t payout, struct draw draw,
	uint32_t first_item)
{
	for (uint32_t at = draw.at; at != 0;) {
		const struct dbk_row_earning *row =
		    DBK_ROW(books, earnings, earning, at);
		struct dbk_row_payout_item *item;
		struct dbk_row_earning *drawn;

		if (row->state == DBK_EARNING_MATURED) {
			drawn = DBK_TOUCH(books, earnings, earning, at);
			item = DBK_TOUCH(books, payout_items, payout_item,
					 first_item + --draw.n);
			item->payout = payout;
			item->earning = at;
			item->amount = drawn->open - draw.spare;
			drawn->open = draw.spare;
			draw.spare = 0;
			if (drawn->open == 0) {
				drawn->state = DBK_EARNING_DRAWN;
				dbk_chain_link(books, agent, draw.before, drawn->next);
			}
		}
		if (row->state != DBK_EARNING_DRAWN)
			draw.before = at;
		at = row->next;
	}
	dbk_assert(draw.n == 0);
}

bool
dbk_draw_payout(struct dbk_decision *d, uint32_t agent, uint32_t payout, int64_t amount)
{
	struct draw draw = draw_find(d->books, agent, amount);
	struct dbk_row_payout *row;

	if (draw.n > DBK_PAYOUT_ITEMS_MAX)
		return dbk_refuse_measured(d, DBK_RULE_PAYOUT_ITEMS, dbk_field("gross"),
					   draw.n, DBK_PAYOUT_ITEMS_MAX);
	if (!dbk_rows_has_room(&d->books->payout_items, draw.n))
		return dbk_refuse_measured(
		    d, DBK_RULE_LIMIT_REACHED, dbk_field("gross"),
		    d->books->payout_items.count, d->books->payout_items.max);
	row = DBK_TOUCH(d->books, payouts, payout, payout);
	row->first_item = dbk_rows_append(&d->books->payout_items, draw.n);
	row->n_items = draw.n;
	draw_do(d->books, agent, payout, draw, row->first_item);
	return true;
}

/* ------------------------------------------------------------------- giving back */

/* What of LEFT the earning of ITEM gets. */
static int64_t
item_part(const struct dbk_books *books, uint32_t item, int64_t left)
{
	int64_t amount = DBK_ROW(books, payout_items, payout_item, item)->amount;

	return amount < left ? amount : left;
}

static bool
item_is_held(const struct dbk_books *books, uint32_t item)
{
	return dbk_earning_is_held(
	    books, DBK_ROW(books, payout_items, payout_item, item)->earning);
}

/* How much of AMOUNT, given back to the items of PAYOUT, becomes available. */
static int64_t
back_free(const struct dbk_books *books, const struct dbk_row_payout *payout,
	  int64_t amount)
{
	int64_t left = amount, open = 0;

	for (uint32_t i = 0; i < payout->n_items && left > 0; i++) {
		int64_t part = item_part(books, payout->first_item + i, left);

		left -= part;
		if (!item_is_held(books, payout->first_item + i))
			open += part;
	}
	if (DBK_ROW(books, agents, agent, payout->agent)->holds == 0)
		open += left;
	return open;
}

/* PART is open again of EARNING, less what of it is netted at once: *NET at most.  What
 * is netted whole is not put on the chain first, to be looked for there. */
static bool
back_item(struct dbk_decision *d, uint32_t earning, int64_t part, int64_t *net)
{
	const struct dbk_row_earning *row =
	    DBK_ROW(d->books, earnings, earning, earning);
	int64_t take;

	if (dbk_earning_is_held(d->books, earning))
		return dbk_earning_put(d, earning, part, true);
	take = row->open + part < *net ? row->open + part : *net;
	*net -= take;
	if (part > take)
		return dbk_earning_put(d, earning, part - take, false);
	if (take > part)
		dbk_earning_take(d->books, earning, take - part);
	return true;
}

/* What the items cannot take: tax that was too much. */
static bool
back_rest(struct dbk_decision *d, uint32_t agent, int64_t amount, int64_t *net)
{
	uint32_t earning;

	if (!dbk_earning_add_other(d, agent, DBK_EARNING_TAX_BACK, DBK_BASIS_OTHER,
				   amount, &earning))
		return false;
	if (DBK_ROW(d->books, agents, agent, agent)->holds > 0)
		return dbk_post_for(d, DBK_COMMISSION_AVAILABLE, agent, amount,
				    DBK_CAUSE_HELD, 0) &&
		       dbk_post_for(d, DBK_COMMISSION_HELD, agent, -amount,
				    DBK_CAUSE_HELD, 0);
	if (*net > 0)
		dbk_earning_take(d->books, earning, *net);
	*net = 0;
	return true;
}

bool
dbk_draw_back(struct dbk_decision *d, uint32_t payout, int64_t amount, bool net)
{
	const struct dbk_row_payout *row = DBK_ROW(d->books, payouts, payout, payout);
	int64_t total = net && owes(d->books, row->agent)
			    ? net_of(d, row->agent, back_free(d->books, row, amount))
			    : 0;
	int64_t left = amount, net_left = total;

	for (uint32_t i = 0; i < row->n_items && left > 0; i++) {
		uint32_t item = row->first_item + i;
		int64_t part = item_part(d->books, item, left);

		left -= part;
		if (!back_item(
			d, DBK_ROW(d->books, payout_items, payout_item, item)->earning,
			part, &net_left))
			return false;
	}
	if (left > 0 && !back_rest(d, row->agent, left, &net_left))
		return false;
	dbk_assert(net_left == 0);
	return total == 0 || post_net(d, row->agent, total, 0);
}
