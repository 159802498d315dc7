#ifndef TOOLS_VERIFY_TRUST_H
#define TOOLS_VERIFY_TRUST_H

/*
 * trust.h -- whom the user believes: the key of a log, a policy of witnesses.
 *
 * Both give the exit code; whatever is wrong has been said.
 *
 * Thread: belongs to one thread.
 */

#include "tlog/note.h"
#include "tlog/policy.h"

/* TEXT is the verifier key of a log, or the name of a file with one. */
int trust_load_key(const char *text, struct dbk_note_key *out);

/* PATH is a C2SP tlog-policy; *OUT is given back with dbk_policy_free(). */
int trust_load_policy(const char *path, struct dbk_policy **out);

#endif
