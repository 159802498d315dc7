/*
 * test_rules_pack.c -- what is a rule pack and what is none: every error names the
 * rule, the field and the value.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "base/buf.h"
#include "rules/day.h"
#include "rules/pack.h"
#include "rules/wording.h"

#define HEAD                                                                           \
	"{\"schema\":\"daybook-rules/1\",\"pack\":\"t\",\"version\":\"1\","            \
	"\"title\":{\"en\":\"t\",\"zh\":\"t\"},\"notice\":{\"en\":\"n\",\"zh\":\"n\"}" \
	","                                                                            \
	"\"rules\":["
#define TAIL "]}"
#define BASICS                                                                         \
	"\"title\":{\"en\":\"T\",\"zh\":\"题\"},\"force\":\"STATUTE\","               \
	"\"sense\":\"CONCERN\",\"citation\":{\"en\":\"C\",\"zh\":\"据\"},"            \
	"\"caution\":{\"en\":\"K\",\"zh\":\"注\"}"
#define WORDING "\"wording\":{\"en\":\"{value}.\",\"zh\":\"{value}。\"}"
#define FEES "{\"metric\":\"fees\",\"comparison\":\"ABOVE\"}"
#define SOUND "{\"id\":\"A\"," BASICS "," WORDING ",\"all\":[" FEES "]}"

static enum dbk_err
parse(const char *text, struct dbk_error *error)
{
	struct dbk_pack pack = { 0 };
	enum dbk_err err = dbk_pack_parse(dbk_str_of(text), &pack, error);

	if (err == DBK_OK)
		dbk_pack_fini(&pack);
	return err;
}

/* TEXT is no pack, and the error has all of WORDS, which are parted by bars. */
static void
refused(const char *text, const char *words)
{
	struct dbk_error error = { DBK_OK, "" };
	char word[128];

	CHECK_INT(parse(text, &error), DBK_FAILED_INPUT);
	while (*words != '\0') {
		size_t size = strcspn(words, "|");

		(void)snprintf(word, sizeof word, "%.*s", (int)size, words);
		if (strstr(error.text, word) == NULL) {
			printf("  \"%s\" without \"%s\"\n", error.text, word);
			CHECK(false);
		}
		words += size + (words[size] == '|');
	}
}

static void
rule_refused(const char *rule, const char *words)
{
	char text[8192];

	(void)snprintf(text, sizeof text, HEAD "%s" TAIL, rule);
	refused(text, words);
}

/* A rule A with these conditions. */
static void
conditions_refused(const char *conditions, const char *words)
{
	char rule[4096];

	(void)snprintf(rule, sizeof rule, "{\"id\":\"A\"," BASICS "," WORDING ",%s}",
		       conditions);
	rule_refused(rule, words);
}

static void
field_refused(const char *field, const char *words)
{
	char rule[4096];

	(void)snprintf(rule, sizeof rule,
		       "{\"id\":\"A\"," BASICS "," WORDING ",\"all\":[" FEES "],%s}",
		       field);
	rule_refused(rule, words);
}

static void
wording_refused(const char *en, const char *zh, const char *words)
{
	char rule[4096];

	(void)snprintf(rule, sizeof rule,
		       "{\"id\":\"A\"," BASICS
		       ",\"wording\":{\"en\":\"%s\",\"zh\":\"%s\"},\"all\":[" FEES "]}",
		       en, zh);
	rule_refused(rule, words);
}

static void
test_not_json(void)
{
	char *large = malloc(DBK_PACK_BYTES_MAX + 2);

	refused("", "not JSON");
	refused("{", "not JSON");
	refused("[]", "is not an object");
	refused("{\"schema\":\"daybook-rules/1\",\"colour\":1}",
		"colour|field that does not exist");
	field_refused("\"colour\":1", "colour|field that does not exist");
	field_refused("\"minimumDays\":-1", "minimumDays|-1");
	memset(large, ' ', DBK_PACK_BYTES_MAX + 1);
	large[DBK_PACK_BYTES_MAX + 1] = '\0';
	refused(large, "1048577 bytes");
	free(large);
}

static void
test_head(void)
{
	static const char *const rest =
	    "\"title\":{\"en\":\"t\",\"zh\":\"t\"},\"notice\":{\"en\":\"n\",\"zh\":"
	    "\"n\"},\"rules\":[" SOUND "]}";
	char text[4096];

	(void)snprintf(text, sizeof text,
		       "{\"schema\":\"x/2\",\"pack\":\"t\",\"version\":\"1\",%s", rest);
	refused(text, "schema|\"x/2\"");
	(void)snprintf(text, sizeof text,
		       "{\"schema\":\"daybook-rules/1\",\"pack\":\"T T\","
		       "\"version\":\"1\",%s",
		       rest);
	refused(text, "pack|\"T T\"");
	(void)snprintf(text, sizeof text,
		       "{\"schema\":\"daybook-rules/1\",\"pack\":\"t\",%s", rest);
	refused(text, "version");
	refused("{\"schema\":\"daybook-rules/1\",\"pack\":\"t\",\"version\":\"1\","
		"\"rules\":[" SOUND "]}",
		"title|missing");
	refused(HEAD TAIL, "rules|is empty");
}

static void
test_words(void)
{
	rule_refused("{\"id\":\"A\"," BASICS ",\"all\":[" FEES "]}",
		     "rule A|wording|missing");
	wording_refused("x", "", "rule A|wording.zh|missing");
	wording_refused("", "x", "rule A|wording.en|missing");
	wording_refused("That is illegal.", "x", "rule A|wording|illegal");
	wording_refused("x", "属违法", "rule A|wording|违法");
	wording_refused("{sum}", "x", "rule A|wording.en|\"{sum}\"");
	wording_refused("x", "{值}", "rule A|wording.zh|{值}");
	wording_refused("{value", "x", "rule A|\"{value\"");
	wording_refused("value}", "x", "rule A|\"}\"");
	wording_refused("{}", "x", "rule A|\"{}\"");
	wording_refused("{2.value}", "x", "rule A|\"{2.value}\"");
	wording_refused("{0.value}", "x", "rule A|\"{0.value}\"");
	wording_refused("{1.}", "x", "rule A|\"{1.}\"");
}

static void
test_fields(void)
{
	rule_refused("{" BASICS "," WORDING ",\"all\":[" FEES "]}", "rules[0]|id");
	rule_refused("{\"id\":\"A B\"," BASICS "," WORDING ",\"all\":[" FEES "]}",
		     "rule A B|id");
	rule_refused(SOUND "," SOUND, "rule A|id|used twice");
	field_refused("\"validFrom\":\"2020-02-30\"",
		      "rule A|validFrom|\"2020-02-30\"");
	field_refused("\"validTo\":\"tomorrow\"", "rule A|validTo|\"tomorrow\"");
	field_refused("\"validFrom\":\"2020-01-02\",\"validTo\":\"2020-01-02\"",
		      "rule A|validTo");
	field_refused("\"jurisdiction\":\"China\"", "rule A|jurisdiction|\"China\"");
	field_refused("\"currency\":\"cny\"", "rule A|currency|\"cny\"");
	field_refused("\"requiresMark\":\"luck\"", "rule A|requiresMark|\"luck\"");
}

static void
test_kinds(void)
{
	static const char *const rest =
	    "\"title\":{\"en\":\"T\",\"zh\":\"T\"},\"citation\":{\"en\":\"C\",\"zh\":"
	    "\"C\"},\"caution\":{\"en\":\"K\",\"zh\":\"K\"}," WORDING ",\"all\":[" FEES
	    "]}";
	char rule[2048];

	(void)snprintf(rule, sizeof rule, "{\"id\":\"A\",\"sense\":1,%s", rest);
	rule_refused(rule, "rule A|force|\"0\"");
	(void)snprintf(rule, sizeof rule, "{\"id\":\"A\",\"force\":9,\"sense\":1,%s",
		       rest);
	rule_refused(rule, "rule A|force|\"9\"");
	(void)snprintf(rule, sizeof rule, "{\"id\":\"A\",\"force\":1,%s", rest);
	rule_refused(rule, "rule A|sense|\"0\"");
}

static void
test_conditions(void)
{
	conditions_refused("\"all\":[]", "rule A|no condition");
	conditions_refused("\"all\":[{\"comparison\":\"ABOVE\"}]",
			   "rule A|all[0]|a metric, or a rule");
	conditions_refused("\"all\":[{\"metric\":\"fees\",\"rule\":\"A\"}]",
			   "rule A|all[0]|not both");
	conditions_refused("\"any\":[" FEES
			   ",{\"metric\":\"luck\",\"comparison\":\"ABOVE\"}]",
			   "rule A|any[1]|\"luck\"|no metric");
	conditions_refused("\"all\":[{\"metric\":\"fees\"}]",
			   "rule A|all[0]|no comparison");
	conditions_refused("\"all\":[{\"metric\":\"fees\",\"comparison\":7}]",
			   "rule A|all[0]|\"7\"");
	conditions_refused(
	    "\"all\":[{\"metric\":\"fees\",\"comparison\":\"ABOVE\",\"numerator\":1}]",
	    "rule A|all[0]|\"1\"|no currency");
	conditions_refused("\"all\":[{\"metric\":\"gini\",\"comparison\":\"ABOVE\","
			   "\"denominator\":-1}]",
			   "rule A|all[0]|\"-1\"|no denominator");
	conditions_refused("\"all\":[{\"metric\":\"fees\",\"comparison\":\"ABOVE\","
			   "\"denominator\":2}]",
			   "rule A|all[0]|\"2\"|no share");
	conditions_refused("\"all\":[{\"metric\":\"fees\",\"comparison\":\"ABOVE\","
			   "\"marginPpm\":1000001}]",
			   "rule A|all[0]|1000001");
	conditions_refused("\"all\":[{\"metric\":\"fees\",\"comparison\":\"ABOVE\","
			   "\"is\":[\"MET\"]}]",
			   "rule A|all[0]|no verdict");
}

static void
test_many_conditions(void)
{
	char list[2048] = "\"all\":[" FEES;

	for (int i = 0; i < DBK_PACK_CONDITIONS_MAX; i++)
		(void)snprintf(list + strlen(list), sizeof list - strlen(list),
			       "," FEES);
	(void)snprintf(list + strlen(list), sizeof list - strlen(list), "]");
	conditions_refused(list, "rule A|\"17\"|more conditions");
}

static void
test_parameters(void)
{
	conditions_refused("\"all\":[{\"metric\":\"fees\",\"comparison\":\"ABOVE\","
			   "\"parameters\":[{\"name\":\"size\",\"value\":1}]}]",
			   "rule A|all[0]|\"size\"|no parameter");
	conditions_refused(
	    "\"all\":[{\"metric\":\"sell_through\",\"comparison\":"
	    "\"ABOVE\",\"parameters\":[{\"name\":\"months\",\"value\":1},"
	    "{\"name\":\"months\",\"value\":2}]}]",
	    "rule A|all[0]|\"months\"|twice");
	conditions_refused("\"all\":[{\"metric\":\"sell_through\",\"comparison\":"
			   "\"ABOVE\",\"parameters\":[{\"name\":\"months\","
			   "\"value\":-1}]}]",
			   "rule A|all[0]|\"-1\"|below 0");
	conditions_refused("\"all\":[{\"metric\":\"self_use_over\",\"comparison\":"
			   "\"ABOVE\",\"parameters\":[{\"name\":\"amount\","
			   "\"value\":200}]}]",
			   "rule A|all[0]|\"200\"|no currency");
}

#define NAMING(id, other)                                                              \
	"{\"id\":\"" id "\"," BASICS ",\"wording\":{\"en\":\"x.\",\"zh\":\"x。\"},"   \
	"\"all\":[{\"rule\":\"" other "\",\"is\":[\"MET\"]}]}"

static void
test_references(void)
{
	rule_refused(NAMING("A", "B"), "rule A|all[0]|\"B\"|no rule of the pack");
	rule_refused(NAMING("A", "A"), "rule A|circle");
	rule_refused(NAMING("A", "B") "," NAMING("B", "C") "," NAMING("C", "A"),
		     "rule A|circle");
	rule_refused(SOUND "," NAMING("B", "C") "," NAMING("C", "B"), "rule B|circle");
	conditions_refused("\"all\":[{\"rule\":\"A\"}]",
			   "rule A|all[0]|without a verdict");
	conditions_refused("\"all\":[{\"rule\":\"A\",\"is\":[9]}]",
			   "rule A|all[0]|\"9\"|no verdict");
	conditions_refused(
	    "\"all\":[{\"rule\":\"A\",\"is\":[\"MET\"],\"comparison\":\"ABOVE\"}]",
	    "rule A|all[0]|nothing is compared");
}

static void
test_sound(void)
{
	static const char text[] =
	    HEAD NAMING("C", "B") "," NAMING("B", "A") "," SOUND TAIL;
	struct dbk_pack pack = { 0 };
	struct dbk_error error = { DBK_OK, "" };
	unsigned char want[DBK_SHA256_BYTES];

	check_must(dbk_pack_parse(dbk_str_of(text), &pack, &error), &error, "a pack");
	CHECK_INT(pack.message->n_rules, 3);
	dbk_sha256(text, sizeof text - 1, want);
	CHECK(memcmp(want, pack.sha256, sizeof want) == 0);
	dbk_pack_fini(&pack);
	CHECK(pack.message == NULL);
	CHECK(dbk_pack_builtin_text(dbk_pack_builtin_count()).size == 0);
}

static void
test_days(void)
{
	char text[DBK_DAY_TEXT_BYTES];
	int32_t day;

	CHECK(!dbk_day_parse("", &day));
	CHECK(!dbk_day_parse("1969-12-31", &day));
	CHECK(!dbk_day_parse("2021-02-29", &day));
	CHECK(!dbk_day_parse("2021-13-01", &day));
	CHECK(!dbk_day_parse("2021-1-001", &day));
	CHECK(!dbk_day_parse("2021-01-01 ", &day));
	CHECK(dbk_day_parse("1970-01-01", &day) && day == 0);
	CHECK(dbk_day_parse("2020-02-29", &day) && day == 18321);
	CHECK(dbk_day_parse("9999-12-31", &day));
	dbk_day_format(day, text);
	CHECK(strcmp(text, "9999-12-31") == 0);
	dbk_day_format(INT32_MAX, text);
	CHECK(strcmp(text, "9999-12-31") == 0);
	dbk_day_format(INT32_MIN, text);
	CHECK(strcmp(text, "1970-01-01") == 0);
}

int
main(void)
{
	check_run("what is no JSON of a pack is refused", test_not_json);
	check_run("a head that lacks something is refused", test_head);
	check_run("texts are in both languages, condemn nobody, and know their braces",
		  test_words);
	check_run("fields of a rule are what they have to be", test_fields);
	check_run("force and sense are given", test_kinds);
	check_run("conditions that say nothing are refused", test_conditions);
	check_run("a rule has only so many conditions", test_many_conditions);
	check_run("parameters are those of the metric", test_parameters);
	check_run("rules name rules that are there, in no circle", test_references);
	check_run("a sound pack is read and hashed", test_sound);
	check_run("days are read and written", test_days);
	return check_end();
}
