#include "tlog/cosignature.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/assert.h"
#include "tlog/lines.h"
#include "tlog/signature.h"

#define TIME_BYTES 8
#define COSIGNATURE_BYTES (TIME_BYTES + DBK_SIGNATURE_BYTES)
#define HEAD_BYTES_MAX 64
#define WITNESS_PROOF_MAX 63

_Static_assert(COSIGNATURE_BYTES == sizeof((struct dbk_note_signature *)0)->bytes,
	       "a note keeps the whole cosignature");

/* What is signed of TEXT at TIME. */
struct message {
	size_t size;
	char bytes[HEAD_BYTES_MAX + DBK_NOTE_BYTES_MAX];
};

static void
compose(struct dbk_str text, uint64_t time, struct message *out)
{
	int head = snprintf(out->bytes, HEAD_BYTES_MAX,
			    "cosignature/v1\ntime %" PRIu64 "\n", time);

	dbk_assert(text.size <= DBK_NOTE_BYTES_MAX);
	out->size = (size_t)head;
	if (text.size > 0)
		memcpy(out->bytes + out->size, text.bytes, text.size);
	out->size += text.size;
}

static uint64_t
time_of(const struct dbk_note_signature *signature)
{
	uint64_t time = 0;

	for (unsigned i = 0; i < TIME_BYTES; i++)
		time = time << 8 | signature->bytes[i];
	return time;
}

static bool
is_sound(const struct dbk_note_signature *signature, struct dbk_str text,
	 const struct dbk_note_key *key)
{
	struct message message;
	uint64_t time = time_of(signature);

	if (signature->size != COSIGNATURE_BYTES || time > INT64_MAX)
		return false;
	compose(text, time, &message);
	return dbk_sign_verify(key->key, message.bytes, message.size,
			       signature->bytes + TIME_BYTES);
}

enum dbk_note_verdict
dbk_cosignature_verify(const struct dbk_note *note, const struct dbk_note_key *key,
		       uint64_t *out_time)
{
	enum dbk_note_verdict verdict = DBK_NOTE_UNSIGNED;
	uint64_t newest = 0;

	dbk_assert(key->type == DBK_NOTE_COSIGNATURE);
	for (unsigned i = 0; i < note->n_signatures; i++) {
		const struct dbk_note_signature *s = &note->signatures[i];

		if (!dbk_signature_is_of(s, key))
			continue;
		if (!is_sound(s, note->text, key))
			return DBK_NOTE_FORGED;
		verdict = DBK_NOTE_VERIFIED;
		newest = time_of(s) > newest ? time_of(s) : newest;
	}
	if (verdict == DBK_NOTE_VERIFIED)
		*out_time = newest;
	return verdict;
}

void
dbk_cosignature_put(struct dbk_str text, const struct dbk_note_key *key,
		    const unsigned char seed[DBK_SIGN_SEED_BYTES], uint64_t time,
		    struct dbk_buf *out)
{
	unsigned char bytes[COSIGNATURE_BYTES];
	struct message message;

	dbk_assert(key->type == DBK_NOTE_COSIGNATURE && time <= INT64_MAX);
	for (unsigned i = 0; i < TIME_BYTES; i++)
		bytes[i] = (unsigned char)(time >> (8 * (TIME_BYTES - 1 - i)));
	compose(text, time, &message);
	dbk_sign(seed, message.bytes, message.size, bytes + TIME_BYTES);
	dbk_note_put_signature(dbk_str_of(key->name), key->id, bytes, sizeof bytes,
			       out);
}

void
dbk_witness_put_request(uint64_t old, const struct dbk_tree_proof *proof,
			struct dbk_str note, struct dbk_buf *out)
{
	dbk_assert(proof->count <= WITNESS_PROOF_MAX);
	dbk_buf_printf(out, "old %" PRIu64 "\n", old);
	for (unsigned i = 0; i < proof->count; i++)
		dbk_lines_put_hash(out, &proof->hashes[i]);
	dbk_buf_put_u8(out, '\n');
	dbk_buf_put(out, note.bytes, note.size);
}

bool
dbk_witness_parse_size(struct dbk_str body, uint64_t *out_size)
{
	struct dbk_lines lines = dbk_lines_of(body);
	struct dbk_str line;

	return dbk_lines_next(&lines, &line) && lines.rest.size == 0 &&
	       dbk_lines_number(line, out_size);
}

bool
dbk_witness_take_answer(struct dbk_str body, struct dbk_str text,
			const struct dbk_note_key *key, struct dbk_buf *out)
{
	struct dbk_lines lines = dbk_lines_of(body);
	struct dbk_note_signature signature;
	struct dbk_str line;

	dbk_assert(key->type == DBK_NOTE_COSIGNATURE);
	if (body.size > DBK_NOTE_BYTES_MAX || text.size > DBK_NOTE_BYTES_MAX)
		return false;
	while (dbk_lines_next(&lines, &line)) {
		if (!dbk_signature_parse(line, &signature) ||
		    !dbk_signature_is_of(&signature, key) || time_of(&signature) == 0 ||
		    !is_sound(&signature, text, key))
			continue;
		dbk_buf_put(out, signature.line.bytes, signature.line.size);
		return true;
	}
	return false;
}
