/*
 * test_report_disclosure.c -- what an agent should see before joining, and the eight
 * abstentions, of facts made by hand.
 */

#include "../tests/lib/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "event/verdict.h"
#include "report/abstentions.h"
#include "report/disclosure.h"

#define DAY_US 86400000000

static struct dbk_books *books;
static struct dbk_study *study;
static struct dbk_arena arena;
static struct dbk_report_source source;
static uint64_t position;

static int32_t
day(int year, unsigned month, unsigned of_month)
{
	return (int32_t)dbk_time_days_of_civil(year, month, of_month);
}

static void
must(enum dbk_err err, const char *what)
{
	struct dbk_error error = { .code = err };

	check_must(err, &error, what);
}

static void
begin(int32_t from, int32_t to)
{
	static const unsigned char key[DBK_HASH_KEY_BYTES] = { 1 };

	position = 0;
	source =
	    (struct dbk_report_source){ .options = { .from_day = from, .to_day = to },
					.program = "daybook test" };
	must(dbk_books_open(key, &books), "books");
	must(dbk_study_open(&source.options, &study), "a study");
	dbk_arena_init(&arena, (size_t)1 << 22);
	source.books = books;
	source.study = study;
}

static void
finish(void)
{
	dbk_arena_fini(&arena);
	dbk_study_close(study);
	dbk_books_close(books);
}

static void
tell(struct dbk_fact fact, int32_t on)
{
	fact.position = position++;
	fact.at = on * DAY_US;
	must(dbk_study_add(study, &fact), "a fact");
}

static void
join(uint32_t agent, int32_t on)
{
	tell((struct dbk_fact){ .kind = DBK_FACT_JOINED, .agent = agent }, on);
}

static void
pay_fee(uint32_t agent, int64_t amount, int32_t on)
{
	tell(
	    (struct dbk_fact){ .kind = DBK_FACT_FEE, .agent = agent, .amount = amount },
	    on);
}

static void
buy(uint32_t agent, int64_t amount, int32_t on)
{
	tell(
	    (struct dbk_fact){
		.kind = DBK_FACT_BOUGHT, .agent = agent, .amount = amount, .qty = 1 },
	    on);
}

static void
reward(uint32_t agent, enum dbk_reward_basis basis, int64_t amount, int32_t on)
{
	tell((struct dbk_fact){ .kind = DBK_FACT_REWARD,
				.agent = agent,
				.basis = basis,
				.amount = amount },
	     on);
}

static Daybook__Report__V1__DisclosureReport *
make(void)
{
	must(dbk_study_end(study), "the end");
	return dbk_disclosure_make(&source, &arena);
}

static void
test_nobody(void)
{
	const Daybook__Report__V1__DisclosureReport *report;

	begin(INT32_MIN, day(2026, 1, 1));
	report = make();
	if (CHECK(report != NULL)) {
		CHECK_INT(report->participants, 0);
		CHECK_INT(report->median_income, 0);
		CHECK_INT(report->n_bands, 5);
		CHECK_INT(report->bands[4]->persons, 0);
		CHECK_INT(report->from_retail->strict->state,
			  DAYBOOK__REPORT__V1__FIGURE_STATE__EMPTY);
		CHECK(strcmp(report->year_from, "2025-01-01") == 0);
		CHECK(strcmp(report->year_to, "2026-01-01") == 0);
	}
	finish();
}

/* Ten agents who pay 100; agent i has 10 * i of retail, the tenth 1000 for heads. */
static void
tell_ten(void)
{
	for (uint32_t i = 1; i <= 10; i++) {
		join(i, day(2025, 1, 10));
		pay_fee(i, 100, day(2025, 1, 10));
	}
	reward(1, DBK_REWARD_OTHER, 7, day(2024, 12, 31)); /* the year before */
	for (uint32_t i = 1; i < 10; i++)
		reward(i, DBK_REWARD_OWN_RETAIL, 10 * i, day(2025, 2, 1));
	reward(10, DBK_REWARD_HEADCOUNT, 1000, day(2025, 3, 1));
	tell((struct dbk_fact){ .kind = DBK_FACT_LEFT, .agent = 2 }, day(2025, 12, 30));
	buy(3, 50, day(2025, 6, 1));
}

static void
test_ten(void)
{
	const Daybook__Report__V1__DisclosureReport *report;

	begin(INT32_MIN, day(2026, 1, 1));
	tell_ten();
	report = make();
	CHECK_INT(report->participants, 10);
	CHECK_INT(report->paid_nothing, 0);
	CHECK_INT(report->lost_strict, 9);
	CHECK_INT(report->lost_lenient, 9);
	CHECK_INT(report->left_within_year, 1);
	CHECK_INT(report->median_income, 50);
	CHECK_INT(report->mean_income, (450 + 1000) / 10);
	CHECK_INT(report->median_net, -50); /* -120 -83 -80 -60 -50 ... */
	CHECK_INT(report->median_fees, 100);
	CHECK_INT(report->median_purchases, 0);
	CHECK_INT(report->months_to_break_even, 0);
	CHECK_INT(report->bands[0]->persons, 5);
	CHECK_INT(report->bands[0]->least, 10);
	CHECK_INT(report->bands[0]->most, 50);
	CHECK_INT(report->bands[0]->median, 30);
	CHECK_INT(report->bands[0]->mean, 30);
	CHECK_INT(report->bands[0]->median_paid_in, 100);
	CHECK_INT(report->bands[1]->persons, 2);
	CHECK_INT(report->bands[2]->persons, 2);
	CHECK_INT(report->bands[3]->persons, 0);
	CHECK_INT(report->bands[4]->persons, 1);
	CHECK_INT(report->bands[4]->most, 1000);
	CHECK_INT(report->from_retail->strict->numerator, 450);
	CHECK_INT(report->from_retail->strict->denominator, 1450);
	CHECK_INT(report->from_recruiting->lenient->numerator, 1000);
	CHECK_INT(report->from_purchases->strict->numerator, 0);
	CHECK(report->n_months >= 12 && report->n_figures > 5);
	finish();
}

/* Three pay 100 each: one has it back in the month of joining, one in the third, one
 * never; then the third is left out and the median is the lower of two. */
static void
test_break_even(void)
{
	for (uint32_t people = 2; people <= 4; people++) {
		const Daybook__Report__V1__DisclosureReport *report;

		begin(INT32_MIN, day(2026, 1, 1));
		for (uint32_t i = 1; i <= people; i++) {
			join(i, day(2025, 1, 31));
			pay_fee(i, 100, day(2025, 1, 31));
		}
		reward(1, DBK_REWARD_OTHER, 60, day(2025, 1, 31));
		reward(1, DBK_REWARD_OTHER, 40, day(2025, 1, 31));
		reward(2, DBK_REWARD_OTHER, 99, day(2025, 2, 1));
		reward(2, DBK_REWARD_OTHER, 1, day(2025, 3, 1));
		report = make();
		CHECK_INT(report->months_to_break_even, people == 2 ? 1 : 3);
		finish();
	}
}

static void
test_first_year(void)
{
	const Daybook__Report__V1__DisclosureReport *report;

	begin(INT32_MIN, day(2027, 1, 1));
	join(1, day(2025, 1, 1));
	buy(1, 5, day(2025, 12, 31));
	buy(1, 70, day(2026, 1, 1)); /* a day too late */
	report = make();
	CHECK_INT(report->median_purchases, 5);
	CHECK_INT(report->bands[4]->median_paid_in, 70);
	CHECK_INT(report->active, 1);
	finish();
	begin(INT32_MIN, day(2027, 2, 1));
	join(1, day(2025, 1, 1));
	buy(1, 70, day(2026, 1, 1));
	report = make();
	CHECK_INT(report->active, 0);
	CHECK_INT(report->bands[4]->median_paid_in, 0);
	CHECK(strcmp(report->year_from, "2026-02-01") == 0);
	finish();
}

static const Daybook__Report__V1__Figure *
figure_of(Daybook__Report__V1__AbstentionRow *const *rows, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < rows[i]->n_figures; j++)
			if (strcmp(rows[i]->figures[j]->metric, name) == 0)
				return rows[i]->figures[j];
	CHECK(!"there is such a figure");
	return NULL;
}

static void
find(enum dbk_rule rule, bool red, int32_t on)
{
	tell((struct dbk_fact){ .kind = DBK_FACT_FINDING, .qty = rule, .amount = red },
	     on);
}

static void
test_abstentions(void)
{
	static const struct {
		const char *name;
		int64_t numerator, denominator;
	} wanted[] = {
		{ "sales", 4, 1 },
		{ "findings", 15, 1 },
		{ "red_findings", 3, 1 },
		{ "red_per_sale", 3, 4 },
		{ "custody_findings", 3, 1 },
		{ "count_findings", 1, 1 },
		{ "forged_per_sale", 1, 4 },
		{ "entry_fee_findings", 1, 1 },
		{ "price_band_per_sale", 1, 4 },
		{ "territory_per_sale", 1, 4 },
		{ "diversion_findings", 1, 1 },
		{ "profiteering_findings", 1, 1 },
		{ "flooding_findings", 1, 1 },
		{ "bindings_findings", 1, 1 },
		{ "friend_price_findings", 1, 1 },
	};
	static const enum dbk_rule rules[] = {
		DBK_RULE_SERIAL_TWICE,	   DBK_RULE_CUSTODY_CHAIN,
		DBK_RULE_SEAL_BROKEN,	   DBK_RULE_COUNT_DIFFERENCE,
		DBK_RULE_FAKE_ORDER,	   DBK_RULE_ENTRY_FEE,
		DBK_RULE_PRICE_BAND,	   DBK_RULE_TERRITORY,
		DBK_RULE_DIVERSION,	   DBK_RULE_PROFITEERING,
		DBK_RULE_FLOODING,	   DBK_RULE_BINDINGS_PER_DAY,
		DBK_RULE_FRIEND_PRICE,	   DBK_RULE_BUYBACK_OVERDUE,
		DBK_RULE_RESTOCK_STANDING,
	};
	Daybook__Report__V1__AbstentionRow **rows;
	struct dbk_maker maker;
	size_t n;

	begin(day(2026, 1, 1), day(2026, 2, 1));
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		find(rules[i], i < 3, day(2026, 1, 1));
	find(DBK_RULE_FLOODING, true, day(2025, 12, 31));
	find(DBK_RULE_FLOODING, true, day(2026, 2, 1));
	for (int i = 0; i < 4; i++)
		tell((struct dbk_fact){ .kind = DBK_FACT_SOLD, .amount = 5, .qty = 1 },
		     day(2026, 1, 31));
	must(dbk_study_end(study), "the end");
	dbk_maker_init(&maker, &arena);
	rows = dbk_abstentions_make(&maker, study, &n);
	CHECK(!maker.failed);
	CHECK_INT(n, 8);
	CHECK(strcmp(rows[0]->abstention, "rules") == 0);
	CHECK(strcmp(rows[7]->name->zh, "不杀熟") == 0);
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
		const Daybook__Report__V1__Figure *figure =
		    figure_of(rows, n, wanted[i].name);

		if (figure == NULL)
			continue;
		CHECK_INT(figure->strict->numerator, wanted[i].numerator);
		CHECK_INT(figure->strict->denominator, wanted[i].denominator);
		CHECK(figure->evidence != 0);
	}
	finish();
}

static void
test_no_memory(void)
{
	begin(INT32_MIN, day(2026, 1, 1));
	tell_ten();
	must(dbk_study_end(study), "the end");
	for (size_t cap = 64; cap < (size_t)1 << 18; cap = cap * 5 / 4) {
		struct dbk_arena small;

		dbk_arena_init(&small, cap);
		if (dbk_disclosure_make(&source, &small) != NULL)
			CHECK(cap > 4096);
		dbk_arena_fini(&small);
	}
	finish();
}

int
main(void)
{
	check_run("nobody takes part", test_nobody);
	check_run("ten take part and one earns", test_ten);
	check_run("the month in which half have got back what they paid",
		  test_break_even);
	check_run("the first year and the last", test_first_year);
	check_run("the eight abstentions", test_abstentions);
	check_run("without memory there is no report", test_no_memory);
	return check_end();
}
