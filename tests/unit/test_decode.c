#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/wire.h"
#include "base/buf.h"
#include "event/decode.h"
#include "event/schema.h"

#define ARENA_BYTES ((size_t)1 << 22)

static struct dbk_arena arena;
static struct dbk_event event;
static struct dbk_event_fault fault;

/* Decode BYTES from memory that ends where they end, so that a sanitizer sees a step
 * beyond.  The copy of the last call stays for the event that borrows from it. */
static bool
decodes(const void *bytes, size_t size)
{
	static void *copy;

	free(copy);
	copy = malloc(size == 0 ? 1 : size);
	if (size > 0)
		memcpy(copy, bytes, size);
	dbk_arena_reset(&arena);
	return dbk_event_decode(dbk_str_make(size == 0 ? NULL : copy, size), &arena,
				&event, &fault);
}

static bool
decodes_buf(struct dbk_buf *buf)
{
	bool is_decoded = decodes(buf->bytes, buf->size);

	dbk_buf_fini(buf);
	return is_decoded;
}

/* An event that is nothing but BODY as field TYPE; BODY is given back. */
static bool
decodes_body(uint32_t type, struct dbk_buf *body)
{
	struct dbk_buf buf = { 0 };

	wire_put_message(&buf, type, body);
	return decodes_buf(&buf);
}

static bool
is_fault(enum dbk_fault want, const char *path)
{
	char text[DBK_FIELD_TEXT_BYTES];

	(void)dbk_field_format(&fault.field, text);
	if (fault.fault == want && strcmp(text, path) == 0)
		return true;
	fprintf(stderr, "  got %s at \"%s\"\n", dbk_fault_name(fault.fault), text);
	return false;
}

static bool
is_fault_number(enum dbk_fault want, const char *path, int64_t number)
{
	return is_fault(want, path) && fault.has_number &&
	       CHECK_INT(fault.number, number);
}

/* ------------------------------------------------------------------- negative */

static void
test_nothing_is_no_event(void)
{
	CHECK(!decodes(NULL, 0) && is_fault(DBK_FAULT_BODY_MISSING, "body"));
	CHECK(!decodes("\x12\x01x", 3) && is_fault(DBK_FAULT_BODY_MISSING, "body"));
}

static struct dbk_buf
sale_bytes(void)
{
	struct dbk_buf buf = { 0 }, time = { 0 }, sale = { 0 }, line = { 0 },
		       from = { 0 };

	wire_put_number(&time, 1, 1700000000);
	wire_put_number(&time, 2, 123456000);
	wire_put_message(&buf, 1, &time);
	wire_put_text(&buf, 2, "till-3");
	wire_put_text(&sale, 1, "O-1");
	wire_put_text(&sale, 3, "A-7");
	wire_put_number(&line, 1, 1);
	wire_put_text(&line, 2, "SKU-1");
	wire_put_number(&line, 3, 200);
	wire_put_message(&sale, 8, &line);
	wire_put_number(&sale, 10, 19900);
	wire_put_text(&from, 2, "W-1");
	wire_put_message(&sale, 15, &from);
	wire_put_message(&buf, DBK_EVENT_SALE_RECORDED, &sale);
	return buf;
}

static void
test_a_part_is_no_event(void)
{
	struct dbk_buf buf = sale_bytes();

	for (size_t size = 0; size < buf.size; size++) {
		CHECK(!decodes(buf.bytes, size));
		CHECK(fault.fault == DBK_FAULT_MALFORMED ||
		      fault.fault == DBK_FAULT_BODY_MISSING);
	}
	CHECK(decodes(buf.bytes, buf.size));
	dbk_buf_fini(&buf);
}

static void
test_flipped_bits_are_faults_or_not(void)
{
	struct dbk_buf buf = sale_bytes();

	for (size_t bit = 0; bit < buf.size * 8; bit++) {
		buf.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		fault.fault = DBK_FAULT_NONE;
		CHECK(decodes(buf.bytes, buf.size) != (fault.fault != DBK_FAULT_NONE));
		buf.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
	dbk_buf_fini(&buf);
}

static bool
decodes_size(size_t size)
{
	struct dbk_buf buf = { 0 };
	size_t head = 3 + 4; /* an empty body; tag and length of actor */
	char *actor = calloc(1, size);

	wire_put_bytes(&buf, DBK_EVENT_CLOCK_ADVANCED, NULL, 0);
	wire_put_bytes(&buf, 2, actor, size - head);
	free(actor);
	CHECK_INT(buf.size, size);
	return decodes_buf(&buf);
}

static void
test_events_have_a_largest_size(void)
{
	CHECK(decodes_size(DBK_EVENT_BYTES_MAX - 1));
	CHECK(decodes_size(DBK_EVENT_BYTES_MAX));
	CHECK(!decodes_size(DBK_EVENT_BYTES_MAX + 1));
	CHECK(is_fault_number(DBK_FAULT_TOO_LARGE, "", DBK_EVENT_BYTES_MAX + 1));
}

static void
test_unknown_bodies_have_numbers(void)
{
	static const uint32_t unknown[] = { 4,	 99,  100, 109, 200, 216,   317,
					    408, 512, 611, 714, 801, 100000 };

	for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
		struct dbk_buf body = { 0 };

		CHECK(!decodes_body(unknown[i], &body));
		CHECK(is_fault_number(DBK_FAULT_UNKNOWN_FIELD, "", unknown[i]));
	}
}

static void
test_untaken_bodies_are_told_apart(void)
{
	unsigned count = 0;

	for (uint32_t number = 101; number < 800; number++) {
		struct dbk_buf body = { 0 };

		if (!dbk_schema_knows(number) || dbk_schema_find(number) != NULL)
			continue;
		count++;
		CHECK(!decodes_body(number, &body));
		CHECK(is_fault_number(DBK_FAULT_NOT_SUPPORTED, "body", number));
	}
	CHECK_INT(count, 1);
}

static void
test_unknown_fields_are_found(void)
{
	struct dbk_buf body = { 0 }, inner = { 0 }, buf = { 0 };

	wire_put_number(&body, 22, 1);
	CHECK(!decodes_body(DBK_EVENT_SALE_RECORDED, &body));
	CHECK(is_fault_number(DBK_FAULT_UNKNOWN_FIELD, "", 22));
	wire_put_number(&body, 11, 1); /* a hole in OrderPlaced */
	CHECK(!decodes_body(DBK_EVENT_ORDER_PLACED, &body));
	CHECK(is_fault_number(DBK_FAULT_UNKNOWN_FIELD, "", 11));
	wire_put_message(&body, 8, &inner);
	wire_put_number(&inner, 8, 1);
	wire_put_message(&body, 8, &inner);
	CHECK(!decodes_body(DBK_EVENT_SALE_RECORDED, &body));
	CHECK(is_fault_number(DBK_FAULT_UNKNOWN_FIELD, "lines[1]", 8));
	wire_put_number(&inner, 3, 1);
	wire_put_message(&body, 15, &inner);
	CHECK(!decodes_body(DBK_EVENT_SALE_RECORDED, &body));
	CHECK(is_fault_number(DBK_FAULT_UNKNOWN_FIELD, "ship_from", 3));
	wire_put_number(&inner, 3, 1);
	wire_put_message(&buf, 1, &inner);
	CHECK(!decodes_buf(&buf));
	CHECK(is_fault_number(DBK_FAULT_UNKNOWN_FIELD, "effective_at", 3));
	wire_put_number(&body, 1, 1);
	CHECK(!decodes_body(DBK_EVENT_CLOCK_ADVANCED, &body));
	CHECK(is_fault_number(DBK_FAULT_UNKNOWN_FIELD, "", 1));
}

/* Every single field of every event, sent twice. */
static void
test_no_single_field_comes_twice(void)
{
	for (uint32_t type = 0; type < 1000; type++) {
		const struct dbk_schema *schema = dbk_schema_find(type);

		for (uint32_t i = 1; schema != NULL && i < schema->n_fields; i++) {
			const struct dbk_schema_field *field = &schema->fields[i];
			struct dbk_buf body = { 0 };

			if (field->name == NULL || field->once == 0)
				continue;
			for (int twice = 0; twice < 2; twice++) {
				if ((field->tag & 7) == 2)
					wire_put_bytes(&body, i, NULL, 0);
				else
					wire_put_number(&body, i, 0);
			}
			CHECK(!decodes_body(type, &body));
			CHECK(is_fault(DBK_FAULT_FIELD_TWICE, field->name));
		}
	}
}

static void
test_nothing_else_comes_twice(void)
{
	struct dbk_buf buf = { 0 }, inner = { 0 }, body = { 0 };

	wire_put_bytes(&buf, 1, NULL, 0);
	wire_put_bytes(&buf, 1, NULL, 0);
	CHECK(!decodes_buf(&buf) && is_fault(DBK_FAULT_FIELD_TWICE, "effective_at"));
	wire_put_bytes(&buf, 2, NULL, 0);
	wire_put_bytes(&buf, 2, NULL, 0);
	CHECK(!decodes_buf(&buf) && is_fault(DBK_FAULT_FIELD_TWICE, "actor"));
	wire_put_bytes(&buf, DBK_EVENT_CLOCK_ADVANCED, NULL, 0);
	wire_put_bytes(&buf, DBK_EVENT_SALE_RECORDED, NULL, 0);
	CHECK(!decodes_buf(&buf) && is_fault(DBK_FAULT_FIELD_TWICE, "body"));
	wire_put_number(&inner, 1, 1);
	wire_put_number(&inner, 1, 1);
	wire_put_message(&buf, 1, &inner);
	CHECK(!decodes_buf(&buf) && is_fault(DBK_FAULT_FIELD_TWICE, "effective_at"));
	wire_put_text(&inner, 2, "S");
	wire_put_text(&inner, 2, "S");
	wire_put_message(&body, 8, &inner);
	CHECK(!decodes_body(DBK_EVENT_SALE_RECORDED, &body));
	CHECK(is_fault(DBK_FAULT_FIELD_TWICE, "lines[0].sku"));
}

static void
test_a_oneof_is_one(void)
{
	struct dbk_buf body = { 0 }, inner = { 0 };

	wire_put_text(&body, 2, "A");
	wire_put_text(&body, 3, "C");
	CHECK(!decodes_body(DBK_EVENT_REFERRAL_RECORDED, &body));
	CHECK(is_fault(DBK_FAULT_FIELD_TWICE, "referrer_customer"));
	wire_put_text(&body, 5, "A");
	wire_put_text(&body, 4, "");
	CHECK(!decodes_body(DBK_EVENT_REFERRAL_RECORDED, &body));
	CHECK(is_fault(DBK_FAULT_FIELD_TWICE, "referred_agent"));
	wire_put_text(&inner, 1, "A");
	wire_put_text(&inner, 2, "W");
	wire_put_message(&body, 15, &inner);
	CHECK(!decodes_body(DBK_EVENT_SALE_RECORDED, &body));
	CHECK(is_fault(DBK_FAULT_FIELD_TWICE, "ship_from.location"));
}

/* Every field of every event, with each of the other wire types. */
static void
test_no_other_wire_type_will_do(void)
{
	static const char zeros[8];

	for (uint32_t type = 0; type < 1000; type++) {
		const struct dbk_schema *schema = dbk_schema_find(type);

		for (uint32_t i = 1; schema != NULL && i < schema->n_fields; i++) {
			for (unsigned wire = 0; wire < 8; wire++) {
				const struct dbk_schema_field *field =
				    &schema->fields[i];
				struct dbk_buf body = { 0 };

				if (field->name == NULL || wire == (field->tag & 7u) ||
				    (dbk_schema_is_packed(field) && wire == 0))
					continue;
				dbk_buf_put_varint(&body, i << 3 | wire);
				dbk_buf_put(&body, zeros, sizeof zeros);
				CHECK(!decodes_body(type, &body));
				CHECK(is_fault(DBK_FAULT_MALFORMED,
					       wire > 5 ? "" : field->name));
			}
		}
	}
}

#define DECODES(text) decodes((text), sizeof(text) - 1)

static void
test_broken_bytes_are_malformed(void)
{
	CHECK(!DECODES("\x80") && is_fault(DBK_FAULT_MALFORMED, ""));
	CHECK(!DECODES("\x02\x00") && is_fault(DBK_FAULT_MALFORMED, "")); /* field 0 */
	CHECK(!DECODES("\x0a\x05") && is_fault(DBK_FAULT_MALFORMED, ""));
	CHECK(!DECODES("\x08\x05") && is_fault(DBK_FAULT_MALFORMED, "effective_at"));
	CHECK(!DECODES("\x10\x05") && is_fault(DBK_FAULT_MALFORMED, "actor"));
	CHECK(!DECODES("\x0f\x05") && is_fault(DBK_FAULT_MALFORMED, ""));
	CHECK(!DECODES("\xe8\x12\x05") && is_fault(DBK_FAULT_MALFORMED, "body"));
	CHECK(!DECODES("\x0a\x02\x0a\x00") &&
	      is_fault(DBK_FAULT_MALFORMED, "effective_at"));
	CHECK(!DECODES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02") &&
	      is_fault(DBK_FAULT_MALFORMED, ""));
	CHECK(!DECODES("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
	CHECK(is_fault(DBK_FAULT_MALFORMED, ""));
}

/* protobuf-c and others read no further than five bytes of a tag or a length. */
static void
test_tags_and_lengths_are_short(void)
{
	CHECK(DECODES("\xea\x8c\x80\x80\x00\x80\x80\x80\x80\x00"));
	CHECK(!DECODES("\xea\x8c\x80\x80\x80\x00\x00"));
	CHECK(is_fault(DBK_FAULT_MALFORMED, ""));
	CHECK(!DECODES("\xea\x0c\x80\x80\x80\x80\x80\x00"));
	CHECK(is_fault(DBK_FAULT_MALFORMED, ""));
}

static bool
decodes_number(uint32_t type, uint32_t number, uint64_t value)
{
	struct dbk_buf body = { 0 };

	wire_put_number(&body, number, value);
	return decodes_body(type, &body);
}

static void
test_numbers_fit_their_type(void)
{
	CHECK(decodes_number(DBK_EVENT_BOOK_OPENED, 3, UINT32_MAX));
	CHECK(!decodes_number(DBK_EVENT_BOOK_OPENED, 3, (uint64_t)UINT32_MAX + 1));
	CHECK(is_fault_number(DBK_FAULT_NUMBER_OUT_OF_RANGE, "exponent", 4294967296));
	CHECK(decodes_number(DBK_EVENT_BOOK_OPENED, 4, INT32_MAX));
	CHECK(!decodes_number(DBK_EVENT_BOOK_OPENED, 4, (uint64_t)INT32_MAX + 1));
	CHECK(is_fault_number(DBK_FAULT_NUMBER_OUT_OF_RANGE, "utc_offset_minutes",
			      2147483648));
	CHECK(decodes_number(DBK_EVENT_BOOK_OPENED, 4, (uint64_t)INT32_MIN));
	CHECK(event.u.book_opened.utc_offset_minutes == INT32_MIN);
	CHECK(!decodes_number(DBK_EVENT_BOOK_OPENED, 4, (uint64_t)INT32_MIN - 1));
	CHECK(decodes_number(DBK_EVENT_SKU_DEFINED, 8, 1));
	CHECK(event.u.sku_defined.not_commissionable);
	CHECK(!decodes_number(DBK_EVENT_SKU_DEFINED, 8, 2));
	CHECK(is_fault_number(DBK_FAULT_NUMBER_OUT_OF_RANGE, "not_commissionable", 2));
	CHECK(decodes_number(DBK_EVENT_RANK_CHANGED, 6, (uint64_t)INT64_MIN));
	CHECK(event.u.rank_changed.value == INT64_MIN);
}

static void
test_enums_are_known(void)
{
	CHECK(decodes_number(DBK_EVENT_SALE_RECORDED, 2, 4));
	CHECK_INT(event.u.sale.kind, DBK_ORDER_SAMPLE);
	CHECK(!decodes_number(DBK_EVENT_SALE_RECORDED, 2, 5));
	CHECK(is_fault_number(DBK_FAULT_UNKNOWN_ENUM_VALUE, "kind", 5));
	CHECK(!decodes_number(DBK_EVENT_SALE_RECORDED, 7, UINT64_MAX));
	CHECK(is_fault_number(DBK_FAULT_UNKNOWN_ENUM_VALUE, "fulfilment", -1));
	CHECK(!decodes_number(DBK_EVENT_RECEIPT_CONFIRMED, 3, 5));
	CHECK(is_fault(DBK_FAULT_UNKNOWN_ENUM_VALUE, "method"));
}

static bool
decodes_time(uint64_t seconds, uint64_t nanos)
{
	struct dbk_buf body = { 0 }, time = { 0 };

	wire_put_number(&time, 1, seconds);
	wire_put_number(&time, 2, nanos);
	wire_put_message(&body, 14, &time);
	return decodes_body(DBK_EVENT_SALE_RECORDED, &body);
}

static void
test_times_have_range_and_grain(void)
{
	const uint64_t last = DBK_TIME_US_MAX / 1000000;

	CHECK(decodes_time(last, 999999000));
	CHECK(event.u.sale.delivered_at == DBK_TIME_US_MAX);
	CHECK(!decodes_time(last + 1, 0));
	CHECK(is_fault_number(DBK_FAULT_TIME_OUT_OF_RANGE, "delivered_at",
			      (int64_t)last + 1));
	CHECK(decodes_time(0, 0) && event.u.sale.delivered_at == 0);
	CHECK(!decodes_time((uint64_t)-1, 0));
	CHECK(is_fault_number(DBK_FAULT_TIME_OUT_OF_RANGE, "delivered_at", -1));
	CHECK(!decodes_time(1, 1000000000));
	CHECK(is_fault_number(DBK_FAULT_TIME_OUT_OF_RANGE, "delivered_at", 1000000000));
	CHECK(!decodes_time(1, (uint64_t)-1000));
	CHECK(is_fault_number(DBK_FAULT_TIME_OUT_OF_RANGE, "delivered_at", -1000));
	CHECK(decodes_time(1, 1000) && event.u.sale.delivered_at == 1000001);
	CHECK(!decodes_time(1, 999) && fault.number == 999);
	CHECK(!decodes_time(1, 1001));
	CHECK(is_fault_number(DBK_FAULT_TIME_TOO_FINE, "delivered_at", 1001));
}

static void
test_a_full_arena_is_a_fault(void)
{
	struct dbk_buf buf = sale_bytes();
	struct dbk_arena small;

	dbk_arena_init(&small, sizeof(struct dbk_order_line) - 1);
	CHECK(!dbk_event_decode(dbk_str_make(buf.bytes, buf.size), &small, &event,
				&fault));
	CHECK(is_fault(DBK_FAULT_TOO_LARGE, "lines"));
	dbk_arena_fini(&small);
	dbk_arena_init(&small, sizeof(struct dbk_order_line));
	CHECK(dbk_event_decode(dbk_str_make(buf.bytes, buf.size), &small, &event,
			       &fault));
	dbk_arena_fini(&small);
	dbk_buf_fini(&buf);
}

/* ------------------------------------------------------------------- positive */

static void
test_a_sale_is_opened_in_place(void)
{
	struct dbk_buf buf = sale_bytes();
	const struct dbk_sale *sale = &event.u.sale;
	const struct dbk_order_line *line;

	CHECK(dbk_event_decode(dbk_str_make(buf.bytes, buf.size), &arena, &event,
			       &fault));
	line = sale->lines;
	CHECK(event.type == DBK_EVENT_SALE_RECORDED);
	CHECK_INT(event.effective_at, 1700000000123456);
	CHECK(dbk_str_equal(event.actor, dbk_str_of("till-3")));
	CHECK(event.bytes.bytes == (const char *)buf.bytes);
	CHECK(dbk_str_equal(sale->order, dbk_str_of("O-1")));
	CHECK(sale->order.bytes > event.bytes.bytes &&
	      sale->order.bytes < event.bytes.bytes + event.bytes.size);
	CHECK(dbk_str_equal(sale->seller, dbk_str_of("A-7")) && sale->buyer.size == 0);
	CHECK_INT(sale->n_lines, 1);
	CHECK(line->line == 1 && line->qty == 200 && line->unit_price == 0);
	CHECK(dbk_str_equal(line->sku, dbk_str_of("SKU-1")) && line->lot.size == 0);
	CHECK(sale->paid == 19900 && sale->psp.size == 0);
	CHECK(sale->delivered_at == DBK_TIME_ABSENT);
	CHECK_INT(sale->ship_from.kind, DBK_HOLDER_LOCATION);
	CHECK(dbk_str_equal(sale->ship_from.location, dbk_str_of("W-1")));
	CHECK(sale->ship_from.agent.size == 0);
	dbk_buf_fini(&buf);
}

static void
test_absent_enums_have_their_value(void)
{
	struct dbk_buf body = { 0 };

	CHECK(decodes_body(DBK_EVENT_SALE_RECORDED, &body));
	CHECK_INT(event.u.sale.kind, DBK_ORDER_RETAIL);
	CHECK_INT(event.u.sale.fulfilment, DBK_BRAND_SHIP);
	CHECK(decodes_number(DBK_EVENT_SALE_RECORDED, 7, 0));
	CHECK_INT(event.u.sale.fulfilment, DBK_BRAND_SHIP);
	CHECK(decodes_body(DBK_EVENT_STOCK_TRANSFERRED, &body));
	CHECK_INT(event.u.stock_transferred.from_place, DBK_PLACE_PHYSICAL);
	CHECK_INT(event.u.stock_transferred.to_place, DBK_PLACE_PHYSICAL);
	CHECK(decodes_body(DBK_EVENT_STOCK_CONSUMED, &body));
	CHECK_INT(event.u.stock_consumed.place, DBK_PLACE_PHYSICAL);
	CHECK_INT(event.u.stock_consumed.kind, 0);
}

static void
test_a_holder_knows_its_kind(void)
{
	struct dbk_buf body = { 0 }, inner = { 0 };

	wire_put_message(&body, 3, &inner);
	CHECK(decodes_body(DBK_EVENT_STOCK_ISSUED, &body));
	CHECK_INT(event.u.stock_issued.to.kind, DBK_HOLDER_SUPPLY);
	wire_put_text(&inner, 1, "");
	wire_put_message(&body, 3, &inner);
	CHECK(decodes_body(DBK_EVENT_STOCK_ISSUED, &body));
	CHECK_INT(event.u.stock_issued.to.kind, DBK_HOLDER_AGENT);
}

int
main(void)
{
	dbk_arena_init(&arena, ARENA_BYTES);
	check_run("nothing is no event", test_nothing_is_no_event);
	check_run("a part is no event", test_a_part_is_no_event);
	check_run("flipped bits are faults or not",
		  test_flipped_bits_are_faults_or_not);
	check_run("events have a largest size", test_events_have_a_largest_size);
	check_run("unknown bodies have numbers", test_unknown_bodies_have_numbers);
	check_run("untaken bodies are told apart", test_untaken_bodies_are_told_apart);
	check_run("unknown fields are found", test_unknown_fields_are_found);
	check_run("no single field comes twice", test_no_single_field_comes_twice);
	check_run("nothing else comes twice", test_nothing_else_comes_twice);
	check_run("a oneof is one", test_a_oneof_is_one);
	check_run("no other wire type will do", test_no_other_wire_type_will_do);
	check_run("broken bytes are malformed", test_broken_bytes_are_malformed);
	check_run("tags and lengths are short", test_tags_and_lengths_are_short);
	check_run("numbers fit their type", test_numbers_fit_their_type);
	check_run("enums are known", test_enums_are_known);
	check_run("times have range and grain", test_times_have_range_and_grain);
	check_run("a full arena is a fault", test_a_full_arena_is_a_fault);
	check_run("a sale is opened in place", test_a_sale_is_opened_in_place);
	check_run("absent enums have their value", test_absent_enums_have_their_value);
	check_run("a holder knows its kind", test_a_holder_knows_its_kind);
	(void)decodes(NULL, 0);
	dbk_arena_fini(&arena);
	return check_end();
}
