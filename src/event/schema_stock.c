#include "event/schema_table.h"

#include <daybook/limits.h>

/* 6xx: stock */

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
