/*
 * Memory for secrets, boxes, and what libsodium hashes for us.
 */

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "../lib/check.h"
#include "base/secret.h"

static const unsigned char key[DBK_SECRET_KEY_BYTES] =
    "a key of thirty-two bytes, yes!";

static void
test_memory(void)
{
	for (size_t size = 0; size <= 100; size++) {
		unsigned char *bytes = dbk_secret_take(size);
		bool zero = true;

		CHECK(bytes != NULL && (uintptr_t)bytes % 16 == 0);
		for (size_t i = 0; i < size; i++)
			zero = zero && bytes[i] == 0;
		CHECK(zero);
		memset(bytes, 0xa5, size);
		dbk_secret_give(bytes);
	}
	dbk_secret_give(NULL);
	CHECK(dbk_secret_take(SIZE_MAX) == NULL);
	CHECK(dbk_secret_take(SIZE_MAX / 2) == NULL);
}

/* Whether writing behind memory of SIZE bytes ends the process. */
static bool
is_guarded(size_t size)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		volatile unsigned char *bytes = dbk_secret_take(size);

		(void)signal(SIGSEGV, SIG_DFL);
		bytes[size] = 1;
		_exit(0);
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status);
}

static void
test_guard(void)
{
	CHECK(is_guarded(32));
	CHECK(is_guarded(4096));
}

static void
test_words(void)
{
	unsigned char a[32] = { 1, 2, 3 }, b[32] = { 1, 2, 3 }, zero[32] = { 0 };

	CHECK(dbk_secret_equal(a, b, sizeof a));
	b[31] = 1;
	CHECK(!dbk_secret_equal(a, b, sizeof a));
	CHECK(dbk_secret_equal(a, b, 31));
	dbk_secret_wipe(a, sizeof a);
	CHECK(memcmp(a, zero, sizeof a) == 0);
	dbk_secret_random(a, sizeof a);
	dbk_secret_random(b, sizeof b);
	CHECK(memcmp(a, b, sizeof a) != 0);
}

static void
test_hash(void)
{
	unsigned char got[32], want[32];

	(void)crypto_generichash(want, 32, (const unsigned char *)"text", 4, NULL, 0);
	dbk_secret_hash(NULL, "text", 4, got);
	CHECK(memcmp(got, want, 32) == 0);
	(void)crypto_generichash(want, 32, (const unsigned char *)"text", 4, key, 32);
	dbk_secret_hash(key, "text", 4, got);
	CHECK(memcmp(got, want, 32) == 0);
	/* BLAKE2b-256 of nothing. */
	dbk_secret_hash(NULL, "", 0, got);
	CHECK(got[0] == 0x0e && got[1] == 0x57 && got[2] == 0x51 && got[3] == 0xc0);
}

static bool
opens(const unsigned char *with, const char *about, struct dbk_str box,
      const char *text)
{
	unsigned char out[256];

	return dbk_secret_open(with, dbk_str_of(about), box, out) &&
	       box.size - DBK_SECRET_BOX_OVERHEAD == strlen(text) &&
	       memcmp(out, text, strlen(text)) == 0;
}

static void
test_box(void)
{
	static const char *const texts[] = { "", "a", "the text of a box" };

	for (unsigned i = 0; i < 3; i++) {
		struct dbk_buf a = { 0 }, b = { 0 };

		dbk_secret_seal(key, NULL, dbk_str_of("about"), dbk_str_of(texts[i]),
				&a);
		dbk_secret_seal(key, NULL, dbk_str_of("about"), dbk_str_of(texts[i]),
				&b);
		CHECK_INT(a.size, DBK_SECRET_BOX_OVERHEAD + strlen(texts[i]));
		CHECK_INT(a.bytes[0], 1);
		CHECK(memcmp(a.bytes, b.bytes, a.size) != 0);
		CHECK(opens(key, "about", dbk_str_make(a.bytes, a.size), texts[i]));
		CHECK(opens(key, "about", dbk_str_make(b.bytes, b.size), texts[i]));
		dbk_buf_fini(&a);
		dbk_buf_fini(&b);
	}
}

static void
test_box_of_others(void)
{
	unsigned char other[DBK_SECRET_KEY_BYTES], out[256];
	struct dbk_buf box = { 0 };

	memcpy(other, key, sizeof other);
	other[31] ^= 1;
	dbk_buf_put(&box, "front", 5);
	dbk_secret_seal(key, NULL, dbk_str_of("about"), dbk_str_of("text"), &box);
	for (unsigned i = 5; i < box.size; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			box.bytes[i] ^= (unsigned char)(1u << bit);
			CHECK(!opens(key, "about",
				     dbk_str_make(box.bytes + 5, box.size - 5),
				     "text"));
			box.bytes[i] ^= (unsigned char)(1u << bit);
		}
	}
	for (size_t size = 0; size < box.size - 5; size++)
		CHECK(!dbk_secret_open(key, dbk_str_of("about"),
				       dbk_str_make(box.bytes + 5, size), out));
	CHECK(
	    !opens(other, "about", dbk_str_make(box.bytes + 5, box.size - 5), "text"));
	CHECK(!opens(key, "abouT", dbk_str_make(box.bytes + 5, box.size - 5), "text"));
	CHECK(!opens(key, "", dbk_str_make(box.bytes + 5, box.size - 5), "text"));
	CHECK(opens(key, "about", dbk_str_make(box.bytes + 5, box.size - 5), "text"));
	dbk_buf_fini(&box);
}

/* The construction is the one that libsodium has by that name, so that others can open
 * the box. */
static void
test_box_is_xchacha(void)
{
	static const unsigned char nonce[DBK_SECRET_NONCE_BYTES] =
	    "a nonce of twenty-four";
	unsigned char want[4 + DBK_SECRET_TAG_BYTES];
	struct dbk_buf box = { 0 };
	unsigned long long size;

	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(
	    want, &size, (const unsigned char *)"text", 4,
	    (const unsigned char *)"about", 5, NULL, nonce, key);
	dbk_secret_seal(key, nonce, dbk_str_of("about"), dbk_str_of("text"), &box);
	CHECK_INT(box.size, 1 + sizeof nonce + sizeof want);
	CHECK(memcmp(box.bytes + 1, nonce, sizeof nonce) == 0);
	CHECK(memcmp(box.bytes + 1 + sizeof nonce, want, sizeof want) == 0);
	dbk_buf_fini(&box);
}

static void
test_passphrase(void)
{
	static const unsigned char salt[DBK_SECRET_SALT_BYTES] = "sixteen of salt";
	unsigned char got[32], want[32];

	CHECK_INT(dbk_secret_from_passphrase(dbk_str_of("phrase"), salt, got), DBK_OK);
	CHECK(crypto_pwhash(want, 32, "phrase", 6, salt, 3, (size_t)256 << 20,
			    crypto_pwhash_ALG_ARGON2ID13) == 0);
	CHECK(memcmp(got, want, 32) == 0);
}

int
main(void)
{
	if (!dbk_secret_start())
		return 1;
	check_run("memory for secrets is zeroed and aligned", test_memory);
	check_run("a box that is not whole, or another's, does not open",
		  test_box_of_others);
	check_run("writing behind a secret ends the program", test_guard);
	check_run("secrets are compared and wiped whole", test_words);
	check_run("hashes are BLAKE2b-256", test_hash);
	check_run("a box opens, and no two are alike", test_box);
	check_run("a box is XChaCha20-Poly1305", test_box_is_xchacha);
	check_run("a passphrase goes through Argon2id", test_passphrase);
	return check_end();
}
