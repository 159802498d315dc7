#ifndef DBK_ACCESS_ERASURES_H
#define DBK_ACCESS_ERASURES_H

/*
 * erasures.h -- SubjectErased, found in the log, destroys keys; src/proof/TRUST.md
 * section 8.
 *
 * Thread: one.
 */

#include <stdint.h>

#include <daybook/error.h>

#include "access/subjects.h"
#include "base/str.h"
#include "log/log.h"

/* RECORD stands at POSITION of the log: if it is an accepted SubjectErased, the key is
 * gone when this returns DBK_OK.  Records of other kinds cost a search of their bytes.
 * What dbk_subjects_erase() fails with; ask again then, and publish no checkpoint. */
DBK_MUST_CHECK enum dbk_err dbk_erasures_follow(struct dbk_subjects *subjects,
						uint64_t position,
						struct dbk_str record,
						struct dbk_error *error);

/* The same of every record between dbk_subjects_size() and the log's end, which then is
 * noted: for the start, so that keys brought back from a backup die again. */
DBK_MUST_CHECK enum dbk_err dbk_erasures_catch_up(struct dbk_subjects *subjects,
						  struct dbk_log *log,
						  struct dbk_error *error);

#endif
