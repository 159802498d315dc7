/*
 * test_rules_catalogue.c -- the built-in packs, rule by rule: each condition is driven
 * below, at and above its threshold with figures made for it, so that a rule that is
 * added to a pack is tested without a line here.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "rules/day.h"
#include "rules/judge_private.h"
#include "rules/pack.h"
#include "rules/pack_check.h"

#define ARENA_BYTES ((size_t)64 << 20)
#define WORD(name) DAYBOOK__REPORT__V1__VERDICT_WORD__##name
#define COMPARISON(name) DAYBOOK__REPORT__V1__COMPARISON__##name

typedef Daybook__Report__V1__Rule pack_rule;
typedef Daybook__Report__V1__Condition rule_condition;
typedef Daybook__Report__V1__VerdictWord verdict_word;

static struct dbk_pack
load(uint32_t number)
{
	struct dbk_pack pack = { 0 };
	struct dbk_error error = { DBK_OK, "" };
	enum dbk_err err = dbk_pack_parse(dbk_pack_builtin_text(number), &pack, &error);

	check_must(err, &error, "a pack that is built in");
	return pack;
}

/* ------------------------------------------------------------------------ figures */

/* What the metric of one condition says; any other metric holds its own condition. */
struct figures {
	const pack_rule *rule;
	const rule_condition *driven; /* NULL: none */
	int step;		      /* -1 below the threshold, 0 at it, 1 above */
	int64_t minor;		      /* minor units of one major unit */
	verdict_word want;	      /* of rules that are named */
};

static bool
is_same(const rule_condition *condition, const struct dbk_metric *metric,
	const struct dbk_metric_question *question, int64_t minor)
{
	if (strcmp(condition->metric, metric->name) != 0)
		return false;
	for (size_t i = 0; i < condition->n_parameters; i++) {
		int place = dbk_metric_parameter(
		    metric, dbk_str_of(condition->parameters[i]->name));
		int64_t unit = metric->parameters[place].is_amount ? minor : 1;

		if (question->parameters[place] !=
		    condition->parameters[i]->value * unit)
			return false;
	}
	return true;
}

/* The threshold moved by STEP: of a share by a millionth, else by one. */
static struct dbk_ratio
moved(const rule_condition *condition, const struct dbk_metric *metric, int64_t minor,
      int step)
{
	int64_t denominator = condition->denominator == 0 ? 1 : condition->denominator;
	struct dbk_ratio ratio = { condition->numerator, denominator };

	if (metric->unit == DBK_UNIT_SHARE || metric->unit == DBK_UNIT_RATIO) {
		ratio.numerator = ratio.numerator * 1000000 + step;
		ratio.denominator *= 1000000;
	} else if (metric->unit == DBK_UNIT_AMOUNT) {
		ratio.numerator = ratio.numerator * minor + step;
	} else {
		ratio.numerator += step;
	}
	return ratio;
}

/* A step on which the condition holds, far from the threshold as margins go. */
static struct dbk_ratio
holding(const rule_condition *condition, const struct dbk_metric *metric, int64_t minor)
{
	bool up = condition->comparison == COMPARISON(ABOVE) ||
		  condition->comparison == COMPARISON(AT_LEAST);

	return moved(condition, metric, minor, up ? 1 : -1);
}

/* Of several conditions of one metric in one rule there is none in the packs. */
static const rule_condition *
find(const struct figures *f, const struct dbk_metric *metric,
     const struct dbk_metric_question *question)
{
	for (size_t i = 0; i < f->rule->n_all; i++)
		if (is_same(f->rule->all[i], metric, question, f->minor))
			return f->rule->all[i];
	for (size_t i = 0; i < f->rule->n_any; i++)
		if (is_same(f->rule->any[i], metric, question, f->minor))
			return f->rule->any[i];
	return NULL;
}

static bool
is_one_of_any(const struct figures *f, const rule_condition *condition)
{
	for (size_t i = 0; i < f->rule->n_any; i++)
		if (f->rule->any[i] == condition)
			return true;
	return false;
}

static void
measure(void *context, const struct dbk_metric *metric,
	const struct dbk_metric_question *question, struct dbk_value *out)
{
	const struct figures *f = context;
	const rule_condition *condition = find(f, metric, question);

	memset(out, 0, sizeof *out);
	out->population = 1000000;
	out->strict = out->lenient = (struct dbk_ratio){ 0, 1 };
	if (condition == NULL)
		return;
	if (condition == f->driven)
		out->strict = moved(condition, metric, f->minor, f->step);
	else if (f->driven != NULL && is_one_of_any(f, condition) &&
		 is_one_of_any(f, f->driven))
		out->strict = moved(condition, metric, f->minor,
				    condition->comparison == COMPARISON(ABOVE) ? 0 : 1);
	else
		out->strict = holding(condition, metric, f->minor);
	out->lenient = out->strict;
}

/* -------------------------------------------------------------------------- a rule */

/* The rule with its references taken away: what is left are its own figures. */
struct alone {
	Daybook__Report__V1__RulePack pack;
	pack_rule rule, *list[1];
	rule_condition *all[DBK_PACK_CONDITIONS_MAX], *any[DBK_PACK_CONDITIONS_MAX];
	struct dbk_pack as_pack;
};

static void
take_alone(const pack_rule *rule, struct alone *alone)
{
	daybook__report__v1__rule_pack__init(&alone->pack);
	alone->rule = *rule;
	alone->rule.all = alone->all;
	alone->rule.any = alone->any;
	alone->rule.n_all = alone->rule.n_any = 0;
	for (size_t i = 0; i < rule->n_all; i++)
		if (rule->all[i]->metric[0] != '\0')
			alone->all[alone->rule.n_all++] = rule->all[i];
	for (size_t i = 0; i < rule->n_any; i++)
		if (rule->any[i]->metric[0] != '\0')
			alone->any[alone->rule.n_any++] = rule->any[i];
	alone->list[0] = &alone->rule;
	alone->pack.rules = alone->list;
	alone->pack.n_rules = 1;
	alone->as_pack.message = &alone->pack;
}

static int32_t
day_in(const pack_rule *rule)
{
	int32_t day = 20000;

	if (rule->valid_from[0] != '\0')
		CHECK(dbk_day_parse(rule->valid_from, &day));
	return day;
}

static verdict_word
judge(const struct alone *alone, struct figures *figures, struct dbk_arena *arena)
{
	const pack_rule *rule = &alone->rule;
	bool is_won = strcmp(rule->currency, "KRW") == 0;
	struct dbk_judge_options options = {
		dbk_str_of(rule->currency[0] != '\0' ? rule->currency : "CNY"),
		is_won ? 0 : 2, day_in(rule), true
	};
	struct dbk_judge_source source = {
		measure, figures, INT32_MIN, INT32_MAX, { 10000, 12000, 1000000, true }
	};
	struct dbk_judged *judged;
	uint32_t n;

	figures->minor = is_won ? 1 : 100;
	figures->rule = rule;
	dbk_arena_reset(arena);
	check_must(dbk_judge_by(&alone->as_pack, &source, &options, arena, &judged, &n),
		   NULL, "the judge");
	CHECK_INT(n, 1);
	CHECK(judged->en != NULL && judged->en[0] != '\0');
	CHECK(judged->zh != NULL && judged->zh[0] != '\0');
	CHECK(strpbrk(judged->en, "{}") == NULL);
	CHECK(strpbrk(judged->zh, "{}") == NULL);
	return judged->verdict;
}

static verdict_word
wanted(const rule_condition *condition, int step)
{
	bool holds = false;

	switch ((int)condition->comparison) {
	case COMPARISON(ABOVE):
		holds = step > 0;
		break;
	case COMPARISON(AT_LEAST):
		holds = step >= 0;
		break;
	case COMPARISON(BELOW):
		holds = step < 0;
		break;
	case COMPARISON(AT_MOST):
		holds = step <= 0;
		break;
	}
	if (holds)
		return WORD(MET);
	/* A millionth or one beside a threshold is near to it, unless that is 0. */
	return condition->margin_ppm > 0 && condition->numerator != 0 ? WORD(AT_RISK)
								      : WORD(NOT_MET);
}

static void
drive_condition(const struct alone *alone, const rule_condition *condition,
		struct dbk_arena *arena)
{
	for (int step = -1; step <= 1; step++) {
		struct figures figures = { .driven = condition, .step = step };
		verdict_word got;

		if (strcmp(condition->metric, "outside") == 0)
			continue;
		got = judge(alone, &figures, arena);
		if (got == wanted(condition, step))
			continue;
		printf("  %s %s at %+d\n", alone->rule.id, condition->metric, step);
		CHECK_INT(got, wanted(condition, step));
	}
}

static void
test_thresholds(void)
{
	struct dbk_arena arena;

	dbk_arena_init(&arena, ARENA_BYTES);
	for (uint32_t i = 0; i < dbk_pack_builtin_count(); i++) {
		struct dbk_pack pack = load(i);

		for (size_t k = 0; k < pack.message->n_rules; k++) {
			struct alone alone;
			struct figures all_hold = { .driven = NULL };

			take_alone(pack.message->rules[k], &alone);
			CHECK(alone.rule.n_all + alone.rule.n_any > 0);
			CHECK_INT(judge(&alone, &all_hold, &arena), WORD(MET));
			for (size_t c = 0; c < alone.rule.n_all; c++)
				drive_condition(&alone, alone.all[c], &arena);
			for (size_t c = 0; c < alone.rule.n_any; c++)
				drive_condition(&alone, alone.any[c], &arena);
		}
		dbk_pack_fini(&pack);
	}
	dbk_arena_fini(&arena);
}

/* -------------------------------------------------------------------------- the rest
 */

/* Minimums bind wherever they stand. */
static void
thin(void *context, const struct dbk_metric *metric,
     const struct dbk_metric_question *question, struct dbk_value *out)
{
	measure(context, metric, question, out);
	out->population = 0;
}

static void
test_minimums(void)
{
	struct dbk_arena arena;

	dbk_arena_init(&arena, ARENA_BYTES);
	for (uint32_t i = 0; i < dbk_pack_builtin_count(); i++) {
		struct dbk_pack pack = load(i);

		for (size_t k = 0; k < pack.message->n_rules; k++) {
			struct alone alone;
			struct figures figures = { .minor = 100 };
			struct dbk_judge_source source = { thin,
							   &figures,
							   INT32_MIN,
							   INT32_MAX,
							   { 10000, 12000, 1000,
							     true } };
			struct dbk_judge_options options = { dbk_str_of("CNY"), 2, 0,
							     true };
			struct dbk_judged *judged;
			uint32_t n;

			take_alone(pack.message->rules[k], &alone);
			if (alone.rule.minimum_population == 0)
				continue;
			CHECK(alone.rule.n_any == 0);
			figures.rule = &alone.rule;
			options.law_day = day_in(&alone.rule);
			if (alone.rule.currency[0] != '\0')
				options.currency = dbk_str_of(alone.rule.currency);
			check_must(dbk_judge_by(&alone.as_pack, &source, &options,
						&arena, &judged, &n),
				   NULL, "the judge");
			CHECK_INT(judged->verdict, WORD(INSUFFICIENT));
		}
		dbk_pack_fini(&pack);
	}
	dbk_arena_fini(&arena);
}

static bool
has(const struct dbk_pack *packs, uint32_t n, const char *id)
{
	for (uint32_t i = 0; i < n; i++)
		if (dbk_pack_rule(packs[i].message, id) >= 0)
			return true;
	printf("  no rule %s\n", id);
	return false;
}

static void
test_catalogue(void)
{
	static const char *const ids[] = {
		"CN-A7-1",	"CN-A7-2",     "CN-A7-3",      "CN-37-30x3",
		"CN-37-15",	"CN-37-120",   "CN-37-250W",   "CN-37-60",
		"CN-37-5",	"CN-DS-24a",   "CN-DS-24b",    "CN-DS-24c",
		"CN-DS-14",	"CN-DS-25",    "CN-DS-17",     "CN-DS-29",
		"CN-WX-2",	"CN-EC-31",    "CN-EC-17",     "CN-CP-25",
		"CN-PI-19",	"CN-PI-47",    "CN-PI-24",     "US-KOSCOT-1",
		"US-KOSCOT-2",	"US-BURN-PKG", "US-BURN-STOP", "US-AMW-70",
		"US-AMW-10",	"US-AMW-BB",   "US-OMNI",      "US-VEM-50",
		"US-VEM-OWN",	"US-HLF-80",   "US-HLF-23",    "US-HLF-13",
		"US-HLF-RPC",	"US-HLF-RCPT", "US-ADV-1",     "US-ST-90/12",
		"US-DSA-90/12", "US-ST-LOAD",  "EU-14",	       "UK-200/7",
		"UK-14",	"IN-PYR",      "MY-SCH",       "MY-COOL",
		"TW-18",	"TW-19-3",     "KR-35",	       "KR-PRICE",
		"SC-VK",	"SC-X",	       "SC-LOSS",      "SC-GINI",
		"SC-LEAF",	"SC-SAT",      "SC-BASS",      "SC-DOI",
		"SC-ST",	"SC-AGE",      "SC-BUNCH",     "SC-DSO",
		"SC-CYCLE",	"SC-WASH",     "LINK",	       "SC-CHURN"
	};
	struct dbk_pack packs[DBK_PACKS_MAX];
	uint32_t n = dbk_pack_builtin_count();

	CHECK_INT(n, 4);
	for (uint32_t i = 0; i < n; i++) {
		packs[i] = load(i);
		CHECK(dbk_str_equal(dbk_str_of(packs[i].message->pack),
				    dbk_pack_builtin_name(i)));
	}
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		CHECK(has(packs, n, ids[i]));
	for (uint32_t i = 0; i < n; i++)
		dbk_pack_fini(&packs[i]);
}

/* No text condemns; English is English and Chinese is another text. */
static void
check_text(const pack_rule *rule, const char *en, const char *zh)
{
	static const char *const never[] = { "llegal",	  "nlawful", "guilty",
					     "criminals", "违法",    "构成犯罪",
					     "犯罪分子" };

	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (strstr(en, never[i]) != NULL || strstr(zh, never[i]) != NULL) {
			printf("  %s says %s\n", rule->id, never[i]);
			CHECK(false);
		}
	for (const char *p = en; *p != '\0'; p++)
		CHECK((*p & 0x80) == 0);
	CHECK(strcmp(en, zh) != 0);
	CHECK(strstr(zh, "  ") == NULL && strstr(en, "  ") == NULL);
}

static void
test_texts(void)
{
	for (uint32_t i = 0; i < dbk_pack_builtin_count(); i++) {
		struct dbk_pack pack = load(i);

		for (size_t k = 0; k < pack.message->n_rules; k++) {
			const pack_rule *rule = pack.message->rules[k];

			check_text(rule, rule->title->en, rule->title->zh);
			check_text(rule, rule->citation->en, rule->citation->zh);
			check_text(rule, rule->wording->en, rule->wording->zh);
			check_text(rule, rule->caution->en, rule->caution->zh);
			CHECK(rule->wording->en[strlen(rule->wording->en) - 1] == '.');
		}
		dbk_pack_fini(&pack);
	}
}

/* What stands in no source that could be read is marked, and where it is cited from
 * memory the caution says so. */
static void
test_forces(void)
{
	for (uint32_t i = 0; i < dbk_pack_builtin_count(); i++) {
		struct dbk_pack pack = load(i);
		bool is_science = strcmp(pack.message->pack, "science") == 0;

		for (size_t k = 0; k < pack.message->n_rules; k++) {
			const pack_rule *rule = pack.message->rules[k];

			CHECK((rule->force == DAYBOOK__REPORT__V1__FORCE__INDICATOR) ==
				  is_science ||
			      strcmp(rule->id, "US-BURN-STOP") == 0);
			CHECK((rule->jurisdiction[0] == '\0') == is_science);
			CHECK(rule->unconfirmed ||
			      strstr(rule->caution->en, "from memory") == NULL);
		}
		dbk_pack_fini(&pack);
	}
}

static const pack_rule *
rule_of(const struct dbk_pack *packs, uint32_t n, const char *id)
{
	for (uint32_t i = 0; i < n; i++) {
		int at = dbk_pack_rule(packs[i].message, id);

		if (at >= 0)
			return packs[i].message->rules[at];
	}
	return NULL;
}

static void
check_said(const struct dbk_pack *packs, uint32_t n, const char *id, const char *en,
	   const char *zh)
{
	const pack_rule *rule = rule_of(packs, n, id);

	if (CHECK(rule != NULL) && CHECK(strstr(rule->caution->en, en) != NULL) &&
	    CHECK(strstr(rule->caution->zh, zh) != NULL))
		return;
	printf("  of %s\n", id);
}

/* Numbers that no source sets, and days that none confirmed. */
static void
test_doubts(void)
{
	static const char *const own[] = {
		"CN-37-5S",    "CN-37-5",      "CN-DS-24c",    "US-KOSCOT-2",
		"US-BURN-PKG", "US-BURN-STOP", "US-AMW-70",    "US-AMW-10",
		"US-AMW-BB",   "US-OMNI",      "US-VEM-HEADS", "US-VEM-RECLASS",
		"US-ST-LOAD",  "EU-14",	       "MY-SCH",       "TW-18",
		"TW-19-3",     "SC-X",	       "SC-X-10",      "SC-TRACE",
		"SC-LOSS",     "SC-UNPAID",    "SC-GINI",      "SC-TOP",
		"SC-SAT",      "SC-BASS",      "SC-SPONSORED", "SC-JOINPAY",
		"SC-DOI",      "SC-ST",	       "SC-AGE",       "SC-BUNCH",
		"SC-DSO",      "SC-CYCLE",     "LINK",	       "SC-DOUBT",
		"SC-CHURN"
	};
	static const char *const days[] = {
		"US-KOSCOT-1", "US-KOSCOT-2", "US-BURN-PKG",  "US-BURN-STOP",
		"US-AMW-70",   "US-AMW-10",   "US-AMW-BB",    "US-OMNI",
		"US-ADV-1",    "US-ADV-2M",   "MY-SCH",	      "MY-COOL",
		"TW-18",       "TW-19-3",     "TW-30",	      "TW-90",
		"KR-ML",       "KR-35",	      "KR-PRICE-160", "KR-PRICE"
	};
	struct dbk_pack packs[DBK_PACKS_MAX];
	uint32_t n = dbk_pack_builtin_count();

	for (uint32_t i = 0; i < n; i++)
		packs[i] = load(i);
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		check_said(packs, n, own[i], "Daybook", "Daybook");
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		check_said(packs, n, days[i], "day", "日");
		CHECK(rule_of(packs, n, days[i])->unconfirmed);
	}
	for (uint32_t i = 0; i < n; i++)
		dbk_pack_fini(&packs[i]);
}

int
main(void)
{
	check_run("every rule of the catalogue is in a pack", test_catalogue);
	check_run("no text condemns, and every one is in both languages", test_texts);
	check_run("forces and doubts are as the packs promise", test_forces);
	check_run("a number of the house and a doubtful day are called so",
		  test_doubts);
	check_run("every rule below, at and above its threshold", test_thresholds);
	check_run("below the minimum of a rule nothing is decided", test_minimums);
	return check_end();
}
