/*
 * Policies: the example of the specification with every set of witnesses, and every
 * rule of its grammar broken.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/check.h"
#include "tlog/policy.h"

#define TEXT "log.example\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
#define KEYS 70

/* Verifier keys of seeds 1, 2, ...; of logs and of witnesses. */
static char log_keys[KEYS][120], witness_keys[KEYS][120];
static struct dbk_note_key keys[KEYS];

static void
seed_of(unsigned i, unsigned char seed[32])
{
	memset(seed, (int)i + 1, 32);
}

static void
print_key(const char *name, uint8_t type, unsigned i, char out[120],
	  struct dbk_note_key *key)
{
	unsigned char seed[32], public[32];
	struct dbk_buf buf = { 0 };

	seed_of(i, seed);
	dbk_sign_public(seed, public);
	CHECK(dbk_note_key_make(dbk_str_of(name), type, public, key));
	dbk_note_key_put(key, &buf);
	(void)snprintf(out, 120, "%.*s", (int)buf.size, (const char *)buf.bytes);
	dbk_buf_fini(&buf);
}

static void
make_keys(void)
{
	struct dbk_note_key key;
	char name[32];

	for (unsigned i = 0; i < KEYS; i++) {
		print_key("log.example", DBK_NOTE_ED25519, i, log_keys[i], &key);
		(void)snprintf(name, sizeof name, "witness.example/%u", i);
		print_key(name, DBK_NOTE_COSIGNATURE, i, witness_keys[i], &keys[i]);
	}
}

/* FORMAT with %L and %W for the verifier keys 0, 1, ... of logs and witnesses; counted
 * each, in order. */
static void
put_policy(const char *format, struct dbk_buf *out)
{
	unsigned logs = 0, witnesses = 0;

	for (const char *p = format; *p != '\0'; p++) {
		if (p[0] == '%' && p[1] == 'L')
			dbk_buf_printf(out, "%s", log_keys[logs++]);
		else if (p[0] == '%' && p[1] == 'W')
			dbk_buf_printf(out, "%s", witness_keys[witnesses++]);
		else
			dbk_buf_put(out, p, 1);
		if (p[0] == '%')
			p++;
	}
}

static struct dbk_policy *
open_policy(const char *format, struct dbk_error *error)
{
	struct dbk_policy *policy = NULL;
	struct dbk_buf text = { 0 };
	enum dbk_err err;

	put_policy(format, &text);
	err = dbk_policy_parse(dbk_str_make(text.bytes, text.size), &policy, error);
	CHECK(err == DBK_OK || err == DBK_FAILED_INPUT);
	CHECK((err == DBK_OK) == (policy != NULL));
	dbk_buf_fini(&text);
	return policy;
}

static bool
is_sound(const char *format)
{
	struct dbk_error error = { .text = "" };
	struct dbk_policy *policy = open_policy(format, &error);
	bool sound = policy != NULL;

	CHECK(sound || strncmp(error.text, "policy: ", 8) == 0);
	dbk_policy_free(policy);
	return sound;
}

/* Whether POLICY is met by the cosignatures of the witnesses in SET, a bit each. */
static bool
met_by(const struct dbk_policy *policy, unsigned set)
{
	struct dbk_buf out = { 0 };
	unsigned char seed[32], none = 0;
	struct dbk_note note;
	bool met, forged, never[DBK_POLICY_WITNESSES_MAX];

	dbk_buf_printf(&out, TEXT "\n");
	dbk_note_put_signature(dbk_str_of("log.example"), 1, &none, 1, &out);
	for (unsigned i = 0; i < 8; i++) {
		if ((set >> i & 1) == 0)
			continue;
		seed_of(i, seed);
		dbk_cosignature_put(dbk_str_of(TEXT), &keys[i], seed, 1000, &out);
	}
	CHECK_INT(dbk_note_parse(dbk_str_make(out.bytes, out.size), &note, NULL),
		  DBK_OK);
	met = dbk_policy_is_met(policy, &note, &forged);
	CHECK(!forged);
	/* Those in SET are all that are left. */
	for (unsigned i = 0; i < DBK_POLICY_WITNESSES_MAX; i++)
		never[i] = i >= 8 || (set >> i & 1) == 0;
	CHECK(dbk_policy_can_be_met(policy, never) == met);
	dbk_buf_fini(&out);
	return met;
}

static unsigned
bits(unsigned set)
{
	return (unsigned)__builtin_popcount(set);
}

/* ----------------------------------------------------------------- what it means */

static const char example[] = "log %L\n\n"
			      "witness X1 %W\nwitness X2 %W\nwitness X3 %W\n"
			      "group X-witnesses 2 X1 X2 X3\n\n"
			      "witness Y1 %W\nwitness Y2 %W\nwitness Y3 %W\n"
			      "group Y-witnesses any Y1 Y2 Y3\n\n"
			      "group X-and-Y all X-witnesses Y-witnesses\n"
			      "quorum X-and-Y\n";

static void
test_example(void)
{
	struct dbk_error error;
	struct dbk_policy *policy = open_policy(example, &error);

	for (unsigned set = 0; set < 128; set++)
		CHECK_INT(met_by(policy, set),
			  bits(set & 7) >= 2 && bits(set >> 3 & 7) >= 1);
	CHECK_INT(dbk_policy_logs(policy), 1);
	CHECK(strcmp(dbk_policy_log_at(policy, 0)->key.name, "log.example") == 0);
	CHECK(dbk_policy_log_at(policy, 0)->url[0] == '\0');
	CHECK_INT(dbk_policy_witnesses(policy), 6);
	CHECK(strcmp(dbk_policy_witness_at(policy, 3)->name, "Y1") == 0);
	CHECK(dbk_policy_witness_at(policy, 3)->key.id == keys[3].id);
	dbk_policy_free(policy);
}

static void
test_quorums(void)
{
	static const struct {
		const char *quorum;
		unsigned needed;
	} cases[] = { { "group g all a b c\nquorum g\n", 3 },
		      { "group g any a b c\nquorum g\n", 1 },
		      { "group g 1 a b c\nquorum g\n", 1 },
		      { "group g 2 a b c\nquorum g\n", 2 },
		      { "group g 3 a b c\nquorum g\n", 3 },
		      { "quorum none\n", 0 },
		      { "group g all a b c\nquorum none\n", 0 } };
	struct dbk_error error;
	char text[256];

	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct dbk_policy *policy;

		(void)snprintf(text, sizeof text,
			       "witness a %%W\nwitness b %%W\nwitness c %%W\n%s",
			       cases[i].quorum);
		policy = open_policy(text, &error);
		for (unsigned set = 0; policy != NULL && set < 16; set++)
			CHECK_INT(met_by(policy, set),
				  bits(set & 7) >= cases[i].needed);
		CHECK(policy != NULL);
		dbk_policy_free(policy);
	}
}

/* A witness may be the quorum, and stand in a group that nobody asks for. */
static void
test_one_witness(void)
{
	struct dbk_error error;
	struct dbk_policy *policy = open_policy(
	    "witness a %W\nwitness b %W\ngroup g any a\nquorum a\n", &error);

	CHECK(!met_by(policy, 0) && met_by(policy, 1) && !met_by(policy, 2));
	dbk_policy_free(policy);
}

static void
test_forged(void)
{
	struct dbk_error error;
	struct dbk_policy *policy = open_policy(example, &error);
	struct dbk_policy *none = open_policy("witness a %W\nquorum none\n", &error);
	struct dbk_buf out = { 0 };
	unsigned char seed[32];
	struct dbk_note note;
	bool forged;

	/* Of X1 over another text, with all others sound. */
	dbk_buf_printf(&out, TEXT "\n");
	for (unsigned i = 0; i < 6; i++) {
		seed_of(i, seed);
		dbk_cosignature_put(dbk_str_of(i == 0 ? "other\n" : TEXT), &keys[i],
				    seed, 1000, &out);
	}
	CHECK_INT(dbk_note_parse(dbk_str_make(out.bytes, out.size), &note, NULL),
		  DBK_OK);
	CHECK(!dbk_policy_is_met(policy, &note, &forged));
	CHECK(forged);
	CHECK(!dbk_policy_is_met(none, &note, &forged));
	CHECK(forged);
	dbk_buf_fini(&out);
	dbk_policy_free(policy);
	dbk_policy_free(none);
}

/* ----------------------------------------------------------------- what it may say */

static void
test_sound(void)
{
	static const char *const sound[] = {
		"quorum none\n",
		"\n \t\n# anything \xff \xc3\xa9\n \t # as well\nquorum none\n\n",
		"\tquorum \t none \t \n",
		"quorum none\nwitness late %W\n",
		"log %L https://log.example/\nlog %L\nquorum none\n",
		"witness a %W https://w.example/\xff\nquorum a\n",
		"witness \xff\xfe %W\nquorum \xff\xfe\n",
		"witness K %W\nwitness \xe2\x84\xaa %W\ngroup g all K \xe2\x84\xaa\n"
		"quorum g\n",
		"witness log %W\nwitness any %W\ngroup quorum any log any\nquorum "
		"quorum\n",
		"witness a+b %W\nquorum a+b\n",
		"witness #a %W\nquorum #a\n",
		"witness a %W\ngroup b any a\ngroup c any b\ngroup d any c\nquorum d\n",
	};

	for (unsigned i = 0; i < sizeof sound / sizeof sound[0]; i++)
		CHECK(is_sound(sound[i]));
}

static void
test_wrong(void)
{
	static const char *const wrong[] = {
		"",
		"\n",
		"# quorum none\n",
		"quorum none",
		"quorum\n",
		"quorum a\n",
		"quorum none none\n",
		"quorum none\nquorum none\n",
		"Quorum none\n",
		"quorum None\n",
		"quorum none # not a comment\n",
		"witness a %W\nquorum b\n",
		"quorum a\nwitness a %W\n",
		"quorum none\r\n",
		"quorum none\v\n",
		"quorum\x7fnone\n",
		"# \x01\nquorum none\n",
		"quorum\xc2\xa0none\n",
		"log\nquorum none\n",
		"log %W\nquorum none\n",
		"log %L a b\nquorum none\n",
		"log key\nquorum none\n",
		"logs %L\nquorum none\n",
		"witness a\nquorum none\n",
		"witness\nquorum none\n",
		"witness %W\nquorum none\n",
		"witness a %L\nquorum none\n",
		"witness a %W b c\nquorum none\n",
		"witness none %W\nquorum none\n",
		"witness a %W\nwitness a %W\nquorum none\n",
		"witness a %W\ngroup a any a\nquorum none\n",
		"witness a %W\ngroup none any a\nquorum none\n",
		"witness a %W\ngroup g any none\nquorum none\n",
		"group\nquorum none\n",
		"group g\nquorum none\n",
		"group g any\nquorum none\n",
		"group g all\nquorum none\n",
		"group g any g\nquorum none\n",
		"group g any a\nwitness a %W\nquorum none\n",
		"witness a %W\ngroup g 0 a\nquorum g\n",
		"witness a %W\ngroup g 2 a\nquorum g\n",
		"witness a %W\ngroup g 01 a\nquorum g\n",
		"witness a %W\ngroup g +1 a\nquorum g\n",
		"witness a %W\ngroup g -1 a\nquorum g\n",
		"witness a %W\ngroup g 1.0 a\nquorum g\n",
		"witness a %W\ngroup g some a\nquorum g\n",
		"witness a %W\ngroup g 18446744073709551617 a\nquorum g\n",
		"witness a %W\ngroup g 4294967297 a\nquorum g\n",
		"witness a %W\ngroup g any a a\nquorum g\n",
		"witness a %W\ngroup g any a\ngroup h any a\nquorum g\n",
		"witness a %W\ngroup g any a\ngroup h any g g\nquorum g\n",
	};

	for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		CHECK(!is_sound(wrong[i]));
}

/* The same key under another name is the same log, or witness. */
static void
test_same_keys(void)
{
	struct dbk_note_key key;
	char a[120], b[120], text[512];

	print_key("a", DBK_NOTE_COSIGNATURE, 0, a, &key);
	print_key("b", DBK_NOTE_COSIGNATURE, 0, b, &key);
	(void)snprintf(text, sizeof text, "witness a %s\nwitness b %s\nquorum none\n",
		       a, b);
	CHECK(!is_sound(text));
	print_key("a", DBK_NOTE_ED25519, 0, a, &key);
	(void)snprintf(text, sizeof text, "log %s\nwitness b %s\nquorum none\n", a, b);
	CHECK(is_sound(text));
	print_key("b", DBK_NOTE_ED25519, 0, b, &key);
	(void)snprintf(text, sizeof text, "log %s\nlog %s\nquorum none\n", a, b);
	CHECK(!is_sound(text));
}

static void
test_errors(void)
{
	struct dbk_error error;

	CHECK(open_policy("\n\nwitness a %L\nquorum none\n", &error) == NULL);
	CHECK(strcmp(error.text, "policy: line 3: a witness's key is of type 0x04") ==
	      0);
	CHECK(open_policy("quorum x\n", &error) == NULL);
	CHECK(strcmp(error.text, "policy: line 1: 'x' is not defined above") == 0);
	CHECK(open_policy("\nlog a+b+c\n", &error) == NULL);
	CHECK(strcmp(error.text, "policy: line 2: verifier key: the id is not 8 hex "
				 "digits") == 0);
	CHECK(open_policy("quorum none\nwitness", &error) == NULL);
	CHECK(strcmp(error.text, "policy: line 2: does not end in a newline") == 0);
	CHECK(open_policy("log %L\n", &error) == NULL);
	CHECK(strcmp(error.text, "policy: no quorum") == 0);
}

static bool
text_is_sound(struct dbk_buf *text)
{
	struct dbk_policy *policy = NULL;
	enum dbk_err err =
	    dbk_policy_parse(dbk_str_make(text->bytes, text->size), &policy, NULL);

	dbk_policy_free(policy);
	dbk_buf_fini(text);
	return err == DBK_OK;
}

/* A policy of N lines of a kind, and of one witness. */
static bool
many_are_sound(const char *kind, unsigned n)
{
	struct dbk_buf text = { 0 };

	dbk_buf_printf(&text, "witness g0 %s\n", witness_keys[KEYS - 1]);
	for (unsigned i = 0; i < n; i++) {
		if (kind[0] == 'g')
			dbk_buf_printf(&text, "group g%u any g%u\n", i + 1, i);
		else if (kind[0] == 'w')
			dbk_buf_printf(&text, "witness w%u %s\n", i, witness_keys[i]);
		else
			dbk_buf_printf(&text, "log %s\n", log_keys[i]);
	}
	dbk_buf_printf(&text, "quorum g0\n");
	return text_is_sound(&text);
}

static void
test_limits(void)
{
	char text[2048];

	CHECK(many_are_sound("log", DBK_POLICY_LOGS_MAX));
	CHECK(!many_are_sound("log", DBK_POLICY_LOGS_MAX + 1));
	CHECK(many_are_sound("witness", DBK_POLICY_WITNESSES_MAX - 1));
	CHECK(!many_are_sound("witness", DBK_POLICY_WITNESSES_MAX));
	CHECK(many_are_sound("group", DBK_POLICY_GROUPS_MAX));
	CHECK(!many_are_sound("group", DBK_POLICY_GROUPS_MAX + 1));
	for (int over = 0; over < 2; over++) {
		(void)snprintf(text, sizeof text, "witness %0*d %%W\nquorum none\n",
			       DBK_NOTE_NAME_BYTES_MAX + over, 0);
		CHECK_INT(is_sound(text), !over);
		(void)snprintf(text, sizeof text, "log %%L %0*d\nquorum none\n",
			       DBK_POLICY_URL_BYTES_MAX + over, 0);
		CHECK_INT(is_sound(text), !over);
	}
}

/* Any byte of the example changed, or the text cut anywhere: refused or read, and then
 * it asks for something. */
static void
test_cut(void)
{
	struct dbk_policy *policy;
	struct dbk_buf text = { 0 };
	unsigned taken = 0;

	put_policy(example, &text);
	for (size_t size = 0; size < text.size; size++)
		taken += dbk_policy_parse(dbk_str_make(text.bytes, size), &policy,
					  NULL) == DBK_OK;
	CHECK_INT(taken, 0);
	for (size_t at = 0; at < text.size; at++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			text.bytes[at] ^= (unsigned char)(1u << bit);
			if (dbk_policy_parse(dbk_str_make(text.bytes, text.size),
					     &policy, NULL) == DBK_OK) {
				CHECK(!met_by(policy, 0));
				dbk_policy_free(policy);
			}
			text.bytes[at] ^= (unsigned char)(1u << bit);
		}
	}
	dbk_buf_fini(&text);
}

int
main(void)
{
	make_keys();
	check_run("every rule of the grammar refuses", test_wrong);
	check_run("a key counts once, whatever its name", test_same_keys);
	check_run("what is wrong is named by its line", test_errors);
	check_run("a policy has a limit on everything", test_limits);
	check_run("a policy that is cut off is none", test_cut);
	check_run("a forged cosignature spoils the note", test_forged);
	check_run("what the grammar allows is read", test_sound);
	check_run("the published example asks for what it says", test_example);
	check_run("all, any and numbers of members are needed", test_quorums);
	check_run("one witness may be the quorum", test_one_witness);
	return check_end();
}
