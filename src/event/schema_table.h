#ifndef DBK_EVENT_SCHEMA_TABLE_H
#define DBK_EVENT_SCHEMA_TABLE_H

/*
 * schema_table.h -- how the tables of schema.h are written; for schema*.c alone.
 *
 * One file a family of events, one table a message; schema.c finds them by number.
 *
 * A blank is a message without any field sent: times absent, and enums that event.proto
 * reads as something else already hold it.  Decoding starts from a copy of it.
 */

#include "event/schema.h"

enum { WIRE_VARINT = 0, WIRE_BYTES = 2 };

#define WIRE_OF_ID WIRE_BYTES
#define WIRE_OF_TEXT WIRE_BYTES
#define WIRE_OF_HASH WIRE_BYTES
#define WIRE_OF_BYTES WIRE_BYTES
#define WIRE_OF_MONEY WIRE_VARINT
#define WIRE_OF_QTY WIRE_VARINT
#define WIRE_OF_SIGNED WIRE_VARINT
#define WIRE_OF_U32 WIRE_VARINT
#define WIRE_OF_U64 WIRE_VARINT
#define WIRE_OF_I32 WIRE_VARINT
#define WIRE_OF_BOOL WIRE_VARINT
#define WIRE_OF_ENUM WIRE_VARINT
#define WIRE_OF_TIME WIRE_BYTES
#define WIRE_OF_HOLDER WIRE_BYTES
#define WIRE_OF_TEXTS WIRE_BYTES
#define WIRE_OF_IDS WIRE_BYTES
#define WIRE_OF_NUMBERS WIRE_BYTES
#define WIRE_OF_RIGHTS WIRE_BYTES
#define WIRE_OF_LINES WIRE_BYTES
#define WIRE_OF_PARTS WIRE_BYTES

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
#define BETWEEN(number_, struct_, member_, min_, max_)                                 \
	FIELD(number_, struct_, member_, BYTES, REQUIRED, .once = 1u << (number_),     \
	      .min = (min_), .max = (max_))
/* The two members of a oneof. */
#define EITHER(number_, struct_, member_, kind_, marks_, other_)                       \
	FIELD(number_, struct_, member_, kind_, marks_,                                \
	      .once = 1u << (number_) | 1u << (other_))
#define HOLDER(number_, struct_, member_, marks_)                                      \
	FIELD(number_, struct_, member_, HOLDER, marks_, .once = 1u << (number_),      \
	      .message = &dbk_schema_holder)
/* The members that repeat: an array and its count. */
#define LIST(number_, struct_, member_, kind_, marks_, max_, ...)                      \
	FIELD(number_, struct_, member_, kind_, marks_,                                \
	      .count_offset = offsetof(struct struct_, n_##member_), .max = (max_),    \
	      __VA_ARGS__)
#define LINES(number_, struct_, member_, message_)                                     \
	LIST(number_, struct_, member_, LINES, REQUIRED, DBK_LINES_MAX,                \
	     .message = &(message_))
#define PARTS(number_, struct_, member_, marks_, message_, max_)                       \
	LIST(number_, struct_, member_, PARTS, marks_, max_, .message = &(message_))
#define TEXTS(number_, struct_, member_, max_)                                         \
	LIST(number_, struct_, member_, TEXTS, ANY, max_, .message = NULL)
#define IDS(number_, struct_, member_, marks_, max_)                                   \
	LIST(number_, struct_, member_, IDS, marks_, max_, .message = NULL)
#define NUMBERS(number_, struct_, member_, max_)                                       \
	LIST(number_, struct_, member_, NUMBERS, ANY, max_, .message = NULL)
#define RIGHTS(number_, struct_, member_, max_)                                        \
	LIST(number_, struct_, member_, RIGHTS, ANY, max_, .message = NULL)

/* The last are the numbers of the fields with marks: N(1) | N(2), or NO_NEED. */
#define N(number_) (1u << (number_))
#define NO_NEED 0
#define SCHEMA(name_, fields_, blank_, needed_)                                        \
	{                                                                              \
		.name = (name_), .fields = (fields_),                                  \
		.n_fields = sizeof(fields_) / sizeof(fields_)[0], .blank = &(blank_),  \
		.size = sizeof(blank_), .needed = (needed_)                            \
	}

/* 1xx: reference data */
extern const struct dbk_schema dbk_schema_book_opened;
extern const struct dbk_schema dbk_schema_sku_defined;
extern const struct dbk_schema dbk_schema_price_band_set;
extern const struct dbk_schema dbk_schema_plan_published;
extern const struct dbk_schema dbk_schema_guard_set_published;
extern const struct dbk_schema dbk_schema_territory_assigned;
extern const struct dbk_schema dbk_schema_territory_revoked;
extern const struct dbk_schema dbk_schema_lot_registered;

/* 2xx: the network */
extern const struct dbk_schema dbk_schema_agent_enrolled;
extern const struct dbk_schema dbk_schema_agent_verified;
extern const struct dbk_schema dbk_schema_sponsor_changed;
extern const struct dbk_schema dbk_schema_rank_changed;
extern const struct dbk_schema dbk_schema_agent_suspended;
extern const struct dbk_schema dbk_schema_agent_reinstated;
extern const struct dbk_schema dbk_schema_agent_terminated;
extern const struct dbk_schema dbk_schema_customer_bound;
extern const struct dbk_schema dbk_schema_customer_unbound;
extern const struct dbk_schema dbk_schema_referral_recorded;
extern const struct dbk_schema dbk_schema_team_formed;
extern const struct dbk_schema dbk_schema_team_member_changed;
extern const struct dbk_schema dbk_schema_deposit_received;
extern const struct dbk_schema dbk_schema_deposit_returned;
extern const struct dbk_schema dbk_schema_fee_charged;

/* 3xx: trade */
extern const struct dbk_schema dbk_schema_sale_recorded;
extern const struct dbk_schema dbk_schema_order_placed;
extern const struct dbk_schema dbk_schema_order_cancelled;
extern const struct dbk_schema dbk_schema_order_paid;
extern const struct dbk_schema dbk_schema_psp_settled;
extern const struct dbk_schema dbk_schema_goods_shipped;
extern const struct dbk_schema dbk_schema_receipt_confirmed;
extern const struct dbk_schema dbk_schema_refund_requested;
extern const struct dbk_schema dbk_schema_refund_rejected;
extern const struct dbk_schema dbk_schema_refund_approved;
extern const struct dbk_schema dbk_schema_refund_paid;
extern const struct dbk_schema dbk_schema_chargeback_opened;
extern const struct dbk_schema dbk_schema_chargeback_won;
extern const struct dbk_schema dbk_schema_chargeback_lost;
extern const struct dbk_schema dbk_schema_order_flagged;
extern const struct dbk_schema dbk_schema_order_cleared;

/* 4xx: commission */
extern const struct dbk_schema dbk_schema_commission_reported;
extern const struct dbk_schema dbk_schema_commission_held;
extern const struct dbk_schema dbk_schema_hold_released;
extern const struct dbk_schema dbk_schema_clawback_repaid;
extern const struct dbk_schema dbk_schema_clawback_written_off;
extern const struct dbk_schema dbk_schema_bonus_awarded;
extern const struct dbk_schema dbk_schema_manual_adjustment;

/* 5xx: payout */
extern const struct dbk_schema dbk_schema_payout_requested;
extern const struct dbk_schema dbk_schema_payout_approved;
extern const struct dbk_schema dbk_schema_payout_rejected;
extern const struct dbk_schema dbk_schema_payout_cancelled;
extern const struct dbk_schema dbk_schema_payout_batched;
extern const struct dbk_schema dbk_schema_payout_sent;
extern const struct dbk_schema dbk_schema_payout_settled;
extern const struct dbk_schema dbk_schema_payout_unknown;
extern const struct dbk_schema dbk_schema_payout_failed;
extern const struct dbk_schema dbk_schema_payout_returned;
extern const struct dbk_schema dbk_schema_tax_remitted;

/* 6xx: stock */
extern const struct dbk_schema dbk_schema_restock_requested;
extern const struct dbk_schema dbk_schema_stock_issued;
extern const struct dbk_schema dbk_schema_stock_transferred;
extern const struct dbk_schema dbk_schema_stock_consumed;
extern const struct dbk_schema dbk_schema_stock_returned;
extern const struct dbk_schema dbk_schema_stock_counted;
extern const struct dbk_schema dbk_schema_buyback_requested;
extern const struct dbk_schema dbk_schema_buyback_settled;
extern const struct dbk_schema dbk_schema_custody_scanned;
extern const struct dbk_schema dbk_schema_price_observed;

/* 7xx: control */
extern const struct dbk_schema dbk_schema_clock_advanced;
extern const struct dbk_schema dbk_schema_period_closed;
extern const struct dbk_schema dbk_schema_override_granted;
extern const struct dbk_schema dbk_schema_contest_opened;
extern const struct dbk_schema dbk_schema_contest_closed;
extern const struct dbk_schema dbk_schema_observation_recorded;
extern const struct dbk_schema dbk_schema_source_registered;
extern const struct dbk_schema dbk_schema_source_key_revoked;
extern const struct dbk_schema dbk_schema_subject_erased;
extern const struct dbk_schema dbk_schema_finding_acknowledged;
extern const struct dbk_schema dbk_schema_finding_resolved;
extern const struct dbk_schema dbk_schema_digest_recorded;

#endif
