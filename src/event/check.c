#include <string.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "base/money.h"
#include "base/sign.h"
#include "event/decode.h"
#include "event/plain.h"
#include "event/schema.h"

/* Kept out of the loop over the fields, whose frame would grow by theirs. */
#define SELDOM __attribute__((noinline))
#define UNLIKELY __attribute__((cold, noinline))

/* BLAKE2b-256, as the books compute it. */
#define BALANCES_HASH_BYTES 32

/* What checking of one event carries along; OUTER is the field whose message it is in.
 */
struct checker {
	struct dbk_event_fault *fault;
	struct dbk_field outer;
};

static UNLIKELY bool
fail(struct checker *c, enum dbk_fault fault, const char *member)
{
	return dbk_fault_set(c->fault, fault, dbk_schema_path(c->outer, member));
}

static UNLIKELY bool
fail_number(struct checker *c, enum dbk_fault fault, const char *member, int64_t number)
{
	return dbk_fault_set_number(c->fault, fault, dbk_schema_path(c->outer, member),
				    number);
}

static UNLIKELY bool
fail_value(struct checker *c, enum dbk_fault fault, const char *member,
	   struct dbk_str value)
{
	return dbk_fault_set_value(c->fault, fault, dbk_schema_path(c->outer, member),
				   value);
}

static SELDOM bool
check_odd_id(struct checker *c, const char *name, struct dbk_str id)
{
	if (id.size == 0)
		return fail(c, DBK_FAULT_FIELD_MISSING, name);
	if (id.size > DBK_ID_BYTES_MAX)
		return fail_value(c, DBK_FAULT_ID_TOO_LONG, name, id);
	if (!dbk_str_is_utf8(id))
		return fail(c, DBK_FAULT_ID_NOT_UTF8, name);
	if (dbk_str_has_control(id))
		return fail_value(c, DBK_FAULT_ID_CONTROL_CHARACTER, name, id);
	return true;
}

static inline bool
check_id(struct checker *c, const char *name, struct dbk_str id, bool required)
{
	if (id.size == 0 && !required)
		return true;
	return (id.size > 0 && id.size <= DBK_ID_BYTES_MAX && dbk_plain(id)) ||
	       check_odd_id(c, name, id);
}

static bool
check_text(struct checker *c, const char *name, struct dbk_str text)
{
	if (text.size > DBK_TEXT_BYTES_MAX)
		return fail_value(c, DBK_FAULT_TEXT_TOO_LONG, name, text);
	return text.size == 0 || dbk_plain(text) || dbk_str_is_utf8(text) ||
	       fail(c, DBK_FAULT_ID_NOT_UTF8, name);
}

static bool
check_bytes(struct checker *c, const struct dbk_schema_field *field, uint32_t size)
{
	if (size == 0)
		return fail(c, DBK_FAULT_FIELD_MISSING, field->name);
	return (size >= field->min && size <= field->max) ||
	       fail_number(c, DBK_FAULT_NUMBER_OUT_OF_RANGE, field->name, size);
}

static bool
check_amount(struct checker *c, const struct dbk_schema_field *field, int64_t amount,
	     int64_t max)
{
	if (amount < 0)
		return fail_number(c, DBK_FAULT_AMOUNT_NEGATIVE, field->name, amount);
	if (amount == 0 && (field->marks & DBK_FIELD_POSITIVE) != 0)
		return fail_number(c, DBK_FAULT_AMOUNT_ZERO, field->name, amount);
	return amount <= max ||
	       fail_number(c, DBK_FAULT_AMOUNT_TOO_LARGE, field->name, amount);
}

static bool
check_u32(struct checker *c, const struct dbk_schema_field *field, uint32_t value)
{
	bool is_low = value == 0 && (field->marks & DBK_FIELD_POSITIVE) != 0;

	return (value <= field->max && !is_low) ||
	       fail_number(c, DBK_FAULT_NUMBER_OUT_OF_RANGE, field->name, value);
}

static bool
check_i32(struct checker *c, const struct dbk_schema_field *field, int32_t value)
{
	int64_t max = field->max;

	return (value >= -max && value <= max) ||
	       fail_number(c, DBK_FAULT_NUMBER_OUT_OF_RANGE, field->name, value);
}

static SELDOM bool
check_holder(struct checker *c, const struct dbk_schema_field *field,
	     const struct dbk_holder *holder)
{
	bool is_sound = true;

	if (holder->kind == DBK_HOLDER_SUPPLY)
		return (field->marks & DBK_FIELD_REQUIRED) == 0 ||
		       fail(c, DBK_FAULT_FIELD_MISSING, field->name);
	c->outer.name = field->name;
	c->outer.index = DBK_NO_INDEX;
	if (holder->kind == DBK_HOLDER_AGENT)
		is_sound = check_id(c, "agent", holder->agent, true);
	else
		is_sound = check_id(c, "location", holder->location, true);
	c->outer.name = NULL;
	return is_sound;
}

static bool check_fields(struct checker *c, const struct dbk_schema *schema,
			 const unsigned char *base);

/* Both kinds of lines begin with their number. */
_Static_assert(offsetof(struct dbk_order_line, line) == 0, "the number comes first");
_Static_assert(offsetof(struct dbk_stock_line, line) == 0, "the number comes first");

static bool
check_line(struct checker *c, const struct dbk_schema_field *field,
	   const unsigned char *line, uint32_t *before)
{
	uint32_t number;

	if (!check_fields(c, field->message, line))
		return false;
	memcpy(&number, line, sizeof number);
	if (number <= *before)
		return fail_number(c, DBK_FAULT_LINES_NOT_RISING, "line", number);
	*before = number;
	return true;
}

static bool
check_right(struct checker *c, const unsigned char *element)
{
	uint64_t number;

	memcpy(&number, element, sizeof number);
	return dbk_schema_is_right(number) ||
	       fail_number(c, DBK_FAULT_UNKNOWN_ENUM_VALUE, NULL, (int64_t)number);
}

/* BEFORE is the number of the line before, where FIELD has lines. */
static bool
check_element(struct checker *c, const struct dbk_schema_field *field,
	      const unsigned char *element, uint32_t *before)
{
	struct dbk_str text;

	if (field->kind == DBK_FIELD_LINES)
		return check_line(c, field, element, before);
	if (field->kind == DBK_FIELD_PARTS)
		return check_fields(c, field->message, element);
	if (field->kind == DBK_FIELD_NUMBERS)
		return true;
	if (field->kind == DBK_FIELD_RIGHTS)
		return check_right(c, element);
	memcpy(&text, element, sizeof text);
	if (field->kind == DBK_FIELD_IDS)
		return check_id(c, NULL, text, true);
	return text.size == 0 ? fail(c, DBK_FAULT_FIELD_MISSING, NULL)
			      : check_text(c, NULL, text);
}

static SELDOM bool
check_list(struct checker *c, const struct dbk_schema_field *field,
	   const unsigned char *list, uint32_t count)
{
	size_t size = dbk_schema_element_bytes(field);
	uint32_t before = 0;

	if (count == 0)
		return fail(c, DBK_FAULT_LINES_MISSING, field->name);
	c->outer.name = field->name;
	for (uint32_t i = 0; i < count; i++) {
		c->outer.index = i;
		if (!check_element(c, field, list + i * size, &before))
			return false;
	}
	c->outer.name = NULL;
	return true;
}

static bool
check_field(struct checker *c, const struct dbk_schema_field *field,
	    const unsigned char *base)
{
	const void *at = base + field->offset;
	const uint32_t *count = (const void *)(base + field->count_offset);
	bool required = (field->marks & DBK_FIELD_REQUIRED) != 0;

	switch ((enum dbk_field_kind)field->kind) {
	case DBK_FIELD_ID:
		return check_id(c, field->name, *(const struct dbk_str *)at, required);
	case DBK_FIELD_TEXT:
		return check_text(c, field->name, *(const struct dbk_str *)at);
	case DBK_FIELD_HASH:
		return ((const struct dbk_str *)at)->size <= DBK_HASH_BYTES_MAX ||
		       fail_number(c, DBK_FAULT_TEXT_TOO_LONG, field->name,
				   ((const struct dbk_str *)at)->size);
	case DBK_FIELD_BYTES:
		return check_bytes(c, field, ((const struct dbk_str *)at)->size);
	case DBK_FIELD_MONEY:
		return check_amount(c, field, *(const int64_t *)at, DBK_AMOUNT_MAX);
	case DBK_FIELD_QTY:
		return check_amount(c, field, *(const int64_t *)at, DBK_QTY_MAX);
	case DBK_FIELD_U32:
		return check_u32(c, field, *(const uint32_t *)at);
	case DBK_FIELD_I32:
		return check_i32(c, field, *(const int32_t *)at);
	case DBK_FIELD_ENUM:
		return *(const uint32_t *)at != 0 || !required ||
		       fail(c, DBK_FAULT_FIELD_MISSING, field->name);
	case DBK_FIELD_HOLDER:
		return check_holder(c, field, at);
	case DBK_FIELD_TIME: /* decoding has seen to its range */
		return *(const int64_t *)at != DBK_TIME_ABSENT || !required ||
		       fail(c, DBK_FAULT_FIELD_MISSING, field->name);
	case DBK_FIELD_TEXTS:
	case DBK_FIELD_IDS:
	case DBK_FIELD_NUMBERS:
	case DBK_FIELD_RIGHTS:
	case DBK_FIELD_LINES:
	case DBK_FIELD_PARTS:
		return (*count == 0 && !required) ||
		       check_list(c, field, *(unsigned char *const *)at, *count);
	case DBK_FIELD_SIGNED:
	case DBK_FIELD_U64:
	case DBK_FIELD_BOOL:
		break;
	}
	return true;
}

static bool
check_fields(struct checker *c, const struct dbk_schema *schema,
	     const unsigned char *base)
{
	for (uint32_t i = 1; i < schema->n_fields; i++)
		if (schema->fields[i].name != NULL &&
		    !check_field(c, &schema->fields[i], base))
			return false;
	return true;
}

/* ---------------------------------------------------- rules between the fields */

/* Add QTY * UNIT_PRICE - DISCOUNT to *SUM; line INDEX is at fault if that cannot be. */
static bool
add_line(struct checker *c, uint32_t index, int64_t qty, int64_t unit_price,
	 int64_t discount, int64_t *sum)
{
	struct dbk_field line = { "lines", index, NULL };
	int64_t amount;

	if (!dbk_money_multiply(qty, unit_price, &amount))
		return dbk_fault_set(c->fault, DBK_FAULT_AMOUNT_TOO_LARGE, line);
	amount -= discount;
	if (amount < 0)
		return dbk_fault_set_number(c->fault, DBK_FAULT_AMOUNT_NEGATIVE, line,
					    amount);
	if (amount > DBK_AMOUNT_MAX - *sum)
		return dbk_fault_set_number(c->fault, DBK_FAULT_AMOUNT_TOO_LARGE, line,
					    amount);
	*sum += amount;
	return true;
}

static bool
check_stock_sum(struct checker *c, const struct dbk_stock_line *lines, uint32_t count)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < count; i++)
		if (!add_line(c, i, lines[i].qty, lines[i].unit_price, 0, &sum))
			return false;
	return true;
}

/* A payment is known by both of its names or by none. */
static bool
check_payment(struct checker *c, struct dbk_str psp, struct dbk_str psp_txn)
{
	if ((psp.size == 0) == (psp_txn.size == 0))
		return true;
	return fail(c, DBK_FAULT_FIELD_MISSING, psp.size == 0 ? "psp" : "psp_txn");
}

static bool
check_part(struct checker *c, int64_t paid_by_balance, int64_t paid)
{
	return paid_by_balance <= paid ||
	       fail_number(c, DBK_FAULT_AMOUNT_TOO_LARGE, "paid_by_balance",
			   paid_by_balance);
}

static bool
check_book_opened(struct checker *c, const struct dbk_event *event)
{
	struct dbk_str currency = event->u.book_opened.currency;
	bool is_code = currency.size == 3;

	for (uint32_t i = 0; is_code && i < currency.size; i++)
		is_code = currency.bytes[i] >= 'A' && currency.bytes[i] <= 'Z';
	return is_code || fail_value(c, DBK_FAULT_MALFORMED, "currency", currency);
}

static bool
check_referral(struct checker *c, const struct dbk_event *event)
{
	const struct dbk_referral_recorded *r = &event->u.referral_recorded;

	if ((r->referrer_agent.size == 0) == (r->referrer_customer.size == 0))
		return fail(c, DBK_FAULT_FIELD_MISSING, "referrer");
	if ((r->referred_agent.size == 0) == (r->referred_customer.size == 0))
		return fail(c, DBK_FAULT_FIELD_MISSING, "referred");
	return true;
}

static bool
check_order(struct checker *c, const struct dbk_event *event)
{
	const struct dbk_sale *sale = &event->u.sale;
	int64_t sum = sale->shipping;

	for (uint32_t i = 0; i < sale->n_lines; i++)
		if (!add_line(c, i, sale->lines[i].qty, sale->lines[i].unit_price,
			      sale->lines[i].discount, &sum))
			return false;
	return true;
}

static bool
check_sale(struct checker *c, const struct dbk_event *event)
{
	const struct dbk_sale *sale = &event->u.sale;

	return check_order(c, event) &&
	       check_part(c, sale->paid_by_balance, sale->paid) &&
	       check_payment(c, sale->psp, sale->psp_txn);
}

static bool
check_order_paid(struct checker *c, const struct dbk_event *event)
{
	return check_part(c, event->u.order_paid.paid_by_balance,
			  event->u.order_paid.amount);
}

static bool
check_refund(struct checker *c, const struct dbk_event *event)
{
	const struct dbk_refund_step *refund = &event->u.refund_step;

	if (refund->line == 0 && refund->qty != 0)
		return fail_number(c, DBK_FAULT_NUMBER_OUT_OF_RANGE, "qty",
				   refund->qty);
	return refund->amount > 0 || refund->qty > 0 ||
	       fail_number(c, DBK_FAULT_AMOUNT_ZERO, "amount", refund->amount);
}

static bool
check_fee(struct checker *c, const struct dbk_event *event)
{
	return check_payment(c, event->u.fee_charged.psp, event->u.fee_charged.psp_txn);
}

/* An earning is named by its order, line and level; an agent by itself. */
static bool
check_held(struct checker *c, const struct dbk_event *event)
{
	const struct dbk_commission_held *held = &event->u.commission_held;

	if (held->agent.size == 0)
		return held->order.size > 0 ||
		       fail(c, DBK_FAULT_FIELD_MISSING, "agent");
	if (held->order.size > 0)
		return fail(c, DBK_FAULT_FIELD_TWICE, "order");
	if (held->line != 0)
		return fail_number(c, DBK_FAULT_NUMBER_OUT_OF_RANGE, "line",
				   held->line);
	return held->level == 0 ||
	       fail_number(c, DBK_FAULT_NUMBER_OUT_OF_RANGE, "level", held->level);
}

/* A stretch of time has a length. */
static bool
check_stretch(struct checker *c, int64_t from, int64_t to)
{
	return to > from || fail_number(c, DBK_FAULT_NUMBER_OUT_OF_RANGE, "to", to);
}

static bool
check_period_closed(struct checker *c, const struct dbk_event *event)
{
	const struct dbk_period_closed *closed = &event->u.period_closed;
	uint32_t size = closed->balances_hash.size;

	if (!check_stretch(c, closed->from, closed->to))
		return false;
	return size == 0 || size == BALANCES_HASH_BYTES ||
	       fail_number(c, DBK_FAULT_MALFORMED, "balances_hash", size);
}

static bool
check_contest_opened(struct checker *c, const struct dbk_event *event)
{
	return check_stretch(c, event->u.contest_opened.from,
			     event->u.contest_opened.to);
}

static bool
check_stock_issued(struct checker *c, const struct dbk_event *event)
{
	const struct dbk_stock_issued *issue = &event->u.stock_issued;

	return check_stock_sum(c, issue->lines, issue->n_lines) &&
	       check_payment(c, issue->psp, issue->psp_txn);
}

static bool
check_stock_transferred(struct checker *c, const struct dbk_event *event)
{
	return check_stock_sum(c, event->u.stock_transferred.lines,
			       event->u.stock_transferred.n_lines);
}

static bool
check_stock_consumed(struct checker *c, const struct dbk_event *event)
{
	return check_stock_sum(c, event->u.stock_consumed.lines,
			       event->u.stock_consumed.n_lines);
}

static bool
check_stock_returned(struct checker *c, const struct dbk_event *event)
{
	return check_stock_sum(c, event->u.stock_returned.lines,
			       event->u.stock_returned.n_lines);
}

static bool
check_price_band(struct checker *c, const struct dbk_event *event)
{
	const struct dbk_price_band_set *band = &event->u.price_band_set;

	return band->max_price == 0 || band->max_price >= band->min_price ||
	       fail_number(c, DBK_FAULT_NUMBER_OUT_OF_RANGE, "max_price",
			   band->max_price);
}

static bool
check_territory(struct checker *c, const struct dbk_event *event)
{
	const struct dbk_territory_assigned *t = &event->u.territory_assigned;

	return t->valid_from == DBK_TIME_ABSENT || t->valid_to == DBK_TIME_ABSENT ||
	       t->valid_to > t->valid_from ||
	       fail_number(c, DBK_FAULT_TIME_OUT_OF_RANGE, "valid_to", t->valid_to);
}

static bool
check_scan(struct checker *c, const struct dbk_event *event)
{
	const struct dbk_custody_scanned *scan = &event->u.custody_scanned;

	return scan->lot.size > 0 || scan->serial.size > 0 ||
	       fail(c, DBK_FAULT_FIELD_MISSING, "lot");
}

/* The daemon's own source signs nothing. */
static bool
check_source_registered(struct checker *c, const struct dbk_event *event)
{
	const struct dbk_source_registered *r = &event->u.source_registered;

	if (dbk_str_equal(r->source, dbk_str_of(DBK_SOURCE_OF_DAEMON)))
		return fail_value(c, DBK_FAULT_NOT_PERMITTED, "source", r->source);
	return dbk_sign_is_usable((const unsigned char *)r->ed25519_public_key.bytes) ||
	       fail(c, DBK_FAULT_KEY_UNUSABLE, "ed25519_public_key");
}

typedef bool check_rule(struct checker *c, const struct dbk_event *event);

/* The events whose fields depend on each other. */
static check_rule *const rules[] = {
	[DBK_EVENT_BOOK_OPENED] = check_book_opened,
	[DBK_EVENT_PRICE_BAND_SET] = check_price_band,
	[DBK_EVENT_TERRITORY_ASSIGNED] = check_territory,
	[DBK_EVENT_REFERRAL_RECORDED] = check_referral,
	[DBK_EVENT_FEE_CHARGED] = check_fee,
	[DBK_EVENT_SALE_RECORDED] = check_sale,
	[DBK_EVENT_ORDER_PLACED] = check_order,
	[DBK_EVENT_ORDER_PAID] = check_order_paid,
	[DBK_EVENT_REFUND_REQUESTED] = check_refund,
	[DBK_EVENT_REFUND_APPROVED] = check_refund,
	[DBK_EVENT_COMMISSION_HELD] = check_held,
	[DBK_EVENT_STOCK_ISSUED] = check_stock_issued,
	[DBK_EVENT_STOCK_TRANSFERRED] = check_stock_transferred,
	[DBK_EVENT_STOCK_CONSUMED] = check_stock_consumed,
	[DBK_EVENT_STOCK_RETURNED] = check_stock_returned,
	[DBK_EVENT_CUSTODY_SCANNED] = check_scan,
	[DBK_EVENT_PERIOD_CLOSED] = check_period_closed,
	[DBK_EVENT_CONTEST_OPENED] = check_contest_opened,
	[DBK_EVENT_SOURCE_REGISTERED] = check_source_registered,
};

bool
dbk_event_check(const struct dbk_event *event, struct dbk_event_fault *fault)
{
	struct checker c = { fault, { NULL, DBK_NO_INDEX, NULL } };
	const struct dbk_schema *schema = dbk_schema_find((uint32_t)event->type);
	size_t type = (size_t)event->type;

	dbk_assert(schema != NULL);
	if (event->effective_at == DBK_TIME_ABSENT)
		return fail(&c, DBK_FAULT_FIELD_MISSING, "effective_at");
	if (!check_text(&c, "actor", event->actor) ||
	    (!event->is_sound &&
	     (!check_field(&c, dbk_schema_event_sealed, (const void *)event) ||
	      !check_fields(&c, schema, (const unsigned char *)&event->u))))
		return false;
	if (type < sizeof rules / sizeof rules[0] && rules[type] != NULL)
		return rules[type](&c, event);
	return true;
}
