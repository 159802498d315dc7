#include <stdio.h>
#include <string.h>

#include <daybook/v1/event.pb-c.h>

#include "../tests/lib/check.h"
#include "event/decode.h"
#include "event/json.h"
#include "plan/lint.h"
#include "plan/split.h"

#define EXAMPLE_BYTES 8192
#define FINDINGS_MAX 8

/* One example, opened and compiled. */
static struct {
	char json[EXAMPLE_BYTES];
	unsigned char bytes[EXAMPLE_BYTES];
	struct dbk_arena arena;
	struct dbk_event event;
	struct dbk_plan plan;
	struct dbk_lint found[FINDINGS_MAX];
	uint32_t n_found;
} example;

static size_t
read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t size;

	if (file == NULL)
		return 0;
	size = fread(example.json, 1, sizeof example.json, file);
	(void)fclose(file);
	return size;
}

static bool
decode(size_t json_size, struct dbk_error *error)
{
	struct dbk_event_fault fault = { 0 };
	ProtobufCMessage *message;
	size_t size;
	char path[DBK_FIELD_TEXT_BYTES];

	if (dbk_json_parse(dbk_str_make(example.json, json_size),
			   &daybook__v1__event__descriptor, &message, error) != DBK_OK)
		return false;
	size = protobuf_c_message_get_packed_size(message);
	if (size <= sizeof example.bytes)
		(void)protobuf_c_message_pack(message, example.bytes);
	protobuf_c_message_free_unpacked(message, NULL);
	if (size > sizeof example.bytes)
		return false;
	if (dbk_event_decode(dbk_str_make(example.bytes, size), &example.arena,
			     &example.event, &fault) &&
	    dbk_event_check(&example.event, &fault))
		return true;
	(void)dbk_field_format(&fault.field, path);
	(void)dbk_error_set(error, DBK_FAILED_INPUT, "%s %s",
			    dbk_fault_name(fault.fault), path);
	return false;
}

static bool
open_example(const char *path)
{
	struct dbk_error error = { 0 };
	struct dbk_parameter_fault fault = { 0 };
	size_t size = read_file(path);

	dbk_arena_reset(&example.arena);
	if (!CHECK(size > 0 && size < sizeof example.json) ||
	    !CHECK(memchr(example.json, '\n', size) == &example.json[size - 1]))
		return false;
	if (!CHECK(decode(size, &error))) {
		fprintf(stderr, "%s: %s\n", path, error.text);
		return false;
	}
	if (!CHECK_INT(example.event.type, DBK_EVENT_PLAN_PUBLISHED))
		return false;
	if (!CHECK(dbk_plan_compile(&example.event.u.plan_published, &example.arena,
				    &example.plan, &fault))) {
		fprintf(stderr, "%s: %s parameters[%u].%s\n", path,
			dbk_rule_name(fault.rule), fault.index, fault.member);
		return false;
	}
	example.n_found = dbk_plan_lint(&example.event.u.plan_published, &example.plan,
					example.found, FINDINGS_MAX);
	return true;
}

static bool
is_found(uint32_t place, const char *code)
{
	return place < example.n_found && place < FINDINGS_MAX &&
	       strcmp(example.found[place].code, code) == 0;
}

static void
test_strict(void)
{
	const struct dbk_plan_scalars *s = &example.plan.scalars;

	if (!open_example("tests/data/plans/strict.jsonl"))
		return;
	CHECK_INT(s->pay_max_depth, 1);
	CHECK_INT(s->rate_ppm[0], 125000);
	CHECK_INT(s->rate_ppm[1], 0);
	CHECK_INT(s->own_retail_cap_ppm, 300000);
	CHECK_INT(s->window_days, 7);
	CHECK_INT(s->approval_above, 0);
	CHECK_INT(s->one_open_payout, 1);
	CHECK_INT(s->cancel_unsent_on_clawback, 1);
	CHECK_INT(s->risks, 0);
	CHECK_INT(s->n_methods, 1);
	CHECK_INT(example.plan.n_terms, 0);
	CHECK_INT(example.n_found, 1);
	CHECK(is_found(0, "NO_TAX_TABLE"));
}

static void
test_two_level(void)
{
	const struct dbk_plan_scalars *s = &example.plan.scalars;

	if (!open_example("tests/data/plans/two-level.jsonl"))
		return;
	CHECK_INT(s->pay_max_depth, 2);
	CHECK_INT(s->rate_ppm[0], 125000);
	CHECK_INT(s->rate_ppm[1], 25000);
	CHECK_INT(s->order_pool_cap_ppm, 200000);
	CHECK_INT(s->approval_above, 500000);
	CHECK_INT(s->risks, 0);
	CHECK_INT(s->n_methods, 2);
	CHECK_INT(example.plan.n_terms, 1);
	CHECK_INT(example.plan.terms[0].kind, DBK_TERM_WINDOW_DAYS);
	CHECK_INT(example.plan.terms[0].value, 30);
	CHECK_INT(example.n_found, 3);
	CHECK(is_found(0, "PAID_DEPTH") && is_found(1, "PAID_DEPTH"));
	CHECK(is_found(2, "NO_SECOND_PERSON"));
}

/* The worked example: a sale of 199.00, and two payouts of one month. */
static void
test_two_level_pays(void)
{
	const struct dbk_plan_scalars *s = &example.plan.scalars;
	struct dbk_claim claims[2];
	int64_t amounts[2];

	if (!open_example("tests/data/plans/two-level.jsonl"))
		return;
	for (int i = 0; i < 2; i++)
		claims[i] = (struct dbk_claim){ 19900, s->rate_ppm[i] };
	CHECK_INT(dbk_split_claims(claims, 2, amounts), 2985);
	CHECK_INT(amounts[0], 2488);
	CHECK_INT(amounts[1], 497);
	CHECK_INT(dbk_tax_due(&s->tax, 100000), 4000);
	CHECK_INT(dbk_tax_due(&s->tax, 500000), 80000);
	CHECK_INT(dbk_tax_due(&s->tax, 2500005), 400001);
	CHECK_INT(dbk_tax_due(&s->tax, 10000000), 2500000);
}

int
main(void)
{
	dbk_arena_init(&example.arena, (size_t)1 << 20);
	check_run("the strict plan pays the seller alone", test_strict);
	check_run("the two-level plan pays one sponsor more", test_two_level);
	check_run("the two-level plan pays what is worked out", test_two_level_pays);
	dbk_arena_fini(&example.arena);
	return check_end();
}
