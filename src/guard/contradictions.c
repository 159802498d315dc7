#include "guard/compile.h"

#include <stddef.h>

/* Of one scope the first is never above the second, where a set gives both. */
static const struct {
	enum dbk_guard_number low, high;
} pairs[] = {
	{ DBK_GUARD_STARTER_UNITS, DBK_GUARD_MAX_UNITS },
	{ DBK_GUARD_FREE_UNITS, DBK_GUARD_MAX_UNITS },
	{ DBK_GUARD_RESTOCK_INTERVAL_DAYS, DBK_GUARD_RESTOCK_PERIOD_DAYS },
};

static bool
contradicts(const struct dbk_guard_compile *compile, uint32_t i, const char *member,
	    int64_t measured, int64_t limit)
{
	return dbk_guard_compile_refuse(compile, DBK_RULE_GUARD_CONTRADICTION, i,
					member, measured, limit);
}

static bool
are_pair(const struct dbk_guard_compile *compile, size_t pair, uint32_t low,
	 uint32_t high)
{
	const struct dbk_guard_name *names = compile->names;

	return names[low].is_number && names[low].id == pairs[pair].low &&
	       names[high].is_number && names[high].id == pairs[pair].high;
}

/* I and the earlier J are of one scope. */
static bool
check_limits(const struct dbk_guard_compile *compile, uint32_t i, uint32_t j)
{
	int64_t value_i = compile->parameters[i].value;
	int64_t value_j = compile->parameters[j].value;

	for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++)
		if ((are_pair(compile, k, i, j) && value_i > value_j) ||
		    (are_pair(compile, k, j, i) && value_j > value_i))
			return contradicts(compile, i, "value", value_i, value_j);
	return true;
}

static bool
check_one(const struct dbk_guard_compile *compile, uint32_t i, uint32_t j)
{
	const struct dbk_guard_name *a = &compile->names[i], *b = &compile->names[j];

	if (!dbk_parameter_same_scope(&compile->parameters[i], &compile->parameters[j]))
		return true;
	if (a->is_number == b->is_number && a->id == b->id)
		return contradicts(compile, i, "name", i, j);
	return check_limits(compile, i, j);
}

bool
dbk_guard_contradictions_check(const struct dbk_guard_compile *compile)
{
	for (uint32_t i = 1; i < compile->n; i++)
		for (uint32_t j = 0; j < i; j++)
			if (!check_one(compile, i, j))
				return false;
	return true;
}
