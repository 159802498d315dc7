/*
 * decide.c -- which rules an event is decided by.
 */

#include "books/goods_core.h"
#include "books/trust_core.h"

/* An event that does nothing but move the clock. */
static bool
decide_nothing(struct dbk_decision *d)
{
	(void)d;
	return true;
}

static dbk_decide_fn *const rules[] = {
	[DBK_EVENT_BOOK_OPENED] = dbk_decide_book_opened,
	[DBK_EVENT_SKU_DEFINED] = dbk_decide_sku_defined,
	[DBK_EVENT_PLAN_PUBLISHED] = dbk_decide_plan_published,
	[DBK_EVENT_LOT_REGISTERED] = dbk_decide_lot_registered,
	[DBK_EVENT_AGENT_ENROLLED] = dbk_decide_agent_enrolled,
	[DBK_EVENT_AGENT_VERIFIED] = dbk_decide_agent_verified,
	[DBK_EVENT_SPONSOR_CHANGED] = dbk_decide_sponsor_changed,
	[DBK_EVENT_RANK_CHANGED] = dbk_decide_rank_changed,
	[DBK_EVENT_AGENT_SUSPENDED] = dbk_decide_agent_step,
	[DBK_EVENT_AGENT_REINSTATED] = dbk_decide_agent_step,
	[DBK_EVENT_AGENT_TERMINATED] = dbk_decide_agent_step,
	[DBK_EVENT_CUSTOMER_BOUND] = dbk_decide_customer_bound,
	[DBK_EVENT_CUSTOMER_UNBOUND] = dbk_decide_customer_unbound,
	[DBK_EVENT_REFERRAL_RECORDED] = dbk_decide_referral_recorded,
	[DBK_EVENT_SALE_RECORDED] = dbk_decide_sale_recorded,
	[DBK_EVENT_ORDER_PLACED] = dbk_decide_order_placed,
	[DBK_EVENT_ORDER_CANCELLED] = dbk_decide_order_cancelled,
	[DBK_EVENT_ORDER_PAID] = dbk_decide_order_paid,
	[DBK_EVENT_PSP_SETTLED] = dbk_decide_psp_settled,
	[DBK_EVENT_GOODS_SHIPPED] = dbk_decide_goods_shipped,
	[DBK_EVENT_RECEIPT_CONFIRMED] = dbk_decide_receipt_confirmed,
	[DBK_EVENT_REFUND_REQUESTED] = dbk_decide_refund_requested,
	[DBK_EVENT_REFUND_REJECTED] = dbk_decide_refund_rejected,
	[DBK_EVENT_REFUND_APPROVED] = dbk_decide_refund_approved,
	[DBK_EVENT_REFUND_PAID] = dbk_decide_refund_paid,
	[DBK_EVENT_STOCK_ISSUED] = dbk_decide_stock_issued,
	[DBK_EVENT_STOCK_TRANSFERRED] = dbk_decide_stock_transferred,
	[DBK_EVENT_STOCK_CONSUMED] = dbk_decide_stock_consumed,
	[DBK_EVENT_STOCK_RETURNED] = dbk_decide_stock_returned,
	[DBK_EVENT_STOCK_COUNTED] = dbk_decide_stock_counted,
	[DBK_EVENT_TEAM_FORMED] = dbk_decide_team_formed,
	[DBK_EVENT_TEAM_MEMBER_CHANGED] = dbk_decide_team_member_changed,
	[DBK_EVENT_DEPOSIT_RECEIVED] = dbk_decide_deposit_received,
	[DBK_EVENT_DEPOSIT_RETURNED] = dbk_decide_deposit_returned,
	[DBK_EVENT_FEE_CHARGED] = dbk_decide_fee_charged,
	[DBK_EVENT_CHARGEBACK_OPENED] = dbk_decide_chargeback_opened,
	[DBK_EVENT_CHARGEBACK_WON] = dbk_decide_chargeback_won,
	[DBK_EVENT_CHARGEBACK_LOST] = dbk_decide_chargeback_lost,
	[DBK_EVENT_ORDER_FLAGGED] = dbk_decide_order_flagged,
	[DBK_EVENT_ORDER_CLEARED] = dbk_decide_order_cleared,
	[DBK_EVENT_COMMISSION_REPORTED] = dbk_decide_commission_reported,
	[DBK_EVENT_COMMISSION_HELD] = dbk_decide_commission_held,
	[DBK_EVENT_HOLD_RELEASED] = dbk_decide_hold_released,
	[DBK_EVENT_CLAWBACK_REPAID] = dbk_decide_clawback_repaid,
	[DBK_EVENT_CLAWBACK_WRITTEN_OFF] = dbk_decide_clawback_written_off,
	[DBK_EVENT_BONUS_AWARDED] = dbk_decide_bonus_awarded,
	[DBK_EVENT_MANUAL_ADJUSTMENT] = dbk_decide_manual_adjustment,
	[DBK_EVENT_PAYOUT_REQUESTED] = dbk_decide_payout_requested,
	[DBK_EVENT_PAYOUT_APPROVED] = dbk_decide_payout_step,
	[DBK_EVENT_PAYOUT_REJECTED] = dbk_decide_payout_step,
	[DBK_EVENT_PAYOUT_CANCELLED] = dbk_decide_payout_step,
	[DBK_EVENT_PAYOUT_BATCHED] = dbk_decide_payout_batched,
	[DBK_EVENT_PAYOUT_SENT] = dbk_decide_payout_sent,
	[DBK_EVENT_PAYOUT_SETTLED] = dbk_decide_payout_settled,
	[DBK_EVENT_PAYOUT_UNKNOWN] = dbk_decide_payout_step,
	[DBK_EVENT_PAYOUT_FAILED] = dbk_decide_payout_step,
	[DBK_EVENT_PAYOUT_RETURNED] = dbk_decide_payout_returned,
	[DBK_EVENT_TAX_REMITTED] = dbk_decide_tax_remitted,
	[DBK_EVENT_PERIOD_CLOSED] = dbk_decide_period_closed,
	[DBK_EVENT_OVERRIDE_GRANTED] = dbk_decide_override_granted,
	[DBK_EVENT_CONTEST_OPENED] = dbk_decide_contest_opened,
	[DBK_EVENT_CONTEST_CLOSED] = dbk_decide_contest_closed,
	[DBK_EVENT_CLOCK_ADVANCED] = decide_nothing,
	/* The rules of goods: GOODS.md */
	[DBK_EVENT_PRICE_BAND_SET] = dbk_decide_price_band_set,
	[DBK_EVENT_GUARD_SET_PUBLISHED] = dbk_decide_guard_set_published,
	[DBK_EVENT_TERRITORY_ASSIGNED] = dbk_decide_territory_assigned,
	[DBK_EVENT_TERRITORY_REVOKED] = dbk_decide_territory_revoked,
	[DBK_EVENT_RESTOCK_REQUESTED] = dbk_decide_restock_requested,
	[DBK_EVENT_BUYBACK_REQUESTED] = dbk_decide_buyback_requested,
	[DBK_EVENT_BUYBACK_SETTLED] = dbk_decide_buyback_settled,
	[DBK_EVENT_CUSTODY_SCANNED] = dbk_decide_custody_scanned,
	[DBK_EVENT_PRICE_OBSERVED] = dbk_decide_price_observed,
	[DBK_EVENT_OBSERVATION_RECORDED] = dbk_decide_observation_recorded,
	[DBK_EVENT_FINDING_ACKNOWLEDGED] = dbk_decide_finding_acknowledged,
	[DBK_EVENT_FINDING_RESOLVED] = dbk_decide_finding_resolved,
	/* Those of proof: src/proof/TRUST.md */
	[DBK_EVENT_SOURCE_REGISTERED] = dbk_decide_source_registered,
	[DBK_EVENT_SOURCE_KEY_REVOKED] = dbk_decide_source_key_revoked,
	[DBK_EVENT_SUBJECT_ERASED] = decide_nothing,
	[DBK_EVENT_DIGEST_RECORDED] = dbk_decide_digest_recorded,
};

bool
dbk_decide_event(struct dbk_decision *d)
{
	size_t type = (size_t)d->event->type;

	dbk_assert(type < sizeof rules / sizeof rules[0] && rules[type] != NULL);
	return rules[type](d);
}
