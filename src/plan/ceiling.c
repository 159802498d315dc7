#include "plan/ceiling.h"

static void
raise_to(uint32_t *most, int64_t value)
{
	if (value > *most)
		*most = (uint32_t)value;
}

void
dbk_ceiling_raise(struct dbk_ceiling *ceiling, enum dbk_parameter_id id,
		  const struct dbk_parameter *parameter)
{
	uint32_t level = parameter->level;

	if (id == DBK_PARAMETER_RATE || id == DBK_PARAMETER_LATER_RATE)
		raise_to(&ceiling->level[level - 1], parameter->value);
	else if (id == DBK_PARAMETER_FEE_RATE)
		raise_to(&ceiling->fee_level[level - 1], parameter->value);
	else if (id == DBK_PARAMETER_DIFFERENTIAL_RATE)
		raise_to(&ceiling->differential, parameter->value);
	else if (id == DBK_PARAMETER_PEER_RATE)
		raise_to(&ceiling->peer_rate, parameter->value);
	else if (id == DBK_PARAMETER_PEER_GENERATIONS)
		raise_to(&ceiling->peer_generations, parameter->value);
}

static int64_t
sum_levels(const uint32_t level[DBK_LEVELS_MAX])
{
	int64_t sum = 0;

	for (unsigned i = 0; i < DBK_LEVELS_MAX; i++)
		sum += level[i];
	return sum;
}

int64_t
dbk_ceiling_sale_ppm(const struct dbk_ceiling *ceiling)
{
	int64_t by_level = sum_levels(ceiling->level);
	int64_t by_rank = ceiling->differential +
			  (int64_t)ceiling->peer_rate * ceiling->peer_generations;

	return by_level > by_rank ? by_level : by_rank;
}

int64_t
dbk_ceiling_fee_ppm(const struct dbk_ceiling *ceiling)
{
	return sum_levels(ceiling->fee_level);
}
