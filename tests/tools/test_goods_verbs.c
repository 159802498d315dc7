#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "answers.h"
#include "finding_table.h"
#include "fresh_id.h"
#include "gates.h"
#include "measures.h"
#include "names.h"
#include "source_name.h"

/* -------------------------------------------------------------------------- a sentence
 */

static Daybook__V1__Refusal refusal;

static Daybook__V1__EventResult
refused(Daybook__V1__Rule rule, int64_t measured, int64_t limit)
{
	Daybook__V1__EventResult out = DAYBOOK__V1__EVENT_RESULT__INIT;

	daybook__v1__refusal__init(&refusal);
	refusal.rule = rule;
	refusal.measured = measured;
	refusal.limit = limit;
	out.outcome = DAYBOOK__V1__OUTCOME__REFUSED;
	out.refusal = &refusal;
	out.would_pass_plus_one = 1;
	return out;
}

static bool
says(Daybook__V1__Rule rule, int64_t measured, int64_t limit, const char *want)
{
	Daybook__V1__EventResult result = refused(rule, measured, limit);
	char got[GATES_SENTENCE_BYTES], whole[GATES_SENTENCE_BYTES];

	(void)snprintf(whole, sizeof whole,
		       "%s; the largest quantity that would pass is 0", want);
	gates_sentence(&result, 2, got);
	if (strcmp(got, whole) == 0)
		return true;
	printf("got:  %s\nwant: %s\n", got, whole);
	return false;
}

static void
test_sentences(void)
{
	CHECK(says(DAYBOOK__V1__RULE__RESTOCK_STANDING, 0, 0, "RESTOCK_STANDING"));
	CHECK(says(DAYBOOK__V1__RULE__RESTOCK_STANDING, 0, 1,
		   "RESTOCK_STANDING: 0, at least 1"));
	CHECK(says(DAYBOOK__V1__RULE__RESTOCK_RECEIVABLE, 123456, 100,
		   "RESTOCK_RECEIVABLE: 1234.56, at most 1.00"));
	CHECK(says(DAYBOOK__V1__RULE__RESTOCK_SELL_THROUGH, 375000, 600000,
		   "RESTOCK_SELL_THROUGH: 375,000 ppm, at least 600,000"));
	CHECK(says(DAYBOOK__V1__RULE__RESTOCK_COVER, INT64_MAX, 45,
		   "RESTOCK_COVER: without end, at most 45 days"));
	CHECK(says(DAYBOOK__V1__RULE__RESTOCK_COVER, 56, 45,
		   "RESTOCK_COVER: 56 days, at most 45"));
	CHECK(says(DAYBOOK__V1__RULE__RESTOCK_FREQUENCY, 4, 4,
		   "RESTOCK_FREQUENCY: 4, fewer than 4"));
	CHECK(says(DAYBOOK__V1__RULE__RESTOCK_PRICE, 1, 500,
		   "RESTOCK_PRICE: 0.01, at least 5.00"));
}

static void
test_allowed(void)
{
	Daybook__V1__EventResult result = DAYBOOK__V1__EVENT_RESULT__INIT;
	char got[GATES_SENTENCE_BYTES];

	result.outcome = DAYBOOK__V1__OUTCOME__ACCEPTED;
	CHECK(!gates_were_asked(&result));
	gates_sentence(&result, 2, got);
	CHECK(strcmp(got, "allowed") == 0);
	result.would_pass_plus_one = 9200000000001;
	CHECK(gates_were_asked(&result));
	gates_sentence(&result, 99, got);
	CHECK(strcmp(got, "allowed; the largest quantity that would pass is "
			  "9,200,000,000,000") == 0);
	/* A refusal that the server does not explain is one all the same. */
	result.outcome = DAYBOOK__V1__OUTCOME__REFUSED;
	result.would_pass_plus_one = 0;
	gates_sentence(&result, 2, got);
	CHECK(strcmp(got, "refused") == 0);
}

static void
test_numbers(void)
{
	char text[MEASURE_TEXT_BYTES];

	measure_text(0, MEASURE_PLAIN, 0, text);
	CHECK(strcmp(text, "0") == 0);
	measure_text(999, MEASURE_UNITS, 0, text);
	CHECK(strcmp(text, "999") == 0);
	measure_text(1000, MEASURE_UNITS, 0, text);
	CHECK(strcmp(text, "1,000") == 0);
	measure_text(-100, MEASURE_PLAIN, 0, text);
	CHECK(strcmp(text, "-100") == 0);
	measure_text(-100000, MEASURE_PLAIN, 0, text);
	CHECK(strcmp(text, "-100,000") == 0);
	measure_text(INT64_MIN, MEASURE_PLAIN, 0, text);
	CHECK(strcmp(text, "-9,223,372,036,854,775,808") == 0);
	measure_text(INT64_MIN, MEASURE_AMOUNT, 99, text);
	CHECK(strlen(text) > 19);
	CHECK_INT(measure_of((Daybook__V1__Rule)99999), MEASURE_PLAIN);
}

/* ----------------------------------------------------------------------------- tables
 */

static char *printed;
static size_t printed_size;

static FILE *
begin(void)
{
	free(printed);
	printed = NULL;
	return open_memstream(&printed, &printed_size);
}

static bool
came_out(FILE *out, const char *want)
{
	(void)fclose(out);
	if (strcmp(printed, want) == 0)
		return true;
	printf("got:\n%s\nwant:\n%s\n", printed, want);
	return false;
}

static Daybook__V1__GateCheck gates[3];
static Daybook__V1__GateCheck *gate_list[] = { &gates[0], &gates[1], &gates[2] };

static void
set_gate(int i, const char *guard, Daybook__V1__Rule rule, int64_t measured,
	 int64_t limit)
{
	daybook__v1__gate_check__init(&gates[i]);
	gates[i].guard = (char *)guard;
	gates[i].rule = rule;
	gates[i].mode = DAYBOOK__V1__GUARD_MODE__REFUSE;
	gates[i].measured = measured;
	gates[i].limit = limit;
}

static Daybook__V1__EventResult
three_gates(void)
{
	Daybook__V1__EventResult out = DAYBOOK__V1__EVENT_RESULT__INIT;

	set_gate(0, "receivable", DAYBOOK__V1__RULE__RESTOCK_RECEIVABLE, 100, 0);
	set_gate(1, "sell_through", DAYBOOK__V1__RULE__RESTOCK_SELL_THROUGH, 375000,
		 600000);
	set_gate(2, "cover", DAYBOOK__V1__RULE__RESTOCK_COVER, INT64_MAX, 45);
	gates[2].mode = DAYBOOK__V1__GUARD_MODE__FLAG;
	gates[2].passed = true;
	out.checks = gate_list;
	out.n_checks = 3;
	out.outcome = DAYBOOK__V1__OUTCOME__REFUSED;
	return out;
}

static void
test_gates(void)
{
	const struct table_style plain = { .csv = false };
	const struct table_style csv = { .csv = true };
	Daybook__V1__EventResult result = three_gates();
	FILE *out = begin();

	gates_print(out, &result, plain, 2);
	CHECK(came_out(out, "gate          mode       measured  limit  unit  passed\n"
			    "receivable    REFUSE         1.00   0.00        no\n"
			    "sell_through  REFUSE        37.5%  60.0%        no\n"
			    "cover         FLAG    without end     45  days  yes\n"));
	out = begin();
	gates_print(out, &result, csv, 2);
	CHECK(came_out(out, "gate,mode,measured,limit,unit,passed,rule\n"
			    "receivable,REFUSE,1.00,0.00,,no,RESTOCK_RECEIVABLE\n"
			    "sell_through,REFUSE,375000,600000,ppm,no,"
			    "RESTOCK_SELL_THROUGH\n"
			    "cover,FLAG,9223372036854775807,45,days,yes,"
			    "RESTOCK_COVER\n"));
}

static void
test_none(void)
{
	static const struct table_column columns[] = {
		{ "count", TABLE_NUMBER, false }, { "price", TABLE_NUMBER, false }
	};

	for (int csv = 0; csv < 2; csv++) {
		const struct table_style style = { .csv = csv == 1 };
		FILE *out = begin();
		struct table *table = table_open(out, style, columns, 2);

		for (int64_t value = -1; value < 1; value++) {
			table_count(table, value);
			table_price(table, value, 2);
			table_end_row(table);
		}
		table_close(table);
		CHECK(came_out(out, csv == 1 ? "count,price\n,\n0,0.00\n"
					     : "count  price\n    -      -\n"
					       "    0   0.00\n"));
	}
}

static void
test_finding(void)
{
	uint64_t evidence[17];
	Daybook__V1__Finding finding = DAYBOOK__V1__FINDING__INIT;
	const struct table_style csv = { .csv = true };
	FILE *out = begin();
	struct table *table = table_open(out, csv, finding_columns, FINDING_COLUMNS);

	for (uint64_t i = 0; i < 17; i++)
		evidence[i] = UINT64_MAX;
	finding.finding = 7;
	finding.rule = DAYBOOK__V1__RULE__CLOUD_COVERAGE;
	finding.red = true;
	finding.subject_kind = (char *)"sku";
	finding.subject = (char *)"s,1";
	finding.state = DAYBOOK__V1__FINDING_STATE__FINDING_ACKNOWLEDGED;
	finding.measured = 500000;
	finding.limit = 1000000;
	finding.evidence = evidence;
	finding.n_evidence = 1;
	finding.acknowledged_position_plus_one = 1;
	finding_row(table, &finding, 2);
	table_end_row(table);
	/* More evidence than a server names is cut, not written past its room. */
	finding.n_evidence = 17;
	finding_row(table, &finding, 2);
	table_end_row(table);
	table_close(table);
	(void)fclose(out);
	CHECK(strstr(printed,
		     "\n7,true,CLOUD_COVERAGE,sku,\"s,1\",500000,1000000,0,"
		     "acknowledged,,ppm,0,,,0,0,0,18446744073709551615,0,,\n") != NULL);
	CHECK(strlen(printed) > 16 * 20);
}

/* ----------------------------------------------------------------------------- answers
 */

static void
test_answers(void)
{
	Daybook__V1__EventResult result = three_gates();
	struct answers answers;
	uint64_t found = 3;

	CHECK(answers_begin(&answers, CLI_TABLE));
	result.n_checks = 0;
	answers_put(&answers, 1, &result);
	CHECK(!answers_any(&answers));
	result.n_checks = 3;
	for (uint64_t i = 0; i < ANSWERS_MAX + 5; i++)
		answers_put(&answers, i, &result);
	CHECK(answers_any(&answers));
	CHECK_INT(answers.restock_count, ANSWERS_MAX + 5);
	CHECK_INT(answers.found_count, 0);
	/* What is kept is a copy. */
	CHECK(answers.restocks[0].result != &result);
	CHECK_INT(answers.restocks[ANSWERS_MAX - 1].result->n_checks, 3);
	result.n_checks = 0;
	result.findings = &found;
	result.n_findings = 1;
	answers_put(&answers, 9, &result);
	CHECK_INT(answers.found_count, 1);
	answers_free(&answers);
	CHECK(answers_begin(&answers, CLI_JSON));
	answers_put(&answers, 9, &result);
	CHECK(answers.spooled && !answers_any(&answers));
	answers_free(&answers);
}

/* ------------------------------------------------------------------------------- words
 */

static bool
parses(const char *text, int want)
{
	const char *nearest;
	int got = 0;

	return names_parse(&daybook__v1__mismatch__descriptor, "MISMATCH_", text, &got,
			   &nearest) &&
	       got == want;
}

static bool
is_near(const char *text, const char *want)
{
	const char *nearest = NULL;
	int got = 0;

	return !names_parse(&daybook__v1__mismatch__descriptor, "MISMATCH_", text, &got,
			    &nearest) &&
	       got == 0 &&
	       (want == NULL ? nearest == NULL
			     : nearest != NULL && strcmp(nearest, want) == 0);
}

static void
test_names(void)
{
	char memory[NAMES_BYTES], mismatch[NAMES_MISMATCH_BYTES], long_text[300];

	memset(long_text, 'x', sizeof long_text - 1);
	long_text[sizeof long_text - 1] = '\0';
	CHECK(is_near("unspecified", NULL));
	CHECK(is_near("", NULL));
	CHECK(is_near(long_text, NULL));
	CHECK(is_near("paid-not-shiped", "PAID_NOT_SHIPPED"));
	CHECK(is_near("paid_not_shipped_", "PAID_NOT_SHIPPED"));
	CHECK(parses("PAID_NOT_SHIPPED", 1));
	CHECK(parses("paid-not-shipped", 1));
	CHECK(parses("Shipped Not Received", 6));
	CHECK(
	    strcmp(names_mismatch(DAYBOOK__V1__MISMATCH__MISMATCH_REFUNDED_NOT_RETURNED,
				  mismatch),
		   "refunded not returned") == 0);
	CHECK(strcmp(names_mismatch((Daybook__V1__Mismatch)99, mismatch), "99") == 0);
	CHECK(strcmp(names_guard_mode((Daybook__V1__GuardMode)0, memory), "OFF") == 0);
	CHECK(strcmp(names_finding_state(
			 DAYBOOK__V1__FINDING_STATE__FINDING_ACKNOWLEDGED, memory),
		     "acknowledged") == 0);
}

static void
test_ids(void)
{
	Google__Protobuf__Timestamp at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	const char *parts[] = { "a", "bc", NULL }, *others[] = { "ab", "c", NULL };
	char one[FRESH_ID_BYTES], two[FRESH_ID_BYTES];

	at.seconds = 1704965415;
	fresh_id('R', &at, parts, 3, one);
	CHECK(strncmp(one, "R20240111-093015-", 17) == 0);
	CHECK_INT(strlen(one), 17 + 16);
	fresh_id('R', &at, parts, 3, two);
	CHECK(strcmp(one, two) == 0);
	fresh_id('R', &at, others, 3, two);
	CHECK(strcmp(one, two) != 0);
	at.nanos = 1000;
	fresh_id('R', &at, parts, 3, two);
	CHECK(strcmp(one, two) != 0);
}

static void
test_source(void)
{
	char name[SOURCE_NAME_BYTES], text[DBK_ID_BYTES_MAX + 2];

	memset(text, 'x', sizeof text);
	text[DBK_ID_BYTES_MAX + 1] = '\0';
	CHECK_INT(source_name("", name), 2);
	CHECK_INT(source_name(text, name), 2);
	text[DBK_ID_BYTES_MAX] = '\0';
	CHECK_INT(source_name(text, name), 0);
	CHECK(strcmp(name, text) == 0);
	CHECK_INT(source_name(NULL, name), 0);
	CHECK(strncmp(name, "daybook-cli@", 12) == 0);
}

int
main(void)
{
	check_run("a refusal says rule, measured, limit and what would pass",
		  test_sentences);
	check_run("a request that was allowed says so", test_allowed);
	check_run("numbers of sentences are grouped by thousands", test_numbers);
	check_run("every gate has a row in its unit", test_gates);
	check_run("what there is none of is a hyphen, and nothing in CSV", test_none);
	check_run("a finding has a row, however much evidence", test_finding);
	check_run("answers are kept up to a bound, or spooled", test_answers);
	check_run("names are read in any case, and near ones are named", test_names);
	check_run("ids of unnamed events tell them apart", test_ids);
	check_run("a source has a name that fits", test_source);
	free(printed);
	return check_end();
}
