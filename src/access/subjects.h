#ifndef DBK_ACCESS_SUBJECTS_H
#define DBK_ACCESS_SUBJECTS_H

/*
 * subjects.h -- keys of persons: sealing and opening their texts, and forgetting them;
 * src/proof/TRUST.md section 8.
 *
 * Thread: any number seal and open; one erases.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "access/vault.h"
#include "base/buf.h"
#include "base/str.h"

struct dbk_subjects;

/* KEYS/subjects. */
DBK_MUST_CHECK enum dbk_err dbk_subjects_open(struct dbk_vault *vault, bool read_only,
					      struct dbk_subjects **out,
					      struct dbk_error *error);
void dbk_subjects_close(struct dbk_subjects *subjects);

/* Every key and tombstone is as it was written; DAMAGED names the subject.  *OUT_KEYS
 * and *OUT_ERASED count them. */
DBK_MUST_CHECK enum dbk_err dbk_subjects_check(struct dbk_subjects *subjects,
					       uint64_t *out_keys, uint64_t *out_erased,
					       struct dbk_error *error);

/* The position up to which the log has been looked through for erasures. */
uint64_t dbk_subjects_size(const struct dbk_subjects *subjects);

enum dbk_subject_answer {
	DBK_SUBJECT_OK,
	DBK_SUBJECT_ERASED,
	DBK_SUBJECT_UNKNOWN, /* opening only: no key of that name */
	DBK_SUBJECT_FORGED,  /* the box is not of this key */
	DBK_SUBJECT_FAILED   /* the environment: see the error */
};

/* Append the box of TEXT; makes the subject's key if there is none, durable before this
 * returns. */
enum dbk_subject_answer dbk_subjects_seal(struct dbk_subjects *subjects,
					  struct dbk_str subject, struct dbk_str text,
					  struct dbk_buf *out, struct dbk_error *error);
enum dbk_subject_answer dbk_subjects_unseal(struct dbk_subjects *subjects,
					    struct dbk_str subject, struct dbk_str box,
					    struct dbk_buf *out,
					    struct dbk_error *error);

/* The log has SubjectErased of SUBJECT: its key is gone when this returns DBK_OK, from
 * the file's unused parts as well.  Again, or without a key: a tombstone all the same.
 */
DBK_MUST_CHECK enum dbk_err dbk_subjects_erase(struct dbk_subjects *subjects,
					       struct dbk_str subject,
					       struct dbk_error *error);

/* Everything below SIZE has been looked at.  A commit of its own, so now and then; what
 * was not noted is looked at again at the next start. */
DBK_MUST_CHECK enum dbk_err dbk_subjects_looked(struct dbk_subjects *subjects,
						uint64_t size, struct dbk_error *error);

#endif
