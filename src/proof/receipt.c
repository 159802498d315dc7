#include "proof/receipt.h"

#include <inttypes.h>

#include "tlog/checkpoint.h"

enum dbk_err
dbk_receipt_put(const struct dbk_tree_reader *reader, uint64_t position, uint64_t size,
		struct dbk_str record, struct dbk_str note, struct dbk_buf *out,
		struct dbk_error *error)
{
	struct dbk_proof proof = {
		.has_extra = true, .extra = record, .index = position, .note = note
	};
	enum dbk_err err =
	    dbk_tree_prove_inclusion(reader, position, size, &proof.inclusion, error);

	if (err != DBK_OK)
		return err;
	dbk_proof_put(&proof, out);
	if (dbk_buf_failed(out))
		return dbk_error_set(error, DBK_FAILED_MEMORY,
				     "no memory for a receipt");
	return DBK_OK;
}

/* ----------------------------------------------------------------------- checking */

static enum dbk_err
false_receipt(struct dbk_error *error, const char *what)
{
	return dbk_error_set(error, DBK_FAILED_DAMAGED, "%s", what);
}

/* One key has signed NOTE: *OUT_KEY. */
static enum dbk_err
find_signer(const struct dbk_note *note, const struct dbk_note_key *key,
	    const struct dbk_policy *policy, const struct dbk_note_key **out_key,
	    struct dbk_error *error)
{
	unsigned n = policy == NULL ? 0 : dbk_policy_logs(policy);

	for (unsigned i = 0; i <= n; i++) {
		const struct dbk_note_key *one =
		    i < n ? &dbk_policy_log_at(policy, i)->key : key;
		enum dbk_note_verdict verdict;

		if (one == NULL)
			continue;
		verdict = dbk_note_verify(note, one);
		if (verdict == DBK_NOTE_FORGED)
			return dbk_error_set(
			    error, DBK_FAILED_DAMAGED,
			    "the checkpoint's signature of %s is forged", one->name);
		*out_key = one;
		if (verdict == DBK_NOTE_VERIFIED)
			return DBK_OK;
	}
	return false_receipt(error, "the checkpoint is not signed by a key that was "
				    "given");
}

static enum dbk_err
check_quorum(const struct dbk_note *note, const struct dbk_policy *policy,
	     struct dbk_error *error)
{
	bool forged = false, met;

	if (policy == NULL)
		return DBK_OK;
	met = dbk_policy_is_met(policy, note, &forged);
	if (forged)
		return false_receipt(error, "a witness's cosignature is forged");
	if (!met)
		return false_receipt(error,
				     "the checkpoint has not the cosignatures that "
				     "the policy asks for");
	return DBK_OK;
}

static enum dbk_err
check_note(struct dbk_str bytes, const struct dbk_note_key *key,
	   const struct dbk_policy *policy, struct dbk_checkpoint *out,
	   struct dbk_error *error)
{
	const struct dbk_note_key *signer = NULL;
	struct dbk_note note;
	enum dbk_err err = dbk_note_parse(bytes, &note, error);

	if (err == DBK_OK)
		err = find_signer(&note, key, policy, &signer, error);
	if (err == DBK_OK)
		err = check_quorum(&note, policy, error);
	if (err == DBK_OK)
		err = dbk_checkpoint_parse(note.text, out, error);
	if (err == DBK_OK && !dbk_str_equal(out->origin, dbk_str_of(signer->name)))
		return false_receipt(error, "the checkpoint is of another log than the "
					    "key that signed it");
	return err;
}

static enum dbk_err
check_record(const struct dbk_proof *proof, const struct dbk_checkpoint *checkpoint,
	     struct dbk_record *out, struct dbk_error *error)
{
	struct dbk_tree_hash leaf = dbk_tree_leaf(proof->extra);

	if (!dbk_tree_check_inclusion(&leaf, proof->index, checkpoint->size,
				      &checkpoint->root, &proof->inclusion))
		return false_receipt(error, "the record is not in the log that the "
					    "checkpoint is of");
	if (!dbk_record_decode(proof->extra, out))
		return false_receipt(error, "what is proved is no record");
	if (out->position != proof->index)
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "the record says it is at position %" PRIu64
				     ", and stands at %" PRIu64,
				     out->position, proof->index);
	return DBK_OK;
}

enum dbk_err
dbk_receipt_check(struct dbk_str text, const struct dbk_note_key *key,
		  const struct dbk_policy *policy, struct dbk_buf *bytes,
		  struct dbk_receipt *out, size_t *out_size, struct dbk_error *error)
{
	struct dbk_checkpoint checkpoint;
	struct dbk_proof proof;
	enum dbk_err err;

	dbk_buf_reset(bytes);
	err = dbk_proof_parse(text, bytes, &proof, out_size, error);
	if (err == DBK_OK && !proof.has_extra)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "the proof comes without its record");
	if (err == DBK_OK)
		err = check_note(proof.note, key, policy, &checkpoint, error);
	if (err == DBK_OK)
		err = check_record(&proof, &checkpoint, &out->record, error);
	if (err == DBK_OK)
		out->size = checkpoint.size;
	return err;
}
