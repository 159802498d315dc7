#ifndef DAYBOOKD_POLICY_FILE_H
#define DAYBOOKD_POLICY_FILE_H

/*
 * policy_file.h -- the file of --witness-policy.
 *
 * Thread: main.
 */

#include <daybook/error.h>

#include "tlog/note.h"
#include "tlog/policy.h"

/* FILE is a C2SP tlog-policy; if it names logs, KEY is one of them.  INPUT names what
 * is wrong; MEMORY. */
DBK_MUST_CHECK enum dbk_err policy_file_read(const char *file,
					     const struct dbk_note_key *key,
					     struct dbk_policy **out,
					     struct dbk_error *error);

#endif
