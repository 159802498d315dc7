#ifndef DBK_PLAN_CEILING_H
#define DBK_PLAN_CEILING_H

/*
 * ceiling.h -- the most that a plan can pay, for this folder only.
 *
 * Whatever the goods and the ranks: of each level the largest rate, or of all ranks the
 * largest one and every peer.  Fixed amounts are no part of it, they have no base.
 */

#include <stdint.h>

#include "plan/catalogue.h"

/* Zeroed: a plan that pays nothing. */
struct dbk_ceiling {
	uint32_t level[DBK_LEVELS_MAX];
	uint32_t fee_level[DBK_LEVELS_MAX];
	uint32_t differential;
	uint32_t peer_rate, peer_generations;
};

/* Take one sound parameter into account. */
void dbk_ceiling_raise(struct dbk_ceiling *ceiling, enum dbk_parameter_id id,
		       const struct dbk_parameter *parameter);

/* The most paid of the base of a line, by levels or by ranks, never by both; and of a
 * fee. */
int64_t dbk_ceiling_sale_ppm(const struct dbk_ceiling *ceiling);
int64_t dbk_ceiling_fee_ppm(const struct dbk_ceiling *ceiling);

#endif
