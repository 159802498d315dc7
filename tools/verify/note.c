/* note.c -- a checkpoint: whose it is, and who has seen it. */

#include <string.h>

#include "verify/verify.h"

/* The key of the log that has signed NOTE; NULL: none that is believed. */
static const struct dbk_note_key *
find_signer(struct verify *v, const char *file, const struct dbk_note *note)
{
	unsigned n = v->policy == NULL ? 0 : dbk_policy_logs(v->policy);

	for (unsigned i = 0; i <= n; i++) {
		const struct dbk_note_key *key =
		    i < n ? &dbk_policy_log_at(v->policy, i)->key : v->key;
		enum dbk_note_verdict verdict =
		    key == NULL ? DBK_NOTE_UNSIGNED : dbk_note_verify(note, key);

		if (verdict == DBK_NOTE_VERIFIED)
			return key;
		if (verdict == DBK_NOTE_FORGED) {
			findings_add(&v->findings, file, FINDINGS_NO_RECORD,
				     "the signature of %s is forged", key->name);
			return NULL;
		}
	}
	findings_add(&v->findings, file, FINDINGS_NO_RECORD,
		     "is not signed by a key that was given");
	return NULL;
}

static void
check_quorum(struct verify *v, const char *file, const struct dbk_note *note)
{
	bool forged = false, met;

	v->unchecked = v->policy == NULL ? note->n_signatures - 1 : 0;
	if (v->policy == NULL)
		return;
	met = dbk_policy_is_met(v->policy, note, &forged);
	if (forged)
		findings_add(&v->findings, file, FINDINGS_NO_RECORD,
			     "a witness's cosignature is forged");
	else if (!met)
		findings_add(&v->findings, file, FINDINGS_NO_RECORD,
			     "has not the cosignatures that the policy asks for");
}

static bool
none(struct verify *v, const char *file, const struct dbk_error *error)
{
	findings_add(&v->findings, file, FINDINGS_NO_RECORD, "is no checkpoint: %s",
		     error->text);
	return false;
}

bool
verify_note(struct verify *v, const char *file, struct dbk_str bytes,
	    struct dbk_checkpoint *out)
{
	struct dbk_error error = { DBK_OK, "" };
	const struct dbk_note_key *signer;
	struct dbk_note note;

	if (dbk_note_parse(bytes, &note, &error) != DBK_OK)
		return none(v, file, &error);
	if (dbk_checkpoint_parse(note.text, out, &error) != DBK_OK)
		return none(v, file, &error);
	signer = find_signer(v, file, &note);
	if (signer != NULL && !dbk_str_equal(out->origin, dbk_str_of(signer->name)))
		findings_add(&v->findings, file, FINDINGS_NO_RECORD,
			     "is of another log than the key that signed it");
	if (out->extensions.size > 0)
		findings_add(&v->findings, file, FINDINGS_NO_RECORD,
			     "has extension lines");
	check_quorum(v, file, &note);
	return true;
}

bool
verify_checkpoint(struct verify *v, const char *file, struct dbk_str note,
		  struct dbk_checkpoint *out)
{
	if (!verify_note(v, file, note, out))
		return false;
	if (out->origin.size < sizeof v->origin) {
		memcpy(v->origin, out->origin.bytes, out->origin.size);
		v->origin[out->origin.size] = '\0';
	}
	v->size = out->size;
	v->root = out->root;
	return true;
}
