#include "event/schema_table.h"

#include <daybook/limits.h>

/* 6xx: stock */

static const struct dbk_schema_field restock_requested_fields[] = {
	ONE(1, dbk_restock_requested, request, ID, REQUIRED),
	ONE(2, dbk_restock_requested, agent, ID, REQUIRED),
	ONE(3, dbk_restock_requested, sku, ID, REQUIRED),
	ONE(4, dbk_restock_requested, qty, QTY, POSITIVE),
	ONE(5, dbk_restock_requested, unit_price, MONEY, ANY),
	UP_TO(6, dbk_restock_requested, place, ENUM, ANY, DBK_PLACE_CLOUD),
};
static const struct dbk_restock_requested restock_requested_blank = {
	.place = DBK_PLACE_PHYSICAL,
};
const struct dbk_schema dbk_schema_restock_requested =
    SCHEMA("RestockRequested", restock_requested_fields, restock_requested_blank,
	   N(1) | N(2) | N(3) | N(4));

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
const struct dbk_schema dbk_schema_stock_issued =
    SCHEMA("StockIssued", stock_issued_fields, stock_issued_blank, N(1) | N(3) | N(5));

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
const struct dbk_schema dbk_schema_stock_transferred = SCHEMA(
    "StockTransferred", stock_transferred_fields, stock_transferred_blank, N(1) | N(6));

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
const struct dbk_schema dbk_schema_stock_consumed = SCHEMA(
    "StockConsumed", stock_consumed_fields, stock_consumed_blank, N(1) | N(4) | N(5));

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
const struct dbk_schema dbk_schema_stock_returned = SCHEMA(
    "StockReturned", stock_returned_fields, stock_returned_blank, N(1) | N(2) | N(5));

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
const struct dbk_schema dbk_schema_stock_counted = SCHEMA(
    "StockCounted", stock_counted_fields, stock_counted_blank, N(1) | N(2) | N(5));

static const struct dbk_schema_field buyback_requested_fields[] = {
	ONE(1, dbk_buyback_requested, request, ID, REQUIRED),
	ONE(2, dbk_buyback_requested, agent, ID, REQUIRED),
	ONE(3, dbk_buyback_requested, sku, ID, REQUIRED),
	ONE(4, dbk_buyback_requested, lot, ID, ANY),
	ONE(5, dbk_buyback_requested, qty, QTY, POSITIVE),
};
static const struct dbk_buyback_requested buyback_requested_blank;
const struct dbk_schema dbk_schema_buyback_requested =
    SCHEMA("BuybackRequested", buyback_requested_fields, buyback_requested_blank,
	   N(1) | N(2) | N(3) | N(5));

static const struct dbk_schema_field buyback_settled_fields[] = {
	ONE(1, dbk_buyback_settled, document, ID, REQUIRED),
	ONE(2, dbk_buyback_settled, request, ID, ANY),
	ONE(3, dbk_buyback_settled, agent, ID, REQUIRED),
	ONE(4, dbk_buyback_settled, sku, ID, REQUIRED),
	ONE(5, dbk_buyback_settled, lot, ID, ANY),
	ONE(6, dbk_buyback_settled, qty, QTY, POSITIVE),
	ONE(7, dbk_buyback_settled, unit_price_paid, MONEY, ANY),
	UP_TO(8, dbk_buyback_settled, price_ppm, U32, ANY, DBK_PPM_MAX),
	ONE(9, dbk_buyback_settled, deductions, MONEY, ANY),
	ONE(10, dbk_buyback_settled, amount, MONEY, ANY),
	ONE(11, dbk_buyback_settled, order, ID, ANY),
	UP_TO(12, dbk_buyback_settled, line, U32, ANY, DBK_LINE_NUMBER_MAX),
};
static const struct dbk_buyback_settled buyback_settled_blank;
const struct dbk_schema dbk_schema_buyback_settled =
    SCHEMA("BuybackSettled", buyback_settled_fields, buyback_settled_blank,
	   N(1) | N(3) | N(4) | N(6));

static const struct dbk_schema_field custody_scanned_fields[] = {
	ONE(1, dbk_custody_scanned, scan, ID, REQUIRED),
	ONE(2, dbk_custody_scanned, lot, ID, ANY),
	ONE(3, dbk_custody_scanned, serial, ID, ANY),
	ONE(4, dbk_custody_scanned, region, ID, ANY),
	ONE(5, dbk_custody_scanned, actor_class, ID, ANY),
	ONE(6, dbk_custody_scanned, claimed_seller, ID, ANY),
	ONE(7, dbk_custody_scanned, seal_broken, BOOL, ANY),
};
static const struct dbk_custody_scanned custody_scanned_blank;
const struct dbk_schema dbk_schema_custody_scanned =
    SCHEMA("CustodyScanned", custody_scanned_fields, custody_scanned_blank, N(1));

static const struct dbk_schema_field price_observed_fields[] = {
	ONE(1, dbk_price_observed, observation, ID, REQUIRED),
	ONE(2, dbk_price_observed, sku, ID, REQUIRED),
	HOLDER(3, dbk_price_observed, holder, ANY),
	ONE(4, dbk_price_observed, channel, ID, ANY),
	ONE(5, dbk_price_observed, price, MONEY, POSITIVE),
	ONE(6, dbk_price_observed, evidence_hash, HASH, ANY),
};
static const struct dbk_price_observed price_observed_blank;
const struct dbk_schema dbk_schema_price_observed = SCHEMA(
    "PriceObserved", price_observed_fields, price_observed_blank, N(1) | N(2) | N(5));
