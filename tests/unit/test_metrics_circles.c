#include "metrics/circles.h"

#include <string.h>

#include "books/effects.h"
#include "guard/guard.h"
#include "../tests/lib/check.h"
#include "../tests/lib/told_study.h"

#define ALL INT32_MIN, INT32_MAX
#define AGENTS 12
#define ROUNDS 300
#define LINE 3000

static struct told_study told;

static void
pass(int32_t day, uint32_t from, uint32_t to, int64_t amount, int64_t qty)
{
	told_add(&told, day,
		 (struct dbk_fact){ .kind = DBK_FACT_GOODS,
				    .agent = from,
				    .other = to,
				    .amount = amount,
				    .qty = qty,
				    .code = DBK_MOVE_PASSED_DOWN });
}

static void
sold(int32_t day, enum dbk_sale_class sale_class, int64_t amount, uint64_t hash)
{
	told_add(&told, day,
		 (struct dbk_fact){ .kind = DBK_FACT_SOLD,
				    .agent = 1,
				    .sale_class = (uint8_t)sale_class,
				    .amount = amount,
				    .hash = hash });
}

static void
check_circular(int64_t inside, int64_t all)
{
	struct dbk_value value = told_value(&told, "circular_share", ALL, 0, 0);

	told_check("circular_share", &value, inside, all, inside, all);
}

static void
test_none(void)
{
	told_open(&told, ALL);
	told_end(&told);
	check_circular(0, 0);
	told_close(&told);
	told_open(&told, ALL);
	pass(0, 1, 2, 100, 1);
	pass(0, 2, 3, 100, 1);
	pass(0, 1, 3, 100, 1);
	pass(0, 4, 4, 100, 1);
	pass(0, 5, 0, 100, 1);
	told_end(&told);
	check_circular(0, 500);
	told_close(&told);
}

static void
test_circle(void)
{
	struct dbk_value value;

	told_open(&told, 0, 10);
	pass(0, 1, 2, 100, 1);
	pass(1, 2, 3, 110, 1);
	pass(2, 3, 1, 120, 1);
	pass(3, 1, 2, 100, 1);
	pass(4, 3, 4, 70, 1);
	pass(10, 4, 3, 1000, 1);
	told_end(&told);
	check_circular(430, 500);
	value = told_value(&told, "circular_share", 0, 10, 0, 0);
	CHECK_INT(value.population, 5);
	CHECK_INT(value.evidence.count, 3);
	CHECK_INT(value.evidence.positions[2], 3);
	told_close(&told);
}

static void
test_units(void)
{
	told_open(&told, ALL);
	pass(0, 1, 2, 0, 30);
	pass(0, 2, 1, 0, 10);
	pass(0, 2, 3, 0, 60);
	told_end(&told);
	check_circular(40, 100);
	told_close(&told);
}

static void
test_long_circle(void)
{
	told_open(&told, ALL);
	for (uint32_t i = 1; i < LINE; i++)
		pass(0, i, i + 1, 1, 1);
	pass(0, LINE, LINE + 1, 1, 1);
	pass(0, LINE, 1, 1, 1);
	told_end(&told);
	check_circular(LINE, LINE + 1);
	told_close(&told);
}

/* Whether one can come from FROM to TO. */
static bool
reaches(bool edges[AGENTS + 1][AGENTS + 1], uint32_t from, uint32_t to)
{
	bool seen[AGENTS + 1] = { false }, more = true;

	seen[from] = true;
	while (more) {
		more = false;
		for (uint32_t a = 1; a <= AGENTS; a++)
			for (uint32_t b = 1; b <= AGENTS; b++)
				if (seen[a] && edges[a][b] && !seen[b])
					seen[b] = more = true;
	}
	return seen[to];
}

static void
test_random(void)
{
	uint64_t state = 1972;

	for (uint32_t round = 0; round < ROUNDS; round++) {
		bool edges[AGENTS + 1][AGENTS + 1];
		uint32_t n = told_random(&state, 30) + 1;
		int64_t inside = 0, all = 0;

		memset(edges, 0, sizeof edges);
		told_open(&told, ALL);
		for (uint32_t i = 0; i < n; i++) {
			uint32_t from = told_random(&state, AGENTS) + 1;
			uint32_t to = told_random(&state, AGENTS) + 1;

			edges[from][to] = true;
			pass(0, from, to, i + 1, 1);
		}
		told_end(&told);
		for (uint32_t i = 0; i < n; i++) {
			const struct dbk_fact *fact = &told.facts[i].fact;

			all += fact->amount;
			if (fact->agent != fact->other &&
			    reaches(edges, fact->other, fact->agent))
				inside += fact->amount;
		}
		check_circular(inside, all);
		told_close(&told);
	}
}

static void
check_wash(int32_t from, int32_t to, int64_t want)
{
	struct dbk_value value = told_value(&told, "wash_count", from, to, 0, 0);

	CHECK_INT(value.strict.numerator, want);
	CHECK_INT(value.lenient.numerator, want);
	CHECK_INT(value.evidence.count, want);
}

static void
test_doubts(void)
{
	struct dbk_fact fact = { .kind = DBK_FACT_RECLASSED,
				 .agent = 1,
				 .amount = 100,
				 .sale_class = DBK_SALE_DOUBTED,
				 .hash = DBK_SALE_VERIFIED };
	struct dbk_value value;

	told_open(&told, ALL);
	sold(0, DBK_SALE_VERIFIED, 100, 0);
	sold(0, DBK_SALE_DOUBTED, 200, 0);
	sold(1, DBK_SALE_DOUBTED, 300, 1);
	told_add(&told, 2, fact);
	fact.sale_class = DBK_SALE_VERIFIED;
	fact.hash = DBK_SALE_DOUBTED;
	told_add(&told, 3, fact);
	told_add(&told, 4,
		 (struct dbk_fact){
		     .kind = DBK_FACT_FINDING, .agent = 1, .code = DBK_GUARD_CYCLE });
	told_add(&told, 5,
		 (struct dbk_fact){
		     .kind = DBK_FACT_FINDING, .agent = 1, .code = DBK_GUARD_AGED });
	told_join(&told, 5, 1, 0);
	told_end(&told);
	check_wash(ALL, 3);
	check_wash(2, 4, 1);
	check_wash(3, 4, 0);
	value = told_value(&told, "linked_share", ALL, 0, 0);
	told_check("linked_share", &value, 500, 600, 500, 600);
	value = told_value(&told, "linked_share", 0, 3, 0, 0);
	told_check("linked_share", &value, 600, 600, 600, 600);
	told_close(&told);
}

int
main(void)
{
	check_run("goods that never come back go in no circle", test_none);
	check_run("goods that come back went in a circle", test_circle);
	check_run("units count where no amount is known", test_units);
	check_run("a circle may be long", test_long_circle);
	check_run("circles are what reaching plainly gives", test_random);
	check_run("sales under a flag, and findings", test_doubts);
	return check_end();
}
