#include "plan/split.h"

#include <stdbool.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "base/money.h"

__extension__ typedef unsigned __int128 wide;

/* Marks a place of AMOUNTS whose part gets a unit; below it stands an index. */
#define UNIT ((int64_t)1 << 32)

/* Claims, or a total and weights: the rest of the work is the same for both. */
struct division {
	const struct dbk_claim *claims; /* NULL: weights */
	const int64_t *weights;
	uint64_t total;
	wide divisor; /* of the remainders */
};

struct part {
	int64_t whole;
	wide rest;
};

static inline struct part
part_of(const struct division *division, uint32_t i)
{
	struct part part;

	if (division->claims != NULL) {
		int64_t rate = division->claims[i].rate_ppm;
		int64_t high = division->claims[i].base / DBK_PPM_MAX;
		int64_t low = division->claims[i].base % DBK_PPM_MAX * rate;

		part.whole = high * rate + low / DBK_PPM_MAX;
		part.rest = (wide)(low % DBK_PPM_MAX);
	} else {
		wide product = (wide)division->total * (uint64_t)division->weights[i];

		part.whole = (int64_t)(product / division->divisor);
		part.rest = product % division->divisor;
	}
	return part;
}

static bool
stands_before(const struct division *division, uint32_t a, uint32_t b)
{
	wide rest_a = part_of(division, a).rest;
	wide rest_b = part_of(division, b).rest;

	return rest_a > rest_b || (rest_a == rest_b && a < b);
}

static uint32_t
heap_at(const int64_t *amounts, uint64_t place)
{
	return (uint32_t)(amounts[place] & (UNIT - 1));
}

/* The mark belongs to the place, not to the index that moves through it. */
static void
heap_put(int64_t *amounts, uint64_t place, uint32_t index)
{
	amounts[place] = (amounts[place] & UNIT) | index;
}

static void
heap_sink(const struct division *division, int64_t *amounts, uint64_t place,
	  uint32_t size)
{
	uint32_t index = heap_at(amounts, place);

	for (;;) {
		uint64_t child = 2 * place + 1;

		if (child >= size)
			break;
		if (child + 1 < size &&
		    stands_before(division, heap_at(amounts, child + 1),
				  heap_at(amounts, child)))
			child++;
		if (!stands_before(division, heap_at(amounts, child), index))
			break;
		heap_put(amounts, place, heap_at(amounts, child));
		place = child;
	}
	heap_put(amounts, place, index);
}

/*
 * The parts again, with UNITS (below N) more for those with the largest remainders.
 * AMOUNTS is first a heap of indexes, so that any number of parts needs no memory:
 * n + units * log n comparisons.
 */
static void
give_units(const struct division *division, uint32_t n, uint32_t units,
	   int64_t *amounts)
{
	for (uint32_t i = 0; i < n; i++)
		amounts[i] = i;
	for (uint32_t i = n / 2; i-- > 0;)
		heap_sink(division, amounts, i, n);
	for (uint32_t size = n; units > 0; units--) {
		uint32_t first = heap_at(amounts, 0);

		heap_put(amounts, 0, heap_at(amounts, --size));
		heap_sink(division, amounts, 0, size);
		amounts[first] |= UNIT;
	}
	for (uint32_t i = 0; i < n; i++)
		amounts[i] = part_of(division, i).whole + (amounts[i] >= UNIT);
}

/* Divide, and return the sum of the parts. */
static int64_t
divide(const struct division *division, uint32_t n, int64_t *amounts)
{
	int64_t sum = 0;
	wide rest = 0;
	uint32_t units;

	for (uint32_t i = 0; i < n; i++) {
		struct part part = part_of(division, i);
		bool fits = dbk_money_add(sum, part.whole, &sum);

		dbk_assert(fits);
		amounts[i] = part.whole;
		rest += part.rest;
	}
	units = (uint32_t)(rest / division->divisor);
	if (units > 0) {
		bool fits = dbk_money_add(sum, units, &sum);

		dbk_assert(fits);
		give_units(division, n, units, amounts);
	}
	return sum;
}

/* The remainders of claims are parts of a million, and their sum needs no wide
 * arithmetic. */
int64_t
dbk_split_claims(const struct dbk_claim *claims, uint32_t n, int64_t *amounts)
{
	struct division division = { .claims = claims, .divisor = DBK_PPM_MAX };
	uint64_t rest = 0;
	int64_t sum = 0;
	bool fits = true;

	dbk_assert(n <= DBK_SPLIT_MAX);
	for (uint32_t i = 0; i < n; i++) {
		struct part part;

		dbk_assert(claims[i].base >= 0 && claims[i].rate_ppm <= DBK_PPM_MAX);
		part = part_of(&division, i);
		fits &= dbk_money_add(sum, part.whole, &sum);
		amounts[i] = part.whole;
		rest += (uint64_t)part.rest;
	}
	fits &= dbk_money_add(sum, (int64_t)(rest / DBK_PPM_MAX), &sum);
	dbk_assert(fits);
	if (rest >= DBK_PPM_MAX)
		give_units(&division, n, (uint32_t)(rest / DBK_PPM_MAX), amounts);
	return sum;
}

void
dbk_split_weights(int64_t total, const int64_t *weights, uint32_t n, int64_t *amounts)
{
	struct division division = { .weights = weights, .total = (uint64_t)total };
	int64_t sum;

	dbk_assert(total >= 0);
	for (uint32_t i = 0; i < n; i++) {
		dbk_assert(weights[i] >= 0);
		division.divisor += (uint64_t)weights[i];
	}
	dbk_assert(division.divisor > 0);
	sum = divide(&division, n, amounts);
	dbk_assert(sum == total);
}

int64_t
dbk_split_retained(int64_t accrued, int64_t base, int64_t refunded)
{
	dbk_assert(accrued >= 0 && base > 0 && refunded >= 0 && refunded <= base);
	return dbk_money_muldiv(accrued, base - refunded, base);
}
