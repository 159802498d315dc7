#include "event/schema_table.h"

#include <daybook/limits.h>

/* ---------------------------------------------------------------- 4xx: commission */

static const struct dbk_schema_field commission_reported_fields[] = {
	ONE(1, dbk_commission_reported, commission, ID, REQUIRED),
	ONE(2, dbk_commission_reported, payee, ID, REQUIRED),
	ONE(3, dbk_commission_reported, amount, MONEY, POSITIVE),
	UP_TO(4, dbk_commission_reported, basis, ENUM, REQUIRED, DBK_BASIS_OTHER),
	UP_TO(5, dbk_commission_reported, distance, U32, ANY, UINT32_MAX),
	ONE(6, dbk_commission_reported, cause_order, ID, ANY),
	UP_TO(7, dbk_commission_reported, cause_line, U32, ANY, DBK_LINE_NUMBER_MAX),
	ONE(8, dbk_commission_reported, cause_agent, ID, ANY),
};
static const struct dbk_commission_reported commission_reported_blank;
const struct dbk_schema dbk_schema_commission_reported =
    SCHEMA("CommissionReported", commission_reported_fields, commission_reported_blank,
	   N(1) | N(2) | N(3) | N(4));

static const struct dbk_schema_field commission_held_fields[] = {
	ONE(1, dbk_commission_held, hold, ID, REQUIRED),
	ONE(2, dbk_commission_held, agent, ID, ANY),
	ONE(3, dbk_commission_held, order, ID, ANY),
	UP_TO(4, dbk_commission_held, line, U32, ANY, DBK_LINE_NUMBER_MAX),
	UP_TO(5, dbk_commission_held, level, U32, ANY, DBK_LEVELS_MAX),
	ONE(6, dbk_commission_held, reason, TEXT, ANY),
	ONE(7, dbk_commission_held, approver, ID, ANY),
};
static const struct dbk_commission_held commission_held_blank;
const struct dbk_schema dbk_schema_commission_held =
    SCHEMA("CommissionHeld", commission_held_fields, commission_held_blank, N(1));

static const struct dbk_schema_field hold_released_fields[] = {
	ONE(1, dbk_hold_released, hold, ID, REQUIRED),
	ONE(2, dbk_hold_released, reason, TEXT, ANY),
	ONE(3, dbk_hold_released, approver, ID, ANY),
};
static const struct dbk_hold_released hold_released_blank;
const struct dbk_schema dbk_schema_hold_released =
    SCHEMA("HoldReleased", hold_released_fields, hold_released_blank, N(1));

static const struct dbk_schema_field clawback_repaid_fields[] = {
	ONE(1, dbk_agent_money, agent, ID, REQUIRED),
	ONE(2, dbk_agent_money, amount, MONEY, POSITIVE),
	ONE(3, dbk_agent_money, ref, ID, REQUIRED),
};
static const struct dbk_agent_money clawback_repaid_blank;
const struct dbk_schema dbk_schema_clawback_repaid =
    SCHEMA("ClawbackRepaid", clawback_repaid_fields, clawback_repaid_blank,
	   N(1) | N(2) | N(3));

static const struct dbk_schema_field clawback_written_off_fields[] = {
	ONE(1, dbk_clawback_written_off, agent, ID, REQUIRED),
	ONE(2, dbk_clawback_written_off, amount, MONEY, POSITIVE),
	ONE(3, dbk_clawback_written_off, ref, ID, REQUIRED),
	ONE(4, dbk_clawback_written_off, approver1, ID, ANY),
	ONE(5, dbk_clawback_written_off, approver2, ID, ANY),
	ONE(6, dbk_clawback_written_off, reason, TEXT, ANY),
};
static const struct dbk_clawback_written_off clawback_written_off_blank;
const struct dbk_schema dbk_schema_clawback_written_off =
    SCHEMA("ClawbackWrittenOff", clawback_written_off_fields,
	   clawback_written_off_blank, N(1) | N(2) | N(3));

static const struct dbk_schema_field bonus_awarded_fields[] = {
	ONE(1, dbk_bonus_awarded, bonus, ID, REQUIRED),
	ONE(2, dbk_bonus_awarded, period, ID, REQUIRED),
	ONE(3, dbk_bonus_awarded, pool, MONEY, POSITIVE),
	ONE(4, dbk_bonus_awarded, metric, ID, ANY),
	PARTS(5, dbk_bonus_awarded, shares, REQUIRED, dbk_schema_share, DBK_SHARES_MAX),
};
static const struct dbk_bonus_awarded bonus_awarded_blank;
const struct dbk_schema dbk_schema_bonus_awarded =
    SCHEMA("BonusAwarded", bonus_awarded_fields, bonus_awarded_blank,
	   N(1) | N(2) | N(3) | N(5));

static const struct dbk_schema_field manual_adjustment_fields[] = {
	ONE(1, dbk_manual_adjustment, adjustment, ID, REQUIRED),
	ONE(2, dbk_manual_adjustment, agent, ID, REQUIRED),
	ONE(3, dbk_manual_adjustment, deduct, BOOL, ANY),
	ONE(4, dbk_manual_adjustment, amount, MONEY, POSITIVE),
	ONE(5, dbk_manual_adjustment, reason, TEXT, ANY),
	ONE(6, dbk_manual_adjustment, approver1, ID, ANY),
	ONE(7, dbk_manual_adjustment, approver2, ID, ANY),
	ONE(8, dbk_manual_adjustment, reverses, ID, ANY),
};
static const struct dbk_manual_adjustment manual_adjustment_blank;
const struct dbk_schema dbk_schema_manual_adjustment =
    SCHEMA("ManualAdjustment", manual_adjustment_fields, manual_adjustment_blank,
	   N(1) | N(2) | N(4));

/* -------------------------------------------------------------------- 5xx: payout */

static const struct dbk_schema_field payout_requested_fields[] = {
	ONE(1, dbk_payout_requested, payout, ID, REQUIRED),
	ONE(2, dbk_payout_requested, agent, ID, REQUIRED),
	ONE(3, dbk_payout_requested, gross, MONEY, POSITIVE),
	ONE(4, dbk_payout_requested, method, ID, ANY),
	ONE(5, dbk_payout_requested, payee_hash, HASH, ANY),
};
static const struct dbk_payout_requested payout_requested_blank;
const struct dbk_schema dbk_schema_payout_requested =
    SCHEMA("PayoutRequested", payout_requested_fields, payout_requested_blank,
	   N(1) | N(2) | N(3));

/* Five messages share the struct; what they say besides differs. */
#define PAYOUT_STEP                                                                    \
	ONE(1, dbk_payout_step, payout, ID, REQUIRED),                                 \
	    ONE(2, dbk_payout_step, action, ID, REQUIRED)

static const struct dbk_schema_field payout_step_fields[] = { PAYOUT_STEP };
static const struct dbk_schema_field payout_refused_fields[] = {
	PAYOUT_STEP,
	ONE(3, dbk_payout_step, reason, TEXT, ANY),
};
static const struct dbk_schema_field payout_failed_fields[] = {
	PAYOUT_STEP,
	ONE(3, dbk_payout_step, code, ID, ANY),
	ONE(4, dbk_payout_step, final, BOOL, ANY),
};
static const struct dbk_payout_step payout_step_blank;
const struct dbk_schema dbk_schema_payout_approved =
    SCHEMA("PayoutApproved", payout_step_fields, payout_step_blank, N(1) | N(2));
const struct dbk_schema dbk_schema_payout_rejected =
    SCHEMA("PayoutRejected", payout_refused_fields, payout_step_blank, N(1) | N(2));
const struct dbk_schema dbk_schema_payout_cancelled =
    SCHEMA("PayoutCancelled", payout_refused_fields, payout_step_blank, N(1) | N(2));
const struct dbk_schema dbk_schema_payout_unknown =
    SCHEMA("PayoutUnknown", payout_step_fields, payout_step_blank, N(1) | N(2));
const struct dbk_schema dbk_schema_payout_failed =
    SCHEMA("PayoutFailed", payout_failed_fields, payout_step_blank, N(1) | N(2));

static const struct dbk_schema_field payout_batched_fields[] = {
	ONE(1, dbk_payout_batched, batch, ID, REQUIRED),
	IDS(2, dbk_payout_batched, payouts, REQUIRED, DBK_BATCH_PAYOUTS_MAX),
	ONE(3, dbk_payout_batched, total, MONEY, POSITIVE),
	ONE(4, dbk_payout_batched, file_hash, HASH, ANY),
};
static const struct dbk_payout_batched payout_batched_blank;
const struct dbk_schema dbk_schema_payout_batched = SCHEMA(
    "PayoutBatched", payout_batched_fields, payout_batched_blank, N(1) | N(2) | N(3));

static const struct dbk_schema_field payout_sent_fields[] = {
	ONE(1, dbk_payout_sent, payout, ID, REQUIRED),
	ONE(2, dbk_payout_sent, provider, ID, REQUIRED),
	ONE(3, dbk_payout_sent, request_no, ID, REQUIRED),
};
static const struct dbk_payout_sent payout_sent_blank;
const struct dbk_schema dbk_schema_payout_sent =
    SCHEMA("PayoutSent", payout_sent_fields, payout_sent_blank, N(1) | N(2) | N(3));

#define PAYOUT_ANSWER                                                                  \
	ONE(1, dbk_payout_answer, payout, ID, REQUIRED),                               \
	    ONE(2, dbk_payout_answer, provider, ID, REQUIRED),                         \
	    ONE(3, dbk_payout_answer, provider_ref, ID, REQUIRED)

static const struct dbk_schema_field payout_settled_fields[] = {
	PAYOUT_ANSWER,
	ONE(4, dbk_payout_answer, fee, MONEY, ANY),
};
static const struct dbk_schema_field payout_returned_fields[] = {
	PAYOUT_ANSWER,
	ONE(4, dbk_payout_answer, amount, MONEY, POSITIVE),
};
static const struct dbk_payout_answer payout_answer_blank;
const struct dbk_schema dbk_schema_payout_settled = SCHEMA(
    "PayoutSettled", payout_settled_fields, payout_answer_blank, N(1) | N(2) | N(3));
const struct dbk_schema dbk_schema_payout_returned =
    SCHEMA("PayoutReturned", payout_returned_fields, payout_answer_blank,
	   N(1) | N(2) | N(3) | N(4));

static const struct dbk_schema_field tax_remitted_fields[] = {
	ONE(1, dbk_tax_remitted, period, ID, REQUIRED),
	ONE(2, dbk_tax_remitted, ref, ID, REQUIRED),
	ONE(3, dbk_tax_remitted, amount, MONEY, POSITIVE),
};
static const struct dbk_tax_remitted tax_remitted_blank;
const struct dbk_schema dbk_schema_tax_remitted =
    SCHEMA("TaxRemitted", tax_remitted_fields, tax_remitted_blank, N(1) | N(2) | N(3));
