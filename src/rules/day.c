#include "rules/day.h"

#include <string.h>

#include "base/time.h"

#define DAY_MAX 2932896 /* 9999-12-31 */

static bool
read_digits(const char *text, unsigned count, unsigned *out)
{
	*out = 0;
	for (unsigned i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*out = *out * 10 + (unsigned)(text[i] - '0');
	}
	return true;
}

static void
write_digits(char *out, unsigned count, unsigned value)
{
	for (; count > 0; count--, value /= 10)
		out[count - 1] = (char)('0' + value % 10);
}

bool
dbk_day_parse(const char *text, int32_t *out)
{
	unsigned year, month, day;
	char again[DBK_DAY_TEXT_BYTES];
	int32_t days;

	if (strlen(text) != DBK_DAY_TEXT_BYTES - 1 || text[4] != '-' ||
	    text[7] != '-' || !read_digits(text, 4, &year) ||
	    !read_digits(text + 5, 2, &month) || !read_digits(text + 8, 2, &day) ||
	    year < 1970 || month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	days = (int32_t)dbk_time_days_of_civil(year, month, day);
	dbk_day_format(days, again);
	if (strcmp(text, again) != 0)
		return false;
	*out = days;
	return true;
}

void
dbk_day_format(int32_t day, char out[DBK_DAY_TEXT_BYTES])
{
	int year, month, date;

	day = day < 0 ? 0 : day;
	dbk_time_civil_of_days(day > DAY_MAX ? DAY_MAX : day, &year, &month, &date);
	memcpy(out, "0000-00-00", DBK_DAY_TEXT_BYTES);
	write_digits(out, 4, (unsigned)year);
	write_digits(out + 5, 2, (unsigned)month);
	write_digits(out + 8, 2, (unsigned)date);
}
