/*
 * Any bytes as a rule pack: read and checked.  What is a pack is judged by figures that
 * the same bytes make up, and whatever comes out has a verdict and words in both
 * languages, without braces that are left over.
 */

#include <stdint.h>
#include <string.h>

#include "../tests/lib/fuzz_input.h"
#include "rules/judge_private.h"
#include "rules/pack.h"

#define ARENA_BYTES ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Numbers from the bytes, over and over. */
struct numbers {
	const uint8_t *bytes;
	size_t size, at;
};

static int64_t
next(struct numbers *numbers)
{
	static const int64_t ends[] = { 0, 1, -1, INT64_MAX, INT64_MIN };
	uint8_t byte = numbers->bytes[numbers->at++ % numbers->size];

	return byte % 8 < 5 ? ends[byte % 8] : (int64_t)byte * 1000003;
}

static struct dbk_ratio
next_ratio(struct numbers *numbers)
{
	int64_t numerator = next(numbers), denominator = next(numbers);

	return (struct dbk_ratio){ numerator, denominator < 1 ? 1 : denominator };
}

static enum dbk_value_state
next_state(struct numbers *numbers)
{
	int64_t number = next(numbers);

	return number > 1 ? DBK_VALUE_KNOWN
			  : (number == 1 ? DBK_VALUE_EMPTY : DBK_VALUE_OUTSIDE);
}

static void
measure(void *context, const struct dbk_metric *metric,
	const struct dbk_metric_question *question, struct dbk_value *out)
{
	struct numbers *numbers = context;

	fuzz_demand(metric != NULL && question->from_day <= question->to_day);
	memset(out, 0, sizeof *out);
	out->strict_state = next_state(numbers);
	out->lenient_state = next_state(numbers);
	out->strict = next_ratio(numbers);
	out->lenient = next_ratio(numbers);
	out->population = (uint64_t)next(numbers);
}

static void
check_judged(const struct dbk_judged *judged)
{
	fuzz_demand(judged->rule != NULL);
	fuzz_demand(judged->verdict >= DAYBOOK__REPORT__V1__VERDICT_WORD__MET &&
		    judged->verdict <=
			DAYBOOK__REPORT__V1__VERDICT_WORD__NOT_APPLICABLE);
	fuzz_demand(judged->en != NULL && judged->en[0] != '\0');
	fuzz_demand(judged->zh != NULL && judged->zh[0] != '\0');
	fuzz_demand(strpbrk(judged->en, "{}") == NULL);
	fuzz_demand(strpbrk(judged->zh, "{}") == NULL);
}

static void
judge(const struct dbk_pack *pack, const uint8_t *bytes, size_t size)
{
	struct numbers numbers = { bytes, size, 0 };
	struct dbk_judge_source source = {
		measure, &numbers, INT32_MIN, INT32_MAX, { 16000, 20000, 1000, false }
	};
	struct dbk_judge_options options = { dbk_str_of("CNY"), bytes[size / 2] % 7,
					     INT32_MIN, bytes[size / 3] % 2 == 0 };
	struct dbk_arena arena;
	struct dbk_judged *judged;
	uint32_t n;

	dbk_arena_init(&arena, ARENA_BYTES);
	if (dbk_judge_by(pack, &source, &options, &arena, &judged, &n) == DBK_OK) {
		fuzz_demand(n == pack->message->n_rules);
		for (uint32_t i = 0; i < n; i++)
			check_judged(&judged[i]);
	}
	dbk_arena_fini(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct dbk_error error = { DBK_OK, "" };
	struct dbk_pack pack = { 0 };
	enum dbk_err err;

	if (size == 0 || size > UINT32_MAX)
		return 0;
	err = dbk_pack_parse(dbk_str_make(bytes, size), &pack, &error);
	if (err == DBK_OK)
		judge(&pack, bytes, size);
	else
		fuzz_demand(err == DBK_FAILED_INPUT && error.text[0] != '\0');
	dbk_pack_fini(&pack);
	return 0;
}
