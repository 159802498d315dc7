#ifndef DBK_BOOKS_TRUST_CORE_H
#define DBK_BOOKS_TRUST_CORE_H

/*
 * trust_core.h -- what the files of src/books share about keys of sources and recorded
 * digests: src/proof/TRUST.md section 4.  Not for use outside this folder.
 */

#include "books/core.h"

/* ---- source_keys.c */
dbk_decide_fn dbk_decide_source_registered, dbk_decide_source_key_revoked;

/* Assert what holds between events about keys of sources. */
void dbk_audit_source_keys(const struct dbk_books *books);

/* ---- digest_trust.c */
dbk_decide_fn dbk_decide_digest_recorded;

/* If the event of D is a DigestRecorded that stands where it says, put the digest of
 * the books, of which no time has gone by yet, into OUT and let D point to it. */
void dbk_digest_note(struct dbk_decision *d, unsigned char out[DBK_DIGEST_BYTES]);

#endif
