#ifndef DBK_PLAN_COMPILE_H
#define DBK_PLAN_COMPILE_H

/*
 * compile.h -- a plan while it is compiled, for this folder only.
 */

#include <stdbool.h>
#include <stdint.h>

#include "plan/catalogue.h"
#include "plan/plan.h"

struct dbk_compile {
	const struct dbk_parameter *parameters;
	uint32_t n;
	uint8_t *ids; /* enum dbk_parameter_id of each */
	struct dbk_plan *plan;
	struct dbk_parameter_fault *fault;
};

/* Say that parameter I cannot stand; gives false. */
static inline bool
dbk_compile_refuse(const struct dbk_compile *compile, enum dbk_rule rule, uint32_t i,
		   const char *member, int64_t measured, int64_t limit)
{
	*compile->fault = (struct dbk_parameter_fault){ .rule = rule,
							.index = i,
							.member = member,
							.measured = measured,
							.limit = limit };
	return false;
}

/*
 * Can the parameters, each sound by itself and all stored in the plan, hold together?
 * Looked at in their order; the first that contradicts another one is refused.
 */
bool dbk_contradictions_check(const struct dbk_compile *compile);

#endif
