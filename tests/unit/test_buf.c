#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "base/buf.h"

static const uint64_t edges[] = { 0,
				  1,
				  127,
				  128,
				  16383,
				  16384,
				  UINT32_MAX,
				  (uint64_t)1 << 35,
				  ((uint64_t)1 << 56) - 1,
				  (uint64_t)1 << 56,
				  INT64_MAX,
				  (uint64_t)1 << 63,
				  UINT64_MAX };

#define N_EDGES (sizeof edges / sizeof edges[0])

static void
test_past_the_end(void)
{
	static const unsigned char bytes[] = { 1, 2, 3 };
	struct dbk_cursor cursor = dbk_cursor_make(bytes, sizeof bytes);

	CHECK_INT(dbk_cursor_u32(&cursor), 0);
	CHECK(cursor.failed);
	CHECK_INT(dbk_cursor_u8(&cursor), 0);
	CHECK(dbk_cursor_take(&cursor, 0) == NULL);
	cursor = dbk_cursor_make(bytes, sizeof bytes);
	CHECK_INT(dbk_cursor_u64(&cursor), 0);
	CHECK(cursor.failed);
	cursor = dbk_cursor_make(bytes, sizeof bytes);
	CHECK(dbk_cursor_take(&cursor, SIZE_MAX) == NULL);
	CHECK(cursor.failed);
	cursor = dbk_cursor_make(NULL, 0);
	CHECK_INT(dbk_cursor_left(&cursor), 0);
	CHECK_INT(dbk_cursor_varint(&cursor), 0);
	CHECK(cursor.failed);
}

static void
test_bad_varints(void)
{
	static const char *const bad[] = {
		"\x80",
		"\xff\xff\xff",
		"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02",
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
		"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x81\x01",
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct dbk_cursor cursor = dbk_cursor_make(bad[i], strlen(bad[i]));

		CHECK_INT(dbk_cursor_varint(&cursor), 0);
		CHECK(cursor.failed);
	}
}

static void
test_varint_sizes(void)
{
	static const unsigned sizes[N_EDGES] = {
		1, 1, 1, 2, 2, 3, 5, 6, 8, 9, 9, 10, 10
	};

	for (size_t i = 0; i < N_EDGES; i++) {
		struct dbk_buf buf;
		struct dbk_cursor cursor;

		dbk_buf_init(&buf);
		dbk_buf_put_varint(&buf, edges[i]);
		CHECK_INT(buf.size, sizes[i]);
		cursor = dbk_cursor_make(buf.bytes, buf.size);
		CHECK(dbk_cursor_varint(&cursor) == edges[i]);
		CHECK(!cursor.failed && dbk_cursor_left(&cursor) == 0);
		/* One byte less is no number. */
		cursor = dbk_cursor_make(buf.bytes, buf.size - 1);
		CHECK_INT(dbk_cursor_varint(&cursor), 0);
		CHECK(cursor.failed);
		dbk_buf_fini(&buf);
	}
}

static void
test_fixed_numbers(void)
{
	struct dbk_buf buf;
	struct dbk_cursor cursor;

	dbk_buf_init(&buf);
	dbk_buf_put_u8(&buf, 0xfe);
	dbk_buf_put_u32(&buf, 0x01020304);
	dbk_buf_put_u64(&buf, UINT64_C(0x1122334455667788));
	CHECK_INT(buf.size, 13);
	CHECK(memcmp(buf.bytes + 1, "\x04\x03\x02\x01", 4) == 0);
	CHECK(memcmp(buf.bytes + 5, "\x88\x77\x66\x55\x44\x33\x22\x11", 8) == 0);
	cursor = dbk_cursor_make(buf.bytes, buf.size);
	CHECK_INT(dbk_cursor_u8(&cursor), 0xfe);
	CHECK_INT(dbk_cursor_u32(&cursor), 0x01020304);
	CHECK_INT(dbk_cursor_u64(&cursor), 0x1122334455667788);
	CHECK(!cursor.failed && dbk_cursor_left(&cursor) == 0);
	dbk_buf_fini(&buf);
}

static void
test_take_borrows(void)
{
	static const char bytes[] = "abcdef";
	struct dbk_cursor cursor = dbk_cursor_make(bytes, 6);

	CHECK(dbk_cursor_take(&cursor, 0) == (const unsigned char *)bytes);
	CHECK(dbk_cursor_take(&cursor, 4) == (const unsigned char *)bytes);
	CHECK(dbk_cursor_take(&cursor, 2) == (const unsigned char *)bytes + 4);
	CHECK(dbk_cursor_take(&cursor, 0) != NULL && !cursor.failed);
	CHECK(dbk_cursor_take(&cursor, 1) == NULL && cursor.failed);
}

static void
test_failure_sticks(void)
{
	struct dbk_buf buf;

	dbk_buf_init(&buf);
	dbk_buf_put(&buf, "kept", 4);
	CHECK(!dbk_buf_reserve(&buf, SIZE_MAX - 2));
	CHECK(dbk_buf_failed(&buf));
	dbk_buf_put(&buf, "lost", 4);
	dbk_buf_put_u8(&buf, 1);
	dbk_buf_put_varint(&buf, 300);
	dbk_buf_put_varint(&buf, 599);
	dbk_buf_put_u32(&buf, 1);
	dbk_buf_put_u64(&buf, 1);
	dbk_buf_printf(&buf, "%d", 1);
	CHECK(!dbk_buf_reserve(&buf, 1));
	CHECK_INT(buf.size, 4);
	CHECK(memcmp(buf.bytes, "kept", 4) == 0);
	dbk_buf_reset(&buf);
	CHECK(!dbk_buf_failed(&buf));
	dbk_buf_put(&buf, "new", 3);
	CHECK(buf.size == 3 && memcmp(buf.bytes, "new", 3) == 0);
	dbk_buf_fini(&buf);
	dbk_buf_fini(&buf);
}

static void
test_growth(void)
{
	struct dbk_buf buf;
	bool whole = true;

	dbk_buf_init(&buf);
	dbk_buf_put(&buf, NULL, 0);
	CHECK(buf.size == 0 && !dbk_buf_failed(&buf));
	for (uint32_t i = 0; i < 100000; i++)
		dbk_buf_put_u32(&buf, i);
	for (uint32_t i = 0; i < 100000; i++) {
		struct dbk_cursor cursor = dbk_cursor_make(buf.bytes + 4 * i, 4);

		whole &= dbk_cursor_u32(&cursor) == i;
	}
	CHECK(whole);
	CHECK(buf.capacity >= buf.size && buf.capacity <= 4 * buf.size);
	dbk_buf_fini(&buf);
}

static void
test_printf(void)
{
	struct dbk_buf buf;
	char text[700];

	dbk_buf_init(&buf);
	dbk_buf_printf(&buf, "%s", "");
	CHECK_INT(buf.size, 0);
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	dbk_buf_printf(&buf, "%d:%s", 42, text);
	CHECK_INT(buf.size, 3 + sizeof text - 1);
	CHECK(memcmp(buf.bytes, "42:xxx", 6) == 0);
	dbk_buf_fini(&buf);
}

/* Any three bytes are a number or are refused, and what is a number is written again.
 */
static void
test_all_short_varints(void)
{
	bool same = true;

	for (unsigned n = 0; n < 1u << 21; n++) {
		unsigned char bytes[3] = { (unsigned char)(n & 0x7f),
					   (unsigned char)(n >> 7 & 0x7f),
					   (unsigned char)(n >> 14) };
		unsigned char out[16];
		struct dbk_buf buf = { out, 0, sizeof out, false };
		struct dbk_cursor cursor;

		bytes[0] |= 0x80;
		bytes[1] |= 0x80;
		cursor = dbk_cursor_make(bytes, 3);
		same &= dbk_cursor_varint(&cursor) == n && !cursor.failed;
		dbk_buf_put_varint(&buf, n);
		cursor = dbk_cursor_make(out, buf.size);
		same &= dbk_cursor_varint(&cursor) == n && !cursor.failed;
	}
	CHECK(same);
}

int
main(void)
{
	check_run("a cursor fails past its end and stays failed", test_past_the_end);
	check_run("cut and oversized varints are refused", test_bad_varints);
	check_run("varints keep their value at every size", test_varint_sizes);
	check_run("fixed numbers are little-endian", test_fixed_numbers);
	check_run("taking borrows and stops at the end", test_take_borrows);
	check_run("a failed buffer keeps what it had and takes no more",
		  test_failure_sticks);
	check_run("a buffer grows without losing a byte", test_growth);
	check_run("printf appends without a terminator", test_printf);
	check_run("every number of three bytes is read as it is written",
		  test_all_short_varints);
	return check_end();
}
