#include <stdio.h>
#include <string.h>
#include <time.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "base/time.h"

#define US INT64_C(1000000)

static void
test_bad_texts(void)
{
	static const char *const bad[] = {
		"",
		"2024",
		"2024-01-01",
		"2024-01-01T00:00:00",
		"2024-01-01 00:00:00Z",
		"2024-1-01T00:00:00Z",
		"2024-01-01T00:00Z",
		"2024-01-01T00:00:00.Z",
		"2024-01-01T00:00:00.1234567890Z",
		"2024-01-01T00:00:00,5Z",
		"2024-00-01T00:00:00Z",
		"2024-13-01T00:00:00Z",
		"2024-01-00T00:00:00Z",
		"2024-01-32T00:00:00Z",
		"2024-02-30T00:00:00Z",
		"2023-02-29T00:00:00Z",
		"1900-02-28T00:00:00Z",
		"2100-02-29T00:00:00Z",
		"2024-04-31T00:00:00Z",
		"2024-01-01T24:00:00Z",
		"2024-01-01T00:60:00Z",
		"2024-01-01T00:00:60Z",
		"2024-01-01T00:00:00+24:00",
		"2024-01-01T00:00:00+00:60",
		"2024-01-01T00:00:00+0000",
		"2024-01-01T00:00:00+00",
		"2024-01-01T00:00:00*00:00",
		"2024-01-01T00:00:00Zx",
		"2024-01-01T00:00:00Z ",
		" 2024-01-01T00:00:00Z",
		"2024-01-01T00:00:00+00:00Z",
		"02024-01-01T00:00:00Z",
		"-024-01-01T00:00:00Z",
		"1969-12-31T23:59:59Z",
		"1970-01-01T00:59:59+01:00",
		"0000-01-01T00:00:00Z",
		"9999-12-31T23:59:59-00:01",
		"2024/01/01T00:00:00Z",
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		int64_t seconds = 5;
		int32_t nanos = 6;

		if (!CHECK(!dbk_time_parse(dbk_str_of(bad[i]), &seconds, &nanos)))
			fprintf(stderr, "%s\n", bad[i]);
		CHECK(seconds == 5 && nanos == 6);
	}
	{
		int64_t seconds;
		int32_t nanos;

		CHECK(!dbk_time_parse(dbk_str_make("2024-01-01T00:00:00\0", 20),
				      &seconds, &nanos));
		CHECK(!dbk_time_parse(dbk_str_make(NULL, 0), &seconds, &nanos));
	}
}

/* Every text that is cut short is no time. */
static void
test_cut_texts(void)
{
	static const char text[] = "2024-02-29T12:34:56.123456+05:30";

	for (size_t size = 0; size < sizeof text - 1; size++) {
		int64_t seconds;
		int32_t nanos;

		CHECK(!dbk_time_parse(dbk_str_make(text, size), &seconds, &nanos));
	}
}

static void
test_good_texts(void)
{
	static const struct {
		const char *text;
		int64_t seconds;
		int32_t nanos;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0, 0 },
		{ "1970-01-01t00:00:00z", 0, 0 },
		{ "1970-01-01T01:00:00+01:00", 0, 0 },
		{ "1969-12-31T23:00:00-01:00", 0, 0 },
		{ "2024-02-29T12:34:56Z", 1709210096, 0 },
		{ "2024-02-29T12:34:56.5Z", 1709210096, 500000000 },
		{ "2024-02-29T12:34:56.123456789Z", 1709210096, 123456789 },
		{ "2024-02-29T12:34:56.000000001Z", 1709210096, 1 },
		{ "2024-02-29T18:04:56+05:30", 1709210096, 0 },
		{ "2024-02-29T12:34:56-00:00", 1709210096, 0 },
		{ "2000-02-29T00:00:00Z", 951782400, 0 },
		{ "9999-12-31T23:59:59.999999Z", 253402300799, 999999000 },
		{ "2024-01-01T00:00:00+23:59", 1704067200 - 86340, 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t seconds = -1;
		int32_t nanos = -1;

		CHECK(dbk_time_parse(dbk_str_of(cases[i].text), &seconds, &nanos));
		CHECK_INT(seconds, cases[i].seconds);
		CHECK_INT(nanos, cases[i].nanos);
	}
}

static void
test_format(void)
{
	static const struct {
		int64_t us;
		const char *text;
	} cases[] = {
		{ DBK_TIME_US_MIN, "1970-01-01T00:00:00Z" },
		{ 1, "1970-01-01T00:00:00.000001Z" },
		{ 1000, "1970-01-01T00:00:00.001Z" },
		{ 999999, "1970-01-01T00:00:00.999999Z" },
		{ 1500000, "1970-01-01T00:00:01.500Z" },
		{ 1709210096 * US + 123456, "2024-02-29T12:34:56.123456Z" },
		{ 1709210096 * US + 120000, "2024-02-29T12:34:56.120Z" },
		{ DBK_TIME_US_MAX, "9999-12-31T23:59:59.999999Z" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char text[DBK_TIME_TEXT_BYTES];
		size_t size = dbk_time_format(cases[i].us, text);

		CHECK_INT(size, strlen(cases[i].text));
		if (!CHECK(strcmp(text, cases[i].text) == 0))
			fprintf(stderr, "%s\n", text);
	}
}

/* Every day of 400 years, the whole cycle of the calendar, against the C library. */
static void
test_every_day(void)
{
	int wrong = 0;

	for (int64_t day = 0; day < 146097; day++) {
		time_t at = (time_t)(day * 86400);
		char text[DBK_TIME_TEXT_BYTES], want[DBK_TIME_TEXT_BYTES];
		struct tm tm;
		int64_t seconds;
		int32_t nanos;
		size_t size;

		(void)gmtime_r(&at, &tm);
		(void)strftime(want, sizeof want, "%Y-%m-%dT%H:%M:%SZ", &tm);
		size = dbk_time_format(day * 86400 * US, text);
		wrong += strcmp(text, want) != 0;
		wrong += !dbk_time_parse(dbk_str_make(text, size), &seconds, &nanos) ||
			 seconds != (int64_t)timegm(&tm) || nanos != 0;
		wrong +=
		    dbk_time_days_of_civil(tm.tm_year + 1900, (unsigned)tm.tm_mon + 1,
					   (unsigned)tm.tm_mday) != day;
	}
	CHECK_INT(wrong, 0);
}

static void
test_every_second_of_a_day(void)
{
	int wrong = 0;

	for (int64_t second = 0; second < 86400; second++) {
		int64_t us = (19782 * INT64_C(86400) + second) * US + second * 11;
		char text[DBK_TIME_TEXT_BYTES];
		size_t size = dbk_time_format(us, text);
		int64_t seconds;
		int32_t nanos;

		wrong += !dbk_time_parse(dbk_str_make(text, size), &seconds, &nanos) ||
			 seconds * US + nanos / 1000 != us;
	}
	CHECK_INT(wrong, 0);
}

static void
test_civil_days(void)
{
	CHECK_INT(dbk_time_days_of_civil(1970, 1, 1), 0);
	CHECK_INT(dbk_time_days_of_civil(1969, 12, 31), -1);
	CHECK_INT(dbk_time_days_of_civil(2000, 3, 1) -
		      dbk_time_days_of_civil(2000, 2, 28),
		  2);
	CHECK_INT(dbk_time_days_of_civil(1900, 3, 1) -
		      dbk_time_days_of_civil(1900, 2, 28),
		  1);
	CHECK_INT(dbk_time_days_of_civil(0, 3, 1), -719468);
	CHECK_INT(dbk_time_days_of_civil(-1, 12, 31) + 1,
		  dbk_time_days_of_civil(0, 1, 1));
	CHECK_INT(dbk_time_days_of_civil(9999, 12, 31), 2932896);
}

int
main(void)
{
	check_run("what is no RFC 3339 time is refused", test_bad_texts);
	check_run("a time that is cut short is refused", test_cut_texts);
	check_run("times are read with offsets and fractions", test_good_texts);
	check_run("times are written with 0, 3 or 6 digits", test_format);
	check_run("every day of 400 years is the C library's", test_every_day);
	check_run("every second of a day comes back", test_every_second_of_a_day);
	check_run("days are counted across leap years and the epoch", test_civil_days);
	return check_end();
}
