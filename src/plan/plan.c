#include "plan/plan.h"

#include <stddef.h>
#include <string.h>

#include "base/assert.h"
#include "plan/compile.h"

/* Where a parameter goes among the scalars, one value or one of each level. */
struct place {
	uint16_t offset;
	uint8_t size;	/* bytes of a value; 0: it is not kept as a number */
	uint8_t levels; /* 0: it knows no levels */
	uint8_t stride; /* bytes from level to level */
	uint8_t term;	/* enum dbk_term_kind of what is narrowed, or 0 */
};

#define SIZE(member) ((uint8_t)sizeof(((struct dbk_plan_scalars *)NULL)->member))
#define OFFSET(member) ((uint16_t)offsetof(struct dbk_plan_scalars, member))
#define ONE(member) OFFSET(member), SIZE(member), 0, 0
#define LEVELS(member) OFFSET(member), SIZE(member[0]), DBK_LEVELS_MAX, SIZE(member[0])
#define BRACKETS(member)                                                               \
	OFFSET(tax.brackets[0].member), SIZE(tax.brackets[0].member),                  \
	    DBK_TAX_BRACKETS_MAX, (uint8_t)sizeof(struct dbk_tax_bracket)

static const struct place places[DBK_PARAMETER_IDS] = {
	[DBK_PARAMETER_PAY_MAX_DEPTH] = { ONE(pay_max_depth), 0 },
	[DBK_PARAMETER_ENROLL_MAX_DEPTH] = { ONE(enroll_max_depth), 0 },
	[DBK_PARAMETER_BASE] = { ONE(base_kind), 0 },
	[DBK_PARAMETER_DISCOUNT_BEARER] = { ONE(discount_bearer), 0 },
	[DBK_PARAMETER_INCLUDE_PAID_BY_BALANCE] = { ONE(include_paid_by_balance), 0 },
	[DBK_PARAMETER_ACCRUE_ON] = { ONE(accrue_on), 0 },
	[DBK_PARAMETER_MODE] = { ONE(mode), 0 },
	[DBK_PARAMETER_COMPRESSION] = { ONE(compression), 0 },
	[DBK_PARAMETER_SELF_PURCHASE] = { ONE(self_purchase), 0 },
	[DBK_PARAMETER_ATTRIBUTION] = { ONE(attribution), 0 },
	[DBK_PARAMETER_ENGINE] = { ONE(engine), 0 },
	[DBK_PARAMETER_PAYS_ON_SELL_IN] = { ONE(pays_on_sell_in), 0 },
	[DBK_PARAMETER_PAYS_ON_SELF] = { ONE(pays_on_self), 0 },
	[DBK_PARAMETER_HOLDER_SHIP_COMMISSION] = { ONE(holder_ship_commission), 0 },
	[DBK_PARAMETER_RATE] = { LEVELS(rate_ppm), DBK_TERM_RATE },
	[DBK_PARAMETER_FIXED] = { LEVELS(fixed), DBK_TERM_FIXED },
	[DBK_PARAMETER_LATER_RATE] = { LEVELS(later_rate_ppm), DBK_TERM_LATER_RATE },
	[DBK_PARAMETER_STEP_DOWN_DAYS] = { ONE(step_down_days), 0 },
	[DBK_PARAMETER_DIFFERENTIAL_RATE] = { 0, 0, 0, 0, DBK_TERM_DIFFERENTIAL },
	[DBK_PARAMETER_PEER_RATE] = { ONE(peer_rate_ppm), 0 },
	[DBK_PARAMETER_PEER_GENERATIONS] = { ONE(peer_generations), 0 },
	[DBK_PARAMETER_ORDER_POOL_CAP] = { ONE(order_pool_cap_ppm), 0 },
	[DBK_PARAMETER_AGENT_PERIOD_CAP] = { ONE(agent_period_cap), 0 },
	[DBK_PARAMETER_OWN_RETAIL_CAP] = { ONE(own_retail_cap_ppm), 0 },
	[DBK_PARAMETER_PLATFORM_FEE] = { ONE(platform_fee_ppm), 0 },
	[DBK_PARAMETER_WINDOW_DAYS] = { ONE(window_days), DBK_TERM_WINDOW_DAYS },
	[DBK_PARAMETER_HOLD_EXTRA_DAYS] = { ONE(hold_extra_days), DBK_TERM_HOLD_DAYS },
	[DBK_PARAMETER_BINDING_DAYS] = { ONE(binding_days), 0 },
	[DBK_PARAMETER_ENROL_REWARD] = { LEVELS(enrol_reward), 0 },
	[DBK_PARAMETER_FEE_RATE] = { LEVELS(fee_rate_ppm), 0 },
	[DBK_PARAMETER_RANK_CRITERION] = { 0 },
	[DBK_PARAMETER_MIN_PAYOUT] = { ONE(min_payout), 0 },
	[DBK_PARAMETER_PAYOUT_DAILY_LIMIT] = { ONE(payout_daily_limit), 0 },
	[DBK_PARAMETER_PAYOUT_MONTHLY_LIMIT] = { ONE(payout_monthly_limit), 0 },
	[DBK_PARAMETER_PAYOUT_METHOD] = { 0 },
	[DBK_PARAMETER_PAYEE_UNCHANGED_DAYS] = { ONE(payee_unchanged_days), 0 },
	[DBK_PARAMETER_ONE_OPEN_PAYOUT] = { ONE(one_open_payout), 0 },
	[DBK_PARAMETER_APPROVAL_ABOVE] = { ONE(approval_above), 0 },
	[DBK_PARAMETER_FEE_BEARER] = { ONE(fee_bearer), 0 },
	[DBK_PARAMETER_CANCEL_UNSENT] = { ONE(cancel_unsent_on_clawback), 0 },
	[DBK_PARAMETER_CLAWBACK_RECOVERY] = { ONE(clawback_recovery_ppm), 0 },
	[DBK_PARAMETER_WRITEOFF_LIMIT] = { ONE(writeoff_limit), 0 },
	[DBK_PARAMETER_CLOSE_UNKNOWN_DAYS] = { ONE(close_unknown_days), 0 },
	[DBK_PARAMETER_TAX_FLAT_ALLOWANCE] = { ONE(tax.flat_allowance), 0 },
	[DBK_PARAMETER_TAX_FLAT_ALLOWANCE_UP_TO] = { ONE(tax.flat_allowance_up_to), 0 },
	[DBK_PARAMETER_TAX_SHARE_ALLOWANCE] = { ONE(tax.share_allowance_ppm), 0 },
	[DBK_PARAMETER_TAX_BRACKET_UP_TO] = { BRACKETS(up_to), 0 },
	[DBK_PARAMETER_TAX_BRACKET_RATE] = { BRACKETS(rate_ppm), 0 },
	[DBK_PARAMETER_TAX_BRACKET_DEDUCTION] = { BRACKETS(deduction), 0 },
	[DBK_PARAMETER_ACKNOWLEDGE] = { 0 },
};

/* ------------------------------------------------------- one parameter by itself */

static bool
check_value(const struct dbk_compile *compile, uint32_t i, enum dbk_parameter_id id)
{
	const struct dbk_parameter *p = &compile->parameters[i];
	const struct dbk_parameter_kind *kind = dbk_catalogue_get(id);
	uint32_t longest = dbk_catalogue_is_choice(id) ? DBK_ID_BYTES_MAX : 0;
	enum dbk_rule rule = DBK_RULE_PLAN_PARAMETER_VALUE;

	if (p->choice.size > longest)
		return dbk_compile_refuse(compile, rule, i, "choice", p->choice.size,
					  longest);
	if (longest > 0 && p->choice.size == 0)
		return dbk_compile_refuse(compile, rule, i, "choice", 0, 1);
	if (kind->choices != NULL && dbk_catalogue_choice(id, p->choice) < 0)
		return dbk_compile_refuse(compile, rule, i, "choice", 0, 0);
	if (p->value < kind->least)
		return dbk_compile_refuse(compile, rule, i, "value", p->value,
					  kind->least);
	if (p->value > kind->most)
		return dbk_compile_refuse(compile, rule, i, "value", p->value,
					  kind->most);
	return true;
}

static bool
check_scope_level(const struct dbk_compile *compile, uint32_t i, uint32_t levels)
{
	uint32_t level = compile->parameters[i].level;
	uint32_t least = levels > 0 ? 1 : 0;

	if (level < least || level > levels)
		return dbk_compile_refuse(compile, DBK_RULE_PLAN_PARAMETER_SCOPE, i,
					  "level", level,
					  level < least ? least : levels);
	return true;
}

static bool
check_scope(const struct dbk_compile *compile, uint32_t i, enum dbk_parameter_id id)
{
	const struct dbk_parameter *p = &compile->parameters[i];
	uint32_t scopes = dbk_catalogue_get(id)->scopes;
	const char *member = NULL;

	if (p->sku.size > 0 && (scopes & DBK_SCOPE_SKU) == 0)
		member = "sku";
	else if (p->category.size > 0 &&
		 ((scopes & DBK_SCOPE_CATEGORY) == 0 || p->sku.size > 0))
		member = "category";
	else if (p->rank.size > 0 && (scopes & DBK_SCOPE_RANK) == 0)
		member = "rank";
	else if (p->rank.size == 0 && (scopes & DBK_SCOPE_RANK_NEEDED) != 0)
		member = "rank";
	else if (p->channel.size > 0)
		member = "channel";
	else if (p->region.size > 0)
		member = "region";
	if (member != NULL)
		return dbk_compile_refuse(compile, DBK_RULE_PLAN_PARAMETER_SCOPE, i,
					  member, 0, 0);
	return check_scope_level(compile, i, places[id].levels);
}

static bool
check_alone(const struct dbk_compile *compile, uint32_t i)
{
	enum dbk_parameter_id id;

	if (!dbk_catalogue_find(compile->parameters[i].name, &id))
		return dbk_compile_refuse(compile, DBK_RULE_PLAN_PARAMETER_UNKNOWN, i,
					  "name", 0, 0);
	compile->ids[i] = (uint8_t)id;
	return check_value(compile, i, id) && check_scope(compile, i, id);
}

/* ----------------------------------------------------------------- keeping them */

static void
write_number(struct dbk_plan_scalars *scalars, const struct place *place,
	     uint32_t level, int64_t number)
{
	unsigned char *to = (unsigned char *)scalars + place->offset +
			    (level > 0 ? (level - 1) * (size_t)place->stride : 0);
	uint32_t word = (uint32_t)number;

	dbk_assert(place->size == 1 || place->size == 4 || place->size == 8);
	if (place->size == 1)
		*to = (unsigned char)number;
	else if (place->size == 4)
		memcpy(to, &word, sizeof word);
	else
		memcpy(to, &number, sizeof number);
}

static void
add_term(struct dbk_plan *plan, const struct dbk_parameter *p, uint32_t i, uint8_t kind)
{
	plan->terms[plan->n_terms++] = (struct dbk_plan_term){
		.kind = kind,
		.level = (uint8_t)p->level,
		.index = i,
		.value = p->value,
		.sku = p->sku,
		.category = p->category,
		.rank = p->rank,
	};
	plan->scalars.has_terms[kind] = 1;
}

static void
add_method(struct dbk_plan *plan, struct dbk_str method)
{
	if (plan->scalars.n_methods < DBK_PAYOUT_METHODS_MAX)
		plan->methods[plan->scalars.n_methods++] = method;
}

static void
keep_number(const struct dbk_compile *compile, uint32_t i)
{
	const struct dbk_parameter *p = &compile->parameters[i];
	struct dbk_plan_scalars *scalars = &compile->plan->scalars;
	enum dbk_parameter_id id = (enum dbk_parameter_id)compile->ids[i];
	const struct place *place = &places[id];
	int choice = dbk_catalogue_choice(id, p->choice);

	if (place->size > 0 && (place->term == 0 || !dbk_parameter_is_narrowed(p)))
		write_number(scalars, place, p->level, choice >= 0 ? choice : p->value);
	if (id == DBK_PARAMETER_TAX_BRACKET_RATE && p->level > scalars->tax.n_brackets)
		scalars->tax.n_brackets = p->level;
}

static void
keep_listed(const struct dbk_compile *compile, uint32_t i)
{
	const struct dbk_parameter *p = &compile->parameters[i];
	struct dbk_plan_scalars *scalars = &compile->plan->scalars;
	enum dbk_parameter_id id = (enum dbk_parameter_id)compile->ids[i];

	scalars->risks |= (uint8_t)dbk_catalogue_risks(id, p);
	if (id == DBK_PARAMETER_ACKNOWLEDGE)
		scalars->acknowledged |=
		    (uint8_t)(1U << dbk_catalogue_choice(id, p->choice));
	else if (id == DBK_PARAMETER_PAYOUT_METHOD)
		add_method(compile->plan, p->choice);
	else if (places[id].term != 0 && dbk_parameter_is_narrowed(p))
		add_term(compile->plan, p, i, places[id].term);
}

static bool
keep_all(const struct dbk_compile *compile, struct dbk_arena *arena)
{
	struct dbk_plan *plan = compile->plan;
	uint32_t n_narrowed = 0;

	for (uint32_t i = 0; i < compile->n; i++)
		n_narrowed += dbk_parameter_is_narrowed(&compile->parameters[i]);
	if (n_narrowed > 0) {
		plan->terms = dbk_arena_alloc(arena, n_narrowed * sizeof *plan->terms);
		if (plan->terms == NULL)
			return dbk_compile_refuse(compile, DBK_RULE_NONE, 0, NULL, 0,
						  0);
	}
	/* Backwards, so that of one that stands twice the first counts: the later one
	 * is what contradicts. */
	for (uint32_t i = compile->n; i-- > 0;)
		keep_number(compile, i);
	for (uint32_t i = 0; i < compile->n; i++)
		keep_listed(compile, i);
	return true;
}

static bool
check_risk(const struct dbk_compile *compile, uint32_t i)
{
	enum dbk_parameter_id id = (enum dbk_parameter_id)compile->ids[i];
	const struct dbk_parameter *p = &compile->parameters[i];

	if ((dbk_catalogue_risks(id, p) & ~compile->plan->scalars.acknowledged) == 0)
		return true;
	return dbk_compile_refuse(compile, DBK_RULE_PLAN_RISK, i,
				  p->choice.size > 0 ? "choice" : "value", p->value, 0);
}

void
dbk_plan_defaults(struct dbk_plan_scalars *out)
{
	memset(out, 0, sizeof *out);
	for (unsigned id = 0; id < DBK_PARAMETER_IDS; id++)
		if (places[id].size > 0 && places[id].levels == 0)
			write_number(
			    out, &places[id], 0,
			    dbk_catalogue_get((enum dbk_parameter_id)id)->initial);
	for (unsigned i = 0; i < DBK_LEVELS_MAX; i++) {
		out->later_rate_ppm[i] = UINT32_MAX;
		out->fixed[i] = -1;
	}
}

bool
dbk_plan_compile(const struct dbk_plan_published *published, struct dbk_arena *arena,
		 struct dbk_plan *out, struct dbk_parameter_fault *out_fault)
{
	struct dbk_compile compile = { .parameters = published->parameters,
				       .n = published->n_parameters,
				       .plan = out,
				       .fault = out_fault };
	struct dbk_tax_table *tax = &out->scalars.tax;

	memset(out, 0, sizeof *out);
	dbk_plan_defaults(&out->scalars);
	if (compile.n == 0)
		return true;
	compile.ids = dbk_arena_alloc(arena, compile.n);
	if (compile.ids == NULL)
		return dbk_compile_refuse(&compile, DBK_RULE_NONE, 0, NULL, 0, 0);
	for (uint32_t i = 0; i < compile.n; i++)
		if (!check_alone(&compile, i))
			return false;
	if (!keep_all(&compile, arena) || !dbk_contradictions_check(&compile))
		return false;
	for (uint32_t i = 0; i < compile.n; i++)
		if (!check_risk(&compile, i))
			return false;
	if (tax->n_brackets > 0)
		tax->brackets[tax->n_brackets - 1].up_to = INT64_MAX;
	return true;
}
