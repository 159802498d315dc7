#ifndef DBK_BASE_MONEY_H
#define DBK_BASE_MONEY_H

/*
 * money.h -- checked arithmetic on amounts, and amounts as text.
 *
 * An amount is an int64 in minor units of the book's currency; a quantity is an int64
 * in base units.  No sum goes unchecked.  What is held must be exact: add and multiply
 * say whether the result fits.  What is only told or compared (measures, totals of a
 * report) stays at the bound of int64 that it would pass: bound, sum and ratio.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False if A + B does not fit; *OUT is then left alone. */
static inline bool
dbk_money_add(int64_t a, int64_t b, int64_t *out)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return false;
	*out = sum;
	return true;
}

/* False if A * B does not fit; *OUT is then left alone. */
static inline bool
dbk_money_multiply(int64_t a, int64_t b, int64_t *out)
{
	int64_t product;

	if (__builtin_mul_overflow(a, b, &product))
		return false;
	*out = product;
	return true;
}

/* Holds any product of two int64. */
__extension__ typedef __int128 dbk_wide;

/* VALUE, or the bound of int64 that it is beyond. */
static inline int64_t
dbk_money_bound(dbk_wide value)
{
	if (value > INT64_MAX)
		return INT64_MAX;
	return value < INT64_MIN ? INT64_MIN : (int64_t)value;
}

/* A + B, bounded. */
static inline int64_t
dbk_money_sum(int64_t a, int64_t b)
{
	int64_t sum;

	if (!__builtin_add_overflow(a, b, &sum))
		return sum;
	return b < 0 ? INT64_MIN : INT64_MAX;
}

/*
 * floor(A * B / C), bounded.  C is above 0 (asserted); A may be a sum of two int64, as
 * long as B is below 2^62.
 */
int64_t dbk_money_ratio(dbk_wide a, int64_t b, int64_t c);

/*
 * A * B / C rounded towards zero with a 128-bit product.  C is not 0; the caller
 * knows that the result fits (asserted).
 */
int64_t dbk_money_muldiv(int64_t a, int64_t b, int64_t c);

/* "-12345678901234567.123456" and a terminator. */
#define DBK_MONEY_TEXT_BYTES 40

/*
 * Write AMOUNT as a decimal number with EXPONENT digits after the point, grouped by
 * nothing, with a leading minus: 19900 with exponent 2 is "199.00".
 * Returns the length without terminator.
 */
size_t dbk_money_format(int64_t amount, unsigned exponent,
			char out[DBK_MONEY_TEXT_BYTES]);

#endif
