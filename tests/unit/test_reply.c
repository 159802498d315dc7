/*
 * test_reply.c -- replies as they are kept and as they are spelled, against
 * protobuf-c's own packing of daybook.v1.AppendReply.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daybook/v1/service.pb-c.h"

#include "../tests/lib/check.h"
#include "../tests/lib/random_message.h"
#include "ledger/details.h"
#include "ledger/reply.h"

typedef Daybook__V1__EventResult event_result;

/* The same reply twice: as the ledger keeps it and as protobuf-c has it. */
static struct {
	struct dbk_reply reply;
	event_result *results[DBK_BATCH_EVENTS_MAX];
	size_t n;
	struct dbk_batch_counts counts;
} t;

static void
setup(void)
{
	memset(&t, 0, sizeof t);
	dbk_reply_init(&t.reply);
}

static void
teardown(void)
{
	for (size_t i = 0; i < t.n; i++)
		daybook__v1__event_result__free_unpacked(t.results[i], NULL);
	dbk_reply_fini(&t.reply);
}

static event_result *
add_result(enum dbk_outcome outcome, uint64_t position)
{
	event_result *result = calloc(1, sizeof *result);

	daybook__v1__event_result__init(result);
	result->outcome = (Daybook__V1__Outcome)outcome;
	result->position = position;
	t.results[t.n++] = result;
	return result;
}

static void
add_accepted(uint64_t position)
{
	(void)add_result(DBK_ACCEPTED, position);
	dbk_reply_accepted(&t.reply, position);
	t.counts.accepted++;
}

static void
add_duplicate(uint64_t position)
{
	(void)add_result(DBK_DUPLICATE, position);
	dbk_reply_duplicate(&t.reply, position);
	t.counts.duplicates++;
}

static char *
copy(struct dbk_str text)
{
	return strndup(text.bytes == NULL ? "" : text.bytes, text.size);
}

static char *
copy_field(const struct dbk_field *field)
{
	char text[DBK_FIELD_TEXT_BYTES];

	return copy(dbk_str_make(text, dbk_field_format(field, text)));
}

static void
add_refused(uint64_t position, const struct dbk_refusal *refusal)
{
	event_result *result = add_result(DBK_REFUSED, position);
	Daybook__V1__Refusal *r = calloc(1, sizeof *r);

	daybook__v1__refusal__init(r);
	r->rule = (Daybook__V1__Rule)refusal->rule;
	r->field = copy_field(&refusal->field);
	r->value = copy(dbk_verdict_value(refusal->value));
	r->measured = refusal->measured;
	r->limit = refusal->limit;
	r->other_position_plus_one = refusal->other_position_plus_one;
	r->would_pass_plus_one = refusal->would_pass_plus_one;
	result->refusal = r;
	dbk_reply_refused(&t.reply, position, refusal, NULL);
	t.counts.refused++;
}

/* The same or, without REFUSAL, accepted; and it raised FINDING. */
static void
add_found(uint64_t position, const struct dbk_refusal *refusal, uint32_t finding)
{
	struct dbk_effect effect = { .n_findings = 1 };
	struct dbk_effects effects = { .findings = &finding };
	struct dbk_buf details;
	event_result *result;

	dbk_buf_init(&details);
	dbk_details_put_findings(&details, &effects, &effect);
	if (refusal == NULL) {
		result = add_result(DBK_ACCEPTED, position);
		dbk_reply_accepted_with(&t.reply, position, &details);
		t.counts.accepted++;
	} else {
		result = add_result(DBK_REFUSED, position);
		result->refusal = calloc(1, sizeof *result->refusal);
		daybook__v1__refusal__init(result->refusal);
		result->refusal->rule = (Daybook__V1__Rule)refusal->rule;
		dbk_reply_refused(&t.reply, position, refusal, &details);
		t.counts.refused++;
	}
	result->n_findings = 1;
	result->findings = malloc(sizeof *result->findings);
	result->findings[0] = finding;
	dbk_buf_fini(&details);
}

static void
add_invalid(const struct dbk_event_fault *fault)
{
	event_result *result = add_result(DBK_INVALID, 0);
	Daybook__V1__EventFault *f = calloc(1, sizeof *f);
	char number[24];

	daybook__v1__event_fault__init(f);
	f->fault = (Daybook__V1__Fault)fault->fault;
	f->field = copy_field(&fault->field);
	(void)snprintf(number, sizeof number, "%lld", (long long)fault->number);
	f->value =
	    fault->has_number ? strdup(number) : copy(dbk_verdict_value(fault->value));
	result->fault = f;
	dbk_reply_invalid(&t.reply, fault);
	t.counts.invalid++;
}

static bool
is_same_count(const struct dbk_batch_counts *a, const struct dbk_batch_counts *b)
{
	return a->accepted == b->accepted && a->duplicates == b->duplicates &&
	       a->refused == b->refused && a->invalid == b->invalid;
}

/* Store, count, spell and compare with protobuf-c. */
static void
check_reply(const char *source, uint64_t batch_seq, bool repeated, uint64_t size,
	    unsigned flags)
{
	Daybook__V1__AppendReply want = DAYBOOK__V1__APPEND_REPLY__INIT;
	struct dbk_batch_counts counts, none = { 0 };
	struct dbk_buf stored, spelled;
	unsigned char *packed;
	size_t packed_size;

	want.source = (char *)(uintptr_t)source;
	want.batch_seq = batch_seq;
	want.results = t.results;
	want.n_results = t.n;
	want.size = size;
	want.repeated_batch = repeated;
	want.dry_run = (flags & DBK_REPLY_DRY_RUN) != 0;
	want.rolled_back = (flags & DBK_REPLY_ROLLED_BACK) != 0;
	dbk_buf_init(&stored);
	dbk_buf_init(&spelled);
	dbk_reply_store(&t.reply, size, flags, &stored);
	CHECK(!dbk_buf_failed(&stored));
	CHECK(dbk_reply_count(dbk_str_make(stored.bytes, stored.size), &counts));
	CHECK(is_same_count(&counts, want.rolled_back ? &none : &t.counts));
	CHECK(dbk_reply_spell(dbk_str_make(stored.bytes, stored.size),
			      dbk_str_of(source), batch_seq, repeated, &spelled));
	packed_size = daybook__v1__append_reply__get_packed_size(&want);
	packed = malloc(packed_size + 1);
	(void)daybook__v1__append_reply__pack(&want, packed);
	CHECK(spelled.size == packed_size &&
	      (packed_size == 0 || memcmp(spelled.bytes, packed, packed_size) == 0));
	free(packed);
	dbk_buf_fini(&stored);
	dbk_buf_fini(&spelled);
}

static void
test_empty(void)
{
	setup();
	check_reply("", 0, false, 0, 0);
	check_reply("shop", 1, true, UINT64_MAX, DBK_REPLY_DRY_RUN);
	teardown();
}

static void
test_runs(void)
{
	struct dbk_buf stored;

	setup();
	for (uint64_t i = 0; i < DBK_BATCH_EVENTS_MAX; i++)
		add_accepted(4000000000u + i);
	check_reply("a source", 77, false, 4000010000u, 0);
	dbk_buf_init(&stored);
	dbk_reply_store(&t.reply, 4000010000u, 0, &stored);
	CHECK(stored.size < 20);
	dbk_buf_fini(&stored);
	teardown();
	setup();
	for (uint64_t i = 0; i < 300; i++) {
		add_accepted(2 * i);
		add_accepted(2 * i + (i % 3 == 0 ? 1 : 7));
		if (i % 5 == 0)
			add_duplicate(i);
	}
	check_reply("s", 1, false, 900, 0);
	teardown();
}

/* A run over the reset must not be glued to the next reply's. */
static void
test_reset(void)
{
	setup();
	dbk_reply_accepted(&t.reply, 5);
	dbk_reply_duplicate(&t.reply, 1);
	dbk_reply_accepted(&t.reply, 6);
	dbk_reply_reset(&t.reply);
	CHECK_INT(t.reply.n_events, 0);
	add_accepted(7);
	check_reply("s", 2, false, 8, 0);
	teardown();
}

static void
test_refusal_edges(void)
{
	static const int64_t numbers[] = { 0, 1, -1, 127, 128, INT64_MAX, INT64_MIN };
	static char text[400];

	setup();
	memset(text, 'v', sizeof text);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		for (size_t size = 0; size < sizeof text; size += 57) {
			struct dbk_refusal refusal = {
				.rule = DBK_RULE_STOCK_INSUFFICIENT,
				.field = { "lines", (uint32_t)size, "qty" },
				.value = dbk_str_make(text, size),
				.measured = numbers[i],
				.limit = numbers[(i + 3) % 7],
				.other_position_plus_one =
				    (uint64_t)numbers[(i + 5) % 7]
			};

			add_refused(i * 1000 + size, &refusal);
		}
	check_reply("s", 3, false, 10000, 0);
	check_reply("s", 3, true, 10000, DBK_REPLY_ROLLED_BACK);
	teardown();
}

static void
test_fault_edges(void)
{
	static const int64_t numbers[] = { 0, -1, INT64_MAX, INT64_MIN };

	setup();
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		struct dbk_event_fault number = { .fault = DBK_FAULT_AMOUNT_NEGATIVE,
						  .field = { "paid", DBK_NO_INDEX,
							     NULL },
						  .number = numbers[i],
						  .has_number = true };
		struct dbk_event_fault text = { .fault = DBK_FAULT_ID_TOO_LONG,
						.field = { NULL, DBK_NO_INDEX, NULL },
						.value = dbk_str_of("\xe2\x82\xac") };
		struct dbk_event_fault nothing = { .fault = DBK_FAULT_MALFORMED,
						   .field = { NULL, DBK_NO_INDEX,
							      NULL } };

		add_invalid(&number);
		add_invalid(&text);
		add_invalid(&nothing);
	}
	check_reply("s", 4, false, 0, DBK_REPLY_ROLLED_BACK | DBK_REPLY_DRY_RUN);
	teardown();
}

static void
add_any(struct random_source *random, uint64_t *position)
{
	struct dbk_refusal refusal = { .rule = DBK_RULE_CONFLICT,
				       .field = { "seller", DBK_NO_INDEX, NULL },
				       .measured = (int64_t)random_next(random),
				       .other_position_plus_one =
					   random_below(random, 9) };
	struct dbk_event_fault fault = { .fault = DBK_FAULT_TIME_TOO_FINE,
					 .field = { "effective_at", DBK_NO_INDEX,
						    NULL },
					 .number = (int64_t)random_next(random),
					 .has_number = true };

	switch (random_below(random, 10)) {
	case 8:
		add_found((*position)++, NULL, (uint32_t)random_next(random));
		break;
	case 9:
		add_found((*position)++,
			  &(struct dbk_refusal){ .rule = DBK_RULE_CONFLICT },
			  (uint32_t)random_next(random));
		break;
	case 0:
		add_duplicate(random_below(random, *position + 1));
		break;
	case 1:
		add_refused((*position)++, &refusal);
		break;
	case 2:
		add_invalid(&fault);
		break;
	default:
		add_accepted((*position)++);
	}
}

static void
test_random(void)
{
	struct random_source random;

	random_start(&random, "replies");
	for (unsigned round = 0; round < 400; round++) {
		uint64_t position = random_next(&random) >> random_below(&random, 64);
		uint64_t n = random_below(&random, 200);

		setup();
		for (uint64_t i = 0; i < n; i++)
			add_any(&random, &position);
		check_reply("random", random_next(&random), round % 2 == 0, position,
			    (unsigned)random_below(&random, 4));
		teardown();
	}
}

/* All that one record can have to tell. */
static void
put_most_details(struct dbk_buf *out)
{
	static uint32_t findings[DBK_REPLY_FINDINGS_MAX + 1];
	struct dbk_check checks[DBK_GATES];
	struct dbk_effects effects = { .checks = checks, .findings = findings };
	struct dbk_effect effect = { .n_checks = DBK_GATES,
				     .n_findings = DBK_REPLY_FINDINGS_MAX + 1,
				     .would_pass = DBK_QTY_MAX };

	for (uint8_t i = 0; i < DBK_GATES; i++)
		checks[i] = (struct dbk_check){ i, DBK_GUARD_REFUSE, true, INT64_MIN,
						INT64_MIN };
	memset(findings, 0xff, sizeof findings);
	dbk_details_put_checks(out, &effects, &effect);
	dbk_details_put_findings(out, &effects, &effect);
}

/* As the ledger does it: details only while there is room. */
static void
refuse_with(const struct dbk_buf *details, uint64_t position,
	    const struct dbk_refusal *refusal)
{
	bool full = t.reply.entries.size >= DBK_REPLY_FULL_BYTES_MAX;

	dbk_reply_refused(&t.reply, position, refusal, full ? NULL : details);
}

/* The largest batch refused with the longest words and DETAILS: texts and details stop,
 * the rest is there. */
static void
check_limit(const struct dbk_buf *details, unsigned worded_least)
{
	static char text[200];
	struct dbk_refusal refusal = { .rule = DBK_RULE_LIMIT_REACHED,
				       .field = { "a_field_with_a_long_name",
						  UINT32_MAX - 1, "and_a_long_member" },
				       .value = { text, sizeof text },
				       .measured = INT64_MIN,
				       .limit = -1,
				       .other_position_plus_one = UINT64_MAX,
				       .would_pass_plus_one = -1 };
	struct dbk_event_fault fault = { .fault = DBK_FAULT_TEXT_TOO_LONG,
					 .field = refusal.field,
					 .value = refusal.value };
	Daybook__V1__AppendReply *reply;
	struct dbk_buf stored, spelled;
	unsigned worded = 0, detailed = 0;

	memset(text, 'x', sizeof text);
	setup();
	dbk_buf_init(&stored);
	dbk_buf_init(&spelled);
	for (uint32_t i = 0; i < DBK_BATCH_EVENTS_MAX; i++)
		if (i % 10 == 0)
			dbk_reply_invalid(&t.reply, &fault);
		else
			refuse_with(details, UINT64_MAX - i, &refusal);
	dbk_reply_store(&t.reply, UINT64_MAX, 0, &stored);
	CHECK(stored.size <= DBK_LOG_REPLY_BYTES_MAX);
	CHECK(dbk_reply_spell(dbk_str_make(stored.bytes, stored.size), dbk_str_of("s"),
			      1, false, &spelled));
	reply = daybook__v1__append_reply__unpack(NULL, spelled.size, spelled.bytes);
	if (CHECK(reply != NULL && reply->n_results == DBK_BATCH_EVENTS_MAX)) {
		for (uint32_t i = 0; i < DBK_BATCH_EVENTS_MAX; i++) {
			const event_result *r = reply->results[i];

			CHECK(i % 10 == 0 ? r->fault != NULL && r->fault->fault == 22
					  : r->refusal != NULL &&
						r->refusal->measured == INT64_MIN &&
						r->refusal->would_pass_plus_one == -1 &&
						r->position == UINT64_MAX - i);
			worded += r->refusal != NULL && r->refusal->field[0] != '\0';
			detailed += r->n_checks == DBK_GATES && r->n_findings == 100;
		}
	}
	CHECK(worded > worded_least && worded < DBK_BATCH_EVENTS_MAX);
	CHECK_INT(detailed, details == NULL ? 0 : worded);
	daybook__v1__append_reply__free_unpacked(reply, NULL);
	dbk_buf_fini(&stored);
	dbk_buf_fini(&spelled);
	teardown();
}

static void
test_limit(void)
{
	struct dbk_buf details;

	dbk_buf_init(&details);
	put_most_details(&details);
	check_limit(NULL, 1000);
	check_limit(&details, 200);
	dbk_buf_fini(&details);
}

static bool
is_read(const unsigned char *bytes, size_t size)
{
	/* A copy of its own, so that reading past the end is seen. */
	unsigned char *stored = malloc(size + 1);
	struct dbk_batch_counts counts;
	struct dbk_buf out;
	bool spelled, counted;

	memcpy(stored, bytes, size);
	stored = realloc(stored, size == 0 ? 1 : size);
	dbk_buf_init(&out);
	spelled = dbk_reply_spell(dbk_str_make(stored, size), dbk_str_of("s"), 1, false,
				  &out);
	counted = dbk_reply_count(dbk_str_make(stored, size), &counts);
	CHECK(out.size < (size_t)1 << 20);
	/* Counting looks deeper, into the outcomes. */
	CHECK(!counted || spelled);
	dbk_buf_fini(&out);
	free(stored);
	return spelled;
}

static void
test_damage(void)
{
	struct random_source random;
	struct dbk_buf stored;
	uint64_t position = 100;

	random_start(&random, "damaged replies");
	setup();
	dbk_buf_init(&stored);
	for (unsigned i = 0; i < 60; i++)
		add_any(&random, &position);
	dbk_reply_store(&t.reply, 1000, 0, &stored);
	CHECK(is_read(stored.bytes, stored.size));
	CHECK(!is_read(stored.bytes, 0));
	CHECK(!is_read(stored.bytes, 1));
	CHECK(!is_read(stored.bytes, stored.size - 1));
	for (size_t size = 0; size < stored.size; size++)
		(void)is_read(stored.bytes, size);
	for (size_t i = 0; i < stored.size; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			stored.bytes[i] ^= (unsigned char)(1u << bit);
			(void)is_read(stored.bytes, stored.size);
			stored.bytes[i] ^= (unsigned char)(1u << bit);
		}
	dbk_buf_fini(&stored);
	teardown();
}

static void
test_bad_entries(void)
{
	struct dbk_buf many;

	CHECK(!is_read((const unsigned char *)"\1\0\0\1", 4));	  /* a run of none */
	CHECK(!is_read((const unsigned char *)"\1\0\7\1", 4));	  /* kind 3 */
	CHECK(!is_read((const unsigned char *)"\1\0\x09\1", 4));  /* two duplicates */
	CHECK(!is_read((const unsigned char *)"\1\0\x0a\1x", 5)); /* two others */
	CHECK(!is_read((const unsigned char *)"\1\0\6\2x", 5));	  /* cut short */
	CHECK(is_read((const unsigned char *)"\1\0\x08\1", 4));	  /* a run of two */
	/* More events than a batch has, in one run and in many. */
	dbk_buf_init(&many);
	dbk_buf_put(&many, "\1\0", 2);
	dbk_buf_put_varint(&many, (uint64_t)DBK_BATCH_EVENTS_MAX << 2);
	dbk_buf_put_varint(&many, 1);
	CHECK(is_read(many.bytes, many.size));
	dbk_buf_put(&many, "\4\1", 2);
	CHECK(!is_read(many.bytes, many.size));
	dbk_buf_reset(&many);
	dbk_buf_put(&many, "\1\0", 2);
	dbk_buf_put_varint(&many, UINT64_MAX);
	dbk_buf_put_varint(&many, 1);
	CHECK(!is_read(many.bytes, many.size));
	dbk_buf_fini(&many);
}

int
main(void)
{
	check_run("bytes that are no entries are refused", test_bad_entries);
	check_run("a reply without events is spelled", test_empty);
	check_run("runs of accepted events are short and come back whole", test_runs);
	check_run("a reset reply is a new one", test_reset);
	check_run("refusals keep every figure at its edge", test_refusal_edges);
	check_run("faults keep number or text", test_fault_edges);
	check_run("any mixture is spelled as protobuf-c packs it", test_random);
	check_run("the largest reply stays within the log's limit", test_limit);
	check_run("a damaged reply is refused or read, and nothing else", test_damage);
	return check_end();
}
