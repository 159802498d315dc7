#include "../tests/lib/opened_event.h"

#include <stdio.h>
#include <string.h>

#include <daybook/v1/event.pb-c.h>

#include "../tests/lib/check.h"
#include "event/decode.h"
#include "event/json.h"

static bool
writes_back(const ProtobufCMessage *message, const char *want)
{
	struct dbk_buf written = { 0 };
	struct dbk_error error;
	bool is_same =
	    CHECK(dbk_json_write(message, NULL, &written, &error) == DBK_OK) &&
	    dbk_str_equal(dbk_str_make(written.bytes, written.size), dbk_str_of(want));

	if (!is_same)
		fprintf(stderr, "  written %.*s\n", (int)written.size,
			(const char *)written.bytes);
	dbk_buf_fini(&written);
	return is_same;
}

/* The bytes of the event that TEXT is, in ARENA; empty if it is none. */
static struct dbk_str
pack(const char *text, struct dbk_arena *arena)
{
	struct dbk_str bytes = { NULL, 0 };
	ProtobufCMessage *message = NULL;
	struct dbk_error error;
	uint8_t *packed;

	if (dbk_json_parse(dbk_str_of(text), &daybook__v1__event__descriptor, &message,
			   &error) != DBK_OK) {
		fprintf(stderr, "  %s\n", error.text);
		return bytes;
	}
	packed = dbk_arena_alloc(arena, protobuf_c_message_get_packed_size(message));
	if (CHECK(packed != NULL) && CHECK(writes_back(message, text)))
		bytes = dbk_str_make(packed, protobuf_c_message_pack(message, packed));
	protobuf_c_message_free_unpacked(message, NULL);
	return bytes;
}

/* Holds "planPublished":{ of PlanPublished. */
static bool
is_named(enum dbk_event_type type, const char *body)
{
	const char *name = dbk_event_type_name(type);

	return strstr(body, name + 1) != NULL;
}

bool
opened_event(enum dbk_event_type type, const char *body, struct dbk_arena *arena,
	     struct dbk_event *out)
{
	struct dbk_event_fault fault = { .fault = DBK_FAULT_NONE };
	struct dbk_str bytes;
	char text[2048];

	dbk_arena_reset(arena);
	(void)snprintf(text, sizeof text, "{\"effectiveAt\":\"" OPENED_TIME "\",%s}",
		       body);
	bytes = pack(text, arena);
	if (bytes.size == 0)
		return false;
	if (!dbk_event_decode(bytes, arena, out, &fault) ||
	    !dbk_event_check(out, &fault)) {
		fprintf(stderr, "  %s at %s\n", dbk_fault_name(fault.fault),
			fault.field.name == NULL ? "" : fault.field.name);
		return false;
	}
	return out->type == type && out->effective_at == OPENED_TIME_US &&
	       out->source.size == 0 && is_named(type, body);
}
