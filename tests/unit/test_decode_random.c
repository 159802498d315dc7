#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/v1/event.pb-c.h>
#include <google/protobuf/timestamp.pb-c.h>

#include "../tests/lib/check.h"
#include "../tests/lib/random_message.h"
#include "event/decode.h"
#include "event/schema.h"

/* protobuf-c is the other witness: what it packs, both open, and every field is
 * compared.  That the tables name the right fields, test_schema.c shows. */

#define RUNS_PER_EVENT 400
#define ARENA_BYTES ((size_t)1 << 22)

static struct random_source source;
static struct dbk_arena arena;
static struct dbk_event event;
static struct dbk_event_fault fault;

static bool same_message(const struct dbk_schema *schema, const unsigned char *base,
			 const ProtobufCMessage *message);

static bool
same_text(struct dbk_str ours, const char *theirs)
{
	return dbk_str_equal(ours, dbk_str_of(theirs));
}

static bool
same_time(int64_t ours, const Google__Protobuf__Timestamp *theirs)
{
	return theirs == NULL
		   ? ours == DBK_TIME_ABSENT
		   : ours == theirs->seconds * 1000000 + theirs->nanos / 1000;
}

static bool
same_holder(const struct dbk_holder *ours, const Daybook__V1__Holder *theirs)
{
	if (theirs == NULL || theirs->kind_case == DAYBOOK__V1__HOLDER__KIND__NOT_SET)
		return ours->kind == DBK_HOLDER_SUPPLY;
	if (theirs->kind_case == DAYBOOK__V1__HOLDER__KIND_AGENT)
		return ours->kind == DBK_HOLDER_AGENT &&
		       same_text(ours->agent, theirs->agent);
	return ours->kind == DBK_HOLDER_LOCATION &&
	       same_text(ours->location, theirs->location);
}

static bool
same_rights(const uint64_t *ours, uint32_t count, const uint32_t *theirs)
{
	bool is_same = true;

	for (uint32_t i = 0; i < count; i++)
		is_same = is_same && ours[i] == theirs[i];
	return is_same;
}

static bool
same_list(const struct dbk_schema_field *field, const unsigned char *ours,
	  uint32_t count, void *const *theirs, size_t their_count)
{
	bool is_same = count == their_count;

	if (is_same && field->kind == DBK_FIELD_NUMBERS)
		return count == 0 ||
		       memcmp(ours, theirs, count * sizeof(uint64_t)) == 0;
	if (is_same && field->kind == DBK_FIELD_RIGHTS)
		return same_rights((const uint64_t *)(const void *)ours, count,
				   (const uint32_t *)(const void *)theirs);
	for (uint32_t i = 0; is_same && i < count; i++)
		is_same =
		    field->message == NULL
			? same_text(((const struct dbk_str *)(const void *)ours)[i],
				    theirs[i])
			: same_message(field->message, ours + i * field->message->size,
				       theirs[i]);
	return is_same;
}

static bool
same_field(const struct dbk_schema *schema, const struct dbk_schema_field *field,
	   const unsigned char *base, const unsigned char *message,
	   const ProtobufCFieldDescriptor *want)
{
	const void *ours = base + field->offset, *theirs = message + want->offset;
	const uint32_t *which = (const void *)(message + want->quantifier_offset);
	const ProtobufCBinaryData *data = theirs;
	uint32_t number;

	if ((want->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 && *which != want->id)
		return ((const struct dbk_str *)ours)->bytes == NULL;
	switch ((enum dbk_field_kind)field->kind) {
	case DBK_FIELD_ID:
	case DBK_FIELD_TEXT:
		return same_text(*(const struct dbk_str *)ours, *(char *const *)theirs);
	case DBK_FIELD_HASH:
	case DBK_FIELD_BYTES:
		return dbk_str_equal(*(const struct dbk_str *)ours,
				     dbk_str_make(data->data, data->len));
	case DBK_FIELD_MONEY:
	case DBK_FIELD_QTY:
	case DBK_FIELD_SIGNED:
	case DBK_FIELD_U64:
		return memcmp(ours, theirs, 8) == 0;
	case DBK_FIELD_U32:
	case DBK_FIELD_I32:
		return memcmp(ours, theirs, 4) == 0;
	case DBK_FIELD_BOOL:
		return *(const bool *)ours == (*(const int *)theirs != 0);
	case DBK_FIELD_ENUM:
		memcpy(&number, theirs, sizeof number);
		if (number == 0)
			memcpy(&number, (const char *)schema->blank + field->offset,
			       sizeof number);
		return memcmp(ours, &number, sizeof number) == 0;
	case DBK_FIELD_TIME:
		return same_time(*(const int64_t *)ours, *(void *const *)theirs);
	case DBK_FIELD_HOLDER:
		return same_holder(ours, *(void *const *)theirs);
	case DBK_FIELD_TEXTS:
	case DBK_FIELD_IDS:
	case DBK_FIELD_NUMBERS:
	case DBK_FIELD_RIGHTS:
	case DBK_FIELD_LINES:
	case DBK_FIELD_PARTS:
		return same_list(
		    field, *(unsigned char *const *)ours,
		    *(const uint32_t *)(const void *)(base + field->count_offset),
		    *(void *const *const *)theirs,
		    *(const size_t *)(const void *)which);
	}
	return false;
}

static bool
same_message(const struct dbk_schema *schema, const unsigned char *base,
	     const ProtobufCMessage *message)
{
	const ProtobufCMessageDescriptor *descriptor = message->descriptor;

	for (unsigned i = 0; i < descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *want = &descriptor->fields[i];

		if (!same_field(schema, &schema->fields[want->id], base,
				(const unsigned char *)message, want)) {
			fprintf(stderr, "  %s.%s\n", schema->name, want->name);
			return false;
		}
	}
	return true;
}

/* A random event whose body is FIELD of Event. */
static Daybook__V1__Event *
random_event(const ProtobufCFieldDescriptor *field)
{
	Daybook__V1__Event *made = (Daybook__V1__Event *)random_message(
	    &source, &daybook__v1__event__descriptor);

	if (made->body_case != DAYBOOK__V1__EVENT__BODY__NOT_SET)
		protobuf_c_message_free_unpacked((ProtobufCMessage *)made->book_opened,
						 NULL);
	made->body_case = (Daybook__V1__Event__BodyCase)field->id;
	made->book_opened =
	    (Daybook__V1__BookOpened *)random_message(&source, field->descriptor);
	return made;
}

static void
compare_random(const ProtobufCFieldDescriptor *field)
{
	Daybook__V1__Event *made = random_event(field);
	size_t size = daybook__v1__event__get_packed_size(made);
	uint8_t *packed = malloc(size);
	struct dbk_field field_path;

	(void)daybook__v1__event__pack(made, packed);
	dbk_arena_reset(&arena);
	if (CHECK(
		dbk_event_decode(dbk_str_make(packed, size), &arena, &event, &fault))) {
		CHECK_INT(event.type, field->id);
		CHECK(same_time(event.effective_at, made->effective_at));
		CHECK(same_text(event.actor, made->actor));
		CHECK(same_list(dbk_schema_event_sealed, (void *)event.sealed,
				event.n_sealed, (void *const *)made->sealed,
				made->n_sealed));
		CHECK(same_message(dbk_schema_find(field->id),
				   (const unsigned char *)&event.u,
				   (const ProtobufCMessage *)made->book_opened));
		CHECK(!dbk_event_differs(&event, &event, &field_path));
		(void)dbk_event_check(&event, &fault);
	}
	free(packed);
	protobuf_c_message_free_unpacked((ProtobufCMessage *)made, NULL);
}

static void
test_random_events_agree_with_protobuf_c(void)
{
	const ProtobufCMessageDescriptor *all = &daybook__v1__event__descriptor;

	for (unsigned i = 0; i < all->n_fields; i++)
		for (int run = 0; run < RUNS_PER_EVENT; run++)
			if (dbk_schema_find(all->fields[i].id) != NULL)
				compare_random(&all->fields[i]);
}

int
main(void)
{
	dbk_arena_init(&arena, ARENA_BYTES);
	random_start(&source, "test_decode_random");
	check_run("random events agree with protobuf-c",
		  test_random_events_agree_with_protobuf_c);
	dbk_arena_fini(&arena);
	return check_end();
}
