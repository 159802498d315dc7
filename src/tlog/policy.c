#include "tlog/policy.h"

struct dbk_policy {
	unsigned n_logs;
};

enum dbk_err
dbk_policy_parse(struct dbk_str text, struct dbk_policy **out, struct dbk_error *error)
{
	(void)text;
	(void)out;
	return dbk_error_set(error, DBK_FAILED_STATE, "policies are not there yet");
}

void
dbk_policy_free(struct dbk_policy *policy)
{
	(void)policy;
}

unsigned
dbk_policy_logs(const struct dbk_policy *policy)
{
	return policy->n_logs;
}

const struct dbk_policy_log *
dbk_policy_log_at(const struct dbk_policy *policy, unsigned index)
{
	(void)policy;
	(void)index;
	return NULL;
}

unsigned
dbk_policy_witnesses(const struct dbk_policy *policy)
{
	(void)policy;
	return 0;
}

const struct dbk_policy_witness *
dbk_policy_witness_at(const struct dbk_policy *policy, unsigned index)
{
	(void)policy;
	(void)index;
	return NULL;
}

bool
dbk_policy_is_met(const struct dbk_policy *policy, const struct dbk_note *note,
		  bool *out_forged)
{
	(void)policy;
	(void)note;
	*out_forged = false;
	return false;
}
