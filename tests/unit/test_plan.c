#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/plan_list.h"

#define LONGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* -------------------------------------------------------------------- negative */

static void
test_unknown(void)
{
	static const char *const names[] = { "", "rate", "rate_ppm ", "RATE_PPM",
					     "rate_ppmm" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		plan_list_start();
		plan_list_add("min_payout", 5);
		plan_list_add(names[i], 1);
		CHECK(plan_list_is_refused(DBK_RULE_PLAN_PARAMETER_UNKNOWN, 1, "name"));
	}
}

/* Give KIND all that it needs beside its value. */
static struct dbk_parameter *
add_sound(const struct dbk_parameter_kind *kind, int64_t value)
{
	struct dbk_parameter *p = plan_list_add(kind->name, value);

	if ((kind->scopes & DBK_SCOPE_LEVEL_NEEDED) != 0)
		p->level = 1;
	if ((kind->scopes & DBK_SCOPE_RANK_NEEDED) != 0)
		p->rank = dbk_str_of("gold");
	if (strcmp(kind->unit, "choice") == 0)
		p->choice =
		    kind->choices == NULL
			? dbk_str_of("BANK")
			: dbk_str_make(kind->choices, strcspn(kind->choices, " "));
	return p;
}

/* Refused for its value, or not at all for it: other rules may still speak. */
static bool
breaks_value(const struct dbk_parameter_kind *kind, int64_t value, int64_t bound)
{
	plan_list_start();
	add_sound(kind, value);
	return plan_list_is_refused(DBK_RULE_PLAN_PARAMETER_VALUE, 0, "value") &&
	       plan_list_fault.measured == value && plan_list_fault.limit == bound;
}

static bool
takes_value(const struct dbk_parameter_kind *kind, int64_t value)
{
	plan_list_start();
	add_sound(kind, value);
	return plan_list_compile() || plan_list_fault.rule == DBK_RULE_PLAN_RISK ||
	       plan_list_fault.rule == DBK_RULE_PLAN_CONTRADICTION;
}

static void
test_bounds(void)
{
	uint32_t n;
	const struct dbk_parameter_kind *kinds = dbk_parameter_kinds(&n);

	for (uint32_t i = 0; i < n; i++) {
		CHECK(breaks_value(&kinds[i], kinds[i].least - 1, kinds[i].least));
		CHECK(breaks_value(&kinds[i], INT64_MIN, kinds[i].least));
		CHECK(breaks_value(&kinds[i], kinds[i].most + 1, kinds[i].most));
		CHECK(breaks_value(&kinds[i], INT64_MAX, kinds[i].most));
		CHECK(takes_value(&kinds[i], kinds[i].least));
		CHECK(takes_value(&kinds[i], kinds[i].most));
	}
}

static void
test_choices(void)
{
	uint32_t n;
	const struct dbk_parameter_kind *kinds = dbk_parameter_kinds(&n);

	for (uint32_t i = 0; i < n; i++) {
		bool is_choice = strcmp(kinds[i].unit, "choice") == 0;

		plan_list_start();
		add_sound(&kinds[i], kinds[i].least)->choice =
		    dbk_str_of(is_choice ? "" : "PAID");
		CHECK(plan_list_is_refused(DBK_RULE_PLAN_PARAMETER_VALUE, 0, "choice"));
		if (!is_choice || kinds[i].choices == NULL)
			continue;
		plan_list_start();
		add_sound(&kinds[i], 0)->choice = dbk_str_of("paid");
		CHECK(plan_list_is_refused(DBK_RULE_PLAN_PARAMETER_VALUE, 0, "choice"));
		plan_list_start();
		add_sound(&kinds[i], 0)->choice = dbk_str_of(kinds[i].choices);
		CHECK(plan_list_is_refused(DBK_RULE_PLAN_PARAMETER_VALUE, 0, "choice"));
	}
	plan_list_start();
	plan_list_choose("payout_method", LONGEST "g");
	CHECK(plan_list_is_refused(DBK_RULE_PLAN_PARAMETER_VALUE, 0, "choice"));
	CHECK_INT(plan_list_fault.measured, 65);
	CHECK_INT(plan_list_fault.limit, 64);
	plan_list_start();
	plan_list_choose("payout_method", LONGEST);
	CHECK(plan_list_compile());
}

/* Set one member of the scope in P; false when there are no more. */
static const char *
narrow(struct dbk_parameter *p, int which)
{
	static const char *const members[] = { "sku",	  "category", "rank",
					       "channel", "region",   "level" };
	struct dbk_str *texts[] = { &p->sku, &p->category, &p->rank, &p->channel,
				    &p->region };

	if (which < 5)
		*texts[which] = dbk_str_of("x");
	else
		p->level = 1;
	return members[which];
}

static void
test_scopes(void)
{
	static const uint32_t bits[] = {
		DBK_SCOPE_SKU, DBK_SCOPE_CATEGORY, DBK_SCOPE_RANK, 0, 0, DBK_SCOPE_LEVEL
	};
	uint32_t n;
	const struct dbk_parameter_kind *kinds = dbk_parameter_kinds(&n);

	for (uint32_t i = 0; i < n; i++)
		for (int which = 0; which < 6; which++) {
			const char *member;

			plan_list_start();
			member = narrow(add_sound(&kinds[i], kinds[i].least), which);
			if ((kinds[i].scopes & bits[which]) != 0)
				CHECK(plan_list_compile() ||
				      plan_list_fault.rule ==
					  DBK_RULE_PLAN_CONTRADICTION);
			else
				CHECK(plan_list_is_refused(
				    DBK_RULE_PLAN_PARAMETER_SCOPE, 0, member));
		}
}

static void
test_needed_scopes(void)
{
	uint32_t n;
	const struct dbk_parameter_kind *kinds = dbk_parameter_kinds(&n);

	for (uint32_t i = 0; i < n; i++) {
		bool is_bracket = strncmp(kinds[i].name, "tax_bracket", 11) == 0;

		if ((kinds[i].scopes & DBK_SCOPE_RANK_NEEDED) != 0) {
			plan_list_start();
			add_sound(&kinds[i], kinds[i].least)->rank = dbk_str_of("");
			CHECK(plan_list_is_refused(DBK_RULE_PLAN_PARAMETER_SCOPE, 0,
						   "rank"));
		}
		if ((kinds[i].scopes & DBK_SCOPE_LEVEL_NEEDED) == 0)
			continue;
		plan_list_start();
		add_sound(&kinds[i], kinds[i].least)->level = 0;
		CHECK(plan_list_is_refused(DBK_RULE_PLAN_PARAMETER_SCOPE, 0, "level"));
		CHECK_INT(plan_list_fault.limit, 1);
		plan_list_start();
		add_sound(&kinds[i], kinds[i].least)->level = is_bracket ? 9 : 17;
		CHECK(plan_list_is_refused(DBK_RULE_PLAN_PARAMETER_SCOPE, 0, "level"));
		CHECK_INT(plan_list_fault.measured, is_bracket ? 9 : 17);
		CHECK_INT(plan_list_fault.limit, is_bracket ? 8 : 16);
	}
	plan_list_start();
	add_sound(&kinds[0], 1);
	plan_list_add("window_days", 3)->sku = dbk_str_of("tea");
	plan_list_add("window_days", 3)->category = dbk_str_of("drinks");
	CHECK(plan_list_compile());
	plan_list_add("window_days", 3)->category = dbk_str_of("cups");
	plan_list_add("window_days", 3)->category = dbk_str_of("cans");
	plan_list_published()->parameters[4].sku = dbk_str_of("can");
	CHECK(plan_list_is_refused(DBK_RULE_PLAN_PARAMETER_SCOPE, 4, "category"));
}

static void
test_order_of_rules(void)
{
	plan_list_start();
	plan_list_add("enrol_reward", 5)->level = 1;
	CHECK(plan_list_is_refused(DBK_RULE_PLAN_RISK, 0, "value"));
	plan_list_add("enrol_reward", 6)->level = 1;
	CHECK(plan_list_is_refused(DBK_RULE_PLAN_CONTRADICTION, 1, "name"));
	plan_list_add("min_payout", 1)->region = dbk_str_of("north");
	CHECK(plan_list_is_refused(DBK_RULE_PLAN_PARAMETER_SCOPE, 2, "region"));
	plan_list_add("no such", 1);
	CHECK(plan_list_is_refused(DBK_RULE_PLAN_PARAMETER_SCOPE, 2, "region"));
	plan_list_published()->parameters[2].value = -1;
	CHECK(plan_list_is_refused(DBK_RULE_PLAN_PARAMETER_VALUE, 2, "value"));
}

static void
test_no_room(void)
{
	struct dbk_plan_published published = *plan_list_published();
	static struct dbk_parameter parameters[40];
	struct dbk_arena arena;

	published.parameters = parameters;
	published.n_parameters = 40;
	for (int i = 0; i < 40; i++) {
		parameters[i].name = dbk_str_of("window_days");
		parameters[i].sku = dbk_str_make("0123456789abcdef0123456789abcdef"
						 "01234567",
						 (size_t)i + 1);
	}
	for (size_t cap = 0; cap < 64; cap += 8) {
		dbk_arena_init(&arena, cap);
		plan_list_fault.rule = DBK_RULE_PLAN_RISK;
		CHECK(!dbk_plan_compile(&published, &arena, &plan_list_plan,
					&plan_list_fault));
		CHECK_INT(plan_list_fault.rule, DBK_RULE_NONE);
		dbk_arena_fini(&arena);
	}
}

/* ----------------------------------------------------------------------- risks */

static void
test_risks(void)
{
	static const struct {
		const char *name, *choice, *acknowledge, *other, *member;
		uint32_t bit;
	} cases[] = {
		{ "pays_on_sell_in", NULL, "SELL_IN", "RECRUITING", "value", 1 },
		{ "pays_on_self", NULL, "SELL_IN", "HEAD_COUNT", "value", 1 },
		{ "enrol_reward", NULL, "RECRUITING", "SELL_IN", "value", 2 },
		{ "fee_rate_ppm", NULL, "RECRUITING", "HEAD_COUNT", "value", 2 },
		{ "rank_criterion", "PURCHASE_VOLUME", "HEAD_COUNT", "SELL_IN",
		  "choice", 4 },
		{ "rank_criterion", "HEAD_COUNT", "HEAD_COUNT", "RECRUITING", "choice",
		  4 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct dbk_parameter *p;

		plan_list_start();
		plan_list_add("min_payout", 5);
		p = plan_list_add(cases[i].name, 1);
		p->level = cases[i].bit == 2 ? 1 : 0;
		if (cases[i].choice != NULL) {
			p->choice = dbk_str_of(cases[i].choice);
			p->rank = dbk_str_of("gold");
		}
		CHECK(plan_list_is_refused(DBK_RULE_PLAN_RISK, 1, cases[i].member));
		plan_list_choose("acknowledge", cases[i].other);
		CHECK(plan_list_is_refused(DBK_RULE_PLAN_RISK, 1, cases[i].member));
		plan_list_choose("acknowledge", cases[i].acknowledge);
		CHECK(plan_list_compile());
		CHECK_INT(plan_list_plan.scalars.risks, cases[i].bit);
		CHECK((plan_list_plan.scalars.acknowledged & cases[i].bit) != 0);
		if (cases[i].choice == NULL) {
			plan_list_start();
			plan_list_add(cases[i].name, 0)->level = p->level;
			CHECK(plan_list_compile());
			CHECK_INT(plan_list_plan.scalars.risks, 0);
		}
	}
}

static void
test_harmless_criteria(void)
{
	static const char *const choices[] = { "MATURED_RETAIL", "REPEAT_RATE",
					       "REFUND_RATE", "TRAINING",
					       "TEAM_RETAIL" };

	plan_list_start();
	for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
		struct dbk_parameter *p =
		    plan_list_choose("rank_criterion", choices[i]);

		p->rank = dbk_str_of("gold");
		p->value = 100000;
	}
	CHECK(plan_list_compile());
	CHECK_INT(plan_list_plan.scalars.risks, 0);
	CHECK_INT(plan_list_plan.n_terms, 0);
}

/* -------------------------------------------------------------------- positive */

static void
test_defaults(void)
{
	struct dbk_plan_scalars got, want;

	memset(&want, 0, sizeof want);
	want.pay_max_depth = 1;
	want.window_days = 7;
	want.min_payout = 1;
	want.clawback_recovery_ppm = 1000000;
	for (int i = 0; i < DBK_LEVELS_MAX; i++) {
		want.later_rate_ppm[i] = UINT32_MAX;
		want.fixed[i] = -1;
	}
	memset(&got, 0x5a, sizeof got);
	dbk_plan_defaults(&got);
	CHECK(memcmp(&got, &want, sizeof want) == 0);

	plan_list_start();
	CHECK(plan_list_compile());
	CHECK(memcmp(&plan_list_plan.scalars, &want, sizeof want) == 0);
	CHECK_INT(plan_list_plan.n_terms, 0);
}

static void
test_default_is_the_same(void)
{
	uint32_t n;
	const struct dbk_parameter_kind *kinds = dbk_parameter_kinds(&n);

	for (uint32_t i = 0; i < n; i++) {
		struct dbk_plan_scalars want;

		if (kinds[i].scopes != 0)
			continue;
		plan_list_start();
		add_sound(&kinds[i], kinds[i].initial);
		if (strncmp(kinds[i].name, "tax_", 4) == 0)
			plan_list_add("tax_bracket_rate_ppm", 0)->level = 1;
		CHECK(plan_list_compile());
		memset(&plan_list_plan.scalars.tax, 0, sizeof want.tax);
		dbk_plan_defaults(&want);
		CHECK(memcmp(&plan_list_plan.scalars, &want, sizeof want) == 0);
	}
}

static void
test_numbers(void)
{
	const struct dbk_plan_scalars *s = &plan_list_plan.scalars;
	const struct {
		const char *name;
		const uint32_t *word;
		const int64_t *amount;
		const uint8_t *flag;
	} members[] = {
		{ "pay_max_depth", &s->pay_max_depth, NULL, NULL },
		{ "enroll_max_depth", &s->enroll_max_depth, NULL, NULL },
		{ "include_paid_by_balance", NULL, NULL, &s->include_paid_by_balance },
		{ "holder_ship_commission", NULL, NULL, &s->holder_ship_commission },
		{ "one_open_payout", NULL, NULL, &s->one_open_payout },
		{ "cancel_unsent_on_clawback", NULL, NULL,
		  &s->cancel_unsent_on_clawback },
		{ "step_down_days", &s->step_down_days, NULL, NULL },
		{ "order_pool_cap_ppm", &s->order_pool_cap_ppm, NULL, NULL },
		{ "agent_period_cap", NULL, &s->agent_period_cap, NULL },
		{ "own_retail_cap_ppm", &s->own_retail_cap_ppm, NULL, NULL },
		{ "platform_fee_ppm", &s->platform_fee_ppm, NULL, NULL },
		{ "window_days", &s->window_days, NULL, NULL },
		{ "hold_extra_days", &s->hold_extra_days, NULL, NULL },
		{ "binding_days", &s->binding_days, NULL, NULL },
		{ "min_payout", NULL, &s->min_payout, NULL },
		{ "payout_daily_limit", NULL, &s->payout_daily_limit, NULL },
		{ "payout_monthly_limit", NULL, &s->payout_monthly_limit, NULL },
		{ "payee_unchanged_days", &s->payee_unchanged_days, NULL, NULL },
		{ "approval_above", NULL, &s->approval_above, NULL },
		{ "clawback_recovery_ppm", &s->clawback_recovery_ppm, NULL, NULL },
		{ "writeoff_limit", NULL, &s->writeoff_limit, NULL },
		{ "close_unknown_days", &s->close_unknown_days, NULL, NULL },
	};
	const size_t n = sizeof members / sizeof members[0];

	plan_list_start();
	for (size_t i = 0; i < n; i++)
		plan_list_add(members[i].name,
			      members[i].flag != NULL ? 1 : 2 + (int64_t)i / 2);
	plan_list_published()->parameters[n - 1].value = 365;
	CHECK(plan_list_compile());
	for (size_t i = 0; i < n; i++) {
		int64_t want = plan_list_published()->parameters[i].value;

		if (members[i].word != NULL)
			CHECK_INT(*members[i].word, want);
		else if (members[i].amount != NULL)
			CHECK_INT(*members[i].amount, want);
		else
			CHECK_INT(*members[i].flag, want);
	}
}

static void
test_words(void)
{
	const struct dbk_plan_scalars *s = &plan_list_plan.scalars;
	static const struct {
		const char *name, *choice;
		int want;
	} words[] = {
		{ "base", "PAID", DBK_BASE_PAID },
		{ "base", "LIST", DBK_BASE_LIST },
		{ "base", "PAID_EX_TAX", DBK_BASE_PAID_EX_TAX },
		{ "base", "MARGIN", DBK_BASE_MARGIN },
		{ "discount_bearer", "PRORATA", DBK_BEARER_PRORATA },
		{ "discount_bearer", "PLATFORM", DBK_BEARER_PLATFORM },
		{ "discount_bearer", "SELLER", DBK_BEARER_SELLER },
		{ "accrue_on", "PAID", DBK_ACCRUE_PAID },
		{ "accrue_on", "RECEIVED", DBK_ACCRUE_RECEIVED },
		{ "mode", "LEVELS", DBK_MODE_LEVELS },
		{ "mode", "DIFFERENTIAL", DBK_MODE_DIFFERENTIAL },
		{ "compression", "NONE", DBK_COMPRESSION_NONE },
		{ "compression", "SKIP_INACTIVE", DBK_COMPRESSION_SKIP_INACTIVE },
		{ "compression", "TO_PLATFORM", DBK_COMPRESSION_TO_PLATFORM },
		{ "self_purchase", "NONE", DBK_SELF_PURCHASE_NONE },
		{ "self_purchase", "DISCOUNT", DBK_SELF_PURCHASE_DISCOUNT },
		{ "self_purchase", "COMMISSION", DBK_SELF_PURCHASE_COMMISSION },
		{ "attribution", "SELLER_FIRST", DBK_ATTRIBUTION_SELLER_FIRST },
		{ "attribution", "BOUND_FIRST", DBK_ATTRIBUTION_BOUND_FIRST },
		{ "engine", "DAYBOOK", DBK_ENGINE_DAYBOOK },
		{ "engine", "PLATFORM", DBK_ENGINE_PLATFORM },
		{ "fee_bearer", "PLATFORM", DBK_FEE_BEARER_PLATFORM },
		{ "fee_bearer", "AGENT", DBK_FEE_BEARER_AGENT },
		{ "acknowledge", "SELL_IN", DBK_RISK_SELL_IN },
		{ "acknowledge", "RECRUITING", DBK_RISK_RECRUITING },
		{ "acknowledge", "HEAD_COUNT", DBK_RISK_HEAD_COUNT },
	};
	const struct {
		const char *name;
		const uint8_t *member;
	} members[] = {
		{ "base", &s->base_kind },
		{ "discount_bearer", &s->discount_bearer },
		{ "accrue_on", &s->accrue_on },
		{ "mode", &s->mode },
		{ "compression", &s->compression },
		{ "self_purchase", &s->self_purchase },
		{ "attribution", &s->attribution },
		{ "engine", &s->engine },
		{ "fee_bearer", &s->fee_bearer },
		{ "acknowledge", &s->acknowledged },
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		plan_list_start();
		plan_list_choose(words[i].name, words[i].choice);
		CHECK(plan_list_compile());
		for (size_t k = 0; k < sizeof members / sizeof members[0]; k++)
			CHECK_INT(*members[k].member,
				  strcmp(members[k].name, words[i].name) == 0
				      ? words[i].want
				      : 0);
	}
}

static void
test_levels(void)
{
	const struct dbk_plan_scalars *s = &plan_list_plan.scalars;

	plan_list_start();
	plan_list_add("pay_max_depth", DBK_LEVELS_MAX);
	plan_list_add("step_down_days", 90);
	plan_list_choose("acknowledge", "RECRUITING");
	for (uint32_t level = 1; level <= DBK_LEVELS_MAX; level++) {
		bool is_fixed = level % 2 == 0;

		plan_list_add(is_fixed ? "fixed_amount" : "rate_ppm", 100 + level)
		    ->level = level;
		if (!is_fixed)
			plan_list_add("later_rate_ppm", 200 + level)->level = level;
		plan_list_add("enrol_reward", 300 + level)->level = level;
		plan_list_add("fee_rate_ppm", 400 + level)->level = level;
	}
	CHECK(plan_list_compile());
	for (uint32_t level = 1; level <= DBK_LEVELS_MAX; level++) {
		bool is_fixed = level % 2 == 0;
		uint32_t i = level - 1;

		CHECK_INT(s->rate_ppm[i], is_fixed ? 0 : 100 + level);
		CHECK_INT(s->fixed[i], is_fixed ? (int64_t)(100 + level) : -1);
		CHECK_INT(s->later_rate_ppm[i], is_fixed ? UINT32_MAX : 200 + level);
		CHECK_INT(s->enrol_reward[i], 300 + level);
		CHECK_INT(s->fee_rate_ppm[i], 400 + level);
	}
	CHECK_INT(plan_list_plan.n_terms, 0);
}

static void
test_terms(void)
{
	static const struct {
		const char *name, *sku, *category, *rank;
		uint32_t level;
		uint8_t kind;
	} cases[] = {
		{ "rate_ppm", "tea", "", "", 1, DBK_TERM_RATE },
		{ "rate_ppm", "tea", "", "gold", 1, DBK_TERM_RATE },
		{ "rate_ppm", "", "drinks", "", 2, DBK_TERM_RATE },
		{ "rate_ppm", "", "drinks", "gold", 2, DBK_TERM_RATE },
		{ "rate_ppm", "", "", "gold", 2, DBK_TERM_RATE },
		{ "fixed_amount", "cup", "", "", 1, DBK_TERM_FIXED },
		{ "later_rate_ppm", "", "", "gold", 1, DBK_TERM_LATER_RATE },
		{ "differential_rate_ppm", "", "", "gold", 0, DBK_TERM_DIFFERENTIAL },
		{ "window_days", "tea", "", "", 0, DBK_TERM_WINDOW_DAYS },
		{ "window_days", "", "drinks", "", 0, DBK_TERM_WINDOW_DAYS },
		{ "hold_extra_days", "", "", "new", 0, DBK_TERM_HOLD_DAYS },
	};
	const uint32_t n = sizeof cases / sizeof cases[0];
	const struct dbk_plan *plan = &plan_list_plan;

	plan_list_start();
	for (uint32_t i = 0; i < n; i++) {
		struct dbk_parameter *p = plan_list_add(cases[i].name, 100 + i);

		p->level = cases[i].level;
		p->sku = dbk_str_of(cases[i].sku);
		p->category = dbk_str_of(cases[i].category);
		p->rank = dbk_str_of(cases[i].rank);
	}
	plan_list_add("pay_max_depth", 2);
	plan_list_add("step_down_days", 2);
	plan_list_add("window_days", 14);
	plan_list_choose("mode", "DIFFERENTIAL");
	CHECK(plan_list_compile());
	CHECK_INT(plan->n_terms, n);
	for (uint32_t i = 0; i < n && i < plan->n_terms; i++) {
		CHECK_INT(plan->terms[i].kind, cases[i].kind);
		CHECK_INT(plan->terms[i].level, cases[i].level);
		CHECK_INT(plan->terms[i].index, i);
		CHECK_INT(plan->terms[i].value, 100 + i);
		CHECK(dbk_str_equal(plan->terms[i].sku, dbk_str_of(cases[i].sku)));
		CHECK(dbk_str_equal(plan->terms[i].category,
				    dbk_str_of(cases[i].category)));
		CHECK(dbk_str_equal(plan->terms[i].rank, dbk_str_of(cases[i].rank)));
	}
	for (int kind = 0; kind < DBK_TERM_KINDS; kind++)
		CHECK_INT(plan->scalars.has_terms[kind], kind > 0);
	CHECK_INT(plan->scalars.window_days, 14);
	CHECK_INT(plan->scalars.rate_ppm[0], 0);
	CHECK_INT(plan->scalars.fixed[0], -1);
	CHECK_INT(plan->scalars.later_rate_ppm[0], UINT32_MAX);
	CHECK_INT(plan->scalars.hold_extra_days, 0);
}

static void
test_methods(void)
{
	static const char *const names[] = {
		"a", "b", "c", "d", "e", "f", "g", "h", "i"
	};

	plan_list_start();
	for (int i = 0; i < DBK_PAYOUT_METHODS_MAX; i++)
		plan_list_choose("payout_method", names[i]);
	CHECK(plan_list_compile());
	CHECK_INT(plan_list_plan.scalars.n_methods, DBK_PAYOUT_METHODS_MAX);
	for (int i = 0; i < DBK_PAYOUT_METHODS_MAX; i++)
		CHECK(dbk_str_equal(plan_list_plan.methods[i], dbk_str_of(names[i])));
	plan_list_choose("payout_method", names[8]);
	CHECK(plan_list_is_refused(DBK_RULE_LIMIT_REACHED, 8, "choice"));
	CHECK_INT(plan_list_fault.measured, 9);
	CHECK_INT(plan_list_fault.limit, 8);
}

int
main(void)
{
	check_run("a name that is not in the catalogue is refused", test_unknown);
	check_run("every bound of every value holds", test_bounds);
	check_run("choices are for parameters that list them", test_choices);
	check_run("a scope that a parameter lacks is refused", test_scopes);
	check_run("a scope that a parameter needs is missed", test_needed_scopes);
	check_run("each by itself, then together, then risk", test_order_of_rules);
	check_run("an arena without room is no refusal", test_no_room);
	check_run("a risk needs its own acknowledgement", test_risks);
	check_run("criteria of retail are no risk", test_harmless_criteria);
	check_run("an empty plan pays nothing", test_defaults);
	check_run("a default that is written down changes nothing",
		  test_default_is_the_same);
	check_run("every number arrives in its place", test_numbers);
	check_run("every choice has its number", test_words);
	check_run("every level has its own values", test_levels);
	check_run("what is narrowed becomes a term", test_terms);
	check_run("eight payout methods are kept", test_methods);
	plan_list_end();
	return check_end();
}
