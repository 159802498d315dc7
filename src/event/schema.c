#include "event/schema.h"

#include <daybook/limits.h>

/*
 * A blank is a message without any field sent: times absent, and enums that event.proto
 * reads as something else already hold it.  Decoding starts from a copy of it.
 */

enum { WIRE_VARINT = 0, WIRE_BYTES = 2 };

#define WIRE_OF_ID WIRE_BYTES
#define WIRE_OF_TEXT WIRE_BYTES
#define WIRE_OF_HASH WIRE_BYTES
#define WIRE_OF_MONEY WIRE_VARINT
#define WIRE_OF_QTY WIRE_VARINT
#define WIRE_OF_SIGNED WIRE_VARINT
#define WIRE_OF_U32 WIRE_VARINT
#define WIRE_OF_I32 WIRE_VARINT
#define WIRE_OF_BOOL WIRE_VARINT
#define WIRE_OF_ENUM WIRE_VARINT
#define WIRE_OF_TIME WIRE_BYTES
#define WIRE_OF_HOLDER WIRE_BYTES
#define WIRE_OF_TEXTS WIRE_BYTES
#define WIRE_OF_LINES WIRE_BYTES

#define ANY 0
#define REQUIRED DBK_FIELD_REQUIRED
#define POSITIVE DBK_FIELD_POSITIVE

/* What every field has: its number, its place in STRUCT_, its kind; then more. */
#define FIELD(number_, struct_, member_, kind_, marks_, ...)                           \
	[number_] = { .name = #member_,                                                \
		      .kind = DBK_FIELD_##kind_,                                       \
		      .tag = (number_) << 3 | WIRE_OF_##kind_,                         \
		      .offset = offsetof(struct struct_, member_),                     \
		      .marks = (marks_),                                               \
		      __VA_ARGS__ }
#define ONE(number_, struct_, member_, kind_, marks_)                                  \
	FIELD(number_, struct_, member_, kind_, marks_, .once = 1u << (number_))
#define UP_TO(number_, struct_, member_, kind_, marks_, max_)                          \
	FIELD(number_, struct_, member_, kind_, marks_, .once = 1u << (number_),       \
	      .max = (max_))
/* The two members of a oneof. */
#define EITHER(number_, struct_, member_, kind_, marks_, other_)                       \
	FIELD(number_, struct_, member_, kind_, marks_,                                \
	      .once = 1u << (number_) | 1u << (other_))
#define HOLDER(number_, struct_, member_, marks_)                                      \
	FIELD(number_, struct_, member_, HOLDER, marks_, .once = 1u << (number_),      \
	      .message = &dbk_schema_holder)
#define LINES(number_, struct_, member_, message_)                                     \
	FIELD(number_, struct_, member_, LINES, REQUIRED,                              \
	      .count_offset = offsetof(struct struct_, n_##member_),                   \
	      .message = &(message_))
#define TEXTS(number_, struct_, member_)                                               \
	FIELD(number_, struct_, member_, TEXTS, ANY,                                   \
	      .count_offset = offsetof(struct struct_, n_##member_))

#define SCHEMA(name_, fields_, blank_)                                                 \
	{                                                                              \
		.name = (name_), .fields = (fields_),                                  \
		.n_fields = sizeof(fields_) / sizeof(fields_)[0], .blank = &(blank_),  \
		.size = sizeof(blank_)                                                 \
	}

/* ------------------------------------------------------------------ shared parts */

static const struct dbk_schema_field holder_fields[] = {
	EITHER(1, dbk_holder, agent, ID, ANY, 2),
	EITHER(2, dbk_holder, location, ID, ANY, 1),
};
static const struct dbk_holder holder_blank = { .kind = DBK_HOLDER_SUPPLY };
const struct dbk_schema dbk_schema_holder =
    SCHEMA("Holder", holder_fields, holder_blank);

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
    SCHEMA("OrderLine", order_line_fields, order_line_blank);

static const struct dbk_schema_field stock_line_fields[] = {
	UP_TO(1, dbk_stock_line, line, U32, POSITIVE, DBK_LINE_NUMBER_MAX),
	ONE(2, dbk_stock_line, sku, ID, REQUIRED),
	ONE(3, dbk_stock_line, lot, ID, ANY),
	ONE(4, dbk_stock_line, qty, QTY, POSITIVE),
	ONE(5, dbk_stock_line, unit_price, MONEY, ANY),
};
static const struct dbk_stock_line stock_line_blank;
const struct dbk_schema dbk_schema_stock_line =
    SCHEMA("StockLine", stock_line_fields, stock_line_blank);

/* ------------------------------------------------------------ 1xx: reference data */

static const struct dbk_schema_field book_opened_fields[] = {
	ONE(1, dbk_book_opened, book, ID, REQUIRED),
	ONE(2, dbk_book_opened, currency, ID, REQUIRED),
	UP_TO(3, dbk_book_opened, exponent, U32, ANY, DBK_EXPONENT_MAX),
	UP_TO(4, dbk_book_opened, utc_offset_minutes, I32, ANY,
	      DBK_UTC_OFFSET_MINUTES_MAX),
	UP_TO(5, dbk_book_opened, semantics, U32, ANY, DBK_SEMANTICS_MAX),
};
static const struct dbk_book_opened book_opened_blank;
static const struct dbk_schema book_opened =
    SCHEMA("BookOpened", book_opened_fields, book_opened_blank);

static const struct dbk_schema_field sku_defined_fields[] = {
	ONE(1, dbk_sku_defined, sku, ID, REQUIRED),
	UP_TO(2, dbk_sku_defined, revision, U32, ANY, UINT32_MAX),
	ONE(3, dbk_sku_defined, list_price, MONEY, ANY),
	UP_TO(4, dbk_sku_defined, tax_ppm, U32, ANY, DBK_PPM_MAX),
	ONE(5, dbk_sku_defined, factory_price, MONEY, ANY),
	TEXTS(6, dbk_sku_defined, documents),
	UP_TO(7, dbk_sku_defined, return_window_days, U32, ANY,
	      DBK_RETURN_WINDOW_DAYS_MAX),
	ONE(8, dbk_sku_defined, not_commissionable, BOOL, ANY),
	ONE(9, dbk_sku_defined, superseded_by, ID, ANY),
	ONE(10, dbk_sku_defined, category, ID, ANY),
	ONE(11, dbk_sku_defined, producer, ID, ANY),
};
static const struct dbk_sku_defined sku_defined_blank;
static const struct dbk_schema sku_defined =
    SCHEMA("SkuDefined", sku_defined_fields, sku_defined_blank);

static const struct dbk_schema_field lot_registered_fields[] = {
	ONE(1, dbk_lot_registered, lot, ID, REQUIRED),
	ONE(2, dbk_lot_registered, sku, ID, REQUIRED),
	ONE(3, dbk_lot_registered, qty, QTY, POSITIVE),
	ONE(4, dbk_lot_registered, made_on, TIME, ANY),
	ONE(5, dbk_lot_registered, expires_on, TIME, ANY),
	ONE(6, dbk_lot_registered, serial_from, ID, ANY),
	ONE(7, dbk_lot_registered, serial_to, ID, ANY),
	ONE(8, dbk_lot_registered, intended_region, ID, ANY),
	HOLDER(9, dbk_lot_registered, custodian, ANY),
};
static const struct dbk_lot_registered lot_registered_blank = {
	.made_on = DBK_TIME_ABSENT,
	.expires_on = DBK_TIME_ABSENT,
};
static const struct dbk_schema lot_registered =
    SCHEMA("LotRegistered", lot_registered_fields, lot_registered_blank);

/* --------------------------------------------------------------- 2xx: the network */

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
static const struct dbk_schema agent_enrolled =
    SCHEMA("AgentEnrolled", agent_enrolled_fields, agent_enrolled_blank);

static const struct dbk_schema_field agent_verified_fields[] = {
	ONE(1, dbk_agent_verified, agent, ID, REQUIRED),
	UP_TO(2, dbk_agent_verified, revision, U32, ANY, UINT32_MAX),
	ONE(3, dbk_agent_verified, id_hash, HASH, ANY),
	ONE(4, dbk_agent_verified, payee_hash, HASH, ANY),
	ONE(5, dbk_agent_verified, device_hash, HASH, ANY),
	ONE(6, dbk_agent_verified, address_hash, HASH, ANY),
};
static const struct dbk_agent_verified agent_verified_blank;
static const struct dbk_schema agent_verified =
    SCHEMA("AgentVerified", agent_verified_fields, agent_verified_blank);

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
static const struct dbk_schema sponsor_changed =
    SCHEMA("SponsorChanged", sponsor_changed_fields, sponsor_changed_blank);

static const struct dbk_schema_field rank_changed_fields[] = {
	ONE(1, dbk_rank_changed, agent, ID, REQUIRED),
	ONE(2, dbk_rank_changed, period, ID, REQUIRED),
	ONE(3, dbk_rank_changed, old_rank, ID, ANY),
	ONE(4, dbk_rank_changed, new_rank, ID, ANY),
	ONE(5, dbk_rank_changed, metric, ID, ANY),
	ONE(6, dbk_rank_changed, value, SIGNED, ANY),
};
static const struct dbk_rank_changed rank_changed_blank;
static const struct dbk_schema rank_changed =
    SCHEMA("RankChanged", rank_changed_fields, rank_changed_blank);

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
static const struct dbk_schema agent_suspended =
    SCHEMA("AgentSuspended", agent_step_fields, agent_step_blank);
static const struct dbk_schema agent_reinstated =
    SCHEMA("AgentReinstated", agent_step_fields, agent_step_blank);
static const struct dbk_schema agent_terminated =
    SCHEMA("AgentTerminated", agent_terminated_fields, agent_step_blank);

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
static const struct dbk_schema customer_bound =
    SCHEMA("CustomerBound", customer_bound_fields, customer_bound_blank);

static const struct dbk_schema_field customer_unbound_fields[] = {
	ONE(1, dbk_customer_unbound, binding, ID, REQUIRED),
	ONE(2, dbk_customer_unbound, customer, ID, REQUIRED),
	ONE(3, dbk_customer_unbound, reason, TEXT, ANY),
};
static const struct dbk_customer_unbound customer_unbound_blank;
static const struct dbk_schema customer_unbound =
    SCHEMA("CustomerUnbound", customer_unbound_fields, customer_unbound_blank);

static const struct dbk_schema_field referral_recorded_fields[] = {
	ONE(1, dbk_referral_recorded, referral, ID, REQUIRED),
	EITHER(2, dbk_referral_recorded, referrer_agent, ID, ANY, 3),
	EITHER(3, dbk_referral_recorded, referrer_customer, ID, ANY, 2),
	EITHER(4, dbk_referral_recorded, referred_agent, ID, ANY, 5),
	EITHER(5, dbk_referral_recorded, referred_customer, ID, ANY, 4),
	ONE(6, dbk_referral_recorded, campaign, ID, ANY),
};
static const struct dbk_referral_recorded referral_recorded_blank;
static const struct dbk_schema referral_recorded =
    SCHEMA("ReferralRecorded", referral_recorded_fields, referral_recorded_blank);

/* ------------------------------------------------------------------- 3xx: trade */

/* OrderPlaced is SaleRecorded without payment and delivery. */
#define SALE_TERMS                                                                     \
	ONE(1, dbk_sale, order, ID, REQUIRED),                                         \
	    UP_TO(2, dbk_sale, kind, ENUM, ANY, DBK_ORDER_SAMPLE),                     \
	    ONE(3, dbk_sale, seller, ID, ANY), ONE(4, dbk_sale, buyer, ID, ANY),       \
	    ONE(5, dbk_sale, channel, ID, ANY), ONE(6, dbk_sale, region, ID, ANY),     \
	    UP_TO(7, dbk_sale, fulfilment, ENUM, ANY, DBK_STORE_PICKUP),               \
	    LINES(8, dbk_sale, lines, dbk_schema_order_line),                          \
	    ONE(9, dbk_sale, shipping, MONEY, ANY)
#define SALE_PARTIES                                                                   \
	HOLDER(15, dbk_sale, ship_from, ANY), ONE(16, dbk_sale, campaign, ID, ANY),    \
	    ONE(17, dbk_sale, buyer_device_hash, HASH, ANY),                           \
	    ONE(18, dbk_sale, buyer_address_hash, HASH, ANY),                          \
	    ONE(19, dbk_sale, buyer_payee_hash, HASH, ANY)

static const struct dbk_schema_field sale_recorded_fields[] = {
	SALE_TERMS,
	ONE(10, dbk_sale, paid, MONEY, POSITIVE),
	ONE(11, dbk_sale, paid_by_balance, MONEY, ANY),
	ONE(12, dbk_sale, psp, ID, ANY),
	ONE(13, dbk_sale, psp_txn, ID, ANY),
	ONE(14, dbk_sale, delivered_at, TIME, ANY),
	SALE_PARTIES,
};
static const struct dbk_schema_field order_placed_fields[] = { SALE_TERMS,
							       SALE_PARTIES };
static const struct dbk_sale sale_blank = {
	.kind = DBK_ORDER_RETAIL,
	.fulfilment = DBK_BRAND_SHIP,
	.delivered_at = DBK_TIME_ABSENT,
};
static const struct dbk_schema sale_recorded =
    SCHEMA("SaleRecorded", sale_recorded_fields, sale_blank);
static const struct dbk_schema order_placed =
    SCHEMA("OrderPlaced", order_placed_fields, sale_blank);

static const struct dbk_schema_field order_cancelled_fields[] = {
	ONE(1, dbk_order_cancelled, order, ID, REQUIRED),
	ONE(2, dbk_order_cancelled, reason, TEXT, ANY),
};
static const struct dbk_order_cancelled order_cancelled_blank;
static const struct dbk_schema order_cancelled =
    SCHEMA("OrderCancelled", order_cancelled_fields, order_cancelled_blank);

static const struct dbk_schema_field order_paid_fields[] = {
	ONE(1, dbk_order_paid, order, ID, REQUIRED),
	ONE(2, dbk_order_paid, psp, ID, REQUIRED),
	ONE(3, dbk_order_paid, psp_txn, ID, REQUIRED),
	ONE(4, dbk_order_paid, amount, MONEY, POSITIVE),
	ONE(5, dbk_order_paid, paid_by_balance, MONEY, ANY),
	ONE(6, dbk_order_paid, payer_hash, HASH, ANY),
};
static const struct dbk_order_paid order_paid_blank;
static const struct dbk_schema order_paid =
    SCHEMA("OrderPaid", order_paid_fields, order_paid_blank);

static const struct dbk_schema_field psp_settled_fields[] = {
	ONE(1, dbk_psp_settled, psp, ID, REQUIRED),
	ONE(2, dbk_psp_settled, batch, ID, REQUIRED),
	ONE(3, dbk_psp_settled, gross, MONEY, ANY),
	ONE(4, dbk_psp_settled, fee, MONEY, ANY),
};
static const struct dbk_psp_settled psp_settled_blank;
static const struct dbk_schema psp_settled =
    SCHEMA("PspSettled", psp_settled_fields, psp_settled_blank);

static const struct dbk_schema_field goods_shipped_fields[] = {
	ONE(1, dbk_goods_shipped, order, ID, REQUIRED),
	ONE(2, dbk_goods_shipped, shipment, ID, REQUIRED),
	UP_TO(3, dbk_goods_shipped, line, U32, POSITIVE, DBK_LINE_NUMBER_MAX),
	HOLDER(4, dbk_goods_shipped, holder, ANY),
	ONE(5, dbk_goods_shipped, lot, ID, ANY),
	ONE(6, dbk_goods_shipped, qty, QTY, POSITIVE),
	ONE(7, dbk_goods_shipped, carrier, ID, ANY),
	ONE(8, dbk_goods_shipped, tracking, TEXT, ANY),
};
static const struct dbk_goods_shipped goods_shipped_blank;
static const struct dbk_schema goods_shipped =
    SCHEMA("GoodsShipped", goods_shipped_fields, goods_shipped_blank);

#define RECEIPT_METHOD_LAST 4 /* STORE */

static const struct dbk_schema_field receipt_confirmed_fields[] = {
	ONE(1, dbk_receipt_confirmed, order, ID, REQUIRED),
	UP_TO(2, dbk_receipt_confirmed, line, U32, ANY, DBK_LINE_NUMBER_MAX),
	UP_TO(3, dbk_receipt_confirmed, method, ENUM, ANY, RECEIPT_METHOD_LAST),
};
static const struct dbk_receipt_confirmed receipt_confirmed_blank;
static const struct dbk_schema receipt_confirmed =
    SCHEMA("ReceiptConfirmed", receipt_confirmed_fields, receipt_confirmed_blank);

#define REFUND_TERMS                                                                   \
	ONE(1, dbk_refund_step, refund, ID, REQUIRED),                                 \
	    ONE(2, dbk_refund_step, order, ID, REQUIRED),                              \
	    UP_TO(3, dbk_refund_step, line, U32, ANY, DBK_LINE_NUMBER_MAX),            \
	    ONE(4, dbk_refund_step, amount, MONEY, ANY),                               \
	    ONE(5, dbk_refund_step, qty, QTY, ANY)

static const struct dbk_schema_field refund_requested_fields[] = {
	REFUND_TERMS,
	ONE(6, dbk_refund_step, reason, TEXT, ANY),
};
static const struct dbk_schema_field refund_rejected_fields[] = {
	ONE(1, dbk_refund_step, refund, ID, REQUIRED),
	ONE(2, dbk_refund_step, reason, TEXT, ANY),
};
static const struct dbk_schema_field refund_approved_fields[] = {
	REFUND_TERMS,
	HOLDER(6, dbk_refund_step, restock_to, ANY),
	ONE(7, dbk_refund_step, reason, TEXT, ANY),
};
static const struct dbk_refund_step refund_step_blank;
static const struct dbk_schema refund_requested =
    SCHEMA("RefundRequested", refund_requested_fields, refund_step_blank);
static const struct dbk_schema refund_rejected =
    SCHEMA("RefundRejected", refund_rejected_fields, refund_step_blank);
static const struct dbk_schema refund_approved =
    SCHEMA("RefundApproved", refund_approved_fields, refund_step_blank);

static const struct dbk_schema_field refund_paid_fields[] = {
	ONE(1, dbk_refund_paid, refund, ID, REQUIRED),
	ONE(2, dbk_refund_paid, psp, ID, REQUIRED),
	ONE(3, dbk_refund_paid, psp_ref, ID, REQUIRED),
};
static const struct dbk_refund_paid refund_paid_blank;
static const struct dbk_schema refund_paid =
    SCHEMA("RefundPaid", refund_paid_fields, refund_paid_blank);

/* ------------------------------------------------------------------- 6xx: stock */

static const struct dbk_schema_field stock_issued_fields[] = {
	ONE(1, dbk_stock_issued, transfer, ID, REQUIRED),
	HOLDER(2, dbk_stock_issued, from, ANY),
	HOLDER(3, dbk_stock_issued, to, REQUIRED),
	UP_TO(4, dbk_stock_issued, place, ENUM, ANY, DBK_PLACE_CLOUD),
	LINES(5, dbk_stock_issued, lines, dbk_schema_stock_line),
	ONE(6, dbk_stock_issued, paid, MONEY, ANY),
	ONE(7, dbk_stock_issued, psp, ID, ANY),
	ONE(8, dbk_stock_issued, psp_txn, ID, ANY),
	ONE(9, dbk_stock_issued, channel, ID, ANY),
	ONE(10, dbk_stock_issued, order, ID, ANY),
};
static const struct dbk_stock_issued stock_issued_blank = {
	.place = DBK_PLACE_PHYSICAL,
};
static const struct dbk_schema stock_issued =
    SCHEMA("StockIssued", stock_issued_fields, stock_issued_blank);

static const struct dbk_schema_field stock_transferred_fields[] = {
	ONE(1, dbk_stock_transferred, transfer, ID, REQUIRED),
	HOLDER(2, dbk_stock_transferred, from, ANY),
	HOLDER(3, dbk_stock_transferred, to, ANY),
	UP_TO(4, dbk_stock_transferred, from_place, ENUM, ANY, DBK_PLACE_CLOUD),
	UP_TO(5, dbk_stock_transferred, to_place, ENUM, ANY, DBK_PLACE_CLOUD),
	LINES(6, dbk_stock_transferred, lines, dbk_schema_stock_line),
};
static const struct dbk_stock_transferred stock_transferred_blank = {
	.from_place = DBK_PLACE_PHYSICAL,
	.to_place = DBK_PLACE_PHYSICAL,
};
static const struct dbk_schema stock_transferred =
    SCHEMA("StockTransferred", stock_transferred_fields, stock_transferred_blank);

static const struct dbk_schema_field stock_consumed_fields[] = {
	ONE(1, dbk_stock_consumed, document, ID, REQUIRED),
	HOLDER(2, dbk_stock_consumed, holder, ANY),
	UP_TO(3, dbk_stock_consumed, place, ENUM, ANY, DBK_PLACE_CLOUD),
	UP_TO(4, dbk_stock_consumed, kind, ENUM, REQUIRED, DBK_CONSUMED_LOSS),
	LINES(5, dbk_stock_consumed, lines, dbk_schema_stock_line),
	ONE(6, dbk_stock_consumed, order, ID, ANY),
	ONE(7, dbk_stock_consumed, reason, TEXT, ANY),
};
static const struct dbk_stock_consumed stock_consumed_blank = {
	.place = DBK_PLACE_PHYSICAL,
};
static const struct dbk_schema stock_consumed =
    SCHEMA("StockConsumed", stock_consumed_fields, stock_consumed_blank);

static const struct dbk_schema_field stock_returned_fields[] = {
	ONE(1, dbk_stock_returned, document, ID, REQUIRED),
	ONE(2, dbk_stock_returned, agent, ID, REQUIRED),
	UP_TO(3, dbk_stock_returned, place, ENUM, ANY, DBK_PLACE_CLOUD),
	HOLDER(4, dbk_stock_returned, to, ANY),
	LINES(5, dbk_stock_returned, lines, dbk_schema_stock_line),
	ONE(6, dbk_stock_returned, reason, TEXT, ANY),
};
static const struct dbk_stock_returned stock_returned_blank = {
	.place = DBK_PLACE_PHYSICAL,
};
static const struct dbk_schema stock_returned =
    SCHEMA("StockReturned", stock_returned_fields, stock_returned_blank);

static const struct dbk_schema_field stock_counted_fields[] = {
	ONE(1, dbk_stock_counted, count, ID, REQUIRED),
	UP_TO(2, dbk_stock_counted, line, U32, POSITIVE, DBK_LINE_NUMBER_MAX),
	HOLDER(3, dbk_stock_counted, holder, ANY),
	UP_TO(4, dbk_stock_counted, place, ENUM, ANY, DBK_PLACE_CLOUD),
	ONE(5, dbk_stock_counted, sku, ID, REQUIRED),
	ONE(6, dbk_stock_counted, lot, ID, ANY),
	ONE(7, dbk_stock_counted, counted, QTY, ANY),
};
static const struct dbk_stock_counted stock_counted_blank = {
	.place = DBK_PLACE_PHYSICAL,
};
static const struct dbk_schema stock_counted =
    SCHEMA("StockCounted", stock_counted_fields, stock_counted_blank);

/* ----------------------------------------------------------------- 7xx: control */

static const struct dbk_schema clock_advanced = { .name = "ClockAdvanced" };

/* ---------------------------------------------------------------- the whole body */

static const struct dbk_schema *const taken[] = {
	[DBK_EVENT_BOOK_OPENED] = &book_opened,
	[DBK_EVENT_SKU_DEFINED] = &sku_defined,
	[DBK_EVENT_LOT_REGISTERED] = &lot_registered,
	[DBK_EVENT_AGENT_ENROLLED] = &agent_enrolled,
	[DBK_EVENT_AGENT_VERIFIED] = &agent_verified,
	[DBK_EVENT_SPONSOR_CHANGED] = &sponsor_changed,
	[DBK_EVENT_RANK_CHANGED] = &rank_changed,
	[DBK_EVENT_AGENT_SUSPENDED] = &agent_suspended,
	[DBK_EVENT_AGENT_REINSTATED] = &agent_reinstated,
	[DBK_EVENT_AGENT_TERMINATED] = &agent_terminated,
	[DBK_EVENT_CUSTOMER_BOUND] = &customer_bound,
	[DBK_EVENT_CUSTOMER_UNBOUND] = &customer_unbound,
	[DBK_EVENT_REFERRAL_RECORDED] = &referral_recorded,
	[DBK_EVENT_SALE_RECORDED] = &sale_recorded,
	[DBK_EVENT_ORDER_PLACED] = &order_placed,
	[DBK_EVENT_ORDER_CANCELLED] = &order_cancelled,
	[DBK_EVENT_ORDER_PAID] = &order_paid,
	[DBK_EVENT_PSP_SETTLED] = &psp_settled,
	[DBK_EVENT_GOODS_SHIPPED] = &goods_shipped,
	[DBK_EVENT_RECEIPT_CONFIRMED] = &receipt_confirmed,
	[DBK_EVENT_REFUND_REQUESTED] = &refund_requested,
	[DBK_EVENT_REFUND_REJECTED] = &refund_rejected,
	[DBK_EVENT_REFUND_APPROVED] = &refund_approved,
	[DBK_EVENT_REFUND_PAID] = &refund_paid,
	[DBK_EVENT_STOCK_ISSUED] = &stock_issued,
	[DBK_EVENT_STOCK_TRANSFERRED] = &stock_transferred,
	[DBK_EVENT_STOCK_CONSUMED] = &stock_consumed,
	[DBK_EVENT_STOCK_RETURNED] = &stock_returned,
	[DBK_EVENT_STOCK_COUNTED] = &stock_counted,
	[DBK_EVENT_CLOCK_ADVANCED] = &clock_advanced,
};

/* The last number of each family of event.proto; they have no holes. */
static const unsigned char last_of_family[] = { 0, 8, 15, 16, 7, 11, 10, 12 };

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
