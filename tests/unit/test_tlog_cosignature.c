/*
 * Cosignatures, and what is asked of witnesses.  The vectors were made by another
 * implementation of Ed25519, straight from the text of the specification.
 */

#include <stdio.h>
#include <string.h>

#include "../lib/check.h"
#include "tlog/cosignature.h"

#define TEXT                                                                           \
	"example.com/behind-the-sofa\n"                                                \
	"20852163\n"                                                                   \
	"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
#define LOG_LINE                                                                       \
	"\xe2\x80\x94 example.com/behind-the-sofa H1no9Vbha/V7K+0nOUyOYWY2eeqkJO0R/8e" \
	"VdJBP1U6klJ63rYHH36AjiNbqMeYZ5wXtNMpYFqOQG4s/igFrnBBp3AU=\n"
#define LOG_KEY                                                                        \
	"example.com/behind-the-sofa+1f59e8f5+AQOhB7/"                                 \
	"zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define W1_KEY                                                                         \
	"witness.example/w1+0ad7d35e+BIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
#define W1_LINE                                                                        \
	"\xe2\x80\x94 witness.example/w1 CtfTXgAAAABkGFDL0l0pFwTk9MykvW0AWQ7aj3wlQOPd" \
	"kH/U6S+pa35ceaScuEzSwKfIeJ7i4Fxp8hH+ardr70qwEBhCA4/FskmwAg==\n"
#define W2_KEY                                                                         \
	"witness.example/w2+92e6b37c+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU"
#define W2_LINE                                                                        \
	"\xe2\x80\x94 witness.example/w2 kuazfAAAAABkGFDM6F7gamA3wBHQ+BqkBaSCMRebG48g" \
	"8NcX2z17EKRN/jDP4cSQiRWccK4Plvvj5pR4uP0BL3ZPfsMD0OxNV759Aw==\n"
#define W1_TIME 1679315147

static struct dbk_note_key
key_of(const char *vkey)
{
	struct dbk_note_key key = { .type = DBK_NOTE_COSIGNATURE };

	CHECK_INT(dbk_note_key_parse(dbk_str_of(vkey), &key, NULL), DBK_OK);
	return key;
}

static enum dbk_note_verdict
verdict_of(struct dbk_str bytes, const struct dbk_note_key *key, uint64_t *out_time)
{
	struct dbk_note note;

	return dbk_note_parse(bytes, &note, NULL) != DBK_OK
		   ? DBK_NOTE_UNSIGNED
		   : dbk_cosignature_verify(&note, key, out_time);
}

static void
test_vectors(void)
{
	struct dbk_note_key log = key_of(LOG_KEY), w1 = key_of(W1_KEY);
	struct dbk_note_key w2 = key_of(W2_KEY);
	struct dbk_str bytes = dbk_str_of(TEXT "\n" LOG_LINE W1_LINE W2_LINE);
	struct dbk_note note;
	uint64_t time = 0;

	CHECK_INT(verdict_of(bytes, &w1, &time), DBK_NOTE_VERIFIED);
	CHECK_INT(time, W1_TIME);
	CHECK_INT(verdict_of(bytes, &w2, &time), DBK_NOTE_VERIFIED);
	CHECK_INT(time, W1_TIME + 1);
	CHECK_INT(dbk_note_parse(bytes, &note, NULL), DBK_OK);
	CHECK_INT(dbk_note_verify(&note, &log), DBK_NOTE_VERIFIED);
}

static void
test_made(void)
{
	unsigned char seed[32];
	struct dbk_note_key w1 = key_of(W1_KEY);
	struct dbk_buf out = { 0 };

	memset(seed, 1, sizeof seed);
	dbk_cosignature_put(dbk_str_of(TEXT), &w1, seed, W1_TIME, &out);
	CHECK(dbk_str_equal(dbk_str_make(out.bytes, out.size), dbk_str_of(W1_LINE)));
	dbk_buf_fini(&out);
}

/* The cosignature of W1 at TIME over TEXT, as a note with the log's signature. */
static void
put_note(uint64_t time, struct dbk_buf *out)
{
	unsigned char seed[32];
	struct dbk_note_key w1 = key_of(W1_KEY);

	memset(seed, 1, sizeof seed);
	dbk_buf_printf(out, TEXT "\n" LOG_LINE);
	dbk_cosignature_put(dbk_str_of(TEXT), &w1, seed, time, out);
}

static void
test_times(void)
{
	static const uint64_t times[] = { 0, 1, 9, 10, UINT32_MAX, INT64_MAX };
	struct dbk_note_key w1 = key_of(W1_KEY);
	struct dbk_buf out = { 0 };
	uint64_t time = 1;

	for (unsigned i = 0; i < sizeof times / sizeof times[0]; i++) {
		dbk_buf_reset(&out);
		put_note(times[i], &out);
		CHECK_INT(verdict_of(dbk_str_make(out.bytes, out.size), &w1, &time),
			  DBK_NOTE_VERIFIED);
		CHECK(time == times[i]);
	}
	/* The newest of several counts, wherever it stands. */
	dbk_buf_printf(&out, W1_LINE);
	CHECK_INT(verdict_of(dbk_str_make(out.bytes, out.size), &w1, &time),
		  DBK_NOTE_VERIFIED);
	CHECK(time == INT64_MAX);
	dbk_buf_fini(&out);
}

/* Beyond 2^63 - 1 nothing is a time, even if it is signed. */
static void
test_time_too_large(void)
{
	static const char head[] = "cosignature/v1\ntime 9223372036854775808\n";
	unsigned char seed[32], bytes[72] = { 0x80 };
	struct dbk_note_key w1 = key_of(W1_KEY);
	struct dbk_buf out = { 0 }, message = { 0 };
	uint64_t time = 1;

	memset(seed, 1, sizeof seed);
	dbk_buf_printf(&message, "%s" TEXT, head);
	dbk_sign(seed, message.bytes, message.size, bytes + 8);
	dbk_buf_printf(&out, TEXT "\n");
	dbk_note_put_signature(dbk_str_of(w1.name), w1.id, bytes, sizeof bytes, &out);
	CHECK_INT(verdict_of(dbk_str_make(out.bytes, out.size), &w1, &time),
		  DBK_NOTE_FORGED);
	CHECK_INT(time, 1);
	dbk_buf_fini(&out);
	dbk_buf_fini(&message);
}

static void
test_forged(void)
{
	static const char bytes[] = TEXT "\n" W1_LINE;
	struct dbk_note_key w1 = key_of(W1_KEY), w2 = key_of(W2_KEY);
	char other[sizeof bytes];
	unsigned char none[80] = { 0 };
	struct dbk_buf out = { 0 };
	unsigned taken = 0;
	uint64_t time;

	for (size_t at = 0; at < sizeof bytes - 1; at++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			memcpy(other, bytes, sizeof bytes);
			other[at] = (char)(other[at] ^ (char)(1u << bit));
			taken += verdict_of(dbk_str_make(other, sizeof bytes - 1), &w1,
					    &time) == DBK_NOTE_VERIFIED;
		}
	}
	CHECK_INT(taken, 0);
	CHECK_INT(verdict_of(dbk_str_of(TEXT "\n" W1_LINE), &w2, &time),
		  DBK_NOTE_UNSIGNED);
	CHECK_INT(verdict_of(dbk_str_of(TEXT "x\n\n" W1_LINE), &w1, &time),
		  DBK_NOTE_FORGED);
	for (size_t size = 1; size <= sizeof none; size++) {
		dbk_buf_reset(&out);
		dbk_buf_printf(&out, TEXT "\n" W1_LINE);
		dbk_note_put_signature(dbk_str_of(w1.name), w1.id, none, size, &out);
		CHECK_INT(verdict_of(dbk_str_make(out.bytes, out.size), &w1, &time),
			  DBK_NOTE_FORGED);
	}
	dbk_buf_fini(&out);
}

/* A signature over the text alone, of the same bytes as key, is no cosignature; nor the
 * other way round. */
static void
test_domains(void)
{
	unsigned char seed[32], bytes[72] = { 0 };
	struct dbk_note_key w1 = key_of(W1_KEY), log;
	struct dbk_buf out = { 0 };
	struct dbk_note note;
	uint64_t time;

	memset(seed, 1, sizeof seed);
	dbk_sign(seed, TEXT, sizeof TEXT - 1, bytes + 8);
	dbk_buf_printf(&out, TEXT "\n");
	dbk_note_put_signature(dbk_str_of(w1.name), w1.id, bytes, sizeof bytes, &out);
	CHECK_INT(verdict_of(dbk_str_make(out.bytes, out.size), &w1, &time),
		  DBK_NOTE_FORGED);
	CHECK(dbk_note_key_make(dbk_str_of(w1.name), DBK_NOTE_ED25519, w1.key, &log));
	CHECK(log.id != w1.id);
	CHECK_INT(dbk_note_parse(dbk_str_of(TEXT "\n" W1_LINE), &note, NULL), DBK_OK);
	CHECK_INT(dbk_note_verify(&note, &log), DBK_NOTE_UNSIGNED);
	dbk_buf_fini(&out);
}

/* ------------------------------------------------------------------- witnesses */

static void
test_request(void)
{
	struct dbk_tree_proof proof = { .count = 2 };
	struct dbk_buf out = { 0 };

	memset(proof.hashes[1].bytes, 0xff, sizeof proof.hashes[1].bytes);
	dbk_witness_put_request(20852014, &proof, dbk_str_of(TEXT "\n" LOG_LINE), &out);
	CHECK(dbk_str_equal(dbk_str_make(out.bytes, out.size),
			    dbk_str_of("old 20852014\n"
				       "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
				       "//////////////////////////////////////////8=\n"
				       "\n" TEXT "\n" LOG_LINE)));
	proof.count = 0;
	dbk_buf_reset(&out);
	dbk_witness_put_request(0, &proof, dbk_str_of("note\n"), &out);
	CHECK(dbk_str_equal(dbk_str_make(out.bytes, out.size),
			    dbk_str_of("old 0\n\nnote\n")));
	dbk_buf_fini(&out);
}

static void
test_size(void)
{
	static const char *const wrong[] = {
		"",	"\n",	"1",	"01\n", "1\n\n",  "1\r\n",
		" 1\n", "1 \n", "-1\n", "a\n",	"1\n2\n", "18446744073709551616\n"
	};
	uint64_t size = 7;

	for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		CHECK(!dbk_witness_parse_size(dbk_str_of(wrong[i]), &size));
	CHECK_INT(size, 7);
	CHECK(dbk_witness_parse_size(dbk_str_of("0\n"), &size) && size == 0);
	CHECK(dbk_witness_parse_size(dbk_str_of("18446744073709551615\n"), &size));
	CHECK(size == UINT64_MAX);
}

static bool
takes(const char *body, const char *text)
{
	struct dbk_note_key w1 = key_of(W1_KEY);
	struct dbk_buf out = { 0 };
	bool taken =
	    dbk_witness_take_answer(dbk_str_of(body), dbk_str_of(text), &w1, &out);

	CHECK(taken ? dbk_str_equal(dbk_str_make(out.bytes, out.size),
				    dbk_str_of(W1_LINE))
		    : out.size == 0);
	dbk_buf_fini(&out);
	return taken;
}

static void
test_answer(void)
{
	CHECK(!takes("", TEXT));
	CHECK(!takes("\n\n", TEXT));
	CHECK(!takes("409 Conflict", TEXT));
	CHECK(!takes(LOG_LINE W2_LINE, TEXT));
	CHECK(!takes(W1_LINE, "another\n"));
	CHECK(!takes(W1_LINE, TEXT "more\n"));
	CHECK(!takes("\xe2\x80\x94 witness.example/w1 CtfTXgAAAAA=\n", TEXT));
	CHECK(takes(W1_LINE, TEXT));
	CHECK(takes("junk\n\n" LOG_LINE W2_LINE W1_LINE "cut off", TEXT));
	CHECK(takes("\xe2\x80\x94 witness.example/w1 CtfTXgAAAAA=\n" W1_LINE, TEXT));
	/* Once is enough. */
	CHECK(takes(W1_LINE W1_LINE, TEXT));
}

static void
test_answer_without_time(void)
{
	unsigned char seed[32];
	struct dbk_note_key w1 = key_of(W1_KEY);
	struct dbk_buf body = { 0 }, out = { 0 };

	memset(seed, 1, sizeof seed);
	dbk_cosignature_put(dbk_str_of(TEXT), &w1, seed, 0, &body);
	CHECK(!dbk_witness_take_answer(dbk_str_make(body.bytes, body.size),
				       dbk_str_of(TEXT), &w1, &out));
	CHECK_INT(out.size, 0);
	dbk_buf_fini(&body);
	dbk_buf_fini(&out);
}

static void
test_long_answer(void)
{
	struct dbk_note_key w1 = key_of(W1_KEY);
	struct dbk_buf body = { 0 }, out = { 0 };

	dbk_buf_printf(&body, W1_LINE);
	while (body.size <= DBK_NOTE_BYTES_MAX)
		dbk_buf_printf(&body, "\n");
	CHECK(!dbk_witness_take_answer(dbk_str_make(body.bytes, body.size),
				       dbk_str_of(TEXT), &w1, &out));
	CHECK(dbk_witness_take_answer(dbk_str_make(body.bytes, body.size - 1),
				      dbk_str_of(TEXT), &w1, &out));
	dbk_buf_fini(&body);
	dbk_buf_fini(&out);
}

int
main(void)
{
	check_run("any bit of a cosignature counts", test_forged);
	check_run("a time is at most 2^63 - 1", test_time_too_large);
	check_run("a signature is no cosignature", test_domains);
	check_run("what is no size is not taken for one", test_size);
	check_run("of an answer only what verifies is taken", test_answer);
	check_run("a witness has to say when", test_answer_without_time);
	check_run("a long answer is not read", test_long_answer);
	check_run("cosignatures of others verify", test_vectors);
	check_run("what we cosign is what others cosign", test_made);
	check_run("the newest time comes out", test_times);
	check_run("a request is as tlog-witness has it", test_request);
	return check_end();
}
