#include "base/money.h"
#include "metrics/flows.h"
#include "../tests/lib/check.h"
#include "../tests/lib/told_study.h"

#define ALL INT32_MIN, INT32_MAX

static struct told_study told;

static void
tell(int32_t day, enum dbk_fact_kind kind, uint32_t agent, int64_t amount)
{
	told_add(&told, day,
		 (struct dbk_fact){ .kind = (uint8_t)kind,
				    .agent = agent,
				    .amount = amount,
				    .is_condition = true });
}

static struct dbk_value
check_entry(int32_t from, int32_t to, int64_t strict, int64_t lenient)
{
	struct dbk_value value = told_value(&told, "entry_payments", from, to, 0, 0);

	told_check("entry_payments", &value, strict, 1, lenient, 1);
	return value;
}

static void
check_plain(const char *name, int64_t want)
{
	struct dbk_value value = told_value(&told, name, ALL, 0, 0);

	told_check(name, &value, want, 1, want, 1);
}

/* On day 10 came 500, on day 20 went 300 of them, and on day 30 the rest. */
static void
tell_security(void)
{
	told_join(&told, 0, 1, 0);
	tell(10, DBK_FACT_DEPOSIT, 1, 500);
	tell(20, DBK_FACT_DEPOSIT_BACK, 1, 300);
	tell(30, DBK_FACT_DEPOSIT_BACK, 1, 200);
}

static void
test_nothing_left(void)
{
	struct dbk_value value;

	told_open(&told, ALL);
	tell_security();
	told_end(&told);
	value = check_entry(ALL, 0, 0);
	CHECK_INT(value.population, 0);
	CHECK_INT(value.evidence.count, 0);
	check_entry(20, 40, 0, 0);
	told_close(&told);
}

static void
test_one_reading(void)
{
	struct dbk_value value;

	told_open(&told, ALL);
	tell_security();
	tell(10, DBK_FACT_FEE, 1, 40);
	told_end(&told);
	value = check_entry(10, 11, 540, 40);
	CHECK_INT(value.population, 2);
	CHECK_INT(value.evidence.count, 2);
	check_entry(10, 30, 240, 40);
	check_entry(ALL, 40, 40);
	check_entry(20, 40, 0, 0);
	told_close(&told);
}

static void
test_nowhere_else(void)
{
	struct dbk_value value;

	told_open(&told, ALL);
	told_join(&told, 0, 1, 0);
	tell(10, DBK_FACT_DEPOSIT, 1, 500);
	told_end(&told);
	check_plain("fees", 0);
	check_plain("revenue", 0);
	value = told_value(&told, "package_share", ALL, 0, 0);
	CHECK_INT(value.strict_state, DBK_VALUE_EMPTY);
	value = told_value(&told, "customer_head_share", ALL, 0, 0);
	CHECK_INT(value.population, 0);
	told_close(&told);
}

static void
test_participant(void)
{
	told_open(&told, ALL);
	told_join(&told, 0, 1, 0);
	told_join(&told, 0, 2, 1);
	told_join(&told, 0, 3, 1);
	tell(10, DBK_FACT_DEPOSIT, 2, 500);
	tell(11, DBK_FACT_DEPOSIT_BACK, 2, 500);
	tell(11, DBK_FACT_DEPOSIT_BACK, 3, 1);
	told_end(&told);
	check_plain("participants", 2);
	told_close(&told);
}

static void
test_bound(void)
{
	told_open(&told, ALL);
	told_join(&told, 0, 1, 0);
	tell(10, DBK_FACT_FEE, 1, INT64_MAX);
	tell(10, DBK_FACT_DEPOSIT, 1, INT64_MAX);
	told_end(&told);
	check_entry(ALL, dbk_money_bound((dbk_wide)INT64_MAX * 2),
		    dbk_money_bound(INT64_MAX));
	told_close(&told);
}

int
main(void)
{
	check_run("a deposit that went back is no price of entry", test_nothing_left);
	check_run("a deposit counts in the strict reading alone", test_one_reading);
	check_run("a deposit is no fee and no revenue", test_nowhere_else);
	check_run("who left a deposit takes part, given back or not", test_participant);
	check_run("with deposits the sum stays at its bound", test_bound);
	return check_end();
}
