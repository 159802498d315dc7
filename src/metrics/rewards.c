#include "metrics/rewards.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/money.h"
#include "metrics/rewards_private.h"
#include "metrics/study_private.h"
#include "metrics/tally.h"

#define DISTANCES 256
#define KINDS ((unsigned)DBK_SALE_CLASSES) /* of sales or purchases, within a basis */
#define ROWS ((DBK_REWARD_BASES - 1u) * DISTANCES * KINDS * 2)

_Static_assert((int)DBK_PURCHASES <= (int)DBK_SALE_CLASSES, "purchases fit");

struct row {
	struct dbk_income income;
	struct dbk_tally tally;
	struct dbk_series rewards; /* without what was taken back */
};

struct dbk_rewards {
	struct dbk_study *study;
	struct dbk_tally all;
	struct row *rows[ROWS]; /* by basis, distance, kind and pool */
	struct row **used;	/* those there are, in this order */
	uint32_t n_used, used_max;
};

enum dbk_err
dbk_rewards_open(struct dbk_study *study, struct dbk_rewards **out)
{
	struct dbk_rewards *rewards = calloc(1, sizeof *rewards);

	if (rewards == NULL)
		return DBK_FAILED_MEMORY;
	rewards->study = study;
	dbk_tally_init(&rewards->all);
	*out = rewards;
	return DBK_OK;
}

void
dbk_rewards_close(struct dbk_rewards *rewards)
{
	if (rewards == NULL)
		return;
	for (uint32_t i = 0; i < rewards->n_used; i++) {
		dbk_tally_fini(&rewards->used[i]->tally);
		dbk_series_fini(&rewards->used[i]->rewards);
		free(rewards->used[i]);
	}
	free(rewards->used);
	dbk_tally_fini(&rewards->all);
	free(rewards);
}

static bool
is_retail(enum dbk_reward_basis basis)
{
	return basis == DBK_REWARD_OWN_RETAIL || basis == DBK_REWARD_DOWN_RETAIL;
}

static bool
is_purchase(enum dbk_reward_basis basis)
{
	return basis == DBK_REWARD_OWN_PURCHASE || basis == DBK_REWARD_DOWN_PURCHASE;
}

static struct dbk_income
income_of(const struct dbk_fact *fact)
{
	struct dbk_income income = { .basis = fact->basis,
				     .distance = fact->distance,
				     .is_pool = fact->is_pool };

	if (is_retail(income.basis))
		income.sale_class = fact->sale_class;
	if (is_purchase(income.basis))
		income.purchase = fact->code;
	return income;
}

static uint32_t
number_of(const struct dbk_income *income)
{
	unsigned kind =
	    is_retail(income->basis) ? income->sale_class : income->purchase;

	dbk_assert(income->basis > 0 && income->basis < DBK_REWARD_BASES);
	dbk_assert(income->distance < DISTANCES && kind < KINDS);
	return (((income->basis - 1u) * DISTANCES + income->distance) * KINDS + kind) *
		   2 +
	       income->is_pool;
}

/* A new row takes its place among those in use. */
static enum dbk_err
use(struct dbk_rewards *rewards, struct row *row)
{
	uint32_t max = rewards->used_max == 0 ? 64 : rewards->used_max * 2;
	uint32_t number = number_of(&row->income), at = rewards->n_used;
	struct row **used = rewards->used;

	if (rewards->n_used == rewards->used_max) {
		used = realloc(used, max * sizeof *used);
		if (used == NULL)
			return DBK_FAILED_MEMORY;
		rewards->used = used;
		rewards->used_max = max;
	}
	for (; at > 0 && number_of(&used[at - 1]->income) > number; at--)
		used[at] = used[at - 1];
	used[at] = row;
	rewards->n_used++;
	rewards->rows[number] = row;
	return DBK_OK;
}

static enum dbk_err
row_of(struct dbk_rewards *rewards, const struct dbk_fact *fact, struct row **out)
{
	struct dbk_income income = income_of(fact);
	struct row *row = rewards->rows[number_of(&income)];

	if (row == NULL) {
		row = calloc(1, sizeof *row);
		if (row == NULL)
			return DBK_FAILED_MEMORY;
		row->income = income;
		row->income.evidence = &row->tally.evidence;
		dbk_tally_init(&row->tally);
		dbk_series_init(&row->rewards);
		if (use(rewards, row) != DBK_OK) {
			free(row);
			return DBK_FAILED_MEMORY;
		}
	}
	*out = row;
	return DBK_OK;
}

static bool
is_reward(const struct dbk_fact *fact)
{
	return fact->kind == DBK_FACT_REWARD || fact->kind == DBK_FACT_REWARD_BACK;
}

enum dbk_err
dbk_rewards_add(struct dbk_rewards *rewards, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	int64_t amount = fact->amount;
	struct row *row;
	enum dbk_err err;

	if (!taken->counts || !is_reward(fact))
		return DBK_OK;
	if (fact->kind == DBK_FACT_REWARD_BACK)
		amount = amount == INT64_MIN ? INT64_MAX : -amount;
	err = row_of(rewards, fact, &row);
	if (err == DBK_OK)
		err = dbk_tally_add(&row->tally, taken->day, amount, fact->position);
	if (err == DBK_OK && fact->kind == DBK_FACT_REWARD)
		err = dbk_series_add(&row->rewards, taken->day, 1);
	if (err == DBK_OK)
		err = dbk_tally_add(&rewards->all, taken->day, amount, fact->position);
	return err;
}

enum dbk_err
dbk_rewards_end(struct dbk_rewards *rewards)
{
	(void)rewards;
	return DBK_OK;
}

struct dbk_reward_choice
dbk_rewards_of_bases(unsigned bases)
{
	return (struct dbk_reward_choice){
		bases, DBK_REWARDS_EVERY, DBK_REWARDS_EVERY, 0, true, true
	};
}

static bool
is_chosen(const struct dbk_reward_choice *choice, const struct dbk_income *income)
{
	if ((choice->bases & DBK_REWARDS_BIT(income->basis)) == 0)
		return false;
	if (income->distance < choice->distance)
		return false;
	if (is_retail(income->basis) &&
	    (choice->in_classes & DBK_REWARDS_BIT(income->sale_class)) == 0)
		return false;
	if (is_purchase(income->basis) &&
	    (choice->in_purchases & DBK_REWARDS_BIT(income->purchase)) == 0)
		return false;
	return income->is_pool ? choice->with_pools : choice->with_others;
}

int64_t
dbk_rewards_chosen(const struct dbk_rewards *rewards, struct dbk_reward_choice choice,
		   int32_t from, int32_t to)
{
	dbk_wide sum = 0;

	for (uint32_t i = 0; i < rewards->n_used; i++) {
		if (is_chosen(&choice, &rewards->used[i]->income))
			sum += dbk_tally_sum(&rewards->used[i]->tally, from, to);
	}
	return dbk_money_bound(sum);
}

int64_t
dbk_rewards_sum(const struct dbk_rewards *rewards, int32_t from, int32_t to)
{
	return dbk_rewards_chosen(rewards, dbk_rewards_of_bases(DBK_REWARDS_EVERY),
				  from, to);
}

int64_t
dbk_rewards_of_basis(const struct dbk_rewards *rewards, enum dbk_reward_basis basis,
		     int32_t from, int32_t to)
{
	return dbk_rewards_chosen(rewards, dbk_rewards_of_bases(DBK_REWARDS_BIT(basis)),
				  from, to);
}

struct dbk_reward_choice
dbk_rewards_of_classes(unsigned classes, uint32_t distance)
{
	return (struct dbk_reward_choice){
		DBK_REWARDS_RETAIL, classes, DBK_REWARDS_EVERY, distance, false, true
	};
}

int64_t
dbk_rewards_traced_from(const struct dbk_rewards *rewards, bool strict,
			uint32_t distance, int32_t from, int32_t to)
{
	unsigned classes = strict
			       ? DBK_REWARDS_BIT(DBK_SALE_VERIFIED)
			       : DBK_REWARDS_EVERY & ~DBK_REWARDS_BIT(DBK_SALE_DOUBTED);
	struct dbk_reward_choice pools = { DBK_REWARDS_RETAIL,
					   DBK_REWARDS_EVERY,
					   DBK_REWARDS_EVERY,
					   distance,
					   true,
					   false };
	int64_t pool = dbk_rewards_chosen(rewards, pools, from, to);
	int64_t all = dbk_rewards_chosen(
	    rewards, dbk_rewards_of_classes(DBK_REWARDS_EVERY, 0), from, to);
	int64_t part =
	    dbk_rewards_chosen(rewards, dbk_rewards_of_classes(classes, 0), from, to);
	int64_t plain = dbk_rewards_chosen(
	    rewards, dbk_rewards_of_classes(classes, distance), from, to);

	if (all <= 0)
		return strict ? plain : dbk_money_sum(plain, pool);
	return dbk_money_sum(plain, dbk_money_ratio(pool, part, all));
}

int64_t
dbk_rewards_traced(const struct dbk_rewards *rewards, bool strict, int32_t from,
		   int32_t to)
{
	return dbk_rewards_traced_from(rewards, strict, 0, from, to);
}

const struct dbk_evidence *
dbk_rewards_evidence(const struct dbk_rewards *rewards)
{
	return &rewards->all.evidence;
}

bool
dbk_rewards_income(const struct dbk_rewards *rewards, uint32_t number,
		   struct dbk_income *out)
{
	if (number >= rewards->n_used)
		return false;
	*out = rewards->used[number]->income;
	return true;
}

int64_t
dbk_rewards_income_sum(const struct dbk_rewards *rewards, uint32_t number, int32_t from,
		       int32_t to)
{
	dbk_assert(number < rewards->n_used);
	return dbk_tally_sum(&rewards->used[number]->tally, from, to);
}

uint64_t
dbk_rewards_income_count(const struct dbk_rewards *rewards, uint32_t number,
			 int32_t from, int32_t to)
{
	dbk_assert(number < rewards->n_used);
	return (uint64_t)dbk_series_sum(&rewards->used[number]->rewards, from, to);
}

void
dbk_rewards_show(const struct dbk_rewards *rewards, struct dbk_reward_choice choice,
		 int32_t from, int32_t to, struct dbk_evidence_list *out)
{
	for (uint32_t i = 0; i < rewards->n_used; i++) {
		if (is_chosen(&choice, &rewards->used[i]->income))
			dbk_evidence_list(&rewards->used[i]->tally.evidence, from, to,
					  out);
	}
}

uint64_t
dbk_rewards_facts(const struct dbk_rewards *rewards, struct dbk_reward_choice choice,
		  int32_t from, int32_t to)
{
	uint64_t facts = 0;

	for (uint32_t i = 0; i < rewards->n_used; i++) {
		if (is_chosen(&choice, &rewards->used[i]->income))
			facts += dbk_tally_facts(&rewards->used[i]->tally, from, to);
	}
	return facts;
}
