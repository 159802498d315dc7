/*
 * test_rules_judge.c -- verdicts: both readings, margins, minimums, dates, currency,
 * marks, rules that name rules, and what is said.
 */

#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "rules/compare.h"
#include "rules/day.h"
#include "rules/judge_private.h"
#include "rules/pack.h"
#include "rules/wording.h"

#define ARENA_BYTES ((size_t)8 << 20)
#define WORD(name) DAYBOOK__REPORT__V1__VERDICT_WORD__##name
#define COMPARISON(name) DAYBOOK__REPORT__V1__COMPARISON__##name

typedef Daybook__Report__V1__VerdictWord verdict_word;

/* ------------------------------------------------------------------ one comparison */

static struct dbk_value
shares(int64_t strict, int64_t lenient, int64_t denominator)
{
	return (struct dbk_value){ DBK_VALUE_KNOWN,
				   DBK_VALUE_KNOWN,
				   { strict, denominator },
				   { lenient, denominator },
				   100,
				   { 0 } };
}

static verdict_word
compared(int64_t strict, int64_t lenient, Daybook__Report__V1__Comparison comparison,
	 uint32_t margin)
{
	struct dbk_value value = shares(strict, lenient, 100);

	return dbk_compare_value(&value, comparison, (struct dbk_ratio){ 1, 2 },
				 margin);
}

static void
test_readings(void)
{
	CHECK_INT(compared(50, 50, COMPARISON(ABOVE), 0), WORD(NOT_MET));
	CHECK_INT(compared(51, 50, COMPARISON(ABOVE), 0), WORD(AT_RISK));
	CHECK_INT(compared(50, 51, COMPARISON(ABOVE), 0), WORD(AT_RISK));
	CHECK_INT(compared(51, 51, COMPARISON(ABOVE), 0), WORD(MET));
	CHECK_INT(compared(50, 50, COMPARISON(AT_LEAST), 0), WORD(MET));
	CHECK_INT(compared(49, 49, COMPARISON(AT_LEAST), 0), WORD(NOT_MET));
	CHECK_INT(compared(50, 50, COMPARISON(BELOW), 0), WORD(NOT_MET));
	CHECK_INT(compared(49, 49, COMPARISON(BELOW), 0), WORD(MET));
	CHECK_INT(compared(50, 50, COMPARISON(AT_MOST), 0), WORD(MET));
	CHECK_INT(compared(51, 51, COMPARISON(AT_MOST), 0), WORD(NOT_MET));
}

static void
test_margins(void)
{
	/* A tenth of one half: above 45 and below 55 of a hundred. */
	CHECK_INT(compared(45, 45, COMPARISON(ABOVE), 100000), WORD(NOT_MET));
	CHECK_INT(compared(46, 46, COMPARISON(ABOVE), 100000), WORD(AT_RISK));
	CHECK_INT(compared(46, 10, COMPARISON(ABOVE), 100000), WORD(AT_RISK));
	CHECK_INT(compared(10, 46, COMPARISON(ABOVE), 100000), WORD(AT_RISK));
	CHECK_INT(compared(50, 50, COMPARISON(ABOVE), 1), WORD(AT_RISK));
	CHECK_INT(compared(54, 54, COMPARISON(BELOW), 100000), WORD(AT_RISK));
	CHECK_INT(compared(55, 55, COMPARISON(BELOW), 100000), WORD(NOT_MET));
}

static void
test_large_margins(void)
{
	struct dbk_ratio threshold = { INT64_MAX, 1 };
	struct dbk_value value = shares(INT64_MIN, INT64_MIN, INT64_MAX);

	CHECK_INT(dbk_compare_value(&value, COMPARISON(ABOVE), threshold, 1000000),
		  WORD(NOT_MET));
	value = shares(INT64_MAX - 1, INT64_MAX - 1, 1);
	CHECK_INT(dbk_compare_value(&value, COMPARISON(AT_LEAST), threshold, 1),
		  WORD(AT_RISK));
	CHECK_INT(dbk_compare_value(&value, COMPARISON(AT_LEAST), threshold, 0),
		  WORD(NOT_MET));
	value = shares(INT64_MAX, INT64_MAX, INT64_MAX);
	CHECK_INT(dbk_compare_value(&value, COMPARISON(AT_LEAST),
				    (struct dbk_ratio){ 1, 1 }, 0),
		  WORD(MET));
}

static void
test_one_reading(void)
{
	struct dbk_value value = shares(10, 90, 100);
	struct dbk_ratio half = { 1, 2 };

	value.strict_state = DBK_VALUE_EMPTY;
	CHECK_INT(dbk_compare_value(&value, COMPARISON(ABOVE), half, 0), WORD(MET));
	value.strict_state = DBK_VALUE_KNOWN;
	value.lenient_state = DBK_VALUE_EMPTY;
	CHECK_INT(dbk_compare_value(&value, COMPARISON(ABOVE), half, 0), WORD(NOT_MET));
	value.strict_state = DBK_VALUE_OUTSIDE;
	CHECK_INT(dbk_compare_value(&value, COMPARISON(ABOVE), half, 0),
		  WORD(INSUFFICIENT));
}

static void
test_thinness(void)
{
	Daybook__Report__V1__Rule rule = DAYBOOK__REPORT__V1__RULE__INIT;
	Daybook__Report__V1__Condition condition = DAYBOOK__REPORT__V1__CONDITION__INIT;
	struct dbk_value value = shares(1, 1, 2);

	rule.force = DAYBOOK__REPORT__V1__FORCE__CASE_LAW;
	condition.comparison = COMPARISON(ABOVE);
	CHECK_INT(dbk_compare_thinness(&rule, &condition, &value, 0), DBK_THIN_NOT);
	rule.minimum_population = 101;
	rule.minimum_days = 90;
	CHECK_INT(dbk_compare_thinness(&rule, &condition, &value, 90),
		  DBK_THIN_POPULATION);
	rule.minimum_population = 100;
	CHECK_INT(dbk_compare_thinness(&rule, &condition, &value, 90), DBK_THIN_NOT);
	CHECK_INT(dbk_compare_thinness(&rule, &condition, &value, 89), DBK_THIN_DAYS);
	rule.force = DAYBOOK__REPORT__V1__FORCE__STATUTE;
	CHECK_INT(dbk_compare_thinness(&rule, &condition, &value, 1), DBK_THIN_NOT);
	rule.force = DAYBOOK__REPORT__V1__FORCE__INTERPRETATION;
	CHECK_INT(dbk_compare_thinness(&rule, &condition, &value, 1), DBK_THIN_NOT);
	condition.comparison = COMPARISON(AT_LEAST);
	CHECK_INT(dbk_compare_thinness(&rule, &condition, &value, 1), DBK_THIN_DAYS);
	value.strict_state = value.lenient_state = DBK_VALUE_EMPTY;
	CHECK_INT(dbk_compare_thinness(&rule, &condition, &value, 90), DBK_THIN_EMPTY);
	value.strict_state = DBK_VALUE_OUTSIDE;
	CHECK_INT(dbk_compare_thinness(&rule, &condition, &value, 90),
		  DBK_THIN_OUTSIDE);
}

static void
test_combinations(void)
{
	struct dbk_verdict_count count = { 0 };

	CHECK_INT(dbk_compare_any(&count), WORD(NOT_MET));
	dbk_compare_count(&count, WORD(MET));
	CHECK_INT(dbk_compare_all(&count), WORD(MET));
	dbk_compare_count(&count, WORD(AT_RISK));
	CHECK_INT(dbk_compare_all(&count), WORD(AT_RISK));
	CHECK_INT(dbk_compare_any(&count), WORD(MET));
	dbk_compare_count(&count, WORD(INSUFFICIENT));
	CHECK_INT(dbk_compare_all(&count), WORD(INSUFFICIENT));
	dbk_compare_count(&count, WORD(NOT_MET));
	CHECK_INT(dbk_compare_all(&count), WORD(NOT_MET));
	count.met = 0;
	CHECK_INT(dbk_compare_any(&count), WORD(AT_RISK));
	count.at_risk = 0;
	CHECK_INT(dbk_compare_any(&count), WORD(INSUFFICIENT));
	count.insufficient = 0;
	CHECK_INT(dbk_compare_any(&count), WORD(NOT_MET));
}

/* ------------------------------------------------------------------------- a pack */

#define HEAD                                                                           \
	"{\"schema\":\"daybook-rules/1\",\"pack\":\"t\",\"version\":\"1\","            \
	"\"title\":{\"en\":\"t\",\"zh\":\"t\"},\"notice\":{\"en\":\"n\",\"zh\":\"n\"}" \
	","                                                                            \
	"\"rules\":["
#define RULE(id, fields)                                                               \
	"{\"id\":\"" id "\",\"title\":{\"en\":\"T\",\"zh\":\"T\"},"                    \
	"\"force\":\"CASE_LAW\",\"sense\":\"CONCERN\","                                \
	"\"citation\":{\"en\":\"C\",\"zh\":\"C\"},"                                    \
	"\"caution\":{\"en\":\"K\",\"zh\":\"K\"}," fields "}"
#define SAYING(en, zh) "\"wording\":{\"en\":\"" en "\",\"zh\":\"" zh "\"}"
#define PLAIN SAYING("x", "x")
#define IF(metric, comparison, numerator, denominator)                                 \
	"{\"metric\":\"" metric "\",\"comparison\":\"" comparison                      \
	"\",\"numerator\":\"" numerator "\",\"denominator\":\"" denominator "\"}"

struct fixture {
	struct dbk_pack pack;
	struct dbk_arena arena;
	struct dbk_judge_source source;
	struct dbk_judge_options options;
	struct dbk_judged *judged;
	uint32_t n;
	struct dbk_value fees, gini, outside;
	struct dbk_metric_question asked; /* the last one */
	unsigned asked_times;
};

static void
measure(void *context, const struct dbk_metric *metric,
	const struct dbk_metric_question *question, struct dbk_value *out)
{
	struct fixture *f = context;

	f->asked = *question;
	f->asked_times++;
	if (strcmp(metric->name, "gini") == 0)
		*out = f->gini;
	else if (strcmp(metric->name, "outside") == 0)
		*out = f->outside;
	else
		*out = f->fees;
}

static void
open_fixture(struct fixture *f, const char *text)
{
	struct dbk_error error = { DBK_OK, "" };

	memset(f, 0, sizeof *f);
	check_must(dbk_pack_parse(dbk_str_of(text), &f->pack, &error), &error,
		   "the pack of a test");
	dbk_arena_init(&f->arena, ARENA_BYTES);
	f->source = (struct dbk_judge_source){
		measure, f, INT32_MIN, INT32_MAX, { 18000, 18099, 1000, false }
	};
	f->options =
	    (struct dbk_judge_options){ dbk_str_of("CNY"), 2, INT32_MIN, false };
	f->fees = shares(150000, 150000, 1);
	f->gini = shares(412, 377, 1000);
	f->outside = shares(0, 0, 1);
	f->outside.strict_state = f->outside.lenient_state = DBK_VALUE_OUTSIDE;
}

static verdict_word
verdict(struct fixture *f, uint32_t rule)
{
	f->asked_times = 0;
	check_must(dbk_judge_by(&f->pack, &f->source, &f->options, &f->arena,
				&f->judged, &f->n),
		   NULL, "the judge");
	CHECK(rule < f->n);
	return f->judged[rule].verdict;
}

static void
close_fixture(struct fixture *f)
{
	dbk_pack_fini(&f->pack);
	dbk_arena_fini(&f->arena);
}

static void
said(const struct fixture *f, const char *en, const char *zh)
{
	if (!CHECK(strcmp(f->judged[0].en, en) == 0))
		printf("  %s\n", f->judged[0].en);
	if (!CHECK(strcmp(f->judged[0].zh, zh) == 0))
		printf("  %s\n", f->judged[0].zh);
}

static void
test_amounts(void)
{
	struct fixture f;

	open_fixture(
	    &f,
	    HEAD RULE(
		"A",
		SAYING(
		    "{value} {threshold}",
		    "{value}。") ",\"currency\":\"CNY\",\"all\":[" IF("fees",
								      "AT_LEAST",
								      "1500",
								      "1") "]") "]}");
	CHECK_INT(verdict(&f, 0), WORD(MET));
	CHECK_INT(f.judged[0].compared[0].threshold.numerator, 150000);
	said(&f, "CNY 1,500.00 CNY 1,500.00", "1,500.00元。");
	f.fees.strict.numerator = f.fees.lenient.numerator = 149999;
	CHECK_INT(verdict(&f, 0), WORD(NOT_MET));
	f.options.exponent = 0;
	f.fees.strict.numerator = f.fees.lenient.numerator = 1500;
	CHECK_INT(verdict(&f, 0), WORD(MET));
	f.options.exponent = 2;
	f.options.currency = dbk_str_of("USD");
	CHECK_INT(verdict(&f, 0), WORD(NOT_APPLICABLE));
	CHECK_INT(f.asked_times, 0);
	CHECK_INT(f.judged[0].from_day, 0);
	said(&f, "The amounts of the rule are in CNY; the book is kept in USD.",
	     "本规则金额以CNY计，账簿记账币种为USD，不适用。");
	close_fixture(&f);
}

static void
test_words(void)
{
	struct fixture f;

	open_fixture(
	    &f,
	    HEAD RULE(
		"A", SAYING("{value}|{strict}|{lenient}|{numerator} of "
			    "{denominator}|{threshold}|{population}|{2.value}",
			    "{value}") ",\"all\":[" IF("gini", "ABOVE", "1",
						       "3") "," IF("fees", "ABOVE", "0",
								   "1") "]") "]}");
	f.gini.population = 1234567;
	f.fees = shares(-123456789, -123456789, 1);
	(void)verdict(&f, 0);
	said(&f,
	     "strict 41.20%, lenient 37.70%|41.20%|37.70%|412 of "
	     "1,000|33.33%|1,234,567|CNY -1,234,567.89",
	     "严格口径41.20%、宽松口径37.70%");
	f.gini.lenient_state = DBK_VALUE_EMPTY;
	(void)verdict(&f, 0);
	CHECK(strncmp(f.judged[0].en, "strict 41.20%, lenient nothing to measure|",
		      strlen("strict 41.20%, lenient nothing to measure|")) == 0);
	f.gini = shares(-1, -2, 3);
	(void)verdict(&f, 0);
	CHECK(strncmp(f.judged[0].zh, "严格口径-33.34%", strlen("严格口径-33.34%")) ==
	      0);
	f.gini = shares(2, 4, 3);
	f.gini.lenient.denominator = 6;
	(void)verdict(&f, 0);
	CHECK(strcmp(f.judged[0].zh, "66.66%") == 0);
	close_fixture(&f);
}

static void
test_dates(void)
{
	struct fixture f;
	int32_t from, to;

	open_fixture(
	    &f, HEAD RULE("A", PLAIN
			  ",\"validFrom\":\"2019-04-20\",\"validTo\":\"2019-"
			  "05-20\",\"all\":[" IF("fees", "ABOVE", "0", "1") "]") "]}");
	CHECK(dbk_day_parse("2019-04-20", &from) && dbk_day_parse("2019-05-20", &to));
	CHECK_INT(verdict(&f, 0), WORD(MET));
	CHECK_INT(f.judged[0].from_day, from);
	CHECK_INT(f.judged[0].to_day, to);
	CHECK_INT(f.asked.from_day, from);
	CHECK_INT(f.asked.to_day, to);
	/* The last day of the facts is the first of the rule, and the day before. */
	f.source.extent.first_day = from - 10;
	f.source.extent.last_day = from;
	CHECK_INT(verdict(&f, 0), WORD(MET));
	CHECK_INT(f.asked.from_day, from);
	CHECK_INT(f.asked.to_day, from + 1);
	f.source.extent.last_day = from - 1;
	CHECK_INT(verdict(&f, 0), WORD(NOT_APPLICABLE));
	said(&f,
	     "The rule is in force from 2019-04-20 until 2019-05-20; the facts of the "
	     "window are of 2019-04-10 to 2019-04-19.",
	     "本规则自2019-04-20起至2019-05-20前有效；窗口内事实发生于2019-04-10至"
	     "2019-04-19，不适用。");
	/* The first day of the facts is the last of the rule, and the day behind. */
	f.source.extent.first_day = to - 1;
	f.source.extent.last_day = to + 5;
	CHECK_INT(verdict(&f, 0), WORD(MET));
	CHECK_INT(f.asked.from_day, to - 1);
	CHECK_INT(f.asked.to_day, to);
	f.source.extent.first_day = to;
	CHECK_INT(verdict(&f, 0), WORD(NOT_APPLICABLE));
	close_fixture(&f);
}

#define FEES_FROM(id, day)                                                             \
	RULE(id, PLAIN ",\"validFrom\":\"" day "\",\"all\":[" IF("fees", "ABOVE", "0", \
								 "1") "]")

static void
test_asked_once(void)
{
	struct fixture f;

	open_fixture(&f, HEAD FEES_FROM("A", "2019-04-20") "," FEES_FROM(
			     "B", "2019-04-21") "," FEES_FROM("C", "2019-04-20") "]}");
	CHECK_INT(verdict(&f, 2), WORD(MET));
	CHECK_INT(f.asked_times, 2);
	CHECK_INT(f.judged[1].compared[0].question.from_day,
		  f.judged[0].compared[0].question.from_day + 1);
	CHECK_INT(f.judged[2].compared[0].value.strict.numerator, 150000);
	close_fixture(&f);
}

static void
test_law_day(void)
{
	struct fixture f;
	int32_t from, to;

	open_fixture(
	    &f, HEAD RULE("A", PLAIN
			  ",\"validFrom\":\"2019-04-20\",\"validTo\":\"2019-"
			  "05-20\",\"all\":[" IF("fees", "ABOVE", "0", "1") "]") "]}");
	CHECK(dbk_day_parse("2019-04-20", &from) && dbk_day_parse("2019-05-20", &to));
	f.source.from_day = 10000;
	f.source.to_day = 10100;
	f.source.extent.first_day = 10010;
	f.source.extent.last_day = 10020;
	f.options.law_day = from;
	CHECK_INT(verdict(&f, 0), WORD(MET));
	CHECK_INT(f.asked.from_day, 10000);
	CHECK_INT(f.asked.to_day, 10100);
	f.options.law_day = to - 1;
	CHECK_INT(verdict(&f, 0), WORD(MET));
	f.options.law_day = from - 1;
	CHECK_INT(verdict(&f, 0), WORD(NOT_APPLICABLE));
	f.options.law_day = to;
	CHECK_INT(verdict(&f, 0), WORD(NOT_APPLICABLE));
	said(&f,
	     "The rule is in force from 2019-04-20 until 2019-05-20; the law of "
	     "2019-05-20 was asked for.",
	     "本规则自2019-04-20起至2019-05-20前有效；本次按2019-05-20之规则衡量，"
	     "不适用。");
	close_fixture(&f);
}

static void
test_nothing(void)
{
	struct fixture f;

	open_fixture(&f, HEAD RULE("A", PLAIN
				   ",\"validFrom\":\"2019-04-20\","
				   "\"all\":[" IF("fees", "ABOVE", "0", "1") "]") "]}");
	f.source.extent = (struct dbk_study_extent){ 0, 0, 0, false };
	CHECK_INT(verdict(&f, 0), WORD(INSUFFICIENT));
	CHECK_INT(f.asked_times, 0);
	said(&f, "There are no facts in the window.", "窗口内无任何事实，证据不足。");
	close_fixture(&f);
}

static void
test_mark(void)
{
	struct fixture f;

	open_fixture(&f, HEAD RULE("A", PLAIN
				   ",\"requiresMark\":\"direct_selling_licence\","
				   "\"all\":[" IF("fees", "ABOVE", "0", "1") "]") "]}");
	CHECK_INT(verdict(&f, 0), WORD(NOT_APPLICABLE));
	CHECK(strstr(f.judged[0].en, "direct selling licence") != NULL);
	CHECK(strstr(f.judged[0].zh, "直销经营许可") != NULL);
	f.options.has_licence = true;
	CHECK_INT(verdict(&f, 0), WORD(MET));
	close_fixture(&f);
}

static void
test_thin(void)
{
	struct fixture f;

	open_fixture(&f, HEAD RULE("A", PLAIN ",\"minimumPopulation\":30,"
					      "\"minimumDays\":90,\"all\":[" IF(
						  "gini", "ABOVE", "0", "1") "]") "]}");
	CHECK_INT(verdict(&f, 0), WORD(MET));
	f.gini.population = 29;
	CHECK_INT(verdict(&f, 0), WORD(INSUFFICIENT));
	CHECK(
	    strstr(f.judged[0].en, "the population is 29, and the rule asks for 30."));
	CHECK(strstr(f.judged[0].zh, "样本数29，低于本规则要求之30"));
	f.gini.population = 30;
	f.source.extent.last_day = 18088;
	CHECK_INT(verdict(&f, 0), WORD(INSUFFICIENT));
	CHECK(strstr(f.judged[0].en, "the facts are of 89 days, and the rule asks for "
				     "90."));
	CHECK(strstr(f.judged[0].zh, "事实仅跨89日，本规则要求90日"));
	f.source.extent.last_day = 18089;
	CHECK_INT(verdict(&f, 0), WORD(MET));
	f.gini.strict_state = f.gini.lenient_state = DBK_VALUE_EMPTY;
	CHECK_INT(verdict(&f, 0), WORD(INSUFFICIENT));
	CHECK(strstr(f.judged[0].en, "there is nothing to measure."));
	CHECK(strstr(f.judged[0].zh, "无可计量之事实"));
	close_fixture(&f);
}

#define WHO(rule, is) "{\"rule\":\"" rule "\",\"is\":[" is "]}"

#define A_NAMES_B RULE("A", PLAIN ",\"all\":[" WHO("B", "\"MET\"") "]")
#define B_COMPARES RULE("B", PLAIN ",\"all\":[" IF("gini", "ABOVE", "1", "2") "]")
#define C_NAMES_B                                                                      \
	RULE("C", PLAIN ",\"all\":[" WHO("B", "\"NOT_MET\",\"AT_RISK\"") "]")
#define D_NAMES_E RULE("D", PLAIN ",\"all\":[" WHO("E", "\"MET\"") "]")
#define E_IS_OUTSIDE                                                                   \
	RULE("E", PLAIN ",\"all\":[" IF("outside", "ABOVE", "0", "1") "]")
#define F_NAMES_E RULE("F", PLAIN ",\"all\":[" WHO("E", "\"INSUFFICIENT\"") "]")
#define G_ANY IF("outside", "ABOVE", "0", "1") "," IF("gini", "ABOVE", "0", "1")
#define G_NAMES_A                                                                      \
	RULE("G",                                                                      \
	     PLAIN ",\"all\":[" WHO("A", "\"NOT_MET\"") "],\"any\":[" G_ANY "]")

static void
test_rules_of_rules(void)
{
	struct fixture f;

	/* The one that names comes first; what it names, later. */
	open_fixture(&f, HEAD A_NAMES_B "," B_COMPARES "," C_NAMES_B "," D_NAMES_E
		     "," E_IS_OUTSIDE "," F_NAMES_E "," G_NAMES_A "]}");
	CHECK_INT(verdict(&f, 0), WORD(NOT_MET));
	CHECK_INT(f.judged[1].verdict, WORD(NOT_MET));
	CHECK_INT(f.judged[2].verdict, WORD(MET));
	CHECK_INT(f.judged[3].verdict, WORD(INSUFFICIENT));
	CHECK(strcmp(f.judged[3].en, "Not decided, because rule E is not.") == 0);
	CHECK(strcmp(f.judged[3].zh, "所依据之规则E证据不足，本规则不能判断。") == 0);
	CHECK_INT(f.judged[4].verdict, WORD(INSUFFICIENT));
	CHECK(strstr(f.judged[4].en, "the records do not have it."));
	CHECK_INT(f.judged[5].verdict, WORD(MET));
	CHECK_INT(f.judged[6].verdict, WORD(MET));
	CHECK_INT(f.judged[6].n_compared, 3);
	CHECK(f.judged[6].compared[0].metric == NULL);
	/* The same question is asked once. */
	CHECK_INT(f.asked_times, 2);
	f.gini = shares(60, 60, 100);
	CHECK_INT(verdict(&f, 0), WORD(MET));
	CHECK_INT(f.judged[2].verdict, WORD(NOT_MET));
	CHECK_INT(f.judged[6].verdict, WORD(NOT_MET));
	close_fixture(&f);
}

static void
test_parameters(void)
{
	struct fixture f;
	static const char with[] =
	    "{\"metric\":\"self_use_over\",\"comparison\":\"ABOVE\",\"parameters\":["
	    "{\"name\":\"amount\",\"value\":\"200\"}]}";
	char text[2048];

	(void)snprintf(text, sizeof text,
		       HEAD RULE("A", PLAIN ",\"currency\":\"USD\",\"all\":[%s]") "]}",
		       with);
	open_fixture(&f, text);
	f.options.currency = dbk_str_of("USD");
	CHECK_INT(verdict(&f, 0), WORD(MET));
	CHECK_INT(f.asked.parameters[0], 20000);
	CHECK_INT(f.judged[0].compared[0].question.parameters[0], 20000);
	close_fixture(&f);
}

static void
test_no_memory(void)
{
	struct fixture f;

	open_fixture(&f, HEAD RULE("A", PLAIN
				   ",\"all\":[" IF("fees", "ABOVE", "0", "1") "]") "]"
										   "}");
	for (size_t cap = 16; cap < 4096; cap += 16) {
		struct dbk_arena small;
		enum dbk_err err;

		dbk_arena_init(&small, cap);
		err = dbk_judge_by(&f.pack, &f.source, &f.options, &small, &f.judged,
				   &f.n);
		CHECK(err == DBK_OK || err == DBK_FAILED_MEMORY);
		dbk_arena_fini(&small);
	}
	close_fixture(&f);
}

int
main(void)
{
	check_run("both readings decide, or one that stands alone", test_readings);
	check_run("what is near is at risk", test_margins);
	check_run("margins hold at the ends of int64", test_large_margins);
	check_run("one reading decides where the other one is empty", test_one_reading);
	check_run("thin figures decide nothing but elements", test_thinness);
	check_run("conditions make a verdict", test_combinations);
	check_run("amounts are in the currency of the rule", test_amounts);
	check_run("braces are filled in both languages", test_words);
	check_run("a rule is measured on the days on which it is in force", test_dates);
	check_run("the same days are asked about once", test_asked_once);
	check_run("the law of one day is for the whole window", test_law_day);
	check_run("without facts nothing is decided", test_nothing);
	check_run("a rule for licensed books asks for the licence", test_mark);
	check_run("minimums are asked for and named", test_thin);
	check_run("rules name rules in any order", test_rules_of_rules);
	check_run("amounts among parameters are minor units", test_parameters);
	check_run("without memory the judge says so", test_no_memory);
	return check_end();
}
