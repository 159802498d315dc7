#include "event/schema_table.h"

#include <daybook/limits.h>

/* 1xx: reference data */

static const struct dbk_schema_field book_opened_fields[] = {
	ONE(1, dbk_book_opened, book, ID, REQUIRED),
	ONE(2, dbk_book_opened, currency, ID, REQUIRED),
	UP_TO(3, dbk_book_opened, exponent, U32, ANY, DBK_EXPONENT_MAX),
	UP_TO(4, dbk_book_opened, utc_offset_minutes, I32, ANY,
	      DBK_UTC_OFFSET_MINUTES_MAX),
	UP_TO(5, dbk_book_opened, semantics, U32, ANY, DBK_SEMANTICS_MAX),
};
static const struct dbk_book_opened book_opened_blank;
const struct dbk_schema dbk_schema_book_opened =
    SCHEMA("BookOpened", book_opened_fields, book_opened_blank, N(1) | N(2));

static const struct dbk_schema_field sku_defined_fields[] = {
	ONE(1, dbk_sku_defined, sku, ID, REQUIRED),
	UP_TO(2, dbk_sku_defined, revision, U32, ANY, UINT32_MAX),
	ONE(3, dbk_sku_defined, list_price, MONEY, ANY),
	UP_TO(4, dbk_sku_defined, tax_ppm, U32, ANY, DBK_PPM_MAX),
	ONE(5, dbk_sku_defined, factory_price, MONEY, ANY),
	TEXTS(6, dbk_sku_defined, documents, DBK_REPEATED_MAX),
	UP_TO(7, dbk_sku_defined, return_window_days, U32, ANY,
	      DBK_RETURN_WINDOW_DAYS_MAX),
	ONE(8, dbk_sku_defined, not_commissionable, BOOL, ANY),
	ONE(9, dbk_sku_defined, superseded_by, ID, ANY),
	ONE(10, dbk_sku_defined, category, ID, ANY),
	ONE(11, dbk_sku_defined, producer, ID, ANY),
};
static const struct dbk_sku_defined sku_defined_blank;
const struct dbk_schema dbk_schema_sku_defined =
    SCHEMA("SkuDefined", sku_defined_fields, sku_defined_blank, N(1));

static const struct dbk_schema_field price_band_set_fields[] = {
	ONE(1, dbk_price_band_set, band, ID, REQUIRED),
	UP_TO(2, dbk_price_band_set, revision, U32, POSITIVE, UINT32_MAX),
	ONE(3, dbk_price_band_set, sku, ID, ANY),
	ONE(4, dbk_price_band_set, channel, ID, ANY),
	ONE(5, dbk_price_band_set, region, ID, ANY),
	ONE(6, dbk_price_band_set, rank, ID, ANY),
	ONE(7, dbk_price_band_set, min_price, MONEY, ANY),
	ONE(8, dbk_price_band_set, max_price, MONEY, ANY),
	UP_TO(9, dbk_price_band_set, mode, ENUM, ANY, DBK_GUARD_REFUSE),
	ONE(10, dbk_price_band_set, valid_from, TIME, ANY),
};
static const struct dbk_price_band_set price_band_set_blank = {
	.mode = DBK_GUARD_OFF,
	.valid_from = DBK_TIME_ABSENT,
};
const struct dbk_schema dbk_schema_price_band_set =
    SCHEMA("PriceBandSet", price_band_set_fields, price_band_set_blank, N(1) | N(2));

static const struct dbk_schema_field plan_published_fields[] = {
	ONE(1, dbk_plan_published, plan, ID, REQUIRED),
	UP_TO(2, dbk_plan_published, version, U32, POSITIVE, UINT32_MAX),
	ONE(3, dbk_plan_published, valid_from, TIME, ANY),
	ONE(4, dbk_plan_published, valid_to, TIME, ANY),
	PARTS(5, dbk_plan_published, parameters, ANY, dbk_schema_parameter,
	      DBK_PARAMETERS_MAX),
	ONE(6, dbk_plan_published, approver, ID, ANY),
};
static const struct dbk_plan_published plan_published_blank = {
	.valid_from = DBK_TIME_ABSENT,
	.valid_to = DBK_TIME_ABSENT,
};
const struct dbk_schema dbk_schema_plan_published =
    SCHEMA("PlanPublished", plan_published_fields, plan_published_blank, N(1) | N(2));

static const struct dbk_schema_field guard_set_published_fields[] = {
	ONE(1, dbk_guard_set_published, guard_set, ID, REQUIRED),
	UP_TO(2, dbk_guard_set_published, version, U32, POSITIVE, UINT32_MAX),
	ONE(3, dbk_guard_set_published, valid_from, TIME, ANY),
	PARTS(4, dbk_guard_set_published, parameters, ANY, dbk_schema_parameter,
	      DBK_PARAMETERS_MAX),
	ONE(5, dbk_guard_set_published, approver, ID, ANY),
};
static const struct dbk_guard_set_published guard_set_published_blank = {
	.valid_from = DBK_TIME_ABSENT,
};
const struct dbk_schema dbk_schema_guard_set_published =
    SCHEMA("GuardSetPublished", guard_set_published_fields, guard_set_published_blank,
	   N(1) | N(2));

static const struct dbk_schema_field territory_assigned_fields[] = {
	ONE(1, dbk_territory_assigned, assignment, ID, REQUIRED),
	ONE(2, dbk_territory_assigned, agent, ID, REQUIRED),
	ONE(3, dbk_territory_assigned, region, ID, REQUIRED),
	ONE(4, dbk_territory_assigned, channel, ID, ANY),
	ONE(5, dbk_territory_assigned, exclusive, BOOL, ANY),
	ONE(6, dbk_territory_assigned, valid_from, TIME, ANY),
	ONE(7, dbk_territory_assigned, valid_to, TIME, ANY),
};
static const struct dbk_territory_assigned territory_assigned_blank = {
	.valid_from = DBK_TIME_ABSENT,
	.valid_to = DBK_TIME_ABSENT,
};
const struct dbk_schema dbk_schema_territory_assigned =
    SCHEMA("TerritoryAssigned", territory_assigned_fields, territory_assigned_blank,
	   N(1) | N(2) | N(3));

static const struct dbk_schema_field territory_revoked_fields[] = {
	ONE(1, dbk_territory_revoked, assignment, ID, REQUIRED),
	ONE(2, dbk_territory_revoked, reason, TEXT, ANY),
};
static const struct dbk_territory_revoked territory_revoked_blank;
const struct dbk_schema dbk_schema_territory_revoked =
    SCHEMA("TerritoryRevoked", territory_revoked_fields, territory_revoked_blank, N(1));

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
const struct dbk_schema dbk_schema_lot_registered = SCHEMA(
    "LotRegistered", lot_registered_fields, lot_registered_blank, N(1) | N(2) | N(3));
