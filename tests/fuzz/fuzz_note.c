/*
 * Any bytes as a note, a verifier key, a checkpoint, the answer of a witness, a tile's
 * path.  What parses prints back the same; what is signed verifies, over these bytes
 * and no others; what is taken out of an answer is worth taking.
 */

#include <stdint.h>
#include <string.h>

#include "../tests/lib/fuzz_input.h"
#include "tlog/cosignature.h"
#include "tlog/tile.h"

#define CHECKPOINT                                                                     \
	"example.com/behind-the-sofa\n"                                                \
	"20852163\n"                                                                   \
	"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool
buf_is(const struct dbk_buf *buf, struct dbk_str want)
{
	return !buf->failed && dbk_str_equal(dbk_str_make(buf->bytes, buf->size), want);
}

/* The key of the seed whose bytes are all ONE: the witnesses of the seeds. */
static void
make_key(const char *name, uint8_t type, int one,
	 unsigned char seed[DBK_SIGN_SEED_BYTES], struct dbk_note_key *out)
{
	unsigned char public[DBK_SIGN_PUBLIC_BYTES];

	memset(seed, one, DBK_SIGN_SEED_BYTES);
	dbk_sign_public(seed, public);
	fuzz_demand(dbk_note_key_make(dbk_str_of(name), type, public, out));
}

static void
try_vkey(struct dbk_str bytes)
{
	struct dbk_note_key key, again;
	struct dbk_error error;
	struct dbk_buf out = { 0 };

	if (dbk_note_key_parse(bytes, &key, &error) == DBK_OK) {
		dbk_note_key_put(&key, &out);
		fuzz_demand(buf_is(&out, bytes));
		fuzz_demand(
		    dbk_note_key_make(dbk_str_of(key.name), key.type, key.key, &again));
		fuzz_demand(again.id == key.id);
	} else {
		fuzz_demand(error.text[0] != '\0');
	}
	dbk_buf_fini(&out);
}

static void
try_tile(struct dbk_str bytes)
{
	char path[DBK_TILE_PATH_BYTES];
	struct dbk_tile tile;

	if (!dbk_tile_parse(bytes, &tile))
		return;
	dbk_tile_path(&tile, path);
	fuzz_demand(dbk_str_equal(bytes, dbk_str_of(path)));
}

static void
try_answer(struct dbk_str bytes)
{
	unsigned char seed[DBK_SIGN_SEED_BYTES];
	struct dbk_note_key key;
	struct dbk_buf note = { 0 };
	struct dbk_note parsed;
	uint64_t size, time = 0;

	make_key("witness.example/w1", DBK_NOTE_COSIGNATURE, 1, seed, &key);
	dbk_buf_printf(&note, CHECKPOINT "\n");
	if (dbk_witness_take_answer(bytes, dbk_str_of(CHECKPOINT), &key, &note)) {
		fuzz_demand(dbk_note_parse(dbk_str_make(note.bytes, note.size), &parsed,
					   NULL) == DBK_OK);
		fuzz_demand(dbk_cosignature_verify(&parsed, &key, &time) ==
			    DBK_NOTE_VERIFIED);
		fuzz_demand(time > 0 && parsed.n_signatures == 1);
	}
	dbk_buf_fini(&note);
	(void)dbk_witness_parse_size(bytes, &size);
}

static void
try_checkpoint(struct dbk_str text)
{
	struct dbk_checkpoint checkpoint;
	struct dbk_buf out = { 0 };

	if (dbk_checkpoint_parse(text, &checkpoint, NULL) != DBK_OK)
		return;
	dbk_checkpoint_put(checkpoint.origin, checkpoint.size, &checkpoint.root, &out);
	dbk_buf_put(&out, checkpoint.extensions.bytes, checkpoint.extensions.size);
	fuzz_demand(buf_is(&out, text));
	dbk_buf_fini(&out);
}

/* NOTE and a signature of ours behind it: it verifies, and the others are what they
 * were. */
static void
sign_again(const struct dbk_note *note, struct dbk_str bytes)
{
	unsigned char seed[DBK_SIGN_SEED_BYTES], signature[DBK_SIGNATURE_BYTES];
	struct dbk_note_key witness, key;
	struct dbk_buf out = { 0 };
	struct dbk_note more;
	uint64_t time;

	make_key("witness.example/w1", DBK_NOTE_COSIGNATURE, 1, seed, &witness);
	make_key("fuzz", DBK_NOTE_ED25519, 77, seed, &key);
	dbk_sign(seed, note->text.bytes, note->text.size, signature);
	dbk_buf_put(&out, bytes.bytes, bytes.size);
	dbk_note_put_signature(dbk_str_of(key.name), key.id, signature,
			       sizeof signature, &out);
	if (dbk_note_parse(dbk_str_make(out.bytes, out.size), &more, NULL) == DBK_OK) {
		fuzz_demand(dbk_str_equal(more.text, note->text));
		fuzz_demand(dbk_note_verify(note, &key) != DBK_NOTE_UNSIGNED ||
			    dbk_note_verify(&more, &key) == DBK_NOTE_VERIFIED);
		fuzz_demand(dbk_cosignature_verify(note, &witness, &time) ==
			    dbk_cosignature_verify(&more, &witness, &time));
	} else {
		fuzz_demand(note->n_signatures == DBK_NOTE_SIGNATURES_MAX ||
			    out.size > DBK_NOTE_BYTES_MAX);
	}
	dbk_buf_fini(&out);
}

/* Nobody but the one of the seeds has its key, so it says what the seeds say. */
static void
verify_published(const struct dbk_note *note)
{
	struct dbk_note_key key;

	fuzz_demand(
	    dbk_note_key_parse(dbk_str_of("example.com/foo+530d903a+AekyeRrm56hApGF"
					  "kyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
			       &key, NULL) == DBK_OK);
	if (dbk_note_verify(note, &key) == DBK_NOTE_VERIFIED)
		fuzz_demand(dbk_str_equal(note->text,
					  dbk_str_of("This is an example message.\n")));
}

static void
try_note(struct dbk_str bytes)
{
	struct dbk_error error = { .text = "" };
	struct dbk_buf out = { 0 };
	struct dbk_note note;

	if (dbk_note_parse(bytes, &note, &error) != DBK_OK) {
		fuzz_demand(error.text[0] != '\0');
		return;
	}
	dbk_buf_put(&out, note.text.bytes, note.text.size);
	dbk_buf_put_u8(&out, '\n');
	for (unsigned i = 0; i < note.n_signatures; i++) {
		const struct dbk_note_signature *s = &note.signatures[i];

		if (s->size <= sizeof s->bytes)
			dbk_note_put_signature(s->name, s->id, s->bytes, s->size, &out);
		else
			dbk_buf_put(&out, s->line.bytes, s->line.size);
	}
	fuzz_demand(buf_is(&out, bytes));
	dbk_buf_fini(&out);
	try_checkpoint(note.text);
	verify_published(&note);
	sign_again(&note, bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct dbk_str input = dbk_str_make(bytes, size);

	try_vkey(input);
	try_tile(input);
	try_checkpoint(input);
	try_answer(input);
	try_note(input);
	return 0;
}
