#include <string.h>

#include "../tests/lib/check.h"
#include "base/buf.h"
#include "ledger/packed.h"

#define ROWS_BYTES 16384

static unsigned char rows[ROWS_BYTES], value[ROWS_BYTES + 64];
static struct dbk_buf scratch;

/* Rows as tables have them: small numbers in wide fields. */
static void
fill_rows(void)
{
	memset(rows, 0, sizeof rows);
	for (size_t i = 0; i < sizeof rows; i += 8)
		rows[i] = (unsigned char)(i / 64);
}

/* Bytes that nothing makes smaller. */
static void
fill_noise(void)
{
	uint64_t state = 88172645463325252ULL;

	for (size_t i = 0; i < sizeof rows; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		rows[i] = (unsigned char)(state >> 32);
	}
}

static bool
comes_back(size_t size)
{
	size_t packed = dbk_packed_make(rows, size, value);
	struct dbk_str back;

	return packed <= dbk_packed_bound(size) &&
	       dbk_packed_open(dbk_str_make(value, packed), &scratch, &back) &&
	       back.size == size && memcmp(back.bytes, rows, size) == 0;
}

static void
test_rows_come_back(void)
{
	static const size_t sizes[] = { 0, 1, 2, 3, 13, 64, 4095, ROWS_BYTES };

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		fill_rows();
		CHECK(comes_back(sizes[i]));
		fill_noise();
		CHECK(comes_back(sizes[i]));
	}
	fill_rows();
	CHECK(dbk_packed_make(rows, sizeof rows, value) < sizeof rows / 4);
	fill_noise();
	CHECK_INT(dbk_packed_make(rows, sizeof rows, value),
		  dbk_packed_bound(sizeof rows));
}

static void
test_every_flipped_byte_is_found(void)
{
	size_t packed;
	struct dbk_str back;

	fill_rows();
	packed = dbk_packed_make(rows, sizeof rows, value);
	for (size_t i = 0; i < packed; i++) {
		value[i] ^= 0x20;
		if (!CHECK(!dbk_packed_open(dbk_str_make(value, packed), &scratch,
					    &back)))
			break;
		value[i] ^= 0x20;
	}
	for (size_t cut = 0; cut < packed; cut++)
		if (!CHECK(!dbk_packed_open(dbk_str_make(value, cut), &scratch, &back)))
			break;
}

int
main(void)
{
	dbk_buf_init(&scratch);
	check_run("packed rows come back, and take less room if they can",
		  test_rows_come_back);
	check_run("a flipped byte and a cut value are found",
		  test_every_flipped_byte_is_found);
	dbk_buf_fini(&scratch);
	return check_end();
}
