#include "metrics/holdings.h"

#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "books/effects.h"
#include "metrics/holdings_private.h"

#define AGENTS_MAX (UINT32_C(1) << 27)

enum dbk_err
dbk_holdings_open(struct dbk_study *study, struct dbk_holdings **out)
{
	struct dbk_holdings *holdings = calloc(1, sizeof *holdings);

	if (holdings == NULL)
		return DBK_FAILED_MEMORY;
	holdings->study = study;
	dbk_column_init(&holdings->holders, sizeof(struct dbk_stockist), AGENTS_MAX);
	dbk_column_init(&holdings->agents, sizeof(uint32_t), AGENTS_MAX);
	dbk_layers_init(&holdings->layers);
	for (int i = 0; i < DBK_TURNOVERS; i++)
		dbk_series_init(&holdings->turnover[i]);
	*out = holdings;
	return DBK_OK;
}

void
dbk_holdings_close(struct dbk_holdings *holdings)
{
	if (holdings == NULL)
		return;
	for (int i = 0; i < DBK_TURNOVERS; i++)
		dbk_series_fini(&holdings->turnover[i]);
	dbk_layers_fini(&holdings->layers);
	dbk_column_fini(&holdings->holders);
	dbk_column_fini(&holdings->agents);
	free(holdings);
}

static struct dbk_stockist *
holder_at(const struct dbk_holdings *holdings, uint32_t number)
{
	return dbk_column_row(&holdings->holders, number);
}

static enum dbk_err
make_holder(struct dbk_holdings *holdings, uint32_t agent, uint32_t *out)
{
	uint32_t number = holdings->holders.count == 0 ? 1 : holdings->holders.count;
	enum dbk_err err = dbk_column_reach(&holdings->holders, number);

	if (err != DBK_OK)
		return err;
	*out = number;
	*holder_at(holdings, number) =
	    (struct dbk_stockist){ .agent = agent, .month = INT32_MIN };
	return DBK_OK;
}

static enum dbk_err
holder_of(struct dbk_holdings *holdings, uint32_t agent, struct dbk_stockist **out)
{
	enum dbk_err err = dbk_column_reach(&holdings->agents, agent);
	uint32_t *number;

	if (err != DBK_OK)
		return err;
	number = dbk_column_row(&holdings->agents, agent);
	if (*number == 0)
		err = make_holder(holdings, agent, number);
	if (err == DBK_OK)
		*out = holder_at(holdings, *number);
	return err;
}

static void
add(int64_t *sum, int64_t amount)
{
	*sum = dbk_money_sum(*sum, amount);
}

static int64_t
negative(int64_t units)
{
	return dbk_money_bound(-(dbk_wide)units);
}

/* The sums of MONTH, NULL: it is older than those that are kept. */
static struct dbk_stockist_month *
month_of(struct dbk_stockist *holder, int32_t month)
{
	struct dbk_stockist_month *months = holder->months;

	if (holder->month == INT32_MIN)
		holder->month = month;
	for (; holder->month < month; holder->month++) {
		if (month - holder->month > DBK_STOCKIST_MONTHS)
			holder->month = month - DBK_STOCKIST_MONTHS;
		memmove(months + 1, months, (DBK_STOCKIST_MONTHS - 1) * sizeof *months);
		memset(months, 0, sizeof *months);
	}
	return holder->month - month < DBK_STOCKIST_MONTHS
		   ? &months[holder->month - month]
		   : NULL;
}

static struct dbk_tier_flow *
tier_of(struct dbk_holdings *holdings, uint8_t tier)
{
	return &holdings
		    ->tiers[tier < DBK_HOLDINGS_TIERS ? tier : DBK_HOLDINGS_TIERS - 1];
}

/* What came to a holder, or left, by what FACT says; SIGN -1: less of it. */
static void
count_tier(struct dbk_tier_flow *tier, const struct dbk_fact *fact)
{
	switch ((enum dbk_movement)fact->code) {
	case DBK_MOVE_RECEIVED:
		add(fact->other == 0 ? &tier->from_brand : &tier->from_above,
		    fact->qty);
		add(&tier->bought_value, fact->amount);
		break;
	case DBK_MOVE_SOLD:
		add(&tier->to_consumers, fact->qty);
		add(&tier->sold_value, fact->amount);
		break;
	case DBK_MOVE_TAKEN_BACK:
		add(&tier->to_consumers, negative(fact->qty));
		add(&tier->sold_value, negative(fact->amount));
		break;
	case DBK_MOVE_PASSED_DOWN:
		add(&tier->passed_down, fact->qty);
		add(&tier->sold_value, fact->amount);
		break;
	case DBK_MOVE_SELF_USED:
	case DBK_MOVE_SAMPLED:
		add(&tier->used, fact->qty);
		break;
	case DBK_MOVE_LOST:
		add(&tier->lost, fact->qty);
		break;
	case DBK_MOVE_COUNTED:
		add(&tier->lost, negative(fact->qty));
		break;
	case DBK_MOVE_RETURNED:
		add(&tier->given_back, fact->qty);
		break;
	case DBK_MOVE_NONE:
	case DBK_MOVE_SHIPPED:
	case DBK_MOVE_UNSHIPPED:
	case DBK_MOVE_RELOCATED:
	case DBK_MOVE_KINDS:
		break;
	}
}

/* What FACT changes on hand. */
static int64_t
change_of(const struct dbk_fact *fact)
{
	switch ((enum dbk_movement)fact->code) {
	case DBK_MOVE_RECEIVED:
	case DBK_MOVE_TAKEN_BACK:
	case DBK_MOVE_COUNTED:
		return fact->qty;
	case DBK_MOVE_SOLD:
	case DBK_MOVE_PASSED_DOWN:
	case DBK_MOVE_SELF_USED:
	case DBK_MOVE_SAMPLED:
	case DBK_MOVE_LOST:
	case DBK_MOVE_RETURNED:
		return negative(fact->qty);
	case DBK_MOVE_NONE:
	case DBK_MOVE_SHIPPED:
	case DBK_MOVE_UNSHIPPED:
	case DBK_MOVE_RELOCATED:
	case DBK_MOVE_KINDS:
		break;
	}
	return 0;
}

static enum dbk_err
move_goods(struct dbk_holdings *holdings, struct dbk_stockist *holder,
	   const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	int64_t change = change_of(fact), paid;
	struct dbk_tier_flow *tier = tier_of(holdings, fact->tier);
	uint64_t bit = UINT64_C(1) << (tier - holdings->tiers);

	add(&tier->stayed, change);
	if (change > 0) {
		tier->holders += (holder->tiers & bit) == 0;
		holder->tiers |= bit;
		paid = fact->code == DBK_MOVE_RECEIVED ? fact->amount : 0;
		return dbk_layers_in(&holdings->layers, fact->agent, fact->hash,
				     taken->day, change, paid);
	}
	if (change == 0)
		return DBK_OK;
	paid = dbk_layers_out(&holdings->layers, fact->agent, fact->hash,
			      negative(change));
	if (fact->code == DBK_MOVE_SELF_USED && taken->counts)
		add(&holder->self_used, paid);
	return DBK_OK;
}

static void
count_holder(struct dbk_stockist *holder, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	struct dbk_stockist_month *month = month_of(holder, taken->month);

	if (month == NULL)
		return;
	if (fact->code == DBK_MOVE_RECEIVED) {
		add(&month->received, fact->qty);
		holder->received_at = fact->position;
	} else if (fact->code == DBK_MOVE_SOLD) {
		add(&month->sold, fact->qty);
	} else if (fact->code == DBK_MOVE_TAKEN_BACK) {
		add(&month->sold, negative(fact->qty));
	} else if (fact->code == DBK_MOVE_SELF_USED) {
		add(&month->used, fact->qty);
	}
}

static enum dbk_err
count(struct dbk_holdings *holdings, enum dbk_turnover what, int32_t day,
      int64_t amount)
{
	return dbk_series_add(&holdings->turnover[what], day, amount);
}

static enum dbk_err
count_units(struct dbk_holdings *holdings, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	enum dbk_err err = DBK_OK;

	if (fact->code == DBK_MOVE_SOLD) {
		dbk_evidence_add(&holdings->sold, fact->position, taken->day);
		return count(holdings, DBK_TURNOVER_TO_CONSUMERS, taken->day,
			     fact->qty);
	}
	if (fact->code == DBK_MOVE_TAKEN_BACK)
		return count(holdings, DBK_TURNOVER_TO_CONSUMERS, taken->day,
			     negative(fact->qty));
	if (fact->code == DBK_MOVE_SELF_USED)
		return count(holdings, DBK_TURNOVER_USED, taken->day, fact->qty);
	if (fact->code == DBK_MOVE_RETURNED)
		return count(holdings, DBK_TURNOVER_FROM_BRAND, taken->day,
			     negative(fact->qty));
	if (fact->code == DBK_MOVE_RECEIVED && fact->other == 0) {
		err = count(holdings, DBK_TURNOVER_FROM_BRAND, taken->day, fact->qty);
		if (err == DBK_OK)
			err = count(holdings, DBK_TURNOVER_RECEIPTS, taken->day, 1);
	}
	return err;
}

static enum dbk_err
add_goods(struct dbk_holdings *holdings, const struct dbk_taken *taken)
{
	struct dbk_stockist *holder = NULL;
	enum dbk_err err;

	if (!taken->before_end || !taken->in_part)
		return DBK_OK;
	err = holder_of(holdings, taken->fact->agent, &holder);
	if (err == DBK_OK)
		err = move_goods(holdings, holder, taken);
	if (err != DBK_OK || !taken->counts)
		return err;
	count_tier(tier_of(holdings, taken->fact->tier), taken->fact);
	count_holder(holder, taken);
	return count_units(holdings, taken);
}

static enum dbk_err
add_sale(struct dbk_holdings *holdings, const struct dbk_taken *taken, int sign)
{
	const struct dbk_fact *fact = taken->fact;
	int64_t amount = sign < 0 ? negative(fact->amount) : fact->amount;

	if (!taken->counts)
		return DBK_OK;
	if (fact->is_own_goods)
		return count(holdings, DBK_TURNOVER_SELL_THROUGH, taken->day, amount);
	add(&holdings->brand_to_consumers, sign < 0 ? negative(fact->qty) : fact->qty);
	return DBK_OK;
}

static enum dbk_err
add_sell_in(struct dbk_holdings *holdings, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	enum dbk_err err;

	if (!taken->counts || fact->code != DBK_PURCHASE_STOCK)
		return DBK_OK;
	dbk_evidence_add(&holdings->bought, fact->position, taken->day);
	err = count(holdings, DBK_TURNOVER_SELL_IN, taken->day, fact->amount);
	if (err == DBK_OK)
		err = count(holdings, DBK_TURNOVER_PURCHASES, taken->day, 1);
	return err;
}

enum dbk_err
dbk_holdings_add(struct dbk_holdings *holdings, const struct dbk_taken *taken)
{
	if (taken->fact->kind == DBK_FACT_GOODS)
		return add_goods(holdings, taken);
	if (taken->fact->kind == DBK_FACT_SOLD)
		return add_sale(holdings, taken, 1);
	if (taken->fact->kind == DBK_FACT_SOLD_BACK)
		return add_sale(holdings, taken, -1);
	if (taken->fact->kind == DBK_FACT_BOUGHT)
		return add_sell_in(holdings, taken);
	return DBK_OK;
}

void
dbk_holdings_foresee(const struct dbk_holdings *holdings, const struct dbk_fact *fact,
		     unsigned step)
{
	uint32_t number = 0;

	if (fact->kind != DBK_FACT_GOODS)
		return;
	dbk_layers_foresee(&holdings->layers, fact->agent, fact->hash, step);
	if (step == 0)
		dbk_column_foresee(&holdings->agents, fact->agent);
	if (step == 1 && fact->agent < holdings->agents.count)
		number =
		    *(const uint32_t *)dbk_column_row(&holdings->agents, fact->agent);
	if (number != 0)
		dbk_column_foresee(&holdings->holders, number);
}

enum dbk_err
dbk_holdings_end(struct dbk_holdings *holdings)
{
	(void)holdings;
	return DBK_OK;
}

const struct dbk_tier_flow *
dbk_holdings_tier(const struct dbk_holdings *holdings, uint32_t tier)
{
	return tier < DBK_HOLDINGS_TIERS ? &holdings->tiers[tier] : NULL;
}

uint32_t
dbk_holdings_tiers(const struct dbk_holdings *holdings)
{
	static const struct dbk_tier_flow nothing;
	uint32_t n = DBK_HOLDINGS_TIERS;

	while (n > 0 && memcmp(&holdings->tiers[n - 1], &nothing, sizeof nothing) == 0)
		n--;
	return n;
}

int64_t
dbk_holdings_brand_to_consumers(const struct dbk_holdings *holdings)
{
	return holdings->brand_to_consumers;
}

int64_t
dbk_holdings_self_used(const struct dbk_holdings *holdings, uint32_t agent)
{
	uint32_t number = 0;

	if (agent < holdings->agents.count)
		number = *(const uint32_t *)dbk_column_row(&holdings->agents, agent);
	return number == 0 ? 0 : holder_at(holdings, number)->self_used;
}

int64_t
dbk_holdings_on_hand(const struct dbk_holdings *holdings, uint32_t agent)
{
	return dbk_layers_on_hand(&holdings->layers, agent);
}

int64_t
dbk_holdings_aged(const struct dbk_holdings *holdings, uint32_t agent, uint32_t days)
{
	int64_t before = (int64_t)dbk_study_cut(holdings->study) - days;

	return dbk_layers_before(&holdings->layers, agent,
				 before < INT32_MIN ? INT32_MIN : (int32_t)before);
}
