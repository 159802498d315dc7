#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "rpc/grpc_status.h"

static struct dbk_buf buf;

static bool
is_text(const struct dbk_buf *bytes, const char *want)
{
	return bytes->size == strlen(want) &&
	       (bytes->size == 0 || memcmp(bytes->bytes, want, bytes->size) == 0);
}

static bool
str_is(struct dbk_str text, const char *want)
{
	return dbk_str_equal(text, dbk_str_of(want));
}

/* -------------------------------------------------------------------------- codes */

static void
test_codes(void)
{
	CHECK(strcmp(dbk_grpc_status_name(DBK_GRPC_OK), "OK") == 0);
	CHECK(strcmp(dbk_grpc_status_name(DBK_GRPC_UNAUTHENTICATED),
		     "UNAUTHENTICATED") == 0);
	for (int code = 0; code < DBK_GRPC_CODES; code++) {
		char text[12];

		(void)snprintf(text, sizeof text, "%d", code);
		CHECK_INT(dbk_grpc_status_parse(dbk_str_of(text)), code);
		CHECK(dbk_grpc_status_name((enum dbk_grpc_code)code) != NULL);
	}
}

static void
test_bad_codes(void)
{
	static const char *const texts[] = { "",   "17",  "-1", "+1",
					     "1x", "000", "99", " 1" };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		CHECK_INT(dbk_grpc_status_parse(dbk_str_of(texts[i])),
			  DBK_GRPC_UNKNOWN);
}

static void
test_http_codes(void)
{
	CHECK_INT(dbk_grpc_status_of_http(400), DBK_GRPC_INTERNAL);
	CHECK_INT(dbk_grpc_status_of_http(401), DBK_GRPC_UNAUTHENTICATED);
	CHECK_INT(dbk_grpc_status_of_http(403), DBK_GRPC_PERMISSION_DENIED);
	CHECK_INT(dbk_grpc_status_of_http(404), DBK_GRPC_UNIMPLEMENTED);
	CHECK_INT(dbk_grpc_status_of_http(429), DBK_GRPC_UNAVAILABLE);
	CHECK_INT(dbk_grpc_status_of_http(503), DBK_GRPC_UNAVAILABLE);
	CHECK_INT(dbk_grpc_status_of_http(415), DBK_GRPC_UNKNOWN);
}

/* ---------------------------------------------------------------- percent, base64 */

static void
check_percent(struct dbk_str plain, const char *encoded)
{
	struct dbk_buf back;

	dbk_buf_reset(&buf);
	dbk_grpc_status_percent_encode(plain, &buf);
	CHECK(is_text(&buf, encoded));
	dbk_buf_init(&back);
	dbk_grpc_status_percent_decode(dbk_str_make(buf.bytes, buf.size), &back);
	CHECK(dbk_str_equal(dbk_str_make(back.bytes, back.size), plain));
	dbk_buf_fini(&back);
}

static void
test_percent(void)
{
	check_percent(dbk_str_of(""), "");
	check_percent(dbk_str_of("plain ~text!"), "plain ~text!");
	check_percent(dbk_str_of("50%"), "50%25");
	check_percent(dbk_str_of("\r\n\t\x7f"), "%0D%0A%09%7F");
	check_percent(dbk_str_of("\xc3\xbc\xe4\xba\x91"), "%C3%BC%E4%BA%91");
	check_percent(dbk_str_make("a\0b", 3), "a%00b");
}

static void
test_percent_is_lenient(void)
{
	dbk_buf_reset(&buf);
	dbk_grpc_status_percent_decode(dbk_str_of("%4a%4A%zz%4%"), &buf);
	CHECK(is_text(&buf, "JJ%zz%4%"));
}

static void
check_base64(const char *plain, const char *encoded, const char *padded)
{
	dbk_buf_reset(&buf);
	dbk_grpc_status_base64_encode(dbk_str_of(plain), &buf);
	CHECK(is_text(&buf, encoded));
	dbk_buf_reset(&buf);
	CHECK(dbk_grpc_status_base64_decode(dbk_str_of(encoded), &buf));
	CHECK(is_text(&buf, plain));
	dbk_buf_reset(&buf);
	CHECK(dbk_grpc_status_base64_decode(dbk_str_of(padded), &buf));
	CHECK(is_text(&buf, plain));
}

/* The vectors of RFC 4648 section 10. */
static void
test_base64(void)
{
	check_base64("", "", "");
	check_base64("f", "Zg", "Zg==");
	check_base64("fo", "Zm8", "Zm8=");
	check_base64("foo", "Zm9v", "Zm9v");
	check_base64("foob", "Zm9vYg", "Zm9vYg==");
	check_base64("fooba", "Zm9vYmE", "Zm9vYmE=");
	check_base64("foobar", "Zm9vYmFy", "Zm9vYmFy");
	check_base64("\xfb\xff\xbf", "+/+/", "+/+/");
}

static void
test_bad_base64(void)
{
	static const char *const texts[] = { "A",    "AAAAA", "A===", "====", "=",
					     "AA-A", "AA A",  "AA=A", "A\nAA" };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		dbk_buf_reset(&buf);
		CHECK(!dbk_grpc_status_base64_decode(dbk_str_of(texts[i]), &buf));
	}
}

/* ------------------------------------------------------------------------ timeout */

static void
check_timeout(const char *text, int64_t ns)
{
	int64_t got = -7;

	CHECK(dbk_grpc_status_timeout_parse(dbk_str_of(text), &got));
	CHECK_INT(got, ns);
}

static void
test_timeouts(void)
{
	check_timeout("0n", 0);
	check_timeout("1n", 1);
	check_timeout("2u", 2000);
	check_timeout("3m", 3000000);
	check_timeout("4S", 4000000000);
	check_timeout("5M", 300000000000);
	check_timeout("6H", 21600000000000);
	check_timeout("99999999S", 99999999000000000);
	check_timeout("99999999M", 99999999LL * 60000000000LL);
	check_timeout("99999999H", INT64_MAX);
}

static void
test_bad_timeouts(void)
{
	static const char *const texts[] = {
		"", "S", "1", "1s", "1 S", "-1S", "+1S", "123456789S", "1SS", "1.5S"
	};
	int64_t ns = -7;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		CHECK(!dbk_grpc_status_timeout_parse(dbk_str_of(texts[i]), &ns));
	CHECK_INT(ns, -7);
}

static void
check_format(int64_t ns, const char *want)
{
	char text[DBK_GRPC_TIMEOUT_TEXT_BYTES];

	CHECK_INT(dbk_grpc_status_timeout_format(ns, text), strlen(want));
	if (!CHECK(strcmp(text, want) == 0))
		fprintf(stderr, "    %s\n", text);
}

static void
test_timeout_format(void)
{
	check_format(0, "0n");
	check_format(99999999, "99999999n");
	check_format(100000000, "100000u");
	check_format(100000001, "100001u");
	check_format(5000000000, "5000000u");
	check_format(100000000000, "100000m");
	check_format(99999999000000001, "1666667M");
	check_format(INT64_MAX, "2562048H");
}

/* ------------------------------------------------------------------------ details */

static void
test_details_on_the_wire(void)
{
	struct dbk_grpc_field field = { dbk_str_of("k"), dbk_str_of("v") };
	struct dbk_grpc_status status = { DBK_GRPC_INVALID_ARGUMENT, dbk_str_of("no"),
					  dbk_str_of("BAD"), &field, 1 };
	static const char want[] =
	    "\x08\x03\x12\x02no\x1a\x42\x0a\x28"
	    "type.googleapis.com/google.rpc.ErrorInfo\x12\x16\x0a\x03"
	    "BAD\x12\x07"
	    "daybook\x1a\x06\x0a\x01k\x12\x01v";

	dbk_buf_reset(&buf);
	dbk_grpc_status_details_encode(&status, &buf);
	CHECK(is_text(&buf, want));
}

static void
test_details_come_back(void)
{
	struct dbk_grpc_field fields[3] = {
		{ dbk_str_of("seller"), dbk_str_of("agent-1") },
		{ dbk_str_of("limit"), dbk_str_of("") },
		{ dbk_str_of("measured"), dbk_str_of("12") },
	};
	struct dbk_grpc_status status = { DBK_GRPC_ABORTED, dbk_str_of("text"),
					  dbk_str_of("R11"), fields, 3 };
	struct dbk_grpc_field got_fields[DBK_GRPC_FIELDS_MAX];
	struct dbk_grpc_status got = { .code = DBK_GRPC_OK };

	dbk_buf_reset(&buf);
	dbk_grpc_status_details_encode(&status, &buf);
	CHECK(dbk_grpc_status_details_decode(dbk_str_make(buf.bytes, buf.size),
					     got_fields, &got));
	CHECK_INT(got.code, DBK_GRPC_ABORTED);
	CHECK(str_is(got.message, "text"));
	CHECK(str_is(got.reason, "R11"));
	CHECK_INT(got.field_count, 3);
	CHECK(str_is(got.fields[0].name, "seller"));
	CHECK(str_is(got.fields[0].value, "agent-1"));
	CHECK(str_is(got.fields[2].value, "12"));
}

static void
test_damaged_details(void)
{
	struct dbk_grpc_field field = { dbk_str_of("key"), dbk_str_of("value") };
	struct dbk_grpc_status status = { DBK_GRPC_ABORTED, dbk_str_of("text"),
					  dbk_str_of("REASON"), &field, 1 };
	struct dbk_grpc_field fields[DBK_GRPC_FIELDS_MAX];
	struct dbk_grpc_status got = { .code = DBK_GRPC_DATA_LOSS };

	dbk_buf_reset(&buf);
	dbk_grpc_status_details_encode(&status, &buf);
	for (size_t i = 0; i < 8 * buf.size; i++) {
		buf.bytes[i / 8] ^= (unsigned char)(1u << (i % 8));
		(void)dbk_grpc_status_details_decode(dbk_str_make(buf.bytes, buf.size),
						     fields, &got);
		buf.bytes[i / 8] ^= (unsigned char)(1u << (i % 8));
	}
	got.code = DBK_GRPC_DATA_LOSS;
	CHECK(!dbk_grpc_status_details_decode(dbk_str_make(buf.bytes, buf.size - 1),
					      fields, &got));
	CHECK_INT(got.code, DBK_GRPC_DATA_LOSS);
	CHECK(dbk_grpc_status_details_decode(dbk_str_make(NULL, 0), fields, &got));
	CHECK_INT(got.code, DBK_GRPC_OK);
}

static void
test_details_are_bounded(void)
{
	char value[DBK_RPC_DETAILS_BYTES_MAX];
	struct dbk_grpc_field fields[3] = {
		{ dbk_str_of("huge"), dbk_str_make(value, sizeof value) },
		{ dbk_str_of("torn"), dbk_str_of("\xc3") },
		{ dbk_str_of("small"), dbk_str_of("yes") },
	};
	struct dbk_grpc_status status = {
		DBK_GRPC_ABORTED, { NULL, 0 }, dbk_str_of("R"), fields, 3
	};
	struct dbk_grpc_field got_fields[DBK_GRPC_FIELDS_MAX];
	struct dbk_grpc_status got = { .code = DBK_GRPC_OK };

	memset(value, 'x', sizeof value);
	dbk_buf_reset(&buf);
	dbk_grpc_status_details_encode(&status, &buf);
	CHECK(buf.size < DBK_RPC_DETAILS_BYTES_MAX);
	CHECK(dbk_grpc_status_details_decode(dbk_str_make(buf.bytes, buf.size),
					     got_fields, &got));
	CHECK_INT(got.field_count, 1);
	CHECK(str_is(got.fields[0].name, "small"));
}

static void
test_cut(void)
{
	char text[DBK_RPC_STATUS_TEXT_BYTES_MAX + 2];

	memset(text, 'x', sizeof text);
	CHECK_INT(dbk_grpc_status_cut(dbk_str_make(text, 5)).size, 5);
	CHECK_INT(dbk_grpc_status_cut(dbk_str_make(text, sizeof text)).size,
		  DBK_RPC_STATUS_TEXT_BYTES_MAX);
	text[DBK_RPC_STATUS_TEXT_BYTES_MAX - 1] = '\xc3';
	text[DBK_RPC_STATUS_TEXT_BYTES_MAX] = '\xbc';
	CHECK_INT(dbk_grpc_status_cut(dbk_str_make(text, sizeof text)).size,
		  DBK_RPC_STATUS_TEXT_BYTES_MAX - 1);
}

int
main(void)
{
	check_run("codes have names and numbers", test_codes);
	check_run("what is no code is UNKNOWN", test_bad_codes);
	check_run("HTTP statuses map to codes", test_http_codes);
	check_run("percent-coding goes both ways", test_percent);
	check_run("broken percent-coding stays as it is", test_percent_is_lenient);
	check_run("base64 goes both ways, padded or not", test_base64);
	check_run("broken base64 is told", test_bad_base64);
	check_run("timeouts are read", test_timeouts);
	check_run("malformed timeouts are told", test_bad_timeouts);
	check_run("timeouts are written rounded up", test_timeout_format);
	check_run("details are google.rpc.Status on the wire",
		  test_details_on_the_wire);
	check_run("details come back", test_details_come_back);
	check_run("damaged details are survived", test_damaged_details);
	check_run("details are bounded and UTF-8", test_details_are_bounded);
	check_run("texts are cut between characters", test_cut);
	dbk_buf_fini(&buf);
	return check_end();
}
