#include "event/schema_table.h"

#include <daybook/limits.h>

/* 2xx: the network of people */

static const struct dbk_schema_field agent_enrolled_fields[] = {
	ONE(1, dbk_agent_enrolled, agent, ID, REQUIRED),
	ONE(2, dbk_agent_enrolled, sponsor, ID, ANY),
	ONE(3, dbk_agent_enrolled, rank, ID, ANY),
	UP_TO(4, dbk_agent_enrolled, agreement_version, U32, ANY, UINT32_MAX),
	ONE(5, dbk_agent_enrolled, cooling_off_until, TIME, ANY),
	ONE(6, dbk_agent_enrolled, employee, BOOL, ANY),
	ONE(7, dbk_agent_enrolled, customer, ID, ANY),
};
static const struct dbk_agent_enrolled agent_enrolled_blank = {
	.cooling_off_until = DBK_TIME_ABSENT,
};
const struct dbk_schema dbk_schema_agent_enrolled =
    SCHEMA("AgentEnrolled", agent_enrolled_fields, agent_enrolled_blank, N(1));

static const struct dbk_schema_field agent_verified_fields[] = {
	ONE(1, dbk_agent_verified, agent, ID, REQUIRED),
	UP_TO(2, dbk_agent_verified, revision, U32, ANY, UINT32_MAX),
	ONE(3, dbk_agent_verified, id_hash, HASH, ANY),
	ONE(4, dbk_agent_verified, payee_hash, HASH, ANY),
	ONE(5, dbk_agent_verified, device_hash, HASH, ANY),
	ONE(6, dbk_agent_verified, address_hash, HASH, ANY),
};
static const struct dbk_agent_verified agent_verified_blank;
const struct dbk_schema dbk_schema_agent_verified =
    SCHEMA("AgentVerified", agent_verified_fields, agent_verified_blank, N(1));

static const struct dbk_schema_field sponsor_changed_fields[] = {
	ONE(1, dbk_sponsor_changed, change, ID, REQUIRED),
	ONE(2, dbk_sponsor_changed, agent, ID, REQUIRED),
	ONE(3, dbk_sponsor_changed, old_sponsor, ID, ANY),
	ONE(4, dbk_sponsor_changed, new_sponsor, ID, ANY),
	ONE(5, dbk_sponsor_changed, reason, TEXT, ANY),
	ONE(6, dbk_sponsor_changed, approver1, ID, ANY),
	ONE(7, dbk_sponsor_changed, approver2, ID, ANY),
};
static const struct dbk_sponsor_changed sponsor_changed_blank;
const struct dbk_schema dbk_schema_sponsor_changed = SCHEMA(
    "SponsorChanged", sponsor_changed_fields, sponsor_changed_blank, N(1) | N(2));

static const struct dbk_schema_field rank_changed_fields[] = {
	ONE(1, dbk_rank_changed, agent, ID, REQUIRED),
	ONE(2, dbk_rank_changed, period, ID, REQUIRED),
	ONE(3, dbk_rank_changed, old_rank, ID, ANY),
	ONE(4, dbk_rank_changed, new_rank, ID, ANY),
	ONE(5, dbk_rank_changed, metric, ID, ANY),
	ONE(6, dbk_rank_changed, value, SIGNED, ANY),
};
static const struct dbk_rank_changed rank_changed_blank;
const struct dbk_schema dbk_schema_rank_changed =
    SCHEMA("RankChanged", rank_changed_fields, rank_changed_blank, N(1) | N(2));

/* Three messages share the struct; only the last has a fourth field. */
#define AGENT_STEP                                                                     \
	ONE(1, dbk_agent_step, agent, ID, REQUIRED),                                   \
	    ONE(2, dbk_agent_step, action, ID, REQUIRED),                              \
	    ONE(3, dbk_agent_step, reason, TEXT, ANY)

static const struct dbk_schema_field agent_step_fields[] = { AGENT_STEP };
static const struct dbk_schema_field agent_terminated_fields[] = {
	AGENT_STEP,
	ONE(4, dbk_agent_step, buyback_due, TIME, ANY),
};
static const struct dbk_agent_step agent_step_blank = { .buyback_due =
							    DBK_TIME_ABSENT };
const struct dbk_schema dbk_schema_agent_suspended =
    SCHEMA("AgentSuspended", agent_step_fields, agent_step_blank, N(1) | N(2));
const struct dbk_schema dbk_schema_agent_reinstated =
    SCHEMA("AgentReinstated", agent_step_fields, agent_step_blank, N(1) | N(2));
const struct dbk_schema dbk_schema_agent_terminated =
    SCHEMA("AgentTerminated", agent_terminated_fields, agent_step_blank, N(1) | N(2));

static const struct dbk_schema_field customer_bound_fields[] = {
	ONE(1, dbk_customer_bound, binding, ID, REQUIRED),
	ONE(2, dbk_customer_bound, customer, ID, REQUIRED),
	ONE(3, dbk_customer_bound, agent, ID, ANY),
	ONE(4, dbk_customer_bound, method, ID, ANY),
	ONE(5, dbk_customer_bound, expires_at, TIME, ANY),
	ONE(6, dbk_customer_bound, referrer_customer, ID, ANY),
};
static const struct dbk_customer_bound customer_bound_blank = {
	.expires_at = DBK_TIME_ABSENT,
};
const struct dbk_schema dbk_schema_customer_bound =
    SCHEMA("CustomerBound", customer_bound_fields, customer_bound_blank, N(1) | N(2));

static const struct dbk_schema_field customer_unbound_fields[] = {
	ONE(1, dbk_customer_unbound, binding, ID, REQUIRED),
	ONE(2, dbk_customer_unbound, customer, ID, REQUIRED),
	ONE(3, dbk_customer_unbound, reason, TEXT, ANY),
};
static const struct dbk_customer_unbound customer_unbound_blank;
const struct dbk_schema dbk_schema_customer_unbound = SCHEMA(
    "CustomerUnbound", customer_unbound_fields, customer_unbound_blank, N(1) | N(2));

static const struct dbk_schema_field referral_recorded_fields[] = {
	ONE(1, dbk_referral_recorded, referral, ID, REQUIRED),
	EITHER(2, dbk_referral_recorded, referrer_agent, ID, ANY, 3),
	EITHER(3, dbk_referral_recorded, referrer_customer, ID, ANY, 2),
	EITHER(4, dbk_referral_recorded, referred_agent, ID, ANY, 5),
	EITHER(5, dbk_referral_recorded, referred_customer, ID, ANY, 4),
	ONE(6, dbk_referral_recorded, campaign, ID, ANY),
};
static const struct dbk_referral_recorded referral_recorded_blank;
const struct dbk_schema dbk_schema_referral_recorded =
    SCHEMA("ReferralRecorded", referral_recorded_fields, referral_recorded_blank, N(1));

static const struct dbk_schema_field team_formed_fields[] = {
	ONE(1, dbk_team_formed, team, ID, REQUIRED),
	ONE(2, dbk_team_formed, leader, ID, REQUIRED),
};
static const struct dbk_team_formed team_formed_blank;
const struct dbk_schema dbk_schema_team_formed =
    SCHEMA("TeamFormed", team_formed_fields, team_formed_blank, N(1) | N(2));

static const struct dbk_schema_field team_member_changed_fields[] = {
	ONE(1, dbk_team_member_changed, team, ID, REQUIRED),
	ONE(2, dbk_team_member_changed, change, ID, REQUIRED),
	ONE(3, dbk_team_member_changed, member, ID, REQUIRED),
	ONE(4, dbk_team_member_changed, removed, BOOL, ANY),
};
static const struct dbk_team_member_changed team_member_changed_blank;
const struct dbk_schema dbk_schema_team_member_changed =
    SCHEMA("TeamMemberChanged", team_member_changed_fields, team_member_changed_blank,
	   N(1) | N(2) | N(3));

static const struct dbk_schema_field deposit_fields[] = {
	ONE(1, dbk_agent_money, agent, ID, REQUIRED),
	ONE(2, dbk_agent_money, amount, MONEY, POSITIVE),
	ONE(3, dbk_agent_money, ref, ID, REQUIRED),
};
static const struct dbk_agent_money deposit_blank;
const struct dbk_schema dbk_schema_deposit_received =
    SCHEMA("DepositReceived", deposit_fields, deposit_blank, N(1) | N(2) | N(3));
const struct dbk_schema dbk_schema_deposit_returned =
    SCHEMA("DepositReturned", deposit_fields, deposit_blank, N(1) | N(2) | N(3));

static const struct dbk_schema_field fee_charged_fields[] = {
	ONE(1, dbk_fee_charged, fee, ID, REQUIRED),
	ONE(2, dbk_fee_charged, agent, ID, REQUIRED),
	UP_TO(3, dbk_fee_charged, kind, ENUM, REQUIRED, DBK_FEE_UPGRADE),
	ONE(4, dbk_fee_charged, amount, MONEY, POSITIVE),
	ONE(5, dbk_fee_charged, psp, ID, ANY),
	ONE(6, dbk_fee_charged, psp_txn, ID, ANY),
	ONE(7, dbk_fee_charged, is_condition, BOOL, ANY),
};
static const struct dbk_fee_charged fee_charged_blank;
const struct dbk_schema dbk_schema_fee_charged = SCHEMA(
    "FeeCharged", fee_charged_fields, fee_charged_blank, N(1) | N(2) | N(3) | N(4));
