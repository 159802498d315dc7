#include "report/number.h"

#include <stdio.h>

#include <daybook/limits.h>

#include "base/figure.h"
#include "base/money.h"
#include "base/time.h"

#define EXPONENT_MAX 6
/* Parts of one in a share with two digits of percent. */
#define SHARE_PARTS 10000
/* Parts of one in a ratio with two digits behind the point. */
#define RATIO_PARTS 100

void
dbk_number_whole(int64_t value, char out[DBK_NUMBER_BYTES])
{
	(void)dbk_figure_grouped(value, 0, out);
}

void
dbk_number_count(uint64_t value, char out[DBK_NUMBER_BYTES])
{
	(void)dbk_figure_count(value, out);
}

void
dbk_number_amount(int64_t amount, uint32_t exponent, char out[DBK_NUMBER_BYTES])
{
	(void)dbk_figure_grouped(
	    amount, exponent > EXPONENT_MAX ? EXPONENT_MAX : exponent, out);
}

/* floor(PARTS * NUMERATOR / DENOMINATOR) with two digits behind the point, and TAIL. */
static void
write_parts(int64_t numerator, int64_t parts, int64_t denominator, const char *tail,
	    char out[DBK_NUMBER_BYTES])
{
	size_t size;

	if (denominator < 1) {
		snprintf(out, DBK_NUMBER_BYTES, "-");
		return;
	}
	size =
	    dbk_figure_grouped(dbk_money_ratio(numerator, parts, denominator), 2, out);
	snprintf(out + size, DBK_NUMBER_BYTES - size, "%s", tail);
}

void
dbk_number_share(int64_t numerator, int64_t denominator, char out[DBK_NUMBER_BYTES])
{
	write_parts(numerator, SHARE_PARTS, denominator, "%", out);
}

void
dbk_number_ratio(int64_t numerator, int64_t denominator, char out[DBK_NUMBER_BYTES])
{
	write_parts(numerator, RATIO_PARTS, denominator, "", out);
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
