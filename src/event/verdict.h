#ifndef DBK_EVENT_VERDICT_H
#define DBK_EVENT_VERDICT_H

/*
 * verdict.h -- the answer to one event, as values.
 *
 * Rules and faults have the numbers and meanings of proto/daybook/v1/record.proto;
 * tests/unit/test_verdict.c compares the two lists.  A field path is kept as a pointer
 * to a static name plus an index, so that an answer costs no formatting on the way.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "event/event.h"

enum dbk_rule {
	DBK_RULE_NONE = 0,
	DBK_RULE_BOOK_NOT_OPEN = 1,
	DBK_RULE_BOOK_ALREADY_OPEN = 2,
	DBK_RULE_BEFORE_BOOK = 3,
	DBK_RULE_CONFLICT = 4,
	DBK_RULE_SKU_UNKNOWN = 20,
	DBK_RULE_SKU_REVISION_GAP = 21,
	DBK_RULE_AGENT_UNKNOWN = 22,
	DBK_RULE_AGENT_NOT_ACTIVE = 23,
	DBK_RULE_AGENT_EXISTS = 24,
	DBK_RULE_SPONSOR_UNKNOWN = 25,
	DBK_RULE_SPONSOR_NOT_ACTIVE = 26,
	DBK_RULE_SPONSOR_CYCLE = 27,
	DBK_RULE_SPONSOR_STALE = 28,
	DBK_RULE_AGENT_STATE = 29,
	DBK_RULE_AGENT_REVISION_GAP = 30,
	DBK_RULE_RANK_STALE = 31,
	DBK_RULE_BINDING_EXISTS = 32,
	DBK_RULE_BINDING_UNKNOWN = 33,
	DBK_RULE_SELF_REFERENCE = 34,
	DBK_RULE_LOT_UNKNOWN = 35,
	DBK_RULE_LOT_OF_OTHER_SKU = 36,
	DBK_RULE_APPROVERS_NOT_TWO = 37,
	DBK_RULE_ORDER_UNKNOWN = 50,
	DBK_RULE_ORDER_LINE_UNKNOWN = 51,
	DBK_RULE_ORDER_CANCELLED = 52,
	DBK_RULE_ORDER_PAID = 53,
	DBK_RULE_PAYMENT_EXCEEDS_ORDER = 54,
	DBK_RULE_AMOUNT_MISMATCH = 55,
	DBK_RULE_SHIPMENT_EXCEEDS_LINE = 56,
	DBK_RULE_ALREADY_RECEIVED = 57,
	DBK_RULE_REFUND_EXCEEDS_PAID = 58,
	DBK_RULE_REFUND_EXCEEDS_LINE = 59,
	DBK_RULE_RETURN_EXCEEDS_LINE = 60,
	DBK_RULE_REFUND_UNKNOWN = 61,
	DBK_RULE_REFUND_STATE = 62,
	DBK_RULE_REFUND_EXCEEDS_REQUEST = 63,
	DBK_RULE_PAYMENT_KEY_USED = 64,
	DBK_RULE_ORDER_KIND_MISMATCH = 65,
	DBK_RULE_SELLER_REQUIRED = 66,
	DBK_RULE_ORDER_ISSUED = 67,
	DBK_RULE_STOCK_INSUFFICIENT = 80,
	DBK_RULE_SAME_HOLDER = 81,
	DBK_RULE_HOLDER_KIND = 82,
	DBK_RULE_AMOUNT_OVERFLOW = 100,
	DBK_RULE_LIMIT_REACHED = 101,
	DBK_RULE_PLAN_VERSION_GAP = 110,
	DBK_RULE_PLAN_PARAMETER_UNKNOWN = 111,
	DBK_RULE_PLAN_PARAMETER_VALUE = 112,
	DBK_RULE_PLAN_PARAMETER_SCOPE = 113,
	DBK_RULE_PLAN_CONTRADICTION = 114,
	DBK_RULE_PLAN_RISK = 115,
	DBK_RULE_PLAN_VALIDITY = 116,
	DBK_RULE_ENROLL_DEPTH = 117,
	DBK_RULE_ATTRIBUTION_WEIGHTS = 118,
	DBK_RULE_EARNING_UNKNOWN = 130,
	DBK_RULE_HOLD_UNKNOWN = 131,
	DBK_RULE_HOLD_STATE = 132,
	DBK_RULE_CLAWBACK_EXCEEDED = 133,
	DBK_RULE_DEPOSIT_EXCEEDED = 134,
	DBK_RULE_WRITEOFF_LIMIT = 135,
	DBK_RULE_BONUS_METRIC = 136,
	DBK_RULE_CONTEST_UNKNOWN = 137,
	DBK_RULE_CONTEST_STATE = 138,
	DBK_RULE_POOL_EXCEEDED = 139,
	DBK_RULE_ADJUSTMENT_UNKNOWN = 140,
	DBK_RULE_ADJUSTMENT_STATE = 141,
	DBK_RULE_REASON_MISSING = 142,
	DBK_RULE_CHARGEBACK_UNKNOWN = 143,
	DBK_RULE_CHARGEBACK_STATE = 144,
	DBK_RULE_CHARGEBACK_EXCEEDS_PAID = 145,
	DBK_RULE_NOTHING_TO_REVERSE = 146,
	DBK_RULE_FLAG_STATE = 147,
	DBK_RULE_TEAM_UNKNOWN = 148,
	DBK_RULE_TEAM_STATE = 149,
	DBK_RULE_AVAILABLE_INSUFFICIENT = 160,
	DBK_RULE_PAYOUT_MINIMUM = 161,
	DBK_RULE_PAYOUT_DAILY_LIMIT = 162,
	DBK_RULE_PAYOUT_MONTHLY_LIMIT = 163,
	DBK_RULE_PAYOUT_METHOD = 164,
	DBK_RULE_PAYEE_NOT_VERIFIED = 165,
	DBK_RULE_PAYEE_DIFFERS = 166,
	DBK_RULE_PAYEE_CHANGED = 167,
	DBK_RULE_PAYOUT_OPEN = 168,
	DBK_RULE_PAYOUT_NOT_FOUND = 169,
	DBK_RULE_PAYOUT_STATE = 170,
	DBK_RULE_SECOND_PERSON = 171,
	DBK_RULE_PAYOUT_ITEMS = 172,
	DBK_RULE_TAX_EXCEEDED = 173,
	DBK_RULE_RETURN_EXCEEDS_PAYOUT = 174,
	DBK_RULE_PROVIDER_DIFFERS = 175,
	DBK_RULE_PERIOD_GAP = 180,
	DBK_RULE_PERIOD_AHEAD = 181,
	DBK_RULE_PERIOD_OPEN_ITEMS = 182,
	DBK_RULE_BALANCES_DIFFER = 183,
	DBK_RULE_OVERRIDE_GUARD = 184,
	DBK_RULE_OVERRIDE_EXPIRED = 185
};

enum dbk_fault {
	DBK_FAULT_NONE = 0,
	DBK_FAULT_MALFORMED = 1,
	DBK_FAULT_TOO_LARGE = 2,
	DBK_FAULT_BODY_MISSING = 3,
	DBK_FAULT_UNKNOWN_FIELD = 4,
	DBK_FAULT_UNKNOWN_ENUM_VALUE = 5,
	DBK_FAULT_FIELD_MISSING = 6,
	DBK_FAULT_ID_TOO_LONG = 7,
	DBK_FAULT_ID_NOT_UTF8 = 8,
	DBK_FAULT_ID_CONTROL_CHARACTER = 9,
	DBK_FAULT_AMOUNT_NEGATIVE = 10,
	DBK_FAULT_AMOUNT_ZERO = 11,
	DBK_FAULT_AMOUNT_TOO_LARGE = 12,
	DBK_FAULT_TIME_OUT_OF_RANGE = 13,
	DBK_FAULT_TIME_TOO_FINE = 14,
	DBK_FAULT_TIME_IN_FUTURE = 15,
	DBK_FAULT_LINES_MISSING = 16,
	DBK_FAULT_LINES_TOO_MANY = 17,
	DBK_FAULT_LINES_NOT_RISING = 18,
	DBK_FAULT_NUMBER_OUT_OF_RANGE = 19,
	DBK_FAULT_NOT_SUPPORTED = 20,
	DBK_FAULT_FIELD_TWICE = 21,
	DBK_FAULT_TEXT_TOO_LONG = 22
};

/* A place in an event: "lines[2].sku" is { "lines", 2, "sku" }. */
#define DBK_NO_INDEX UINT32_MAX

struct dbk_field {
	const char *name;   /* static; NULL: the event as a whole */
	uint32_t index;	    /* of a repeated member, or DBK_NO_INDEX */
	const char *member; /* static; NULL: the field itself */
};

struct dbk_refusal {
	enum dbk_rule rule;
	struct dbk_field field;
	struct dbk_str value; /* borrowed from the event; may be empty */
	int64_t measured;
	int64_t limit;
	uint64_t other_position_plus_one;
};

struct dbk_event_fault {
	enum dbk_fault fault;
	struct dbk_field field;
	struct dbk_str value; /* as dbk_verdict_value() shows it; may be empty */
	int64_t number;	      /* the offending number, where it is one */
	bool has_number;
};

/* Fill FAULT with KIND at FIELD, and with what offends there; give false, so that a
 * check ends in `return dbk_fault_set(...)`.  A value is kept as an answer shows it. */
bool dbk_fault_set(struct dbk_event_fault *fault, enum dbk_fault kind,
		   struct dbk_field field);
bool dbk_fault_set_number(struct dbk_event_fault *fault, enum dbk_fault kind,
			  struct dbk_field field, int64_t number);
bool dbk_fault_set_value(struct dbk_event_fault *fault, enum dbk_fault kind,
			 struct dbk_field field, struct dbk_str value);

/* "lines[2].sku" and a terminator: two names and ten digits. */
#define DBK_FIELD_TEXT_BYTES 96

/* Write FIELD as a path; returns the length.  The empty text for a whole event. */
size_t dbk_field_format(const struct dbk_field *field, char out[DBK_FIELD_TEXT_BYTES]);

/* As much of an offending value as an answer shows; the event itself has all of it. */
#define DBK_VERDICT_VALUE_BYTES_MAX 128

/*
 * The part of VALUE that may stand in an answer, which is a protobuf string: cut to
 * DBK_VERDICT_VALUE_BYTES_MAX between two characters, and empty if it is not UTF-8.
 */
struct dbk_str dbk_verdict_value(struct dbk_str value);

/* The stable names, as in record.proto: "STOCK_INSUFFICIENT", "ID_TOO_LONG".  "?" for a
 * number that is none. */
const char *dbk_rule_name(enum dbk_rule rule);
const char *dbk_fault_name(enum dbk_fault fault);

/* "SaleRecorded"; "?" for a number that is no event of this build. */
const char *dbk_event_type_name(enum dbk_event_type type);

#endif
