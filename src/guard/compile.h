#ifndef DBK_GUARD_COMPILE_H
#define DBK_GUARD_COMPILE_H

/*
 * compile.h -- a set of guards while it is compiled, for this folder only.
 */

#include "guard/catalogue.h"

struct dbk_guard_compile {
	const struct dbk_parameter *parameters;
	uint32_t n;
	struct dbk_guard_name *names; /* of each */
	struct dbk_guards *guards;
	struct dbk_parameter_fault *fault;
};

/* Say that parameter I cannot stand; gives false. */
static inline bool
dbk_guard_compile_refuse(const struct dbk_guard_compile *compile, enum dbk_rule rule,
			 uint32_t i, const char *member, int64_t measured,
			 int64_t limit)
{
	*compile->fault = (struct dbk_parameter_fault){ .rule = rule,
							.index = i,
							.member = member,
							.measured = measured,
							.limit = limit };
	return false;
}

/*
 * Can the parameters, each sound by itself, hold together?  Looked at in their order;
 * the first that contradicts one before it is refused.
 */
bool dbk_guard_contradictions_check(const struct dbk_guard_compile *compile);

#endif
