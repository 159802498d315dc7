#include "metrics/months.h"

#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/told_study.h"
#include "base/time.h"
#include "books/effects.h"

#define AT(month, day) ((int32_t)dbk_time_days_of_civil(2024, month, day))

static struct told_study told;

#define AGENTS 14
#define MONTHS 8

/* AGENT takes part: it joins and pays. */
static void
enter(uint32_t agent, uint32_t sponsor)
{
	told_join(&told, AT(1, 1), agent, sponsor);
	told_add(
	    &told, AT(1, 1),
	    (struct dbk_fact){ .kind = DBK_FACT_FEE, .agent = agent, .amount = 1 });
}

/* One agent and month, as loops over all facts come to it. */
struct naive {
	int64_t bought, resold, consumer, verified, lenient, paid, self, rewards;
	bool customers[6];
};

static struct naive rows[AGENTS + 1][MONTHS];

static struct dbk_fact
any_fact(uint64_t *state)
{
	static const uint8_t KINDS[] = { DBK_FACT_GOODS,       DBK_FACT_GOODS,
					 DBK_FACT_SOLD,	       DBK_FACT_SOLD,
					 DBK_FACT_SOLD_BACK,   DBK_FACT_RECLASSED,
					 DBK_FACT_FEE,	       DBK_FACT_BOUGHT,
					 DBK_FACT_BOUGHT_BACK, DBK_FACT_REWARD,
					 DBK_FACT_REWARD,      DBK_FACT_REWARD_BACK };
	struct dbk_fact fact = { .kind = KINDS[told_random(state, sizeof KINDS)],
				 .agent = told_random(state, AGENTS) + 1,
				 .other = told_random(state, 6),
				 .basis = DBK_REWARD_OTHER,
				 .sale_class = (uint8_t)told_random(state, 5),
				 .hash = told_random(state, 5),
				 .code = told_random(state, 3),
				 .amount = told_random(state, 200) + 1,
				 .qty = told_random(state, 20) + 1 };

	if (fact.kind == DBK_FACT_GOODS)
		fact.code = told_random(state, DBK_MOVE_KINDS - 1) + 1;
	return fact;
}

static void
count_sale(struct naive *row, const struct dbk_fact *fact)
{
	int64_t amount =
	    fact->kind == DBK_FACT_SOLD_BACK ? -fact->amount : fact->amount;

	if (fact->sale_class == DBK_SALE_VERIFIED)
		row->verified += amount;
	if (fact->sale_class != DBK_SALE_DOUBTED)
		row->lenient += amount;
	if (fact->kind == DBK_FACT_SOLD && fact->sale_class == DBK_SALE_VERIFIED)
		row->customers[fact->other] = true;
	if (fact->kind != DBK_FACT_RECLASSED)
		return;
	if (fact->hash == DBK_SALE_VERIFIED)
		row->verified -= amount;
	if (fact->hash != DBK_SALE_DOUBTED)
		row->lenient -= amount;
}

static void
count_goods(struct naive *row, const struct dbk_fact *fact)
{
	if (fact->code == DBK_MOVE_RECEIVED)
		row->bought += fact->qty;
	if (fact->code == DBK_MOVE_RETURNED)
		row->bought -= fact->qty;
	if (fact->code == DBK_MOVE_SOLD || fact->code == DBK_MOVE_PASSED_DOWN)
		row->resold += fact->qty;
	if (fact->code == DBK_MOVE_SOLD)
		row->consumer += fact->qty;
	if (fact->code == DBK_MOVE_TAKEN_BACK) {
		row->resold -= fact->qty;
		row->consumer -= fact->qty;
	}
}

static void
count_fact(struct naive *row, const struct dbk_fact *fact)
{
	bool is_back =
	    fact->kind == DBK_FACT_BOUGHT_BACK || fact->kind == DBK_FACT_REWARD_BACK;
	int64_t amount = is_back ? -fact->amount : fact->amount;

	if (fact->kind == DBK_FACT_GOODS)
		count_goods(row, fact);
	if (fact->kind == DBK_FACT_SOLD || fact->kind == DBK_FACT_SOLD_BACK ||
	    fact->kind == DBK_FACT_RECLASSED)
		count_sale(row, fact);
	if (fact->kind == DBK_FACT_FEE || fact->kind == DBK_FACT_BOUGHT ||
	    fact->kind == DBK_FACT_BOUGHT_BACK)
		row->paid += amount;
	if ((fact->kind == DBK_FACT_BOUGHT || fact->kind == DBK_FACT_BOUGHT_BACK) &&
	    fact->code != DBK_PURCHASE_STOCK)
		row->self += amount;
	if (fact->kind == DBK_FACT_REWARD || fact->kind == DBK_FACT_REWARD_BACK)
		row->rewards += amount;
}

static int
naive_buyers(const struct naive *row)
{
	int n = 0;

	for (int i = 1; i < 6; i++)
		n += row->customers[i];
	return n;
}

/* Sponsors are those of a binary tree: climbing is cheap. */
static bool
is_below(uint32_t agent, uint32_t top)
{
	while (agent > top)
		agent /= 2;
	return agent == top;
}

static bool
naive_fails(uint32_t top, int month, bool strict)
{
	int64_t retail = 0, paid = 0;

	for (uint32_t i = 1; i <= AGENTS; i++) {
		if (!is_below(i, top))
			continue;
		retail += strict ? rows[i][month].verified : rows[i][month].lenient;
		paid += rows[i][month].paid;
	}
	return 2 * retail <= retail + paid;
}

struct tally {
	int64_t strict, strict_of, lenient, lenient_of;
};

static void
note(struct tally *tally, bool is_of, bool strict, bool lenient)
{
	tally->strict_of += is_of;
	tally->lenient_of += is_of;
	tally->strict += is_of && strict;
	tally->lenient += is_of && lenient;
}

static void
check_tally(const char *name, int32_t from, int32_t to, int64_t first,
	    const struct tally *want)
{
	struct dbk_value value = told_value(&told, name, from, to, first, 2);

	told_check(name, &value, want->strict, want->strict_of, want->lenient,
		   want->lenient_of);
}

static void
compare(int from, int to, int64_t share, int64_t amount)
{
	struct tally resale = { 0 }, buyers = { 0 }, cap = { 0 }, self = { 0 };
	struct tally half = { 0 }, enforced = { 0 };
	int32_t first = AT((unsigned)from + 1, 1), end = AT((unsigned)to + 1, 1);

	for (uint32_t i = 1; i <= AGENTS; i++) {
		for (int m = from; m < to; m++) {
			const struct naive *row = &rows[i][m];
			bool paid = row->rewards > 0, has = row->bought > 0;
			bool a = row->consumer * 1000000 >= share * row->bought;
			bool b = row->resold * 1000000 >= share * row->bought;
			bool two = naive_buyers(row) >= 2;

			note(&resale, paid && has, a, b);
			note(&buyers, paid, two, two);
			note(&cap, paid, row->rewards * 1000000 > share * row->verified,
			     row->rewards * 1000000 > share * row->lenient);
			note(&self, row->self > 0, row->self > amount,
			     row->self > amount);
			note(&half, paid, naive_fails(i, m, true),
			     naive_fails(i, m, false));
			enforced.strict_of += has && (!a || !two);
			enforced.strict += has && (!a || !two) && !paid;
			enforced.lenient_of += has && !b;
			enforced.lenient += has && !b && !paid;
		}
	}
	check_tally("resale_70_share", first, end, share, &resale);
	check_tally("ten_customers_share", first, end, 2, &buyers);
	check_tally("own_sales_cap_failed", first, end, share, &cap);
	check_tally("self_use_over", first, end, amount, &self);
	check_tally("outside_half_failed", first, end, 0, &half);
	check_tally("enforcement_share", first, end, share, &enforced);
}

static void
tell_by_chance(uint64_t *state)
{
	memset(rows, 0, sizeof rows);
	for (uint32_t i = 1; i <= AGENTS; i++) {
		enter(i, i / 2);
		rows[i][0].paid = 1;
	}
	for (int i = 0; i < 1500; i++) {
		unsigned month = told_random(state, MONTHS);
		unsigned day = told_random(state, 29) + 1;
		struct dbk_fact fact = any_fact(state);

		told_add(&told, AT(month + 1, day), fact);
		count_fact(&rows[fact.agent][month], &fact);
	}
}

static void
test_by_chance(void)
{
	uint64_t state = 666;
	int from, to;

	for (int round = 0; round < 10; round++) {
		told_open(&told, INT32_MIN, INT32_MAX);
		tell_by_chance(&state);
		told_end(&told);
		compare(0, MONTHS, 700000, 100);
		for (int i = 0; i < 10; i++) {
			from = (int)told_random(&state, MONTHS);
			to = from +
			     (int)told_random(&state, (uint32_t)(MONTHS - from) + 1);
			compare(from, to, told_random(&state, 1500000),
				told_random(&state, 300));
		}
		told_close(&told);
	}
}

int
main(void)
{
	check_run("facts by chance come to what loops come to", test_by_chance);
	return check_end();
}
