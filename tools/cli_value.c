#include "cli.h"

#include <string.h>

#include "base/str.h"
#include "base/time.h"

#define US_PER_SECOND 1000000

bool
cli_count_parse(const char *text, uint64_t *out)
{
	uint64_t value = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9' ||
		    __builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*text - '0'), &value))
			return false;
	}
	*out = value;
	return true;
}

bool
cli_time_parse(const char *text, int64_t *out_us)
{
	static const char midnight[] = "T00:00:00Z";
	char whole[64];
	size_t size = strlen(text);
	int64_t seconds;
	int32_t nanos;

	if (size + sizeof midnight > sizeof whole)
		return false;
	memcpy(whole, text, size + 1);
	if (size == strlen("2011-01-31"))
		memcpy(whole + size, midnight, sizeof midnight);
	if (!dbk_time_parse(dbk_str_of(whole), &seconds, &nanos))
		return false;
	*out_us = seconds * US_PER_SECOND + nanos / 1000;
	return true;
}

#define WORD_MAX 40

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: Levenshtein's distance, and neighbours swapped cost one. */
static unsigned
distance(const char *a, const char *b)
{
	unsigned rows[WORD_MAX + 1][WORD_MAX + 1];
	size_t n = strlen(a), m = strlen(b);

	if (n > WORD_MAX || m > WORD_MAX)
		return WORD_MAX;
	for (size_t i = 0; i <= n; i++)
		rows[i][0] = (unsigned)i;
	for (size_t j = 0; j <= m; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		for (size_t j = 1; j <= m; j++) {
			unsigned change = a[i - 1] == b[j - 1] ? 0 : 1;
			unsigned best = least(rows[i - 1][j] + 1, rows[i][j - 1] + 1);

			best = least(best, rows[i - 1][j - 1] + change);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				best = least(best, rows[i - 2][j - 2] + 1);
			rows[i][j] = best;
		}
	}
	return rows[n][m];
}

const char *
cli_nearest(const char *word, const char *const *names, size_t count)
{
	size_t size = strlen(word);
	unsigned nearest = size < 4 ? 1 : size < 8 ? 2 : 3;
	const char *found = NULL;

	for (size_t i = 0; i < count; i++) {
		unsigned far = distance(word, names[i]);

		if (size >= 3 && strncmp(word, names[i], size) == 0)
			far = 1;
		if (far > nearest || (found != NULL && far == nearest))
			continue;
		nearest = far;
		found = names[i];
	}
	return found;
}
