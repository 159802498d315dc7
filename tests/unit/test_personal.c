#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "daybook/v1/service.pb-c.h"
#include "service/personal.h"

static struct dbk_buf out;

static struct dbk_str
packed(const ProtobufCMessage *message)
{
	static uint8_t bytes[4096];

	return dbk_str_make(bytes, protobuf_c_message_pack(message, bytes));
}

static bool
strip(struct dbk_str message, const ProtobufCMessageDescriptor *descriptor)
{
	dbk_buf_reset(&out);
	return dbk_personal_strip(message, descriptor, &out);
}

static void
test_names(void)
{
	CHECK(dbk_personal_is("actor"));
	CHECK(dbk_personal_is("sealed"));
	CHECK(dbk_personal_is("hash"));
	CHECK(dbk_personal_is("payee_hash"));
	CHECK(dbk_personal_is("phone_hash"));
	CHECK(!dbk_personal_is("balances_hash"));
	CHECK(!dbk_personal_is("evidence_hash"));
	CHECK(!dbk_personal_is("file_hash"));
	CHECK(!dbk_personal_is("leaf_hash"));
	CHECK(!dbk_personal_is("hashes"));
	CHECK(!dbk_personal_is("_has"));
	CHECK(!dbk_personal_is("factor"));
	CHECK(!dbk_personal_is(""));
}

static void
test_within(void)
{
	Daybook__V1__SubscribeReply reply = DAYBOOK__V1__SUBSCRIBE_REPLY__INIT;
	Daybook__V1__LoggedEvent logged = DAYBOOK__V1__LOGGED_EVENT__INIT;
	Daybook__V1__Event event = DAYBOOK__V1__EVENT__INIT;
	Daybook__V1__AgentVerified verified = DAYBOOK__V1__AGENT_VERIFIED__INIT;
	Daybook__V1__Sealed sealed = DAYBOOK__V1__SEALED__INIT, *list[] = { &sealed };
	Daybook__V1__LoggedEvent *events[] = { &logged };
	Daybook__V1__SubscribeReply *got;
	uint8_t hash[64] = { 1 }, box[300] = { 2 };

	verified.agent = (char *)(uintptr_t) "ann";
	verified.revision = 1;
	verified.payee_hash.data = hash;
	verified.payee_hash.len = sizeof hash;
	sealed.subject = (char *)(uintptr_t) "ann";
	sealed.box.data = box;
	sealed.box.len = sizeof box;
	event.actor = (char *)(uintptr_t) "clerk";
	event.sealed = list;
	event.n_sealed = 1;
	event.body_case = DAYBOOK__V1__EVENT__BODY_AGENT_VERIFIED;
	event.agent_verified = &verified;
	logged.position = 300;
	logged.event = &event;
	reply.events = events;
	reply.n_events = 1;
	reply.size = 301;
	CHECK(strip(packed(&reply.base), &daybook__v1__subscribe_reply__descriptor));
	got = daybook__v1__subscribe_reply__unpack(NULL, out.size, out.bytes);
	CHECK(got != NULL);
	if (got == NULL)
		return;
	CHECK_INT(got->size, 301);
	CHECK_INT(got->events[0]->position, 300);
	CHECK(got->events[0]->event->actor[0] == '\0');
	CHECK_INT(got->events[0]->event->n_sealed, 0);
	CHECK(strcmp(got->events[0]->event->agent_verified->agent, "ann") == 0);
	CHECK_INT(got->events[0]->event->agent_verified->payee_hash.len, 0);
	CHECK_INT(protobuf_c_message_get_packed_size(&got->base), out.size);
	daybook__v1__subscribe_reply__free_unpacked(got, NULL);
}

static const char *
told_value(const char *field)
{
	Daybook__V1__SubscribeReply reply = DAYBOOK__V1__SUBSCRIBE_REPLY__INIT;
	Daybook__V1__LoggedEvent logged = DAYBOOK__V1__LOGGED_EVENT__INIT;
	Daybook__V1__Refusal refusal = DAYBOOK__V1__REFUSAL__INIT;
	Daybook__V1__LoggedEvent *events[] = { &logged };
	Daybook__V1__SubscribeReply *got;
	static char value[16];

	refusal.rule = DAYBOOK__V1__RULE__SECOND_PERSON;
	refusal.field = (char *)(uintptr_t)field;
	refusal.value = (char *)(uintptr_t) "clerk-7";
	refusal.limit = 3;
	logged.refusal = &refusal;
	reply.events = events;
	reply.n_events = 1;
	CHECK(strip(packed(&reply.base), &daybook__v1__subscribe_reply__descriptor));
	got = daybook__v1__subscribe_reply__unpack(NULL, out.size, out.bytes);
	CHECK(got != NULL && got->events[0]->refusal->limit == 3 &&
	      strcmp(got->events[0]->refusal->field, field) == 0);
	value[0] = '?';
	if (got != NULL)
		(void)snprintf(value, sizeof value, "%s",
			       got->events[0]->refusal->value);
	daybook__v1__subscribe_reply__free_unpacked(got, NULL);
	return value;
}

static void
test_refusals(void)
{
	CHECK(told_value("actor")[0] == '\0');
	CHECK(told_value("payee_hash")[0] == '\0');
	CHECK(told_value("sealed[2]")[0] == '\0');
	CHECK(told_value("lines[2].payer_hash")[0] == '\0');
	CHECK(strcmp(told_value("factor"), "clerk-7") == 0);
	CHECK(strcmp(told_value("lines[2].sku"), "clerk-7") == 0);
	CHECK(strcmp(told_value("balances_hash"), "clerk-7") == 0);
	CHECK(strcmp(told_value(""), "clerk-7") == 0);
}

static void
test_same(void)
{
	Daybook__V1__GetAgentRequest request = DAYBOOK__V1__GET_AGENT_REQUEST__INIT;
	struct dbk_str bytes;

	request.agent = (char *)(uintptr_t) "ann";
	request.at_least_size = 1u << 31;
	bytes = packed(&request.base);
	CHECK(strip(bytes, &daybook__v1__get_agent_request__descriptor));
	CHECK(dbk_str_equal(bytes, dbk_str_make(out.bytes, out.size)));
	CHECK(strip(dbk_str_make("", 0), &daybook__v1__get_agent_request__descriptor));
	CHECK_INT(out.size, 0);
}

static void
test_unknown_fields(void)
{
	static const char bytes[] = "\xfa\x3f\x03xyz";

	CHECK(strip(dbk_str_make(bytes, sizeof bytes - 1),
		    &daybook__v1__get_agent_request__descriptor));
	CHECK_INT(out.size, 0);
}

static void
test_damaged(void)
{
	static const struct {
		const char *bytes;
		size_t size;
	} damaged[] = {
		{ "\x0a", 1 }, /* no length */
		{ "\x0a\x05"
		  "ab",
		  4 },		       /* cut off */
		{ "\x0b", 1 },	       /* a group */
		{ "\x02", 1 },	       /* field 0 */
		{ "\x10", 1 },	       /* no number */
		{ "\x0d\x01\x02", 3 }, /* three bytes of four */
		{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11 },
	};

	for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++)
		CHECK(!strip(dbk_str_make(damaged[i].bytes, damaged[i].size),
			     &daybook__v1__get_agent_request__descriptor));
}

/* Every prefix of a message: never a crash, and what is taken is again a message. */
static void
test_cut(void)
{
	Daybook__V1__LoggedEvent logged = DAYBOOK__V1__LOGGED_EVENT__INIT;
	Daybook__V1__Event event = DAYBOOK__V1__EVENT__INIT;
	struct dbk_str bytes;

	event.actor = (char *)(uintptr_t) "somebody";
	logged.event = &event;
	logged.position = 12345;
	bytes = packed(&logged.base);
	for (uint32_t size = 0; size < bytes.size; size++) {
		char *copy = malloc(size + 1u);

		CHECK(copy != NULL);
		if (copy == NULL)
			return;
		memcpy(copy, bytes.bytes, size);
		(void)strip(dbk_str_make(copy, size),
			    &daybook__v1__logged_event__descriptor);
		free(copy);
	}
}

int
main(void)
{
	dbk_buf_init(&out);
	check_run("personal fields are known by their names", test_names);
	check_run("personal fields go, also those of messages within", test_within);
	check_run("what a refusal quotes of a personal field goes", test_refusals);
	check_run("everything else stays byte for byte", test_same);
	check_run("fields that are not known go", test_unknown_fields);
	check_run("what is no message is told", test_damaged);
	check_run("a message cut anywhere does no harm", test_cut);
	dbk_buf_fini(&out);
	return check_end();
}
