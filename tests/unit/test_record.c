#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>
#include <daybook/v1/record.pb-c.h>
#include <google/protobuf/timestamp.pb-c.h>

#include "../tests/lib/check.h"
#include "../tests/lib/random_message.h"
#include "event/record.h"

#define RUNS 20000

static struct random_source source;

static struct dbk_record
small_record(void)
{
	struct dbk_record record = {
		.position = 7,
		.recorded_at_us = 1700000000123456,
		.source = dbk_str_of("shop"),
		.batch_seq = 300,
		.index = 2,
		.outcome = DBK_ACCEPTED,
		.event = dbk_str_of("event"),
	};

	return record;
}

static struct dbk_record
refused_record(void)
{
	struct dbk_record record = small_record();

	record.outcome = DBK_REFUSED;
	record.rule = DBK_RULE_STOCK_INSUFFICIENT;
	record.refusal_field = dbk_str_of("lines[2].qty");
	record.refusal_value = dbk_str_of("仓");
	record.measured = 9;
	record.limit = -1;
	record.other_position_plus_one = 5;
	return record;
}

static struct dbk_record
sealed_record(void)
{
	struct dbk_record record = small_record();

	record.has_seal = true;
	record.seal.events = 300;
	record.seal.revision = 2;
	record.seal.atomic = true;
	memset(record.seal.digest, 'd', sizeof record.seal.digest);
	memset(record.seal.signature, 's', sizeof record.seal.signature);
	return record;
}

static struct dbk_str
encoded(const struct dbk_record *record, struct dbk_buf *buf)
{
	dbk_buf_reset(buf);
	dbk_record_encode(record, buf);
	CHECK(!dbk_buf_failed(buf));
	return dbk_str_make(buf->bytes, buf->size);
}

static bool
is_same_seal(const struct dbk_record_seal *a, const struct dbk_record_seal *b)
{
	return a->events == b->events && a->revision == b->revision &&
	       a->atomic == b->atomic &&
	       memcmp(a->digest, b->digest, sizeof a->digest) == 0 &&
	       memcmp(a->signature, b->signature, sizeof a->signature) == 0;
}

static bool
is_same(const struct dbk_record *a, const struct dbk_record *b)
{
	return a->position == b->position && a->recorded_at_us == b->recorded_at_us &&
	       dbk_str_equal(a->source, b->source) && a->batch_seq == b->batch_seq &&
	       a->index == b->index && a->outcome == b->outcome && a->rule == b->rule &&
	       dbk_str_equal(a->refusal_field, b->refusal_field) &&
	       dbk_str_equal(a->refusal_value, b->refusal_value) &&
	       a->measured == b->measured && a->limit == b->limit &&
	       a->other_position_plus_one == b->other_position_plus_one &&
	       dbk_str_equal(a->event, b->event) && a->has_seal == b->has_seal &&
	       (!a->has_seal || is_same_seal(&a->seal, &b->seal));
}

/* ------------------------------------------------------------------- negative */

static bool
decodes(const void *bytes, size_t size)
{
	struct dbk_record out;
	bool is_decoded;
	void *copy =
	    malloc(size == 0 ? 1 : size); /* so that a sanitizer sees its end */

	if (size > 0)
		memcpy(copy, bytes, size);
	is_decoded =
	    dbk_record_decode(dbk_str_make(size == 0 ? NULL : copy, size), &out);
	free(copy);
	return is_decoded;
}

static void
test_truncated_records_do_not_decode(void)
{
	struct dbk_record record = refused_record();
	struct dbk_buf buf = { 0 };
	struct dbk_str bytes = encoded(&record, &buf);

	CHECK(decodes(bytes.bytes, bytes.size));
	for (uint32_t size = 0; size < bytes.size; size++) {
		/* What ends before the event is a record with an empty event. */
		bool is_cut = size != bytes.size - record.event.size - 2;

		CHECK_INT(decodes(bytes.bytes, size), !is_cut);
	}
	dbk_buf_fini(&buf);
}

/* A record may end before its seal, and nowhere within. */
static void
test_truncated_seals_do_not_decode(void)
{
	struct dbk_record record = sealed_record(), plain = small_record();
	struct dbk_buf buf = { 0 }, without = { 0 };
	struct dbk_str bytes = encoded(&record, &buf);
	uint32_t whole = encoded(&plain, &without).size;

	CHECK(decodes(bytes.bytes, bytes.size));
	CHECK(memcmp(bytes.bytes, without.bytes, whole) == 0);
	CHECK(decodes(bytes.bytes, whole));
	for (uint32_t size = whole + 1; size < bytes.size; size++)
		CHECK(!decodes(bytes.bytes, size));
	dbk_buf_fini(&buf);
	dbk_buf_fini(&without);
}

static void
test_any_byte_more_does_not_decode(void)
{
	struct dbk_record records[] = { refused_record(), sealed_record() };
	struct dbk_buf buf = { 0 };

	for (unsigned i = 0; i < 2; i++) {
		(void)encoded(&records[i], &buf);
		dbk_buf_put_u8(&buf, 0);
		CHECK(!decodes(buf.bytes, buf.size));
	}
	dbk_buf_fini(&buf);
}

/* Whatever decodes encodes to the same bytes: there is one form of a record. */
static void
change_bits(struct dbk_record record)
{
	struct dbk_buf buf = { 0 }, again = { 0 };
	struct dbk_str bytes = encoded(&record, &buf);
	struct dbk_record out;

	for (uint32_t at = 0; at < bytes.size; at++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			buf.bytes[at] ^= (unsigned char)(1u << bit);
			if (dbk_record_decode(bytes, &out))
				CHECK(dbk_str_equal(encoded(&out, &again), bytes));
			buf.bytes[at] ^= (unsigned char)(1u << bit);
		}
	}
	dbk_buf_fini(&buf);
	dbk_buf_fini(&again);
}

static void
test_no_changed_record_decodes_unless_it_is_canonical(void)
{
	change_bits(refused_record());
	change_bits(sealed_record());
}

#define BYTES(text) (text), sizeof(text) - 1
#define TIME "\x12\x02\x08\x01"
#define ACCEPTED "\x30\x01"

static void
test_other_encodings_of_a_record_do_not_decode(void)
{
	CHECK(decodes(BYTES("\x08\x01" TIME ACCEPTED)));
	/* a default written out, a number in a longer form */
	CHECK(!decodes(BYTES("\x08\x00" TIME ACCEPTED)));
	CHECK(!decodes(BYTES("\x08\x81\x00" TIME ACCEPTED)));
	CHECK(!decodes(BYTES("\x12\x82\x00\x08\x01" ACCEPTED)));
	CHECK(!decodes(BYTES("\x12\x80\x00" ACCEPTED)));
	/* out of order, twice, unknown */
	CHECK(!decodes(BYTES(TIME "\x08\x01" ACCEPTED)));
	CHECK(!decodes(BYTES("\x08\x01\x08\x01" TIME ACCEPTED)));
	CHECK(!decodes(BYTES(TIME ACCEPTED "\x48\x01")));
	CHECK(!decodes(BYTES(TIME ACCEPTED "\x50\x01")));
	/* a wrong wire type */
	CHECK(!decodes(BYTES("\x09\x01\0\0\0\0\0\0\0" TIME ACCEPTED)));
}

static void
test_records_without_time_or_outcome_do_not_decode(void)
{
	CHECK(!decodes(NULL, 0));
	CHECK(!decodes(BYTES("\x08\x01")));
	CHECK(!decodes(BYTES("\x08\x01" ACCEPTED)));
	CHECK(!decodes(BYTES("\x08\x01" TIME)));
	CHECK(!decodes(BYTES(TIME "\x30\x03\x42\x01"
				  "e"))); /* refused without a refusal */
	CHECK(!decodes(BYTES(TIME ACCEPTED "\x3a\x02\x08\x01"))); /* and the reverse */
	CHECK(!decodes(BYTES(TIME "\x30\x03\x3a\x00")));
	CHECK(!decodes(BYTES(TIME "\x30\x03\x3a\x02\x20\x01"))); /* no rule */
	CHECK(!decodes(BYTES(TIME "\x30\x03\x3a\x02\x08\x05"))); /* no such rule */
	CHECK(decodes(BYTES(TIME "\x30\x03\x3a\x02\x08\x04")));
	CHECK(!decodes(BYTES(TIME "\x30\x02")));
	CHECK(!decodes(BYTES(TIME "\x30\x04")));
	CHECK(!decodes(BYTES(TIME "\x30\x05")));
}

#define EIGHT(text) text text text text text text text text
#define DIGEST "\x12\x20" EIGHT("digs")
#define SIGNATURE "\x1a\x40" EIGHT("signsign")
/* Does a record decode whose seal is TEXT, of SIZE bytes? */
#define SEAL(size, text) decodes(BYTES(TIME ACCEPTED "\x4a" size text))

static void
test_a_seal_is_whole(void)
{
	CHECK(SEAL("\x68", "\x08\x01" DIGEST SIGNATURE "\x20\x01"));
	CHECK(SEAL("\x6a", "\x08\x01" DIGEST SIGNATURE "\x20\x01\x28\x01"));
	CHECK(!SEAL("\x00", ""));
	CHECK(!SEAL("\x66", DIGEST SIGNATURE "\x20\x01")); /* of no event */
	CHECK(!SEAL("\x66", "\x08\x01" DIGEST SIGNATURE)); /* by no key */
	CHECK(!SEAL("\x46", "\x08\x01" SIGNATURE "\x20\x01"));
	CHECK(!SEAL("\x26", "\x08\x01" DIGEST "\x20\x01"));
	CHECK(!SEAL("\x67", "\x08\x01" "\x12\x1f" EIGHT("dig") "digestg" SIGNATURE
			   "\x20\x01"));
	CHECK(!SEAL("\x6a", "\x08\x01" DIGEST SIGNATURE "\x20\x01\x28\x02"));
	CHECK(!SEAL("\x6a", "\x08\x01" DIGEST SIGNATURE "\x20\x01\x28\x00"));
	CHECK(!SEAL("\x6c", "\x08\x80\x80\x80\x80\x10" DIGEST SIGNATURE "\x20\x01"));
	CHECK(!SEAL("\x6a", "\x08\x01" DIGEST SIGNATURE "\x20\x01\x30\x01"));
}

static void
test_times_have_their_range(void)
{
	CHECK(decodes(BYTES("\x12\x00" ACCEPTED)));
	CHECK(decodes(BYTES("\x12\x03\x10\xe8\x07" ACCEPTED)));	 /* 1 us */
	CHECK(!decodes(BYTES("\x12\x03\x10\xe9\x07" ACCEPTED))); /* 1001 ns */
	CHECK(
	    !decodes(BYTES("\x12\x06\x10\x80\x94\xeb\xdc\x03" ACCEPTED))); /* 1e9 ns */
	CHECK(decodes(BYTES("\x12\x06\x10\x98\x8c\xeb\xdc\x03" ACCEPTED)));
	CHECK(decodes(BYTES("\x12\x07\x08\xff\x82\xd1\xff\xaf\x07" ACCEPTED)));
	CHECK(!decodes(BYTES("\x12\x07\x08\x80\x83\xd1\xff\xaf\x07" ACCEPTED)));
	CHECK(!decodes(
	    BYTES("\x12\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01" ACCEPTED)));
}

/* ------------------------------------------------------------------- positive */

static void
test_the_largest_record_fits_a_leaf(void)
{
	struct dbk_record record = refused_record(), out;
	char id[DBK_ID_BYTES_MAX], field[DBK_FIELD_TEXT_BYTES], value[200];
	char *event = malloc(DBK_EVENT_BYTES_MAX);
	struct dbk_buf buf = { 0 };
	struct dbk_str bytes;

	memset(id, 'i', sizeof id);
	memset(field, 'f', sizeof field);
	memset(value, 'v', sizeof value);
	memset(event, 'e', DBK_EVENT_BYTES_MAX);
	record.position = record.batch_seq = record.other_position_plus_one =
	    UINT64_MAX;
	record.index = UINT32_MAX;
	record.measured = record.limit = INT64_MIN;
	record.recorded_at_us = DBK_TIME_US_MAX;
	record.source = dbk_str_make(id, sizeof id);
	record.refusal_field = dbk_str_make(field, sizeof field);
	record.refusal_value = dbk_str_make(value, sizeof value);
	record.event = dbk_str_make(event, DBK_EVENT_BYTES_MAX);
	record.has_seal = true;
	record.seal = sealed_record().seal;
	record.seal.events = record.seal.revision = UINT32_MAX;
	bytes = encoded(&record, &buf);
	CHECK(bytes.size <= DBK_RECORD_BYTES_MAX);
	CHECK(dbk_record_decode(bytes, &out));
	CHECK_INT(out.refusal_value.size, 128);
	record.refusal_value.size = 128;
	CHECK(is_same(&record, &out));
	free(event);
	dbk_buf_fini(&buf);
}

static void
test_the_smallest_record_is_a_time_and_an_outcome(void)
{
	struct dbk_record record = { .outcome = DBK_ACCEPTED }, out;
	struct dbk_buf buf = { 0 };
	struct dbk_str bytes = encoded(&record, &buf);

	CHECK(dbk_str_equal(bytes, dbk_str_make("\x12\x00\x30\x01", 4)));
	CHECK(dbk_record_decode(bytes, &out) && is_same(&record, &out));
	dbk_buf_fini(&buf);
}

static void
test_encoding_appends(void)
{
	struct dbk_record record = small_record(), out;
	struct dbk_buf buf = { 0 };

	dbk_buf_put(&buf, "head", 4);
	dbk_record_encode(&record, &buf);
	CHECK(memcmp(buf.bytes, "head", 4) == 0);
	CHECK(dbk_record_decode(dbk_str_make(buf.bytes + 4, buf.size - 4), &out));
	CHECK(is_same(&record, &out));
	dbk_buf_fini(&buf);
}

static void
test_a_refusal_becomes_text(void)
{
	struct dbk_refusal refusal = {
		.rule = DBK_RULE_SKU_UNKNOWN,
		.field = { "lines", 2, "sku" },
		.value = dbk_str_of("S-1"),
		.measured = 4,
		.limit = 3,
		.other_position_plus_one = 9,
	};
	struct dbk_record record = small_record();
	char text[DBK_FIELD_TEXT_BYTES];

	dbk_record_refuse(&record, &refusal, text);
	CHECK(record.outcome == DBK_REFUSED && record.rule == DBK_RULE_SKU_UNKNOWN);
	CHECK(dbk_str_equal(record.refusal_field, dbk_str_of("lines[2].sku")));
	CHECK(dbk_str_equal(record.refusal_value, dbk_str_of("S-1")));
	CHECK(record.measured == 4 && record.limit == 3);
	CHECK(record.other_position_plus_one == 9);
}

static void
test_a_value_that_is_not_utf8_is_left_out(void)
{
	struct dbk_record record = refused_record(), out;
	struct dbk_buf buf = { 0 };

	record.refusal_value = dbk_str_of("\xff\xfe");
	CHECK(dbk_record_decode(encoded(&record, &buf), &out));
	CHECK_INT(out.refusal_value.size, 0);
	dbk_buf_fini(&buf);
}

static uint64_t
any_number(void)
{
	return random_next(&source) >> random_below(&source, 65) % 64;
}

static struct dbk_record
random_record(char text[64])
{
	struct dbk_record record = { .outcome = DBK_ACCEPTED };

	for (unsigned i = 0; i < 64; i++)
		text[i] = (char)('a' + random_below(&source, 26));
	record.position = any_number();
	record.recorded_at_us =
	    (int64_t)random_below(&source, (uint64_t)DBK_TIME_US_MAX + 1);
	record.source = dbk_str_make(text, random_below(&source, 65));
	record.batch_seq = any_number();
	record.index = (uint32_t)any_number();
	record.event = dbk_str_make(text, random_below(&source, 65));
	record.has_seal = random_below(&source, 2) == 0;
	record.seal.events = 1 + (uint32_t)any_number() / 2;
	record.seal.revision = 1 + (uint32_t)any_number() / 2;
	record.seal.atomic = random_below(&source, 2) == 0;
	memcpy(record.seal.digest, text, sizeof record.seal.digest);
	memcpy(record.seal.signature, text, sizeof record.seal.signature);
	if (random_below(&source, 2) == 0)
		return record;
	record.outcome = DBK_REFUSED;
	do
		record.rule = (enum dbk_rule)random_below(&source, 256);
	while (record.rule == DBK_RULE_NONE || dbk_rule_name(record.rule)[0] == '?');
	record.refusal_field = dbk_str_make(text, random_below(&source, 65));
	record.refusal_value = dbk_str_make(text, random_below(&source, 65));
	record.measured = (int64_t)any_number();
	record.limit = (int64_t)any_number();
	record.other_position_plus_one = any_number();
	return record;
}

static bool
is_text(const char *text, struct dbk_str want)
{
	return dbk_str_equal(dbk_str_of(text), want);
}

static bool
is_seal(const Daybook__V1__BatchSeal *theirs, const struct dbk_record *record)
{
	const struct dbk_record_seal *seal = &record->seal;

	if (theirs == NULL || !record->has_seal)
		return theirs == NULL && !record->has_seal;
	return theirs->events == seal->events && theirs->revision == seal->revision &&
	       theirs->atomic == seal->atomic &&
	       dbk_str_equal(
		   dbk_str_make(theirs->events_digest.data, theirs->events_digest.len),
		   dbk_str_make(seal->digest, sizeof seal->digest)) &&
	       dbk_str_equal(dbk_str_make(theirs->signature.data, theirs->signature.len),
			     dbk_str_make(seal->signature, sizeof seal->signature));
}

/* protobuf-c reads our bytes as the same record, and writes it as the same bytes. */
static bool
agrees(const struct dbk_record *record, struct dbk_str bytes)
{
	Daybook__V1__Record *other =
	    daybook__v1__record__unpack(NULL, bytes.size, (const uint8_t *)bytes.bytes);
	const Daybook__V1__Refusal *refusal = other == NULL ? NULL : other->refusal;
	uint8_t *packed;
	bool is_equal;

	if (other == NULL)
		return false;
	packed = malloc(bytes.size);
	is_equal =
	    other->position == record->position && other->recorded_at != NULL &&
	    other->recorded_at->seconds * 1000000 + other->recorded_at->nanos / 1000 ==
		record->recorded_at_us &&
	    is_text(other->source, record->source) &&
	    other->batch_seq == record->batch_seq && other->index == record->index &&
	    (int)other->outcome == (int)record->outcome &&
	    (refusal != NULL) == (record->outcome == DBK_REFUSED) &&
	    dbk_str_equal(dbk_str_make(other->event.data, other->event.len),
			  record->event) &&
	    is_seal(other->seal, record) &&
	    daybook__v1__record__get_packed_size(other) == bytes.size &&
	    daybook__v1__record__pack(other, packed) == bytes.size &&
	    memcmp(packed, bytes.bytes, bytes.size) == 0;
	if (refusal != NULL)
		is_equal =
		    is_equal && (int)refusal->rule == (int)record->rule &&
		    is_text(refusal->field, record->refusal_field) &&
		    is_text(refusal->value, record->refusal_value) &&
		    refusal->measured == record->measured &&
		    refusal->limit == record->limit &&
		    refusal->other_position_plus_one == record->other_position_plus_one;
	free(packed);
	daybook__v1__record__free_unpacked(other, NULL);
	return is_equal;
}

static void
test_random_records_agree_with_protobuf_c(void)
{
	struct dbk_buf buf = { 0 };

	for (int i = 0; i < RUNS; i++) {
		char text[64];
		struct dbk_record record = random_record(text), out;
		struct dbk_str bytes = encoded(&record, &buf);

		CHECK(dbk_record_decode(bytes, &out));
		CHECK(is_same(&record, &out));
		if (!CHECK(agrees(&record, bytes)))
			break;
	}
	dbk_buf_fini(&buf);
}

int
main(void)
{
	random_start(&source, "test_record");
	check_run("truncated records do not decode",
		  test_truncated_records_do_not_decode);
	check_run("truncated seals do not decode", test_truncated_seals_do_not_decode);
	check_run("any byte more does not decode", test_any_byte_more_does_not_decode);
	check_run("no changed record decodes unless it is canonical",
		  test_no_changed_record_decodes_unless_it_is_canonical);
	check_run("other encodings of a record do not decode",
		  test_other_encodings_of_a_record_do_not_decode);
	check_run("records without time or outcome do not decode",
		  test_records_without_time_or_outcome_do_not_decode);
	check_run("a seal is whole", test_a_seal_is_whole);
	check_run("times have their range", test_times_have_their_range);
	check_run("the largest record fits a leaf",
		  test_the_largest_record_fits_a_leaf);
	check_run("the smallest record is a time and an outcome",
		  test_the_smallest_record_is_a_time_and_an_outcome);
	check_run("encoding appends", test_encoding_appends);
	check_run("a refusal becomes text", test_a_refusal_becomes_text);
	check_run("a value that is not UTF-8 is left out",
		  test_a_value_that_is_not_utf8_is_left_out);
	check_run("random records agree with protobuf-c",
		  test_random_records_agree_with_protobuf_c);
	return check_end();
}
