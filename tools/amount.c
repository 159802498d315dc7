#include "amount.h"

#include <stddef.h>

static bool
add_digit(int64_t *value, char digit)
{
	return !__builtin_mul_overflow(*value, 10, value) &&
	       !__builtin_sub_overflow(*value, digit - '0', value);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Counted downwards, so that the least number there is can be read, too. */
bool
amount_parse(const char *text, unsigned exponent, int64_t *out)
{
	bool minus = text[0] == '-';
	const char *at = text + (minus ? 1 : 0);
	int64_t value = 0;
	unsigned digits = 0;

	if (!is_digit(*at))
		return false;
	for (; is_digit(*at); at++) {
		if (!add_digit(&value, *at))
			return false;
	}
	if (*at == '.' && !is_digit(*++at))
		return false;
	for (; is_digit(*at); at++, digits++) {
		if (digits >= exponent ? *at != '0' : !add_digit(&value, *at))
			return false;
	}
	for (; digits < exponent; digits++) {
		if (!add_digit(&value, '0'))
			return false;
	}
	if (*at != '\0' || (!minus && value == INT64_MIN))
		return false;
	*out = minus ? value : -value;
	return true;
}
