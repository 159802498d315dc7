#include "metrics/rewards.h"

#include <stdlib.h>

#include "metrics/metric.h"
#include "metrics/study_private.h"

struct dbk_rewards {
	struct dbk_study *study;
};

enum dbk_err
dbk_rewards_open(struct dbk_study *study, struct dbk_rewards **out)
{
	struct dbk_rewards *rewards = calloc(1, sizeof *rewards);

	if (rewards == NULL)
		return DBK_FAILED_MEMORY;
	rewards->study = study;
	*out = rewards;
	return DBK_OK;
}

void
dbk_rewards_close(struct dbk_rewards *rewards)
{
	free(rewards);
}

enum dbk_err
dbk_rewards_add(struct dbk_rewards *rewards, const struct dbk_taken *taken)
{
	(void)rewards, (void)taken;
	return DBK_OK;
}

enum dbk_err
dbk_rewards_end(struct dbk_rewards *rewards)
{
	(void)rewards;
	return DBK_OK;
}

int64_t
dbk_rewards_sum(const struct dbk_rewards *rewards, int32_t from, int32_t to)
{
	(void)rewards, (void)from, (void)to;
	return 0;
}

int64_t
dbk_rewards_of_basis(const struct dbk_rewards *rewards, enum dbk_reward_basis basis,
		     int32_t from, int32_t to)
{
	(void)rewards, (void)basis, (void)from, (void)to;
	return 0;
}

int64_t
dbk_rewards_traced(const struct dbk_rewards *rewards, bool strict, int32_t from,
		   int32_t to)
{
	(void)rewards, (void)strict, (void)from, (void)to;
	return 0;
}

const struct dbk_evidence *
dbk_rewards_evidence(const struct dbk_rewards *rewards)
{
	static const struct dbk_evidence none;

	(void)rewards;
	return &none;
}

bool
dbk_rewards_income(const struct dbk_rewards *rewards, uint32_t number,
		   struct dbk_income *out)
{
	(void)rewards, (void)number, (void)out;
	return false;
}

int64_t
dbk_rewards_income_sum(const struct dbk_rewards *rewards, uint32_t number, int32_t from,
		       int32_t to)
{
	(void)rewards, (void)number, (void)from, (void)to;
	return 0;
}

uint64_t
dbk_rewards_income_count(const struct dbk_rewards *rewards, uint32_t number,
			 int32_t from, int32_t to)
{
	(void)rewards, (void)number, (void)from, (void)to;
	return 0;
}

const struct dbk_metric dbk_rewards_metrics[] = { { .name = NULL } };
