#ifndef DBK_PLAN_PLAN_H
#define DBK_PLAN_PLAN_H

/*
 * plan.h -- a commission plan: what a published list of parameters means.
 *
 * A plan is data: parameters by name, each with a value, perhaps narrowed to a sku, a
 * category, a rank or a level.  Compiling turns the list into terms that the books can
 * work with, or says which parameter cannot stand.  Nothing here has state: a plan in
 * force is the books' business.  README.md has the catalogue in words.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/limits.h>

#include "base/arena.h"
#include "event/event.h"
#include "event/parameter.h"
#include "plan/tax.h"

enum dbk_base_kind {
	DBK_BASE_PAID,
	DBK_BASE_LIST,
	DBK_BASE_PAID_EX_TAX,
	DBK_BASE_MARGIN
};
enum dbk_discount_bearer { DBK_BEARER_PRORATA, DBK_BEARER_PLATFORM, DBK_BEARER_SELLER };
enum dbk_accrue_on { DBK_ACCRUE_PAID, DBK_ACCRUE_RECEIVED };
enum dbk_plan_mode { DBK_MODE_LEVELS, DBK_MODE_DIFFERENTIAL };
enum dbk_compression {
	DBK_COMPRESSION_NONE,
	DBK_COMPRESSION_SKIP_INACTIVE,
	DBK_COMPRESSION_TO_PLATFORM
};
enum dbk_self_purchase {
	DBK_SELF_PURCHASE_NONE,
	DBK_SELF_PURCHASE_DISCOUNT,
	DBK_SELF_PURCHASE_COMMISSION
};
enum dbk_attribution_order {
	DBK_ATTRIBUTION_SELLER_FIRST,
	DBK_ATTRIBUTION_BOUND_FIRST
};
enum dbk_plan_engine { DBK_ENGINE_DAYBOOK, DBK_ENGINE_PLATFORM };
enum dbk_fee_bearer { DBK_FEE_BEARER_PLATFORM, DBK_FEE_BEARER_AGENT };

/* What a plan has to say it means, because it pays for something else than retail. */
enum dbk_plan_risk {
	DBK_RISK_SELL_IN = 1,	 /* pays on stock that participants buy */
	DBK_RISK_RECRUITING = 2, /* pays on people who join, or on their fees */
	DBK_RISK_HEAD_COUNT = 4	 /* ranks by purchases or by recruits */
};

/* What a term that can be narrowed is about. */
enum dbk_term_kind {
	DBK_TERM_RATE = 1,     /* ppm of the base; level */
	DBK_TERM_FIXED,	       /* minor units per unit of goods; level */
	DBK_TERM_LATER_RATE,   /* ppm after step_down_days; level */
	DBK_TERM_DIFFERENTIAL, /* ppm by rank */
	DBK_TERM_WINDOW_DAYS,  /* by sku or category */
	DBK_TERM_HOLD_DAYS,    /* more days, by rank of the one who sold */
	DBK_TERM_KINDS
};

/* Most specific wins: sku before category before neither; within each, a rank before
 * none.  A level-1 rate in force is one term. */
struct dbk_plan_term {
	uint8_t kind;	/* enum dbk_term_kind */
	uint8_t level;	/* 0 where levels do not matter */
	uint32_t index; /* of the parameter it comes from */
	int64_t value;
	/* Empty: any.  Never both sku and category. */
	struct dbk_str sku, category, rank;
};

/*
 * A plan without its narrowed terms: fixed size, no pointers, so that it can be a row.
 * Amounts in minor units, rates in ppm; 0 of a limit or cap means none.
 * Levels count from 1 (the seller): the value of level n stands at [n - 1].
 */
struct dbk_plan_scalars {
	uint8_t base_kind, discount_bearer, accrue_on, mode;
	uint8_t compression, self_purchase, attribution, engine;
	uint8_t fee_bearer;
	uint8_t pays_on_sell_in, pays_on_self, holder_ship_commission;
	uint8_t include_paid_by_balance, one_open_payout, cancel_unsent_on_clawback;
	uint8_t risks; /* enum dbk_plan_risk bits that its parameters bring about */
	uint8_t acknowledged;		   /* bits that it says it means */
	uint8_t has_terms[DBK_TERM_KINDS]; /* are there narrowed terms of a kind? */
	uint8_t n_methods;
	uint32_t pay_max_depth;	   /* >= 1 */
	uint32_t enroll_max_depth; /* 0: none */
	uint32_t peer_rate_ppm, peer_generations;
	uint32_t platform_fee_ppm;
	uint32_t order_pool_cap_ppm, own_retail_cap_ppm;
	uint32_t clawback_recovery_ppm; /* 1,000,000 unless said */
	uint32_t window_days, hold_extra_days, binding_days, step_down_days;
	uint32_t payee_unchanged_days, close_unknown_days;
	uint32_t rate_ppm[DBK_LEVELS_MAX];	 /* that nothing narrows */
	uint32_t later_rate_ppm[DBK_LEVELS_MAX]; /* UINT32_MAX: as rate_ppm */
	uint32_t fee_rate_ppm[DBK_LEVELS_MAX];	 /* level 1 is the sponsor */
	int64_t fixed[DBK_LEVELS_MAX];		 /* per unit; -1: rates */
	int64_t enrol_reward[DBK_LEVELS_MAX];	 /* level 1 is the sponsor */
	int64_t agent_period_cap;
	int64_t min_payout; /* 1 unless said */
	int64_t payout_daily_limit, payout_monthly_limit;
	int64_t approval_above; /* 0: every payout needs a second person */
	int64_t writeoff_limit;
	struct dbk_tax_table tax;
};

struct dbk_plan {
	struct dbk_plan_scalars scalars;
	struct dbk_plan_term
	    *terms; /* narrowed, in the order of the parameters; arena */
	uint32_t n_terms;
	struct dbk_str methods[DBK_PAYOUT_METHODS_MAX]; /* empty list: any method */
};

/*
 * What PUBLISHED means.  False: a parameter cannot stand, *OUT_FAULT says which.  OUT's
 * texts are borrowed from PUBLISHED, its terms live in ARENA.
 *
 * The parameters are gone through three times; each time the first that fails decides:
 *   1. PLAN_PARAMETER_UNKNOWN (name), PLAN_PARAMETER_VALUE (choice, value),
 *      PLAN_PARAMETER_SCOPE, each parameter by itself;
 *   2. PLAN_CONTRADICTION, the list as a whole: README.md has them all.  Of two that
 *      cannot both stand the later one is named.  LIMIT_REACHED: too many methods;
 *   3. PLAN_RISK: an element that pays for a risk that is not acknowledged.
 *
 * DBK_RULE_NONE is no refusal: ARENA has no room, and nothing is known of the plan.
 */
bool dbk_plan_compile(const struct dbk_plan_published *published,
		      struct dbk_arena *arena, struct dbk_plan *out,
		      struct dbk_parameter_fault *out_fault);

/* The terms of a plan without any parameter: retail only, one level, nothing paid. */
void dbk_plan_defaults(struct dbk_plan_scalars *out);

/* ---- the catalogue of parameters, for help and documents; static memory */

enum dbk_parameter_scope {
	DBK_SCOPE_SKU = 1,
	DBK_SCOPE_CATEGORY = 2,
	DBK_SCOPE_RANK = 4,
	DBK_SCOPE_LEVEL = 8,
	DBK_SCOPE_LEVEL_NEEDED = 16, /* stands beside LEVEL */
	DBK_SCOPE_RANK_NEEDED = 32,  /* stands beside RANK */
	DBK_SCOPE_REPEATED = 64	     /* may stand again with another choice */
};

struct dbk_parameter_kind {
	const char *name;
	const char *unit;    /* "ppm", "amount", "days", "count", "flag", "choice" */
	const char *choices; /* "PAID LIST ..."; NULL: a number, or any choice */
	const char *help;    /* one sentence */
	int64_t initial, least, most; /* a choice starts as its first word */
	uint32_t scopes;	      /* enum dbk_parameter_scope bits */
};

const struct dbk_parameter_kind *dbk_parameter_kinds(uint32_t *out_n);

#endif
