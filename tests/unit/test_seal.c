/*
 * test_seal.c -- what a source signs of a batch.  The known answers were made with
 * Python's cryptography from the text of TRUST.md.
 */

#include <string.h>

#include "../tests/lib/check.h"
#include "base/base64.h"
#include "event/seal.h"

static const char lines[] = "daybook batch v1\n"
			    "book of joy\n"
			    "shop-eu\n"
			    "18446744073709551615\n"
			    "1\n"
			    "3\n"
			    "NCQx34F292uRw9W8VlbXKCsphZiNS/MFDjlEamu2D0E=\n";
static const char key_hex[] =
    "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";
static const char signature_hex[] =
    "ff5f5d30f18751b5927af2dd0baea40fcaef2be49b2cac0f4a80363d744a993c"
    "e75fa5783bc66994d21796c978f3eec05f36138e6693de6264c9f2c1e717290b";

static unsigned char key[DBK_SIGN_PUBLIC_BYTES];
static unsigned char signature[DBK_SIGNATURE_BYTES];

/* An empty event, one of a byte, one of eight. */
static struct dbk_seal_text
known_text(void)
{
	struct dbk_seal_text text = { .book = dbk_str_of("book of joy"),
				      .source = dbk_str_of("shop-eu"),
				      .batch_seq = UINT64_MAX,
				      .atomic = true,
				      .events = 3 };
	struct dbk_seal_digest digest;

	CHECK(dbk_hex_decode(dbk_str_of(key_hex), key, sizeof key));
	CHECK(dbk_hex_decode(dbk_str_of(signature_hex), signature, sizeof signature));
	dbk_seal_digest_init(&digest);
	dbk_seal_digest_event(&digest, dbk_str_make("", 0));
	dbk_seal_digest_event(&digest, dbk_str_make("\x01", 1));
	dbk_seal_digest_event(&digest, dbk_str_of("one sale"));
	dbk_seal_digest_final(&digest, text.digest);
	return text;
}

static void
check_text(const struct dbk_seal_text *text, const char *want)
{
	struct dbk_buf out;

	dbk_buf_init(&out);
	dbk_seal_put_text(text, &out);
	CHECK(dbk_str_equal(dbk_str_make(out.bytes, out.size), dbk_str_of(want)));
	dbk_buf_fini(&out);
}

static void
test_text(void)
{
	struct dbk_seal_text text = known_text();

	check_text(&text, lines);
	text = (struct dbk_seal_text){ .book = dbk_str_of("b"),
				       .source = dbk_str_of("s"),
				       .batch_seq = 1,
				       .events = UINT32_MAX };
	check_text(&text, "daybook batch v1\nb\ns\n1\n0\n4294967295\n"
			  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
}

static void
test_digest_of_hashes(void)
{
	static const char *const events[] = { "a", "bc", "" };
	unsigned char whole[DBK_SHA256_BYTES], parts[DBK_SHA256_BYTES];
	struct dbk_seal_digest a, b;

	dbk_seal_digest_init(&a);
	dbk_seal_digest_init(&b);
	for (unsigned i = 0; i < 3; i++) {
		unsigned char hash[DBK_SHA256_BYTES];

		dbk_sha256(events[i], strlen(events[i]), hash);
		dbk_seal_digest_event(&a, dbk_str_of(events[i]));
		dbk_seal_digest_hash(&b, hash);
	}
	dbk_seal_digest_final(&a, whole);
	dbk_seal_digest_final(&b, parts);
	CHECK(memcmp(whole, parts, sizeof whole) == 0);
}

/* Every member of the text, and every bit of it. */
static void
test_anything_else_is_forged(void)
{
	const struct dbk_seal_text text = known_text();
	struct dbk_seal_text other = text;

	CHECK(dbk_seal_verify(&text, key, signature));
	other.book = dbk_str_of("book of job");
	CHECK(!dbk_seal_verify(&other, key, signature));
	other = text;
	other.source = dbk_str_of("shop-us");
	CHECK(!dbk_seal_verify(&other, key, signature));
	other = text;
	other.batch_seq--;
	CHECK(!dbk_seal_verify(&other, key, signature));
	other = text;
	other.atomic = false;
	CHECK(!dbk_seal_verify(&other, key, signature));
	other = text;
	other.events = 4;
	CHECK(!dbk_seal_verify(&other, key, signature));
	for (unsigned bit = 0; bit < 8 * sizeof text.digest; bit++) {
		other = text;
		other.digest[bit / 8] ^= (unsigned char)(1u << bit % 8);
		CHECK(!dbk_seal_verify(&other, key, signature));
	}
	for (unsigned bit = 0; bit < 8 * sizeof signature; bit++) {
		signature[bit / 8] ^= (unsigned char)(1u << bit % 8);
		CHECK(!dbk_seal_verify(&text, key, signature));
		signature[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
	for (unsigned bit = 0; bit < 8 * sizeof key; bit++) {
		key[bit / 8] ^= (unsigned char)(1u << bit % 8);
		CHECK(!dbk_seal_verify(&text, key, signature));
		key[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
	CHECK(dbk_seal_verify(&text, key, signature));
}

static void
test_order_counts(void)
{
	unsigned char forth[DBK_SHA256_BYTES], back[DBK_SHA256_BYTES];
	struct dbk_seal_digest digest;

	dbk_seal_digest_init(&digest);
	dbk_seal_digest_event(&digest, dbk_str_of("a"));
	dbk_seal_digest_event(&digest, dbk_str_of("b"));
	dbk_seal_digest_final(&digest, forth);
	dbk_seal_digest_init(&digest);
	dbk_seal_digest_event(&digest, dbk_str_of("b"));
	dbk_seal_digest_event(&digest, dbk_str_of("a"));
	dbk_seal_digest_final(&digest, back);
	CHECK(memcmp(forth, back, sizeof forth) != 0);
}

int
main(void)
{
	check_run("a known signature verifies, and that of nothing else",
		  test_anything_else_is_forged);
	check_run("the seven lines are these bytes", test_text);
	check_run("the digest can be made of hashes", test_digest_of_hashes);
	check_run("the order of events counts", test_order_counts);
	return check_end();
}
