/*
 * facts_people.c -- who joined, moved, rose and left, and who is whom.
 */

#include <string.h>

#include "facts/facts_private.h"

#define US_PER_DAY (86400LL * 1000000)

/* ------------------------------------------------------------- agents as consumers */

enum dbk_err
dbk_facts_meet_customers(struct dbk_facts *f)
{
	uint32_t n = (uint32_t)dbk_look_count(f->books, DBK_SPACE_CUSTOMER);

	for (; f->n_customers < n; f->n_customers++) {
		uint32_t customer = f->n_customers + 1;
		struct dbk_str name =
		    dbk_look_name(f->books, DBK_SPACE_CUSTOMER, customer);

		if (dbk_facts_agent(f, name) != 0 &&
		    !dbk_kept_bits_set(&f->kept.namesakes, customer))
			return DBK_FAILED_MEMORY;
	}
	return DBK_OK;
}

uint32_t
dbk_facts_person(const struct dbk_facts *f, uint32_t customer)
{
	uint32_t person;

	if (customer == 0)
		return 0;
	person = dbk_look_customer(f->books, customer)->person;
	if (person != 0 || !dbk_kept_bits_has(&f->kept.namesakes, customer))
		return person;
	return dbk_facts_agent(f,
			       dbk_look_name(f->books, DBK_SPACE_CUSTOMER, customer));
}

/* ------------------------------------------------------------------------- agents */

/* Days in which AGENT may leave, by what the event says. */
/* At least one, of which no rule makes more than of none: 0 is that nothing is said. */
static int64_t
days_to_leave(const struct dbk_event *event)
{
	int64_t until = event->u.agent_enrolled.cooling_off_until;

	if (until == DBK_TIME_ABSENT)
		return 0;
	return until < event->effective_at + US_PER_DAY
		   ? 1
		   : (until - event->effective_at) / US_PER_DAY;
}

enum dbk_err
dbk_told_agent_enrolled(struct dbk_facts *f)
{
	struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_JOINED);
	uint32_t namesake;

	fact.agent = (uint32_t)dbk_look_count(f->books, DBK_SPACE_AGENT);
	fact.other = dbk_look_agent(f->books, fact.agent)->sponsor;
	fact.qty = days_to_leave(f->event);
	namesake = dbk_look_find(f->books, DBK_SPACE_CUSTOMER,
				 f->event->u.agent_enrolled.agent);
	if (namesake != 0 && !dbk_kept_bits_set(&f->kept.namesakes, namesake))
		return DBK_FAILED_MEMORY;
	return dbk_facts_tell(f, &fact);
}

/* The first bytes of a hash as a number, the same on every machine. */
static uint64_t
number_of(struct dbk_str hash)
{
	uint64_t number = 0;

	for (size_t i = 0; i < hash.size && i < sizeof number; i++)
		number |= (uint64_t)(unsigned char)hash.bytes[i] << (8 * i);
	return number;
}

enum dbk_err
dbk_told_agent_verified(struct dbk_facts *f)
{
	const struct dbk_agent_verified *e = &f->event->u.agent_verified;
	struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_IDENTITY);

	if (e->id_hash.size == 0)
		return DBK_OK;
	fact.agent = dbk_facts_agent(f, e->agent);
	fact.hash = number_of(e->id_hash);
	return dbk_facts_tell(f, &fact);
}

enum dbk_err
dbk_told_sponsor_changed(struct dbk_facts *f)
{
	struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_MOVED);

	fact.agent = dbk_facts_agent(f, f->event->u.sponsor_changed.agent);
	fact.other = dbk_look_agent(f->books, fact.agent)->sponsor;
	return dbk_facts_tell(f, &fact);
}

static enum dbk_rank_ground
ground_of(struct dbk_str metric)
{
	static const struct {
		const char *name;
		enum dbk_rank_ground ground;
	} grounds[] = {
		{ "PURCHASE_VOLUME", DBK_RANK_PURCHASES },
		{ "HEAD_COUNT", DBK_RANK_HEADS },
		{ "MATURED_RETAIL", DBK_RANK_RETAIL },
		{ "TEAM_RETAIL", DBK_RANK_RETAIL },
		{ "REPEAT_RATE", DBK_RANK_RETAIL },
	};

	for (size_t i = 0; i < sizeof grounds / sizeof grounds[0]; i++)
		if (dbk_str_equal(metric, dbk_str_of(grounds[i].name)))
			return grounds[i].ground;
	return DBK_RANK_OTHER;
}

enum dbk_err
dbk_told_rank_changed(struct dbk_facts *f)
{
	const struct dbk_rank_changed *e = &f->event->u.rank_changed;
	struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_RANKED);

	fact.agent = dbk_facts_agent(f, e->agent);
	fact.code = ground_of(e->metric);
	fact.amount = e->value;
	return dbk_facts_tell(f, &fact);
}

enum dbk_err
dbk_told_agent_terminated(struct dbk_facts *f)
{
	struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_LEFT);

	fact.agent = dbk_facts_agent(f, f->event->u.agent_step.agent);
	return dbk_facts_tell(f, &fact);
}

enum dbk_err
dbk_told_observation_recorded(struct dbk_facts *f)
{
	const struct dbk_observation_recorded *e = &f->event->u.observation_recorded;
	struct dbk_fact fact = dbk_facts_new(f, DBK_FACT_MARKED);

	if (e->value == 0)
		return DBK_OK;
	if (dbk_str_equal(e->code, dbk_str_of("prior_sanction"))) {
		fact.agent = dbk_facts_agent(f, e->subject);
		fact.code = DBK_MARK_PRIOR_SANCTION;
		return fact.agent == 0 ? DBK_OK : dbk_facts_tell(f, &fact);
	}
	if (!dbk_str_equal(e->code, dbk_str_of("direct_selling_licence")) ||
	    dbk_facts_agent(f, e->subject) != 0)
		return DBK_OK;
	fact.code = DBK_MARK_LICENCE;
	return dbk_facts_tell(f, &fact);
}
