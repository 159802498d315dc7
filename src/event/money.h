#ifndef DBK_EVENT_MONEY_H
#define DBK_EVENT_MONEY_H

/*
 * money.h -- the events about agents' money, opened: plans, deposits, commission,
 * payouts, close.  Part of event.h, whose words hold here too; include that.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct dbk_share {
	struct dbk_str agent;
	int64_t amount;
};

/* src/plan knows what the names mean. */
struct dbk_parameter {
	struct dbk_str name;
	int64_t value;
	struct dbk_str sku;
	struct dbk_str category;
	struct dbk_str rank;
	struct dbk_str channel;
	struct dbk_str region;
	uint32_t level;
	struct dbk_str choice;
};

struct dbk_plan_published {
	struct dbk_str plan;
	uint32_t version;
	int64_t valid_from;
	int64_t valid_to;
	struct dbk_parameter *parameters;
	uint32_t n_parameters;
	struct dbk_str approver;
};

struct dbk_team_formed {
	struct dbk_str team;
	struct dbk_str leader;
};

struct dbk_team_member_changed {
	struct dbk_str team;
	struct dbk_str change;
	struct dbk_str member;
	bool removed;
};

/* DepositReceived, DepositReturned and ClawbackRepaid share one shape. */
struct dbk_agent_money {
	struct dbk_str agent;
	int64_t amount;
	struct dbk_str ref;
};

struct dbk_fee_charged {
	struct dbk_str fee;
	struct dbk_str agent;
	uint32_t kind; /* enum dbk_fee_kind */
	int64_t amount;
	struct dbk_str psp;
	struct dbk_str psp_txn;
	bool is_condition;
};

/* ChargebackOpened, ChargebackWon and ChargebackLost share one shape. */
struct dbk_chargeback_step {
	struct dbk_str chargeback;
	struct dbk_str order; /* ChargebackOpened only, like all below */
	int64_t amount;
	struct dbk_str psp; /* required */
};

/* OrderFlagged and OrderCleared share one shape. */
struct dbk_order_flag {
	struct dbk_str order;
	struct dbk_str rule;
	uint32_t revision;
	uint64_t *evidence; /* OrderFlagged only */
	uint32_t n_evidence;
	struct dbk_str approver; /* OrderCleared only, like the reason */
	struct dbk_str reason;
};

struct dbk_commission_reported {
	struct dbk_str commission;
	struct dbk_str payee;
	int64_t amount;
	uint32_t basis; /* enum dbk_basis */
	uint32_t distance;
	struct dbk_str cause_order;
	uint32_t cause_line;
	struct dbk_str cause_agent;
};

struct dbk_commission_held {
	struct dbk_str hold;
	/* Exactly one of agent and order is non-empty (check). */
	struct dbk_str agent;
	struct dbk_str order;
	uint32_t line;
	uint32_t level;
	struct dbk_str reason;
	struct dbk_str approver;
};

struct dbk_hold_released {
	struct dbk_str hold;
	struct dbk_str reason;
	struct dbk_str approver;
};

struct dbk_clawback_written_off {
	struct dbk_str agent;
	int64_t amount;
	struct dbk_str ref;
	struct dbk_str approver1;
	struct dbk_str approver2;
	struct dbk_str reason;
};

struct dbk_bonus_awarded {
	struct dbk_str bonus;
	struct dbk_str period;
	int64_t pool;
	struct dbk_str metric;
	struct dbk_share *shares;
	uint32_t n_shares;
};

struct dbk_manual_adjustment {
	struct dbk_str adjustment;
	struct dbk_str agent;
	bool deduct;
	int64_t amount;
	struct dbk_str reason;
	struct dbk_str approver1;
	struct dbk_str approver2;
	struct dbk_str reverses;
};

struct dbk_payout_requested {
	struct dbk_str payout;
	struct dbk_str agent;
	int64_t gross;
	struct dbk_str method;
	struct dbk_str payee_hash;
};

/* PayoutApproved, Rejected, Cancelled, Unknown and Failed share one shape. */
struct dbk_payout_step {
	struct dbk_str payout;
	struct dbk_str action;
	struct dbk_str reason; /* Rejected, Cancelled */
	struct dbk_str code;   /* Failed, like final */
	bool final;
};

struct dbk_payout_batched {
	struct dbk_str batch;
	struct dbk_str *payouts;
	uint32_t n_payouts;
	int64_t total;
	struct dbk_str file_hash;
};

struct dbk_payout_sent {
	struct dbk_str payout;
	struct dbk_str provider;
	struct dbk_str request_no;
};

/* PayoutSettled and PayoutReturned share one shape. */
struct dbk_payout_answer {
	struct dbk_str payout;
	struct dbk_str provider;
	struct dbk_str provider_ref;
	int64_t fee;	/* PayoutSettled only */
	int64_t amount; /* PayoutReturned only */
};

struct dbk_tax_remitted {
	struct dbk_str period;
	struct dbk_str ref;
	int64_t amount;
};

struct dbk_period_closed {
	struct dbk_str period;
	int64_t from;
	int64_t to;
	struct dbk_str balances_hash;
};

struct dbk_override_granted {
	struct dbk_str override;
	struct dbk_str guard;
	struct dbk_str subject;
	struct dbk_str approver1;
	struct dbk_str approver2;
	int64_t expires_at;
	struct dbk_str reason;
};

struct dbk_contest_opened {
	struct dbk_str contest;
	struct dbk_str metric;
	int64_t from;
	int64_t to;
	int64_t pool;
};

struct dbk_contest_closed {
	struct dbk_str contest;
};

#endif
