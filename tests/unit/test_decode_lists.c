#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/wire.h"
#include "event/decode.h"
#include "event/schema.h"

/* What repeats in an event: how often it may, and in which pieces it may be sent. */

#define ARENA_BYTES ((size_t)1 << 22)

static struct dbk_arena arena;
static struct dbk_event event;
static struct dbk_event_fault fault;

/* An event that is nothing but BODY as field TYPE, in memory that ends where it ends;
 * BODY is given back. */
static bool
decodes_body(uint32_t type, struct dbk_buf *body)
{
	static void *copy;
	struct dbk_buf buf = { 0 };
	size_t size;

	wire_put_message(&buf, type, body);
	free(copy);
	size = buf.size;
	copy = malloc(size);
	memcpy(copy, buf.bytes, size);
	dbk_buf_fini(&buf);
	dbk_arena_reset(&arena);
	return dbk_event_decode(dbk_str_make(copy, size), &arena, &event, &fault);
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

/* COUNT elements of field NUMBER: empty texts, or messages without a field. */
static bool
decodes_repeated(uint32_t type, uint32_t number, unsigned count)
{
	struct dbk_buf body = { 0 };

	for (unsigned i = 0; i < count; i++)
		wire_put_bytes(&body, number, NULL, 0);
	return decodes_body(type, &body);
}

static void
test_lists_have_a_largest_length(void)
{
	static const struct {
		uint32_t type, number, max;
		const char *name;
	} lists[] = {
		{ DBK_EVENT_SALE_RECORDED, 8, DBK_LINES_MAX, "lines" },
		{ DBK_EVENT_ORDER_PLACED, 8, DBK_LINES_MAX, "lines" },
		{ DBK_EVENT_STOCK_ISSUED, 5, DBK_LINES_MAX, "lines" },
		{ DBK_EVENT_SKU_DEFINED, 6, DBK_REPEATED_MAX, "documents" },
		{ DBK_EVENT_SALE_RECORDED, 20, DBK_ATTRIBUTIONS_MAX, "attributions" },
		{ DBK_EVENT_ORDER_PLACED, 20, DBK_ATTRIBUTIONS_MAX, "attributions" },
		{ DBK_EVENT_PLAN_PUBLISHED, 5, DBK_PARAMETERS_MAX, "parameters" },
		{ DBK_EVENT_BONUS_AWARDED, 5, DBK_SHARES_MAX, "shares" },
		{ DBK_EVENT_PAYOUT_BATCHED, 2, DBK_BATCH_PAYOUTS_MAX, "payouts" },
	};

	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		const struct dbk_schema_field *field =
		    &dbk_schema_find(lists[i].type)->fields[lists[i].number];
		uint32_t count;

		CHECK(decodes_repeated(lists[i].type, lists[i].number, lists[i].max));
		memcpy(&count, (unsigned char *)&event.u + field->count_offset,
		       sizeof count);
		CHECK_INT(count, lists[i].max);
		CHECK(!decodes_repeated(lists[i].type, lists[i].number,
					lists[i].max + 1));
		CHECK(is_fault_number(DBK_FAULT_LINES_TOO_MANY, lists[i].name,
				      lists[i].max + 1));
	}
}

static void
test_a_list_has_one_form_of_its_tag(void)
{
	struct dbk_buf body = { 0 };

	dbk_buf_put(&body, "\xc2\x00\x00", 3);
	CHECK(!decodes_body(DBK_EVENT_SALE_RECORDED, &body));
	CHECK(is_fault(DBK_FAULT_MALFORMED, "lines"));
	dbk_buf_put(&body, "\xa2\x81\x00\x00", 4);
	CHECK(!decodes_body(DBK_EVENT_SALE_RECORDED, &body));
	CHECK(is_fault(DBK_FAULT_MALFORMED, "attributions"));
}

static void
test_faults_in_parts_have_a_path(void)
{
	struct dbk_buf body = { 0 }, part = { 0 };

	wire_put_message(&body, 20, &part);
	wire_put_number(&part, 3, 1);
	wire_put_message(&body, 20, &part);
	CHECK(!decodes_body(DBK_EVENT_SALE_RECORDED, &body));
	CHECK(is_fault_number(DBK_FAULT_UNKNOWN_FIELD, "attributions[1]", 3));
	wire_put_text(&part, 1, "A");
	wire_put_text(&part, 1, "A");
	wire_put_message(&body, 5, &part);
	CHECK(!decodes_body(DBK_EVENT_BONUS_AWARDED, &body));
	CHECK(is_fault(DBK_FAULT_FIELD_TWICE, "shares[0].agent"));
	wire_put_number(&part, 8, (uint64_t)UINT32_MAX + 1);
	wire_put_message(&body, 5, &part);
	CHECK(!decodes_body(DBK_EVENT_PLAN_PUBLISHED, &body));
	CHECK(is_fault_number(DBK_FAULT_NUMBER_OUT_OF_RANGE, "parameters[0].level",
			      4294967296));
	wire_put_text(&body, 2, "P-1");
	dbk_buf_put(&body, "\x12\x05P", 3);
	CHECK(!decodes_body(DBK_EVENT_PAYOUT_BATCHED, &body));
	CHECK(is_fault(DBK_FAULT_MALFORMED, "payouts"));
}

/* BYTES as the whole of an OrderFlagged. */
static bool
decodes_flag(const char *bytes, size_t size)
{
	struct dbk_buf body = { 0 };

	dbk_buf_put(&body, bytes, size);
	return decodes_body(DBK_EVENT_ORDER_FLAGGED, &body);
}

#define DECODES_FLAG(text) decodes_flag((text), sizeof(text) - 1)

static void
test_broken_numbers_are_malformed(void)
{
	static const char *const path = "evidence";

	CHECK(!DECODES_FLAG("\x22") && is_fault(DBK_FAULT_MALFORMED, path));
	CHECK(!DECODES_FLAG("\x22\x02\x01") && is_fault(DBK_FAULT_MALFORMED, path));
	CHECK(!DECODES_FLAG("\x22\x01\x80") && is_fault(DBK_FAULT_MALFORMED, path));
	/* A number ends with its piece, whatever stands behind. */
	CHECK(!DECODES_FLAG("\x22\x02\x01\x80\x01"));
	CHECK(is_fault(DBK_FAULT_MALFORMED, path));
	CHECK(!DECODES_FLAG("\x20") && is_fault(DBK_FAULT_MALFORMED, path));
	CHECK(!DECODES_FLAG("\x20\x80") && is_fault(DBK_FAULT_MALFORMED, path));
	CHECK(!DECODES_FLAG("\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"));
	CHECK(is_fault(DBK_FAULT_MALFORMED, path));
	CHECK(!DECODES_FLAG("\x22\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"));
	CHECK(is_fault(DBK_FAULT_MALFORMED, path));
}

static void
put_packed(struct dbk_buf *body, unsigned count)
{
	struct dbk_buf piece = { 0 };

	for (unsigned i = 0; i < count; i++)
		dbk_buf_put_varint(&piece, i * 1000);
	wire_put_message(body, 4, &piece);
}

static void
test_numbers_have_a_largest_count_in_any_form(void)
{
	struct dbk_buf body = { 0 };

	put_packed(&body, DBK_EVIDENCE_MAX);
	CHECK(decodes_body(DBK_EVENT_ORDER_FLAGGED, &body));
	CHECK_INT(event.u.order_flag.n_evidence, DBK_EVIDENCE_MAX);
	for (unsigned i = 0; i < DBK_EVIDENCE_MAX; i++)
		CHECK_INT(event.u.order_flag.evidence[i], i * 1000);
	put_packed(&body, DBK_EVIDENCE_MAX + 1);
	CHECK(!decodes_body(DBK_EVENT_ORDER_FLAGGED, &body));
	CHECK(is_fault_number(DBK_FAULT_LINES_TOO_MANY, "evidence",
			      DBK_EVIDENCE_MAX + 1));
	for (unsigned i = 0; i <= DBK_EVIDENCE_MAX; i++)
		wire_put_number(&body, 4, i);
	CHECK(!decodes_body(DBK_EVENT_ORDER_FLAGGED, &body));
	CHECK(is_fault_number(DBK_FAULT_LINES_TOO_MANY, "evidence",
			      DBK_EVIDENCE_MAX + 1));
	put_packed(&body, DBK_EVIDENCE_MAX);
	wire_put_number(&body, 4, 1);
	CHECK(!decodes_body(DBK_EVENT_ORDER_FLAGGED, &body));
	CHECK(is_fault_number(DBK_FAULT_LINES_TOO_MANY, "evidence",
			      DBK_EVIDENCE_MAX + 1));
}

/* However it is cut up, a list takes memory in step with its length. */
static void
test_pieces_of_numbers_take_no_more_memory_than_a_list(void)
{
	struct dbk_buf body = { 0 };

	for (unsigned i = 0; i < DBK_EVIDENCE_MAX; i++) {
		if (i % 2 == 0)
			put_packed(&body, 1);
		else
			wire_put_number(&body, 4, i);
	}
	CHECK(decodes_body(DBK_EVENT_ORDER_FLAGGED, &body));
	CHECK_INT(event.u.order_flag.n_evidence, DBK_EVIDENCE_MAX);
	CHECK(arena.used_bytes <= 3 * DBK_EVIDENCE_MAX * sizeof(uint64_t));
}

static void
test_a_full_arena_is_a_fault_of_numbers_too(void)
{
	static const char bytes[] = "\xda\x13\x04\x22\x02\x07\x09";
	struct dbk_arena none;

	dbk_arena_init(&none, 0);
	CHECK(!dbk_event_decode(dbk_str_make(bytes, sizeof bytes - 1), &none, &event,
				&fault));
	CHECK(is_fault(DBK_FAULT_TOO_LARGE, "evidence"));
	dbk_arena_fini(&none);
}

/* ------------------------------------------------------------------- positive */

static void
test_numbers_come_in_one_piece_or_in_many(void)
{
	const struct dbk_order_flag *flag = &event.u.order_flag;

	CHECK(DECODES_FLAG("") && flag->n_evidence == 0);
	CHECK(DECODES_FLAG("\x22\x00") && flag->n_evidence == 0);
	CHECK(DECODES_FLAG("\x20\x05") && flag->n_evidence == 1);
	CHECK_INT(flag->evidence[0], 5);
	CHECK(DECODES_FLAG("\x22\x03\x05\xac\x02\x20\x07\x22\x01\x09\x18\x04\x20\x00"));
	CHECK_INT(flag->n_evidence, 5);
	CHECK(flag->evidence[0] == 5 && flag->evidence[1] == 300);
	CHECK(flag->evidence[2] == 7 && flag->evidence[3] == 9);
	CHECK_INT(flag->evidence[4], 0);
	CHECK_INT(flag->revision, 4);
	CHECK(DECODES_FLAG("\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
	CHECK(flag->evidence[0] == UINT64_MAX);
}

static void
test_lists_may_be_interrupted(void)
{
	struct dbk_buf body = { 0 };

	for (unsigned i = 0; i < 3; i++) {
		char number[2] = { 8, (char)(i + 1) };

		wire_put_bytes(&body, 8, number, 2);
		wire_put_number(&body, 9 + i, 7);
	}
	CHECK(decodes_body(DBK_EVENT_SALE_RECORDED, &body));
	CHECK_INT(event.u.sale.n_lines, 3);
	for (unsigned i = 0; i < 3; i++)
		CHECK_INT(event.u.sale.lines[i].line, i + 1);
}

static void
test_two_lists_may_take_turns(void)
{
	struct dbk_buf body = { 0 }, part = { 0 };
	const struct dbk_sale *sale = &event.u.sale;

	for (unsigned i = 0; i < DBK_ATTRIBUTIONS_MAX; i++) {
		wire_put_number(&part, 1, i + 1);
		wire_put_message(&body, 8, &part);
		wire_put_text(&part, 1, "A");
		wire_put_number(&part, 2, i + 10);
		wire_put_message(&body, 20, &part);
	}
	CHECK(decodes_body(DBK_EVENT_SALE_RECORDED, &body));
	CHECK_INT(sale->n_lines, DBK_ATTRIBUTIONS_MAX);
	CHECK_INT(sale->n_attributions, DBK_ATTRIBUTIONS_MAX);
	for (unsigned i = 0; i < DBK_ATTRIBUTIONS_MAX; i++) {
		CHECK_INT(sale->lines[i].line, i + 1);
		CHECK_INT(sale->attributions[i].weight_ppm, i + 10);
	}
}

int
main(void)
{
	dbk_arena_init(&arena, ARENA_BYTES);
	check_run("lists have a largest length", test_lists_have_a_largest_length);
	check_run("a list has one form of its tag",
		  test_a_list_has_one_form_of_its_tag);
	check_run("faults in parts have a path", test_faults_in_parts_have_a_path);
	check_run("broken numbers are malformed", test_broken_numbers_are_malformed);
	check_run("numbers have a largest count in any form",
		  test_numbers_have_a_largest_count_in_any_form);
	check_run("pieces of numbers take no more memory than a list",
		  test_pieces_of_numbers_take_no_more_memory_than_a_list);
	check_run("a full arena is a fault of numbers too",
		  test_a_full_arena_is_a_fault_of_numbers_too);
	check_run("numbers come in one piece or in many",
		  test_numbers_come_in_one_piece_or_in_many);
	check_run("lists may be interrupted", test_lists_may_be_interrupted);
	check_run("two lists may take turns", test_two_lists_may_take_turns);
	dbk_arena_fini(&arena);
	return check_end();
}
