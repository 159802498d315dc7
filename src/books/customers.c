/*
 * customers.c -- consumers, whom they are bound to and who brought them.
 *
 * Binding is apart from the forest of sponsors: it says who serves a consumer, not who
 * recruited whom.
 */

#include "books/goods_core.h"

#define US_PER_DAY 86400000000LL

bool
dbk_customer_intern(struct dbk_decision *d, struct dbk_str name, uint32_t *out)
{
	uint32_t before = d->books->customers.count;

	if (!dbk_intern(d, DBK_SPACE_CUSTOMER, name, out))
		return false;
	if (d->books->customers.count != before)
		DBK_TOUCH(d->books, customers, customer, *out)->expires_at =
		    DBK_TIME_ABSENT;
	return true;
}

static bool
binding_holds(const struct dbk_row_customer *row, int64_t at)
{
	return row->binding != 0 &&
	       (row->expires_at == DBK_TIME_ABSENT || row->expires_at > at);
}

uint32_t
dbk_customer_agent(const struct dbk_books *books, uint32_t customer, int64_t time)
{
	const struct dbk_row_customer *row =
	    DBK_ROW(books, customers, customer, customer);

	return binding_holds(row, time) ? row->agent : 0;
}

/* When a binding ends that does not say so itself. */
static int64_t
default_end(struct dbk_decision *d)
{
	int64_t now = d->event->effective_at;
	uint32_t plan = dbk_plan_at(d->books, now);
	uint32_t days = dbk_plan_scalars(d->books, plan)->binding_days;

	return days == 0 ? DBK_TIME_ABSENT : now + (int64_t)days * US_PER_DAY;
}

static void
unbind(struct dbk_books *books, struct dbk_row_customer *row)
{
	if (row->binding != 0 && row->agent != 0)
		DBK_TOUCH(books, agents, agent, row->agent)->n_customers--;
	row->binding = row->agent = 0;
	row->expires_at = DBK_TIME_ABSENT;
}

bool
dbk_decide_customer_bound(struct dbk_decision *d)
{
	const struct dbk_customer_bound *e = &d->event->u.customer_bound;
	uint32_t customer, referrer, binding, agent = 0;
	struct dbk_row_customer *row;

	if (dbk_str_equal(e->referrer_customer, e->customer))
		return dbk_refuse(d, DBK_RULE_SELF_REFERENCE,
				  dbk_field("referrer_customer"), e->referrer_customer);
	if (e->agent.size != 0 &&
	    !dbk_agent_find(d, dbk_field("agent"), e->agent, true, &agent))
		return false;
	if (!dbk_customer_intern(d, e->customer, &customer) ||
	    !dbk_customer_intern(d, e->referrer_customer, &referrer))
		return false;
	row = DBK_TOUCH(d->books, customers, customer, customer);
	if (binding_holds(row, d->event->effective_at))
		return dbk_refuse(d, DBK_RULE_BINDING_EXISTS, dbk_field("customer"),
				  e->customer);
	if (!dbk_intern(d, DBK_SPACE_BINDING, e->binding, &binding))
		return false;
	unbind(d->books, row);
	row->binding = binding;
	row->agent = agent;
	row->expires_at =
	    e->expires_at == DBK_TIME_ABSENT ? default_end(d) : e->expires_at;
	if (row->referrer_customer == 0 && row->referrer_agent == 0)
		row->referrer_customer = referrer;
	DBK_TOUCH(d->books, bindings, binding, binding)->customer = customer;
	if (agent == 0)
		return true;
	DBK_TOUCH(d->books, agents, agent, agent)->n_customers++;
	return dbk_watch_binding(d, agent);
}

bool
dbk_decide_customer_unbound(struct dbk_decision *d)
{
	const struct dbk_customer_unbound *e = &d->event->u.customer_unbound;
	uint32_t binding =
	    dbk_names_find(&d->books->names, DBK_SPACE_BINDING, e->binding);
	uint32_t customer =
	    dbk_names_find(&d->books->names, DBK_SPACE_CUSTOMER, e->customer);

	if (binding == 0)
		return dbk_refuse(d, DBK_RULE_BINDING_UNKNOWN, dbk_field("binding"),
				  e->binding);
	if (customer == 0 ||
	    DBK_ROW(d->books, customers, customer, customer)->binding != binding)
		return dbk_refuse(d, DBK_RULE_BINDING_UNKNOWN, dbk_field("customer"),
				  e->customer);
	unbind(d->books, DBK_TOUCH(d->books, customers, customer, customer));
	return true;
}

bool
dbk_decide_referral_recorded(struct dbk_decision *d)
{
	const struct dbk_referral_recorded *e = &d->event->u.referral_recorded;
	uint32_t by_agent = 0, by_customer, agent, customer;
	struct dbk_row_customer *row;

	if (e->referrer_agent.size != 0 &&
	    dbk_str_equal(e->referrer_agent, e->referred_agent))
		return dbk_refuse(d, DBK_RULE_SELF_REFERENCE,
				  dbk_field("referred_agent"), e->referred_agent);
	if (e->referrer_customer.size != 0 &&
	    dbk_str_equal(e->referrer_customer, e->referred_customer))
		return dbk_refuse(d, DBK_RULE_SELF_REFERENCE,
				  dbk_field("referred_customer"), e->referred_customer);
	if (e->referrer_agent.size != 0 &&
	    !dbk_agent_find(d, dbk_field("referrer_agent"), e->referrer_agent, false,
			    &by_agent))
		return false;
	if (e->referred_agent.size != 0 &&
	    !dbk_agent_find(d, dbk_field("referred_agent"), e->referred_agent, false,
			    &agent))
		return false;
	if (!dbk_customer_intern(d, e->referrer_customer, &by_customer) ||
	    !dbk_customer_intern(d, e->referred_customer, &customer))
		return false;
	if (customer == 0)
		return true;
	row = DBK_TOUCH(d->books, customers, customer, customer);
	if (row->referrer_agent == 0 && row->referrer_customer == 0) {
		row->referrer_agent = by_agent;
		row->referrer_customer = by_customer;
	}
	return true;
}
