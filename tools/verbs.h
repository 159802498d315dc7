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
extern const struct cli_verb verb_export;
extern const struct cli_verb verb_plan;
extern const struct cli_verb verb_holds;
extern const struct cli_verb verb_contest;
extern const struct cli_verb verb_close;
extern const struct cli_verb verb_payout;
extern const struct cli_verb verb_report;
extern const struct cli_verb verb_lot;
extern const struct cli_verb verb_restock;
extern const struct cli_verb verb_findings;
extern const struct cli_verb verb_guards;
extern const struct cli_verb verb_override;
extern const struct cli_verb verb_receipt;
extern const struct cli_verb verb_backup;
extern const struct cli_verb verb_token;
extern const struct cli_verb verb_access;
extern const struct cli_verb verb_whoami;
extern const struct cli_verb verb_seal;
extern const struct cli_verb verb_unseal;
extern const struct cli_verb verb_erase;
extern const struct cli_verb verb_replay;
extern const struct cli_verb verb_verify;

/* Below payout. */
extern const struct cli_verb verb_payout_list;
extern const struct cli_verb verb_payout_propose;
extern const struct cli_verb verb_payout_approve;
extern const struct cli_verb verb_payout_reject;
extern const struct cli_verb verb_payout_cancel;
extern const struct cli_verb verb_payout_batch;
extern const struct cli_verb verb_payout_send;
extern const struct cli_verb verb_payout_reconcile;

/* Below report. */
extern const struct cli_verb verb_report_clawbacks;
extern const struct cli_verb verb_report_escrow;
extern const struct cli_verb verb_report_costs;
extern const struct cli_verb verb_report_differences;
extern const struct cli_verb verb_report_payouts;
extern const struct cli_verb verb_report_periods;
extern const struct cli_verb verb_report_pyramid;
extern const struct cli_verb verb_report_finance;
extern const struct cli_verb verb_report_disclosure;
extern const struct cli_verb verb_report_disclosure;
extern const struct cli_verb verb_report_stock;
extern const struct cli_verb verb_report_network;
extern const struct cli_verb verb_report_waterfall;
extern const struct cli_verb verb_report_cohorts;
extern const struct cli_verb verb_report_scorecard;
extern const struct cli_verb verb_report_mismatches;
extern const struct cli_verb verb_report_buybacks;

/* Below plan. */
extern const struct cli_verb verb_plan_lint;
extern const struct cli_verb verb_plan_parameters;

/* Below guards. */
extern const struct cli_verb verb_guards_lint;
extern const struct cli_verb verb_guards_parameters;

/* Below findings. */
extern const struct cli_verb verb_findings_ack;
extern const struct cli_verb verb_findings_resolve;

/* Below restock. */
extern const struct cli_verb verb_restock_ask;
extern const struct cli_verb verb_restock_list;

/* Below source. */
extern const struct cli_verb verb_token_new;
extern const struct cli_verb verb_token_list;
extern const struct cli_verb verb_token_revoke;
extern const struct cli_verb verb_source_new_key;
extern const struct cli_verb verb_source_register;
extern const struct cli_verb verb_source_revoke;
extern const struct cli_verb verb_source_keys;

/* Below override. */
extern const struct cli_verb verb_override_grant;

#endif
