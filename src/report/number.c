#include "report/number.h"

#include <stdbool.h>
#include <stdio.h>

#include <daybook/limits.h>

#include "base/money.h"
#include "base/time.h"

#define EXPONENT_MAX 6
/* Parts of one in a share with two digits of percent. */
#define SHARE_PARTS 10000

/* MAGNITUDE grouped, with a minus before it if NEGATIVE; TAIL behind. */
static void
write_grouped(uint64_t magnitude, bool negative, const char *tail,
	      char out[DBK_NUMBER_BYTES])
{
	char digits[24];
	int count =
	    snprintf(digits, sizeof digits, "%llu", (unsigned long long)magnitude);
	size_t at = 0;

	if (negative)
		out[at++] = '-';
	for (int i = 0; i < count; i++) {
		if (i > 0 && (count - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	snprintf(out + at, DBK_NUMBER_BYTES - at, "%s", tail);
}

static uint64_t
magnitude_of(int64_t value)
{
	return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

void
dbk_number_whole(int64_t value, char out[DBK_NUMBER_BYTES])
{
	write_grouped(magnitude_of(value), value < 0, "", out);
}

void
dbk_number_count(uint64_t value, char out[DBK_NUMBER_BYTES])
{
	write_grouped(value, false, "", out);
}

void
dbk_number_amount(int64_t amount, uint32_t exponent, char out[DBK_NUMBER_BYTES])
{
	uint64_t magnitude = magnitude_of(amount);
	unsigned digits = exponent > EXPONENT_MAX ? EXPONENT_MAX : exponent;
	uint64_t unit = 1;
	char tail[EXPONENT_MAX + 2] = "";

	for (unsigned i = 0; i < digits; i++)
		unit *= 10;
	if (digits > 0) {
		uint64_t rest = magnitude % unit;

		tail[0] = '.';
		for (unsigned i = digits; i > 0; i--, rest /= 10)
			tail[i] = (char)('0' + rest % 10);
		tail[digits + 1] = '\0';
	}
	write_grouped(magnitude / unit, amount < 0, tail, out);
}

void
dbk_number_share(int64_t numerator, int64_t denominator, char out[DBK_NUMBER_BYTES])
{
	int64_t parts;
	uint64_t magnitude;
	char tail[8];

	if (denominator < 1) {
		snprintf(out, DBK_NUMBER_BYTES, "-");
		return;
	}
	parts = dbk_money_ratio(numerator, SHARE_PARTS, denominator);
	magnitude = magnitude_of(parts);
	snprintf(tail, sizeof tail, ".%02u%%", (unsigned)(magnitude % 100));
	write_grouped(magnitude / 100, parts < 0, tail, out);
}

void
dbk_number_moment(int64_t seconds, int32_t utc_offset_minutes,
		  char out[DBK_NUMBER_MOMENT_BYTES])
{
	int64_t local;
	int year, month, day;

	if (seconds < 0 || seconds > DBK_TIME_US_MAX / 1000000) {
		snprintf(out, DBK_NUMBER_MOMENT_BYTES, "-");
		return;
	}
	local = seconds + (int64_t)utc_offset_minutes * 60;
	if (local < 0)
		local = 0;
	dbk_time_civil_of_days(local / 86400, &year, &month, &day);
	snprintf(out, DBK_NUMBER_MOMENT_BYTES, "%04d-%02d-%02d %02d:%02d:%02d", year,
		 month, day, (int)(local % 86400 / 3600), (int)(local % 3600 / 60),
		 (int)(local % 60));
}
