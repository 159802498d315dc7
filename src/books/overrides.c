/*
 * overrides.c -- two people let one agent pass one guard, once, for some time.
 */

#include "books/core.h"

static const enum dbk_rule guards[] = {
	DBK_RULE_PAYOUT_MINIMUM,
	DBK_RULE_PAYOUT_DAILY_LIMIT,
	DBK_RULE_PAYOUT_MONTHLY_LIMIT,
	DBK_RULE_PAYEE_CHANGED,
	DBK_RULE_PAYOUT_OPEN,
	DBK_RULE_RESTOCK_STANDING,
	DBK_RULE_RESTOCK_RECEIVABLE,
	DBK_RULE_RESTOCK_STARTER,
	DBK_RULE_RESTOCK_SELL_THROUGH,
	DBK_RULE_RESTOCK_COVER,
	DBK_RULE_RESTOCK_HOLDING,
	DBK_RULE_RESTOCK_FREQUENCY,
	DBK_RULE_RESTOCK_GOODS_STATE,
	DBK_RULE_RESTOCK_AGED,
	DBK_RULE_RESTOCK_PRICE,
	DBK_RULE_RESTOCK_RANK_BUY,
	DBK_RULE_RESTOCK_NOT_ASKED,
	DBK_RULE_JOINING_PURCHASE,
	DBK_RULE_TERRITORY,
	DBK_RULE_EXPOSURE,
	DBK_RULE_PUSHED_DOWN,
	DBK_RULE_BUYBACK_INELIGIBLE,
};

static bool
guard_find(struct dbk_decision *d, enum dbk_rule *out)
{
	struct dbk_str name = d->event->u.override_granted.guard;

	for (size_t i = 0; i < sizeof guards / sizeof guards[0]; i++) {
		*out = guards[i];
		if (dbk_str_equal(name, dbk_str_of(dbk_rule_name(guards[i]))))
			return true;
	}
	return dbk_refuse(d, DBK_RULE_OVERRIDE_GUARD, dbk_field("guard"), name);
}

/* It must end some time, and not before it was granted. */
static bool
expires_later(struct dbk_decision *d)
{
	int64_t at = d->event->u.override_granted.expires_at;
	struct dbk_field field = dbk_field("expires_at");

	if (at == DBK_TIME_ABSENT)
		return dbk_refuse(d, DBK_RULE_OVERRIDE_EXPIRED, field,
				  dbk_str_make("", 0));
	return at > dbk_clock(d->books) ||
	       dbk_refuse_measured(d, DBK_RULE_OVERRIDE_EXPIRED, field, at,
				   dbk_clock(d->books));
}

bool
dbk_decide_override_granted(struct dbk_decision *d)
{
	const struct dbk_override_granted *e = &d->event->u.override_granted;
	uint32_t agent, purse, id, subject;
	struct dbk_row_override *row;
	enum dbk_rule rule;

	if (!dbk_two_approvers(d, e->approver1, e->approver2) ||
	    !guard_find(d, &rule) ||
	    !dbk_agent_find(d, dbk_field("subject"), e->subject, false, &agent) ||
	    !expires_later(d) || !dbk_purse_need(d, agent, &purse) ||
	    !dbk_intern(d, DBK_SPACE_TAG, e->subject, &subject) ||
	    !dbk_intern(d, DBK_SPACE_OVERRIDE, e->override, &id))
		return false;
	row = DBK_TOUCH(d->books, overrides, override, id);
	row->guard = rule;
	row->subject = subject;
	row->granted_position = d->position;
	row->expires_at = e->expires_at;
	row->next = DBK_ROW(d->books, purses, purse, purse)->overrides;
	DBK_TOUCH(d->books, purses, purse, purse)->overrides = id;
	return true;
}

bool
dbk_override_use(struct dbk_decision *d, uint32_t purse, enum dbk_rule guard)
{
	uint32_t id = DBK_ROW(d->books, purses, purse, purse)->overrides;

	while (id != 0) {
		const struct dbk_row_override *row =
		    DBK_ROW(d->books, overrides, override, id);

		if (row->guard == (uint32_t)guard && row->used_position == 0 &&
		    dbk_clock(d->books) < row->expires_at) {
			DBK_TOUCH(d->books, overrides, override, id)->used_position =
			    d->position + 1;
			return true;
		}
		id = row->next;
	}
	return false;
}
