#include "metrics/results.h"

#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "books/effects.h"
#include "metrics/holdings.h"
#include "metrics/people.h"
#include "metrics/results_private.h"

#define ACCOUNTS_MAX (UINT32_C(1) << 27)

enum dbk_err
dbk_results_open(struct dbk_study *study, struct dbk_results **out)
{
	struct dbk_results *results = calloc(1, sizeof *results);

	if (results == NULL)
		return DBK_FAILED_MEMORY;
	results->study = study;
	dbk_column_init(&results->accounts, sizeof(struct dbk_results_account),
			ACCOUNTS_MAX);
	for (int i = 0; i < DBK_RESULTS_FLOWS; i++)
		dbk_series_init(&results->flows[i]);
	*out = results;
	return DBK_OK;
}

void
dbk_results_close(struct dbk_results *results)
{
	if (results == NULL)
		return;
	for (int i = 0; i < DBK_RESULTS_FLOWS; i++)
		dbk_series_fini(&results->flows[i]);
	dbk_column_fini(&results->accounts);
	free(results->rows);
	free(results->cohorts);
	free(results->first_accounts);
	free(results->next_accounts);
	free(results);
}

static enum dbk_err
account_of(struct dbk_results *results, uint32_t agent,
	   struct dbk_results_account **out)
{
	enum dbk_err err = dbk_column_reach(&results->accounts, agent);

	if (err == DBK_OK)
		*out = dbk_column_row(&results->accounts, agent);
	return err;
}

static void
add(int64_t *sum, int64_t amount)
{
	*sum = dbk_money_sum(*sum, amount);
}

static int64_t
negative(int64_t amount)
{
	return dbk_money_bound(-(dbk_wide)amount);
}

static void
add_reward(struct dbk_results_account *account, const struct dbk_fact *fact,
	   int64_t amount)
{
	add(&account->rewards, amount);
	switch ((enum dbk_reward_basis)fact->basis) {
	case DBK_REWARD_OWN_RETAIL:
	case DBK_REWARD_DOWN_RETAIL:
		add(&account->retail_rewards, amount);
		break;
	case DBK_REWARD_OWN_PURCHASE:
	case DBK_REWARD_DOWN_PURCHASE:
		add(&account->purchase_rewards, amount);
		break;
	case DBK_REWARD_JOIN_FEE:
	case DBK_REWARD_HEADCOUNT:
		add(&account->recruit_rewards, amount);
		break;
	case DBK_REWARD_OTHER:
	case DBK_REWARD_BASES:
		break;
	}
}

static bool
is_sound_sale(uint64_t sale_class)
{
	return sale_class == DBK_SALE_VERIFIED || sale_class == DBK_SALE_ANONYMOUS ||
	       sale_class == DBK_SALE_FORMER;
}

/* Own goods for AMOUNT, of SALE_CLASS, were sold on DAY; less than 0: given back. */
static enum dbk_err
add_own_sale(struct dbk_results *results, struct dbk_results_account *account,
	     uint64_t sale_class, int32_t day, int64_t amount, int64_t units)
{
	bool sound = is_sound_sale(sale_class);
	enum dbk_err err =
	    dbk_series_add(&results->flows[DBK_RESULTS_SALES_ALL], day, amount);

	if (err == DBK_OK)
		err =
		    dbk_series_add(&results->flows[DBK_RESULTS_UNITS_ALL], day, units);
	if (err == DBK_OK && sound)
		err = dbk_series_add(&results->flows[DBK_RESULTS_SALES], day, amount);
	if (err == DBK_OK && sound)
		err = dbk_series_add(&results->flows[DBK_RESULTS_UNITS], day, units);
	add(sound ? &account->own_sales : &account->other_sales, amount);
	return err;
}

static enum dbk_err
add_sale(struct dbk_results *results, struct dbk_results_account *account,
	 const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	enum dbk_err err = DBK_OK;

	if (!fact->is_own_goods)
		return DBK_OK;
	if (fact->kind == DBK_FACT_SOLD)
		return add_own_sale(results, account, fact->sale_class, taken->day,
				    fact->amount, fact->qty);
	if (fact->kind == DBK_FACT_SOLD_BACK)
		return add_own_sale(results, account, fact->sale_class, taken->day,
				    negative(fact->amount), negative(fact->qty));
	err = add_own_sale(results, account, fact->hash, taken->day,
			   negative(fact->amount), negative(fact->qty));
	if (err == DBK_OK)
		err = add_own_sale(results, account, fact->sale_class, taken->day,
				   fact->amount, fact->qty);
	return err;
}

static bool
is_first_year(const struct dbk_results *results, const struct dbk_taken *taken)
{
	const struct dbk_account *account =
	    dbk_people_account(results->study->people, taken->fact->agent);

	return account != NULL && account->joined_day != DBK_DAY_NEVER &&
	       taken->day < account->joined_day + 365;
}

static enum dbk_err
add_purchase(struct dbk_results *results, struct dbk_results_account *account,
	     const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	bool is_back = fact->kind == DBK_FACT_BOUGHT_BACK;
	int64_t amount = is_back ? negative(fact->amount) : fact->amount;
	enum dbk_err err;

	add(&account->bought, amount);
	if (is_first_year(results, taken))
		add(&account->first_year, amount);
	if (fact->code != DBK_PURCHASE_STOCK)
		add(&account->bought_for_use, amount);
	if (is_back || fact->code != DBK_PURCHASE_STOCK)
		return DBK_OK;
	err = dbk_series_add(&results->flows[DBK_RESULTS_COST], taken->day, amount);
	if (err == DBK_OK)
		err = dbk_series_add(&results->flows[DBK_RESULTS_COST_UNITS],
				     taken->day, fact->qty);
	return err;
}

static void
add_goods(struct dbk_results_account *account, const struct dbk_fact *fact)
{
	if (fact->code == DBK_MOVE_PASSED_DOWN)
		add(&account->passed_down, fact->amount);
	else if (fact->code == DBK_MOVE_RECEIVED && fact->other != 0)
		add(&account->from_above, fact->amount);
}

/* Facts of an agent that are no result are told apart here, before a row is made. */
static bool
is_result(const struct dbk_fact *fact)
{
	switch ((enum dbk_fact_kind)fact->kind) {
	case DBK_FACT_REWARD:
	case DBK_FACT_REWARD_BACK:
	case DBK_FACT_FEE:
	case DBK_FACT_BOUGHT:
	case DBK_FACT_BOUGHT_BACK:
	case DBK_FACT_SOLD:
	case DBK_FACT_SOLD_BACK:
	case DBK_FACT_RECLASSED:
	case DBK_FACT_GOODS:
		return fact->agent != 0;
	case DBK_FACT_JOINED:
	case DBK_FACT_MOVED:
	case DBK_FACT_LEFT:
	case DBK_FACT_IDENTITY:
	case DBK_FACT_RANKED:
	case DBK_FACT_MARKED:
	case DBK_FACT_PAID_OUT:
	case DBK_FACT_REFUND_ASKED:
	case DBK_FACT_REFUND_DENIED:
	case DBK_FACT_BUYBACK_ASKED:
	case DBK_FACT_BUYBACK_SETTLED:
	case DBK_FACT_PAYOUT_DENIED:
	case DBK_FACT_FINDING:
	case DBK_FACT_PLAN:
	case DBK_FACT_PRICE:
	case DBK_FACT_DEPOSIT:
	case DBK_FACT_DEPOSIT_BACK:
	case DBK_FACT_KINDS:
		break;
	}
	return false;
}

enum dbk_err
dbk_results_add(struct dbk_results *results, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	struct dbk_results_account *account = NULL;
	enum dbk_err err;

	if (!taken->counts || !is_result(fact))
		return DBK_OK;
	err = account_of(results, fact->agent, &account);
	if (err != DBK_OK)
		return err;
	if (fact->kind == DBK_FACT_REWARD)
		add_reward(account, fact, fact->amount);
	else if (fact->kind == DBK_FACT_REWARD_BACK)
		add_reward(account, fact, negative(fact->amount));
	else if (fact->kind == DBK_FACT_FEE)
		add(&account->fees, fact->amount);
	else if (fact->kind == DBK_FACT_GOODS)
		add_goods(account, fact);
	else if (fact->kind == DBK_FACT_BOUGHT || fact->kind == DBK_FACT_BOUGHT_BACK)
		err = add_purchase(results, account, taken);
	else
		err = add_sale(results, account, taken);
	return err;
}

void
dbk_results_foresee(const struct dbk_results *results, const struct dbk_fact *fact,
		    unsigned step)
{
	if (step == 0 && is_result(fact))
		dbk_column_foresee(&results->accounts, fact->agent);
}

void
dbk_results_of_account(const struct dbk_results *results, uint32_t agent,
		       struct dbk_result *out)
{
	static const struct dbk_results_account nothing;
	const struct dbk_results_account *account =
	    agent < results->accounts.count ? dbk_column_row(&results->accounts, agent)
					    : &nothing;
	int64_t used = dbk_holdings_self_used(results->study->holdings, agent);
	dbk_wide net;

	*out = (struct dbk_result){ .rewards = account->rewards,
				    .retail_rewards = account->retail_rewards,
				    .recruit_rewards = account->recruit_rewards,
				    .purchase_rewards = account->purchase_rewards,
				    .fees = account->fees,
				    .bought = account->bought,
				    .first_year = account->first_year,
				    .own_sales = account->own_sales,
				    .other_sales = account->other_sales,
				    .passed_down = account->passed_down,
				    .from_above = account->from_above,
				    .self_used =
					dbk_money_sum(used, account->bought_for_use) };
	net = (dbk_wide)out->rewards + out->own_sales + out->passed_down - out->fees -
	      out->bought - out->from_above;
	out->net_strict = dbk_money_bound(net);
	out->net_lenient = dbk_money_bound(net + out->other_sales + out->self_used);
}
