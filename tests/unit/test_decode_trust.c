#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/opened_event.h"
#include "../tests/lib/sound_event.h"
#include "../tests/lib/wire.h"
#include "base/secret.h"
#include "event/decode.h"

/* The events of keys, erasure and digests, each with every field; sealed texts. */

/* The base point of Ed25519, and the numbers from 0 and from 1. */
#define KEY "WGZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmY="
#define DIGEST "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define BOX "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkq"

static struct dbk_arena arena;
static struct dbk_event event;
static struct dbk_event_fault fault;
static struct sound_parts parts;

static bool
opens(enum dbk_event_type type, const char *body)
{
	return opened_event(type, body, &arena, &event);
}

static bool
same(struct dbk_str ours, const char *want)
{
	return dbk_str_equal(ours, dbk_str_of(want));
}

static bool
is_path(const char *path)
{
	char text[DBK_FIELD_TEXT_BYTES];

	(void)dbk_field_format(&fault.field, text);
	return CHECK(strcmp(text, path) == 0);
}

/* Is EVENT, made by hand, refused by the checks? */
static bool
fails(enum dbk_fault want, const char *path)
{
	event.is_sound = false;
	return CHECK(!dbk_event_check(&event, &fault)) &&
	       CHECK_INT(fault.fault, want) && is_path(path);
}

static bool
is_sound(void)
{
	event.is_sound = false;
	return dbk_event_check(&event, &fault);
}

/* Does an event of TYPE with BODY, which is emptied, decode and pass? */
static bool
passes(enum dbk_event_type type, struct dbk_buf *body)
{
	struct dbk_buf buf = { 0 };
	bool is_taken;

	wire_put_message(&buf, type, body);
	wire_put_bytes(&buf, 1, "\x08\x01", 2);
	dbk_arena_reset(&arena);
	is_taken = dbk_event_decode(dbk_str_make(buf.bytes, buf.size), &arena, &event,
				    &fault) &&
		   dbk_event_check(&event, &fault);
	dbk_buf_fini(&buf);
	return is_taken;
}

/* ------------------------------------------------------------------- negative */

/* A registration of 32 bytes from KEY. */
static bool
takes_key(const unsigned char key[32])
{
	sound_event(DBK_EVENT_SOURCE_REGISTERED, &event, &parts);
	event.u.source_registered.ed25519_public_key = dbk_str_make(key, 32);
	return is_sound();
}

static void
test_keys_of_small_order_are_unusable(void)
{
	unsigned char key[32] = { 1 };

	CHECK(!takes_key(key)); /* the neutral element */
	CHECK_INT(fault.fault, DBK_FAULT_KEY_UNUSABLE);
	CHECK(is_path("ed25519_public_key"));
	key[0] = 0;
	CHECK(!takes_key(key)); /* of order 4 */
	CHECK_INT(fault.fault, DBK_FAULT_KEY_UNUSABLE);
	memset(key, 0xff, sizeof key);
	CHECK(!takes_key(key)); /* no point, and not below the prime */
	CHECK_INT(fault.fault, DBK_FAULT_KEY_UNUSABLE);
	key[31] = 0x7f;
	CHECK(!takes_key(key));
	memset(key, 0x66, sizeof key);
	key[0] = 0x58;
	CHECK(takes_key(key));
}

static void
test_keys_digests_and_boxes_have_one_size(void)
{
	static const char bytes[DBK_SEALED_BOX_BYTES_MAX + 1];

	sound_event(DBK_EVENT_SOURCE_REGISTERED, &event, &parts);
	event.u.source_registered.ed25519_public_key = dbk_str_make(NULL, 0);
	CHECK(fails(DBK_FAULT_FIELD_MISSING, "ed25519_public_key"));
	event.u.source_registered.ed25519_public_key = dbk_str_make(bytes, 31);
	CHECK(fails(DBK_FAULT_NUMBER_OUT_OF_RANGE, "ed25519_public_key"));
	CHECK_INT(fault.number, 31);
	event.u.source_registered.ed25519_public_key = dbk_str_make(bytes, 33);
	CHECK(fails(DBK_FAULT_NUMBER_OUT_OF_RANGE, "ed25519_public_key"));
	sound_event(DBK_EVENT_DIGEST_RECORDED, &event, &parts);
	event.u.digest_recorded.digest = dbk_str_make(NULL, 0);
	CHECK(fails(DBK_FAULT_FIELD_MISSING, "digest"));
	event.u.digest_recorded.digest = dbk_str_make(bytes, 31);
	CHECK(fails(DBK_FAULT_NUMBER_OUT_OF_RANGE, "digest"));
	sound_event(DBK_EVENT_CLOCK_ADVANCED, &event, &parts);
	parts.sealed[1].box = dbk_str_make(NULL, 0);
	CHECK(fails(DBK_FAULT_FIELD_MISSING, "sealed[1].box"));
	parts.sealed[1].box = dbk_str_make(bytes, DBK_SECRET_BOX_OVERHEAD);
	CHECK(fails(DBK_FAULT_NUMBER_OUT_OF_RANGE, "sealed[1].box"));
	parts.sealed[1].box = dbk_str_make(bytes, DBK_SECRET_BOX_OVERHEAD + 1);
	CHECK(is_sound());
	parts.sealed[1].box = dbk_str_make(bytes, DBK_SEALED_BOX_BYTES_MAX);
	CHECK(is_sound());
	parts.sealed[1].box = dbk_str_make(bytes, DBK_SEALED_BOX_BYTES_MAX + 1);
	CHECK(fails(DBK_FAULT_NUMBER_OUT_OF_RANGE, "sealed[1].box"));
}

static void
test_subjects_of_boxes_are_ids(void)
{
	sound_event(DBK_EVENT_CLOCK_ADVANCED, &event, &parts);
	parts.sealed[2].subject = dbk_str_make(NULL, 0);
	CHECK(fails(DBK_FAULT_FIELD_MISSING, "sealed[2].subject"));
	parts.sealed[2].subject = dbk_str_of("two\nlines");
	CHECK(fails(DBK_FAULT_ID_CONTROL_CHARACTER, "sealed[2].subject"));
}

static void
test_revisions_begin_with_1(void)
{
	sound_event(DBK_EVENT_SOURCE_REGISTERED, &event, &parts);
	event.u.source_registered.revision = UINT32_MAX;
	CHECK(is_sound());
	event.u.source_registered.revision = 0;
	CHECK(fails(DBK_FAULT_NUMBER_OUT_OF_RANGE, "revision"));
	sound_event(DBK_EVENT_SOURCE_KEY_REVOKED, &event, &parts);
	event.u.source_key_revoked.revision = 0;
	CHECK(fails(DBK_FAULT_NUMBER_OUT_OF_RANGE, "revision"));
}

static void
test_rights_are_numbers_of_events_and_families(void)
{
	static const uint64_t none[] = { 0,
					 1,
					 3,
					 99,
					 109,
					 317,
					 714,
					 800,
					 801,
					 399,
					 (UINT64_C(1) << 32) + 301,
					 UINT64_MAX };
	static const uint64_t some[] = { 100, 700, 101, 713, 710 };

	sound_event(DBK_EVENT_SOURCE_REGISTERED, &event, &parts);
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		parts.numbers[1] = none[i];
		CHECK(fails(DBK_FAULT_UNKNOWN_ENUM_VALUE, "may_send[1]"));
		CHECK(fault.number == (int64_t)none[i]);
	}
	for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
		parts.numbers[1] = some[i];
		CHECK(is_sound());
	}
}

static void
test_the_daemon_is_no_source_with_a_key(void)
{
	sound_event(DBK_EVENT_SOURCE_REGISTERED, &event, &parts);
	event.u.source_registered.source = dbk_str_of(DBK_SOURCE_OF_DAEMON);
	CHECK(fails(DBK_FAULT_NOT_PERMITTED, "source"));
	event.u.source_registered.source = dbk_str_of("daybook2");
	CHECK(is_sound());
}

/* A registration with N rights, in one piece or one by one. */
static bool
takes_rights(unsigned n, bool is_packed)
{
	struct dbk_buf body = { 0 }, numbers = { 0 };
	unsigned char key[32];

	memset(key, 0x66, sizeof key);
	key[0] = 0x58;
	wire_put_bytes(&body, 1, "S", 1);
	wire_put_number(&body, 2, 1);
	wire_put_bytes(&body, 3, (const char *)key, sizeof key);
	for (unsigned i = 0; i < n; i++) {
		if (is_packed)
			dbk_buf_put_varint(&numbers, 301);
		else
			wire_put_number(&body, 4, 301);
	}
	wire_put_message(&body, 4, &numbers);
	return passes(DBK_EVENT_SOURCE_REGISTERED, &body);
}

static void
test_rights_have_a_largest_number(void)
{
	for (int is_packed = 0; is_packed < 2; is_packed++) {
		CHECK(takes_rights(0, is_packed));
		CHECK_INT(event.u.source_registered.n_may_send, 0);
		CHECK(takes_rights(DBK_RIGHTS_MAX, is_packed));
		CHECK_INT(event.u.source_registered.n_may_send, DBK_RIGHTS_MAX);
		CHECK(!takes_rights(DBK_RIGHTS_MAX + 1, is_packed));
		CHECK_INT(fault.fault, DBK_FAULT_LINES_TOO_MANY);
		CHECK(is_path("may_send"));
	}
}

/* An event with N boxes, AT of them before its body. */
static bool
takes_boxes(unsigned n, unsigned at)
{
	static const char box[42] = { 1 };
	struct dbk_buf buf = { 0 }, sealed = { 0 };
	bool is_taken;

	wire_put_bytes(&buf, 1, "\x08\x01", 2);
	for (unsigned i = 0; i < n; i++) {
		if (i == at)
			wire_put_bytes(&buf, DBK_EVENT_CLOCK_ADVANCED, NULL, 0);
		wire_put_bytes(&sealed, 1, "X", 1);
		wire_put_bytes(&sealed, 2, box, sizeof box);
		wire_put_message(&buf, 3, &sealed);
	}
	if (at >= n)
		wire_put_bytes(&buf, DBK_EVENT_CLOCK_ADVANCED, NULL, 0);
	dbk_arena_reset(&arena);
	is_taken = dbk_event_decode(dbk_str_make(buf.bytes, buf.size), &arena, &event,
				    &fault) &&
		   dbk_event_check(&event, &fault);
	dbk_buf_fini(&buf);
	return is_taken;
}

static void
test_boxes_have_a_largest_number(void)
{
	for (unsigned at = 0; at <= DBK_SEALED_MAX; at += DBK_SEALED_MAX / 2) {
		CHECK(takes_boxes(DBK_SEALED_MAX, at));
		CHECK_INT(event.n_sealed, DBK_SEALED_MAX);
		CHECK(event.is_sound);
		CHECK(!takes_boxes(DBK_SEALED_MAX + 1, at));
		CHECK_INT(fault.fault, DBK_FAULT_LINES_TOO_MANY);
		CHECK(is_path("sealed"));
	}
}

static bool
decodes(const char *bytes, size_t size)
{
	dbk_arena_reset(&arena);
	return dbk_event_decode(dbk_str_make(bytes, size), &arena, &event, &fault);
}

#define BYTES(text) (text), sizeof(text) - 1

static void
test_boxes_are_messages(void)
{
	CHECK(!decodes(BYTES("\x18\x01"))); /* a number */
	CHECK_INT(fault.fault, DBK_FAULT_MALFORMED);
	CHECK(is_path("sealed"));
	CHECK(!decodes(BYTES("\x1a\x05\x0a\x01")));
	CHECK_INT(fault.fault, DBK_FAULT_MALFORMED);
	CHECK(!decodes(BYTES("\x1a\x02\x18\x01")));
	CHECK_INT(fault.fault, DBK_FAULT_UNKNOWN_FIELD);
	CHECK(is_path("sealed[0]"));
	CHECK(!decodes(BYTES("\x1a\x04\x0a\x00\x0a\x00")));
	CHECK_INT(fault.fault, DBK_FAULT_FIELD_TWICE);
	CHECK(is_path("sealed[0].subject"));
	CHECK(!decodes(BYTES("\x9a\x00\x00"))); /* its tag in a longer form */
	CHECK_INT(fault.fault, DBK_FAULT_MALFORMED);
	/* An empty one decodes, and is then not sound. */
	CHECK(decodes(BYTES("\x0a\x02\x08\x01\x1a\x00\xea\x2b\x00")));
	CHECK(event.n_sealed == 1 && !event.is_sound);
	CHECK(fails(DBK_FAULT_FIELD_MISSING, "sealed[0].subject"));
}

/* ------------------------------------------------------------------- positive */

static void
test_registrations_are_opened_whole(void)
{
	const struct dbk_source_registered *r = &event.u.source_registered;

	CHECK(opens(DBK_EVENT_SOURCE_REGISTERED,
		    "\"sourceRegistered\":{\"source\":\"shop\",\"revision\":2,"
		    "\"ed25519PublicKey\":\"" KEY "\","
		    "\"maySend\":[300,503,713]}"));
	CHECK(same(r->source, "shop") && r->revision == 2);
	CHECK(same(r->ed25519_public_key, "Xfffffffffffffffffffffffffffffff"));
	CHECK_INT(r->n_may_send, 3);
	CHECK(r->may_send[0] == 300 && r->may_send[1] == 503 && r->may_send[2] == 713);
	CHECK(opens(DBK_EVENT_SOURCE_REGISTERED,
		    "\"sourceRegistered\":{\"source\":\"shop\",\"revision\":1,"
		    "\"ed25519PublicKey\":\"" KEY "\"}"));
	CHECK(r->n_may_send == 0 && event.n_sealed == 0);
}

static void
test_revocations_are_opened_whole(void)
{
	const struct dbk_source_key_revoked *r = &event.u.source_key_revoked;

	CHECK(opens(DBK_EVENT_SOURCE_KEY_REVOKED,
		    "\"sourceKeyRevoked\":{\"source\":\"shop\",\"revision\":2,"
		    "\"reason\":\"stolen\"}"));
	CHECK(same(r->source, "shop") && r->revision == 2 && same(r->reason, "stolen"));
}

static void
test_erasures_are_opened_whole(void)
{
	const struct dbk_subject_erased *e = &event.u.subject_erased;

	CHECK(opens(DBK_EVENT_SUBJECT_ERASED,
		    "\"subjectErased\":{\"subject\":\"C-7\",\"reason\":\"asked\"}"));
	CHECK(same(e->subject, "C-7") && same(e->reason, "asked"));
}

static void
test_digests_are_opened_whole(void)
{
	const struct dbk_digest_recorded *r = &event.u.digest_recorded;

	CHECK(opens(DBK_EVENT_DIGEST_RECORDED,
		    "\"digestRecorded\":{\"size\":\"18446744073709551615\","
		    "\"digest\":\"" DIGEST "\"}"));
	CHECK(r->size == UINT64_MAX && r->digest.size == 32);
	CHECK(r->digest.bytes[31] == 31);
}

static void
test_boxes_are_opened_whole(void)
{
	CHECK(opens(DBK_EVENT_CLOCK_ADVANCED,
		    "\"sealed\":[{\"subject\":\"C-7\",\"box\":\"" BOX "\"},"
		    "{\"subject\":\"C-8\",\"box\":\"" BOX "\"}],"
		    "\"clockAdvanced\":{}"));
	CHECK_INT(event.n_sealed, 2);
	CHECK(same(event.sealed[0].subject, "C-7"));
	CHECK(same(event.sealed[1].subject, "C-8"));
	CHECK(event.sealed[1].box.size == 42 && event.sealed[1].box.bytes[41] == 42);
}

int
main(void)
{
	dbk_arena_init(&arena, (size_t)1 << 20);
	check_run("keys of small order are unusable",
		  test_keys_of_small_order_are_unusable);
	check_run("keys, digests and boxes have one size",
		  test_keys_digests_and_boxes_have_one_size);
	check_run("subjects of boxes are ids", test_subjects_of_boxes_are_ids);
	check_run("revisions begin with 1", test_revisions_begin_with_1);
	check_run("rights are numbers of events and families",
		  test_rights_are_numbers_of_events_and_families);
	check_run("the daemon is no source with a key",
		  test_the_daemon_is_no_source_with_a_key);
	check_run("rights have a largest number", test_rights_have_a_largest_number);
	check_run("boxes have a largest number", test_boxes_have_a_largest_number);
	check_run("boxes are messages", test_boxes_are_messages);
	check_run("registrations are opened whole",
		  test_registrations_are_opened_whole);
	check_run("revocations are opened whole", test_revocations_are_opened_whole);
	check_run("erasures are opened whole", test_erasures_are_opened_whole);
	check_run("digests are opened whole", test_digests_are_opened_whole);
	check_run("boxes are opened whole", test_boxes_are_opened_whole);
	dbk_arena_fini(&arena);
	return check_end();
}
