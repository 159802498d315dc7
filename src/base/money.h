#ifndef DBK_BASE_MONEY_H
#define DBK_BASE_MONEY_H

/*
 * money.h -- checked arithmetic on amounts, and amounts as text.
 *
 * An amount is an int64 in minor units of the book's currency; a quantity is an int64
 * in base units.  No sum goes unchecked: the functions say whether the result fits.
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
