#include "plan/ceiling.h"
#include "plan/compile.h"

static bool
contradicts(const struct dbk_compile *compile, uint32_t i, const char *member,
	    int64_t measured, int64_t limit)
{
	return dbk_compile_refuse(compile, DBK_RULE_PLAN_CONTRADICTION, i, member,
				  measured, limit);
}

static bool
is_rate(uint8_t id)
{
	return id == DBK_PARAMETER_RATE || id == DBK_PARAMETER_LATER_RATE;
}

/* The same name, or two ways to say what one scope pays. */
static bool
are_about_one(const struct dbk_compile *compile, uint32_t a, uint32_t b)
{
	uint8_t id_a = compile->ids[a], id_b = compile->ids[b];

	return id_a == id_b || (is_rate(id_a) && id_b == DBK_PARAMETER_FIXED) ||
	       (is_rate(id_b) && id_a == DBK_PARAMETER_FIXED);
}

static bool
have_one_scope(const struct dbk_parameter *a, const struct dbk_parameter *b,
	       bool is_repeated)
{
	return a->level == b->level && dbk_parameter_same_scope(a, b) &&
	       (!is_repeated || dbk_str_equal(a->choice, b->choice));
}

static bool
check_pairs(const struct dbk_compile *compile, uint32_t i)
{
	const struct dbk_parameter *p = compile->parameters;
	enum dbk_parameter_id id = (enum dbk_parameter_id)compile->ids[i];
	bool is_repeated = (dbk_catalogue_get(id)->scopes & DBK_SCOPE_REPEATED) != 0;

	for (uint32_t j = 0; j < i; j++)
		if (are_about_one(compile, i, j) &&
		    have_one_scope(&p[i], &p[j], is_repeated))
			return contradicts(compile, i, "name", i, j);
	return true;
}

/* A bracket's parameter, NULL if the plan has none. */
static const struct dbk_parameter *
bracket_find(const struct dbk_compile *compile, enum dbk_parameter_id id,
	     uint32_t level)
{
	for (uint32_t i = 0; i < compile->n; i++)
		if (compile->ids[i] == id && compile->parameters[i].level == level)
			return &compile->parameters[i];
	return NULL;
}

static bool
check_depth(const struct dbk_compile *compile, uint32_t i)
{
	uint32_t level = compile->parameters[i].level;
	uint32_t depth = compile->plan->scalars.pay_max_depth;

	return level <= depth || contradicts(compile, i, "level", level, depth);
}

static bool
check_step_down(const struct dbk_compile *compile, uint32_t i)
{
	return compile->plan->scalars.step_down_days > 0 ||
	       contradicts(compile, i, "name", 0, 1);
}

static bool
check_mode(const struct dbk_compile *compile, uint32_t i)
{
	return compile->plan->scalars.mode == DBK_MODE_DIFFERENTIAL ||
	       compile->parameters[i].value == 0 ||
	       contradicts(compile, i, "name", 0, 0);
}

static bool
check_methods(const struct dbk_compile *compile, uint32_t i)
{
	uint32_t count = 0;

	for (uint32_t j = 0; j <= i; j++)
		count += compile->ids[j] == DBK_PARAMETER_PAYOUT_METHOD;
	return count <= DBK_PAYOUT_METHODS_MAX ||
	       dbk_compile_refuse(compile, DBK_RULE_LIMIT_REACHED, i, "choice", count,
				  DBK_PAYOUT_METHODS_MAX);
}

/* What is free of a tax that is not there. */
static bool
check_allowance(const struct dbk_compile *compile, uint32_t i)
{
	return compile->plan->scalars.tax.n_brackets > 0 ||
	       contradicts(compile, i, "name", 0, 1);
}

/* It would be free of no gross at all. */
static bool
check_flat_allowance(const struct dbk_compile *compile, uint32_t i)
{
	return compile->parameters[i].value == 0 ||
	       compile->plan->scalars.tax.flat_allowance_up_to > 0 ||
	       contradicts(compile, i, "value", compile->parameters[i].value, 0);
}

/* Brackets start at 1 and have no gaps, and all but the last say where they end. */
static bool
check_bracket_rate(const struct dbk_compile *compile, uint32_t i)
{
	uint32_t level = compile->parameters[i].level;

	if (level == 1)
		return true;
	if (bracket_find(compile, DBK_PARAMETER_TAX_BRACKET_RATE, level - 1) == NULL ||
	    bracket_find(compile, DBK_PARAMETER_TAX_BRACKET_UP_TO, level - 1) == NULL)
		return contradicts(compile, i, "level", level, level - 1);
	return true;
}

static bool
check_bracket_exists(const struct dbk_compile *compile, uint32_t i)
{
	uint32_t level = compile->parameters[i].level;

	return bracket_find(compile, DBK_PARAMETER_TAX_BRACKET_RATE, level) != NULL ||
	       contradicts(compile, i, "level", level,
			   compile->plan->scalars.tax.n_brackets);
}

static bool
check_bracket_up_to(const struct dbk_compile *compile, uint32_t i)
{
	uint32_t level = compile->parameters[i].level;
	const struct dbk_parameter *below =
	    bracket_find(compile, DBK_PARAMETER_TAX_BRACKET_UP_TO, level - 1);

	if (level >= compile->plan->scalars.tax.n_brackets)
		return contradicts(compile, i, "level", level,
				   (int64_t)compile->plan->scalars.tax.n_brackets - 1);
	if (below != NULL && compile->parameters[i].value <= below->value)
		return contradicts(compile, i, "value", compile->parameters[i].value,
				   below->value);
	return true;
}

static const struct {
	enum dbk_parameter_id id;
	bool (*check)(const struct dbk_compile *compile, uint32_t i);
} checks[] = {
	{ DBK_PARAMETER_RATE, check_depth },
	{ DBK_PARAMETER_FIXED, check_depth },
	{ DBK_PARAMETER_LATER_RATE, check_depth },
	{ DBK_PARAMETER_LATER_RATE, check_step_down },
	{ DBK_PARAMETER_ENROL_REWARD, check_depth },
	{ DBK_PARAMETER_FEE_RATE, check_depth },
	{ DBK_PARAMETER_DIFFERENTIAL_RATE, check_mode },
	{ DBK_PARAMETER_PEER_RATE, check_mode },
	{ DBK_PARAMETER_PEER_GENERATIONS, check_mode },
	{ DBK_PARAMETER_PAYOUT_METHOD, check_methods },
	{ DBK_PARAMETER_TAX_FLAT_ALLOWANCE, check_allowance },
	{ DBK_PARAMETER_TAX_FLAT_ALLOWANCE, check_flat_allowance },
	{ DBK_PARAMETER_TAX_FLAT_ALLOWANCE_UP_TO, check_allowance },
	{ DBK_PARAMETER_TAX_SHARE_ALLOWANCE, check_allowance },
	{ DBK_PARAMETER_TAX_BRACKET_RATE, check_bracket_rate },
	{ DBK_PARAMETER_TAX_BRACKET_UP_TO, check_bracket_exists },
	{ DBK_PARAMETER_TAX_BRACKET_UP_TO, check_bracket_up_to },
	{ DBK_PARAMETER_TAX_BRACKET_DEDUCTION, check_bracket_exists },
};

static bool
check_one(const struct dbk_compile *compile, uint32_t i)
{
	for (uint32_t k = 0; k < sizeof checks / sizeof checks[0]; k++)
		if (checks[k].id == compile->ids[i] && !checks[k].check(compile, i))
			return false;
	return true;
}

/* Nothing pays more than it brings in. */
static bool
check_ceiling(const struct dbk_compile *compile, uint32_t i,
	      struct dbk_ceiling *ceiling)
{
	dbk_ceiling_raise(ceiling, (enum dbk_parameter_id)compile->ids[i],
			  &compile->parameters[i]);
	if (dbk_ceiling_sale_ppm(ceiling) > DBK_PPM_MAX)
		return contradicts(compile, i, "value", dbk_ceiling_sale_ppm(ceiling),
				   DBK_PPM_MAX);
	if (dbk_ceiling_fee_ppm(ceiling) > DBK_PPM_MAX)
		return contradicts(compile, i, "value", dbk_ceiling_fee_ppm(ceiling),
				   DBK_PPM_MAX);
	return true;
}

bool
dbk_contradictions_check(const struct dbk_compile *compile)
{
	struct dbk_ceiling ceiling = { 0 };

	for (uint32_t i = 0; i < compile->n; i++)
		if (!check_pairs(compile, i) || !check_one(compile, i) ||
		    !check_ceiling(compile, i, &ceiling))
			return false;
	return true;
}
