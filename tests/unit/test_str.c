#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "base/str.h"

static bool
is_utf8(const char *bytes, size_t size)
{
	return dbk_str_is_utf8(dbk_str_make(bytes, size));
}

static void
test_bad_utf8(void)
{
	static const char *const bad[] = { "\x80",
					   "\xbf",
					   "\xc0\x80",
					   "\xc1\xbf",
					   "\xc2",
					   "\xc2\x41",
					   "\xdf\xc0",
					   "\xe0\x80\x80",
					   "\xe0\x9f\xbf",
					   "\xe0\xa0",
					   "\xe1\x80",
					   "\xe2\x82\x41",
					   "\xed\xa0\x80",
					   "\xed\xbf\xbf",
					   "\xed\xad\xbf\xed\xb0\x80",
					   "\xf0\x80\x80\x80",
					   "\xf0\x8f\xbf\xbf",
					   "\xf0\x9f\x98",
					   "\xf4\x90\x80\x80",
					   "\xf5\x80\x80\x80",
					   "\xf8\x88\x80\x80\x80",
					   "\xfc\x84\x80\x80\x80\x80",
					   "\xfe",
					   "\xff",
					   "ok\xc3",
					   "\xc3\xa9\xa9",
					   "\xf0\x90\x80\x41" };

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (!CHECK(!is_utf8(bad[i], strlen(bad[i]))))
			fprintf(stderr, "entry %zu\n", i);
}

static void
test_good_utf8(void)
{
	static const char *const good[] = { "",
					    "a",
					    "\x7f",
					    "\xc2\x80",
					    "\xdf\xbf",
					    "\xe0\xa0\x80",
					    "\xed\x9f\xbf",
					    "\xee\x80\x80",
					    "\xef\xbf\xbf",
					    "\xf0\x90\x80\x80",
					    "\xf4\x8f\xbf\xbf",
					    "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z" };

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		CHECK(is_utf8(good[i], strlen(good[i])));
	CHECK(is_utf8("a\0b", 3));
	CHECK(is_utf8(NULL, 0));
}

/* A second decoder, by value instead of by byte: what it gives back is the scalar, or
 * -1. */
static long
decode_naively(const unsigned char *p, size_t size)
{
	static const long least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = p[0] < 0x80	     ? 1
		   : p[0] >> 5 == 6  ? 2
		   : p[0] >> 4 == 14 ? 3
		   : p[0] >> 3 == 30 ? 4
				     : 0;
	long value;

	if (n == 0 || n != size)
		return -1;
	value = n == 1 ? p[0] : p[0] & (0x7f >> n);
	for (size_t i = 1; i < n; i++) {
		if (p[i] >> 6 != 2)
			return -1;
		value = value << 6 | (p[i] & 0x3f);
	}
	if (value < least[n] || value > 0x10ffff ||
	    (value >= 0xd800 && value <= 0xdfff))
		return -1;
	return value;
}

static void
test_all_short_sequences(void)
{
	unsigned wrong = 0, good = 0;

	for (unsigned n = 0; n < 1u << 24; n++) {
		unsigned char p[3] = { (unsigned char)(n >> 16),
				       (unsigned char)(n >> 8), (unsigned char)n };

		if (p[0] < 0x80)
			continue;
		wrong += is_utf8((char *)p, 3) != (decode_naively(p, 3) >= 0) &&
			 /* Two characters, the first of two bytes. */
			 !(decode_naively(p, 2) >= 0 && p[2] < 0x80);
		good += is_utf8((char *)p, 3);
	}
	CHECK_INT(wrong, 0);
	CHECK_INT(good, 61440 + 1920 * 128);
}

static void
test_four_bytes(void)
{
	unsigned wrong = 0;

	for (unsigned first = 0xf0; first <= 0xff; first++)
		for (unsigned n = 0; n < 1u << 16; n++) {
			unsigned char p[4] = { (unsigned char)first,
					       (unsigned char)(n >> 8),
					       (unsigned char)n, 0x80 };

			wrong += is_utf8((char *)p, 4) != (decode_naively(p, 4) >= 0);
			wrong += is_utf8((char *)p, 3);
		}
	CHECK_INT(wrong, 0);
}

static void
test_order(void)
{
	struct dbk_str empty = { NULL, 0 };

	CHECK_INT(dbk_str_compare(empty, empty), 0);
	CHECK_INT(dbk_str_compare(empty, dbk_str_of("a")), -1);
	CHECK_INT(dbk_str_compare(dbk_str_of("a"), empty), 1);
	CHECK_INT(dbk_str_compare(dbk_str_of("a"), dbk_str_of("ab")), -1);
	CHECK_INT(dbk_str_compare(dbk_str_of("b"), dbk_str_of("ab")), 1);
	CHECK_INT(dbk_str_compare(dbk_str_of("\xff"), dbk_str_of("a")), 1);
	CHECK_INT(dbk_str_compare(dbk_str_make("a\0b", 3), dbk_str_make("a\0c", 3)),
		  -1);
	CHECK(dbk_str_equal(empty, dbk_str_of("")));
	CHECK(!dbk_str_equal(dbk_str_of("a"), dbk_str_of("b")));
	CHECK(!dbk_str_equal(dbk_str_of("a"), dbk_str_of("aa")));
	CHECK(dbk_str_equal(dbk_str_make("a\0b", 3), dbk_str_make("a\0b", 3)));
}

static void
test_control(void)
{
	struct dbk_str empty = { NULL, 0 };

	CHECK(!dbk_str_has_control(empty));
	for (unsigned c = 0; c < 256; c++) {
		char text[3] = { 'a', (char)c, 'z' };

		CHECK(dbk_str_has_control(dbk_str_make(text, 3)) ==
		      (c < 0x20 || c == 0x7f));
	}
}

int
main(void)
{
	check_run("ill-formed UTF-8 is found", test_bad_utf8);
	check_run("well-formed UTF-8 passes", test_good_utf8);
	check_run("every sequence of three bytes is judged right",
		  test_all_short_sequences);
	check_run("four bytes are judged right", test_four_bytes);
	check_run("strings are ordered by bytes, shorter first", test_order);
	check_run("control characters are found", test_control);
	return check_end();
}
