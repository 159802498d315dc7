#include <stdint.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "report/letters.h"
#include "report/number.h"

static bool
amount_is(int64_t amount, uint32_t exponent, const char *want)
{
	char number[DBK_NUMBER_BYTES];

	dbk_number_amount(amount, exponent, number);
	return strcmp(number, want) == 0;
}

static bool
share_is(int64_t numerator, int64_t denominator, const char *want)
{
	char number[DBK_NUMBER_BYTES];

	dbk_number_share(numerator, denominator, number);
	return strcmp(number, want) == 0;
}

static bool
ratio_is(int64_t numerator, int64_t denominator, const char *want)
{
	char number[DBK_NUMBER_BYTES];

	dbk_number_ratio(numerator, denominator, number);
	return strcmp(number, want) == 0;
}

static void
test_amounts(void)
{
	CHECK(amount_is(0, 2, "0.00"));
	CHECK(amount_is(-1, 2, "-0.01"));
	CHECK(amount_is(-99999, 2, "-999.99"));
	CHECK(amount_is(123456789, 2, "1,234,567.89"));
	CHECK(amount_is(INT64_MAX, 2, "92,233,720,368,547,758.07"));
	CHECK(amount_is(INT64_MIN, 2, "-92,233,720,368,547,758.08"));
}

static void
test_exponents(void)
{
	static const char *const want[] = { "-1,234,567", "-123,456.7", "-12,345.67",
					    "-1,234.567", "-123.4567",	"-12.34567",
					    "-1.234567" };

	for (uint32_t exponent = 0; exponent <= 6; exponent++)
		CHECK(amount_is(-1234567, exponent, want[exponent]));
	CHECK(amount_is(-1234567, 7, want[6]));
	CHECK(amount_is(INT64_MIN, 0, "-9,223,372,036,854,775,808"));
	CHECK(amount_is(7, 6, "0.000007"));
}

static void
test_shares(void)
{
	CHECK(share_is(1, 0, "-"));
	CHECK(share_is(1, -1, "-"));
	CHECK(share_is(0, 1, "0.00%"));
	CHECK(share_is(1, 3, "33.33%"));
	CHECK(share_is(2, 3, "66.66%"));
	CHECK(share_is(19999, 20000, "99.99%"));
	CHECK(share_is(1, 1, "100.00%"));
	CHECK(share_is(12345, 1, "1,234,500.00%"));
	CHECK(share_is(-1, 1000000, "-0.01%"));
	CHECK(share_is(INT64_MAX, INT64_MAX, "100.00%"));
	CHECK(share_is(INT64_MIN, 1, "-92,233,720,368,547,758.08%"));
}

static void
test_ratios(void)
{
	CHECK(ratio_is(1, 0, "-"));
	CHECK(ratio_is(0, 1, "0.00"));
	CHECK(ratio_is(10359999, 1000000, "10.35"));
	CHECK(ratio_is(5, 4, "1.25"));
	CHECK(ratio_is(-1, 1000, "-0.01"));
	CHECK(ratio_is(12345, 1, "12,345.00"));
	CHECK(ratio_is(INT64_MIN, 1, "-92,233,720,368,547,758.08"));
}

static void
test_moments(void)
{
	char text[DBK_NUMBER_MOMENT_BYTES];

	dbk_number_moment(-1, 0, text);
	CHECK(strcmp(text, "-") == 0);
	dbk_number_moment(INT64_MAX, 0, text);
	CHECK(strcmp(text, "-") == 0);
	dbk_number_moment(0, 480, text);
	CHECK(strcmp(text, "1970-01-01 08:00:00") == 0);
	dbk_number_moment(0, -480, text);
	CHECK(strcmp(text, "1970-01-01 00:00:00") == 0);
	dbk_number_moment(1767225599, 0, text);
	CHECK(strcmp(text, "2025-12-31 23:59:59") == 0);
}

static bool
is_hidden(const char *text, uint8_t size)
{
	struct dbk_letter letter = dbk_letters_at(text);

	return letter.hidden && letter.size == size;
}

static void
test_hidden_letters(void)
{
	CHECK(is_hidden("\x01", 1));
	CHECK(is_hidden("\n", 1));
	CHECK(is_hidden("\x7f", 1));
	CHECK(is_hidden("\xe2\x80\xae", 3));	 /* U+202E turns the direction */
	CHECK(is_hidden("\xe2\x81\xa6", 3));	 /* U+2066 isolates */
	CHECK(is_hidden("\xe2\x80\x8b", 3));	 /* U+200B has no width */
	CHECK(is_hidden("\xef\xbb\xbf", 3));	 /* U+FEFF */
	CHECK(is_hidden("\xef\xbf\xbe", 3));	 /* U+FFFE is none */
	CHECK(is_hidden("\xf3\xa0\x81\x81", 4)); /* U+E0041, a tag */
	CHECK(!is_hidden("a", 1));
	CHECK(!is_hidden("\xe4\xbb\xa3", 3));
}

static void
test_broken_letters(void)
{
	CHECK(is_hidden("\x80", 1));
	CHECK(is_hidden("\xff", 1));
	CHECK(is_hidden("\xc0\xaf", 1));	 /* overlong */
	CHECK(is_hidden("\xe2\x80", 1));	 /* cut */
	CHECK(is_hidden("\xed\xa0\x80", 3));	 /* a surrogate */
	CHECK(is_hidden("\xf4\x90\x80\x80", 1)); /* above U+10FFFF */
	CHECK(is_hidden("\xf8\x88\x80\x80\x80", 1));
}

static void
test_columns(void)
{
	CHECK_INT(dbk_letters_columns(""), 0);
	CHECK_INT(dbk_letters_columns("abc"), 3);
	CHECK_INT(dbk_letters_columns("\xe4\xbb\xa3\xe7\x90\x86"
				      "A"),
		  5);
	CHECK_INT(dbk_letters_columns("e\xcc\x81"), 1);
	CHECK_INT(dbk_letters_columns("\xe2\x80\xae"), (int)strlen("\\u{202E}"));
	CHECK_INT(dbk_letters_columns("\xf3\xa0\x81\x81"), (int)strlen("\\u{E0041}"));
}

int
main(void)
{
	check_run("amounts are grouped, and negative ones too", test_amounts);
	check_run("amounts have as many digits as the currency", test_exponents);
	check_run("shares are rounded down", test_shares);
	check_run("ratios are rounded down, and no percentages", test_ratios);
	check_run("moments are local", test_moments);
	check_run("letters that cannot be seen are found", test_hidden_letters);
	check_run("bytes that are no letters are found", test_broken_letters);
	check_run("columns of a terminal are counted", test_columns);
	return check_end();
}
