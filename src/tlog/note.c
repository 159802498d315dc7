#include "tlog/note.h"

#include <inttypes.h>

#include "base/assert.h"
#include "base/base64.h"
#include "base/sha256.h"
#include "tlog/lines.h"
#include "tlog/signature.h"

#define ID_LETTERS 8
#define VKEY_BYTES (1 + DBK_SIGN_PUBLIC_BYTES)

/* -------------------------------------------------------------------- keys */

static uint32_t
read_id(const unsigned char bytes[4])
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	       (uint32_t)bytes[2] << 8 | bytes[3];
}

static uint32_t
key_id(const struct dbk_note_key *key)
{
	unsigned char out[DBK_SHA256_BYTES], infix[2] = { '\n', key->type };
	struct dbk_sha256 hash;

	dbk_sha256_init(&hash);
	dbk_sha256_update(&hash, key->name, strlen(key->name));
	dbk_sha256_update(&hash, infix, sizeof infix);
	dbk_sha256_update(&hash, key->key, sizeof key->key);
	dbk_sha256_final(&hash, out);
	return read_id(out);
}

bool
dbk_note_key_make(struct dbk_str name, uint8_t type,
		  const unsigned char key[DBK_SIGN_PUBLIC_BYTES],
		  struct dbk_note_key *out)
{
	struct dbk_note_key made = { .type = type };

	if (!dbk_signature_is_name(name) || dbk_str_has_control(name) ||
	    name.size > DBK_NOTE_NAME_BYTES_MAX)
		return false;
	memcpy(made.name, name.bytes, name.size);
	memcpy(made.key, key, sizeof made.key);
	made.id = key_id(&made);
	*out = made;
	return true;
}

/* What stands before the next '+', which is taken off with it; false without one. */
static bool
next_part(struct dbk_str *text, struct dbk_str *out)
{
	const char *plus =
	    text->size == 0 ? NULL : memchr(text->bytes, '+', text->size);

	if (plus == NULL)
		return false;
	*out = dbk_str_make(text->bytes, (size_t)(plus - text->bytes));
	*text = dbk_str_make(plus + 1, text->size - out->size - 1);
	return true;
}

/* Lower case only: an id has one text. */
static bool
parse_id(struct dbk_str text, uint32_t *out)
{
	unsigned char bytes[ID_LETTERS / 2];

	for (uint32_t i = 0; i < text.size; i++)
		if (text.bytes[i] >= 'A' && text.bytes[i] <= 'F')
			return false;
	if (!dbk_hex_decode(text, bytes, sizeof bytes))
		return false;
	*out = read_id(bytes);
	return true;
}

enum dbk_err
dbk_note_key_parse(struct dbk_str vkey, struct dbk_note_key *out,
		   struct dbk_error *error)
{
	struct dbk_str name, id_text, rest = vkey;
	unsigned char bytes[VKEY_BYTES];
	struct dbk_note_key key;
	uint32_t id;
	size_t size;

	if (!next_part(&rest, &name) || !next_part(&rest, &id_text))
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "verifier key: not NAME+ID+KEY");
	if (!parse_id(id_text, &id))
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "verifier key: the id is not 8 hex digits");
	if (!dbk_base64_decode(rest, bytes, sizeof bytes, &size) ||
	    size != sizeof bytes)
		return dbk_error_set(
		    error, DBK_FAILED_INPUT,
		    "verifier key: not the base64 of a type and %d bytes",
		    DBK_SIGN_PUBLIC_BYTES);
	if (bytes[0] != DBK_NOTE_ED25519 && bytes[0] != DBK_NOTE_COSIGNATURE)
		return dbk_error_set(
		    error, DBK_FAILED_INPUT,
		    "verifier key: type 0x%02x is neither 0x01 nor 0x04", bytes[0]);
	if (!dbk_note_key_make(name, bytes[0], bytes + 1, &key))
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "verifier key: its name may not be one");
	if (key.id != id)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "verifier key of %.60s: its id is %08" PRIx32
				     ", not %08" PRIx32,
				     key.name, key.id, id);
	if (!dbk_sign_is_usable(key.key))
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "verifier key of %.60s: no key of Ed25519",
				     key.name);
	*out = key;
	return DBK_OK;
}

void
dbk_note_key_put(const struct dbk_note_key *key, struct dbk_buf *out)
{
	unsigned char bytes[VKEY_BYTES] = { key->type };

	memcpy(bytes + 1, key->key, sizeof key->key);
	dbk_buf_printf(out, "%s+%08" PRIx32 "+", key->name, key->id);
	dbk_base64_put(out, bytes, sizeof bytes);
}

/* ------------------------------------------------------------------- notes */

/* Where the last empty line begins; 0 if there is none behind a text. */
static uint32_t
find_blank(struct dbk_str bytes)
{
	for (uint32_t i = bytes.size; i-- > 1;)
		if (bytes.bytes[i] == '\n' && bytes.bytes[i - 1] == '\n')
			return i;
	return 0;
}

static enum dbk_err
parse_signatures(struct dbk_str rest, struct dbk_note *out, struct dbk_error *error)
{
	struct dbk_lines lines = dbk_lines_of(rest);
	struct dbk_str line;

	while (dbk_lines_next(&lines, &line)) {
		if (out->n_signatures == DBK_NOTE_SIGNATURES_MAX)
			return dbk_error_set(error, DBK_FAILED_INPUT,
					     "note: more than %d signatures",
					     DBK_NOTE_SIGNATURES_MAX);
		if (!dbk_signature_parse(line, &out->signatures[out->n_signatures++]))
			return dbk_error_set(
			    error, DBK_FAILED_INPUT,
			    "note: line %u behind its text is no signature",
			    lines.number);
	}
	if (lines.rest.size > 0)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "note: does not end in a newline");
	if (out->n_signatures == 0)
		return dbk_error_set(error, DBK_FAILED_INPUT, "note: no signature");
	return DBK_OK;
}

enum dbk_err
dbk_note_parse(struct dbk_str bytes, struct dbk_note *out, struct dbk_error *error)
{
	uint32_t blank;

	if (bytes.size > DBK_NOTE_BYTES_MAX)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "note: longer than %d bytes", DBK_NOTE_BYTES_MAX);
	if (!dbk_lines_are_plain(bytes))
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "note: no UTF-8, or with control characters");
	blank = find_blank(bytes);
	if (blank == 0)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "note: no empty line between text and signatures");
	out->text = dbk_str_make(bytes.bytes, blank);
	out->n_signatures = 0;
	return parse_signatures(
	    dbk_str_make(bytes.bytes + blank + 1, bytes.size - blank - 1), out, error);
}

enum dbk_note_verdict
dbk_note_verify(const struct dbk_note *note, const struct dbk_note_key *key)
{
	enum dbk_note_verdict verdict = DBK_NOTE_UNSIGNED;

	dbk_assert(key->type == DBK_NOTE_ED25519);
	for (unsigned i = 0; i < note->n_signatures; i++) {
		const struct dbk_note_signature *s = &note->signatures[i];

		if (!dbk_signature_is_of(s, key))
			continue;
		if (s->size != DBK_SIGNATURE_BYTES ||
		    !dbk_sign_verify(key->key, note->text.bytes, note->text.size,
				     s->bytes))
			return DBK_NOTE_FORGED;
		verdict = DBK_NOTE_VERIFIED;
	}
	return verdict;
}

void
dbk_note_sign(struct dbk_str text, const struct dbk_note_key *key,
	      const unsigned char seed[DBK_SIGN_SEED_BYTES], struct dbk_buf *out)
{
	unsigned char signature[DBK_SIGNATURE_BYTES];

	dbk_assert(key->type == DBK_NOTE_ED25519);
	dbk_assert(text.size > 0 && text.bytes[text.size - 1] == '\n');
	dbk_sign(seed, text.bytes, text.size, signature);
	dbk_buf_put(out, text.bytes, text.size);
	dbk_buf_put_u8(out, '\n');
	dbk_note_put_signature(dbk_str_of(key->name), key->id, signature,
			       sizeof signature, out);
}
