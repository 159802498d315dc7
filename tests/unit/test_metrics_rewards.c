#include "metrics/rewards.h"

#include "../tests/lib/check.h"
#include "../tests/lib/told_study.h"

#define ALL INT32_MIN, INT32_MAX

static struct told_study told;

static struct dbk_fact
reward(enum dbk_reward_basis basis, uint8_t distance, int64_t amount)
{
	return (struct dbk_fact){ .kind = DBK_FACT_REWARD,
				  .agent = 1,
				  .basis = (uint8_t)basis,
				  .distance = distance,
				  .amount = amount };
}

static void
retail(int32_t day, enum dbk_sale_class sale_class, uint8_t distance, int64_t amount)
{
	struct dbk_fact fact =
	    reward(distance == 0 ? DBK_REWARD_OWN_RETAIL : DBK_REWARD_DOWN_RETAIL,
		   distance, amount);

	fact.sale_class = (uint8_t)sale_class;
	told_add(&told, day, fact);
}

static void
purchase(int32_t day, enum dbk_purchase code, uint8_t distance, int64_t amount)
{
	struct dbk_fact fact =
	    reward(distance == 0 ? DBK_REWARD_OWN_PURCHASE : DBK_REWARD_DOWN_PURCHASE,
		   distance, amount);

	fact.code = code;
	told_add(&told, day, fact);
}

static void
pool(int32_t day, int64_t amount)
{
	struct dbk_fact fact = reward(DBK_REWARD_DOWN_RETAIL, 1, amount);

	fact.is_pool = true;
	told_add(&told, day, fact);
}

static void
money(int32_t day, enum dbk_fact_kind kind, uint32_t code, int64_t amount)
{
	told_add(&told, day,
		 (struct dbk_fact){ .kind = (uint8_t)kind,
				    .agent = 1,
				    .code = code,
				    .is_condition = amount % 2 == 1,
				    .amount = amount });
}

static void
check_share(const char *name, int64_t strict, int64_t strict_of, int64_t lenient,
	    int64_t lenient_of)
{
	struct dbk_value value = told_value(&told, name, ALL, 0, 0);

	told_check(name, &value, strict, strict_of, lenient, lenient_of);
}

static void
check_amount(const char *name, int64_t parameter, int64_t strict, int64_t lenient)
{
	struct dbk_value value = told_value(&told, name, ALL, parameter, 0);

	told_check(name, &value, strict, 1, lenient, 1);
}

static void
test_empty(void)
{
	static const char *const NAMES[] = { "untraced_share",	"traced_share",
					     "recruit_share",	"not_consumer_share",
					     "allowance_share", "entrant_money_share",
					     "receipted_share" };
	struct dbk_income income;

	told_open(&told, ALL);
	told_end(&told);
	for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
		check_share(NAMES[i], 0, 0, 0, 0);
	check_amount("rewards", 0, 0, 0);
	CHECK(!dbk_rewards_income(dbk_study_rewards(told.study), 0, &income));
	told_close(&told);
}

/* Of every kind one: all come to 1023. */
static void
tell_each(void)
{
	retail(1, DBK_SALE_VERIFIED, 0, 1);
	retail(1, DBK_SALE_VERIFIED, 1, 2);
	retail(1, DBK_SALE_DIRECT, 2, 4);
	retail(1, DBK_SALE_DOUBTED, 1, 8);
	purchase(1, DBK_PURCHASE_SELF, 0, 16);
	purchase(1, DBK_PURCHASE_STOCK, 1, 32);
	purchase(1, DBK_PURCHASE_AS_CUSTOMER, 3, 64);
	told_add(&told, 1, reward(DBK_REWARD_JOIN_FEE, 1, 128));
	told_add(&told, 1, reward(DBK_REWARD_HEADCOUNT, 2, 256));
	told_add(&told, 1, reward(DBK_REWARD_OTHER, 0, 512));
}

static void
test_amounts(void)
{
	told_open(&told, ALL);
	tell_each();
	money(1, DBK_FACT_RANKED, DBK_RANK_PURCHASES, 5000);
	told_end(&told);
	check_amount("rewards", 0, 1023, 1023);
	check_amount("headcount_pay", 0, 384, 384);
	check_amount("team_pay", 0, 2 + 4 + 8 + 32 + 64, 2 + 4 + 8 + 32 + 64);
	check_amount("team_pay", 1, 2 + 4 + 8 + 32 + 64, 2 + 4 + 8 + 32 + 64);
	check_amount("team_pay", 2, 68, 68);
	check_amount("team_pay", 3, 64, 64);
	check_amount("team_pay", 4, 0, 0);
	check_amount("team_pay", INT64_MAX, 0, 0);
	check_amount("not_own_retail", 0, 1022, 1022);
	check_amount("own_purchase_pay", 0, 5016, 16);
	told_close(&told);
}

static void
test_shares(void)
{
	const int64_t far = 2 + 4 + 8 + 32 + 64 + 128 + 256;

	told_open(&told, ALL);
	tell_each();
	told_end(&told);
	check_share("untraced_share", 1023 - 3, 1023, 1023 - 7 - 16 - 64, 1023);
	check_share("traced_share", 3, 1023, 7 + 16 + 64, 1023);
	check_share("recruit_share", 384 + 112, 1023, 384, 1023);
	check_share("not_consumer_share", far - 2, far, 8 + 96 + 384, far);
	check_share("receipted_share", 3, 15, 7, 15);
	check_share("self_use_pay_share", 80, 83, 80, 87);
	told_close(&told);
}

static void
test_against_revenue(void)
{
	told_open(&told, ALL);
	told_add(&told, 1, reward(DBK_REWARD_OTHER, 0, 100));
	money(1, DBK_FACT_SOLD, 0, 300);
	money(1, DBK_FACT_BOUGHT, DBK_PURCHASE_STOCK, 50);
	money(1, DBK_FACT_FEE, 0, 20);
	money(1, DBK_FACT_FEE, 0, 25);
	money(1, DBK_FACT_RANKED, DBK_RANK_PURCHASES, 7);
	told_end(&told);
	check_share("allowance_share", 100, 350, 100, 395);
	check_share("entrant_money_share", 52, 100, 25, 100);
	told_close(&told);
}

/* 70 of 100 verified, 10 doubted: of a pool of 33 floor(23.1) and floor(29.7). */
static void
test_pools(void)
{
	told_open(&told, ALL);
	retail(1, DBK_SALE_VERIFIED, 0, 70);
	retail(1, DBK_SALE_ANONYMOUS, 0, 20);
	retail(1, DBK_SALE_DOUBTED, 0, 10);
	pool(1, 11);
	pool(1, 22);
	told_end(&told);
	check_share("traced_share", 70 + 23, 133, 90 + 29, 133);
	check_share("untraced_share", 133 - 93, 133, 133 - 119, 133);
	check_share("not_consumer_share", 33 - 23, 33, 33 - 29, 33);
	check_share("receipted_share", 70, 100, 70, 100);
	told_close(&told);
}

static void
test_pools_alone(void)
{
	told_open(&told, ALL);
	pool(1, 40);
	told_add(&told, 1, reward(DBK_REWARD_OTHER, 0, 60));
	told_end(&told);
	check_share("traced_share", 0, 100, 40, 100);
	check_share("receipted_share", 0, 0, 0, 0);
	told_close(&told);
}

static void
test_taken_back(void)
{
	struct dbk_fact back = reward(DBK_REWARD_OTHER, 0, 30);
	struct dbk_value value;

	back.kind = DBK_FACT_REWARD_BACK;
	told_open(&told, 5, 15);
	told_add(&told, 4, reward(DBK_REWARD_OTHER, 0, 1000));
	told_add(&told, 5, reward(DBK_REWARD_OTHER, 0, 100));
	told_add(&told, 10, back);
	told_add(&told, 15, back);
	told_end(&told);
	check_amount("rewards", 0, 70, 70);
	value = told_value(&told, "rewards", 5, 10, 0, 0);
	told_check("before it", &value, 100, 1, 100, 1);
	value = told_value(&told, "rewards", 6, 20, 0, 0);
	told_check("behind it", &value, -30, 1, -30, 1);
	value = told_value(&told, "traced_share", 6, 20, 0, 0);
	told_check("of a sum below 0", &value, 0, 0, 0, 0);
	CHECK_INT(dbk_rewards_income_count(dbk_study_rewards(told.study), 0, ALL), 1);
	told_close(&told);
}

static void
test_saturation(void)
{
	told_open(&told, ALL);
	retail(1, DBK_SALE_VERIFIED, 1, INT64_MAX);
	retail(2, DBK_SALE_VERIFIED, 1, INT64_MAX);
	pool(2, INT64_MAX);
	told_end(&told);
	check_share("traced_share", INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX);
	check_share("untraced_share", 0, INT64_MAX, 0, INT64_MAX);
	told_close(&told);
}

static void
test_income(void)
{
	const struct dbk_rewards *rewards;
	struct dbk_income income, before = { 0 };
	uint32_t n = 0;
	int64_t sum = 0;

	told_open(&told, ALL);
	tell_each();
	tell_each();
	told_end(&told);
	rewards = dbk_study_rewards(told.study);
	for (; dbk_rewards_income(rewards, n, &income); n++) {
		CHECK(income.basis > before.basis ||
		      (income.basis == before.basis &&
		       income.distance >= before.distance));
		CHECK_INT(dbk_rewards_income_count(rewards, n, ALL), 2);
		CHECK_INT(income.evidence->count, 2);
		sum += dbk_rewards_income_sum(rewards, n, ALL);
		before = income;
	}
	CHECK_INT(n, 10);
	CHECK_INT(sum, 2046);
	CHECK_INT(dbk_rewards_evidence(rewards)->count, 20);
	CHECK_INT(dbk_rewards_of_basis(rewards, DBK_REWARD_HEADCOUNT, ALL), 512);
	told_close(&told);
}

static void
test_evidence(void)
{
	struct dbk_value value;

	told_open(&told, ALL);
	tell_each();
	told_end(&told);
	value = told_value(&told, "untraced_share", ALL, 0, 0);
	CHECK_INT(value.population, 10);
	CHECK_INT(value.evidence.n, 8);
	CHECK_INT(value.evidence.positions[0], 3);
	value = told_value(&told, "headcount_pay", ALL, 0, 0);
	CHECK_INT(value.population, 2);
	CHECK_INT(value.evidence.n, 2);
	CHECK_INT(value.evidence.positions[0], 8);
	CHECK_INT(value.evidence.positions[1], 9);
	told_close(&told);
}

/* --------------------------------------------------- facts by chance, counted again */

#define DAYS 300

static void
tell_by_chance(uint64_t *state)
{
	struct dbk_fact fact;

	for (int i = 0; i < 500; i++) {
		fact = reward((enum dbk_reward_basis)(told_random(state, 7) + 1),
			      (uint8_t)told_random(state, 5),
			      told_random(state, 1000) + 1);
		fact.kind =
		    told_random(state, 6) == 0 ? DBK_FACT_REWARD_BACK : DBK_FACT_REWARD;
		fact.sale_class = (uint8_t)told_random(state, 5);
		fact.code = told_random(state, 3);
		fact.is_pool = told_random(state, 5) == 0;
		told_add(&told, (int32_t)told_random(state, DAYS), fact);
	}
}

static bool
on_retail(const struct dbk_fact *fact)
{
	return fact->basis == DBK_REWARD_OWN_RETAIL ||
	       fact->basis == DBK_REWARD_DOWN_RETAIL;
}

static bool
on_purchases(const struct dbk_fact *fact)
{
	return fact->basis == DBK_REWARD_OWN_PURCHASE ||
	       fact->basis == DBK_REWARD_DOWN_PURCHASE;
}

/* What loops come to. */
struct naive {
	int64_t all, far, retail, verified, certain, pools, far_pools;
	int64_t far_retail, far_verified, far_certain;
	int64_t own_use, purchases, far_purchases, recruiting, far_recruiting;
};

static void
count_retail(struct naive *sums, const struct dbk_fact *fact, int64_t amount)
{
	bool is_far = fact->distance >= 1;
	bool verified = fact->sale_class == DBK_SALE_VERIFIED;
	bool certain = fact->sale_class != DBK_SALE_DOUBTED;

	if (fact->is_pool) {
		sums->pools += amount;
		sums->far_pools += is_far ? amount : 0;
		return;
	}
	sums->retail += amount;
	sums->verified += verified ? amount : 0;
	sums->certain += certain ? amount : 0;
	sums->far_retail += is_far ? amount : 0;
	sums->far_verified += is_far && verified ? amount : 0;
	sums->far_certain += is_far && certain ? amount : 0;
}

static struct naive
count(int32_t from, int32_t to)
{
	struct naive sums = { 0 };

	for (uint32_t i = 0; i < told.n; i++) {
		const struct dbk_fact *fact = &told.facts[i].fact;
		int64_t amount =
		    fact->kind == DBK_FACT_REWARD ? fact->amount : -fact->amount;
		int64_t far = fact->distance >= 1 ? amount : 0;

		if (told.facts[i].day < from || told.facts[i].day >= to)
			continue;
		sums.all += amount;
		sums.far += far;
		if (on_retail(fact)) {
			count_retail(&sums, fact, amount);
		} else if (on_purchases(fact)) {
			sums.purchases += amount;
			sums.far_purchases += far;
			sums.own_use += fact->code != DBK_PURCHASE_STOCK ? amount : 0;
		} else if (fact->basis != DBK_REWARD_OTHER) {
			sums.recruiting += amount;
			sums.far_recruiting += far;
		}
	}
	return sums;
}

static int64_t
floor_of(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* POOLS as PART of all retail is. */
static int64_t
part_of(const struct naive *sums, int64_t pools, int64_t part, int64_t otherwise)
{
	return sums->retail > 0 ? floor_of(pools * part, sums->retail) : otherwise;
}

static void
compare(int32_t from, int32_t to)
{
	struct naive n = count(from, to);
	int64_t all = n.all > 0 ? n.all : 0, far = n.far > 0 ? n.far : 0;
	int64_t strict = n.verified + part_of(&n, n.pools, n.verified, 0);
	int64_t lenient = n.certain + part_of(&n, n.pools, n.certain, n.pools);
	int64_t far_strict = n.far_verified + part_of(&n, n.far_pools, n.verified, 0);
	int64_t far_lenient =
	    n.far_certain + part_of(&n, n.far_pools, n.certain, n.far_pools);
	struct dbk_value value = told_value(&told, "untraced_share", from, to, 0, 0);
	int64_t own;

	told_check("untraced", &value, n.all - strict, all, n.all - lenient - n.own_use,
		   all);
	value = told_value(&told, "traced_share", from, to, 0, 0);
	told_check("traced", &value, strict, all, lenient + n.own_use, all);
	own = n.own_use + strict > 0 ? n.own_use + strict : 0;
	value = told_value(&told, "self_use_pay_share", from, to, 0, 0);
	told_check("self-use", &value, n.own_use, own, n.own_use,
		   n.own_use + lenient > 0 ? n.own_use + lenient : 0);
	value = told_value(&told, "recruit_share", from, to, 0, 0);
	told_check("recruit", &value, n.recruiting + n.purchases, all, n.recruiting,
		   all);
	value = told_value(&told, "not_consumer_share", from, to, 0, 0);
	told_check("not consumer", &value, n.far - far_strict, far,
		   n.far_retail + n.far_pools - far_lenient + n.far_purchases +
		       n.far_recruiting,
		   far);
}

static void
test_by_chance(void)
{
	uint64_t state = 66;
	int32_t from;

	for (int round = 0; round < 20; round++) {
		told_open(&told, ALL);
		tell_by_chance(&state);
		told_end(&told);
		compare(0, DAYS);
		for (int i = 0; i < 20; i++) {
			from = (int32_t)told_random(&state, DAYS);
			compare(from, from + (int32_t)told_random(&state, 60));
		}
		told_close(&told);
	}
}

int
main(void)
{
	check_run("of no rewards there is no share", test_empty);
	check_run("amounts are by basis and distance", test_amounts);
	check_run("shares have two readings", test_shares);
	check_run("rewards stand against what came in", test_against_revenue);
	check_run("pools go as the other rewards on retail do", test_pools);
	check_run("pools alone lead nowhere, or everywhere", test_pools_alone);
	check_run("what is taken back goes off on its own day", test_taken_back);
	check_run("sums stay at the bound that they would pass", test_saturation);
	check_run("income has a row of each kind, in order", test_income);
	check_run("what is shown are the records of the numerator", test_evidence);
	check_run("facts by chance come to what loops come to", test_by_chance);
	return check_end();
}
