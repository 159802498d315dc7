#include "event/verdict.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "event/schema.h"

static const char *const rule_names[] = {
	[DBK_RULE_NONE] = "RULE_UNSPECIFIED",
	[DBK_RULE_BOOK_NOT_OPEN] = "BOOK_NOT_OPEN",
	[DBK_RULE_BOOK_ALREADY_OPEN] = "BOOK_ALREADY_OPEN",
	[DBK_RULE_BEFORE_BOOK] = "BEFORE_BOOK",
	[DBK_RULE_CONFLICT] = "CONFLICT",
	[DBK_RULE_SKU_UNKNOWN] = "SKU_UNKNOWN",
	[DBK_RULE_SKU_REVISION_GAP] = "SKU_REVISION_GAP",
	[DBK_RULE_AGENT_UNKNOWN] = "AGENT_UNKNOWN",
	[DBK_RULE_AGENT_NOT_ACTIVE] = "AGENT_NOT_ACTIVE",
	[DBK_RULE_AGENT_EXISTS] = "AGENT_EXISTS",
	[DBK_RULE_SPONSOR_UNKNOWN] = "SPONSOR_UNKNOWN",
	[DBK_RULE_SPONSOR_NOT_ACTIVE] = "SPONSOR_NOT_ACTIVE",
	[DBK_RULE_SPONSOR_CYCLE] = "SPONSOR_CYCLE",
	[DBK_RULE_SPONSOR_STALE] = "SPONSOR_STALE",
	[DBK_RULE_AGENT_STATE] = "AGENT_STATE",
	[DBK_RULE_AGENT_REVISION_GAP] = "AGENT_REVISION_GAP",
	[DBK_RULE_RANK_STALE] = "RANK_STALE",
	[DBK_RULE_BINDING_EXISTS] = "BINDING_EXISTS",
	[DBK_RULE_BINDING_UNKNOWN] = "BINDING_UNKNOWN",
	[DBK_RULE_SELF_REFERENCE] = "SELF_REFERENCE",
	[DBK_RULE_LOT_UNKNOWN] = "LOT_UNKNOWN",
	[DBK_RULE_LOT_OF_OTHER_SKU] = "LOT_OF_OTHER_SKU",
	[DBK_RULE_APPROVERS_NOT_TWO] = "APPROVERS_NOT_TWO",
	[DBK_RULE_ORDER_UNKNOWN] = "ORDER_UNKNOWN",
	[DBK_RULE_ORDER_LINE_UNKNOWN] = "ORDER_LINE_UNKNOWN",
	[DBK_RULE_ORDER_CANCELLED] = "ORDER_CANCELLED",
	[DBK_RULE_ORDER_PAID] = "ORDER_PAID",
	[DBK_RULE_PAYMENT_EXCEEDS_ORDER] = "PAYMENT_EXCEEDS_ORDER",
	[DBK_RULE_AMOUNT_MISMATCH] = "AMOUNT_MISMATCH",
	[DBK_RULE_SHIPMENT_EXCEEDS_LINE] = "SHIPMENT_EXCEEDS_LINE",
	[DBK_RULE_ALREADY_RECEIVED] = "ALREADY_RECEIVED",
	[DBK_RULE_REFUND_EXCEEDS_PAID] = "REFUND_EXCEEDS_PAID",
	[DBK_RULE_REFUND_EXCEEDS_LINE] = "REFUND_EXCEEDS_LINE",
	[DBK_RULE_RETURN_EXCEEDS_LINE] = "RETURN_EXCEEDS_LINE",
	[DBK_RULE_REFUND_UNKNOWN] = "REFUND_UNKNOWN",
	[DBK_RULE_REFUND_STATE] = "REFUND_STATE",
	[DBK_RULE_REFUND_EXCEEDS_REQUEST] = "REFUND_EXCEEDS_REQUEST",
	[DBK_RULE_PAYMENT_KEY_USED] = "PAYMENT_KEY_USED",
	[DBK_RULE_ORDER_KIND_MISMATCH] = "ORDER_KIND_MISMATCH",
	[DBK_RULE_SELLER_REQUIRED] = "SELLER_REQUIRED",
	[DBK_RULE_ORDER_ISSUED] = "ORDER_ISSUED",
	[DBK_RULE_STOCK_INSUFFICIENT] = "STOCK_INSUFFICIENT",
	[DBK_RULE_SAME_HOLDER] = "SAME_HOLDER",
	[DBK_RULE_HOLDER_KIND] = "HOLDER_KIND",
	[DBK_RULE_AMOUNT_OVERFLOW] = "AMOUNT_OVERFLOW",
	[DBK_RULE_LIMIT_REACHED] = "LIMIT_REACHED",
};

static const char *const fault_names[] = {
	[DBK_FAULT_NONE] = "FAULT_UNSPECIFIED",
	[DBK_FAULT_MALFORMED] = "MALFORMED",
	[DBK_FAULT_TOO_LARGE] = "TOO_LARGE",
	[DBK_FAULT_BODY_MISSING] = "BODY_MISSING",
	[DBK_FAULT_UNKNOWN_FIELD] = "UNKNOWN_FIELD",
	[DBK_FAULT_UNKNOWN_ENUM_VALUE] = "UNKNOWN_ENUM_VALUE",
	[DBK_FAULT_FIELD_MISSING] = "FIELD_MISSING",
	[DBK_FAULT_ID_TOO_LONG] = "ID_TOO_LONG",
	[DBK_FAULT_ID_NOT_UTF8] = "ID_NOT_UTF8",
	[DBK_FAULT_ID_CONTROL_CHARACTER] = "ID_CONTROL_CHARACTER",
	[DBK_FAULT_AMOUNT_NEGATIVE] = "AMOUNT_NEGATIVE",
	[DBK_FAULT_AMOUNT_ZERO] = "AMOUNT_ZERO",
	[DBK_FAULT_AMOUNT_TOO_LARGE] = "AMOUNT_TOO_LARGE",
	[DBK_FAULT_TIME_OUT_OF_RANGE] = "TIME_OUT_OF_RANGE",
	[DBK_FAULT_TIME_TOO_FINE] = "TIME_TOO_FINE",
	[DBK_FAULT_TIME_IN_FUTURE] = "TIME_IN_FUTURE",
	[DBK_FAULT_LINES_MISSING] = "LINES_MISSING",
	[DBK_FAULT_LINES_TOO_MANY] = "LINES_TOO_MANY",
	[DBK_FAULT_LINES_NOT_RISING] = "LINES_NOT_RISING",
	[DBK_FAULT_NUMBER_OUT_OF_RANGE] = "NUMBER_OUT_OF_RANGE",
	[DBK_FAULT_NOT_SUPPORTED] = "NOT_SUPPORTED",
	[DBK_FAULT_FIELD_TWICE] = "FIELD_TWICE",
	[DBK_FAULT_TEXT_TOO_LONG] = "TEXT_TOO_LONG",
};

size_t
dbk_field_format(const struct dbk_field *field, char out[DBK_FIELD_TEXT_BYTES])
{
	const char *dot = field->member == NULL ? "" : ".";
	const char *member = field->member == NULL ? "" : field->member;
	int size;

	if (field->name == NULL) {
		out[0] = '\0';
		return 0;
	}
	if (field->index == DBK_NO_INDEX)
		size = snprintf(out, DBK_FIELD_TEXT_BYTES, "%s%s%s", field->name, dot,
				member);
	else
		size = snprintf(out, DBK_FIELD_TEXT_BYTES, "%s[%u]%s%s", field->name,
				(unsigned)field->index, dot, member);
	dbk_assert(size > 0 && size < DBK_FIELD_TEXT_BYTES);
	return (size_t)size;
}

struct dbk_str
dbk_verdict_value(struct dbk_str value)
{
	struct dbk_str shown = value;

	if (shown.size > DBK_VERDICT_VALUE_BYTES_MAX) {
		shown.size = DBK_VERDICT_VALUE_BYTES_MAX;
		while (shown.size > 0 &&
		       ((unsigned char)value.bytes[shown.size] & 0xc0) == 0x80)
			shown.size--;
	}
	if (!dbk_str_is_utf8(shown))
		shown.size = 0;
	return shown;
}

bool
dbk_fault_set(struct dbk_event_fault *fault, enum dbk_fault kind,
	      struct dbk_field field)
{
	memset(fault, 0, sizeof *fault);
	fault->fault = kind;
	fault->field = field;
	return false;
}

bool
dbk_fault_set_number(struct dbk_event_fault *fault, enum dbk_fault kind,
		     struct dbk_field field, int64_t number)
{
	(void)dbk_fault_set(fault, kind, field);
	fault->number = number;
	fault->has_number = true;
	return false;
}

bool
dbk_fault_set_value(struct dbk_event_fault *fault, enum dbk_fault kind,
		    struct dbk_field field, struct dbk_str value)
{
	(void)dbk_fault_set(fault, kind, field);
	fault->value = dbk_verdict_value(value);
	return false;
}

const char *
dbk_rule_name(enum dbk_rule rule)
{
	size_t at = (size_t)rule;

	if (at >= sizeof rule_names / sizeof rule_names[0] || rule_names[at] == NULL)
		return "?";
	return rule_names[at];
}

const char *
dbk_fault_name(enum dbk_fault fault)
{
	size_t at = (size_t)fault;

	if (at >= sizeof fault_names / sizeof fault_names[0] || fault_names[at] == NULL)
		return "?";
	return fault_names[at];
}

const char *
dbk_event_type_name(enum dbk_event_type type)
{
	const struct dbk_schema *schema = dbk_schema_find((uint32_t)type);

	return schema == NULL ? "?" : schema->name;
}
