#include "metrics/duties.h"

#include "../tests/lib/check.h"
#include "../tests/lib/told_study.h"
#include "books/effects.h"

#define ALL INT32_MIN, INT32_MAX

static struct told_study told;

static void
tell(int32_t day, enum dbk_fact_kind kind, uint32_t agent, uint32_t code, int64_t qty)
{
	told_add(&told, day,
		 (struct dbk_fact){
		     .kind = (uint8_t)kind, .agent = agent, .code = code, .qty = qty });
}

static void
check_share(const char *name, int32_t from, int32_t to, int64_t parameter, int64_t want,
	    int64_t of)
{
	struct dbk_value value = told_value(&told, name, from, to, parameter, 0);

	told_check(name, &value, want, of, want, of);
}

static void
test_empty(void)
{
	told_open(&told, ALL);
	told_end(&told);
	check_share("buyback_honoured", ALL, 0, 0, 0);
	check_share("buyback_low", ALL, 900000, 0, 0);
	check_share("early_returns_denied", ALL, 7, 0, 0);
	check_share("unexplained_denials", ALL, 0, 0, 0);
	told_close(&told);
}

static void
test_honoured(void)
{
	struct dbk_value value;

	told_open(&told, 10, 30);
	tell(9, DBK_FACT_BUYBACK_ASKED, 1, 0, 1000);
	tell(10, DBK_FACT_BUYBACK_ASKED, 1, 0, 10);
	tell(12, DBK_FACT_BUYBACK_ASKED, 2, 0, 20);
	tell(20, DBK_FACT_BUYBACK_SETTLED, 1, 900000, 10);
	tell(29, DBK_FACT_BUYBACK_SETTLED, 2, 900000, 5);
	tell(30, DBK_FACT_BUYBACK_SETTLED, 2, 900000, 15);
	told_end(&told);
	check_share("buyback_honoured", ALL, 0, 15, 30);
	check_share("buyback_honoured", 10, 29, 0, 10, 30);
	check_share("buyback_honoured", 11, 30, 0, 15, 20);
	check_share("buyback_honoured", 13, 30, 0, 15, 0);
	value = told_value(&told, "buyback_honoured", ALL, 0, 0);
	CHECK_INT(value.population, 2);
	CHECK_INT(value.evidence.n, 2);
	CHECK_INT(value.evidence.positions[0], 4);
	told_close(&told);
}

static void
test_low_price(void)
{
	told_open(&told, ALL);
	for (uint32_t i = 0; i < 3; i++)
		tell(10 + (int32_t)i, DBK_FACT_BUYBACK_SETTLED, 1, 899999 + i, 1);
	told_end(&told);
	check_share("buyback_low", ALL, 899999, 0, 3);
	check_share("buyback_low", ALL, 900000, 1, 3);
	check_share("buyback_low", ALL, 900001, 2, 3);
	check_share("buyback_low", ALL, 900002, 3, 3);
	check_share("buyback_low", 11, 12, 900001, 1, 1);
	told_close(&told);
}

static void
buyback(int32_t day, enum dbk_fact_kind kind, uint32_t request, int64_t qty)
{
	told_add(&told, day,
		 (struct dbk_fact){ .kind = (uint8_t)kind,
				    .agent = 1,
				    .code = 900000,
				    .hash = request,
				    .qty = qty });
}

static void
tell_requests(void)
{
	for (uint32_t request = 1; request <= 6; request++)
		buyback(10, DBK_FACT_BUYBACK_ASKED, request, 5);
	buyback(9, DBK_FACT_BUYBACK_ASKED, 7, 1);
	buyback(17, DBK_FACT_BUYBACK_SETTLED, 1, 5);
	buyback(18, DBK_FACT_BUYBACK_SETTLED, 2, 5); /* a day late */
	buyback(19, DBK_FACT_BUYBACK_SETTLED, 3, 1);
	buyback(16, DBK_FACT_BUYBACK_SETTLED, 3, 4); /* late by the other part */
	buyback(11, DBK_FACT_BUYBACK_SETTLED, 4, 4); /* one unit stays open */
	buyback(30, DBK_FACT_BUYBACK_SETTLED, 5, 5); /* behind the window */
	buyback(12, DBK_FACT_BUYBACK_SETTLED, 7, 1); /* asked before the window */
	buyback(12, DBK_FACT_BUYBACK_SETTLED, 0, 5); /* nobody asked */
}

static void
check_late(int32_t from, int32_t to, int64_t days, int64_t strict, int64_t lenient,
	   int64_t of)
{
	struct dbk_value value = told_value(&told, "buyback_late", from, to, days, 0);

	told_check("buyback_late", &value, strict, of, lenient, of);
	CHECK_INT(value.population, of);
	CHECK_INT(value.evidence.count, strict);
}

static void
test_late(void)
{
	struct dbk_value value;

	told_open(&told, 10, 30);
	tell_requests();
	told_end(&told);
	check_late(10, 30, 7, 5, 2, 6);
	check_late(10, 11, 8, 4, 1, 6);
	check_late(10, 30, 9, 3, 0, 6);
	check_late(10, 30, 6, 6, 3, 6);
	check_late(10, 30, 19, 3, 0, 6);
	check_late(10, 30, 20, 0, 0, 6);
	check_late(10, 30, INT64_MAX, 0, 0, 6);
	check_late(11, 30, 7, 0, 0, 0);
	value = told_value(&told, "buyback_late", 10, 30, 7, 0);
	CHECK_INT(value.evidence.positions[0], 2);
	told_close(&told);
}

static void
check_open(int32_t to, int64_t want)
{
	told_open(&told, INT32_MIN, to);
	buyback(10, DBK_FACT_BUYBACK_ASKED, 1, 5);
	tell(17, DBK_FACT_PAYOUT_DENIED, 1, 1, 0);
	told_end(&told);
	check_late(ALL, 7, want, 0, 1);
	told_close(&told);
}

static void
test_open(void)
{
	check_open(17, 0);
	check_open(18, 1);
	check_open(INT32_MAX, 1);
}

/* AGENT has a unit and leaves on DAY. */
static void
leave(uint32_t agent, int32_t day)
{
	told_join(&told, 0, agent, 0);
	told_add(&told, 1,
		 (struct dbk_fact){ .kind = DBK_FACT_GOODS,
				    .agent = agent,
				    .code = DBK_MOVE_RECEIVED,
				    .hash = 7,
				    .qty = 1 });
	tell(day, DBK_FACT_LEFT, agent, 0, 0);
}

static void
tell_leavers(void)
{
	leave(1, 10); /* never */
	leave(2, 10);
	tell(10, DBK_FACT_BUYBACK_SETTLED, 2, 900000, 1); /* on the day */
	leave(3, 10);
	tell(40, DBK_FACT_BUYBACK_SETTLED, 3, 900000, 1); /* on the last day */
	leave(4, 10);
	tell(41, DBK_FACT_BUYBACK_SETTLED, 4, 900000, 1); /* a day late */
	leave(5, 10);
	tell(9, DBK_FACT_BUYBACK_SETTLED, 5, 900000, 1); /* before */
	leave(6, 10);
	told_join(&told, 0, 7, 0);
	tell(10, DBK_FACT_LEFT, 7, 0, 0); /* with nothing */
}

static void
test_leavers(void)
{
	struct dbk_fact lost = { .kind = DBK_FACT_GOODS,
				 .agent = 6,
				 .code = DBK_MOVE_LOST,
				 .hash = 7,
				 .qty = 1 };
	struct dbk_value value;

	told_open(&told, INT32_MIN, 100);
	tell_leavers();
	told_add(&told, 12, lost);
	told_end(&told);
	/* 1, 4 and 5 beside four buy-backs at the due price. */
	check_share("buyback_low", ALL, 900000, 3, 7);
	check_share("buyback_low", 11, 100, 900000, 0, 2);
	value = told_value(&told, "buyback_low", 10, 11, 900000, 0);
	told_check("of the day they left", &value, 3, 4, 3, 4);
	CHECK_INT(value.evidence.n, 3);
	CHECK_INT(value.evidence.positions[0], 3);
	told_close(&told);
}

static void
check_wait(int32_t to, int64_t want)
{
	told_open(&told, INT32_MIN, to);
	leave(1, 10);
	told_end(&told);
	check_share("buyback_low", ALL, 900000, want, want);
	told_close(&told);
}

static void
test_wait(void)
{
	check_wait(11, 0);
	check_wait(40, 0);
	check_wait(41, 1);
	check_wait(INT32_MAX, 0);
}

static void
test_early_returns(void)
{
	told_open(&told, ALL);
	for (int64_t days = 0; days < 400; days += 7) {
		tell(20, DBK_FACT_REFUND_ASKED, 1, 0, days);
		if (days % 2 == 1)
			tell(21, DBK_FACT_REFUND_DENIED, 1, 0, days);
	}
	told_end(&told);
	check_share("early_returns_denied", ALL, 0, 0, 1);
	check_share("early_returns_denied", ALL, 6, 0, 1);
	check_share("early_returns_denied", ALL, 7, 1, 2);
	check_share("early_returns_denied", ALL, 21, 2, 4);
	check_share("early_returns_denied", 20, 21, 21, 0, 4);
	check_share("early_returns_denied", ALL, 366, 26, 53);
	check_share("early_returns_denied", ALL, 1000, 26, 53);
	check_share("early_returns_denied", ALL, -1, 0, 0);
	told_close(&told);
}

static void
test_denials(void)
{
	struct dbk_value value;

	told_open(&told, ALL);
	tell(1, DBK_FACT_PAYOUT_DENIED, 1, 1, 0);
	tell(2, DBK_FACT_PAYOUT_DENIED, 1, 0, 0);
	tell(3, DBK_FACT_PAYOUT_DENIED, 1, 1, 0);
	told_end(&told);
	check_share("unexplained_denials", ALL, 0, 1, 3);
	check_share("unexplained_denials", 3, 4, 0, 0, 1);
	value = told_value(&told, "unexplained_denials", ALL, 0, 0);
	CHECK_INT(value.evidence.n, 1);
	CHECK_INT(value.evidence.positions[0], 2);
	told_close(&told);
}

static void
test_log(void)
{
	struct dbk_value value;

	told_open(&told, ALL);
	told_end(&told);
	check_share("log_whole", ALL, 0, 0, 1);
	dbk_study_log_is_whole(told.study);
	check_share("log_whole", ALL, 0, 1, 1);
	value = told_value(&told, "outside", ALL, 0, 0);
	CHECK_INT(value.strict_state, DBK_VALUE_OUTSIDE);
	CHECK_INT(value.lenient_state, DBK_VALUE_OUTSIDE);
	told_close(&told);
}

/* --------------------------------------------------- facts by chance, counted again */

#define DAYS 100

static int64_t
naive(enum dbk_fact_kind kind, int32_t from, int32_t to, int64_t most, bool units)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < told.n; i++) {
		const struct told_fact *at = &told.facts[i];

		if (at->fact.kind == kind && at->day >= from && at->day < to &&
		    at->fact.qty <= most)
			sum += units ? at->fact.qty : 1;
	}
	return sum;
}

static void
compare(int32_t from, int32_t to, int64_t days)
{
	check_share("buyback_honoured", from, to, 0,
		    naive(DBK_FACT_BUYBACK_SETTLED, from, to, INT64_MAX, true),
		    naive(DBK_FACT_BUYBACK_ASKED, from, to, INT64_MAX, true));
	check_share("early_returns_denied", from, to, days,
		    naive(DBK_FACT_REFUND_DENIED, from, to, days, false),
		    naive(DBK_FACT_REFUND_ASKED, from, to, days, false));
}

static void
test_by_chance(void)
{
	uint64_t state = 6666;
	int32_t from;

	for (int round = 0; round < 10; round++) {
		told_open(&told, ALL);
		for (int i = 0; i < 400; i++)
			tell((int32_t)told_random(&state, DAYS),
			     (enum dbk_fact_kind)(DBK_FACT_REFUND_ASKED +
						  told_random(&state, 4)),
			     told_random(&state, 9) + 1, 900000,
			     told_random(&state, 90));
		told_end(&told);
		for (int i = 0; i < 20; i++) {
			from = (int32_t)told_random(&state, DAYS);
			compare(from, from + (int32_t)told_random(&state, DAYS),
				told_random(&state, 100));
		}
		told_close(&told);
	}
}

int
main(void)
{
	check_run("who owes nothing has no shares", test_empty);
	check_run("units bought back stand against those asked for", test_honoured);
	check_run("a buy-back below the due price is low", test_low_price);
	check_run("a buy-back is late by its last settlement, or for want of it",
		  test_late);
	check_run("an open request is late when its days are over", test_open);
	check_run("who left with goods was not bought out in thirty days",
		  test_leavers);
	check_run("nobody is late before the days are over", test_wait);
	check_run("returns are early by the days of the request", test_early_returns);
	check_run("a denial without a reason is unexplained", test_denials);
	check_run("a log is whole when its root came out", test_log);
	check_run("facts by chance come to what loops come to", test_by_chance);
	return check_end();
}
