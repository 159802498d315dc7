#ifndef DAYBOOKD_ERASURES_H
#define DAYBOOKD_ERASURES_H

/*
 * erasures.h -- looks at every record of the log, and destroys the keys of subjects
 * whose erasure it says; src/proof/TRUST.md section 8.
 *
 * Thread: the notary's; opening and what it catches up with, main.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "access/subjects.h"
#include "base/str.h"
#include "log/log.h"

struct erasures {
	struct dbk_subjects *subjects; /* NULL: nothing is sealed here */
	struct dbk_log *log;
	uint64_t looked; /* everything below was looked at */
	uint64_t noted;	 /* and the subjects have been told so */
	uint64_t behind; /* the first record whose erasure failed; UINT64_MAX: none */
	uint64_t n_erased;
};

/* Look through what the subjects have not seen, as after keys were brought back from a
 * backup. */
DBK_MUST_CHECK enum dbk_err erasures_open(struct erasures *erasures,
					  struct dbk_subjects *subjects,
					  struct dbk_log *log, struct dbk_error *error);

/* The record at POSITION; a failure is kept for erasures_settle(). */
void erasures_look(struct erasures *erasures, uint64_t position, struct dbk_str record);

/* What failed is tried again, and the subjects are told now and then how far it is
 * (LAST: now).  Unless this is DBK_OK nothing must be signed. */
DBK_MUST_CHECK enum dbk_err erasures_settle(struct erasures *erasures, bool last,
					    struct dbk_error *error);

#endif
