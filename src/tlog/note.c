#include "tlog/note.h"

bool
dbk_note_key_make(struct dbk_str name, uint8_t type,
		  const unsigned char key[DBK_SIGN_PUBLIC_BYTES],
		  struct dbk_note_key *out)
{
	(void)name;
	(void)type;
	(void)key;
	(void)out;
	return false;
}

enum dbk_err
dbk_note_key_parse(struct dbk_str vkey, struct dbk_note_key *out,
		   struct dbk_error *error)
{
	(void)vkey;
	(void)out;
	return dbk_error_set(error, DBK_FAILED_STATE, "notes are not there yet");
}

void
dbk_note_key_put(const struct dbk_note_key *key, struct dbk_buf *out)
{
	(void)key;
	out->failed = true;
}

enum dbk_err
dbk_note_parse(struct dbk_str bytes, struct dbk_note *out, struct dbk_error *error)
{
	(void)bytes;
	(void)out;
	return dbk_error_set(error, DBK_FAILED_STATE, "notes are not there yet");
}

enum dbk_note_verdict
dbk_note_verify(const struct dbk_note *note, const struct dbk_note_key *key)
{
	(void)note;
	(void)key;
	return DBK_NOTE_UNSIGNED;
}

void
dbk_note_sign(struct dbk_str text, const struct dbk_note_key *key,
	      const unsigned char seed[DBK_SIGN_SEED_BYTES], struct dbk_buf *out)
{
	(void)text;
	(void)key;
	(void)seed;
	out->failed = true;
}

void
dbk_note_put_signature(struct dbk_str name, uint32_t id, const void *signature,
		       size_t size, struct dbk_buf *out)
{
	(void)name;
	(void)id;
	(void)signature;
	(void)size;
	out->failed = true;
}
