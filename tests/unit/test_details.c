/*
 * test_details.c -- what an answer tells of gates and findings, against protobuf-c's
 * own packing of daybook.v1.EventResult.
 */

#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "daybook/v1/service.pb-c.h"

#include "../tests/lib/check.h"
#include "guard/guard.h"
#include "ledger/details.h"

typedef Daybook__V1__EventResult event_result;

/* DETAILS alone are the message WANT. */
static void
check_same(const struct dbk_buf *details, const event_result *want)
{
	size_t size = daybook__v1__event_result__get_packed_size(want);
	unsigned char *packed = malloc(size + 1);

	(void)daybook__v1__event_result__pack(want, packed);
	CHECK(!dbk_buf_failed(details));
	CHECK_INT(details->size, size);
	CHECK(details->size == size &&
	      (size == 0 || memcmp(details->bytes, packed, size) == 0));
	free(packed);
}

static void
test_nothing(void)
{
	event_result want = DAYBOOK__V1__EVENT_RESULT__INIT;
	struct dbk_effect effect = { .would_pass = 7 };
	struct dbk_effects effects = { .n_checks = 0 };
	struct dbk_buf details;

	dbk_buf_init(&details);
	dbk_details_put_checks(&details, &effects, &effect);
	dbk_details_put_findings(&details, &effects, &effect);
	check_same(&details, &want);
	dbk_buf_fini(&details);
}

/* Those of one record stand among those of others. */
static void
test_checks(void)
{
	static const int64_t numbers[] = { 0, 1, -1, 375000, INT64_MAX, INT64_MIN };
	Daybook__V1__GateCheck gates[DBK_GATES], *list[DBK_GATES];
	event_result want = DAYBOOK__V1__EVENT_RESULT__INIT;
	struct dbk_check checks[DBK_GATES + 1] = { { 0 } };
	struct dbk_effect effect = { .first_check = 1, .n_checks = DBK_GATES };
	struct dbk_effects effects = { .checks = checks };
	struct dbk_buf details;

	for (uint8_t i = 0; i < DBK_GATES; i++) {
		const struct dbk_guard_kind *kind = dbk_guard_kind((enum dbk_guard)i);

		checks[i + 1] =
		    (struct dbk_check){ i, i % 2 ? DBK_GUARD_FLAG : DBK_GUARD_REFUSE,
					i % 3 != 0, numbers[i % 6],
					numbers[(i + 2) % 6] };
		list[i] = &gates[i];
		daybook__v1__gate_check__init(list[i]);
		gates[i].guard = (char *)(uintptr_t)kind->name;
		gates[i].rule = (Daybook__V1__Rule)kind->rule;
		gates[i].mode = i % 2 ? DAYBOOK__V1__GUARD_MODE__FLAG
				      : DAYBOOK__V1__GUARD_MODE__REFUSE;
		gates[i].passed = i % 3 != 0;
		gates[i].measured = numbers[i % 6];
		gates[i].limit = numbers[(i + 2) % 6];
	}
	want.n_checks = DBK_GATES;
	want.checks = list;
	want.would_pass_plus_one = 1;
	dbk_buf_init(&details);
	dbk_details_put_checks(&details, &effects, &effect);
	check_same(&details, &want);
	dbk_buf_reset(&details);
	effect.would_pass = DBK_QTY_MAX;
	want.would_pass_plus_one = DBK_QTY_MAX + 1;
	dbk_details_put_checks(&details, &effects, &effect);
	check_same(&details, &want);
	dbk_buf_fini(&details);
}

static void
test_findings(void)
{
	uint32_t findings[DBK_REPLY_FINDINGS_MAX + 2];
	uint64_t numbers[DBK_REPLY_FINDINGS_MAX];
	event_result want = DAYBOOK__V1__EVENT_RESULT__INIT;
	struct dbk_effects effects = { .findings = findings };
	struct dbk_effect effect = { .first_finding = 1 };
	struct dbk_buf details;

	for (uint32_t i = 0; i < DBK_REPLY_FINDINGS_MAX + 2; i++)
		findings[i] = UINT32_MAX >> (i % 32);
	for (uint32_t i = 0; i < DBK_REPLY_FINDINGS_MAX; i++)
		numbers[i] = findings[i + 1];
	want.findings = numbers;
	dbk_buf_init(&details);
	for (uint32_t n = 1; n <= DBK_REPLY_FINDINGS_MAX + 1; n += 25) {
		dbk_buf_reset(&details);
		effect.n_findings = n;
		want.n_findings =
		    n < DBK_REPLY_FINDINGS_MAX ? n : DBK_REPLY_FINDINGS_MAX;
		dbk_details_put_findings(&details, &effects, &effect);
		check_same(&details, &want);
	}
	dbk_buf_fini(&details);
}

int
main(void)
{
	check_run("a record without gates and findings tells nothing", test_nothing);
	check_run("every gate is told, with what would pass", test_checks);
	check_run("the first findings are told", test_findings);
	return check_end();
}
