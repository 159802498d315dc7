#include "metrics/people.h"

#include <stdlib.h>

#include "base/assert.h"
#include "books/effects.h"
#include "metrics/people_private.h"

#define ACCOUNTS_MAX (1u << 27)
#define PAID_MAX (1u << 29)

_Static_assert(sizeof(struct dbk_account) == 64, "a line of the cache");

enum dbk_err
dbk_people_open(struct dbk_study *study, struct dbk_people **out)
{
	struct dbk_people *people = calloc(1, sizeof *people);
	enum dbk_err err;

	if (people == NULL)
		return DBK_FAILED_MEMORY;
	people->study = study;
	dbk_column_init(&people->accounts, sizeof(struct dbk_account), ACCOUNTS_MAX);
	dbk_column_init(&people->joined, sizeof(uint32_t), ACCOUNTS_MAX);
	dbk_column_init(&people->paid, sizeof(struct dbk_people_paid), PAID_MAX);
	err = dbk_column_reach(&people->paid, 0); /* which means none */
	if (err != DBK_OK) {
		dbk_people_close(people);
		return err;
	}
	*out = people;
	return DBK_OK;
}

void
dbk_people_close(struct dbk_people *people)
{
	if (people == NULL)
		return;
	dbk_column_fini(&people->accounts);
	dbk_column_fini(&people->joined);
	dbk_column_fini(&people->paid);
	dbk_peaks_fini(&people->distances);
	dbk_forest_fini(&people->forest);
	dbk_forest_fini(&people->earlier);
	free(people);
}

/* ----------------------------------------------------------------------------- rows */

static struct dbk_account *
account_of(const struct dbk_people *people, uint32_t agent)
{
	return dbk_column_row(&people->accounts, agent);
}

/* Let AGENT have a row. */
static enum dbk_err
reach(struct dbk_people *people, uint32_t agent)
{
	uint32_t n = people->accounts.count;
	enum dbk_err err = dbk_column_reach(&people->accounts, agent);

	for (; err == DBK_OK && n <= agent; n++) {
		struct dbk_account *account = account_of(people, n);

		account->joined_day = account->left_day = DBK_DAY_NEVER;
		account->paid_day = account->marked_day = DBK_DAY_NEVER;
		account->active_day = INT32_MIN;
		account->is_inside = n != 0 && !people->study->options.is_part;
	}
	return err;
}

uint32_t
dbk_people_agents(const struct dbk_people *people)
{
	return people->accounts.count;
}

const struct dbk_account *
dbk_people_account(const struct dbk_people *people, uint32_t agent)
{
	return agent != 0 && agent < people->accounts.count ? account_of(people, agent)
							    : NULL;
}

bool
dbk_people_is_inside(const struct dbk_people *people, uint32_t agent)
{
	const struct dbk_account *account = dbk_people_account(people, agent);

	return account != NULL && account->is_inside;
}

uint32_t
dbk_people_joined(const struct dbk_people *people, uint32_t place)
{
	if (place >= people->n_joined)
		return 0;
	return *(const uint32_t *)dbk_column_row(&people->joined, place);
}

enum dbk_err
dbk_people_add_top(struct dbk_people *people, uint32_t agent)
{
	enum dbk_err err = reach(people, agent);

	if (err == DBK_OK)
		account_of(people, agent)->is_top = true;
	return err;
}

/* ----------------------------------------------------------------------------- tree */

static void
link_below(struct dbk_people *people, uint32_t agent, uint32_t sponsor)
{
	struct dbk_account *account = account_of(people, agent), *above;

	account->sponsor = sponsor;
	account->previous_recruit = 0;
	account->next_recruit = 0;
	if (sponsor == 0)
		return;
	above = account_of(people, sponsor);
	account->next_recruit = above->first_recruit;
	if (above->first_recruit != 0)
		account_of(people, above->first_recruit)->previous_recruit = agent;
	above->first_recruit = agent;
}

static void
unlink_from_sponsor(struct dbk_people *people, uint32_t agent)
{
	struct dbk_account *account = account_of(people, agent);

	if (account->previous_recruit != 0)
		account_of(people, account->previous_recruit)->next_recruit =
		    account->next_recruit;
	else if (account->sponsor != 0)
		account_of(people, account->sponsor)->first_recruit =
		    account->next_recruit;
	if (account->next_recruit != 0)
		account_of(people, account->next_recruit)->previous_recruit =
		    account->previous_recruit;
}

/* The next of the branch of TOP behind AGENT, which is in it; 0: none.  Below AGENT is
 * looked only if the caller wants to. */
static uint32_t
next_in_branch(const struct dbk_people *people, uint32_t top, uint32_t agent,
	       bool descend)
{
	const struct dbk_account *account = account_of(people, agent);

	if (descend && account->first_recruit != 0)
		return account->first_recruit;
	while (agent != top && account->next_recruit == 0) {
		agent = account->sponsor;
		account = account_of(people, agent);
	}
	return agent == top ? 0 : account->next_recruit;
}

/* Whether AGENT is in the part follows from its sponsor; its branch follows it, but for
 * what stands at or below another top. */
static void
follow_sponsor(struct dbk_people *people, uint32_t agent)
{
	struct dbk_account *account = account_of(people, agent);
	bool inside = account->is_top || !people->study->options.is_part ||
		      dbk_people_is_inside(people, account->sponsor);

	if (account->is_inside == inside)
		return;
	account->is_inside = inside;
	for (uint32_t below = next_in_branch(people, agent, agent, true); below != 0;) {
		bool is_top = account_of(people, below)->is_top;

		if (!is_top)
			account_of(people, below)->is_inside = inside;
		below = next_in_branch(people, agent, below, !is_top);
	}
}

/* ---------------------------------------------------------------------------- facts */

static void
note_deed(struct dbk_people *people, uint32_t agent, int32_t day)
{
	struct dbk_account *account;

	if (agent == 0)
		return;
	account = account_of(people, agent);
	if (account->active_day < day)
		account->active_day = day;
}

static enum dbk_err
take_joined(struct dbk_people *people, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	struct dbk_account *account = account_of(people, fact->agent);
	enum dbk_err err = dbk_column_reach(&people->joined, people->n_joined);

	if (err != DBK_OK || account->joined_day != DBK_DAY_NEVER)
		return err;
	*(uint32_t *)dbk_column_row(&people->joined, people->n_joined++) = fact->agent;
	account->joined_day = taken->day;
	account->joined_position = fact->position;
	account->joined_sponsored = fact->other != 0;
	account->cooling_days = fact->qty < 0		 ? 0
				: fact->qty > UINT16_MAX ? UINT16_MAX
							 : (uint16_t)fact->qty;
	link_below(people, fact->agent, fact->other);
	follow_sponsor(people, fact->agent);
	account->joined_counts = taken->in_window && account->is_inside;
	note_deed(people, fact->agent, taken->day);
	note_deed(people, fact->other, taken->day);
	return DBK_OK;
}

static void
take_moved(struct dbk_people *people, const struct dbk_taken *taken)
{
	unlink_from_sponsor(people, taken->fact->agent);
	link_below(people, taken->fact->agent, taken->fact->other);
	follow_sponsor(people, taken->fact->agent);
}

static enum dbk_err
take_paid(struct dbk_people *people, uint32_t agent, int32_t day, uint32_t levels)
{
	uint32_t *link = &account_of(people, agent)->paid_levels;
	uint32_t number = people->paid.count;
	struct dbk_people_paid *paid;
	enum dbk_err err;

	for (; *link != 0; link = &paid->next) {
		paid = dbk_column_row(&people->paid, *link);
		if (paid->levels < levels)
			break;
		if (paid->day <= day)
			return DBK_OK;
	}
	while (*link != 0) {
		paid = dbk_column_row(&people->paid, *link);
		if (paid->day < day)
			break;
		*link = paid->next;
	}
	err = dbk_column_reach(&people->paid, number);
	if (err != DBK_OK)
		return err;
	paid = dbk_column_row(&people->paid, number);
	*paid = (struct dbk_people_paid){ day, levels, *link };
	*link = number;
	return DBK_OK;
}

static enum dbk_err
take_reward(struct dbk_people *people, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	enum dbk_err err =
	    take_paid(people, fact->agent, taken->day, fact->distance + 1u);

	if (err == DBK_OK && taken->in_window &&
	    dbk_people_is_inside(people, fact->agent))
		err = dbk_peaks_add(&people->distances, taken->day, fact->distance,
				    fact->position);
	return err;
}

/* Who buys from the agent above takes part like who buys from the brand. */
static bool
is_payment(const struct dbk_fact *fact)
{
	return fact->kind == DBK_FACT_FEE || fact->kind == DBK_FACT_DEPOSIT ||
	       fact->kind == DBK_FACT_BOUGHT ||
	       (fact->kind == DBK_FACT_GOODS && fact->code == DBK_MOVE_RECEIVED &&
		fact->other != 0 && fact->amount > 0);
}

static enum dbk_err
take(struct dbk_people *people, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	struct dbk_account *account = account_of(people, fact->agent);

	switch (fact->kind) {
	case DBK_FACT_JOINED:
		return take_joined(people, taken);
	case DBK_FACT_MOVED:
		take_moved(people, taken);
		break;
	case DBK_FACT_LEFT:
		if (taken->day < account->left_day)
			account->left_day = taken->day;
		break;
	case DBK_FACT_IDENTITY:
		account->identity = fact->hash;
		note_deed(people, fact->agent, taken->day);
		break;
	case DBK_FACT_MARKED:
		if (fact->code == DBK_MARK_PRIOR_SANCTION &&
		    taken->day < account->marked_day)
			account->marked_day = taken->day;
		break;
	case DBK_FACT_FEE:
	case DBK_FACT_DEPOSIT:
	case DBK_FACT_BOUGHT:
	case DBK_FACT_SOLD:
	case DBK_FACT_GOODS:
	case DBK_FACT_BUYBACK_ASKED:
		note_deed(people, fact->agent, taken->day);
		if (is_payment(fact) && taken->day < account->paid_day)
			account->paid_day = taken->day;
		break;
	case DBK_FACT_REWARD:
		return take_reward(people, taken);
	}
	return DBK_OK;
}

/* Whether OTHER of such a fact is a sponsor, who has a row as well. */
static bool
names_sponsor(const struct dbk_fact *fact)
{
	return fact->kind == DBK_FACT_JOINED || fact->kind == DBK_FACT_MOVED;
}

enum dbk_err
dbk_people_add(struct dbk_people *people, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	enum dbk_err err;

	if (fact->agent == 0 || !taken->before_end)
		return DBK_OK;
	err = reach(people, fact->agent);
	if (err == DBK_OK && names_sponsor(fact))
		err = reach(people, fact->other);
	return err == DBK_OK ? take(people, taken) : err;
}

void
dbk_people_foresee(const struct dbk_people *people, const struct dbk_fact *fact,
		   unsigned step)
{
	if (step == 0) {
		dbk_column_foresee(&people->accounts, fact->agent);
		if (names_sponsor(fact))
			dbk_column_foresee(&people->accounts, fact->other);
	} else if (step == 1 && fact->kind == DBK_FACT_REWARD &&
		   fact->agent < people->accounts.count) {
		dbk_column_foresee(&people->paid,
				   account_of(people, fact->agent)->paid_levels);
	} else if (step == 1 && names_sponsor(fact) &&
		   fact->other < people->accounts.count) {
		dbk_column_foresee(&people->accounts,
				   account_of(people, fact->other)->first_recruit);
	}
}

/* -------------------------------------------------------------------------- persons */

struct proof {
	uint64_t identity;
	uint32_t place; /* in people->joined */
};

static int
compare_proofs(const void *a, const void *b)
{
	const struct proof *x = a, *y = b;

	if (x->identity != y->identity)
		return x->identity < y->identity ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static bool
is_person(const struct dbk_account *account)
{
	return account->is_inside && account->joined_day != DBK_DAY_NEVER;
}

/* Each account that shares an identity gets the first agent with it for a person. */
static enum dbk_err
find_namesakes(struct dbk_people *people)
{
	struct proof *proofs;
	uint32_t n = 0;

	for (uint32_t i = 0; i < people->n_joined; i++)
		n += account_of(people, dbk_people_joined(people, i))->identity != 0;
	proofs = malloc((n + 1) * sizeof *proofs);
	if (proofs == NULL)
		return DBK_FAILED_MEMORY;
	n = 0;
	for (uint32_t i = 0; i < people->n_joined; i++) {
		struct dbk_account *account =
		    account_of(people, dbk_people_joined(people, i));

		if (account->identity != 0 && is_person(account))
			proofs[n++] = (struct proof){ account->identity, i };
	}
	qsort(proofs, n, sizeof *proofs, compare_proofs);
	for (uint32_t i = 0, first = 0; i < n; i++) {
		if (proofs[i].identity != proofs[first].identity)
			first = i;
		if (i != first)
			account_of(people, dbk_people_joined(people, proofs[i].place))
			    ->person = dbk_people_joined(people, proofs[first].place);
	}
	free(proofs);
	return DBK_OK;
}

/* From the first agents to numbers: the first of each stands before the others. */
static void
number_persons(struct dbk_people *people)
{
	for (uint32_t i = 0; i < people->n_joined; i++) {
		struct dbk_account *account =
		    account_of(people, dbk_people_joined(people, i));

		if (!is_person(account))
			continue;
		account->person = account->person == 0
				      ? ++people->n_persons
				      : account_of(people, account->person)->person;
	}
}

enum dbk_err
dbk_people_end(struct dbk_people *people)
{
	enum dbk_err err = find_namesakes(people);

	if (err != DBK_OK)
		return err;
	number_persons(people);
	err = dbk_forest_open(&people->forest, people->n_persons);
	if (err == DBK_OK)
		err = dbk_forest_open(&people->earlier, people->n_persons);
	if (err != DBK_OK)
		return err;
	people->has_ended = true;
	dbk_forest_build(&people->forest, people, people->study->options.to_day);
	return DBK_OK;
}

uint32_t
dbk_people_persons(const struct dbk_people *people)
{
	return people->n_persons;
}

uint32_t
dbk_people_person(const struct dbk_people *people, uint32_t agent)
{
	const struct dbk_account *account = dbk_people_account(people, agent);

	return account == NULL ? 0 : account->person;
}

uint32_t
dbk_people_pay_levels(const struct dbk_people *people, uint32_t agent, int32_t cut)
{
	const struct dbk_account *account = dbk_people_account(people, agent);
	uint32_t number = account == NULL ? 0 : account->paid_levels;

	while (number != 0) {
		const struct dbk_people_paid *paid =
		    dbk_column_row(&people->paid, number);

		if (paid->day < cut)
			return paid->levels;
		number = paid->next;
	}
	return 0;
}

const struct dbk_forest *
dbk_people_forest(const struct dbk_people *people)
{
	dbk_assert(people->has_ended);
	return &people->forest;
}

const struct dbk_forest *
dbk_people_forest_at(const struct dbk_people *people, int32_t cut)
{
	/* A picture of the rows that is kept between questions, and nothing else. */
	struct dbk_forest *earlier = &people->study->people->earlier;

	if (cut >= dbk_study_cut(people->study))
		return dbk_people_forest(people);
	if (earlier->cut != cut)
		dbk_forest_build(earlier, people, cut);
	return earlier;
}
