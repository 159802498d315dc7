#include "report/tables.h"

#include "metrics/growth.h"
#include "metrics/holdings.h"
#include "metrics/results.h"
#include "metrics/rewards.h"
#include "metrics/series.h"

/* --------------------------------------------------------------------------- goods */

static void
fill_tier(const struct dbk_tier_flow *from, uint32_t tier,
	  Daybook__Report__V1__TierFlow *to)
{
	to->tier = tier;
	to->holders = from->holders;
	to->from_brand = from->from_brand;
	to->from_above = from->from_above;
	to->passed_down = from->passed_down;
	to->to_consumers = from->to_consumers;
	to->used = from->used;
	to->given_back = from->given_back;
	to->lost = from->lost;
	to->stayed = from->stayed;
	to->bought_value = from->bought_value;
	to->sold_value = from->sold_value;
}

Daybook__Report__V1__GoodsFlow *
dbk_tables_goods(struct dbk_maker *maker, const struct dbk_study *study)
{
	const struct dbk_holdings *holdings = dbk_study_holdings(study);
	uint32_t end = dbk_holdings_tiers(holdings);
	Daybook__Report__V1__GoodsFlow *goods =
	    dbk_maker_message(maker, &daybook__report__v1__goods_flow__descriptor);

	if (goods == NULL)
		return NULL;
	goods->brand_to_consumers = dbk_holdings_brand_to_consumers(holdings);
	goods->tiers =
	    dbk_maker_list(maker, end, &daybook__report__v1__tier_flow__descriptor);
	for (uint32_t tier = 0; tier < end && goods->tiers != NULL; tier++) {
		const struct dbk_tier_flow *flow = dbk_holdings_tier(holdings, tier);

		if (flow != NULL && flow->holders > 0)
			fill_tier(flow, tier, goods->tiers[goods->n_tiers++]);
	}
	return goods;
}

/* ------------------------------------------------------------------------- results */

static Daybook__Report__V1__ResultBin **
make_bins(struct dbk_maker *maker, const struct dbk_results *results, bool is_lenient,
	  size_t *out_n)
{
	struct dbk_result_bin bins[DBK_RESULT_BINS];
	Daybook__Report__V1__ResultBin **list = dbk_maker_list(
	    maker, DBK_RESULT_BINS, &daybook__report__v1__result_bin__descriptor);

	*out_n = 0;
	dbk_results_bins(results, is_lenient, bins);
	for (size_t i = 0; list != NULL && i < DBK_RESULT_BINS; i++) {
		list[i]->from = bins[i].from;
		list[i]->to = bins[i].to;
		list[i]->persons = bins[i].persons;
		*out_n = i + 1;
	}
	return list;
}

static void
fill_cohorts(struct dbk_maker *maker, const struct dbk_results *results,
	     Daybook__Report__V1__Results *to)
{
	const struct dbk_result_cohort *cohorts;
	uint32_t n = dbk_results_cohorts(results, &cohorts);

	to->cohorts =
	    dbk_maker_list(maker, n, &daybook__report__v1__cohort_row__descriptor);
	for (uint32_t i = 0; to->cohorts != NULL && i < n; i++) {
		Daybook__Report__V1__CohortRow *row = to->cohorts[i];

		row->month = dbk_maker_month(maker, cohorts[i].month);
		row->persons = cohorts[i].persons;
		row->lost_strict = cohorts[i].lost_strict;
		row->lost_lenient = cohorts[i].lost_lenient;
		row->never_paid = cohorts[i].never_paid;
		row->left = cohorts[i].left;
		to->n_cohorts = i + 1;
	}
}

Daybook__Report__V1__Results *
dbk_tables_results(struct dbk_maker *maker, const struct dbk_study *study)
{
	const struct dbk_results *results = dbk_study_results(study);
	int64_t quantiles[DBK_RESULT_QUANTILES];
	Daybook__Report__V1__Results *to =
	    dbk_maker_message(maker, &daybook__report__v1__results__descriptor);

	if (to == NULL)
		return NULL;
	to->strict_bins = make_bins(maker, results, false, &to->n_strict_bins);
	to->lenient_bins = make_bins(maker, results, true, &to->n_lenient_bins);
	fill_cohorts(maker, results, to);
	if (!dbk_results_quantiles(results, quantiles))
		return to;
	to->quantiles = dbk_arena_alloc(maker->arena, sizeof quantiles);
	maker->failed |= to->quantiles == NULL;
	for (size_t i = 0; to->quantiles != NULL && i < DBK_RESULT_QUANTILES; i++) {
		to->quantiles[i] = quantiles[i];
		to->n_quantiles = i + 1;
	}
	return to;
}

/* -------------------------------------------------------------------------- income */

static void
fill_income(struct dbk_maker *maker, const struct dbk_rewards *rewards, uint32_t number,
	    const struct dbk_income *income, Daybook__Report__V1__IncomeRow *row)
{
	struct dbk_evidence_list list = { 0 };

	row->basis = (Daybook__Report__V1__RewardBasis)income->basis;
	row->distance = income->distance;
	row->sale_class = (Daybook__Report__V1__SaleClass)income->sale_class;
	row->pool = income->is_pool;
	row->amount =
	    dbk_rewards_income_sum(rewards, number, INT32_MIN, INT32_MAX);
	row->rewards =
	    dbk_rewards_income_count(rewards, number, INT32_MIN, INT32_MAX);
	dbk_evidence_list(income->evidence, INT32_MIN, INT32_MAX, &list);
	row->evidence = dbk_maker_evidence(maker, &list);
}

_Static_assert((int)DBK_REWARD_OTHER ==
		       DAYBOOK__REPORT__V1__REWARD_BASIS__OTHER_BASIS,
	       "bases have the same numbers");
_Static_assert((int)DBK_SALE_DOUBTED == DAYBOOK__REPORT__V1__SALE_CLASS__DOUBTED,
	       "classes have the same numbers");

Daybook__Report__V1__IncomeRow **
dbk_tables_income(struct dbk_maker *maker, const struct dbk_study *study, size_t *out_n)
{
	const struct dbk_rewards *rewards = dbk_study_rewards(study);
	Daybook__Report__V1__IncomeRow **list;
	struct dbk_income income;
	uint32_t n = 0;

	while (dbk_rewards_income(rewards, n, &income))
		n++;
	*out_n = 0;
	list = dbk_maker_list(maker, n, &daybook__report__v1__income_row__descriptor);
	for (uint32_t i = 0; list != NULL && i < n; i++) {
		(void)dbk_rewards_income(rewards, i, &income);
		fill_income(maker, rewards, i, &income, list[i]);
		*out_n = i + 1;
	}
	return list;
}

/* -------------------------------------------------------------------------- months */

Daybook__Report__V1__MonthRow **
dbk_tables_months(struct dbk_maker *maker, const struct dbk_study *study, size_t *out_n)
{
	const struct dbk_growth_month *months;
	uint32_t n = dbk_growth_months(dbk_study_growth(study), &months);
	Daybook__Report__V1__MonthRow **list =
	    dbk_maker_list(maker, n, &daybook__report__v1__month_row__descriptor);

	*out_n = 0;
	for (uint32_t i = 0; list != NULL && i < n; i++) {
		list[i]->month = dbk_maker_month(maker, months[i].month);
		list[i]->joined = months[i].joined;
		list[i]->left = months[i].left;
		list[i]->verified_retail = months[i].verified_retail;
		list[i]->other_retail = months[i].other_retail;
		list[i]->purchases = months[i].purchases;
		list[i]->fees = months[i].fees;
		list[i]->rewards = months[i].rewards;
		*out_n = i + 1;
	}
	return list;
}

/* ------------------------------------------------------------------------- figures */

Daybook__Report__V1__Figure **
dbk_tables_figures(struct dbk_maker *maker, const struct dbk_study *study,
		   size_t *out_n)
{
	uint32_t n = dbk_metrics_count();
	Daybook__Report__V1__Figure **list =
	    dbk_arena_zalloc(maker->arena, n * sizeof *list);

	*out_n = 0;
	maker->failed |= list == NULL;
	for (uint32_t i = 0; list != NULL && i < n; i++) {
		const struct dbk_metric *metric = dbk_metric_at(i);

		if (metric->is_listed)
			list[(*out_n)++] =
			    dbk_maker_measured(maker, study, metric->name);
	}
	return list;
}
