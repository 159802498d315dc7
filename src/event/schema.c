#include "event/schema.h"

#include <daybook/limits.h>

#include "base/secret.h"
#include "event/schema_table.h"

/* ------------------------------------------------------------------ shared parts */

static const struct dbk_schema_field holder_fields[] = {
	EITHER(1, dbk_holder, agent, ID, ANY, 2),
	EITHER(2, dbk_holder, location, ID, ANY, 1),
};
static const struct dbk_holder holder_blank = { .kind = DBK_HOLDER_SUPPLY };
const struct dbk_schema dbk_schema_holder =
    SCHEMA("Holder", holder_fields, holder_blank, NO_NEED);

static const struct dbk_schema_field order_line_fields[] = {
	UP_TO(1, dbk_order_line, line, U32, POSITIVE, DBK_LINE_NUMBER_MAX),
	ONE(2, dbk_order_line, sku, ID, REQUIRED),
	ONE(3, dbk_order_line, qty, QTY, POSITIVE),
	ONE(4, dbk_order_line, unit_price, MONEY, ANY),
	ONE(5, dbk_order_line, discount, MONEY, ANY),
	ONE(6, dbk_order_line, tax, MONEY, ANY),
	ONE(7, dbk_order_line, lot, ID, ANY),
};
static const struct dbk_order_line order_line_blank;
const struct dbk_schema dbk_schema_order_line =
    SCHEMA("OrderLine", order_line_fields, order_line_blank, N(1) | N(2) | N(3));

static const struct dbk_schema_field stock_line_fields[] = {
	UP_TO(1, dbk_stock_line, line, U32, POSITIVE, DBK_LINE_NUMBER_MAX),
	ONE(2, dbk_stock_line, sku, ID, REQUIRED),
	ONE(3, dbk_stock_line, lot, ID, ANY),
	ONE(4, dbk_stock_line, qty, QTY, POSITIVE),
	ONE(5, dbk_stock_line, unit_price, MONEY, ANY),
};
static const struct dbk_stock_line stock_line_blank;
const struct dbk_schema dbk_schema_stock_line =
    SCHEMA("StockLine", stock_line_fields, stock_line_blank, N(1) | N(2) | N(4));

static const struct dbk_schema_field attribution_fields[] = {
	ONE(1, dbk_attribution, agent, ID, REQUIRED),
	UP_TO(2, dbk_attribution, weight_ppm, U32, POSITIVE, DBK_PPM_MAX),
};
static const struct dbk_attribution attribution_blank;
const struct dbk_schema dbk_schema_attribution =
    SCHEMA("Attribution", attribution_fields, attribution_blank, N(1) | N(2));

static const struct dbk_schema_field share_fields[] = {
	ONE(1, dbk_share, agent, ID, REQUIRED),
	ONE(2, dbk_share, amount, MONEY, POSITIVE),
};
static const struct dbk_share share_blank;
const struct dbk_schema dbk_schema_share =
    SCHEMA("Share", share_fields, share_blank, N(1) | N(2));

static const struct dbk_schema_field parameter_fields[] = {
	ONE(1, dbk_parameter, name, ID, REQUIRED),
	ONE(2, dbk_parameter, value, SIGNED, ANY),
	ONE(3, dbk_parameter, sku, ID, ANY),
	ONE(4, dbk_parameter, category, ID, ANY),
	ONE(5, dbk_parameter, rank, ID, ANY),
	ONE(6, dbk_parameter, channel, ID, ANY),
	ONE(7, dbk_parameter, region, ID, ANY),
	UP_TO(8, dbk_parameter, level, U32, ANY, DBK_LEVELS_MAX),
	ONE(9, dbk_parameter, choice, ID, ANY),
};
static const struct dbk_parameter parameter_blank;
const struct dbk_schema dbk_schema_parameter =
    SCHEMA("Parameter", parameter_fields, parameter_blank, N(1));

static const struct dbk_schema_field sealed_fields[] = {
	ONE(1, dbk_sealed, subject, ID, REQUIRED),
	BETWEEN(2, dbk_sealed, box, DBK_SECRET_BOX_OVERHEAD + 1,
		DBK_SEALED_BOX_BYTES_MAX),
};
static const struct dbk_sealed sealed_blank;
const struct dbk_schema dbk_schema_sealed =
    SCHEMA("Sealed", sealed_fields, sealed_blank, N(1) | N(2));

static const struct dbk_schema_field event_fields[] = {
	PARTS(3, dbk_event, sealed, ANY, dbk_schema_sealed, DBK_SEALED_MAX),
};
const struct dbk_schema_field *const dbk_schema_event_sealed = &event_fields[3];

/* ---------------------------------------------------------------- the whole body */

static const struct dbk_schema *const taken[] = {
	[DBK_EVENT_BOOK_OPENED] = &dbk_schema_book_opened,
	[DBK_EVENT_SKU_DEFINED] = &dbk_schema_sku_defined,
	[DBK_EVENT_PRICE_BAND_SET] = &dbk_schema_price_band_set,
	[DBK_EVENT_PLAN_PUBLISHED] = &dbk_schema_plan_published,
	[DBK_EVENT_GUARD_SET_PUBLISHED] = &dbk_schema_guard_set_published,
	[DBK_EVENT_TERRITORY_ASSIGNED] = &dbk_schema_territory_assigned,
	[DBK_EVENT_TERRITORY_REVOKED] = &dbk_schema_territory_revoked,
	[DBK_EVENT_LOT_REGISTERED] = &dbk_schema_lot_registered,
	[DBK_EVENT_AGENT_ENROLLED] = &dbk_schema_agent_enrolled,
	[DBK_EVENT_AGENT_VERIFIED] = &dbk_schema_agent_verified,
	[DBK_EVENT_SPONSOR_CHANGED] = &dbk_schema_sponsor_changed,
	[DBK_EVENT_RANK_CHANGED] = &dbk_schema_rank_changed,
	[DBK_EVENT_AGENT_SUSPENDED] = &dbk_schema_agent_suspended,
	[DBK_EVENT_AGENT_REINSTATED] = &dbk_schema_agent_reinstated,
	[DBK_EVENT_AGENT_TERMINATED] = &dbk_schema_agent_terminated,
	[DBK_EVENT_CUSTOMER_BOUND] = &dbk_schema_customer_bound,
	[DBK_EVENT_CUSTOMER_UNBOUND] = &dbk_schema_customer_unbound,
	[DBK_EVENT_REFERRAL_RECORDED] = &dbk_schema_referral_recorded,
	[DBK_EVENT_TEAM_FORMED] = &dbk_schema_team_formed,
	[DBK_EVENT_TEAM_MEMBER_CHANGED] = &dbk_schema_team_member_changed,
	[DBK_EVENT_DEPOSIT_RECEIVED] = &dbk_schema_deposit_received,
	[DBK_EVENT_DEPOSIT_RETURNED] = &dbk_schema_deposit_returned,
	[DBK_EVENT_FEE_CHARGED] = &dbk_schema_fee_charged,
	[DBK_EVENT_SALE_RECORDED] = &dbk_schema_sale_recorded,
	[DBK_EVENT_ORDER_PLACED] = &dbk_schema_order_placed,
	[DBK_EVENT_ORDER_CANCELLED] = &dbk_schema_order_cancelled,
	[DBK_EVENT_ORDER_PAID] = &dbk_schema_order_paid,
	[DBK_EVENT_PSP_SETTLED] = &dbk_schema_psp_settled,
	[DBK_EVENT_GOODS_SHIPPED] = &dbk_schema_goods_shipped,
	[DBK_EVENT_RECEIPT_CONFIRMED] = &dbk_schema_receipt_confirmed,
	[DBK_EVENT_REFUND_REQUESTED] = &dbk_schema_refund_requested,
	[DBK_EVENT_REFUND_REJECTED] = &dbk_schema_refund_rejected,
	[DBK_EVENT_REFUND_APPROVED] = &dbk_schema_refund_approved,
	[DBK_EVENT_REFUND_PAID] = &dbk_schema_refund_paid,
	[DBK_EVENT_CHARGEBACK_OPENED] = &dbk_schema_chargeback_opened,
	[DBK_EVENT_CHARGEBACK_WON] = &dbk_schema_chargeback_won,
	[DBK_EVENT_CHARGEBACK_LOST] = &dbk_schema_chargeback_lost,
	[DBK_EVENT_ORDER_FLAGGED] = &dbk_schema_order_flagged,
	[DBK_EVENT_ORDER_CLEARED] = &dbk_schema_order_cleared,
	[DBK_EVENT_COMMISSION_REPORTED] = &dbk_schema_commission_reported,
	[DBK_EVENT_COMMISSION_HELD] = &dbk_schema_commission_held,
	[DBK_EVENT_HOLD_RELEASED] = &dbk_schema_hold_released,
	[DBK_EVENT_CLAWBACK_REPAID] = &dbk_schema_clawback_repaid,
	[DBK_EVENT_CLAWBACK_WRITTEN_OFF] = &dbk_schema_clawback_written_off,
	[DBK_EVENT_BONUS_AWARDED] = &dbk_schema_bonus_awarded,
	[DBK_EVENT_MANUAL_ADJUSTMENT] = &dbk_schema_manual_adjustment,
	[DBK_EVENT_PAYOUT_REQUESTED] = &dbk_schema_payout_requested,
	[DBK_EVENT_PAYOUT_APPROVED] = &dbk_schema_payout_approved,
	[DBK_EVENT_PAYOUT_REJECTED] = &dbk_schema_payout_rejected,
	[DBK_EVENT_PAYOUT_CANCELLED] = &dbk_schema_payout_cancelled,
	[DBK_EVENT_PAYOUT_BATCHED] = &dbk_schema_payout_batched,
	[DBK_EVENT_PAYOUT_SENT] = &dbk_schema_payout_sent,
	[DBK_EVENT_PAYOUT_SETTLED] = &dbk_schema_payout_settled,
	[DBK_EVENT_PAYOUT_UNKNOWN] = &dbk_schema_payout_unknown,
	[DBK_EVENT_PAYOUT_FAILED] = &dbk_schema_payout_failed,
	[DBK_EVENT_PAYOUT_RETURNED] = &dbk_schema_payout_returned,
	[DBK_EVENT_TAX_REMITTED] = &dbk_schema_tax_remitted,
	[DBK_EVENT_RESTOCK_REQUESTED] = &dbk_schema_restock_requested,
	[DBK_EVENT_STOCK_ISSUED] = &dbk_schema_stock_issued,
	[DBK_EVENT_STOCK_TRANSFERRED] = &dbk_schema_stock_transferred,
	[DBK_EVENT_STOCK_CONSUMED] = &dbk_schema_stock_consumed,
	[DBK_EVENT_STOCK_RETURNED] = &dbk_schema_stock_returned,
	[DBK_EVENT_STOCK_COUNTED] = &dbk_schema_stock_counted,
	[DBK_EVENT_BUYBACK_REQUESTED] = &dbk_schema_buyback_requested,
	[DBK_EVENT_BUYBACK_SETTLED] = &dbk_schema_buyback_settled,
	[DBK_EVENT_CUSTODY_SCANNED] = &dbk_schema_custody_scanned,
	[DBK_EVENT_PRICE_OBSERVED] = &dbk_schema_price_observed,
	[DBK_EVENT_CLOCK_ADVANCED] = &dbk_schema_clock_advanced,
	[DBK_EVENT_PERIOD_CLOSED] = &dbk_schema_period_closed,
	[DBK_EVENT_OVERRIDE_GRANTED] = &dbk_schema_override_granted,
	[DBK_EVENT_CONTEST_OPENED] = &dbk_schema_contest_opened,
	[DBK_EVENT_CONTEST_CLOSED] = &dbk_schema_contest_closed,
	[DBK_EVENT_OBSERVATION_RECORDED] = &dbk_schema_observation_recorded,
	[DBK_EVENT_FINDING_ACKNOWLEDGED] = &dbk_schema_finding_acknowledged,
	[DBK_EVENT_FINDING_RESOLVED] = &dbk_schema_finding_resolved,
	[DBK_EVENT_SOURCE_REGISTERED] = &dbk_schema_source_registered,
	[DBK_EVENT_SOURCE_KEY_REVOKED] = &dbk_schema_source_key_revoked,
	[DBK_EVENT_SUBJECT_ERASED] = &dbk_schema_subject_erased,
	[DBK_EVENT_DIGEST_RECORDED] = &dbk_schema_digest_recorded,
};

/* The last number of each family of event.proto; they have no holes. */
static const unsigned char last_of_family[] = { 0, 8, 15, 16, 7, 11, 10, 13 };

const struct dbk_schema *
dbk_schema_find(uint32_t number)
{
	return number < sizeof taken / sizeof taken[0] ? taken[number] : NULL;
}

bool
dbk_schema_knows(uint32_t number)
{
	uint32_t family = number / 100;

	return family < sizeof last_of_family && number % 100 >= 1 &&
	       number % 100 <= last_of_family[family];
}

bool
dbk_schema_is_right(uint64_t number)
{
	if (number > UINT32_MAX)
		return false;
	/* A family is there if it has a first event. */
	return dbk_schema_knows((uint32_t)number + (number % 100 == 0));
}
