#ifndef DBK_TLOG_COSIGNATURE_H
#define DBK_TLOG_COSIGNATURE_H

/*
 * cosignature.h -- C2SP tlog-cosignature (Ed25519) and the messages of tlog-witness.
 * A key is one of type DBK_NOTE_COSIGNATURE; other kinds (ML-DSA-44) are ignored, as
 * signed-note asks for unknown ones.
 *
 * Pure functions; any thread.
 */

#include "tlog/checkpoint.h"
#include "tlog/note.h"
#include "tlog/tree.h"

/* Whether NOTE, a checkpoint, has a cosignature of KEY, and all that it has of it
 * verify; *OUT_TIME: when the newest was made, in seconds since 1970. */
enum dbk_note_verdict dbk_cosignature_verify(const struct dbk_note *note,
					     const struct dbk_note_key *key,
					     uint64_t *out_time);

/* Append KEY's cosignature line over the checkpoint TEXT at TIME, as a witness does. */
void dbk_cosignature_put(struct dbk_str text, const struct dbk_note_key *key,
			 const unsigned char seed[DBK_SIGN_SEED_BYTES], uint64_t time,
			 struct dbk_buf *out);

/* The body of add-checkpoint: OLD size, PROOF from it (at most 63 hashes, asserted),
 * the signed note. */
void dbk_witness_put_request(uint64_t old, const struct dbk_tree_proof *proof,
			     struct dbk_str note, struct dbk_buf *out);

/* What a 409 answers: the size that the witness signed last. */
bool dbk_witness_parse_size(struct dbk_str body, uint64_t *out_size);

/* Append the first line of BODY, the answer of a witness, that is KEY's, has a time and
 * verifies over the checkpoint TEXT; false if there is none.  Everything else in it is
 * ignored, nothing is believed. */
bool dbk_witness_take_answer(struct dbk_str body, struct dbk_str text,
			     const struct dbk_note_key *key, struct dbk_buf *out);

#endif
