#include "tlog/cosignature.h"

enum dbk_note_verdict
dbk_cosignature_verify(const struct dbk_note *note, const struct dbk_note_key *key,
		       uint64_t *out_time)
{
	(void)note;
	(void)key;
	(void)out_time;
	return DBK_NOTE_UNSIGNED;
}

void
dbk_cosignature_put(struct dbk_str text, const struct dbk_note_key *key,
		    const unsigned char seed[DBK_SIGN_SEED_BYTES], uint64_t time,
		    struct dbk_buf *out)
{
	(void)text;
	(void)key;
	(void)seed;
	(void)time;
	out->failed = true;
}

void
dbk_witness_put_request(uint64_t old, const struct dbk_tree_proof *proof,
			struct dbk_str note, struct dbk_buf *out)
{
	(void)old;
	(void)proof;
	(void)note;
	out->failed = true;
}

bool
dbk_witness_parse_size(struct dbk_str body, uint64_t *out_size)
{
	(void)body;
	(void)out_size;
	return false;
}

unsigned
dbk_witness_take_answer(struct dbk_str body, struct dbk_str text,
			const struct dbk_note_key *key, struct dbk_buf *out)
{
	(void)body;
	(void)text;
	(void)key;
	(void)out;
	return 0;
}
