/*
 * Base64, base64url and hex: libsodium is the other opinion on what is put, and on
 * every damaged letter of what is opened.
 */

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "../lib/check.h"
#include "base/base64.h"

#define LENGTH_MAX 100

static unsigned char bytes[LENGTH_MAX];

static void
fill(unsigned seed)
{
	for (unsigned i = 0; i < LENGTH_MAX; i++)
		bytes[i] = (unsigned char)((i + seed) * 197 + (i * seed >> 3));
}

static bool
text_is(const struct dbk_buf *out, const char *want)
{
	return dbk_str_equal(dbk_str_make(out->bytes, out->size), dbk_str_of(want));
}

static void
test_vectors(void)
{
	/* RFC 4648 section 10. */
	static const char *const texts[] = { "",	 "Zg==",     "Zm8=",	"Zm9v",
					     "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };
	struct dbk_buf out = { 0 };

	for (unsigned i = 0; i < 7; i++) {
		unsigned char back[8];
		size_t size = 99;

		dbk_buf_reset(&out);
		dbk_base64_put(&out, "foobar", i);
		CHECK(text_is(&out, texts[i]));
		CHECK(dbk_base64_decode(dbk_str_of(texts[i]), back, i, &size));
		CHECK_INT(size, i);
		CHECK(memcmp(back, "foobar", i) == 0);
		CHECK(i == 0 ||
		      !dbk_base64_decode(dbk_str_of(texts[i]), back, i - 1, &size));
	}
	dbk_buf_reset(&out);
	dbk_base64_put(&out, "\xfb\xff\xbe", 3);
	dbk_base64url_put(&out, "\xfb\xff\xbe\xff", 4);
	CHECK(text_is(&out, "+/++-_--_w"));
	dbk_buf_reset(&out);
	dbk_hex_put(&out, "\x00\x9a\xff", 3);
	CHECK(text_is(&out, "009aff"));
	dbk_buf_fini(&out);
}

static void
compare_put(bool url, size_t size)
{
	int variant = url ? sodium_base64_VARIANT_URLSAFE_NO_PADDING
			  : sodium_base64_VARIANT_ORIGINAL;
	char want[2 * LENGTH_MAX];
	struct dbk_buf out = { 0 };
	unsigned char back[LENGTH_MAX];
	size_t back_size = 0;
	struct dbk_str text;

	(void)sodium_bin2base64(want, sizeof want, bytes, size, variant);
	if (url)
		dbk_base64url_put(&out, bytes, size);
	else
		dbk_base64_put(&out, bytes, size);
	CHECK(text_is(&out, want));
	text = dbk_str_make(out.bytes, out.size);
	CHECK(url ? dbk_base64url_decode(text, back, size, &back_size)
		  : dbk_base64_decode(text, back, size, &back_size));
	CHECK(back_size == size && (size == 0 || memcmp(back, bytes, size) == 0));
	dbk_buf_fini(&out);
}

static void
test_put(void)
{
	for (size_t size = 0; size <= LENGTH_MAX; size++) {
		fill((unsigned)size);
		compare_put(false, size);
		compare_put(true, size);
	}
}

/* Both opinions on one text. */
static bool
agree(const char *text, size_t size, bool url)
{
	int variant = url ? sodium_base64_VARIANT_URLSAFE_NO_PADDING
			  : sodium_base64_VARIANT_ORIGINAL;
	unsigned char a[16], b[16];
	size_t a_size = 0, b_size = 0;
	struct dbk_str s = dbk_str_make(text, size);
	bool ours = url ? dbk_base64url_decode(s, a, sizeof a, &a_size)
			: dbk_base64_decode(s, a, sizeof a, &a_size);
	bool theirs = sodium_base642bin(b, sizeof b, text, size, NULL, &b_size, NULL,
					variant) == 0;

	return ours == theirs &&
	       (!ours || (a_size == b_size && memcmp(a, b, a_size) == 0));
}

/* Letters beyond ASCII are not asked about: libsodium 1.0.18 takes some of them. */
static void
test_damaged(void)
{
	static const char *const texts[] = { "Zg==", "Zm8=", "Zm9v",	"Zm9vYg==",
					     "Zg",   "Zm8",  "Zm9vYmE=" };
	bool all = true;
	char text[16];

	for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		size_t size = strlen(texts[i]);

		for (size_t at = 0; at < size; at++) {
			for (unsigned c = 0; c < 128; c++) {
				memcpy(text, texts[i], size);
				text[at] = (char)c;
				all = all && agree(text, size, false) &&
				      agree(text, size, true);
			}
		}
	}
	CHECK(all);
}

static void
test_strict(void)
{
	static const char *const wrong[] = { "Zh==",	 "Zm9=",  "Z",	     "Zg",
					     "Zg=",	 "====",  "=",	     "Zg===",
					     "Zg==\n",	 " Zg==", "Zg= =",   "Zm9v=",
					     "Zm9v====", "Z-==",  "\x80g==", "Zm9\xff",
					     "A===" };
	unsigned char out[16];
	size_t size;

	for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		CHECK(!dbk_base64_decode(dbk_str_of(wrong[i]), out, sizeof out, &size));
	CHECK(!dbk_base64url_decode(dbk_str_of("Zg=="), out, sizeof out, &size));
	CHECK(!dbk_base64url_decode(dbk_str_of("Zh"), out, sizeof out, &size));
	CHECK(!dbk_base64url_decode(dbk_str_of("Z"), out, sizeof out, &size));
	CHECK(!dbk_base64url_decode(dbk_str_of("Z+Zm"), out, sizeof out, &size));
}

static void
test_hex(void)
{
	unsigned char out[2] = { 0 };

	CHECK(dbk_hex_decode(dbk_str_of("0fAb"), out, 2));
	CHECK(out[0] == 0x0f && out[1] == 0xab);
	CHECK(!dbk_hex_decode(dbk_str_of("0fab0"), out, 2));
	CHECK(!dbk_hex_decode(dbk_str_of("0fa"), out, 2));
	CHECK(!dbk_hex_decode(dbk_str_of("0fag"), out, 2));
	CHECK(!dbk_hex_decode(dbk_str_of("0x0f"), out, 2));
	CHECK(dbk_hex_decode(dbk_str_of(""), out, 0));
}

int
main(void)
{
	if (sodium_init() < 0)
		return 1;
	check_run("damaged letters are judged as libsodium judges them", test_damaged);
	check_run("each sequence of bytes has one text", test_strict);
	check_run("the vectors of RFC 4648 hold", test_vectors);
	check_run("what is put is what libsodium puts, and opens again", test_put);
	check_run("hex is taken in either case and full length only", test_hex);
	return check_end();
}
