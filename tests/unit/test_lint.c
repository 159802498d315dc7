#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/plan_list.h"
#include "plan/lint.h"

#define FINDINGS_MAX 32

static struct dbk_lint found[FINDINGS_MAX];
static uint32_t n_found;

static void
lint(void)
{
	memset(found, 0, sizeof found);
	if (!CHECK(plan_list_compile()))
		fprintf(stderr, "%s: parameters[%u].%s\n",
			dbk_rule_name(plan_list_fault.rule), plan_list_fault.index,
			plan_list_fault.member);
	n_found =
	    dbk_plan_lint(plan_list_published(), &plan_list_plan, found, FINDINGS_MAX);
}

/* Is finding PLACE this one? */
static bool
is_found(uint32_t place, enum dbk_lint_severity severity, const char *code,
	 uint32_t index)
{
	if (place < n_found && found[place].severity == severity &&
	    strcmp(found[place].code, code) == 0 && found[place].index == index)
		return true;
	if (place < n_found)
		fprintf(stderr, "%s %s %u\n",
			dbk_lint_severity_name(found[place].severity),
			found[place].code, found[place].index);
	return false;
}

static void
add_bracket(void)
{
	plan_list_add("tax_bracket_rate_ppm", 100000)->level = 1;
}

static void
test_nothing(void)
{
	plan_list_start();
	lint();
	CHECK_INT(n_found, 1);
	CHECK(is_found(0, DBK_LINT_NOTE, "NO_TAX_TABLE", DBK_NO_INDEX));
	add_bracket();
	plan_list_add("rate_ppm", 500000)->level = 1;
	plan_list_add("window_days", 7);
	plan_list_add("pay_max_depth", 1);
	plan_list_add("approval_above", 0);
	plan_list_add("clawback_recovery_ppm", 1000000);
	plan_list_add("pays_on_self", 0);
	plan_list_add("enrol_reward", 0)->level = 1;
	plan_list_choose("mode", "LEVELS");
	plan_list_choose("self_purchase", "DISCOUNT");
	plan_list_choose("engine", "DAYBOOK");
	plan_list_choose("rank_criterion", "TEAM_RETAIL")->rank = dbk_str_of("gold");
	plan_list_choose("acknowledge", "RECRUITING");
	lint();
	CHECK_INT(n_found, 0);
}

static void
test_each(void)
{
	static const struct {
		const char *name, *choice, *code;
		int64_t value;
		uint32_t level;
		enum dbk_lint_severity severity;
	} cases[] = {
		{ "enrol_reward", NULL, "PAYS_ON_RECRUITING", 1, 1, DBK_LINT_ALARM },
		{ "fee_rate_ppm", NULL, "PAYS_ON_RECRUITING", 1, 1, DBK_LINT_ALARM },
		{ "pays_on_sell_in", NULL, "PAYS_ON_STOCK_PURCHASE", 1, 0,
		  DBK_LINT_ALARM },
		{ "pays_on_self", NULL, "PAYS_ON_STOCK_PURCHASE", 1, 0,
		  DBK_LINT_ALARM },
		{ "rank_criterion", "PURCHASE_VOLUME", "RANK_BY_PURCHASE", 5, 0,
		  DBK_LINT_ALARM },
		{ "rank_criterion", "HEAD_COUNT", "RANK_BY_HEAD_COUNT", 5, 0,
		  DBK_LINT_ALARM },
		{ "pay_max_depth", NULL, "PAID_DEPTH", 2, 0, DBK_LINT_WARNING },
		{ "self_purchase", "COMMISSION", "SELF_PURCHASE_COMMISSION", 0, 0,
		  DBK_LINT_WARNING },
		{ "mode", "DIFFERENTIAL", "DIFFERENTIAL_PAY", 0, 0, DBK_LINT_WARNING },
		{ "window_days", NULL, "NO_WINDOW", 0, 0, DBK_LINT_WARNING },
		{ "window_days", NULL, "NO_WINDOW", 6, 0, DBK_LINT_WARNING },
		{ "approval_above", NULL, "NO_SECOND_PERSON", 1, 0, DBK_LINT_NOTE },
		{ "clawback_recovery_ppm", NULL, "PARTIAL_RECOVERY", 999999, 0,
		  DBK_LINT_NOTE },
		{ "engine", "PLATFORM", "ENGINE_PLATFORM", 0, 0, DBK_LINT_NOTE },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct dbk_parameter *p;

		plan_list_start();
		add_bracket();
		plan_list_choose("acknowledge", "SELL_IN");
		plan_list_choose("acknowledge", "RECRUITING");
		plan_list_choose("acknowledge", "HEAD_COUNT");
		p = plan_list_add(cases[i].name, cases[i].value);
		p->level = cases[i].level;
		if (cases[i].choice != NULL)
			p->choice = dbk_str_of(cases[i].choice);
		if (strcmp(cases[i].name, "rank_criterion") == 0)
			p->rank = dbk_str_of("gold");
		lint();
		CHECK_INT(n_found, 1);
		CHECK(is_found(0, cases[i].severity, cases[i].code, 4));
		CHECK(found[0].text[strlen(found[0].text) - 1] == '.');
	}
}

static void
test_depth(void)
{
	plan_list_start();
	add_bracket();
	plan_list_add("pay_max_depth", 4);
	plan_list_add("rate_ppm", 1)->level = 1;
	plan_list_add("rate_ppm", 1)->level = 2;
	plan_list_add("rate_ppm", 0)->level = 3;
	plan_list_add("fixed_amount", 1)->level = 4;
	plan_list_add("step_down_days", 1);
	plan_list_add("later_rate_ppm", 1)->level = 2;
	lint();
	CHECK_INT(n_found, 4);
	CHECK(is_found(0, DBK_LINT_WARNING, "PAID_DEPTH", 1));
	CHECK(is_found(1, DBK_LINT_WARNING, "PAID_DEPTH", 3));
	CHECK(is_found(2, DBK_LINT_WARNING, "PAID_DEPTH", 5));
	CHECK(is_found(3, DBK_LINT_WARNING, "PAID_DEPTH", 7));
}

static void
test_pool(void)
{
	plan_list_start();
	add_bracket();
	plan_list_add("step_down_days", 1);
	plan_list_add("rate_ppm", 100000)->level = 1;
	plan_list_add("later_rate_ppm", 500000)->level = 1;
	lint();
	CHECK_INT(n_found, 0);
	plan_list_published()->parameters[3].value++;
	lint();
	CHECK_INT(n_found, 1);
	CHECK(is_found(0, DBK_LINT_WARNING, "HIGH_POOL", DBK_NO_INDEX));
}

static void
test_worst_first(void)
{
	plan_list_start();
	plan_list_choose("engine", "PLATFORM");
	plan_list_add("window_days", 3)->sku = dbk_str_of("tea");
	plan_list_add("pays_on_self", 1);
	plan_list_add("rate_ppm", 600000)->level = 1;
	plan_list_choose("acknowledge", "SELL_IN");
	plan_list_add("approval_above", 1);
	plan_list_add("window_days", 4);
	plan_list_add("pays_on_sell_in", 1);
	lint();
	CHECK_INT(n_found, 8);
	CHECK(is_found(0, DBK_LINT_ALARM, "PAYS_ON_STOCK_PURCHASE", 2));
	CHECK(is_found(1, DBK_LINT_ALARM, "PAYS_ON_STOCK_PURCHASE", 7));
	CHECK(is_found(2, DBK_LINT_WARNING, "NO_WINDOW", 1));
	CHECK(is_found(3, DBK_LINT_WARNING, "NO_WINDOW", 6));
	CHECK(is_found(4, DBK_LINT_WARNING, "HIGH_POOL", DBK_NO_INDEX));
	CHECK(is_found(5, DBK_LINT_NOTE, "ENGINE_PLATFORM", 0));
	CHECK(is_found(6, DBK_LINT_NOTE, "NO_SECOND_PERSON", 5));
	CHECK(is_found(7, DBK_LINT_NOTE, "NO_TAX_TABLE", DBK_NO_INDEX));
}

static void
test_little_room(void)
{
	struct dbk_lint few[3];

	test_worst_first();
	memset(few, 0, sizeof few);
	CHECK_INT(dbk_plan_lint(plan_list_published(), &plan_list_plan, few, 2), 8);
	CHECK_INT(few[1].index, 7);
	CHECK(few[2].code == NULL);
	CHECK_INT(dbk_plan_lint(plan_list_published(), &plan_list_plan, NULL, 0), 8);
}

static void
test_names(void)
{
	CHECK(strcmp(dbk_lint_severity_name(DBK_LINT_NOTE), "note") == 0);
	CHECK(strcmp(dbk_lint_severity_name(DBK_LINT_WARNING), "warning") == 0);
	CHECK(strcmp(dbk_lint_severity_name(DBK_LINT_ALARM), "alarm") == 0);
	CHECK(strcmp(dbk_lint_severity_name((enum dbk_lint_severity)0), "?") == 0);
}

int
main(void)
{
	check_run("a plain plan has no findings but the tax", test_nothing);
	check_run("each element is found by itself", test_each);
	check_run("every level that pays a sponsor is found", test_depth);
	check_run("a high pool is found by its largest rates", test_pool);
	check_run("findings stand worst first", test_worst_first);
	check_run("findings without room are counted", test_little_room);
	check_run("severities have names", test_names);
	plan_list_end();
	return check_end();
}
