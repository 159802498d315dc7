#include "base/figure.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/money.h"

/* TEXT of SIZE, a number without groups, gets them in its whole part. */
static size_t
group(const char *text, size_t size, char out[DBK_FIGURE_BYTES])
{
	const char *point = memchr(text, '.', size);
	size_t whole = point != NULL ? (size_t)(point - text) : size;
	size_t sign = text[0] == '-' ? 1 : 0, at = 0;

	for (size_t i = 0; i < size; i++) {
		if (i > sign && i < whole && (whole - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = text[i];
	}
	dbk_assert(at < DBK_FIGURE_BYTES);
	out[at] = '\0';
	return at;
}

size_t
dbk_figure_grouped(int64_t value, unsigned exponent, char out[DBK_FIGURE_BYTES])
{
	char text[DBK_MONEY_TEXT_BYTES];
	size_t size = dbk_money_format(value, exponent, text);

	return group(text, size, out);
}

size_t
dbk_figure_count(uint64_t value, char out[DBK_FIGURE_BYTES])
{
	char text[24];
	int size = snprintf(text, sizeof text, "%llu", (unsigned long long)value);

	return group(text, (size_t)size, out);
}
