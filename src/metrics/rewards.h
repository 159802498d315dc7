#ifndef DBK_METRICS_REWARDS_H
#define DBK_METRICS_REWARDS_H

/*
 * rewards.h -- what was paid to agents and for what, by local day; METRICS.md
 * section 4.
 *
 * Days are [from, to); INT32_MIN and INT32_MAX: all there are.
 *
 * Thread: one.
 */

#include <stdbool.h>
#include <stdint.h>

#include "facts/fact.h"
#include "metrics/evidence.h"
#include "metrics/study.h"

struct dbk_rewards;

/* R, and the part of it of one basis. */
int64_t dbk_rewards_sum(const struct dbk_rewards *rewards, int32_t from, int32_t to);
int64_t dbk_rewards_of_basis(const struct dbk_rewards *rewards,
			     enum dbk_reward_basis basis, int32_t from, int32_t to);

/* Rewards on sales to consumers that lead to such a sale; pools as the others are.
 * STRICT: VERIFIED alone, else all classes but DOUBTED. */
int64_t dbk_rewards_traced(const struct dbk_rewards *rewards, bool strict, int32_t from,
			   int32_t to);

/* The records that made any of it. */
const struct dbk_evidence *dbk_rewards_evidence(const struct dbk_rewards *rewards);

/* Every kind of income there was, by basis, then distance, class and pool: number them
 * from 0 until NULL. */
struct dbk_income {
	enum dbk_reward_basis basis;
	uint32_t distance;
	enum dbk_sale_class sale_class; /* of retail; else VERIFIED */
	enum dbk_purchase purchase;	/* of purchases; else STOCK */
	bool is_pool;
	const struct dbk_evidence *evidence;
};

/* False: there are no more. */
bool dbk_rewards_income(const struct dbk_rewards *rewards, uint32_t number,
			struct dbk_income *out);

/* The money of such a row, and how many rewards it is of. */
int64_t dbk_rewards_income_sum(const struct dbk_rewards *rewards, uint32_t number,
			       int32_t from, int32_t to);
uint64_t dbk_rewards_income_count(const struct dbk_rewards *rewards, uint32_t number,
				  int32_t from, int32_t to);

#endif
