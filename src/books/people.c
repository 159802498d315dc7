/*
 * people.c -- who stands at which level of an order.
 *
 * Level 1 sold or serves the buyer, level n + 1 is the sponsor of level n at this
 * moment: what becomes of the forest later does not touch what has accrued.
 */

#include "books/accrual.h"

/* The agent whom the buyer belongs to: bound to, or the buyer itself. */
static uint32_t
agent_of_buyer(const struct dbk_accrual *a)
{
	if (a->row->kind != DBK_ORDER_RETAIL)
		return a->row->buyer;
	return dbk_customer_agent(a->d->books, a->row->buyer,
				  a->d->event->effective_at);
}

static uint32_t
agent_of_level_one(const struct dbk_accrual *a)
{
	uint32_t seller = a->row->seller, other;

	if (a->extra != NULL && a->extra->n_agents > 0)
		return a->extra->agents[0];
	if (a->plan->attribution == DBK_ATTRIBUTION_SELLER_FIRST && seller != 0)
		return seller;
	other = agent_of_buyer(a);
	return other != 0 ? other : seller;
}

static void
stand(const struct dbk_accrual *a, struct dbk_person *person, uint32_t agent,
      uint32_t distance)
{
	const struct dbk_row_agent *row;

	memset(person, 0, sizeof *person);
	person->distance = distance < UINT8_MAX ? (uint8_t)distance : UINT8_MAX;
	if (agent == 0)
		return;
	row = DBK_ROW(a->d->books, agents, agent, agent);
	person->agent = agent;
	person->rank = row->rank;
	person->active = row->state == DBK_AGENT_ACTIVE;
}

/* Who stands above BELOW; nobody is one step above it. */
static void
stand_above(const struct dbk_accrual *a, const struct dbk_person *below,
	    struct dbk_person *person)
{
	const struct dbk_books *books = a->d->books;
	uint32_t distance = below->distance + 1u;
	uint32_t agent = below->agent;

	do {
		agent = agent == 0 ? 0 : DBK_ROW(books, agents, agent, agent)->sponsor;
		stand(a, person, agent, distance++);
	} while (agent != 0 && !person->active &&
		 a->plan->compression == DBK_COMPRESSION_SKIP_INACTIVE);
	if (agent == 0)
		stand(a, person, 0, below->distance + 1u);
}

/* Does level 1's agent buy for itself, where that earns nothing? */
static bool
is_own_purchase(const struct dbk_accrual *a)
{
	const struct dbk_row_order *row = a->row;
	uint32_t person;

	if (row->kind != DBK_ORDER_RETAIL || row->buyer == 0 ||
	    a->people[0].agent == 0 ||
	    a->plan->self_purchase == DBK_SELF_PURCHASE_COMMISSION)
		return false;
	person = DBK_ROW(a->d->books, customers, customer, row->buyer)->person;
	return person == a->people[0].agent;
}

/* Is the buyer a customer for long enough that the later rates count? */
static bool
is_later(const struct dbk_accrual *a)
{
	const struct dbk_row_order *row = a->row;
	uint32_t first, today;

	if (a->plan->step_down_days == 0 || row->kind != DBK_ORDER_RETAIL ||
	    row->buyer == 0)
		return false;
	first = DBK_ROW(a->d->books, customers, customer, row->buyer)->first_day;
	if (first == 0)
		return false;
	today = dbk_local_day(a->d->books, a->d->event->effective_at) + 1;
	return today > first && today - first > a->plan->step_down_days;
}

void
dbk_people_find(struct dbk_accrual *a)
{
	a->n_levels = a->plan->pay_max_depth;
	dbk_assert(a->n_levels >= 1 && a->n_levels <= DBK_LEVELS_MAX);
	stand(a, &a->people[0], agent_of_level_one(a), 0);
	for (uint32_t i = 1; i < a->n_levels; i++)
		stand_above(a, &a->people[i - 1], &a->people[i]);
	a->is_own_purchase = is_own_purchase(a);
	a->is_later = is_later(a);
	a->has_caps = a->plan->agent_period_cap > 0 || a->plan->own_retail_cap_ppm > 0;
}
