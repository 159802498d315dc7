/*
 * network.c -- agents and the forest of sponsors.
 *
 * The sponsor graph is a forest at every position: an agent enters below an agent who
 * is already there, and a change of sponsor is refused when the walk up from the new
 * sponsor meets the agent.  Looking at the pair alone would miss longer cycles.
 */

#include "books/goods_core.h"

bool
dbk_agent_find(struct dbk_decision *d, struct dbk_field field, struct dbk_str name,
	       bool active, uint32_t *out_agent)
{
	uint32_t agent = dbk_name_find(d, DBK_SPACE_AGENT, name);

	if (agent == 0)
		return dbk_refuse(d, DBK_RULE_AGENT_UNKNOWN, field, name);
	if (active &&
	    DBK_ROW(d->books, agents, agent, agent)->state != DBK_AGENT_ACTIVE)
		return dbk_refuse(d, DBK_RULE_AGENT_NOT_ACTIVE, field, name);
	*out_agent = agent;
	return true;
}

/* Sponsors above AGENT, itself included; stops at the limit.  *OUT_MET tells whether
 * SOUGHT is one of them. */
static uint32_t
walk_up(const struct dbk_books *books, uint32_t agent, uint32_t sought, bool *out_met)
{
	uint32_t depth = 0;

	*out_met = false;
	while (agent != 0) {
		if (agent == sought) {
			*out_met = true;
			return depth;
		}
		agent = DBK_ROW(books, agents, agent, agent)->sponsor;
		depth++;
	}
	return depth;
}

static void
link_below(struct dbk_books *books, uint32_t agent, uint32_t sponsor)
{
	struct dbk_row_agent *row = DBK_TOUCH(books, agents, agent, agent);
	struct dbk_row_agent *above;

	row->sponsor = sponsor;
	row->previous_sibling = row->next_sibling = 0;
	if (sponsor == 0)
		return;
	above = DBK_TOUCH(books, agents, agent, sponsor);
	row->next_sibling = above->first_recruit;
	if (above->first_recruit != 0)
		DBK_TOUCH(books, agents, agent, above->first_recruit)
		    ->previous_sibling = agent;
	above->first_recruit = agent;
	above->n_recruits++;
}

static void
unlink_above(struct dbk_books *books, uint32_t agent)
{
	struct dbk_row_agent *row = DBK_TOUCH(books, agents, agent, agent);
	struct dbk_row_agent *above;

	if (row->sponsor == 0)
		return;
	above = DBK_TOUCH(books, agents, agent, row->sponsor);
	if (row->previous_sibling != 0)
		DBK_TOUCH(books, agents, agent, row->previous_sibling)->next_sibling =
		    row->next_sibling;
	else
		above->first_recruit = row->next_sibling;
	if (row->next_sibling != 0)
		DBK_TOUCH(books, agents, agent, row->next_sibling)->previous_sibling =
		    row->previous_sibling;
	above->n_recruits--;
}

/* The next agent of the branch of TOP after AT, a parent before its recruits; 0 at the
 * end.  *DEPTH counts along, TOP has 1. */
static uint32_t
next_below(const struct dbk_books *books, uint32_t top, uint32_t at, uint32_t *depth)
{
	const struct dbk_row_agent *row = DBK_ROW(books, agents, agent, at);

	if (row->first_recruit != 0) {
		(*depth)++;
		return row->first_recruit;
	}
	while (at != top) {
		row = DBK_ROW(books, agents, agent, at);
		if (row->next_sibling != 0)
			return row->next_sibling;
		at = row->sponsor;
		(*depth)--;
	}
	return 0;
}

/* The plan in force may want a flatter network than there could be. */
static bool
plan_allows_depth(struct dbk_decision *d, const char *field, uint32_t depth)
{
	uint32_t plan = dbk_plan_at(d->books, d->event->effective_at);
	uint32_t limit = dbk_plan_scalars(d->books, plan)->enroll_max_depth;

	if (limit == 0 || depth <= limit)
		return true;
	return dbk_refuse_measured(d, DBK_RULE_ENROLL_DEPTH, dbk_field(field), depth,
				   limit);
}

/* The branch of AGENT (0: a newcomer) hangs below ABOVE agents now: is that too deep?
 */
static bool
branch_fits(struct dbk_decision *d, const char *field, uint32_t agent, uint32_t above)
{
	uint32_t depth = 1, deepest = 1, n = 0;

	for (uint32_t at = agent; at != 0;
	     at = next_below(d->books, agent, at, &depth)) {
		if (++n > DBK_BRANCH_AGENTS_MAX)
			return dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED,
						   dbk_field("agent"), n,
						   DBK_BRANCH_AGENTS_MAX);
		if (depth > deepest)
			deepest = depth;
	}
	if (above + deepest > DBK_NETWORK_DEPTH_MAX)
		return dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED, dbk_field(field),
					   above + deepest, DBK_NETWORK_DEPTH_MAX);
	return plan_allows_depth(d, field, above + deepest);
}

/* A sponsor by name, enrolled and active and not below AGENT; an empty name is none. */
static bool
sponsor_find(struct dbk_decision *d, const char *field, struct dbk_str name,
	     uint32_t agent, uint32_t *out)
{
	bool met;
	uint32_t depth;

	*out = dbk_names_find(&d->books->names, DBK_SPACE_AGENT, name);
	if (name.size == 0)
		return true;
	if (*out == 0)
		return dbk_refuse(d, DBK_RULE_SPONSOR_UNKNOWN, dbk_field(field), name);
	if (DBK_ROW(d->books, agents, agent, *out)->state != DBK_AGENT_ACTIVE)
		return dbk_refuse(d, DBK_RULE_SPONSOR_NOT_ACTIVE, dbk_field(field),
				  name);
	depth = walk_up(d->books, *out, agent, &met);
	if (met) {
		d->refusal->measured = depth + 1;
		return dbk_refuse(d, DBK_RULE_SPONSOR_CYCLE, dbk_field(field), name);
	}
	return branch_fits(d, field, agent, depth);
}

/* CUSTOMER, if there is one, is the person who is AGENT, unless it is another already.
 */
static void
note_person(struct dbk_books *books, uint32_t customer, uint32_t agent)
{
	if (customer != 0 && DBK_ROW(books, customers, customer, customer)->person == 0)
		DBK_TOUCH(books, customers, customer, customer)->person = agent;
}

/* Which agreement it was that AGENT has signed. */
static bool
note_agreement(struct dbk_decision *d, uint32_t agent, uint32_t version)
{
	uint32_t watch;

	if (version == 0)
		return true;
	if (!dbk_watch_need(d, agent, &watch))
		return false;
	DBK_TOUCH(d->books, watches, watch, watch)->agreement_version = version;
	return true;
}

bool
dbk_decide_agent_enrolled(struct dbk_decision *d)
{
	const struct dbk_agent_enrolled *e = &d->event->u.agent_enrolled;
	uint32_t agent, sponsor, rank, customer;
	struct dbk_row_agent *row;

	if (dbk_str_equal(e->sponsor, e->agent))
		return dbk_refuse(d, DBK_RULE_SPONSOR_CYCLE, dbk_field("sponsor"),
				  e->sponsor);
	if (!sponsor_find(d, "sponsor", e->sponsor, 0, &sponsor) ||
	    !dbk_customer_intern(d, e->customer, &customer) ||
	    !dbk_intern(d, DBK_SPACE_TAG, e->rank, &rank) ||
	    !dbk_intern(d, DBK_SPACE_AGENT, e->agent, &agent))
		return false;
	row = DBK_TOUCH(d->books, agents, agent, agent);
	row->rank = rank;
	row->state = DBK_AGENT_ACTIVE;
	row->flags = e->employee ? DBK_AGENT_EMPLOYEE : 0;
	row->enrolled_at = d->event->effective_at;
	row->enrolled_position = d->position;
	link_below(d->books, agent, sponsor);
	note_person(d->books, customer, agent);
	return note_agreement(d, agent, e->agreement_version) &&
	       dbk_cohort_join(d, agent) &&
	       (sponsor == 0 || dbk_commission_recruit(d, agent, 0));
}

/* Another payee's time starts now; the same one keeps its own. */
static bool
note_payee(struct dbk_decision *d, uint32_t agent, struct dbk_str payee_hash)
{
	const struct dbk_row_purse *known;
	struct dbk_row_purse *row;
	uint64_t payee[2];
	uint32_t purse;

	if (payee_hash.size == 0)
		return true;
	if (!dbk_purse_need(d, agent, &purse))
		return false;
	dbk_purse_payee(payee_hash, payee);
	known = DBK_ROW(d->books, purses, purse, purse);
	if (known->payee[0] == payee[0] && known->payee[1] == payee[1])
		return true;
	row = DBK_TOUCH(d->books, purses, purse, purse);
	row->payee[0] = payee[0];
	row->payee[1] = payee[1];
	row->payee_since = dbk_clock(d->books);
	return true;
}

/* Where AGENT can be met; a verification that does not say leaves it as it was. */
static bool
note_whereabouts(struct dbk_decision *d, uint32_t agent,
		 const struct dbk_agent_verified *e)
{
	uint64_t device[2], address[2];
	struct dbk_row_purse *row;
	uint32_t purse;

	if (e->device_hash.size == 0 && e->address_hash.size == 0)
		return true;
	if (!dbk_purse_need(d, agent, &purse))
		return false;
	dbk_purse_payee(e->device_hash, device);
	dbk_purse_payee(e->address_hash, address);
	row = DBK_TOUCH(d->books, purses, purse, purse);
	if (e->device_hash.size != 0)
		row->device = device[0];
	if (e->address_hash.size != 0)
		row->address = address[0];
	return true;
}

bool
dbk_decide_agent_verified(struct dbk_decision *d)
{
	const struct dbk_agent_verified *e = &d->event->u.agent_verified;
	struct dbk_row_agent *row;
	uint32_t agent, expected;

	if (!dbk_agent_find(d, dbk_field("agent"), e->agent, false, &agent))
		return false;
	expected = DBK_ROW(d->books, agents, agent, agent)->revision + 1;
	if (e->revision != expected)
		return dbk_refuse_measured(d, DBK_RULE_AGENT_REVISION_GAP,
					   dbk_field("revision"), e->revision,
					   expected);
	row = DBK_TOUCH(d->books, agents, agent, agent);
	if (row->state == DBK_AGENT_TERMINATED)
		return dbk_refuse(d, DBK_RULE_AGENT_NOT_ACTIVE, dbk_field("agent"),
				  e->agent);
	row->revision = e->revision;
	return note_payee(d, agent, e->payee_hash) && note_whereabouts(d, agent, e);
}

bool
dbk_decide_sponsor_changed(struct dbk_decision *d)
{
	const struct dbk_sponsor_changed *e = &d->event->u.sponsor_changed;
	uint32_t agent, now, sponsor;

	if (!dbk_agent_find(d, dbk_field("agent"), e->agent, false, &agent))
		return false;
	if (DBK_ROW(d->books, agents, agent, agent)->state == DBK_AGENT_TERMINATED)
		return dbk_refuse(d, DBK_RULE_AGENT_NOT_ACTIVE, dbk_field("agent"),
				  e->agent);
	now = DBK_ROW(d->books, agents, agent, agent)->sponsor;
	if (!dbk_str_equal(dbk_names_get(&d->books->names, DBK_SPACE_AGENT, now),
			   e->old_sponsor))
		return dbk_refuse(d, DBK_RULE_SPONSOR_STALE, dbk_field("old_sponsor"),
				  e->old_sponsor);
	if (!dbk_two_approvers(d, e->approver1, e->approver2) ||
	    !sponsor_find(d, "new_sponsor", e->new_sponsor, agent, &sponsor))
		return false;
	unlink_above(d->books, agent);
	link_below(d->books, agent, sponsor);
	return true;
}

bool
dbk_decide_rank_changed(struct dbk_decision *d)
{
	const struct dbk_rank_changed *e = &d->event->u.rank_changed;
	uint32_t agent, rank, now;

	if (!dbk_agent_find(d, dbk_field("agent"), e->agent, false, &agent))
		return false;
	now = DBK_ROW(d->books, agents, agent, agent)->rank;
	if (!dbk_str_equal(dbk_names_get(&d->books->names, DBK_SPACE_TAG, now),
			   e->old_rank))
		return dbk_refuse(d, DBK_RULE_RANK_STALE, dbk_field("old_rank"),
				  e->old_rank);
	if (!dbk_intern(d, DBK_SPACE_TAG, e->new_rank, &rank))
		return false;
	DBK_TOUCH(d->books, agents, agent, agent)->rank = rank;
	return true;
}

/*
 *	ACTIVE -- suspended --> SUSPENDED -- reinstated --> ACTIVE
 *	ACTIVE, SUSPENDED -- terminated --> TERMINATED (final)
 */
bool
dbk_decide_agent_step(struct dbk_decision *d)
{
	const struct dbk_agent_step *e = &d->event->u.agent_step;
	struct dbk_row_agent *row;
	uint32_t agent = 0;
	uint8_t next;
	bool possible;

	if (!dbk_agent_find(d, dbk_field("agent"), e->agent, false, &agent))
		return false;
	row = DBK_TOUCH(d->books, agents, agent, agent);
	if (d->event->type == DBK_EVENT_AGENT_SUSPENDED) {
		possible = row->state == DBK_AGENT_ACTIVE;
		next = DBK_AGENT_SUSPENDED;
	} else if (d->event->type == DBK_EVENT_AGENT_REINSTATED) {
		possible = row->state == DBK_AGENT_SUSPENDED;
		next = DBK_AGENT_ACTIVE;
	} else {
		possible = row->state != DBK_AGENT_TERMINATED;
		next = DBK_AGENT_TERMINATED;
	}
	if (!possible)
		return dbk_refuse_measured(d, DBK_RULE_AGENT_STATE, dbk_field("agent"),
					   row->state, next);
	row->state = next;
	return next != DBK_AGENT_TERMINATED || e->buyback_due == DBK_TIME_ABSENT ||
	       dbk_timer_add(d, DBK_TIMER_AGENT, agent, dbk_due_second(e->buyback_due));
}
