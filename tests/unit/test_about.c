#include <string.h>

#include "../tests/lib/check.h"
#include "daybook/v1/service.pb-c.h"
#include "service/about.h"

static char line[DBK_ACCESS_ABOUT_BYTES];

static void
make(const ProtobufCMessage *request)
{
	static uint8_t bytes[8192];
	size_t size = protobuf_c_message_pack(request, bytes);

	dbk_about_make(dbk_str_make(bytes, size), request->descriptor, line);
}

static void
test_fields(void)
{
	Daybook__V1__ListAgentsRequest request = DAYBOOK__V1__LIST_AGENTS_REQUEST__INIT;

	make(&request.base);
	CHECK(line[0] == '\0');
	request.sponsor = (char *)(uintptr_t) "root";
	request.page_size = 7;
	make(&request.base);
	CHECK(strstr(line, "sponsor=root") != NULL);
	CHECK(strstr(line, "page_size=7") != NULL);
}

static void
test_within(void)
{
	Daybook__V1__GetReceiptsRequest request =
	    DAYBOOK__V1__GET_RECEIPTS_REQUEST__INIT;
	Daybook__V1__StatementOf of = DAYBOOK__V1__STATEMENT_OF__INIT;

	of.agent = (char *)(uintptr_t) "ann";
	request.of_case = DAYBOOK__V1__GET_RECEIPTS_REQUEST__OF_STATEMENT;
	request.statement = &of;
	make(&request.base);
	CHECK(strcmp(line, "statement.agent=ann") == 0);
}

static void
test_lists(void)
{
	Daybook__V1__CreateTokenRequest request =
	    DAYBOOK__V1__CREATE_TOKEN_REQUEST__INIT;
	Daybook__V1__Role roles[] = { DAYBOOK__V1__ROLE__ROLE_READ,
				      DAYBOOK__V1__ROLE__ROLE_ADMIN };

	request.roles = roles;
	request.n_roles = 2;
	make(&request.base);
	CHECK(strcmp(line, "roles=ROLE_READ roles=ROLE_ADMIN") == 0);
}

static void
test_bytes_stay_out(void)
{
	Daybook__V1__SealTextRequest request = DAYBOOK__V1__SEAL_TEXT_REQUEST__INIT;

	request.subject = (char *)(uintptr_t) "ann";
	request.text.data = (uint8_t *)(uintptr_t) "secret";
	request.text.len = 6;
	make(&request.base);
	CHECK(strcmp(line, "subject=ann") == 0);
}

static void
test_cut(void)
{
	Daybook__V1__GetAgentRequest request = DAYBOOK__V1__GET_AGENT_REQUEST__INIT;
	static char name[1024];

	for (size_t i = 0; i + 3 < sizeof name; i += 3)
		memcpy(name + i, "\xe4\xbb\xa3", 3);
	request.agent = name;
	make(&request.base);
	CHECK(strlen(line) < DBK_ACCESS_ABOUT_BYTES);
	CHECK(strlen(line) > DBK_ACCESS_ABOUT_BYTES - 5);
	CHECK(dbk_str_is_utf8(dbk_str_of(line)));
	request.agent = (char *)(uintptr_t) "a\nb\x7f\xff\xe4";
	make(&request.base);
	CHECK(strcmp(line, "agent=a?b???") == 0);
}

/* Wire bytes as nobody's library makes them. */
static void
test_hiding(void)
{
	Daybook__V1__OpenSealedRequest open = DAYBOOK__V1__OPEN_SEALED_REQUEST__INIT;
	Daybook__V1__SubscribeRequest sub = DAYBOOK__V1__SUBSCRIBE_REQUEST__INIT;
	static char reason[400], bytes[8192];
	static uint32_t types[64];
	size_t size;

	memset(reason, 'r', sizeof reason - 1);
	open.reason = reason;
	size = protobuf_c_message_pack(&open.base, (uint8_t *)bytes);
	size += protobuf_c_message_pack(&open.base, (uint8_t *)bytes + size);
	memcpy(bytes + size, "\x10\x07", 2);
	dbk_about_make(dbk_str_make(bytes, size + 2), open.base.descriptor, line);
	CHECK(strncmp(line, "position=7 reason=rrr", 21) == 0);
	for (size_t i = 0; i < 64; i++)
		types[i] = 709;
	sub.types = types;
	sub.n_types = 64;
	sub.agent = (char *)(uintptr_t) "ann";
	make(&sub.base);
	CHECK(strncmp(line, "agent=ann types=709 types=709", 29) == 0);
	dbk_about_make(dbk_str_of("\x0a\x03"
				  "bob"
				  "\x12\x03"
				  "ann"),
		       &daybook__v1__get_receipts_request__descriptor, line);
	CHECK(strcmp(line, "order=ann") == 0);
}

static void
test_names(void)
{
	CHECK(dbk_about_names("agent=A17", dbk_str_of("A17")));
	CHECK(dbk_about_names("a=1 agent=A17 b=2", dbk_str_of("A17")));
	CHECK(dbk_about_names("agent=A 17 b=2", dbk_str_of("A 17")));
	CHECK(!dbk_about_names("agent=A17", dbk_str_of("A1")));
	CHECK(!dbk_about_names("agent=A17", dbk_str_of("17")));
	CHECK(!dbk_about_names("agent=A1", dbk_str_of("A17")));
	CHECK(!dbk_about_names("", dbk_str_of("A17")));
	CHECK(dbk_about_names("agent=a=b", dbk_str_of("a=b")));
}

static void
test_damaged(void)
{
	static const char *const damaged[] = { "\x0a",
					       "\x0a\x7f"
					       "ab",
					       "\x0b", "\xff" };

	for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++) {
		dbk_about_make(dbk_str_of(damaged[i]),
			       &daybook__v1__get_agent_request__descriptor, line);
		CHECK(line[0] == '\0');
	}
}

int
main(void)
{
	check_run("a line has the texts and numbers of a request", test_fields);
	check_run("messages within stand with their outer name", test_within);
	check_run("numbers of a list are told by their names", test_lists);
	check_run("bytes stay out", test_bytes_stay_out);
	check_run("a long value is cut between characters", test_cut);
	check_run("what is asked for is not hidden behind what is not", test_hiding);
	check_run("a line names whole values only", test_names);
	check_run("what is no message has an empty line", test_damaged);
	return check_end();
}
