#include "event/schema_table.h"

#include <daybook/limits.h>

/* 3xx: trade */

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
	    ONE(19, dbk_sale, buyer_payee_hash, HASH, ANY),                            \
	    PARTS(20, dbk_sale, attributions, ANY, dbk_schema_attribution,             \
		  DBK_ATTRIBUTIONS_MAX),                                               \
	    ONE(21, dbk_sale, request, ID, ANY)

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
const struct dbk_schema dbk_schema_sale_recorded =
    SCHEMA("SaleRecorded", sale_recorded_fields, sale_blank, N(1) | N(8) | N(10));
const struct dbk_schema dbk_schema_order_placed =
    SCHEMA("OrderPlaced", order_placed_fields, sale_blank, N(1) | N(8));

static const struct dbk_schema_field order_cancelled_fields[] = {
	ONE(1, dbk_order_cancelled, order, ID, REQUIRED),
	ONE(2, dbk_order_cancelled, reason, TEXT, ANY),
};
static const struct dbk_order_cancelled order_cancelled_blank;
const struct dbk_schema dbk_schema_order_cancelled =
    SCHEMA("OrderCancelled", order_cancelled_fields, order_cancelled_blank, N(1));

static const struct dbk_schema_field order_paid_fields[] = {
	ONE(1, dbk_order_paid, order, ID, REQUIRED),
	ONE(2, dbk_order_paid, psp, ID, REQUIRED),
	ONE(3, dbk_order_paid, psp_txn, ID, REQUIRED),
	ONE(4, dbk_order_paid, amount, MONEY, POSITIVE),
	ONE(5, dbk_order_paid, paid_by_balance, MONEY, ANY),
	ONE(6, dbk_order_paid, payer_hash, HASH, ANY),
};
static const struct dbk_order_paid order_paid_blank;
const struct dbk_schema dbk_schema_order_paid =
    SCHEMA("OrderPaid", order_paid_fields, order_paid_blank, N(1) | N(2) | N(3) | N(4));

static const struct dbk_schema_field psp_settled_fields[] = {
	ONE(1, dbk_psp_settled, psp, ID, REQUIRED),
	ONE(2, dbk_psp_settled, batch, ID, REQUIRED),
	ONE(3, dbk_psp_settled, gross, MONEY, ANY),
	ONE(4, dbk_psp_settled, fee, MONEY, ANY),
};
static const struct dbk_psp_settled psp_settled_blank;
const struct dbk_schema dbk_schema_psp_settled =
    SCHEMA("PspSettled", psp_settled_fields, psp_settled_blank, N(1) | N(2));

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
const struct dbk_schema dbk_schema_goods_shipped =
    SCHEMA("GoodsShipped", goods_shipped_fields, goods_shipped_blank,
	   N(1) | N(2) | N(3) | N(6));

#define RECEIPT_METHOD_LAST 4 /* STORE */

static const struct dbk_schema_field receipt_confirmed_fields[] = {
	ONE(1, dbk_receipt_confirmed, order, ID, REQUIRED),
	UP_TO(2, dbk_receipt_confirmed, line, U32, ANY, DBK_LINE_NUMBER_MAX),
	UP_TO(3, dbk_receipt_confirmed, method, ENUM, ANY, RECEIPT_METHOD_LAST),
};
static const struct dbk_receipt_confirmed receipt_confirmed_blank;
const struct dbk_schema dbk_schema_receipt_confirmed =
    SCHEMA("ReceiptConfirmed", receipt_confirmed_fields, receipt_confirmed_blank, N(1));

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
const struct dbk_schema dbk_schema_refund_requested =
    SCHEMA("RefundRequested", refund_requested_fields, refund_step_blank, N(1) | N(2));
const struct dbk_schema dbk_schema_refund_rejected =
    SCHEMA("RefundRejected", refund_rejected_fields, refund_step_blank, N(1));
const struct dbk_schema dbk_schema_refund_approved =
    SCHEMA("RefundApproved", refund_approved_fields, refund_step_blank, N(1) | N(2));

static const struct dbk_schema_field refund_paid_fields[] = {
	ONE(1, dbk_refund_paid, refund, ID, REQUIRED),
	ONE(2, dbk_refund_paid, psp, ID, REQUIRED),
	ONE(3, dbk_refund_paid, psp_ref, ID, REQUIRED),
};
static const struct dbk_refund_paid refund_paid_blank;
const struct dbk_schema dbk_schema_refund_paid =
    SCHEMA("RefundPaid", refund_paid_fields, refund_paid_blank, N(1) | N(2) | N(3));

static const struct dbk_schema_field chargeback_opened_fields[] = {
	ONE(1, dbk_chargeback_step, chargeback, ID, REQUIRED),
	ONE(2, dbk_chargeback_step, order, ID, REQUIRED),
	ONE(3, dbk_chargeback_step, amount, MONEY, POSITIVE),
	ONE(4, dbk_chargeback_step, psp, ID, REQUIRED),
};
static const struct dbk_schema_field chargeback_ended_fields[] = {
	ONE(1, dbk_chargeback_step, chargeback, ID, REQUIRED),
};
static const struct dbk_chargeback_step chargeback_blank;
const struct dbk_schema dbk_schema_chargeback_opened =
    SCHEMA("ChargebackOpened", chargeback_opened_fields, chargeback_blank,
	   N(1) | N(2) | N(3) | N(4));
const struct dbk_schema dbk_schema_chargeback_won =
    SCHEMA("ChargebackWon", chargeback_ended_fields, chargeback_blank, N(1));
const struct dbk_schema dbk_schema_chargeback_lost =
    SCHEMA("ChargebackLost", chargeback_ended_fields, chargeback_blank, N(1));

#define FLAG_NAMES                                                                     \
	ONE(1, dbk_order_flag, order, ID, REQUIRED),                                   \
	    ONE(2, dbk_order_flag, rule, ID, REQUIRED),                                \
	    UP_TO(3, dbk_order_flag, revision, U32, ANY, UINT32_MAX)

static const struct dbk_schema_field order_flagged_fields[] = {
	FLAG_NAMES,
	NUMBERS(4, dbk_order_flag, evidence, DBK_EVIDENCE_MAX),
};
static const struct dbk_schema_field order_cleared_fields[] = {
	FLAG_NAMES,
	ONE(4, dbk_order_flag, approver, ID, ANY),
	ONE(5, dbk_order_flag, reason, TEXT, ANY),
};
static const struct dbk_order_flag order_flag_blank;
const struct dbk_schema dbk_schema_order_flagged =
    SCHEMA("OrderFlagged", order_flagged_fields, order_flag_blank, N(1) | N(2));
const struct dbk_schema dbk_schema_order_cleared =
    SCHEMA("OrderCleared", order_cleared_fields, order_flag_blank, N(1) | N(2));
