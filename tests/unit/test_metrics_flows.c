#include "metrics/flows.h"

#include "base/money.h"
#include "../tests/lib/check.h"
#include "../tests/lib/told_study.h"

#define ALL INT32_MIN, INT32_MAX

static struct told_study told;

static void
fee(int32_t day, uint32_t agent, int64_t amount, bool is_condition)
{
	told_add(&told, day,
		 (struct dbk_fact){ .kind = DBK_FACT_FEE,
				    .agent = agent,
				    .amount = amount,
				    .is_condition = is_condition });
}

static void
bought(int32_t day, uint32_t agent, enum dbk_purchase code, int64_t amount)
{
	told_add(&told, day,
		 (struct dbk_fact){ .kind = DBK_FACT_BOUGHT,
				    .agent = agent,
				    .code = code,
				    .amount = amount });
}

static void
sold(int32_t day, enum dbk_sale_class sale_class, uint32_t customer, int64_t amount)
{
	told_add(&told, day,
		 (struct dbk_fact){ .kind = DBK_FACT_SOLD,
				    .agent = 1,
				    .other = customer,
				    .sale_class = (uint8_t)sale_class,
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
check_amount(const char *name, int32_t from, int32_t to, int64_t want)
{
	struct dbk_value value = told_value(&told, name, from, to, 0, 0);

	told_check(name, &value, want, 1, want, 1);
}

static void
test_empty(void)
{
	static const char *const NAMES[] = {
		"external_ratio",	 "retail_share",	"package_share",
		"verified_retail_share", "doubted_share",	"former_share",
		"first_days_excess",	 "customer_head_share", "reclassified"
	};
	struct dbk_value value;

	told_open(&told, ALL);
	told_end(&told);
	for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
		check_share(NAMES[i], 0, 0, 0, 0);
	value = told_value(&told, "price_max", ALL, 0, 0);
	CHECK_INT(value.strict_state, DBK_VALUE_EMPTY);
	CHECK_INT(value.lenient_state, DBK_VALUE_EMPTY);
	check_amount("revenue", ALL, 0);
	told_close(&told);
}

/* VERIFIED 100, ANONYMOUS 20, DIRECT 30, FORMER 40, DOUBTED 50 less 10; STOCK 300 less
 * 60, SELF 70, AS_CUSTOMER 80; fees 90 of which 25 are a condition; rank 500. */
static void
tell_each(void)
{
	static const int64_t SALES[] = { 100, 20, 30, 40, 50 };

	told_join(&told, 0, 1, 0);
	for (uint32_t i = 0; i < DBK_SALE_CLASSES; i++)
		sold(10, (enum dbk_sale_class)i, 0, SALES[i]);
	told_add(&told, 11,
		 (struct dbk_fact){ .kind = DBK_FACT_SOLD_BACK,
				    .agent = 1,
				    .sale_class = DBK_SALE_DOUBTED,
				    .amount = 10 });
	bought(10, 1, DBK_PURCHASE_STOCK, 300);
	told_add(&told, 11,
		 (struct dbk_fact){ .kind = DBK_FACT_BOUGHT_BACK,
				    .agent = 1,
				    .code = DBK_PURCHASE_STOCK,
				    .amount = 60 });
	bought(10, 1, DBK_PURCHASE_SELF, 70);
	bought(10, 1, DBK_PURCHASE_AS_CUSTOMER, 80);
	fee(10, 1, 65, false);
	fee(10, 1, 25, true);
	told_add(&told, 10,
		 (struct dbk_fact){ .kind = DBK_FACT_RANKED,
				    .agent = 1,
				    .code = DBK_RANK_PURCHASES,
				    .amount = 500 });
	told_add(&told, 10,
		 (struct dbk_fact){ .kind = DBK_FACT_RANKED,
				    .agent = 1,
				    .code = DBK_RANK_RETAIL,
				    .amount = 9999 });
}

static void
test_shares(void)
{
	const int64_t retail = 230, purchases = 390, fees = 90;
	const int64_t revenue = retail + purchases + fees;

	told_open(&told, ALL);
	tell_each();
	told_end(&told);
	check_amount("revenue", ALL, revenue);
	check_amount("fees", ALL, 90);
	check_amount("entry_payments", ALL, 525);
	check_share("external_ratio", 100, revenue, 190 + 150, revenue);
	check_share("retail_share", 100, revenue - fees, 190 + 150, revenue - fees);
	check_share("package_share", 590, revenue, 25, revenue);
	check_share("doubted_share", 40 + 30, retail, 40, retail);
	check_share("former_share", 40, retail, 40, retail);
	CHECK_INT(dbk_flows_retail_lenient(dbk_study_flows(told.study), ALL), 190);
	CHECK_INT(dbk_flows_retail_all(dbk_study_flows(told.study), ALL), 230);
	CHECK_INT(dbk_flows_purchases(dbk_study_flows(told.study), ALL), 390);
	CHECK_INT(dbk_flows_self(dbk_study_flows(told.study), ALL), 150);
	told_close(&told);
}

static void
test_intervals(void)
{
	told_open(&told, 10, 20);
	told_join(&told, 0, 1, 0);
	fee(9, 1, 1, true);
	fee(10, 1, 10, true);
	fee(19, 1, 100, true);
	fee(20, 1, 1000, true);
	told_end(&told);
	check_amount("fees", ALL, 110);
	check_amount("fees", 10, 20, 110);
	check_amount("fees", 10, 19, 10);
	check_amount("fees", 11, 20, 100);
	check_amount("fees", 11, 19, 0);
	check_amount("fees", 15, 15, 0);
	told_close(&told);
}

static void
test_reclassed(void)
{
	told_open(&told, ALL);
	sold(1, DBK_SALE_VERIFIED, 1, 100);
	told_add(&told, 5,
		 (struct dbk_fact){ .kind = DBK_FACT_RECLASSED,
				    .agent = 1,
				    .sale_class = DBK_SALE_DOUBTED,
				    .hash = DBK_SALE_VERIFIED,
				    .amount = 80 });
	told_end(&told);
	check_share("doubted_share", 80, 100, 80, 100);
	CHECK_INT(dbk_flows_sum(dbk_study_flows(told.study), DBK_FLOW_VERIFIED, 0, 5),
		  100);
	CHECK_INT(dbk_flows_sum(dbk_study_flows(told.study), DBK_FLOW_VERIFIED, 0, 6),
		  20);
	told_close(&told);
}

static void
test_evidence(void)
{
	struct dbk_value value;

	told_open(&told, ALL);
	sold(1, DBK_SALE_VERIFIED, 1, 100);
	bought(2, 1, DBK_PURCHASE_STOCK, 50);
	sold(3, DBK_SALE_VERIFIED, 1, 100);
	told_end(&told);
	value = told_value(&told, "retail_share", ALL, 0, 0);
	CHECK_INT(value.population, 3);
	CHECK_INT(value.evidence.n, 2);
	CHECK_INT(value.evidence.positions[0], 1);
	CHECK_INT(value.evidence.positions[1], 3);
	value = told_value(&told, "retail_share", 2, 4, 0, 0);
	CHECK_INT(value.population, 2);
	CHECK_INT(value.evidence.n, 1);
	CHECK_INT(value.evidence.positions[0], 3);
	told_close(&told);
}

static void
test_saturation(void)
{
	told_open(&told, ALL);
	fee(1, 1, INT64_MAX, false);
	fee(1, 1, INT64_MAX, false);
	sold(2, DBK_SALE_VERIFIED, 1, INT64_MAX);
	told_end(&told);
	check_amount("fees", ALL, INT64_MAX);
	check_amount("revenue", ALL, INT64_MAX);
	check_share("external_ratio", INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX);
	told_close(&told);
}

/* More was given back than came in: nothing to divide by. */
static void
test_negative_revenue(void)
{
	told_open(&told, ALL);
	told_add(
	    &told, 1,
	    (struct dbk_fact){ .kind = DBK_FACT_SOLD_BACK, .agent = 1, .amount = 5 });
	told_end(&told);
	check_amount("revenue", ALL, -5);
	check_share("external_ratio", -5, 0, -5, 0);
	told_close(&told);
}

static void
check_first_days(int64_t days, int64_t amount, int64_t strict, int64_t lenient)
{
	struct dbk_value value =
	    told_value(&told, "first_days_excess", ALL, days, amount);

	told_check("first_days_excess", &value, strict, 2, lenient, 2);
}

static void
test_first_days(void)
{
	struct dbk_value value;

	told_open(&told, ALL);
	told_join(&told, 5, 1, 0);
	told_join(&told, 6, 2, 0);
	fee(5, 1, 10, true);
	bought(14, 1, DBK_PURCHASE_STOCK, 40);
	fee(15, 1, 1, false);
	fee(5 + 366, 1, 1000, false);
	told_end(&told);
	check_first_days(10, 49, 1, 0);
	check_first_days(10, 50, 0, 0);
	check_first_days(9, 49, 0, 0);
	check_first_days(11, 50, 1, 0);
	check_first_days(11, 51, 0, 0);
	check_first_days(1, 9, 1, 1);
	check_first_days(1000, 51, 0, 0);
	value = told_value(&told, "first_days_excess", 6, 7, 10, 0);
	told_check("the second alone", &value, 0, 1, 0, 1);
	value = told_value(&told, "first_days_excess", 5, 6, 10, 0);
	CHECK_INT(value.evidence.positions[0], 1);
	told_close(&told);
}

static void
price(int32_t day, int64_t amount)
{
	told_add(
	    &told, day,
	    (struct dbk_fact){ .kind = DBK_FACT_PRICE, .agent = 1, .amount = amount });
}

static void
test_price(void)
{
	struct dbk_value value;

	told_open(&told, ALL);
	price(10, 100);
	price(5, 300);
	price(7, 200);
	price(5, 250);
	told_end(&told);
	check_amount("price_max", ALL, 300);
	check_amount("price_max", 6, 11, 200);
	check_amount("price_max", 8, 11, 100);
	value = told_value(&told, "price_max", 11, 20, 0, 0);
	CHECK_INT(value.strict_state, DBK_VALUE_EMPTY);
	value = told_value(&told, "price_max", 5, 8, 0, 0);
	CHECK_INT(value.population, 3);
	CHECK_INT(value.evidence.positions[0], 2);
	told_close(&told);
}

/* 28 consumers, 42 agents who stay, 30 agents who were renamed: what is claimed is 58,
 * by rights held it is 28. */
static void
test_renamed(void)
{
	told_open(&told, ALL);
	for (uint32_t i = 1; i <= 72; i++)
		told_join(&told, 0, i, 0);
	for (uint32_t i = 1; i <= 72; i++)
		bought(1, i, DBK_PURCHASE_AS_CUSTOMER, 10);
	for (uint32_t i = 1; i <= 28; i++)
		sold(1, DBK_SALE_VERIFIED, i, 10);
	for (uint32_t i = 43; i <= 72; i++)
		told_add(&told, 20,
			 (struct dbk_fact){ .kind = DBK_FACT_LEFT, .agent = i });
	/* One buys again, under a name that a customer has. */
	told_add(&told, 30,
		 (struct dbk_fact){ .kind = DBK_FACT_SOLD,
				    .other = 99,
				    .code = 72,
				    .sale_class = DBK_SALE_FORMER,
				    .amount = 10 });
	told_end(&told);
	check_share("customer_head_share", 28, 100, 58, 100);
	check_share("reclassified", 30, 100, 30, 100);
	told_check("of the time behind",
		   &(struct dbk_value[]){
		       told_value(&told, "customer_head_share", 2, 40, 0, 0) }[0],
		   0, 1, 1, 1);
	told_check(
	    "who bought as an agent then",
	    &(struct dbk_value[]){ told_value(&told, "reclassified", 2, 40, 0, 0) }[0],
	    0, 1, 0, 1);
	told_close(&told);
}

/* --------------------------------------------------- facts by chance, counted again */

#define AGENTS 12
#define CUSTOMERS 20
#define DAYS 400

static struct dbk_fact
any_fact(uint64_t *state)
{
	static const uint8_t KINDS[] = { DBK_FACT_FEE,	       DBK_FACT_BOUGHT,
					 DBK_FACT_BOUGHT,      DBK_FACT_BOUGHT_BACK,
					 DBK_FACT_SOLD,	       DBK_FACT_SOLD,
					 DBK_FACT_SOLD,	       DBK_FACT_SOLD_BACK,
					 DBK_FACT_RECLASSED,   DBK_FACT_RANKED,
					 DBK_FACT_PRICE,       DBK_FACT_DEPOSIT,
					 DBK_FACT_DEPOSIT_BACK };
	struct dbk_fact fact = { .kind = KINDS[told_random(state, sizeof KINDS)],
				 .agent = told_random(state, AGENTS) + 1,
				 .amount = told_random(state, 1000) + 1,
				 .code = told_random(state, 3),
				 .is_condition = told_random(state, 2) == 0,
				 .sale_class = (uint8_t)told_random(state, 5),
				 .hash = told_random(state, 5),
				 .other = told_random(state, CUSTOMERS + 1) };

	if (fact.kind == DBK_FACT_SOLD)
		fact.code = fact.sale_class == DBK_SALE_FORMER
				? told_random(state, AGENTS) + 1
			    : fact.sale_class == DBK_SALE_DOUBTED
				? told_random(state, AGENTS)
				: 0;
	return fact;
}

static void
tell_by_chance(uint64_t *state)
{
	int32_t day = 0;

	for (uint32_t i = 1; i <= AGENTS; i++)
		told_join(&told, (int32_t)told_random(state, 60), i, 0);
	for (int i = 0; i < 600; i++) {
		day = (int32_t)told_random(state, DAYS);
		told_add(&told, day, any_fact(state));
	}
	for (uint32_t i = 1; i <= AGENTS; i += 3)
		told_add(&told, 300,
			 (struct dbk_fact){ .kind = DBK_FACT_LEFT, .agent = i });
}

static bool
is_asked(const struct told_fact *at, int32_t from, int32_t to)
{
	return at->day >= from && at->day < to && at->day >= told.from &&
	       at->day < told.to;
}

static int64_t
naive_sum(enum dbk_flow flow, int32_t from, int32_t to)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < told.n; i++) {
		const struct dbk_fact *fact = &told.facts[i].fact;
		uint32_t purchase = DBK_FLOW_STOCK + fact->code;

		if (!is_asked(&told.facts[i], from, to))
			continue;
		if (fact->kind == DBK_FACT_SOLD && fact->sale_class == flow)
			sum += fact->amount;
		if (fact->kind == DBK_FACT_SOLD_BACK && fact->sale_class == flow)
			sum -= fact->amount;
		if (fact->kind == DBK_FACT_RECLASSED && fact->sale_class == flow)
			sum += fact->amount;
		if (fact->kind == DBK_FACT_RECLASSED && fact->hash == flow)
			sum -= fact->amount;
		if (fact->kind == DBK_FACT_BOUGHT && purchase == flow)
			sum += fact->amount;
		if (fact->kind == DBK_FACT_BOUGHT_BACK && purchase == flow)
			sum -= fact->amount;
		if (fact->kind == DBK_FACT_FEE && flow == DBK_FLOW_FEE)
			sum += fact->amount;
		if (fact->kind == DBK_FACT_FEE && flow == DBK_FLOW_FEE_CONDITION)
			sum += fact->is_condition ? fact->amount : 0;
		if (fact->kind == DBK_FACT_RANKED && flow == DBK_FLOW_RANK)
			sum += fact->code == DBK_RANK_PURCHASES ? fact->amount : 0;
		if (fact->kind == DBK_FACT_DEPOSIT && flow == DBK_FLOW_DEPOSIT)
			sum += fact->amount;
		if (fact->kind == DBK_FACT_DEPOSIT_BACK && flow == DBK_FLOW_DEPOSIT)
			sum -= fact->amount;
	}
	return sum;
}

static void
compare_sums(int32_t from, int32_t to)
{
	const struct dbk_flows *flows = dbk_study_flows(told.study);
	int64_t of[DBK_FLOW_KINDS], retail = 0, purchases, revenue;
	struct dbk_value value;

	for (uint32_t i = 0; i < DBK_FLOW_KINDS; i++) {
		of[i] = naive_sum((enum dbk_flow)i, from, to);
		CHECK_INT(dbk_flows_sum(flows, (enum dbk_flow)i, from, to), of[i]);
		retail += i < DBK_SALE_CLASSES ? of[i] : 0;
	}
	purchases = of[DBK_FLOW_STOCK] + of[DBK_FLOW_SELF] + of[DBK_FLOW_AS_CUSTOMER];
	revenue = retail + purchases + of[DBK_FLOW_FEE];
	CHECK_INT(dbk_flows_revenue(flows, from, to), revenue);
	value = told_value(&told, "external_ratio", from, to, 0, 0);
	told_check("external_ratio", &value, of[0], revenue > 0 ? revenue : 0,
		   retail - of[DBK_FLOW_DOUBTED] + purchases - of[DBK_FLOW_STOCK],
		   revenue > 0 ? revenue : 0);
}

static bool
buys(const struct dbk_fact *fact, uint32_t agent, bool with_former)
{
	if (fact->kind == DBK_FACT_FEE || fact->kind == DBK_FACT_BOUGHT)
		return fact->agent == agent;
	return with_former && fact->kind == DBK_FACT_SOLD &&
	       fact->code == agent;
}

static bool
agent_bought(uint32_t agent, bool with_former, int32_t from, int32_t to)
{
	for (uint32_t i = 0; i < told.n; i++)
		if (is_asked(&told.facts[i], from, to) &&
		    buys(&told.facts[i].fact, agent, with_former))
			return true;
	return false;
}

static bool
customer_bought(uint32_t customer, int32_t from, int32_t to)
{
	for (uint32_t i = 0; i < told.n; i++) {
		const struct dbk_fact *fact = &told.facts[i].fact;

		if (is_asked(&told.facts[i], from, to) && fact->kind == DBK_FACT_SOLD &&
		    fact->other == customer && fact->code == 0)
			return true;
	}
	return false;
}

static bool
has_left(uint32_t agent)
{
	return agent % 3 == 1 && told.to > 300;
}

static void
compare_heads(int32_t from, int32_t to)
{
	int64_t customers = 0, agents = 0, gone = 0, reclassified = 0;
	struct dbk_value value;

	for (uint32_t i = 1; i <= CUSTOMERS; i++)
		customers += customer_bought(i, from, to);
	for (uint32_t i = 1; i <= AGENTS; i++) {
		agents += agent_bought(i, true, from, to);
		gone += has_left(i) && agent_bought(i, true, from, to);
		reclassified += has_left(i) && agent_bought(i, false, from, to);
	}
	value = told_value(&told, "customer_head_share", from, to, 0, 0);
	told_check("heads", &value, customers, customers + agents, customers + gone,
		   customers + agents);
	value = told_value(&told, "reclassified", from, to, 0, 0);
	told_check("reclassified", &value, reclassified, customers + agents,
		   reclassified, customers + agents);
}

static int64_t
naive_paid(uint32_t join, int32_t days, bool fees_alone)
{
	const struct told_fact *joined = &told.facts[join], *at;
	int64_t sum = 0;

	for (uint32_t i = 0; i < told.n; i++) {
		at = &told.facts[i];
		if (is_asked(at, told.from, told.to) &&
		    buys(&at->fact, joined->fact.agent, false) &&
		    at->day < joined->day + days &&
		    (!fees_alone || at->fact.kind == DBK_FACT_FEE))
			sum += at->fact.amount;
	}
	return sum;
}

static void
compare_first_days(int32_t from, int32_t to, int32_t days, int64_t amount)
{
	int64_t strict = 0, lenient = 0, joined = 0;
	struct dbk_value value;

	for (uint32_t i = 0; i < AGENTS; i++) {
		if (!is_asked(&told.facts[i], from, to))
			continue;
		joined++;
		strict += naive_paid(i, days, false) > amount;
		lenient += naive_paid(i, days, true) > amount;
	}
	value = told_value(&told, "first_days_excess", from, to, days, amount);
	told_check("first days", &value, strict, joined, lenient, joined);
}

static void
compare_prices(int32_t from, int32_t to)
{
	struct dbk_value value = told_value(&told, "price_max", from, to, 0, 0);
	int64_t highest = -1;

	for (uint32_t i = 0; i < told.n; i++)
		if (is_asked(&told.facts[i], from, to) &&
		    told.facts[i].fact.kind == DBK_FACT_PRICE &&
		    told.facts[i].fact.amount > highest)
			highest = told.facts[i].fact.amount;
	if (highest < 0)
		CHECK_INT(value.strict_state, DBK_VALUE_EMPTY);
	else
		CHECK_INT(value.strict.numerator, highest);
}

static void
test_by_chance(void)
{
	uint64_t state = 6;
	int32_t from, to;

	for (int round = 0; round < 20; round++) {
		told_open(&told, round % 2 == 0 ? INT32_MIN : 50,
			  round % 3 == 0 ? INT32_MAX : 350);
		tell_by_chance(&state);
		told_end(&told);
		for (int i = 0; i < 10; i++) {
			from = (int32_t)told_random(&state, DAYS);
			to = from + (int32_t)told_random(&state, DAYS);
			compare_sums(from, to);
			compare_heads(from, to);
			compare_first_days(from, to,
					   (int32_t)told_random(&state, 366) + 1,
					   told_random(&state, 5000));
			compare_prices(from, to);
		}
		told_close(&told);
	}
}

int
main(void)
{
	check_run("of nothing there is no share", test_empty);
	check_run("each reading has its classes", test_shares);
	check_run("days outside an interval or the window do not count",
		  test_intervals);
	check_run("a sale changes its class on the day of the flag", test_reclassed);
	check_run("what a share shows are the records of its numerator", test_evidence);
	check_run("sums stay at the bound that they would pass", test_saturation);
	check_run("a revenue below 0 is nothing to divide by", test_negative_revenue);
	check_run("first days begin with that of joining", test_first_days);
	check_run("the highest price is of the interval", test_price);
	check_run("agents who were renamed stay agents by rights held", test_renamed);
	check_run("facts by chance come to what loops come to", test_by_chance);
	return check_end();
}
