#ifndef DBK_TLOG_SIGNATURE_H
#define DBK_TLOG_SIGNATURE_H

/*
 * signature.h -- one signature line of a note.  Private to this folder.
 *
 * Pure functions; any thread.
 */

#include "tlog/note.h"

/* Of what follows the id; ML-DSA-44 with a time has 2,428. */
#define DBK_SIGNATURE_LINE_BYTES_MAX 8192

/* What signed-note lets a name be: not empty, UTF-8, no blank of Unicode, no '+'. */
bool dbk_signature_is_name(struct dbk_str name);

/* LINE without its newline, which has to stand behind it. */
bool dbk_signature_parse(struct dbk_str line, struct dbk_note_signature *out);

/* Whether name and id are KEY's. */
bool dbk_signature_is_of(const struct dbk_note_signature *signature,
			 const struct dbk_note_key *key);

#endif
