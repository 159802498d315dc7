#ifndef DBK_TLOG_POLICY_H
#define DBK_TLOG_POLICY_H

/*
 * policy.h -- C2SP tlog-policy: which logs, which witnesses, and how many of them.
 *
 * Pure functions; any thread.
 */

#include "tlog/cosignature.h"
#include "tlog/note.h"

#define DBK_POLICY_LOGS_MAX 64
#define DBK_POLICY_WITNESSES_MAX 64
#define DBK_POLICY_GROUPS_MAX 64
#define DBK_POLICY_URL_BYTES_MAX 1023

struct dbk_policy_log {
	struct dbk_note_key key;
	char url[DBK_POLICY_URL_BYTES_MAX + 1]; /* may be empty */
};

struct dbk_policy_witness {
	char name[DBK_NOTE_NAME_BYTES_MAX + 1];
	struct dbk_note_key key;
	char url[DBK_POLICY_URL_BYTES_MAX + 1];
};

struct dbk_policy;

/* INPUT names the line and what is wrong with it; MEMORY.  A last line without a
 * newline is INPUT: what is cut off might ask for less. */
DBK_MUST_CHECK enum dbk_err
dbk_policy_parse(struct dbk_str text, struct dbk_policy **out, struct dbk_error *error);
void dbk_policy_free(struct dbk_policy *policy);

unsigned dbk_policy_logs(const struct dbk_policy *policy);
const struct dbk_policy_log *dbk_policy_log_at(const struct dbk_policy *policy,
					       unsigned index);
unsigned dbk_policy_witnesses(const struct dbk_policy *policy);
const struct dbk_policy_witness *dbk_policy_witness_at(const struct dbk_policy *policy,
						       unsigned index);

/* Whether the cosignatures of NOTE reach the quorum; *OUT_FORGED: one of a listed
 * witness does not verify, the note should be rejected, and the quorum is not reached.
 * The log's own signature is the caller's to verify. */
bool dbk_policy_is_met(const struct dbk_policy *policy, const struct dbk_note *note,
		       bool *out_forged);

/* Whether the quorum could still be reached without those witnesses of whom NEVER says
 * that they will never cosign; one bool for each witness, by its index. */
bool dbk_policy_can_be_met(const struct dbk_policy *policy, const bool *never);

#endif
