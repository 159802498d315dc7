#include "tlog/proof.h"

void
dbk_proof_put(const struct dbk_proof *proof, struct dbk_buf *out)
{
	(void)proof;
	out->failed = true;
}

enum dbk_err
dbk_proof_parse(struct dbk_str text, struct dbk_buf *extra_bytes, struct dbk_proof *out,
		size_t *out_size, struct dbk_error *error)
{
	(void)text;
	(void)extra_bytes;
	(void)out;
	(void)out_size;
	return dbk_error_set(error, DBK_FAILED_STATE, "proofs are not there yet");
}
