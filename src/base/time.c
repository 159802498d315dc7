#include "base/time.h"

#include <stdio.h>

#include "base/assert.h"
#include <daybook/limits.h>

#define SECONDS_PER_DAY 86400
#define US_PER_SECOND 1000000

/* Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": eras of 400 years,
 * counted from 1 March so that the leap day comes last. */
int64_t
dbk_time_days_of_civil(int64_t year, unsigned month, unsigned day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t month_from_march = (month + 9) % 12;
	int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 -
			     year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

void
dbk_time_civil_of_days(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = z / 146097;
	int64_t day_of_era = z - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 +
			       day_of_era / 36524 - day_of_era / 146096) /
			      365;
	int64_t day_of_year = day_of_era - (365 * year_of_era +
					    year_of_era / 4 - year_of_era / 100);
	int64_t month_from_march = (5 * day_of_year + 2) / 153;

	*day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
	*month = (int)(month_from_march < 10 ? month_from_march + 3
					     : month_from_march - 9);
	*year = (int)(year_of_era + era * 400 + (*month <= 2 ? 1 : 0));
}

size_t
dbk_time_format(int64_t us, char out[DBK_TIME_TEXT_BYTES])
{
	int64_t seconds = us / US_PER_SECOND;
	int fraction = (int)(us % US_PER_SECOND);
	int second = (int)(seconds % SECONDS_PER_DAY);
	int year, month, day, size;
	char tail[16] = "Z";

	dbk_assert(us >= DBK_TIME_US_MIN && us <= DBK_TIME_US_MAX);
	dbk_time_civil_of_days(seconds / SECONDS_PER_DAY, &year, &month, &day);
	if (fraction != 0 && fraction % 1000 == 0)
		(void)snprintf(tail, sizeof tail, ".%03dZ", fraction / 1000);
	else if (fraction != 0)
		(void)snprintf(tail, sizeof tail, ".%06dZ", fraction);
	size = snprintf(out, DBK_TIME_TEXT_BYTES,
			"%04d-%02d-%02dT%02d:%02d:%02d%s", year, month, day,
			second / 3600, second / 60 % 60, second % 60, tail);
	dbk_assert(size > 0 && size < DBK_TIME_TEXT_BYTES);
	return (size_t)size;
}

/* COUNT digits at *AT of TEXT as a number; false if they are not there. */
static bool
take_digits(struct dbk_str text, size_t *at, unsigned count, unsigned *out)
{
	unsigned value = 0;

	for (unsigned i = 0; i < count; i++) {
		if (*at >= text.size || text.bytes[*at] < '0' ||
		    text.bytes[*at] > '9')
			return false;
		value = value * 10 + (unsigned)(text.bytes[(*at)++] - '0');
	}
	*out = value;
	return true;
}

static bool
take_char(struct dbk_str text, size_t *at, const char *one_of)
{
	if (*at >= text.size || text.bytes[*at] == '\0' ||
	    strchr(one_of, text.bytes[*at]) == NULL)
		return false;
	(*at)++;
	return true;
}

static bool
take_fraction(struct dbk_str text, size_t *at, int32_t *out_nanos)
{
	int32_t nanos = 0, unit = 100000000;
	size_t start = *at;

	while (*at < text.size && text.bytes[*at] >= '0' &&
	       text.bytes[*at] <= '9') {
		nanos += (text.bytes[(*at)++] - '0') * unit;
		unit /= 10;
	}
	*out_nanos = nanos;
	return *at > start && *at - start <= 9;
}

/* The offset in seconds of "Z" or "+hh:mm" at the end of TEXT. */
static bool
take_offset(struct dbk_str text, size_t *at, int64_t *out_seconds)
{
	unsigned hour, minute;
	bool west;

	if (take_char(text, at, "Zz")) {
		*out_seconds = 0;
		return *at == text.size;
	}
	west = *at < text.size && text.bytes[*at] == '-';
	if (!take_char(text, at, "+-") || !take_digits(text, at, 2, &hour) ||
	    !take_char(text, at, ":") || !take_digits(text, at, 2, &minute))
		return false;
	*out_seconds = ((int64_t)hour * 60 + minute) * (west ? -60 : 60);
	return hour < 24 && minute < 60 && *at == text.size;
}

static unsigned
days_of_month(unsigned year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30,
					      31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

bool
dbk_time_parse(struct dbk_str text, int64_t *out_seconds, int32_t *out_nanos)
{
	unsigned year, month, day, hour, minute, second;
	int64_t offset, seconds;
	int32_t nanos = 0;
	size_t at = 0;

	if (!take_digits(text, &at, 4, &year) || !take_char(text, &at, "-") ||
	    !take_digits(text, &at, 2, &month) || !take_char(text, &at, "-") ||
	    !take_digits(text, &at, 2, &day) || !take_char(text, &at, "Tt") ||
	    !take_digits(text, &at, 2, &hour) || !take_char(text, &at, ":") ||
	    !take_digits(text, &at, 2, &minute) ||
	    !take_char(text, &at, ":") || !take_digits(text, &at, 2, &second))
		return false;
	if (take_char(text, &at, ".") && !take_fraction(text, &at, &nanos))
		return false;
	if (!take_offset(text, &at, &offset) || month < 1 || month > 12 ||
	    day < 1 || day > days_of_month(year, month) || hour > 23 ||
	    minute > 59 || second > 59)
		return false;
	seconds = dbk_time_days_of_civil(year, month, day) * SECONDS_PER_DAY +
		  (int64_t)hour * 3600 + (int64_t)minute * 60 + second - offset;
	if (seconds < DBK_TIME_US_MIN / US_PER_SECOND ||
	    seconds > DBK_TIME_US_MAX / US_PER_SECOND)
		return false;
	*out_seconds = seconds;
	*out_nanos = nanos;
	return true;
}
