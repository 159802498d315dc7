#include "base/money.h"

#include <stdio.h>

#include "base/assert.h"

#define EXPONENT_MAX 6

int64_t
dbk_money_ratio(dbk_wide a, int64_t b, int64_t c)
{
	dbk_wide product = a * b;

	dbk_assert(c > 0);
	return dbk_money_bound(product / c - (product % c < 0));
}

int64_t
dbk_money_muldiv(int64_t a, int64_t b, int64_t c)
{
	dbk_wide result;

	dbk_assert(c != 0);
	result = (dbk_wide)a * b / c;
	dbk_assert(result >= INT64_MIN && result <= INT64_MAX);
	return (int64_t)result;
}

size_t
dbk_money_format(int64_t amount, unsigned exponent, char out[DBK_MONEY_TEXT_BYTES])
{
	uint64_t magnitude = amount < 0 ? -(uint64_t)amount : (uint64_t)amount;
	const char *sign = amount < 0 ? "-" : "";
	uint64_t unit = 1;
	int size;

	dbk_assert(exponent <= EXPONENT_MAX);
	for (unsigned i = 0; i < exponent; i++)
		unit *= 10;
	if (exponent == 0)
		size = snprintf(out, DBK_MONEY_TEXT_BYTES, "%s%llu", sign,
				(unsigned long long)magnitude);
	else
		size = snprintf(out, DBK_MONEY_TEXT_BYTES, "%s%llu.%0*llu", sign,
				(unsigned long long)(magnitude / unit), (int)exponent,
				(unsigned long long)(magnitude % unit));
	dbk_assert(size > 0 && size < DBK_MONEY_TEXT_BYTES);
	return (size_t)size;
}
