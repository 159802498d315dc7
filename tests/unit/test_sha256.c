/*
 * SHA-256 against libsodium's portable one: every length up to several blocks, and
 * every way to cut a text in two.
 */

#include <string.h>

#include <sodium.h>

#include "../lib/check.h"
#include "base/sha256.h"

#define LENGTH_MAX 300

static unsigned char text[LENGTH_MAX];

static void
fill(void)
{
	for (unsigned i = 0; i < LENGTH_MAX; i++)
		text[i] = (unsigned char)(i * 151 + 7);
}

static bool
same(const unsigned char a[DBK_SHA256_BYTES], size_t size)
{
	unsigned char b[DBK_SHA256_BYTES];

	(void)crypto_hash_sha256(b, text, size);
	return memcmp(a, b, sizeof b) == 0;
}

static void
test_vectors(void)
{
	/* FIPS 180-4's example, and nothing at all. */
	static const unsigned char abc[4] = { 0xba, 0x78, 0x16, 0xbf };
	static const unsigned char none[4] = { 0xe3, 0xb0, 0xc4, 0x42 };
	unsigned char out[DBK_SHA256_BYTES];

	dbk_sha256("abc", 3, out);
	CHECK(memcmp(out, abc, sizeof abc) == 0);
	dbk_sha256(NULL, 0, out);
	CHECK(memcmp(out, none, sizeof none) == 0);
}

static void
test_lengths(void)
{
	unsigned char out[DBK_SHA256_BYTES];

	fill();
	for (size_t size = 0; size <= LENGTH_MAX; size++) {
		dbk_sha256(text, size, out);
		CHECK(same(out, size));
	}
}

static void
test_splits(void)
{
	unsigned char out[DBK_SHA256_BYTES];
	struct dbk_sha256 hash;
	bool all = true;

	fill();
	for (size_t size = 0; size <= LENGTH_MAX; size++) {
		for (size_t cut = 0; cut <= size; cut++) {
			dbk_sha256_init(&hash);
			dbk_sha256_update(&hash, text, cut);
			dbk_sha256_update(&hash, text + cut, size - cut);
			dbk_sha256_final(&hash, out);
			all = all && same(out, size);
		}
	}
	CHECK(all);
}

static void
test_bytewise(void)
{
	unsigned char out[DBK_SHA256_BYTES];
	struct dbk_sha256 hash, copy;

	fill();
	dbk_sha256_init(&hash);
	for (size_t i = 0; i < LENGTH_MAX; i++) {
		/* A running hash is plain memory: a copy goes its own way. */
		copy = hash;
		dbk_sha256_final(&copy, out);
		CHECK(same(out, i));
		dbk_sha256_update(&hash, text + i, 1);
	}
}

int
main(void)
{
	check_run("known hashes come out", test_vectors);
	check_run("every length hashes as libsodium has it", test_lengths);
	check_run("a text cut in two hashes as one", test_splits);
	check_run("a running hash may be copied", test_bytewise);
	return check_end();
}
