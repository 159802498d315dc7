/*
 * Any bytes as an event: decoded, checked, named, compared with itself.  What we open
 * protobuf-c opens too, as the same type; the reverse does not hold, as we are
 * stricter.
 */

#include <stdint.h>
#include <stdlib.h>

#include <daybook/v1/event.pb-c.h>

#include "event/decode.h"
#include "event/key.h"

#define ARENA_BYTES ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
demand(bool holds)
{
	if (!holds)
		abort();
}

static void
compare_with_protobuf_c(const struct dbk_event *event, const uint8_t *bytes,
			size_t size)
{
	Daybook__V1__Event *other = daybook__v1__event__unpack(NULL, size, bytes);

	demand(other != NULL);
	demand((int)other->body_case == (int)event->type);
	daybook__v1__event__free_unpacked(other, NULL);
}

static void
use(const struct dbk_event *event)
{
	struct dbk_event_fault fault;
	struct dbk_field field;
	struct dbk_key key;
	char text[DBK_FIELD_TEXT_BYTES];

	demand(!dbk_event_differs(event, event, &field));
	if (!dbk_event_check(event, &fault)) {
		demand(dbk_fault_name(fault.fault)[0] != '?');
		(void)dbk_field_format(&fault.field, text);
		return;
	}
	dbk_event_key(event, &key);
	demand(key.size > 1 && key.size <= DBK_KEY_BYTES_MAX);
	dbk_event_payment_key(event, &key);
	demand(key.size <= DBK_KEY_BYTES_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct dbk_event_fault fault = { .fault = DBK_FAULT_NONE };
	struct dbk_event event;
	struct dbk_arena arena;
	char text[DBK_FIELD_TEXT_BYTES];

	dbk_arena_init(&arena, ARENA_BYTES);
	if (dbk_event_decode(dbk_str_make(bytes, size), &arena, &event, &fault)) {
		compare_with_protobuf_c(&event, bytes, size);
		use(&event);
	} else {
		demand(fault.fault != DBK_FAULT_NONE);
		(void)dbk_field_format(&fault.field, text);
	}
	dbk_arena_fini(&arena);
	return 0;
}
