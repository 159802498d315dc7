#include "plan/catalogue.h"

#include <stddef.h>

#include "base/assert.h"

#define GOODS (DBK_SCOPE_SKU | DBK_SCOPE_CATEGORY)
#define SCOPE_LEVEL (DBK_SCOPE_LEVEL | DBK_SCOPE_LEVEL_NEEDED)
#define SCOPE_RANK (DBK_SCOPE_RANK | DBK_SCOPE_RANK_NEEDED)

/* Name, unit, choices, help; default, least, most; scopes.  The order of the choices is
 * that of their enums in plan.h; an acknowledgement is the bit of its place. */
static const struct dbk_parameter_kind kinds[DBK_PARAMETER_IDS] = {
	/* clang-format off */
	[DBK_PARAMETER_PAY_MAX_DEPTH] = {
		"pay_max_depth", "count", NULL,
		"Levels that are paid for one sale; 1 is the seller alone.",
		1, 1, DBK_LEVELS_MAX, 0
	},
	[DBK_PARAMETER_ENROLL_MAX_DEPTH] = {
		"enroll_max_depth", "count", NULL,
		"Agents from a root to an agent, both counted; 0 is no limit but "
		"the network's own.",
		0, 0, DBK_NETWORK_DEPTH_MAX, 0
	},
	[DBK_PARAMETER_BASE] = {
		"base", "choice", "PAID LIST PAID_EX_TAX MARGIN",
		"What a rate is taken of, for each line.",
		0, 0, 0, 0
	},
	[DBK_PARAMETER_DISCOUNT_BEARER] = {
		"discount_bearer", "choice", "PRORATA PLATFORM SELLER",
		"Whose base a discount lowers: everyone's, nobody's, or only the "
		"seller's.",
		0, 0, 0, 0
	},
	[DBK_PARAMETER_INCLUDE_PAID_BY_BALANCE] = {
		"include_paid_by_balance", "flag", NULL,
		"The part that a buyer paid from a balance counts in the base, too.",
		0, 0, 1, 0
	},
	[DBK_PARAMETER_ACCRUE_ON] = {
		"accrue_on", "choice", "PAID RECEIVED",
		"When commission comes into being.",
		0, 0, 0, 0
	},
	[DBK_PARAMETER_MODE] = {
		"mode", "choice", "LEVELS DIFFERENTIAL",
		"Pay by level, or the difference of the rates of ranks along the "
		"line of sponsors.",
		0, 0, 0, 0
	},
	[DBK_PARAMETER_COMPRESSION] = {
		"compression", "choice", "NONE SKIP_INACTIVE TO_PLATFORM",
		"What becomes of the level of an agent who is not active.",
		0, 0, 0, 0
	},
	[DBK_PARAMETER_SELF_PURCHASE] = {
		"self_purchase", "choice", "NONE DISCOUNT COMMISSION",
		"What an agent gets for buying for own use.",
		0, 0, 0, 0
	},
	[DBK_PARAMETER_ATTRIBUTION] = {
		"attribution", "choice", "SELLER_FIRST BOUND_FIRST",
		"Who is level 1 when the seller is not the agent whom the customer "
		"is bound to.",
		0, 0, 0, 0
	},
	[DBK_PARAMETER_ENGINE] = {
		"engine", "choice", "DAYBOOK PLATFORM",
		"Who pays: these books, or the platform, whose reported commissions "
		"are then only recomputed.",
		0, 0, 0, 0
	},
	[DBK_PARAMETER_PAYS_ON_SELL_IN] = {
		"pays_on_sell_in", "flag", NULL,
		"Commission on goods that agents buy as stock; a risk to acknowledge.",
		0, 0, 1, 0
	},
	[DBK_PARAMETER_PAYS_ON_SELF] = {
		"pays_on_self", "flag", NULL,
		"Commission on goods that agents buy for own use; a risk to "
		"acknowledge.",
		0, 0, 1, 0
	},
	[DBK_PARAMETER_HOLDER_SHIP_COMMISSION] = {
		"holder_ship_commission", "flag", NULL,
		"Sponsors earn on goods that an agent sells from own stock.",
		0, 0, 1, 0
	},
	[DBK_PARAMETER_RATE] = {
		"rate_ppm", "ppm", NULL,
		"Commission of a level.",
		0, 0, DBK_PPM_MAX, GOODS | SCOPE_LEVEL | DBK_SCOPE_RANK
	},
	[DBK_PARAMETER_FIXED] = {
		"fixed_amount", "amount", NULL,
		"Commission of a level for each unit of goods, in place of a rate.",
		0, 0, DBK_AMOUNT_MAX, GOODS | SCOPE_LEVEL | DBK_SCOPE_RANK
	},
	[DBK_PARAMETER_LATER_RATE] = {
		"later_rate_ppm", "ppm", NULL,
		"Commission of a level once step_down_days have passed.",
		0, 0, DBK_PPM_MAX, GOODS | SCOPE_LEVEL | DBK_SCOPE_RANK
	},
	[DBK_PARAMETER_STEP_DOWN_DAYS] = {
		"step_down_days", "days", NULL,
		"Days after a customer's first paid order, after which "
		"later_rate_ppm counts.",
		0, 0, DBK_RETURN_WINDOW_DAYS_MAX, 0
	},
	[DBK_PARAMETER_DIFFERENTIAL_RATE] = {
		"differential_rate_ppm", "ppm", NULL,
		"The rate of a rank, of which those below it are taken off; mode "
		"DIFFERENTIAL.",
		0, 0, DBK_PPM_MAX, SCOPE_RANK
	},
	[DBK_PARAMETER_PEER_RATE] = {
		"peer_rate_ppm", "ppm", NULL,
		"Paid to a sponsor of the same rank; mode DIFFERENTIAL.",
		0, 0, DBK_PPM_MAX, 0
	},
	[DBK_PARAMETER_PEER_GENERATIONS] = {
		"peer_generations", "count", NULL,
		"Sponsors of the same rank who get peer_rate_ppm; mode DIFFERENTIAL.",
		0, 0, DBK_LEVELS_MAX, 0
	},
	[DBK_PARAMETER_ORDER_POOL_CAP] = {
		"order_pool_cap_ppm", "ppm", NULL,
		"The most that all levels get of a line together, of its amount; 0 "
		"is no cap.",
		0, 0, DBK_PPM_MAX, 0
	},
	[DBK_PARAMETER_AGENT_PERIOD_CAP] = {
		"agent_period_cap", "amount", NULL,
		"The most that one agent earns in a month; 0 is no cap.",
		0, 0, DBK_AMOUNT_MAX, 0
	},
	[DBK_PARAMETER_OWN_RETAIL_CAP] = {
		"own_retail_cap_ppm", "ppm", NULL,
		"The most that one agent earns in a month, of own retail; 0 is no "
		"cap.",
		0, 0, DBK_PPM_MAX, 0
	},
	[DBK_PARAMETER_PLATFORM_FEE] = {
		"platform_fee_ppm", "ppm", NULL,
		"What the platform keeps of the proceeds of an agent's own goods.",
		0, 0, DBK_PPM_MAX, 0
	},
	[DBK_PARAMETER_WINDOW_DAYS] = {
		"window_days", "days", NULL,
		"Days from receipt until the earnings of a line mature.",
		7, 0, DBK_RETURN_WINDOW_DAYS_MAX, GOODS
	},
	[DBK_PARAMETER_HOLD_EXTRA_DAYS] = {
		"hold_extra_days", "days", NULL,
		"Days more, by the rank of the agent who sold.",
		0, 0, 365, DBK_SCOPE_RANK
	},
	[DBK_PARAMETER_BINDING_DAYS] = {
		"binding_days", "days", NULL,
		"Days that a customer stays bound when the binding names no end; 0 "
		"is for ever.",
		0, 0, 36500, 0
	},
	[DBK_PARAMETER_ENROL_REWARD] = {
		"enrol_reward", "amount", NULL,
		"Paid when an agent joins, level 1 to the sponsor; a risk to "
		"acknowledge.",
		0, 0, DBK_AMOUNT_MAX, SCOPE_LEVEL
	},
	[DBK_PARAMETER_FEE_RATE] = {
		"fee_rate_ppm", "ppm", NULL,
		"Paid of the fees of an agent, level 1 to the sponsor; a risk to "
		"acknowledge.",
		0, 0, DBK_PPM_MAX, SCOPE_LEVEL
	},
	[DBK_PARAMETER_RANK_CRITERION] = {
		"rank_criterion", "choice",
		"MATURED_RETAIL REPEAT_RATE REFUND_RATE TRAINING TEAM_RETAIL "
		"PURCHASE_VOLUME HEAD_COUNT",
		"What a rank asks for, with the measure to reach; the last two are "
		"a risk to acknowledge.",
		0, 0, DBK_AMOUNT_MAX, SCOPE_RANK | DBK_SCOPE_REPEATED
	},
	[DBK_PARAMETER_MIN_PAYOUT] = {
		"min_payout", "amount", NULL,
		"The least that one payout may draw.",
		1, 1, DBK_AMOUNT_MAX, 0
	},
	[DBK_PARAMETER_PAYOUT_DAILY_LIMIT] = {
		"payout_daily_limit", "amount", NULL,
		"The most that one agent may draw in a day; 0 is no limit.",
		0, 0, DBK_AMOUNT_MAX, 0
	},
	[DBK_PARAMETER_PAYOUT_MONTHLY_LIMIT] = {
		"payout_monthly_limit", "amount", NULL,
		"The most that one agent may draw in a month; 0 is no limit.",
		0, 0, DBK_AMOUNT_MAX, 0
	},
	[DBK_PARAMETER_PAYOUT_METHOD] = {
		"payout_method", "choice", NULL,
		"A way of paying out that is allowed, by any name; without one all "
		"are.",
		0, 0, 0, DBK_SCOPE_REPEATED
	},
	[DBK_PARAMETER_PAYEE_UNCHANGED_DAYS] = {
		"payee_unchanged_days", "days", NULL,
		"Days that a payee must have been verified before money goes there.",
		0, 0, 365, 0
	},
	[DBK_PARAMETER_ONE_OPEN_PAYOUT] = {
		"one_open_payout", "flag", NULL,
		"An agent may have one open payout at a time.",
		0, 0, 1, 0
	},
	[DBK_PARAMETER_APPROVAL_ABOVE] = {
		"approval_above", "amount", NULL,
		"A payout above this needs a second person; 0 is every payout.",
		0, 0, DBK_AMOUNT_MAX, 0
	},
	[DBK_PARAMETER_FEE_BEARER] = {
		"fee_bearer", "choice", "PLATFORM AGENT",
		"Who bears what the provider of a payout charges.",
		0, 0, 0, 0
	},
	[DBK_PARAMETER_CANCEL_UNSENT] = {
		"cancel_unsent_on_clawback", "flag", NULL,
		"A refund cancels payouts that are not sent, and takes from them "
		"before it makes a debt.",
		0, 0, 1, 0
	},
	[DBK_PARAMETER_CLAWBACK_RECOVERY] = {
		"clawback_recovery_ppm", "ppm", NULL,
		"The part of each new earning that goes towards what the agent owes.",
		DBK_PPM_MAX, 1, DBK_PPM_MAX, 0
	},
	[DBK_PARAMETER_WRITEOFF_LIMIT] = {
		"writeoff_limit", "amount", NULL,
		"The most that one write-off may be; 0 is no limit.",
		0, 0, DBK_AMOUNT_MAX, 0
	},
	[DBK_PARAMETER_CLOSE_UNKNOWN_DAYS] = {
		"close_unknown_days", "days", NULL,
		"A period with payouts of unknown fate does not close if they are "
		"older than this.",
		0, 0, 365, 0
	},
	[DBK_PARAMETER_TAX_FLAT_ALLOWANCE] = {
		"tax_flat_allowance", "amount", NULL,
		"Free of a month's gross up to tax_flat_allowance_up_to.",
		0, 0, DBK_AMOUNT_MAX, 0
	},
	[DBK_PARAMETER_TAX_FLAT_ALLOWANCE_UP_TO] = {
		"tax_flat_allowance_up_to", "amount", NULL,
		"The largest gross of a month that has the flat allowance.",
		0, 0, DBK_AMOUNT_MAX, 0
	},
	[DBK_PARAMETER_TAX_SHARE_ALLOWANCE] = {
		"tax_share_allowance_ppm", "ppm", NULL,
		"Free of a larger gross.",
		0, 0, DBK_PPM_MAX, 0
	},
	[DBK_PARAMETER_TAX_BRACKET_UP_TO] = {
		"tax_bracket_up_to", "amount", NULL,
		"The largest taxable amount of a bracket, whose number is the "
		"level; the last has none.",
		0, 1, DBK_AMOUNT_MAX, SCOPE_LEVEL
	},
	[DBK_PARAMETER_TAX_BRACKET_RATE] = {
		"tax_bracket_rate_ppm", "ppm", NULL,
		"The rate of a bracket, on all of the taxable amount.",
		0, 0, DBK_PPM_MAX, SCOPE_LEVEL
	},
	[DBK_PARAMETER_TAX_BRACKET_DEDUCTION] = {
		"tax_bracket_deduction", "amount", NULL,
		"What a bracket takes off the tax, so that rates rise without a step.",
		0, 0, DBK_AMOUNT_MAX, SCOPE_LEVEL
	},
	[DBK_PARAMETER_ACKNOWLEDGE] = {
		"acknowledge", "choice", "SELL_IN RECRUITING HEAD_COUNT",
		"The plan means to pay for this.",
		0, 0, 0, DBK_SCOPE_REPEATED
	},
	/* clang-format on */
};

const struct dbk_parameter_kind *
dbk_parameter_kinds(uint32_t *out_n)
{
	*out_n = DBK_PARAMETER_IDS;
	return kinds;
}

const struct dbk_parameter_kind *
dbk_catalogue_get(enum dbk_parameter_id id)
{
	dbk_assert(id < DBK_PARAMETER_IDS);
	return &kinds[id];
}

bool
dbk_catalogue_find(struct dbk_str name, enum dbk_parameter_id *out_id)
{
	for (unsigned id = 0; id < DBK_PARAMETER_IDS; id++)
		if (dbk_str_equal(name, dbk_str_of(kinds[id].name))) {
			*out_id = (enum dbk_parameter_id)id;
			return true;
		}
	return false;
}

bool
dbk_catalogue_is_choice(enum dbk_parameter_id id)
{
	return strcmp(dbk_catalogue_get(id)->unit, "choice") == 0;
}

int
dbk_catalogue_choice(enum dbk_parameter_id id, struct dbk_str choice)
{
	const char *word = dbk_catalogue_get(id)->choices;

	for (int place = 0; word != NULL; place++) {
		size_t size = strcspn(word, " ");

		if (dbk_str_equal(choice, dbk_str_make(word, size)))
			return place;
		word = word[size] == ' ' ? word + size + 1 : NULL;
	}
	return -1;
}

unsigned
dbk_catalogue_risks(enum dbk_parameter_id id, const struct dbk_parameter *parameter)
{
	if (id == DBK_PARAMETER_PAYS_ON_SELL_IN || id == DBK_PARAMETER_PAYS_ON_SELF)
		return parameter->value > 0 ? DBK_RISK_SELL_IN : 0;
	if (id == DBK_PARAMETER_ENROL_REWARD || id == DBK_PARAMETER_FEE_RATE)
		return parameter->value > 0 ? DBK_RISK_RECRUITING : 0;
	if (id == DBK_PARAMETER_RANK_CRITERION)
		return dbk_catalogue_choice(id, parameter->choice) >=
			       DBK_CRITERION_PURCHASE_VOLUME
			   ? DBK_RISK_HEAD_COUNT
			   : 0;
	return 0;
}
