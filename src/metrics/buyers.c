#include "metrics/buyers.h"

#include <stdbool.h>
#include <string.h>

#define CUSTOMERS_MAX (UINT32_C(1) << 28)
#define AGENTS_MAX (UINT32_C(1) << 27)
#define DAYS_MAX (UINT32_C(1) << 29)

/* What an agent bought as one, and since.  Numbers of days, 0: none. */
struct agent {
	uint32_t bought, former;
	bool has_left;
};

struct bought {
	int32_t day;
	uint32_t next; /* an earlier record of the same buyer */
};

void
dbk_buyers_init(struct dbk_buyers *buyers)
{
	dbk_column_init(&buyers->customers, sizeof(uint32_t), CUSTOMERS_MAX);
	dbk_column_init(&buyers->agents, sizeof(struct agent), AGENTS_MAX);
	dbk_column_init(&buyers->days, sizeof(struct bought), DAYS_MAX);
	memset(&buyers->named, 0, sizeof buyers->named);
	memset(&buyers->gone, 0, sizeof buyers->gone);
}

void
dbk_buyers_fini(struct dbk_buyers *buyers)
{
	dbk_column_fini(&buyers->customers);
	dbk_column_fini(&buyers->agents);
	dbk_column_fini(&buyers->days);
}

static struct bought *
bought_at(const struct dbk_buyers *buyers, uint32_t number)
{
	return dbk_column_row(&buyers->days, number);
}

/* One more day before those of *LATEST. */
static enum dbk_err
note(struct dbk_buyers *buyers, uint32_t *latest, int32_t day)
{
	uint32_t number = buyers->days.count == 0 ? 1 : buyers->days.count;
	enum dbk_err err;

	if (*latest != 0 && bought_at(buyers, *latest)->day == day)
		return DBK_OK;
	err = dbk_column_reach(&buyers->days, number);
	if (err != DBK_OK)
		return err;
	*bought_at(buyers, number) = (struct bought){ .day = day, .next = *latest };
	*latest = number;
	return DBK_OK;
}

enum dbk_err
dbk_buyers_customer(struct dbk_buyers *buyers, uint32_t customer, int32_t day,
		    uint64_t position)
{
	enum dbk_err err = dbk_column_reach(&buyers->customers, customer);
	uint32_t *latest;

	if (err != DBK_OK)
		return err;
	latest = dbk_column_row(&buyers->customers, customer);
	if (*latest == 0)
		dbk_evidence_add(&buyers->named, position, day);
	return note(buyers, latest, day);
}

static enum dbk_err
agent_of(struct dbk_buyers *buyers, uint32_t number, struct agent **out)
{
	enum dbk_err err = dbk_column_reach(&buyers->agents, number);

	if (err == DBK_OK)
		*out = dbk_column_row(&buyers->agents, number);
	return err;
}

enum dbk_err
dbk_buyers_agent(struct dbk_buyers *buyers, uint32_t agent, int32_t day)
{
	struct agent *row;
	enum dbk_err err = agent_of(buyers, agent, &row);

	return err == DBK_OK ? note(buyers, &row->bought, day) : err;
}

enum dbk_err
dbk_buyers_former(struct dbk_buyers *buyers, uint32_t agent, int32_t day)
{
	struct agent *row;
	enum dbk_err err = agent_of(buyers, agent, &row);

	return err == DBK_OK ? note(buyers, &row->former, day) : err;
}

enum dbk_err
dbk_buyers_left(struct dbk_buyers *buyers, uint32_t agent, int32_t day,
		uint64_t position)
{
	struct agent *row;
	enum dbk_err err = agent_of(buyers, agent, &row);

	if (err != DBK_OK)
		return err;
	row->has_left = true;
	if (row->bought != 0)
		dbk_evidence_add(&buyers->gone, position, day);
	return DBK_OK;
}

void
dbk_buyers_foresee_customer(const struct dbk_buyers *buyers, uint32_t customer,
			    unsigned step)
{
	const uint32_t *latest;

	if (step == 0)
		dbk_column_foresee(&buyers->customers, customer);
	if (step != 1 || customer >= buyers->customers.count)
		return;
	latest = dbk_column_row(&buyers->customers, customer);
	if (*latest != 0)
		dbk_column_foresee(&buyers->days, *latest);
}

void
dbk_buyers_foresee_agent(const struct dbk_buyers *buyers, uint32_t agent, unsigned step)
{
	const struct agent *row;

	if (step == 0)
		dbk_column_foresee(&buyers->agents, agent);
	if (step != 1 || agent >= buyers->agents.count)
		return;
	row = dbk_column_row(&buyers->agents, agent);
	if (row->bought != 0)
		dbk_column_foresee(&buyers->days, row->bought);
}

static bool
has_bought(const struct dbk_buyers *buyers, uint32_t latest, int32_t from, int32_t to)
{
	const struct bought *at;

	for (uint32_t i = latest; i != 0; i = at->next) {
		at = bought_at(buyers, i);
		if (at->day >= from && at->day < to)
			return true;
	}
	return false;
}

struct dbk_buyers_heads
dbk_buyers_heads(const struct dbk_buyers *buyers, int32_t from, int32_t to)
{
	struct dbk_buyers_heads heads = { 0 };
	const struct agent *agent;
	const uint32_t *latest;
	bool as_agent;

	for (uint32_t i = 1; i < buyers->customers.count; i++) {
		latest = dbk_column_row(&buyers->customers, i);
		if (has_bought(buyers, *latest, from, to))
			heads.customers++;
	}
	heads.all = heads.customers;
	for (uint32_t i = 1; i < buyers->agents.count; i++) {
		agent = dbk_column_row(&buyers->agents, i);
		as_agent = has_bought(buyers, agent->bought, from, to);
		if (!as_agent && !has_bought(buyers, agent->former, from, to))
			continue;
		heads.all++;
		heads.gone += agent->has_left;
		heads.reclassified += agent->has_left && as_agent;
	}
	return heads;
}
