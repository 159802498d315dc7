#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/plan_list.h"

static bool
contradicts(uint32_t index, const char *member)
{
	return plan_list_is_refused(DBK_RULE_PLAN_CONTRADICTION, index, member);
}

static struct dbk_parameter *
add_level(const char *name, int64_t value, uint32_t level)
{
	struct dbk_parameter *p = plan_list_add(name, value);

	p->level = level;
	return p;
}

static struct dbk_parameter *
add_rank(const char *name, int64_t value, const char *rank)
{
	struct dbk_parameter *p = plan_list_add(name, value);

	p->rank = dbk_str_of(rank);
	return p;
}

/* ------------------------------------------------------------------------ pairs */

static void
test_twice(void)
{
	plan_list_start();
	plan_list_add("window_days", 7);
	plan_list_add("window_days", 8)->sku = dbk_str_of("tea");
	plan_list_add("window_days", 8)->category = dbk_str_of("tea");
	plan_list_add("min_payout", 8);
	CHECK(plan_list_compile());
	plan_list_add("window_days", 9)->category = dbk_str_of("tea");
	plan_list_add("window_days", 7);
	CHECK(contradicts(4, "name"));
	CHECK_INT(plan_list_fault.limit, 2);

	plan_list_start();
	plan_list_choose("base", "PAID");
	plan_list_choose("base", "LIST");
	CHECK(contradicts(1, "name"));
}

static void
test_twice_by_level_and_rank(void)
{
	plan_list_start();
	plan_list_add("pay_max_depth", 2);
	add_level("rate_ppm", 1, 1);
	add_level("rate_ppm", 1, 2);
	add_level("rate_ppm", 1, 1)->rank = dbk_str_of("gold");
	add_level("rate_ppm", 1, 1)->rank = dbk_str_of("silver");
	CHECK(plan_list_compile());
	add_level("rate_ppm", 2, 1)->rank = dbk_str_of("gold");
	CHECK(contradicts(5, "name"));
}

static void
test_repeated(void)
{
	plan_list_start();
	plan_list_choose("payout_method", "BANK");
	plan_list_choose("payout_method", "WALLET");
	plan_list_choose("acknowledge", "SELL_IN");
	plan_list_choose("acknowledge", "RECRUITING");
	plan_list_choose("rank_criterion", "TRAINING")->rank = dbk_str_of("gold");
	plan_list_choose("rank_criterion", "TRAINING")->rank = dbk_str_of("silver");
	plan_list_choose("rank_criterion", "REPEAT_RATE")->rank = dbk_str_of("gold");
	CHECK(plan_list_compile());
	plan_list_choose("payout_method", "BANK");
	CHECK(contradicts(7, "name"));
	plan_list_published()->parameters[7].name = dbk_str_of("acknowledge");
	plan_list_published()->parameters[7].choice = dbk_str_of("RECRUITING");
	CHECK(contradicts(7, "name"));
	plan_list_published()->parameters[7].name = dbk_str_of("rank_criterion");
	plan_list_published()->parameters[7].choice = dbk_str_of("TRAINING");
	plan_list_published()->parameters[7].rank = dbk_str_of("silver");
	CHECK(contradicts(7, "name"));
}

static void
test_rate_or_fixed(void)
{
	static const char *const rates[] = { "rate_ppm", "later_rate_ppm" };

	for (int i = 0; i < 2; i++) {
		plan_list_start();
		plan_list_add("pay_max_depth", 2);
		plan_list_add("step_down_days", 2);
		add_level(rates[i], 1, 1);
		add_level("fixed_amount", 1, 2);
		add_level("fixed_amount", 1, 1)->sku = dbk_str_of("tea");
		CHECK(plan_list_compile());
		add_level(rates[i], 1, 1)->sku = dbk_str_of("tea");
		CHECK(contradicts(5, "name"));
		plan_list_published()->parameters[5].sku = dbk_str_of("");
		plan_list_published()->parameters[5].name = dbk_str_of("fixed_amount");
		CHECK(contradicts(5, "name"));
		CHECK_INT(plan_list_fault.limit, 2);
	}
}

/* ------------------------------------------------------------------ one and a plan */

static void
test_depth(void)
{
	static const char *const names[] = { "rate_ppm", "fixed_amount",
					     "later_rate_ppm", "enrol_reward",
					     "fee_rate_ppm" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		plan_list_start();
		plan_list_choose("acknowledge", "RECRUITING");
		plan_list_add("step_down_days", 9);
		add_level(names[i], 0, 1);
		CHECK(plan_list_compile());
		add_level(names[i], 0, 2);
		CHECK(contradicts(3, "level"));
		CHECK_INT(plan_list_fault.measured, 2);
		CHECK_INT(plan_list_fault.limit, 1);
		plan_list_add("pay_max_depth", 2);
		CHECK(plan_list_compile());
		add_level(names[i], 0, 16);
		CHECK(contradicts(5, "level"));
		plan_list_published()->parameters[4].value = 16;
		CHECK(plan_list_compile());
	}
}

static void
test_step_down(void)
{
	plan_list_start();
	add_level("rate_ppm", 10, 1);
	add_level("later_rate_ppm", 5, 1);
	CHECK(contradicts(1, "name"));
	plan_list_add("step_down_days", 0);
	CHECK(contradicts(1, "name"));
	plan_list_published()->parameters[2].value = 1;
	CHECK(plan_list_compile());
}

static void
test_mode(void)
{
	static const char *const names[] = { "differential_rate_ppm", "peer_rate_ppm",
					     "peer_generations" };

	for (int i = 0; i < 3; i++) {
		plan_list_start();
		plan_list_add("min_payout", 1);
		add_rank(names[i], 0, i == 0 ? "gold" : "");
		CHECK(plan_list_compile());
		plan_list_published()->parameters[1].value = 1;
		CHECK(contradicts(1, "name"));
		plan_list_choose("mode", "LEVELS");
		CHECK(contradicts(1, "name"));
		plan_list_published()->parameters[2].choice =
		    dbk_str_of("DIFFERENTIAL");
		CHECK(plan_list_compile());
	}
}

/* --------------------------------------------------------------------- ceilings */

static void
test_sum_of_levels(void)
{
	plan_list_start();
	plan_list_add("pay_max_depth", 3);
	add_level("rate_ppm", 500000, 1);
	add_level("rate_ppm", 300000, 2);
	add_level("rate_ppm", 200000, 3);
	CHECK(plan_list_compile());
	plan_list_published()->parameters[3].value++;
	CHECK(contradicts(3, "value"));
	CHECK_INT(plan_list_fault.measured, 1000001);
	CHECK_INT(plan_list_fault.limit, 1000000);
}

static void
test_sum_of_narrowed(void)
{
	plan_list_start();
	plan_list_add("pay_max_depth", 2);
	plan_list_add("step_down_days", 30);
	add_level("rate_ppm", 500000, 1);
	add_level("rate_ppm", 600000, 1)->sku = dbk_str_of("tea");
	add_level("rate_ppm", 400000, 2)->rank = dbk_str_of("gold");
	add_level("rate_ppm", 400000, 2)->category = dbk_str_of("cups");
	CHECK(plan_list_compile());
	add_level("later_rate_ppm", 600001, 1)->sku = dbk_str_of("can");
	add_level("rate_ppm", 900000, 2);
	CHECK(contradicts(6, "value"));
	CHECK_INT(plan_list_fault.measured, 1000001);
	plan_list_published()->parameters[6].value--;
	CHECK(contradicts(7, "value"));
	CHECK_INT(plan_list_fault.measured, 1500000);
}

static void
test_sum_of_ranks(void)
{
	plan_list_start();
	plan_list_choose("mode", "DIFFERENTIAL");
	add_rank("differential_rate_ppm", 400000, "gold");
	add_rank("differential_rate_ppm", 600000, "silver");
	plan_list_add("peer_rate_ppm", 100000);
	plan_list_add("peer_generations", 4);
	CHECK(plan_list_compile());
	add_level("rate_ppm", 1000000, 1);
	CHECK(plan_list_compile());
	plan_list_published()->parameters[4].value = 5;
	CHECK(contradicts(4, "value"));
	CHECK_INT(plan_list_fault.measured, 1100000);
}

static void
test_sum_of_fees(void)
{
	plan_list_start();
	plan_list_add("pay_max_depth", 2);
	plan_list_choose("acknowledge", "RECRUITING");
	add_level("fee_rate_ppm", 900000, 1);
	add_level("fee_rate_ppm", 100000, 2);
	add_level("rate_ppm", 1000000, 1);
	CHECK(plan_list_compile());
	plan_list_published()->parameters[3].value++;
	CHECK(contradicts(3, "value"));
	CHECK_INT(plan_list_fault.measured, 1000001);
}

/* -------------------------------------------------------------------------- tax */

static void
start_table(void)
{
	plan_list_start();
	add_level("tax_bracket_rate_ppm", 100000, 1);
	add_level("tax_bracket_up_to", 1000, 1);
	add_level("tax_bracket_rate_ppm", 200000, 2);
	add_level("tax_bracket_up_to", 3000, 2);
	add_level("tax_bracket_deduction", 100, 2);
	add_level("tax_bracket_rate_ppm", 300000, 3);
	add_level("tax_bracket_deduction", 400, 3);
}

static void
test_table(void)
{
	const struct dbk_tax_table *tax = &plan_list_plan.scalars.tax;

	start_table();
	plan_list_add("tax_flat_allowance", 50);
	plan_list_add("tax_flat_allowance_up_to", 60);
	plan_list_add("tax_share_allowance_ppm", 70);
	CHECK(plan_list_compile());
	CHECK_INT(tax->n_brackets, 3);
	CHECK_INT(tax->flat_allowance, 50);
	CHECK_INT(tax->flat_allowance_up_to, 60);
	CHECK_INT(tax->share_allowance_ppm, 70);
	CHECK_INT(tax->brackets[0].up_to, 1000);
	CHECK_INT(tax->brackets[1].up_to, 3000);
	CHECK_INT(tax->brackets[2].up_to, INT64_MAX);
	for (uint32_t i = 0; i < 3; i++)
		CHECK_INT(tax->brackets[i].rate_ppm, 100000 * (i + 1));
	CHECK_INT(tax->brackets[0].deduction, 0);
	CHECK_INT(tax->brackets[1].deduction, 100);
	CHECK_INT(tax->brackets[2].deduction, 400);
}

/* The table without parameter I. */
static void
start_table_without(uint32_t i)
{
	start_table();
	plan_list_published()->parameters[i] =
	    *plan_list_add("min_payout", 1); /* in its place */
	plan_list_published()->parameters[7].name = dbk_str_of("binding_days");
}

static void
test_gaps(void)
{
	/* What is missed by whom, when the parameter of this place is not there. */
	static const struct {
		uint32_t without, named;
	} cases[] = {
		{ 0, 1 }, /* the first rate: its bound stands alone */
		{ 1, 2 }, /* the first bound: the second rate hangs in the air */
		{ 2, 3 }, /* the second rate */
		{ 3, 5 }, /* the second bound */
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		start_table_without(cases[i].without);
		CHECK(contradicts(cases[i].named, "level"));
	}
	start_table_without(4);
	CHECK(plan_list_compile());
	start_table_without(5); /* the last rate: the second may have no bound then */
	CHECK(contradicts(3, "level"));
	plan_list_start();
	add_level("tax_bracket_rate_ppm", 1, 2);
	CHECK(contradicts(0, "level"));
	plan_list_start();
	add_level("tax_bracket_deduction", 1, 1);
	CHECK(contradicts(0, "level"));
}

static void
test_brackets_rise(void)
{
	start_table();
	plan_list_published()->parameters[3].value = 1000;
	CHECK(contradicts(3, "value"));
	CHECK_INT(plan_list_fault.measured, 1000);
	CHECK_INT(plan_list_fault.limit, 1000);
	plan_list_published()->parameters[3].value = 1001;
	CHECK(plan_list_compile());
	add_level("tax_bracket_up_to", 5000, 3);
	CHECK(contradicts(7, "level"));
}

static void
test_most_brackets(void)
{
	plan_list_start();
	for (uint32_t level = 1; level <= DBK_TAX_BRACKETS_MAX; level++) {
		add_level("tax_bracket_rate_ppm", level, level);
		if (level < DBK_TAX_BRACKETS_MAX)
			add_level("tax_bracket_up_to", level, level);
	}
	CHECK(plan_list_compile());
	CHECK_INT(plan_list_plan.scalars.tax.n_brackets, DBK_TAX_BRACKETS_MAX);
}

static void
test_allowances(void)
{
	static const char *const names[] = { "tax_flat_allowance_up_to",
					     "tax_share_allowance_ppm",
					     "tax_flat_allowance" };

	for (int i = 0; i < 3; i++) {
		plan_list_start();
		plan_list_add(names[i], 5);
		CHECK(contradicts(0, "name"));
		add_level("tax_bracket_rate_ppm", 1, 1);
		CHECK(i == 2 ? contradicts(0, "value") : plan_list_compile());
	}
	plan_list_add("tax_flat_allowance_up_to", 5);
	CHECK(plan_list_compile());
}

/* ----------------------------------------------------------------------- order */

static void
test_first_is_named(void)
{
	plan_list_start();
	add_level("rate_ppm", 5, 3);
	add_level("rate_ppm", 5, 2);
	plan_list_add("pay_max_depth", 1);
	plan_list_add("pay_max_depth", 1);
	CHECK(contradicts(0, "level"));
}

static void
test_first_counts(void)
{
	plan_list_start();
	add_level("rate_ppm", 5, 2);
	plan_list_add("pay_max_depth", 2);
	plan_list_add("pay_max_depth", 1);
	CHECK(contradicts(2, "name"));
	plan_list_published()->parameters[1].value = 1;
	plan_list_published()->parameters[2].value = 2;
	CHECK(contradicts(0, "level"));
}

/* As many as an event may have, all of one kind: pairs are what costs. */
static void
test_many(void)
{
	static char names[1000][16];

	plan_list_start();
	for (int i = 0; i < 1000; i++) {
		(void)snprintf(names[i], sizeof names[i], "sku%04d", i);
		plan_list_add("window_days", i)->sku = dbk_str_of(names[i]);
	}
	CHECK(plan_list_compile());
	CHECK_INT(plan_list_plan.n_terms, 1000);
	plan_list_published()->parameters[999].sku = dbk_str_of(names[0]);
	CHECK(contradicts(999, "name"));
}

int
main(void)
{
	check_run("the same name and scope twice", test_twice);
	check_run("levels and ranks are scopes of their own",
		  test_twice_by_level_and_rank);
	check_run("repeated ones differ by their choice", test_repeated);
	check_run("one scope has a rate or a fixed amount", test_rate_or_fixed);
	check_run("no level is paid beyond the paid depth", test_depth);
	check_run("a later rate needs its day", test_step_down);
	check_run("rates of ranks need their mode", test_mode);
	check_run("levels pay no more than the base", test_sum_of_levels);
	check_run("narrowed rates pay no more than the base", test_sum_of_narrowed);
	check_run("ranks and peers pay no more than the base", test_sum_of_ranks);
	check_run("a fee pays no more than itself", test_sum_of_fees);
	check_run("a whole table arrives", test_table);
	check_run("brackets have no gaps", test_gaps);
	check_run("brackets rise and the last is open", test_brackets_rise);
	check_run("there may be eight brackets", test_most_brackets);
	check_run("an allowance needs a tax and a gross", test_allowances);
	check_run("the first in the list is named", test_first_is_named);
	check_run("of one that stands twice the first counts", test_first_counts);
	check_run("a thousand parameters compile", test_many);
	plan_list_end();
	return check_end();
}
