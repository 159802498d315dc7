/*
 * Notes and verifier keys: the examples of the specification and of Go's package, and
 * everything that is nearly one.
 */

#include <stdio.h>
#include <string.h>

#include "../lib/check.h"
#include "base/base64.h"
#include "tlog/note.h"

#define FOO_KEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define FOO_SIGNATURE                                                                  \
	"Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm"     \
	"RKuwHjG1Yu72IneyaQM="
#define FOO_TEXT "This is an example message.\n"
#define FOO_LINE "\xe2\x80\x94 example.com/foo " FOO_SIGNATURE "\n"
#define FOO_NOTE FOO_TEXT "\n" FOO_LINE

/* Of golang.org/x/mod/sumdb/note. */
#define PETER_KEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define PETER_SECRET "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
#define PETER_TEXT                                                                     \
	"If you think cryptography is the answer to your problem,\n"                   \
	"then you don't know what your problem is.\n"
#define PETER_LINE                                                                     \
	"\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUg" \
	"YN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
#define ENOCH_LINE                                                                     \
	"\xe2\x80\x94 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+" \
	"vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"

static struct dbk_note_key
key_of(const char *vkey)
{
	struct dbk_note_key key = { .type = DBK_NOTE_ED25519 };
	struct dbk_error error = { .text = "" };

	CHECK_INT(dbk_note_key_parse(dbk_str_of(vkey), &key, &error), DBK_OK);
	CHECK(error.text[0] == '\0');
	return key;
}

static bool
parses(struct dbk_str bytes, struct dbk_note *out)
{
	struct dbk_error error;

	return dbk_note_parse(bytes, out, &error) == DBK_OK;
}

static enum dbk_note_verdict
verdict_of(struct dbk_str bytes, const struct dbk_note_key *key)
{
	struct dbk_note note;

	return parses(bytes, &note) ? dbk_note_verify(&note, key) : DBK_NOTE_UNSIGNED;
}

/* ------------------------------------------------------------------- examples */

static void
test_examples(void)
{
	struct dbk_note_key foo = key_of(FOO_KEY), peter = key_of(PETER_KEY);
	struct dbk_note note;

	CHECK_INT(verdict_of(dbk_str_of(FOO_NOTE), &foo), DBK_NOTE_VERIFIED);
	CHECK_INT(verdict_of(dbk_str_of(FOO_NOTE), &peter), DBK_NOTE_UNSIGNED);
	CHECK(parses(dbk_str_of(PETER_TEXT "\n" PETER_LINE ENOCH_LINE), &note));
	CHECK_INT(dbk_note_verify(&note, &peter), DBK_NOTE_VERIFIED);
	CHECK_INT(note.n_signatures, 2);
	CHECK(dbk_str_equal(note.text, dbk_str_of(PETER_TEXT)));
	CHECK(dbk_str_equal(note.signatures[0].line, dbk_str_of(PETER_LINE)));
	CHECK(dbk_str_equal(note.signatures[1].name, dbk_str_of("EnochRoot")));
	CHECK(note.signatures[1].id == 0xaf0cfe78);
	CHECK_INT(note.signatures[1].size, 64);
}

static void
test_signing(void)
{
	unsigned char secret[33], public[32];
	struct dbk_note_key peter = key_of(PETER_KEY), made;
	struct dbk_buf out = { 0 };
	size_t size;

	CHECK(
	    dbk_base64_decode(dbk_str_of(PETER_SECRET), secret, sizeof secret, &size));
	CHECK_INT(size, sizeof secret);
	dbk_sign_public(secret + 1, public);
	CHECK(dbk_note_key_make(dbk_str_of("PeterNeumann"), DBK_NOTE_ED25519, public,
				&made));
	CHECK_INT(made.id, peter.id);
	dbk_note_sign(dbk_str_of(PETER_TEXT), &made, secret + 1, &out);
	CHECK(dbk_str_equal(dbk_str_make(out.bytes, out.size),
			    dbk_str_of(PETER_TEXT "\n" PETER_LINE)));
	dbk_buf_reset(&out);
	dbk_note_key_put(&made, &out);
	CHECK(dbk_str_equal(dbk_str_make(out.bytes, out.size), dbk_str_of(PETER_KEY)));
	dbk_buf_fini(&out);
}

/* ----------------------------------------------------------------------- keys */

static void
test_wrong_keys(void)
{
	static const char *const wrong[] = {
		"",
		"+",
		"++",
		"example.com/foo",
		"example.com/foo+530d903a",
		"+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/"
		"foo+0530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/"
		"foo++530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U0=",
		"example.com/"
		"foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2kAA==",
		"example.com/"
		"foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
		" example.com/"
		"foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"PRIVATE+KEY+PeterNeumann+c74f20a3+" PETER_SECRET,
	};
	struct dbk_note_key key;
	struct dbk_error error;

	for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		error.text[0] = '\0';
		CHECK_INT(dbk_note_key_parse(dbk_str_of(wrong[i]), &key, &error),
			  DBK_FAILED_INPUT);
		CHECK(strstr(error.text, "verifier key") != NULL);
	}
}

/* One letter changed is never a key; NUL is a letter. */
static void
test_key_letters(void)
{
	char vkey[] = FOO_KEY;
	struct dbk_note_key key;
	unsigned taken = 0;

	for (size_t at = 0; at < sizeof vkey - 1; at++) {
		for (unsigned c = 0; c < 256; c++) {
			char kept = vkey[at];

			vkey[at] = (char)c;
			taken += vkey[at] != kept &&
				 dbk_note_key_parse(dbk_str_make(vkey, sizeof vkey - 1),
						    &key, NULL) == DBK_OK;
			vkey[at] = kept;
		}
	}
	CHECK_INT(taken, 0);
}

/* A vkey of TYPE and KEY with the id that belongs to them. */
static bool
type_is_taken(uint8_t type, const unsigned char public[32])
{
	unsigned char bytes[33] = { type };
	struct dbk_note_key key;
	struct dbk_buf out = { 0 };
	bool taken;

	memcpy(bytes + 1, public, 32);
	CHECK(dbk_note_key_make(dbk_str_of("n"), type, public, &key));
	dbk_buf_printf(&out, "n+%08x+", key.id);
	dbk_base64_put(&out, bytes, sizeof bytes);
	taken =
	    dbk_note_key_parse(dbk_str_make(out.bytes, out.size), &key, NULL) == DBK_OK;
	dbk_buf_fini(&out);
	return taken;
}

static void
test_key_types(void)
{
	unsigned char seed[32] = { 3 }, public[32], none[32] = { 0 };

	dbk_sign_public(seed, public);
	for (unsigned type = 0; type < 256; type++) {
		CHECK_INT(type_is_taken((uint8_t)type, public), type == 1 || type == 4);
		CHECK(!type_is_taken((uint8_t)type, none));
	}
}

static bool
is_name(const char *bytes, size_t size)
{
	unsigned char public[32] = { 0 };
	struct dbk_note_key key;

	return dbk_note_key_make(dbk_str_make(bytes, size), DBK_NOTE_ED25519, public,
				 &key);
}

static void
test_names(void)
{
	static const char *const wrong[] = { "a b",
					     "a+b",
					     "a\tb",
					     "a\nb",
					     "a\rb",
					     "a\x7f",
					     "\x01",
					     " ",
					     "+",
					     "a\xc2\x85",
					     "a\xc2\xa0"
					     "a",
					     "\xe1\x9a\x80",
					     "\xe2\x80\x80",
					     "\xe2\x80\x8a",
					     "\xe2\x80\xa8",
					     "\xe2\x80\xaf",
					     "\xe2\x81\x9f",
					     "\xe3\x80\x80",
					     "a\xff",
					     "\xc3",
					     "\xed\xa0\x80" };
	static const char *const right[] = {
		"a",   "\xe2\x80\x8b", "\xe2\x80\xb0",	   "\xc3\xa9",
		"a=b", "\xe2\x80\x94", "example.com/log-1"
	};
	char name[DBK_NOTE_NAME_BYTES_MAX + 1];

	for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		CHECK(!is_name(wrong[i], strlen(wrong[i])));
	for (unsigned i = 0; i < sizeof right / sizeof right[0]; i++)
		CHECK(is_name(right[i], strlen(right[i])));
	CHECK(!is_name("", 0));
	CHECK(!is_name("a\0b", 3));
	memset(name, 'x', sizeof name);
	CHECK(is_name(name, sizeof name - 1));
	CHECK(!is_name(name, sizeof name));
}

/* ---------------------------------------------------------------------- notes */

static void
test_wrong_notes(void)
{
	static const char *const wrong[] = {
		"",
		"\n",
		"\n\n",
		"\n\n\n",
		FOO_TEXT,
		FOO_TEXT "\n",
		FOO_TEXT FOO_LINE,
		FOO_LINE,
		"\n" FOO_LINE,
		FOO_NOTE "\n",
		FOO_NOTE "x",
		FOO_NOTE "x\n",
		FOO_NOTE "\xe2\x80\x94 a\n",
		FOO_NOTE "\xe2\x80\x94 a \n",
		FOO_NOTE "\xe2\x80\x94  " FOO_SIGNATURE "\n",
		FOO_NOTE "\xe2\x80\x94 a+b " FOO_SIGNATURE "\n",
		FOO_NOTE "\xe2\x80\x94 a\xc2\xa0 " FOO_SIGNATURE "\n",
		FOO_NOTE "\xe2\x80\x94 a AAAA\n",
		FOO_NOTE "\xe2\x80\x94 a AAAAAA==\n",
		FOO_NOTE "\xe2\x80\x94 a AAAAAAB=\n",
		FOO_NOTE "\xe2\x80\x94 a AAAAAAA\n",
		FOO_NOTE "\xe2\x80\x94 a AAAAAAA= \n",
		FOO_NOTE "\xe2\x80\x94 a b AAAAAAA=\n",
		FOO_NOTE "\xe2\x80\x93 a AAAAAAA=\n",
		FOO_NOTE "- a AAAAAAA=\n",
		FOO_NOTE " \xe2\x80\x94 a AAAAAAA=\n",
		FOO_NOTE "\xe2\x80\x94\ta AAAAAAA=\n",
		FOO_TEXT "\r\n" FOO_LINE,
		"a\tb\n\n" FOO_LINE,
		"a\xff\n\n" FOO_LINE,
		"a\xed\xa0\x80\n\n" FOO_LINE,
	};
	struct dbk_note note;

	for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct dbk_error error = { .text = "" };

		CHECK_INT(dbk_note_parse(dbk_str_of(wrong[i]), &note, &error),
			  DBK_FAILED_INPUT);
		CHECK(strncmp(error.text, "note: ", 6) == 0);
	}
	CHECK(!parses(dbk_str_make(FOO_NOTE, sizeof FOO_NOTE), &note));
	CHECK(!parses(dbk_str_make(FOO_NOTE, sizeof FOO_NOTE - 2), &note));
	CHECK(parses(dbk_str_of("\n\n" FOO_LINE), &note));
	CHECK(parses(dbk_str_of("a\x7f\n\n" FOO_LINE), &note));
	CHECK(parses(dbk_str_of(FOO_NOTE "\xe2\x80\x94 a AAAAAAA=\n"), &note));
	CHECK_INT(note.signatures[1].size, 1);
}

/* The last empty line is the one that divides. */
static void
test_empty_lines(void)
{
	struct dbk_note note;

	CHECK(parses(dbk_str_of("a\n\n\nb\n\n" FOO_LINE), &note));
	CHECK(dbk_str_equal(note.text, dbk_str_of("a\n\n\nb\n")));
	CHECK(parses(dbk_str_of("a\n\n" FOO_LINE "\n" FOO_LINE), &note));
	CHECK(dbk_str_equal(note.text, dbk_str_of("a\n\n" FOO_LINE)));
	CHECK_INT(note.n_signatures, 1);
	CHECK(parses(dbk_str_of("a\n\n\n" FOO_LINE), &note));
	CHECK(dbk_str_equal(note.text, dbk_str_of("a\n\n")));
}

/* Any byte changed, taken out or put in: never verified, but where the change is in
 * what another signs. */
static void
test_any_byte(void)
{
	struct dbk_note_key foo = key_of(FOO_KEY);
	char bytes[sizeof FOO_NOTE];
	size_t size = sizeof FOO_NOTE - 1;
	unsigned taken = 0;

	for (size_t at = 0; at < size; at++) {
		for (unsigned c = 0; c < 256; c++) {
			memcpy(bytes, FOO_NOTE, size);
			if (bytes[at] == (char)c)
				continue;
			bytes[at] = (char)c;
			taken += verdict_of(dbk_str_make(bytes, size), &foo) ==
				 DBK_NOTE_VERIFIED;
		}
		memcpy(bytes, FOO_NOTE, at);
		memcpy(bytes + at, FOO_NOTE + at + 1, size - at - 1);
		taken += verdict_of(dbk_str_make(bytes, size - 1), &foo) ==
			 DBK_NOTE_VERIFIED;
		bytes[at] = '\n';
		memcpy(bytes + at + 1, FOO_NOTE + at, size - at);
		taken += verdict_of(dbk_str_make(bytes, size + 1), &foo) ==
			 DBK_NOTE_VERIFIED;
		taken +=
		    verdict_of(dbk_str_make(FOO_NOTE, at), &foo) == DBK_NOTE_VERIFIED;
	}
	CHECK_INT(taken, 0);
}

static void
test_forged(void)
{
	struct dbk_note_key foo = key_of(FOO_KEY);
	unsigned char bytes[65] = { 0 };
	struct dbk_buf out = { 0 };

	CHECK_INT(verdict_of(dbk_str_of("Another message.\n\n" FOO_LINE), &foo),
		  DBK_NOTE_FORGED);
	/* One that verifies does not save another of the same key that does not. */
	for (size_t size = 1; size <= sizeof bytes; size++) {
		dbk_buf_reset(&out);
		dbk_buf_put(&out, FOO_NOTE, sizeof FOO_NOTE - 1);
		dbk_note_put_signature(dbk_str_of(foo.name), foo.id, bytes, size, &out);
		CHECK_INT(verdict_of(dbk_str_make(out.bytes, out.size), &foo),
			  DBK_NOTE_FORGED);
	}
	/* Of another id, or another name, it is another's. */
	dbk_buf_reset(&out);
	dbk_buf_put(&out, FOO_NOTE, sizeof FOO_NOTE - 1);
	dbk_note_put_signature(dbk_str_of(foo.name), foo.id + 1, bytes, 64, &out);
	dbk_note_put_signature(dbk_str_of("example.com/fo"), foo.id, bytes, 64, &out);
	dbk_note_put_signature(dbk_str_of("example.com/fooo"), foo.id, bytes, 64, &out);
	CHECK_INT(verdict_of(dbk_str_make(out.bytes, out.size), &foo),
		  DBK_NOTE_VERIFIED);
	dbk_buf_fini(&out);
}

static void
test_limits(void)
{
	static unsigned char long_signature[8192];
	struct dbk_note_key foo = key_of(FOO_KEY);
	struct dbk_buf out = { 0 };
	struct dbk_note note;

	dbk_buf_put(&out, FOO_NOTE, sizeof FOO_NOTE - 1);
	for (unsigned i = 1; i < DBK_NOTE_SIGNATURES_MAX; i++)
		dbk_note_put_signature(dbk_str_of("other"), i, long_signature, 1, &out);
	CHECK_INT(verdict_of(dbk_str_make(out.bytes, out.size), &foo),
		  DBK_NOTE_VERIFIED);
	dbk_note_put_signature(dbk_str_of("other"), 99, long_signature, 1, &out);
	CHECK(!parses(dbk_str_make(out.bytes, out.size), &note));

	dbk_buf_reset(&out);
	dbk_buf_put(&out, FOO_NOTE, sizeof FOO_NOTE - 1);
	dbk_note_put_signature(dbk_str_of("other"), 1, long_signature,
			       sizeof long_signature, &out);
	CHECK_INT(verdict_of(dbk_str_make(out.bytes, out.size), &foo),
		  DBK_NOTE_VERIFIED);

	dbk_buf_reset(&out);
	for (unsigned i = 0; i < DBK_NOTE_BYTES_MAX - sizeof FOO_LINE - 1; i++)
		dbk_buf_put_u8(&out, 'x');
	dbk_buf_printf(&out, "\n\n" FOO_LINE);
	CHECK_INT(out.size, DBK_NOTE_BYTES_MAX);
	CHECK(parses(dbk_str_make(out.bytes, out.size), &note));
	CHECK_INT(dbk_note_verify(&note, &foo), DBK_NOTE_FORGED);
	dbk_buf_reset(&out);
	for (unsigned i = 0; i < DBK_NOTE_BYTES_MAX - sizeof FOO_LINE; i++)
		dbk_buf_put_u8(&out, 'x');
	dbk_buf_printf(&out, "\n\n" FOO_LINE);
	CHECK(!parses(dbk_str_make(out.bytes, out.size), &note));
	dbk_buf_fini(&out);
}

/* 8,193 bytes and their id. */
static void
test_long_signature(void)
{
	static unsigned char bytes[4 + 8193];
	struct dbk_buf out = { 0 };
	struct dbk_note note;

	dbk_buf_printf(&out, FOO_NOTE "\xe2\x80\x94 other ");
	dbk_base64_put(&out, bytes, sizeof bytes);
	dbk_buf_printf(&out, "\n");
	CHECK(!parses(dbk_str_make(out.bytes, out.size), &note));
	dbk_buf_fini(&out);
}

int
main(void)
{
	check_run("what is nearly a verifier key is none", test_wrong_keys);
	check_run("any letter of a verifier key counts", test_key_letters);
	check_run("keys of other types, or of no use, are not taken", test_key_types);
	check_run("names are those of signed-note", test_names);
	check_run("what is nearly a note is none", test_wrong_notes);
	check_run("any byte of a note counts", test_any_byte);
	check_run("a signature that does not verify is never overlooked", test_forged);
	check_run("a note has a limit on everything", test_limits);
	check_run("a signature that is too long is none", test_long_signature);
	check_run("published notes verify", test_examples);
	check_run("what we sign is what others sign", test_signing);
	check_run("the last empty line divides a note", test_empty_lines);
	return check_end();
}
