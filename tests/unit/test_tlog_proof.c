/*
 * Proofs as text: there and back, one behind another, and every line damaged.
 */

#include <stdio.h>
#include <string.h>

#include "../lib/check.h"
#include "tlog/proof.h"

#define HASH0 "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ="
#define HASH1 "B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA="
#define NOTE                                                                           \
	"example.com/fancylog\n"                                                       \
	"109482\n"                                                                     \
	"sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n"                               \
	"\n"                                                                           \
	"\xe2\x80\x94 example.com/fancylog AAAAAAA=\n"                                 \
	"\xe2\x80\x94 witness1.example AAAAAAA=\n"
#define FIRST "c2sp.org/tlog-proof@v1\n"
#define PROOF FIRST "extra ZXh0cmE=\nindex 73894\n" HASH0 "\n" HASH1 "\n\n" NOTE

static struct dbk_buf extra;

static bool
parses(struct dbk_str text, struct dbk_proof *out, size_t *out_size)
{
	struct dbk_error error = { .text = "" };
	enum dbk_err err;

	dbk_buf_reset(&extra);
	err = dbk_proof_parse(text, &extra, out, out_size, &error);
	CHECK(err == DBK_OK || err == DBK_FAILED_INPUT);
	CHECK(err == DBK_OK ||
	      (strncmp(error.text, "proof: line ", 12) == 0 && extra.size == 0));
	return err == DBK_OK;
}

static bool
prints_back(struct dbk_str text, const struct dbk_proof *proof)
{
	struct dbk_buf out = { 0 };
	bool same;

	dbk_proof_put(proof, &out);
	same = dbk_str_equal(text, dbk_str_make(out.bytes, out.size));
	dbk_buf_fini(&out);
	return same;
}

static void
test_sound(void)
{
	static const char *const sound[] = {
		PROOF,
		FIRST "index 0\n\n" NOTE,
		FIRST "extra \nindex 0\n\n" NOTE,
		FIRST "index 18446744073709551615\n" HASH0 "\n\n" NOTE,
		FIRST "index 1\n\na\n\n\xe2\x80\x94 b\n",
	};
	struct dbk_proof proof;
	size_t size;

	for (unsigned i = 0; i < sizeof sound / sizeof sound[0]; i++) {
		CHECK(parses(dbk_str_of(sound[i]), &proof, &size));
		CHECK_INT(size, strlen(sound[i]));
		CHECK(prints_back(dbk_str_of(sound[i]), &proof));
	}
	CHECK(parses(dbk_str_of(PROOF), &proof, &size));
	CHECK(proof.has_extra && dbk_str_equal(proof.extra, dbk_str_of("extra")));
	CHECK_INT(proof.index, 73894);
	CHECK_INT(proof.inclusion.count, 2);
	CHECK(proof.inclusion.hashes[0].bytes[0] == 0x81);
	CHECK(dbk_str_equal(proof.note, dbk_str_of(NOTE)));
	CHECK(parses(dbk_str_of(FIRST "index 0\n\n" NOTE), &proof, &size));
	CHECK(!proof.has_extra);
}

static void
test_wrong(void)
{
	static const char *const wrong[] = {
		"",
		"\n",
		"c2sp.org/tlog-proof@v1",
		FIRST,
		"c2sp.org/tlog-proof@v2\nindex 0\n\n" NOTE,
		"c2sp.org/tlog-proof@v1 \nindex 0\n\n" NOTE,
		"c2sp.org/tlog-proof@v1\r\nindex 0\n\n" NOTE,
		" " FIRST "index 0\n\n" NOTE,
		"\n" FIRST "index 0\n\n" NOTE,
		FIRST "\nindex 0\n\n" NOTE,
		FIRST "index\n\n" NOTE,
		FIRST "index \n\n" NOTE,
		FIRST "index 00\n\n" NOTE,
		FIRST "index 01\n\n" NOTE,
		FIRST "index -1\n\n" NOTE,
		FIRST "index +1\n\n" NOTE,
		FIRST "index 1 \n\n" NOTE,
		FIRST "index  1\n\n" NOTE,
		FIRST "Index 1\n\n" NOTE,
		FIRST "index 1\r\n\n" NOTE,
		FIRST "index 18446744073709551616\n\n" NOTE,
		FIRST "extra\nindex 0\n\n" NOTE,
		FIRST "extra  ZXh0cmE=\nindex 0\n\n" NOTE,
		FIRST "extra ZXh0cmE\nindex 0\n\n" NOTE,
		FIRST "extra ZXh0cmF=\nindex 0\n\n" NOTE,
		FIRST "extra ZXh0cmE= \nindex 0\n\n" NOTE,
		FIRST "extra ZXh0cmE=\nextra ZXh0cmE=\nindex 0\n\n" NOTE,
		FIRST "index 0\nextra ZXh0cmE=\n\n" NOTE,
		FIRST "extra ZXh0cmE=\n",
		FIRST "extra ZXh0cmE=",
		FIRST "index 0\n",
		FIRST "index 0\n" HASH0 "\n",
		FIRST "index 0\n" NOTE,
		FIRST "index 0\n" HASH0 " \n\n" NOTE,
		FIRST "index 0\n " HASH0 "\n\n" NOTE,
		FIRST "index 0\n" HASH0 HASH0 "\n\n" NOTE,
		FIRST "index 0\nAAAA\n\n" NOTE,
		FIRST "index 0\n\n",
		FIRST "index 0\n\na",
		FIRST "index 0\n\na\n",
		FIRST "index 0\n\na\n\n",
		FIRST "index 0\n\na\n\nb\n",
		FIRST "index 0\n\n\n\xe2\x80\x94 b",
		FIRST "index 0\n\na\n\n\xe2\x80\x94 b\n\xe2\x80\x94 c",
		FIRST "index 0\n\na\n\n- b\n",
	};
	struct dbk_proof proof;
	size_t size;

	for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		CHECK(!parses(dbk_str_of(wrong[i]), &proof, &size));
}

static void
test_several(void)
{
	struct dbk_str text = dbk_str_of(PROOF FIRST "index 0\n\n" NOTE PROOF "x");
	struct dbk_proof proof;
	size_t size, at = 0;

	CHECK(parses(text, &proof, &size));
	CHECK_INT(size, strlen(PROOF));
	at += size;
	CHECK(parses(dbk_str_make(text.bytes + at, text.size - at), &proof, &size));
	CHECK(!proof.has_extra && proof.index == 0);
	at += size;
	CHECK(parses(dbk_str_make(text.bytes + at, text.size - at), &proof, &size));
	CHECK_INT(proof.index, 73894);
	at += size;
	CHECK_INT(at, text.size - 1);
	CHECK(!parses(dbk_str_make(text.bytes + at, text.size - at), &proof, &size));
}

/* What is opened comes behind what the buffer holds. */
static void
test_extra_behind(void)
{
	struct dbk_proof proof;
	size_t size;

	dbk_buf_reset(&extra);
	dbk_buf_put(&extra, "before", 6);
	CHECK_INT(dbk_proof_parse(dbk_str_of(PROOF), &extra, &proof, &size, NULL),
		  DBK_OK);
	CHECK(dbk_str_equal(dbk_str_make(extra.bytes, extra.size),
			    dbk_str_of("beforeextra")));
	CHECK(dbk_str_equal(proof.extra, dbk_str_of("extra")));
	CHECK_INT(dbk_proof_parse(dbk_str_of(FIRST "extra ZXh0cmE=\nindex x\n"), &extra,
				  &proof, &size, NULL),
		  DBK_FAILED_INPUT);
	CHECK_INT(extra.size, 11);
}

static void
test_hashes(void)
{
	struct dbk_buf text = { 0 };
	struct dbk_proof proof;
	size_t size;

	for (unsigned n = 0; n <= DBK_TREE_PROOF_MAX + 1; n++) {
		dbk_buf_reset(&text);
		dbk_buf_printf(&text, FIRST "index 0\n");
		for (unsigned i = 0; i < n; i++)
			dbk_buf_printf(&text, HASH1 "\n");
		dbk_buf_printf(&text, "\n" NOTE);
		CHECK_INT(parses(dbk_str_make(text.bytes, text.size), &proof, &size),
			  n <= DBK_TREE_PROOF_MAX);
		if (n <= DBK_TREE_PROOF_MAX)
			CHECK_INT(proof.inclusion.count, n);
	}
	dbk_buf_fini(&text);
}

static void
test_any_letter(void)
{
	struct dbk_proof proof;
	char text[] = PROOF;
	size_t size = sizeof text - 1, taken;

	for (size_t at = 0; at < size; at++) {
		for (unsigned c = 0; c < 256; c++) {
			char kept = text[at];

			text[at] = (char)c;
			dbk_buf_reset(&extra);
			if (dbk_proof_parse(dbk_str_make(text, size), &extra, &proof,
					    &taken, NULL) == DBK_OK)
				CHECK(prints_back(dbk_str_make(text, taken), &proof));
			text[at] = kept;
		}
		CHECK(!parses(dbk_str_make(text, at), &proof, &taken) ||
		      taken ==
			  size - strlen("\xe2\x80\x94 witness1.example AAAAAAA=\n"));
	}
}

int
main(void)
{
	check_run("what is nearly a proof is none", test_wrong);
	check_run("a proof has one text", test_any_letter);
	check_run("a proof has as many hashes as fit", test_hashes);
	check_run("a proof is read and printed back", test_sound);
	check_run("proofs may follow each other", test_several);
	check_run("extra data comes behind what is there", test_extra_behind);
	dbk_buf_fini(&extra);
	return check_end();
}
