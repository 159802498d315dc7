#ifndef TOOLS_VERBS_H
#define TOOLS_VERBS_H

/*
 * verbs.h -- the verbs, one file each; main.c has their table.
 */

#include "cli.h"

extern const struct cli_verb verb_append;
extern const struct cli_verb verb_log;
extern const struct cli_verb verb_balances;
extern const struct cli_verb verb_statement;
extern const struct cli_verb verb_trial_balance;
extern const struct cli_verb verb_stock;
extern const struct cli_verb verb_movements;
extern const struct cli_verb verb_agent;
extern const struct cli_verb verb_agents;
extern const struct cli_verb verb_order;
extern const struct cli_verb verb_refusals;
extern const struct cli_verb verb_source;
extern const struct cli_verb verb_status;
extern const struct cli_verb verb_digest;
extern const struct cli_verb verb_rebuild;

#endif
