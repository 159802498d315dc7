/*
 * Ed25519: the vectors of RFC 8032, and everything that one verifier takes and another
 * does not.
 */

#include <string.h>

#include <sodium.h>

#include "../lib/check.h"
#include "base/base64.h"
#include "base/sign.h"

#define POINT 32

struct vector {
	const char *seed, *key, *message, *signature;
};

/* RFC 8032 section 7.1. */
static const struct vector vectors[] = {
	{ "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
	  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
	  "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
	{ "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
	  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
	  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da0"
	  "85ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
	{ "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
	  "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
	  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac1"
	  "8ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" }
};

/* Every encoding, canonical or not, of the eight points of small order. */
static const char *const small[] = {
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0000000000000000000000000000000000000000000000000000000000000080",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000080",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
};

#define SMALL (sizeof small / sizeof small[0])

/* The order of the group, little-endian. */
static const unsigned char order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a,	     0x63,
					 0x12, 0x58, 0xd6, 0x9c, 0xf7,	     0xa2,
					 0xde, 0xf9, 0xde, 0x14, [31] = 0x10 };

static void
open_hex(const char *text, unsigned char *out, size_t size)
{
	CHECK(dbk_hex_decode(dbk_str_of(text), out, size));
}

static void
test_vectors(void)
{
	for (unsigned i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		const struct vector *v = &vectors[i];
		unsigned char seed[32], key[32], want[64], got[64], message[2];
		size_t size = strlen(v->message) / 2;

		open_hex(v->seed, seed, sizeof seed);
		open_hex(v->key, key, sizeof key);
		open_hex(v->message, message, size);
		open_hex(v->signature, want, sizeof want);
		dbk_sign_public(seed, got);
		CHECK(memcmp(got, key, sizeof key) == 0);
		dbk_sign(seed, message, size, got);
		CHECK(memcmp(got, want, sizeof want) == 0);
		CHECK(dbk_sign_verify(key, message, size, want));
		CHECK(dbk_sign_is_usable(key));
	}
}

static void
test_any_bit(void)
{
	unsigned char seed[32] = { 7 }, key[32], signature[64], message[40] = "message";

	dbk_sign_public(seed, key);
	dbk_sign(seed, message, sizeof message, signature);
	for (unsigned i = 0; i < 8 * 64; i++) {
		signature[i / 8] ^= (unsigned char)(1u << (i % 8));
		CHECK(!dbk_sign_verify(key, message, sizeof message, signature));
		signature[i / 8] ^= (unsigned char)(1u << (i % 8));
	}
	for (unsigned i = 0; i < 8 * 32; i++) {
		key[i / 8] ^= (unsigned char)(1u << (i % 8));
		CHECK(!dbk_sign_verify(key, message, sizeof message, signature));
		key[i / 8] ^= (unsigned char)(1u << (i % 8));
	}
	for (unsigned i = 0; i < 8 * sizeof message; i++) {
		message[i / 8] ^= (unsigned char)(1u << (i % 8));
		CHECK(!dbk_sign_verify(key, message, sizeof message, signature));
		message[i / 8] ^= (unsigned char)(1u << (i % 8));
	}
	CHECK(!dbk_sign_verify(key, message, sizeof message - 1, signature));
	CHECK(dbk_sign_verify(key, message, sizeof message, signature));
}

/* S + k * L stands for the same number, as long as it has room. */
static void
test_s_plus_order(void)
{
	unsigned char seed[32] = { 9 }, key[32], signature[64];

	dbk_sign_public(seed, key);
	dbk_sign(seed, "x", 1, signature);
	CHECK(dbk_sign_verify(key, "x", 1, signature));
	for (unsigned k = 1; k <= 15; k++) {
		unsigned carry = 0;

		for (unsigned i = 0; i < 32; i++) {
			carry += (unsigned)signature[32 + i] + order[i];
			signature[32 + i] = (unsigned char)carry;
			carry >>= 8;
		}
		if (carry == 0)
			CHECK(!dbk_sign_verify(key, "x", 1, signature));
	}
}

static void
test_small_keys(void)
{
	unsigned char key[POINT], signature[64];

	for (unsigned i = 0; i < SMALL; i++) {
		open_hex(small[i], key, sizeof key);
		CHECK(!dbk_sign_is_usable(key));
		/* R = A and S = 0 hold for one message in eight at least, under a
		 * verifier that looks at the equation alone. */
		for (unsigned m = 0; m < 32; m++) {
			unsigned char message = (unsigned char)m;

			memset(signature, 0, sizeof signature);
			memcpy(signature, key, sizeof key);
			CHECK(!dbk_sign_verify(key, &message, 1, signature));
		}
	}
}

/* S = k * a with R of small order: the equation holds for the neutral R. */
static void
test_small_r(void)
{
	unsigned char seed[32] = { 11 }, key[POINT], secret[64], a[64];
	unsigned char input[2 * POINT + 1], hash[64], k[32], signature[64];

	(void)crypto_sign_seed_keypair(key, secret, seed);
	(void)crypto_hash_sha512(a, seed, sizeof seed);
	a[0] &= 248;
	a[31] = (unsigned char)((a[31] & 127) | 64);
	for (unsigned i = 0; i < SMALL; i++) {
		open_hex(small[i], signature, POINT);
		memcpy(input, signature, POINT);
		memcpy(input + POINT, key, POINT);
		input[2 * POINT] = 'm';
		(void)crypto_hash_sha512(hash, input, sizeof input);
		crypto_core_ed25519_scalar_reduce(k, hash);
		crypto_core_ed25519_scalar_mul(signature + POINT, k, a);
		CHECK(!dbk_sign_verify(key, "m", 1, signature));
	}
}

static void
test_unusable_keys(void)
{
	unsigned char seed[32] = { 13 }, key[POINT], torsion[POINT], mixed[POINT];
	unsigned off_curve = 0;

	dbk_sign_public(seed, key);
	open_hex(small[6], torsion, sizeof torsion);
	CHECK(crypto_core_ed25519_add(mixed, key, torsion) == 0);
	CHECK(!dbk_sign_is_usable(mixed));
	/* Half of all numbers are no y of a point. */
	for (unsigned i = 2; i < 40; i++) {
		memset(key, 0, sizeof key);
		key[0] = (unsigned char)i;
		off_curve += dbk_sign_is_usable(key) ? 0 : 1;
	}
	CHECK(off_curve > 15);
	memset(key, 0xff, sizeof key);
	CHECK(!dbk_sign_is_usable(key));
}

int
main(void)
{
	if (sodium_init() < 0)
		return 1;
	check_run("any bit that is not as signed fails", test_any_bit);
	check_run("S beyond the order fails", test_s_plus_order);
	check_run("keys of small order verify nothing", test_small_keys);
	check_run("R of small order or not canonical fails", test_small_r);
	check_run("points outside of the prime order are no keys", test_unusable_keys);
	check_run("the vectors of RFC 8032 hold", test_vectors);
	return check_end();
}
