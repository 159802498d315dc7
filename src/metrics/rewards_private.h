#ifndef DBK_METRICS_REWARDS_PRIVATE_H
#define DBK_METRICS_REWARDS_PRIVATE_H

/*
 * rewards_private.h -- sums over any choice of rewards, for their metrics alone.
 *
 * Thread: one.
 */

#include "metrics/rewards.h"

/* Sets are bits of an enum. */
#define DBK_REWARDS_BIT(value) (1u << (value))
#define DBK_REWARDS_EVERY (~0u)
#define DBK_REWARDS_RETAIL                                                             \
	(DBK_REWARDS_BIT(DBK_REWARD_OWN_RETAIL) |                                      \
	 DBK_REWARDS_BIT(DBK_REWARD_DOWN_RETAIL))

/* Of rows that are no retail the classes say nothing, and of rows that are no purchases
 * the purchases. */
struct dbk_reward_choice {
	unsigned bases;	       /* of enum dbk_reward_basis */
	unsigned in_classes;   /* of enum dbk_sale_class */
	unsigned in_purchases; /* of enum dbk_purchase */
	uint32_t distance;     /* at least */
	bool with_pools, with_others;
};

struct dbk_reward_choice dbk_rewards_of_bases(unsigned bases);

/* On retail, without the pools, of at least DISTANCE. */
struct dbk_reward_choice dbk_rewards_of_classes(unsigned classes, uint32_t distance);

int64_t dbk_rewards_chosen(const struct dbk_rewards *rewards,
			   struct dbk_reward_choice choice, int32_t from, int32_t to);

/* dbk_rewards_traced() of at least DISTANCE: pools go as they do at any distance. */
int64_t dbk_rewards_traced_from(const struct dbk_rewards *rewards, bool strict,
				uint32_t distance, int32_t from, int32_t to);

/* The records of a choice, added to OUT, and its facts. */
void dbk_rewards_show(const struct dbk_rewards *rewards,
		      struct dbk_reward_choice choice, int32_t from, int32_t to,
		      struct dbk_evidence_list *out);
uint64_t dbk_rewards_facts(const struct dbk_rewards *rewards,
			   struct dbk_reward_choice choice, int32_t from, int32_t to);

#endif
