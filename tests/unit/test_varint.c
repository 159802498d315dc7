/*
 * test_varint.c -- numbers of the history against the same numbers byte by byte.
 */

#include <stdlib.h>
#include <string.h>

#include "views/varint.h"

#include "../tests/lib/check.h"
#include "../tests/lib/random_message.h"

static unsigned
naive_put(unsigned char *at, uint64_t value)
{
	unsigned n = 0;

	for (; value >= 0x80; value >>= 7)
		at[n++] = (unsigned char)(value | 0x80);
	at[n++] = (unsigned char)value;
	return n;
}

/* VALUE written, and read with and without bytes behind it. */
static void
check_value(uint64_t value)
{
	unsigned char bytes[2 * DBK_VARINT_SLACK], naive[DBK_VARINT_SLACK];
	struct dbk_varint_place p = { .at = bytes };
	unsigned n = (unsigned)(dbk_varint_put(bytes, value) - bytes);
	unsigned char *exact = malloc(n);

	CHECK_INT(n, naive_put(naive, value));
	CHECK(memcmp(bytes, naive, n) == 0);
	memset(bytes + n, 0xff, sizeof bytes - n);
	p.end = bytes + sizeof bytes;
	CHECK(dbk_varint_take(&p) == value && !p.bad);
	CHECK_INT(p.at - bytes, n);
	/* Of the exact size, so that reading past it is seen. */
	memcpy(exact, bytes, n);
	p.at = exact;
	p.end = exact + n;
	CHECK(dbk_varint_take(&p) == value && !p.bad && p.at == p.end);
	p.at = exact;
	p.end = exact + n - 1;
	(void)dbk_varint_take(&p);
	CHECK(p.bad);
	free(exact);
}

static void
check_signed(int64_t value)
{
	unsigned char bytes[DBK_VARINT_SLACK];
	struct dbk_varint_place p = { .at = bytes, .end = bytes + sizeof bytes };

	memset(bytes, 0, sizeof bytes);
	(void)dbk_varint_put_signed(bytes, value);
	CHECK(dbk_varint_take_signed(&p) == value && !p.bad);
}

static void
test_all_lengths(void)
{
	struct random_source source;

	random_start(&source, "varint");
	check_value(0);
	for (unsigned bit = 0; bit < 64; bit++) {
		uint64_t power = (uint64_t)1 << bit;

		check_value(power - 1);
		check_value(power);
		check_value(power + 1);
		check_signed((int64_t)power);
		check_signed((int64_t)(0 - power));
		check_signed((int64_t)(power - 1));
		for (unsigned i = 0; i < 100; i++)
			check_value(random_next(&source) >> bit);
	}
	check_value(UINT64_MAX);
	check_signed(INT64_MAX);
	check_signed(INT64_MIN);
	check_signed(-1);
}

static void
test_never_ending(void)
{
	unsigned char bytes[16];
	struct dbk_varint_place p;

	memset(bytes, 0xff, sizeof bytes);
	for (unsigned size = 0; size <= sizeof bytes; size++) {
		p = (struct dbk_varint_place){ .at = bytes, .end = bytes + size };
		(void)dbk_varint_take(&p);
		CHECK(p.bad);
		CHECK(p.at <= p.end);
	}
}

static void
test_longer_than_needed(void)
{
	static const unsigned char zeros[] = { 0x80, 0x80, 0x00, 1, 2, 3, 4, 5, 6 };
	struct dbk_varint_place p = { .at = zeros, .end = zeros + sizeof zeros };

	CHECK(dbk_varint_take(&p) == 0 && !p.bad);
	CHECK_INT(p.at - zeros, 3);
}

static void
test_32_bits(void)
{
	unsigned char bytes[DBK_VARINT_SLACK];
	struct dbk_varint_place p = { .at = bytes, .end = bytes + sizeof bytes };

	(void)dbk_varint_put(bytes, UINT32_MAX);
	CHECK(dbk_varint_take_u32(&p) == UINT32_MAX && !p.bad);
	(void)dbk_varint_put(bytes, (uint64_t)UINT32_MAX + 1);
	p.at = bytes;
	CHECK(dbk_varint_take_u32(&p) == 0 && p.bad);
}

int
main(void)
{
	check_run("numbers of all lengths are written and read alike",
		  test_all_lengths);
	check_run("a number that never ends is bad", test_never_ending);
	check_run("a number longer than needed is read", test_longer_than_needed);
	check_run("a number beyond 32 bits is bad where 32 are wanted", test_32_bits);
	return check_end();
}
